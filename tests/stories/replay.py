"""Replays story tests against the policies of a project: what `rasa test core` does, for a model without NLU.

`python -m tests.stories.replay --project DIR --stories DIR`, in the engine's environment. Standard output ends with one
line of JSON: `{"stories", "failed"}`, the failed stories as Rasa writes them. Status 1 when any failed.
"""

import argparse
import asyncio
import contextlib
import json
import logging
import os
import sys
import tempfile
from pathlib import Path

from engine import environment, lean, quiet


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tests.stories.replay")
    parser.add_argument(
        "--project", type=Path, required=True, help="the directory with config.yml, domain.yml, stories/"
    )
    parser.add_argument("--stories", type=Path, required=True, help="the directory of the story tests")
    options = parser.parse_args(arguments)
    environment.strip()
    quiet.libraries(logging.ERROR)
    os.environ.update({"LOG_LEVEL": "ERROR", "LOG_LEVEL_LIBRARIES": "ERROR"})
    lean.refuse_heavy_imports()
    with tempfile.TemporaryDirectory(prefix="letan-stories-") as directory, contextlib.redirect_stdout(sys.stderr):
        os.environ["RASA_CACHE_DIRECTORY"] = f"{directory}/cache"
        told = _replay(options.project, options.stories, directory)
    sys.stdout.write(f"{json.dumps(told, ensure_ascii=False)}\n")
    return 1 if told["failed"] else 0


def _replay(project: Path, stories: Path, directory: str) -> dict[str, object]:
    # Only after the environment was emptied and TensorFlow left out.
    from rasa.core.agent import Agent  # noqa: PLC0415
    from rasa.core.test import test  # noqa: PLC0415
    from rasa.model_training import train_core  # noqa: PLC0415

    quiet.structured(logging.ERROR)
    lean.seal()
    model = train_core(
        domain=str(project / "domain.yml"),
        config=str(project / "config.yml"),
        stories=str(project / "stories"),
        output=directory,
        fixed_model_name="core",
    )
    asyncio.run(test(str(stories), Agent.load(model), out_directory=directory, e2e=False, disable_plotting=True))
    report = json.loads((Path(directory) / "story_report.json").read_text(encoding="utf-8"))
    counts = report["conversation_accuracy"]
    told = (Path(directory) / "failed_test_stories.yml").read_text(encoding="utf-8")
    return {"stories": counts["total"], "failed": told if counts["correct"] < counts["total"] else ""}


if __name__ == "__main__":
    sys.exit(main())
