"""Events as Zalo sends them: one function per kind, each with ids of its own."""

from __future__ import annotations

import hashlib
import itertools
import json
import time
from typing import Any

_count = itertools.count(1)


def new_id() -> str:
    """A message id that no other test run has seen, in Zalo's shape (20 hex digits)."""
    return hashlib.sha256(f"{time.time_ns()}:{next(_count)}".encode()).hexdigest()[:20]


def to_bytes(event: dict[str, Any]) -> bytes:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


class Events:
    """Builds events of one application and one account."""

    def __init__(self, app_id: str, oa_id: str) -> None:
        self.app_id = app_id
        self.oa_id = oa_id

    def text(self, user: str, text: str, *, msg_id: str | None = None, quotes: str | None = None) -> dict[str, Any]:
        message = {"text": text, "msg_id": msg_id or new_id()}
        if quotes is not None:
            message["quote_msg_id"] = quotes
        return self._from_user("user_send_text", user, message)

    def attachment(self, user: str, kind: str, payload: dict[str, Any], *, text: str = "") -> dict[str, Any]:
        """An event ``user_send_<kind>`` with one attachment."""
        sent_as = "link" if kind == "business_card" else kind
        message: dict[str, Any] = {"msg_id": new_id(), "attachments": [{"payload": payload, "type": sent_as}]}
        if text:
            message["text"] = text
        return self._from_user(f"user_send_{kind}", user, message)

    def album(self, user: str, urls: list[str]) -> list[dict[str, Any]]:
        album = new_id()
        return [
            self._from_user(
                "user_send_image",
                user,
                {
                    "msg_id": new_id(),
                    "attachments": [
                        {
                            "payload": {
                                "thumbnail": url,
                                "url": url,
                                "total_item_in_album": str(len(urls)),
                                "id_in_album": str(index),
                                "album_id": album,
                            },
                            "type": "multi_image",
                        }
                    ],
                },
            )
            for index, url in enumerate(urls)
        ]

    def received(self, user: str, msg_id: str) -> dict[str, Any]:
        return self._from_account("user_received_message", user, {"msg_id": msg_id})

    def seen(self, user: str, *msg_ids: str) -> dict[str, Any]:
        return self._from_account("user_seen_message", user, {"msg_ids": list(msg_ids)})

    def echo(
        self, user: str, msg_id: str, text: str, *, kind: str = "text", admin: str | None = None
    ) -> dict[str, Any]:
        """What an account sent: through the API, or by a person (``admin``) in Zalo's own chat."""
        event = self._from_account(f"oa_send_{kind}", user, {"text": text, "msg_id": msg_id})
        if admin is not None:
            event["sender"]["admin_id"] = admin
        return event

    def follow(self, user: str, *, follows: bool = True) -> dict[str, Any]:
        return self._stamped(
            {
                "app_id": self.app_id,
                "oa_id": self.oa_id,
                "follower": {"id": user},
                "event_name": "follow" if follows else "unfollow",
                "source": "oa_profile",
            }
        )

    def _from_user(self, name: str, user: str, message: dict[str, Any]) -> dict[str, Any]:
        return self._envelope(name, user, self.oa_id, message)

    def _from_account(self, name: str, user: str, message: dict[str, Any]) -> dict[str, Any]:
        return self._envelope(name, self.oa_id, user, message)

    def _envelope(self, name: str, sender: str, recipient: str, message: dict[str, Any]) -> dict[str, Any]:
        return self._stamped(
            {
                "app_id": self.app_id,
                "sender": {"id": sender},
                "user_id_by_app": "552177279717587730",
                "recipient": {"id": recipient},
                "event_name": name,
                "message": message,
            }
        )

    @staticmethod
    def _stamped(event: dict[str, Any]) -> dict[str, Any]:
        return {**event, "timestamp": str(time.time_ns() // 1_000_000)}


class BotUpdates:
    """Builds updates of the Bot Platform; ``wrapped`` gives the documented form instead of the live one."""

    def __init__(self, *, wrapped: bool = False) -> None:
        self.wrapped = wrapped

    def text(self, chat: str, text: str, *, name: str = "Nguyễn Văn A") -> dict[str, Any]:
        return self.update("text", chat, name=name, text=text)

    def image(self, chat: str, url: str, *, caption: str = "") -> dict[str, Any]:
        return self.update("image", chat, photo_url=url, caption=caption, message_type="CHAT_PHOTO")

    def update(self, kind: str, chat: str, *, name: str = "Nguyễn Văn A", **content: Any) -> dict[str, Any]:
        inner = {
            "event_name": f"message.{kind}.received",
            "message": {
                "date": time.time_ns() // 1_000_000,
                "chat": {"chat_type": "PRIVATE", "id": chat},
                "message_id": new_id(),
                "from": {"id": chat, "is_bot": False, "display_name": name},
                **content,
            },
        }
        return {"ok": True, "result": inner} if self.wrapped else inner
