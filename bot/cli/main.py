"""The entry of `./letan`."""

from __future__ import annotations

import importlib
import os
import sys
from typing import NamedTuple, Protocol

import typer

from bot.adapters.processes.spec import CannotStart
from bot.cli.output import Failure, tell


class Entry(NamedTuple):
    """One command: the module that registers it, and the line that help shows."""

    module: str
    help: str


COMMANDS: dict[str, Entry] = {
    "up": Entry("bot.cli.up", "Chạy toàn bộ Lễ Tân trên máy này."),
    "ask": Entry("bot.cli.asking", "Hỏi trợ lý từng dòng từ đầu vào chuẩn."),
    "guard": Entry("bot.cli.guarding", "Xét từng câu có đuổi khách đi không."),
    "train": Entry("bot.cli.train", "Huấn luyện trợ lý nếu dữ liệu đã đổi."),
    "models": Entry("bot.cli.models", "Các mô hình đã huấn luyện."),
    "bench": Entry("bot.cli.bench", "Đo độ chính xác và tốc độ."),
    "simulate": Entry("bot.cli.simulate", "Chạy công ty mẫu nhiều ngày trên đồng hồ ảo và đo."),
    "doctor": Entry("bot.cli.doctor", "Kiểm tra từng phần và nói cần làm gì."),
    "staff": Entry("bot.cli.staff", "Tài khoản nhân viên."),
    "customer": Entry("bot.cli.customer", "Dữ liệu của một khách: xem bản sao, xoá."),
    "backup": Entry("bot.cli.backup", "Sao lưu cơ sở dữ liệu và tệp vào một tệp tar."),
    "restore": Entry("bot.cli.restore", "Phục hồi từ tệp của backup, khi Lễ Tân dừng."),
    "test": Entry("bot.cli.testing", "Chạy mọi kiểm thử."),
}


class CommandModule(Protocol):
    """What every module of a command has."""

    def register(self, root: typer.Typer) -> None:
        """Add the command to the program."""


def program(asked: str | None) -> typer.Typer:
    """Return the command line, with the one command that was asked for; of the others only their line of help."""
    app = typer.Typer(
        name="letan",
        help="Lễ Tân: quầy lễ tân trò chuyện cho doanh nghiệp Việt Nam.",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    app.callback()(_root)
    for name, entry in COMMANDS.items():
        if name == asked:
            module: CommandModule = importlib.import_module(entry.module)
            module.register(app)
        else:
            app.command(name, help=entry.help)(_root)
    return app


def _root() -> None:
    """Do nothing: a program with one command only would otherwise hide its name."""


def main(arguments: list[str] | None = None) -> None:
    """Run one command. Exit 0 done, 1 failed with a reason on standard error, 2 wrong use."""
    given = sys.argv[1:] if arguments is None else arguments
    asked = next((word for word in given if not word.startswith("-")), None)
    try:
        program(asked)(given, prog_name="./letan")
    except (Failure, CannotStart) as failure:
        tell(f"letan: {failure}")
        sys.exit(1)
    except BrokenPipeError:  # whoever read our output has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
