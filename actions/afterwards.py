"""The message right after the house said that a case is done, or sorry for a low score.

It is no stranger's first word. Who says that nothing was done has their case back; what cannot be made out is a
question about what has just ended; and the word that follows a low score belongs to the case that looks after it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from actions.case_words import names_code, names_no_matter, says_closed, says_undone
from actions.facts import OpenCase
from actions.handoffs import hinted
from actions.lexicon import asks, is_upset, line, says_still_wrong
from actions.memory import Memory
from actions.outcries import misses_money
from actions.own_case import OwnCase, is_mere
from actions.plan import SMALL
from actions.replies import Replies
from actions.reply import Reply
from actions.turn import Turn
from bot.domain.company import Company
from bot.domain.moods import Mood, mood_of

REOPENED: Final = "case_reopened"
"""Reason of what opens a case again."""

_A_WORD: Final = 3
"""Words of a message that names no need of its own."""
_NAMES_NOTHING: Final = SMALL | {"case_status", "praise"}
_OF_DISAPPOINTMENT: Final = _NAMES_NOTHING | {"complaint_waiting", "complaint_service", "complaint_product"}


class Afterwards:
    """Decides about the first words after the end of a case."""

    def __init__(self, company: Company, replies: Replies, own_case: OwnCase) -> None:
        self._company = company
        self._replies = replies
        self._own_case = own_case

    def take(self, turn: Turn, memory: Memory) -> Reply | None:
        """Answer in the light of what was just told; None where the message is something else."""
        case = turn.facts.just_told
        if case is None or is_mere(turn):
            return None
        if case.state == "resolved":
            upset = self.undone(turn, case) or _displeased(turn)
            return self.reopened(turn, memory, case, sorry=upset) if upset or _open_question(turn) else None
        return self._own_case.add(turn, memory, case) if _of_the_score(turn) else None

    def reopened(self, turn: Turn, memory: Memory, case: OpenCase, *, sorry: bool = True) -> Reply:
        """Have a case opened again; the front office says so."""
        made = self._own_case.handoff(turn, case, "Khách chưa thấy xong")
        handoff = replace(made, reason=REOPENED, reopens=case.code)
        opening = self._replies.speech.phrase("opening_sorry", turn) if sorry else ""
        return self._replies.handed(memory, handoff, opening)

    def undone(self, turn: Turn, case: OpenCase) -> bool:
        """Tell whether the customer says that a case which ended is not done, and not that something else is not."""
        if says_closed(turn.text) or misses_money(turn.text):
            return True
        understood = turn.understood
        near = not understood.sure or understood.intent in _OF_DISAPPOINTMENT
        own = near or self._company.owners.get(understood.intent) == case.department
        never = says_undone(turn.text)
        # Right after the end "thợ chưa tới mà" is no new need, however sure a model is of one.
        own = own or (never and turn.facts.just_told is not None and names_no_matter(turn.text))
        return (never or says_still_wrong(turn.text)) and own and not self._own_case.is_elsewhere(turn, case)


def _open_question(turn: Turn) -> bool:
    """Tell whether nobody could say what is asked, so that it is most likely what was just talked about."""
    asked = asks(turn.text) or _few_words(turn)
    return asked and not turn.understood.sure and turn.understood.intent not in SMALL and hinted(turn.text) is None


def _displeased(turn: Turn) -> bool:
    """Tell whether a message sounds angry and names no need: as which a model takes it then, is chance."""
    nothing = not turn.understood.sure or turn.understood.intent in _NAMES_NOTHING
    return nothing and mood_of([turn.text]).mood is Mood.ANGRY and hinted(turn.text) is None


def _of_the_score(turn: Turn) -> bool:
    intent = turn.understood.intent
    if hinted(turn.text) is not None or (intent == "bot_challenge" and not turn.understood.sure):
        return False
    if turn.understood.sure and intent == "case_status" and not _displeased(turn):
        return False
    if says_undone(turn.text) and turn.details.get("order") is None and not names_code(turn.text):
        return True
    return _few_words(turn) or not turn.understood.sure or is_upset(turn.text) or intent in _OF_DISAPPOINTMENT


def _few_words(turn: Turn) -> bool:
    return len(line(turn.text).split()) <= _A_WORD
