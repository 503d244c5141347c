"""What the gate is shown beside the locked tests: corrections that people made, and last week, each once and masked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from bot.domain.teaching.results import Judged
from bot.services.ports_training import Question
from bot.services.serving import KeptModel
from tests.house import Clerk, TestHouse
from tests.integration.school import SlowTrainer, lead, listed, taught, use

pytestmark = [pytest.mark.integration, pytest.mark.timeout(120)]

Reads = Callable[[str], str]


class Judge(SlowTrainer):
    """A trainer whose models read as a test says; the candidate is made at once."""

    def __init__(self, serving: Reads, candidate: Reads) -> None:
        super().__init__()
        self.reads = {"m-0": serving, "m-1": candidate}
        self.lines = (
            *self.lines,
            ("thank", "cảm ơn em"),
            ("thank", "cám ơn nhiều"),
            ("greet", "chào"),
            ("greet", "hi"),
        )
        self.asked: list[str] = []
        self.ms: dict[str, list[float]] = {}
        """Milliseconds of each reading that differs from one, by model, the first reading first."""
        self.go.set()

    def untaught(self) -> KeptModel | None:
        return KeptModel(id="m-0", file="m", sha256="0", base="b")

    def tests(self) -> list[Question]:
        return [Question(text="gửi xe ở đâu", truth="parking", style="plain")]

    async def judge(self, model: KeptModel, questions: Sequence[Question]) -> list[Judged]:
        self.asked = [one.text for one in questions]
        read, ms = self.reads[model.id], self.ms.get(model.id) or [1.0]
        took = ms.pop(0) if len(ms) > 1 else ms[0]
        return [
            Judged(
                text=one.text,
                truth=one.truth,
                style=one.style,
                intent="parking" if one.style == "plain" else read(one.text),
                confidence=0.9,
                decision="answer",
                ms=took,
            )
            for one in questions
        ]


async def gate_of(clerk: Clerk) -> dict[str, Any]:
    status, _ = await clerk.post("/api/teach/trainings")
    assert status == 201
    return dict((await listed(clerk, "done", 20))["gate"])


async def said(house: TestHouse, *texts: str) -> None:
    for one in texts:
        await (await house.visitor()).say(one)
    await house.settled()


async def test_a_correction_must_stay_fixed_and_what_was_read_rightly_is_none(house: TestHouse) -> None:
    use(house, judge := Judge(lambda _: "thank", lambda _: "greet"))
    minh = await lead(house)
    # The bot read all of them as a greeting.
    await taught(house, minh, "ok em nhé", label="thank")
    await taught(house, minh, "a lô cả nhà", label="greet")
    gate = await gate_of(minh)
    assert (gate["corrections"], gate["undone"], gate["allowed"]) == (1, 1, False)
    (undone,) = gate["undone_list"]
    assert (undone["text"], undone["truth"], undone["read"]) == ("ok em nhé", "thank", "greet")
    assert (undone["before"], undone["after"]) == ("thank", "greet")
    assert [one["code"] for one in gate["reasons"]] == ["correction"]
    assert "lại bị hiểu sai" in gate["reasons"][0]["text"]
    headers = {"Accept-Language": "en"}
    async with minh.session.get(f"{minh.url}/api/teach/trainings", headers=headers) as response:
        english = (await response.json())["trainings"][0]["gate"]
    assert "is misread again" in english["reasons"][0]["text"]

    judge.reads["m-0"] = lambda _: "greet"
    gate = await gate_of(minh)
    assert (gate["undone"], gate["still_wrong"], gate["allowed"]) == (0, 1, True)
    assert [one["text"] for one in gate["still_wrong_list"]] == ["ok em nhé"]


async def test_last_week_is_read_again_each_message_once_and_shown_masked(house: TestHouse) -> None:
    def candidate(text: str) -> str:
        return "parking" if "xe" in text else "greet"

    use(house, judge := Judge(lambda _: "greet", candidate))
    minh = await lead(house)
    asked = "cho em gửi xe nhé, số em là 0912 345 678"
    await said(house, asked, "Cho em gửi xe nhé số em là 0987 654 321!", "chào em")
    gate = await gate_of(minh)
    assert (gate["replay_messages"], gate["replay_changed"]) == (3, 2)
    assert gate["replay_share"]["estimate"] == pytest.approx(2 / 3)
    (changed,) = gate["replay"]
    assert (changed["before"], changed["after"], changed["count"]) == ("greet", "parking", 2)
    assert "0912" not in changed["text"]
    assert asked in judge.asked
    assert len(judge.asked) == 1 + 2
    assert gate["allowed"]
    assert "replay" in [one["code"] for one in gate["notices"]]


async def test_history_has_a_point_for_each_judged_training(house: TestHouse) -> None:
    use(house, Judge(lambda _: "greet", lambda _: "greet"))
    minh = await lead(house)
    assert (await minh.get("/api/teach/history"))[1] == {"points": []}
    await gate_of(minh)
    (point,) = (await minh.get("/api/teach/history"))[1]["points"]
    assert (point["model_id"], point["tests"], point["accuracy"]["estimate"]) == ("m-1", 1, 1.0)
    assert point["accuracy"]["low"] < 1.0
    assert (point["allowed"], point["serving"], point["promoted_at"]) == (True, False, None)
    shelf = house.running.house.trainings._runs._shelf
    kept = KeptModel(id="m-1", file="m", sha256="0", base="b")

    class Shelf:
        def find(self, model_id: str) -> KeptModel | None:
            return kept if model_id == "m-1" else None

        def intact(self, model: KeptModel) -> bool:
            return True

    house.running.house.promoting._promotions._shelf = Shelf()
    try:
        assert (await minh.post("/api/teach/models/m-1/promote"))[0] == 200
    finally:
        house.running.house.promoting._promotions._shelf = shelf
    assert (await minh.get("/api/teach/history"))[1]["points"][0]["promoted_at"] is not None
    assert (await (await house.staff("Lan", "sales")).get("/api/teach/history"))[0] == 403


async def test_a_model_that_seems_slow_is_measured_again_before_it_is_refused(house: TestHouse) -> None:
    use(house, judge := Judge(lambda _: "greet", lambda _: "greet"))
    minh = await lead(house)
    judge.ms = {"m-1": [9.0, 1.2]}
    gate = await gate_of(minh)
    assert (gate["allowed"], gate["p95_after_ms"]) == (True, 1.2)
    judge.ms = {"m-1": [9.0, 8.0]}
    gate = await gate_of(minh)
    assert (gate["allowed"], [one["code"] for one in gate["reasons"]]) == (False, ["speed"])
