"""Forgetting a customer in PostgreSQL: whatever they said, sent or are called, wherever it lies.

A table that comes to hold words of customers belongs in here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Row, Text, bindparam, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.adapters.db.review_tables import erasures
from bot.domain.errors import Unknown
from bot.services.ports_review import CLEARED, Erasure

# What hangs on a case or a conversation. Whoever works for the house wrote some of it, about the customer.
_THEIRS: Final = """
    WITH theirs AS (SELECT id, channel, chat FROM conversations WHERE customer_id = :customer),
    held AS (SELECT id, code FROM cases WHERE customer_id = :customer),
    said AS (SELECT id FROM messages WHERE conversation_id IN (SELECT id FROM theirs)),
    files AS (SELECT id FROM attachments WHERE message_id IN (SELECT id FROM said)),
    queued AS (SELECT channel || ':' || chat AS name FROM theirs)
"""

_STEPS: Final[Sequence[tuple[str, str]]] = (
    ("waiting", "DELETE FROM pgmq.q_inbox WHERE headers ->> 'x-pgmq-group' IN (SELECT name FROM queued)"),
    ("waiting", "DELETE FROM pgmq.q_outbox WHERE headers ->> 'x-pgmq-group' IN (SELECT name FROM queued)"),
    ("waiting", "DELETE FROM pgmq.a_inbox WHERE headers ->> 'x-pgmq-group' IN (SELECT name FROM queued)"),
    ("waiting", "DELETE FROM pgmq.a_outbox WHERE headers ->> 'x-pgmq-group' IN (SELECT name FROM queued)"),
    (
        "waiting",
        """
        DELETE FROM pgmq.q_timers
        WHERE (message ->> 'kind' = 'fetch' AND (message ->> 'attachment_id')::bigint IN (SELECT id FROM files))
        OR (message ->> 'kind' = 'state_asked' AND (message ->> 'message_id')::bigint IN (SELECT id FROM said))
        OR (message ->> 'kind' = 'name' AND (message ->> 'conversation_id')::bigint IN (SELECT id FROM theirs))
        """,
    ),
    ("events", "DELETE FROM inbound_events WHERE (channel, chat) IN (SELECT channel, chat FROM theirs)"),
    ("events", "DELETE FROM live_events WHERE conversation_id IN (SELECT id FROM theirs)"),
    # Messages, then examples, then trainings: in this order everybody locks them who takes back what was taught.
    (
        "examples",
        """
        UPDATE examples SET text = '', entities = '[]', same = NULL, state = 'withdrawn', consent = 'absent',
            withdrawn_at = :at
        WHERE customer_id = :customer AND state <> 'withdrawn'
        """,
    ),
    (
        # What a gate found is quoted by message; what was wrong with a dataset, by sentence: see `clear_faults`.
        "quotes",
        """
        UPDATE trainings SET gate = gate || (
            SELECT jsonb_object_agg(list, (
                SELECT coalesce(jsonb_agg(one), '[]') FROM jsonb_array_elements(gate -> list) AS one
                WHERE (one ->> 'message_id')::bigint NOT IN (SELECT id FROM said)
            ))
            FROM unnest(ARRAY['replay', 'undone_list', 'still_wrong_list']) AS list WHERE gate ? list
        )
        WHERE EXISTS (
            SELECT FROM unnest(ARRAY['replay', 'undone_list', 'still_wrong_list']) AS list,
                jsonb_array_elements(gate -> list) AS one
            WHERE gate ? list AND (one ->> 'message_id')::bigint IN (SELECT id FROM said)
        )
        """,
    ),
    # Words that many wrote, theirs perhaps among them; whoever looks again finds them without.
    (
        "quotes",
        """
        UPDATE channel_state SET value = jsonb_set(value, '{clusters}', '[]')
        WHERE key = 'clusters' AND value -> 'clusters' <> '[]' AND EXISTS (SELECT FROM said)
        """,
    ),
    (
        "quotes",
        "UPDATE channel_state SET value = value - 'found' WHERE key = 'drift' AND EXISTS (SELECT FROM said)",
    ),
    ("readings", "DELETE FROM shadow_readings WHERE message_id IN (SELECT id FROM said)"),
    ("attachments", "DELETE FROM attachments WHERE id IN (SELECT id FROM files)"),
    ("messages", "DELETE FROM messages WHERE id IN (SELECT id FROM said)"),
    (
        "turns",
        """
        UPDATE turns SET outcome = coalesce(outcome, 'answered'), closed_at = coalesce(closed_at, :at),
            reading = NULL, to_review = false
        WHERE conversation_id IN (SELECT id FROM theirs)
        """,
    ),
    (
        "cases",
        "UPDATE cases SET summary = :note, collected = '{}' WHERE customer_id = :customer",
    ),
    ("moves", "UPDATE transfers SET summary = '', reason = '' WHERE case_id IN (SELECT id FROM held)"),
    ("moves", "UPDATE offers SET reason = '' WHERE case_id IN (SELECT id FROM held)"),
    ("moves", "UPDATE requests SET text = '', answer = '' WHERE case_id IN (SELECT id FROM held)"),
    ("moves", "UPDATE approvals SET reason = '', note = '' WHERE case_id IN (SELECT id FROM held)"),
    ("moves", "UPDATE ratings SET words = '' WHERE case_id IN (SELECT id FROM held)"),
    (
        "moves",
        """
        UPDATE audit SET detail = detail - '{reason,note,text,summary,words,answer}'::text[]
        WHERE subject IN (SELECT code FROM held)
        """,
    ),
    ("sessions", "DELETE FROM chat_sessions WHERE conversation_id IN (SELECT id FROM theirs)"),
    ("identities", "DELETE FROM identities WHERE customer_id = :customer"),
    (
        "conversations",
        # The chat is whom the channel would reach: it goes, and whoever comes back from there is somebody new.
        """
        UPDATE conversations SET chat = 'erased:' || id, dialogue = NULL, reachable = false
        WHERE customer_id = :customer AND chat <> 'erased:' || id
        """,
    ),
    ("names", "UPDATE customers SET name = NULL WHERE id = :customer AND name IS NOT NULL"),
)

# Held by whoever forgets and by whoever stores what quotes customers, so that neither passes the other unseen.
_TURNSTILE = text("SELECT pg_advisory_xact_lock(hashtext('letan.quotes'))")
_NEWEST = text("SELECT coalesce(max(id), 0) FROM erasures")
# After the conversations, as everybody does who writes into one. Whoever merely names the customer goes on.
_CUSTOMER = text("SELECT id FROM customers WHERE id = :customer FOR NO KEY UPDATE")
_LOCK = text("SELECT id FROM conversations WHERE customer_id = :customer ORDER BY id FOR UPDATE")
_MESSAGES = text(
    "SELECT messages.id FROM messages JOIN conversations ON conversations.id = conversation_id "
    "WHERE customer_id = :customer ORDER BY messages.id FOR UPDATE OF messages"
)
_PATHS = text(
    f"""
    {_THEIRS}
    SELECT path FROM attachments WHERE id IN (SELECT id FROM files) AND path IS NOT NULL
    """  # noqa: S608 - fixed text
)
_STATEMENTS: Final = [(what, text(f"{_THEIRS} {statement}")) for what, statement in _STEPS]


class ForgettingRows:
    """The part of `bot.services.ports_review.Reviews` that forgets customers."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def erase(self, customer_id: int, actor: str, at: datetime, note: str) -> Erasure:
        """Lock the conversations, so that nobody writes into them meanwhile, then go through all that holds words."""
        given = {"customer": customer_id, "at": at, "note": note}
        await self._connection.execute(_TURNSTILE)
        await self._connection.execute(_LOCK, given)
        if (await self._connection.execute(_CUSTOMER, given)).one_or_none() is None:
            raise Unknown(f"customer {customer_id}")
        await self._connection.execute(_MESSAGES, given)
        paths = [row.path for row in await self._connection.execute(_PATHS, given)]
        counts: dict[str, int] = {}
        for what, statement in _STATEMENTS:
            done = await self._connection.execute(statement, given)
            counts[what] = counts.get(what, 0) + done.rowcount
        values = {"customer_id": customer_id, "actor": actor, "at": at, "counts": counts, "paths": paths}
        stored = await self._connection.execute(insert(erasures).values(values).returning(erasures))
        return _erasure(stored.one())

    async def newest_erasure(self, *, lock: bool = False) -> int:
        """Count by ids."""
        if lock:
            await self._connection.execute(_TURNSTILE)
        return int((await self._connection.execute(_NEWEST)).scalar_one())

    async def clear_faults(self) -> None:
        """Update those that have any."""
        await self._connection.execute(
            text(
                "UPDATE trainings SET faults = CASE faults WHEN '[]' THEN faults ELSE jsonb_build_array(:cleared) END, "
                "unlearned = (SELECT coalesce(jsonb_agg(CASE WHEN one->>'text' <> '' "
                "THEN jsonb_set(one, '{text}', to_jsonb(:cleared)) ELSE one END), '[]') "
                "FROM jsonb_array_elements(unlearned) AS one) WHERE faults <> '[]' OR unlearned <> '[]'"
            ).bindparams(bindparam("cleared", type_=Text)),
            {"cleared": CLEARED},
        )

    async def erasures(self, customer_id: int) -> list[Erasure]:
        """List by customer."""
        rows = await self._connection.execute(
            select(erasures).where(erasures.c.customer_id == customer_id).order_by(erasures.c.id)
        )
        return [_erasure(row) for row in rows]

    async def files_gone(self, erasure: Erasure) -> None:
        """Update."""
        await self._connection.execute(update(erasures).where(erasures.c.id == erasure.id).values(paths=[]))


def _erasure(row: Row[Any]) -> Erasure:
    return Erasure(
        id=row.id,
        customer_id=row.customer_id,
        at=row.at,
        counts={str(what): int(count) for what, count in row.counts.items()},
        paths=tuple(row.paths),
    )
