"""How staff are called before customers, and who is asked first for an approval."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.add_column("staff", sa.Column("title", sa.Text(), server_default="", nullable=False))
    op.add_column("approvals", sa.Column("asked_of", sa.BigInteger(), nullable=True))
    op.create_foreign_key(op.f("fk_approvals_asked_of"), "approvals", "staff", ["asked_of"], ["id"])


def downgrade() -> None:
    """Take back."""
    op.drop_constraint(op.f("fk_approvals_asked_of"), "approvals", type_="foreignkey")
    op.drop_column("approvals", "asked_of")
    op.drop_column("staff", "title")
