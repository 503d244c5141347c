"""`./letan bench`: measurements. Each one lives in a module of its own, imported when it is asked for."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Annotated, Any

import typer

AsJson = Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON.")]


def register(root: typer.Typer) -> None:
    """Add the group of commands."""
    group = typer.Typer(help="Đo độ chính xác và tốc độ.", no_args_is_help=True)
    group.command("nlu")(nlu)
    group.command("turns")(turns)
    group.command("intake")(intake)
    group.command("desk")(desk)
    group.command("learning")(learning)
    group.command("training")(training)
    group.command("teach")(teach)
    root.add_typer(group, name="bench")


def nlu(
    train: Annotated[
        Path, typer.Option(help='Tệp JSONL {"text", "intent"} để huấn luyện.', exists=True, dir_okay=False)
    ],
    test: Annotated[list[Path], typer.Option(help="Tệp JSONL để đo; lặp lại được.", exists=True, dir_okay=False)],
    vs_stock: Annotated[bool, typer.Option("--vs-stock", help="Đo cạnh Rasa nguyên bản.")] = False,
    as_json: AsJson = False,
) -> None:
    """Huấn luyện bộ hiểu ý định đi kèm trên một tệp và đo trên các tệp khác."""
    _run("nlu", train=train, tests=test, vs_stock=vs_stock, as_json=as_json)


def turns(
    vs_stock: Annotated[bool, typer.Option("--vs-stock", help="Đo cạnh Rasa nguyên bản.")] = False,
    seconds: Annotated[int, typer.Option(help="Thời gian của mỗi vòng đo.", min=1)] = 20,
    as_json: AsJson = False,
) -> None:
    """Đo số lượt mỗi giây và độ trễ của trợ lý."""
    _run("turns", vs_stock=vs_stock, seconds=seconds, json=as_json)


def intake(
    seconds: Annotated[int, typer.Option(help="Thời gian của mỗi vòng đo.", min=1)] = 20,
    rate: Annotated[float, typer.Option(help="Số tin mỗi giây.", min=0.1)] = 50.0,
    as_json: AsJson = False,
) -> None:
    """Đo thời gian xác nhận một tin nhắn vào, khi máy hiểu tiếng Việt chạy và khi nó tắt."""
    _run("intake", seconds=seconds, rate=rate, as_json=as_json)


def desk(
    calls: Annotated[int, typer.Option(help="Số lần đo mỗi cảnh.", min=10)] = 300,
    as_json: AsJson = False,
) -> None:
    """Đo thời gian một lần phân công, với 200 người trực và 5.000 phiếu chờ."""
    _run("desk", calls=calls, as_json=as_json)


def learning(
    repetitions: Annotated[int, typer.Option(help="Số lần lặp lại, mỗi lần rút ngẫu nhiên khác đi.", min=1)] = 3,
    picture: Annotated[Path | None, typer.Option(help="Vẽ kết quả vào tệp PNG này.", dir_okay=False)] = None,
    as_json: AsJson = False,
) -> None:
    """Đo trợ lý hiểu đúng hơn bao nhiêu sau mỗi số nhãn, theo thứ tự của trang dạy và theo thứ tự ngẫu nhiên."""
    _run("learning", repetitions=repetitions, picture=picture, as_json=as_json)


def training(
    seconds: Annotated[int, typer.Option(help="Thời gian của mỗi vòng đo.", min=1)] = 10,
    as_json: AsJson = False,
) -> None:
    """Đo độ trễ của trợ lý khi đang huấn luyện một mô hình khác, so với khi không."""
    _run("training", seconds=seconds, as_json=as_json)


def teach(
    messages: Annotated[int, typer.Option(help="Số tin nhắn đã lưu.", min=1)] = 1_000_000,
    as_json: AsJson = False,
) -> None:
    """Đo thời gian mở trang dạy trợ lý khi đã lưu rất nhiều tin nhắn."""
    _run("teach", messages=messages, as_json=as_json)


def _run(what: str, **options: Any) -> None:
    """Run one measurement; it returns the exit status."""
    raise typer.Exit(importlib.import_module(f"bot.cli.bench_{what}").run(**options))
