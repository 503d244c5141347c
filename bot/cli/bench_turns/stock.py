"""Stock Rasa as its default configuration makes it, trained on our assistant's data and asking the same actions."""

from __future__ import annotations

import asyncio
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import yaml

from bot.adapters.processes.place import ENGINE_PYTHON, ROOT, bare_environment
from bot.cli.output import Failure

EXAMPLES_PER_INTENT = 20
"""What an answer costs does not depend on how many examples were learnt from; what training costs does."""

_SETTINGS = ROOT / "engine" / "stock.yml"
_EPOCHS = 8
"""Not the default 100: a less thorough training answers as fast, only worse, and takes minutes, not an hour."""
# Two stories, because without any Rasa leaves TED untrained and would be measured without a policy it always runs.
_STORIES = """\
version: "3.1"
stories:
  - story: two needs
    steps: [{intent: greet}, {action: action_reply}, {intent: product_price}, {action: action_reply}]
  - story: thanks
    steps: [{intent: opening_hours}, {action: action_reply}, {intent: thank}, {action: action_reply}]
"""
_EPOCHS_DONE = re.compile(r"Epochs:\s+(\d+)%")
_COMPONENT = re.compile(r"Starting to train component '(\w+)'")
ENVIRONMENT = {
    "RASA_TELEMETRY_ENABLED": "false",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
}


async def model(data: Path, progress: Callable[[str], None]) -> Path:
    """The trained model, kept in the data directory for as long as what it learns from stays as it is."""
    examples = _examples()
    target = data / "bench" / f"stock-{_key(examples)}.tar.gz"
    if not target.exists():
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="letan-stock-") as directory:
            trained = await _train(Path(directory), examples, progress)
            part = target.with_suffix(".part")
            shutil.copyfile(trained, part)
            part.replace(target)
    return target


def _examples() -> str:
    """The first examples of every intent, as a training file of Rasa's."""
    chosen: dict[str, list[str]] = {}
    for path in sorted((ROOT / "nlu").rglob("*.yml")):
        for entry in (yaml.safe_load(path.read_text(encoding="utf-8")) or {}).get("nlu") or ():
            if "intent" in entry:
                lines = [line for line in str(entry["examples"]).splitlines() if line.strip()]
                chosen.setdefault(entry["intent"], []).extend(lines)
    blocks = [
        f'  - intent: "{intent}"\n    examples: |\n'
        + "".join(f"      {line}\n" for line in lines[:EXAMPLES_PER_INTENT])
        for intent, lines in chosen.items()
    ]
    return 'version: "3.1"\nnlu:\n' + "".join(blocks)


def _settings() -> str:
    """Rasa's default configuration with fewer epochs."""
    settings = yaml.safe_load(_SETTINGS.read_text(encoding="utf-8"))
    for part in (*settings["pipeline"], *settings["policies"]):
        if "epochs" in part:
            part["epochs"] = _EPOCHS
    return yaml.safe_dump(settings, sort_keys=False)


def _key(examples: str) -> str:
    digest = hashlib.sha256((_settings() + _STORIES + examples).encode())
    for path in [ROOT / "domain.yml", *sorted((ROOT / "stories").rglob("*.yml"))]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


async def _train(directory: Path, examples: str, progress: Callable[[str], None]) -> Path:
    project = directory / "project"
    project.mkdir()
    shutil.copy(ROOT / "domain.yml", project)
    shutil.copytree(ROOT / "stories", project / "stories")
    (project / "nlu.yml").write_text(examples, encoding="utf-8")
    (project / "config.yml").write_text(_settings(), encoding="utf-8")
    (project / "stories" / "bench_stories.yml").write_text(_STORIES, encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        *(str(ENGINE_PYTHON), "-m", "rasa", "train", "--config", "config.yml", "--domain", "domain.yml"),
        *("--data", "nlu.yml", "stories", "--out", "models", "--fixed-model-name", "stock", "--skip-validation"),
        cwd=project,
        env=bare_environment(ENVIRONMENT),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        said = await _follow(process, progress)
        code = await process.wait()
    except asyncio.CancelledError:
        process.kill()
        await process.wait()
        raise
    trained = project / "models" / "stock.tar.gz"
    if code != 0 or not trained.exists():
        raise Failure(f"Không huấn luyện được Rasa nguyên bản:\n{said[-3000:]}")
    return trained


async def _follow(process: asyncio.subprocess.Process, progress: Callable[[str], None]) -> str:
    """Tell which component learns and how far it is; returns the end of what was said."""
    said = ""
    component = ""
    while process.stdout is not None and (chunk := await process.stdout.read(4096)):
        text = chunk.decode("utf-8", "replace")
        said = (said + text)[-20_000:]
        component = ([component, *_COMPONENT.findall(text)])[-1]
        epochs = _EPOCHS_DONE.findall(text)
        progress(f"{component} {epochs[-1]}%" if epochs else component)
    return said


def serve_command(
    trained: Path, port: int, actions_port: int, directory: Path
) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """How stock Rasa is started: on loopback, with its rest channel, as its manual says. Writes its two files."""
    endpoints, credentials = directory / "endpoints.yml", directory / "credentials.yml"
    endpoints.write_text(f'action_endpoint:\n  url: "http://127.0.0.1:{actions_port}/webhook"\n', encoding="utf-8")
    credentials.write_text("rest:\n", encoding="utf-8")
    command = (
        *(str(ENGINE_PYTHON), "-m", "rasa", "run", "--model", str(trained), "--interface", "127.0.0.1"),
        *("--port", str(port), "--endpoints", str(endpoints), "--credentials", str(credentials)),
    )
    return command, bare_environment({**ENVIRONMENT, "HOME": os.environ.get("HOME", str(directory))})
