"""How is my case? Told from the facts of this customer only, so nobody hears of somebody else's."""

from __future__ import annotations

import re
from typing import Final

from actions import times
from actions.facts import OpenCase
from actions.handoffs import department_in
from actions.lexicon import line
from actions.speech import Speech
from actions.turn import Turn

_MOST: Final = 3
_FEW_WORDS: Final = 5
_SURE_DIGITS: Final = 3
# Prefixes that chats use for other things, "cn 29" for a Sunday and "ko 2" for a no, unless a hyphen or zeros follow.
_ALSO_WORDS: Final = frozenset({"cn", "ko"})


class Cases:
    """Answers about cases."""

    def __init__(self, speech: Speech) -> None:
        self._speech = speech
        codes = "|".join(department.code.lower() for department in speech.company.departments.values())
        self._code = re.compile(rf"\b({codes})(\s?[-–_.#]?\s?)0*(\d{{1,7}})\b", re.IGNORECASE)

    def code_in(self, text: str) -> str | None:
        """Return the case code of a message as it is printed on the case: "kt 42" is KT-0042."""
        match = self._code.search(text)
        return f"{match.group(1).upper()}-{int(match.group(3)):04d}" if match is not None else None

    def is_bare_code(self, text: str) -> bool:
        """Tell whether the message is hardly more than a case code, whatever the engine makes of it."""
        match = self._code.search(text)
        if match is None or len(line(text).split()) > _FEW_WORDS:
            return False
        loose = not match.group(2).strip() and len(match.group(3)) < _SURE_DIGITS
        return not (loose and match.group(1).casefold() in _ALSO_WORDS)

    def status(self, turn: Turn) -> tuple[str, bool]:
        """Return the answer, and whether a person should be offered because it tells nothing.

        A code that is not among the customer's own gets one and the same answer, whether it exists or not.
        """
        code = self.code_in(turn.text)
        if code is not None:
            own = [case for case in turn.facts.open_cases if _same(case.code, code)]
            if not own:
                return self._speech.phrase("case_unknown", turn, code=code), True
            return self.tell(own[0], turn), False
        if not turn.facts.open_cases:
            return self._speech.phrase("case_none", turn), True
        told = [self.tell(case, turn) for case in self._asked(turn)[:_MOST]]
        return "\n".join([told[0], *(self._speech.inner(one) for one in told[1:])]), False

    def _asked(self, turn: Turn) -> list[OpenCase]:
        """Return the cases of the department that is named, else all."""
        named = department_in(turn, self._speech.company)
        return [case for case in turn.facts.open_cases if case.department == named] or list(turn.facts.open_cases)

    def position(self, case: OpenCase, turn: Turn) -> str:
        """Return how many wait with this case, as far as anybody can know: a ticket of today is no place in a queue."""
        desk = turn.facts.desks.get(case.department)
        if case.state != "waiting" or desk is None or not desk.waiting or case.call_at is not None:
            return self.tell(case, turn)
        name = "case_next" if desk.waiting == 1 else "case_position"
        own = {"count": str(desk.waiting)} if name == "case_position" else {}
        department = self._speech.department(case.department, turn)
        promise = self._promise(case, turn)
        told = self._speech.phrase(name, turn, code=case.code, department=department, promise=promise, **own)
        return self._with_wait(told, case, turn)

    def tell(self, case: OpenCase, turn: Turn) -> str:
        """Return one sentence about a case of this customer."""
        department = self._speech.department(case.department, turn)
        if case.state == "resolved":
            return self._speech.phrase("case_resolved", turn, code=case.code, department=department)
        promise = self._promise(case, turn)
        if case.state == "assigned":
            owner = case.owner_name or self._speech.phrase("case_some_owner", turn)
            own = self._speech.department(case.with_department, turn)
            return self._speech.phrase(
                "case_assigned", turn, code=case.code, department=own, owner=owner, promise=promise
            )
        number = (
            self._speech.phrase("case_number", turn, number=str(case.queue_number))
            if case.queue_number is not None
            else ""
        )
        told = self._speech.phrase(
            "case_waiting", turn, code=case.code, department=department, number=number, promise=promise
        )
        return self._with_wait(told, case, turn)

    def _with_wait(self, told: str, case: OpenCase, turn: Turn) -> str:
        desk = turn.facts.desks.get(case.department)
        if desk is None or desk.wait_minutes is None or case.call_at is not None:
            # A call waits for its hour, not for the queue.
            return told
        low, high = desk.wait_minutes
        wait = str(low) if low == high else f"{low}–{high}"
        return f"{told} {self._speech.phrase('case_wait', turn, minutes=wait)}"

    def _promise(self, case: OpenCase, turn: Turn) -> str:
        at = case.call_at or case.promise_at
        if at is None:
            return ""
        when = times.moment(at, turn.facts.now, self._speech.company.zone, turn.language)
        return self._speech.phrase("case_call" if case.call_at is not None else "case_promise", turn, when=when)


def _same(one: str, other: str) -> bool:
    """Compare codes by prefix and number, so leading zeros do not matter."""
    left, right = one.upper().split("-"), other.upper().split("-")
    return left[0] == right[0] and left[-1].lstrip("0") == right[-1].lstrip("0")
