"""Whose work a case is that a department standing in was asked to take, and who asks because their shift ends."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("transfers", sa.Column("meant", sa.Text(), nullable=True))
    op.add_column("transfers", sa.Column("leaving", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.execute("UPDATE transfers SET leaving = true WHERE kind = 'relieved'")


def downgrade() -> None:
    """Take back."""
    op.drop_column("transfers", "leaving")
    op.drop_column("transfers", "meant")
