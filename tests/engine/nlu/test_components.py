"""The Rasa components, trained and loaded the way Rasa does it."""

from pathlib import Path

import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from engine.nlu.components import VietnameseEntityExtractor, VietnameseIntentClassifier, VietnameseTokenizer

from .lines import LINES

CONTEXT = ExecutionContext(GraphSchema({}))
RESOURCE = Resource("classifier")


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> LocalModelStorage:
    storage = LocalModelStorage.create(tmp_path_factory.mktemp("model"))
    classifier = VietnameseIntentClassifier.create(
        VietnameseIntentClassifier.get_default_config(), storage, RESOURCE, CONTEXT
    )
    classifier.train(TrainingData([Message({"text": text, "intent": intent}) for text, intent in LINES]))
    return storage


def parse(storage: LocalModelStorage, text: str, metadata: object = None, **config: object) -> Message:
    message = Message({"text": text, "metadata": metadata})
    tokenizer = VietnameseTokenizer(VietnameseTokenizer.get_default_config())
    classifier = VietnameseIntentClassifier.load(
        {**VietnameseIntentClassifier.get_default_config(), **config}, storage, RESOURCE, CONTEXT
    )
    extractor = VietnameseEntityExtractor.create({}, storage, RESOURCE, CONTEXT)
    for component in (tokenizer, classifier, extractor):
        component.process([message])
    return message


def test_the_parse_data_has_what_the_package_promises(storage: LocalModelStorage) -> None:
    parsed = parse(storage, "tủ lạnh giá bao nhiêu 😡").as_dict(only_output_properties=True)
    assert parsed["intent"]["name"] == "product_price"
    assert parsed["intent"] == parsed["intent_ranking"][0]
    assert 0.0 <= parsed["in_scope"] <= 1.0
    assert parsed["decision"] in {"answer", "ask", "hand_off"}
    assert 2 <= len(parsed["candidates"]) <= 3
    assert parsed["mood"]["upset"] == 1
    assert "reading" not in parsed


def test_nothing_readable_has_no_intent(storage: LocalModelStorage) -> None:
    parsed = parse(storage, "\u200b").as_dict(only_output_properties=True)
    assert parsed["intent"] == {"name": None, "confidence": 0.0}
    assert parsed["intent_ranking"] == []


def test_a_doubtful_intent_can_be_replaced(storage: LocalModelStorage) -> None:
    message = parse(storage, "ありがとう", ask_intent="nlu_fallback", hand_off_intent="nlu_fallback")
    assert message.get("intent")["name"] == "nlu_fallback"
    assert "nlu_fallback" not in [guess["name"] for guess in message.get("intent_ranking")]


def test_tokens_point_into_the_original(storage: LocalModelStorage) -> None:
    text = "mai\u200b mua Tủ lạnh"
    tokens = parse(storage, text).get("text_tokens")
    assert [token.text for token in tokens] == ["mai", "mua", "tủ", "lạnh"]
    assert text[tokens[2].start : tokens[2].end] == "Tủ"


def test_dates_are_resolved_against_the_customers_present(storage: LocalModelStorage) -> None:
    entities = parse(storage, "hẹn chiều mai", {"now": "2026-11-25T23:30:00+07:00"}).get("entities")
    assert [entity["value"]["date"] for entity in entities] == ["2026-11-26"]
    assert entities[0]["extractor"] == "VietnameseEntityExtractor"


@pytest.mark.parametrize("metadata", [None, {}, {"now": None}, {"now": "yesterday"}, "text", {"now": 5}])
def test_without_a_present_the_date_stays_open(storage: LocalModelStorage, metadata: object) -> None:
    (entity,) = parse(storage, "hẹn chiều mai", metadata).get("entities")
    assert "date" not in entity["value"]


def test_training_data_gets_tokens_and_nothing_uncacheable() -> None:
    data = TrainingData([Message({"text": "xin chào", "intent": "greet"})])
    VietnameseTokenizer(VietnameseTokenizer.get_default_config()).process_training_data(data)
    (message,) = data.training_examples
    assert [token.text for token in message.get("text_tokens")] == ["xin", "chào"]
    assert message.get("reading") is None


def test_an_untrained_classifier_says_so(tmp_path: Path) -> None:
    storage = LocalModelStorage.create(tmp_path)
    classifier = VietnameseIntentClassifier.create({}, storage, RESOURCE, CONTEXT)
    with pytest.raises(RuntimeError, match="neither trained nor loaded"):
        classifier.process([Message({"text": "chào"})])
