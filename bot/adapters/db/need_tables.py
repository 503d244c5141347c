"""The tables of what admins added beside the developers' files: needs, and versions of answers."""

from __future__ import annotations

from sqlalchemy import Column, Integer, Table, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB

from bot.adapters.db.columns import moment, own_id, staff_ref
from bot.adapters.db.tables import metadata

needs = Table(
    "needs",
    metadata,
    own_id(),
    Column("intent", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("name_vi", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("priority", Text, nullable=False),
    Column("state", Text, nullable=False),
    staff_ref("made_by"),
    moment("made_at"),
    moment("retired_at", nullable=True),
    UniqueConstraint("intent", name="uq_needs_intent"),
)
"""An intent is never given to a second need: models that were trained with the first may serve again."""

answers = Table(
    "answers",
    metadata,
    own_id(),
    Column("key", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("texts", JSONB(none_as_null=True)),
    staff_ref("author_id"),
    moment("at"),
    Column("restored", Integer),
    UniqueConstraint("key", "version", name="uq_answers_key"),
)
"""A version without texts went back to the developers' file."""
