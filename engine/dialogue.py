"""The compact dialogue state: what of a conversation must come back for the next turn to be predicted as Rasa would.

Rasa keeps every event of a conversation and replays all of them several times a turn, so a turn gets dearer as the
conversation grows. The policies look at a few states only: a rule at as many as it is long, the memoisation policy at
`max_history`. `pack` keeps the events of the last turns verbatim, the few older turns that the memoisation policy
still sees, and folds everything before into the slots and the loop that were set then. `unpack` makes a tracker of it
again, or `None` when the state is not one of ours.
"""

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson
from rasa.shared.core import events as rasa_events
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, ActiveLoop, AllSlotsReset, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from engine.errors import UnusableDialogue

logger = logging.getLogger(__name__)

VERSION = 1
MAX_STATE_BYTES = 8 * 1024
MAX_EVENTS = 200
KEPT_TEXTS = 3
KEPT_TEXT_CHARS = 300
INPUT_CHANNEL = "letan"


@dataclass(frozen=True)
class History:
    """How far the policies of a model look back, in states (one state before each action, one for the present)."""

    rule_states: int
    memo_states: int


def pack(tracker: DialogueStateTracker, domain: Domain, history: History, at: float) -> dict[str, Any]:
    """The state after a turn; `at` is the moment of the turn in seconds.

    When it exceeds the limit, first the words of older messages go, then what only stories need. When the slots alone
    exceed it, the conversation begins afresh: a state that grows without end would make every later turn fail.
    """
    events = tracker.applied_events()
    for texts, states in ((KEPT_TEXTS, history), (0, history), (0, History(history.rule_states, 0))):
        state = {"v": VERSION, "at": at, "events": _encode(_shorten(events, domain, states), texts)}
        if len(orjson.dumps(state)) <= MAX_STATE_BYTES:
            return state
    logger.error("Dialogue of %s is too large to keep: its slots go with it", tracker.sender_id)
    return {"v": VERSION, "at": at, "events": [{"action": ACTION_LISTEN_NAME}]}


def unpack(state: dict[str, Any], conversation: str, domain: Domain) -> DialogueStateTracker:
    """The tracker for the next turn; raises `UnusableDialogue` for a state that is damaged or of another version."""
    if state.get("v") != VERSION or not isinstance(state.get("at"), (int, float)):
        raise UnusableDialogue("another version")
    encoded = state.get("events")
    if not isinstance(encoded, list) or len(encoded) > MAX_EVENTS:
        raise UnusableDialogue("no list of events, or too long a one")
    tracker = DialogueStateTracker(conversation, domain.slots)
    for item in encoded:
        event = _decode(item, domain)
        if event is not None:
            tracker.update(event)
    if tracker.latest_action_name != ACTION_LISTEN_NAME:
        raise UnusableDialogue("does not end by listening")
    tracker.clear_followup_action()
    return tracker


def _shorten(events: Sequence[Event], domain: Domain, history: History) -> list[Event]:
    """The events to keep, behind a prelude that sets what the dropped ones had set."""
    head, units = _split(events)
    recent = len(units)
    states = 0
    while recent and states <= history.rule_states:
        recent -= 1
        states += _actions(units[recent])
    first = _first_memorable(units[:recent], history.memo_states - _shown(units[recent:]))
    dropped = [*head, *(event for unit in units[:first] for event in unit)]
    kept = [*_prelude(dropped, domain), *_last_listen(dropped)]
    unseen: list[Event] = []
    for unit in units[first:recent]:
        if _shown([unit]):
            body = _until_last_action(unit)
            kept += [*_settings(unseen), *body]
            unseen = list(unit[len(body) :])  # what the turns dropped behind it have set, from an earlier time
        else:
            unseen += unit
    return [*kept, *_settings(unseen), *(event for unit in units[recent:] for event in unit)]


def _split(events: Iterable[Event]) -> tuple[list[Event], list[list[Event]]]:
    """What came before the first customer message, and the turns: each from a customer message to the next one."""
    head: list[Event] = []
    units: list[list[Event]] = []
    for event in events:
        if isinstance(event, UserUttered):
            units.append([])
        (units[-1] if units else head).append(event)
    return head, units


def _first_memorable(units: Sequence[list[Event]], wanted: int) -> int:
    """The oldest turn that still reaches the memoisation policy; turns made by rules alone are hidden from it."""
    first = len(units)
    for index in range(len(units) - 1, -1, -1):
        if wanted <= 0:
            break
        if shown := _shown([units[index]]):
            wanted -= shown
            first = index
    return first


def _actions(unit: Sequence[Event]) -> int:
    return sum(isinstance(event, ActionExecuted) for event in unit)


def _shown(units: Iterable[Sequence[Event]]) -> int:
    """How many actions of these turns the memoisation policy sees."""
    return sum(isinstance(event, ActionExecuted) and not event.hide_rule_turn for unit in units for event in unit)


def _settings(unseen: Iterable[Event]) -> list[Event]:
    """What turns that no policy sees any more have set: the last value of each slot, and the last loop."""
    slots: dict[str, Event] = {}
    others: dict[type, Event] = {}
    for event in unseen:
        if isinstance(event, SlotSet):
            slots[event.key] = event
        elif isinstance(event, (ActiveLoop, AllSlotsReset)):
            others[type(event)] = event
            if isinstance(event, AllSlotsReset):
                slots.clear()
    return [*others.values(), *slots.values()]


def _until_last_action(unit: Sequence[Event]) -> Sequence[Event]:
    last = max(index for index, event in enumerate(unit) if isinstance(event, ActionExecuted))
    return unit[: last + 1]


def _last_listen(events: Sequence[Event]) -> list[Event]:
    """The `action_listen` that the first kept turn answered to."""
    actions = [event for event in events if isinstance(event, ActionExecuted)]
    return actions[-1:] if actions and actions[-1].action_name == ACTION_LISTEN_NAME else []


def _prelude(dropped: Sequence[Event], domain: Domain) -> list[Event]:
    """The slots and the loop as they were when the dropped events ended."""
    if not dropped:
        return []
    past = DialogueStateTracker.from_events("past", list(dropped), slots=domain.slots)
    initial = {slot.name: slot.initial_value for slot in domain.slots}
    prelude: list[Event] = [
        SlotSet(name, slot.value) for name, slot in past.slots.items() if slot.value != initial.get(name)
    ]
    if past.active_loop_name:
        prelude.append(ActiveLoop(past.active_loop_name))
        if past.is_active_loop_rejected:
            prelude.append(rasa_events.ActionExecutionRejected(past.active_loop_name))
        if past.is_active_loop_interrupted:
            prelude.append(rasa_events.LoopInterrupted(True))
    if past.is_paused():
        prelude.append(rasa_events.ConversationPaused())
    return prelude


def _encode(events: Sequence[Event], texts: int) -> list[dict[str, Any]]:
    encoded: list[dict[str, Any]] = []
    said = sum(isinstance(event, UserUttered) for event in events)
    for event in events:
        if isinstance(event, UserUttered):
            said -= 1
            encoded.append({"user": _encode_user(event, said < texts)})
        elif isinstance(event, ActionExecuted):
            encoded.append({"action": event.action_name} | ({"hidden": True} if event.hide_rule_turn else {}))
        elif isinstance(event, SlotSet):
            encoded.append({"slot": event.key, "value": event.value})
        elif isinstance(event, ActiveLoop):
            encoded.append({"loop": event.name})
        elif isinstance(event, rasa_events.ActionExecutionRejected):
            encoded.append({"rejected": event.action_name})
        elif isinstance(event, rasa_events.LoopInterrupted):
            encoded.append({"interrupted": event.is_interrupted})
        elif isinstance(event, (rasa_events.ConversationPaused, rasa_events.ConversationResumed)):
            encoded.append({"paused": isinstance(event, rasa_events.ConversationPaused)})
        elif isinstance(event, AllSlotsReset):
            encoded.append({"reset": True})
    return encoded


def _encode_user(event: UserUttered, with_text: bool) -> dict[str, Any]:
    # The intent is what the policies see; the words serve actions that look back, so old ones may go.
    user: dict[str, Any] = {"intent": event.intent_name}
    if event.message_id:
        user["id"] = event.message_id
    if with_text and event.text:
        user["text"] = event.text[:KEPT_TEXT_CHARS]
    if event.entities:
        kept = ("entity", "role", "group", *(("value",) if with_text else ()))
        user["entities"] = [
            {key: entity[key] for key in kept if entity.get(key) is not None} for entity in event.entities
        ]
    return user


def _decode(item: object, domain: Domain) -> Event | None:
    """One event; `None` for a slot that this model no longer has, which is no damage."""
    if isinstance(item, dict):
        for key, read in _READERS.items():
            if key in item:
                return read(item, domain)
    raise UnusableDialogue("an event that is not one of ours")


def _read_user(item: dict[str, Any], domain: Domain) -> Event:
    if not isinstance(item["user"], dict):
        raise UnusableDialogue("a customer message of the wrong shape")
    return _decode_user(item["user"])


def _read_action(item: dict[str, Any], domain: Domain) -> Event:
    return ActionExecuted(_known_action(item["action"], domain), hide_rule_turn=item.get("hidden") is True)


def _read_slot(item: dict[str, Any], domain: Domain) -> Event | None:
    known = any(slot.name == item["slot"] for slot in domain.slots)
    return SlotSet(item["slot"], item.get("value")) if known else None


def _read_loop(item: dict[str, Any], domain: Domain) -> Event:
    return ActiveLoop(None if item["loop"] is None else _known_action(item["loop"], domain))


def _read_rejected(item: dict[str, Any], domain: Domain) -> Event:
    return rasa_events.ActionExecutionRejected(_known_action(item["rejected"], domain))


def _read_interrupted(item: dict[str, Any], domain: Domain) -> Event:
    return rasa_events.LoopInterrupted(item["interrupted"] is True)


def _read_paused(item: dict[str, Any], domain: Domain) -> Event:
    return rasa_events.ConversationPaused() if item["paused"] is True else rasa_events.ConversationResumed()


def _read_reset(item: dict[str, Any], domain: Domain) -> Event:
    return AllSlotsReset()


_READERS: dict[str, Callable[[dict[str, Any], Domain], Event | None]] = {
    "user": _read_user,
    "action": _read_action,
    "slot": _read_slot,
    "loop": _read_loop,
    "rejected": _read_rejected,
    "interrupted": _read_interrupted,
    "paused": _read_paused,
    "reset": _read_reset,
}


def _decode_user(user: dict[str, Any]) -> UserUttered:
    intent, text, identity = user.get("intent"), user.get("text"), user.get("id")
    entities = user.get("entities", [])
    if not all(value is None or isinstance(value, str) for value in (intent, text, identity)):
        raise UnusableDialogue("a customer message of the wrong shape")
    if not isinstance(entities, list) or not all(
        isinstance(entity, dict) and isinstance(entity.get("entity"), str) for entity in entities
    ):
        raise UnusableDialogue("entities of the wrong shape")
    return UserUttered(
        text=text or "",
        intent={"name": intent, "confidence": 1.0},
        entities=entities,
        input_channel=INPUT_CHANNEL,
        message_id=identity,
        # Set by an event of its own in Rasa; policies here always decide by the intent.
        use_text_for_featurization=False,
    )


def _known_action(name: object, domain: Domain) -> str:
    if not isinstance(name, str) or name not in domain.action_names_or_texts:
        raise UnusableDialogue(f"unknown action {name}")
    return name
