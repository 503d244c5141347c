"""Turns the texts of `knowledge.yml` into sentences for one customer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from actions.lexicon import line
from actions.plan import ANSWERED, COMMON, PHRASES
from actions.turn import Turn
from bot.adapters.company import Expected, load_knowledge
from bot.domain.company import Company
from bot.domain.knowledge import Knowledge, Wordings


def load_texts(path: Path, company: Company) -> Knowledge:
    """Read `knowledge.yml` and hold it against this company and this dialogue. Raises KnowledgeFaults."""
    # Those of the file: what was added at the console has its names in another place.
    needs = tuple(intent for department in company.departments.values() for intent in department.intents)
    return load_knowledge(path, Expected(needs=needs, answers=ANSWERED, phrases=PHRASES, common=COMMON))


_WITH_NAME: Final = frozenset(
    {
        *("opening_neutral", "opening_person", "opening_sorry", "opening_soon", "opening_trouble", "opening_hardship"),
        *("greet", "greet_with_case", "thank", "goodbye", "name_noted"),
    }
)
"""Sentences that call customers by their name, once it is known."""


class Speech:
    """The company's words."""

    def __init__(self, company: Company, knowledge: Knowledge) -> None:
        self.company = company
        self.knowledge = knowledge

    def answer(self, name: str, turn: Turn) -> str:
        """Return the answer of this name in the customer's language and form of address."""
        return self._say(turn.facts.drafts.get(name) or self.knowledge.answers[name], name, turn, {})

    def phrase(self, name: str, turn: Turn, **own: str) -> str:
        """Return a sentence of the conversation itself; `own` fills the placeholders that only this sentence has."""
        return self._say(self.knowledge.phrases[name], name, turn, own)

    def inner(self, sentence: str) -> str:
        """Return a sentence for a place behind another one: politeness needs one "Dạ" a message, at its head."""
        rest = sentence.removeprefix("Dạ ").removeprefix("Dạ, ")
        return rest[:1].upper() + rest[1:]

    def need(self, intent: str, turn: Turn) -> str:
        """Return the short name of a need, as it stands on a button."""
        return self.knowledge.need(intent, turn.language)

    def department(self, department_id: str, turn: Turn) -> str:
        """Return the name of a department; the case of a department that was removed is still named, by reception."""
        department = self.company.departments.get(department_id) or self.company.department_for("")
        return department.label(turn.language)

    def meet(self, department_id: str, turn: Turn) -> str:
        """Return the title of the button that asks for a person of this department."""
        return self.phrase("meet_department", turn, department=self.department(department_id, turn))

    def lines(self, phrase: str) -> set[str]:
        """Return every wording of a phrase without placeholders, folded, to recognise it when a customer types it."""
        wordings = self.knowledge.phrases[phrase]
        return {line(text) for text in (*wordings.vi, *wordings.en)}

    def _say(self, wordings: Wordings, name: str, turn: Turn, own: Mapping[str, str]) -> str:
        contact = self.company.contact
        text = wordings.choose(turn.language, f"{turn.message_id}/{name}")
        if name in _WITH_NAME and turn.customer_name is not None:
            # Vietnamese call each other by the last of their names.
            text = text.replace("{you}", f"{{you}} {turn.customer_name.split()[-1]}", 1)
        return text.format(
            **turn.voice.words(),
            company=self.company.short_name,
            hotline=contact.hotline,
            email=contact.email,
            fanpage=contact.fanpage,
            address=contact.address.in_language(turn.language),
            **own,
        )
