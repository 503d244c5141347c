"""Second factors (TOTP, RFC 6238): enrolled by the person, asked for at login, taken away by an admin."""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp

from bot.domain.company import Company
from bot.domain.errors import DomainError, Invalid
from bot.domain.second_factor import SecondFactor
from bot.domain.staff import StaffMember, require_admin
from bot.services.ports import Clock, Store, UnitOfWork
from bot.services.refusals import NotNow
from bot.services.throttle import LONGEST_WAIT, Throttle

STEP = 30
WINDOW = 1
"""Steps that a telephone's clock may be wrong, either way."""


class CodeNeeded(DomainError):
    """Address and password are right, and this account also wants the code of its authenticator application."""

    code = "second_factor_needed"


class WrongCode(DomainError):
    """The code is wrong, too old, or was used before; take the next one."""

    code = "wrong_code"


def code_subject(staff_id: int) -> str:
    """Return under what name wrong codes of a person are counted."""
    return f"second-factor|{staff_id}"


async def require_code(uow: UnitOfWork, person: StaffMember, code: str | None, now: datetime) -> None:
    """Let a person in who shows the code of this moment, where their account asks for one; it is used up then.

    Raises:
        CodeNeeded: none was given.
        WrongCode: it is not that of this moment, or was used before.
    """
    factor = await uow.staff.second_factor(person.id, lock=True)
    if factor is None or not factor.confirmed:
        return
    if code is None:
        raise CodeNeeded(person.email)
    await uow.staff.save_second_factor(person.id, _used(factor, code, now))


class SecondFactors:
    """Enrols people, and takes second factors away."""

    def __init__(self, *, store: Store, clock: Clock, company: Company) -> None:
        self._store = store
        self._clock = clock
        self._company = company
        self._throttle = Throttle(store, clock)

    async def begin(self, staff: StaffMember) -> tuple[str, str]:
        """Return a fresh secret and its ``otpauth:`` address, to be shown once; nothing is asked for until `confirm`.

        Raises:
            NotNow: there is a second factor already; an admin takes it away first.
        """
        secret = pyotp.random_base32()
        async with self._store.begin() as uow:
            known = await uow.staff.second_factor(staff.id, lock=True)
            if known is not None and known.confirmed:
                raise NotNow("Tài khoản đã có mã xác thực. Quản trị viên đặt lại rồi mới đăng ký máy mới được.")
            await uow.staff.save_second_factor(staff.id, SecondFactor(secret=secret))
        uri = pyotp.TOTP(secret).provisioning_uri(name=staff.email, issuer_name=self._company.short_name)
        return secret, uri

    async def confirm(self, staff: StaffMember, code: str) -> None:
        """Have logins ask for a code from now on, as the first one proves that the secret arrived.

        Raises:
            Invalid: the code is wrong.
            NotNow: nothing was begun.
        """
        subject = code_subject(staff.id)
        await self._throttle.require_open([subject])
        now = self._clock.now()
        try:
            async with self._store.begin() as uow:
                factor = await uow.staff.second_factor(staff.id, lock=True)
                if factor is None or factor.confirmed:
                    raise NotNow("Không có đăng ký mã xác thực nào đang chờ.")
                await uow.staff.save_second_factor(staff.id, _used(factor, code, now))
                await uow.audit.write(now, f"staff:{staff.id}", "second_factor.add", f"staff:{staff.id}")
        except WrongCode as failure:
            await self._throttle.failed({subject: LONGEST_WAIT})
            reason = "Mã chưa đúng. Anh/chị kiểm tra giờ trên điện thoại rồi nhập mã mới nhất."
            raise Invalid("code", reason) from failure

    async def remove(self, by: StaffMember, staff_id: int) -> None:
        """Take the second factor of an account away, for an admin: the telephone is lost. Nothing where there is none.

        Raises:
            NotPermitted: the caller is no admin.
            Unknown: there is no such account.
        """
        require_admin(by)
        async with self._store.begin() as uow:
            person = await uow.staff.get(staff_id, lock=True)
            await uow.staff.save_second_factor(person.id, None)
            await uow.audit.write(self._clock.now(), f"staff:{by.id}", "second_factor.remove", f"staff:{person.id}")


def _used(factor: SecondFactor, code: str, now: datetime) -> SecondFactor:
    given = "".join(code.split()).encode("utf-8", "surrogatepass")
    totp, present = pyotp.TOTP(factor.secret, interval=STEP), int(now.timestamp()) // STEP
    for step in range(present - WINDOW, present + WINDOW + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), given):
            used = factor.used(step)
            if used is not None:
                return used
    raise WrongCode
