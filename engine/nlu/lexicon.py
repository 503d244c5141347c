"""Short forms, respellings and dialect words of Vietnamese chat, collected for this product.

`CERTAIN` forms are replaced. `UNCERTAIN` forms stay as they were typed, and their readings stand beside them as
further evidence, because "bh" may be bảo hành, bây giờ or bao giờ and only the rest of the message can tell. Keys are
lower-case NFC with the tone in the place that `marks.fold_tone` gives it.
"""

from engine.nlu.marks import fold_tone, words


def _parse(table: str) -> dict[str, tuple[str, ...]]:
    """Read lines of "form form: reading | reading"; a reading may have several words."""
    found: dict[str, tuple[str, ...]] = {}
    for line in filter(None, map(str.strip, table.splitlines())):
        forms, readings = line.split(":")
        for form in forms.split():
            found[fold_tone(form)] = tuple(" ".join(map(fold_tone, reading.split())) for reading in readings.split("|"))
    return found


_CERTAIN = _parse("""
    k ko kg khg hk hok hem hổng hông hôg hog kô kông khum khôg hăm hơm kơ khômg: không
    đc dc đcj dcj đx dx đươc dươc đựơc đượ: được
    ntn nhtn ntnao: như thế nào
    tnao thnao: thế nào
    ns: nói
    nx: nữa
    ng ngừi: người
    ngta: người ta
    r rùi rồy ròi roài: rồi
    z zậy zị dzậy vại zay dzay dzị zi: vậy
    vs zới dới: với
    wa wá qá qa: quá
    j ji jì jz: gì
    lm: làm
    lun luông: luôn
    lém: lắm
    iu: yêu
    bik bít bjt biêt: biết
    mún muôn: muốn
    thik thjk thix thít: thích
    nhìu nhiu nhju nhìeu: nhiều
    hỉu: hiểu
    thui thoy: thôi
    cx cug cũg củg: cũng
    đag đg dag: đang
    trog: trong
    xog xg: xong
    trc trk: trước
    hnay hnai hqay: hôm nay
    hqua hqa: hôm qua
    hum: hôm
    bgio bgiờ bjo: bây giờ
    baoh: bao giờ
    bnh bnhiu bnhiêu bnhieu baonhiu: bao nhiêu
    mik mìk mjk mìh mih: mình
    bựa: bữa
    đou: đâu
    acc: tài khoản
    tui tuii: tôi
    mn mng mnguoi: mọi người
    sđt sdt: số điện thoại
    stk: số tài khoản
    cskh: chăm sóc khách hàng
    nvien nhvien nv nviên: nhân viên
    khang khàng: khách hàng
    cty cti: công ty
    sp spham sphẩm: sản phẩm
    ctkm: chương trình khuyến mãi
    kmai kmãi khmai khmãi: khuyến mãi
    đthoại dthoai đt dt: điện thoại
    đhàng dhang: đơn hàng
    hđơn hdon hoadon: hoá đơn
    đchi dchi đchỉ: địa chỉ
    đki dki đky dky đkí đký: đăng ký
    ktra ktr: kiểm tra
    xnhan xnhận: xác nhận
    tvan tvấn: tư vấn
    lsuat lsuất: lãi suất
    ttoan ttoán thtoan: thanh toán
    ckhoan ckhoản: chuyển khoản
    mkhau mkhẩu: mật khẩu
    tkhoan tkhoản: tài khoản
    hso hsơ: hồ sơ
    sll: số lượng lớn
    tgop tgóp: trả góp
    bhanh bhành: bảo hành
    vchuyen vchuyển: vận chuyển
    ghang ghàng: giao hàng
    tgian: thời gian
    vđề vde vđ: vấn đề
    ib inb inbox: nhắn tin
    rep repp reply: trả lời
    tks thks thank thanks thx camon: cảm ơn
    okie oki okla okê okey okay oke okee ôkê ôkie okeh: ok
    uk uhm uhmm ừm ukm uh: ừ
    nhoa nhaz nhak nhe nhé nhen nghen hén hen: nha
    ạk ạh: ạ
    ak àh: à
    sốp shốp sop shopp sóp: shop
    sz saiz sizee: size
    síp shíp: ship
    pass pw: mật khẩu
    alô alu ola: alo
    hilo helo helu hellu: hello
    pp baibai byebye: bye
    hix hjx huhu hichic: hic
    haha hihi hehe hjhj kaka kkk keke hoho: haha
    vl vcl vkl vlz vch clm cmn đkm dkm vcc wtf: vl
    mần: làm
    rứa: thế
    chừ: bây giờ
    thiệt: thật
    nhứt: nhất
    dìa: về
    bịnh: bệnh
    gởi: gửi
    dzô zô dô: vào
    dzui zui: vui
    zề: về
    zợ: vợ
""")
CERTAIN = {form: readings[0] for form, readings in _CERTAIN.items()}

UNCERTAIN = _parse("""
    bn: bao nhiêu | bạn
    bh: bảo hành | bây giờ | bao giờ
    bg: bảng giá | báo giá | bây giờ
    cn: chủ nhật | chi nhánh | cũng
    hn: hôm nay | hà nội
    kh: không | khách
    mk: mình | mật khẩu
    đk dk: đăng ký | được | điều kiện
    đn dn: đăng nhập | doanh nghiệp
    hđ hd: hoá đơn | hợp đồng | hướng dẫn
    đh dh: đơn hàng
    ck: chuyển khoản
    tk: tài khoản
    gd: giao dịch
    gđ: giám đốc | gia đình
    kt: kế toán | kiểm tra | kỹ thuật
    nh: ngân hàng
    tt: thanh toán | thông tin | trực tiếp
    tg: trả góp | thời gian
    km: khuyến mãi
    gg: giảm giá
    gh: giao hàng
    vc: vận chuyển
    ls: lãi suất
    hs: hồ sơ
    pv: phỏng vấn
    tv: tư vấn | ti vi
    nt: nhắn tin
    tl: trả lời
    tn: tin nhắn | thế nào
    bt: biết | bình thường
    ct: công ty | chương trình
    xn: xác nhận
    sl: số lượng
    qc: quảng cáo
    vp: văn phòng
    cs: cơ sở | chính sách
    bp: bộ phận
    nc: nước | nói chuyện
    ms: mới
    pk: phải không | phụ kiện
    v: vậy
    t: tôi
    e: em
    a: anh
    c: chị
    b: bạn
    m: mình
    xl: xin lỗi
    ad: admin
    mô: đâu
    răng: sao
    chi: gì
    ni: này
    nớ: đó
    tê: kia
    nỏ: không
    ri: thế này
    hè: nhỉ
    hí: nhé
    nờ: à
    h: giờ
    sv: sinh viên
    hong hôn: không
    vô: vào
    mắc: đắt
    coi: xem
    xài: dùng
    lẹ: nhanh
    biểu: bảo
    kiu: kêu | gọi
    bữa hổm: hôm
    dị: vậy
    hư: hỏng
    kêu: gọi
    tau: tôi
    nhiêu: bao nhiêu
    giùm dùm: giúp
    kiếm: tìm
    bự: to
    trật: sai
    lộn: nhầm
""")

# English words (and brand-like ones) that a Telex keyboard would turn into a Vietnamese syllable.
NOT_TELEX = frozenset(
    words("""
        access ada add address adds ads after aha aids air as axis bans bar bars base bee been beer ben best
        bets bias bits boast book boom boong bore born boss bow box buns burn bus bust buys cans caps car cars
        case cast cats chair chips class clear coast cons cool core corn cost cow cross cups cuts dad days dear
        deep deer did docs does door doors dos dots down dress dust ease eve ever exam far fax fee feel few fix
        floor food for four fox free gas gear gems goes good gps guns guys hair harm has hats hear hens her here
        hers his hits hood hose host hour how hums if ins ios is its jim just keen keep ken kim kits know labs
        laps last later law lays lease lee less lets list loans look lose loss lost lots low lust mails maps
        mars matter max meet mere min mins miss mist mix mom moms months mood moon more most mr ms must nas near
        need nest nets never new noon nose now number nuts odd of off offer or order other our over own pair
        paper pass past pays peer pens per pest pets pics plus pool poor pos pose press pro process pros raw
        relax rest roast room rooms rose row rust sam saw says school see seem sets sex show six sms songs sons
        soon sore sow star tabs tax taxi tee teen tens term test the theirs them then there these this those
        three thus tim tips toast toes tom tons too tool tops tore torn tours town tr tree trips turn two under
        ups us user vans vast view vow wait want war was water ways web week were west what where who win with
        wood xoong year yes your zoo zoom
    """)
)
