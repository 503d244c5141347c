"""A need that admins added: what it is called, who owns it, and what becomes of it.

It is learned once a model was trained with it. Retired, it teaches nothing any more and can be given to no message;
models that know it go on naming it, so its department goes on getting what it names.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.domain.company import Priority, Words
from bot.domain.errors import ForbiddenMove, Invalid
from bot.domain.knowledge import text_faults
from bot.domain.teaching import dataset
from bot.domain.teaching.labels import MAX_LABEL, checked_label, label_from
from bot.domain.text import clean, fold

MAX_NAME: Final = 40
"""Characters of a name: it stands on a button."""
_ODD: Final = re.compile(r"[^\w ,.()/&'’-]")
_FIRST: Final = re.compile(r"[^\w(]")
_ANYTHING_SAID: Final = re.compile(r"[^\W\d_]{2}")
_SUFFIXES: Final = range(2, 100)


class NeedState(StrEnum):
    """``active``: teaches and may be given to messages. ``retired``: neither."""

    ACTIVE = "active"
    RETIRED = "retired"


@dataclass(frozen=True, kw_only=True)
class TaughtNeed:
    """A need as stored; what the bot answers lies with the other answers, under its intent. ``made_by`` is staff."""

    id: int
    intent: str
    department: str
    name: Words
    priority: Priority
    made_by: int
    made_at: datetime
    state: NeedState = NeedState.ACTIVE
    retired_at: datetime | None = None

    @property
    def active(self) -> bool:
        """Tell whether it teaches."""
        return self.state is NeedState.ACTIVE

    def retired(self, at: datetime) -> TaughtNeed:
        """Return it as retired; retiring it again changes nothing."""
        return replace(self, state=NeedState.RETIRED, retired_at=at) if self.active else self

    def changed(
        self, *, name: Words | None = None, department: str | None = None, priority: Priority | None = None
    ) -> TaughtNeed:
        """Return it with what is given. Raises ForbiddenMove where it was retired."""
        if not self.active:
            raise ForbiddenMove(f"need {self.intent} was retired")
        return replace(
            self,
            name=name or self.name,
            department=department or self.department,
            priority=priority or self.priority,
        )


def for_training(needs: Iterable[TaughtNeed]) -> list[dataset.Need]:
    """Return the needs that a dataset takes: the active ones, as the model sees them.

    What is answered is left out: it changes nothing in the model, and another wording must not ask for a training.
    """
    found = (one for one in needs if one.active)
    return sorted(dataset.Need(intent=one.intent, department=one.department, label_vi=one.name.vi) for one in found)


def checked_name(field: str, name: str, others: Iterable[str]) -> str:
    """Return what people call a need: it stands on a button, and is typed back by customers who see no buttons.

    ``others`` are the names that are taken.

    Raises:
        Invalid: it is empty, long, odd, or taken. The reason says in Vietnamese what to do.
    """
    words = " ".join(clean(name).split())
    if not _ANYTHING_SAID.search(words):
        raise Invalid(field, "Anh/chị đặt cho nhu cầu một tên bằng chữ, ví dụ “Gửi xe qua đêm”.")
    if len(words) > MAX_NAME:
        raise Invalid(field, f"Tên dài quá {MAX_NAME} ký tự, anh/chị rút gọn để vừa một nút bấm giúp.")
    if odd := _ODD.search(words) or _FIRST.match(words):
        raise Invalid(field, f"Tên có ký hiệu “{odd.group()}”, anh/chị bỏ ký hiệu đó giúp.")
    if words.casefold() in ("null", "true", "false", "none", "nan"):
        raise Invalid(field, f"“{words}” là từ máy dùng riêng, anh/chị đặt tên khác giúp.")
    for fault in text_faults(words, frozenset()):
        raise Invalid(field, f"Tên {fault}.")
    if fold(words) in {fold(one) for one in others}:
        raise Invalid(field, f"Đã có nhu cầu tên “{words}”. Anh/chị dùng nhu cầu đó hoặc đặt tên khác giúp.")
    return words


def intent_for(name_vi: str, wanted: str | None, taken: Container[str]) -> str:
    """Return the intent of a new need: the one that is wanted, else one made from its name.

    Raises:
        Invalid: the wanted one is no name or taken, or the name gives none. The reason says what to do.
    """
    if wanted is not None:
        if checked_label(wanted) in taken:
            raise Invalid("intent", f"Mã “{wanted}” đã có. Anh/chị để trống để hệ thống tự đặt giúp.")
        return wanted
    try:
        made = label_from(name_vi)
    except Invalid as failure:
        reason = f"Không đặt được mã từ tên này. {failure.reason} Anh/chị thêm chữ vào tên, hoặc tự đặt mã giúp."
        raise Invalid("name_vi", reason) from failure
    numbered = (f"{made[: MAX_LABEL - 4].rstrip('_')}_{number}" for number in _SUFFIXES)
    found = next((one for one in (made, *numbered) if one not in taken), None)
    if found is None:
        raise Invalid("intent", f"Mã “{made}” đã được dùng quá nhiều lần. Anh/chị tự đặt mã khác giúp.")
    return found


def checked_priority(priority: str) -> Priority:
    """Return the priority of this id. Raises Invalid."""
    try:
        return Priority(priority)
    except ValueError as failure:
        raise Invalid("priority", "Mức ưu tiên là normal, high hoặc urgent.") from failure
