"""Whether a webhook request comes from the Bot Platform: it repeats the secret that it was given."""

from __future__ import annotations

import hmac
from typing import Final

from multidict import MultiMapping

from bot.adapters.channels.strict_json import MalformedJson, read_object
from bot.adapters.channels.zalo.door import Checked

SECRET_HEADER: Final = "X-Bot-Api-Secret-Token"  # noqa: S105 - the name of a header


def check(raw: bytes, headers: MultiMapping[str], secret: str | None) -> Checked:
    """Judge one request by its headers and its body; without a configured secret the door is shut."""
    if not secret:
        return Checked.shut()
    given = headers.getall(SECRET_HEADER, [])
    empty = raw.strip() in {b"", b"{}"}
    if not given:
        return Checked.probe() if empty else Checked.refused("no_secret")
    if len(given) > 1:
        return Checked.refused("two_secrets")
    if not hmac.compare_digest(given[0].encode("utf-8", "surrogateescape"), secret.encode()):
        return Checked.refused("wrong_secret")
    return Checked.probe() if empty else _read(raw)


def _read(raw: bytes) -> Checked:
    try:
        return Checked.ok(read_object(raw))
    except MalformedJson:
        return Checked.refused("bad_json")
