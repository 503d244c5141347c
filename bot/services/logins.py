"""Coming in and staying in: logins of staff members and the sessions that they open."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.company import Company
from bot.domain.errors import DomainError
from bot.domain.staff import StaffMember
from bot.services.ports import Clock, Store, UnitOfWork
from bot.services.ports_people import StaffSession
from bot.services.presences import heard_of
from bot.services.second_factors import WrongCode, code_subject, require_code
from bot.services.secrets import Passwords, new_token, token_hash
from bot.services.throttle import LONGEST_WAIT, Throttle

IDLE_LIMIT = timedelta(hours=10)
ABSOLUTE_LIMIT = timedelta(days=7)
SHARED_WAIT = timedelta(seconds=4)
"""The longest wait that tries from everywhere together put on an account: long for guessing, short for its owner."""


class WrongLogin(DomainError):
    """Address and password do not belong together (or there is no such account: the same answer, by design)."""

    code = "wrong_login"


@dataclass(frozen=True, kw_only=True)
class Login:
    """A fresh login. ``token`` goes into the cookie and is never stored; ``csrf`` goes into the page."""

    token: str
    csrf: str
    staff: StaffMember


class Logins:
    """Opens, knows and ends sessions."""

    def __init__(self, *, store: Store, clock: Clock, company: Company, passwords: Passwords) -> None:
        self._store = store
        self._clock = clock
        self._company = company
        self._passwords = passwords
        self._throttle = Throttle(store, clock)

    async def login(self, email: str, password: str, source: str, code: str | None = None) -> Login:
        """Open a session.

        ``source`` is the address that the try comes from. Throttling is per account and source together. Per account
        alone nobody is ever held up for more than a moment, so nobody can lock a colleague out.

        Raises:
            WrongLogin: no match, or the account is switched off.
            CodeNeeded: the password is right, and ``code``, of the second factor, is missing.
            WrongCode: it is not right; that counts like a wrong password.
            TooManyTries: wait first.
        """
        address = email.strip().lower()[:320]
        subjects = {f"{address}|{source}": LONGEST_WAIT, address: SHARED_WAIT}
        await self._throttle.require_open(subjects)
        async with self._store.begin() as uow:
            found = await uow.staff.by_email(address)
        person, stored = found if found else (None, None)
        if not await self._passwords.matches(stored, password) or person is None or not person.active:
            await self._throttle.failed(subjects)
            raise WrongLogin(address)
        # Whoever gets here knows the password: now the account itself is slowed down, wherever the tries come from.
        guessing = code_subject(person.id)
        await self._throttle.require_open([guessing])
        try:
            async with self._store.begin() as uow:
                await require_code(uow, person, code, self._clock.now())
                await self._throttle.forget(uow, [*subjects, guessing])
                return await self.open(uow, person)
        except WrongCode:
            await self._throttle.failed({**subjects, guessing: LONGEST_WAIT})
            raise

    async def open(self, uow: UnitOfWork, person: StaffMember) -> Login:
        """Open a session for somebody who has proved who they are, in the caller's transaction."""
        token, csrf, now = new_token(), new_token(), self._clock.now()
        await uow.staff.add_session(token_hash(token), person.id, csrf, now)
        await uow.audit.write(now, f"staff:{person.id}", "login", f"staff:{person.id}")
        return Login(token=token, csrf=csrf, staff=await heard_of(uow, self._company, person, now))

    async def session(self, token: str) -> StaffSession | None:
        """Return the session of a cookie, ``None`` when it is unknown, over, or its person is switched off.

        It counts as a sign of life of its person.
        """
        now, digest = self._clock.now(), token_hash(token)
        async with self._store.begin(relaxed=True) as uow:
            session = await uow.staff.session(digest)
            if session is None:
                return None
            over = now - session.seen_at > IDLE_LIMIT or now - session.created_at > ABSOLUTE_LIMIT
            if over or not session.staff.active:
                await uow.staff.end_session(digest)
                return None
            if now - session.seen_at > timedelta(minutes=1):
                await uow.staff.touch_session(digest, now)
            return replace(session, staff=await heard_of(uow, self._company, session.staff, now))

    async def logout(self, token: str) -> None:
        """End a session."""
        async with self._store.begin() as uow:
            await uow.staff.end_session(token_hash(token))
