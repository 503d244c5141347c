"""An Official Account's way out, against a server that is as strict and as faulty as Zalo."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import unicodedata
from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.domain.channel_status import ChannelHealth, ChannelStatus
from bot.domain.messages import Button, Channel
from bot.services.ports_channel import ChannelError, OutcomeUnknown, RateLimited, RecipientGone, Rejected, Unreachable
from bot.services.splitting import split_text
from tests.doubles.zalo import APP_SECRET, OA_ID, Fault
from tests.doubles.zalo_bench import CHAT, NOW, USER, bench

# --- texts --------------------------------------------------------------------------------------------------------


async def test_a_text_arrives_and_its_id_is_that_of_echo_and_receipts() -> None:
    async with bench() as b:
        provider_id = await b.send()

        (sent,) = b.server.sent
        assert (sent.id, sent.user, sent.message) == (provider_id, USER, {"text": "Dạ em chào anh"})
        assert sent.path == "/v3.0/oa/message/cs"
        assert b.channel.status == ChannelStatus.ok()


async def test_the_token_travels_in_its_own_header_and_nowhere_else() -> None:
    async with bench() as b:
        await b.send()

        (headers,) = b.server.headers
        assert headers["access_token"] == b.server.access_token
        assert "Authorization" not in headers
        assert "appsecret_proof" not in headers


async def test_the_proof_of_the_secret_goes_along_where_the_application_wants_it() -> None:
    async with bench(proof=True) as b:
        await b.send()

        proof = hmac.new(APP_SECRET.encode(), b.server.access_token.encode(), hashlib.sha256).hexdigest()
        assert b.server.headers[-1]["appsecret_proof"] == proof


async def test_decomposed_vietnamese_is_composed_before_it_is_counted() -> None:
    text = "ặ" * 2000
    async with bench() as b:
        await b.send(unicodedata.normalize("NFD", text))

        assert b.server.sent[0].text == text


async def test_a_long_answer_in_pieces_of_the_house_fits_and_breaks_no_emoji() -> None:
    family = "👨‍👩‍👧‍👦"
    text = unicodedata.normalize("NFC", "Dạ thưa anh, " * 120 + family * 300)
    async with bench() as b:
        for piece in split_text(text, b.channel.limits.text):
            await b.send(piece)

        texts = [sent.text for sent in b.server.sent]
        assert len(texts) > 2
        assert max(len(piece) for piece in texts) <= 2000
        assert sum(piece.count(family) for piece in texts) == 300


@pytest.mark.parametrize("text", ["x" * 2001, "😊" * 1001])
async def test_a_text_that_is_too_long_is_not_sent(text: str) -> None:
    async with bench() as b:
        with pytest.raises(Rejected, match="too_long"):
            await b.send(text)

        assert b.server.sent == []


@pytest.mark.parametrize("text", ["", "   ", "\n"])
async def test_nothing_is_not_sent(text: str) -> None:
    async with bench() as b:
        with pytest.raises(Rejected, match="empty"):
            await b.send(text)


async def test_markdown_is_not_sent() -> None:
    async with bench() as b:
        await b.send("# Bảng giá\n**Phòng đôi**: [xem tại đây](https://sen.example/gia) `500k`")

        assert b.server.sent[0].text == "Bảng giá\nPhòng đôi: xem tại đây (https://sen.example/gia) 500k"


@pytest.mark.parametrize("chat", ["", "7", "a:b:c", "1:anon:2", ":1", "1:"])
async def test_a_chat_that_is_not_one_of_zalo(chat: str) -> None:
    async with bench() as b:
        with pytest.raises(Rejected, match="chat_unknown"):
            await b.send(chat=chat)


async def test_somebody_who_is_not_logged_in_is_answered_in_their_thread() -> None:
    async with bench() as b:
        await b.send(chat=f"{OA_ID}:anon:conv-1:anon-1")

        assert b.server.sent[0].user == "anon-1"
        assert b.server.sent[0].path == "/v2.0/oa/message"


# --- choices ------------------------------------------------------------------------------------------------------

YES, NO = Button(title="Đúng ạ", payload="yes"), Button(title="Không phải", payload="no")


async def test_choices_are_numbered_lines() -> None:
    async with bench() as b:
        await b.send("Anh cần sửa hoá đơn?", YES, NO)

        assert b.server.sent[0].message == {"text": "Anh cần sửa hoá đơn?\n\n1. Đúng ạ\n2. Không phải"}


async def test_choices_are_buttons_where_that_is_switched_on() -> None:
    async with bench(buttons=True) as b:
        await b.send("Anh cần sửa hoá đơn?", YES, NO)

        payload = b.server.sent[0].message["attachment"]["payload"]
        assert payload["buttons"][0] == {"title": "Đúng ạ", "type": "oa.query.show", "payload": "yes"}


async def test_refused_buttons_become_numbered_lines_in_the_same_send() -> None:
    async with bench(buttons=True) as b:
        b.server.buttons_work = False
        await b.send("Anh cần sửa hoá đơn?", YES, NO)

        assert [sent.text for sent in b.server.sent] == ["Anh cần sửa hoá đơn?\n\n1. Đúng ạ\n2. Không phải"]
        assert b.channel.status == ChannelStatus.ok()


async def test_buttons_whose_outcome_is_unknown_are_not_sent_again_as_text() -> None:
    async with bench(buttons=True) as b:
        b.server.fail("send", Fault(lost=True))
        with pytest.raises(OutcomeUnknown):
            await b.send("Anh cần sửa hoá đơn?", YES, NO)

        assert len(b.server.sent) == 1


@pytest.mark.parametrize(
    "buttons", [[YES] * 6, [Button(title="t" * 101, payload="p")], [Button(title="t", payload="p" * 1001)]]
)
async def test_choices_that_no_template_carries_are_numbered_lines(buttons: Sequence[Button]) -> None:
    async with bench(buttons=True) as b:
        await b.send("Anh chọn giúp em", *buttons)

        assert "attachment" not in b.server.sent[0].message
        assert f"{len(buttons)}. " in b.server.sent[0].text


async def test_long_choices_under_a_long_text_are_shortened_to_fit() -> None:
    async with bench() as b:
        await b.send("x" * 1800, *[Button(title="Sửa hoá đơn đã xuất " * 10, payload=str(n)) for n in range(3)])

        text = b.server.sent[0].text
        assert len(text) <= 2000
        assert text.count("…\n") == 2


# --- errors -------------------------------------------------------------------------------------------------------

TABLE: list[tuple[Sequence[int], type[ChannelError], ChannelHealth]] = [
    ([-209, -212, -219, -221, -223, -224, -204, -205, -235, -242, -320, -321], Rejected, ChannelHealth.REFUSED),
    ([-32], RateLimited, ChannelHealth.DEGRADED),
    ([-213, -217, -218, -227, -230, -232, -244], RecipientGone, ChannelHealth.OK),
    ([-211], Unreachable, ChannelHealth.DEGRADED),
    ([-200, -201, -210, -233, -248, -100, -234, -99999], Rejected, ChannelHealth.OK),
]


@pytest.mark.parametrize(
    ("code", "error", "health"), [(code, error, health) for codes, error, health in TABLE for code in codes]
)
async def test_error_number(code: int, error: type[ChannelError], health: ChannelHealth) -> None:
    async with bench() as b:
        b.server.fail("send", Fault(error=code))

        with pytest.raises(ChannelError) as caught:
            await b.send()

        assert type(caught.value) is error
        assert b.channel.status.health is health
        assert error is RateLimited or str(code) in str(caught.value)

        await b.send()  # all is well again as soon as a message goes out
        assert b.channel.status == ChannelStatus.ok()
        assert len(b.server.sent) == 1


async def test_rate_limits_in_a_row_wait_longer_and_never_the_same() -> None:
    async with bench() as b:
        b.server.fail("send", Fault(error=-32), times=8)
        waits = []
        for _ in range(8):
            with pytest.raises(RateLimited) as caught:
                await b.send()
            assert caught.value.whole_channel
            waits.append(caught.value.retry_after)

        for step, wait in enumerate(waits):
            assert min(2.0 * 2**step, 60) / 2 <= wait <= min(2.0 * 2**step, 60)
        assert len(set(waits)) == 8


@pytest.mark.parametrize("code", [-216, -220])
async def test_a_dead_token_is_replaced_once_and_the_message_sent_once(code: int) -> None:
    async with bench() as b:
        await b.send("một")
        b.server.fail("send", Fault(error=code))

        await b.send("hai")

        assert [sent.text for sent in b.server.sent] == ["một", "hai"]
        assert b.server.exchanges == 2


async def test_a_token_dead_for_twenty_senders_is_replaced_once() -> None:
    async with bench() as b:
        await b.send("trước")
        b.server.revoke()

        await asyncio.gather(*(b.send(f"tin {number}") for number in range(20)))

        assert sorted(sent.text for sent in b.server.sent[1:]) == sorted(f"tin {number}" for number in range(20))
        assert b.server.exchanges == 2


async def test_a_new_token_that_is_refused_at_once_does_not_spend_one_after_the_other() -> None:
    async with bench() as b:
        await b.send()
        b.server.fail("send", Fault(error=-216), times=20)

        for _ in range(6):
            with pytest.raises(Unreachable, match="token_not_accepted"):
                await b.send()

        assert b.server.exchanges == 2
        assert b.channel.status.health is ChannelHealth.REFUSED


async def test_without_a_grant_messages_wait_and_the_channel_says_why() -> None:
    async with bench(refresh_token="spent long ago") as b:
        with pytest.raises(Unreachable, match="needs_authorisation"):
            await b.send()

        assert b.channel.status.health is ChannelHealth.REFUSED


@pytest.mark.parametrize(
    ("fault", "error", "arrives"),
    [
        (Fault(status=500), Unreachable, False),
        (Fault(status=502), Unreachable, False),
        (Fault(status=503), Unreachable, False),
        (Fault(status=302), Unreachable, False),
        (Fault(status=404), Rejected, False),
        (Fault(status=429, retry_after=17), RateLimited, False),
        (Fault(status=504), OutcomeUnknown, False),
        (Fault(lost=True), OutcomeUnknown, True),
        (Fault(silent=True), OutcomeUnknown, True),
        (Fault(garbage=True), OutcomeUnknown, True),
    ],
)
async def test_fault_on_the_way(fault: Fault, error: type[ChannelError], arrives: bool) -> None:
    async with bench(call_seconds=0.5) as b:
        await b.send("trước")
        b.server.fail("send", fault)

        with pytest.raises(error) as caught:
            await b.send("sau")

        assert len(b.server.sent) == 1 + arrives
        assert not isinstance(caught.value, RateLimited) or caught.value.retry_after == 17
        assert b.channel.status.health is not ChannelHealth.OK


async def test_without_a_connection_nothing_was_sent() -> None:
    async with bench(api="http://127.0.0.1:9") as b:
        with pytest.raises(Unreachable, match="no connection"):
            await b.send()


# --- windows ------------------------------------------------------------------------------------------------------

TICK = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("silent_for", "charged", "error"),
    [
        (timedelta(hours=48), False, None),
        (timedelta(hours=48) + TICK, False, Rejected),
        (timedelta(hours=48) + TICK, True, None),
        (timedelta(days=7), True, None),
        (timedelta(days=7) + TICK, True, RecipientGone),
        (timedelta(days=7) + TICK, False, RecipientGone),
    ],
)
async def test_window(silent_for: timedelta, charged: bool, error: type[ChannelError] | None) -> None:
    async with bench(charged=charged) as b:
        b.states.last_inbound[f"{Channel.ZALO}:{CHAT}"] = NOW - silent_for
        if error is None:
            await b.send()
            return
        with pytest.raises(error):
            await b.send()

        assert b.server.calls == []


async def test_zalo_itself_refuses_after_seven_days() -> None:
    async with bench() as b:
        await b.server.customer_writes(USER, "Xin chào")
        b.server.skew_ms = 8 * 24 * 3_600_000

        with pytest.raises(RecipientGone, match="-230"):
            await b.send()


# --- who is who ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shown", "name"),
    [("  Nguyễn\n Văn  A ", "Nguyễn Văn A"), ("\u202e", None), ("<script>", "<script>"), ("x" * 500, "x" * 100)],
)
async def test_the_name_that_a_customer_shows(shown: str, name: str | None) -> None:
    async with bench() as b:
        b.server.names[USER] = shown

        assert await b.channel.display_name(CHAT) == name


async def test_a_name_is_not_worth_an_error() -> None:
    async with bench() as b:
        assert await b.channel.display_name(CHAT) is None
        b.server.fail("detail", Fault(status=500), Fault(silent=False, lost=True), Fault(garbage=True))
        for _ in range(3):
            assert await b.channel.display_name(CHAT) is None
        assert await b.channel.display_name(f"{OA_ID}:anon:1:2") is None
        assert await b.channel.display_name("nonsense") is None


async def test_asking_who_we_are_tells_whether_the_account_works() -> None:
    async with bench() as b:
        assert await b.channel.check() == ChannelStatus.ok()
        b.server.fail("account", Fault(error=-221))
        refused = await b.channel.check()

        assert (refused.health, refused.reason) == (ChannelHealth.REFUSED, "account_not_verified")


async def test_there_is_no_typing_sign_and_asking_for_it_calls_nobody() -> None:
    async with bench() as b:
        await b.channel.typing(CHAT)

        assert b.server.calls == []
