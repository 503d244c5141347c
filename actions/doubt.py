"""What to do when it is not clear what the customer needs: ask once, be patient once, then bring in a person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from actions.lexicon import asks, is_upset, line, priority_of, says_no, wants_no_more
from actions.memory import Memory, Offer, Question, quote
from actions.plan import SMALL
from actions.replies import Replies
from actions.reply import Reply
from actions.turn import Turn
from actions.understanding import Decision
from bot.domain.company import RECEPTION, Company, Priority

_UNCLEAR: Final = "out_of_scope"
_PATIENCE: Final = 2
"""Turns in a row that did not help, after which a person takes over unasked."""
_ENOUGH_OF_A_HINT: Final = 0.3
"""Share of a department in what the engine thinks possible, from which it is a better guess than reception."""
_ALL: Final = 0.99
_FEW_WORDS: Final = 3
_FLOOR: Final = 0.05
_CLEARLY: Final = 1.5
_HEARD: Final = 0.1
_FAVOURITE: Final = 0.5
"""A need of a question is meant when it is half as likely again as the next, and heard again or likely before."""
_MORE_LIKELY_THAN_NOT: Final = 0.5


class Doubt:
    """Questions, and the end of patience."""

    def __init__(self, company: Company, replies: Replies) -> None:
        self._company = company
        self._replies = replies

    def settle(self, turn: Turn, memory: Memory) -> Reply | None:
        """Decide for a message that the engine is not sure of; None when its best guess will do."""
        understood = turn.understood
        options = understood.options()
        if turn.memory.question is not None:
            # A question never follows a question, and no answer of ours may either.
            return self.give_up(turn, memory, turn.memory.question)
        if understood.intent in SMALL and understood.decision is Decision.ASK:
            # A greeting or a chat that is not quite clear is best met with a friendly word, not with an enquiry; but a
            # question that sounds like nothing known ("shop có wifi không") deserves an answer, and so a person.
            wonders = understood.intent == "greet" and asks(turn.text) and len(line(turn.text).split()) > _FEW_WORDS
            return self.give_up(turn, memory) if wonders else None
        if understood.decision is Decision.HAND_OFF or not options:
            # Strange talk is met kindly first; a need that is there but cannot be made out goes to a person.
            return None if understood.intent == _UNCLEAR else self.give_up(turn, memory)
        if priority_of(turn.text) is not Priority.NORMAL:
            return self._without_asking(turn, memory, options[0])
        return self._ask(turn, memory, options)

    def _ask(self, turn: Turn, memory: Memory, options: tuple[str, ...]) -> Reply:
        speech = self._replies.speech
        scores = dict(turn.understood.ranking)
        asked = Question(options, quote(turn.text), tuple(scores.get(name, 0.0) for name in options))
        return Reply(
            replace(memory, question=asked, strikes=turn.memory.strikes),
            [speech.phrase("clarify", turn)],
            [*(speech.need(name, turn) for name in options), speech.phrase("something_else", turn)],
            [{"clarify": {"intents": list(options)}}],
        )

    def _without_asking(self, turn: Turn, memory: Memory, likeliest: str) -> Reply:
        """Spare an upset or hurried customer the question: the likeliest department, or those who take complaints."""
        likely = turn.understood.confidence >= _MORE_LIKELY_THAN_NOT
        department = self._company.department_for(likeliest if likely else "complaint_service").id
        # Whoever is angry about something that cannot be made out is not thanked for an idea of theirs.
        reason = likeliest if likely or not is_upset(turn.text) else "complaint_service"
        return self._replies.hand(turn, replace(memory, topic=likeliest), reason, department)

    def choice(self, turn: Turn) -> str | None:
        """Return the need picked in answer to "which of these", by number or by title; None when none was."""
        question = turn.memory.question
        said = line(turn.text)
        for number, intent in enumerate(question.intents if question is not None else (), start=1):
            words = self._replies.speech.knowledge.needs.get(intent)
            if (
                intent in turn.plans
                and words is not None
                and said in {*numbered(number), line(words.vi), line(words.en)}
            ):
                return intent
        return None

    def meant(self, turn: Turn) -> str | None:
        """Return the need that question and answer together point to, when the answer alone does not say it.

        "Em mua cái tủ lạnh" left two or three needs open; "hôm kia nó hết lạnh" is more likely with one of them than
        with the others. A mere yes counts for none, so only a clear favourite is taken.
        """
        question, understood = turn.memory.question, turn.understood
        if question is None or len(question.scores) != len(question.intents):
            return None
        yes = understood.sure and understood.intent == "affirm"
        if not yes and understood.sure:
            near = {self._company.department_for(name).id for name in question.intents}
            same = understood.intent not in SMALL and self._company.department_for(understood.intent).id in near
            return understood.intent if same else None
        now = {} if yes else dict(understood.ranking)
        chances = sorted(
            (
                (was * (_FLOOR + now.get(name, 0.0)), name)
                for name, was in zip(question.intents, question.scores, strict=True)
            ),
            reverse=True,
        )
        best, name = chances[0]
        if best < _CLEARLY * chances[1][0] if len(chances) > 1 else False:
            return None
        heard = now.get(name, 0.0)
        return name if heard >= _HEARD or question.scores[question.intents.index(name)] >= _FAVOURITE else None

    def declined(self, turn: Turn) -> bool:
        """Tell whether the customer says that none of the needs in the question is theirs."""
        question = turn.memory.question
        if question is None:
            return False
        others = {*numbered(len(question.intents) + 1), *self._replies.speech.lines("something_else")}
        return line(turn.text) in others or (says_no(turn.text) and not wants_no_more(turn.text))

    def patiently(self, turn: Turn, memory: Memory) -> Reply:
        """Answer an insult or strange talk kindly, with the offer of a person."""
        return self.impatient(turn, memory, turn.understood.intent if turn.understood.intent == "insult" else _UNCLEAR)

    def impatient(self, turn: Turn, memory: Memory, name: str) -> Reply:
        """Answer kindly with an offer; when that has not helped before, bring in a person."""
        strikes = turn.memory.strikes + 1
        if strikes >= _PATIENCE:
            return self.give_up(turn, memory)
        text = self._replies.speech.answer(name, turn)
        offer = Offer(RECEPTION, "ask_human")
        return self._replies.offering(turn, replace(memory, strikes=strikes), text, offer, asked=True)

    def give_up(self, turn: Turn, memory: Memory, question: Question | None = None) -> Reply:
        """Bring in a person: of the department everything points to, else of reception, which hears what is likely."""
        speech = self._replies.speech
        asked = question.intents if question is not None else ()
        insulted = turn.understood.intent == "insult" and turn.understood.sure
        scores = dict(turn.understood.ranking)
        options = [name for name in turn.understood.options() if scores.get(name, 1.0) >= _HEARD]
        likely = ", ".join(speech.knowledge.need(name) for name in asked or options)
        handoff = self._replies.handoffs.make(
            turn,
            "insult" if insulted else _UNCLEAR,
            department=self._likeliest(turn, asked),
            said_before=question.text if question is not None else "",
            values={"likely": likely} if likely else None,
        )
        upset = insulted or priority_of(turn.text) is not Priority.NORMAL
        return self._replies.handed(memory, handoff, speech.phrase("opening_sorry" if upset else "again", turn))

    def _likeliest(self, turn: Turn, asked: Sequence[str]) -> str:
        """Return the department of all options of a question, or the one that the engine's ranking points to."""
        weighed = [(name, 1 / len(asked)) for name in asked] or turn.understood.ranking
        shares: dict[str, float] = {}
        for name, share in weighed:
            if name not in SMALL:
                owner = self._company.department_for(name).id
                shares[owner] = shares.get(owner, 0.0) + share
        best = max(shares, key=lambda name: shares[name], default=RECEPTION)
        return best if shares.get(best, 0.0) >= (_ALL if asked else _ENOUGH_OF_A_HINT) else RECEPTION


def numbered(number: int) -> set[str]:
    """Return the ways to pick an option by its number where a channel shows buttons as a numbered list."""
    words = {
        1: ("cai dau", "cai dau tien", "dau tien", "thu nhat", "the first", "the first one", "first", "first one"),
        2: ("cai thu hai", "cai thu 2", "thu hai", "the second", "the second one", "second", "second one"),
        3: ("cai thu ba", "cai thu 3", "thu ba", "the third", "the third one", "third", "third one", "cai cuoi"),
    }
    return {
        *(str(number), f"so {number}", f"cai {number}", f"cai so {number}", f"cau {number}", f"option {number}"),
        *(f"number {number}", *words.get(number, ())),
    }
