from __future__ import annotations

import io

import pytest

from bot.cli.output import Steps


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_steps_are_numbered_and_timed() -> None:
    screen = io.StringIO()
    steps = Steps(2, screen)
    with steps.step("Một"):
        pass
    with steps.step("Hai"):
        pass
    lines = screen.getvalue().splitlines()
    assert lines[0] == "[1/2] Một …"
    assert lines[1].startswith("[1/2] Một: xong, ")
    assert lines[3].startswith("[2/2] Hai: xong, ")


def test_a_step_that_fails_says_so() -> None:
    screen = io.StringIO()
    with pytest.raises(ValueError, match="no"), Steps(1, screen).step("Một"):
        raise ValueError("no")
    assert "không xong" in screen.getvalue()


def test_a_terminal_sees_one_line_that_moves() -> None:
    screen = Terminal()
    with Steps(1, screen).step("Một") as step:
        step.update("3/5")
    assert screen.getvalue().count("\n") == 1
    assert "Một: 3/5" in screen.getvalue()
