# ruff: noqa: E501 - one line per fixture is what makes the table readable
"""The Bot Platform: who may knock, what each update becomes, and a way out whose failures come with HTTP 200."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from multidict import CIMultiDict

from bot.adapters.channels.zalo.door import Checked
from bot.adapters.channels.zalo_bot.config import ZaloBotConfig
from bot.adapters.channels.zalo_bot.parse import parse
from bot.adapters.channels.zalo_bot.secret import SECRET_HEADER, check
from bot.adapters.channels.zalo_bot.sender import ZaloBotChannel
from bot.domain.arrivals import CustomerMessage, Happening, Ignored
from bot.domain.channel_status import ChannelHealth, ChannelStatus
from bot.domain.messages import Button, Media, MessageKind
from bot.services.ports_channel import (
    ChannelError,
    OutcomeUnknown,
    OutgoingMessage,
    RateLimited,
    RecipientGone,
    Rejected,
    Unreachable,
)
from tests.doubles.zalo import SECRET, Fault, ZaloBotServer
from tests.doubles.zalo_bot import TOKEN

FIXTURES = Path(__file__).parent / "fixtures" / "zalo_bot"
CHAT = "a1b2c3d4e5f60718293a"
SENT_AT = "2026-09-10T09:46:12.455+00:00"
K = MessageKind


def said(
    kind: MessageKind, msg: str, text: str = "", url: str | None = None, mime: str = "", name: str = "Nguyễn Văn A"
) -> CustomerMessage:
    media = (Media(kind=kind, ref=url, mime=mime),) if url else ()
    return CustomerMessage(
        provider_id=msg, kind=kind, text=text, sender_id=CHAT, sender_name=name, media=media, meta={"sent_at": SENT_AT}
    )


CASES: list[tuple[str, str | None, Happening]] = [
    ("text_flat", "message.text.received:m1", said(K.TEXT, "m1", "Xin chào shop")),
    ("text_wrapped", "message.text.received:m1", said(K.TEXT, "m1", "Xin chào shop")),
    ("image_photo_url", "message.image.received:m2", said(K.IMAGE, "m2", "Cái này còn không ạ?", "https://f6.photo.talk.zdn.vn/1.jpg", "image/jpeg")),
    ("image_photo_documented", "message.image.received:m3", said(K.IMAGE, "m3", "", "https://f6.photo.talk.zdn.vn/2.jpg", "image/jpeg")),
    ("voice", "message.voice.received:m4", said(K.VOICE, "m4", "", "https://f1-voice-aac-dl.zdn.vn/1/a.aac", "audio/aac")),
    ("sticker_assembled", "message.sticker.received:m1a2b3c4d5e6f7081920", said(K.STICKER, "m1a2b3c4d5e6f7081920", "", "https://zalo-api.zadn.vn/x.png", name="Test")),
    ("link", "message.link.received:m6", said(K.LINK, "m6", "https://developers.zalo.me/")),
    ("unsupported_with_sender", "message.unsupported.received:m5", said(K.UNKNOWN, "m5")),
    ("new_kind", "message.poll.received:m8", said(K.UNKNOWN, "m8")),
    ("unsupported_flat", None, Ignored(reason="no message: unsupported")),
    ("reaction", None, Ignored(reason="reaction")),
    ("group_text", None, Ignored(reason="group")),
    ("from_a_bot", None, Ignored(reason="bot")),
]  # fmt: skip


def load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))
    return loaded


@pytest.mark.parametrize(("name", "key", "happening"), CASES, ids=[case[0] for case in CASES])
def test_payload(name: str, key: str | None, happening: Happening) -> None:
    arrival = parse(load(name))

    assert arrival.happening == happening
    assert arrival.chat == ("-" if key is None else CHAT)
    assert key is None or arrival.dedupe_key == key


def test_every_fixture_has_its_line() -> None:
    assert {path.stem for path in FIXTURES.glob("*.json")} == {case[0] for case in CASES}


@pytest.mark.parametrize(
    ("path", "value"),
    [(("text",), 7), (("date",), "yesterday"), (("message_id",), {"$ne": 1}), (("caption",), [])],
)
def test_what_a_customer_said_is_kept_even_when_it_cannot_be_read(path: tuple[str], value: Any) -> None:
    payload = load("text_flat")
    del payload["message"]["text"]
    payload["message"][path[0]] = value

    happening = parse(payload).happening

    assert isinstance(happening, CustomerMessage)
    assert happening.kind is MessageKind.UNKNOWN
    assert "unreadable" in happening.meta


@pytest.mark.parametrize("date", [0, -1, 2**63, 10**30])
def test_no_date_is_too_strange(date: int) -> None:
    payload = load("text_flat")
    payload["message"]["date"] = date

    assert isinstance(parse(payload).happening, CustomerMessage)


@pytest.mark.parametrize(
    "payload",
    [
        {},
        {"ok": True, "result": []},
        {"ok": True},
        {"event_name": None},
        {"event_name": "message.text.received", "message": 7},
        {"event_name": "message.text.received", "message": {"chat": {"id": "1"}}},
        {"event_name": "something.else"},
    ],
)
def test_an_update_that_names_nobody_is_ignored(payload: dict[str, Any]) -> None:
    assert isinstance(parse(payload).happening, Ignored)


# --- the door -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("raw", "secrets", "expected"),
    [
        (b'{"event_name":"x"}', [SECRET], Checked.ok({"event_name": "x"})),
        (b"", [SECRET], Checked.probe()),
        (b"{}", [], Checked.probe()),
        (b"", [], Checked.probe()),
        (b'{"event_name":"x"}', [], Checked.refused("no_secret")),
        (b'{"event_name":"x"}', ["wrong"], Checked.refused("wrong_secret")),
        (b'{"event_name":"x"}', [SECRET.upper()], Checked.refused("wrong_secret")),
        (b'{"event_name":"x"}', [SECRET, SECRET], Checked.refused("two_secrets")),
        (b'{"event_name":"x"}', ["é\udcff"], Checked.refused("wrong_secret")),
        (b"{}", ["wrong"], Checked.refused("wrong_secret")),
        (b"{", [SECRET], Checked.refused("bad_json")),
        (b'{"a":1,"a":2}', [SECRET], Checked.refused("bad_json")),
    ],
)
def test_door(raw: bytes, secrets: list[str], expected: Checked) -> None:
    headers = CIMultiDict([(SECRET_HEADER.lower(), secret) for secret in secrets])

    assert check(raw, headers, SECRET) == expected


@pytest.mark.parametrize("raw", [b"", b"{}", b'{"event_name":"x"}'])
@pytest.mark.parametrize("secret", [None, ""])
def test_without_a_secret_the_door_is_shut(raw: bytes, secret: str | None) -> None:
    assert check(raw, CIMultiDict({SECRET_HEADER: ""}), secret) == Checked.shut()


# --- the way out --------------------------------------------------------------------------------------------------


@asynccontextmanager
async def bench(**options: Any) -> AsyncIterator[tuple[ZaloBotServer, ZaloBotChannel]]:
    link_for = options.pop("link_for", None)
    async with ZaloBotServer() as server:
        config = ZaloBotConfig(**{"token": TOKEN, "secret": SECRET, "api": server.url, **options})
        async with ZaloBotChannel(config, link_for=link_for) as channel:
            yield server, channel


def message(text: str = "Dạ em chào anh", *buttons: Button, **file: str) -> OutgoingMessage:
    return OutgoingMessage(message_id=1, chat=CHAT, text=text, buttons=buttons, **file)


async def test_a_text_arrives_plain_with_its_choices_numbered() -> None:
    async with bench() as (server, channel):
        provider_id = await channel.send(
            message("**Dạ** anh chọn giúp em", Button(title="Sửa", payload="a"), Button(title="Huỷ", payload="b"))
        )

        (sent,) = server.sent
        assert (sent.id, sent.chat) == (provider_id, CHAT)
        assert sent.body == {"chat_id": CHAT, "text": "Dạ anh chọn giúp em\n\n1. Sửa\n2. Huỷ"}


@pytest.mark.parametrize(("text", "reason"), [("", "empty"), ("x" * 2001, "too_long"), ("😊" * 1001, "too_long")])
async def test_what_the_platform_would_not_take_is_not_sent(text: str, reason: str) -> None:
    async with bench() as (server, channel):
        with pytest.raises(Rejected, match=reason):
            await channel.send(message(text))

        assert server.calls == []


@pytest.mark.parametrize(
    ("fault", "error", "health"),
    [
        (Fault(error=400), Rejected, ChannelHealth.OK),
        (Fault(error=401), Rejected, ChannelHealth.REFUSED),
        (Fault(error=403), RecipientGone, ChannelHealth.OK),
        (Fault(error=404), Rejected, ChannelHealth.REFUSED),
        (Fault(error=408), OutcomeUnknown, ChannelHealth.OK),
        (Fault(error=429), RateLimited, ChannelHealth.DEGRADED),
        (Fault(error=500), Unreachable, ChannelHealth.OK),
        (Fault(status=503), Unreachable, ChannelHealth.DEGRADED),
        (Fault(status=429, retry_after=7), RateLimited, ChannelHealth.DEGRADED),
        (Fault(lost=True), OutcomeUnknown, ChannelHealth.DEGRADED),
        (Fault(silent=True), OutcomeUnknown, ChannelHealth.DEGRADED),
        (Fault(garbage=True), OutcomeUnknown, ChannelHealth.DEGRADED),
    ],
)
async def test_a_failure_comes_with_http_200_too(
    fault: Fault, error: type[ChannelError], health: ChannelHealth
) -> None:
    async with bench(call_seconds=0.5) as (server, channel):
        server.fail("sendMessage", fault)

        with pytest.raises(ChannelError) as caught:
            await channel.send(message())

        assert type(caught.value) is error
        assert channel.status.health is health
        assert TOKEN not in str(caught.value)
        assert not isinstance(caught.value, RateLimited) or caught.value.retry_after == 7

        await channel.send(message())
        assert channel.status == ChannelStatus.ok()


async def test_a_revoked_token_is_shown() -> None:
    async with bench(token="1:revoked") as (_, channel):
        assert (await channel.check()).reason == "invalid_token"


async def test_the_webhook_is_registered_with_its_secret() -> None:
    async with bench() as (server, channel):
        assert await channel.register("https://sen.example/webhooks/zalo-bot") == ChannelStatus.ok()

        assert server.webhook == {"url": "https://sen.example/webhooks/zalo-bot", "secret_token": SECRET}


@pytest.mark.parametrize("secret", ["short", "x" * 257])
async def test_a_secret_that_the_platform_would_not_take_is_shown_before_it_is_asked(secret: str) -> None:
    async with bench(secret=secret) as (server, channel):
        assert (await channel.register("https://sen.example/")).reason == "webhook_secret"
        assert server.calls == []


async def test_typing_is_shown_and_its_failure_does_not_matter() -> None:
    async with bench() as (server, channel):
        await channel.typing(CHAT)
        server.fail("sendChatAction", Fault(error=500))
        await channel.typing(CHAT)

        assert server.typed == [CHAT]


async def test_files_go_by_public_address_only() -> None:
    picture = {"file_path": "/m/1", "file_name": "a.jpg", "file_mime": "image/jpeg"}
    paper = {"file_path": "/m/2", "file_name": "a.pdf", "file_mime": "application/pdf"}
    async with bench() as (_, channel):
        with pytest.raises(Rejected, match="file_type"):
            await channel.send(message("Mẫu đây ạ", **picture))

    async with bench(link_for=lambda _: "https://sen.example/f/1") as (server, channel):
        await channel.send(message("Mẫu đây ạ", **picture))
        await channel.send(message("", **picture))
        await channel.send(message("Hoá đơn", **paper))

        assert [sent.body for sent in server.sent] == [
            {"chat_id": CHAT, "photo": "https://sen.example/f/1", "caption": "Mẫu đây ạ"},
            {"chat_id": CHAT, "photo": "https://sen.example/f/1"},
            {"chat_id": CHAT, "text": "Hoá đơn\nhttps://sen.example/f/1"},
        ]
