"""What a person said leaves the customer waiting for us, or it does not."""

from __future__ import annotations

import time

import pytest

from bot.domain.holding import minutes_asked, owes_more
from bot.domain.text import fold

HOLDING = """
chờ em 5 phút
Anh chờ em xíu nhé
Dạ anh đợi em chút ạ
Chị chờ em vài phút để em kiểm tra ạ
Anh đợi em 10p nha
Anh chờ máy em xem giúp ạ
cho em xin vài phút
Cho em xin ít phút kiểm tra lại ạ
Cho em thêm thời gian kiểm tra nhé
Anh cho em 2 tiếng nhé
Mong anh chờ em thêm ít phút ạ
Dạ anh chị chờ giúp em ạ
Anh giữ máy giúp em
Anh chờ xíu ạ
Chị đợi chút nhé
Anh vui lòng chờ trong giây lát ạ
Dạ xin vui lòng đợi vài phút ạ
Anh chờ em kiểm tra đơn ạ
Anh chờ em hỏi kho xem còn hàng không nhé
Anh chờ tí em trả lời liền
em kiểm tra rồi báo lại anh
Dạ em kiểm tra ạ
Dạ để em kiểm tra ạ
Để em xem lại hồ sơ rồi trả lời chị nhé
để em hỏi kế toán
Dạ để em hỏi lại kỹ thuật ạ
Để em nhờ kho xem giúp anh
Để em chuyển bên kế toán xem ạ
lát em gọi
Lát nữa em gọi lại cho anh nhé
Chiều em báo anh
Mai em gửi báo giá cho chị ạ
Chút nữa em nhắn anh
Em sẽ gọi lại ngay ạ
Bên em sẽ liên hệ lại anh trong chiều nay ạ
Em sẽ báo anh khi có kết quả
Em báo lại anh sau nhé
Dạ có kết quả em báo anh liền ạ
Khi nào hàng về em nhắn chị nhé
Em đang kiểm tra ạ
Dạ em đang hỏi kho, anh chờ em nhé
Bên em đang xử lý ạ
Em đang chờ kế toán trả lời ạ
Dạ em đang liên hệ shipper ạ
Em xin phép kiểm tra thêm ạ
Em xin ý kiến sếp rồi báo chị nhé
Kỹ thuật sẽ gọi lại cho anh ạ
Kế toán sẽ liên hệ chị trước 17h ạ
Em gọi lại anh ngay
Em trả lời anh sau 5 phút nữa nhé
Em phản hồi chị trong ngày ạ
Dạ em đã nhận thông tin, em kiểm tra rồi báo lại anh ạ
Em kiểm tra rồi báo lại anh ạ. Có gì gấp anh cứ gọi em nhé
Em báo lại anh ngay. Anh cho em xin số điện thoại ạ?
Anh đợi em xíu nhé, cho em xin mã đơn luôn ạ
Dạ em xin lỗi đã để anh chờ, em kiểm tra rồi báo anh ngay ạ
Đơn này hơi lạ. Để em hỏi kho rồi trả lời anh.
đợi e chút
chờ e xíu nha c
e ktra r báo lại a
doi em chut
de em hoi sep da
em check roi bao lai chi
Em liên hệ bên kho rồi phản hồi anh nha
Dạ em ghi nhận rồi ạ, em check lại với bên kho xong em báo anh liền nha
Anh đợi em hỏi chị kế toán đã nhé
Chị ơi chị đợi em một lát
em nhờ bạn kỹ thuật kiểm tra rồi nhắn lại anh
Dạ để em làm việc với bên giao hàng ạ
Em sẽ kiểm tra và phản hồi sớm nhất ạ
Bên em sẽ cho anh câu trả lời trước 5h chiều
Em sẽ trả lời anh trước 16h
Vâng anh, 15 phút nữa em gọi
Để em xác nhận lại với quản lý rồi em nhắn
Dạ chị vui lòng đợi em ít phút
Chiều nay em gửi lại hoá đơn đã sửa cho chị
Em chưa có kết quả, có là em nhắn anh ngay
Hiện kỹ thuật chưa trả lời, em đang giục ạ
Em theo dõi và cập nhật cho anh nhé
Dạ em đang làm thủ tục cho chị ạ
Em xem rồi báo
Ok anh, em tra đã
Xíu em rep
em ktra da nha
cho em xin 2 phut a
anh doi ti nhe
bên em sẽ liên hệ anh trong 30 phút tới
Dạ em nắm rồi ạ. Anh cho em thêm ít phút nhé
Mình chờ shop chút nha
Em báo bộ phận kỹ thuật rồi, có kết quả em gọi ngay ạ
"""

ENGLISH_HOLDING = """
give me a minute
Please give us a few minutes
One moment please
Just a moment, please.
Hold on, I'm looking
Bear with me a moment
Let me check
Let me ask accounting and come back to you
I'll check and get back
I will look into it and let you know
I'll get back to you this afternoon
We will call you back
We'll update you tomorrow
I'm checking with the warehouse
I am waiting for the warehouse
We are looking into it
Someone from accounting will contact you
Please hold
I need a few minutes to check this
Will get back to you shortly
We're still checking, I'll update you by 5 pm
Let me talk to my manager
Can you wait a few minutes?
"""

ANSWERED = """
chờ xíu là máy tự khởi động lại
Anh chờ chút rồi mở lại app là được ạ
Chờ 5 phút rồi cắm điện lại giúp em
Anh rút điện, đợi vài phút rồi bật lại máy ạ
anh kiểm tra giúp em
Anh kiểm tra lại giúp em nhé
em chờ anh gửi ảnh ạ
Em đợi anh xác nhận ạ
Em đang chờ anh gửi mã đơn ạ
Em chờ thông tin của chị nhé
Anh gửi em mã đơn để em kiểm tra nhé
Anh gửi em mã đơn nhé. Em kiểm tra rồi báo lại anh.
Chị chụp giúp em tờ hoá đơn, em xem rồi báo chị ạ
Cho em xin số điện thoại ạ
Dạ cho em hỏi anh đặt ngày nào ạ?
Anh cho em biết màu anh thích nhé
Anh xác nhận giúp em địa chỉ ạ
Dạ đơn của anh đã giao hôm qua ạ
Em kiểm tra thì đơn đã giao rồi ạ
Em kiểm tra rồi ạ, còn hàng anh nhé
Em đã kiểm tra, hàng còn 3 cái ạ
Em vừa hỏi kho, mẫu này còn ạ
Em hỏi kho rồi, còn hàng anh nhé
Em gửi anh hoá đơn đây ạ
Em báo anh giá là 5 triệu ạ
Em đã gọi lại cho anh lúc 3h mà không gặp ạ
Dạ vâng ạ
Em cảm ơn anh ạ
Em xin lỗi đã để anh phải chờ ạ
Cảm ơn anh đã chờ em ạ
Cảm ơn chị đã chờ, hoá đơn của chị đây ạ
Dạ hoá đơn em đã sửa xong, anh xem lại giúp em nhé
Có gì anh cứ nhắn em nhé
Cần gì anh gọi em ạ
Có gì thắc mắc anh nhắn em, em trả lời ngay ạ
Nếu anh đồng ý thì em gọi lại chốt đơn ạ
Shop mở cửa lúc 8h, anh ghé giúp em nhé
Phí giao là 30.000 đ, giao trong 2 ngày ạ
Bên em sẽ giao hàng trước 17h hôm nay ạ
Shipper sẽ gọi trước khi giao ạ
Tiền đã hoàn vào thẻ của chị, 3 ngày là chị nhận được ạ
Anh bấm quên mật khẩu rồi nhập lại mật khẩu mới ạ
Đơn của anh đang chờ duyệt, mai giao ạ
Phiếu bảo hành có giá trị 12 tháng ạ
Bên em đang có chương trình giảm 10% ạ
Dạ mẫu này giá 12 triệu, bảo hành 24 tháng ạ
Anh đổi sang mẫu khác được ạ
Anh dành cho em vài phút đánh giá nhé
Em gửi cho anh 5 phút ghi âm rồi ạ
Dạ đơn KT-0042 đã xong, anh kiểm tra email giúp em
Anh mang máy qua trung tâm bảo hành 12 Lê Lợi, bên em kiểm tra miễn phí ạ
Dạ được ạ, anh cứ qua trước 5h chiều
Chị cho em xin email để em gửi hoá đơn ạ
Em đã gửi hoá đơn qua email rồi ạ
Kế toán đã sửa hoá đơn xong, anh xem giúp em nhé
Hàng giao trong vòng 2 tiếng ạ
Thẻ đã khoá rồi ạ, anh yên tâm
Bên em hỗ trợ đổi trong 7 ngày
Em đã huỷ đơn cho anh rồi ạ
Anh đợi đơn vị vận chuyển giao trong 2 ngày nữa ạ
Thời gian chờ khoảng 15 phút ạ
Tổng đài 1900 1234 hoạt động 8h đến 21h ạ
Anh vào app chọn Hồ sơ, chờ vài giây rồi bấm Lưu là được
Chị đổi giúp em mật khẩu rồi thử lại nhé
Nếu không được chị nhắn lại em nhé
Em đợi tin chị ạ
Anh xem giúp em còn lỗi không ạ
Số dư của anh là 2.000.000 đ ạ
Em chúc anh một ngày tốt lành
Không có gì ạ
Kỹ thuật sẽ tới lắp lúc 9h sáng mai ạ
Thợ sẽ gọi trước khi đến 30 phút
Em vừa gọi anh nhưng máy bận ạ
Bạn chờ mình gửi xe rồi vào quầy 3 nhé
"""

ENGLISH_ANSWERED = """
Wait a minute and the machine restarts by itself
Please send me a photo so that I can check
Could you send us the order number? I'll check it.
I'm waiting for your photo
Your invoice was corrected this morning
Please restart the app
Let me know if you need anything else
If you need anything else we will reply
The parcel arrives tomorrow
I checked: it is in stock
Thank you for waiting, here is the invoice
Delivery takes two days
Your refund was sent, it takes 3 days to arrive
You can check the status in the app
We close at 9 pm
I have checked and your order is on its way
It should work in a minute
"""


def rows(table: str) -> list[str]:
    return table.strip().splitlines()


@pytest.mark.parametrize("said", [*rows(HOLDING), *rows(ENGLISH_HOLDING)])
def test_who_asks_for_time_owes_more(said: str) -> None:
    assert owes_more(said)


@pytest.mark.parametrize("said", [*rows(ANSWERED), *rows(ENGLISH_ANSWERED)])
def test_who_has_answered_or_waits_for_the_customer_owes_nothing(said: str) -> None:
    assert not owes_more(said)


@pytest.mark.parametrize("said", rows(HOLDING))
def test_missing_marks_make_no_difference_to_what_is_owed(said: str) -> None:
    assert owes_more(fold(said))


@pytest.mark.parametrize("said", rows(ANSWERED))
def test_missing_marks_make_no_debt(said: str) -> None:
    assert not owes_more(fold(said))


@pytest.mark.parametrize("text", ["", "  ", "…", "?!", "\u200b", "cho " * 3_000, "em kiem tra " * 2_000, "x" * 5_000])
def test_any_text_is_judged_at_once(text: str) -> None:
    before = time.process_time()
    owes_more(text)
    assert time.process_time() - before < 1


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("Dạ anh chờ em 5 phút em kiểm tra ạ", 5),
        ("Dạ để em hỏi kho rồi báo anh trong 10p nha", 10),
        ("Chị chờ em khoảng 10-15 phút ạ", 15),
        ("Anh đợi em mười phút nhé", 10),
        ("Chờ em nửa tiếng ạ", 30),
        ("Please give me 5 minutes", 5),
        ("Máy khởi động mất 5 phút ạ. Để em hỏi kỹ thuật rồi báo anh nhé.", None),
        ("Chờ em chút ạ", None),
        ("Cho em 2 tiếng nhé", None),
        ("Anh bấm nút nguồn 10 giây rồi chờ 5 phút là máy chạy lại ạ", None),
    ],
)
def test_how_many_minutes_a_person_asks_for(text: str, minutes: int | None) -> None:
    assert minutes_asked(text) == minutes
