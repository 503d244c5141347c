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


class CoverOut(BaseModel):
    """A colleague who would close every gap of a refused break or leave by standing in."""

    model_config = ConfigDict(frozen=True)

    id: int
    name: str
    departments: list[str]
