"""Shadow: a candidate reads live messages after they were answered, and what it would have read is kept.

Which one does is kept in the database, so it goes on after a restart of whatever part. It ends by itself after a week,
and when the candidate begins to serve or its file goes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import structlog

from bot.domain.errors import Unknown
from bot.domain.staff import StaffMember, require_lead
from bot.domain.teaching.masking import mask
from bot.services.ports import Clock, Store
from bot.services.ports_engine import ModelRefused, ModelServer
from bot.services.ports_models import Differing, ReadMessage, ShadowEngine, ShadowFailed, ShadowReading
from bot.services.refusals import NotNow
from bot.services.reviewing import KIND
from bot.services.serving import KEY as SERVING
from bot.services.serving import ModelShelf

log = structlog.get_logger(__name__)

KEY: Final = "shadow"
LIFE: Final = timedelta(days=7)
BATCH: Final = 50
"""Messages read in one step; the next step follows within seconds."""
OVERLAP: Final = timedelta(minutes=1)
"""A turn that closed may become visible after one that closed a little later."""
SHOWN: Final = 50


@dataclass(frozen=True, kw_only=True)
class Shadowed:
    """What runs in the shadow and what came of it; ``texts`` are those of ``differing``, masked."""

    model: str
    since: datetime
    until: datetime
    started_by: str
    reading: bool
    fault: str
    messages: int
    agree: int
    differing: Sequence[Differing]
    texts: Sequence[str]


class Shadowing:
    """Moves of those who lead, and the step that reads."""

    def __init__(
        self, *, store: Store, clock: Clock, shelf: ModelShelf, engine: ShadowEngine, serving: ModelServer
    ) -> None:
        self._store = store
        self._clock = clock
        self._shelf = shelf
        self._engine = engine
        self._serving = serving
        self._loaded: str | None = None
        self._refused: str | None = None
        self._fault = ""
        self._asked = False

    # --- moves --------------------------------------------------------------------------------------------------------

    async def state(self, staff: StaffMember) -> Shadowed | None:
        """Return what runs in the shadow, ``None`` for nothing. Raises `NotPermitted`."""
        require_lead(staff)
        async with self._store.read() as uow:
            said = await uow.channel_states.get(KEY)
            if said is None:
                return None
            model, since = str(said["model"]), datetime.fromisoformat(said["since"])
            messages, agree = await uow.models.shadow_counts(model, since)
            differing = await uow.models.differing(model, since, SHOWN)
            names = await uow.staff.names()
        texts = await asyncio.to_thread(_masked, differing, tuple(names.values()))
        return Shadowed(
            model=model,
            since=since,
            until=datetime.fromisoformat(said["until"]),
            started_by=names.get(int(said["by"]), ""),
            reading=self._loaded == model,
            fault=self._fault,
            messages=messages,
            agree=agree,
            differing=differing,
            texts=texts,
        )

    async def start(self, staff: StaffMember, model_id: str) -> None:
        """Have a model read in the shadow for a week, in place of any other; one that does already goes on.

        Raises:
            NotPermitted: the person does not lead.
            Unknown: this installation has no such model.
            ForbiddenMove: it is the one that answers the customers.
        """
        require_lead(staff)
        if self._shelf.find(model_id) is None:
            raise Unknown(f"model {model_id}")
        serving, now = await self._serving.health(), self._clock.now()
        async with self._store.begin() as uow:
            promoted = (await uow.channel_states.get(SERVING) or {}).get("model")
            if model_id in (promoted, serving):
                raise NotNow("Mô hình này đang trả lời khách, không cần chạy thử song song.")
            said = await uow.channel_states.get(KEY, lock=True)
            if said is None or said["model"] != model_id:
                fresh = {
                    "model": model_id,
                    "since": now.isoformat(),
                    "until": (now + LIFE).isoformat(),
                    "by": staff.id,
                    "read_to": now.isoformat(),
                }
                await uow.channel_states.put(KEY, fresh)
                await uow.audit.write(now, f"staff:{staff.id}", "shadow.start", model_id)
                await uow.feed.publish(KIND, None, {"shadow": model_id})
        self._refused = None

    async def stop(self, staff: StaffMember) -> None:
        """Have nothing read in the shadow any more; what was read is kept. Raises `NotPermitted`."""
        require_lead(staff)
        await self._end(f"staff:{staff.id}", None, "stopped")

    # --- the step -----------------------------------------------------------------------------------------------------

    async def step(self) -> None:
        """Read what was answered since the last step; harmless when called again, or by several hosts."""
        async with self._store.read() as uow:
            said = await uow.channel_states.get(KEY)
            promoted = (await uow.channel_states.get(SERVING) or {}).get("model")
        if said is None:
            await self._rest()
            return
        model, ends = str(said["model"]), datetime.fromisoformat(said["until"])
        over = self._over(model, ends, promoted)
        if over is not None:
            await self._end("house", model, over)
            return
        try:
            if model != self._refused and await self._ready(model):
                await self._read(model, said)
        except ShadowFailed as failure:
            self._note(f"Trợ lý chưa đọc thử được: {failure}")

    def _over(self, model: str, until: datetime, promoted: str | None) -> str | None:
        """Return why a candidate stops reading, ``None`` where it goes on."""
        if self._clock.now() >= until:
            return "its time is over"
        if model == promoted:
            return "it serves"
        return "its file is gone" if self._shelf.find(model) is None else None

    async def _rest(self) -> None:
        """Free the engine of a candidate that nobody wants any more; one from before our own start as well."""
        self._fault = ""
        if self._loaded is None and self._asked:
            return
        try:
            if await self._engine.shadow() is not None:
                await self._engine.drop()
        except ShadowFailed:
            return  # it is asked again at the next step
        self._loaded, self._asked = None, True

    async def _ready(self, model: str) -> bool:
        """Have the engine hold the candidate; an engine that was started anew has forgotten it."""
        self._asked = False
        if await self._engine.shadow() != model:
            self._loaded = None
            kept = self._shelf.find(model)
            if kept is None:
                return False
            try:
                await self._engine.take(kept.file, kept.sha256)
            except ModelRefused as refusal:
                self._refused = model
                self._note(f"Không nạp được mô hình: {refusal}")
                return False
            log.info("shadow_taken", model_id=model)
        self._loaded = model
        return True

    async def _read(self, model: str, said: Mapping[str, Any]) -> None:
        since, read_to = datetime.fromisoformat(said["since"]), datetime.fromisoformat(said["read_to"])
        async with self._store.read() as uow:
            found = await uow.models.unshadowed(model, max(since, read_to - OVERLAP), BATCH)
        readings = [await self._reading(model, one) for one in found]
        self._fault = ""
        if not readings:
            return
        async with self._store.begin(relaxed=True) as uow:
            now = await uow.channel_states.get(KEY, lock=True)
            await uow.models.add_shadow_readings(readings)
            if now is not None and (now["model"], now["since"]) == (said["model"], said["since"]):
                reached = max(read_to, found[-1].at)
                await uow.channel_states.put(KEY, {**now, "read_to": reached.isoformat()})
            await uow.feed.publish(KIND, None, {"shadow": model})

    async def _reading(self, model: str, message: ReadMessage) -> ShadowReading:
        read = await self._engine.read(message.text)
        if read.model_id != model:
            raise ShadowFailed("another model is in the shadow")
        return ShadowReading(
            model_id=model,
            message_id=message.message_id,
            serving=message.intent,
            intent=read.intent,
            confidence=read.confidence,
            at=self._clock.now(),
        )

    async def _end(self, actor: str, model: str | None, why: str) -> None:
        """Forget the candidate, unless it is another one by now."""
        async with self._store.begin() as uow:
            said = await uow.channel_states.get(KEY, lock=True)
            if said is not None and model in (None, said["model"]):
                await uow.channel_states.remove(KEY)
                await uow.audit.write(self._clock.now(), actor, "shadow.end", str(said["model"]), why=why)
                await uow.feed.publish(KIND, None, {"shadow": None})

    def _note(self, fault: str) -> None:
        if fault != self._fault:
            log.warning("shadow_not_reading", fault=fault)
        self._fault = fault


def _masked(differing: Sequence[Differing], names: Sequence[str]) -> list[str]:
    return [mask(one.text, names, one.name) for one in differing]
