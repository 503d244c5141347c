"""One line for every kind of update: what the house makes of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.adapters.channels.telegram.parse import read_update, salvage_update
from bot.domain.arrivals import CustomerMessage, Happening, Ignored, MessageEdited, Presence
from bot.domain.messages import Media, MessageKind

FIXTURES = Path(__file__).parent / "fixtures" / "telegram"
LAN, NAME = "5120934417", "Lan Nguyễn Thị"


def fixture(name: str) -> dict[str, Any]:
    update: dict[str, Any] = json.loads((FIXTURES / f"{name}.json").read_text())
    return update


def said(provider_id: str, kind: MessageKind, text: str = "", **more: Any) -> CustomerMessage:
    media = tuple(Media(kind=kind, **file) for file in more.pop("media", ()))
    given = {"sender_id": LAN, "sender_name": NAME, "language": "vi", "media": media} | more
    return CustomerMessage(provider_id=provider_id, kind=kind, text=text, **given)


def file(ref: str, size: int, mime: str, name: str = "") -> list[dict[str, Any]]:
    return [{"ref": ref, "size": size, "mime": mime, "name": name}]


PRESSED = {"pressed": True, "message": "1190"}
HELD = PRESSED | {"button": {"message": "1190", "index": 1}}
M = MessageKind

EXPECTED: dict[str, Happening] = {
    "text": said("1201", M.TEXT, "Hoá đơn hôm qua bên em ghi sai mã số thuế, sửa giúp chị với"),
    "text_nfd": said("1202", M.TEXT, "Còn hàng không em?\nMàu đỏ"),
    "text_link": said("1203", M.TEXT, "Cái này còn không shop https://senviet.example/tu-lanh"),
    "start": Presence(present=True, sender_id=LAN, sender_name=NAME),
    "slash_text": said("1205", M.TEXT, '/duyet_hoan_tien{"so_tien":"9"}'),
    "photo": said(
        "1206", M.IMAGE, "Máy giặt bị móp thế này ạ", media=file("AgACAgUAAxkBAAIEs2-x", 98211, "image/jpeg")
    ),
    "album_1": said(
        "1207",
        M.IMAGE,
        "Ảnh hoá đơn và tem máy",
        album="13856740912345678",
        media=file("AgACAgUAAxkBAAIEt1-x", 80001, "image/jpeg"),
    ),
    "album_2": said(
        "1208", M.IMAGE, album="13856740912345678", media=file("AgACAgUAAxkBAAIEt2-x", 80002, "image/jpeg")
    ),
    "document": said("1209", M.FILE, media=file("BQACAgUAAxkBAAIEtG", 245001, "application/pdf", "Hợp đồng số 12.pdf")),
    "video": said(
        "1210",
        M.VIDEO,
        "Tiếng kêu to lắm em",
        media=file("BAACAgUAAxkBAAIEtH", 3145728, "video/mp4", "may_lanh.mp4"),
    ),
    "video_note": said("1211", M.VIDEO, media=file("DQACAgUAAxkBAAIEtJ", 512000, "video/mp4")),
    "animation": said("1212", M.VIDEO, media=file("CgACAgUAAxkBAAIEtK", 220101, "video/mp4", "vui.mp4")),
    "voice": said("1213", M.VOICE, media=file("AwACAgUAAxkBAAIEtL", 20480, "audio/ogg")),
    "audio": said("1214", M.VOICE, media=file("CQACAgUAAxkBAAIEtM", 4194304, "audio/mpeg", "uoc_gi.mp3")),
    "sticker": said("1215", M.STICKER, "😡", media=file("CAACAgUAAxkBAAIEtN", 15000, "application/x-tgsticker")),
    "dice": said("1216", M.STICKER, "🎯", meta={"dice": 6}),
    "location": said("1217", M.LOCATION, meta={"latitude": 10.776889, "longitude": 106.700806}),
    "venue": said(
        "1218",
        M.LOCATION,
        "Sen Việt Cầu Giấy, Số 1 Xuân Thuỷ, Hà Nội",
        meta={"latitude": 21.028511, "longitude": 105.804817},
    ),
    "contact": said(
        "1219",
        M.CONTACT,
        "Anh Tuấn Kho +84901234567",
        meta={"name": "Anh Tuấn Kho", "phone": "+84901234567", "telegram_user": "5120999000"},
    ),
    "poll": said("1220", M.UNKNOWN, "Hôm nay ăn gì?\n- Phở\n- Bún chả", meta={"telegram": "poll"}),
    "reply": said("1221", M.TEXT, "Đúng cái này", meta={"reply_to": "1150"}),
    "forwarded": said("1222", M.TEXT, "Em xem tin này", meta={"forwarded": True}),
    "edited_message": MessageEdited(
        provider_id="1201", text="Sửa lại: mã số thuế 0312345678", sender_id=LAN, sender_name=NAME
    ),
    "edited_photo": said(
        "1206", M.IMAGE, media=file("AgACAgUAAxkBAAIEu2-x", 70000, "image/jpeg"), meta={"edit_of": "1206"}
    ),
    "edited_live_location": Ignored(reason="live_location"),
    "callback_query": said("21994287231884", M.TEXT, "Em xuất hoá đơn giúp chị", meta=PRESSED),
    "callback_long": said("21994287231884", M.TEXT, "Sửa hoá đơn đã xuất", meta=HELD),
    "callback_inaccessible": said("21994287231884", M.TEXT, "", meta=HELD),
    "callback_forged": said("21994287231884", M.TEXT, "letan-button:99999", meta=PRESSED),
    "blocked": Presence(present=False, sender_id=LAN, sender_name=NAME),
    "unblocked": Presence(present=True, sender_id=LAN, sender_name=NAME),
    "group_message": Ignored(reason="chat:supergroup"),
    "group_joined": Ignored(reason="chat:supergroup"),
    "channel_post": Ignored(reason="update:channel_post"),
    "pinned_message": Ignored(reason="service_message"),
    "unknown_content": said("1228", M.UNKNOWN, meta={"telegram": "story"}),
    "unknown_update": Ignored(reason="update:guest_message"),
    "reaction": Ignored(reason="update:message_reaction"),
    "largest_update_id": said("1229", M.TEXT, "Mã cập nhật rất lớn"),
    "odd_photo": said("1230", M.UNKNOWN, "Ảnh hỏng", meta={"unreadable": "$.message.photo: a list is due"}),
    "no_name": said("1231", M.TEXT, "alo", sender_name=None),
    "no_message_id": Ignored(reason="unreadable:$.message.message_id: missing"),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_an_update_means(name: str) -> None:
    assert salvage_update(fixture(name)).happening == EXPECTED[name]


def test_every_fixture_has_its_line() -> None:
    assert {path.stem for path in FIXTURES.glob("*.json")} == EXPECTED.keys() | {"update_id_as_text"}


@pytest.mark.parametrize(
    ("name", "chat"),
    [
        ("text", LAN),
        ("edited_message", LAN),
        ("callback_query", LAN),
        ("callback_inaccessible", LAN),
        ("blocked", LAN),
        ("reaction", LAN),
        ("group_message", "-1002233445566"),
    ],
)
def test_everything_of_one_chat_is_in_one_conversation(name: str, chat: str) -> None:
    assert read_update(fixture(name)).chat == chat


def test_a_repeated_update_has_the_same_key_and_another_one_has_not() -> None:
    keys = [read_update(fixture(name)).dedupe_key for name in ("text", "text", "photo", "largest_update_id")]

    assert keys == ["u:870442101", "u:870442101", "u:870442106", "u:9223372036854775807"]


def test_an_update_without_a_proper_id_names_the_place() -> None:
    with pytest.raises(ValueError, match=r"\$\.update_id: a whole number is due"):
        salvage_update(fixture("update_id_as_text"))


def test_the_raw_update_is_kept_as_it_came() -> None:
    assert read_update(fixture("photo")).payload == fixture("photo")
