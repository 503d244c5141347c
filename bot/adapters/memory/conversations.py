"""Conversations and customers in memory."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.adapters.memory.data import Customer, Work
from bot.domain.conversations import Conversation, Floor
from bot.domain.copies import altered
from bot.domain.errors import Unknown
from bot.domain.messages import Channel


class MemoryConversations:
    """See `bot.services.ports.Conversations`. A lock has nothing to do here: transactions come one after another."""

    def __init__(self, work: Work) -> None:
        self._memory = work.memory
        self._journal = work.journal

    async def meet(
        self, channel: Channel, chat: str, sender_id: str, name: str | None, language: str, at: datetime
    ) -> Conversation:
        """Find or make."""
        known = self._memory.chats.get((channel, chat))
        if known is not None:
            conversation = altered(self._memory.conversations[known], last_inbound_at=at, reachable=True)
        else:
            customer = self._customer(channel, sender_id, name, language, at)
            conversation = Conversation(
                id=self._memory.next_id("conversations"),
                customer_id=customer.id,
                channel=channel,
                chat=chat,
                floor=Floor(),
                created_at=at,
                language=language,
                customer_name=customer.name,
                last_inbound_at=at,
            )
            self._journal.put(self._memory.chats, (channel, chat), conversation.id)
            self._memory.conversations_of.add(self._journal, customer.id, conversation.id)
        self._journal.put(self._memory.conversations, conversation.id, conversation)
        return conversation

    def _customer(self, channel: Channel, sender_id: str, name: str | None, language: str, at: datetime) -> Customer:
        known = self._memory.identities.get((channel, sender_id))
        if known is not None:
            return self._memory.customers[known]
        customer = Customer(id=self._memory.next_id("customers"), name=name, language=language, created_at=at)
        self._journal.put(self._memory.customers, customer.id, customer)
        self._journal.put(self._memory.identities, (channel, sender_id), customer.id)
        return customer

    async def at(self, channel: Channel, chat: str) -> Conversation | None:
        """Find by chat."""
        known = self._memory.chats.get((channel, chat))
        return self._memory.conversations[known] if known is not None else None

    async def get(self, conversation_id: int, *, lock: bool = False) -> Conversation:
        """Find by id."""
        return self._get(conversation_id)

    def _get(self, conversation_id: int) -> Conversation:
        found = self._memory.conversations.get(conversation_id)
        if found is None:
            raise Unknown(f"conversation {conversation_id}")
        return found

    async def save_floor(self, conversation_id: int, floor: Floor) -> None:
        """Store the floor."""
        self._save(conversation_id, floor=floor)

    async def save_dialogue(self, conversation_id: int, dialogue: Mapping[str, Any] | None, language: str) -> None:
        """Store the engine's state."""
        kept = dict(dialogue) if dialogue is not None else None
        self._save(conversation_id, dialogue=kept, language=language)

    async def save_reachable(self, conversation_id: int, *, reachable: bool) -> None:
        """Store reachability."""
        self._save(conversation_id, reachable=reachable)

    async def save_name(self, customer_id: int, name: str, *, first: bool = False) -> None:
        """Store the customer's name."""
        customer = self._memory.customers.get(customer_id)
        if customer is None or (first and customer.name is not None):
            return
        self._journal.put(self._memory.customers, customer_id, replace(customer, name=name))
        for conversation_id in self._memory.conversations_of.of(customer_id):
            self._save(conversation_id, customer_name=name)

    def _save(self, conversation_id: int, **changes: Any) -> None:
        conversation = altered(self._get(conversation_id), **changes)
        self._journal.put(self._memory.conversations, conversation_id, conversation)
