# ruff: noqa: E402 - Rasa may only be imported after TensorFlow has been left out
"""Run by the engine's Python: Rasa's check of an action's answer against ours, over generated answers."""

import itertools
import json
import sys
from typing import Any

from engine import lean, quiet

lean.refuse_heavy_imports()
quiet.libraries(50)

import orjson
from jsonschema import ValidationError
from jsonschema import validate as rasas_validate
from rasa.core.actions.action import RemoteAction
from rasa.shared.utils.schemas.events import EVENT_SCHEMA

from engine.actions import validated
from engine.errors import ActionServerFailure

KINDS = [kind["properties"]["event"]["const"] for kind in EVENT_SCHEMA["oneOf"]] + ["explode", "", None, 7]
FIELDS: list[dict[str, Any]] = [
    {},
    {"name": "x"},
    {"name": 7, "value": 1},
    {"name": "x", "value": None},
    {"name": "x", "value": {"a": [1]}},
    {"entities": []},
    {"entities": "x"},
    {"entities": [{"entity": "e", "value": "v", "start": 0, "end": 1}]},
    {"timestamp": "now"},
    {"timestamp": 1.5, "metadata": {}},
    {"metadata": []},
    {"parse_data": {"intent": {"name": 7}}},
    {"parse_data": {"text": "x", "intent": {"name": "greet", "confidence": 1}, "entities": []}},
    {"hide_rule_turn": "x"},
    {"policy": 3},
]
WHOLE: list[Any] = [
    {},
    [],
    None,
    "x",
    {"events": {}},
    {"events": [[]]},
    {"events": None},
    {"responses": {}},
    {"responses": [1]},
]


def answers() -> list[Any]:
    events = [{"event": kind, **fields} for kind, fields in itertools.product(KINDS, FIELDS)]
    events += [dict(fields) for fields in FIELDS]
    return [*WHOLE, *({"events": [event], "responses": [{}]} for event in events)]


def rasa_accepts(answer: Any) -> bool:
    try:
        rasas_validate(answer, RemoteAction.action_response_format_spec())
    except ValidationError:
        return False
    return True


def we_accept(answer: Any) -> bool:
    try:
        validated(orjson.dumps(answer))
    except ActionServerFailure:
        return False
    return True


def main() -> None:
    report: dict[str, Any] = {"accepted": 0, "refused": 0, "differences": []}
    for answer in answers():
        accepted = rasa_accepts(answer)
        report["accepted" if accepted else "refused"] += 1
        if we_accept(answer) != accepted:
            report["differences"].append(answer)
    sys.stdout.write(json.dumps(report))


if __name__ == "__main__":
    main()
