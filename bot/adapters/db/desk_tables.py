"""The tables of the desk: who should be there, and how cases change hands. See `bot.adapters.db.tables`."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    UniqueConstraint,
    literal_column,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from bot.adapters.db.columns import moment, own_id, ref, staff_ref
from bot.adapters.db.tables import metadata


def _case() -> Column[int]:
    return ref("case_id", "cases.id")


def _timer() -> Column[int | None]:
    return Column("timer_id", BigInteger)


shifts = Table(
    "shifts",
    metadata,
    own_id(),
    staff_ref("staff_id"),
    Column("weekday", SmallInteger, nullable=False),
    Column("start_minute", SmallInteger, nullable=False),
    Column("end_minute", SmallInteger, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Index("ix_shifts_staff_id", "staff_id"),
)
"""Minutes count from local midnight; an end beyond 1440 lies on the following day."""

day_exceptions = Table(
    "day_exceptions",
    metadata,
    own_id(),
    staff_ref("staff_id"),
    Column("day", Date, nullable=False),
    Column("blocks", JSONB, nullable=False),
    Column("note", Text, nullable=False, server_default=""),
    UniqueConstraint("staff_id", "day"),
    Index("ix_day_exceptions_day", "day"),
)

absences = Table(
    "absences",
    metadata,
    own_id(),
    staff_ref("staff_id"),
    Column("kind", Text, nullable=False),
    moment("start_at"),
    moment("end_at"),
    moment("ended_at", nullable=True),
    staff_ref("cover_id", nullable=True),
    Column("note", Text, nullable=False, server_default=""),
    _timer(),
    # People ask about now and what comes: of all absences that ever ended, these indexes skip those that ended before.
    Index("ix_absences_end_at", "end_at"),
    Index("ix_absences_leave", "end_at", postgresql_where=text("kind = 'leave'")),
    Index("ix_absences_staff_id", "staff_id", "end_at"),
)

offers = Table(
    "offers",
    metadata,
    own_id(),
    _case(),
    staff_ref("staff_id"),
    Column("state", Text, nullable=False),
    moment("made_at"),
    moment("expires_at"),
    moment("settled_at", nullable=True),
    Column("reason", Text, nullable=False, server_default=""),
    _timer(),
    Index("ix_offers_open", "case_id", unique=True, postgresql_where=text("state = 'open'")),
    Index("ix_offers_staff_id", "staff_id", "expires_at", postgresql_where=text("state = 'open'")),
    Index("ix_offers_case_id", "case_id", "id"),
)

transfers = Table(
    "transfers",
    metadata,
    own_id(),
    _case(),
    staff_ref("from_staff_id"),
    Column("to_department", Text, nullable=False),
    staff_ref("to_staff_id", nullable=True),
    Column("summary", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("meant", Text, nullable=True),
    Column("leaving", Boolean, nullable=False, server_default=text("false")),
    Column("state", Text, nullable=False),
    moment("asked_at"),
    moment("expires_at"),
    moment("settled_at", nullable=True),
    staff_ref("settled_by", nullable=True),
    Column("reason", Text, nullable=False, server_default=""),
    Column("said_no", JSONB, nullable=False, server_default="[]"),
    _timer(),
    Index("ix_transfers_asked", "case_id", unique=True, postgresql_where=text("state = 'asked'")),
    Index("ix_transfers_to_department", "to_department", postgresql_where=text("state = 'asked'")),
    Index("ix_transfers_to_staff_id", "to_staff_id", postgresql_where=text("state = 'asked'")),
    Index("ix_transfers_from_staff_id", "from_staff_id", postgresql_where=text("state = 'asked'")),
    Index("ix_transfers_case_id", "case_id", "id"),
)

requests = Table(
    "requests",
    metadata,
    own_id(),
    _case(),
    Column("department", Text, nullable=False),
    staff_ref("asked_by"),
    Column("text", Text, nullable=False),
    Column("state", Text, nullable=False),
    moment("asked_at"),
    moment("due_at"),
    staff_ref("taken_by", nullable=True),
    Column("answer", Text, nullable=False, server_default=""),
    moment("settled_at", nullable=True),
    Column("slipped", Boolean, nullable=False, server_default=text("false")),
    _timer(),
    Index("ix_requests_unsettled", "department", "due_at", postgresql_where=text("state IN ('open', 'taken')")),
    Index("ix_requests_taken_by", "taken_by", "due_at", postgresql_where=text("state = 'taken'")),
    Index("ix_requests_case_id", "case_id", "id"),
)

approvals = Table(
    "approvals",
    metadata,
    own_id(),
    _case(),
    Column("kind", Text, nullable=False),
    Column("amount", BigInteger),
    Column("reason", Text, nullable=False),
    staff_ref("asked_by"),
    Column("state", Text, nullable=False),
    moment("asked_at"),
    moment("due_at"),
    staff_ref("decided_by", nullable=True),
    moment("decided_at", nullable=True),
    Column("note", Text, nullable=False, server_default=""),
    moment("escalated_at", nullable=True),
    _timer(),
    staff_ref("asked_of", nullable=True),
    Column("asked_too", JSONB, nullable=False, server_default="[]"),
    Index("ix_approvals_pending", "due_at", postgresql_where=text("state = 'pending'")),
    Index("ix_approvals_case_id", "case_id", "id"),
)
"""Amounts are whole VND."""

ratings = Table(
    "ratings",
    metadata,
    own_id(),
    Column("case_id", BigInteger, ForeignKey("cases.id"), nullable=False, unique=True),
    moment("asked_at"),
    Column("score", Integer),
    Column("words", Text, nullable=False, server_default=""),
    moment("rated_at", nullable=True),
    Column("follow_up_case_id", BigInteger, ForeignKey("cases.id")),
    Index("ix_ratings_low", "rated_at", postgresql_where=text("score <= 2")),
)

# What the partial indexes above are about, for queries. Written out, not as parameters: a plan that has to fit every
# parameter could not use them, and a conflict could not be told from its index.
OFFER_OPEN = offers.c.state == literal_column("'open'")
TRANSFER_ASKED = transfers.c.state == literal_column("'asked'")
REQUEST_UNSETTLED = requests.c.state.in_([literal_column("'open'"), literal_column("'taken'")])
REQUEST_TAKEN = requests.c.state == literal_column("'taken'")
APPROVAL_PENDING = approvals.c.state == literal_column("'pending'")
