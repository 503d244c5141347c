"""`read_object`: one strict reading of what a stranger sent, in bounded time."""

from __future__ import annotations

import contextlib
import json
import time

import pytest

from bot.adapters.channels.strict_json import MAX_BYTES, MalformedJson, read_object


def nested(depth: int) -> bytes:
    """An object with lists in it, ``depth`` levels in all."""
    return b'{"a":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


@pytest.mark.parametrize(
    ("raw", "problem"),
    [
        (b"", "Expecting value"),
        (b"   ", "Expecting value"),
        (b"[]", "not an object"),
        (b"7", "not an object"),
        (b"null", "not an object"),
        (b'"text"', "not an object"),
        (b'{"a":1,"a":2}', "repeated key"),
        (b'{"a":{"b":1,"\\u0062":2}}', "repeated key"),
        (b'{"a":NaN}', "NaN"),
        (b'{"a":Infinity}', "Infinity"),
        (b'{"a":-Infinity}', "-Infinity"),
        (b'{"a":1e999}', "too large"),
        (b'{"a":' + b"9" * 5000 + b"}", "5000 digits"),
        (b'{"a":-' + b"9" * 65 + b"}", "66 digits"),
        (nested(65), "too deep"),
        (nested(10_000), "too deep"),
        (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, "too deep"),
        (b"[" * 10_000, "too deep"),
        (b'{"a":[' + b"[]," * 25_000 + b"[]]}", "too many"),
        (b'\xef\xbb\xbf{"a":1}', "byte order mark"),
        ('{"a":1}'.encode("utf-16"), "not UTF-8"),
        ('{"a":1}'.encode("utf-16-le"), "Expecting"),
        ('{"a":1}'.encode("utf-32-be"), "Expecting"),
        (b'{"a":"\xff"}', "not UTF-8"),
        (b'{"a":"\xc0\x80"}', "not UTF-8"),
        (b'{"a":"\xed\xa0\x80"}', "not UTF-8"),
        (b'{"a":1}x', "Extra data"),
        (b'{"a":1}{"a":1}', "Extra data"),
        (b'{"a":1}\x00', "Extra data"),
        (b'{"a":"\n"}', "control character"),
        (b"{'a':1}", "property name"),
        (b'{"a":1,}', "property name"),
        (b'{"a":01}', "delimiter"),
        (b"{/**/}", "property name"),
        (b'{"a":"' + b"x" * MAX_BYTES + b'"}', "allowed"),
    ],
)
def test_refused_with_one_error(raw: bytes, problem: str) -> None:
    with pytest.raises(MalformedJson, match=problem):
        read_object(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"{}",
        b' \r\n{"a":1}\n',
        nested(64),
        b'{"a":18446744073709551616}',
        b'{"a":-1.5e3,"b":[true,false,null]}',
        '{"chữ":"Đổi hoá đơn 😊"}'.encode(),
        b'{"a":"\\ud83d\\ude0a"}',
    ],
)
def test_good_json_is_read_as_it_is(raw: bytes) -> None:
    assert read_object(raw) == json.loads(raw)


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        (b'{"a":"x\\ud83dy"}', {"a": "x\ufffdy"}),
        (b'{"a":["\\uDE0a",{"b":"\\u0000"}]}', {"a": ["\ufffd", {"b": "\ufffd"}]}),
        (b'{"\\ud800":1}', {"\ufffd": 1}),
        (b'{"a":"\\\\u0000"}', {"a": "\\u0000"}),
    ],
)
def test_what_no_database_can_hold_is_replaced(raw: bytes, read: object) -> None:
    assert read_object(raw) == read


HOSTILE = {
    "brackets": b"[" * MAX_BYTES,
    "flat lists": b'{"a":[' + b"[]," * 600_000 + b"[]]}",
    "flat objects": b'{"a":[' + b"{}," * 24_000 + b"{}]}",
    "keys": b"{" + b",".join(b'"%d":0' % number for number in range(49_000)) + b"}",
    "all numbers": b'{"a":[' + b"0," * 900_000 + b"0]}",
    "numbers": b'{"a":[' + b"1234567890," * 49_000 + b"0]}",
    "one long escape": b'{"a":"' + b"\\ud83d" * 340_000 + b'"}',
    "escapes": b'{"a":["' + b'\\ud83d","' * 49_000 + b'"]}',
    "quotes": b'{"a":' + b'"\\"' * 500_000,
    "unterminated": b'{"a":"' + b"\\" * (MAX_BYTES - 10),
    "digits": b'{"a":' + b"9" * (MAX_BYTES - 10) + b"}",
    "fraction": b'{"a":0.' + b"9" * (MAX_BYTES - 10) + b"}",
    "text": b'{"a":"' + b"x" * (MAX_BYTES - 10) + b'"}',
    "invalid at the end": b'{"a":"' + b"x" * (MAX_BYTES - 10) + b"\xff",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_input_takes_less_than_a_tenth_of_a_second(name: str) -> None:
    spent = []
    while len(spent) < 3:  # one of three: other work on the machine is not what is measured
        started = time.process_time()
        with contextlib.suppress(MalformedJson):
            read_object(HOSTILE[name])
        spent.append(time.process_time() - started)
        if spent[-1] < 0.1:
            return
    pytest.fail(f"seconds of processor time: {spent}")
