"""The tables of reviewing beside examples and labels. Messages and customers are named by id: they may go first."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB

from bot.adapters.db.columns import moment, own_id, ref, staff_ref
from bot.adapters.db.tables import metadata

objections = Table(
    "objections",
    metadata,
    own_id(),
    Column("message_id", BigInteger, nullable=False),
    Column("label", Text, nullable=False),
    staff_ref("staff_id"),
    moment("at"),
    moment("settled_at", nullable=True),
    Index("ix_objections_standing", "message_id", unique=True, postgresql_where=text("settled_at IS NULL")),
    Index("ix_objections_message_id", "message_id"),
)
"""A second person said something else than the decision that stands."""

corrections = Table(
    "corrections",
    metadata,
    own_id(),
    ref("case_id", "cases.id"),
    Column("message_id", BigInteger, nullable=False),
    Column("intent", Text),
    staff_ref("staff_id"),
    moment("at"),
    moment("undone_at", nullable=True),
    Index("ix_corrections_standing", "case_id", unique=True, postgresql_where=text("undone_at IS NULL")),
    Index("ix_corrections_at", "at", postgresql_where=text("undone_at IS NULL")),
    Index("ix_corrections_message_id", "message_id"),
)
"""Whoever works on a case said that the bot had misread it; ``intent`` is what it would have been, where they know."""

refusals = Table(
    "refusals",
    metadata,
    Column("customer_id", BigInteger, primary_key=True, autoincrement=False),
    staff_ref("staff_id"),
    moment("at"),
)
"""Customers whose words teach nothing any more, because they said so."""

erasures = Table(
    "erasures",
    metadata,
    own_id(),
    Column("customer_id", BigInteger, nullable=False),
    Column("actor", Text, nullable=False),
    moment("at"),
    Column("counts", JSONB, nullable=False),
    Column("paths", JSONB, nullable=False),
    Index("ix_erasures_customer_id", "customer_id"),
)
"""Proof that a customer was forgotten, without a word of theirs. ``paths`` are files that are still to be deleted."""
