"""How single words are read: marks, syllables, keyboards, short forms."""

import pytest

from engine.nlu.keyboards import decode_telex, decode_vni
from engine.nlu.marks import fold_tone, strip_marks
from engine.nlu.syllables import PLAIN, TONELESS, is_syllable
from engine.nlu.words import read_word


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hòa", "hoà"),
        ("thúy", "thuý"),
        ("ủy", "uỷ"),
        ("qúy", "quý"),
        ("gía", "giá"),
        ("họat", "hoạt"),
        ("khỏe", "khoẻ"),
        ("tùy", "tuỳ"),
    ],
)
def test_both_places_of_a_tone_are_one_word(one: str, other: str) -> None:
    assert fold_tone(one) == fold_tone(other) == other


@pytest.mark.parametrize("word", ["của", "mùa", "nghĩa", "khuỷu", "chuyển", "được", "giữ", "gì", "quà", "hello", "ơi"])
def test_a_tone_in_its_place_stays_there(word: str) -> None:
    assert fold_tone(word) == word


def test_marks_go_without_a_trace() -> None:
    assert strip_marks("đường nghiễm chuỳ ỷ ữ ặ ỗ ể") == "duong nghiem chuy y u a o e"


@pytest.mark.parametrize(
    "word", ["nghiêng", "quốc", "giếng", "khuya", "yêu", "gìn", "quyển", "thuở", "ngoéo", "được", "tiếc", "oan"]
)
def test_syllables_that_vietnamese_writes(word: str) -> None:
    assert is_syllable(fold_tone(word))


@pytest.mark.parametrize("word", ["class", "nghang", "kang", "cê", "tiêc", "gêm", "bôss", "xyz", "", "fa", "ngên"])
def test_strings_that_are_no_syllable(word: str) -> None:
    assert not is_syllable(word)


def test_the_table_is_about_as_large_as_the_language() -> None:
    assert 3000 < len(TONELESS) < 4500
    assert 1800 < len(PLAIN) < 2800


@pytest.mark.parametrize(
    ("keys", "word"),
    [
        ("muoons", "muốn"),
        ("dduowcj", "được"),
        ("dduocwj", "được"),
        ("tieengs", "tiếng"),
        ("hangf", "hàng"),
        ("ddonw", "đơn"),
        ("nhwng", "nhưng"),
        ("chuyeenr", "chuyển"),
        ("nuwowcs", "nước"),
        ("vieetj", "việt"),
        ("giowf", "giờ"),
    ],
)
def test_telex_leftovers_are_decoded(keys: str, word: str) -> None:
    assert decode_telex(keys) == word


@pytest.mark.parametrize(
    "keys", ["toi", "class", "hello", "off", "book", "nghieengggg", "xxxx", "w", "tw", "aaaaaaaaaaaaaaaa"]
)
def test_telex_decodes_nothing_that_is_no_syllable(keys: str) -> None:
    assert decode_telex(keys) is None


@pytest.mark.parametrize(
    ("keys", "word"), [("tie62n", "tiền"), ("to6i", "tôi"), ("d9u7o7c5", "được"), ("muo6n1", "muốn")]
)
def test_vni_leftovers_are_decoded(keys: str, word: str) -> None:
    assert decode_vni(keys) == word


@pytest.mark.parametrize("keys", ["a51", "s23", "ip13", "kt42", "4g", "x2", "m3"])
def test_vni_leaves_models_and_codes_alone(keys: str) -> None:
    assert decode_vni(keys) is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("ko", ("không",)),
        ("hok", ("không",)),
        ("ĐC", ("được",)),
        ("ntn", ("như", "thế", "nào")),
        ("nhiềuuuu", ("nhiều",)),
        ("alooo", ("alo",)),
        ("wá", ("quá",)),
        ("rùi", ("rồi",)),
        ("hihihi", ("haha",)),
        ("dzậy", ("vậy",)),
        ("khôg", ("không",)),
        ("đượk", ("được",)),
        ("oke", ("ok",)),
        ("sđt", ("số", "điện", "thoại")),
        ("khongg", ("khong",)),
        ("Hoà", ("hoà",)),
        ("ＨＥＬＬＯ", ("hello",)),
        ("đuợc", ("được",)),
        ("tiéng", ("tiếng",)),
        ("đểim", ("điểm",)),
        ("hnag", ("hang",)),
    ],
)
def test_chat_spellings_are_read(typed: str, words: tuple[str, ...]) -> None:
    assert read_word(typed).words == words


@pytest.mark.parametrize(
    ("typed", "other"), [("bh", "bảo"), ("cn", "nhánh"), ("dk", "ký"), ("mk", "mình"), ("chi", "gì"), ("mô", "đâu")]
)
def test_an_uncertain_form_stays_and_its_readings_stand_beside_it(typed: str, other: str) -> None:
    reading = read_word(typed)
    assert reading.words == (typed,)
    assert other in reading.others


@pytest.mark.parametrize("word", ["class", "bus", "order", "process", "S", "M", "L", "XL", "has", "get", "bug", "best"])
def test_english_words_and_sizes_are_not_repaired(word: str) -> None:
    assert read_word(word).words == (word.lower(),)
