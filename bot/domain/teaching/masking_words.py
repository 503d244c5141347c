"""Words that masking knows: digits as they are said, names as they are given, and words that are no names."""

from __future__ import annotations

from typing import Final

from bot.domain.text import fold


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


SPOKEN: Final = _words(
    "không một mốt hai ba bốn tư năm lăm sáu bảy bẩy tám chín khong hong mot hai ba bon tu nam lam sau bay tam chin "
    "zero oh one two three four five six seven eight nine"
)
ZERO: Final = _words("không khong hong zero oh")
AMONG_SPOKEN: Final = _words("mươi mười linh lẻ muoi linh le rồi roi xong double triple đôi số so")

FAMILY: Final = _words(
    "nguyễn trần lê phạm huỳnh hoàng phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh trương đoàn trịnh lâm mai đào cao hà "
    "tạ lương tô châu thái quách vương lưu phùng tống triệu nghiêm kiều chu hứa từ đàm bạch la"
)
PLAIN_FAMILY: Final = frozenset(map(fold, FAMILY))
SURE_FAMILY: Final = _words("nguyễn trần phạm huỳnh nguyen huynh")
"""Family names that are hardly ever anything else, whichever case they are in."""

GIVEN: Final = _words(
    "tuấn hùng dũng cường hương huyền thảo linh ngọc lan hạnh nga phương trang thủy thuỷ thúy thuý yến oanh vy nhung "
    "hiếu khoa quân thắng tùng sơn nam phúc khánh duy hải quang việt vinh đức kiên trâm quỳnh ngân hằng loan liên tâm "
    "thư tuyết nhi hiền tú thịnh phong nghĩa trinh diễm uyên tuan hung cuong huong huyen thuy yen hieu tung "
    "khanh"
)
"""Given names that are believed in small letters after a title: "chị hương"."""

STOP: Final = _words(
    "ơi à ạ ah nha nhé nhe em anh chị cô chú bác ông bà bạn shop ad admin sale mình tôi tui gì ai nào sao đây đấy "
    "đó kia cho là và với thì mà của ở tại về đến không chưa đã đang sẽ muốn cần hỏi mua bán gặp xin vui lòng cảm "
    "ơn giúp nhờ được này hôm ngày sáng chiều tối giờ phút mai qua khách hàng nhân viên giám đốc trưởng phó phòng "
    "quản lý lễ kế toán kỹ thuật thu bảo vệ tư vấn ship shipper tổng đài công ty bên nhà đơn máy tivi tủ giặt điều "
    "hoà sản phẩm người robot bot trợ cskh samsung lg sony panasonic toshiba electrolux daikin sharp casio iphone "
    "ipad apple macbook laptop oppo xiaomi vivo zalo facebook telegram momo viettel vietcombank bidv hi hello xem "
    "nghe nói biết thấy đặt lấy gửi trả đổi huỷ hủy mở thẻ tiền số mã tên địa chỉ sđt nhận chuyển thế gọi lại rồi "
    "thôi luôn đi vậy hả hen rất khi nếu vì nhưng còn hay cũng nên phải hết vào ra lên xuống bị có các những nhiều "
    "ít nữa trên dưới trong ngoài theo cùng từng mỗi cái con chiếc the this here from with looking calling not "
    "waiting going i vip vat tv hành"
)
"""Words that are no names, even in capitals or where a name is expected."""
PLAIN_STOP: Final = frozenset(map(fold, STOP)) - _words("minh lan an nam nhi ha hoa van thi thu mai tu hang")
"""The same typed without marks, except those that are names then more often."""

PLACES: Final = (
    "hồ chí minh|hà nội|hà nam|hà giang|hà tĩnh|hà đông|cao bằng|cao lãnh|lâm đồng|phan thiết|phan rang|thái bình|"
    "thái nguyên|thái lan|mai châu|lý sơn|hồ tây|hà tiên|châu đốc|châu thành|hoàng sa|từ sơn|từ liêm|hồ gươm|hà lan"
)
"""Places whose names look like people's."""
UNSURE_FAMILY: Final = _words("lý từ la lương cao mai hà hồ đào thái kiều ly tu luong ha ho dao thai kieu")
"""Family names that are everyday words as well: in small letters they are no names."""
MIDDLE: Final = _words("văn thị van thi")
TITLES: Final = _words(
    "anh chị cô chú bác em ông bà thầy cụ dì cậu mợ cháu bạn "
    "chi co chu bac ong ba thay cau chau ban mr ms mrs miss a c e"
)


def is_stop(word: str) -> bool:
    """Tell whether a word as written is no name."""
    lower = word.casefold()
    return lower in STOP or (lower.isascii() and lower in PLAIN_STOP)
