"""The columns that the tables of the house share."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Identity


def own_id() -> Column[int]:
    """Return the primary key that the database numbers."""
    return Column("id", BigInteger, Identity(always=True), primary_key=True)


def moment(name: str, *, nullable: bool = False) -> Column[object]:
    """Return a ``timestamptz``."""
    return Column(name, DateTime(timezone=True), nullable=nullable)


def ref(name: str, target: str, *, nullable: bool = False) -> Column[int]:
    """Return a reference to ``table.column``."""
    return Column(name, BigInteger, ForeignKey(target), nullable=nullable)


def staff_ref(name: str, *, nullable: bool = False) -> Column[int]:
    """Return a reference to a staff member."""
    return ref(name, "staff.id", nullable=nullable)
