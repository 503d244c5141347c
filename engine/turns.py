"""One turn: a customer message goes in, texts, outcomes and the next dialogue state come out.

`TurnProcessor` is Rasa's `MessageProcessor` without its tracker store and its locks, and without its habit of going on
after a failure. A turn holds nothing back: whatever must be known next time is in the returned dialogue state.
"""

import logging
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NoReturn

import rasa.core.actions.action as rasa_actions
from rasa.core.actions.action import Action
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.lock_store import InMemoryLockStore
from rasa.core.nlg import NaturalLanguageGenerator, TemplatedNaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.engine import loader
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.storage import ModelMetadata
from rasa.shared.core.constants import ACTION_EXTRACT_SLOTS, ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecutionRejected, Event, ReminderScheduled, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.common import TempDirectoryPath, get_temp_dir_name

from engine.actions import ActionEndpoint
from engine.contract import RANKING_SIZE, TurnFailure, TurnRequest
from engine.dialogue import INPUT_CHANNEL, History, pack, unpack
from engine.errors import ActionServerFailure, UnusableDialogue
from engine.output import TurnOutput
from engine.speed.policies import CachedMemoizationPolicy, CachedRulePolicy
from engine.speed.runner import DirectGraphRunner

logger = logging.getLogger(__name__)
_MINUTE = 60.0
# These only read the slots, so they need no tracker of their own to write to.
_READ_ONLY_ACTIONS = frozenset({rasa_actions.ActionListen, rasa_actions.ActionBotResponse})
_NO_INTENT = {"name": "out_of_scope", "confidence": 0.0}


class TurnProcessor(MessageProcessor):  # type: ignore[misc]
    """A loaded model. Turns of different conversations may run at the same time; they share nothing that changes."""

    graph_runner: DirectGraphRunner

    def __init__(self, model: Path, endpoint: ActionEndpoint) -> None:
        responses = TemplatedNaturalLanguageGenerator({})
        super().__init__(
            model_path=model,
            tracker_store=InMemoryTrackerStore(None),
            lock_store=InMemoryLockStore(),
            generator=responses,
            action_endpoint=endpoint,
            on_circuit_break=_too_many_actions,
        )
        responses.responses = self.domain.responses
        rules = self.graph_runner.component_of(CachedRulePolicy)
        memory = self.graph_runner.component_of(CachedMemoizationPolicy)
        self.history = History(rules.longest_rule if rules else 1, memory.memory() if memory else 0)
        self._actions: dict[str, Action] = {}

    @staticmethod
    def _load_model(model_path: Path) -> tuple[str, ModelMetadata, DirectGraphRunner]:
        with TempDirectoryPath(get_temp_dir_name()) as directory:
            metadata, runner = loader.load_predict_graph_runner(
                Path(directory), model_path, LocalModelStorage, DirectGraphRunner
            )
        return model_path.name, metadata, runner

    @property
    def model_id(self) -> str:
        """The id that training derived from the content of the model."""
        return str(self.model_metadata.model_id)

    async def turn(self, request: TurnRequest) -> dict[str, Any]:
        """Answer one message; raises `TurnFailure` with status 503 when there is no answer to give."""
        output = TurnOutput()
        now = _moment(request.facts)
        try:
            tracker, parsed = await self.play(request, output, now)
        except ActionServerFailure as failure:
            logger.warning("Action server failed for message %s: %s", request.message_id, failure)
            raise TurnFailure(503, "action_server", str(failure)) from failure
        if not output.messages and not output.outcomes:
            raise TurnFailure(503, "empty", "neither a message nor an outcome")
        return {
            "message_id": request.message_id,
            "model_id": self.model_id,
            **_understood(parsed),
            "messages": output.messages,
            "outcomes": output.outcomes,
            "dialogue": pack(tracker, self.domain, self.history, now),
        }

    async def play(
        self, request: TurnRequest, output: TurnOutput, now: float
    ) -> tuple[DialogueStateTracker, dict[str, Any]]:
        """Hear the message and act until the policies listen again; the tracker and what was understood."""
        tracker = await self._open(request, now, output)
        parsed = await self._hear(request, tracker, output)
        await self.run_action_extract_slots(output, tracker)
        await self._run_prediction_loop(output, tracker)
        return tracker, parsed

    async def _open(self, request: TurnRequest, now: float, output: TurnOutput) -> DialogueStateTracker:
        """The tracker as the last turn left it; with a new session when there was none or it has expired."""
        tracker = None
        if request.dialogue is not None:
            try:
                tracker = unpack(request.dialogue, request.conversation, self.domain)
            except UnusableDialogue as reason:
                logger.warning("Dialogue of %s begins afresh: %s", request.conversation, reason)
        idle = now - request.dialogue["at"] if request.dialogue and tracker else 0.0
        if tracker is None:
            tracker = DialogueStateTracker(request.conversation, self.domain.slots)
        session = self.domain.session_config
        expired = session.are_sessions_enabled() and idle > session.session_expiration_time * _MINUTE
        if expired or not tracker.events:
            prediction = PolicyPrediction.for_action_name(self.domain, ACTION_SESSION_START_NAME)
            await self._run_action(self._get_action(ACTION_SESSION_START_NAME), tracker, output, self.nlg, prediction)
        return tracker

    async def _hear(self, request: TurnRequest, tracker: DialogueStateTracker, output: TurnOutput) -> dict[str, Any]:
        message = UserMessage(
            request.text,
            output,
            request.conversation,
            input_channel=INPUT_CHANNEL,
            message_id=request.message_id,
            metadata=request.facts,
        )
        parsed: dict[str, Any] = await self.parse_message(message, tracker)
        tracker.update(
            UserUttered(
                request.text,
                parsed["intent"],
                parsed["entities"],
                parsed,
                input_channel=INPUT_CHANNEL,
                message_id=request.message_id,
                metadata=request.facts,
            ),
            self.domain,
        )
        return parsed

    async def run_action_extract_slots(
        self, output_channel: OutputChannel, tracker: DialogueStateTracker
    ) -> DialogueStateTracker:
        """Rasa's step, without the copy of the events for a debug line."""
        events = await self._get_action(ACTION_EXTRACT_SLOTS).run(output_channel, self.nlg, tracker, self.domain)
        await self._send_bot_messages(events, tracker, output_channel)
        tracker.update_with_events(events, self.domain)
        return tracker

    def predict_next_with_tracker_if_should(self, tracker: DialogueStateTracker) -> tuple[Action, PolicyPrediction]:
        """Rasa's step, with actions that are made once and not for every prediction."""
        if self.is_action_limit_reached(tracker, self.should_predict_another_action(tracker.latest_action_name)):
            _too_many_actions()
        prediction = self._predict_next_with_tracker(tracker)
        return self._get_action(self.domain.action_names_or_texts[prediction.max_confidence_index]), prediction

    def _check_for_unseen_features(self, parse_data: dict[str, Any]) -> None:
        """Rasa sorts all intents here to warn, for each message, of what training has refused already."""

    def _get_action(self, action_name: str) -> Action:
        action = self._actions.get(action_name)
        if action is None:
            action = rasa_actions.action_for_name_or_text(action_name, self.domain, self.action_endpoint)
            # A retrieval action writes the response it chose into itself, so it cannot be shared.
            if not isinstance(action, rasa_actions.ActionRetrieveResponse):
                self._actions[action_name] = action
        return action

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        """Rasa's step, but an exception of an action ends the turn instead of being logged and forgotten."""
        scratch = tracker
        if type(action) not in _READ_ONLY_ACTIONS:
            scratch = tracker.copy()
            scratch.update_with_events(prediction.events, self.domain)
        try:
            events = await action.run(output_channel, nlg, scratch, self.domain)
        except rasa_actions.ActionExecutionRejection:
            tracker.update(ActionExecutionRejected(action.name(), prediction.policy_name, prediction.max_confidence))
            return bool(self.should_predict_another_action(action.name()))
        _refuse_reminders(events)
        self._log_action_on_tracker(tracker, action, events, prediction)
        if any(isinstance(event, UserUttered) for event in events):
            await self.run_action_extract_slots(output_channel, tracker)
        await self._send_bot_messages(events, tracker, output_channel)
        return bool(self.should_predict_another_action(action.name()))

    def _log_action_on_tracker(
        self, tracker: DialogueStateTracker, action: Action, events: list[Event] | None, prediction: PolicyPrediction
    ) -> None:
        if not any(isinstance(event, ActionExecutionRejected) for event in events or []):
            tracker.update_with_events(prediction.events, self.domain)
            tracker.update(action.event_for_successful_execution(prediction))
        tracker.update_with_events(events or [], self.domain)


def _too_many_actions(*_: object) -> NoReturn:
    """Rasa would stop in the middle of the turn and stay silent about it."""
    raise TurnFailure(503, "internal", "the policies never came to listen again")


def _refuse_reminders(events: Sequence[Event] | None) -> None:
    # The engine has no clock of its own: timers belong to the front office, and a reminder here would be lost.
    if any(isinstance(event, ReminderScheduled) for event in events or []):
        raise ActionServerFailure("asked for a reminder, which the engine does not keep")


def _moment(facts: dict[str, Any]) -> float:
    """The moment of the turn on the front office's clock, which need not be the machine's."""
    now = facts.get("now")
    if isinstance(now, str):
        try:
            moment = datetime.fromisoformat(now)
        except ValueError as error:
            raise TurnFailure(422, "request", "facts.now: not a time") from error
        if moment.tzinfo is not None:
            return moment.timestamp()
        raise TurnFailure(422, "request", "facts.now: without a time zone")
    return time.time()


def _understood(parsed: dict[str, Any]) -> dict[str, Any]:
    ranking = [_named(item) for item in parsed.get("intent_ranking", [])[:RANKING_SIZE]]
    intent = parsed["intent"]
    return {
        "intent": _named(intent) if intent.get("name") else _NO_INTENT,
        "ranking": ranking,
        "entities": parsed["entities"],
        "in_scope": parsed.get("in_scope"),
    }


def _named(intent: dict[str, Any]) -> dict[str, Any]:
    return {"name": intent["name"], "confidence": float(intent["confidence"])}
