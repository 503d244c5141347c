"""Whether a webhook request comes from Zalo: the MAC over the bytes as they were received.

``mac = hex(SHA-256(app_id + raw body + timestamp + OA secret key))``: a plain hash, not an HMAC, with the secret of the
webhook page, which is not the application's secret. There is no protection against replay in it: retries come with the
same body for an hour and more, so the dedupe key absorbs a repetition, whenever it comes.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from multidict import MultiMapping

from bot.adapters.channels.strict_json import MalformedJson, read_object
from bot.adapters.channels.zalo.door import Checked

SIGNATURE: Final = "X-ZEvent-Signature"
TIMESTAMP: Final = "X-ZEvent-Timestamp"
_MAC: Final = re.compile(r"(?:mac=)?([0-9a-f]{64})", re.IGNORECASE | re.ASCII)


class SignatureCheck:
    """Checks requests for one application; without its secret the door is shut."""

    def __init__(self, app_id: str | None, oa_secret: str | None) -> None:
        self._app_id = app_id or ""
        self._secret = oa_secret or ""

    def check(self, raw: bytes, headers: MultiMapping[str]) -> Checked:
        """Judge one request by its untouched body and its headers."""
        if not self._app_id or not self._secret:
            return Checked.shut()
        signatures = headers.getall(SIGNATURE, [])
        if not signatures:
            return Checked.probe() if _is_empty(raw) else Checked.refused("no_signature")
        if len(signatures) > 1:
            return Checked.refused("two_signatures")
        found = _MAC.fullmatch(signatures[0].strip())
        return self._judged(raw, found[1].lower(), headers) if found else Checked.refused("no_mac")

    def _judged(self, raw: bytes, mac: str, headers: MultiMapping[str]) -> Checked:
        try:
            payload = {} if _is_empty(raw) else read_object(raw)
        except MalformedJson:
            return Checked.refused("bad_json")
        if not self._signed(raw, mac, _timestamps(payload, headers)):
            return Checked.refused("wrong_mac")
        if not payload:
            return Checked.probe()
        return Checked.ok(payload) if _plain(payload.get("app_id")) == self._app_id else Checked.refused("wrong_app")

    def _signed(self, raw: bytes, mac: str, timestamps: Iterable[str]) -> bool:
        # Every candidate is tried, so that the time taken tells nothing about which one was near.
        matched = [hmac.compare_digest(mac, self._mac(raw, timestamp)) for timestamp in timestamps]
        return any(matched)

    def _mac(self, raw: bytes, timestamp: str) -> str:
        return mac_of(raw, app_id=self._app_id, timestamp=timestamp, oa_secret=self._secret)


def mac_of(raw: bytes, *, app_id: str, timestamp: str, oa_secret: str) -> str:
    """Return the documented MAC in lower-case hex."""
    return hashlib.sha256(app_id.encode() + raw + timestamp.encode("utf-8", "replace") + oa_secret.encode()).hexdigest()


def _is_empty(raw: bytes) -> bool:
    return raw.strip() in {b"", b"{}"}


def _timestamps(payload: Mapping[str, Any], headers: MultiMapping[str]) -> list[str]:
    """The body's timestamp first, as documented; then the header's, which some deployments were seen to use."""
    candidates = [_plain(payload.get("timestamp")), *headers.getall(TIMESTAMP, [])[:1]]
    return [candidate for candidate in candidates if candidate]


def _plain(value: object) -> str:
    """An id or timestamp as text; both come now quoted, now as a number."""
    return str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
