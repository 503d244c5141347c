"""Needs that those who lead add: made from messages, served by a department, retired again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.domain.company import Company, Words
from bot.domain.errors import Invalid, Unknown
from bot.domain.knowledge import Knowledge, Wordings
from bot.domain.staff import StaffMember, require_lead
from bot.domain.teaching.answers import AnswerVersion, checked_texts
from bot.domain.teaching.dataset import MOST_EXAMPLES
from bot.domain.teaching.needs import TaughtNeed, checked_name, checked_priority, intent_for
from bot.services.additions import AdditionsKeeper
from bot.services.lessons import LessonBook
from bot.services.need_examples import NeedExamples, Told
from bot.services.ports import Clock, Store, UnitOfWork
from bot.services.ports_needs import ExampleCounts
from bot.services.refusals import NotNow
from bot.services.reviewing import KIND
from bot.services.serving import KEY
from bot.services.taking_back import taking_back


@dataclass(frozen=True, kw_only=True)
class NewNeed:
    """What somebody wrote into the form; nothing of it is checked yet."""

    name_vi: str
    name_en: str
    intent: str | None
    department: str
    answer_vi: str
    answer_en: str
    priority: str
    message_ids: Sequence[int]
    examples: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class NeedChange:
    """What is to change; ``None`` leaves something as it is. Messages and examples are added."""

    name_vi: str | None
    name_en: str | None
    department: str | None
    answer_vi: str | None
    answer_en: str | None
    priority: str | None
    message_ids: Sequence[int]
    examples: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class NeedView:
    """A need with all that is known of it. ``in_use``: the model that serves holds it."""

    need: TaughtNeed
    answer: AnswerVersion | None
    counts: ExampleCounts
    in_use: bool
    made_by: str
    missing: int
    """Different sentences without which the next training goes without it, counted as that training counts."""
    told: Told = field(default_factory=Told)


class TaughtNeeds:
    """Moves of those who lead on the needs of the house."""

    def __init__(
        self,
        *,
        store: Store,
        clock: Clock,
        company: Company,
        base: Knowledge,
        placeholders: frozenset[str],
        keeper: AdditionsKeeper,
        book: LessonBook | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._company = company
        self._base = base
        self._placeholders = placeholders
        self._keeper = keeper
        self._book = book or LessonBook(None)
        self._examples = NeedExamples(clock, two_reviewers=company.teaching.two_reviewers, book=self._book)

    # --- reading ------------------------------------------------------------------------------------------------------

    @property
    def shipped(self) -> Mapping[str, Words]:
        """What people call the needs of the developers' files, by intent."""
        return self._base.needs

    async def listed(self, staff: StaffMember) -> list[NeedView]:
        """Return the taught needs, the newest first. Raises `NotPermitted`."""
        require_lead(staff)
        async with self._store.read() as uow:
            return list(reversed(await self._views(uow)))

    async def one(self, staff: StaffMember, need_id: int) -> NeedView:
        """Return one need. Raises `NotPermitted`, `Unknown`."""
        require_lead(staff)
        async with self._store.read() as uow:
            return await self._view(uow, need_id)

    async def _views(self, uow: UnitOfWork) -> list[NeedView]:
        answers = {one.key: one for one in await uow.answers.newest()}
        counts, names = await uow.needs.counts(), await uow.staff.names()
        said = await uow.channel_states.get(KEY)
        trainings = await uow.teaching.judged([str(said["model"])]) if said else []
        needs, none = await uow.needs.listed(), ExampleCounts()
        lacking = await self._lacking(uow, needs)
        return [
            NeedView(
                need=one,
                answer=answers.get(one.intent),
                counts=counts.get(one.intent, none),
                missing=lacking.get(one.intent, 0),
                in_use=any(one.intent in training.needs for training in trainings),
                made_by=names.get(one.made_by, ""),
            )
            for one in needs
        ]

    async def _lacking(self, uow: UnitOfWork, needs: Sequence[TaughtNeed]) -> Mapping[str, int]:
        """Return how many sentences the active needs lack; what a training would leave out is not counted."""
        active = [one.intent for one in needs if one.active]
        return await self._book.lacking(await uow.teaching.approved(MOST_EXAMPLES), active) if active else {}

    async def _view(self, uow: UnitOfWork, need_id: int, told: Told | None = None) -> NeedView:
        for one in await self._views(uow):
            if one.need.id == need_id:
                return replace(one, told=told or Told())
        raise Unknown(f"need {need_id}")

    # --- changing -----------------------------------------------------------------------------------------------------

    async def add(self, staff: StaffMember, given: NewNeed) -> NeedView:
        """Make a need. Messages that somebody has decided on meanwhile, or that cannot teach, are left out and told.

        Raises:
            NotPermitted: the person does not lead.
            Invalid: a part of it cannot be accepted; the reason says what to do.
            HeldByGuard: the answer sends the customer away.
            ForbiddenMove: somebody made the same need at this moment.
        """
        require_lead(staff)
        async with self._store.begin() as uow:
            need = await uow.needs.add(self._checked(staff, given, await uow.needs.listed()))
            if need is None:
                raise NotNow("Nhu cầu này vừa được người khác tạo. Anh/chị tải lại danh sách giúp.")
            answer = self._answer(given.answer_vi, given.answer_en)
            if answer is not None:
                await self._say(uow, staff, need, answer)
            told = await self._examples.teach(uow, staff, need, given.message_ids, given.examples)
            await self._note(uow, staff, "need.add", need)
            view = await self._view(uow, need.id, told)
        await self._keeper.look()
        return view

    async def change(self, staff: StaffMember, need_id: int, given: NeedChange) -> NeedView:
        """Change a need or add examples to it. Raises as `add` does, and `Unknown`."""
        require_lead(staff)
        async with self._store.begin() as uow:
            need = await uow.needs.get(need_id)
            changed = self._changed(need, given, await uow.needs.listed())
            if changed != need:
                await uow.needs.save(changed)
            if given.answer_vi is not None or given.answer_en is not None:
                await self._say_else(uow, staff, changed, given)
            told = await self._examples.teach(uow, staff, changed, given.message_ids, given.examples)
            await self._note(uow, staff, "need.change", changed)
            view = await self._view(uow, need_id, told)
        await self._keeper.look()
        return view

    async def retire(self, staff: StaffMember, need_id: int) -> NeedView:
        """Have a need teach nothing any more: its examples lose their words, and their messages are open again.

        Until a model is trained without it, what the present one takes for it goes to its department.
        Raises `NotPermitted`, `Unknown`.
        """
        require_lead(staff)
        now = self._clock.now()
        async with self._store.begin() as uow:
            need = await uow.needs.get(need_id)
            if need.active:
                await uow.needs.save(need.retired(now))
                async with taking_back(uow, now) as back:
                    for example_id in await uow.needs.example_ids(need.intent):
                        await back.example(example_id)
                await self._note(uow, staff, "need.retire", need)
            view = await self._view(uow, need_id)
        await self._keeper.look()
        return view

    # --- a need's parts -----------------------------------------------------------------------------------------------

    def _checked(self, staff: StaffMember, given: NewNeed, others: Sequence[TaughtNeed]) -> TaughtNeed:
        name = self._name(given.name_vi, given.name_en or given.name_vi, others)
        taken = {*self._company.nameable, *self._base.needs, *self._base.answers, *(one.intent for one in others)}
        return TaughtNeed(
            id=0,
            intent=intent_for(name.vi, given.intent, taken),
            department=self._department(given.department),
            name=name,
            priority=checked_priority(given.priority),
            made_by=staff.id,
            made_at=self._clock.now(),
        )

    def _changed(self, need: TaughtNeed, given: NeedChange, others: Sequence[TaughtNeed]) -> TaughtNeed:
        name = None
        if given.name_vi is not None or given.name_en is not None:
            vi = need.name.vi if given.name_vi is None else given.name_vi
            en = need.name.en if given.name_en is None else given.name_en or vi
            name = self._name(vi, en, [one for one in others if one.id != need.id])
        return need.changed(
            name=name,
            department=self._department(given.department) if given.department is not None else None,
            priority=checked_priority(given.priority) if given.priority is not None else None,
        )

    def _name(self, vi: str, en: str, others: Sequence[TaughtNeed]) -> Words:
        known = [*self._base.needs.values(), *(one.name for one in others if one.active)]
        taken = [name for one in known for name in (one.vi, one.en)]
        return Words(checked_name("name_vi", vi, taken), checked_name("name_en", en, taken))

    def _department(self, department_id: str) -> str:
        if department_id not in self._company.departments:
            raise Invalid("department", "Anh/chị chọn một bộ phận của công ty giúp.")
        return department_id

    def _answer(self, vi: str, en: str) -> Wordings | None:
        if not vi.strip():
            if en.strip():
                raise Invalid("answer_vi", "Anh/chị viết câu trả lời tiếng Việt trước, rồi mới tới tiếng Anh giúp.")
            return None
        return checked_texts([vi], [en], self._placeholders, english=False)

    async def _say(self, uow: UnitOfWork, staff: StaffMember, need: TaughtNeed, texts: Wordings | None) -> None:
        newest = await uow.answers.latest(need.intent)
        number = newest.version + 1 if newest is not None else 1
        fresh = AnswerVersion(key=need.intent, version=number, texts=texts, by=staff.id, at=self._clock.now())
        if not await uow.answers.add(fresh):
            raise NotNow("Câu trả lời vừa được người khác sửa. Anh/chị tải lại rồi sửa tiếp giúp.")

    async def _say_else(self, uow: UnitOfWork, staff: StaffMember, need: TaughtNeed, given: NeedChange) -> None:
        """Store what is said from now on; a language that is not given stays as it is, several wordings included."""
        newest = await uow.answers.latest(need.intent)
        now = newest.texts if newest is not None else None
        vi = list(now.vi if now else ()) if given.answer_vi is None else [given.answer_vi]
        en = list(now.en if now else ()) if given.answer_en is None else [given.answer_en]
        texts = None
        if any(one.strip() for one in vi):
            texts = checked_texts(vi, en, self._placeholders, english=False)
        elif given.answer_en and given.answer_en.strip():
            self._answer("", given.answer_en)
        if texts != now:
            await self._say(uow, staff, need, texts)

    async def _note(self, uow: UnitOfWork, staff: StaffMember, action: str, need: TaughtNeed) -> None:
        await uow.audit.write(self._clock.now(), f"staff:{staff.id}", action, f"need {need.intent}")
        await uow.feed.publish(KIND, None, {"need": need.id})


def waiting(views: Iterable[NeedView]) -> int:
    """Count the active needs that the serving model does not know."""
    return sum(one.need.active and not one.in_use for one in views)
