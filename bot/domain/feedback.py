"""What the customer thought of it: asked once after a case is resolved, 1 to 5 and a few words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.company import Company
from bot.domain.copies import altered
from bot.domain.errors import ForbiddenMove, Invalid
from bot.domain.text import clean

LOWEST = 1
HIGHEST = 5
WORDS_MAX = 1_000

FOLLOW_UP = "low_rating"
"""Reason of the case that a low score opens; nobody is asked for a score of that one."""


@dataclass(frozen=True, kw_only=True)
class Rating:
    """The one question about a case and its answer. ``score`` is 1 (bad) to 5 (very good), ``None`` before it is given.

    ``follow_up_case_id`` is the case that a low score opened for customer relations.
    """

    id: int
    case_id: int
    asked_at: datetime
    score: int | None = None
    words: str = ""
    rated_at: datetime | None = None
    follow_up_case_id: int | None = None

    def rated(self, score: int, words: str, at: datetime) -> Rating:
        """Return the rating with its score.

        Raises:
            ForbiddenMove: it has one; the first answer counts, so that nobody talks a customer into another.
            Invalid: the score is not 1 to 5.
        """
        if self.score is not None:
            raise ForbiddenMove(f"rating {self.id} is given")
        if not LOWEST <= score <= HIGHEST:
            raise Invalid("score", "Điểm phải từ 1 đến 5.")
        return altered(self, score=score, words=clean(words)[:WORDS_MAX], rated_at=at)

    def followed_up(self, case_id: int) -> Rating:
        """Return the rating with the case that looks after this customer. Raises ForbiddenMove for a second one."""
        if self.score is None or self.follow_up_case_id is not None:
            raise ForbiddenMove(f"rating {self.id} is not followed up now")
        return altered(self, follow_up_case_id=case_id)


def low(score: int, company: Company) -> bool:
    """Tell whether a score opens a follow-up case for customer relations."""
    return score <= company.feedback.low
