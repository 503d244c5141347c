"""Accounts of staff members: the first admin, logins, passwords, duty."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.domain.cases import CaseState
from bot.domain.company import Company, RoleId
from bot.domain.errors import DomainError, Invalid, NotPermitted
from bot.domain.staff import StaffMember, checked_email, checked_name, checked_password, require_admin
from bot.services.floors import pass_on
from bot.services.handoff import Handoff
from bot.services.ports import Clock, Store, UnitOfWork
from bot.services.ports_people import StaffSession
from bot.services.secrets import Passwords, new_token, token_hash

IDLE_LIMIT = timedelta(hours=10)
ABSOLUTE_LIMIT = timedelta(days=7)
FIRST_ADMIN = "first-admin"
LINK_LIFE = timedelta(hours=24)
FREE_TRIES = 5
"""Failed logins in a row before each further try has to wait."""

LONGEST_WAIT = timedelta(minutes=5)
SHARED_WAIT = timedelta(seconds=4)
"""The longest wait that tries from everywhere together put on an account: long for guessing, short for its owner."""

FORGOTTEN_AFTER = timedelta(minutes=15)
"""Failures longer ago than this no longer count."""


class WrongLogin(DomainError):
    """Address and password do not belong together (or there is no such account: the same answer, by design)."""

    code = "wrong_login"


class TooManyTries(DomainError):
    """Wait ``seconds`` before trying again."""

    code = "too_many_tries"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"try again in {seconds} s")
        self.seconds = seconds


@dataclass(frozen=True, kw_only=True)
class Login:
    """A fresh login. ``token`` goes into the cookie and is never stored; ``csrf`` goes into the page."""

    token: str
    csrf: str
    staff: StaffMember


class Accounts:
    """Everything about who may come in."""

    def __init__(self, *, store: Store, clock: Clock, company: Company, passwords: Passwords) -> None:
        self._store = store
        self._clock = clock
        self._company = company
        self._passwords = passwords
        self._handoff = Handoff(company)

    # --- coming in ----------------------------------------------------------------------------------------------------

    async def login(self, email: str, password: str, source: str) -> Login:
        """Open a session.

        ``source`` is the address that the try comes from. Throttling is per account and source together. Per account
        alone nobody is ever held up for more than a moment, so nobody can lock a colleague out.

        Raises:
            WrongLogin: no match, or the account is switched off.
            TooManyTries: wait first.
        """
        address = email.strip().lower()[:320]
        subjects = (f"{address}|{source}", address)
        await self._require_open(subjects)
        async with self._store.begin() as uow:
            found = await uow.staff.by_email(address)
        person, stored = found if found else (None, None)
        if not await self._passwords.matches(stored, password) or person is None or not person.active:
            await self._note_failure(subjects)
            raise WrongLogin(address)
        async with self._store.begin() as uow:
            for subject in subjects:
                await uow.staff.save_attempts(subject, 0, self._clock.now())
            return await self._open_session(uow, person)

    async def _open_session(self, uow: UnitOfWork, person: StaffMember) -> Login:
        token, csrf = new_token(), new_token()
        await uow.staff.add_session(token_hash(token), person.id, csrf, self._clock.now())
        await uow.audit.write(self._clock.now(), f"staff:{person.id}", "login", f"staff:{person.id}")
        return Login(token=token, csrf=csrf, staff=person)

    async def _require_open(self, subjects: Collection[str]) -> None:
        now = self._clock.now()
        async with self._store.begin() as uow:
            for subject in subjects:
                _, open_at = await uow.staff.attempts(subject)
                if open_at is not None and open_at > now:
                    raise TooManyTries(int((open_at - now).total_seconds()) + 1)

    async def _note_failure(self, subjects: Sequence[str]) -> None:
        now = self._clock.now()
        async with self._store.begin() as uow:
            for subject, longest in zip(subjects, (LONGEST_WAIT, SHARED_WAIT), strict=False):
                failures, since = await uow.staff.attempts(subject)
                if since is not None and now - since > FORGOTTEN_AFTER:
                    failures = 0
                over = failures + 1 - FREE_TRIES
                wait = min(timedelta(seconds=2.0 ** min(over, 9)), longest) if over > 0 else timedelta()
                await uow.staff.save_attempts(subject, failures + 1, now + wait)

    async def session(self, token: str) -> StaffSession | None:
        """Return the session of a cookie, ``None`` when it is unknown, over, or its person is switched off."""
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
            return session

    async def logout(self, token: str) -> None:
        """End a session."""
        async with self._store.begin() as uow:
            await uow.staff.end_session(token_hash(token))

    # --- the first admin --------------------------------------------------------------------------------------------

    async def first_admin_token(self) -> str | None:
        """Return a fresh one-time token for making the first admin; ``None`` once there is one."""
        async with self._store.begin() as uow:
            if _has_admin(await uow.staff.all()):
                return None
            token = new_token()
            await uow.staff.add_link(token_hash(token), FIRST_ADMIN, self._clock.now() + LINK_LIFE)
            return token

    async def first_admin(self, token: str, email: str, name: str, password: str) -> Login:
        """Make the first admin and log them in.

        Raises:
            NotPermitted: the link is used, expired or made up, or there is an admin already.
        """
        address, shown, secret = checked_email(email), checked_name(name), checked_password(password)
        hashed = await self._passwords.hash(secret)
        async with self._store.begin() as uow:
            used = await uow.staff.use_link(token_hash(token), FIRST_ADMIN, self._clock.now())
            if not used or _has_admin(await uow.staff.all()):
                raise NotPermitted("first admin link")
            person = await uow.staff.add(
                address,
                shown,
                RoleId.ADMIN,
                frozenset(self._company.departments),
                hashed,
                self._clock.now(),
                on_duty=True,
            )
            return await self._open_session(uow, person)

    # --- accounts -----------------------------------------------------------------------------------------------------

    async def add(
        self,
        *,
        email: str,
        name: str,
        role: RoleId,
        departments: Collection[str],
        password: str | None = None,
        on_duty: bool = False,
        by: StaffMember | None = None,
    ) -> tuple[StaffMember, str]:
        """Make an account and return it with its password, a random one where none is given.

        ``by`` is the admin who asks; ``None`` is the operator at the shell.

        Raises:
            Invalid: the address is taken or malformed, a department unknown, the password too short.
        """
        if by is not None:
            require_admin(by)
        unknown = set(departments) - set(self._company.departments)
        if unknown:
            raise Invalid("departments", f"Không có bộ phận: {', '.join(sorted(unknown))}.")
        secret = checked_password(password) if password is not None else secrets.token_urlsafe(12)
        hashed = await self._passwords.hash(secret)
        async with self._store.begin() as uow:
            person = await uow.staff.add(
                checked_email(email),
                checked_name(name),
                role,
                frozenset(departments),
                hashed,
                self._clock.now(),
                on_duty=on_duty,
            )
            await uow.audit.write(self._clock.now(), _actor(by), "staff.add", f"staff:{person.id}", role=role.value)
        return person, secret

    async def everybody(self) -> list[StaffMember]:
        """Return all accounts by name."""
        async with self._store.read() as uow:
            return await uow.staff.all()

    async def change_password(self, staff: StaffMember, current: str, new: str) -> None:
        """Let a person change their own password; every session of theirs ends.

        Raises:
            WrongLogin: the current password is wrong.
        """
        secret = checked_password(new)
        subject = f"password|{staff.id}"
        await self._require_open([subject])
        async with self._store.read() as uow:
            found = await uow.staff.by_email(staff.email)
        if found is None or not await self._passwords.matches(found[1], current):
            await self._note_failure([subject])
            raise WrongLogin(staff.email)
        await self._save_password(staff.id, secret, f"staff:{staff.id}")

    async def reset_password(self, email: str) -> str:
        """Give an account a random password (the operator at the shell) and return it.

        Raises:
            Invalid: no such account.
        """
        person = await self._by_email(email)
        secret = secrets.token_urlsafe(12)
        await self._save_password(person.id, secret, "operator")
        return secret

    async def set_active(self, email: str, *, active: bool) -> StaffMember:
        """Switch an account on or off; switched off, its sessions end at once and its cases go back to their queues."""
        person = await self._by_email(email)
        now = self._clock.now()
        async with self._store.begin() as uow:
            await uow.staff.set_active(person.id, active=active)
            if not active:
                await uow.staff.end_sessions_of(person.id)
            await uow.audit.write(now, "operator", "staff.active", f"staff:{person.id}", active=active)
            held = [] if active else await uow.cases.held_by(person.id)
        for case in held:
            await self._release(case.id, case.conversation_id, now)
        return replace(person, active=active, on_duty=person.on_duty and active)

    async def _release(self, case_id: int, conversation_id: int, now: datetime) -> None:
        async with self._store.begin() as uow:
            conversation = await uow.conversations.get(conversation_id, lock=True)
            case = await uow.cases.get(case_id, lock=True)
            if case.state is CaseState.ASSIGNED:
                await self._handoff.release(uow, case, now)
                await pass_on(uow, conversation, case)

    async def set_duty(self, staff: StaffMember, *, on_duty: bool) -> StaffMember:
        """Note that a person comes on duty or goes off.

        Raises:
            HoldsOpenCases: they own open cases; nobody goes off duty owning one (DESIGN section 1).
        """
        now = self._clock.now()
        async with self._store.begin() as uow:
            # Locked first: a claim at the same moment comes either before the look or after the change.
            person = await uow.staff.get(staff.id, lock=True)
            held = [] if on_duty else await uow.cases.held_by(staff.id)
            if held:
                raise HoldsOpenCases([case.code for case in held])
            await uow.staff.set_duty(staff.id, on_duty=on_duty)
            await uow.audit.write(now, f"staff:{staff.id}", "duty", f"staff:{staff.id}", on_duty=on_duty)
            await uow.feed.publish("staff", None, {"staff_id": staff.id, "on_duty": on_duty})
        return replace(person, on_duty=on_duty)

    async def _by_email(self, email: str) -> StaffMember:
        async with self._store.begin() as uow:
            found = await uow.staff.by_email(checked_email(email))
        if found is None:
            raise Invalid("email", "Không có tài khoản với địa chỉ này.")
        return found[0]

    async def _save_password(self, staff_id: int, secret: str, actor: str) -> None:
        hashed = await self._passwords.hash(secret)
        now: datetime = self._clock.now()
        async with self._store.begin() as uow:
            await uow.staff.save_password(staff_id, hashed)
            await uow.audit.write(now, actor, "staff.password", f"staff:{staff_id}")


class HoldsOpenCases(DomainError):
    """The person still owns open cases; ``codes`` names them. Pass them on or resolve them first."""

    code = "holds_open_cases"

    def __init__(self, codes: list[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = codes


def _has_admin(everybody: Collection[StaffMember]) -> bool:
    return any(one.role is RoleId.ADMIN and one.active for one in everybody)


def _actor(by: StaffMember | None) -> str:
    return f"staff:{by.id}" if by is not None else "operator"
