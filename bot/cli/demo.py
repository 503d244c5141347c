"""Demonstration staff: people on duty in every department with shifts that leave no desk empty, a manager, an admin."""

from __future__ import annotations

import json
import os
from pathlib import Path

from bot.cli.accounts import People, opened_people
from bot.cli.demo_people import DemoPerson, as_known, demo_people
from bot.domain.staff import StaffMember
from bot.services.accounts import AccountChange
from bot.services.rosters import NewShift
from bot.settings import Settings


async def add_demo_staff(settings: Settings) -> Path:
    """Make the accounts that are missing, put everybody on duty, and write the passwords to `demo-staff.json`.

    Passwords that the file already tells are kept; an account whose password nobody knows gets a new one. Shifts are
    given to those who have none.
    """
    path = settings.data / "demo-staff.json"
    known = (
        {entry["email"]: entry["password"] for entry in json.loads(path.read_text("utf-8"))} if path.exists() else {}
    )
    async with opened_people(settings) as house:
        there = {person.email: person.name for person in await house.accounts.everybody()}
        people = as_known(demo_people(house.company), there)
        passwords = {
            person.email: (known.get(person.email) if person.email in there else None)
            or await _password(house, person, exists=person.email in there)
            for person in people
        }
        _write(path, json.dumps([_entry(one, passwords[one.email]) for one in people], ensure_ascii=False, indent=1))
        accounts = {person.email: person for person in await house.accounts.everybody()}
        await _plan(house, accounts[people[0].email], people, accounts)
        for person in people:
            if accounts[person.email].active:
                await house.duty.switch(accounts[person.email], on_duty=True)
    return path


async def _password(house: People, person: DemoPerson, *, exists: bool) -> str:
    if exists:
        return await house.accounts.reset_password(person.email)
    more = AccountChange(skills=person.skills, languages=person.languages, senior=person.senior, title=person.title)
    _, password = await house.accounts.add(
        email=person.email, name=person.name, role=person.role, departments=person.departments, more=more
    )
    return password


async def _plan(
    house: People, planner: StaffMember, people: list[DemoPerson], accounts: dict[str, StaffMember]
) -> None:
    """Give people their shifts; `planner` is the admin of the demonstration."""
    planned = {one.staff_id for one in await house.rosters.shifts()}
    for person in people:
        staff_id = accounts[person.email].id
        if person.shifts and staff_id not in planned:
            wanted = [NewShift(weekday=weekday, block=str(block)) for weekday, block in person.shifts]
            await house.rosters.add_shifts(planner, staff_id, wanted)


def _entry(person: DemoPerson, password: str) -> dict[str, object]:
    return {
        "email": person.email,
        "name": person.name,
        "role": person.role.value,
        "departments": list(person.departments),
        "password": password,
    }


def _write(path: Path, text: str) -> None:
    """Replace the file, readable by us alone."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)
