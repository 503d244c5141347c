"""Training, the gate, promotion and the way back in a browser, with a trainer in the test's hands."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from playwright.async_api import Locator, expect

from bot.domain.company import RoleId
from bot.domain.teaching.dataset import Dataset
from bot.domain.teaching.results import Judged
from bot.services.ports_training import ModelFile, Progress, Question
from bot.services.serving import KeptModel
from tests.doubles import engine as scripted
from tests.e2e.desk_driver import PHONE, Desk, Seat, make_desk, make_house  # noqa: F401 - fixtures
from tests.e2e.desk_pages import fits
from tests.e2e.teach_driver import at, in_doubt, said, teacher  # noqa: F401 - fixture
from tests.integration.school import SlowTrainer, use

pytestmark = pytest.mark.e2e

OLD, NEW = "m-old", "m-new"
TESTS = [
    Question(text=f"câu {number}", truth=truth, style=style)
    for number, (truth, style) in enumerate([("parking", "plain"), ("address", "typos")] * 120)
]


def kept(name: str) -> KeptModel:
    return KeptModel(id=name, file=name, sha256="0", base="b")


class Shelf:
    """A shelf with both models."""

    def find(self, model_id: str) -> KeptModel | None:
        return kept(model_id) if model_id in (OLD, NEW) else None

    def intact(self, model: KeptModel) -> bool:
        return True


class Trainer(SlowTrainer):
    """Trains what is worse or better than what serves, as ``misread`` says: how many messages of each model."""

    def __init__(self, misread: dict[str, int]) -> None:
        super().__init__()
        self.misread = misread
        self.made: list[str] = [OLD]

    def tests(self) -> list[Question]:
        return TESTS

    def models(self) -> list[ModelFile]:
        return [
            ModelFile(id=one, made_at="2026-11-26T09:00:00+07:00", bytes=41_000_000, seconds=52.0)
            for one in reversed(self.made)
        ]

    def untaught(self) -> KeptModel | None:
        return kept(OLD)

    async def train(self, dataset: Dataset, progress: Progress) -> KeptModel:
        await super().train(dataset, progress)
        self.made.append(NEW)
        return kept(NEW)

    async def judge(self, model: KeptModel, questions: Sequence[Question]) -> list[Judged]:
        wrong = self.misread[model.id]
        return [
            Judged(
                text=one.text,
                truth=one.truth,
                intent="warranty" if number < wrong else one.truth,
                confidence=0.98,
                style=one.style,
                decision="answer",
                ms=1.0,
            )
            for number, one in enumerate(questions)
        ]


def school(desk: Desk, monkeypatch: pytest.MonkeyPatch, *, before: int, after: int) -> Trainer:
    """Put such a trainer, and a shelf with what it makes, into the house."""
    trainer = Trainer({OLD: before, NEW: after})
    use(desk.house, trainer)
    house = desk.house.running.house
    house.trainings._runs._shelf = Shelf()
    house.promoting._promotions._shelf = Shelf()
    monkeypatch.setattr(scripted, "MODEL", OLD)
    return trainer


def model(seat: Seat, name: str) -> Locator:
    """A model in the list."""
    return seat.find(f"[data-model={name}]")


async def test_a_training_is_followed_stopped_and_started_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = school(desk, monkeypatch, before=12, after=0)
    seat = await at(desk, await teacher(desk), "models")
    await expect(seat.find("#gate-none")).to_be_visible()
    await seat.find("#training-start").click()
    await expect(seat.find("#training-share")).to_contain_text("còn khoảng 2 phút")
    full = await seat.find("#training-bar").evaluate("bar => bar.value")
    # Nothing is heard from the trainer, and it moves all the same.
    await seat.page.wait_for_function("full => document.getElementById('training-bar').value > full", arg=full)
    await expect(seat.find("#training-by")).to_contain_text("Minh bắt đầu lúc")
    await seat.find("#training-cancel").click()
    await expect(seat.find("#training-last")).to_contain_text("đã dừng, không để lại gì")
    trainer.go.set()
    await seat.find("#training-start").click()
    await expect(seat.find("#gate-banner")).to_contain_text("Dùng được: không chỗ nào kém đi rõ rệt")
    await expect(seat.find("#gate-banner")).to_contain_text("Hiểu đúng 95 % → 100 % trên 240 câu kiểm tra")
    await expect(seat.find("#gate-deltas .delta.is-better").first).to_be_visible()
    await expect(seat.find("#history-picture .point")).to_have_count(1)
    await seat.find("#gate-do button").click()
    await seat.find("#promote-dialog [type=submit]").click()
    await expect(seat.find("#serving")).to_contain_text("đang đổi")
    monkeypatch.setattr(scripted, "MODEL", NEW)
    await expect(model(seat, NEW)).to_contain_text("Đang dùng")
    await expect(seat.find("#gate-do")).to_be_hidden()


async def test_what_keeps_from_training_is_told_whole(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = school(desk, monkeypatch, before=0, after=0)
    trainer.lines += (("address", "cho tôi gửi xe đạp"), ("address", "ở đâu"))
    minh = await teacher(desk)
    await said(desk, "cho tôi gửi xe đạp")
    (entry,) = (await minh.get("/api/teach/queue"))[1]["entries"]
    assert (await minh.post(f"/api/teach/{entry['message_id']}/label", label="parking"))[0] == 200
    seat = await at(desk, minh, "models")
    await seat.find("#training-start").click()
    await expect(seat.find("#training-last .faults li").first).to_have_text(
        "“cho tôi gửi xe đạp”: Cùng một câu đang nằm ở các nhu cầu: “Địa chỉ”, “Gửi xe”."
    )
    await expect(seat.find("#training-start")).to_be_visible()


async def test_a_worse_model_is_refused_and_only_an_admin_overrides_with_a_reason(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    school(desk, monkeypatch, before=0, after=40).go.set()
    seat = await at(desk, await teacher(desk), "models")
    await seat.find("#training-start").click()
    banner = seat.find("#gate-banner")
    await expect(banner).to_contain_text("Chưa nên dùng mô hình mới")
    await expect(banner.locator(".reasons li").first).to_contain_text("kém hơn trên toàn bộ kiểm tra")
    await expect(seat.find("#gate-deltas .delta.is-worse").first).to_be_visible()
    await seat.find("#gate-do button").click()
    dialog = seat.find("#promote-dialog")
    await expect(dialog.locator("#promote-not")).to_contain_text("Chỉ quản trị viên")
    await expect(dialog.locator("[type=submit]")).to_be_hidden()
    await seat.page.keyboard.press("Escape")

    admin = await at(desk, await teacher(desk, "Lê Chủ", RoleId.ADMIN), "models")
    await fits(admin)
    await model(admin, NEW).get_by_role("button", name="Đưa vào dùng").click()
    dialog = admin.find("#promote-dialog")
    await expect(dialog.locator("#promote-title")).to_have_text("Vẫn đưa mô hình này vào dùng?")
    await dialog.locator("[type=submit]").click()
    await expect(dialog.locator(".problem")).to_contain_text(re.compile("lý do", re.IGNORECASE))
    await dialog.locator("[name=reason]").fill("Cửa hàng đổi tên hết sản phẩm.")
    await dialog.locator("[type=submit]").click()
    await expect(dialog).to_be_hidden()
    await expect(admin.find("#serving")).to_contain_text("đang đổi")


async def test_one_button_leads_back_and_the_page_fits_a_phone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    school(desk, monkeypatch, before=12, after=0).go.set()
    admin = await teacher(desk, "Lê Chủ", RoleId.ADMIN)
    seat = await at(desk, admin, "models", **PHONE)
    await seat.find("#training-start").tap()
    await expect(seat.find("#gate-banner")).to_contain_text("Dùng được")
    await fits(seat, phone=True)
    await admin.post(f"/api/teach/models/{OLD}/promote", reason="Bắt đầu từ mô hình gốc.")
    await admin.post(f"/api/teach/models/{NEW}/promote", reason="")
    await seat.find("#model-back").tap()
    await seat.find("#confirm-dialog [data-submit]").tap()
    await expect(seat.find(".toast")).to_contain_text("Mô hình trước đang trở lại")
    assert (await admin.get("/api/teach/models"))[1]["promoted"] == OLD
