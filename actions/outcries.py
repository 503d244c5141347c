"""Cries that a model of whole sentences takes for something else: an alarm without a danger, anger without a need.

"TRỜI ƠI tiền của tôi đâu giúp tôi ngay!!!" sounds like an emergency and is about money; "đm làm ăn như cc" sounds like
an insult and is a complaint that somebody has to hear.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from actions.handoffs import hinted
from actions.lexicon import is_danger, is_upset, line
from actions.understanding import Decision, Understanding
from bot.domain.moods import Mood, mood_of
from bot.domain.text import fold

_EMERGENCY: Final = "emergency"
# Generous: whatever may be a danger leaves the alarm as it is.
_PERIL: Final = re.compile(
    r"\b(?:chay|khoi|khet|lua(?! dao| gat| doi| khach| dam)|gas|ngat|xiu|bat tinh|cap cuu|cuu hoa|cuu thuong|"
    r"dien giat|(?<!may )giat|chap|ket|thang (?:may|cuon)|no (?:binh|tung|to|lon|pin|luon)|"
    r"ro (?:ri|dien)|chay mau|mau me|nga|bi te|te (?:cau|tu|xuong)|(?:bi|chan) thuong|(?:do )?de (?:len|trung|nguoi)|"
    r"roi (?:trung|tu|xuong)|ambulance|nuot|"
    r"kho tho|dau nguc|cuop|trom|sap|bom|ngap|danh (?:nhau|nguoi|toi)|bi danh|hanh hung|dam|chem|cam dao|ma tau|sung|"
    r"bat coc|nhot|bi lac|giu nguoi|de doa|sam so|co giat|dot quy|tai nan|tu tu|chet nguoi|sap chet|nguy hiem|"
    r"11[345]|fire|smok\w+|burn\w*|spark\w*|explo\w+|hurt|injur\w+|bleed\w*|faint\w*|unconscious|breath\w*|stuck|"
    r"trapped|shock\w*|collaps\w+|fell|attack\w*|knife|gun|flood\w*|dying|danger\w*)\b"
)
_MATTER: Final = re.compile(
    r"\b(?:tien|luong|don|hang|giao|chuyen khoan|ck|hoan|coc|bao hanh|hoa don|tu (?:lanh|dong|mat)|"
    r"may (?:giat|lanh|tinh|say|loc|rua)|ti ?vi|noi|quat|dien thoai|laptop|money|refund|order|parcel|package|"
    r"delivery)\b"
)
_MONEY_GONE: Final = re.compile(
    r"\b(?:(?:tien|coc|luong)(?: \w+){0,4} (?:dau|mat)|mat tien|tru tien|chuyen (?:khoan|tien)|hoan tien|"
    r"tra (?:lai )?tien|where (?:is|s) my (?:money|refund))\b"
)
_OF_MONEY: Final = ("transfer_problem", "payment_problem", "refund_status")
_SOME_WORDS: Final = 3


def unalarmed(understood: Understanding, text: str) -> Understanding:
    """Return the understanding without an emergency, where money, an order or a thing is cried for and no danger named.

    Money that is gone goes to those who can look for it; of the rest the engine's next best guess is left to ask.
    """
    names = {understood.intent, *understood.candidates, *(name for name, _ in understood.ranking)}
    flat = fold(text)
    if _EMERGENCY not in names or is_danger(text) or _PERIL.search(flat) or not _MATTER.search(flat):
        return understood
    ranking = tuple(one for one in understood.ranking if one[0] != _EMERGENCY)
    calm = replace(understood, ranking=ranking, candidates=tuple(n for n in understood.candidates if n != _EMERGENCY))
    if understood.intent != _EMERGENCY:
        return calm
    if _MONEY_GONE.search(flat):
        likeliest = next((name for name, _ in ranking if name in _OF_MONEY), _OF_MONEY[0])
        return replace(calm, intent=likeliest, decision=Decision.ANSWER)
    options = calm.options()
    first = options[0] if options else ""
    decision = Decision.ASK if options else Decision.HAND_OFF
    return replace(calm, intent=first, confidence=dict(ranking).get(first, 0.0), decision=decision)


def raging(understood: Understanding, text: str) -> Understanding:
    """Return an insult that accuses the house as a complaint; one that says nothing of the house stays what it is."""
    accuses = is_upset(text) and len(line(text).split()) >= _SOME_WORDS
    if understood.intent != "insult" or not accuses or hinted(text) not in {None, "complaint_service"}:
        return understood
    return replace(understood, intent="complaint_service", decision=Decision.ANSWER)


def scowls(text: str) -> bool:
    """Tell whether a message without a word is an angry face."""
    return re.search(r"\w", text) is None and mood_of([text]).mood is Mood.ANGRY
