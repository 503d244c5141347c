"""`./letan staff`: accounts, from the shell of whoever runs the product."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer

from bot.cli.accounts import opened_accounts, opened_database
from bot.cli.output import Failure, say, say_json
from bot.cli.started import load_settings
from bot.domain.company import RoleId
from bot.domain.staff import StaffMember
from bot.services.accounts import AccountChange, Accounts

Result = TypeVar("Result")
AsJson = Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON.")]
Email = Annotated[str, typer.Argument(help="Địa chỉ email của tài khoản.")]


def register(root: typer.Typer) -> None:
    """Add the group of commands."""
    group = typer.Typer(help="Tài khoản nhân viên.", no_args_is_help=True)
    group.command("add")(add)
    group.command("list")(list_staff)
    group.command("disable")(disable)
    group.command("enable")(enable)
    group.command("password")(password)
    root.add_typer(group, name="staff")


def add(
    email: Email,
    name: Annotated[str, typer.Option(help="Họ tên, như khách sẽ thấy.")],
    department: Annotated[list[str] | None, typer.Option(help="Mã bộ phận; lặp lại cho nhiều bộ phận.")] = None,
    role: Annotated[RoleId, typer.Option(help="Vai trò.")] = RoleId.AGENT,
    skill: Annotated[list[str] | None, typer.Option(help="Mã kỹ năng trong company.yml; lặp lại được.")] = None,
    language: Annotated[list[str] | None, typer.Option(help="Ngôn ngữ tiếp khách, ví dụ en; mặc định vi.")] = None,
    senior: Annotated[bool, typer.Option("--senior", help="Người dày dạn: nhận khiếu nại và việc gấp trước.")] = False,
    title: Annotated[str, typer.Option(help="Khách nghe gọi là: anh, chị, cô, chú, bác, ông, bà.")] = "",
    password_stdin: Annotated[bool, typer.Option("--password-stdin", help="Đọc mật khẩu từ đầu vào chuẩn.")] = False,
    as_json: AsJson = False,
) -> None:
    """Thêm một nhân viên; in mật khẩu dùng lần đầu nếu không tự đặt."""
    if role is RoleId.AGENT and not department:
        raise Failure("Nhân viên cần ít nhất một bộ phận: --department MÃ.")
    given = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    more = AccountChange(skills=skill, languages=language, senior=senior, title=title)
    person, secret = _with_accounts(
        lambda accounts: accounts.add(
            email=email, name=name, role=role, departments=department or (), password=given, more=more
        )
    )
    if as_json:
        say_json({**_shown(person), **({} if password_stdin else {"password": secret})})
        return
    say(f"Đã thêm {person.name} <{person.email}>.")
    if not password_stdin:
        say(f"Mật khẩu: {secret}")


def list_staff(as_json: AsJson = False) -> None:
    """Liệt kê mọi tài khoản."""
    people = _with_accounts(lambda accounts: accounts.everybody())
    if as_json:
        say_json([_shown(person) for person in people])
        return
    for person in people:
        marks = ["" if person.active else "đã khoá", "trong ca" if person.on_duty else ""]
        state = ", ".join(mark for mark in marks if mark)
        say(f"{person.email}  {person.name}  {person.role}  {','.join(sorted(person.departments))}  {state}".rstrip())
    if not people:
        say("Chưa có tài khoản nào.")


def disable(email: Email, as_json: AsJson = False) -> None:
    """Khoá một tài khoản; mọi phiên đăng nhập của người đó kết thúc ngay."""
    _switch(email, as_json=as_json, active=False)


def enable(email: Email, as_json: AsJson = False) -> None:
    """Mở lại một tài khoản đã khoá."""
    _switch(email, as_json=as_json, active=True)


def password(email: Email, as_json: AsJson = False) -> None:
    """Đặt mật khẩu ngẫu nhiên mới và in ra; mọi phiên đăng nhập của người đó kết thúc."""
    secret = _with_accounts(lambda accounts: accounts.reset_password(email))
    if as_json:
        say_json({"email": email, "password": secret})
    else:
        say(f"Mật khẩu mới của {email}: {secret}")


def _switch(email: str, *, as_json: bool, active: bool) -> None:
    person = _with_accounts(lambda accounts: accounts.set_active(email, active=active))
    if as_json:
        say_json(_shown(person))
    else:
        say(f"{'Đã mở' if active else 'Đã khoá'} tài khoản {person.email}.")


def _with_accounts(work: Callable[[Accounts], Awaitable[Result]]) -> Result:
    return asyncio.run(_open_and(work))


async def _open_and(work: Callable[[Accounts], Awaitable[Result]]) -> Result:
    async with opened_database(load_settings()) as settings, opened_accounts(settings) as accounts:
        return await work(accounts)


def _shown(person: StaffMember) -> dict[str, object]:
    return {
        "email": person.email,
        "name": person.name,
        "role": person.role.value,
        "departments": sorted(person.departments),
        "skills": sorted(person.skills),
        "languages": sorted(person.languages),
        "senior": person.senior,
        "title": person.title,
        "active": person.active,
        "on_duty": person.on_duty,
    }
