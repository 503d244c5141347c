"""`./letan ask` answers as customers are answered: the promoted model, with the needs and answers that were added."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.adapters.clock import SystemClock
from bot.adapters.company import load
from bot.adapters.db.store import SqlStore
from bot.adapters.training.models import Model, Shelf, models
from bot.adapters.training.trainer import ProcessTrainer, Workshop
from bot.cli import ask, live
from bot.domain.company import Company, Priority, RoleId, Words
from bot.domain.knowledge import Wordings
from bot.domain.teaching.answers import AnswerVersion
from bot.domain.teaching.dataset import Dataset, Line, Need
from bot.domain.teaching.needs import TaughtNeed
from bot.services.serving import Promotions
from bot.settings import Settings
from tests.engine.running import ROOT
from tests.integration.school import built_workshop

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]

NIGHT = ("gửi xe qua đêm được không", "để xe qua đêm ở đây", "giữ xe qua đêm tới sáng", "cho gửi xe qua đêm")
CHARGER = ("cho mượn sạc điện thoại", "có cục sạc điện thoại không", "mượn sạc pin điện thoại", "cần mượn cục sạc")


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    return built_workshop(tmp_path_factory.mktemp("workshop"))


def base_of(workshop: Workshop) -> Model:
    return next(one for one in models(workshop.data) if one.fingerprint == workshop.base())


def company() -> Company:
    return load(ROOT / "company.yml")


async def taught(database: str, workshop: Workshop) -> str:
    """Add two needs, one with an answer, and promote a model that holds them."""
    trainer, now = ProcessTrainer(workshop), SystemClock().now()
    lines = [Line(label="gui_xe_dem", text=one) for one in NIGHT] + [
        Line(label="muon_sac", text=one) for one in CHARGER
    ]
    needs = tuple(Need(intent=one, department="facilities", label_vi=one) for one in ("gui_xe_dem", "muon_sac"))
    model = await trainer.train(Dataset(base=trainer.base(), lines=tuple(lines), needs=needs), lambda *_: None)
    store = SqlStore.connect(database, pool_size=1)
    async with store.begin() as uow:
        minh = await uow.staff.add("minh@senviet.vn", "Minh", RoleId.ADMIN, frozenset(), "hash", now)
        for intent, name in (("gui_xe_dem", "Gửi xe qua đêm"), ("muon_sac", "Mượn sạc")):
            need = TaughtNeed(
                id=0,
                intent=intent,
                department="facilities",
                name=Words(name, name),
                priority=Priority.NORMAL,
                made_by=minh.id,
                made_at=now,
            )
            assert await uow.needs.add(need) is not None
        said = Wordings(vi=("Dạ bên em giữ xe tới 6 giờ sáng ạ.",), en=())
        assert await uow.answers.add(AnswerVersion(key="gui_xe_dem", version=1, texts=said, by=minh.id, at=now))
    await Promotions(store=store, clock=SystemClock(), shelf=Shelf(workshop.data)).promote(model.id, "shell")
    await store.close()
    return model.id


async def test_needs_and_answers_that_were_added_are_known(workshop: Workshop, database: str, tmp_path: Path) -> None:
    model_id = await taught(database, workshop)
    settings = Settings(data=workshop.data, database_url=SecretStr(database))
    assistant = await live.as_live(settings, base_of(workshop), company(), tmp_path)
    assert assistant.model.id == model_id
    told: list[dict[str, Any]] = []
    await ask.run([NIGHT[0], CHARGER[0]], assistant, told.append)
    answered, handed = told
    assert (answered["intent"], answered["department"]) == ("gui_xe_dem", "facilities")
    assert answered["outcome"] == "answered"
    assert (handed["intent"], handed["department"]) == ("muon_sac", "facilities")
    assert handed["outcome"] in {"owned", "promised"}


async def test_the_base_answers_where_nothing_was_taught_or_can_be_read(
    workshop: Workshop, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = base_of(workshop)
    assert (await live.as_live(Settings(data=tmp_path), base, company(), tmp_path)).model == base
    assert capsys.readouterr().err == ""
    away = Settings(data=tmp_path, database_url=SecretStr("postgresql://127.0.0.1:1/letan"))
    assert (await live.as_live(away, base, company(), tmp_path)).model == base
    assert "Không đọc được những gì đã dạy" in capsys.readouterr().err


async def test_a_model_of_other_files_of_the_developers_is_not_asked(
    workshop: Workshop, database: str, tmp_path: Path
) -> None:
    store = SqlStore.connect(database, pool_size=1)
    async with store.begin() as uow:
        await uow.channel_states.put("serving", {"model": models(workshop.data)[0].id, "base": "before", "history": []})
    await store.close()
    settings = Settings(data=workshop.data, database_url=SecretStr(database))
    assert (await live.as_live(settings, base_of(workshop), company(), tmp_path)).model == base_of(workshop)
