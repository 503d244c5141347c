"""The guard: no outgoing sentence, the bot's or a person's, sends the customer away (DESIGN section 1).

A sentence refuses when it says that the need is not ours, that nobody knows, that nothing can be
done, that the customer should look elsewhere, do it alone or come back later, or when it brushes the
customer off. It may still go out when it, or a sentence near it, carries a route: one of us takes the
customer to a named person or department, opens a case, or says by when we act. Rudeness has no route.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from bot.domain import guard_rules as rules
from bot.domain.guard_match import PhraseIndex, words_of
from bot.domain.guard_routes import HARMLESS, NEW_NEED, ROUTES
from bot.domain.guard_words import plain_words, sentences


class RefusalReason(StrEnum):
    """How a sentence sends the customer away."""

    NOT_MY_JOB = "not_my_job"
    GO_ELSEWHERE = "go_elsewhere"
    DO_IT_YOURSELF = "do_it_yourself"
    DO_NOT_KNOW = "do_not_know"
    CANNOT_HELP = "cannot_help"
    COME_BACK_LATER = "come_back_later"
    DISMISSIVE = "dismissive"

    @property
    def explanation(self) -> str:
        """Say in Vietnamese, to the writer, what is wrong with the sentence and how to mend it."""
        return _EXPLANATIONS[self]


@dataclass(frozen=True)
class Verdict:
    """What the guard says of one outgoing text; `matched` is the offending sentence, "" when there is none."""

    refusal: bool
    reason: RefusalReason | None = None
    matched: str = ""


_EXPLANATIONS: Final = {
    RefusalReason.NOT_MY_JOB: (
        "Câu này nói việc không thuộc về mình. Hãy chuyển khách sang người phụ trách và nói rõ ai, khi nào."
    ),
    RefusalReason.GO_ELSEWHERE: (
        "Câu này bảo khách đi hỏi nơi khác. Hãy tự liên hệ giúp khách rồi báo ai sẽ trả lời, trước mấy giờ."
    ),
    RefusalReason.DO_IT_YOURSELF: (
        "Câu này bảo khách tự lo. Hãy làm giúp khách, hoặc chỉ từng bước và ở lại cùng khách."
    ),
    RefusalReason.DO_NOT_KNOW: ("Câu này dừng ở chỗ không biết. Hãy nói mình sẽ hỏi ai và báo lại khách lúc nào."),
    RefusalReason.CANNOT_HELP: ("Câu này từ chối giúp. Hãy đưa cách khác, hoặc chuyển người có quyền kèm mã phiếu."),
    RefusalReason.COME_BACK_LATER: ("Câu này bắt khách quay lại sau. Hãy hẹn giờ mình gọi lại cho khách và ghi phiếu."),
    RefusalReason.DISMISSIVE: ("Câu này làm khách thấy bị xem nhẹ. Hãy viết lại cho lịch sự và nêu bước tiếp theo."),
}

# In the order in which a reason is named when several fit.
_RULES: Final = {
    RefusalReason.DISMISSIVE: rules.DISMISSIVE,
    RefusalReason.NOT_MY_JOB: rules.NOT_MY_JOB,
    RefusalReason.GO_ELSEWHERE: rules.GO_ELSEWHERE,
    RefusalReason.DO_IT_YOURSELF: rules.DO_IT_YOURSELF,
    RefusalReason.COME_BACK_LATER: rules.COME_BACK_LATER,
    RefusalReason.CANNOT_HELP: rules.CANNOT_HELP,
    RefusalReason.DO_NOT_KNOW: rules.DO_NOT_KNOW,
}
_REASONS: Final = tuple(_RULES)
_REFUSALS: Final = PhraseIndex(tuple(_RULES.values()))
_HARMLESS: Final = PhraseIndex([HARMLESS])
_ROUTES: Final = PhraseIndex([ROUTES])
_VOCABULARY: Final = frozenset().union(*map(words_of, _RULES.values()))


@lru_cache(maxsize=256)
def check(text: str) -> Verdict:
    """Judge one outgoing message. The latest verdicts are kept: most of what is said is said again and again.

    Takes time linear in the length of `text`; never raises, whatever the text holds.
    """
    readable = list(sentences(text))
    plain = [plain_words(sentence, _VOCABULARY) for sentence in readable]
    routed = [_ROUTES.first_kind(words) is not None for words in plain]
    for index, words in enumerate(plain):
        reason = _refusal(words)
        if reason is None:
            continue
        if reason is RefusalReason.DISMISSIVE or not _has_route(routed, index, words):
            return Verdict(refusal=True, reason=reason, matched=readable[index].strip())
    return Verdict(refusal=False)


def _refusal(words: str) -> RefusalReason | None:
    """Name the way in which one sentence of plain words refuses, or None; routes are not looked at."""
    kind = _REFUSALS.first_kind(_HARMLESS.without(words))
    return None if kind is None else _REASONS[kind]


def _has_route(routed: list[bool], index: int, words: str) -> bool:
    """Tell whether the sentence at `index`, or one that belongs to the same need, takes the customer on."""
    start = index if words.split(" ", 1)[0] in NEW_NEED else 0
    return any(routed[start:])
