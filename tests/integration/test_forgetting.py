"""A customer is forgotten: no row and no file of theirs is left that says anything, and the house still works."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.adapters.media.store import MediaDirectory
from bot.adapters.training.taught import TAUGHT_FILE
from bot.cli.customer import erased, exported
from bot.cli.output import Failure
from bot.domain.company import RoleId
from bot.services.forgetting import NOTE
from bot.services.ports_models import ShadowReading
from bot.settings import Settings
from tests.house import TestHouse, Visitor

pytestmark = pytest.mark.integration

SECRET = "bimatcuamai"
NAME = "Maitentruoc"
NOW = datetime(2026, 11, 26, tzinfo=UTC)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)


async def send_file(who: Visitor) -> None:
    form = aiohttp.FormData({"client_id": "7b6d2a52-7a64-4d0c-9a0e-0a0f0b2f5a11"}, quote_fields=False)
    form.add_field("file", PNG, filename=f"{SECRET}.png", content_type="image/png")
    async with who.session.post(f"{who.url}/chat/api/attachments", data=form) as response:
        assert response.status == 202, await response.text()


async def traces(house: TestHouse) -> list[str]:
    """The tables that have a word of theirs anywhere, in whatever form: what they said, or their name."""
    found = []
    async with house.running.house.store.engine.connect() as connection:  # type: ignore[attr-defined]
        names = await connection.execute(
            text(
                "SELECT table_schema || '.' || table_name FROM information_schema.tables"
                " WHERE table_schema IN ('public', 'pgmq') AND table_type = 'BASE TABLE' ORDER BY 1"
            )
        )
        for (name,) in names:
            held = await connection.execute(
                text(f"SELECT count(*) FROM {name} AS one WHERE one::text LIKE :word OR one::text LIKE :name"),
                {"word": f"%{SECRET}%", "name": f"%{NAME}%"},
            )
            if held.scalar_one():
                found.append(str(name))
    return found


async def quote(house: TestHouse, message_id: int, staff_id: int) -> None:
    """Have a gate, a faulty dataset, a look for clusters and one for drift speak of the message."""
    theirs = {"message_id": message_id, "text": SECRET, "before": "greet", "after": "thank", "count": 1}
    lists = {"undone_list": [theirs], "still_wrong_list": [theirs]}
    gate = {"allowed": True, "replay": [theirs, {**theirs, "message_id": 0, "text": "khác"}], **lists}
    async with house.running.house.store.begin() as uow:
        connection = uow.teaching._connection  # type: ignore[attr-defined]
        await connection.execute(
            text(
                "INSERT INTO trainings (state, examples, started_by, started_at, beat_at, faults, gate, unlearned)"
                " VALUES"
                " ('done', 1, :staff, now(), now(), '[]', CAST(:gate AS jsonb), '[]'),"
                " ('done', 1, :staff, now(), now(), '[]', NULL, (SELECT jsonb_agg(jsonb_build_object('intent', label,"
                " 'name', label, 'missing', 0, 'text', text)) FROM examples WHERE customer_id IS NOT NULL)),"
                " ('failed', 1, :staff, now(), now(),"
                " (SELECT jsonb_agg(text || ': sai') FROM examples WHERE customer_id IS NOT NULL), NULL, '[]')"
            ),
            {"staff": staff_id, "gate": json.dumps(gate)},
        )
        reading = ShadowReading(
            model_id="m-1", message_id=message_id, serving="greet", intent="thank", confidence=0.9, at=NOW
        )
        await uow.models.add_shadow_readings([reading])
        await uow.channel_states.put("clusters", {"state": "done", "clusters": [[3, 2, [SECRET], [message_id]]]})
        said = await uow.channel_states.get("drift") or {}
        await uow.channel_states.put("drift", {**said, "found": {"channels": [SECRET]}})


async def gates(house: TestHouse) -> list[dict[str, Any]]:
    async with house.running.house.store.engine.connect() as connection:  # type: ignore[attr-defined]
        rows = await connection.execute(text("SELECT gate FROM trainings WHERE gate IS NOT NULL"))
        return [row.gate for row in rows]


def settings_of(house: TestHouse) -> Settings:
    return house.running.house.settings


async def test_a_customer_is_forgotten_everywhere_and_again(house: TestHouse, database: str) -> None:
    lan = await house.staff("Lan", "accounting")
    minh = await house.staff("Minh", role=RoleId.MANAGER)
    mai, other = await house.visitor(), await house.visitor()
    await mai.say(f"cho tôi xuất hoá đơn cho {SECRET}")
    await send_file(mai)
    await other.say("giá máy giặt")
    await house.settled()
    (case,) = (await lan.get("/api/cases"))[1]["cases"]
    code = case["code"]
    await lan.post(f"/api/cases/{code}/claim")
    await lan.post(f"/api/cases/{code}/note", text=f"khách {SECRET} khó tính")
    await lan.post(f"/api/cases/{code}/request", department="it", text=f"xem giúp {SECRET}")
    await lan.post(f"/api/cases/{code}/promise", due_at="2030-01-01T09:00:00+07:00")
    (said, *_) = await mai.read()
    assert (await minh.post(f"/api/teach/{said['id']}/label", label="invoice_request"))[0] == 200
    taught = settings_of(house).data / "teaching" / TAUGHT_FILE
    taught.parent.mkdir(parents=True)
    taught.write_text(SECRET, encoding="utf-8")
    await quote(house, said["id"], minh.id)
    async with house.running.house.store.begin() as uow:
        conversation = await uow.conversations.get(mai.conversation_id)
        await uow.conversations.save_name(conversation.customer_id, NAME)
    held = {"messages", "cases", "examples", "attachments", "trainings", "channel_state", "requests", "customers"}
    assert {f"public.{one}" for one in held} <= set(await traces(house))
    files = [one for one in settings_of(house).media.rglob("*") if one.is_file()]
    assert len(files) == 1

    settings = settings_of(house).model_copy(update={"database_url": SecretStr(database)})
    forgotten = await erased(settings, code.lower())

    assert await traces(house) == []
    (gate,) = await gates(house)
    assert ([one["text"] for one in gate["replay"]], gate["undone_list"], gate["allowed"]) == (["khác"], [], True)
    assert gate["still_wrong_list"] == []
    async with house.running.house.store.engine.connect() as connection:  # type: ignore[attr-defined]
        assert (await connection.execute(text("SELECT count(*) FROM shadow_readings"))).scalar_one() == 0
    assert (forgotten.files, forgotten.examples, forgotten.open_cases) == (1, 1, (code,))
    assert not files[0].exists()
    assert not taught.exists()
    (case,) = (await lan.get("/api/cases"))[1]["cases"]
    assert (case["code"], case["summary"], case["customer_name"]) == (code, NOTE, None)
    async with mai.session.get(f"{house.url}/chat/api/messages") as response:
        assert response.status == 401
    assert (await other.read())[0]["author"] == "customer"
    taught.write_text(SECRET, encoding="utf-8")
    again = await erased(settings, str(forgotten.customer_id))
    assert not taught.exists()
    assert (again.counts["messages"], again.files, again.examples) == (0, 0, 0)
    taught.write_text(SECRET, encoding="utf-8")
    for nobody in ("987654", "KT-9999"):
        with pytest.raises(Failure, match="Không có khách"):
            await erased(settings, nobody)
    # A training that runs is not broken by a slip of the hand.
    assert taught.exists()
    async with house.running.house.store.engine.connect() as connection:  # type: ignore[attr-defined]
        rows = await connection.execute(text("SELECT actor, detail FROM audit WHERE action = 'customer.forget'"))
        first, _ = rows.all()
    assert (first.actor, first.detail["messages"] >= 3) == ("shell", True)
    assert SECRET not in json.dumps(first.detail)
    # The house goes on: the case can be ended, and whoever comes back is somebody new.
    status, body = await lan.post(f"/api/cases/{code}/resolve", drop_open=True, unanswered=True)
    assert status == 200, body
    await house.settled()


async def test_a_customer_gets_a_copy_of_everything_and_of_nobody_else(house: TestHouse, database: str) -> None:
    lan = await house.staff("Lan", "accounting")
    minh = await house.staff("Minh", role=RoleId.MANAGER)
    mai, other = await house.visitor(), await house.visitor()
    await mai.say(f"cho tôi xuất hoá đơn cho {SECRET}")
    await send_file(mai)
    await other.say("giá máy giặt nhà hàng xóm")
    await house.settled()
    code = (await lan.get("/api/cases"))[1]["cases"][0]["code"]
    await lan.post(f"/api/cases/{code}/claim")
    await lan.post(f"/api/cases/{code}/request", department="it", text="xem giúp")
    await lan.post(f"/api/cases/{code}/promise", due_at="2030-01-01T09:00:00+07:00")
    (said, *_) = await mai.read()
    assert (await minh.post(f"/api/teach/{said['id']}/label", label="invoice_request"))[0] == 200
    await quote(house, said["id"], minh.id)
    settings = settings_of(house).model_copy(update={"database_url": SecretStr(database)})

    held = dict(await exported(settings, code))

    assert held["customer"]["language"] == "vi"
    assert [one["code"] for one in held["cases"]] == [code]
    for kind in ("identities", "conversations", "turns", "promises", "requests", "audit", "shadow_readings"):
        assert held[kind], kind
    for kind in ("messages", "files", "cases", "examples", "events", "quotes"):
        assert SECRET in json.dumps(held[kind], ensure_ascii=False), kind
    assert held["consent_withdrawn"] == []
    assert "hàng xóm" not in json.dumps(held, ensure_ascii=False)
    assert "khác" not in json.dumps(held["quotes"], ensure_ascii=False)
    conversation = held["conversations"][0]
    for named in (str(held["customer"]["id"]), f"{conversation['channel']}:{conversation['chat']}"):
        again = dict(await exported(settings, named))
        assert {**again, "made_at": ""} == {**held, "made_at": ""}
    for nobody in ("987654", "KT-9999", "telegram:987", "buudien:1"):
        with pytest.raises(Failure, match="Không có khách"):
            await exported(settings, nobody)
    async with house.running.house.store.engine.connect() as connection:  # type: ignore[attr-defined]
        rows = await connection.execute(text("SELECT subject FROM audit WHERE action = 'customer.export'"))
        assert {row.subject for row in rows} == {f"customer {held['customer']['id']}"}
    await erased(settings, f"{conversation['channel']}:{conversation['chat']}")
    gone = dict(await exported(settings, str(held["customer"]["id"])))
    assert (gone["messages"], gone["files"], gone["identities"], gone["events"]) == ([], [], [], [])
    assert SECRET not in json.dumps(gone, ensure_ascii=False)


async def test_a_sentence_withdrawn_before_is_not_quoted_by_a_fault(house: TestHouse, database: str) -> None:
    async with house.running.house.store.begin() as uow:
        connection = uow.teaching._connection  # type: ignore[attr-defined]
        customer = (
            await connection.execute(text("INSERT INTO customers (created_at) VALUES (now()) RETURNING id"))
        ).scalar_one()
        minh = await house.staff("Minh", role=RoleId.MANAGER)
        await connection.execute(
            text(
                "INSERT INTO examples (text, label, source, state, consent, customer_id, labelled_by, made_at,"
                " entities)"
                " VALUES ('', 'greet', 'review', 'withdrawn', 'absent', :customer, :staff, now(), '[]')"
            ),
            {"customer": customer, "staff": minh.id},
        )
        await connection.execute(
            text(
                "INSERT INTO trainings (state, examples, started_at, beat_at, faults)"
                " VALUES ('failed', 1, now(), now(), jsonb_build_array(CAST(:fault AS text)))"
            ),
            {"fault": f"{SECRET}: sai"},
        )
    await erased(settings_of(house).model_copy(update={"database_url": SecretStr(database)}), str(customer))
    assert await traces(house) == []


_BLOCKED = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pg_blocking_pids(pid) <> '{}'"
)


async def waiting(engine: AsyncEngine) -> None:
    """Return once somebody waits for a lock that somebody else holds."""
    async with asyncio.timeout(20):
        while True:
            async with engine.connect() as connection:
                if (await connection.execute(_BLOCKED)).scalar_one():
                    return
            await asyncio.sleep(0.05)


async def test_a_case_is_open_to_its_holder_while_a_customer_is_forgotten(house: TestHouse, database: str) -> None:
    """Whoever holds a conversation may touch its customer: forgetting waits for the conversation first."""
    mai = await house.visitor()
    await mai.say("giá máy giặt")
    await house.settled()
    engine = house.running.house.store.engine  # type: ignore[attr-defined]
    settings = settings_of(house).model_copy(update={"database_url": SecretStr(database)})
    async with house.running.house.store.begin() as uow:
        connection = uow.teaching._connection  # type: ignore[attr-defined]
        row = (await connection.execute(text("SELECT id, customer_id FROM conversations FOR UPDATE"))).one()
        forgetting = asyncio.create_task(erased(settings, str(row.customer_id)))
        await waiting(engine)
        await connection.execute(text("SET LOCAL lock_timeout = '2s'"))
        await connection.execute(text("UPDATE customers SET name = 'Mai' WHERE id = :id"), {"id": row.customer_id})
    assert (await forgetting).customer_id == row.customer_id


@pytest.mark.parametrize("by_message", [True, False])
async def test_a_label_can_be_taken_back_while_its_customer_is_forgotten(
    house: TestHouse, database: str, by_message: bool
) -> None:
    """Both change what trainings quote, and both do it last: neither waits for the other with it in hand."""
    minh = await house.staff("Minh", role=RoleId.MANAGER)
    mai = await house.visitor()
    await mai.say("giá máy giặt")
    await house.settled()
    (message, *_) = await mai.read()
    assert (await minh.post(f"/api/teach/{message['id']}/label", label="product_price"))[0] == 200
    await quote(house, message["id"], minh.id)
    engine = house.running.house.store.engine  # type: ignore[attr-defined]
    settings = settings_of(house).model_copy(update={"database_url": SecretStr(database)})
    async with house.running.house.store.begin() as uow:
        (example,) = await uow.teaching.of_message(message["id"])
        assert example.customer_id is not None
        if by_message:
            await uow.teaching.message(message["id"], lock=True)
        else:
            await uow.teaching.save_example(example.withdrawn(NOW))
        forgetting = asyncio.create_task(erased(settings, str(example.customer_id)))
        await waiting(engine)
        await uow.teaching._connection.execute(text("SET LOCAL lock_timeout = '2s'"))  # type: ignore[attr-defined]
        await uow.teaching.save_example(example.withdrawn(NOW))
        await uow.teaching.clear_faults()
    assert (await forgetting).customer_id == example.customer_id


async def test_what_was_read_before_is_not_stored_after(house: TestHouse, database: str) -> None:
    mai = await house.visitor()
    await mai.say("giá máy giặt")
    await house.settled()
    store = house.running.house.store
    async with store.read() as uow:
        before = await uow.teaching.newest_erasure()
    async with store.engine.connect() as connection:  # type: ignore[attr-defined]
        customer = (await connection.execute(text("SELECT max(id) FROM customers"))).scalar_one()
    settings = settings_of(house).model_copy(update={"database_url": SecretStr(database)})
    async with store.begin() as uow:
        assert await uow.teaching.newest_erasure(lock=True) == before
        forgetting = asyncio.create_task(erased(settings, str(customer)))
        await waiting(store.engine)  # type: ignore[attr-defined]
        assert not forgetting.done()
    await forgetting
    async with store.begin() as uow:
        assert await uow.teaching.newest_erasure(lock=True) > before


async def test_files_that_were_left_go_the_next_time(
    house: TestHouse, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    mai = await house.visitor()
    await send_file(mai)
    await house.settled()
    (file,) = [one for one in settings_of(house).media.rglob("*") if one.is_file()]
    async with house.running.house.store.engine.connect() as connection:  # type: ignore[attr-defined]
        customer = (await connection.execute(text("SELECT max(id) FROM customers"))).scalar_one()
    settings = settings_of(house).model_copy(update={"database_url": SecretStr(database)})

    async def broken(_self: MediaDirectory, path: str) -> None:
        raise OSError(5, "Input/output error", path)

    with monkeypatch.context() as patch:
        patch.setattr(MediaDirectory, "forget", broken)
        with pytest.raises(Failure, match="Chạy lại"):
            await erased(settings, str(customer))
    assert file.exists()
    assert (await erased(settings, str(customer))).files == 1
    assert not file.exists()
    assert (await erased(settings, str(customer))).files == 0
