"""What a model makes of messages, in a process of its own.

`python -m engine.evaluate --model FILE --sha256 HEX < messages.jsonl`

Reads one JSON object per line, `{"text"}`, and prints for each one `{"intent", "confidence", "decision", "ms"}`, in
the order of the lines, after a first line `{"model_id"}`. `ms` is processor time: this process has to wait for
everybody else, which says nothing of the model. Status 1 and one line on standard error when the file is no model or
not the one that is meant.
"""

import argparse
import asyncio
import json
import logging
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine import environment, lean, quiet
from engine.archive import check_archive
from engine.errors import BadModel

if TYPE_CHECKING:
    from engine.turns import TurnProcessor

_WARM_UP = 5
_NOWHERE = "http://127.0.0.1:9/webhook"


def main(arguments: list[str] | None = None) -> int:
    """0 all were read, 1 the model cannot be loaded, 2 wrong use."""
    options = _parser().parse_args(arguments)
    environment.strip()
    quiet.libraries(logging.ERROR)
    texts = [str(json.loads(line)["text"]) for line in sys.stdin if line.strip()]
    try:
        check_archive(Path(options.model), options.sha256)
        asyncio.run(_evaluate(Path(options.model), texts))
    except BadModel as error:
        sys.stderr.write(f"engine.evaluate: {error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="engine.evaluate", description="Read messages with a model.")
    parser.add_argument("--model", required=True, help="the model file")
    parser.add_argument("--sha256", required=True, help="the digest that the file must have")
    return parser


async def _evaluate(model: Path, texts: list[str]) -> None:
    lean.refuse_heavy_imports()
    # Rasa is imported only once TensorFlow is left out.
    from engine.actions import ActionEndpoint  # noqa: PLC0415
    from engine.application import load  # noqa: PLC0415

    lean.seal()
    endpoint = ActionEndpoint(_NOWHERE)
    try:
        processor = load(model, endpoint)
        for text in texts[:_WARM_UP]:
            await _read(processor, text)
        _say({"model_id": processor.model_id})
        for text in texts:
            _say(await _read(processor, text))
    finally:
        await endpoint.close()


async def _read(processor: "TurnProcessor", text: str) -> dict[str, Any]:
    from rasa.core.channels.channel import UserMessage  # noqa: PLC0415

    started = time.process_time()
    parsed = await processor.parse_message(UserMessage(text))
    took = (time.process_time() - started) * 1000
    intent = parsed["intent"]
    return {
        "intent": intent.get("name") or "",
        "confidence": float(intent.get("confidence") or 0.0),
        "decision": parsed.get("decision"),
        "ms": round(took, 3),
    }


def _say(line: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    environment.restart_with_fixed_hashes("engine.evaluate", sys.argv[1:])
    sys.exit(main())
