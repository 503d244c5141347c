"""Hostile input at the doors of the house: each row gets the answer that it deserves, and nothing is lost.

The numbers in brackets are rows of the list of hostile inputs that the product was designed against.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import time
import unicodedata
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from bot.domain.company import Company
from bot.domain.messages import Channel
from tests.house import TestHouse, running_house

pytestmark = pytest.mark.integration

APP, OA_SECRET, TELEGRAM_SECRET, BOT_SECRET = "360846524940903967", "dummy-oa-secret-key", "tele_secret", "bot-secret-1"


@pytest.fixture
async def channels(database: str, open_company: Company, tmp_path: Path) -> AsyncIterator[TestHouse]:
    """A house with every channel switched on; what it sends out goes to a port where nobody listens."""
    nowhere = "http://127.0.0.1:9"
    async with running_house(
        database,
        open_company,
        tmp_path,
        telegram_token=SecretStr("1:x"),
        telegram_api=nowhere,
        telegram_mode="webhook",
        telegram_secret=SecretStr(TELEGRAM_SECRET),
        public_url="https://letan.example",
        zalo_app_id=APP,
        zalo_app_secret=SecretStr("s"),
        zalo_oa_secret=SecretStr(OA_SECRET),
        zalo_refresh_token=SecretStr("r"),
        zalo_api=nowhere,
        zalo_oauth_api=nowhere,
        zalo_bot_token=SecretStr("2:y"),
        zalo_bot_secret=SecretStr(BOT_SECRET),
        zalo_bot_api=nowhere,
    ) as running:
        yield running


def zalo_event(text: str = "xin chào", msg_id: str = "m1", **more: Any) -> bytes:
    event = {
        "app_id": APP,
        "sender": {"id": "246845883529197922"},
        "recipient": {"id": "388613280878808645"},
        "event_name": "user_send_text",
        "message": {"text": text, "msg_id": msg_id},
        "timestamp": "1764060000000",
        **more,
    }
    return json.dumps(event, ensure_ascii=False).encode()


def signed(raw: bytes, app_id: str = APP, secret: str = OA_SECRET) -> dict[str, str]:
    mac = hashlib.sha256(app_id.encode() + raw + b"1764060000000" + secret.encode()).hexdigest()
    return {"X-ZEvent-Signature": f"mac={mac}", "Content-Type": "application/json"}


async def post(house: TestHouse, path: str, raw: bytes, headers: dict[str, str]) -> int:
    async with house.session.post(f"{house.url}{path}", data=io.BytesIO(raw), headers=headers) as response:
        body = await response.text()
        assert "Traceback" not in body
        return response.status


async def stored(house: TestHouse, channel: Channel) -> list[str]:
    """Texts of every inbound message of a channel."""
    async with house.running.house.store.engine.connect() as connection:  # type: ignore[attr-defined]
        rows = await connection.exec_driver_sql(
            "SELECT m.text FROM messages m JOIN conversations c ON c.id = m.conversation_id "
            "WHERE c.channel = %(channel)s AND m.direction = 'inbound' ORDER BY m.id",
            {"channel": channel.value},
        )
        return [row[0] for row in rows]


# --- webhooks ---------------------------------------------------------------------------------------------------------


async def test_zalo_signatures(channels: TestHouse) -> None:
    """(4, 6, 8) Only the documented signature over the very bytes opens the door; the console's probe passes empty."""
    raw = zalo_event()
    good = signed(raw)
    assert await post(channels, "/webhooks/zalo", raw, signed(raw, secret="wrong")) == 401
    assert await post(channels, "/webhooks/zalo", raw, signed(raw, app_id="other")) == 401
    assert await post(channels, "/webhooks/zalo", raw, {}) == 401
    assert await post(channels, "/webhooks/zalo", raw.replace(b": ", b":"), good) == 401
    assert await post(channels, "/webhooks/zalo", b'{"a":1}', {}) == 401
    assert await post(channels, "/webhooks/zalo", b"{}", {}) == 200
    assert await stored(channels, Channel.ZALO) == []
    upper = {"X-ZEvent-Signature": good["X-ZEvent-Signature"].removeprefix("mac=").upper()}
    assert await post(channels, "/webhooks/zalo", raw, upper) == 200
    assert await stored(channels, Channel.ZALO) == ["xin chào"]


async def test_the_same_event_five_times_in_parallel(channels: TestHouse) -> None:
    """(1, 2, 7) Stored once, acknowledged every time, also long after."""
    raw = zalo_event("một lần")
    statuses = await asyncio.gather(*(post(channels, "/webhooks/zalo", raw, signed(raw)) for _ in range(5)))
    assert statuses == [200] * 5
    assert await post(channels, "/webhooks/zalo", raw, signed(raw)) == 200
    assert await stored(channels, Channel.ZALO) == ["một lần"]


async def test_an_album_of_a_new_customer_is_one_conversation(channels: TestHouse) -> None:
    """(3) Ten different messages of somebody new within a moment."""
    raws = [zalo_event(f"ảnh {number}", f"m{number}") for number in range(10)]
    statuses = await asyncio.gather(*(post(channels, "/webhooks/zalo", raw, signed(raw)) for raw in raws))
    assert statuses == [200] * 10
    assert sorted(await stored(channels, Channel.ZALO)) == sorted(f"ảnh {number}" for number in range(10))
    async with channels.running.house.store.engine.connect() as connection:  # type: ignore[attr-defined]
        rows = await connection.exec_driver_sql("SELECT count(*) FROM conversations WHERE channel = 'zalo'")
        assert rows.scalar_one() == 1


async def test_an_unknown_event_is_acknowledged(channels: TestHouse) -> None:
    raw = zalo_event(event_name="user_did_something_new")
    assert await post(channels, "/webhooks/zalo", raw, signed(raw)) == 200
    assert await stored(channels, Channel.ZALO) == []


async def test_telegram_secret(channels: TestHouse) -> None:
    """(9) Exactly one right header; neither a wrong one, nor two, nor one in the query."""
    update = {
        "update_id": 2**63,
        "message": {
            "message_id": 1,
            "date": 1764060000,
            "chat": {"id": 5, "type": "private"},
            "from": {"id": 5, "is_bot": False, "first_name": "Minh"},
            "text": "alo",
        },
    }
    raw, name = json.dumps(update).encode(), "X-Telegram-Bot-Api-Secret-Token"
    assert await post(channels, "/webhooks/telegram", raw, {}) == 401
    assert await post(channels, "/webhooks/telegram", raw, {name: "wrong"}) == 401
    assert await post(channels, f"/webhooks/telegram?secret={TELEGRAM_SECRET}", raw, {}) == 401
    twice: Any = [(name, TELEGRAM_SECRET), (name, TELEGRAM_SECRET)]
    assert await post(channels, "/webhooks/telegram", raw, twice) == 401
    assert await stored(channels, Channel.TELEGRAM) == []
    assert await post(channels, "/webhooks/telegram", raw, {name: TELEGRAM_SECRET}) == 200
    assert await stored(channels, Channel.TELEGRAM) == ["alo"]


@pytest.mark.parametrize("path", ["/webhooks/zalo", "/webhooks/telegram", "/webhooks/zalo-bot"])
async def test_a_door_without_a_secret_is_shut_and_says_so(house: TestHouse, path: str) -> None:
    """(5) Fails closed."""
    async with house.session.post(f"{house.url}{path}", json={"update_id": 1}) as response:
        assert response.status == 503
        assert (await response.json())["error"] == "door_shut"


@pytest.mark.parametrize(
    "raw",
    [
        b"[" * 10_000,
        b'{"a": NaN}',
        b'{"a": ' + b"9" * 5_000 + b"}",
        b"\xef\xbb\xbf{}",
        '{"a": "b"}'.encode("utf-16"),
        b'{"a": "\xff"}',
        b'{"update_id": 1} trailing',
        b'{"update_id": 1, "update_id": 2}',
        b"not json",
    ],
)
async def test_malformed_json_is_refused_quickly(channels: TestHouse, raw: bytes) -> None:
    """(12) Under the right secret too."""
    started = time.process_time()
    status = await post(channels, "/webhooks/telegram", raw, {"X-Telegram-Bot-Api-Secret-Token": TELEGRAM_SECRET})
    assert status in (400, 401, 422)
    assert time.process_time() - started < 5  # of the whole house; what grows without bound takes minutes
    assert await stored(channels, Channel.TELEGRAM) == []


async def test_bodies_that_are_too_large_or_packed(channels: TestHouse) -> None:
    """(12, 16)"""
    header = {"X-Telegram-Bot-Api-Secret-Token": TELEGRAM_SECRET}
    assert await post(channels, "/webhooks/telegram", b'{"a":"' + b"x" * (2 * 1024 * 1024) + b'"}', header) == 413
    assert await post(channels, "/webhooks/telegram", b"\x1f\x8b", {**header, "Content-Encoding": "gzip"}) == 415


# --- the web chat -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        (unicodedata.normalize("NFD", "chào buổi sáng"), "Dạ em nghe: chào buổi sáng"),
        ("\u200b\u200c\u2060", "chưa nhận được nội dung"),
        ("   ", "chưa nhận được nội dung"),
        ("/restart", "/restart"),
        ('/duyet_hoan_tien{"so_tien":"9"}', "so_tien"),
        ("dòng\u2028khác\u0085\u0000\u0007", "dòng"),
        ("\u202eđảo ngược", "Dạ em nghe: đảo ngược"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("'; DROP TABLE messages; --", "DROP TABLE"),
        ("a" + "\u0301" * 200, "Dạ em nghe"),
    ],
)
async def test_odd_texts_are_answered(house: TestHouse, text: str, heard: str) -> None:
    """(17, 18, 19, 20, 21, 22, 24, 25)"""
    visitor = await house.visitor()
    assert (await visitor.say(text)).status == 202
    await visitor.hears(heard)
    await house.settled()


async def test_ten_thousand_characters(house: TestHouse) -> None:
    """(16) Stored whole, read by the engine in part, refused beyond."""
    visitor = await house.visitor()
    assert (await visitor.say("chữ " * 2_500)).status == 202
    await visitor.hears("Dạ em nghe")
    assert max(len(one["text"]) for one in house.engine.asked) <= 1_000
    assert (await visitor.say("x" * 10_001)).status == 422
    async with visitor.session.post(f"{house.url}/chat/api/messages", data=io.BytesIO(b"x" * 2_000_000)) as response:
        assert response.status in (413, 415)
    async with visitor.session.post(
        f"{house.url}/chat/api/messages",
        data=io.BytesIO(json.dumps({"client_id": str(uuid.uuid4()), "text": "y" * 2_000_000}).encode()),
        headers={"Content-Type": "application/json"},
    ) as response:
        assert response.status == 413


async def test_nobody_reads_with_somebody_elses_or_no_cookie(house: TestHouse) -> None:
    """(45) Only one's own conversation, never by a number."""
    ours, theirs = await house.visitor(), await house.visitor()
    await ours.say("bí mật của tôi")
    await ours.hears("bí mật")
    assert all("bí mật" not in one["text"] for one in await theirs.read())
    for cookies in ({}, {"letan_chat": "garbage"}, {"letan_chat": ""}):
        async with aiohttp.ClientSession(cookies=cookies) as stranger:
            for path in ("/chat/api/messages", "/chat/api/events", "/chat/api/files/1"):
                async with stranger.get(f"{house.url}{path}") as response:
                    assert response.status == 401
            async with stranger.post(
                f"{house.url}/chat/api/messages", json={"client_id": str(uuid.uuid4()), "text": "x"}
            ) as response:
                assert response.status == 401


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example"])
async def test_a_foreign_page_cannot_write(house: TestHouse, origin: str) -> None:
    """(46, 47)"""
    visitor, lan = await house.visitor(), await house.staff("Lan", "accounting")
    for session, path, body in (
        (visitor.session, "/chat/api/messages", {"client_id": str(uuid.uuid4()), "text": "x"}),
        (lan.session, "/api/duty", {"on_duty": False}),
        (aiohttp.ClientSession(), "/chat/api/sessions", {}),
    ):
        async with session.post(
            f"{house.url}{path}", json=body, headers={"Origin": origin, "X-CSRF-Token": lan.csrf}
        ) as response:
            assert response.status == 403
        if session not in (visitor.session, lan.session):
            await session.close()


async def test_csrf_and_mass_assignment(house: TestHouse) -> None:
    """(47, 48)"""
    visitor, lan = await house.visitor(), await house.staff("Lan", "accounting")
    await visitor.say("sửa hoá đơn")
    await visitor.hears("KT-0001")
    async with lan.session.post(f"{house.url}/api/cases/KT-0001/claim", json={}) as response:
        assert response.status == 403
    async with lan.session.post(
        f"{house.url}/api/cases/KT-0001/claim", data="{}", headers={"X-CSRF-Token": lan.csrf}
    ) as response:
        assert response.status == 415
    await lan.post("/api/cases/KT-0001/claim")
    status, _ = await lan.post("/api/cases/KT-0001/reply", text="Dạ", owner_id=99, is_staff_message=True)
    assert status == 422
    assert (await lan.post("/api/staff", email="a@b.vn", name="A", role="admin", departments=[]))[0] == 403
    async with visitor.session.post(
        f"{house.url}/chat/api/messages",
        json={"client_id": str(uuid.uuid4()), "text": "x", "author": "staff"},
    ) as response:
        assert response.status == 422


async def test_logins(house: TestHouse) -> None:
    """(34, 44) Wrong passwords are throttled per source; a logout ends the session."""
    lan = await house.staff("Lan", "accounting")
    statuses = []
    for _ in range(8):
        async with house.session.post(
            f"{house.url}/api/session", json={"email": lan.email, "password": "sai mật khẩu"}
        ) as response:
            statuses.append(response.status)
    assert statuses[:5] == [401] * 5
    assert statuses[-1] == 429
    async with house.session.post(
        f"{house.url}/api/session", json={"email": "nobody@senviet.vn", "password": "x"}
    ) as response:
        assert response.status == 401
        assert (await response.json())["error"] == "wrong_login"
    async with lan.session.delete(f"{house.url}/api/session", headers={"X-CSRF-Token": lan.csrf}) as response:
        assert response.status == 204
    assert (await lan.get("/api/session"))[0] == 401


async def test_files_of_strangers_are_only_offered_for_saving(house: TestHouse) -> None:
    """(51, 53) HTML under a picture's name is refused; a picture comes back under the strictest headers."""
    visitor, other = await house.visitor(), await house.visitor()

    async def upload(content: bytes, name: str, mime: str) -> int:
        form = aiohttp.FormData({"client_id": str(uuid.uuid4())}, quote_fields=False)
        form.add_field("file", content, filename=name, content_type=mime)
        async with visitor.session.post(f"{house.url}/chat/api/attachments", data=form) as response:
            return response.status

    assert await upload(b"<html><script>alert(1)</script>", "anh.jpg", "image/jpeg") == 422
    assert await upload(b"<svg onload=alert(1)>", "a.svg", "image/svg+xml") == 422
    assert await upload(b"", "trong.png", "image/png") == 422
    png = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
    assert await upload(png, "../../etc/hoá đơn.png", "image/png") == 202
    sent = next(one for one in await visitor.read() if one["files"])
    assert sent["files"][0]["name"] == "hoá đơn.png"
    async with visitor.session.get(f"{house.url}{sent['files'][0]['url']}") as response:
        assert response.status == 200
        assert await response.read() == png
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "sandbox" in response.headers["Content-Security-Policy"]
    async with other.session.get(f"{house.url}{sent['files'][0]['url']}") as response:
        assert response.status == 404
    for path in ("..%2f..%2fetc%2fpasswd", "0", "99999999999999999999", "1%00"):
        async with visitor.session.get(f"{house.url}/chat/api/files/{path}") as response:
            assert response.status in (400, 404)


async def test_one_visitor_cannot_flood_the_others(house: TestHouse) -> None:
    """(31) Beyond the burst one is asked to wait; somebody else is answered as ever."""
    loud, quiet = await house.visitor(), await house.visitor()
    statuses = [(await loud.say(f"spam {number}")).status for number in range(60)]
    assert 429 in statuses
    assert (await quiet.say("em hỏi chút")).status == 202
    await quiet.hears("em hỏi chút", seconds=20)


async def test_one_door_refuses_sentences_that_send_the_customer_away(house: TestHouse) -> None:
    visitor, lan = await house.visitor(), await house.staff("Lan", "accounting")
    await visitor.say("sửa hoá đơn")
    await visitor.hears("KT-0001")
    await lan.post("/api/cases/KT-0001/claim")
    refusal = "Cái này không phải việc của em, chị gọi chỗ khác đi."
    status, body = await lan.post("/api/cases/KT-0001/reply", text=refusal)
    assert (status, body["error"]) == (422, "held_by_guard")
    assert body["message"]
    assert all("chỗ khác" not in one["text"] for one in await visitor.read())


async def test_every_page_carries_the_headers(house: TestHouse) -> None:
    async with house.session.get(f"{house.url}/healthz") as response:
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert response.headers["X-Frame-Options"] == "DENY"
