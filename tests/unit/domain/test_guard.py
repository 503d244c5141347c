"""The guard through its one door, `check`: figures on the sentences held back, and the rules it stands on."""

import json
import time
import unicodedata
from pathlib import Path

import pytest

from bot.domain.guard import RefusalReason, Verdict, check

DATA = Path(__file__).parents[2] / "data" / "guard"


def precision_and_recall(name: str) -> tuple[float, float]:
    rows = [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]
    found = [(check(row["text"]).refusal, row["refusal"]) for row in rows]
    hits = sum(said and true for said, true in found)
    return hits / sum(said for said, _ in found), hits / sum(true for _, true in found)


def test_sentences_held_back_are_judged_well() -> None:
    precision, recall = precision_and_recall("heldout.jsonl")

    assert precision >= 0.95
    assert recall >= 0.95


def test_sentences_the_rules_were_built_on_stay_judged_well() -> None:
    precision, recall = precision_and_recall("dev.jsonl")

    assert precision >= 0.99
    assert recall >= 0.99


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Không phải việc của em", RefusalReason.NOT_MY_JOB),
        ("Anh gọi chỗ khác đi", RefusalReason.GO_ELSEWHERE),
        ("Chị tự tìm hiểu trên web nhé", RefusalReason.DO_IT_YOURSELF),
        ("Cái này em chịu", RefusalReason.DO_NOT_KNOW),
        ("Không giải quyết được đâu", RefusalReason.CANNOT_HELP),
        ("Hết giờ rồi mai gọi lại", RefusalReason.COME_BACK_LATER),
        ("Đừng hỏi nữa", RefusalReason.DISMISSIVE),
    ],
)
def test_each_way_of_refusing_is_named(text: str, reason: RefusalReason) -> None:
    assert check(text) == Verdict(refusal=True, reason=reason, matched=text)


@pytest.mark.parametrize(
    "disguised",
    [
        "KHÔNG PHẢI VIỆC CỦA EM",
        "khong phai viec cua em",
        "ko phai vc cua e",
        "hông phải việc của em nghen",
        "k h ô n g  p h ả i  v i ệ c  c ủ a  e m",
        "k.h.ô.n.g p.h.ả.i v.i.ệ.c c.ủ.a e.m",
        "kh0ng phai viec cua em",
        "khônggg phải việccc của emmm",
        "khoong phair vieecj cuar em",
        "Không\nphải\nviệc\ncủa em",
        "Không. Phải. Việc. Của. Em.",
        "không\u200b phải\u2060 việc của\u202e em",
        unicodedata.normalize("NFD", "Không phải việc của em"),
    ],
)
def test_a_disguise_changes_nothing(disguised: str) -> None:
    assert check(disguised).reason is RefusalReason.NOT_MY_JOB


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Bên em không nhận hồ sơ này, chị thông cảm", RefusalReason.CANNOT_HELP),
        ("Hệ thống không cho phép, mong chị thông cảm", RefusalReason.CANNOT_HELP),
        ("he thong no ko cho dau c oi", RefusalReason.CANNOT_HELP),
        ("Quy định vậy rồi, chị thông cảm", RefusalReason.CANNOT_HELP),
        ("quy định rồi anh ơi em chịu", RefusalReason.CANNOT_HELP),
        ("anh qua lầu 2 gặp chị Hoa nha", RefusalReason.GO_ELSEWHERE),
        ("cái này bên em không làm được, mong anh thông cảm", RefusalReason.NOT_MY_JOB),
    ],
)
def test_a_polite_refusal_is_still_a_refusal(text: str, reason: RefusalReason) -> None:
    assert check(text).reason is reason


@pytest.mark.parametrize(
    "text",
    [
        "Hệ thống không cho phép sửa hoá đơn đã phát hành, em lập hoá đơn thay thế và gửi anh trước 15h",
        "Hệ thống không cho phép nhập quá 20 ký tự, chị rút gọn giúp em nhé",
        "mời anh lên lầu 2, chị Hoa bên Kế toán đang đợi anh ạ",
        "Anh ra quầy 4 gặp chị Ngọc, chị ấy đang đợi anh ạ",
        "Bên em không nhận tiền mặt, chị chuyển khoản giúp em ạ",
        "Quy định đổi trả là vậy, em làm phiếu đổi cho chị ngay ạ",
        "Em chuyển anh sang chị Lan bên Kế toán, phiếu KT-0042, chị ấy gọi lại trước 15h",
        "Việc này không phải của em. Em nối máy cho anh với chị Lan bên Kế toán ngay ạ.",
        "Em chưa rõ, để em hỏi kho rồi báo anh trước 16h",
        "Mẫu này hết hàng, em đặt cho chị thứ 5 có ạ",
        "Không phải lỗi của anh đâu ạ",
        "Không có gì ạ",
        "Phí vận chuyển bên em chịu ạ",
        "Anh gọi 114 ngay, em báo bảo vệ rồi",
        "I don't know yet, but I'll ask the warehouse and message you before 4 pm",
        "",
        " \u200b ",
        "👍",
    ],
)
def test_honest_sentences_go_out(text: str) -> None:
    assert check(text) == Verdict(refusal=False)


def test_only_the_offending_sentence_is_shown() -> None:
    verdict = check("Chào chị ạ. Việc này em không phụ trách. Chúc chị một ngày vui!")

    assert verdict.matched == "Việc này em không phụ trách."


def test_a_route_given_for_one_need_does_not_cover_the_next() -> None:
    assert check("Em chuyển phiếu bảo hành cho kỹ thuật rồi ạ. Còn hoá đơn thì chị hỏi chỗ khác nhé.").refusal


def test_a_time_at_which_only_the_customer_acts_is_no_route() -> None:
    assert check("Mai chị gọi lại sau 8h nhé").refusal


def test_rudeness_has_no_route() -> None:
    assert check("Phiếu KT-0042 đó, đừng hỏi nữa").reason is RefusalReason.DISMISSIVE


@pytest.mark.parametrize("reason", RefusalReason)
def test_every_reason_is_explained_to_the_writer(reason: RefusalReason) -> None:
    assert reason.explanation.startswith("Câu này")


@pytest.mark.parametrize(
    "piece",
    [
        "Dạ em kiểm tra đơn của chị rồi ạ. ",
        "khong ",
        "k h o n g ",
        "x y z q ",
        "em da se ",
        "e\u0301\u0323",
        "goi abc def ",
        "a.b ",
        "\n",
    ],
)
def test_ten_thousand_characters_take_little_time(piece: str) -> None:
    text = (piece * 10_000)[:10_000]
    check(text)  # the words of a text are remembered, as they are in a running product
    start = time.process_time()
    check(text)

    assert time.process_time() - start < 0.04  # measured 10 ms at most; the processor may be a slow one
