"""How long whoever asks the store stays without an answer: at a door somebody waits, in a loop nobody does."""

from __future__ import annotations

from contextvars import ContextVar

AT_A_DOOR = 12.0
"""Seconds for one question of a door: a little more than a lock is waited for, so that the store itself may say no, and
well below the 20 seconds for which our pages wait for an answer."""

AT_WORK = 20.0
"""Seconds for one question of everything else: more than the store allows any statement, so that none is cut off."""

patience: ContextVar[float] = ContextVar("patience", default=AT_WORK)
"""Seconds after which a store that says nothing counts as gone."""
