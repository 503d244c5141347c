"""Which model answers the customers: promoted by somebody, kept over restarts, and taken back in one step."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from bot.domain.errors import ForbiddenMove, Unknown
from bot.services.ports import Clock, Store, UnitOfWork
from bot.services.ports_engine import ModelRefused, ModelServer
from bot.services.refusals import NotNow

log = structlog.get_logger(__name__)

KEY = "serving"
KEPT = 20
"""Promotions that are remembered, to go back through."""


@dataclass(frozen=True, kw_only=True)
class KeptModel:
    """A model file that this installation trained, with the digest that it had then."""

    id: str
    file: str
    sha256: str
    base: str
    """Fingerprint of the developers' files that it was trained on."""


class ModelShelf(Protocol):
    """The model files of this installation."""

    def find(self, model_id: str) -> KeptModel | None:
        """Return a model by its id, if this installation trained it and the file is still there."""
        ...

    def intact(self, model: KeptModel) -> bool:
        """Tell whether the file is still what was trained: neither cut short nor swapped."""
        ...

    def discard(self, model: KeptModel) -> None:
        """Delete the file of a model, no other of the same id; one that is not here is fine. Raises `OSError`."""
        ...


class ModelDamaged(NotNow):
    """The file was cut short or swapped since it was trained: it must never be loaded."""

    code = "model_damaged"

    def __init__(self) -> None:
        super().__init__("Tệp của mô hình này đã hỏng hoặc bị thay sau khi huấn luyện, không dùng được nữa.")


class Promotions:
    """Says which model is to serve. The engine follows within seconds, see `ModelKeeper`."""

    def __init__(
        self, *, store: Store, clock: Clock, shelf: ModelShelf, base: Callable[[], KeptModel | None] = lambda: None
    ) -> None:
        """Decide for one installation; ``base`` tells what serves, without a word, until the first promotion."""
        self._store = store
        self._clock = clock
        self._shelf = shelf
        self._base = base

    async def promote(self, model_id: str, actor: str, *, reason: str = "") -> KeptModel:
        """Have a model serve from now on.

        Raises:
            Unknown: this installation has no such model.
            ModelDamaged: its file is not what was trained.
        """
        model = self._shelf.find(model_id)
        if model is None:
            raise Unknown(f"model {model_id}")
        if not await asyncio.to_thread(self._shelf.intact, model):
            log.error("model_damaged", model_id=model.id, file=model.file)
            raise ModelDamaged
        base = await asyncio.to_thread(self._base)
        async with self._store.begin() as uow:
            said = await uow.channel_states.get(KEY, lock=True) or {}
            before = said.get("model") or (base.id if base is not None else None)
            history = [one for one in said.get("history", []) if one not in (model.id, before)]
            if before not in (None, model.id):
                history.append(before)
            await self._serve(uow, said, model, history[-KEPT:])
            await uow.audit.write(self._clock.now(), actor, "model.promote", model.id, former=before, reason=reason)
        return model

    async def roll_back(self, actor: str) -> KeptModel:
        """Have the model serve that was promoted before the present one.

        Raises:
            ForbiddenMove: there is none before it that is still kept whole.
        """
        async with self._store.begin() as uow:
            said = await uow.channel_states.get(KEY, lock=True) or {}
            history, model = list(said.get("history", [])), None
            while history and model is None:
                model = await asyncio.to_thread(self._whole, history.pop())
            if model is None:
                raise ForbiddenMove("no earlier model is kept")
            await self._serve(uow, said, model, history)
            await uow.audit.write(self._clock.now(), actor, "model.roll_back", model.id, former=said["model"])
        return model

    def _whole(self, model_id: str) -> KeptModel | None:
        model = self._shelf.find(model_id)
        return model if model is not None and self._shelf.intact(model) else None

    async def _serve(self, uow: UnitOfWork, said: Mapping[str, Any], model: KeptModel, history: Sequence[str]) -> None:
        """Store which model serves, which served before, and since when each did."""
        began = {**said.get("began", {}), model.id: self._clock.now().isoformat()}
        latest = dict(sorted(began.items(), key=lambda one: str(one[1]))[-2 * KEPT :])
        await uow.channel_states.put(
            KEY, {"model": model.id, "base": model.base, "history": list(history), "began": latest}
        )


class ModelKeeper:
    """Sees to it that the engine serves the promoted model, after a promotion and after each start of the engine."""

    def __init__(self, *, store: Store, shelf: ModelShelf, engine: ModelServer) -> None:
        self._store = store
        self._shelf = shelf
        self._engine = engine
        self._refused: str | None = None

    async def look(self) -> None:
        """Have the engine take over the promoted model, where it serves another one.

        A model that the engine refused is not tried again until another one was promoted; the serving one goes on.
        """
        async with self._store.read() as uow:
            said = await uow.channel_states.get(KEY)
        wanted = str(said["model"]) if said else None
        if wanted is None or wanted == self._refused:
            return
        self._refused = None
        serving = await self._engine.health()
        if serving is None or serving == wanted:
            return
        refusal = await self._replace(wanted)
        if refusal is None:
            log.info("model_served", model_id=wanted, former=serving)
        else:
            self._refused = wanted
            log.error("model_not_served", model_id=wanted, serving=serving, reason=refusal)

    async def _replace(self, wanted: str) -> str | None:
        """Return why the engine does not serve the model, ``None`` where it does."""
        model = self._shelf.find(wanted)
        if model is None:
            return "its file is gone, or is not ours"
        try:
            await self._engine.replace(model.file, model.sha256)
        except ModelRefused as refusal:
            return str(refusal)
        return None


def has_served(said: Mapping[str, Any] | None, model_id: str) -> bool:
    """Tell whether a model served before, by what `KEY` holds: going back to it needs no new verdict."""
    known = said or {}
    return model_id in known.get("began", {}) or model_id in known.get("history", ())


async def supersede(store: Store, clock: Clock, base: str) -> bool:
    """Forget the promoted model where the developers' files have changed since it was trained; tell whether.

    Their new model serves then; what admins taught has to be trained onto it anew. ``base`` is the fingerprint of the
    files as they are.
    """
    async with store.begin() as uow:
        said = await uow.channel_states.get(KEY, lock=True)
        if not said or said["base"] == base:
            return False
        await uow.channel_states.remove(KEY)
        await uow.audit.write(clock.now(), "house", "model.superseded", str(said["model"]), base=base)
    return True
