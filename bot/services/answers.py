"""Answers that those who lead edit: what the developers' file says stays, and every change can be taken back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from bot.domain.company import RECEPTION, Company, Words
from bot.domain.errors import Unknown
from bot.domain.knowledge import Knowledge, Wordings
from bot.domain.staff import StaffMember, require_lead
from bot.domain.teaching.answers import BASE, AnswerVersion, checked_texts
from bot.domain.teaching.needs import TaughtNeed
from bot.services.additions import AdditionsKeeper
from bot.services.ports import Clock, Store, UnitOfWork
from bot.services.refusals import NotNow
from bot.services.reviewing import KIND

LISTED: Final = 100
"""Versions of an answer that are shown."""
NOTHING: Final = Wordings(vi=(), en=())


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An answer with what it was and what it is. ``newest`` is ``None`` where it was never edited."""

    key: str
    label: Words
    department: str
    base: Wordings
    taught: bool
    newest: AnswerVersion | None

    @property
    def texts(self) -> Wordings:
        """What is said."""
        return self.newest.texts if self.newest is not None and self.newest.texts is not None else self.base


class EditedAnswers:
    """Moves of those who lead on what the bot says."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        company: Company,
        base: Knowledge,
        placeholders: frozenset[str],
        keeper: AdditionsKeeper,
    ) -> None:
        self._store = store
        self._clock = clock
        self._company = company
        self._base = base
        self._keeper = keeper
        self.placeholders = placeholders
        """What may stand in braces in every answer."""

    async def listed(self, staff: StaffMember) -> tuple[list[Shown], Mapping[int, str]]:
        """Return every answer, taught needs last, and the names of staff. Raises `NotPermitted`."""
        require_lead(staff)
        async with self._store.read() as uow:
            newest = {one.key: one for one in await uow.answers.newest()}
            needs = [one for one in await uow.needs.listed() if one.active]
            names = await uow.staff.names()
        shown = [self._shown(key, None, newest.get(key)) for key in self._base.answers]
        shown += [self._shown(one.intent, one, newest.get(one.intent)) for one in needs]
        return shown, names

    async def versions(self, staff: StaffMember, key: str) -> tuple[Sequence[AnswerVersion], Mapping[int, str]]:
        """Return what was made of an answer, the newest first, and the names of staff.

        Raises:
            NotPermitted: the person does not lead.
            Unknown: there is no such answer.
        """
        require_lead(staff)
        async with self._store.read() as uow:
            await self._find(uow, key)
            return await uow.answers.versions(key, LISTED), await uow.staff.names()

    async def edit(
        self, staff: StaffMember, key: str, vi: Iterable[str], en: Iterable[str], version: int
    ) -> tuple[Shown, Mapping[int, str]]:
        """Have other texts said from now on.

        ``version`` is the one that was looked at.

        Raises:
            NotPermitted: the person does not lead.
            Unknown: there is no such answer.
            Invalid: the texts have faults.
            HeldByGuard: a text sends the customer away.
            ForbiddenMove: somebody else has changed it meanwhile.
        """
        require_lead(staff)
        async with self._store.begin() as uow:
            found = await self._find(uow, key)
            texts = checked_texts(vi, en, self.placeholders, english=not found.taught)
            if version == _number(found.newest) and texts == found.texts:
                return found, await uow.staff.names()
            changed = await self._add(uow, staff, found, texts, version)
            names = await uow.staff.names()
        await self._keeper.look()
        return changed, names

    async def revert(self, staff: StaffMember, key: str, version: int | None) -> tuple[Shown, Mapping[int, str]]:
        """Have the developers' texts said again; a taught need has none, and goes to its department. See `edit`."""
        return await self.restore(staff, key, BASE, version)

    async def restore(
        self, staff: StaffMember, key: str, version: int, seen: int | None
    ) -> tuple[Shown, Mapping[int, str]]:
        """Have the texts of a version said again, 0 being the base; ``seen`` is the one that was looked at.

        Raises as `edit` does: what could be said once may name something that is no more.
        """
        require_lead(staff)
        async with self._store.begin() as uow:
            found = await self._find(uow, key)
            texts = (await uow.answers.version(key, version)).texts if version != BASE else None
            if texts is not None:
                texts = checked_texts(texts.vi, texts.en, self.placeholders, english=not found.taught)
            names = await uow.staff.names()
            if texts is None and (found.newest is None or found.newest.texts is None):
                return found, names
            looked_at = _number(found.newest) if seen is None else seen
            changed = await self._add(uow, staff, found, texts, looked_at, restored=version)
        await self._keeper.look()
        return changed, names

    async def _find(self, uow: UnitOfWork, key: str) -> Shown:
        need = None
        if key not in self._base.answers:
            need = next((one for one in await uow.needs.listed() if one.intent == key and one.active), None)
            if need is None:
                raise Unknown(f"answer {key}")
        return self._shown(key, need, await uow.answers.latest(key))

    async def _add(
        self,
        uow: UnitOfWork,
        staff: StaffMember,
        found: Shown,
        texts: Wordings | None,
        looked_at: int,
        restored: int | None = None,
    ) -> Shown:
        now = self._clock.now()
        fresh = AnswerVersion(
            key=found.key, version=looked_at + 1, texts=texts, by=staff.id, at=now, restored=restored or None
        )
        if looked_at != _number(found.newest) or not await uow.answers.add(fresh):
            raise await _faster(uow, found.key)
        action = "answer.edit" if texts is not None else "answer.revert"
        await uow.audit.write(now, f"staff:{staff.id}", action, f"answer {found.key}", version=fresh.version)
        await uow.feed.publish(KIND, None, {"answer": found.key})
        return replace(found, newest=fresh)

    def _shown(self, key: str, need: TaughtNeed | None, newest: AnswerVersion | None) -> Shown:
        return Shown(
            key=key,
            label=need.name if need is not None else self._base.needs.get(key, Words(key, key)),
            department=need.department if need is not None else self._company.owners.get(key, RECEPTION),
            base=self._base.answers.get(key, NOTHING),
            taught=need is not None,
            newest=newest,
        )


async def _faster(uow: UnitOfWork, key: str) -> NotNow:
    newest = await uow.answers.latest(key)
    name = (await uow.staff.names()).get(newest.by, "") if newest is not None else ""
    return NotNow(f"{name or 'Người khác'} vừa sửa câu trả lời này. Anh/chị tải lại rồi sửa tiếp trên bản mới giúp.")


def _number(newest: AnswerVersion | None) -> int:
    return newest.version if newest is not None else BASE
