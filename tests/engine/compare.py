# ruff: noqa: E402 - Rasa may only be imported after TensorFlow has been left out
"""Run by the engine's Python: plays the same dialogues through Rasa's own agent and through ours, and compares.

Rasa keeps every event of a conversation, runs its graph with dask and asks its own policies; ours gets the compact
state of the turn before and nothing else. Prints one JSON object with what differed.
"""

import asyncio
import json
import random
import sys
from pathlib import Path
from typing import Any

from engine import lean, quiet

lean.refuse_heavy_imports()
quiet.libraries(50)

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import ActionExecuted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from engine.actions import ActionEndpoint
from engine.contract import TurnRequest
from engine.dialogue import pack
from engine.output import TurnOutput
from engine.turns import TurnProcessor
from tests.engine.stand_in import perform

quiet.structured(50)

TEXTS = (
    *("xin chào", "cảm ơn em", "mấy giờ mở cửa", "cho gặp nhân viên", "nhân viên rất nhiệt tình"),
    *("tôi cần hoá đơn đỏ", "xuất hoá đơn mã số thuế 0101234567", "mã số thuế là 0312345678", "ke.toan@abc.vn"),
    *("lãi suất trả góp bao nhiêu", "đúng rồi", "không phải", "tôi muốn vay", "vâng ạ"),
)


FACTS = {"now": "2026-11-25T09:30:00+07:00", "language": "vi", "channel": "webchat"}


class InProcess(EndpointConfig):
    """An action server without a network, the same for both."""

    async def request(self, *args: Any, **kwargs: Any) -> Any:
        return perform(json.loads(json.dumps(kwargs["json"], default=float)))


class Both:
    """One conversation on each side."""

    def __init__(self, model: Path, actions_url: str | None) -> None:
        in_process = InProcess("http://in-process", enable_selective_domain=True)
        self.stock = Agent.load(model, action_endpoint=EndpointConfig(actions_url) if actions_url else in_process)
        self.ours = TurnProcessor(model, ActionEndpoint(actions_url) if actions_url else in_process)
        self.bytes = 0
        self.events = 0

    async def dialogue(self, name: str, texts: list[str]) -> list[dict[str, Any]]:
        """The first difference, with the turns that led to it."""
        state = None
        for index, text in enumerate(texts):
            stock = await self._stock(name, f"m-{index}", text)
            state, ours = await self._ours(name, f"m-{index}", text, state)
            if stock != ours:
                return [{"texts": texts[: index + 1], "stock": stock, "ours": ours}]
        return []

    async def _stock(self, name: str, message_id: str, text: str) -> dict[str, Any]:
        output = TurnOutput()
        await self.stock.handle_message(
            UserMessage(text, output, name, input_channel="letan", message_id=message_id, metadata=FACTS)
        )
        return _result(await self.stock.tracker_store.retrieve(name), output)

    async def _ours(
        self, name: str, message_id: str, text: str, state: dict[str, Any] | None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        output = TurnOutput()
        tracker, _ = await self.ours.play(TurnRequest(name, message_id, text, state, FACTS), output, 0.0)
        state = json.loads(json.dumps(pack(tracker, self.ours.domain, self.ours.history, 0.0)))
        self.bytes = max(self.bytes, len(json.dumps(state)))
        self.events = max(self.events, len(state["events"]))
        return state, _result(tracker, output)


def _result(tracker: DialogueStateTracker, output: TurnOutput) -> dict[str, Any]:
    last_turn: list[str] = []
    # Not `latest_message`: a tracker that comes out of Rasa's store has forgotten messages that a form has dealt with.
    said = next(event for event in reversed(tracker.events) if isinstance(event, UserUttered))
    for event in reversed(tracker.events):
        if isinstance(event, ActionExecuted):
            if event.action_name == "action_listen" and last_turn:
                break
            last_turn.append(f"{event.action_name} {event.policy} {event.confidence} {event.hide_rule_turn}")
    return {
        "messages": output.messages,
        "outcomes": output.outcomes,
        "actions": last_turn,
        "understood": json.loads(json.dumps(said.parse_data["intent_ranking"], default=float)),
        "entities": said.entities,
        "slots": {name: value for name, value in tracker.current_slot_values().items() if "session" not in name},
        "loop": tracker.active_loop_name,
        "rejected": tracker.is_active_loop_rejected,
    }


async def main(model: Path, dialogues: int, turns: int, actions_url: str | None, texts: list[str]) -> None:
    both = Both(model, actions_url)
    differences = []
    for seed in range(dialogues):
        chance = random.Random(seed)
        differences += await both.dialogue(f"d{seed}", [chance.choice(texts) for _ in range(turns)])
    report = {"turns": dialogues * turns, "differences": differences, "bytes": both.bytes, "events": both.events}
    sys.stdout.write(json.dumps(report, ensure_ascii=False))


if __name__ == "__main__":
    url = sys.argv[4] if len(sys.argv) > 4 else None
    said = Path(sys.argv[5]).read_text(encoding="utf-8").splitlines() if len(sys.argv) > 5 else list(TEXTS)
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), url, said))
