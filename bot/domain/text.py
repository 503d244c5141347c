"""Text as people type it, made fit to store (`clean`) and fit to compare (`fold`).

Two functions, two purposes. `clean` is applied once, at the door, to everything a person
typed: what it returns is what is stored and shown. `fold` is applied whenever two texts are
compared or searched: what it returns is never shown to anyone.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

# Marks that take no room on the screen but make equal words differ or reorder a line:
# soft hyphen, combining grapheme joiner, Arabic letter mark, Hangul fillers, Mongolian vowel
# separator, zero-width space to bidi marks, embeddings and overrides, word joiner to isolates
# and deprecated format characters, byte order mark, tag characters.
_INVISIBLE_CLASS: Final = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0"
    "\U000e0000-\U000e007f"
)
_EMOJI_CLASS: Final = "\u2190-\u2bff\ufe0f\U0001f000-\U0001faff"
_INVISIBLE: Final = re.compile(
    # A joiner is kept only inside an emoji family, where it is part of one visible sign.
    f"[{_INVISIBLE_CLASS}]|(?<![{_EMOJI_CLASS}])\u200d|\u200d(?![{_EMOJI_CLASS}])"
)
_INVISIBLE_OR_SELECTOR: Final = re.compile(f"[{_INVISIBLE_CLASS}\u200d\ufe00-\ufe0f]")
_LINE_BREAK: Final = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROL: Final = re.compile("[\x00-\x09\x0e-\x1f\x7f-\x84\x86-\x9f]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_UNCLEAN: Final = re.compile(f"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200d\u2028\u2029\ud800-\udfff{_INVISIBLE_CLASS}]")
"""Whatever one of the above might speak of: most texts have nothing of it, and need one look instead of four."""

_D_BAR: Final = str.maketrans({"đ": "d", "ð": "d"})


def clean(text: str) -> str:
    """Return `text` as it may be stored and shown: NFC, no invisible marks, no control characters.

    Line breaks of every kind become a line feed and survive; every other control character
    (tab and NUL among them) becomes one space; a lone surrogate, which no database or JSON
    writer accepts, becomes U+FFFD. Zero-width and bidi controls are removed, except a joiner
    inside an emoji. Both ends are trimmed, so a message of nothing but invisible characters
    comes back as "". Nothing visible is lost, and cleaning twice changes nothing.
    """
    if _UNCLEAN.search(text) is not None:
        text = _LINE_BREAK.sub("\n", text)
        text = _CONTROL.sub(" ", text)
        text = _SURROGATE.sub("\ufffd", text)
        text = _INVISIBLE.sub("", text)
    return unicodedata.normalize("NFC", text).strip()


@lru_cache(maxsize=256)
def fold(text: str) -> str:
    """Return `text` for comparison: lower case, no diacritics, "đ" as "d", no invisible marks.

    NFC, NFD and mixed input give the same answer, and so do "hoà" and "hòa". Marks of every
    script are dropped, so a letter buried under two hundred of them comes back as that letter.
    Spaces, punctuation and line breaks stay as they are; offsets do not survive. Compatibility
    forms (full-width and mathematical letters) fold to plain ones. Several rules ask for the
    same message, one after another; the latest few answers are kept for them.
    """
    if text.isascii():
        return text.casefold()
    visible = _INVISIBLE_OR_SELECTOR.sub("", text)
    # casefold may bring back marks ("İ"), so decomposition comes after it.
    decomposed = unicodedata.normalize("NFKD", visible.casefold())
    bare = "".join([char for char in decomposed if not unicodedata.combining(char)])
    return bare.translate(_D_BAR)
