"""`./letan train`: the model of the developers' files and, beside it, a candidate that learned what was taught."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.adapters.clock import SystemClock
from bot.adapters.training.models import Model, Shelf
from bot.adapters.training.trainer import ProcessTrainer, Workshop, checkout
from bot.cli.live import has_database, opened_store
from bot.cli.model_files import ensure, models
from bot.cli.output import Failure, Steps, say, say_json, tell
from bot.cli.started import data_directory, load_settings
from bot.domain.teaching.dataset import Unlearned
from bot.services.ports import Store
from bot.services.ports_teach import TrainingState
from bot.services.promoting import refusal_of
from bot.services.refusals import NotNow
from bot.services.serving import KEY, Promotions
from bot.services.training_runs import Lesson
from bot.services.trainings import Trainings
from bot.settings import Settings


@dataclass(kw_only=True)
class _Result:
    """What a run came to. ``taught`` is ``None`` where the database cannot be reached.

    ``candidate`` says that the model has to be promoted to serve: one was made, or promoted once, beside the base.
    """

    model: Model
    trained: bool
    taught: int | None = None
    candidate: bool = False
    gate: Mapping[str, Any] | None = None
    refusal: str | None = None
    promoted: bool = False
    unlearned: Sequence[Unlearned] = ()


@dataclass(frozen=True, kw_only=True)
class _School:
    """What is needed to train on what was taught."""

    store: Store
    trainings: Trainings
    trainer: ProcessTrainer
    promotions: Promotions
    workshop: Workshop
    lesson: Lesson


def register(root: typer.Typer) -> None:
    """Add the command."""
    root.command("train")(train)


def train(
    force: Annotated[bool, typer.Option("--force", help="Huấn luyện lại dù dữ liệu không đổi.")] = False,
    promote: Annotated[
        bool, typer.Option("--promote", help="Đưa mô hình mới vào phục vụ khách nếu bước so sánh cho phép.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="In kết quả dạng JSON.")] = False,
) -> None:
    """Huấn luyện trợ lý từ tệp của nhà phát triển cùng những câu đã dạy; không làm gì nếu mô hình đã đúng dữ liệu."""
    result = asyncio.run(_train(checkout(data_directory()), load_settings(), force=force, promote=promote))
    if as_json:
        say_json(
            {
                **asdict(result.model),
                "trained": result.trained,
                "taught": result.taught,
                "gate": result.gate,
                "promoted": result.promoted,
                "unlearned": [asdict(one) for one in result.unlearned],
            }
        )
    else:
        _tell(result)
    if promote and not result.promoted:
        raise Failure(result.refusal or "Không đưa được mô hình vào phục vụ: cơ sở dữ liệu không dùng được.")


async def _train(workshop: Workshop, settings: Settings, *, force: bool, promote: bool) -> _Result:
    async with _database(settings) as store:
        steps = Steps(1 if store is None else 2)
        if store is None:
            return _Result(**await _base(workshop.data, steps, force=force))
        trainer, shelf = ProcessTrainer(workshop), Shelf(workshop.data)
        trainings = Trainings(store=store, clock=SystemClock(), trainer=trainer, shelf=shelf)
        school = _School(
            store=store,
            trainings=trainings,
            trainer=trainer,
            promotions=Promotions(store=store, clock=SystemClock(), shelf=shelf, base=trainer.untaught),
            workshop=workshop,
            lesson=await trainings.lesson(),
        )
        taught = bool(school.lesson.dataset.lines or school.lesson.dataset.needs) or await _promoted(store) is not None
        base = await _base(workshop.data, steps, force=force and not taught)
        result = _Result(**base, taught=0)
        if taught:
            result = await _candidate(school, steps, force=force)
        result.unlearned = school.lesson.dataset.unlearned
        if promote:
            await _promote(school, result)
        return result


async def _base(data: Path, steps: Steps, *, force: bool) -> dict[str, Any]:
    """Have the model of the developers' files alone, which serves where nothing else was promoted."""
    with steps.step("Mô hình từ tệp của nhà phát triển") as step:
        model, trained = await ensure(data, step.update, force=force)
    return {"model": model, "trained": trained}


async def _candidate(school: _School, steps: Steps, *, force: bool) -> _Result:
    """Train on what was taught, one at a time with the console, and have the gate look at it."""
    count = len(school.lesson.dataset.lines)
    with steps.step(f"Mô hình cùng {count} câu đã dạy") as step:
        kept = None if force else await asyncio.to_thread(school.trainer.trained, school.lesson.dataset)
        if kept is None:
            try:
                training = await school.trainings.run(
                    school.lesson, lambda what, share: step.update(f"{what} {share:.0%}")
                )
            except NotNow as failure:
                raise Failure(failure.explanation) from failure
            if training.state is not TrainingState.DONE or training.model_id is None:
                told = "\n".join(training.faults) or training.state.value
                raise Failure(f"Không huấn luyện được, mô hình cũ giữ nguyên:\n{told}")
            model_id = training.model_id
        else:
            model_id = kept.id
    async with school.store.read() as uow:
        judged = await uow.teaching.judged([model_id])
        refusal = await refusal_of(uow, model_id)
    gate = next((one.gate for one in judged if one.gate is not None), None)
    model = next(one for one in models(school.workshop.data) if one.id == model_id)
    return _Result(model=model, trained=kept is None, taught=count, candidate=True, gate=gate, refusal=refusal)


async def _promote(school: _School, result: _Result) -> None:
    """Have the model serve, where the gate allows it; the base serves by itself where nothing was promoted."""
    if result.refusal is None:
        if result.candidate:
            await school.promotions.promote(result.model.id, "shell")
        result.promoted = True


async def _promoted(store: Store) -> str | None:
    async with store.read() as uow:
        said = await uow.channel_states.get(KEY)
    return str(said["model"]) if said else None


@asynccontextmanager
async def _database(settings: Settings) -> AsyncIterator[Store | None]:
    """Give the store; ``None``, said in a line, where there is no database or it does not answer."""
    if not has_database(settings):
        tell("Chưa có cơ sở dữ liệu: chỉ huấn luyện từ tệp của nhà phát triển.")
        yield None
        return
    async with AsyncExitStack() as stack:
        try:
            store = await stack.enter_async_context(opened_store(settings))
        except Failure as failure:
            tell(f"{failure}\nKhông đọc được những câu đã dạy: chỉ huấn luyện từ tệp của nhà phát triển.")
            yield None
            return
        yield store


def _tell(result: _Result) -> None:
    model = result.model
    if result.trained:
        say(f"Đã huấn luyện mô hình {model.id} trong {model.seconds:.0f} giây: {model.file}")
    else:
        say(f"Mô hình {model.id} đã đúng với dữ liệu hiện tại: {model.file}")
    for one in result.unlearned:
        if one.text:
            say(f"Câu “{one.text}” không được học, vì bộ huấn luyện sẽ hiểu sai câu này.")
        elif one.missing:
            say(f"Nhu cầu “{one.name}” còn thiếu {one.missing} câu nên chưa học.")
        else:
            say(f"Câu mẫu của “{one.name}” không được học nữa, vì không còn nhu cầu này.")
    if result.gate is not None:
        overall = result.gate["overall"]
        before, after = 100 * overall["before"], 100 * overall["after"]
        say(f"Hiểu đúng {after:.1f}% bộ kiểm tra, mô hình đang dùng {before:.1f}%.")
    if result.candidate:
        say(result.refusal or f"Bước so sánh cho phép dùng: ./letan models promote {model.id}")
    if result.promoted:
        say(f"Mô hình {model.id} phục vụ từ bây giờ.")
