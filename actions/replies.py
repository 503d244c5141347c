"""The few shapes a reply can have, in the company's words: an answer, an answer with an offer, a handoff."""

from __future__ import annotations

from dataclasses import replace

from actions import times
from actions.handoffs import Handoffs
from actions.memory import Memory, Offer, quote
from actions.reply import Handoff, Reply, answered_by
from actions.speech import Speech
from actions.turn import Turn


class Replies:
    """Builds replies; knows nothing of when to give which."""

    def __init__(self, speech: Speech, handoffs: Handoffs) -> None:
        self.speech = speech
        self.handoffs = handoffs

    def answer(self, memory: Memory, text: str, intent: str) -> Reply:
        """Return an answer that settles a need; its owner is told to the front office."""
        return Reply(memory, [text], outcomes=[answered_by(self.speech.company.department_for(intent).id)])

    def offering(self, turn: Turn, memory: Memory, text: str, offer: Offer, *, asked: bool = False) -> Reply:
        """Return an answer with an offer behind it; `asked` when the text already ends in the question.

        Where the department has a case of this customer already, nobody needs to be offered.
        """
        if not asked and any(case.department == offer.department for case in turn.facts.waiting_cases):
            return Reply(memory, [text], outcomes=[answered_by(offer.department)])
        if not asked:
            text = f"{text}\n{self._offer(turn, offer.department)}"
        said = quote(" / ".join(filter(None, (offer.text, turn.text))))
        return Reply(
            replace(memory, offer=replace(offer, text=said)),
            [text],
            [self._accept(turn, offer), self.speech.phrase("no_thanks", turn)],
            [answered_by(offer.department)],
        )

    def _accept(self, turn: Turn, offer: Offer) -> str:
        waits = offer.intent == "complaint_waiting"
        return self.speech.phrase("hurry_them", turn) if waits else self.speech.meet(offer.department, turn)

    def _offer(self, turn: Turn, department: str) -> str:
        """Return the offer; one that cannot be kept at once says when it can."""
        label = self.speech.department(department, turn)
        desk = turn.facts.desks.get(department)
        if desk is None or desk.staffed or desk.opens_at is None:
            return self.speech.phrase("offer", turn, department=label)
        when = times.moment(desk.opens_at, turn.facts.now, self.speech.company.zone, turn.language)
        return self.speech.phrase("offer_later", turn, department=label, when=when)

    def hand(self, turn: Turn, memory: Memory, reason: str, department: str | None = None, before: str = "") -> Reply:
        """Return the handoff of a need to its owner, or to the department that is named."""
        handoff = self.handoffs.make(turn, reason, department=department, said_before=before)
        return self.handed(memory, handoff, self.handoffs.opening(turn, reason, before, handoff.department))

    def handed(self, memory: Memory, handoff: Handoff, opening: str) -> Reply:
        """Return a handoff with its first sentence, if any; a form rests, as a person has the floor now."""
        rest = replace(memory.form, asked=None) if memory.form is not None else None
        return Reply(replace(memory, form=rest), [opening] if opening else [], outcomes=[handoff.outcome()])
