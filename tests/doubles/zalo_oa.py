"""A local server that speaks the Official Account API and its token endpoint, with Zalo's faults.

It is strict where Zalo is: the token in its own header, one query parameter ``data``, lengths and limits, and refresh
tokens that work once and kill the access token before them.
"""

from __future__ import annotations

import base64
import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from aiohttp import web

from tests.doubles.zalo_events import Events, new_id
from tests.doubles.zalo_serving import LocalServer
from tests.doubles.zalo_webhooks import WebhookCaller

APP_ID, OA_ID = "360846524940903967", "388613280878808645"
APP_SECRET, OA_SECRET = "local-app-secret", "local-oa-secret"
FIRST_REFRESH_TOKEN = "refresh-0"
HOUR_MS = 3_600_000
_UPLOADS = {
    "image": (1024 * 1024, "attachment_id"),
    "gif": (5 * 1024 * 1024, "attachment_id"),
    "file": (5 * 1024 * 1024, "token"),
}
_WORDS = {
    -216: "Access token is invalid",
    -220: "Access token is expired",
    -32: "Rate limit",
    -213: "User has not followed OA",
    -230: "User has not interacted with the OA in the past 7 days",
}


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A message that reached a customer."""

    id: str
    user: str
    message: dict[str, Any]
    path: str

    @property
    def text(self) -> str:
        return str(self.message.get("text", ""))


class Refusal(Exception):
    """The API says no, with HTTP 200."""

    def __init__(self, code: int, words: str = "") -> None:
        super().__init__(words)
        self.code = code
        self.words = words


class ZaloServer(LocalServer):
    """One application with one account. ``webhooks`` set: echoes and receipts are delivered to it."""

    def __init__(self, *, port: int = 0) -> None:
        super().__init__(port=port)
        self.events = Events(APP_ID, OA_ID)
        self.webhooks: WebhookCaller | None = None
        self.sent: list[Sent] = []
        self.uploads: dict[str, bytes] = {}
        self.names: dict[str, str] = {}
        self.last_interaction: dict[str, int] = {}
        self.headers: list[dict[str, str]] = []
        self.buttons_work = True
        self.echoes = True
        self.expires_in: str | int = "90000"
        self.access_token = "none yet"
        self.refresh_token = FIRST_REFRESH_TOKEN
        self.exchanges = 0
        self._codes: dict[str, str] = {}
        self.skew_ms = 0
        """Added to the server's clock: how tests reach the end of a window."""

    def routes(self) -> list[web.RouteDef]:
        return [
            web.post("/v4/oa/access_token", self._token),
            web.post("/v3.0/oa/message/cs", self._message),
            web.post("/v2.0/oa/message", self._message),
            web.post("/v2.0/oa/upload/{kind}", self._upload),
            web.get("/v3.0/oa/user/detail", self._detail),
            web.get("/v2.0/oa/getoa", self._account),
        ]

    def environment(self) -> dict[str, str]:
        """What the product has to be started with."""
        return {
            "LETAN_ZALO_APP_ID": APP_ID,
            "LETAN_ZALO_APP_SECRET": APP_SECRET,
            "LETAN_ZALO_OA_SECRET": OA_SECRET,
            "LETAN_ZALO_REFRESH_TOKEN": FIRST_REFRESH_TOKEN,
            "LETAN_ZALO_API": self.url,
            "LETAN_ZALO_OAUTH_API": self.url,
        }

    # --- what people do ---------------------------------------------------------------------------------------------

    async def customer_writes(self, user: str, text: str) -> str:
        """A customer writes; returns the message id once the webhook was answered."""
        event = self.events.text(user, text)
        await self.happens(user, event)
        return str(event["message"]["msg_id"])

    async def happens(self, user: str, event: dict[str, Any]) -> None:
        """A customer does anything that opens the window."""
        self.last_interaction[user] = self.now_ms()
        if self.webhooks is not None:
            await self.webhooks.deliver(event)

    async def admin_writes(self, user: str, text: str, *, admin: str = "4267886274574868951") -> str:
        """A person answers in Zalo's own chat."""
        msg_id = new_id()
        self.sent.append(Sent(id=msg_id, user=user, message={"text": text}, path="admin"))
        if self.webhooks is not None:
            await self.webhooks.deliver(self.events.echo(user, msg_id, text, admin=admin))
        return msg_id

    async def customer_reads(self, user: str, *, receipts_first: bool = False) -> None:
        """The customer's phone receives and shows everything sent so far; ``receipts_first`` turns the order round."""
        assert self.webhooks is not None
        ids = [sent.id for sent in self.sent if sent.user == user]
        events = [*(self.events.received(user, msg_id) for msg_id in ids), self.events.seen(user, *ids)]
        for event in reversed(events) if receipts_first else events:
            await self.webhooks.deliver(event)

    def permits(self, link: str) -> str:
        """An administrator opens the permission link and agrees; returns where the browser is sent."""
        asked = dict(parse_qsl(urlsplit(link).query))
        assert asked["app_id"] == APP_ID
        code = f"code-{new_id()}"
        self._codes[code] = asked["code_challenge"]
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'oa_id': OA_ID, 'state': asked['state']})}"

    def revoke(self) -> None:
        """The access token stops working before its time."""
        self.access_token = f"revoked-{new_id()}"

    def now_ms(self) -> int:
        return time.time_ns() // 1_000_000 + self.skew_ms

    # --- the API -----------------------------------------------------------------------------------------------------

    def error_body(self, code: int) -> dict[str, Any]:
        return {"error": code, "message": _WORDS.get(code, "failed")}

    async def _token(self, request: web.Request) -> web.StreamResponse:
        form = await request.post()

        async def exchange() -> dict[str, Any]:
            self.exchanges += 1
            if form.get("grant_type") == "authorization_code":
                return self._first_pair(str(form.get("code")), str(form.get("code_verifier")))
            if form.get("app_id") != APP_ID or form.get("grant_type") != "refresh_token":
                return {"error": -14002, "error_name": "Invalid app id", "error_reason": "", "error_description": ""}
            if form.get("refresh_token") != self.refresh_token:
                return {
                    "error": -14014,
                    "error_name": "Invalid refresh token",
                    "error_reason": "",
                    "error_description": "",
                }
            return self._new_pair()

        if request.headers.get("secret_key") != APP_SECRET:
            return web.Response(status=404, text="empty api")
        return await self.faulty("token", request, exchange)

    def _first_pair(self, code: str, verifier: str) -> dict[str, Any]:
        challenge = self._codes.pop(code, None)
        if challenge != base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode():
            return {"error": -14003, "error_name": "Invalid code verifier", "error_reason": "", "error_description": ""}
        return self._new_pair()

    def _new_pair(self) -> dict[str, Any]:
        self.access_token, self.refresh_token = f"access-{new_id()}", f"refresh-{new_id()}"
        return {"access_token": self.access_token, "refresh_token": self.refresh_token, "expires_in": self.expires_in}

    async def _message(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()

        async def send() -> dict[str, Any]:
            self._authorise(request)
            to = body["recipient"]
            user = str(to.get("user_id") or to.get("anonymous_id"))
            self._check_message(user, body["message"], anonymous="anonymous_id" in to)
            sent = Sent(id=new_id(), user=user, message=body["message"], path=request.path)
            self.sent.append(sent)
            if self.webhooks is not None and self.echoes and "user_id" in to:
                self.webhooks.deliver_later(self.events.echo(user, sent.id, sent.text, kind=_echo_kind(sent.message)))
            quota = {"quota_type": "reply", "remain": "8", "total": "8"}
            return _success({"message_id": sent.id, "user_id": user, "sent_time": str(self.now_ms()), "quota": quota})

        return await self._guarded("send", request, send)

    def _check_message(self, user: str, message: dict[str, Any], *, anonymous: bool) -> None:
        text, attachment = message.get("text"), message.get("attachment")
        if text is not None and not 1 <= len(text) <= 2000:
            raise Refusal(-210, "text is too long")
        if text is None and attachment is None:
            raise Refusal(-201, "message is invalid!")
        last = self.last_interaction.get(user)
        if not anonymous and last is not None and self.now_ms() - last > 7 * 24 * HOUR_MS:
            raise Refusal(-230)
        if attachment is not None:
            self._check_attachment(attachment["type"], attachment["payload"])

    def _check_attachment(self, kind: str, payload: dict[str, Any]) -> None:
        if kind == "file":
            if payload.get("token") not in self.uploads:
                raise Refusal(-100, "attachment_id was expired")
            return
        if "buttons" in payload:
            if not self.buttons_work or len(payload["buttons"]) > 5:
                raise Refusal(-233, "template type is not supported")
            return
        (element,) = payload["elements"]
        if ("url" in element) == ("attachment_id" in element):
            raise Refusal(-201, "elements is invalid!")
        if element.get("attachment_id") not in self.uploads:
            raise Refusal(-100, "attachment_id was expired")
        if element["media_type"] == "gif" and not (element.get("width") and element.get("height")):
            raise Refusal(-201, "width is invalid!")

    async def _upload(self, request: web.Request) -> web.StreamResponse:
        limit, field = _UPLOADS[request.match_info["kind"]]
        form = await request.post()
        part = form["file"]
        assert isinstance(part, web.FileField)
        content = part.file.read()

        async def store() -> dict[str, Any]:
            self._authorise(request)
            if len(content) > limit:
                raise Refusal(-210, "file is too large")
            token = f"upload-{new_id()}"
            self.uploads[token] = content
            return _success({field: token})

        return await self._guarded("upload", request, store)

    async def _detail(self, request: web.Request) -> web.StreamResponse:
        async def detail() -> dict[str, Any]:
            self._authorise(request)
            user = json.loads(request.query["data"])["user_id"]
            if user not in self.names:
                raise Refusal(-201, "user_id is invalid!")
            return _success({"user_id": user, "display_name": self.names[user], "user_is_follower": True})

        return await self._guarded("detail", request, detail)

    async def _account(self, request: web.Request) -> web.StreamResponse:
        async def account() -> dict[str, Any]:
            self._authorise(request)
            return _success({"oa_id": OA_ID, "name": "Sen Việt", "is_verified": True, "package_name": "Nâng cao"})

        return await self._guarded("account", request, account)

    def _authorise(self, request: web.Request) -> None:
        self.headers.append(dict(request.headers))
        if request.headers.get("access_token") != self.access_token or "Authorization" in request.headers:
            raise Refusal(-216)

    async def _guarded(self, what: str, request: web.Request, work: Any) -> web.StreamResponse:
        async def answer() -> dict[str, Any]:
            try:
                done: dict[str, Any] = await work()
            except Refusal as refusal:
                return {"error": refusal.code, "message": refusal.words or _WORDS.get(refusal.code, "failed")}
            return done

        return await self.faulty(what, request, answer)


def _success(data: dict[str, Any]) -> dict[str, Any]:
    return {"data": data, "error": 0, "message": "Success"}


def _echo_kind(message: dict[str, Any]) -> str:
    attachment = message.get("attachment")
    if attachment is None or "buttons" in attachment["payload"]:
        return "text"
    return "file" if attachment["type"] == "file" else str(attachment["payload"]["elements"][0]["media_type"])
