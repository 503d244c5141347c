"""The JSON shapes of staff members and their accounts."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from bot.domain.company import RoleId
from bot.web.endpoint import Body, Given

Short = Annotated[str, StringConstraints(max_length=320)]
Names = Annotated[list[Short], Field(max_length=100)]


class StaffOut(Given):
    """A staff member. ``presence`` is ``on_duty``, ``on_break``, ``away`` or ``off``; ``on_duty`` is their own switch.

    ``flexible``: no planned hours, the switch alone says when they work. ``second_factor``: a login asks for a code.
    ``title`` is how customers hear of them ("chị"), "" for none.
    """

    id: int
    email: str
    name: str
    role: str
    departments: list[str]
    active: bool
    on_duty: bool
    presence: str
    flexible: bool
    skills: list[str]
    languages: list[str]
    senior: bool
    title: str
    second_factor: bool


class StaffIn(Body):
    """A new account; its password is made up and shown once. ``languages`` left out: Vietnamese."""

    email: Short
    name: Short
    role: RoleId
    departments: Names
    skills: Names | None = None
    languages: Names | None = None
    senior: bool = False
    title: Short = ""


class StaffPatch(Body):
    """What changes of an account; what is left out stays. ``active`` false puts the person's cases back."""

    name: Short | None = None
    role: RoleId | None = None
    departments: Names | None = None
    skills: Names | None = None
    languages: Names | None = None
    senior: bool | None = None
    title: Short | None = None
    active: bool | None = None


class StaffList(Given):
    """Everybody."""

    staff: list[StaffOut]


class StaffMade(Given):
    """An account with its one-time password: a new one, or one that was reset."""

    staff: StaffOut
    password: str


class SecondFactorOut(Given):
    """A secret for an authenticator application, shown once: as an ``otpauth:`` address and as text to type."""

    uri: str
    secret: str


class SecondFactorIn(Body):
    """The six digits that the application shows, which prove that the secret arrived."""

    code: Short
