"""The customer's mood, in either spelling, and what only looks like one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.moods import Mood, is_ironic, mood_of, sentences

ANGRY, URGENT, THANKFUL, CALM = Mood.ANGRY, Mood.URGENT, Mood.THANKFUL, Mood.CALM


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("Tôi rất bực mình với cách làm việc này", ANGRY),
        ("toi rat buc minh voi cach lam viec nay", ANGRY),
        ("CHỜ LÂU QUÁ RỒI", ANGRY),
        ("tra loi cham qua", ANGRY),
        ("phục vụ chậm", ANGRY),
        ("anh nói chậm thôi em ghi kịp", CALM),
        ("chậm nhất mấy giờ giao vậy", CALM),
        ("cho lau qua roi", ANGRY),
        ("tôi chờ mãi không thấy ai", ANGRY),
        ("không ai trả lời tôi cả", ANGRY),
        ("khong ai tra loi", ANGRY),
        ("Làm ăn kiểu gì vậy?", ANGRY),
        ("lam an kieu gi the", ANGRY),
        ("tôi không hài lòng", ANGRY),
        ("điên quá", ANGRY),
        ("tôi sẽ kiện", ANGRY),
        ("This is unacceptable", ANGRY),
        ("ko biet noi gi luon, met moi voi shop nay", ANGRY),
        ("mệt mỏi với mấy người quá", ANGRY),
        ("Tôi cần gấp", URGENT),
        ("gap lam em oi", URGENT),
        ("xu ly gap giup anh", URGENT),
        ("Khoá ngay cho tôi", URGENT),
        ("khẩn cấp!!!", URGENT),
        ("khan cap", URGENT),
        ("nhà tôi đang cháy", URGENT),
        ("asap please", URGENT),
        ("Cảm ơn em nhiều", THANKFUL),
        ("cám ơn shop", THANKFUL),
        ("cam on em", THANKFUL),
        ("thanks!", THANKFUL),
        ("Cho hỏi giá tủ lạnh", CALM),
        ("dạo này em mệt mỏi quá", CALM),
        ("toi muon gap nhan vien", CALM),
        ("tôi đang gặp sự cố", CALM),
        ("toi dang gap su co", CALM),
        ("điều kiện trả góp là gì", CALM),
        ("kiện hàng bị móp", CALM),
        ("dieu kien vay", CALM),
        ("thời gian qua tôi bận", CALM),
        ("máy phát điện còn hàng không", CALM),
        ("lãi gấp đôi à", CALM),
        ("máy giặt gấp 2 lần", CALM),
        ("mẫu này cháy hàng chưa", CALM),
        ("mai tôi qua, cho mai nhé", CALM),
        ("goi ngay mai nhe", CALM),
        ("tôi không gấp đâu", CALM),
        ("ko gấp em nhé", CALM),
        ("không có gì phải bực", CALM),
        ("chưa thất vọng bao giờ", CALM),
        ("I am not angry", CALM),
        ("", CALM),
        ("TRỜI ƠI … giúp tôi ngay!!!", URGENT),
        ("TROI OI giup toi ngay!!!", URGENT),
        ("trời ơi tôi chuyển nhầm 20 triệu rồi, giúp tôi ngay", URGENT),
        ("GIÚP TÔI VỚI!!!", URGENT),
        ("giup em voi!!", URGENT),
        ("THẺ CỦA TÔI BỊ MẤT RỒI!!!", URGENT),
        ("the cua toi bi mat roi khoa ngay giup toi", URGENT),
        ("Khoá thẻ giúp em ngay ạ", URGENT),
        ("sao vẫn chưa giao hàng vậy!!", URGENT),
        ("SAO CHUA AI TRA LOI TOI", ANGRY),
        ("huhu em chuyển nhầm rồi giúp em với 😭", URGENT),
        ("nhanh lên giúp anh với", URGENT),
        ("cuu voi em oi", URGENT),
        ("GỌI LẠI CHO TÔI NGAY", URGENT),
        ("goi lai cho toi ngay di", URGENT),
        ("Xử lý giúp tôi ngay lập tức", URGENT),
        ("🆘 mất điện thoại rồi", URGENT),
        ("TÔI CẦN TIỀN HÔM NAY!!!", URGENT),
        ("OTP KHÔNG VỀ, NHANH LÊN", URGENT),
        ("trời ơi nước tràn ra nhà rồi mau tới", URGENT),
        ("alo alo sao chưa thấy ai!!", URGENT),
        ("Help me please!!", URGENT),
        ("please hurry", URGENT),
        ("gọi 5 lần không ai nghe máy", ANGRY),
        ("goi mai khong ai bat may", ANGRY),
        ("nhắn mãi không thấy trả lời", ANGRY),
        ("tôi nói bao nhiêu lần rồi", ANGRY),
        ("ko ai tra loi het", ANGRY),
        ("😡😡", ANGRY),
        ("LÀM ĂN KIỂU GÌ VẬY!!!", ANGRY),
        ("mat niem tin qua", ANGRY),
        ("CẢM ƠN SHOP NHIỀU LẮM!!!", THANKFUL),
        ("cam on em nhe!!", THANKFUL),
        ("Thank you so much!!!", THANKFUL),
        ("CHO HỎI IPHONE 15 PRO MAX CÒN HÀNG KHÔNG", CALM),
        ("Cho hỏi IPHONE 15 PRO MAX 256GB còn hàng không!", CALM),
        ("iphone gấp đôi dung lượng giá bao nhiêu", CALM),
        ("TRỜI ƠI ĐẸP QUÁ!!!", CALM),
        ("troi oi thich qua!!!", CALM),
        ("máy giặt LG TURBO DRUM FV1409S4W giá sao em", CALM),
        ("goi toi ngay mai nhe", CALM),
        ("giao hang trong ngay duoc khong", CALM),
        ("lam ngay chu nhat khong em", CALM),
        ("shop co lam ngay le khong", CALM),
        ("chuyen ngay giao sang thu 7 giup toi", CALM),
        ("giup toi voi nhe", CALM),
        ("giúp em kiểm tra đơn hàng với ạ", CALM),
        ("CHO EM HỎI GIÁ TỦ LẠNH SAMSUNG", CALM),
        ("trời ơi, máy này bao nhiêu tiền vậy", CALM),
        ("giao nhanh giúp em nhé", CALM),
        ("OK EM", CALM),
        ("MK BANK SMS OTP", CALM),
        ("Ngay cạnh chợ à em", CALM),
        ("bàn ủi gấp gọn có không", CALM),
        ("mua gap 3 thi giam bao nhieu", CALM),
        ("toi khong can gap dau", CALM),
        ("WOW!!! xịn quá", CALM),
        ("Chào shop!!", CALM),
        ("vâng!!!", CALM),
        ("SIÊU SALE!!! bao giờ có vậy shop", CALM),
        ("hotline gọi nhanh nhất là số nào", CALM),
        ("có giao ngay trong ngày không", CALM),
        ("trả góp tivi SAMSUNG QLED 55 INCH được không", CALM),
        ("alo shop ơi", CALM),
        ("ko gap, khi nao ranh goi lai minh", CALM),
        ("không cần giúp ngay đâu em", CALM),
        ("HẸN GẶP LẠI SHOP!!!", CALM),
        ("CHÚC MỪNG NĂM MỚI!!!", CALM),
        ("trời ơi rẻ quá vậy!!", CALM),
        ("mua liền tay giảm ngay 50%!!", CALM),
        ("tôi chuyển nhầm tiền cho người lạ rồi làm ơn giúp với", URGENT),
        ("VUI LÒNG TRẢ LỜI NGAY", URGENT),
        ("xin giup em voi!!", URGENT),
        ("toi chua nhan duoc tien, xu ly giup toi ngay!", URGENT),
        ("SAO TÔI VẪN CHƯA NHẬN ĐƯỢC TIỀN", URGENT),
        ("bao gio giao hang vay em", CALM),
        ("sao chưa thấy đơn của em ạ", CALM),
        ("Tôi ở ngay cạnh siêu thị!!", CALM),
        ("có màu đen không ạ!!", CALM),
        ("ĐƠN HÀNG DH00123456 CỦA TÔI TỚI ĐÂU", CALM),
        ("Đ.M chúng mày lừa tao, gặp quản lý", ANGRY),
        ("chúng mày làm ăn thế à", ANGRY),
        ("d.m lua tao ha", ANGRY),
        ("mấy người lừa khách à", ANGRY),
        ("ĐM", ANGRY),
        ("hai máy dùng chung may giặt", CALM),
        ("tui may ao dong phuc", CALM),
        ("lựa em cái nào đẹp", CALM),
        ("lua em cai nao dep", CALM),
        ("shop không lừa khách đâu", CALM),
        ("em hơi sốt ruột…", URGENT),
        ("em hoi sot ruot qua", URGENT),
        ("em không sốt ruột đâu", CALM),
        ("tiền của tôi đâu!!!!", URGENT),
        ("TIEN HOAN CUA TOI DAU!", URGENT),
        ("hàng của em đâu vậy!!", URGENT),
        ("không lấy tiền của em đâu!!", CALM),
        ("tiền để ở quầy nào đâu có thấy", CALM),
        ("tiền của tôi đâu", CALM),
    ],
)
def test_mood_of_one_message(text: str, mood: Mood) -> None:
    assert mood_of([text]).mood is mood


@pytest.mark.parametrize(
    ("text", "ironic"),
    [
        ("hay nhỉ, giao hàng trễ 10 ngày, dịch vụ tuyệt vời thật đấy", True),
        ("hay nhi, giao hang tre 10 ngay, dich vu tuyet voi that day", True),
        ("giỏi thật, hẹn ba lần không tới", True),
        ("chuyên nghiệp quá ha, chờ 3 tiếng rồi", True),
        ("tuyệt vời, mua về một hôm đã hỏng", True),
        ("quý hoá quá, gọi mãi không ai nghe", True),
        ("Great service, ten days late", True),
        ("dịch vụ tuyệt vời, cảm ơn em", False),
        ("giao nhanh, không bị lỗi gì, tuyệt vời", False),
        ("giao trễ 1 ngày nhưng nhân viên tuyệt vời", False),
        ("máy bị hỏng, thợ tới sửa ngay, giỏi thật", False),
        ("broken on arrival but replaced at once, excellent", False),
        ("hay nhỉ, có cả màu xanh", False),
        ("giao hàng trễ 10 ngày", False),
    ],
)
def test_praise_of_what_went_wrong(text: str, ironic: bool) -> None:
    assert is_ironic(text) is ironic
    assert not ironic or mood_of([text]).mood is ANGRY


def test_anger_is_not_hidden_by_politeness() -> None:
    heard = mood_of(["Chờ lâu quá! Tôi hỏi từ sáng.", "gấp lắm", "cảm ơn em"])
    assert (heard.mood, heard.said) == (ANGRY, "Chờ lâu quá!")


def test_old_anger_is_past() -> None:
    assert mood_of(["bực mình quá", *["dạ vâng"] * 5]).mood is CALM


def test_the_newest_sentence_is_quoted() -> None:
    assert mood_of(["gấp lắm", "Alo. Xử lý gấp giúp chị nhé!"]).said == "Xử lý gấp giúp chị nhé!"


@given(st.lists(st.text(max_size=60), max_size=8))
def test_whatever_is_quoted_was_said(said: list[str]) -> None:
    heard = mood_of(said)
    assert any(heard.said in text for text in said) or not heard.said
    assert bool(heard.said) is (heard.mood is not CALM)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("chuyển nhầm 5.000.000 rồi. Giúp em với!", ["chuyển nhầm 5.000.000 rồi.", "Giúp em với!"]),
        (
            "ở 12/3 Ng. Trãi P. 5 Q.1, giao trước 28.11.2026!",
            ["ở 12/3 Ng. Trãi P. 5 Q.1, giao trước 28.11.2026!"],
        ),
        ("hỏng rồi!!gọi lại đi\nnhanh lên", ["hỏng rồi!!", "gọi lại đi", "nhanh lên"]),
        ("...", ["..."]),
    ],
)
def test_numbers_dates_and_addresses_stay_whole(text: str, parts: list[str]) -> None:
    assert list(sentences(text)) == parts
