"""Which messages may be worth a look: each kind found through an index and limited, so that the page opens at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.teaching.worth import Seen, sampled
from bot.domain.turns import Outcome
from bot.services.ports_review import Objection
from bot.services.ports_teach import SAMPLED_FROM, Candidate, Decision

DOUBTFUL, REROUTED, LOW_RATED = 300, 100, 50
CORRECTED, DISPUTED, DIFFERING, PROPOSED = 100, 50, 100, 100
"""Turns of each kind, the newest of them."""

# What is constant about a kind is written out: a plan for any parameter could not use the partial indexes.
_FIND = text(
    """
    WITH moved AS (
        SELECT DISTINCT ON (case_id) case_id, to_department
        FROM (
            SELECT id, case_id, to_department FROM transfers
            WHERE state = 'accepted' AND asked_at >= :since
            ORDER BY id DESC LIMIT :rerouted
        ) AS latest
        ORDER BY case_id, id DESC
    ), unhappy AS (
        SELECT case_id FROM ratings
        WHERE score <= 2 AND rated_at >= :since ORDER BY rated_at DESC LIMIT :low_rated
    ), misread AS (
        SELECT case_id, message_id, intent FROM corrections
        WHERE undone_at IS NULL AND at >= :since ORDER BY at DESC LIMIT :corrected
    ), disputed AS (
        SELECT message_id, label, staff_id, at, id FROM objections
        WHERE settled_at IS NULL ORDER BY id DESC LIMIT :disputed
    ), proposed AS (
        -- A message that was split has other examples than its label says: whoever agrees does so part by part.
        SELECT examples.message_id FROM examples
        JOIN labels ON labels.message_id = examples.message_id AND labels.label = examples.label
            AND labels.undone_at IS NULL
        WHERE examples.state = 'proposed' AND examples.labelled_by <> :second
        ORDER BY examples.id DESC LIMIT :proposed
    ), differing AS (
        SELECT message_id, intent FROM shadow_readings
        WHERE NOT agrees AND at >= :since AND model_id = (
            SELECT model_id FROM shadow_readings WHERE NOT agrees AND at >= :since ORDER BY at DESC LIMIT 1
        )
        ORDER BY at DESC LIMIT :differing
    ), wanted AS (
        (SELECT id FROM turns WHERE to_review AND closed_at >= :since ORDER BY closed_at DESC LIMIT :doubtful)
        UNION
        SELECT opening.id
        FROM (SELECT case_id FROM moved UNION SELECT case_id FROM unhappy) AS one
        JOIN cases ON cases.id = one.case_id
        CROSS JOIN LATERAL (
            SELECT turns.id FROM turns
            WHERE turns.conversation_id = cases.conversation_id AND turns.case_id = cases.id
            AND turns.reading IS NOT NULL
            ORDER BY turns.id LIMIT 1
        ) AS opening
        UNION
        SELECT messages.turn_id
        FROM (
            SELECT message_id FROM misread UNION SELECT message_id FROM disputed
            UNION SELECT message_id FROM proposed UNION SELECT message_id FROM differing
        ) AS one
        JOIN messages ON messages.id = one.message_id
        UNION
        SELECT id FROM turns WHERE id = ANY(:drawn) AND reading IS NOT NULL AND closed_at >= :since
    )
    SELECT turns.id AS turn_id, said.id AS message_id, said.text, said.created_at, conversations.customer_id,
        conversations.channel, customers.name, turns.intent, turns.confidence, turns.reading, turns.outcome,
        turns.model_id,
        moved.to_department, cases.wanted, cases.department, ratings.score,
        misread.message_id AS misread, misread.intent AS hint, differing.intent AS shadow_intent,
        labels.id AS label_id, labels.label, labels.staff_id AS label_by, labels.at AS label_at, labels.example_id,
        disputed.id AS objection_id, disputed.label AS objection, disputed.staff_id AS objection_by,
        disputed.at AS objection_at, proposed.message_id AS proposed
    FROM wanted
    JOIN turns ON turns.id = wanted.id
    CROSS JOIN LATERAL (
        SELECT id, text, created_at FROM messages
        WHERE turn_id = turns.id AND author = 'customer' AND text <> '' ORDER BY id DESC LIMIT 1
    ) AS said
    JOIN conversations ON conversations.id = turns.conversation_id
    JOIN customers ON customers.id = conversations.customer_id
    LEFT JOIN cases ON cases.id = turns.case_id
    LEFT JOIN moved ON moved.case_id = cases.id
    LEFT JOIN ratings ON ratings.case_id = cases.id
    LEFT JOIN misread ON misread.message_id = said.id
    LEFT JOIN differing ON differing.message_id = said.id
    LEFT JOIN disputed ON disputed.message_id = said.id
    LEFT JOIN labels ON labels.message_id = said.id AND labels.undone_at IS NULL
    LEFT JOIN proposed ON proposed.message_id = said.id
    WHERE (labels.id IS NULL OR disputed.id IS NOT NULL OR proposed.message_id IS NOT NULL)
    AND NOT EXISTS (SELECT FROM refusals WHERE refusals.customer_id = conversations.customer_id)
    ORDER BY said.id
    """
)
_NEWEST = text("SELECT coalesce(max(id), 0) FROM turns")


async def candidates(
    connection: AsyncConnection, since: datetime, seed: int, second: int | None = None
) -> list[Candidate]:
    """See `bot.services.ports_teach.Teaching.candidates`."""
    newest = int((await connection.execute(_NEWEST)).scalar_one())
    limits = {
        "doubtful": DOUBTFUL,
        "rerouted": REROUTED,
        "low_rated": LOW_RATED,
        "corrected": CORRECTED,
        "disputed": DISPUTED,
        "differing": DIFFERING,
        "proposed": PROPOSED if second is not None else 0,
    }
    drawn = sampled(newest, seed, SAMPLED_FROM)
    wanted = {"since": since, "drawn": sorted(drawn), "second": second or 0}
    rows = await connection.execute(_FIND, {**wanted, **limits})
    return [_candidate(row, drawn=row.turn_id in drawn) for row in rows]


def _candidate(row: Row[Any], *, drawn: bool) -> Candidate:
    reading = row.reading or {"ranking": [], "in_scope": None, "decision": None}
    seen = Seen(
        message_id=row.message_id,
        customer_id=row.customer_id,
        channel=row.channel,
        text=row.text,
        at=row.created_at,
        intent=row.intent,
        confidence=row.confidence,
        ranking=tuple((str(name), float(confidence)) for name, confidence in reading["ranking"]),
        in_scope=reading["in_scope"],
        decision=reading["decision"],
        outcome=Outcome(row.outcome) if row.outcome else None,
        department_first=row.wanted,
        department_now=row.to_department,
        corrected_to=row.hint,
        wrong_need=row.misread is not None,
        disputed=row.objection_id is not None,
        proposed=row.proposed is not None and row.objection_id is None,
        csat=row.score,
        model_id=row.model_id,
        shadow_intent=row.shadow_intent,
        case_department=row.department,
        drawn=drawn,
    )
    return Candidate(seen=seen, name=row.name, decision=_decision(row), objection=_objection(row))


def _decision(row: Row[Any]) -> Decision | None:
    if row.label_id is None:
        return None
    return Decision(
        id=row.label_id,
        message_id=row.message_id,
        label=row.label,
        staff_id=row.label_by,
        at=row.label_at,
        example_id=row.example_id,
    )


def _objection(row: Row[Any]) -> Objection | None:
    if row.objection_id is None:
        return None
    return Objection(
        id=row.objection_id,
        message_id=row.message_id,
        label=row.objection,
        staff_id=row.objection_by,
        at=row.objection_at,
    )
