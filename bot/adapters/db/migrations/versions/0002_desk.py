"""The desk that keeps its word: rosters, offers, transfers, requests, approvals, ratings, and what cases know of them.

Rows that are there keep all they have; a case that waits is taken to have waited since it was opened.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    _staff()
    _cases()
    _shifts()
    _day_exceptions()
    _absences()
    _offers()
    _transfers()
    _requests()
    _approvals()
    _ratings()


def _at(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default=default, nullable=False)


def _number(name: str, *, nullable: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def _key(table: str) -> tuple[sa.Column[int], sa.PrimaryKeyConstraint]:
    key = sa.Column("id", sa.BigInteger(), sa.Identity(always=True), nullable=False)
    return key, sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}"))


def _refers(table: str, column: str, target: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [f"{target}.id"], name=op.f(f"fk_{table}_{column}"))


def _staff() -> None:
    empty = sa.text("'[]'")
    vietnamese = sa.text("""'["vi"]'""")
    op.add_column("staff", sa.Column("skills", postgresql.JSONB(), server_default=empty, nullable=False))
    op.add_column("staff", sa.Column("languages", postgresql.JSONB(), server_default=vietnamese, nullable=False))
    op.add_column("staff", sa.Column("senior", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    op.add_column("staff", _at("switched_at", nullable=True))
    op.add_column("staff", _at("seen_at", nullable=True))


def _cases() -> None:
    no = sa.text("false")
    op.add_column("cases", _text("language", "vi"))
    op.add_column("cases", sa.Column("skill", sa.Text(), nullable=True))
    op.add_column("cases", sa.Column("complaint", sa.Boolean(), server_default=no, nullable=False))
    op.add_column("cases", _at("waiting_since", nullable=True))
    op.add_column("cases", sa.Column("tries", sa.Integer(), server_default="0", nullable=False))
    for name in ("ahead", "serving", "wait_low", "wait_high"):
        op.add_column("cases", sa.Column(name, sa.Integer(), nullable=True))
    op.add_column("cases", sa.Column("at_once", sa.Boolean(), server_default=no, nullable=False))
    op.add_column("cases", sa.Column("sla", postgresql.JSONB(none_as_null=True), nullable=True))
    op.add_column("cases", _number("timer_id"))
    op.execute("UPDATE cases SET waiting_since = opened_at WHERE state = 'waiting'")
    waiting, finished = sa.text("state = 'waiting'"), sa.text("state = 'resolved'")
    op.create_index("ix_cases_waiting", "cases", ["department", "waiting_since", "id"], postgresql_where=waiting)
    op.create_index("ix_cases_finished", "cases", ["owner_id", "resolved_at"], postgresql_where=finished)
    had = {"postgresql_include": ["owner_id"], "postgresql_where": sa.text("owner_id IS NOT NULL")}
    op.create_index("ix_cases_had", "cases", ["customer_id", "wanted", "id"], **had)
    known = sa.text("claimed_at IS NOT NULL AND ahead IS NOT NULL")
    op.create_index("ix_cases_waits", "cases", ["department", "claimed_at"], postgresql_where=known)


def _shifts() -> None:
    op.create_table(
        "shifts",
        *_key("shifts"),
        _number("staff_id", nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("start_minute", sa.SmallInteger(), nullable=False),
        sa.Column("end_minute", sa.SmallInteger(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        _refers("shifts", "staff_id", "staff"),
    )
    op.create_index("ix_shifts_staff_id", "shifts", ["staff_id"])


def _day_exceptions() -> None:
    op.create_table(
        "day_exceptions",
        *_key("day_exceptions"),
        _number("staff_id", nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("blocks", postgresql.JSONB(), nullable=False),
        _text("note", ""),
        _refers("day_exceptions", "staff_id", "staff"),
        sa.UniqueConstraint("staff_id", "day", name=op.f("uq_day_exceptions_staff_id_day")),
    )
    op.create_index("ix_day_exceptions_day", "day_exceptions", ["day"])


def _absences() -> None:
    op.create_table(
        "absences",
        *_key("absences"),
        _number("staff_id", nullable=False),
        _text("kind"),
        _at("start_at"),
        _at("end_at"),
        _at("ended_at", nullable=True),
        _number("cover_id"),
        _text("note", ""),
        _number("timer_id"),
        _refers("absences", "staff_id", "staff"),
        _refers("absences", "cover_id", "staff"),
    )
    op.create_index("ix_absences_end_at", "absences", ["end_at"])
    op.create_index("ix_absences_leave", "absences", ["end_at"], postgresql_where=sa.text("kind = 'leave'"))
    op.create_index("ix_absences_staff_id", "absences", ["staff_id", "end_at"])


def _offers() -> None:
    op.create_table(
        "offers",
        *_key("offers"),
        _number("case_id", nullable=False),
        _number("staff_id", nullable=False),
        _text("state"),
        _at("made_at"),
        _at("expires_at"),
        _at("settled_at", nullable=True),
        _text("reason", ""),
        _number("timer_id"),
        _refers("offers", "case_id", "cases"),
        _refers("offers", "staff_id", "staff"),
    )
    unanswered = sa.text("state = 'open'")
    op.create_index("ix_offers_open", "offers", ["case_id"], unique=True, postgresql_where=unanswered)
    op.create_index("ix_offers_staff_id", "offers", ["staff_id", "expires_at"], postgresql_where=unanswered)
    op.create_index("ix_offers_case_id", "offers", ["case_id", "id"])


def _transfers() -> None:
    op.create_table(
        "transfers",
        *_key("transfers"),
        _number("case_id", nullable=False),
        _number("from_staff_id", nullable=False),
        _text("to_department"),
        _number("to_staff_id"),
        _text("summary"),
        _text("kind"),
        _text("state"),
        _at("asked_at"),
        _at("expires_at"),
        _at("settled_at", nullable=True),
        _number("settled_by"),
        _text("reason", ""),
        _number("timer_id"),
        _refers("transfers", "case_id", "cases"),
        _refers("transfers", "from_staff_id", "staff"),
        _refers("transfers", "to_staff_id", "staff"),
        _refers("transfers", "settled_by", "staff"),
    )
    asked = sa.text("state = 'asked'")
    op.create_index("ix_transfers_asked", "transfers", ["case_id"], unique=True, postgresql_where=asked)
    for name in ("to_department", "to_staff_id", "from_staff_id"):
        op.create_index(f"ix_transfers_{name}", "transfers", [name], postgresql_where=asked)
    op.create_index("ix_transfers_case_id", "transfers", ["case_id", "id"])


def _requests() -> None:
    op.create_table(
        "requests",
        *_key("requests"),
        _number("case_id", nullable=False),
        _text("department"),
        _number("asked_by", nullable=False),
        _text("text"),
        _text("state"),
        _at("asked_at"),
        _at("due_at"),
        _number("taken_by"),
        _text("answer", ""),
        _at("settled_at", nullable=True),
        sa.Column("slipped", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        _number("timer_id"),
        _refers("requests", "case_id", "cases"),
        _refers("requests", "asked_by", "staff"),
        _refers("requests", "taken_by", "staff"),
    )
    unsettled, taken = sa.text("state IN ('open', 'taken')"), sa.text("state = 'taken'")
    op.create_index("ix_requests_unsettled", "requests", ["department", "due_at"], postgresql_where=unsettled)
    op.create_index("ix_requests_taken_by", "requests", ["taken_by", "due_at"], postgresql_where=taken)
    op.create_index("ix_requests_case_id", "requests", ["case_id", "id"])


def _approvals() -> None:
    op.create_table(
        "approvals",
        *_key("approvals"),
        _number("case_id", nullable=False),
        _text("kind"),
        _number("amount"),
        _text("reason"),
        _number("asked_by", nullable=False),
        _text("state"),
        _at("asked_at"),
        _at("due_at"),
        _number("decided_by"),
        _at("decided_at", nullable=True),
        _text("note", ""),
        _at("escalated_at", nullable=True),
        _number("timer_id"),
        _refers("approvals", "case_id", "cases"),
        _refers("approvals", "asked_by", "staff"),
        _refers("approvals", "decided_by", "staff"),
    )
    op.create_index("ix_approvals_pending", "approvals", ["due_at"], postgresql_where=sa.text("state = 'pending'"))
    op.create_index("ix_approvals_case_id", "approvals", ["case_id", "id"])


def _ratings() -> None:
    op.create_table(
        "ratings",
        *_key("ratings"),
        _number("case_id", nullable=False),
        _at("asked_at"),
        sa.Column("score", sa.Integer(), nullable=True),
        _text("words", ""),
        _at("rated_at", nullable=True),
        _number("follow_up_case_id"),
        _refers("ratings", "case_id", "cases"),
        _refers("ratings", "follow_up_case_id", "cases"),
        sa.UniqueConstraint("case_id", name=op.f("uq_ratings_case_id")),
    )
