"""The law of the house, checked while the virtual company runs: whatever breaks it ends the run, with its history."""

from __future__ import annotations

from bot.adapters.memory.data import Memory
from bot.domain.cases import HOP_LIMIT, Case, CaseState
from bot.domain.conversations import Speaker
from bot.domain.messages import Author, Direction, Message
from bot.domain.presence import Presence, presence
from bot.domain.promises import PromiseState
from bot.domain.shifts import Roster
from bot.services.ports import QueueName
from bot.simulation.house import House

_HISTORY = 60


class LawBroken(AssertionError):
    """An invariant of DESIGN section 1 does not hold."""


class Laws:
    """Looks at what a transaction touched, right after it committed."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._memory: Memory = house.memory
        self.looks = 0

    def case(self, case: Case) -> None:
        """Check a case that has just changed."""
        self.looks += 1
        self._demand(case.hops <= HOP_LIMIT, case, "was passed on too often")
        held = case.state is CaseState.ASSIGNED
        self._demand(held == (case.owner_id is not None) or not case.open, case, "has a wrong owner")
        if held and case.owner_id is not None:
            owner = self._memory.staff[case.owner_id]
            self._demand(owner.on_duty and owner.active, case, f"belongs to {owner.name}, who is not there")
        if (case.state is CaseState.WAITING and not case.waits_for_customer) or (held and case.replied_at is None):
            self._demand(case.id in self._memory.open_promises, case, "has no promise")
        promise = self._memory.open_promises.get(case.id)
        if promise is not None:
            self._demand(case.open, case, "is resolved and has a promise")
            self._timer(case, promise)

    def _timer(self, case: Case, promise_id: int) -> None:
        promise = self._memory.promises[promise_id]
        timers = self._house.store.queues.of[QueueName.TIMERS].items
        self._demand(promise.state is PromiseState.OPEN, case, "has a settled promise among the open ones")
        self._demand(promise.timer_id in timers, case, f"has promise {promise_id}, which nothing watches")

    def message(self, message: Message) -> None:
        """Check something that was just said to a customer: whoever spoke had the floor."""
        self.looks += 1
        floor = self._memory.conversations[message.conversation_id].floor
        if message.author is Author.STAFF and floor.staff_id != message.staff_id:
            raise LawBroken(self._conversation(message.conversation_id, f"message {message.id}: a second voice"))
        if message.author is Author.BOT and floor.speaker is Speaker.STAFF and message.case_id is None:
            raise LawBroken(self._conversation(message.conversation_id, f"message {message.id}: the bot interrupts"))

    def conversation(self, conversation_id: int) -> None:
        """Check a conversation in which nothing is owed any more: the customer never had the last word unheard."""
        messages = self._messages(conversation_id)
        said = max((one.id for one in messages if one.direction is Direction.OUTBOUND), default=0)
        unheard = next((one for one in messages if one.direction is Direction.INBOUND and not one.handled), None)
        if unheard is not None:
            raise LawBroken(self._conversation(conversation_id, f"message {unheard.id}: nobody looked at it"))
        unanswered = [one for one in messages if one.direction is Direction.INBOUND and one.id > said]
        if unanswered and not any(self._memory.cases[one].open for one in self._memory.cases_in.of(conversation_id)):
            raise LawBroken(self._conversation(conversation_id, f"message {unanswered[0].id}: nothing was said to it"))

    def everything(self) -> None:
        """Check what has to hold for all that is there; for once a day."""
        memory, company, now = self._memory, self._house.company, self._house.agenda.now()
        days, gone = tuple(memory.day_exceptions.values()), tuple(memory.absences.values())
        roster = Roster(company.zone, tuple(memory.shifts.values()), days, gone)
        for case_id in memory.open_cases:
            case = memory.cases[case_id]
            self.case(case)
            if case.state is CaseState.ASSIGNED and case.owner_id is not None:
                # The switch alone says nothing: one that was left on when a shift ended, or leave began, means off.
                owner = memory.staff[case.owner_id]
                there = presence(owner, roster, now, company.assignment.heartbeat) is not Presence.OFF
                self._demand(there, case, f"belongs to {owner.name}, whose shift is over")
        for conversation in self._memory.conversations.values():
            floor = conversation.floor
            if floor.speaker is not Speaker.STAFF:
                continue
            owned = [self._memory.cases[one] for one in self._memory.cases_in.of(conversation.id)]
            if not any(case.owner_id == floor.staff_id and case.state is CaseState.ASSIGNED for case in owned):
                raise LawBroken(self._conversation(conversation.id, f"{floor.staff_id} speaks without a case"))

    def _demand(self, holds: bool, case: Case, why: str) -> None:
        if not holds:
            raise LawBroken(self._conversation(case.conversation_id, f"case {case.code} {why}\n{case}"))

    def _conversation(self, conversation_id: int, why: str) -> str:
        """Everything that is known, oldest first."""
        memory = self._memory
        lines = [(one.created_at, f"{one.author}: {one.text}") for one in self._messages(conversation_id)]
        for case_id in memory.cases_in.of(conversation_id):
            code = memory.cases[case_id].code
            lines += [
                (one.at, f"{code} {one.actor} {one.action} {dict(one.detail)}") for one in memory.audit.get(code, ())
            ]
            lines += [
                (memory.promises[one].made_at, f"{code} {memory.promises[one]}")
                for one in memory.promises_of.of(case_id)
            ]
        lines.sort(key=lambda line: line[0])
        told = [f"{at:%Y-%m-%d %H:%M:%S} {text}" for at, text in lines[-_HISTORY:]]
        head = f"{self._house.agenda.now():%Y-%m-%d %H:%M:%S} conversation {conversation_id}: {why}"
        return "\n".join([head, str(memory.conversations[conversation_id]), *told])

    def _messages(self, conversation_id: int) -> list[Message]:
        return [self._memory.messages[one] for one in self._memory.messages_in.of(conversation_id)]
