"""Train a model from a project directory.

`python -m engine.train --project DIR --out FILE [--also FILE]`

Checks the training data, trains, and writes the model to FILE all or nothing. Standard output has one line per step,
`progress N/M what`, and ends with one line of JSON: `{"model_id", "sha256", "bytes", "seconds", "file"}`. Status 1
with one line per fault on standard error when the data or the training is bad, status 74 when something cannot be
written, the disk being full say; FILE is untouched then. Further files of examples or rules may be given with `--also`;
one that declares intents adds to the domain.
"""

import argparse
import contextlib
import json
import logging
import os
import re
import sys
import tempfile
import time
from pathlib import Path

from engine import environment, lean, quiet
from engine.archive import digest, seal
from engine.check import check_project

CANNOT_WRITE = 74
"""EX_IOERR of sysexits.h."""
_STARTED = re.compile(r"(?:Starting to train|Restored) component '(?P<name>\w+)'")


def main(arguments: list[str] | None = None) -> int:
    """0 trained, 1 not trained (with the reasons), 2 wrong use, 74 cannot write."""
    options = _parser().parse_args(arguments)
    started = time.monotonic()
    environment.strip()
    project, out = Path(options.project).resolve(), Path(options.out).resolve()
    _say("progress check data")
    also = [Path(one).resolve() for one in options.also]
    faults = check_project(project, also)
    for fault in faults:
        sys.stderr.write(f"{fault}\n")
    if faults:
        sys.stderr.write(f"engine.train: {len(faults)} faults, nothing trained\n")
        return 1
    if options.check:
        return 0
    try:
        model_id = _make(project, also, out)
    except OSError as error:
        sys.stderr.write(f"engine.train: {error.strerror or error}: nothing written\n")
        return CANNOT_WRITE
    if model_id is None:
        sys.stderr.write("engine.train: training failed, nothing written\n")
        return 1
    seconds = round(time.monotonic() - started, 1)
    size = out.stat().st_size
    _say(json.dumps({"model_id": model_id, "sha256": digest(out), "bytes": size, "seconds": seconds, "file": str(out)}))
    return 0


def _make(project: Path, also: list[Path], out: Path) -> str | None:
    """Train and write the model; its id, or `None` where the training failed."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="letan-train-") as directory:
        # Rasa would otherwise leave its cache in the current directory and reuse it across code changes.
        os.environ["RASA_CACHE_DIRECTORY"] = f"{directory}/cache"
        trained = _train(project, also, Path(directory))
        if trained is None:
            return None
        _say("progress write model")
        return seal(trained, out)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="engine.train", description="Train a model from a project directory.")
    parser.add_argument("--project", required=True, help="the directory with config.yml, domain.yml, nlu/, stories/")
    parser.add_argument("--out", required=True, help="the model file to write")
    parser.add_argument(
        "--also", action="append", default=[], metavar="FILE", help="more examples, rules or intents; may be repeated"
    )
    parser.add_argument("--check", action="store_true", help="only check the data")
    return parser


def _say(line: str) -> None:
    # The real standard output: while Rasa trains, what it prints goes to standard error.
    out = sys.__stdout__ or sys.stdout
    out.write(f"{line}\n")
    out.flush()


class _Progress(logging.Handler):
    """Turns Rasa's log of the graph into progress lines."""

    def __init__(self, total: int) -> None:
        super().__init__(logging.INFO)
        self._done = 0
        self._total = total

    def emit(self, record: logging.LogRecord) -> None:
        """One line per component that begins to learn."""
        found = _STARTED.search(record.getMessage())
        if found:
            self._done += 1
            _say(f"progress {self._done}/{max(self._total, self._done)} {found['name']}")


def _train(project: Path, also: list[Path], directory: Path) -> Path | None:
    quiet.libraries(logging.ERROR)
    # Rasa draws a progress bar for every step unless its own log is this quiet.
    os.environ.update({"LOG_LEVEL": "ERROR", "LOG_LEVEL_LIBRARIES": "ERROR"})
    if not lean.names_need_tensorflow(_component_names(project)):
        lean.refuse_heavy_imports()
    _say("progress load Rasa")
    # Only after the environment was emptied and TensorFlow left out.
    from rasa.engine.exceptions import GraphComponentException  # noqa: PLC0415
    from rasa.model_training import train  # noqa: PLC0415
    from rasa.shared.exceptions import RasaException  # noqa: PLC0415
    from sqlalchemy.exc import SQLAlchemyError  # noqa: PLC0415

    quiet.structured(logging.ERROR)
    lean.seal()
    _follow(len(_component_names(project)))
    domains = [one for one in also if _declares_intents(one)]
    data = [project / "nlu", project / "stories", *(one for one in also if one not in domains)]
    try:
        with contextlib.redirect_stdout(sys.stderr):
            result = train(
                domain=[str(one) for one in (_domain(project), *domains)],
                config=str(project / "config.yml"),
                training_files=[str(one) for one in data],
                output=str(directory),
                fixed_model_name="model",
                force_training=True,
            )
    except (RasaException, SystemExit, ValueError) as error:
        sys.stderr.write(f"engine.train: {type(error).__name__}: {error}\n")
        return None
    except (GraphComponentException, SQLAlchemyError) as error:
        if cause := _disk_failure(error, OSError, SQLAlchemyError):
            raise OSError(str(getattr(cause, "orig", cause))) from error
        raise
    return Path(result.model) if result.model else None


def _disk_failure(error: BaseException | None, *kinds: type[Exception]) -> BaseException | None:
    """What the disk said, below what others made of it; Rasa's cache is a database in a directory of our own."""
    while error is not None and not isinstance(error, kinds):
        error = error.__cause__
    return error


def _follow(total: int) -> None:
    hooks = logging.getLogger("rasa.engine.training.hooks")
    hooks.setLevel(logging.INFO)
    hooks.propagate = False
    hooks.addHandler(_Progress(total))


def _component_names(project: Path) -> list[str]:
    config = (project / "config.yml").read_text(encoding="utf-8")
    return re.findall(r"^\s*- name:\s*[\"']?([\w.]+)", config, re.MULTILINE)


def _declares_intents(file: Path) -> bool:
    return re.search(r"^intents:", file.read_text(encoding="utf-8"), re.MULTILINE) is not None


def _domain(project: Path) -> Path:
    return project / "domain" if (project / "domain").is_dir() else project / "domain.yml"


if __name__ == "__main__":
    environment.restart_with_fixed_hashes("engine.train", sys.argv[1:])
    sys.exit(main())
