"""Going back through the doors: any model that served before may serve again, without a new verdict."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.domain.staff import RoleId
from bot.services.serving import KeptModel
from tests.house import TestHouse
from tests.integration.school import lead

pytestmark = pytest.mark.integration


class Shelf:
    """Whole files of models m-1, m-2 and m-3."""

    def find(self, model_id: str) -> KeptModel | None:
        known = model_id in {"m-1", "m-2", "m-3"}
        return KeptModel(id=model_id, file="m", sha256="0", base="b") if known else None

    def intact(self, model: KeptModel) -> bool:
        return True


@pytest.fixture
def shelf(house: TestHouse) -> Iterator[None]:
    promotions = house.running.house.promoting._promotions
    real, promotions._shelf = promotions._shelf, Shelf()
    yield
    promotions._shelf = real


@pytest.mark.usefixtures("shelf")
async def test_whatever_served_before_may_serve_again_and_nothing_else(house: TestHouse) -> None:
    an, minh = await lead(house, RoleId.ADMIN), await lead(house)
    for model in ("m-1", "m-2"):
        assert (await minh.post(f"/api/teach/models/{model}/promote"))[0] == 409
        reason = "Bộ kiểm tra đã cũ, cần dùng ngay."
        assert (await an.post(f"/api/teach/models/{model}/promote", reason=reason))[0] == 200
    assert await minh.post("/api/teach/rollback") == (200, {"model": "m-1"})
    assert (await minh.post("/api/teach/models/m-2/promote"))[0] == 200
    assert await minh.post("/api/teach/rollback") == (200, {"model": "m-1"})
    status, told = await minh.post("/api/teach/models/m-3/promote")
    assert (status, told["error"]) == (409, "gate_refused")
