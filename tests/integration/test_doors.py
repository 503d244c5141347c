"""The doors from the wrong side: foreign files, odd values, full disks, outages, and what is left in the log of it."""

from __future__ import annotations

import asyncio
import errno
import os
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import psycopg
import pytest
from prometheus_client import REGISTRY
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from structlog.testing import capture_logs

from bot.adapters.db.embedded import EmbeddedPostgres
from bot.domain.company import Company
from bot.web.limits import Bucket
from tests.house import PASSWORD, Clerk, TestHouse, Visitor, running_house

pytestmark = pytest.mark.integration

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64


async def upload(who: Visitor | Clerk, path: str, content: bytes = PNG, **fields: str) -> tuple[int, Any]:
    """Send a file."""
    form = aiohttp.FormData(fields, quote_fields=False)
    form.add_field("file", content, filename="anh.png", content_type="image/png")
    headers = {"X-CSRF-Token": who.csrf} if isinstance(who, Clerk) else {}
    async with who.session.post(f"{who.url}{path}", data=form, headers=headers) as response:
        return response.status, await response.json()


def kept(house: TestHouse) -> int:
    """Count the files on disk, finished or not."""
    return sum(one.is_file() for one in house.running.house.media.root.rglob("*"))


async def with_case(house: TestHouse) -> Visitor:
    """A visitor who has a case at accounting, KT-0001."""
    visitor = await house.visitor()
    await visitor.say("sửa hoá đơn")
    await visitor.hears("KT-0001")
    return visitor


# --- files ------------------------------------------------------------------------------------------------------------


async def test_a_file_opens_to_those_who_may_see_a_case_of_it(house: TestHouse) -> None:
    """(45)"""
    visitor = await with_case(house)
    lan, minh = await house.staff("Lan", "accounting"), await house.staff("Minh", "sales")
    status, _ = await upload(visitor, "/chat/api/attachments", client_id=str(uuid.uuid4()))
    assert status == 202
    [sent] = [one for one in await visitor.read() if one["files"]]
    door = f"{house.url}/api/files/{sent['files'][0]['url'].rsplit('/', 1)[-1]}"
    for clerk, expected in ((lan, 200), (minh, 404)):
        async with clerk.session.get(door) as response:
            assert response.status == expected
    async with visitor.session.get(door) as response:
        assert response.status == 401


async def test_a_visitors_file_is_kept_once_or_not_at_all(house: TestHouse) -> None:
    """(54) Whatever is refused leaves nothing behind."""
    visitor, limits = await house.visitor(), house.running.house.limits
    name = str(uuid.uuid4())
    first, again = [await upload(visitor, "/chat/api/attachments", client_id=name) for _ in range(2)]
    assert (first[0], again[0]) == (202, 200)
    assert first[1] == again[1]
    assert kept(house) == 1
    other = str(uuid.uuid4())
    both = await asyncio.gather(*(upload(visitor, "/chat/api/attachments", client_id=other) for _ in range(3)))
    assert sorted(status for status, _ in both) == [200, 200, 202]
    assert kept(house) == 2
    assert (await upload(visitor, "/chat/api/attachments", client_id="\x00"))[0] == 422
    limits.messages = Bucket(rate=0.01, burst=0)
    assert (await upload(visitor, "/chat/api/attachments", client_id=str(uuid.uuid4())))[0] == 429
    assert kept(house) == 2


async def test_a_desks_file_is_kept_once_or_not_at_all(house: TestHouse) -> None:
    await with_case(house)
    lan, mai = await house.staff("Lan", "accounting"), await house.staff("Mai", "accounting")
    minh, path = await house.staff("Minh", "sales"), "/api/cases/KT-0001/attachments"
    await lan.post("/api/cases/KT-0001/claim")
    assert (await upload(minh, path))[0] == 404
    assert (await upload(mai, path))[0] == 403
    assert (await upload(lan, path, client_id="x\x00"))[0] == 422
    status, body = await upload(lan, path, text="Cái này không phải việc của em, chị gọi chỗ khác đi.")
    assert (status, body["error"]) == (422, "held_by_guard")
    assert kept(house) == 0
    name = str(uuid.uuid4())
    (first, sent), (again, same) = [await upload(lan, path, client_id=name, text="Dạ đây ạ") for _ in range(2)]
    assert (first, again, sent["id"], len(same["files"])) == (200, 200, same["id"], 1)
    assert kept(house) == 1


async def test_a_full_disk_is_said_and_leaves_nothing(house: TestHouse, monkeypatch: pytest.MonkeyPatch) -> None:
    """(60)"""
    visitor = await house.visitor()

    def full(_fd: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    status, body = await upload(visitor, "/chat/api/attachments", client_id=str(uuid.uuid4()))
    assert (status, body["error"]) == (503, "unavailable")
    assert "tệp" in body["message"]
    assert kept(house) == 0
    assert await visitor.read() == []


async def test_drafts_of_a_crash_are_swept_a_day_later(house: TestHouse) -> None:
    media, now = house.running.house.media, datetime.now(UTC)
    for number, age in enumerate((0, 2)):
        draft = media.root / "ab" / f"{number}.part"
        draft.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(b"half")
        at = (now - timedelta(days=age)).timestamp()
        os.utime(draft, (at, at))
    whole = media.root / "ab" / "whole"
    whole.write_bytes(b"whole")
    os.utime(whole, (0, 0))
    assert await media.sweep(now) == 1
    assert sorted(one.name for one in (media.root / "ab").iterdir()) == ["0.part", "whole"]


# --- odd values -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "code", ["%00", "KT-%00", "KT-1%00", "kt", "KT-12345678", "KT-٣", "%ff", "KT-0001;", "\u017ft-1"]
)
async def test_what_cannot_be_a_code_is_not_found(house: TestHouse, code: str) -> None:
    """(51)"""
    lan = await house.staff("Lan", "accounting")
    assert (await lan.get(f"/api/cases/{code}"))[0] == 404
    assert (await lan.post(f"/api/cases/{code}/claim"))[0] == 404


async def test_a_code_is_read_however_it_is_typed(house: TestHouse) -> None:
    await with_case(house)
    lan = await house.staff("Lan", "accounting")
    assert (await lan.get("/api/cases/kt-0001"))[0] == 200


@pytest.mark.parametrize("department", ["", "\x00", "accounting\x00", "nowhere", "%"])
async def test_an_unknown_department_is_refused(house: TestHouse, department: str) -> None:
    """(25)"""
    lan = await house.staff("Lan", "accounting")
    assert (await lan.get("/api/cases", department=department))[0] == 422
    assert (await lan.get("/api/cases", department="sales"))[0] == 200


@pytest.mark.parametrize("cookie", [b"\xff\xfe", b"%00", "ữ".encode(), b"a" * 3_000])
async def test_a_cookie_that_is_no_text_opens_nothing(house: TestHouse, cookie: bytes) -> None:
    """(45) Sent over a bare socket, as no client would."""
    address = urlsplit(house.url)
    for door in (*STAFF_DOORS, *VISITOR_DOORS):
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        writer.write(f"{door} HTTP/1.0\r\nContent-Length: 0\r\n".encode())
        writer.write(b"Cookie: letan_staff=" + cookie + b"; letan_chat=" + cookie + b"\r\n\r\n")
        await writer.drain()
        head = await reader.readline()
        writer.close()
        assert b" 401 " in head, door


STAFF_DOORS = ("GET /api/session", "GET /api/events", "POST /api/duty", "GET /api/files/1")
VISITOR_DOORS = ("GET /chat/api/messages", "GET /chat/api/events", "POST /chat/api/typing")


@pytest.mark.parametrize("email", ["a\x00@senviet.vn", "\ud800@senviet.vn", "a@senviet.vn\n"])
async def test_an_address_that_cannot_be_is_a_wrong_login(house: TestHouse, email: str) -> None:
    body = {"email": email, "password": "\ud800\x00"}
    async with house.session.post(f"{house.url}/api/session", json=body) as response:
        assert response.status == 401
    async with house.session.post(
        f"{house.url}/api/first-admin", json={**body, "token": "\udfff\x00", "name": "A"}
    ) as response:
        assert response.status in (403, 422)


# --- who asks ---------------------------------------------------------------------------------------------------------


async def test_a_login_ends_the_session_whose_place_it_takes(house: TestHouse) -> None:
    """(44) Neither a preset cookie nor the colleague's before one survives the login."""
    lan = await house.staff("Lan", "accounting")
    minh = await house.staff("Minh", "sales")
    former = {one.key: one.value for one in lan.session.cookie_jar}
    async with lan.session.post(
        f"{house.url}/api/session", json={"email": minh.email, "password": PASSWORD}
    ) as response:
        assert response.status == 200
    async with aiohttp.ClientSession(cookies=former) as thief, thief.get(f"{house.url}/api/session") as response:
        assert response.status == 401
    assert (await lan.get("/api/session"))[1]["staff"]["name"] == "Minh"
    assert (await minh.get("/api/session"))[0] == 200


async def test_a_visitors_cookie_is_over_after_180_days(house: TestHouse) -> None:
    visitor = await house.visitor()
    await visitor.read()
    async with house.running.house.store.begin() as uow:
        await uow._connection.execute(  # type: ignore[attr-defined]
            text("UPDATE chat_sessions SET created_at = created_at - interval '180 days'")
        )
    async with visitor.session.get(f"{house.url}/chat/api/messages") as response:
        assert response.status == 401
    assert (await visitor.say("alo")).status == 401


@pytest.fixture
async def public(database: str, open_company: Company, tmp_path: Path) -> AsyncIterator[TestHouse]:
    """A house with a public address and a token for its metrics."""
    async with running_house(
        database, open_company, tmp_path, public_url="https://letan.example/", metrics_token=SecretStr("s3cret")
    ) as running:
        yield running


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (None, 201),
        ("https://letan.example", 201),
        ("https://LETAN.example", 201),
        ("http://letan.example", 403),
        ("https://letan.example:8443", 403),
        ("https://letan.example.evil.example", 403),
        ("https://rebound.example", 403),
        ("null", 403),
    ],
)
async def test_with_a_public_address_only_its_pages_may_write(
    public: TestHouse, origin: str | None, status: int
) -> None:
    """(46, 50) Whatever the request says of the host it asked."""
    headers = {"Host": "rebound.example"} | ({"Origin": origin} if origin else {})
    async with public.session.post(f"{public.url}/chat/api/sessions", json={}, headers=headers) as response:
        assert response.status == status


async def test_metrics_are_for_this_machine_or_the_token(house: TestHouse, public: TestHouse) -> None:
    for asked, headers, status in (
        (house, {}, 200),
        (house, {"X-Forwarded-For": "127.0.0.1"}, 403),
        (public, {}, 403),
        (public, {"Authorization": "Bearer wrong"}, 403),
        (public, {"Authorization": "Bearer s3cret"}, 200),
    ):
        async with asked.session.get(f"{asked.url}/metrics", headers=headers) as response:
            assert response.status == status
            assert ("letan_unresolved_turns" in await response.text()) is (status == 200)


async def test_a_network_has_limits_of_its_own(house: TestHouse) -> None:
    """(31, 32) Many cookies are no way around the limit of one."""
    house.running.house.limits.messages_of_network = Bucket(rate=0.01, burst=3)
    house.running.house.limits.uploads_of_network = Bucket(rate=0.01, burst=1)
    visitors = [await house.visitor() for _ in range(5)]
    assert [(await one.say("alo")).status for one in visitors] == [202, 202, 202, 429, 429]
    house.running.house.limits.messages_of_network = Bucket(rate=1, burst=100)
    statuses = [(await upload(one, "/chat/api/attachments", client_id=str(uuid.uuid4())))[0] for one in visitors[:2]]
    assert statuses == [202, 429]


async def test_too_many_logins_are_told_in_words_of_their_own(house: TestHouse) -> None:
    house.running.house.limits.logins = Bucket(rate=0.01, burst=0)
    async with house.session.post(f"{house.url}/api/session", json={"email": "a@b.vn", "password": "x"}) as response:
        assert response.status == 429
        message = (await response.json())["message"]
    assert "đăng nhập" in message
    assert "nhắn" not in message


# --- what is left of it -----------------------------------------------------------------------------------------------


@contextmanager
def counted(kind: str) -> Iterator[list[Any]]:
    """Expect exactly one refusal of a kind to be counted; yields what is logged meanwhile."""

    def value() -> float:
        return REGISTRY.get_sample_value("letan_doors_refused_total", {"kind": kind}) or 0.0

    before = value()
    with capture_logs() as logs:
        yield logs
    assert value() == before + 1


async def test_what_a_door_does_not_know_is_refused_in_words_of_the_page(house: TestHouse) -> None:
    await with_case(house)
    minh = await house.staff("Minh", "accounting")
    status, said = await minh.get("/api/coverage", start="2026-11-30", days="7")
    assert (status, set(said["fields"])) == (422, {"start", "days"})
    for body in ("[1, 2]", "{a: 1}", "{"):
        headers = {"X-CSRF-Token": minh.csrf, "Content-Type": "application/json"}
        async with minh.session.post(f"{house.url}/api/duty", data=body, headers=headers) as response:
            said = await response.json()
        told = "Nội dung gửi lên không phải một đối tượng JSON hợp lệ."
        assert (response.status, said["error"], said["message"]) == (400, "json", told)


async def test_moments_of_a_case_are_written_one_way(house: TestHouse) -> None:
    await with_case(house)
    minh = await house.staff("Minh", "accounting")
    await minh.post("/api/cases/KT-0001/claim")
    _, page = await minh.get("/api/cases/KT-0001")
    moments = [page["case"]["opened_at"], page["due_at"], *page["deadlines"].values()]
    assert {one[-1] for one in moments if isinstance(one, str)} == {"Z"}


async def test_refusals_leave_a_line_and_a_count_and_no_secret(house: TestHouse) -> None:
    """(Rule E) What somebody who tries doors would leave."""
    await with_case(house)
    minh = await house.staff("Minh", "hr")
    login = {"email": minh.email, "password": "sai-mat-khau-cua-minh"}
    headers = {"X-CSRF-Token": minh.csrf}
    for kind, session, method, path, more in (
        ("login", house.session, "POST", "/api/session", {"json": login}),
        ("csrf", minh.session, "POST", "/api/duty", {"json": {"on_duty": False}, "headers": {"X-CSRF-Token": "x"}}),
        ("foreign_origin", house.session, "POST", "/chat/api/sessions", {"headers": {"Origin": "https://e.example"}}),
        ("unknown", minh.session, "GET", "/api/cases/KT-0001", {}),
        ("unknown", minh.session, "GET", "/api/files/1", {}),
        ("not_permitted", minh.session, "POST", "/api/staff", {"json": STAFF, "headers": headers}),
        ("unauthorised", house.session, "GET", "/api/cases", {"headers": {"Cookie": "letan_staff=made-up-token"}}),
    ):
        with counted(kind) as logs:
            async with session.request(method, f"{house.url}{path}", **more) as response:
                assert response.status >= 400
        [line] = [one for one in logs if one["event"] == "door_refused"]
        assert (line["kind"], line["path"], line["network"]) == (kind, path, "127.0.0.0/24")
        for secret in (login["password"], minh.csrf, "made-up-token", minh.email):
            assert secret not in str(logs)


STAFF = {"email": "a@b.vn", "name": "A", "role": "admin", "departments": []}


async def test_an_error_of_the_database_repeats_nobodys_words(house: TestHouse) -> None:
    """It is logged whole; PostgreSQL would repeat the row that it refused, and the driver the values."""
    for statement in (
        "INSERT INTO messages (conversation_id, text) VALUES (1, :words)",
        "INSERT INTO staff (email, name, role, departments, created_at) VALUES "
        "(:words, '', '', '[]', now()), (:words, '', '', '[]', now())",
        "SELECT nothing FROM nowhere WHERE x = :words",
    ):
        with pytest.raises(SQLAlchemyError) as caught:
            async with house.running.house.store.begin() as uow:
                await uow._connection.execute(text(statement), {"words": "bí mật của khách"})  # type: ignore[attr-defined]
        failure: BaseException | None = caught.value
        while failure is not None:
            assert "bí mật" not in f"{failure}{failure!r}{failure.args}"
            failure = failure.__cause__ or failure.__context__


async def test_a_house_without_its_database_says_so_and_accepts_nothing(
    house: TestHouse, postgres: EmbeddedPostgres, database: str
) -> None:
    """(60) Not stored is not acknowledged; afterwards all is as before."""
    visitor = await house.visitor()
    name = urlsplit(database).path.rsplit("/", 1)[-1]
    try:
        allow_connections(postgres, name, "false")
        async with house.session.get(f"{house.url}/healthz") as response:
            assert response.status == 503
            body = await response.json()
        assert (body["status"], body["parts"]["database"]["state"]) == ("down", "down")
        assert (await visitor.say("có ai không")).status == 503
    finally:
        allow_connections(postgres, name, "true")
    async with asyncio.timeout(30):
        while (await visitor.say("có ai không")).status != 202:
            await asyncio.sleep(0.1)
    await visitor.hears("có ai không")
    async with house.session.get(f"{house.url}/healthz") as response:
        assert response.status == 200
    assert not [task.get_name() for task in house.tasks if task.done()]


def allow_connections(postgres: EmbeddedPostgres, database: str, allowed: str) -> None:
    """Open or shut a database; shut, everybody who is connected is thrown out."""
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute(f"ALTER DATABASE {database} ALLOW_CONNECTIONS {allowed}")
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [database])


async def test_a_visitor_reads_the_name_that_the_house_calls_its_people_by(house: TestHouse) -> None:
    visitor = await with_case(house)
    lan = await house.staff("Nguyễn Thị Lan", "accounting")
    async with house.running.house.store.begin() as uow:
        await uow.staff.save(replace(await uow.staff.get(lan.id), title="chị"))
        code = (await uow.cases.get(1)).code
    for move, body in (("claim", {}), ("reply", {"text": "Dạ em xem ngay ạ."})):
        status, said = await lan.post(f"/api/cases/{code}/{move}", **body)
        assert status in (200, 201), said
    assert [one["name"] for one in await visitor.read() if one["author"] == "staff"] == ["chị Lan"]
