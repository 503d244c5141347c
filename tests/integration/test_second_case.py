"""Two cases of one customer with two people: one of them speaks, and everybody knows who."""

from __future__ import annotations

from bot.domain.company import RoleId
from tests.house import Clerk, TestHouse, Visitor, eventually
from tests.integration.desk_steps import asks


async def two_cases(house: TestHouse) -> tuple[Clerk, Clerk, Visitor]:
    """Lan speaks with a customer about KT-0001; Mai has taken KH-0001 of the same one."""
    lan, mai = await house.staff("Lan", "accounting"), await house.staff("Mai", "customer_relations")
    visitor = await asks(house)
    await visitor.say("với cả bảo hành cái quạt")
    await visitor.hears("KH-0001")
    assert (await lan.post("/api/cases/KT-0001/claim"))[0] == 200
    assert (await lan.post("/api/cases/KT-0001/reply", text="Dạ em Lan đây ạ"))[0] == 200
    assert (await mai.post("/api/cases/KH-0001/claim"))[0] == 200
    return lan, mai, visitor


async def test_the_customer_hears_who_has_the_second_case_and_who_still_speaks(house: TestHouse) -> None:
    _, _, visitor = await two_cases(house)
    told = await visitor.hears("lo phiếu KH-0001")
    assert told["text"].startswith("Dạ Mai bên bộ phận Chăm sóc khách hàng lo phiếu KH-0001")
    assert "Lan vẫn đang trò chuyện với" in told["text"]


async def test_whoever_may_not_speak_hears_who_does_and_what_can_be_done(house: TestHouse) -> None:
    _, mai, _ = await two_cases(house)
    status, refused = await mai.post("/api/cases/KH-0001/reply", text="Dạ em là Mai ạ")
    assert (status, refused["error"], refused["winner"]) == (409, "already_taken", "Lan")
    assert refused["message"].startswith("Lan đang trò chuyện với khách này (KT-0001).")
    assert "ghi chú nội bộ" in refused["message"]
    assert "nhờ Lan chuyển KT-0001" in refused["message"]
    assert "nhận trước" not in refused["message"]


async def test_only_whoever_may_speak_is_seen_typing(house: TestHouse) -> None:
    lan, mai, _ = await two_cases(house)
    boss = await house.staff("Sơn", role=RoleId.MANAGER)
    tried = [
        (await who.post(f"/api/cases/{code}/typing"))[0]
        for who, code in ((lan, "KT-0001"), (mai, "KH-0001"), (boss, "KT-0001"))
    ]
    assert tried == [204, 409, 403]


async def test_nobody_says_that_the_bot_is_back_while_a_person_speaks_and_the_score_counts(house: TestHouse) -> None:
    lan, mai, visitor = await two_cases(house)
    assert (await mai.post("/api/cases/KH-0001/resolve", unanswered=True))[0] == 200
    done = await visitor.hears("phiếu KH-0001 đã xử lý xong")
    assert "Lan vẫn ở đây" in done["text"]
    assert "trợ lý tự động" not in done["text"]
    await visitor.say("1")
    await visitor.hears("xin lỗi")

    async def rated() -> bool | None:
        page = (await mai.get("/api/cases/KH-0001"))[1]
        return page["rating"]["score"] == 1 or None

    await eventually(rated)
    await house.settled()
    await visitor.say("gọi chậm quá")
    await house.settled()
    page = (await lan.get("/api/cases/KT-0001"))[1]
    assert page["messages"][-1]["text"] == "gọi chậm quá", "what is no score is for whoever speaks"
    assert (await lan.post("/api/cases/KT-0001/reply", text="Dạ em xin lỗi ạ"))[0] == 200


async def test_a_number_after_a_word_of_the_person_is_theirs(house: TestHouse) -> None:
    lan, mai, visitor = await two_cases(house)
    assert (await mai.post("/api/cases/KH-0001/resolve", unanswered=True))[0] == 200
    await visitor.hears("phiếu KH-0001 đã xử lý xong")
    assert (await lan.post("/api/cases/KT-0001/reply", text="Anh cần mấy bản ạ?"))[0] == 200
    await visitor.say("2")
    await house.settled()
    page = (await mai.get("/api/cases/KH-0001"))[1]
    assert page["rating"]["score"] is None


async def test_the_last_one_who_ends_gives_the_floor_back_to_the_bot(house: TestHouse) -> None:
    lan, mai, visitor = await two_cases(house)
    assert (await lan.post("/api/cases/KT-0001/resolve"))[0] == 200
    assert "Mai vẫn ở đây" in (await visitor.hears("phiếu KT-0001 đã xử lý xong"))["text"]
    assert (await mai.post("/api/cases/KH-0001/resolve", unanswered=True))[0] == 200
    assert "trợ lý tự động" in (await visitor.hears("phiếu KH-0001 đã xử lý xong"))["text"]
