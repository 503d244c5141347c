"""The floor: one speaker, fenced by a version."""

from __future__ import annotations

import pytest

from bot.domain.conversations import Floor, Speaker
from bot.domain.errors import AlreadyTaken


def test_taking_moves_the_version_and_taking_again_does_not() -> None:
    taken = Floor().taken_by(7)
    assert (taken.speaker, taken.staff_id, taken.version) == (Speaker.STAFF, 7, 1)
    assert taken.taken_by(7) == taken


def test_a_second_person_is_told_who_was_faster() -> None:
    with pytest.raises(AlreadyTaken) as refused:
        Floor().taken_by(7).taken_by(8)
    assert refused.value.winner == 7


def test_every_change_of_speaker_moves_the_version() -> None:
    before = Floor()
    after = before.taken_by(7).given_back()
    assert after.speaker is Speaker.BOT
    assert before.lets_bot_speak(before)
    assert not after.lets_bot_speak(before), "whoever prepared an answer for the earlier floor must notice"
    assert after.lets_bot_speak(after)


def test_the_bot_is_silent_while_somebody_else_has_the_floor() -> None:
    for floor in (Floor().taken_by(7), Floor().taken_outside()):
        assert not floor.lets_bot_speak(floor)


def test_a_manager_takes_the_floor_from_anybody() -> None:
    assert Floor().taken_by(7).passed_to(9).staff_id == 9


def test_an_answer_from_outside_silences_the_bot_but_not_a_colleague() -> None:
    assert Floor().taken_outside().speaker is Speaker.OUTSIDE
    held = Floor().taken_by(7)
    assert held.taken_outside() == held
    assert Floor().taken_outside().given_back().speaker is Speaker.BOT
