"""What may stand on a person's account."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.company import Language, Words
from bot.domain.errors import Invalid
from bot.domain.staff import checked_languages, checked_skills
from tests.unit.domain.roster_world import person, small_company

COMPANY = replace(small_company(), skills={"repair": Words("Sửa chữa", "Repair")}, languages=(Language.VI,))


def test_a_new_person_speaks_vietnamese_and_has_no_skill() -> None:
    new = person(1, "sales")
    assert (new.languages, new.skills, new.senior) == ({"vi"}, frozenset(), False)
    assert (new.switched_at, new.seen_at) == (None, None)


def test_skills_are_those_of_the_company() -> None:
    assert checked_skills(["repair", "repair"], COMPANY) == {"repair"}
    assert checked_skills([], COMPANY) == frozenset()
    with pytest.raises(Invalid, match="cooking") as error:
        checked_skills(["repair", "cooking"], COMPANY)
    assert error.value.field == "skills"


@pytest.mark.parametrize("languages", [[], ["en"], ["vi", "fr"]])
def test_languages_are_those_of_the_company(languages: list[str]) -> None:
    assert checked_languages(["vi"], COMPANY) == {"vi"}
    with pytest.raises(Invalid) as error:
        checked_languages(languages, COMPANY)
    assert error.value.field == "languages"
