"""Everybody who asked for an approval, for none of them may decide on it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("approvals", sa.Column("asked_too", JSONB(), server_default="[]", nullable=False))


def downgrade() -> None:
    """Take back."""
    op.drop_column("approvals", "asked_too")
