"""Addresses on the net in a text: e-mails however they are spelled, links, and names on social networks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bot.domain.teaching.sheet import Kind, Sheet

_AT: Final = r"(?:\s?@\s?|\s*[\[({<]\s*(?:at|a cong|a moc|@)\s*[\])}>]\s*|\s+(?:a cong|a moc|acong|at the rate)\s+)"
_DOT: Final = r"(?:\s?\.\s?|\s*[\[({<]\s*(?:dot|cham|\.)\s*[\])}>]\s*|\s+(?:cham|dot)\s+)"
_MAILERS: Final = "gmail|gmai|gmial|yahoo|ymail|outlook|hotmail|icloud|live|proton|protonmail|zoho"
_ENDINGS: Final = r"com(?:\.vn)?|vn|net(?:\.vn)?|org(?:\.vn)?|edu(?:\.vn)?|gov\.vn|info|xyz|biz|asia|online|site"
_LOCAL: Final = r"(?<![a-z0-9._%+\-])[a-z0-9._%+\-]{1,64}"
_EMAIL: Final = re.compile(
    rf"{_LOCAL}{_AT}(?:[a-z0-9\-]{{1,40}}{_DOT}(?:{_ENDINGS}|[a-z]{{2,6}})(?:{_DOT}(?:vn|uk|com))?(?![a-z0-9])"
    rf"|(?:{_MAILERS})(?![a-z0-9]))"
)
# "lan at gmail dot com": the word alone is too common to mean an address anywhere but before a mailer.
_SPOKEN_EMAIL: Final = re.compile(rf"{_LOCAL}\s+at\s+(?:{_MAILERS})(?:{_DOT}[a-z]{{2,6}})?(?![a-z0-9])")
_GLUED_EMAIL: Final = re.compile(rf"{_LOCAL}@[a-z0-9.\-]{{2,60}}")
_LOOSE_MAILER: Final = re.compile(rf"{_LOCAL}\s?(?:{_MAILERS}){_DOT}com(?![a-z0-9])")

_PATH: Final = r"[^\s\x00‹›]"
_URL: Final = re.compile(rf"(?:https?|ftp|tg|zalo)://{_PATH}+|(?<![\w.@])www\.{_PATH}+")
_HOST_PATH: Final = re.compile(rf"(?<![\w.@\-])(?:[a-z0-9\-]{{1,40}}\.){{1,4}}[a-z]{{2,10}}(?::\d{{1,5}})?/{_PATH}+")
_BARE_HOST: Final = re.compile(rf"(?<![\w.@\-])(?:[a-z0-9\-]{{2,40}}\.){{1,3}}(?:{_ENDINGS})(?![\w.\-]*\w)")
_SOCIAL: Final = re.compile(
    r"(?<![\w.@\-])(?:zalo|t|m|fb|facebook|messenger|instagram|tiktok)\s?\.\s?(?:me|com)\s?/\s?[\w.@\-]+"
)
_AT_NAME: Final = re.compile(r"(?<![\w@.])@[a-z0-9_.]{2,40}")
_NETWORKS: Final = (
    "zalo|facebook|face|fb|telegram|tele|instagram|insta|ig|tiktok|tik tok|skype|viber|line|wechat|messenger|nick"
)
# A name after the network: with a sign in it that words do not have, or after a colon.
_HANDLE: Final = re.compile(
    rf"(?<!\w)(?:{_NETWORKS})(?:\s+(?:la|id|ten|nick|minh|toi|em|anh|chi|cua)\b)*\s*[:=]?\s*(?<![a-z])"
    r"(?P<name>(?=[a-z]{0,30}[\d_.])[a-z][\w.]{2,40}\w)(?!\w)"
)
_HANDLE_AFTER_COLON: Final = re.compile(
    rf"(?<!\w)(?:{_NETWORKS})\s*[:=]\s*(?P<name>[a-z][\w.]{{2,40}}(?: [a-z]\w+){{0,2}})"
)


def find(sheet: Sheet) -> Iterator[tuple[int, int, Kind]]:
    """Yield e-mail addresses, links and names on networks, in that order."""
    # Full URLs first: some of them hold an e-mail address.
    for pattern, kind in (
        (_URL, Kind.LINK),
        (_EMAIL, Kind.EMAIL),
        (_SPOKEN_EMAIL, Kind.EMAIL),
        (_GLUED_EMAIL, Kind.EMAIL),
        (_LOOSE_MAILER, Kind.EMAIL),
        (_SOCIAL, Kind.LINK),
        (_HOST_PATH, Kind.LINK),
        (_BARE_HOST, Kind.LINK),
        (_AT_NAME, Kind.LINK),
    ):
        yield from ((found.start(), _trimmed(found), kind) for found in pattern.finditer(sheet.plain))
    for pattern in (_HANDLE, _HANDLE_AFTER_COLON):
        yield from ((found.start("name"), found.end("name"), Kind.LINK) for found in pattern.finditer(sheet.plain))


def _trimmed(found: re.Match[str]) -> int:
    """Return the end of a match without the punctuation of the sentence around it."""
    return found.start() + len(found.group().rstrip(".,;:!?)]}>\"'"))
