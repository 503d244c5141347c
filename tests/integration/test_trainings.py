"""Trainings through the doors, with a trainer in the test's hands: one at a time, cancelled, failed, interrupted."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.services.ports_teach import TrainingState
from bot.services.trainings import RESUMED_WITHIN, Trainings
from tests.house import TestHouse
from tests.integration.school import SlowTrainer, lead, listed, taught, use

pytestmark = [pytest.mark.integration, pytest.mark.timeout(180), pytest.mark.usefixtures("unsure")]


async def test_one_training_at_a_time_and_a_cancelled_one_leaves_nothing(house: TestHouse) -> None:
    use(house, trainer := SlowTrainer())
    minh = await lead(house)
    status, first = await minh.post("/api/teach/trainings")
    assert (status, first["state"], first["started_by"]) == (201, "running", "Minh")
    assert (await minh.post("/api/teach/trainings"))[0] == 409
    async with asyncio.timeout(10):
        while (await minh.get("/api/teach/trainings"))[1]["running"]["share"] != 0.4:
            await asyncio.sleep(0.05)
    status, cancelled = await minh.send("DELETE", f"/api/teach/trainings/{first['id']}")
    assert (status, cancelled["state"], cancelled["model_id"]) == (200, "cancelled", None)
    trainer.go.set()
    assert (await minh.post("/api/teach/trainings"))[0] == 201
    done = await listed(minh, "done", 10)
    assert (done["model_id"], done["gate"], done["share"]) == ("m-1", None, 1.0)
    assert (await minh.send("DELETE", f"/api/teach/trainings/{done['id']}"))[1]["state"] == "done"
    assert (await minh.send("DELETE", "/api/teach/trainings/987"))[0] == 404


async def test_a_failure_is_told_and_the_next_training_may_begin(house: TestHouse) -> None:
    use(house, trainer := SlowTrainer())
    trainer.faults = ["nlu/parking.yml:3: is not UTF-8"]
    trainer.go.set()
    minh = await lead(house)
    await minh.post("/api/teach/trainings")
    assert (await listed(minh, "failed", 10))["faults"] == trainer.faults
    assert (await minh.post("/api/teach/trainings"))[0] == 201


async def test_a_dataset_with_faults_is_told_whole_and_nothing_is_trained(house: TestHouse) -> None:
    use(house, trainer := SlowTrainer())
    trainer.lines = (*trainer.lines, ("address", "cho tôi gửi xe ô tô"), ("address", "ở đâu"))
    minh = await lead(house)
    await taught(house, minh, "cho tôi gửi xe ô tô")
    status, training = await minh.post("/api/teach/trainings")
    assert (status, training["state"]) == (201, "failed")
    assert any("“address”, “parking”" in one and "cho tôi gửi xe ô tô" in one for one in training["faults"])
    assert (await minh.get("/api/teach/trainings"))[1]["running"] is None


async def test_a_training_that_fell_silent_was_interrupted_and_is_started_again(house: TestHouse) -> None:
    use(house, SlowTrainer())
    minh = await lead(house)
    store, now = house.running.house.store, house.running.house.clock.now()
    async with store.begin() as uow:
        await uow.teaching.start_training(minh.id, 3, now - timedelta(minutes=5))
    (left,) = (await minh.get("/api/teach/trainings"))[1]["trainings"]
    assert left["state"] == "interrupted"
    assert (await minh.post("/api/teach/trainings"))[0] == 201


async def test_only_those_who_lead_train_and_promote(house: TestHouse) -> None:
    lan = await house.staff("Lan", "sales")
    for method, door in (
        ("POST", "/api/teach/trainings"),
        ("DELETE", "/api/teach/trainings/1"),
        ("POST", "/api/teach/models/m-1/promote"),
        ("POST", "/api/teach/rollback"),
    ):
        assert (await lan.send(method, door))[0] == 403
    assert (await lan.get("/api/teach/models"))[0] == 403


async def test_of_many_who_start_at_the_same_time_one_trains(house: TestHouse) -> None:
    use(house, trainer := SlowTrainer())
    people = [await lead(house) for _ in range(6)]
    statuses = [status for status, _ in await asyncio.gather(*(one.post("/api/teach/trainings") for one in people))]
    assert sorted(statuses) == [201, 409, 409, 409, 409, 409]
    trainer.go.set()
    await listed(people[0], "done", 10)
    assert len((await people[0].get("/api/teach/trainings"))[1]["trainings"]) == 1


async def test_a_training_ends_as_cancelled_where_a_customer_was_forgotten_meanwhile(house: TestHouse) -> None:
    use(house, trainer := SlowTrainer())
    minh, mai = await lead(house), await house.visitor()
    await mai.say("giá máy giặt")
    await house.settled()
    assert (await minh.post("/api/teach/trainings"))[0] == 201
    async with house.running.house.store.begin() as uow:
        (entry, *_) = await uow.conversations._connection.execute(text("SELECT max(id) FROM customers"))  # type: ignore[attr-defined]
        await uow.teaching.erase(entry[0], "shell", house.running.house.clock.now(), "")
    trainer.go.set()
    ended = await listed(minh, "cancelled", 10)
    assert (ended["model_id"], ended["gate"]) == (None, None)
    assert (await minh.post("/api/teach/trainings"))[0] == 201


# --- after a restart --------------------------------------------------------------------------------------------------


def restarted(house: TestHouse, trainer: SlowTrainer) -> Trainings:
    """What the house has after it was started again."""
    old = house.running.house.trainings
    return Trainings(store=old._store, clock=old._clock, trainer=trainer, shelf=old._runs._shelf)


async def test_an_interrupted_training_is_started_again_once_by_the_house(house: TestHouse) -> None:
    use(house, SlowTrainer())
    minh = await lead(house)
    _, first = await minh.post("/api/teach/trainings")
    await house.running.house.trainings.close()
    assert (await minh.get("/api/teach/trainings"))[1]["trainings"][0]["state"] == "interrupted"

    again = restarted(house, SlowTrainer())
    resumed = await again.resume()
    assert resumed is not None
    assert (resumed.resumes, resumed.started_by, resumed.state) == (first["id"], minh.id, TrainingState.RUNNING)
    assert await again.resume() is None
    await again.close()

    third = restarted(house, SlowTrainer())
    assert await third.resume() is None
    newest = (await minh.get("/api/teach/trainings"))[1]["trainings"][0]
    assert (newest["id"], newest["state"], newest["resumes"]) == (resumed.id, "interrupted", first["id"])
    assert (await minh.post("/api/teach/trainings"))[0] == 201


async def test_one_that_died_without_a_word_is_started_again_once_it_has_been_silent(house: TestHouse) -> None:
    use(house, SlowTrainer())
    minh = await lead(house)
    store, now = house.running.house.store, house.running.house.clock.now()
    async with store.begin() as uow:
        left = await uow.teaching.start_training(minh.id, 3, now - timedelta(minutes=5))
        assert left is not None
    trainer = SlowTrainer()
    again = restarted(house, trainer)
    resumed = await again.resume()
    assert resumed is not None
    assert resumed.resumes == left.id
    trainer.go.set()
    assert (await listed(minh, "done", 10))["id"] == resumed.id
    assert await again.resume() is None


async def test_nobody_is_served_a_training_that_was_cancelled_or_is_long_past(house: TestHouse) -> None:
    use(house, SlowTrainer())
    minh = await lead(house)
    _, cancelled = await minh.post("/api/teach/trainings")
    await minh.send("DELETE", f"/api/teach/trainings/{cancelled['id']}")
    again = restarted(house, SlowTrainer())
    assert await again.resume() is None
    store, now = house.running.house.store, house.running.house.clock.now()
    async with store.begin() as uow:
        await uow.teaching.start_training(minh.id, 3, now - RESUMED_WITHIN - timedelta(minutes=5))
    assert await again.resume() is None
    assert (await minh.get("/api/teach/trainings"))[1]["trainings"][0]["state"] == "interrupted"
