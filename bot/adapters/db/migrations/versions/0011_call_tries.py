"""How many calls in a row found nobody, kept with the promise of the next one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply; the count lay among what the customer had said."""
    op.add_column("promises", sa.Column("tries", sa.Integer(), server_default="0", nullable=False))
    op.execute(
        "UPDATE promises SET tries = (cases.collected ->> 'call_tries')::int FROM cases"
        " WHERE cases.id = promises.case_id AND promises.state = 'open' AND promises.kind = 'call'"
        " AND cases.collected ->> 'call_tries' IS NOT NULL"
    )
    op.execute("UPDATE cases SET collected = collected - 'call_tries' WHERE collected ->> 'call_tries' IS NOT NULL")


def downgrade() -> None:
    """Take back."""
    op.drop_column("promises", "tries")
