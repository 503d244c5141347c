"""The examples of a need that somebody adds: customers' messages without their data, and sentences of the house."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.errors import Invalid, Unknown
from bot.domain.staff import StaffMember
from bot.domain.teaching.examples import Source
from bot.domain.teaching.labels import sentences_in
from bot.domain.teaching.needs import TaughtNeed
from bot.services.lessons import LessonBook
from bot.services.ports import Clock, UnitOfWork
from bot.services.refusals import NotNow
from bot.services.sitting import Sitting
from bot.services.taking_back import taking_back


@dataclass(frozen=True, kw_only=True)
class LeftOut:
    """A message or sentence that did not become an example."""

    message_id: int | None
    text: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class Replaced:
    """A sentence of the house that was learned with nobody's data in place of somebody's."""

    text: str
    learned: str


@dataclass(frozen=True, kw_only=True)
class Told:
    """What whoever added examples has to know of them."""

    left_out: tuple[LeftOut, ...] = ()
    replaced: tuple[Replaced, ...] = ()


class NeedExamples:
    """Makes them as whoever reviews does, within a transaction of somebody else."""

    def __init__(self, clock: Clock, *, two_reviewers: bool, book: LessonBook) -> None:
        self._clock = clock
        self._two_reviewers = two_reviewers
        self._book = book

    async def teach(
        self,
        uow: UnitOfWork,
        staff: StaffMember,
        need: TaughtNeed,
        message_ids: Sequence[int],
        sentences: Sequence[str],
    ) -> Told:
        """Make examples of messages and sentences, each once; return what did not become one as it was given.

        Raises:
            Invalid: a line is none that a customer would write, or cannot be written down; the reason names it.
        """
        own = list(sentences_in(sentences))
        if not message_ids and not own:
            return Told()
        now, lessons = self._clock.now(), await self._book.lessons()
        async with taking_back(uow, now) as back:
            sitting = Sitting(
                uow=uow,
                staff=staff,
                now=now,
                two_reviewers=self._two_reviewers,
                names=await uow.staff.names(),
                lessons=lessons,
                back=back,
                source=Source.CLUSTER,
            )
            found = [await _message(sitting, need.intent, one) for one in sorted(set(message_ids))]
            told = [await _sentence(sitting, need.intent, one) for one in own]
        return Told(
            left_out=tuple(one for one in (*found, *told) if isinstance(one, LeftOut)),
            replaced=tuple(one for one in told if isinstance(one, Replaced)),
        )


async def _message(sitting: Sitting, intent: str, message_id: int) -> LeftOut | None:
    try:
        await sitting.uow.teaching.message(message_id, lock=True)
        standing = await sitting.uow.teaching.decision(message_id)
        if standing is not None:
            # Whoever adds a need objects to nobody: what was decided is changed where the message is shown.
            given = f"được gắn nhãn “{standing.label}”" if standing.label is not None else "được bỏ qua"
            return LeftOut(message_id=message_id, text="", reason=f"Câu này đã {given}.")
        await sitting.label(message_id, intent)
    except Unknown:
        return LeftOut(message_id=message_id, text="", reason="Không còn tin nhắn này.")
    except Invalid as failure:
        return LeftOut(message_id=message_id, text="", reason=failure.reason)
    except NotNow as failure:
        return LeftOut(message_id=message_id, text="", reason=failure.explanation)
    return None


async def _sentence(sitting: Sitting, intent: str, text: str) -> LeftOut | Replaced | None:
    try:
        learned = await sitting.own(text, intent)
    except Invalid as failure:
        if failure.field == "examples":
            raise
        return LeftOut(message_id=None, text=text, reason=failure.reason)
    except NotNow as failure:
        return LeftOut(message_id=None, text=text, reason=failure.explanation)
    return None if learned is None else Replaced(text=text, learned=learned)
