"""Serve one model to the front office.

`python -m engine.serve --model FILE_OR_DIRECTORY --port N --actions-url http://127.0.0.1:N/webhook`

Listens on 127.0.0.1 only. The token comes from `LETAN_ENGINE_TOKEN`. Prints `engine ready port=N model=ID` once it can
answer; a model that cannot be served ends the process with status 1 and one line on standard error.
"""

import argparse
import logging
import socket
import sys
from pathlib import Path

from engine import environment, lean, quiet
from engine.archive import check_archive, component_paths, find_model
from engine.contract import MAX_BODY_BYTES
from engine.errors import BadModel

HOST = "127.0.0.1"
TOKEN_VARIABLE = "LETAN_ENGINE_TOKEN"  # noqa: S105 - the name of a variable
RESPONSE_SECONDS = 15
"""For the slowest request, loading a model; whoever asks for a turn waits three seconds."""


def main(arguments: list[str] | None = None) -> int:
    """Run until terminated. 0 after a termination, 1 for a model or a token that cannot be used, 2 for wrong use."""
    options = _parser().parse_args(arguments)
    token = environment.take(TOKEN_VARIABLE)
    environment.strip()
    quiet.libraries(logging.WARNING)
    if not token:
        return _give_up(f"{TOKEN_VARIABLE} is not set")
    try:
        model = find_model(Path(options.model))
        check_archive(model, options.sha256)
        _serve(model, options, token)
    except BadModel as error:
        return _give_up(str(error))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="engine.serve", description="Serve one model to the front office.")
    parser.add_argument("--model", required=True, help="a model file, or a directory whose newest model is served")
    parser.add_argument("--sha256", help="refuse the model file unless it has this digest")
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one; the ready line names it")
    parser.add_argument("--actions-url", required=True, help="the webhook of the action server")
    parser.add_argument("--action-seconds", type=float, default=2.0, help="the time limit of one action")
    return parser


def _give_up(reason: str) -> int:
    sys.stderr.write(f"engine: {reason}\n")
    return 1


def _serve(model: Path, options: argparse.Namespace, token: str) -> None:
    if not lean.needs_tensorflow(component_paths(model)):
        lean.refuse_heavy_imports()
    # Only now, with the environment emptied and TensorFlow left out, may Rasa be imported.
    from engine.actions import ActionEndpoint  # noqa: PLC0415
    from engine.application import build, load  # noqa: PLC0415
    from engine.serving import Serving  # noqa: PLC0415

    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((HOST, options.port))
    endpoint = ActionEndpoint(options.actions_url, options.action_seconds)
    processor = load(model, endpoint)
    lean.seal()
    port = listener.getsockname()[1]
    serving = Serving(processor, lambda another: load(another, endpoint))
    app = build(serving, token, ready=f"engine ready port={port} model={processor.model_id}")
    app.config.REQUEST_MAX_SIZE = MAX_BODY_BYTES
    app.config.RESPONSE_TIMEOUT = RESPONSE_SECONDS
    app.run(sock=listener, access_log=False, debug=False, motd=False)


if __name__ == "__main__":
    sys.exit(main())
