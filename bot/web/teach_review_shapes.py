"""The JSON shapes of reviewing beyond a plain label: marks, several needs in one message, who said what, consent."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import Field, StringConstraints

from bot.web.endpoint import Body, Given

Label = Annotated[str, StringConstraints(max_length=60)]
Piece = Annotated[str, StringConstraints(max_length=4_000)]
Place = Annotated[int, Field(ge=0, le=4_000)]


class MarkIn(Body):
    """A part of a text that names something: code points of the masked text as it was shown, ``end`` behind it.

    A part of a covered place, ``‹số điện thoại›`` say, stands for all of it.
    """

    start: Place
    end: Place
    entity: Label


class MarkOut(Given):
    """A marked part of an example's text, in code points; ``end`` is behind it."""

    start: int
    end: int
    entity: str


Marks = Annotated[tuple[MarkIn, ...], Field(max_length=20)]


class PartIn(Body):
    """One need of a message that has several: ``text`` is a piece of the masked text as it was shown.

    ``entities`` count within the piece. ``label`` may be ``not_a_need``.
    """

    text: Piece
    label: Label
    entities: Marks = ()


class SplitIn(Body):
    """The pieces of a message, each with its need, in the order of the text; what is in none teaches nothing."""

    parts: Annotated[tuple[PartIn, ...], Field(min_length=1, max_length=4)]


class SaidOut(Given):
    """Who said what of a text: a label, or ``None`` where it was skipped.

    ``by`` is a staff member's name, which others may have as well; where the developers' files say so it is empty, and
    ``by_id`` and ``at`` are ``None``.
    ``example_id`` is what `DELETE /api/teach/examples/{id}` takes, ``message_id`` what ``undo`` takes.
    """

    label: str | None
    by: str
    by_id: int | None
    at: datetime | None
    message_id: int | None
    example_id: int | None


class ConflictOut(Given):
    """The body of a 409 where somebody said something else of the same text; ``error`` is ``conflict``."""

    error: str
    message: str
    said: list[SaidOut]


class WrongNeedIn(Body):
    """The need that it would have been, where the person knows."""

    intent: Label | None = None


class WrongNeedOut(Given):
    """Whether somebody said that the bot misread what opened a case; ``by`` and ``at`` say who and when."""

    code: str
    wrong_need: bool
    intent: str | None
    by: str | None
    at: datetime | None


class ConsentOut(Given):
    """Whether a customer's words may teach. ``examples`` is how many were withdrawn by this call."""

    customer_id: int
    withdrawn: bool
    at: datetime | None
    examples: int
