"""Accounts in a browser: who somebody is, whether they may come in, their password and their second factor."""

from __future__ import annotations

import time

import pyotp
import pytest
from playwright.async_api import Locator, expect

from bot.domain.company import RoleId
from tests.e2e.desk_driver import PHONE, Desk, Seat, log_in, make_desk, make_house  # noqa: F401 - fixtures
from tests.e2e.desk_pages import fits
from tests.house import PASSWORD, Clerk

pytestmark = pytest.mark.e2e


async def an_admin(desk: Desk) -> Clerk:
    return await desk.house.staff("Quản Trị", role=RoleId.ADMIN)


def card(seat: Seat, name: str) -> Locator:
    """A person in the list."""
    return seat.find(".person", has_text=name)


async def edit(seat: Seat, name: str) -> Locator:
    """Open somebody's sheet."""
    await seat.find("#staff-list").get_by_role("button", name=f"Sửa {name}").click()
    return seat.find("#person-dialog")


async def test_an_admin_changes_what_an_account_says_of_a_person(desk: Desk) -> None:
    admin, lan = await an_admin(desk), await desk.house.staff("Lan", "accounting")
    await desk.house.staff("Minh", "sales")
    seat = await desk.seat(admin, "/desk/staff")
    await seat.find("#staff-search").fill("ke toan")
    await expect(card(seat, "Minh")).to_have_count(0)
    sheet = await edit(seat, "Lan")
    await fits(seat)
    await sheet.get_by_label("Kế toán").uncheck()
    await sheet.locator("#person-form [type=submit]").click()
    await expect(sheet.locator("#person-form .problem")).to_contain_text("ít nhất một bộ phận")
    await sheet.get_by_label("Bán hàng", exact=True).check()
    await sheet.get_by_label("Hoá đơn điện tử").check()
    await sheet.get_by_label("Tiếng Anh").check()
    await sheet.get_by_label("Kỳ cựu").check()
    await sheet.get_by_label("Khách gọi là").select_option("chị")
    await sheet.locator("[name=name]").fill("Nguyễn Thị Lan")
    await sheet.locator("#person-form [type=submit]").click()
    await expect(sheet).to_be_hidden()
    await expect(seat.find("#staff-none")).to_be_visible()
    await seat.find("#staff-search").fill("")
    found = card(seat, "Nguyễn Thị Lan")
    for word in ("Bán hàng", "Hoá đơn điện tử, Tiếng Anh", "Kỳ cựu", "Đang trực"):
        await expect(found).to_contain_text(word)
    people = (await admin.get("/api/staff"))[1]["staff"]
    (stored,) = [one for one in people if one["id"] == lan.id]
    assert (stored["departments"], stored["senior"], stored["languages"]) == (["sales"], True, ["en", "vi"])
    assert stored["title"] == "chị"
    sheet = await edit(seat, "Quản Trị")
    await expect(sheet.locator("#person-active")).to_be_hidden()
    await sheet.locator("[name=role]").select_option("agent")
    await sheet.get_by_label("Lễ tân").check()
    await sheet.locator("#person-form [type=submit]").click()
    await expect(sheet.locator("#person-form .problem")).to_contain_text("ít nhất một quản trị viên")


async def test_an_account_is_locked_only_after_a_question_and_can_be_opened_again(desk: Desk) -> None:
    admin, lan = await an_admin(desk), await desk.house.staff("Lan", "accounting")
    _, code = await desk.case()
    assert (await lan.post(f"/api/cases/{code}/claim"))[0] == 200
    seat, theirs = await desk.seat(admin, "/desk/staff"), await desk.seat(lan)
    sheet = await edit(seat, "Lan")
    await sheet.locator("#person-active").click()
    question = seat.find("#confirm-dialog")
    await expect(question).to_contain_text("không phiếu nào bị mất")
    await question.locator("[data-cancel]").click()
    await expect(card(seat, "Lan")).not_to_contain_text("Đã khoá")
    await sheet.locator("#person-active").click()
    await question.locator("[type=submit]").click()
    await expect(card(seat, "Lan")).to_contain_text("Đã khoá")
    await expect(theirs.find("#login-notice")).to_be_visible()
    await log_in(theirs, lan.email, PASSWORD)
    await expect(theirs.find("#login-form .problem")).to_contain_text("không đúng")
    await expect(sheet.locator("#person-active")).to_have_text("Mở lại tài khoản")
    await sheet.locator("#person-active").click()
    await question.locator("[type=submit]").click()
    await expect(card(seat, "Lan")).not_to_contain_text("Đã khoá")
    await theirs.find("#login-password").fill(PASSWORD)
    await expect(theirs.find("#login-form [type=submit]")).to_be_enabled()
    await theirs.find("#login-form [type=submit]").click()
    await expect(theirs.find("#me-name")).to_have_text("Lan")


async def test_a_reset_password_is_shown_once_and_ends_every_session(desk: Desk) -> None:
    admin, lan = await an_admin(desk), await desk.house.staff("Lan", "accounting")
    seat = await desk.seat(admin, "/desk/staff")
    sheet = await edit(seat, "Lan")
    await sheet.locator("#person-password").click()
    await seat.find("#confirm-dialog [type=submit]").click()
    secret = await sheet.locator("#person-made code").inner_text()
    assert (await lan.get("/api/session"))[0] == 401
    await seat.page.keyboard.press("Escape")
    await expect(sheet).to_be_hidden()
    await expect(seat.find("#person-made")).to_be_empty()
    assert secret not in await seat.page.content()
    theirs = await desk.window()
    await log_in(theirs, lan.email, secret)
    await expect(theirs.find("#me-name")).to_have_text("Lan")


async def test_a_second_factor_is_set_up_asked_for_and_taken_away(desk: Desk) -> None:
    admin, lan = await an_admin(desk), await desk.house.staff("Lan", "accounting")
    theirs = await desk.seat(lan)
    await theirs.find("#factor-button").click()
    await theirs.find("#factor-submit").click()
    await expect(theirs.find("#factor-secret")).not_to_be_empty()
    secret = (await theirs.find("#factor-secret").inner_text()).replace(" ", "")
    totp = pyotp.TOTP(secret)
    assert (await theirs.find("#factor-link").get_attribute("href") or "").startswith("otpauth://totp/")
    code = theirs.find("#factor-form [name=code]")
    await expect(code).to_be_focused()
    await code.fill("000000" if totp.now() != "000000" else "111111")
    await theirs.find("#factor-submit").click()
    await expect(theirs.find("#factor-form .problem")).to_contain_text("Mã chưa đúng")
    await code.fill(totp.generate_otp(int(time.time()) // 30 - 1))
    await theirs.find("#factor-submit").click()
    await expect(theirs.find("#factor-dialog")).to_be_hidden()
    assert secret not in (await theirs.page.content()).replace(" ", "")
    await theirs.find("#factor-button").click()
    await expect(theirs.find("#factor-said")).to_contain_text("Đang bật")
    again = await desk.window()
    await expect(again.find("#login-code")).to_be_hidden()
    await log_in(again, lan.email, PASSWORD)
    await expect(again.find("#login-code input")).to_be_focused()
    await again.find("#login-code input").fill(totp.now())
    await again.find("#login-form [type=submit]").click()
    await expect(again.find("#me-name")).to_have_text("Lan")
    seat = await desk.seat(admin, "/desk/staff")
    sheet = await edit(seat, "Lan")
    await sheet.locator("#person-factor").click()
    await seat.find("#confirm-dialog [type=submit]").click()
    await expect(sheet.locator("#person-factor")).to_be_hidden()
    plain = await desk.window()
    await log_in(plain, lan.email, PASSWORD)
    await expect(plain.find("#me-name")).to_have_text("Lan")


async def test_the_staff_page_fits_a_phone_in_english_and_signs_are_kept(desk: Desk) -> None:
    admin = await an_admin(desk)
    await desk.house.staff("Nguyễn Thị Tên Rất Dài Và Rất Nhiều Bộ Phận", "accounting", "sales", "reception", "it")
    seat = await desk.window("/desk/staff", **PHONE)
    signs = await seat.find("html").get_attribute("data-icons") or ""
    answer = await seat.page.request.get(f"{seat.url}{signs.removesuffix('#')}")
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    old = await seat.page.request.get(f"{seat.url}/static/desk/icons.svg?v=0")
    assert old.headers["cache-control"] == "no-cache"
    await seat.find("main[data-for=login] [data-switch-language]").tap()
    await expect(seat.find("#login-title")).to_have_text("Log in")
    await log_in(seat, admin.email, PASSWORD)
    await seat.find("#staff-list").get_by_role("button", name="Edit Nguyễn").scroll_into_view_if_needed()
    await fits(seat, phone=True)
    await seat.find("#staff-list").get_by_role("button", name="Edit Nguyễn").tap()
    await expect(seat.find("#person-dialog")).to_contain_text("Reset password")
    await fits(seat, phone=True)
