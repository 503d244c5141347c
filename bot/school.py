"""Puts together what teaches the assistant: examples, needs and answers, trainings, models, and what moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

import aiohttp
import structlog
from sqlalchemy.exc import SQLAlchemyError

from actions.plan import COMMON
from actions.speech import load_texts
from bot.adapters.clock import SystemClock
from bot.adapters.company import FileFaults
from bot.adapters.company.additions import FILE as ADDITIONS
from bot.adapters.company.additions import AdditionsFile
from bot.adapters.db.store import SqlStore
from bot.adapters.engine import HttpEngine
from bot.adapters.engine.shadow import HttpShadow
from bot.adapters.processes.place import ROOT
from bot.adapters.training.models import Shelf
from bot.adapters.training.sorting import ProcessSorter
from bot.adapters.training.taught import taught_yaml
from bot.adapters.training.trainer import ProcessTrainer, checkout
from bot.channels import Loop
from bot.domain.company import Company
from bot.domain.knowledge import Knowledge
from bot.services.additions import AdditionsKeeper
from bot.services.answers import EditedAnswers
from bot.services.clustering import Clustering
from bot.services.drifting import Drifting
from bot.services.lessons import LessonBook
from bot.services.needs import TaughtNeeds
from bot.services.ports_review import Project
from bot.services.previewing import Previewing
from bot.services.promoting import Promoting
from bot.services.reviewing import Reviewing
from bot.services.serving import ModelKeeper, Promotions
from bot.services.shadowing import Shadowing
from bot.services.trainings import Trainings
from bot.settings import Settings
from bot.workers.loops import PeriodicLoop

log = structlog.get_logger(__name__)

MODEL_SECONDS = 0.5
"""How soon the engine follows a promotion, also one from the shell; one row is read each time."""
ADDITIONS_SECONDS = 2.0
SHADOW_SECONDS = 3.0
DRIFT_SECONDS = 3600.0
RESUME_SECONDS = 10.0
"""How often it is asked whether a training was interrupted; a start is over by then."""


@dataclass(frozen=True, kw_only=True)
class School:
    """What is built, and the loops that must run beside it."""

    reviewing: Reviewing
    needs: TaughtNeeds
    answers: EditedAnswers
    previewing: Previewing
    clustering: Clustering
    trainings: Trainings
    promoting: Promoting
    shadowing: Shadowing
    drifting: Drifting
    additions: AdditionsKeeper
    loops: Mapping[str, Loop]

    async def begin(self) -> None:
        """Know the needs that were added before the first message is answered; a database that is away is told."""
        try:
            await self.additions.look()
        except (SQLAlchemyError, OSError) as failure:
            log.warning("additions_later", reason=type(failure).__name__)

    async def close(self) -> None:
        """Stop whatever works in a process of its own."""
        await self.trainings.close()
        await self.clustering.close()


class _Said(TypedDict):
    """What everything needs that is about what the bot says."""

    store: SqlStore
    company: Company
    base: Knowledge
    placeholders: frozenset[str]


def open_school(
    settings: Settings,
    *,
    store: SqlStore,
    clock: SystemClock,
    company: Company,
    engine: HttpEngine,
    session: aiohttp.ClientSession,
) -> School:
    """Build it for this checkout's assistant; it is to be closed before the store is."""
    shelf, workshop = Shelf(settings.data), checkout(settings.data)
    trainer = ProcessTrainer(workshop)
    book = LessonBook(Project(base=trainer.base, emit=taught_yaml))
    trainings = Trainings(store=store, clock=clock, trainer=trainer, shelf=shelf)
    shadow = HttpShadow(session, settings.engine_url, settings.engine_token.get_secret_value())
    shadowing = Shadowing(store=store, clock=clock, shelf=shelf, engine=shadow, serving=engine)
    drifting = Drifting(store=store, clock=clock, company=company, files=trainer)
    additions = AdditionsKeeper(store=store, company=company, file=AdditionsFile(settings.data / ADDITIONS))
    said = _Said(store=store, company=company, base=_base(company), placeholders=COMMON)
    promotions = Promotions(store=store, clock=clock, shelf=shelf, base=trainer.untaught)
    models = ModelKeeper(store=store, shelf=shelf, engine=engine)
    return School(
        reviewing=Reviewing(store=store, clock=clock, company=company, book=book),
        needs=TaughtNeeds(clock=clock, keeper=additions, book=book, **said),
        answers=EditedAnswers(clock=clock, keeper=additions, **said),
        previewing=Previewing(clock=clock, engine=engine, **said),
        clustering=Clustering(store=store, clock=clock, sorter=ProcessSorter(workshop)),
        trainings=trainings,
        promoting=Promoting(store=store, promotions=promotions, trainer=trainer, engine=engine),
        shadowing=shadowing,
        drifting=drifting,
        additions=additions,
        loops={
            "additions": PeriodicLoop("additions", ADDITIONS_SECONDS, additions.look).run,
            "models": PeriodicLoop("models", MODEL_SECONDS, models.look).run,
            "shadow": PeriodicLoop("shadow", SHADOW_SECONDS, shadowing.step).run,
            "drift": PeriodicLoop("drift", DRIFT_SECONDS, drifting.ensure).run,
            "trainings": PeriodicLoop("trainings", RESUME_SECONDS, trainings.resume, after=RESUME_SECONDS).run,
        },
    )


def _base(company: Company) -> Knowledge:
    """Return the developers' texts; without them there are no answers to edit, and the house works all the same."""
    try:
        return load_texts(ROOT / "knowledge.yml", company)
    except FileFaults as faults:
        log.warning("knowledge_not_read", faults=str(faults))
        return Knowledge(needs={}, answers={}, phrases={})
