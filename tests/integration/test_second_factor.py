"""The second factor of logins, through the doors: enrolled, asked for, used once, taken away by an admin."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp

from bot.domain.company import RoleId
from tests.house import PASSWORD, Clerk, TestHouse


def code_of(secret: str, *, steps: int = 0) -> str:
    return str(pyotp.TOTP(secret).generate_otp(int(time.time()) // 30 + steps))


async def enrolled(house: TestHouse) -> tuple[Clerk, str]:
    """Give somebody a second factor; the code of the step before this one is used up by that."""
    lan = await house.staff("Lan", "sales")
    status, made = await lan.post("/api/second-factor")
    assert status == 201
    assert (await lan.post("/api/second-factor/confirm", code=code_of(made["secret"], steps=-1)))[0] == 204
    return lan, made["secret"]


async def login(house: TestHouse, clerk: Clerk, **more: str) -> tuple[int, Any]:
    body = {"email": clerk.email, "password": PASSWORD, **more}
    async with house.session.post(f"{house.url}/api/session", json=body) as response:
        return response.status, await response.json()


async def test_a_secret_is_shown_once_as_an_address_and_as_text(house: TestHouse) -> None:
    lan = await house.staff("Lan", "sales")
    _, made = await lan.post("/api/second-factor")
    address = urlsplit(made["uri"])
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert parse_qs(address.query)["secret"] == [made["secret"]]
    assert (await login(house, lan))[0] == 200, "nothing is asked for until a code has confirmed it"
    status, refused = await lan.post("/api/second-factor/confirm", code="000 000 0")
    assert (status, list(refused["fields"])) == (422, ["code"])
    assert (await lan.post("/api/second-factor/confirm", code=code_of(made["secret"])))[0] == 204
    assert (await lan.get("/api/session"))[1]["staff"]["second_factor"] is True
    assert (await lan.post("/api/second-factor"))[0] == 409
    assert (await lan.post("/api/second-factor/confirm", code=code_of(made["secret"])))[0] == 409


async def test_a_login_asks_for_the_code_and_takes_each_once(house: TestHouse) -> None:
    lan, secret = await enrolled(house)
    status, refused = await login(house, lan)
    assert (status, refused["error"]) == (401, "second_factor_needed")
    for wrong in ("", "abc", "ữ", "123456789", "-1", code_of(secret, steps=-5), code_of(secret, steps=5)):
        status, refused = await login(house, lan, totp=wrong)
        assert (status, refused["error"]) in [(401, "wrong_code"), (429, "too_many_tries")]
        if status == 429:
            break
    else:
        raise AssertionError("wrong codes are never slowed down")


async def test_a_code_that_was_used_opens_nothing(house: TestHouse) -> None:
    lan, secret = await enrolled(house)
    status, refused = await login(house, lan, totp=code_of(secret, steps=-1))
    assert (status, refused["error"]) == (401, "wrong_code"), "it confirmed the enrolment"
    code = code_of(secret)
    assert (await login(house, lan, totp=f"{code[:3]} {code[3:]}"))[0] == 200
    assert (await login(house, lan, totp=code))[0] == 401
    assert (await login(house, lan, totp=code_of(secret, steps=1)))[0] == 200, "a clock may be half a minute ahead"


async def test_a_wrong_password_learns_nothing_of_a_second_factor(house: TestHouse) -> None:
    lan, secret = await enrolled(house)
    status, refused = await login(house, lan, password="sai-mat-khau-roi", totp=code_of(secret))
    assert (status, refused["error"]) == (401, "wrong_login")
    assert (await login(house, lan, totp=code_of(secret)))[0] == 200, "and used no code up"


async def test_an_admin_takes_it_away(house: TestHouse) -> None:
    lan, _ = await enrolled(house)
    admin = await house.staff("Quản trị", "sales", role=RoleId.ADMIN)
    assert (await lan.send("DELETE", f"/api/staff/{lan.id}/second-factor"))[0] == 403
    assert (await admin.send("DELETE", f"/api/staff/{lan.id}/second-factor"))[0] == 204
    assert (await login(house, lan))[0] == 200
    assert (await lan.post("/api/second-factor"))[0] == 201
