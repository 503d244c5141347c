"""What training reads beside the developers' files, so that a need that admins added is part of the model.

Two files: the intents, and a rule for each that gives it to the same action as every other need. They lie beside the
base and never in it. The examples themselves are written by `bot.adapters.training.taught`.

Each file is given to the trainer as one more training file, and the one of the domain as a second domain as well.
Where there is no taught need there is no file, and the model is the one that would be trained without them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from bot.domain.teaching.dataset import Need
from bot.domain.teaching.labels import checked_label

DOMAIN_FILE: Final = "domain-taught.yml"
RULES_FILE: Final = "stories/taught-rules.yml"
ACTION: Final = "action_reply"
"""The action that every rule of the shipped assistant calls."""
_VERSION: Final = 'version: "3.1"'


def overlay(needs: Iterable[Need]) -> Mapping[str, str]:
    """Return the files of the taught needs: path below the folder of what was taught, to content.

    An intent is the only thing of a need that is written, and `checked_label` lets no name through that YAML could
    read as anything else. Who owns it and what is answered is no matter of the model.

    Raises:
        Invalid: an intent has a name that is none.
    """
    intents = sorted({checked_label(one.intent) for one in needs})
    if not intents:
        return {}
    declared = "".join(f"  - {intent}\n" for intent in intents)
    rules = "".join(_rule(intent) for intent in intents)
    return {
        DOMAIN_FILE: f"{_VERSION}\nintents:\n{declared}",
        RULES_FILE: f"{_VERSION}\nrules:\n{rules}",
    }


def _rule(intent: str) -> str:
    return f"  - rule: taught {intent}\n    steps:\n      - intent: {intent}\n      - action: {ACTION}\n"
