"""The JSON shapes of what a roster leaves empty, and of who could fill it; refusals carry them too."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict


class GapOut(BaseModel):
    """Open hours of a department in which neither its people nor its cover are planned."""

    model_config = ConfigDict(frozen=True)

    department: str
    department_label: str
    start_at: datetime
    end_at: datetime
    minutes: int
    holiday: str | None


class WaitingOut(BaseModel):
    """How many customers wait at a department at this moment, with nobody else on duty for them."""

    model_config = ConfigDict(frozen=True)

    department: str
    department_label: str
    count: int


class CoverOut(BaseModel):
    """A colleague who would close every gap of a refused break or leave, and serve who waits, by standing in."""

    model_config = ConfigDict(frozen=True)

    id: int
    name: str
    departments: list[str]
