"""What the use cases need from the store about staff members and visitors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.company import RoleId
from bot.domain.second_factor import SecondFactor
from bot.domain.staff import StaffMember


@dataclass(frozen=True, kw_only=True)
class StaffSession:
    """A login. The token itself is never stored, only its SHA-256."""

    staff: StaffMember
    csrf: str
    created_at: datetime
    seen_at: datetime


class Staff(Protocol):
    """Staff members, their logins and one-time links."""

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
        """Store a new account. Raises `Invalid` when the address is taken."""
        ...

    async def get(self, staff_id: int, *, lock: bool = False) -> StaffMember:
        """Return one person, locked against a change of duty where asked. Raises `Unknown`."""
        ...

    async def by_email(self, email: str) -> tuple[StaffMember, str | None] | None:
        """Return a person and the stored password hash."""
        ...

    async def all(self) -> list[StaffMember]:
        """Return everybody, by name."""
        ...

    async def names(self) -> dict[int, str]:
        """Return display names by id."""
        ...

    async def people(self) -> list[StaffMember]:
        """Return every active person, by id."""
        ...

    async def save(self, person: StaffMember) -> None:
        """Store what admins say of a person: name, title, role, departments, skills, languages, seniority.

        Duty, activity, password and heartbeat have ways of their own, as others change them at the same time.
        """
        ...

    async def set_duty(self, staff_id: int, *, on_duty: bool, at: datetime | None = None) -> None:
        """Store that a person switched themselves on or off at a moment, and nothing else of them.

        A switch that stands so already keeps the moment at which it was turned; being switched on counts as being seen.
        """
        ...

    async def touch(self, staff_id: int, at: datetime) -> None:
        """Note that the person's console was heard of; an earlier moment never takes the place of a later one."""
        ...

    async def save_shift_timer(self, staff_id: int, timer_id: int) -> None:
        """Store which timer watches over the end of a person's shift; any earlier one means nothing from now on."""
        ...

    async def set_active(self, staff_id: int, *, active: bool) -> None:
        """Store whether an account may be used; one that may not is off duty."""
        ...

    async def save_password(self, staff_id: int, password_hash: str) -> None:
        """Store a new password and end every session of the person."""
        ...

    async def add_session(self, token_hash: bytes, staff_id: int, csrf: str, at: datetime) -> None:
        """Store a login."""
        ...

    async def session(self, token_hash: bytes) -> StaffSession | None:
        """Return a login with its person as they are now (a lowered role applies at once)."""
        ...

    async def touch_session(self, token_hash: bytes, at: datetime) -> None:
        """Note that a login was used."""
        ...

    async def end_session(self, token_hash: bytes) -> None:
        """Delete a login."""
        ...

    async def end_sessions_of(self, staff_id: int) -> None:
        """Delete every login of a person."""
        ...

    async def second_factor(self, staff_id: int, *, lock: bool = False) -> SecondFactor | None:
        """Return the second factor of a person; ``lock`` keeps others from using the same code meanwhile."""
        ...

    async def save_second_factor(self, staff_id: int, factor: SecondFactor | None) -> None:
        """Store a second factor in the place of an earlier one; ``None`` takes it away."""
        ...

    async def second_factors(self) -> frozenset[int]:
        """Return the people whose login asks for a code."""
        ...

    async def attempts(self, subject: str) -> tuple[int, datetime | None]:
        """Return how often logins of a subject failed in a row, and until when it is closed."""
        ...

    async def save_attempts(self, subject: str, failures: int, open_at: datetime) -> None:
        """Store failed logins; zero failures forgets the subject."""
        ...

    async def add_link(self, token_hash: bytes, purpose: str, expires_at: datetime) -> None:
        """Store a one-time link, replacing earlier ones of the same purpose."""
        ...

    async def use_link(self, token_hash: bytes, purpose: str, at: datetime) -> bool:
        """Use up a one-time link; false when it is unknown, used or expired."""
        ...


class ChatSessions(Protocol):
    """Visitors of the web chat, known by a cookie."""

    async def add(self, token_hash: bytes, conversation_id: int, at: datetime) -> None:
        """Store a visitor's cookie."""
        ...

    async def conversation_of(self, token_hash: bytes, since: datetime) -> int | None:
        """Return the conversation that a cookie opens, unless it was given out before ``since``."""
        ...
