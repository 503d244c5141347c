"""Rasa's default pipeline on the same data, for `engine.bench_nlu --vs-stock`. Imports TensorFlow."""

import asyncio
import contextlib
import logging
import os
import re
import sys
import tempfile
import time
from pathlib import Path

import rasa.model_training
import yaml
from rasa.core.agent import Agent

from engine.bench_data import Line
from engine.bench_nlu import Answer, Run, measure

_SETTINGS = Path(__file__).with_name("stock.yml")
# The training draws at random; the same lines shall give the same figures.
_SEED = 20
_FALLBACK = "nlu_fallback"
# Characters that Rasa's training format gives a meaning to, or breaks on.
_MARKUP = str.maketrans({"[": "(", "]": ")", "{": "(", "}": ")", "\\": "/", "$": "S"})
_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029\ud800-\udfff]+")


def measure_stock(training: list[Line], tests: dict[str, list[Line]], epochs: int) -> Run:
    """Train and run the default pipeline; what it prints goes to standard error."""
    os.environ.update({"TF_CPP_MIN_LOG_LEVEL": "3", "LOG_LEVEL_LIBRARIES": "ERROR"})
    logging.getLogger("rasa").setLevel(logging.ERROR)
    intents = sorted({line.intent for line in training})
    with tempfile.TemporaryDirectory(prefix="letan-stock-") as directory, contextlib.redirect_stdout(sys.stderr):
        os.environ["RASA_CACHE_DIRECTORY"] = f"{directory}/cache"
        started = time.perf_counter()
        agent = Agent.load(_train(Path(directory), training, intents, epochs))
        seconds = time.perf_counter() - started
        with asyncio.Runner() as runner:
            return measure(
                "rasa default", seconds, set(intents), tests, lambda text: runner.run(_ask(agent, intents, text))
            )


def _train(directory: Path, training: list[Line], intents: list[str], epochs: int) -> str:
    """Intents are trained under neutral names, because a name may mean something to YAML or to Rasa."""
    blocks = ['version: "3.1"', "nlu:"]
    for number, intent in enumerate(intents):
        blocks += [f"- intent: i{number:04d}", "  examples: |"]
        blocks += [f"    - {_plain(line.text)}" for line in training if line.intent == intent and _plain(line.text)]
    (directory / "config.yml").write_text(_settings(epochs), encoding="utf-8")
    (directory / "nlu.yml").write_text("# ụ\n" + "\n".join(blocks) + "\n", encoding="utf-8")
    trained = rasa.model_training.train_nlu(
        config=str(directory / "config.yml"), nlu_data=str(directory / "nlu.yml"), output=str(directory)
    )
    if trained is None:
        raise RuntimeError("rasa trained no model")
    return str(trained)


def _settings(epochs: int) -> str:
    """Rasa's own settings without what only answers and dialogues need."""
    settings = yaml.safe_load(_SETTINGS.read_text(encoding="utf-8"))
    pipeline = [part for part in settings["pipeline"] if part["name"] != "ResponseSelector"]
    for part in pipeline:
        if "epochs" in part:
            part |= {"epochs": epochs, "random_seed": _SEED}
    return yaml.safe_dump({**settings, "pipeline": pipeline, "policies": []}, sort_keys=False)


async def _ask(agent: Agent, intents: list[str], text: str) -> Answer:
    started = time.perf_counter()
    parsed = await agent.parse_message(_plain(text).lstrip("/ ") or "?")
    took = (time.perf_counter() - started) * 1000
    ranking = [guess for guess in parsed["intent_ranking"] if guess["name"] != _FALLBACK]
    # The fallback would be an `ask`; accuracy and calibration look at the intent that DIET itself prefers.
    decision = "ask" if parsed["intent"]["name"] == _FALLBACK else "answer"
    names = [intents[int(guess["name"][1:])] for guess in ranking]
    confidence = float(ranking[0]["confidence"]) if ranking else 0.0
    return Answer(names[0] if names else "", confidence, confidence, decision, tuple(names[:3]), took)


def _plain(text: str) -> str:
    return " ".join(_BREAKS.sub(" ", text).translate(_MARKUP).split())
