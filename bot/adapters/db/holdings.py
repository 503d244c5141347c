"""Whatever lies in PostgreSQL of one customer, as one JSON document, read at one moment.

A table that comes to hold words of customers belongs in here as it does in `bot.adapters.db.forgetting`; a test
compares the two. What many customers wrote in common (groups of messages, words that are news) is nobody's copy.
"""

from __future__ import annotations

from typing import Any, Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.domain.errors import Unknown

_KINDS: Final = {
    "identities": "SELECT channel, external_id FROM identities WHERE customer_id = :customer ORDER BY 1, 2",
    "conversations": """
        SELECT id, channel, chat, language, reachable, created_at, last_inbound_at, dialogue FROM conversations
        WHERE customer_id = :customer ORDER BY id
    """,
    "messages": """
        SELECT id, conversation_id, created_at AS at, direction, author, kind, text, edited_at, delivery FROM messages
        WHERE conversation_id IN (SELECT id FROM theirs) ORDER BY id
    """,
    "files": """
        SELECT message_id, kind, name, mime, size, state, path FROM attachments
        WHERE message_id IN (SELECT id FROM said) ORDER BY id
    """,
    "turns": """
        SELECT id, conversation_id, opened_at, closed_at, outcome, intent, confidence, model_id, reading FROM turns
        WHERE conversation_id IN (SELECT id FROM theirs) ORDER BY id
    """,
    "cases": """
        SELECT code, department, state, priority, reason, summary, collected, opened_at, claimed_at, resolved_at
        FROM cases WHERE customer_id = :customer ORDER BY id
    """,
    "promises": """
        SELECT code, due_at, made_at, promises.state, settled_at FROM promises JOIN held ON held.id = case_id
        ORDER BY promises.id
    """,
    "requests": """
        SELECT code, requests.department, text, answer, requests.state FROM requests JOIN held ON held.id = case_id
        ORDER BY requests.id
    """,
    "approvals": """
        SELECT code, kind, amount, approvals.reason, note, approvals.state FROM approvals
        JOIN held ON held.id = case_id ORDER BY approvals.id
    """,
    "offers": """
        SELECT code, made_at, settled_at, offers.state, offers.reason FROM offers JOIN held ON held.id = case_id
        ORDER BY offers.id
    """,
    "transfers": """
        SELECT code, transfers.summary, transfers.reason, transfers.state FROM transfers JOIN held ON held.id = case_id
        ORDER BY transfers.id
    """,
    "ratings": """
        SELECT code, asked_at, rated_at, score, words FROM ratings JOIN held ON held.id = case_id ORDER BY ratings.id
    """,
    "examples": """
        SELECT message_id, text, label, state, consent, made_at, withdrawn_at FROM examples
        WHERE customer_id = :customer ORDER BY id
    """,
    "shadow_readings": """
        SELECT message_id, model_id, serving, intent, confidence, at FROM shadow_readings
        WHERE message_id IN (SELECT id FROM said) ORDER BY message_id, model_id
    """,
    "quotes": """
        SELECT trainings.id AS training, list, one AS quote
        FROM trainings, unnest(ARRAY['replay', 'undone_list', 'still_wrong_list']) AS list,
            jsonb_array_elements(gate -> list) AS one
        WHERE gate ? list AND (one ->> 'message_id')::bigint IN (SELECT id FROM said) ORDER BY 1, 2
    """,
    "consent_withdrawn": "SELECT at FROM refusals WHERE customer_id = :customer",
    "erasures": "SELECT at, counts FROM erasures WHERE customer_id = :customer ORDER BY id",
    "events": """
        SELECT channel, received_at, payload FROM inbound_events
        WHERE (channel, chat) IN (SELECT channel, chat FROM theirs) ORDER BY id
    """,
    "live_events": """
        SELECT created_at, kind, data FROM live_events WHERE conversation_id IN (SELECT id FROM theirs) ORDER BY id
    """,
    "audit": """
        SELECT at, actor, action, subject, detail FROM audit WHERE subject IN (SELECT code FROM held) ORDER BY id
    """,
    # The token itself is nowhere; its digest says nothing to anybody.
    "sessions": """
        SELECT conversation_id, created_at FROM chat_sessions WHERE conversation_id IN (SELECT id FROM theirs)
    """,
    "waiting": """
        SELECT enqueued_at, message FROM (
            SELECT enqueued_at, headers, message FROM pgmq.q_inbox UNION ALL
            SELECT enqueued_at, headers, message FROM pgmq.q_outbox UNION ALL
            SELECT enqueued_at, headers, message FROM pgmq.a_inbox UNION ALL
            SELECT enqueued_at, headers, message FROM pgmq.a_outbox
        ) AS queued WHERE headers ->> 'x-pgmq-group' IN (SELECT channel || ':' || chat FROM theirs)
        UNION ALL
        SELECT enqueued_at, message FROM pgmq.q_timers
        WHERE (message ->> 'kind' = 'fetch' AND (message ->> 'attachment_id')::bigint IN (
            SELECT id FROM attachments WHERE message_id IN (SELECT id FROM said)
        ))
        OR (message ->> 'kind' = 'state_asked' AND (message ->> 'message_id')::bigint IN (SELECT id FROM said))
        OR (message ->> 'kind' = 'name' AND (message ->> 'conversation_id')::bigint IN (SELECT id FROM theirs))
        ORDER BY 1
    """,
}
_PARTS: Final = ", ".join(
    f"'{kind}', (SELECT coalesce(jsonb_agg(to_jsonb(one)), '[]') FROM ({rows}) AS one)"  # noqa: S608 - fixed text
    for kind, rows in _KINDS.items()
)
_HELD: Final = text(
    f"""
    WITH theirs AS (SELECT id, channel, chat FROM conversations WHERE customer_id = :customer),
    held AS (SELECT id, code FROM cases WHERE customer_id = :customer),
    said AS (SELECT id FROM messages WHERE conversation_id IN (SELECT id FROM theirs))
    SELECT jsonb_build_object(
        'customer', jsonb_build_object('id', id, 'name', name, 'language', language, 'created_at', created_at), {_PARTS}
    ) FROM customers WHERE id = :customer
    """  # noqa: S608 - fixed text
)


class SqlHoldings:
    """Implements `bot.services.exporting.Holdings`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def of(self, customer_id: int) -> dict[str, Any]:
        """Read it in one statement: nothing of it is from another moment than the rest."""
        async with self._engine.connect() as connection:
            found = (await connection.execute(_HELD, {"customer": customer_id})).scalar_one_or_none()
        if found is None:
            raise Unknown(f"customer {customer_id}")
        return dict(found)
