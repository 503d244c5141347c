"""What the doors of the desk's moves take."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from bot.domain.written import WORDS_MAX
from bot.services.desk import REPLY_MAX
from bot.web.endpoint import ID_MAX, Body, Moment

Text = Annotated[str, StringConstraints(max_length=REPLY_MAX)]
Words = Annotated[str, StringConstraints(max_length=WORDS_MAX)]
Word = Annotated[str, StringConstraints(max_length=100)]
Id = Annotated[int, Field(ge=1, le=ID_MAX)]


class GivenKind(StrEnum):
    """Why a person gives a case away; see `bot.domain.transfers.TransferKind`.

    Relief at the end of a shift is not among it: that has a door of its own.
    """

    PASSED_ON = "passed_on"
    GIVEN_BACK = "given_back"
    ESCALATED = "escalated"


class TransferIn(Body):
    """To a person, a department, or both; ``department`` may be left out where the person is of one only.

    ``kind`` says what is meant by it; ``escalated`` needs neither. ``note`` tells the receiver what this is about and
    what is expected of them; the customer never sees it.
    """

    department: Word | None = None
    staff_id: Id | None = None
    kind: GivenKind = GivenKind.PASSED_ON
    note: Words


class IntroduceIn(Body):
    """A colleague of a back-office department whom the owner brings into the conversation."""

    staff_id: Id
    note: Words


class DeclineIn(Body):
    """Why not; the giver needs it to do better."""

    reason: Words


class PromiseIn(Body):
    """When the customer will be answered, or called where ``call`` says so; with an offset.

    ``confirmed`` says that it is meant although the department is closed at that time.
    """

    due_at: Moment
    call: bool = False
    confirmed: bool = False


class ResolveIn(Body):
    """``seen`` is the id of the newest message that the person had on the screen.

    ``drop_open`` says that requests and approvals which still wait may be cancelled with it; ``unanswered`` that it may
    end although nobody has answered the customer, or only asked them for time.
    """

    seen: int | None = Field(default=None, ge=0, le=ID_MAX)
    drop_open: bool = False
    unanswered: bool = False


class RequestIn(Body):
    """What a department is asked to do or to answer, for this case.

    ``move_date``: a date that a person gave the customer moves where the answer would come too late for it.
    """

    department: Word
    text: Words
    move_date: bool = False


class RequestPreviewIn(Body):
    """The department that would be asked."""

    department: Word


class AnswerIn(Body):
    """The answer to a request; staff read it, the customer does not."""

    text: Words


class ApproveIn(Body):
    """What shall be decided: a kind of `company.yml`, an amount in whole VND where there is one, and why."""

    kind: Word
    amount: Annotated[int, Field(strict=True)] | None = None
    reason: Words


class GrantIn(Body):
    """A word with the yes; staff read it, the customer does not."""

    note: Words = ""


class RefuseIn(Body):
    """Why not: somebody has to explain it to the customer."""

    note: Words


class RequestsIn(BaseModel):
    """Which unsettled requests; those made to one's own departments by default (for those who lead: to any)."""

    department: Word | None = None
    state: Literal["open", "taken"] | None = None
