"""What a person needs to know before speaking: put together from what was said and stored, with no invented word.

Every text in a summary is a stretch of a message or a stored value; names for the parts belong to whoever shows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from typing import Any, Final

from bot.domain.cases import Case, CaseState
from bot.domain.feedback import FOLLOW_UP
from bot.domain.messages import Author, Message, MessageKind
from bot.domain.moods import Heard, Mood, mood_of, sentences
from bot.domain.scores import read_answer
from bot.domain.text import fold

NEED_SENTENCES = 2
BOT_MESSAGES = 2
PAST_CASES = 5
LOOK_BACK = 12
"""How many of the customer's newest messages may hold the need; what lies further back is in the transcript."""
QUOTE_MAX = 280
KEPT_MAX = 1_000
"""Characters that a case keeps of what its customer needed."""

ALIKE = 0.4
"""From here on two needs are alike enough for the answer of one to be worth reading for the other."""

_SAID: Final = ". Khách viết: “"
"""Stands between the name of a need and the customer's words, in what the assistant hands over."""

_NAMED: Final = re.compile(rf"^(?P<need>[^“”\n]+?){re.escape(_SAID)}", re.MULTILINE)
_ABOUT_A_CASE: Final = re.compile(r"\b[A-Z]{2}-\d{4,}$")
_WORD: Final = re.compile(r"[^\W_]+")
_SAYS_NOTHING: Final = (
    "da vang em anh chi ban a oi nhe nha nhi ne alo chao xin cam on shop ad cho toi minh tui hoi voi la thi va co "
    "khong ko duoc dc roi nay kia do day vay gi u uh uhm ok oke okay hello hi hey bac co chu ong ba e c t m k "
    "muon can giup nho biet nua cai con hay luc vua moi bot nhan vien admin please thanks thank you i to "
    "my me is am are it of and can could would"
)
_EMPTY: Final = frozenset(_SAYS_NOTHING.split())


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One collected detail: the name under which it is stored ("order", "items.0"), and its value as text."""

    name: str
    value: str


@dataclass(frozen=True, kw_only=True)
class PastCase:
    """An earlier case of this customer. ``owner_id`` is who had it last."""

    code: str
    department: str
    state: CaseState
    summary: str
    opened_at: datetime
    owner_id: int | None


@dataclass(frozen=True, kw_only=True)
class Solved:
    """A resolved case, of any customer, with the words that answered it."""

    code: str
    need: str
    answer: str


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """Words that answered this need before. ``code`` is the resolved case they are from, ``None``: the assistant."""

    text: str
    code: str | None


@dataclass(frozen=True, kw_only=True)
class HandoffSummary:
    """The page that is handed over with a case. ``need`` and ``said_by_bot`` are quotations, oldest first.

    ``mood_said`` is the sentence in which the mood was heard, "" where it is calm.
    """

    need: tuple[str, ...]
    collected: tuple[Fact, ...]
    mood: Mood
    mood_said: str
    said_by_bot: tuple[str, ...]
    history: tuple[PastCase, ...]
    suggestion: Suggestion | None


def summarise(
    case: Case,
    transcript: Sequence[Message],
    *,
    earlier: Sequence[Case] = (),
    knowledge_answer: str | None = None,
    solved: Sequence[Solved] = (),
) -> HandoffSummary:
    """Put a handoff summary together.

    ``transcript`` is the conversation, oldest first; ``earlier`` are the customer's other cases. ``knowledge_answer``
    is the last answer the assistant gave from what it knows; without one, the most similar of ``solved`` is suggested.
    """
    said = [one.text for one in transcript if _spoken(one, Author.CUSTOMER) and not one.text.startswith("/")]
    need = _need(said[-LOOK_BACK:]) or _clipped([case.summary])
    heard = _heard(case, said)
    return HandoffSummary(
        need=need,
        collected=tuple(_facts(case.collected)),
        mood=heard.mood,
        mood_said=clip(heard.said),
        said_by_bot=_bot_words(case, transcript),
        history=_history(case, earlier),
        suggestion=_suggestion([*need, case.summary], knowledge_answer, solved),
    )


def _heard(case: Case, said: Sequence[str]) -> Heard:
    """Return the mood; a customer whose low score opened the case is not pleased, whatever else they say since."""
    heard = mood_of(said)
    if case.reason != FOLLOW_UP or heard.mood in {Mood.ANGRY, Mood.URGENT}:
        return heard
    score = case.collected.get("score")
    scored = (one for one in reversed(said) if (answer := read_answer(one)) is not None and answer.score == score)
    return Heard(mood=Mood.ANGRY, said=next(scored, case.summary))


def added_to(earlier: str, more: str) -> str:
    """Return the summary of a case with what was added to it; the need is named again only where it is another one."""
    if not more or more in earlier:
        return earlier
    need, mark, words = more.partition(_SAID)
    if mark and need == _last_need(earlier):
        more = f"{_SAID.removeprefix('. ')}{words}"
        if more in earlier:
            return earlier
    joined = f"{earlier}\n{more}".strip()
    if len(joined) <= KEPT_MAX:
        return joined
    # The first need and the newest words; what lies between is in the transcript.
    half = KEPT_MAX // 2
    return f"{joined[:half]}\n…\n{joined[-half:]}"


def _last_need(summary: str) -> str | None:
    """Return the need that a summary named last; a word about the case itself, as when it is hurried, names none."""
    named = [found["need"] for found in _NAMED.finditer(summary)]
    return next((one for one in reversed(named) if not _ABOUT_A_CASE.search(one)), None)


def clip(text: str, longest: int = QUOTE_MAX) -> str:
    """Return the beginning of a text, cut between words where it is too long; nothing is put in place of the rest."""
    whole = text.strip()
    if len(whole) <= longest:
        return whole
    head = whole[: longest + 1]
    cut = max(head.rfind(" "), head.rfind("\n"))
    return head[: cut if cut > 0 else longest].rstrip()


def _spoken(message: Message, author: Author) -> bool:
    return message.author is author and message.kind is MessageKind.TEXT and bool(message.text.strip())


def _need(said: Sequence[str]) -> tuple[str, ...]:
    """Choose the sentences that say most, later ones first among equals, and give them in the order they were said."""
    parts: dict[frozenset[str], tuple[int, str]] = {}
    for place, sentence in enumerate(sentence for text in said for sentence in sentences(text)):
        words = content_words(sentence)
        if words:
            # Said twice: once is enough, where it was said last.
            parts.pop(words, None)
            parts[words] = (place, sentence)
    fullest = sorted(parts.items(), key=lambda item: (min(len(item[0]), LOOK_BACK), item[1][0]), reverse=True)
    chosen = sorted(place_and_sentence for _, place_and_sentence in fullest[:NEED_SENTENCES])
    return _clipped([sentence for _, sentence in chosen] or said[-1:])


def _bot_words(case: Case, transcript: Sequence[Message]) -> tuple[str, ...]:
    """Return the assistant's last words, but not its announcement of this very case."""
    words = [one.text for one in transcript if _spoken(one, Author.BOT) and case.code not in one.text]
    return _clipped(words[-BOT_MESSAGES:])


def _clipped(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(short for text in texts if (short := clip(text)))


def _facts(collected: Mapping[str, Any], prefix: str = "") -> Iterator[Fact]:
    for name, value in collected.items():
        yield from _fact(f"{prefix}{name}", value)


def _fact(name: str, value: Any) -> Iterator[Fact]:
    match value:
        case None | "":
            return
        case Mapping():
            yield from _facts(value, f"{name}.")
        case list() | tuple():
            for index, part in enumerate(value):
                yield from _fact(f"{name}.{index}", part)
        case _:
            yield Fact(name=name, value=str(value))


def _history(case: Case, earlier: Sequence[Case]) -> tuple[PastCase, ...]:
    others = sorted(
        (one for one in earlier if one.id != case.id), key=lambda one: (one.opened_at, one.id), reverse=True
    )
    return tuple(
        PastCase(
            code=one.code,
            department=one.department,
            state=one.state,
            summary=one.summary,
            opened_at=one.opened_at,
            owner_id=one.owner_id,
        )
        for one in others[:PAST_CASES]
    )


def _suggestion(needs: Sequence[str], knowledge_answer: str | None, solved: Sequence[Solved]) -> Suggestion | None:
    if knowledge_answer and knowledge_answer.strip():
        return Suggestion(text=knowledge_answer.strip(), code=None)
    wanted = content_words(" ".join(needs))
    best = max(solved, key=lambda one: likeness(wanted, content_words(one.need)), default=None)
    if best is None or not best.answer.strip() or likeness(wanted, content_words(best.need)) < ALIKE:
        return None
    return Suggestion(text=best.answer.strip(), code=best.code)


def likeness(first: frozenset[str], second: frozenset[str]) -> float:
    """Return how much two needs have in common, 0 to 1: shared words over the geometric mean of their numbers."""
    if not first or not second:
        return 0.0
    return len(first & second) / sqrt(len(first) * len(second))


def content_words(text: str) -> frozenset[str]:
    """Return the words of a text that say what it is about: folded, without greetings, pronouns and particles."""
    return frozenset(_WORD.findall(fold(text))) - _EMPTY
