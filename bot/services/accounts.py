"""Accounts of staff members: the first admin, passwords, and what admins change of people."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.company import Company, RoleId
from bot.domain.errors import Invalid, NotPermitted
from bot.domain.staff import (
    StaffMember,
    checked_departments,
    checked_email,
    checked_languages,
    checked_name,
    checked_password,
    checked_skills,
    checked_title,
    require_admin,
)
from bot.services.duty import leave_requests
from bot.services.logins import Login, Logins, WrongLogin
from bot.services.ports import Clock, Store, UnitOfWork
from bot.services.presences import look_at
from bot.services.putting_back import post_put_back
from bot.services.secrets import Passwords, new_token, token_hash
from bot.services.throttle import LONGEST_WAIT, Throttle

FIRST_ADMIN = "first-admin"
LINK_LIFE = timedelta(hours=24)


@dataclass(frozen=True, kw_only=True)
class AccountChange:
    """What changes of an account; what is None stays."""

    name: str | None = None
    role: RoleId | None = None
    departments: Collection[str] | None = None
    skills: Collection[str] | None = None
    languages: Collection[str] | None = None
    senior: bool | None = None
    title: str | None = None
    active: bool | None = None


class Accounts:
    """Everything about who may come in; ``logins`` lets them in."""

    def __init__(self, *, store: Store, clock: Clock, company: Company, passwords: Passwords) -> None:
        self._store = store
        self._clock = clock
        self._company = company
        self._passwords = passwords
        self._throttle = Throttle(store, clock)
        self.logins = Logins(store=store, clock=clock, company=company, passwords=passwords)

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
            everywhere = frozenset(self._company.departments)
            now = self._clock.now()
            person = await uow.staff.add(address, shown, RoleId.ADMIN, everywhere, hashed, now, on_duty=True)
            await look_at(uow, person.id, watch=True)
            return await self.logins.open(uow, person)

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
        more: AccountChange | None = None,
        by: StaffMember | None = None,
    ) -> tuple[StaffMember, str]:
        """Make an account and return it with its password, a random one where none is given.

        ``by`` is the admin who asks; ``None`` is the operator at the shell. ``more``: skills, languages, seniority.

        Raises:
            Invalid: the address is taken or malformed, a department unknown, the password too short.
        """
        if by is not None:
            require_admin(by)
        desks = checked_departments(departments, role, self._company)
        secret = checked_password(password) if password is not None else secrets.token_urlsafe(12)
        hashed = await self._passwords.hash(secret)
        now = self._clock.now()
        async with self._store.begin() as uow:
            person = await uow.staff.add(
                checked_email(email), checked_name(name), role, desks, hashed, now, on_duty=on_duty
            )
            if more is not None:
                person = self._changed(person, more)
                await uow.staff.save(person)
            await uow.audit.write(now, _actor(by), "staff.add", f"staff:{person.id}", role=role.value)
            await look_at(uow, person.id, watch=on_duty)
        return person, secret

    async def everybody(self) -> list[StaffMember]:
        """Return all accounts by name."""
        async with self._store.read() as uow:
            return await uow.staff.all()

    async def edit(self, by: StaffMember, staff_id: int, change: AccountChange) -> StaffMember:
        """Change what an account says of a person, or switch it off or on.

        Raises:
            NotPermitted: the caller is no admin.
            Invalid: what is asked cannot be, or would leave the house without an admin.
            Unknown: there is no such account.
        """
        require_admin(by)
        async with self._store.begin() as uow:
            await uow.rosters.lock()
            person = await uow.staff.get(staff_id, lock=True)
            changed = self._changed(person, change)
            active = person.active if change.active is None else change.active
            if person.role is RoleId.ADMIN and not (active and changed.role is RoleId.ADMIN):
                others = [one for one in await uow.staff.people() if one.id != person.id]
                if not _has_admin(others):
                    raise Invalid("role", "Phải còn ít nhất một quản trị viên đang hoạt động.")
            await uow.staff.save(changed)
            if active != person.active:
                await self._switch(uow, person, active=active, by=by)
            fields = sorted(name for name, value in vars(change).items() if value is not None)
            await uow.audit.write(self._clock.now(), _actor(by), "staff.edit", f"staff:{staff_id}", fields=fields)
            await look_at(uow, staff_id)
            return await uow.staff.get(staff_id)

    def _changed(self, person: StaffMember, change: AccountChange) -> StaffMember:
        role = change.role or person.role
        desks = person.departments if change.departments is None else change.departments
        skills, languages = change.skills, change.languages
        return replace(
            person,
            name=person.name if change.name is None else checked_name(change.name),
            role=role,
            departments=checked_departments(desks, role, self._company),
            skills=person.skills if skills is None else checked_skills(skills, self._company),
            languages=person.languages if languages is None else checked_languages(languages, self._company),
            senior=person.senior if change.senior is None else change.senior,
            title=person.title if change.title is None else checked_title(change.title),
        )

    async def change_password(self, staff: StaffMember, current: str, new: str) -> None:
        """Let a person change their own password; every session of theirs ends.

        Raises:
            WrongLogin: the current password is wrong.
        """
        secret = checked_password(new)
        subject = f"password|{staff.id}"
        await self._throttle.require_open([subject])
        async with self._store.read() as uow:
            found = await uow.staff.by_email(staff.email)
        if found is None or not await self._passwords.matches(found[1], current):
            await self._throttle.failed({subject: LONGEST_WAIT})
            raise WrongLogin(staff.email)
        await self._save_password(staff.id, secret, f"staff:{staff.id}")

    async def reset(self, by: StaffMember, staff_id: int) -> tuple[StaffMember, str]:
        """Give an account a random password, for an admin; every session of the person ends.

        Raises:
            NotPermitted: the caller is no admin.
            Unknown: there is no such account.
        """
        require_admin(by)
        async with self._store.read() as uow:
            person = await uow.staff.get(staff_id)
        secret = secrets.token_urlsafe(12)
        await self._save_password(person.id, secret, _actor(by))
        return person, secret

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
        """Switch an account on or off (the operator at the shell).

        Switched off, its sessions end at once, and its cases go back to their queues as soon as the house runs.
        """
        known = await self._by_email(email)
        async with self._store.begin() as uow:
            person = await uow.staff.get(known.id, lock=True)
            await self._switch(uow, person, active=active, by=None)
            await look_at(uow, person.id)
            return await uow.staff.get(person.id)

    async def _switch(self, uow: UnitOfWork, person: StaffMember, *, active: bool, by: StaffMember | None) -> None:
        await uow.staff.set_active(person.id, active=active)
        if not active:
            await uow.staff.end_sessions_of(person.id)
            for case in await uow.cases.held_by(person.id):
                await post_put_back(uow, case)
            await leave_requests(uow, person.id)
        await uow.audit.write(self._clock.now(), _actor(by), "staff.active", f"staff:{person.id}", active=active)

    async def _by_email(self, email: str) -> StaffMember:
        async with self._store.begin() as uow:
            found = await uow.staff.by_email(checked_email(email))
        if found is None:
            raise Invalid("email", "Không có tài khoản với địa chỉ này.")
        return found[0]

    async def _save_password(self, staff_id: int, secret: str, actor: str) -> None:
        hashed = await self._passwords.hash(secret)
        async with self._store.begin() as uow:
            await uow.staff.save_password(staff_id, hashed)
            await uow.audit.write(self._clock.now(), actor, "staff.password", f"staff:{staff_id}")


def _has_admin(everybody: Collection[StaffMember]) -> bool:
    return any(one.role is RoleId.ADMIN and one.active for one in everybody)


def _actor(by: StaffMember | None) -> str:
    return f"staff:{by.id}" if by is not None else "operator"
