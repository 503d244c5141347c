"""A message while a case of the customer is open, understood in its light.

A person owes an answer; until it comes the bot keeps the customer company. It tells how the case stands, passes on what
belongs to it, says that it hurts to wait, and lets the customer take it back.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from actions import case_words
from actions.cases import Cases
from actions.facts import OpenCase
from actions.handoffs import department_in, hinted
from actions.introductions import only_particulars
from actions.lexicon import (
    asks,
    calls_for_person,
    is_upset,
    lacks_number,
    line,
    says_no,
    says_thanks,
    says_yes,
    wants_a_call,
    wants_person,
    wonders_how_long,
)
from actions.memory import Memory, Offer
from actions.plan import SMALL
from actions.replies import Replies
from actions.reply import Handoff, Reply, answered_by
from actions.turn import Turn
from actions.understanding import Decision
from bot.domain.company import RECEPTION, Company, Priority

WAITING: Final = "complaint_waiting"
_ABOUT_A_CASE: Final = SMALL | {
    "case_status",
    WAITING,
    "complaint_service",
    "ask_human",
    "meet_person",
    "opening_hours",
}
"""Needs as which the engine may take a word about the customer's own case."""
_OF_PARTICULARS: Final = SMALL | {
    "case_status",
    "callback",
    "contact_info",
    "address",
    "meet_person",
    "appointment_book",
}
"""Needs as which it may take a name, a number or an address that belongs to a case."""
_COURTEOUS: Final = frozenset({"greet", "goodbye", "thank", "affirm", "deny"})
_STATUS: Final = frozenset({"refund_status", "order_status", "loan_status", "application_status", "delivery_fee"})
_OTHER_STATUS: Final = re.compile(r"\b(?:don|hang|ho so|khoan|order|loan|refund|delivery|ship|giao)\b")
_HURRIED: Final = "hurried"
"""Key of the case that was hurried already."""
_WAVED_OFF: Final = re.compile(r"\b(?:(?:khong|ko|k|co) (?:co )?(?:gi|chi|sao)(?: dau)?|no problem|welcome)\b")
_NAMED: Final = re.compile(r"\b(?:phieu|yeu cau|request|case|ticket)\b")
_LIKELY: Final = 0.1
_POINTS: Final = 0.4
_FAINT: Final = 0.2
_FOLLOWS: Final = 5
_MERE: Final = 3


class OwnCase:
    """Decides about messages that have to do with an open case."""

    def __init__(self, company: Company, replies: Replies) -> None:
        self._company = company
        self._replies = replies
        self._cases = Cases(replies.speech)

    def take(self, turn: Turn, memory: Memory) -> Reply | None:
        """Answer from the open case; None when the message is about something else, or nothing is open."""
        case = self._meant(turn)
        if case is None:
            return None
        if case_words.withdraws(turn.text) and not self._names_another(turn, case):
            return self._pass_on(turn, memory, case, "case_withdrawn", "Khách xin thôi")
        if case_words.changes_mind(turn.text) and not self.is_elsewhere(turn, case):
            return self._pass_on(turn, memory, case, "case_changed", "Khách đổi ý về")
        if only_particulars(turn) or (lacks_number(turn.text) and turn.memory.question is None):
            return self.add(turn, memory, case)
        if not self._about(turn, case):
            return None
        return self._of_waiting(turn, memory, case) or self._of_the_matter(turn, memory, case)

    def _of_waiting(self, turn: Turn, memory: Memory, case: OpenCase) -> Reply | None:
        """Take words about the wait itself, which name nothing else."""
        if case_words.waits_patiently(turn.text):
            return self._say(memory, case, self._replies.speech.phrase("thanks_for_waiting", turn))
        if case_words.asks_number(turn.text):
            return self._say(memory, case, self._cases.tell(case, turn))
        if case_words.asks_position(turn.text):
            return self._say(memory, case, self._cases.position(case, turn))
        return self.hurry(turn, memory, case) if case_words.hurries(turn.text) else self._of_time(turn, memory, case)

    def _of_time(self, turn: Turn, memory: Memory, case: OpenCase) -> Reply | None:
        """Take impatience, and a mere yes, which is none."""
        intent = turn.understood.intent
        if intent == "case_status" and turn.understood.sure and _NAMED.search(line(turn.text)):
            # "Phiếu của tôi tới đâu rồi, cho gặp nhân viên" wants more than to be told.
            asks_both = _wants_somebody(turn) and self._cases.code_in(turn.text) is None
            return self._bring_in(turn, memory, case) if asks_both else None
        if self._asks_how_far(turn, case) or (intent == WAITING and turn.understood.confidence >= _POINTS):
            return self.waiting_for(turn, memory, case)
        agrees = intent == "affirm" and turn.understood.sure and turn.memory.question is None
        if agrees and not wants_person(turn.text):
            return self._say(memory, case, self._replies.speech.phrase("standing_by", turn))
        return None

    def _asks_how_far(self, turn: Turn, case: OpenCase) -> bool:
        if turn.details.get("order") is not None and turn.understood.sure and turn.understood.intent in _STATUS:
            # "Đơn DH12345 tới đâu rồi" asks after the order.
            return False
        if wonders_how_long(turn.text) or case_words.asks_how_far(turn.text):
            # "Ăn cơm chưa em" asks after somebody else, "mở cửa chưa" after the doors.
            return turn.understood.intent not in {"small_talk", "opening_hours"} or not turn.understood.sure
        return _names_owner(turn, case) and case_words.asks_where(turn.text)

    def _of_the_matter(self, turn: Turn, memory: Memory, case: OpenCase) -> Reply | None:
        """Pass on what belongs to the case: particulars, and words too vague to be a need of their own."""
        if self._is_particular(turn, case) or self._is_vague(turn, case):
            return self.add(turn, memory, case)
        return None

    def _is_particular(self, turn: Turn, case: OpenCase) -> bool:
        if "?" in turn.text or hinted(turn.text) or (turn.understood.intent == "callback" and wants_a_call(turn.text)):
            return False
        bare = case_words.names_nothing(turn.text, but=0)
        kinds = ("phone", "email", "tax_code", "order", *(("when",) if bare else ()))
        named = turn.details.get(*kinds) is not None
        known = turn.understood.sure and turn.understood.intent not in _OF_PARTICULARS and not bare
        return (named or case_words.introduces(turn.text)) and not known

    def _is_vague(self, turn: Turn, case: OpenCase) -> bool:
        """Tell whether an open case explains a message better than a new need would."""
        offer = turn.memory.offer
        elsewhere = offer is not None and offer.intent != WAITING and offer.department != case.department
        if elsewhere or turn.memory.question is not None or is_mere(turn):
            return False
        if turn.understood.sure and turn.understood.intent not in {"affirm", "deny"}:
            short = len(line(turn.text).split()) <= _FOLLOWS
            follows = turn.understood.intent == "out_of_scope" and short and asks(turn.text)
            return follows and self._owner(turn.memory.topic) == case.department
        return self._speaks_of(turn, case) or self._is_likely(turn, case)

    def _speaks_of(self, turn: Turn, case: OpenCase) -> bool:
        named = department_in(turn, self._company) == case.department
        adds = case_words.names_nothing(turn.text) or case_words.explains(turn.text)
        return named or adds or _names_owner(turn, case)

    def _is_likely(self, turn: Turn, case: OpenCase) -> bool:
        """Tell whether the engine's guesses point to the case, or nowhere."""
        understood = turn.understood
        topic = turn.memory.topic
        if topic in understood.options() and self._owner(topic) == case.department:
            return True
        scores = dict(understood.ranking)
        likely = [name for name in understood.options() if scores.get(name, 0.0) >= _LIKELY]
        if any(self._owner(name) == case.department or name in {"case_status", WAITING} for name in likely):
            return True
        best = max((scores.get(name, 0.0) for name in understood.options()), default=0.0)
        lost = understood.decision is Decision.HAND_OFF or understood.intent in SMALL or best < _FAINT
        return lost and hinted(turn.text) is None

    def _about(self, turn: Turn, case: OpenCase) -> bool:
        understood = turn.understood
        names = _ABOUT_A_CASE | _OF_PARTICULARS
        nameless = case_words.names_nothing(turn.text) or wonders_how_long(turn.text)
        # "Bao giờ hoàn lại" names no order of which it could be the status.
        bare = understood.intent in _STATUS and not _OTHER_STATUS.search(line(turn.text))
        if (
            not understood.sure
            or understood.intent in names
            or nameless
            or (bare and case_words.asks_how_far(turn.text))
        ):
            return True
        return self._owner(understood.intent) == case.department

    def _names_another(self, turn: Turn, case: OpenCase) -> bool:
        """Tell whether something else than the case is called off: an order, an appointment, an offer just made."""
        if _NAMED.search(line(turn.text)):
            return False
        offer, named = turn.memory.offer, hinted(turn.text)
        if offer is not None and offer.intent != WAITING and offer.department != case.department:
            return True
        if self.is_elsewhere(turn, case):
            return True
        sure = turn.understood.sure and turn.understood.intent in {"order_change", "appointment_change"}
        return (sure or named is not None) and self._owner(named or turn.understood.intent) != case.department

    def is_elsewhere(self, turn: Turn, case: OpenCase) -> bool:
        """Tell whether the words themselves name an order, or a need of another department."""
        named = hinted(turn.text)
        return turn.details.get("order") is not None or (named is not None and self._owner(named) != case.department)

    def _meant(self, turn: Turn) -> OpenCase | None:
        """Return the case that is spoken of: of the department that is named, of the topic, else the newest."""
        cases = turn.facts.waiting_cases
        named, topic = department_in(turn, self._company), turn.memory.topic
        owners = (named, self._owner(hinted(turn.text)), self._owner(topic))
        for owner in owners:
            found = next((case for case in cases if owner is not None and case.department == owner), None)
            if found is not None:
                return found
        return cases[0] if cases else None

    def _owner(self, intent: str | None) -> str | None:
        return self._company.owners.get(intent or "")

    def waiting_for(self, turn: Turn, memory: Memory, case: OpenCase) -> Reply:
        """Tell how a case stands and offer to hurry it; who is angry, or asks again, is not asked.

        Nor is who asks for a person: theirs hears of it, and the front office says who has the case.
        """
        before = turn.memory.offer
        wanted = _wants_somebody(turn)
        if turn.memory.known.get(_HURRIED) == case.code and not wanted:
            return self._hurried_already(turn, memory, case)
        if is_upset(turn.text) or turn.text.count("!") > 2 or (before is not None and before.intent == WAITING):
            return self.hurry(turn, memory, case)
        if wanted:
            return self._bring_in(turn, memory, case)
        sorry = self._replies.speech.phrase("case_sorry_wait", turn)
        text = f"{sorry} {self._replies.speech.inner(self._cases.tell(case, turn))}"
        department = self._replies.speech.department(case.with_department, turn)
        text = f"{text}\n{self._replies.speech.phrase('offer_hurry', turn, department=department)}"
        return self._replies.offering(turn, memory, text, Offer(case.department, WAITING), asked=True)

    def _bring_in(self, turn: Turn, memory: Memory, case: OpenCase) -> Reply:
        return self._replies.hand(turn, memory, "ask_human", case.department)

    def _hurried_already(self, turn: Turn, memory: Memory, case: OpenCase) -> Reply:
        speech = self._replies.speech
        done = speech.phrase("already_hurried", turn, department=speech.department(case.with_department, turn))
        sorry, told = speech.phrase("case_sorry_wait", turn), speech.inner(self._cases.tell(case, turn))
        return self._say(memory, case, f"{sorry} {done} {told}")

    def hurried(self, turn: Turn, memory: Memory) -> Reply | None:
        """Take the yes to the offer of hurrying a case."""
        case = self._meant(turn)
        return self.hurry(turn, memory, case) if case is not None else None

    def hurry(self, turn: Turn, memory: Memory, case: OpenCase) -> Reply:
        """Raise a case and tell its people that the customer waits."""
        handoff = replace(self.handoff(turn, case, "Khách giục"), reason=WAITING, priority=Priority.HIGH)
        department = self._replies.speech.department(case.with_department, turn)
        opening = self._replies.speech.phrase("case_hurried", turn, code=case.code, department=department)
        noted = replace(memory, known={**memory.known, _HURRIED: case.code})
        return self._replies.handed(noted, handoff, opening)

    def add(self, turn: Turn, memory: Memory, case: OpenCase) -> Reply:
        """Put a message into a case; the front office says so, and nothing has to be said before."""
        topic = turn.memory.topic
        own = topic if topic is not None and self._owner(topic) == case.department else "case_status"
        handoff = self._replies.handoffs.make(turn, own, department=case.department)
        sorry = self._replies.speech.phrase("opening_sorry", turn) if is_upset(turn.text) else ""
        return self._replies.handed(memory, handoff, sorry)

    def _pass_on(self, turn: Turn, memory: Memory, case: OpenCase, reason: str, told: str) -> Reply:
        handoff = replace(self.handoff(turn, case, told), reason=reason)
        department = self._replies.speech.department(case.with_department, turn)
        opening = self._replies.speech.phrase(reason, turn, code=case.code, department=department)
        return self._replies.handed(replace(memory, topic=None), handoff, opening)

    def handoff(self, turn: Turn, case: OpenCase, told: str) -> Handoff:
        """Return what is passed on about a case: what is told of it there, then what the customer said."""
        made = self._replies.handoffs.make(turn, "case_status", department=case.department)
        _, _, said = made.summary.partition(". ")
        return replace(made, summary=f"{told} phiếu {case.code}. {said}")

    def _say(self, memory: Memory, case: OpenCase, text: str) -> Reply:
        owner = case.department if case.department in self._company.departments else RECEPTION
        return Reply(memory, [text], outcomes=[answered_by(owner)])


def is_mere(turn: Turn) -> bool:
    """Tell whether a message is a courtesy, a yes or a no and nothing else: "bà già rồi đi không nổi" is no mere no."""
    text = turn.text
    short = len(line(text).split()) <= _MERE
    waved = short or _WAVED_OFF.search(line(text)) is not None
    return turn.understood.intent in _COURTEOUS and (waved or says_no(text) or says_yes(text) or says_thanks(text))


def _wants_somebody(turn: Turn) -> bool:
    return wants_person(turn.text) or calls_for_person(turn.text)


def _names_owner(turn: Turn, case: OpenCase) -> bool:
    name = line(case.owner_name or "").split()
    return bool(name) and name[-1] in line(turn.text).split()
