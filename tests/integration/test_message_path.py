"""A customer's message, from the door to a person's answer and back to the bot."""

from __future__ import annotations

import asyncio
import uuid

import aiohttp
import pytest

from bot.domain.company import RoleId
from tests.house import TestHouse

pytestmark = pytest.mark.integration


async def test_the_bot_answers_and_the_ledger_closes(house: TestHouse) -> None:
    visitor = await house.visitor()
    assert (await visitor.say("chào em")).status == 202
    heard = await visitor.hears("chào em")
    assert heard["author"] == "bot"
    await house.settled()
    async with house.running.house.store.begin() as uow:
        assert await uow.turns.opened(visitor.conversation_id) is None


async def test_the_same_client_id_is_the_same_message(house: TestHouse) -> None:
    visitor = await house.visitor()
    name = str(uuid.uuid4())
    answers = await asyncio.gather(*(visitor.say("một lần thôi", name) for _ in range(5)))
    assert sorted(one.status for one in answers) == [200, 200, 200, 200, 202]
    await house.settled()
    said = [one["text"] for one in await visitor.read()]
    assert said == ["một lần thôi", "Dạ em nghe: một lần thôi"]


async def test_from_a_need_to_a_person_and_back_to_the_bot(house: TestHouse) -> None:
    visitor = await house.visitor()
    lan = await house.staff("Lan", "accounting")
    await visitor.say("em muốn sửa hoá đơn hôm qua")
    told = await visitor.hears("KT-0001")
    assert "Kế toán" in told["text"]
    assert "số thứ tự 1" in told["text"]

    status, page = await lan.get("/api/cases/KT-0001")
    assert status == 200
    assert page["case"]["state"] == "waiting"
    assert page["messages"][0]["text"] == "em muốn sửa hoá đơn hôm qua"
    assert (await lan.post("/api/cases/KT-0001/claim"))[0] == 200
    await visitor.hears("Lan bên bộ phận Kế toán")

    await visitor.say("số 123 nhé")
    await house.settled()
    assert all("Dạ em nghe: số 123" not in one["text"] for one in await visitor.read()), "the bot must be silent"

    assert (await lan.post("/api/cases/KT-0001/reply", text="Dạ em sửa xong rồi ạ"))[0] == 200
    answer = await visitor.hears("sửa xong rồi")
    assert (answer["author"], answer["name"]) == ("staff", "Lan")
    assert (await lan.post("/api/cases/KT-0001/resolve"))[0] == 200
    await visitor.hears("đã xử lý xong")

    await visitor.say("cảm ơn em")
    assert (await visitor.hears("Dạ em nghe: cảm ơn em"))["author"] == "bot"


async def test_a_name_given_in_words_is_kept_unless_there_is_one(house: TestHouse) -> None:
    visitor = await house.visitor()
    lan = await house.staff("Lan", "accounting")
    await visitor.say("em tên là Hùng, xuất hoá đơn giúp em")
    await visitor.hears("KT-0001")
    assert (await lan.get("/api/cases/KT-0001"))[1]["customer_name"] == "Hùng"

    await visitor.say("em tên là Dũng nữa nhé")
    await visitor.hears("Dạ em nghe: em tên là Dũng")
    assert (await lan.get("/api/cases/KT-0001"))[1]["customer_name"] == "Hùng"


async def test_nobody_on_duty_gives_a_dated_promise(house: TestHouse) -> None:
    visitor = await house.visitor()
    await visitor.say("tôi bị mất thẻ")
    told = await visitor.hears("GD-0001")
    assert "hẹn trả lời" in told["text"]
    async with house.running.house.store.begin() as uow:
        case = await uow.cases.by_code("GD-0001")
        promise = await uow.promises.open_of(case.id)
    assert promise is not None
    assert promise.due_at > promise.made_at


async def test_two_people_cannot_claim_one_case(house: TestHouse) -> None:
    visitor = await house.visitor()
    people = [await house.staff(f"Người {number}", "accounting") for number in range(6)]
    await visitor.say("xuất hoá đơn giúp em")
    await visitor.hears("KT-0001")
    answers = await asyncio.gather(*(one.post("/api/cases/KT-0001/claim") for one in people))
    assert sorted(status for status, _ in answers) == [200, 409, 409, 409, 409, 409]
    winner = next(body["owner_name"] for status, body in answers if status == 200)
    assert {body["winner"] for status, body in answers if status == 409} == {winner}


async def test_a_transfer_keeps_the_customer_informed(house: TestHouse) -> None:
    visitor = await house.visitor()
    lan, kho = await house.staff("Lan", "accounting"), await house.staff("Tú", "warehouse")
    await visitor.say("hoá đơn ghi thiếu hàng")
    await visitor.hears("KT-0001")
    await lan.post("/api/cases/KT-0001/claim")
    status, _ = await lan.post("/api/cases/KT-0001/transfer", department="warehouse", note="Kiểm tra số lượng giao.")
    assert status == 201
    assert (await kho.post("/api/cases/KT-0001/accept"))[0] == 200
    await visitor.hears("Tú bên bộ phận Kho vận")
    status, page = await kho.get("/api/cases/KT-0001")
    assert (status, page["case"]["department"], page["case"]["owner_id"]) == (200, "warehouse", kho.id)
    assert "Kiểm tra số lượng giao." in [one["text"] for one in page["messages"] if one["direction"] == "internal"]
    assert all("Kiểm tra số lượng" not in one["text"] for one in await visitor.read())
    assert (await kho.post("/api/cases/KT-0001/reply", text="Dạ em kiểm phiếu xuất rồi ạ"))[0] == 200


async def test_engine_down_still_gives_a_number_and_a_promise(house: TestHouse) -> None:
    visitor = await house.visitor()
    house.engine.down = True
    for text in ("giá tủ lạnh?", "còn hàng không?"):
        await visitor.say(text)
    await visitor.hears("LT-0001", seconds=5)
    await visitor.hears("ghi thêm vào phiếu LT-0001", seconds=5)
    house.engine.down = False
    async with asyncio.timeout(20):
        number = 0
        while not any("Dạ em nghe: thử" in one["text"] for one in await visitor.read()):
            number += 1
            await visitor.say(f"thử lần {number}")
            await asyncio.sleep(0.5)
    async with house.running.house.store.begin() as uow:
        assert (await uow.cases.by_code("LT-0001")).open


async def test_staff_see_only_what_is_theirs(house: TestHouse) -> None:
    visitor = await house.visitor()
    other, boss = await house.staff("Tú", "warehouse"), await house.staff("Hà", role=RoleId.MANAGER)
    await visitor.say("sửa hoá đơn")
    await visitor.hears("KT-0001")
    assert (await other.get("/api/cases/KT-0001"))[0] == 404
    assert (await other.post("/api/cases/KT-0001/claim"))[0] == 404
    assert (await boss.get("/api/cases/KT-0001"))[0] == 200


async def test_a_picture_without_words_joins_the_case_that_waits(house: TestHouse) -> None:
    visitor = await house.visitor()

    async def send_picture() -> None:
        form = aiohttp.FormData({"client_id": str(uuid.uuid4())}, quote_fields=False)
        form.add_field("file", b"\x89PNG\r\n\x1a\n" + b"\x00" * 32, filename="a.png", content_type="image/png")
        async with visitor.session.post(f"{house.url}/chat/api/attachments", data=form) as response:
            assert response.status == 202

    await send_picture()
    await visitor.hears("đã nhận được hình ảnh")
    await visitor.say("sửa hoá đơn này giúp em")
    await visitor.hears("KT-0001")
    await send_picture()
    await visitor.hears("ghi thêm vào phiếu KT-0001")


async def test_a_burst_is_one_turn(house: TestHouse) -> None:
    visitor = await house.visitor()
    for text in ("alo", "shop ơi", "cho hỏi", "sửa hoá đơn thế nào"):
        await visitor.say(text)
    await visitor.hears("KT-0001")
    await house.settled()
    transcript = await visitor.read()
    assert [one["author"] for one in transcript] == ["customer"] * 4 + ["bot"]
    assert house.engine.asked[-1]["text"] == "alo\nshop ơi\ncho hỏi\nsửa hoá đơn thế nào"


async def test_an_opener_that_nothing_follows_is_answered_after_a_moment(house: TestHouse) -> None:
    visitor = await house.visitor()
    await visitor.say("shop ơi")
    await visitor.hears("Dạ em nghe: shop ơi", seconds=6)


async def test_whoever_writes_english_gets_number_and_date_in_english(house: TestHouse) -> None:
    visitor = await house.visitor()
    house.engine.down = True
    await visitor.say("I want to talk to someone about my order please")
    assert "case LT-0001" in (await visitor.hears("LT-0001"))["text"]
