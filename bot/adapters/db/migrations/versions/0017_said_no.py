"""Those of an asked department who cannot take a case, while others still may."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("transfers", sa.Column("said_no", JSONB(), server_default="[]", nullable=False))


def downgrade() -> None:
    """Take back."""
    op.drop_column("transfers", "said_no")
