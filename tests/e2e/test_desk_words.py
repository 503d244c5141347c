"""The console's own words and scripts, without a browser."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import bot.web.app  # noqa: F401 - loads all that a door may refuse with
from bot.domain.errors import DomainError
from bot.services.throttle import TooManyTries

WEB = Path(__file__).parents[2] / "bot" / "web"
DESK, COMMON = WEB / "static" / "desk", WEB / "static" / "common"
_ICON = re.compile(r'\bicon\("([\w-]+)"|icon: "([\w-]+)"|icons\.svg#([\w-]+)"')
SCRIPTS = sorted([*DESK.glob("*.js"), *COMMON.glob("*.js")])
DOMAINS = {
    "priority": ("urgent", "high"),
    "state": ("waiting", "assigned", "resolved"),
    "channel": ("webchat", "telegram", "zalo", "zalo_bot"),
    "who": ("customer", "bot", "system", "staff", "outside", "note"),
    "delivery": ("queued", "sending", "sent", "delivered", "seen", "failed", "unknown"),
    "file": ("pending", "stored", "refused", "failed"),
    "side": ("front", "back"),
    "closed": ("waiting", "assigned", "resolved", "speaker"),
    "kind": ("text", "image", "video", "voice", "file", "sticker", "location", "contact", "link", "unknown"),
    "presence": ("on_duty", "on_break", "away", "off"),
    "cover": ("staffed", "cover", "gap", "closed"),
    "language": ("vi", "en"),
    "person_lock": ("text",),
    "person_unlock": ("text",),
    "late": (
        *("due_in", "call_in", "owes_answer", "deadline_first", "deadline_resolution"),
        *("answer_by", "decide_by"),
    ),
    "error": ("offline", "timeout", "internal", "unknown"),
    "end_told": ("asked", "put_back", "kept"),
}


def words(language: str) -> dict[str, str]:
    found = [json.loads(path.read_text(encoding="utf-8")) for path in DESK.glob(f"words*.{language}.json")]
    assert len({key for one in found for key in one}) == sum(len(one) for one in found)
    return {key: text for one in found for key, text in one.items()}


def test_both_languages_say_everything() -> None:
    vietnamese, english = words("vi"), words("en")
    assert set(vietnamese) <= set(english)
    # English needs a singular here and there, and words for refusals that the server words in Vietnamese itself.
    assert all(name.endswith("_one") or name.startswith("error_") for name in set(english) - set(vietnamese))
    for key, text in vietnamese.items():
        assert set(re.findall(r"\{(\w+)\}", text)) == set(re.findall(r"\{(\w+)\}", english[key])), key


def test_one_word_stands_for_one_thing_on_the_screen() -> None:
    spoken = words("vi")
    for other in ("hàng chờ", "giải lao", "phía sau", "quầy"):
        assert [key for key, text in spoken.items() if other in text.lower()] == [], other
    # A handoff is the assistant's; the cases of an ending shift are given to somebody.
    assert [key for key, text in spoken.items() if "bàn giao" in text.lower()] == ["summary"]
    assert [key for key, text in spoken.items() if "lời mời" in text.lower()] == ["empty_inbox"]
    assert "nghỉ" not in spoken["empty_off_duty_title"].lower()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_no_script_or_template_asks_for_words_that_are_not_there(language: str) -> None:
    known = words(language)
    desk = "\n".join(path.read_text(encoding="utf-8") for path in DESK.glob("*.js"))
    asked = set(re.findall(r'\b(?:t|nodes)\("(\w+)"', desk))
    for template in (WEB / "templates").glob("desk*.html"):
        asked |= set(re.findall(r"\bwords\.(\w+)", template.read_text(encoding="utf-8")))
    asked |= {f"{family}_{value}" for family, values in DOMAINS.items() for value in values}
    assert asked - set(known) == set()


def refusals(kind: type[DomainError] = DomainError) -> set[str]:
    """The codes of everything that a door may refuse with."""
    return {code for one in kind.__subclasses__() for code in ({one.code} | refusals(one))}


def test_whatever_a_door_refuses_with_is_worded_in_english_and_nothing_else_is() -> None:
    worded = {key.removeprefix("error_") for key in words("en") if key.startswith("error_")}
    # Who tries too often is told how long to wait, whatever the code is.
    assert refusals() - {TooManyTries.code} - worded == set()
    web = "\n".join(path.read_text(encoding="utf-8") for path in WEB.glob("*.py"))
    ours = set(re.findall(r'(?:\b[A-Z]\w+\(|error=|super\(\).__init__\()\s*"(\w+)"', web))
    said_here = {"offline", "timeout", "already_taken_by", "wait", "wait_one", "id"}
    assert worded - refusals() - ours == said_here


def test_one_module_spells_the_address_of_a_case() -> None:
    spelt = {path.name for path in DESK.glob("*.js") if "/api/cases/$" in path.read_text(encoding="utf-8")}
    assert spelt == {"doors.js"}


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_script_has_no_way_to_turn_data_into_a_page(script: Path) -> None:
    source = script.read_text(encoding="utf-8")
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|createContextualFragment", source)
    assert not re.search(r"\beval\(|new Function|setAttribute\(\"(?:style|on)|\.srcdoc|import\(", source)
    assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)[\w.]", source)
    assert len(source.splitlines()) <= 300


def test_every_icon_that_is_asked_for_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (DESK / "icons.svg").read_text(encoding="utf-8")))
    asked = set()
    for path in [*DESK.glob("*.js"), *(WEB / "templates").glob("desk*.html")]:
        asked |= set(_ICON.findall(path.read_text(encoding="utf-8")))
    assert {name for found in asked for name in found if name} <= drawn
