"""Words that masking knows: digits as they are said, names as they are given, and words that are no names."""

from __future__ import annotations

from typing import Final

from bot.domain.text import fold


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _pairs(text: str) -> frozenset[str]:
    return frozenset(text.split("|"))


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

MARKED_GIVEN: Final = frozenset(word for word in GIVEN if not word.isascii())

STOP: Final = _words(
    "ơi à ạ ah nha nhé nhe em anh chị cô chú bác ông bà bạn shop ad admin sale mình tôi tui gì ai nào sao đây đấy "
    "đó kia cho là và với thì mà của ở tại về đến không chưa đã đang sẽ muốn cần hỏi mua bán gặp xin vui lòng cảm "
    "ơn giúp nhờ được này hôm ngày sáng chiều tối giờ phút mai qua khách hàng nhân viên giám đốc trưởng phó phòng "
    "quản lý lễ kế toán kỹ thuật thu bảo vệ tư vấn ship shipper tổng đài công ty bên nhà đơn máy tivi tủ giặt điều "
    "hoà sản phẩm người robot bot trợ cskh samsung lg sony panasonic toshiba electrolux daikin sharp casio iphone "
    "ipad apple macbook laptop oppo xiaomi vivo zalo facebook telegram momo viettel vietcombank bidv hi hello xem "
    "nghe nói biết thấy đặt lấy gửi trả đổi huỷ hủy mở thẻ tiền số mã tên địa chỉ sđt nhận chuyển thế gọi lại rồi "
    "thôi luôn đi vậy mới hả hen rất khi nếu vì nhưng còn hay cũng nên để phải hết vào ra lên xuống bị có các những "
    "nhiều ít nữa trên dưới trong ngoài theo cùng từng mỗi cái con chiếc the this here from with looking calling not "
    "waiting going i vip vat tv hành miền"
)
"""Words that are no names, even in capitals or where a name is expected."""
PLAIN_STOP: Final = frozenset(map(fold, STOP)) - _words("minh lan an nam nhi ha hoa van thi thu mai tu hang")
"""The same typed without marks, except those that are names then more often."""

SURE_PLAIN: Final = _words("nguyen tran pham huynh hoang")
"""Family names that, typed without marks and with two more syllables of a name, are hardly ever anything else."""
COMMON_PLAIN: Final = _words("le phan vu vo ngo duong bui")
"""The frequent ones among those that are everyday words without their marks."""
TELLING: Final = _words(
    "bich cuong diem duc duy hanh hieu hoai hoang hung huong huy huyen khang khanh khiem khoa khoi khue kiet linh loan "
    "ngoc nguyen nguyet nhi nhung oanh phuc phuong phung quoc quynh son thao thinh thuy trang tram trinh tuan tung "
    "tuyet uyen vinh vy yen minh hong nga lan"
)
"""Syllables that tell a name from other words typed without marks."""
COUNTED: Final = _words("ba sau bay tam chin muoi ty teo ut be")
"""Given names behind "văn" and "thị" that are stopped at anywhere else."""
ALONE: Final = (
    GIVEN | frozenset(map(fold, GIVEN)) | _words("hồng hong hoa hoà hòa bảo bao") - _words("nam hai thu tu an")
)
"""Given names that are believed in small letters where somebody is introduced and nothing else follows."""
PARTICLES: Final = _words("ạ a ah á nè ne nha nhé nhe nhá đây day ơi oi bên ben ở o đó hen số so sđt sdt")
"""Words behind which an introduction is over."""
EVERYDAY: Final = _words("mai nam an tu thu thi hai anh chi my ca truong")
"""Syllables that, typed without marks behind "gọi cho anh", are more often a time or a position than a name."""

PLACES: Final = (
    "hồ chí minh|hà nội|hà nam|hà giang|hà tĩnh|hà đông|cao bằng|cao lãnh|lâm đồng|phan thiết|phan rang|thái bình|"
    "thái nguyên|thái lan|mai châu|lý sơn|hồ tây|hà tiên|châu đốc|châu thành|hoàng sa|từ sơn|từ liêm|hồ gươm|hà lan|"
    "hoàng thành thăng long|hồ xuân hương"
)
"""Places whose names look like people's."""
UNSURE_FAMILY: Final = _words("lý từ la lương cao mai hà hồ đào thái kiều ly tu luong ha ho dao thai kieu triệu trieu")
"""Family names that are everyday words as well: in small letters they are no names."""
MIDDLE: Final = _words("văn thị van thi")
SYLLABLES: Final = _words(
    "an ân anh ánh ái bách bạch bảo bằng bích bình bửu cảnh cẩm chánh châu chi chí chiến chinh chính chung chương "
    "công cúc cương cường danh diễm diên diệp diệu doanh dung dũng duy duyên dư dương đài đan đạo đào đạt đăng điềm "
    "điền đình đoan đoàn đô đông đồng đức gấm gia giang giao hà hải hạ hạnh hào hảo hân hậu hằng hiên hiền hiển hiếu "
    "hiệp hiệu hoa hoà hòa hoài hoan hoàn hoàng hoành hồng hội hợp huân huấn huệ hùng huy huyên huyền huỳnh hưng "
    "hường hương hữu hỷ kha khả khải khánh khang khiêm khoa khoan khôi khuê khương kiên kiến kiệt kiều kim kỳ ký lam "
    "lan lành lâm lân lập lê lệ lễ liên liễu linh loan long lộc lợi luân luận lụa lựu lương lượng ly lý mai mạnh mẫn "
    "mận mây mến mi minh mơ mỹ my na nam nga ngà ngân nghi nghĩa nghiêm ngọc nguyên nguyệt nhã nhàn nhạn nhân nhật "
    "nhi nhiên nhơn như nhu nhung nhựt ninh nương nữ oanh pha phan phát phi phong phú phúc phước phùng phụng phương "
    "phượng quan quang quân quế quốc quý quyên quyết quyền quỳnh sang sáng sen song sơn sương sửu tá tài tam tâm tân "
    "tấn tây thạch thái thanh thành thảo thế thạnh thắm thắng thăng thân thi thị thiên thiện thiệu thịnh thoa thoại "
    "thọ thông thơ thơm thu thuần thuận thục thuỳ thùy thuý thúy thuỷ thủy thư thương thường tịnh tiên tiến tín tình "
    "toàn toán toản tô tố tôn trà trang trâm trân trí triết triều triệu trinh trình trọng trúc trung trường trưởng "
    "tú tuân tuấn tuệ tùng tuyên tuyến tuyền tuyết tươi tường tư uy uyên văn vân vạn viên việt vinh vĩnh vĩ vi vũ "
    "vương vượng vy vỹ xuân xuyến ý yên yến"
)
"""What given and middle names are made of. All are everyday words too: they count only behind what begins a name."""
PLAIN_SYLLABLES: Final = frozenset(map(fold, SYLLABLES)) - _words("ai nha")
NO_NAMES: Final = _pairs(
    "thu ngân|sinh viên|học sinh|nhân viên|công nhân|giáo viên|thành viên|hội viên|chuyên viên|quân nhân|công an|"
    "quản lý|tư vấn|lễ tân|đại lý|bảo vệ|tài xế|tài chính|hành chính|chính chủ|chính hãng|thanh toán|thanh lý|"
    "hoàn tiền|tiền mặt|tiến độ|thái độ|phục vụ|hợp đồng|đồng ý|đồng tiền|đăng ký|định kỳ|chữ ký|phản hồi|phản ánh|"
    "phần mềm|phần trăm|phần nhiều|thông tin|thông báo|thông số|an ninh|an toàn|thành phố|trung tâm|trung bình|"
    "quan tâm|thường xuyên|bình thường|phương tiện|hướng dẫn|hoàn toàn|bạch kim|làm ăn|nguyên nhân|linh kiện|"
    "tình trạng|chương trình|công trình|trình độ|tình hình|vị trí|hải quan|nam giới|nữ giới|phỏng vấn|trưởng phòng|"
    "trưởng khoa|trưởng ca|trưởng ban|hiệu trưởng|gia đình|cơ quan|ngân hàng|hàng hoá|danh sách|từng bước|hội trường|"
    "tài khoản|thông minh|lập hồ|nằm viện|đại diện|gia dụng|công chứng|công chung|nhân thân|gia bao|chính thức|"
    "phạm vi|văn phòng|tổng đài|hoảng loạn|trắc nghiệm|bảo hành|thị trường|thạch cao|xuyên sáng|lan hồ|hồ điệp|"
    "lan can|lan toả|lan tỏa|thảo luận|đăng nhập|hiển thị|công ty|hoá đơn|hóa đơn|thương mại|trang trí|trang điểm|"
    "trang phục|trang sức|trang bị|trang web|trang chủ|trang trải|phương án|phương thức|phương pháp|quang cáo|"
    "quang học|linh hoạt|linh động|linh tinh|yên tâm|yên lặng|hương liệu|hương vị|hương thơm|nga ngữ|ngọc trai|"
    "duy nhất|duy trì|khoa học|kiên nhẫn|kiên trì|kiên quyết|nghĩa là|nghĩa vụ|sơn nhà|sơn tường|sơn nước|quân đội|"
    "liên hệ|liên lạc|liên kết|liên quan|liên tục|tâm lý|tâm sự|tâm huyết|thư giãn|thư ký|thư mục|thư viện|thư mời|"
    "thư tín|hải sản|thắng giải|huyền bí|huyền thoại|dũng cảm|cường độ|cường lực|thịnh hành|đức tính|trinh sát|"
    "nhi khoa|nhi đồng|ngân sách|ngân phiếu|ngân quỹ|ngân lượng|hằng ngày|hằng tháng|hằng năm|tuyết tan|việt hoá|"
    "việt hóa|hiếu kỳ|thuỷ tinh|thủy tinh|thuỷ điện|thủy điện|thuỷ lực|thủy lực|thuỷ sản|thủy sản|bác tài|giao hàng|"
    "ý kiến|ý nghĩa|ý chí|ý định|ý thức|chú ý|lưu ý|chu trình|hương án|hiền lành|phong bì|phong toả|phong tỏa|"
    "phong cách|phong tục|tùng xẻo|trâm cài|vinh dự|vinh hạnh|khánh kiệt|uyên thâm|oanh tạc|hạnh phúc|hùng hậu"
)
"""Pairs of words that look like names and say what somebody is or wants."""
PLAIN_NO_NAMES: Final = frozenset(map(fold, NO_NAMES)) - _pairs(
    "phuong an|huong an|huong vi|hien lanh|duy tri|tam ly|thuong mai|hanh phuc|duc tinh|y chi"
)
"""The same typed without marks, except those that are names then as often."""
TITLES: Final = _words(
    "anh chị cô chú bác em ông bà thầy cụ dì cậu mợ cháu bạn "
    "chi co chu bac ong ba thay cau chau ban mr ms mrs miss a c e"
)


def is_syllable(word: str, *, exact: bool = False) -> bool:
    """Tell whether a word as written may be part of a name; ``exact`` where others around it have their marks."""
    lower = word.casefold()
    return lower in SYLLABLES or (exact and lower in FAMILY) or (not exact and lower in PLAIN_SYLLABLES)


def is_stop(word: str) -> bool:
    """Tell whether a word as written is no name."""
    lower = word.casefold()
    return lower in STOP or (lower.isascii() and lower in PLAIN_STOP)
