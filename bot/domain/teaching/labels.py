"""Names of needs and texts of examples, fit for Rasa's YAML whoever typed them.

`engine.check` refuses a whole training for one odd line. What customers type is full of odd lines, so texts are mended
here where that changes nothing a person would see, and names are refused, because a mended name is another name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final

from bot.domain.errors import Invalid
from bot.domain.text import clean, fold

MAX_TEXT: Final = 1_000
"""Characters of one example; the engine reads no more of a message."""
MAX_LABEL: Final = 42

NOT_A_NEED: Final = "not_a_need"
"""The label of a message that asks for nothing; it is kept as a decision and never trained on."""

_LABEL: Final = re.compile(r"[a-z][a-z0-9_]{1,40}")
# Words that a YAML reader may take for something else than a text, and names that Rasa keeps for itself.
_RESERVED: Final = frozenset(
    {"null", "true", "false", "yes", "no", "on", "off", "nan", "inf", "nlu_fallback", "back", "restart"}
    | {"session_start", NOT_A_NEED}
)
_LINE_START: Final = re.compile(r"^(?:[-*•/\s]|\d{1,2}[.)]\s)+(?=\S)")
_ANNOTATION: Final = re.compile(r"\](?=[({\[])")
_VARIABLE: Final = re.compile(r"\$(?=\{)")
_ESCAPE: Final = re.compile(r"\\(?=[uUxN])")
_UNSEEN: Final = re.compile("[\ufffd\ufffe\uffff]")
_BETWEEN: Final = re.compile(r"[^\w]+")
_FILE_LINE: Final = re.compile(
    r"(?:-\s*)?(?:(?:intent|synonym|lookup|regex):\s*\w*|examples:\s*[|>]?[-+]?|nlu:|version:[\s\"'\d.]*)",
    re.IGNORECASE,
)


def checked_text(text: str) -> str:
    r"""Return the text of an example as one line that Rasa reads as it stands; doing it twice changes nothing.

    Line breaks of every kind become spaces; marks that begin a list item or a Rasa command are dropped; a space parts
    what would else be an entity (`[a](b)`), a variable (`${HOME}`) or an escape (`\u0041`); a lone surrogate goes.

    Raises:
        Invalid: nothing visible is left of it, or it is too long. The reason is in Vietnamese.
    """
    line = " ".join(_UNSEEN.sub(" ", clean(text)).split())
    line = _LINE_START.sub("", line)
    line = _ESCAPE.sub(r"\\ ", _VARIABLE.sub("$ ", _ANNOTATION.sub("] ", line)))
    if all(unicodedata.category(char)[0] in "CZ" for char in line):
        raise Invalid("text", "Câu mẫu không có chữ nào.")
    if line.startswith("/"):
        raise Invalid("text", "Câu mẫu không được chỉ gồm dấu gạch chéo.")
    if len(line) > MAX_TEXT:
        raise Invalid("text", f"Câu mẫu dài quá {MAX_TEXT} ký tự.")
    return line


def sentences_in(texts: Iterable[str]) -> Iterator[str]:
    """Yield what somebody typed as sentences, one a line.

    Raises:
        Invalid: a line is one of a training file, which says nothing that a customer would; the reason names it.
    """
    for text in texts:
        lines = [line.strip() for line in clean(text).split("\n") if line.strip()]
        for line in lines:
            if _FILE_LINE.fullmatch(line):
                reason = (
                    f"“{line[:60]}” là dòng của tệp huấn luyện. Anh/chị chỉ ghi câu của khách, mỗi câu một dòng giúp."
                )
                raise Invalid("examples", reason)
        yield from lines or [text]


def checked_label(label: str) -> str:
    """Return the name of a need if YAML, Rasa and people all read it as the same name.

    Raises:
        Invalid: it is no such name; `null`, `0123` and `a: b` are not. The reason is in Vietnamese.
    """
    if not _LABEL.fullmatch(label):
        raise Invalid("label", "Tên nhu cầu gồm 2-41 chữ thường không dấu, số hoặc dấu gạch dưới, bắt đầu bằng chữ.")
    if label in _RESERVED:
        raise Invalid("label", f"“{label}” là tên dành riêng, xin chọn tên khác.")
    return label


def label_from(title: str) -> str:
    """Return a name for a need from what people call it: "Gửi xe qua đêm" gives ``gui_xe_qua_dem``.

    Raises:
        Invalid: nothing usable is left of the words.
    """
    words = _BETWEEN.sub("_", fold(clean(title))).encode("ascii", "ignore").decode().strip("_")
    while len(words) >= MAX_LABEL and "_" in words:
        words = words.rpartition("_")[0]
    return checked_label(words[: MAX_LABEL - 1])


def sameness(text: str) -> str:
    """Return what two texts share when they are one to a reader: letters and digits, without case or punctuation.

    Diacritics count ("bán" is not "bạn"). A text of signs alone, an emoji say, is its own sameness.
    """
    plain = clean(text).casefold()
    return " ".join(_BETWEEN.sub(" ", plain).replace("_", " ").split()) or plain
