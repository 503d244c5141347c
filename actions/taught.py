"""The dialogue with what admins added at the console, taken over while it runs.

The front office writes one file from its database. A look at that file's name costs a microsecond, so every turn looks;
a file that has changed is read, and one that cannot be used is told once and counts as nothing: the base answers.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from actions.dialogue import Dialogue
from actions.plan import COMMON, PLANS, SHIPPED, Plan, Plans, Way
from bot.adapters.company import KnowledgeFaults, read_additions
from bot.domain.company import Company
from bot.domain.knowledge import Additions, Knowledge

_log = logging.getLogger(__name__)
_Mark = tuple[int, int, int]
_NOWHERE: Final[_Mark] = (0, 0, 0)


class Taught:
    """Gives the dialogue of the moment."""

    def __init__(self, company: Company, base: Knowledge, file: Path | None = None) -> None:
        self._company = company
        self._base = base
        self._file = file
        self._seen = _NOWHERE
        self._dialogue = Dialogue(company, base)

    def __call__(self) -> Dialogue:
        """Return the dialogue with what the file adds now."""
        mark = self._mark()
        if mark != self._seen:
            self._seen = mark
            self._take(self._read())
        return self._dialogue

    def _mark(self) -> _Mark:
        """Return what changes whenever the file is replaced."""
        if self._file is None:
            return _NOWHERE
        try:
            found = self._file.stat()
        except OSError:
            return _NOWHERE
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _read(self) -> Additions:
        if self._file is None:
            return Additions()
        try:
            return read_additions(self._file, self._base.answers, COMMON)
        except KnowledgeFaults as faults:
            _log.error("what was added is left out: %s", str(faults).replace("\n", "; "))
            return Additions()

    def _take(self, added: Additions) -> None:
        owners = {
            active: {intent: one.department for intent, one in added.needs.items() if one.active is active}
            for active in (True, False)
        }
        self._company.learn(owners[True], owners[False])
        # A need of the developers goes before an added one of the same name.
        own = {intent: one for intent, one in added.needs.items() if intent not in PLANS}
        known = replace(added, needs=own)
        self._dialogue = Dialogue(self._company, self._base.with_additions(known), plans_of(known))
        _log.info("took over %d added needs and %d edited answers", len(own), len(added.answers))


def plans_of(added: Additions) -> Plans:
    """Return how every need is served, the added ones included.

    An added need with an answer is answered, with an offer of its department; whoever asks again gets a person. One
    without an answer in the customer's language, or one that was retired, goes to its department at once.
    """
    if not added.needs:
        return SHIPPED
    return Plans(*(_plans_in(language, added) for language in ("vi", "en")))


def _plans_in(language: str, added: Additions) -> Mapping[str, Plan]:
    plans = dict(PLANS)
    for intent, need in added.needs.items():
        answer = added.answers.get(intent)
        said = answer is not None and bool(getattr(answer, language))
        way = Way.ANSWER_THEN_OFFER if said and need.active else Way.HANDOFF
        plans[intent] = Plan(way, need.priority)
    return plans
