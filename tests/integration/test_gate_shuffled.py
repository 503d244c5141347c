"""Poisoned teaching, for real: a fifth of wrong labels is refused by the gate, the same sentences rightly labelled not.

The shipped pipeline learns twelve of the shipped needs, and is measured on the locked messages of these.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any, Final

import pytest
import yaml

from bot.adapters.training.models import keep
from bot.adapters.training.project import read_base
from bot.adapters.training.trainer import ProcessTrainer, Workshop
from bot.domain.teaching.dataset import Dataset, Line
from bot.services.judging import Evidence, judged
from bot.services.serving import KeptModel
from tests.engine.running import ROOT, engine_python, run_engine

pytestmark = [pytest.mark.integration, pytest.mark.timeout(600)]

NEEDS: Final = 12
LINES: Final = 40
"""Training lines of each need."""
POISON: Final = 0.2


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """A project of the shipped pipeline, config and sentences, cut down to a few needs, and its trained model."""
    place = tmp_path_factory.mktemp("poison")
    project, file = place / "project", place / "data/models/base.tar.gz"
    (project / "tests/data/locked").mkdir(parents=True)
    _write_project(project)
    done = run_engine("engine.train", "--project", str(project), "--out", str(file))
    assert done.returncode == 0, done.stderr
    keep(json.loads(done.stdout.splitlines()[-1]), "base", file, place / "data")
    return Workshop(
        root=ROOT,
        python=Path(engine_python()),
        project=project,
        data=place / "data",
        base=lambda: "base",
        environment={"PATH": os.environ["PATH"]},
        niceness=1,
    )


def _write_project(project: Path) -> None:
    tests = [
        json.loads(line)
        for file in sorted((ROOT / "tests/data/locked").glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    lines = read_base(ROOT).lines
    trained = Counter(label for label, _ in lines)
    asked = Counter(one["intent"] for one in tests if trained[one["intent"]] >= LINES)
    needs = sorted(name for name, _ in asked.most_common(NEEDS))
    (project / "tests/data/locked/all.jsonl").write_text(
        "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in tests if one["intent"] in needs), encoding="utf-8"
    )
    (project / "config.yml").write_bytes((ROOT / "config.yml").read_bytes())
    _dump(project / "domain.yml", {"version": "3.1", "intents": needs, "actions": ["action_reply"]})
    rules = [{"rule": one, "steps": [{"intent": one}, {"action": "action_reply"}]} for one in needs]
    _dump(project / "stories/rules.yml", {"version": "3.1", "rules": rules})
    blocks = [f"- intent: {one}\n  examples: |\n" + _block(lines, one) for one in needs]
    (project / "nlu").mkdir()
    (project / "nlu/all.yml").write_text('version: "3.1"\nnlu:\n' + "".join(blocks), encoding="utf-8")


def _dump(file: Path, content: Any) -> None:
    file.parent.mkdir(exist_ok=True)
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def _block(lines: Sequence[tuple[str, str]], need: str) -> str:
    own = dict.fromkeys(text for label, text in lines if label == need and "[" not in text)
    return "".join(f"    - {text}\n" for text in list(own)[:LINES])


def taught(workshop: Workshop, *, shuffled: bool) -> Dataset:
    """A fifth of the sentences, said a little differently, under their own needs or under others."""
    base, draw = ProcessTrainer(workshop).base(), Random(7)
    chosen = draw.sample(base.lines, int(POISON * len(base.lines)))
    names = sorted(base.intents)
    lines = tuple(
        Line(label=draw.choice([one for one in names if one != label]) if shuffled else label, text=f"{text} nha em ơi")
        for label, text in chosen
    )
    dataset = Dataset(base=base, lines=lines)
    assert dataset.faults() == []
    return dataset


async def verdict(workshop: Workshop, *, shuffled: bool) -> dict[str, Any]:
    trainer = ProcessTrainer(workshop)
    serving = trainer.untaught()
    assert serving is not None
    candidate = await trainer.train(taught(workshop, shuffled=shuffled), lambda what, share: None)
    assert isinstance(candidate, KeptModel)
    known = Evidence(corrected=[], week=[], names=())
    return await judged(trainer, serving, candidate, trainer.tests(), known)


async def test_wrong_labels_are_refused_with_reasons(workshop: Workshop) -> None:
    found = await verdict(workshop, shuffled=True)
    assert found["overall"]["count"] >= 100
    assert found["overall"]["after"] < found["overall"]["before"]
    assert not found["allowed"], found["overall"]
    assert found["reasons"]


async def test_the_same_sentences_with_their_own_labels_pass(workshop: Workshop) -> None:
    found = await verdict(workshop, shuffled=False)
    assert found["allowed"], found["reasons"]
