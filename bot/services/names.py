"""Asking a channel what a customer is called."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.messages import Channel
from bot.services.ports import QueueItem, QueueName, Store
from bot.services.ports_channel import ChannelPort, NamesCustomers


class Names:
    """Deals with timers of kind ``name``, which are set when a conversation begins."""

    def __init__(self, *, store: Store, channels: Mapping[Channel, ChannelPort]) -> None:
        self._store = store
        self._channels = channels

    async def due(self, item: QueueItem) -> None:
        """Store the name that the channel gives, if it gives one."""
        async with self._store.read() as uow:
            conversation = await uow.conversations.get(int(item.body["conversation_id"]))
        port = self._channels.get(conversation.channel)
        name = await port.display_name(conversation.chat) if isinstance(port, NamesCustomers) else None
        async with self._store.begin() as uow:
            if await uow.queues.finish(QueueName.TIMERS, item.id) and name:
                # What the customer said they are called, meanwhile perhaps, goes before the name of an account.
                await uow.conversations.save_name(conversation.customer_id, name, first=True)
                await uow.feed.publish("case", conversation.id, {"change": "name"})
