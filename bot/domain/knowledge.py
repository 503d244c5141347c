"""What the assistant says: the names of needs, the answers, and the sentences of the conversation itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zlib import crc32

from bot.domain.company import Language, Words


@dataclass(frozen=True, slots=True)
class Wordings:
    """Several ways of saying one thing in each language; the texts still have their `{placeholders}`."""

    vi: tuple[str, ...]
    en: tuple[str, ...]

    def choose(self, language: str, seed: str) -> str:
        """Return one wording: always the same for the same seed, evenly spread over different ones."""
        texts = self.en if language == Language.EN else self.vi
        return texts[crc32(seed.encode()) % len(texts)]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """The whole of `knowledge.yml`, already checked for completeness."""

    needs: Mapping[str, Words]
    answers: Mapping[str, Wordings]
    phrases: Mapping[str, Wordings]

    def need(self, intent: str, language: str = Language.VI) -> str:
        """Return the short name of a need; an unknown one gets the name of "something else"."""
        words = self.needs.get(intent) or self.needs["out_of_scope"]
        return words.in_language(language)
