"""Models: what candidates made of live messages; trainings of the shell, and those that the house started again."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.alter_column("trainings", "started_by", nullable=True)
    op.add_column("trainings", sa.Column("resumes", sa.BigInteger()))
    op.create_index("ix_turns_read", "turns", ["closed_at"], postgresql_where=sa.text("reading IS NOT NULL"))
    op.create_table(
        "shadow_readings",
        sa.Column("model_id", sa.Text(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("serving", sa.Text(), nullable=False),
        sa.Column("intent", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("agrees", sa.Boolean(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("model_id", "message_id", name=op.f("pk_shadow_readings")),
    )
    op.create_index("ix_shadow_readings_message_id", "shadow_readings", ["message_id"])
    op.create_index(
        "ix_shadow_readings_differing",
        "shadow_readings",
        ["model_id", "at"],
        postgresql_where=sa.text("NOT agrees"),
    )


def downgrade() -> None:
    """Take back."""
    op.drop_table("shadow_readings")
    op.drop_index("ix_turns_read", table_name="turns")
    op.drop_column("trainings", "resumes")
    op.execute("DELETE FROM trainings WHERE started_by IS NULL")
    op.alter_column("trainings", "started_by", nullable=False)
