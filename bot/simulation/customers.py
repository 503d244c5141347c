"""Customers: they write, wait, ask again, get angry, leave, answer questions, say thanks, and come back."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from math import log
from random import Random

from bot.domain.arrivals import Arrival, CustomerMessage
from bot.domain.messages import Author, Channel, Message, MessageKind
from bot.simulation.agenda import run
from bot.simulation.figures import Figures
from bot.simulation.house import House
from bot.simulation.needs import Kind, Needs

_CHANNELS = (Channel.ZALO, Channel.ZALO, Channel.WEBCHAT, Channel.WEBCHAT, Channel.TELEGRAM, Channel.ZALO_BOT)
_RETURNING, _ENGLISH, _ANGRY = 0.3, 0.07, 0.06
_NUDGES = 3
_RATES, _SCORES = 0.35, (3, 4, 8, 25, 60)
"""Share of customers who say how it was, and how often each score is given."""

_NIGHT_PATIENCE = 25.0
_MEDIAN_PATIENCE, _MEDIAN_ANSWER = 600.0, 90.0


@dataclass(slots=True)
class Visitor:
    """A customer as they are in themselves; what the house knows of them is in the store."""

    channel: Channel
    chat: str
    english: bool
    angry: bool
    patience: float
    conversation_id: int = 0
    kind: Kind | None = None
    sent: int = 0
    nudges: int = 0
    waiting: int = 0
    """Grows with every change between waiting and not; what was planned for an older wait is off."""

    gone: bool = False


class Customers:
    """Everybody outside."""

    def __init__(self, house: House, needs: Needs, figures: Figures, dice: Random) -> None:
        self._house = house
        self._agenda = house.agenda
        self._needs = needs
        self._figures = figures
        self._dice = dice
        self._visitors: dict[int, Visitor] = {}
        self._recent: deque[Visitor] = deque(maxlen=1200)
        self._number = 0

    def forget(self, conversation_id: int) -> None:
        """Drop somebody whose conversation is forgotten; they may come back as a stranger."""
        visitor = self._visitors.pop(conversation_id, None)
        if visitor is not None:
            visitor.conversation_id = 0

    # --- writing ------------------------------------------------------------------------------------------------------

    def arrive(self) -> None:
        """Have somebody come with a need."""
        visitor = self._somebody()
        visitor.kind = self._needs.draw(self._dice)
        visitor.nudges, visitor.gone = 0, False
        self._figures.customers += 1
        if self._dice.random() < 0.12:
            self._say(visitor, "alo shop ơi")
            self._agenda.after(self._dice.uniform(0.8, 6.0), self._say, visitor, self._need(visitor))
        else:
            self._say(visitor, self._need(visitor))

    def _somebody(self) -> Visitor:
        if self._recent and self._dice.random() < _RETURNING:
            return self._dice.choice(self._recent)
        self._number += 1
        visitor = Visitor(
            channel=self._dice.choice(_CHANNELS),
            chat=f"k{self._number}",
            english=self._dice.random() < _ENGLISH,
            angry=self._dice.random() < _ANGRY,
            patience=self._dice.lognormvariate(log(_MEDIAN_PATIENCE), 0.6),
        )
        self._recent.append(visitor)
        return visitor

    def _need(self, visitor: Visitor, mark: str = "") -> str:
        intent = visitor.kind.intent if visitor.kind else "ask_human"
        words = "I need help please" if visitor.english else "cho em hỏi việc này với ạ"
        return f"{words} #{intent} {mark}".rstrip()

    def _say(self, visitor: Visitor, text: str) -> None:
        visitor.sent += 1
        name = f"{visitor.chat}:{visitor.sent}"
        said = CustomerMessage(
            provider_id=name,
            kind=MessageKind.TEXT,
            text=text,
            sender_id=visitor.chat,
            sender_name=None if visitor.channel is Channel.ZALO else f"Khách {visitor.chat}",
            language="en" if visitor.english else "vi",
            client_id=name if visitor.channel is Channel.WEBCHAT else None,
        )
        arrival = Arrival(dedupe_key=name, chat=visitor.chat, payload={}, happening=said)
        accepted = run(self._house.intake.accept(visitor.channel, arrival))
        self._figures.messages += 1
        if not visitor.conversation_id:
            visitor.conversation_id = self._house.memory.chats[visitor.channel, visitor.chat]
            self._visitors[visitor.conversation_id] = visitor
        if self._dice.random() < 0.01 and not accepted.duplicate:
            again = run(self._house.intake.accept(visitor.channel, arrival))
            self._figures.repeated += 1
            self._figures.doubled += not again.duplicate

    # --- hearing ------------------------------------------------------------------------------------------------------

    def hears(self, message: Message) -> None:
        """React to something that the house said."""
        visitor = self._visitors.get(message.conversation_id)
        if visitor is None or visitor.gone:
            return
        if message.author is Author.STAFF:
            self._hears_person(visitor, message)
        elif message.buttons and message.author is Author.SYSTEM:
            self._rates(visitor, message)
        elif message.buttons:
            if self._dice.random() < 0.93:
                self._agenda.after(self._dice.uniform(3.0, 30.0), self._say, visitor, message.buttons[0].payload)
        elif message.case_id is not None and message.author is Author.BOT:
            self._waits(visitor)
        elif message.author is Author.BOT:
            self._answered(visitor)

    def _rates(self, visitor: Visitor, message: Message) -> None:
        """Answer the question how it was, which comes with the scores to press, lowest first."""
        if self._dice.random() < _RATES:
            (score,) = self._dice.choices(range(1, len(message.buttons) + 1), _SCORES)
            self._figures.ratings[score] += 1
            self._agenda.after(self._dice.uniform(5.0, 600.0), self._say, visitor, message.buttons[score - 1].payload)

    def resolved(self, conversation_id: int) -> None:
        """Have a customer whose case is done come back now and then: it was not done after all."""
        visitor = self._visitors.get(conversation_id)
        if visitor is None:
            return
        self._stops_waiting(visitor)
        if visitor.kind is not None and self._dice.random() < 0.03:
            self._agenda.after(self._dice.lognormvariate(log(5 * 3600.0), 1.0), self._comes_back, visitor)

    def _comes_back(self, visitor: Visitor) -> None:
        visitor.gone = False
        self._figures.came_back += 1
        self._say(visitor, self._need(visitor, "! vẫn chưa được"))

    def _hears_person(self, visitor: Visitor, message: Message) -> None:
        self._stops_waiting(visitor)
        if message.text.endswith("?"):
            if self._dice.random() < 0.88:
                pause = self._dice.lognormvariate(log(_MEDIAN_ANSWER), 0.8)
                self._agenda.after(pause, self._say, visitor, "dạ thông tin của em đây ạ")
        elif self._dice.random() < 0.1:
            self._agenda.after(self._dice.uniform(2.0, 60.0), self._say, visitor, "ok em cảm ơn #thank")

    def _answered(self, visitor: Visitor) -> None:
        chance = self._dice.random()
        if chance < 0.12:
            self._agenda.after(self._dice.uniform(5.0, 90.0), self._say, visitor, "cảm ơn nhiều #thank")
        elif chance < 0.2:
            visitor.kind = self._needs.draw(self._dice)
            self._agenda.after(self._dice.uniform(10.0, 200.0), self._say, visitor, self._need(visitor))

    # --- waiting ------------------------------------------------------------------------------------------------------

    def _waits(self, visitor: Visitor) -> None:
        visitor.waiting += 1
        hour = self._agenda.now().astimezone(self._house.company.zone).hour
        patience = visitor.patience * (1.0 if 8 <= hour < 19 else _NIGHT_PATIENCE) * (0.4 if visitor.angry else 1.0)
        self._agenda.after(patience, self._nudge, visitor, visitor.waiting, patience)

    def _stops_waiting(self, visitor: Visitor) -> None:
        visitor.waiting += 1

    def _nudge(self, visitor: Visitor, waiting: int, patience: float) -> None:
        if visitor.waiting != waiting or visitor.gone or not visitor.conversation_id:
            return
        if visitor.nudges >= _NUDGES:
            visitor.gone = True
            self._figures.left += 1
            return
        visitor.nudges += 1
        self._figures.nudges += 1
        angry = visitor.angry and visitor.nudges > 1
        self._say(visitor, "chờ mãi không ai trả lời #complaint_waiting !" if angry else "sao lâu thế #case_status")
        self._agenda.after(patience * 1.5, self._nudge, visitor, visitor.waiting, patience * 1.5)
