"""Needs that admins added, and versions of answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _at(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False)


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "needs",
        _id(),
        sa.Column("intent", sa.Text(), nullable=False),
        sa.Column("department", sa.Text(), nullable=False),
        sa.Column("name_vi", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("priority", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_by", sa.BigInteger(), nullable=False),
        _at("made_at"),
        _at("retired_at", nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["staff.id"], name=op.f("fk_needs_made_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_needs")),
        sa.UniqueConstraint("intent", name="uq_needs_intent"),
    )
    op.create_table(
        "answers",
        _id(),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("texts", postgresql.JSONB(none_as_null=True)),
        sa.Column("author_id", sa.BigInteger(), nullable=False),
        _at("at"),
        sa.Column("restored", sa.Integer()),
        sa.ForeignKeyConstraint(["author_id"], ["staff.id"], name=op.f("fk_answers_author_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
        sa.UniqueConstraint("key", "version", name="uq_answers_key"),
    )


def downgrade() -> None:
    """Take back."""
    for table in ("answers", "needs"):
        op.drop_table(table)
