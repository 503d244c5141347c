"""Staff members, logins, one-time links and web chat visitors in PostgreSQL."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, case, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.db.bell import PEOPLE
from bot.adapters.db.tables import chat_sessions, login_attempts, one_time_links, second_factors, staff, staff_sessions
from bot.adapters.db.tail import Tail
from bot.domain.company import RoleId
from bot.domain.errors import Invalid, Unknown
from bot.domain.second_factor import SecondFactor
from bot.domain.staff import StaffMember
from bot.services.ports_people import StaffSession

# Built once: see `bot.adapters.db.messages`.
_GET = select(staff).where(staff.c.id == bindparam("person"))
# Not of the key: rows that only name the person need not wait, nor a lock be widened by whoever named them first.
_LOCK = _GET.with_for_update(key_share=True)
_FACTOR = select(second_factors).where(second_factors.c.staff_id == bindparam("person"))
_PEOPLE = select(staff).where(staff.c.active).order_by(staff.c.id)
_SAVE = update(staff).where(staff.c.id == bindparam("person"))
# Null is the least of all here: PostgreSQL's greatest() skips it.
_TOUCH = _SAVE.values(seen_at=func.greatest(staff.c.seen_at, bindparam("at")))
_SWITCH = _SAVE.values(
    on_duty=bindparam("on"),
    switched_at=case((staff.c.on_duty != bindparam("on"), bindparam("at")), else_=staff.c.switched_at),
    seen_at=case((bindparam("on"), func.greatest(staff.c.seen_at, bindparam("at"))), else_=staff.c.seen_at),
)


class StaffTable:
    """See `bot.services.ports.Staff`."""

    def __init__(self, connection: AsyncConnection, tail: Tail) -> None:
        self._connection = connection
        self._tail = tail

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
        """Insert an account."""
        self._tail.wake(PEOPLE)
        made = await self._connection.execute(
            upsert(staff)
            .values(
                email=email,
                name=name,
                role=role,
                departments=sorted(departments),
                password_hash=password_hash,
                on_duty=on_duty,
                switched_at=at if on_duty else None,
                seen_at=at if on_duty else None,
                created_at=at,
            )
            .on_conflict_do_nothing(index_elements=[staff.c.email])
            .returning(staff)
        )
        row = made.one_or_none()
        if row is None:
            raise Invalid("email", "Địa chỉ email này đã có tài khoản.")
        return _staff(row)

    async def get(self, staff_id: int, *, lock: bool = False) -> StaffMember:
        """Find by id."""
        row = (await self._connection.execute(_LOCK if lock else _GET, {"person": staff_id})).one_or_none()
        if row is None:
            raise Unknown(f"staff member {staff_id}")
        return _staff(row)

    async def by_email(self, email: str) -> tuple[StaffMember, str | None] | None:
        """Find by address."""
        row = (await self._connection.execute(select(staff).where(staff.c.email == email))).one_or_none()
        return (_staff(row), row.password_hash) if row else None

    async def all(self) -> list[StaffMember]:
        """Read everybody."""
        return [_staff(row) for row in await self._connection.execute(select(staff).order_by(staff.c.name))]

    async def names(self) -> dict[int, str]:
        """Read names."""
        return {row.id: row.name for row in await self._connection.execute(select(staff.c.id, staff.c.name))}

    async def people(self) -> list[StaffMember]:
        """Read who may be asked to work."""
        return [_staff(row) for row in await self._connection.execute(_PEOPLE)]

    async def save(self, person: StaffMember) -> None:
        """Store what admins say of a person."""
        self._tail.wake(PEOPLE)
        await self._connection.execute(
            _SAVE,
            {
                "person": person.id,
                "name": person.name,
                "role": person.role,
                "departments": sorted(person.departments),
                "skills": sorted(person.skills),
                "languages": sorted(person.languages),
                "senior": person.senior,
                "title": person.title,
            },
        )

    async def set_duty(self, staff_id: int, *, on_duty: bool, at: datetime | None = None) -> None:
        """Store the switch."""
        self._tail.wake(PEOPLE)
        if at is None:
            await self._connection.execute(_SAVE, {"person": staff_id, "on_duty": on_duty})
        else:
            await self._connection.execute(_SWITCH, {"person": staff_id, "on": on_duty, "at": at})

    async def touch(self, staff_id: int, at: datetime) -> None:
        """Store a heartbeat."""
        await self._connection.execute(_TOUCH, {"person": staff_id, "at": at})

    async def save_shift_timer(self, staff_id: int, timer_id: int) -> None:
        """Store a timer."""
        await self._connection.execute(_SAVE, {"person": staff_id, "shift_timer_id": timer_id})

    async def set_active(self, staff_id: int, *, active: bool) -> None:
        """Store activity."""
        self._tail.wake(PEOPLE)
        off_duty = {} if active else {"on_duty": False}
        await self._connection.execute(update(staff).where(staff.c.id == staff_id).values(active=active, **off_duty))

    async def save_password(self, staff_id: int, password_hash: str) -> None:
        """Store a password, end sessions."""
        await self._connection.execute(update(staff).where(staff.c.id == staff_id).values(password_hash=password_hash))
        await self.end_sessions_of(staff_id)

    async def add_session(self, token_hash: bytes, staff_id: int, csrf: str, at: datetime) -> None:
        """Insert a login."""
        await self._connection.execute(
            insert(staff_sessions).values(
                token_hash=token_hash, staff_id=staff_id, csrf=csrf, created_at=at, seen_at=at
            )
        )

    async def session(self, token_hash: bytes) -> StaffSession | None:
        """Find a login."""
        rows = await self._connection.execute(
            select(
                staff,
                staff_sessions.c.csrf,
                staff_sessions.c.created_at.label("since"),
                staff_sessions.c.seen_at.label("used_at"),
            )
            .join(staff_sessions, staff_sessions.c.staff_id == staff.c.id)
            .where(staff_sessions.c.token_hash == token_hash)
        )
        row = rows.one_or_none()
        if row is None:
            return None
        return StaffSession(staff=_staff(row), csrf=row.csrf, created_at=row.since, seen_at=row.used_at)

    async def touch_session(self, token_hash: bytes, at: datetime) -> None:
        """Note use."""
        await self._connection.execute(
            update(staff_sessions).where(staff_sessions.c.token_hash == token_hash).values(seen_at=at)
        )

    async def end_session(self, token_hash: bytes) -> None:
        """Delete a login."""
        await self._connection.execute(delete(staff_sessions).where(staff_sessions.c.token_hash == token_hash))

    async def end_sessions_of(self, staff_id: int) -> None:
        """Delete every login of a person."""
        await self._connection.execute(delete(staff_sessions).where(staff_sessions.c.staff_id == staff_id))

    async def second_factor(self, staff_id: int, *, lock: bool = False) -> SecondFactor | None:
        """Find what a login must show."""
        if lock:
            await self._connection.execute(_LOCK, {"person": staff_id})
        row = (await self._connection.execute(_FACTOR, {"person": staff_id})).one_or_none()
        return SecondFactor(secret=row.secret, confirmed=row.confirmed, last_step=row.last_step) if row else None

    async def save_second_factor(self, staff_id: int, factor: SecondFactor | None) -> None:
        """Insert, replace or delete what a login must show."""
        if factor is None:
            await self._connection.execute(delete(second_factors).where(second_factors.c.staff_id == staff_id))
            return
        values = {"secret": factor.secret, "confirmed": factor.confirmed, "last_step": factor.last_step}
        await self._connection.execute(
            upsert(second_factors)
            .values(staff_id=staff_id, **values)
            .on_conflict_do_update(index_elements=[second_factors.c.staff_id], set_=values)
        )

    async def second_factors(self) -> frozenset[int]:
        """Read whose login asks for a code."""
        rows = await self._connection.execute(select(second_factors.c.staff_id).where(second_factors.c.confirmed))
        return frozenset(row.staff_id for row in rows)

    async def attempts(self, subject: str) -> tuple[int, datetime | None]:
        """Read failures in a row."""
        row = (
            await self._connection.execute(
                select(login_attempts).where(login_attempts.c.subject == subject).with_for_update()
            )
        ).one_or_none()
        return (row.failures, row.open_at) if row else (0, None)

    async def save_attempts(self, subject: str, failures: int, open_at: datetime) -> None:
        """Store failures in a row."""
        if failures == 0:
            await self._connection.execute(delete(login_attempts).where(login_attempts.c.subject == subject))
            return
        values = {"failures": failures, "open_at": open_at}
        await self._connection.execute(
            upsert(login_attempts)
            .values(subject=subject, **values)
            .on_conflict_do_update(index_elements=[login_attempts.c.subject], set_=values)
        )

    async def add_link(self, token_hash: bytes, purpose: str, expires_at: datetime) -> None:
        """Insert a link, drop earlier ones."""
        await self._connection.execute(delete(one_time_links).where(one_time_links.c.purpose == purpose))
        await self._connection.execute(
            insert(one_time_links).values(token_hash=token_hash, purpose=purpose, expires_at=expires_at)
        )

    async def use_link(self, token_hash: bytes, purpose: str, at: datetime) -> bool:
        """Delete a valid link and tell whether there was one."""
        used = await self._connection.execute(
            delete(one_time_links)
            .where(
                one_time_links.c.token_hash == token_hash,
                one_time_links.c.purpose == purpose,
                one_time_links.c.expires_at > at,
            )
            .returning(one_time_links.c.purpose)
        )
        return used.one_or_none() is not None


class ChatSessionTable:
    """See `bot.services.ports.ChatSessions`."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, token_hash: bytes, conversation_id: int, at: datetime) -> None:
        """Insert a visitor."""
        await self._connection.execute(
            insert(chat_sessions).values(token_hash=token_hash, conversation_id=conversation_id, created_at=at)
        )

    async def conversation_of(self, token_hash: bytes, since: datetime) -> int | None:
        """Find the conversation of a cookie."""
        found = await self._connection.scalar(
            select(chat_sessions.c.conversation_id).where(
                chat_sessions.c.token_hash == token_hash, chat_sessions.c.created_at > since
            )
        )
        return int(found) if found is not None else None


def _staff(row: Row[Any]) -> StaffMember:
    return StaffMember(
        id=row.id,
        email=row.email,
        name=row.name,
        role=RoleId(row.role),
        departments=frozenset(row.departments),
        active=row.active,
        on_duty=row.on_duty,
        created_at=row.created_at,
        skills=frozenset(row.skills),
        languages=frozenset(row.languages),
        senior=row.senior,
        title=row.title,
        switched_at=row.switched_at,
        seen_at=row.seen_at,
        shift_timer_id=row.shift_timer_id,
    )
