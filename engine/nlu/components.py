"""The Rasa side of the understanding: thin components around the pure modules of this package."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RANKING_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from engine.nlu.decision import Decision
from engine.nlu.entities import as_dict, extract
from engine.nlu.model import Guess, Model, Understanding, load_model
from engine.nlu.reading import Reading, read
from engine.nlu.training import Recipe, is_everyday, train

IN_SCOPE, DECISION, CANDIDATES, MOOD = "in_scope", "decision", "candidates", "mood"
_READING = "reading"
_RANKED = 10
_ComponentType = DefaultV1Recipe.ComponentType


@DefaultV1Recipe.register(_ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class VietnameseTokenizer(Tokenizer):
    """Reads the message once for all components, and gives Rasa its tokens with offsets of the original text."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Rasa's own tokenizer settings; intents are never split."""
        return {
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Give the words of one attribute, as read."""
        return _tokens(read(message.get(attribute)))

    def process(self, messages: list[Message]) -> list[Message]:
        """Keep the whole reading beside the tokens; in training `tokenize` does, for a reading cannot be cached."""
        for message in messages:
            reading = read(message.get(TEXT) or "")
            message.set(_READING, reading)
            message.set("text_tokens", _tokens(reading))
            message.set(MOOD, asdict(reading.mood), add_to_output=True)
        return messages


@DefaultV1Recipe.register(_ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class VietnameseIntentClassifier(GraphComponent, IntentClassifier):
    """Sets intent, ranking, in-scope score, decision and candidates (see the package's docstring)."""

    def __init__(
        self, config: dict[str, Any], storage: ModelStorage, resource: Resource, model: Model | None = None
    ) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model = model

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The defaults of the shipped assistant."""
        recipe = Recipe()
        return {"doubt": recipe.doubt, "seed": recipe.seed, "ask_intent": None, "hand_off_intent": None}

    @classmethod
    def required_components(cls) -> list[type]:
        """The reading comes from our tokenizer."""
        return [VietnameseTokenizer]

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> VietnameseIntentClassifier:
        """Start empty, for training."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> VietnameseIntentClassifier:
        """Start with a trained model."""
        with model_storage.read_from(resource) as directory:
            return cls(config, model_storage, resource, load_model(directory))

    def train(self, training_data: TrainingData) -> Resource:
        """Learn the intents and store the model; without a readable example that is an error, not an empty model."""
        lines = [(example.get(TEXT), example.get(INTENT)) for example in training_data.intent_examples]
        everyday = [is_everyday((example.get(METADATA) or {}).get(INTENT)) for example in training_data.intent_examples]
        self._model = train(lines, Recipe(seed=self._config["seed"], doubt=self._config["doubt"]), everyday)
        with self._storage.write_to(self._resource) as directory:
            self._model.save(directory)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Classify messages in place."""
        for message in messages:
            reading: Reading = message.get(_READING) or read(message.get(TEXT) or "")
            self._note(message, self._loaded().classify(reading))
        return messages

    def _loaded(self) -> Model:
        if self._model is None:
            raise RuntimeError("the intent classifier was neither trained nor loaded")
        return self._model

    def _note(self, message: Message, meant: Understanding) -> None:
        replaced = {Decision.ASK: self._config["ask_intent"], Decision.HAND_OFF: self._config["hand_off_intent"]}.get(
            meant.decision
        )
        top = _named(meant.ranking[0]) if meant.ranking else {"name": None, "confidence": 0.0}
        message.set(INTENT, {**top, "name": replaced} if replaced else top, add_to_output=True)
        message.set(INTENT_RANKING_KEY, [_named(guess) for guess in meant.ranking[:_RANKED]], add_to_output=True)
        message.set(IN_SCOPE, meant.in_scope, add_to_output=True)
        message.set(DECISION, meant.decision.value, add_to_output=True)
        message.set(CANDIDATES, list(meant.candidates), add_to_output=True)


@DefaultV1Recipe.register(_ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class VietnameseEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Adds entities found by pattern; dates are resolved when the message's metadata says what time it is."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> VietnameseEntityExtractor:
        """Nothing to configure and nothing to learn."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the entities to those that other extractors may have found."""
        for message in messages:
            found = extract(message.get(TEXT) or "", _present(message.get("metadata")))
            entities = [{**as_dict(entity), "extractor": type(self).__name__} for entity in found]
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages


def _present(metadata: object) -> datetime | None:
    """The customer's present from `facts.now`; anything that is no date and time with an offset counts as unknown."""
    now = metadata.get("now") if isinstance(metadata, dict) else None
    if not isinstance(now, str):
        return None
    try:
        return datetime.fromisoformat(now)
    except ValueError:
        return None


def _named(guess: Guess) -> dict[str, Any]:
    return {"name": guess.intent, "confidence": guess.confidence}


def _tokens(reading: Reading) -> list[Token]:
    return [Token(" ".join(token.words) or token.text, token.start, token.end) for token in reading.tokens]
