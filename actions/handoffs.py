"""Making a handoff: which department, how urgent, and what the person who takes it will read first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from actions.details import details_of
from actions.lexicon import higher, is_upset, line, priority_of, says_yes
from actions.memory import quote
from actions.plan import Plan, Way
from actions.reply import Handoff
from actions.speech import Speech
from actions.turn import Turn
from bot.domain.company import MANAGEMENT, Company, Priority
from bot.domain.text import fold

_LABELS: Final = {
    "customer_name": "tên khách",
    "phone": "SĐT",
    "email": "email",
    "order": "mã đơn",
    "money": "số tiền",
    "when": "thời gian",
    "person": "người cần gặp",
    "address": "địa chỉ",
    "product": "sản phẩm",
    "tax_code": "mã số thuế",
    "purpose": "việc cần",
    "what": "sự việc",
    "call_time": "giờ nghe máy",
    "also": "việc khác",
    "likely": "có thể là",
}
"""How staff read the particulars of a case."""

_SHORTEST_NAME: Final = 3
_MOST_OTHERS: Final = 2
_PART_OF: Final[Mapping[str, frozenset[str]]] = {
    "invoice_correction": frozenset({"invoice_request"}),
    "delivery_missing": frozenset({"return_exchange"}),
    "order_change": frozenset({"return_exchange"}),
    "return_exchange": frozenset({"refund_status"}),
    "complaint_product": frozenset({"refund_status", "return_exchange"}),
    "payment_problem": frozenset({"refund_status"}),
}
"""Needs whose words are in every message about another: an invoice that is wrong has been issued."""
_QUIET: Final = frozenset({"opening_neutral", "opening_trouble", "opening_hardship", "opening_thanks"})
"""Openings that would be said again and again while a customer adds to a case that is open."""
# Other names of departments that people use when they ask for a person; folded.
ALIASES: Final = (
    ("customer_relations", r"cskh|cham soc(?: khach hang)?|khieu nai|customer (?:care|service|relations)"),
    ("sales", r"ban hang|sale|sales|kinh doanh"),
    ("teller", r"giao dich vien|quay giao dich|teller"),
    ("credit", r"tin dung|tra gop|phong vay|credit"),
    ("cashier", r"thu ngan|cashier"),
    ("office_services", r"hanh chinh|van phong|office services"),
    ("accounting", r"ke toan|accountant|accounting"),
    ("it", r"(?:phong|bo phan|ben|nhan vien) it|cong nghe thong tin|tech support"),
    ("facilities", r"co so vat chat|bao ve|bao tri|toa nha|facilities|security"),
    ("warehouse", r"(?:ben|phong|nhan vien|thu) kho|kho hang|kho van|giao nhan|warehouse"),
    ("development", r"phat trien|lap trinh|developers?"),
    ("research", r"nghien cuu|research"),
    ("hr", r"nhan su|tuyen dung|hr|human resources"),
    (MANAGEMENT, r"quan ly|giam doc|sep|lanh dao|cua hang truong|manager|director|boss"),
    ("reception", r"le tan|reception"),
)
_ALIAS: Final = re.compile("|".join(rf"(?P<{name}>\b(?:{pattern})\b)" for name, pattern in ALIASES))

# A second need in one message is believed only with a joining word and a word that hardly belongs to anything else.
_JOIN: Final = re.compile(
    r"\b(?:roi|va|voi lai|luon tien|tien the|san tien|san|ngoai ra|dong thoi|nhan tien|luon|sau do|them nua|con "
    r"nua|and|also|then|plus)\b|[,;.?]"
)
HINTS: Final = (
    ("invoice_request", r"xuat (?:hoa don|hd|vat)|hoa don do|hoa don vat|vat invoice|an invoice"),
    (
        "return_exchange",
        r"doi hang|tra hang|doi tra|doi (?:cai|size|mau|may) khac|doi (?:cai|con|chiec|bo) (?!hen|lich|gio|ten|pin|don|"
        r"hoa don|dia chi|mat khau)|tra (?:lai )?(?:cai|con|chiec|bo) |(?:exchange|return) (?:it|this|these|my \w+)",
    ),
    ("warranty", r"bao hanh|warranty"),
    ("installation", r"lap dat|lap may|hen tho|installation"),
    ("product_price", r"gia (?:bao nhieu|the nao|sao|ca)|bao nhieu tien|how much (?:is|are) (?:a|an|the|this)"),
    ("delivery_fee", r"phi (?:ship|giao)|tien ship|giao (?:\w+ ){1,4}phi|delivery fee"),
    (
        "delivery_missing",
        r"giao (?:hang )?(?:thieu|nham|sai (?:hang|mau|mon|loai|size|don|dia chi))|"
        r"giao (?:\w+ ){0,3}thieu (?:mat )?(?:\d+|mot|hai|ba|vai|mat) (?:cai|mon|bo|chiec|thung|san pham)|"
        r"(?:delivered|received|got) the wrong|missing (?:item|part)s?",
    ),
    ("order_status", r"don (?:hang )?(?:cua \w+ )?toi dau|where is my order"),
    ("opening_hours", r"may gio (?:\w+ )?(?:mo|dong)|mo cua|dong cua|gio lam viec|opening hours"),
    ("address", r"dia chi (?:shop|cua hang|ben|o dau)|o cho nao|duong nao|what is your address"),
    ("parking", r"gui xe|dau xe|cho de xe|parking"),
    ("loan_info", r"co (?:duoc )?tra gop|tra gop (?:duoc|khong|ko|k|sao)|lai suat|in instal?lments?"),
    ("promotion", r"khuyen mai|uu dai|promotion"),
    ("card_lost", r"mat the|khoa the|lost my card|block my card"),
    ("payment_problem", r"tru tien (?:\w+ )?(?:hai|2|may) lan|(?:charged|paid)(?: \w+){0,2} twice"),
    ("refund_status", r"hoan tien|refund"),
    ("job_apply", r"tuyen dung|ung tuyen|xin viec"),
    ("loyalty", r"tich diem|doi diem|diem thuong"),
    ("callback", r"goi lai cho|call me back"),
    (
        "complaint_service",
        r"thai do (?:phuc vu|nhan vien)|"
        r"nhan vien (?:\w+ ){0,3}(?:bat lich su|cau gat|mat day|vo le|lao|hach dich|tho lo)|"
        r"(?:staff|cashier|clerk|guard) (?:\w+ ){0,4}rude",
    ),
    ("lost_property", r"de quen (?:cai |chiec )?(?:o|du|vi|dien thoai|tui|mu|ao)"),
)
_HINT: Final = tuple((intent, re.compile(rf"\b(?:{pattern})\b")) for intent, pattern in HINTS)


def department_in(turn: Turn, company: Company) -> str | None:
    """Return the department that a message asks for by name, if this company has it."""
    folded = line(turn.text)
    for department in company.departments.values():
        names = (line(department.label_vi), line(department.label_en))
        # "IT" is also how "ít" looks without its mark.
        if any(len(name) > _SHORTEST_NAME and re.search(rf"\b{re.escape(name)}\b", folded) for name in names):
            return department.id
    found = (entity.get("value") for entity in turn.understood.entities if entity.get("entity") == "department")
    named = next((value for value in found if isinstance(value, str) and value in company.departments), None)
    if named is not None:
        return named
    match = _ALIAS.search(folded)
    return match.lastgroup if match is not None and match.lastgroup in company.departments else None


def hinted(text: str) -> str | None:
    """Return the need of a word that hardly belongs to anything else, the first in the message."""
    found = _found(fold(text))
    return found[0] if found else None


def other_needs(text: str, intent: str) -> tuple[str, ...]:
    """Return the needs that the message names beside the first, in its order: "đổi hàng rồi xuất hoá đơn luôn"."""
    folded = fold(text)
    if _JOIN.search(folded.strip(" .?!")) is None:
        return ()
    part = _PART_OF.get(intent, frozenset[str]())
    return tuple(name for name in _found(folded) if name != intent and name not in part)[:_MOST_OTHERS]


def _found(folded: str) -> list[str]:
    places = ((match.start(), name) for name, pattern in _HINT if (match := pattern.search(folded)) is not None)
    return [name for _, name in sorted(places)]


class Handoffs:
    """Builds handoffs in the company's words."""

    def __init__(self, speech: Speech) -> None:
        self._speech = speech

    def make(
        self,
        turn: Turn,
        reason: str,
        *,
        department: str | None = None,
        said_before: str = "",
        values: Mapping[str, str] | None = None,
        also: str | None = None,
    ) -> Handoff:
        """Return the handoff of a need; `said_before` is the message that a question or an offer interrupted.

        A mere "yes" to that offer is not worth a word in the summary.
        """
        given = dict(values or {})
        plain = {**details_of(said_before, ()).found, **turn.details.found}
        if turn.customer_name is not None:
            plain["customer_name"] = turn.customer_name
        collected = {**{kind: value for kind, value in plain.items() if value not in given.values()}, **given}
        if also is not None:
            collected["also"] = self._speech.knowledge.need(also)
        accepts = says_yes(turn.text) or line(turn.text) == line(self._speech.meet(department or "", turn))
        owner = department or self._speech.company.department_for(reason).id
        return Handoff(
            department=owner,
            reason=reason,
            summary=self._summary(reason, (said_before, "" if said_before and accepts else turn.text), collected),
            priority=priority_for(turn, reason, said_before),
            collected=collected,
            address={"you": turn.voice.address, "me": turn.voice.self_name},
        )

    def opening(self, turn: Turn, reason: str, said_before: str = "", department: str | None = None) -> str:
        """Return the sentence that meets the customer's mood before the front office names number and department.

        Nothing where that only adds to a case that is open with this department: the front office says all there is.
        """
        plan = turn.plans.get(reason, Plan(Way.HANDOFF))
        name = plan.opening
        if (
            name in {"opening_neutral", "opening_trouble"}
            and priority_for(turn, reason, said_before) is Priority.URGENT
        ):
            name = "opening_urgent"
        elif name in {"opening_neutral", "opening_trouble"} and is_upset(turn.text):
            name = "opening_sorry"
        elif name == "opening_neutral" and priority_of(turn.text) is Priority.HIGH:
            name = "opening_soon"
        owner = department or self._speech.company.department_for(reason).id
        added = any(case.department == owner for case in turn.facts.waiting_cases)
        return "" if added and name in _QUIET else self._speech.phrase(name, turn)

    def _summary(self, reason: str, said: tuple[str, str], collected: Mapping[str, str]) -> str:
        words = " / ".join(dict.fromkeys(quote(text) for text in said if text.strip()))
        need = self._speech.knowledge.need(reason)
        # What the customer said is quoted already, so only what is not in those words follows.
        rest = [f"{_LABELS[key]}: {value}" for key, value in collected.items() if key in _LABELS and value not in words]
        return f"{need}. Khách viết: “{words}”." + (f" {'; '.join(rest)}." if rest else "")


def priority_for(turn: Turn, reason: str, said_before: str = "") -> Priority:
    """Return the priority: the need's own, raised by what the customer's words ask for."""
    plan = turn.plans.get(reason)
    own = plan.priority if plan is not None else Priority.NORMAL
    return higher(own, higher(priority_of(turn.text), priority_of(said_before)))
