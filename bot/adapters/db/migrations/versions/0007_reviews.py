"""Reviews: several examples of one message, objections, corrections by staff, consent withdrawn, erasures."""

from __future__ import annotations

import hashlib
import re
import unicodedata

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_STANDING = "state <> 'withdrawn'"

# What made two texts one to a reader when this was written. The rule may change, what this has done may not.
_INVISIBLE = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\U000e0000-\U000e007f"
)
_EMOJI = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_MENDED = (
    (re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]"), "\n"),
    (re.compile("[\x00-\x09\x0e-\x1f\x7f-\x84\x86-\x9f]"), " "),
    (re.compile("[\ud800-\udfff]"), "\ufffd"),
    (re.compile(f"[{_INVISIBLE}]|(?<![{_EMOJI}])\u200d|\u200d(?![{_EMOJI}])"), ""),
)


def _at(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False)


def upgrade() -> None:
    """Apply."""
    op.add_column("examples", sa.Column("part", sa.SmallInteger(), server_default="0", nullable=False))
    op.add_column("examples", sa.Column("same", sa.Text()))
    _fill_same()
    op.drop_index("ix_examples_message_id", table_name="examples")
    op.create_index(
        "ix_examples_message_id",
        "examples",
        ["message_id", "part"],
        unique=True,
        postgresql_where=sa.text(_STANDING),
    )
    op.create_index("ix_examples_same", "examples", ["same"], postgresql_where=sa.text(_STANDING))
    _objections()
    _corrections()
    _proofs()


def _fill_same() -> None:
    """What makes two texts one to a reader is no rule of the database's."""
    connection = op.get_bind()
    rows = connection.execute(sa.text(f"SELECT id, text FROM examples WHERE {_STANDING}")).all()  # noqa: S608
    for row in rows:
        same = hashlib.sha256(_sameness(row.text).encode()).hexdigest()
        connection.execute(sa.text("UPDATE examples SET same = :same WHERE id = :id"), {"same": same, "id": row.id})


def _sameness(text: str) -> str:
    for pattern, instead in _MENDED:
        text = pattern.sub(instead, text)
    plain = unicodedata.normalize("NFC", text).strip().casefold()
    return " ".join(re.sub(r"[^\w]+", " ", plain).replace("_", " ").split()) or plain


def _objections() -> None:
    op.create_table(
        "objections",
        _id(),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        _at("at"),
        _at("settled_at", nullable=True),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_objections_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_objections")),
    )
    op.create_index(
        "ix_objections_standing",
        "objections",
        ["message_id"],
        unique=True,
        postgresql_where=sa.text("settled_at IS NULL"),
    )
    op.create_index("ix_objections_message_id", "objections", ["message_id"])


def _corrections() -> None:
    op.create_table(
        "corrections",
        _id(),
        sa.Column("case_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        sa.Column("intent", sa.Text()),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        _at("at"),
        _at("undone_at", nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_corrections_case_id")),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_corrections_staff_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    standing = sa.text("undone_at IS NULL")
    op.create_index("ix_corrections_standing", "corrections", ["case_id"], unique=True, postgresql_where=standing)
    op.create_index("ix_corrections_at", "corrections", ["at"], postgresql_where=standing)
    op.create_index("ix_corrections_message_id", "corrections", ["message_id"])


def _proofs() -> None:
    op.create_table(
        "refusals",
        sa.Column("customer_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("staff_id", sa.BigInteger(), nullable=False),
        _at("at"),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name=op.f("fk_refusals_staff_id")),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_refusals")),
    )
    op.create_table(
        "erasures",
        _id(),
        sa.Column("customer_id", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        _at("at"),
        sa.Column("counts", postgresql.JSONB(), nullable=False),
        sa.Column("paths", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_index("ix_erasures_customer_id", "erasures", ["customer_id"])


def downgrade() -> None:
    """Take back. Of a message that was split, the first part stays."""
    for table in ("erasures", "refusals", "corrections", "objections"):
        op.drop_table(table)
    op.drop_index("ix_examples_same", table_name="examples")
    op.drop_index("ix_examples_message_id", table_name="examples")
    op.execute("UPDATE examples SET state = 'withdrawn', text = '', entities = '[]' WHERE part > 0")
    op.drop_column("examples", "same")
    op.drop_column("examples", "part")
    op.create_index(
        "ix_examples_message_id", "examples", ["message_id"], unique=True, postgresql_where=sa.text(_STANDING)
    )
