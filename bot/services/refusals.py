"""Refusals that say in Vietnamese what stands in the way, where the general words for their kind would not help."""

from __future__ import annotations

from bot.domain.errors import ForbiddenMove, NotPermitted


class NotNow(ForbiddenMove):
    """The move is not possible as things stand. ``explanation`` is for the person who tried."""

    def __init__(self, explanation: str) -> None:
        super().__init__(explanation)
        self.explanation = explanation


class NotYours(NotPermitted):
    """The move belongs to somebody else. ``explanation`` says to whom."""

    def __init__(self, explanation: str) -> None:
        super().__init__(explanation)
        self.explanation = explanation


class ClosedThen(NotNow):
    """A date falls due while its department is closed; say so explicitly to promise it all the same."""

    code = "closed_then"


class OpenWork(NotNow):
    """Something of the case still waits and would be lost; say so explicitly to let it go."""

    code = "open_work"


class Unanswered(NotNow):
    """The customer of the case has no answer, and may have been asked for time; say so explicitly to end it so."""

    code = "unanswered"
