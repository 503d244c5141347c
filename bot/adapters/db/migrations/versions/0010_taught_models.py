"""Which added needs a training's model holds, and which had to wait."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

EMPTY = sa.text("'[]'")

# What a training of an earlier release held is known well enough: the needs that taught when it was started.
HELD = """
UPDATE trainings SET needs = (
    SELECT coalesce(jsonb_agg(needs.intent ORDER BY needs.intent), '[]')
    FROM needs
    WHERE needs.made_at < trainings.started_at
      AND (needs.retired_at IS NULL OR needs.retired_at > trainings.started_at)
)
"""


def upgrade() -> None:
    """Apply."""
    op.add_column("trainings", sa.Column("needs", JSONB(), server_default=EMPTY, nullable=False))
    op.add_column("trainings", sa.Column("unlearned", JSONB(), server_default=EMPTY, nullable=False))
    op.execute(HELD)


def downgrade() -> None:
    """Take back."""
    op.drop_column("trainings", "unlearned")
    op.drop_column("trainings", "needs")
