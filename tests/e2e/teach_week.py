"""A week of a company: an assistant of its own with few examples, a real engine, a real action server, 300 messages."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from pathlib import Path

from pydantic import SecretStr

from bot.adapters.company.additions import FILE as ADDITIONS
from bot.adapters.training.sorting import ProcessSorter
from bot.adapters.training.trainer import ProcessTrainer
from bot.domain.company import Company
from tests.engine.running import ROOT, TOKEN, engine_serving
from tests.house import TestHouse, running_house
from tests.integration.school import trained, use, workshop_of

EXAMPLES = 50
"""Of each need that the small assistant learns from: enough to be believed, few enough to be trained soon."""
TRAIN_SECONDS = 400
"""What the first training may take on a machine with other work."""

PETS = (
    "cho dắt chó vào cửa hàng được không",
    "em có con chó poodle, dắt vào cửa hàng được không shop",
    "mang mèo vào cửa hàng có được không ạ",
    "bồng mèo theo vào cửa hàng được hông",
    "dẫn chó vào cửa hàng mua đồ có được không",
    "cửa hàng có cho mang chó mèo vào không",
    "cửa hàng mình có cho thú cưng vào không",
    "thú cưng có được vào cửa hàng không em",
    "mình mang theo thú cưng vào cửa hàng được chứ",
    "mang thú cưng vào cửa hàng có bị đuổi không",
    "chó nhỏ bồng trên tay vào cửa hàng được không",
    "dắt chó theo vào cửa hàng có sao không",
    "mèo để trong balo vào cửa hàng được không",
    "cho hỏi chó mèo vào cửa hàng được không",
    "shop cho mang thú cưng vào cửa hàng không ạ",
    "có được dẫn thú cưng vào cửa hàng không vậy",
    "mang chó vào cửa hàng có cần rọ mõm không",
    "con chó nhà em hiền, dắt vào cửa hàng được không",
    "cho mèo vào cửa hàng chung được không",
    "thú cưng vào cửa hàng có phải gửi lại không",
)
"""Customers ask for something that the assistant has never heard of."""


def small_project(place: Path) -> Path:
    """The shipped assistant with a few examples of every need, and its locked test messages."""
    project = place / "project"
    (project / "nlu").mkdir(parents=True)
    for name in ("config.yml", "domain.yml", "endpoints.yml"):
        shutil.copy(ROOT / name, project)
    shutil.copytree(ROOT / "stories", project / "stories")
    seen: dict[str, int] = {}
    for file in sorted((ROOT / "nlu").glob("*.yml")):
        (project / "nlu" / file.name).write_text(_fewer(file.read_text(encoding="utf-8"), seen), encoding="utf-8")
    shutil.copytree(ROOT / "tests/data/locked", project / "tests/data/locked")
    return project


def _fewer(text: str, seen: dict[str, int]) -> str:
    """Keep the first examples of each need; a block that has none left goes whole."""
    kept: list[str] = []
    intent = None
    for line in text.splitlines():
        if begun := re.match(r" *- (\w+): (\S+)", line):
            intent = begun[2] if begun[1] == "intent" else None
        elif intent is not None and re.match(r" +- ", line):
            seen[intent] = seen.get(intent, 0) + 1
            if seen[intent] > EXAMPLES:
                continue
        kept.append(line)
    return re.sub(r"(?m)^ *- intent: \S+\n +examples: \|\n(?! +- )", "", "\n".join(kept) + "\n")


@contextmanager
def actions_serving(data: Path) -> Iterator[str]:
    """Run the real action server, which watches what was added at the console."""
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "actions.serve", "--port", "0", "--taught", str(data / ADDITIONS)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert line.startswith("ready "), line
        yield f"{line.removeprefix('ready ').strip()}/webhook"
    finally:
        process.terminate()
        process.wait(timeout=10)
        process.stdout.close()


@asynccontextmanager
async def week(database: str, company: Company, place: Path) -> AsyncIterator[TestHouse]:
    """Start all of it."""
    project, data = small_project(place), place / "data"
    model = await asyncio.to_thread(partial(trained, project, data, seconds=TRAIN_SECONDS))
    with actions_serving(data) as actions, engine_serving(Path(model.file), actions, place / "engine.log") as engine:
        at = f"http://127.0.0.1:{engine.port}"
        async with running_house(database, company, data, engine_url=at, engine_token=SecretStr(TOKEN)) as house:
            workshop = workshop_of(project, data)
            use(house, ProcessTrainer(workshop))
            house.running.house.clustering._sorter = ProcessSorter(workshop)
            house.running.house.promoting._promotions._base = ProcessTrainer(workshop).untaught
            yield house


def messages(count: int) -> list[tuple[str, str]]:
    """Return so many messages of customers with what they are about, those about pets at the end."""
    told = [
        json.loads(line)
        for file in sorted((ROOT / "tests/data/heldout").glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]
    step = len(told) // (count - len(PETS))
    chosen = [(one["text"], one["intent"]) for one in told[:: max(1, step)]][: count - len(PETS)]
    return [*chosen, *((one, "pets") for one in PETS)]
