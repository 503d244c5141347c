"""Coming in and going out: login, the first admin, passwords, duty, accounts, language."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.async_api import expect

from bot.domain.company import RoleId
from tests.e2e.desk_driver import Desk, log_in, make_desk, make_house  # noqa: F401 - fixtures
from tests.house import PASSWORD

pytestmark = pytest.mark.e2e


async def test_a_wrong_login_is_told_in_words_and_a_right_one_opens_the_desk(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    seat = await desk.window("/desk/cases/KT-0001")
    problem = seat.find("#login-form .problem")
    await seat.find("#login-form [type=submit]").click()
    await expect(problem).to_have_text("Mục “Email” còn trống, anh/chị điền giúp.")
    await log_in(seat, lan.email, "mot-mat-khau-sai-roi")
    await expect(problem).to_have_text("Email hoặc mật khẩu không đúng.")
    await log_in(seat, lan.email, PASSWORD)
    await expect(seat.find("#me-name")).to_have_text("Lan")
    assert seat.page.url.endswith("/desk/cases/KT-0001")
    await expect(seat.find("#case-problem")).to_contain_text("Không thấy phiếu KT-0001")


async def test_too_many_tries_count_down(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    seat = await desk.window()
    house = desk.house.running.house
    async with house.store.begin() as uow:
        await uow.staff.save_attempts(lan.email, 200, house.clock.now() + timedelta(seconds=4))
    await log_in(seat, lan.email, PASSWORD)
    button = seat.find("#login-form [type=submit]")
    await expect(button).to_contain_text("Đợi")
    await expect(button).to_be_disabled()
    await expect(button).to_have_text("Đăng nhập")
    await button.click()
    await expect(seat.find("#me-name")).to_have_text("Lan")


async def test_logging_out_leaves_nothing_behind(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    _, code = await desk.case(name="Khách Bí Mật")
    seat = await desk.seat(lan)
    await seat.open(code)
    await seat.find("#logout").click()
    await expect(seat.find("body[data-view=login]")).to_have_count(1)
    await seat.page.go_back()
    await expect(seat.find("body[data-view=login]")).to_have_count(1)
    assert "Khách Bí Mật" not in await seat.page.content()


async def test_the_first_admin_link_works_once_and_its_token_leaves_the_address(desk: Desk) -> None:
    token = await desk.house.running.house.accounts.first_admin_token()
    asked: list[str] = []
    for expected in ("in", "used"):
        seat = await desk.window()
        seat.page.on("request", lambda request: asked.append(request.url))
        await seat.page.goto(f"{desk.house.url}/desk/first-admin#token={token}")
        await seat.page.reload() if expected == "never" else None
        assert "token" not in seat.page.url or await seat.page.evaluate("location.hash") == ""
        form = seat.find("#first-form")
        await form.locator("[name=name]").fill("Chị Hai")
        await form.locator("[name=email]").fill("hai@senviet.vn")
        await form.locator("[name=password]").fill("ngắn")
        await form.locator("[type=submit]").click()
        await expect(form.locator(".problem")).to_contain_text("ít nhất 12 ký tự")
        await form.locator("[name=password]").fill("mật khẩu rất dài của chị hai")
        await form.locator("[type=submit]").click()
        if expected == "in":
            await expect(seat.find("#me-name")).to_have_text("Chị Hai")
            await expect(seat.find("#staff-link")).to_be_visible()
        else:
            await expect(form.locator(".problem")).to_contain_text("đã dùng rồi hoặc hết hạn")
    assert not [address for address in asked if token and token in address.split("#")[0]]


async def test_a_changed_password_ends_every_session(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    seat, elsewhere = await desk.seat(lan), await desk.seat(lan)
    await seat.find("#password-button").click()
    form = seat.find("#password-dialog form")
    for name, value in (
        ("current", "sai-mat-khau-cu"),
        ("new", "mật khẩu mới rất dài"),
        ("again", "mật khẩu khác hẳn"),
    ):
        await form.locator(f"[name={name}]").fill(value)
    await form.locator("[type=submit]").click()
    await expect(form.locator(".problem")).to_contain_text("không giống nhau")
    await form.locator("[name=again]").fill("mật khẩu mới rất dài")
    await form.locator("[type=submit]").click()
    await expect(form.locator(".problem")).to_contain_text("Mật khẩu hiện tại không đúng")
    await form.locator("[name=current]").fill(PASSWORD)
    await form.locator("[type=submit]").click()
    await expect(seat.find("#login-notice")).to_contain_text("Đã đổi mật khẩu")
    await log_in(seat, lan.email, "mật khẩu mới rất dài")
    await expect(seat.find("#me-name")).to_be_visible()
    await elsewhere.find("#views a[href='/desk/mine']").click()
    await expect(elsewhere.find("#login-notice")).to_contain_text("Phiên làm việc đã hết")


async def test_nobody_goes_off_duty_with_open_cases(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    _, code = await desk.case()
    await lan.post(f"/api/cases/{code}/claim")
    seat = await desk.seat(lan)
    await seat.find("#duty").click()
    await seat.find("#end-list").get_by_role("link", name=code).click()
    await expect(seat.find("#case-code")).to_contain_text(code)
    await expect(seat.find("#duty")).to_have_attribute("aria-checked", "true")
    await seat.find("[data-move=resolve]").click()
    await seat.find("#resolve-dialog [name=unanswered]").check()
    await seat.find("#resolve-dialog [type=submit]").click()
    await expect(seat.find("#composer-closed")).to_contain_text("Phiếu đã xong")
    await seat.find("#duty").click()
    await expect(seat.find("#duty")).to_have_attribute("aria-checked", "false")
    await expect(seat.find("#list-empty")).to_contain_text("Anh/chị chưa vào ca")


async def test_an_admin_makes_an_account_and_sees_its_password_once(desk: Desk) -> None:
    admin = await desk.house.staff("Quản Trị", role=RoleId.ADMIN)
    seat = await desk.seat(admin, "/desk/staff")
    form = seat.find("#staff-form")
    await form.locator("[name=name]").fill("Đỗ Mới")
    await form.locator("[name=email]").fill("moi@senviet.vn")
    await form.locator("[type=submit]").click()
    await expect(form.locator(".problem")).to_contain_text("ít nhất một bộ phận")
    await form.get_by_label("Kế toán").check()
    await form.locator("[type=submit]").click()
    password = await seat.find("#made code").inner_text()
    await expect(seat.find(".person", has_text="Đỗ Mới")).to_contain_text("Kế toán")
    await seat.page.reload()
    await expect(seat.find(".person", has_text="Đỗ Mới")).to_be_visible()
    assert password not in await seat.page.content()
    other = await desk.window()
    await log_in(other, "moi@senviet.vn", password)
    await expect(other.find("#me-name")).to_have_text("Đỗ Mới")
    await expect(other.find("#staff-link")).to_be_hidden()


async def test_the_language_can_be_switched_and_is_kept(desk: Desk) -> None:
    lan = await desk.house.staff("Lan", "accounting")
    _, code = await desk.case()
    seat = await desk.window()
    await seat.find("main[data-for=login] [data-switch-language]").click()
    await expect(seat.find("#login-title")).to_have_text("Log in")
    await log_in(seat, lan.email, "mot-mat-khau-sai-roi")
    await expect(seat.find("#login-form .problem")).to_have_text("Email or password is wrong.")
    await log_in(seat, lan.email, PASSWORD)
    await seat.open(code)
    await expect(seat.find("#case-head [data-move=claim]")).to_have_text("Claim")
    await expect(seat.row(code)).to_contain_text("Accounting")
    await seat.page.reload()
    await expect(seat.find("#list-title")).to_have_text("All")
