"""A department asked for by its name: "cho gặp kế toán", "ok cho e gặp nv tín dụng đi", "connect me to accounting"."""

from __future__ import annotations

import re
from typing import Final

from actions.handoffs import ALIASES
from actions.lexicon import line
from actions.plan import SMALL
from actions.turn import Turn
from bot.domain.company import Company

_VERBS: Final = (
    r"nham(?: roi)?|gap|ket noi(?: may)?|noi may|noi|noi chuyen|lien he|chuyen may|chuyen|goi giup|"
    r"talk (?:to|with)|speak (?:to|with)|connect|transfer|put me through|get me"
)
_BETWEEN: Final = (
    r"cho|qua|sang|toi|den|voi|duoc|may|giup|gium|dum|truc tiep|em|anh|chi|e|a|c|minh|co|bac|chu|phong|bo phan|ban|"
    r"ben|nv|nvien|nhan vien|nguoi|mot|ai do|cua|me|us|to|with|your|the|an|someone|somebody|in|from|department|team"
)
_AFTER: Final = (
    r"di|nha|nhe|nhen|a|ak|voi|em|anh|chi|e|c|co|bac|shop|oi|ngay|luon|gap|duoc|khong|ko|k|dc|giup|gium|dum|cho|toi|"
    r"minh|them|nua|cai|chut|ti|vay|roi|please|now|department|team|thanks|cam on|bay gio"
)
# Names that mean a department only in such a request.
_ONLY_ASKED: Final = (
    ("it", r"(?<=phong )it|(?<=phan )it|(?<=ben )it|(?<=nv )it|(?<=vien )it|ky thuat|cntt"),
    ("warehouse", r"(?<=nv )kho"),
    ("hr", r"(?<=phong )ns"),
)
_PERSON: Final = SMALL | {"ask_human", "meet_person", "contact_info", "callback"}
"""Needs that leave open whom the customer wants, so that more words may follow the name of the department."""


class Desks:
    """Recognises who is asked for."""

    def __init__(self, company: Company) -> None:
        labels = tuple(
            (department.id, "|".join(re.escape(line(name)) for name in (department.label_vi, department.label_en)))
            for department in company.departments.values()
            # "IT" is also how "ít" looks without its mark.
            if min(len(line(department.label_vi)), len(line(department.label_en))) > 2
        )
        known = [one for one in (*labels, *_ONLY_ASKED, *ALIASES) if one[0] in company.departments]
        self._ids = tuple(name for name, _ in known)
        names = "|".join(rf"(?P<d{place}>{pattern})" for place, (_, pattern) in enumerate(known))
        self._asked = re.compile(
            rf"\b(?:{_VERBS})(?: (?:{_BETWEEN})){{0,8}}? (?:{names})(?P<rest>(?: (?:{_AFTER}))*$)?(?!\w)"
        )

    def asked_for(self, turn: Turn) -> str | None:
        """Return the department that the customer wants to talk to.

        "Tôi gặp nhân viên thu ngân, thái độ rất tệ" asks for nobody, so a need of its own needs the name at its end.
        """
        match = self._asked.search(line(turn.text))
        if match is None:
            return None
        open_to_anybody = turn.understood.intent in _PERSON or not turn.understood.intent
        if match.group("rest") is None and not open_to_anybody:
            return None
        place = next(place for place in range(len(self._ids)) if match.group(f"d{place}") is not None)
        return self._ids[place]
