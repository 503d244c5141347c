"""The table of what candidates made of live messages, and the index by which read turns are found by time."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Float, Index, PrimaryKeyConstraint, Table, Text, text

from bot.adapters.db.columns import moment
from bot.adapters.db.tables import metadata, turns

shadow_readings = Table(
    "shadow_readings",
    metadata,
    Column("model_id", Text, nullable=False),
    Column("message_id", BigInteger, nullable=False),
    Column("serving", Text, nullable=False),
    Column("intent", Text, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("agrees", Boolean, nullable=False),
    moment("at"),
    PrimaryKeyConstraint("model_id", "message_id"),
    Index("ix_shadow_readings_message_id", "message_id"),
    Index("ix_shadow_readings_differing", "model_id", "at", postgresql_where=text("NOT agrees")),
)
"""``serving`` is what the model read that answered. Messages are named without a reference: they may be erased."""

Index("ix_turns_read", turns.c.closed_at, postgresql_where=text("reading IS NOT NULL"))
