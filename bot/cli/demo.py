"""Demonstration staff: a person on duty in every department, a manager and an admin."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from bot.adapters.company import load
from bot.cli.accounts import opened_accounts
from bot.cli.place import ROOT
from bot.domain.company import MANAGEMENT, RoleId
from bot.services.accounts import Accounts
from bot.settings import Settings

_NAMES = (
    *("Nguyễn Thị Lan", "Trần Văn Minh", "Lê Thu Hà", "Phạm Quốc Bảo", "Hoàng Mai Anh", "Vũ Đức Long", "Đặng Ngọc Hân"),
    *("Bùi Thanh Tùng", "Đỗ Thuỳ Linh", "Hồ Gia Huy", "Ngô Kim Chi", "Dương Hải Nam", "Lý Bích Ngọc", "Phan Anh Tuấn"),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Person:
    email: str
    name: str
    role: RoleId
    departments: tuple[str, ...]


async def add_demo_staff(settings: Settings) -> Path:
    """Make the accounts that are missing, put everybody on duty, and write the passwords to `demo-staff.json`.

    Passwords that the file already tells are kept; an account whose password nobody knows gets a new one.
    """
    path = settings.data / "demo-staff.json"
    known = (
        {entry["email"]: entry["password"] for entry in json.loads(path.read_text("utf-8"))} if path.exists() else {}
    )
    written = []
    async with opened_accounts(settings) as accounts:
        there = {person.email for person in await accounts.everybody()}
        for person in _people():
            password = known.get(person.email) if person.email in there else None
            password = password or await _password(accounts, person, exists=person.email in there)
            written.append(
                {
                    "email": person.email,
                    "name": person.name,
                    "role": person.role.value,
                    "departments": list(person.departments),
                    "password": password,
                }
            )
    _write(path, json.dumps(written, ensure_ascii=False, indent=1))
    return path


async def _password(accounts: Accounts, person: _Person, *, exists: bool) -> str:
    if exists:
        return await accounts.reset_password(person.email)
    _, password = await accounts.add(
        email=person.email, name=person.name, role=person.role, departments=person.departments, on_duty=True
    )
    return password


def _people() -> list[_Person]:
    departments = load(ROOT / "company.yml").departments
    desks = [name for name in departments if name != MANAGEMENT]
    agents = [
        _Person(email=f"{desk.replace('_', '-')}@demo.letan.vn", name=name, role=RoleId.AGENT, departments=(desk,))
        for desk, name in zip(desks, (_NAMES[number % len(_NAMES)] for number in range(len(desks))), strict=True)
    ]
    everywhere = tuple(departments)
    return [
        _Person(email="admin@demo.letan.vn", name="Quản trị mẫu", role=RoleId.ADMIN, departments=everywhere),
        _Person(email="manager@demo.letan.vn", name="Trịnh Hồng Sơn", role=RoleId.MANAGER, departments=everywhere),
        *agents,
    ]


def _write(path: Path, text: str) -> None:
    """Replace the file, readable by us alone."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)
