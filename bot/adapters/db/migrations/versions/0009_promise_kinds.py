"""What a date to a customer means, and whether somebody has answered while it was open."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("promises", sa.Column("kind", sa.Text(), server_default="answer", nullable=False))
    op.add_column("promises", sa.Column("replied_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Take back."""
    op.drop_column("promises", "replied_at")
    op.drop_column("promises", "kind")
