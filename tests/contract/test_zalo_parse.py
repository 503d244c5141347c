# ruff: noqa: E501 - one line per fixture is what makes the table readable
"""Every payload of an Official Account, one line each: what it becomes, where it belongs, what repeats it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.channels.zalo.parse import parse
from bot.domain.arrivals import (
    CustomerMessage,
    Happening,
    Ignored,
    OutsideReply,
    OwnEcho,
    Presence,
    Receipt,
)
from bot.domain.messages import Delivery, Media, MessageKind

FIXTURES = Path(__file__).parent / "fixtures" / "zalo" / "oa"
USER, OA = "246845883529197922", "388613280878808645"
CHAT = f"{OA}:{USER}"
K = MessageKind


def said(kind: MessageKind, msg: str, text: str = "", *media: Media, **more: Any) -> CustomerMessage:
    meta = more.pop("meta", {})
    return CustomerMessage(
        provider_id=msg, kind=kind, text=text, sender_id=more.pop("sender", USER), media=media, meta=meta, **more
    )


def file(kind: MessageKind, ref: str, name: str = "", mime: str = "", size: int | None = None) -> Media:
    return Media(kind=kind, ref=ref, name=name, mime=mime, size=size)


M09, M10 = "96d3cdf3af150460909", "96d3cdf3af150460910"
PHOTO = "http://f6.photo.talk.zdn.vn/9c2db3ccc0a223fc7ab3.jpg"
STICKER = "https://zalo-api.zadn.vn/api/emoticon/sticker/webpc?eid=46366&size=130"
INFO = f"user_submit_info:{OA}:{USER}:154390853474"
ANON = f"{OA}:anon:conv-1:anon-1"

# fixture without ".json", chat, dedupe key, what happened
CASES: list[tuple[str, str, str, Happening]] = [
    ("user_send_text", CHAT, "user_send_text:96d3cdf3af150460901", said(K.TEXT, "96d3cdf3af150460901", "Cho em hỏi giá phòng đôi ạ 😊")),
    ("user_send_text_quote", CHAT, f"user_send_text:{M10}", said(K.TEXT, M10, "Dạ còn ạ?", meta={"quote_of": M09})),
    ("user_send_text_button_query", CHAT, "user_send_text:96d3cdf3af150460911", said(K.TEXT, "96d3cdf3af150460911", "#callback_data")),
    ("user_send_image", CHAT, f"user_send_image:{M09}", said(K.IMAGE, M09, "", file(K.IMAGE, PHOTO, mime="image/jpeg"))),
    ("image_multi_image", CHAT, f"user_send_image:{M09}:0", said(K.IMAGE, M09, "", file(K.IMAGE, "http://example.zdn.vn/1.jpg", mime="image/jpeg"), album="album-1", meta={"album_index": 0, "album_size": 3})),
    ("user_send_gif", CHAT, f"user_send_gif:{M09}", said(K.IMAGE, M09, "", file(K.IMAGE, "http://example.zdn.vn/a.gif", mime="image/gif"))),
    ("user_send_link", CHAT, f"user_send_link:{M09}", said(K.LINK, M09, "Zalo for Developers\nhttps://developers.zalo.me/", meta={"url": "https://developers.zalo.me/", "title": "Zalo for Developers"})),
    ("user_send_audio", CHAT, "user_send_audio:96d3cdf3af150460902", said(K.VOICE, "96d3cdf3af150460902", "", file(K.VOICE, "https://f1-voice-aac-dl.zdn.vn/1234/a1b2.aac", mime="audio/aac"))),
    ("user_send_video", CHAT, f"user_send_video:{M09}", said(K.VIDEO, M09, "", file(K.VIDEO, "https://video-stal-10.dlmd.me/no/1.mp4", mime="video/mp4"))),
    ("user_send_sticker", CHAT, f"user_send_sticker:{M09}", said(K.STICKER, M09, "", file(K.STICKER, STICKER), meta={"sticker": "46366"})),
    ("user_send_location", CHAT, f"user_send_location:{M09}", said(K.LOCATION, M09, meta={"latitude": 10.7642473, "longitude": 106.6564314})),
    ("user_send_file", CHAT, f"user_send_file:{M09}", said(K.FILE, M09, "", file(K.FILE, "https://example.dlfl.vn/developer.docx", "developer.docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", 233947), meta={"checksum": "db8f0a790d28e3d8658a0ff0846189"})),
    ("user_send_business_card", CHAT, f"user_send_business_card:{M09}", said(K.CONTACT, M09, "Nguyễn Văn A 84912345678", meta={"name": "Nguyễn Văn A", "phone": "84912345678", "url": "https://zaloapp.com/qr/p/x"})),
    ("user_send_poll_new_kind", CHAT, "user_send_poll:96d3cdf3af150460903", said(K.UNKNOWN, "96d3cdf3af150460903")),
    ("user_submit_info", CHAT, INFO, said(K.CONTACT, INFO, "Nguyễn Văn A 84912345678 12 Lê Lợi, Bến Nghé, TP. Hồ Chí Minh", meta={"name": "Nguyễn Văn A", "phone": "84912345678", "birthday": "1990-01-02", "gender": "male", "address": "12 Lê Lợi, Bến Nghé, TP. Hồ Chí Minh"})),
    ("user_submit_info_older", CHAT, INFO, said(K.CONTACT, INFO, "Nguyễn Văn A 84912345678 12 Lê Lợi, Quận 1, TP. Hồ Chí Minh", meta={"name": "Nguyễn Văn A", "phone": "84912345678", "address": "12 Lê Lợi, Quận 1, TP. Hồ Chí Minh"})),
    ("user_withdraw", CHAT, f"user_withdraw:{CHAT}:154390853476", said(K.TEXT, f"user_withdraw:{CHAT}:154390853476", "Tôi yêu cầu xoá dữ liệu cá nhân của tôi.", meta={"event": "user_withdraw"})),
    ("anonymous_send_text", ANON, "anonymous_send_text:96d3cdf3af150460912", said(K.TEXT, "96d3cdf3af150460912", "Xin chào", sender=ANON)),
    ("user_received_message", CHAT, f"user_received_message:{OA}:{M09}", Receipt(provider_ids=(M09,), reached=Delivery.DELIVERED)),
    ("user_seen_message", CHAT, f"user_seen_message:{OA}:{M09}:{M10}", Receipt(provider_ids=(M09, M10), reached=Delivery.SEEN)),
    ("user_seen_message_single", CHAT, f"user_seen_message:{OA}:{M09}", Receipt(provider_ids=(M09,), reached=Delivery.SEEN)),
    ("oa_send_text_api_echo", CHAT, "oa_send_text:63ecf43f0df7dba892e6", OwnEcho(provider_id="63ecf43f0df7dba892e6", text="Dạ em chào anh")),
    ("oa_send_text_admin", f"388613280879808645:{USER}", f"oa_send_text:{M09}", OutsideReply(provider_id=M09, text="message", author_id="4267886274574868951")),
    ("oa_send_image_admin", CHAT, "oa_send_image:96d3cdf3af150460920", OutsideReply(provider_id="96d3cdf3af150460920", text="[hình ảnh] Mẫu mới ạ https://f6.photo.talk.zdn.vn/1.jpg", author_id="4267886274574868951")),
    ("oa_send_anonymous_text", ANON, "oa_send_anonymous_text:96d3cdf3af150460921", OwnEcho(provider_id="96d3cdf3af150460921", text="Dạ em chào anh")),
    ("follow", CHAT, f"follow:{CHAT}:154390853475", Presence(present=True, sender_id=USER)),
    ("unfollow", "388613280879808645:24684588352919792", "unfollow:388613280879808645:24684588352919792:154397978275", Presence(present=False, sender_id="24684588352919792")),
    ("user_click_chatnow", CHAT, f"user_click_chatnow:{CHAT}:154390853474", Presence(present=True, sender_id=USER)),
    ("user_reacted_message", "-", "ignored", Ignored(reason="reaction")),
    ("oa_reacted_message", "-", "ignored", Ignored(reason="reaction")),
    ("user_received_template", "-", "ignored", Ignored(reason="template receipt")),
    ("add_user_to_tag", "-", "ignored", Ignored(reason="tag")),
    ("user_send_group_text", "-", "ignored", Ignored(reason="group")),
    ("unheard_of_event", "-", "ignored", Ignored(reason="unknown event: brand_new_event")),
    ("console_probe_empty", "-", "ignored", Ignored(reason="unreadable: $.event_name: missing")),
]  # fmt: skip


def load(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text("utf-8"))
    return loaded


@pytest.mark.parametrize(("name", "chat", "key", "happening"), CASES, ids=[case[0] for case in CASES])
def test_payload(name: str, chat: str, key: str, happening: Happening) -> None:
    payload = load(name)

    arrival = parse(payload)

    assert arrival.happening == happening
    assert arrival.chat == chat
    assert arrival.dedupe_key == key or (key == "ignored" and arrival.dedupe_key.startswith("ignored:"))
    assert arrival.payload is payload


def test_every_fixture_has_its_line() -> None:
    assert {path.stem for path in FIXTURES.glob("*.json")} == {case[0] for case in CASES}


def test_a_retry_has_the_key_of_the_first_delivery_and_another_message_has_not() -> None:
    first, retry = load("user_send_text"), load("user_send_text")
    other = load("user_send_text")
    other["message"]["msg_id"] = "another"

    assert parse(first).dedupe_key == parse(retry).dedupe_key
    assert parse(first).dedupe_key != parse(other).dedupe_key


def test_every_picture_of_an_album_is_kept_even_under_one_message_id() -> None:
    pictures = [load("image_multi_image") for _ in range(3)]
    for index, picture in enumerate(pictures):
        picture["message"]["attachments"][0]["payload"]["id_in_album"] = str(index)

    assert len({parse(picture).dedupe_key for picture in pictures}) == 3


def test_text_is_stored_in_one_normal_form_without_invisible_marks() -> None:
    payload = load("user_send_text")
    payload["message"]["text"] = "Ho\u0301a đo\u031bn\u200b  \u202e"

    happening = parse(payload).happening

    assert isinstance(happening, CustomerMessage)
    assert happening.text == "Hóa đơn"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("message", "attachments"), "not a list"),
        (("message", "attachments"), [7]),
        (("message", "attachments", 0, "payload"), None),
        (("message", "attachments", 0, "payload", "coordinates", "latitude"), "91.5"),
        (("message", "attachments", 0, "payload", "coordinates", "longitude"), "nan"),
        (("message", "attachments", 0, "payload", "coordinates"), {"$ne": None}),
        (("message", "text"), {"$ne": None}),
        (("message", "msg_id"), {"$ne": None}),
        (("message",), None),
        (("message",), "text"),
    ],
)
def test_what_a_customer_said_is_kept_even_when_it_cannot_be_read(path: tuple[Any, ...], value: Any) -> None:
    payload = load("user_send_location")
    holder: Any = payload
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value

    happening = parse(payload).happening

    assert isinstance(happening, CustomerMessage)
    assert happening.kind is MessageKind.UNKNOWN
    assert happening.sender_id == USER
    assert "$.message" in happening.meta["unreadable"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("event_name",), None),
        (("event_name",), 7),
        (("event_name",), "user_send_text\nX-Injected: 1"),
        (("sender",), None),
        (("sender", "id"), {"$ne": None}),
        (("sender", "id"), "1" * 5000),
        (("sender", "id"), "a:b"),
        (("recipient", "id"), ""),
    ],
)
def test_an_envelope_that_names_nobody_is_ignored_with_the_reason(path: tuple[str, ...], value: Any) -> None:
    payload = load("user_send_text")
    holder: Any = payload
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value

    happening = parse(payload).happening

    assert isinstance(happening, Ignored)
    assert happening.reason.startswith("unreadable: $.")


def test_a_receipt_for_thousands_of_messages_still_has_a_key_that_an_index_takes() -> None:
    payload = load("user_seen_message")
    payload["message"]["msg_ids"] = [f"{number:020d}" for number in range(5000)]

    arrival = parse(payload)

    assert len(arrival.dedupe_key) < 400
    assert isinstance(arrival.happening, Receipt)
    assert len(arrival.happening.provider_ids) == 5000


def test_a_business_card_in_another_form_is_told_as_it_is() -> None:
    payload = load("user_send_business_card")
    payload["message"]["attachments"][0]["payload"]["description"] = "ĐT: 0912 345 678"

    happening = parse(payload).happening

    assert isinstance(happening, CustomerMessage)
    assert happening.text == "Nguyễn Văn A ĐT: 0912 345 678"


def test_an_address_that_is_no_web_address_is_not_offered_as_one() -> None:
    payload = load("user_send_link")
    payload["message"]["attachments"][0]["payload"]["url"] = "javascript:alert(1)"

    happening = parse(payload).happening

    assert isinstance(happening, CustomerMessage)
    assert "url" not in happening.meta
    assert happening.media == ()
