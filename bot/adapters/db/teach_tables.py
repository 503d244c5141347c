"""The tables of teaching. Messages and customers are named by id without a reference: they may be erased first."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from bot.adapters.db.columns import moment, own_id, staff_ref
from bot.adapters.db.tables import metadata

examples = Table(
    "examples",
    metadata,
    own_id(),
    Column("text", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("consent", Text, nullable=False),
    Column("message_id", BigInteger),
    Column("customer_id", BigInteger),
    staff_ref("labelled_by"),
    staff_ref("reviewed_by", nullable=True),
    moment("made_at"),
    moment("withdrawn_at", nullable=True),
    Column("entities", JSONB, nullable=False),
    Column("part", SmallInteger, nullable=False, server_default="0"),
    Column("same", Text),
    Index("ix_examples_message_id", "message_id", "part", unique=True, postgresql_where=text("state <> 'withdrawn'")),
    Index("ix_examples_same", "same", postgresql_where=text("state <> 'withdrawn'")),
    Index("ix_examples_customer_id", "customer_id"),
    Index("ix_examples_state", "state", "id"),
)
"""Texts with the same digest in ``same`` are one to a reader; a message that was split has several parts."""

labels = Table(
    "labels",
    metadata,
    own_id(),
    Column("message_id", BigInteger, nullable=False),
    Column("label", Text),
    Column("example_id", BigInteger, ForeignKey("examples.id")),
    staff_ref("staff_id"),
    moment("at"),
    moment("undone_at", nullable=True),
    Index("ix_labels_standing", "message_id", unique=True, postgresql_where=text("undone_at IS NULL")),
    Index("ix_labels_message_id", "message_id", "id"),
)
"""A decision without a label was to skip the message."""

trainings = Table(
    "trainings",
    metadata,
    own_id(),
    Column("state", Text, nullable=False),
    Column("progress", Text, nullable=False, server_default=""),
    Column("share", Float, nullable=False, server_default="0"),
    Column("examples", Integer, nullable=False),
    staff_ref("started_by", nullable=True),
    Column("resumes", BigInteger),
    moment("started_at"),
    moment("beat_at"),
    moment("ended_at", nullable=True),
    Column("faults", JSONB, nullable=False),
    Column("model_id", Text),
    Column("gate", JSONB(none_as_null=True)),
    Column("needs", JSONB, nullable=False, server_default=text("'[]'")),
    Column("unlearned", JSONB, nullable=False, server_default=text("'[]'")),
    Index("ix_trainings_running", "state", unique=True, postgresql_where=text("state = 'running'")),
    Index("ix_trainings_model_id", "model_id"),
)
"""``beat_at`` is the last sign of life of whoever trains."""

# Written out, not as parameters, so that the partial indexes above can be used.
STANDING = labels.c.undone_at.is_(None)
TEACHES = examples.c.state != literal_column("'withdrawn'")
RUNNING = trainings.c.state == literal_column("'running'")
