"""The envelope around every Zalo event: who is who, and what makes two deliveries the same event."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.adapters.channels.payload import Payload
from bot.domain.arrivals import Arrival, Happening, Ignored

_MAX_ID: Final = 128
_MAX_KEY: Final = 300
"""A key is part of a database index, which takes about 2,700 bytes; real keys stay under 120 characters."""
_ANONYMOUS: Final = "anon"


@dataclass(frozen=True, kw_only=True)
class Party:
    """The customer of an event, within one Official Account. ``thread`` is set for people who are not logged in."""

    oa: str
    user: str
    thread: str | None = None

    @property
    def chat(self) -> str:
        """The key of the conversation. User ids are per Official Account, so the account is part of it."""
        if self.thread is None:
            return f"{self.oa}:{self.user}"
        return f"{self.oa}:{_ANONYMOUS}:{self.thread}:{self.user}"

    @classmethod
    def of_chat(cls, chat: str) -> Party:
        """Read a key back. Raises ``ValueError`` for one that is none of ours."""
        match chat.split(":"):
            case [oa, user] if oa and user:
                return cls(oa=oa, user=user)
            case [oa, marker, thread, user] if oa and marker == _ANONYMOUS and thread and user:
                return cls(oa=oa, user=user, thread=thread)
        raise ValueError(f"not a Zalo chat: {chat!r}")


def written_by_customer(event: Payload, *, anonymous: bool = False) -> Party:
    """Parties of an event whose sender is the customer."""
    return Party(
        oa=_id(event.object("recipient"), "id"),
        user=_id(event.object("sender"), "id"),
        thread=_thread(event) if anonymous else None,
    )


def written_by_account(event: Payload, *, anonymous: bool = False) -> Party:
    """Parties of an echo or a receipt: there the Official Account is the sender and the customer the recipient."""
    return Party(
        oa=_id(event.object("sender"), "id"),
        user=_id(event.object("recipient"), "id"),
        thread=_thread(event) if anonymous else None,
    )


def about_customer(event: Payload) -> Party:
    """Parties of an event that has no message, and names the customer in one of several ways."""
    for holder, key in (("follower", "id"), ("user", "id"), ("sender", "id")):
        inner = event.maybe_object(holder)
        if inner is not None:
            return Party(oa=_account(event), user=_id(inner, key))
    return Party(oa=_account(event), user=_id(event, "user_id"))


def _account(event: Payload) -> str:
    recipient = event.maybe_object("recipient")
    return _id(event, "oa_id") if recipient is None else _id(recipient, "id")


def _thread(event: Payload) -> str:
    return _id(event.object("message"), "conversation_id")


def _id(holder: Payload, key: str) -> str:
    value = holder.identifier(key)
    if len(value) > _MAX_ID or ":" in value:
        raise ValueError(f"{holder.path}.{key}: not an id")
    return value


def key_of(*parts: str) -> str:
    """Join the parts of a dedupe key; one that would be too long for an index keeps its beginning and a digest."""
    key = ":".join(parts)
    if len(key) <= _MAX_KEY:
        return key
    return f"{key[:100]}#{hashlib.sha256(key.encode('utf-8', 'replace')).hexdigest()}"


def key_by_time(name: str, event: Payload, party: Party, payload: Mapping[str, Any]) -> str:
    """The key of an event without message id: same event, account, person and moment."""
    return key_of(name, party.oa, party.user, event.maybe_identifier("timestamp") or digest(payload))


def digest(payload: Mapping[str, Any]) -> str:
    """Tell apart events that have nothing better; repetitions come with the same body, hence the same digest."""
    canonical = json.dumps(payload, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def arrival(payload: Mapping[str, Any], dedupe_key: str, chat: str, happening: Happening) -> Arrival:
    """Put an arrival together."""
    return Arrival(dedupe_key=dedupe_key, chat=chat, payload=payload, happening=happening)


def ignored(payload: Mapping[str, Any], reason: str) -> Arrival:
    """Return an arrival that concerns no customer; it belongs to no chat."""
    return arrival(payload, key_of("ignored", digest(payload)), "-", Ignored(reason=reason))
