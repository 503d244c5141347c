"""Visitors of the web chat: one cookie, one conversation."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.messages import Channel
from bot.services.ports import Clock, Store
from bot.services.secrets import new_token, token_hash

COOKIE_LIFE = timedelta(days=180)
"""How long a visitor's cookie opens their conversation, in the browser and here."""


@dataclass(frozen=True, kw_only=True)
class Visit:
    """A visitor's new conversation. ``token`` goes into the cookie and is stored only as a hash."""

    token: str
    conversation_id: int


class Visitors:
    """Knows whose cookie opens which conversation."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def welcome(self, language: str) -> Visit:
        """Begin a conversation for somebody new."""
        now, token, chat = self._clock.now(), new_token(), secrets.token_hex(12)
        async with self._store.begin() as uow:
            conversation = await uow.conversations.meet(Channel.WEBCHAT, chat, chat, None, language, now)
            await uow.chat_sessions.add(token_hash(token), conversation.id, now)
        return Visit(token=token, conversation_id=conversation.id)

    async def conversation_of(self, token: str) -> int | None:
        """Return the conversation that a cookie opens; one that the browser should have dropped by now opens none."""
        async with self._store.read() as uow:
            return await uow.chat_sessions.conversation_of(token_hash(token), self._clock.now() - COOKIE_LIFE)
