"""Every table of the house. Migrations build the same; a test compares the two.

Names are the words of DESIGN section 2. All times are ``timestamptz``. PGMQ's own tables live in the schema ``pgmq``.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from bot.adapters.db.columns import moment, own_id, ref

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


customers = Table(
    "customers",
    metadata,
    own_id(),
    Column("name", Text),
    Column("language", Text, nullable=False, server_default="vi"),
    moment("created_at"),
)

identities = Table(
    "identities",
    metadata,
    Column("channel", Text, primary_key=True),
    Column("external_id", Text, primary_key=True),
    ref("customer_id", "customers.id"),
    Index("ix_identities_customer_id", "customer_id"),
)

conversations = Table(
    "conversations",
    metadata,
    own_id(),
    ref("customer_id", "customers.id"),
    Column("channel", Text, nullable=False),
    Column("chat", Text, nullable=False),
    Column("speaker", Text, nullable=False, server_default="bot"),
    Column("speaker_staff_id", BigInteger),
    Column("floor_version", Integer, nullable=False, server_default="0"),
    Column("language", Text, nullable=False, server_default="vi"),
    Column("dialogue", JSONB(none_as_null=True)),
    Column("reachable", Boolean, nullable=False, server_default=text("true")),
    moment("last_inbound_at", nullable=True),
    moment("created_at"),
    UniqueConstraint("channel", "chat"),
    Index("ix_conversations_customer_id", "customer_id"),
)

inbound_events = Table(
    "inbound_events",
    metadata,
    own_id(),
    Column("channel", Text, nullable=False),
    Column("dedupe_key", Text, nullable=False),
    Column("chat", Text, nullable=False),
    Column("payload", JSONB, nullable=False),
    moment("received_at"),
    UniqueConstraint("channel", "dedupe_key"),
)

turns = Table(
    "turns",
    metadata,
    own_id(),
    ref("conversation_id", "conversations.id"),
    moment("opened_at"),
    moment("closed_at", nullable=True),
    Column("outcome", Text),
    Column("case_id", BigInteger),
    Column("intent", Text),
    Column("confidence", Float),
    Column("model_id", Text),
    Column("reading", JSONB(none_as_null=True)),
    Column("to_review", Boolean, nullable=False, server_default=text("false")),
    Index("ix_turns_to_review", "closed_at", postgresql_where=text("to_review")),
    Index("ix_turns_open", "conversation_id", unique=True, postgresql_where=text("outcome IS NULL")),
    Index("ix_turns_watch", "opened_at", postgresql_where=text("outcome IS NULL")),
    Index("ix_turns_conversation_id", "conversation_id", "id"),
)

messages = Table(
    "messages",
    metadata,
    own_id(),
    ref("conversation_id", "conversations.id"),
    ref("turn_id", "turns.id", nullable=True),
    Column("case_id", BigInteger),
    Column("direction", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("staff_id", BigInteger),
    Column("kind", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("buttons", JSONB(none_as_null=True)),
    Column("meta", JSONB(none_as_null=True)),
    Column("client_id", Text),
    Column("provider_id", Text),
    Column("delivery", Text),
    Column("delivery_error", Text),
    Column("handled", Boolean, nullable=False, server_default=text("true")),
    moment("edited_at", nullable=True),
    moment("created_at"),
    Index("ix_messages_conversation_id", "conversation_id", "id"),
    Index("ix_messages_turn_id", "turn_id"),
    Index(
        "ix_messages_client_id",
        "conversation_id",
        "client_id",
        unique=True,
        postgresql_where=text("client_id IS NOT NULL"),
    ),
    Index(
        "ix_messages_provider_id", "conversation_id", "provider_id", postgresql_where=text("provider_id IS NOT NULL")
    ),
)

attachments = Table(
    "attachments",
    metadata,
    own_id(),
    ref("message_id", "messages.id"),
    Column("kind", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("mime", Text, nullable=False),
    Column("size", BigInteger),
    Column("state", Text, nullable=False),
    Column("path", Text),
    Index("ix_attachments_message_id", "message_id"),
)

cases = Table(
    "cases",
    metadata,
    own_id(),
    Column("code", Text, nullable=False, unique=True),
    ref("conversation_id", "conversations.id"),
    ref("customer_id", "customers.id"),
    Column("department", Text, nullable=False),
    Column("wanted", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("priority", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("collected", JSONB, nullable=False),
    ref("owner_id", "staff.id", nullable=True),
    Column("queue_number", Integer),
    Column("queue_day", Date),
    Column("hops", Integer, nullable=False, server_default="0"),
    moment("opened_at"),
    moment("claimed_at", nullable=True),
    moment("replied_at", nullable=True),
    moment("resolved_at", nullable=True),
    Column("language", Text, nullable=False, server_default="vi"),
    Column("skill", Text),
    Column("complaint", Boolean, nullable=False, server_default=text("false")),
    moment("waiting_since", nullable=True),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("ahead", Integer),
    Column("serving", Integer),
    Column("at_once", Boolean, nullable=False, server_default=text("false")),
    Column("wait_low", Integer),
    Column("wait_high", Integer),
    Column("sla", JSONB(none_as_null=True)),
    Column("timer_id", BigInteger),
    Index("ix_cases_queue", "department", "id", postgresql_where=text("state <> 'resolved'")),
    Index("ix_cases_owner", "owner_id", postgresql_where=text("state = 'assigned'")),
    Index("ix_cases_waiting", "department", "waiting_since", "id", postgresql_where=text("state = 'waiting'")),
    # When a person was last free.
    Index("ix_cases_finished", "owner_id", "resolved_at", postgresql_where=text("state = 'resolved'")),
    # Whom a customer last had: asked for thousands at once, so it is answered without a look at their cases.
    Index(
        "ix_cases_had",
        "customer_id",
        "wanted",
        "id",
        postgresql_include=["owner_id"],
        postgresql_where=text("owner_id IS NOT NULL"),
    ),
    # The latest waits of a department, which the next range is told from.
    Index(
        "ix_cases_waits",
        "department",
        "claimed_at",
        postgresql_where=text("claimed_at IS NOT NULL AND ahead IS NOT NULL"),
    ),
    Index("ix_cases_customer_id", "customer_id", "id"),
    Index("ix_cases_conversation_id", "conversation_id", "id"),
)

promises = Table(
    "promises",
    metadata,
    own_id(),
    ref("case_id", "cases.id"),
    moment("due_at"),
    moment("made_at"),
    Column("state", Text, nullable=False),
    moment("settled_at", nullable=True),
    Column("timer_id", BigInteger),
    Column("kind", Text, nullable=False, server_default="answer"),
    moment("replied_at", nullable=True),
    Column("tries", Integer, nullable=False, server_default="0"),
    moment("calling_at", nullable=True),
    Column("silent", Boolean, nullable=False, server_default=text("false")),
    Index("ix_promises_open", "case_id", unique=True, postgresql_where=text("state = 'open'")),
    Index("ix_promises_case_id", "case_id", "id"),
)

staff = Table(
    "staff",
    metadata,
    own_id(),
    Column("email", Text, nullable=False, unique=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("departments", JSONB, nullable=False),
    Column("password_hash", Text),
    Column("active", Boolean, nullable=False, server_default=text("true")),
    Column("on_duty", Boolean, nullable=False, server_default=text("false")),
    moment("created_at"),
    Column("skills", JSONB, nullable=False, server_default=text("'[]'")),
    Column("languages", JSONB, nullable=False, server_default=text("""'["vi"]'""")),
    Column("senior", Boolean, nullable=False, server_default=text("false")),
    Column("title", Text, nullable=False, server_default=""),
    moment("switched_at", nullable=True),
    moment("seen_at", nullable=True),
    Column("shift_timer_id", BigInteger),
)

second_factors = Table(
    "second_factors",
    metadata,
    Column("staff_id", BigInteger, ForeignKey("staff.id"), primary_key=True),
    Column("secret", Text, nullable=False),
    Column("confirmed", Boolean, nullable=False),
    Column("last_step", BigInteger, nullable=False),
)

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    ref("staff_id", "staff.id"),
    Column("csrf", Text, nullable=False),
    moment("created_at"),
    moment("seen_at"),
    Index("ix_staff_sessions_staff_id", "staff_id"),
)

login_attempts = Table(
    "login_attempts",
    metadata,
    Column("subject", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    moment("open_at"),
)

one_time_links = Table(
    "one_time_links",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("purpose", Text, nullable=False),
    moment("expires_at"),
)

chat_sessions = Table(
    "chat_sessions",
    metadata,
    Column("token_hash", LargeBinary, primary_key=True),
    ref("conversation_id", "conversations.id"),
    moment("created_at"),
    Index("ix_chat_sessions_conversation_id", "conversation_id"),
)

live_events = Table(
    "live_events",
    metadata,
    own_id(),
    Column("kind", Text, nullable=False),
    Column("conversation_id", BigInteger),
    Column("data", JSONB, nullable=False),
    Column("xid", BigInteger, nullable=False, server_default=text("(pg_current_xact_id()::text::bigint)")),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=text("now()")),
    Index("ix_live_events_xid", "xid", "id"),
    Index("ix_live_events_created_at", "created_at"),
)

audit = Table(
    "audit",
    metadata,
    own_id(),
    moment("at"),
    Column("actor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", JSONB, nullable=False),
    Index("ix_audit_subject", "subject", "id"),
)

counters = Table(
    "counters",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", BigInteger, nullable=False),
)

channel_state = Table(
    "channel_state",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", JSONB, nullable=False),
)

send_gates = Table(
    "send_gates",
    metadata,
    Column("key", Text, primary_key=True),
    moment("open_at"),
)
