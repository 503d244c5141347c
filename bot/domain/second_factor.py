"""The second factor of a login: a shared secret, and codes of which none counts twice."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, kw_only=True)
class SecondFactor:
    """What is kept of a person's authenticator application.

    ``confirmed`` once a first code proved that the secret arrived; only then a login asks for one. ``last_step`` is the
    time step (RFC 6238, 30 seconds) of the last code that was accepted.
    """

    secret: str
    confirmed: bool = False
    last_step: int = 0

    def used(self, step: int) -> SecondFactor | None:
        """Return it after a code of this step, or None where that code, or a later one, was used before."""
        return None if step <= self.last_step else replace(self, last_step=step, confirmed=True)
