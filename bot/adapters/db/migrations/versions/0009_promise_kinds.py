"""What a date to a customer means, whether somebody has answered meanwhile, and how many calls found nobody."""

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
    op.add_column("promises", sa.Column("tries", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    """Take back."""
    op.drop_column("promises", "tries")
    op.drop_column("promises", "replied_at")
    op.drop_column("promises", "kind")
