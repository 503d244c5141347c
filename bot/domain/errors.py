"""Errors of the domain, named by what the caller must do; each carries a stable code that doors may show."""

from __future__ import annotations


class DomainError(Exception):
    """Base of every refusal by a rule. ``code`` is stable and may be shown; the text is for people in the logs."""

    code = "refused"


class ForbiddenMove(DomainError):
    """A state machine was asked for a move that its present state does not allow; read the state again."""

    code = "forbidden_move"


class AlreadyTaken(DomainError):
    """Somebody else was faster. ``winner`` is the staff member's id, or ``None`` where nobody holds it now.

    ``explanation`` says in Vietnamese what they did, where it was something else than to take the case.
    """

    code = "already_taken"

    def __init__(self, winner: int | None, explanation: str = "") -> None:
        super().__init__(f"taken by staff member {winner}")
        self.winner = winner
        self.explanation = explanation


class NotSeen(DomainError):
    """The customer has written since the caller looked; look again first."""

    code = "not_seen"


class NotPermitted(DomainError):
    """The staff member may not do this; do not retry."""

    code = "not_permitted"


class Unknown(DomainError):
    """Nothing is stored under this name, or the caller may not know that there is."""

    code = "unknown"


class Invalid(DomainError):
    """What was given cannot be accepted; ``field`` names the offending part."""

    code = "invalid"

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}")
        self.field = field
        self.reason = reason


class HeldByGuard(DomainError):
    """The sentence sends the customer away; it needs a route before it may go out. ``explanation`` is in Vietnamese."""

    code = "held_by_guard"

    def __init__(self, explanation: str, matched: str) -> None:
        super().__init__(matched)
        self.explanation = explanation
        self.matched = matched
