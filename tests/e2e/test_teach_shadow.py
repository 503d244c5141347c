"""A candidate in the shadow, and what moved in the traffic, in a browser."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.e2e.desk_driver import Desk, make_desk, make_house  # noqa: F401 - fixtures
from tests.e2e.desk_pages import fits
from tests.e2e.teach_driver import at, in_doubt, said, teacher  # noqa: F401 - fixture
from tests.e2e.test_teach_models import NEW, OLD, Shelf, model, school
from tests.integration.test_drift import drifting, heard, moved
from tests.integration.test_shadow import FakeReader

pytestmark = pytest.mark.e2e


async def test_a_candidate_reads_along_shows_what_differs_and_stops(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    school(desk, monkeypatch, before=0, after=0).made.append(NEW)
    shadow = desk.house.running.house.shadowing
    reader = FakeReader(lambda words: "parking" if "xe" in words else "greet")
    shadow._shelf, shadow._engine = Shelf(), reader
    seat = await at(desk, await teacher(desk), "models")
    await expect(model(seat, OLD).get_by_role("button")).to_have_count(0)
    await model(seat, NEW).get_by_role("button", name="Chạy thử").click()
    await expect(seat.find("#shadow-said")).to_contain_text("đọc cùng các tin thật sau khi khách đã được trả lời")
    await expect(model(seat, NEW).get_by_role("button", name="Chạy thử")).to_have_count(0)
    await shadow.step()
    await said(desk, "chào em", "gửi xe ở đâu, gọi 0912 345 678")
    await shadow.step()
    await seat.page.reload()
    await expect(seat.find("#shadow-agree")).to_have_text("Hiểu giống mô hình đang dùng 1/2 tin (50 %).")
    differing = seat.find("#shadow-differing li")
    await expect(differing).to_have_count(1)
    await expect(differing).to_contain_text("gọi ‹số điện thoại›")
    await expect(differing).to_contain_text("Gửi xe")
    await fits(seat)
    await seat.find("#shadow-stop").click()
    await expect(seat.find("#shadow-part")).to_be_hidden()
    await expect(model(seat, NEW).get_by_role("button", name="Chạy thử")).to_be_visible()
    await said(desk, "xe điện sạc ở đâu")
    await shadow.step()
    assert reader.loaded is None
    assert "xe điện sạc ở đâu" not in reader.heard


async def test_what_moved_is_told_in_words_and_drawn(desk: Desk) -> None:
    drifting(desk.house)
    await moved(desk.house)
    minh = await teacher(desk)
    seat = await at(desk, minh, "drift")
    alerts = seat.find("#drift-alerts li")
    await expect(alerts).to_have_text(
        [
            "Chat web: Tỷ lệ trợ lý không hiểu tăng từ 0 % lên 33,3 %. Xem các tin “Không hiểu” ở trang Xem lại.",
            "Chat web: Khách hỏi về những việc khác tháng trước, nhiều nhất: Xem đơn hàng tới đâu, Hoàn tiền tới đâu.",
            "Chat web: Khách dùng nhiều từ trợ lý chưa từng gặp: “anh”, “cho”, “hoàn”, “nhé”.",
        ]
    )
    await expect(seat.find(".drift-head")).to_contain_text("60 tin tuần này, 210 tin tháng trước")
    await expect(seat.find("#drift-channels .chip", has_text="thuế")).to_contain_text("20")
    await expect(seat.find("#drift-channels svg[role=img]").first).to_have_attribute(
        "aria-label", "Tháng trước: 0 %; Tuần này: 33,3 %"
    )
    await expect(seat.find("#drift-calm")).to_be_hidden()
    await fits(seat)


async def test_calm_traffic_is_called_calm(desk: Desk) -> None:
    drifting(desk.house)
    await heard(desk.house, 210, "đơn hàng của em tới đâu", days_ago=12)
    await heard(desk.house, 60, "đơn hàng của em tới đâu", days_ago=2)
    seat = await at(desk, await teacher(desk), "drift")
    await expect(seat.find("#drift-calm")).to_have_text("Không có gì bất thường.")
    await expect(seat.find("#drift-alerts")).to_be_hidden()
