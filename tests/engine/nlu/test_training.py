"""Training and the trained model, through their public doors."""

import json
import unicodedata
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine.nlu.decision import Decision
from engine.nlu.metrics import calibration_error, macro_f1, separation
from engine.nlu.model import Model, UnreadableModelError, load_model
from engine.nlu.training import NothingToLearnError, Recipe, train

from .lines import LINES


@pytest.fixture(scope="module")
def model() -> Model:
    return train(LINES)


def top(model: Model, text: str) -> str:
    return model.understand(text).ranking[0].intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("xuất hoá đơn giúp tôi với", "invoice_request"),
        ("xuat hoa don giup toi voi", "invoice_request"),
        ("xuaats hoas ddonw giups em", "invoice_request"),
        ("shop oi may gio mo cua z", "opening_hours"),
        ("tủ lạnh giá bn v ad", "product_price"),
        ("THÁI ĐỘ NHÂN VIÊN QUÁ TỆ", "complaint_service"),
        ("nhan vien thai do te qua", "complaint_service"),
    ],
)
def test_every_way_of_typing_means_the_same(model: Model, text: str, intent: str) -> None:
    assert top(model, text) == intent


def test_normal_forms_give_the_same_answer_to_the_last_digit(model: Model) -> None:
    text = "chị muốn xuất hóa đơn đỏ, thúy ơi"
    assert model.understand(unicodedata.normalize("NFC", text)) == model.understand(unicodedata.normalize("NFD", text))


def test_confidences_are_a_distribution_in_falling_order(model: Model) -> None:
    guesses = model.understand("giá máy giặt").ranking
    confidences = [guess.confidence for guess in guesses]
    assert len(guesses) == 4
    assert sum(confidences) == pytest.approx(1.0)
    assert confidences == sorted(confidences, reverse=True)


def test_a_stranger_is_less_in_scope(model: Model) -> None:
    known = model.understand("cho em xin giá cái tủ lạnh này").in_scope
    assert known > model.understand("bitcoin halving schedule").in_scope


def test_unknown_text_is_not_answered(model: Model) -> None:
    assert model.understand("ありがとうございます").decision is not Decision.ANSWER


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "\u202e\u2060", "!!!"])
def test_nothing_readable_has_no_intent(model: Model, text: str) -> None:
    meant = model.understand(text)
    assert (meant.ranking, meant.in_scope, meant.candidates) == ((), 0.0, ())
    assert meant.decision is Decision.ASK


@pytest.mark.parametrize(
    "text",
    [
        "a",
        "😡",
        "x" * 10_000,
        "e" + "\u0301" * 200,
        "<b>hi</b>",
        "'; DROP TABLE x; --",
        '/greet{"a": 1}',
        "\ud800",
        "1" * 5000,
    ],
)
def test_hostile_text_gets_an_answer(model: Model, text: str) -> None:
    meant = model.understand(text)
    assert 0.0 <= meant.in_scope <= 1.0
    assert all(np.isfinite(guess.confidence) for guess in meant.ranking)


def test_candidates_are_two_or_three_of_the_likeliest(model: Model) -> None:
    meant = model.understand("cửa hàng")
    assert 2 <= len(meant.candidates) <= 3
    assert meant.candidates == tuple(guess.intent for guess in meant.ranking[: len(meant.candidates)])


def test_training_is_repeatable(model: Model) -> None:
    again = train(LINES)
    assert again.vocabulary.names == model.vocabulary.names
    assert np.array_equal(again.separators.weights, model.separators.weights)
    assert again.thresholds == model.thresholds
    assert again.sharpness == model.sharpness
    assert np.array_equal(again.evidence.weights, model.evidence.weights)
    assert again.slips.taught == model.slips.taught


def test_a_model_comes_back_from_its_files(model: Model, tmp_path: Path) -> None:
    model.save(tmp_path)
    loaded = load_model(tmp_path)
    for text in ("giá sao em", "mở cửa chưa", "hoá đơn"):
        one, other = model.understand(text), loaded.understand(text)
        assert [guess.intent for guess in one.ranking] == [guess.intent for guess in other.ranking]
        # Weights are stored in half precision.
        assert one.ranking[0].confidence == pytest.approx(other.ranking[0].confidence, abs=0.005)
        assert one.decision == other.decision


def test_a_model_of_another_version_is_refused(model: Model, tmp_path: Path) -> None:
    with pytest.raises(UnreadableModelError):
        load_model(tmp_path)
    model.save(tmp_path)
    settings = tmp_path / "intents.json"
    settings.write_text(json.dumps({**json.loads(settings.read_text(encoding="utf-8")), "format": 0}), encoding="utf-8")
    with pytest.raises(UnreadableModelError, match="format 0"):
        load_model(tmp_path)


def test_files_hold_no_code(model: Model, tmp_path: Path) -> None:
    model.save(tmp_path)
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".json", ".npz"]
    with np.load(tmp_path / "intents.npz", allow_pickle=False) as arrays:
        assert {array.dtype.kind for array in arrays.values()} <= set("fiu")


@pytest.mark.parametrize(
    "lines",
    [
        [("xin chào", "greet")],
        [("xin chào", "greet"), ("chào em", "greet")],
        [("xin chào", "greet"), ("giá sao", "price")],
        [("xin chào", "greet"), ("", "empty"), ("giá sao", "price"), ("bao nhiêu", "price")],
        [("xin chào", "greet"), ("xin chào", "also_greet"), ("xin chào", "price")],
        [(f"câu số {number}", f"intent {number}") for number in range(12)],
        [*LINES, ("một câu lẻ loi", "lonely")],
        [("same", "a")] * 60 + [("other", "b")] * 60,
    ],
    ids=["one line", "one intent", "two", "an empty one", "contradiction", "singletons", "a lonely one", "duplicates"],
)
def test_poor_data_still_gives_a_model(lines: list[tuple[str, str]]) -> None:
    model = train(lines)
    meant = model.understand(lines[0][0])
    assert meant.ranking
    assert sum(guess.confidence for guess in meant.ranking) == pytest.approx(1.0)


def test_nothing_to_learn_from_is_said() -> None:
    with pytest.raises(NothingToLearnError):
        train([("   ", "x"), ("\u200b", "y")])


def test_the_row_budget_bounds_the_copies() -> None:
    assert train(LINES, replace(Recipe(), most_rows=len(LINES))).intents == train(LINES).intents


def test_everyday_lines_alone_teach_the_confidence_when_there_are_enough() -> None:
    endings = ("nha", "ạ", "đi", "gấp", "vậy", "em", "anh", "chị")
    lines = [(f"{text} {ending}", intent) for text, intent in LINES for ending in endings]
    half, few = [at % 2 == 0 for at in range(len(lines))], [at < 3 for at in range(len(lines))]
    without, marked, hardly = (train(lines, everyday=marks) for marks in ((), half, few))
    assert marked.sharpness != without.sharpness
    assert hardly.sharpness == without.sharpness
    assert np.array_equal(marked.separators.weights, without.separators.weights)


def test_a_word_one_slip_away_is_read_as_the_known_one(model: Model) -> None:
    assert top(model, "xuất hoá đơnn giup tooi") == "invoice_request"


def test_less_doubt_asks_more() -> None:
    texts = [text for text, _ in LINES] + ["cửa hàng", "nhân viên giá", "bao nhiêu giờ"]
    counts = []
    for doubt in (0.05, 0.5):
        model = train(LINES, Recipe(doubt=doubt))
        counts.append(sum(model.understand(text).decision is Decision.ANSWER for text in texts))
    assert counts[0] <= counts[1]


def test_metrics_by_hand() -> None:
    assert calibration_error(np.array([0.9, 0.9]), np.array([True, False])) == pytest.approx(0.4)
    assert calibration_error(np.array([1.0, 0.0]), np.array([True, False])) == 0.0
    assert separation(np.array([0.9, 0.5]), np.array([0.1, 0.5])) == pytest.approx(0.875)
    assert separation(np.array([]), np.array([0.1])) is None
    assert macro_f1(["a", "a", "b"], ["a", "b", "b"]) == pytest.approx(2 / 3)
