"""Every JSON door under generated input, valid and not: an answer that the document names, and never a 5xx."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from yarl import URL

from bot.domain.company import RoleId
from bot.web.app import DOORS
from bot.web.openapi import document
from tests.house import Clerk, TestHouse, Visitor

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180)]

# Streams do not end by themselves; uploads are tried by hand in test_hostile; a logout would end the fuzzer's session.
LEFT_OUT = {("GET", "/api/events"), ("GET", "/chat/api/events"), ("DELETE", "/api/session"), ("POST", "/api/password")}
EXAMPLES = 12
REAL = {"code": "KT-0001", "id": "1"}


def cookies(session: Any, url: str) -> dict[str, str]:
    """The cookies of an aiohttp client, for another one."""
    return {name: morsel.value for name, morsel in session.cookie_jar.filter_cookies(URL(url)).items()}


def fuzz(house: TestHouse, clerk: Clerk, visitor: Visitor, under: str = "/") -> list[str]:
    """Knock at every door ``under`` a path with generated requests; returns what must not have happened."""
    schema = schemathesis.openapi.from_dict(document(DOORS, "1"))
    jar = cookies(clerk.session, house.url) | cookies(visitor.session, house.url)
    wrong: list[str] = []
    session = requests.Session()
    for result in schema.get_all_operations():
        operation = result.ok()
        if (operation.method.upper(), operation.path) in LEFT_OUT or operation.path.endswith("/attachments"):
            continue
        if not operation.path.startswith(under):
            continue
        wrong += knock(house, operation, jar, clerk.csrf, session)
    session.close()
    return wrong


def knock(house: TestHouse, operation: Any, jar: dict[str, str], csrf: str, session: requests.Session) -> list[str]:
    """Try one operation."""
    wrong: list[str] = []
    known = {str(status) for status in operation.definition.raw["responses"]}
    calls: list[int] = []

    @settings(
        max_examples=EXAMPLES,
        database=None,
        derandomize=False,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=GenerationMode.POSITIVE))
    def once(case: Any) -> None:
        # Every other request is about a case, a request and an approval that are there.
        calls.append(1)
        if len(calls) % 2:
            case.path_parameters = {name: REAL.get(name, value) for name, value in (case.path_parameters or {}).items()}
        case.cookies, case.headers = jar, {"X-CSRF-Token": csrf}
        response = case.call(base_url=house.url, session=session, timeout=20)
        if response.status_code >= 500 or str(response.status_code) not in known:
            place = f"{operation.method.upper()} {operation.path}"
            wrong.append(f"{place}: {response.status_code} {response.text[:200]}")

    once()
    return wrong


async def test_no_door_falls_over(house: TestHouse) -> None:
    clerk, visitor = await house.staff("Lan", "accounting"), await house.visitor()
    house.running.house.limits.messages.burst = house.running.house.limits.messages.rate = 10_000
    asked = await house.staff("Tú", "warehouse")
    await house.staff("Hà", role=RoleId.ADMIN)
    await visitor.say("hoá đơn ghi thiếu hàng")
    await visitor.hears("KT-0001")
    assert (await clerk.post("/api/cases/KT-0001/claim"))[0] == 200
    assert (await clerk.post("/api/cases/KT-0001/request", department="warehouse", text="Mấy thùng?"))[0] == 201
    assert (await clerk.post("/api/cases/KT-0001/approve", kind="exception", reason="Khách quen."))[0] == 201
    # Who is only asked about a case reads it, and is refused what belongs to those who work on it.
    assert await asyncio.to_thread(fuzz, house, asked, visitor, "/api/cases/{code}") == []
    assert await asyncio.to_thread(fuzz, house, clerk, visitor) == []
