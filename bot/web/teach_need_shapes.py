"""The JSON shapes of taught needs, edited answers, previews and clusters. No text in here points to a customer."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from bot.web.endpoint import Body, Given
from bot.web.teach_shapes import Id

Name = Annotated[str, StringConstraints(max_length=200)]
Told = Annotated[str, StringConstraints(max_length=2_000)]
Wanted = Annotated[str, StringConstraints(max_length=60)]
Texts = Annotated[tuple[Told, ...], Field(max_length=12)]
MessageIds = Annotated[tuple[Id, ...], Field(max_length=200)]
Examples = Annotated[tuple[Told, ...], Field(max_length=100)]
LanguageId = Literal["vi", "en"]


class NeedIn(Body):
    """A new need. ``intent`` is made from ``name_vi`` where it is not given.

    Without ``answer_vi`` a message that asks for it is handed to ``department``. ``message_ids`` are customers'
    messages, of a cluster say, ``examples`` sentences of the house; both become its examples.
    """

    name_vi: Name
    name_en: Name = ""
    intent: Wanted | None = None
    department: Wanted
    answer_vi: Told = ""
    answer_en: Told = ""
    priority: Wanted = "normal"
    message_ids: MessageIds = ()
    examples: Examples = ()


class NeedChangeIn(Body):
    """What is to change; the intent never does. An empty ``answer_vi`` takes the answer away.

    ``message_ids`` and ``examples`` are added to those that it has.
    """

    name_vi: Name | None = None
    name_en: Name | None = None
    department: Wanted | None = None
    priority: Wanted | None = None
    answer_vi: Told | None = None
    answer_en: Told | None = None
    message_ids: MessageIds = ()
    examples: Examples = ()


class TextsOut(Given):
    """Ways of saying one thing in each language; the texts have their ``{placeholders}``."""

    vi: list[str]
    en: list[str]


class LeftOutOut(Given):
    """A sentence or message that did not become an example, and why; ``text`` is what was written, if anything."""

    message_id: int | None
    text: str
    reason: str


class ReplacedOut(Given):
    """A sentence in which personal data were replaced: what was written, and what is learned from it."""

    text: str
    learned: str


class NeedDetailOut(Given):
    """A taught need.

    ``state`` is ``active`` or ``retired``. ``examples`` may be learned from, ``proposed`` wait for a second person.
    ``in_use`` tells whether the serving model holds it; the next training goes without it while so many different
    sentences are ``missing``. ``answer`` is ``None`` where the department answers
    in person. ``left_out`` and ``replaced`` are filled by the request that added examples.
    """

    id: int
    intent: str
    name_vi: str
    name_en: str
    department: str
    department_label: str
    priority: str
    state: str
    answer: TextsOut | None
    answer_version: int
    examples: int
    proposed: int
    in_use: bool
    missing: int
    made_by: str
    made_at: datetime
    retired_at: datetime | None
    left_out: list[LeftOutOut]
    replaced: list[ReplacedOut]


class NeedsOut(Given):
    """The taught needs, the newest first. ``waiting`` counts the active ones that the serving model does not know."""

    needs: list[NeedDetailOut]
    waiting: int


class AnswerOut(Given):
    """An answer of the bot: what the developers' file says, and what was made of it.

    ``version`` counts its changes, 0 where there was none, and goes back with the next one. ``edited`` is ``None``
    where the base answers. ``taught`` marks the answer of a taught need, which has no base. ``placeholders`` may stand
    in braces in its texts.
    """

    key: str
    need_label: str
    department: str
    department_label: str
    taught: bool
    base: TextsOut
    edited: TextsOut | None
    version: int
    edited_by: str | None
    edited_at: datetime | None
    placeholders: list[str]


class AnswersOut(Given):
    """Every answer, in the order of the file, taught needs last."""

    answers: list[AnswerOut]


class AnswerIn(Body):
    """The texts to say from now on. ``version`` is the one that was looked at; 409 where there is a newer one."""

    vi: Texts
    en: Texts = ()
    version: Annotated[int, Field(ge=0, le=1_000_000)]


class AnswerVersionOut(Given):
    """One change. ``texts`` is ``None`` where it went back to the base; ``restored`` is the version it repeats."""

    version: int
    texts: TextsOut | None
    by: str
    at: datetime
    restored: int | None


class AnswerVersionsOut(Given):
    """The changes of an answer, the newest first."""

    versions: list[AnswerVersionOut]


class RestoreIn(Body):
    """The version whose texts are to be said again, and the one that was seen in force; 0 is the base."""

    version: Annotated[int, Field(ge=0, le=1_000_000)]
    seen: Annotated[int, Field(ge=0, le=1_000_000)]


class DraftIn(Body):
    """Texts of an answer that nobody has stored; those of a language that is empty are as they are."""

    key: Wanted
    vi: Texts = ()
    en: Texts = ()


class PreviewIn(Body):
    """What a customer might write. Nothing is stored and no case is opened."""

    text: Annotated[str, StringConstraints(min_length=1, max_length=1_000)]
    language: LanguageId = "vi"
    answer: DraftIn | None = None


class PreviewOut(Given):
    """What the bot would make of it. ``decision`` is ``answer``, ``ask`` or ``hand_off``.

    ``handed_to`` is the department that would get a case, and ``department`` the one that owns what was said.
    """

    intent: str
    need_label: str
    confidence: float
    decision: str
    replies: list[str]
    buttons: list[str]
    department: str
    department_label: str
    handed_to: str | None


class SampleOut(Given):
    """A message of a cluster, with personal data covered."""

    message_id: int
    text: str


class ClusterOut(Given):
    """Messages that seem to be about one thing: ``size`` of ``customers`` customers.

    ``words`` tell it from the others. ``members`` are ids of its messages, the most typical first, at most 200; the
    first ``near`` of them are close to its middle, and some of those are ``samples``. The others may be about something
    else and are not counted; some of them are ``doubtful``.
    """

    id: int
    size: int
    customers: int
    words: list[str]
    samples: list[SampleOut]
    doubtful: list[SampleOut]
    members: list[int]
    near: int


class ClustersOut(Given):
    """The last look for needs that have no name. ``state`` is ``none``, ``running``, ``done`` or ``failed``.

    ``messages`` were looked at in ``seconds``. ``fault`` says why it failed. What was decided on since is left out.
    """

    state: str
    made_at: datetime | None
    messages: int
    seconds: float | None
    fault: str | None
    clusters: list[ClusterOut]


class SeenIn(BaseModel):
    """The version that was looked at."""

    version: Annotated[int | None, Field(ge=0, le=1_000_000)] = None
