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
from bot.domain.text import clean, fold

_EMERGENCY: Final = "emergency"
_GONE: Final = "payment_problem"
"""The need of whoever misses money and does not say that it was sent."""
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
_HELP: Final = re.compile(r"\b(?:cuu (?:toi|tui|em|minh|anh|chi|con|nguoi|voi|mang)|(?:giup|cuu) (?:\w+ )?voi|help)\b")
_MATTER: Final = re.compile(
    r"\b(?:tien|luong|don|hang|giao|chuyen khoan|ck|hoan|coc|bao hanh|hoa don|tu (?:lanh|dong|mat)|"
    r"may (?:giat|lanh|tinh|say|loc|rua)|ti ?vi|noi|quat|dien thoai|laptop|money|refund|order|parcel|package|"
    r"delivery)\b"
)
_MONEY_GONE: Final = re.compile(
    r"\b(?:(?:tien|coc|luong)(?: \w+){0,4} (?:dau|mat)|mat tien|tru tien|chuyen (?:khoan|tien)|hoan tien|"
    r"tra (?:lai )?tien|where (?:is|s) my (?:money|refund))\b"
)
_MINE: Final = r"(?:toi|tui|tao|minh|em|anh|chi|co|chu|bac|ong|ba|con|chau|e|a|c|t)"
_ADDRESS: Final = r"(?:oi|shop|ad|admin|em|anh|chi|e|a|c)"
_WHERE_IS_IT: Final = re.compile(
    rf"(?:(?:{_ADDRESS}|alo|troi|gioi|dat|ui|ua|nay|the|vay|sao|ma|con|da|cho hoi) )*"
    rf"(?:tien+(?: (?:cua )?{_MINE}(?: (?:o|di|bien|chay))?)? (?:mat )?dau+"
    rf"(?: (?:{_ADDRESS}|roi|het|mat|vay|z|the|ha+|h|nhi|the nay|ta|a))*|"
    r"where (?:the hell |on earth )?(?:is|s) my money(?: gone| now| please)?)"
)
"""A whole message, and no word of which money it is: "tiền cọc ở đâu" says that, and is a question."""
_OF_OTHER_WORDS: Final = re.compile(r"\b(?:dầu|dâu|đầu|đậu|dấu|đấu)\b")
"""As which "đâu" (where) looks without its marks: "tiền dầu" is for oil."""
_SENT: Final = re.compile(r"\b(?:chuyen|ck|sent|transfer\w*)\b")
_HOUSE: Final = re.compile(
    r"\b(?:shop|ben (?:em|nay|anh|ban|may)|(?:may|cac|tui|bon|lu) (?:nguoi|anh|may|bay)|cong ty|cty|"
    r"cua hang|nhan vien)\b"
)
_MILD: Final = frozenset({"small_talk", "out_of_scope", "praise", "capabilities"})
"""As what a model may take anger that is said in everyday words."""
_SURE_SHARE: Final = 0.7
"""Of what an alarm leaves of the confidence; see `actions.courtesy`."""
_SOME_WORDS: Final = 3
_FEW_WORDS: Final = 12


def unalarmed(understood: Understanding, text: str) -> Understanding:
    """Return the understanding without an emergency, where money, an order or a thing is cried for and no danger named.

    Money that is gone goes to those who can look for it, and what is likely without the alarm is served. A danger from
    which somebody cries for help is sure.
    """
    names = {understood.intent, *understood.candidates, *(name for name, _ in understood.ranking)}
    flat = fold(text)
    peril = is_danger(text) or _PERIL.search(flat) is not None
    if peril and understood.intent == _EMERGENCY and _HELP.search(flat):
        # Nobody in danger who cries for help is asked what they mean.
        return replace(understood, decision=Decision.ANSWER)
    if _EMERGENCY not in names or peril or not _MATTER.search(flat):
        return understood
    ranking = tuple(one for one in understood.ranking if one[0] != _EMERGENCY)
    calm = replace(understood, ranking=ranking, candidates=tuple(n for n in understood.candidates if n != _EMERGENCY))
    if understood.intent != _EMERGENCY:
        left = 1.0 - dict(understood.ranking).get(_EMERGENCY, 0.0)
        asked = understood.decision is Decision.ASK and _EMERGENCY in understood.candidates
        sure = asked and understood.confidence >= _SURE_SHARE * left
        return replace(calm, decision=Decision.ANSWER) if sure else calm
    if _MONEY_GONE.search(flat):
        gone = "transfer_problem" if _SENT.search(flat) else _GONE
        return replace(calm, intent=gone, decision=Decision.ANSWER)
    options = calm.options()
    decision = Decision.ASK if options else Decision.HAND_OFF
    return replace(calm, intent=options[0] if options else "", confidence=0.0, decision=decision)


def misses_money(text: str) -> bool:
    """Tell whether the whole message asks where one's own money is: "TIỀN CỦA TÔI ĐÂU"."""
    flat = line(text)
    whole = len(flat.split()) <= _FEW_WORDS and _WHERE_IS_IT.fullmatch(flat) is not None
    return whole and _OF_OTHER_WORDS.search(clean(text).lower()) is None


def penniless(understood: Understanding, text: str) -> Understanding:
    """Return a cry for money that says nothing else as trouble with it, whatever a model makes of it."""
    return replace(understood, intent=_GONE, decision=Decision.ANSWER) if misses_money(text) else understood


def raging(understood: Understanding, text: str) -> Understanding:
    """Return an insult that accuses the house as a complaint, and anger that names it; others stay as they are."""
    accuses = is_upset(text) and len(line(text).split()) >= _SOME_WORDS
    rude = understood.intent == "insult" or (understood.intent in _MILD and _HOUSE.search(fold(text)) is not None)
    if not rude or not accuses or hinted(text) not in {None, "complaint_service"}:
        return understood
    return replace(understood, intent="complaint_service", decision=Decision.ANSWER)


def scowls(text: str) -> bool:
    """Tell whether a message without a word is an angry face."""
    return re.search(r"\w", text) is None and mood_of([text]).mood is Mood.ANGRY
