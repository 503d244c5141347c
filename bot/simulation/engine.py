"""The assistant of the virtual company: it plays the engine behind its port, outages included.

A customer's text names its intent behind a "#". Everything else is as with the real engine: answers, questions back,
handoffs with a department and a reason, now and then the wrong department, and failures of every kind.
"""

from __future__ import annotations

from datetime import datetime
from random import Random

from bot.domain.company import RECEPTION
from bot.domain.messages import Button
from bot.services.ports_engine import EngineAnswer, EngineRequest, EngineUnavailable, Ranked, Reply
from bot.simulation.agenda import Agenda, Pause
from bot.simulation.needs import Kind, Needs
from bot.simulation.shaky import Broken

MODEL = "simulated"
_TYPICAL, _LIMIT, _FROZEN = 0.05, 3.0, 14.0
_FAILS, _FREEZES, _CRASHES, _MISTAKES, _UNSURE = 0.0008, 0.0003, 0.0001, 0.04, 0.05
_NEXT_DOOR = {
    "sales": "customer_relations",
    "customer_relations": "sales",
    "cashier": "accounting",
    "accounting": "cashier",
    "teller": "credit",
    "credit": "teller",
    "it": "development",
    "warehouse": "sales",
}


class SimulatedEngine:
    """See `bot.services.ports_engine.Engine`."""

    def __init__(self, agenda: Agenda, needs: Needs, dice: Random) -> None:
        self._agenda = agenda
        self._needs = needs
        self._dice = dice
        self.down_until: datetime | None = None
        self.failures = 0
        self.mistakes = 0

    async def turn(self, request: EngineRequest) -> EngineAnswer:
        """Answer a turn after a moment, or fail like the real one."""
        await self._work()
        intent = request.text.rpartition("#")[2].split(" ", 1)[0] if "#" in request.text else ""
        kind = self._needs.by_intent.get(intent)
        turns = int((request.dialogue or {}).get("turns", 0)) + 1
        if kind is None:
            return _answer(request, intent or "greet", "Dạ em nghe ạ.", turns)
        if intent == "case_status" or "!" not in request.text:
            return self._of_need(request, kind, turns)
        return _handoff(request, kind, kind.department, turns)

    async def _work(self) -> None:
        if self.down_until is not None and self._agenda.now() < self.down_until:
            self.failures += 1
            # A dead engine refuses at once; a hanging one keeps everybody until the time limit.
            await Pause(0.002 if self._dice.random() < 0.5 else _LIMIT)
            raise EngineUnavailable("down")
        chance = self._dice.random()
        await Pause(_TYPICAL * (0.5 + chance))
        if chance < _CRASHES:
            raise Broken("an answer that nobody can read")
        if chance < _FREEZES:
            # A worker that stands still so long loses its item to another one, and must not answer twice.
            await Pause(_FROZEN)
        elif chance < _FAILS:
            self.failures += 1
            raise EngineUnavailable("empty")

    def _of_need(self, request: EngineRequest, kind: Kind, turns: int) -> EngineAnswer:
        chance = self._dice.random()
        if chance < kind.answered:
            return _answer(request, kind.intent, "Dạ thông tin đây ạ.", turns)
        if self._dice.random() < _UNSURE and not request.dialogue:
            return _question(request, kind.intent, turns)
        department = kind.department
        if self._dice.random() < _MISTAKES and department in _NEXT_DOOR:
            self.mistakes += 1
            department = _NEXT_DOOR[department]
        return _handoff(request, kind, department, turns)


def _answer(request: EngineRequest, intent: str, text: str, turns: int) -> EngineAnswer:
    return EngineAnswer(
        message_id=request.message_id,
        model_id=MODEL,
        intent=Ranked(name=intent, confidence=0.93),
        messages=(Reply(text=text),),
        outcomes=({"department": RECEPTION},),
        dialogue={"turns": turns},
    )


def _question(request: EngineRequest, intent: str, turns: int) -> EngineAnswer:
    return EngineAnswer(
        message_id=request.message_id,
        model_id=MODEL,
        intent=Ranked(name=intent, confidence=0.41),
        messages=(Reply(text="Ý anh/chị là?", buttons=(Button(title="Đúng ạ", payload=f"#{intent} !"),)),),
        outcomes=({"clarify": {"intents": [intent]}},),
        dialogue={"turns": turns},
    )


def _handoff(request: EngineRequest, kind: Kind, department: str, turns: int) -> EngineAnswer:
    handoff: dict[str, object] = {
        "department": department,
        "reason": kind.intent,
        "summary": f"Khách cần: {kind.intent}",
        "priority": kind.priority.value,
        "collected": {},
    }
    return EngineAnswer(
        message_id=request.message_id,
        model_id=MODEL,
        intent=Ranked(name=kind.intent, confidence=0.9),
        outcomes=({"handoff": handoff},),
        dialogue={"turns": turns},
    )
