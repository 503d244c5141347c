"""Staff members, logins, one-time links and web chat visitors in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.adapters.memory.data import Login, Work
from bot.domain.company import RoleId
from bot.domain.copies import altered
from bot.domain.errors import Invalid, Unknown
from bot.domain.second_factor import SecondFactor
from bot.domain.staff import StaffMember
from bot.services.ports_people import StaffSession

_COUNTED = frozenset({"on_duty", "active", "departments", "role", "skills", "languages", "senior"})
"""What others look at who ask who is there."""


class MemoryStaff:
    """See `bot.services.ports_people.Staff`."""

    def __init__(self, work: Work) -> None:
        self._memory = work.memory
        self._journal = work.journal
        self._effects = work.effects

    async def add(
        self,
        email: str,
        name: str,
        role: RoleId,
        departments: frozenset[str],
        password_hash: str | None,
        at: datetime,
        *,
        on_duty: bool = False,
    ) -> StaffMember:
        """Store an account."""
        if any(one.email == email for one in self._memory.staff.values()):
            raise Invalid("email", "Địa chỉ email này đã có tài khoản.")
        person = StaffMember(
            id=self._memory.next_id("staff"),
            email=email,
            name=name,
            role=role,
            departments=departments,
            on_duty=on_duty,
            created_at=at,
            switched_at=at if on_duty else None,
            seen_at=at if on_duty else None,
        )
        self._put(person)
        self._duty_changed()
        self._journal.put(self._memory.passwords, person.id, password_hash)
        return person

    async def get(self, staff_id: int, *, lock: bool = False) -> StaffMember:
        """Find by id."""
        found = self._memory.staff.get(staff_id)
        if found is None:
            raise Unknown(f"staff member {staff_id}")
        return found

    async def by_email(self, email: str) -> tuple[StaffMember, str | None] | None:
        """Find by address."""
        found = next((one for one in self._memory.staff.values() if one.email == email), None)
        return (found, self._memory.passwords[found.id]) if found else None

    async def all(self) -> list[StaffMember]:
        """Read everybody."""
        return sorted(self._memory.staff.values(), key=lambda one: one.name)

    async def people(self) -> list[StaffMember]:
        """Read everybody who is active."""
        if self._memory.people is None:
            self._memory.people = [one for _, one in sorted(self._memory.staff.items()) if one.active]
        return self._memory.people

    async def names(self) -> dict[int, str]:
        """Read names."""
        return {one.id: one.name for one in self._memory.staff.values()}

    async def save(self, person: StaffMember) -> None:
        """Store what admins say of a person."""
        self._change(
            person.id,
            name=person.name,
            role=person.role,
            departments=person.departments,
            skills=person.skills,
            languages=person.languages,
            senior=person.senior,
            title=person.title,
        )

    async def set_duty(self, staff_id: int, *, on_duty: bool, at: datetime | None = None) -> None:
        """Store duty, and when it changed."""
        person = self._memory.staff.get(staff_id)
        if person is None:
            return
        turned = {"switched_at": at} if at is not None and person.on_duty is not on_duty else {}
        self._change(staff_id, on_duty=on_duty, **turned)
        if on_duty and at is not None:
            await self.touch(staff_id, at)

    async def touch(self, staff_id: int, at: datetime) -> None:
        """Store a sign of life, unless a later one is there."""
        person = self._memory.staff.get(staff_id)
        if person is not None and (person.seen_at is None or person.seen_at < at):
            self._change(staff_id, seen_at=at)

    async def save_shift_timer(self, staff_id: int, timer_id: int) -> None:
        """Store a timer."""
        self._change(staff_id, shift_timer_id=timer_id)

    async def set_active(self, staff_id: int, *, active: bool) -> None:
        """Store activity."""
        off_duty = {} if active else {"on_duty": False}
        self._change(staff_id, active=active, **off_duty)

    async def save_password(self, staff_id: int, password_hash: str) -> None:
        """Store a password, end sessions."""
        self._journal.put(self._memory.passwords, staff_id, password_hash)
        await self.end_sessions_of(staff_id)

    def _duty_changed(self) -> None:
        self._effects.people = True

    def _change(self, staff_id: int, **changes: Any) -> None:
        person = self._memory.staff.get(staff_id)
        if person is not None:
            self._put(altered(person, **changes))
            if not _COUNTED.isdisjoint(changes):
                self._duty_changed()

    def _put(self, person: StaffMember) -> None:
        self._journal.put(self._memory.staff, person.id, person)
        self._memory.forget_people()
        self._journal.on_undo(self._memory.forget_people)

    # --- logins -------------------------------------------------------------------------------------------------------

    async def add_session(self, token_hash: bytes, staff_id: int, csrf: str, at: datetime) -> None:
        """Store a login."""
        login = Login(staff_id=staff_id, csrf=csrf, created_at=at, seen_at=at)
        self._journal.put(self._memory.logins, token_hash, login)

    async def session(self, token_hash: bytes) -> StaffSession | None:
        """Find a login."""
        login = self._memory.logins.get(token_hash)
        if login is None:
            return None
        person = self._memory.staff[login.staff_id]
        return StaffSession(staff=person, csrf=login.csrf, created_at=login.created_at, seen_at=login.seen_at)

    async def touch_session(self, token_hash: bytes, at: datetime) -> None:
        """Note use."""
        login = self._memory.logins.get(token_hash)
        if login is not None:
            self._journal.put(self._memory.logins, token_hash, replace(login, seen_at=at))

    async def end_session(self, token_hash: bytes) -> None:
        """Delete a login."""
        self._journal.drop(self._memory.logins, token_hash)

    async def end_sessions_of(self, staff_id: int) -> None:
        """Delete every login of a person."""
        for token_hash in [one for one, login in self._memory.logins.items() if login.staff_id == staff_id]:
            self._journal.drop(self._memory.logins, token_hash)

    async def second_factor(self, staff_id: int, *, lock: bool = False) -> SecondFactor | None:
        """Find what a login must show."""
        return self._memory.second_factors.get(staff_id)

    async def save_second_factor(self, staff_id: int, factor: SecondFactor | None) -> None:
        """Store or forget what a login must show."""
        if factor is not None:
            self._journal.put(self._memory.second_factors, staff_id, factor)
        elif staff_id in self._memory.second_factors:
            self._journal.drop(self._memory.second_factors, staff_id)

    async def second_factors(self) -> frozenset[int]:
        """Read whose login asks for a code."""
        return frozenset(one for one, factor in self._memory.second_factors.items() if factor.confirmed)

    async def attempts(self, subject: str) -> tuple[int, datetime | None]:
        """Read failures in a row."""
        return self._memory.attempts.get(subject, (0, None))

    async def save_attempts(self, subject: str, failures: int, open_at: datetime) -> None:
        """Store failures in a row."""
        if failures == 0:
            self._journal.drop(self._memory.attempts, subject)
        else:
            self._journal.put(self._memory.attempts, subject, (failures, open_at))

    async def add_link(self, token_hash: bytes, purpose: str, expires_at: datetime) -> None:
        """Store a link, drop earlier ones."""
        for one in [known for known, (what, _) in self._memory.links.items() if what == purpose]:
            self._journal.drop(self._memory.links, one)
        self._journal.put(self._memory.links, token_hash, (purpose, expires_at))

    async def use_link(self, token_hash: bytes, purpose: str, at: datetime) -> bool:
        """Delete a valid link and tell whether there was one."""
        known = self._memory.links.get(token_hash)
        if known is None or known[0] != purpose or known[1] <= at:
            return False
        self._journal.drop(self._memory.links, token_hash)
        return True


class MemoryChatSessions:
    """See `bot.services.ports_people.ChatSessions`."""

    def __init__(self, work: Work) -> None:
        self._memory = work.memory
        self._journal = work.journal

    async def add(self, token_hash: bytes, conversation_id: int, at: datetime) -> None:
        """Store a visitor."""
        self._journal.put(self._memory.visitors, token_hash, (conversation_id, at))

    async def conversation_of(self, token_hash: bytes, since: datetime) -> int | None:
        """Find the conversation of a cookie."""
        known = self._memory.visitors.get(token_hash)
        return known[0] if known is not None and known[1] > since else None
