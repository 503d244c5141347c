"""`./letan models`: the models of this data directory, which of them serves, and going back."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Annotated

import typer

from bot.adapters.clock import SystemClock
from bot.adapters.db.store import SqlStore
from bot.adapters.training.models import Shelf
from bot.adapters.training.project import fingerprint
from bot.adapters.training.trainer import ProcessTrainer, checkout
from bot.cli.accounts import opened_database
from bot.cli.model_files import models
from bot.cli.output import Failure, say, say_json
from bot.cli.started import data_directory, load_settings
from bot.domain.errors import ForbiddenMove, Invalid, Unknown
from bot.domain.teaching.verdict import override_reason
from bot.services.ports import Store
from bot.services.promoting import refusal_of
from bot.services.serving import KeptModel, ModelDamaged, Promotions

AsJson = Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON.")]
ModelId = Annotated[str, typer.Argument(help="Mã của mô hình, như ./letan models list cho biết.")]
Reason = Annotated[str, typer.Option(help="Lý do, được ghi vào nhật ký.")]


def register(root: typer.Typer) -> None:
    """Add the group of commands."""
    group = typer.Typer(help="Các mô hình đã huấn luyện.", no_args_is_help=True)
    group.callback()(_group)
    group.command("list")(list_models)
    group.command("promote")(promote)
    group.command("rollback")(roll_back)
    root.add_typer(group, name="models")


def _group() -> None:
    """Các mô hình đã huấn luyện."""


def list_models(as_json: AsJson = False) -> None:
    """Liệt kê mô hình, mới nhất trước; dấu * là mô hình đúng với dữ liệu hiện tại."""
    wanted = fingerprint()
    found = models(data_directory())
    if as_json:
        say_json([{**asdict(model), "current": model.fingerprint == wanted} for model in found])
        return
    for model in found:
        mark = "*" if model.fingerprint == wanted else " "
        say(f"{mark} {model.id}  {model.made_at}  {model.bytes / 1e6:.1f} MB  {model.file}")
    if not found:
        say("Chưa có mô hình nào. Hãy chạy ./letan train.")


def promote(model_id: ModelId, reason: Reason = "", as_json: AsJson = False) -> None:
    """Cho một mô hình phục vụ khách; sản phẩm đang chạy đổi sang ngay. Mô hình kém hơn hay chưa so cần --reason."""

    async def work(promotions: Promotions, store: Store) -> KeptModel:
        async with store.read() as uow:
            refusal = await refusal_of(uow, model_id)
        if refusal is not None and not reason.strip():
            raise Failure(f"{refusal} Vẫn muốn dùng thì ghi lý do bằng --reason.")
        words = override_reason(reason) if refusal is not None else reason
        return await promotions.promote(model_id, "shell", reason=words)

    _tell(_with_promotions(work), as_json=as_json)


def roll_back(as_json: AsJson = False) -> None:
    """Quay lại mô hình phục vụ trước đó."""
    _tell(_with_promotions(lambda promotions, _store: promotions.roll_back("shell")), as_json=as_json)


def _tell(model: KeptModel, *, as_json: bool) -> None:
    if as_json:
        say_json({"model": model.id})
    else:
        say(f"Mô hình {model.id} phục vụ từ bây giờ.")


def _with_promotions(work: Callable[[Promotions, Store], Awaitable[KeptModel]]) -> KeptModel:
    try:
        return asyncio.run(_open_and(work))
    except Unknown as error:
        raise Failure("Không có mô hình này. Xem ./letan models list.") from error
    except Invalid as error:
        raise Failure(error.reason) from error
    except ModelDamaged as error:
        raise Failure(error.explanation) from error
    except ForbiddenMove as error:
        raise Failure("Không còn mô hình nào trước đó để quay lại.") from error


async def _open_and(work: Callable[[Promotions, Store], Awaitable[KeptModel]]) -> KeptModel:
    async with opened_database(load_settings()) as settings:
        if settings.database_url is None:
            raise Failure("LETAN_DATABASE_URL chưa đặt.")
        store = SqlStore.connect(settings.database_url.get_secret_value(), pool_size=1)
        try:
            base = ProcessTrainer(checkout(data_directory())).untaught
            promotions = Promotions(store=store, clock=SystemClock(), shelf=Shelf(data_directory()), base=base)
            return await work(promotions, store)
        finally:
            await store.close()
