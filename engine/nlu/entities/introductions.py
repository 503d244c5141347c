"""A customer who says who they are: "tôi tên Hùng", "em là Lan nè", "anh Bình bên Minh Phát đây", "my name is John"."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from engine.nlu.entities.names import name_end, proper
from engine.nlu.entities.scan import Found, Scan, spellings
from engine.nlu.marks import words

_SELF = "em|anh|chi|co|chu|bac|chau|con|minh|toi|tui|to|di|cau|ong|ba|o|e|a|c|tau"
# Only at the edge of a clause: in "cho em gặp chị tên Lan" somebody else has the name.
_EDGE = (
    r"(?:(?:^|[,.!?;:\n/-])\s*|(?<![^\W_])(?:oi|a|ak|da|vang|shop|ad|admin|so|thi|nay|(?:chao|hello|hi|hey|alo)"
    r"(?: (?:em|anh|chi|chau|shop|ban|co|chu|bac|con|ad|there))?) )"
)
# "Call me back tomorrow" asks for a call.
_NO_CALLED = (
    "back|again|now|later|today|tomorrow|tonight|tmr|asap|as|soon|please|pls|when|whenever|if|once|after|before|at|by|"
    "on|in|around|about|from|this|next|any|anytime|maybe|instead|directly|first|early|immediately|right|to|for|or|and|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
)
_SAID = re.compile(
    rf"{_EDGE}(?P<whole>(?:(?P<self>{_SELF}) ten(?: la)?|ten (?:cua )?(?:{_SELF}|day du)(?: la)?|"
    rf"(?:my (?:full )?name(?: is|'?s)|name is|call me(?! (?:{_NO_CALLED})(?![^\W_])))) )"
)
_IS = re.compile(rf"{_EDGE}(?P<whole>(?:(?P<self>{_SELF}) la|i am|i'?m|this is) )")
_HERE = re.compile(rf"{_EDGE}(?P<whole>(?P<self>{_SELF}) )")
_AND_HERE = re.compile(
    r"(?: (?:o|ben|cua|tu|cong ty|cty)(?: [^\W_]+){1,5}?)? (?:day|ne)(?![^\W_])(?! (?:la|thi|ma|co|bi|roi)(?![^\W_]))"
)
_TAIL = re.compile(r"(?:(?: (?:day|ne|a|ak|nha|nhe|nghe|do|ni|ha|nhen|here))+(?![^\W_]))?[ ,.!:;]*")
# Behind "là" and "tên" stands much that only looks like a name: "em là khách quen", "my name is not on the list".
_NO_NAME = frozenset(
    words(
        "gi khach nguoi sinh hoc nhan giao chu con me bo vo chong hang cong cty san don tai cua trong toi em not on a "
        "the an in from your his her very so sure sorry having still going just here nam nu sai dung moi ai chi sao nao"
    )
)
# "Em là nam", "em tên chi"; but "bác là Năm", "em tên Chi".
_NAMES_TOO = frozenset({"nam", "chi"})
_NATIONALITY = re.compile(r"(?:ese|ish|ian|ean)$")
_SPELLINGS = spellings(
    words("tên là đây nè của đầy đủ tôi tui mình em anh chị cô chú bác cháu con dì cậu ông bà tớ tau ơi à dạ vâng chào")
)
_TITLES = {"anh": "anh", "chi": "chị", "co": "cô", "chu": "chú", "bac": "bác", "di": "dì", "ong": "ông", "ba": "bà"}


class Introduction(NamedTuple):
    """Where it stands in the clean text, where the name stands in it, and the title customers gave themselves."""

    start: int
    end: int
    name: tuple[int, int]
    title: str | None


def introductions(scan: Scan) -> Iterator[Introduction]:
    """All that a message seems to have; the first is meant."""
    # After "tên" any word is a name; otherwise only what is written or known as one.
    for pattern, any_word, ends in ((_SAID, True, None), (_IS, False, None), (_HERE, False, _AND_HERE)):
        for match in pattern.finditer(scan.flat):
            found = _introduction(scan, match, any_word, ends)
            if found is not None:
                yield found


def find_introduced(scan: Scan) -> Iterator[Found]:
    """The customer's own name, once."""
    first = next(introductions(scan), None)
    if first is not None:
        more = {"title": first.title} if first.title else {}
        yield scan.found("customer_name", *first.name, proper(scan, *first.name), **more)


def _introduction(
    scan: Scan, match: re.Match[str], any_word: bool, ends: re.Pattern[str] | None
) -> Introduction | None:
    first = re.compile(r"[^\W\d_]+").match(scan.flat, match.end())
    if first is None or _NATIONALITY.search(first.group()):
        return None
    written_as_name = first.group() in _NAMES_TOO and scan.clean.text[first.start()].isupper()
    if first.group() in _NO_NAME and not written_as_name:
        return None
    stop = name_end(scan, match.end(), any_first=any_word)
    here = ends.match(scan.flat, stop) if ends is not None and stop is not None else None
    if stop is None or (ends is not None and here is None):
        return None
    if not scan.written(match.start("whole"), match.end(), _SPELLINGS):
        return None
    tail = _TAIL.match(scan.flat, here.end() if here is not None else stop)
    title = _TITLES.get(match.groupdict().get("self") or "")
    return Introduction(match.start("whole"), tail.end() if tail else stop, (match.end(), stop), title)
