"""Teaching: how turns were read, examples, labels, trainings."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _at(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False)


def upgrade() -> None:
    """Apply."""
    op.add_column("turns", sa.Column("reading", postgresql.JSONB(none_as_null=True)))
    op.add_column("turns", sa.Column("to_review", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.create_index("ix_turns_to_review", "turns", ["closed_at"], postgresql_where=sa.text("to_review"))
    op.create_index("ix_ratings_low", "ratings", ["rated_at"], postgresql_where=sa.text("score <= 2"))
    _examples()
    _labels()
    _trainings()


def _examples() -> None:
    op.create_table(
        "examples",
        _id(),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("customer_id", sa.BigInteger()),
        sa.Column("labelled_by", sa.BigInteger(), nullable=False),
        sa.Column("reviewed_by", sa.BigInteger()),
        _at("made_at"),
        _at("withdrawn_at", nullable=True),
        sa.Column("entities", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["labelled_by"], ["staff.id"], name=op.f("fk_examples_labelled_by")),
        sa.ForeignKeyConstraint(["reviewed_by"], ["staff.id"], name=op.f("fk_examples_reviewed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_examples")),
    )
    op.create_index(
        "ix_examples_message_id",
        "examples",
        ["message_id"],
        unique=True,
        postgresql_where=sa.text("state <> 'withdrawn'"),
    )
    op.create_index("ix_examples_customer_id", "examples", ["customer_id"])
    op.create_index("ix_examples_state", "examples", ["state", "id"])


def _labels() -> None:
    op.create_table(
        "labels",
        _id(),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.Text()),
        sa.Column("example_id", sa.BigInteger()),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        _at("at"),
        _at("undone_at", nullable=True),
        sa.ForeignKeyConstraint(["example_id"], ["examples.id"], name=op.f("fk_labels_example_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_labels_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_labels")),
    )
    op.create_index(
        "ix_labels_standing",
        "labels",
        ["message_id"],
        unique=True,
        postgresql_where=sa.text("undone_at IS NULL"),
    )
    op.create_index("ix_labels_message_id", "labels", ["message_id", "id"])


def _trainings() -> None:
    op.create_table(
        "trainings",
        _id(),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("progress", sa.Text(), server_default="", nullable=False),
        sa.Column("share", sa.Float(), server_default="0", nullable=False),
        sa.Column("examples", sa.Integer(), nullable=False),
        sa.Column("started_by", sa.BigInteger(), nullable=False),
        _at("started_at"),
        _at("beat_at"),
        _at("ended_at", nullable=True),
        sa.Column("faults", postgresql.JSONB(), nullable=False),
        sa.Column("model_id", sa.Text()),
        sa.Column("gate", postgresql.JSONB(none_as_null=True)),
        sa.ForeignKeyConstraint(["started_by"], ["staff.id"], name=op.f("fk_trainings_started_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trainings")),
    )
    op.create_index(
        "ix_trainings_running",
        "trainings",
        ["state"],
        unique=True,
        postgresql_where=sa.text("state = 'running'"),
    )
    op.create_index("ix_trainings_model_id", "trainings", ["model_id"])


def downgrade() -> None:
    """Take back."""
    for table in ("trainings", "labels", "examples"):
        op.drop_table(table)
    op.drop_index("ix_ratings_low", table_name="ratings")
    op.drop_index("ix_turns_to_review", table_name="turns")
    op.drop_column("turns", "to_review")
    op.drop_column("turns", "reading")
