"""The webhook door of an Official Account: what is genuine, what is a knock, what is refused."""

from __future__ import annotations

import hashlib
import hmac
import json
from pathlib import Path
from typing import Any

import pytest
from multidict import CIMultiDict

from bot.adapters.channels.zalo.door import Checked, Verdict
from bot.adapters.channels.zalo.signature import SIGNATURE, TIMESTAMP, SignatureCheck

FIXTURES = Path(__file__).parent / "fixtures" / "zalo"
VECTORS: list[dict[str, str]] = json.loads((FIXTURES / "signature_vectors.json").read_text("utf-8"))
APP, SECRET = "360846524940903967", "dummy-oa-secret-key"
BODY = VECTORS[1]["raw_body"].encode()
HEADER = VECTORS[1]["header"]


def check(raw: bytes, *signatures: str, timestamp: str | None = None, secret: str | None = SECRET) -> Checked:
    headers = CIMultiDict([(SIGNATURE.lower(), value) for value in signatures])
    if timestamp is not None:
        headers.add(TIMESTAMP, timestamp)
    return SignatureCheck(APP, secret).check(raw, headers)


def mac(raw: bytes, timestamp: str, *, app: str = APP, secret: str = SECRET) -> str:
    return hashlib.sha256(app.encode() + raw + timestamp.encode() + secret.encode()).hexdigest()


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_vector(vector: dict[str, str]) -> None:
    headers = CIMultiDict({SIGNATURE: vector["header"]})

    checked = SignatureCheck(vector["app_id"], vector["oa_secret_key"]).check(vector["raw_body"].encode(), headers)

    assert checked.verdict is Verdict.OK
    assert checked.payload["event_name"] == "user_send_text"


@pytest.mark.parametrize("vector", VECTORS, ids=[vector["name"] for vector in VECTORS])
def test_the_mac_of_another_body_is_wrong(vector: dict[str, str]) -> None:
    others = [other["raw_body"] for other in VECTORS if other is not vector]

    assert {check(other.encode(), vector["header"]).reason for other in others} == {"wrong_mac"}


@pytest.mark.parametrize("header", [HEADER, HEADER[4:], HEADER.upper(), "MAC=" + HEADER[4:].upper(), f"  {HEADER} "])
def test_the_header_may_be_written_in_several_ways(header: str) -> None:
    assert check(BODY, header).verdict is Verdict.OK


@pytest.mark.parametrize(
    ("raw", "signatures", "reason"),
    [
        (BODY, [], "no_signature"),
        (b'{"a":1}', [], "no_signature"),
        (b"{ }x", [], "no_signature"),
        (BODY, [HEADER, HEADER], "two_signatures"),
        (BODY, [""], "no_mac"),
        (BODY, ["mac="], "no_mac"),
        (BODY, [HEADER[:-1]], "no_mac"),
        (BODY, [HEADER[:-1] + "é"], "no_mac"),
        (BODY, ["mac=" + "0" * 64], "wrong_mac"),
        (BODY + b" ", [HEADER], "wrong_mac"),
        (b" " + BODY, [HEADER], "wrong_mac"),
        (BODY, ["mac=" + mac(BODY, "154390853474", secret="secret of another account")], "wrong_mac"),
        (BODY, ["mac=" + mac(BODY, "154390853474", app="388613280878808645")], "wrong_mac"),
        (b"[]", ["mac=" + mac(b"[]", "")], "bad_json"),
        (b"{}{}", ["mac=" + mac(b"{}{}", "")], "bad_json"),
        (b'{"a":1}', ["mac=" + mac(b'{"a":1}', "")], "wrong_mac"),
        (b"{}", ["mac=" + "0" * 64], "wrong_mac"),
    ],
)  # fmt: skip
def test_refused(raw: bytes, signatures: list[str], reason: str) -> None:
    assert check(raw, *signatures) == Checked.refused(reason)


def test_a_hashed_message_authentication_code_is_not_what_zalo_sends() -> None:
    wrong = hmac.new(SECRET.encode(), APP.encode() + BODY + b"154390853474", hashlib.sha256).hexdigest()

    assert check(BODY, wrong).reason == "wrong_mac"


@pytest.mark.parametrize("app_id", ["999", None, {"$ne": 1}])
def test_a_genuine_event_of_another_application_is_refused(app_id: Any) -> None:
    body = json.dumps({**json.loads(BODY), "app_id": app_id}).encode()

    assert check(body, mac(body, "154390853474")) == Checked.refused("wrong_app")


def test_the_application_may_be_written_as_a_number() -> None:
    body = json.dumps({**json.loads(BODY), "app_id": int(APP)}).encode()

    assert check(body, mac(body, "154390853474")).verdict is Verdict.OK


def test_the_timestamp_of_the_header_is_the_second_choice() -> None:
    event = json.loads(BODY)
    del event["timestamp"]
    without = json.dumps(event).encode()

    assert check(without, mac(without, "1700000000000"), timestamp="1700000000000").verdict is Verdict.OK
    assert check(BODY, mac(BODY, "1700000000000"), timestamp="1700000000000").verdict is Verdict.OK
    assert check(BODY, HEADER, timestamp="1700000000000").verdict is Verdict.OK
    assert check(BODY, mac(BODY, "1700000000000")).reason == "wrong_mac"


@pytest.mark.parametrize("raw", [b"", b"{}", b" {} \r\n", b"\n"])
def test_an_unsigned_empty_body_is_a_knock_at_the_door(raw: bytes) -> None:
    assert check(raw) == Checked.probe()


def test_a_signed_knock_is_one_too() -> None:
    assert check(b"{}", mac(b"{}", "1700000000000"), timestamp="1700000000000") == Checked.probe()


@pytest.mark.parametrize("raw", [b"", b"{}", BODY])
@pytest.mark.parametrize("secret", ["", None])
def test_without_a_secret_the_door_is_shut(raw: bytes, secret: str | None) -> None:
    assert check(raw, mac(raw, "154390853474", secret=""), secret=secret) == Checked.shut()


def test_every_signed_fixture_passes_byte_for_byte() -> None:
    for path in sorted((FIXTURES / "oa").glob("*.json")):
        raw = path.read_bytes()
        event = json.loads(raw)
        if event.get("app_id") == APP:
            assert check(raw, mac(raw, event["timestamp"])).verdict is Verdict.OK, path.name
