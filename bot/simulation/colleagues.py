"""Work between colleagues: desks ask the back office and those who may approve, and these take their time to answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import log
from random import Random
from typing import Any

from bot.domain.approvals import ApprovalState
from bot.domain.cases import Case
from bot.domain.company import Side
from bot.domain.requests import RequestState
from bot.simulation.clerk import Clerk
from bot.simulation.figures import Figures
from bot.simulation.house import House

_WORK, _DECISION, _SPREAD = 1500.0, 240.0, 0.8
_LATER = 1800.0
_DECLINES, _SILENT, _REFUSES = 0.04, 0.12, 0.2
Remember = Callable[[Clerk, str], None]


class Colleagues:
    """Asks and answers within the house. ``remember`` has a case's owner go on with it."""

    def __init__(
        self, house: House, clerks: Mapping[int, Clerk], figures: Figures, dice: Random, remember: Remember
    ) -> None:
        self._house = house
        self._agenda = house.agenda
        self._clerks = clerks
        self._figures = figures
        self._dice = dice
        self._remember = remember
        self._behind = [one.id for one in house.company.departments.values() if one.side is Side.BACK]
        self._kinds = sorted(house.company.approvals.kinds)

    def ask_department(self, clerk: Clerk, case: Case) -> None:
        """Ask a department behind the front office for a piece of work."""
        department = self._dice.choice([one for one in self._behind if one != case.department])
        ask = self._house.requesting.ask(clerk.member, case.code, department, "Nhờ kiểm tra giúp khách ạ.")
        self._figures.requests["asked"] += self._figures.tried(ask)

    def ask_approval(self, clerk: Clerk, case: Case) -> None:
        """Ask for a decision on some amount."""
        kind, amount = self._dice.choice(self._kinds), self._dice.choice((200_000, 800_000, 5_000_000, 30_000_000))
        ask = self._house.approving.ask(clerk.member, case.code, kind=kind, amount=amount, reason="Khách quen ạ.")
        self._figures.approvals["asked"] += self._figures.tried(ask)

    # --- requests -----------------------------------------------------------------------------------------------------

    def requested(self, event: Mapping[str, Any]) -> None:
        """React to what becomes of a request."""
        state, request_id = event["state"], event["request_id"]
        if state == RequestState.OPEN and not event.get("slipped"):
            self._agenda.after(self._dice.uniform(20.0, 300.0), self._take, request_id)
        elif state == RequestState.OPEN:
            self._figures.requests["slipped"] += 1
        elif state in (RequestState.ANSWERED, RequestState.DECLINED):
            self._figures.requests[state] += 1
            self._go_on(event["code"])

    def _take(self, request_id: int) -> None:
        request = self._house.memory.requests.get(request_id)
        if request is None or request.state is not RequestState.OPEN:
            return
        there = [one for one in self._clerks.values() if one.free and one.team == request.department]
        if not there:
            self._agenda.after(_LATER, self._take, request_id)
            return
        clerk = self._dice.choice(there)
        if self._figures.tried(self._house.requesting.take(clerk.member, request_id)):
            self._agenda.after(self._dice.lognormvariate(log(_WORK), _SPREAD), self._answer, clerk, request_id)

    def _answer(self, clerk: Clerk, request_id: int) -> None:
        request = self._house.memory.requests.get(request_id)
        if request is None or not request.open:
            return
        if not clerk.present:
            # Whoever took it has gone home; it is done in the morning.
            self._agenda.after(_LATER, self._answer, clerk, request_id)
        elif self._dice.random() < _DECLINES:
            self._figures.tried(
                self._house.requesting.decline(clerk.member, request_id, "Bên em không có dữ liệu này.")
            )
        else:
            self._figures.tried(
                self._house.requesting.answer(clerk.member, request_id, "Đã kiểm tra xong, thông tin đúng.")
            )

    # --- approvals ----------------------------------------------------------------------------------------------------

    def approval_changed(self, event: Mapping[str, Any]) -> None:
        """React to a decision that is asked for, or made."""
        if event["state"] == ApprovalState.PENDING:
            if event.get("escalated"):
                self._figures.approvals["reminded" if event.get("reminded") else "escalated"] += 1
            self._agenda.after(self._dice.lognormvariate(log(_DECISION), _SPREAD), self._decide, event["approval_id"])
        elif event["state"] in (ApprovalState.APPROVED, ApprovalState.REFUSED):
            self._figures.approvals[event["state"]] += 1
            self._go_on(event["code"])

    def _decide(self, approval_id: int) -> None:
        approval = self._house.memory.approvals.get(approval_id)
        if approval is None or approval.state is not ApprovalState.PENDING or self._dice.random() < _SILENT:
            return
        there = [one for one in self._clerks.values() if one.member.leads and one.here]
        clerk = next((one for one in there if one.member.id not in approval.askers), None)
        if clerk is None:
            return
        if self._dice.random() < _REFUSES:
            self._figures.tried(self._house.approving.refuse(clerk.member, approval_id, "Chưa đủ căn cứ."))
        else:
            self._figures.tried(self._house.approving.grant(clerk.member, approval_id))

    def _go_on(self, code: str) -> None:
        case_id = self._house.memory.case_codes.get(code)
        case = self._house.memory.cases[case_id] if case_id is not None else None
        owner = self._clerks.get(case.owner_id) if case is not None and case.owner_id is not None else None
        if owner is not None:
            self._remember(owner, code)
