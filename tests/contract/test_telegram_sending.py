"""What leaves for Telegram, and what each of its failures means to the sender."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.channels.telegram.client import TelegramClient
from bot.adapters.channels.telegram.sender import TelegramChannel, utf16_units
from bot.domain.messages import Attachment, AttachmentState, Button, Channel, MessageKind
from bot.services.ports_channel import (
    ChannelError,
    OutcomeUnknown,
    OutgoingMessage,
    RateLimited,
    RecipientGone,
    Rejected,
    Unreachable,
)
from tests.doubles.telegram import Fault, TelegramServer
from tests.doubles.telegram_world import Refusal, StillClock

PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as running:
        yield running


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
async def channel(server: TelegramServer, clock: StillClock) -> AsyncIterator[TelegramChannel]:
    async with TelegramClient(server.token, api=server.url, read_seconds=0.3) as client:
        yield TelegramChannel(client, clock)


def message(text: str = "Dạ em nghe ạ", chat: str = "42", **more: Any) -> OutgoingMessage:
    return OutgoingMessage(message_id=1, chat=chat, text=text, **({"buttons": ()} | more))


def attachment(ref: str, mime: str = "") -> Attachment:
    return Attachment(
        id=1,
        message_id=1,
        kind=MessageKind.FILE,
        ref=ref,
        name="",
        mime=mime,
        size=None,
        state=AttachmentState.PENDING,
        path=None,
    )


async def failure(channel: TelegramChannel, outgoing: OutgoingMessage) -> ChannelError:
    with pytest.raises(ChannelError) as caught:
        await channel.send(outgoing)
    return caught.value


# --- what arrives ---------------------------------------------------------------------------------------------------


async def test_a_text_arrives_with_its_buttons(server: TelegramServer, channel: TelegramChannel) -> None:
    lan = server.world.customer()
    buttons = [Button(title="Hoá đơn", payload="Em muốn xuất hoá đơn"), Button(title="Công nợ", payload="đ" * 40)]

    provider_id = await channel.send(message("Chị cần <b>việc</b> nào ạ? *_[]", buttons=buttons))

    sent = lan.received[-1]
    assert provider_id == str(sent.message_id)
    assert sent.text == "Chị cần <b>việc</b> nào ạ? *_[]"
    assert sent.buttons == (("Hoá đơn", "Em muốn xuất hoá đơn"), ("Công nợ", "letan-button:1"))


async def test_the_longest_text_that_the_limits_allow_is_taken(
    server: TelegramServer, channel: TelegramChannel
) -> None:
    lan = server.world.customer()
    longest = "👍" * (channel.limits.text // 2)

    await channel.send(message(longest))

    assert lan.received[-1].text == longest
    assert isinstance(await failure(channel, message(longest + "a")), Rejected)
    assert len(lan.received) == 1


@pytest.mark.parametrize(("text", "units"), [("a", 1), ("ế", 1), ("👍", 2), ("👨\u200d👩", 5), ("", 0)])
def test_texts_are_measured_as_telegram_does(text: str, units: int) -> None:
    assert utf16_units(text) == units


@pytest.mark.parametrize(
    ("name", "content", "method"),
    [
        ("ảnh tem máy.png", PNG, "sendPhoto"),
        ("hợp đồng.pdf", b"%PDF-1.7", "sendDocument"),
        ("không phải ảnh.png", b"GIF89a", "sendDocument"),
        ("lớn.png", PNG + bytes(10 * 1024 * 1024), "sendDocument"),
    ],
)
async def test_a_file_arrives_under_its_own_name(
    server: TelegramServer, channel: TelegramChannel, tmp_path: Path, name: str, content: bytes, method: str
) -> None:
    lan = server.world.customer()
    (tmp_path / "7f3a").write_bytes(content)

    await channel.send(message("Em gửi chị", file_path=str(tmp_path / "7f3a"), file_name=name))

    (sent,) = lan.received
    assert (sent.method, sent.text, sent.file_name, sent.content) == (method, "Em gửi chị", name, content)


async def test_a_file_name_cannot_break_out_of_its_header(
    server: TelegramServer, channel: TelegramChannel, tmp_path: Path
) -> None:
    lan = server.world.customer()
    (tmp_path / "f").write_bytes(b"x")

    await channel.send(message("", file_path=str(tmp_path / "f"), file_name='../a"\r\nX-Evil: 1\r\n\r\nb.txt'))

    assert lan.received[-1].file_name == '.._a" X-Evil: 1 b.txt'


async def test_a_text_too_long_for_a_caption_goes_before_its_file(
    server: TelegramServer, channel: TelegramChannel, tmp_path: Path
) -> None:
    lan = server.world.customer()
    (tmp_path / "f.pdf").write_bytes(b"%PDF")

    buttons = [Button(title="Đúng ạ", payload="Đúng")]
    await channel.send(message("á" * 1025, file_path=str(tmp_path / "f.pdf"), buttons=buttons))

    assert [(sent.method, len(sent.text), len(sent.buttons)) for sent in lan.received] == [
        ("sendMessage", 1025, 0),
        ("sendDocument", 0, 1),
    ]


async def test_a_long_text_is_not_sent_again_because_its_file_failed(
    server: TelegramServer, channel: TelegramChannel, tmp_path: Path
) -> None:
    server.world.customer()
    (tmp_path / "f.pdf").write_bytes(b"%PDF")
    server.fail("sendDocument", Fault.INTERNAL)

    error = await failure(channel, message("á" * 1025, file_path=str(tmp_path / "f.pdf")))

    assert isinstance(error, OutcomeUnknown)


async def test_typing_is_shown_and_its_failure_does_not_matter(
    server: TelegramServer, channel: TelegramChannel
) -> None:
    await channel.typing("42")
    server.fail("sendChatAction", Fault.INTERNAL)
    await channel.typing("42")

    assert server.world.typing == ["42"]


# --- what does not --------------------------------------------------------------------------------------------------

SENT, NOT_SENT = 1, 0


@pytest.mark.parametrize(
    ("fault", "meaning", "arrived"),
    [
        (Fault.SILENT, OutcomeUnknown, SENT),
        (Fault.LOST, OutcomeUnknown, SENT),
        (Fault.INTERNAL, Unreachable, NOT_SENT),
        (Fault.UNAVAILABLE, Unreachable, NOT_SENT),
        (Fault.REDIRECT, Unreachable, NOT_SENT),
        (Fault.GATEWAY, OutcomeUnknown, NOT_SENT),
        (Fault.NOT_JSON, OutcomeUnknown, NOT_SENT),
        (Refusal(429, "Too Many Requests: retry after 7", retry_after=7), RateLimited, NOT_SENT),
        (Refusal(403, "Forbidden: user is deactivated"), RecipientGone, NOT_SENT),
        (Refusal(400, "Bad Request: chat not found"), RecipientGone, NOT_SENT),
        (Refusal(400, "Bad Request: message is too long"), Rejected, NOT_SENT),
        (Refusal(400, "Bad Request: group migrated", migrate_to_chat_id=-100), Rejected, NOT_SENT),
        (Refusal(401, "Unauthorized"), Rejected, NOT_SENT),
        (Refusal(404, "Not Found"), Rejected, NOT_SENT),
    ],
    ids=str,
)
async def test_a_failed_delivery_means(
    server: TelegramServer,
    channel: TelegramChannel,
    fault: Fault | Refusal,
    meaning: type[ChannelError],
    arrived: int,
) -> None:
    lan = server.world.customer()
    server.fail("sendMessage", fault)

    error = await failure(channel, message())

    assert type(error) is meaning
    assert len(lan.received) == arrived
    assert server.token not in str(error)


async def test_a_blocked_bot_is_told_so(server: TelegramServer, channel: TelegramChannel) -> None:
    server.world.customer().blocks()

    assert isinstance(await failure(channel, message()), RecipientGone)


async def test_nobody_listening_is_unreachable(clock: StillClock) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        async with TelegramClient("1:x", api=f"http://127.0.0.1:{unused.getsockname()[1]}") as client:
            error = await failure(TelegramChannel(client, clock), message())

    assert isinstance(error, Unreachable)


async def test_an_unknown_host_is_unreachable(clock: StillClock) -> None:
    async with TelegramClient("1:x", api="http://telegram.invalid") as client:
        error = await failure(TelegramChannel(client, clock), message())

    assert isinstance(error, Unreachable)


async def test_a_second_message_within_a_second_waits(server: TelegramServer, channel: TelegramChannel) -> None:
    server.world.paced = True
    server.world.customer(42)
    server.world.customer(43)
    await channel.send(message())

    error = await failure(channel, message())

    assert isinstance(error, RateLimited)
    assert (error.retry_after, error.whole_channel) == (1.0, False)
    assert await channel.send(message(chat="43"))


async def test_several_chats_refused_at_once_close_the_channel(
    server: TelegramServer, channel: TelegramChannel, clock: StillClock
) -> None:
    flood = Refusal(429, "Too Many Requests: retry after 5", retry_after=5)
    server.fail("sendMessage", flood, flood, flood)

    errors = [await failure(channel, message(chat=chat)) for chat in ("42", "43")]
    clock.moment += timedelta(seconds=6)
    errors.append(await failure(channel, message(chat="44")))

    assert [error.whole_channel for error in errors if isinstance(error, RateLimited)] == [False, True, False]


@pytest.mark.parametrize("text", ["", "  \n"])
async def test_nothing_is_not_sent(server: TelegramServer, channel: TelegramChannel, text: str) -> None:
    assert isinstance(await failure(channel, message(text)), Rejected)
    assert server.calls == []


async def test_a_file_that_is_gone_is_refused(channel: TelegramChannel, tmp_path: Path) -> None:
    error = await failure(channel, message("Em gửi", file_path=str(tmp_path / "gone.pdf")))

    assert isinstance(error, Rejected)
    assert str(tmp_path) not in str(error)


# --- files of customers -----------------------------------------------------------------------------------------------


async def test_a_file_is_fetched_with_its_type(server: TelegramServer, channel: TelegramChannel) -> None:
    ref = server.world.keep(PNG, "photos/file_1.png")

    assert await channel.fetch(attachment(ref), 1000) == (PNG, "image/png")
    assert await channel.fetch(attachment(ref, "image/webp"), 1000) == (PNG, "image/webp")


@pytest.mark.parametrize(
    ("path", "content", "limit"),
    [
        ("documents/a.pdf", bytes(1001), 1000),
        ("documents/b.pdf", bytes(20 * 1024 * 1024 + 1), 10**9),
        ("../../etc/passwd", b"x", 1000),
        ("/etc/passwd", b"x", 1000),
        ("a//b", b"x", 1000),
        ("http://169.254.169.254/latest", b"x", 1000),
        ("a?b=/x", b"x", 1000),
        ("%2e%2e/a", b"x", 1000),
        ("voice/..", b"x", 1000),
    ],
)
async def test_a_file_too_large_or_from_elsewhere_is_refused(
    server: TelegramServer, channel: TelegramChannel, path: str, content: bytes, limit: int
) -> None:
    with pytest.raises(Rejected):
        await channel.fetch(attachment(server.world.keep(content, path)), limit)


async def test_a_file_that_lies_about_its_size_is_cut_off(server: TelegramServer, channel: TelegramChannel) -> None:
    ref = server.world.keep(bytes(5000), "documents/a.pdf")
    server.understated = True

    with pytest.raises(Rejected, match="larger than 1000"):
        await channel.fetch(attachment(ref), 1000)


@pytest.mark.parametrize(
    ("fault", "meaning"),
    [(Fault.SILENT, Unreachable), (Fault.INTERNAL, Unreachable), (Refusal(400, "Bad Request: x"), Rejected)],
    ids=str,
)
async def test_asking_for_a_file_again_does_no_harm(
    server: TelegramServer, channel: TelegramChannel, fault: Fault | Refusal, meaning: type[ChannelError]
) -> None:
    server.fail("getFile", fault)

    with pytest.raises(meaning):
        await channel.fetch(attachment(server.world.keep(b"x", "a.pdf")), 1000)


def test_it_is_telegram(clock: StillClock) -> None:
    channel = TelegramChannel(TelegramClient("1:x"), clock)

    assert (channel.channel, channel.pulls, channel.limits.per_chat) == (Channel.TELEGRAM, False, 1.0)
