"""Webhooks: verify, store, acknowledge. Nothing else happens while a channel waits for its answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import structlog
from aiohttp import web

from bot.adapters.channels.strict_json import MAX_BYTES
from bot.adapters.channels.zalo.door import Verdict
from bot.domain.arrivals import Arrival, Ignored
from bot.domain.messages import Channel
from bot.services.intake import Intake
from bot.web.endpoint import read_capped
from bot.web.errors import HttpRefusal
from bot.web.house import HOUSE
from bot.web.metrics import ACCEPTED, DUPLICATES, IGNORED, REFUSED

log = structlog.get_logger(__name__)

PATHS = {
    "/webhooks/telegram": Channel.TELEGRAM,
    "/webhooks/zalo": Channel.ZALO,
    "/webhooks/zalo-bot": Channel.ZALO_BOT,
}


class WebhookRefused(HttpRefusal):
    """Not genuine."""

    status = 401

    def __init__(self) -> None:
        super().__init__("not_genuine", "Yêu cầu không được xác thực.")


class DoorShut(HttpRefusal):
    """The channel, or its secret, is not configured."""

    status = 503

    def __init__(self) -> None:
        super().__init__("door_shut", "Kênh này chưa được cấu hình khoá bí mật, nên cửa đang đóng.")


def install(app: web.Application) -> None:
    """Route every webhook."""
    for path, channel in PATHS.items():
        app.router.add_post(path, _handle(channel))
        app.router.add_get(path, _knock)


async def _knock(_request: web.Request) -> web.Response:
    """Answer a console that only looks whether the door is there."""
    return web.Response(text="ok")


def _handle(channel: Channel) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        """Verify, store, acknowledge."""
        house = request.app[HOUSE]
        door = house.doors.by_channel.get(channel)
        if door is None:
            raise DoorShut
        raw = await read_capped(request, MAX_BYTES)
        checked = door.check(raw, request.headers)
        match checked.verdict:
            case Verdict.SHUT:
                raise DoorShut
            case Verdict.REFUSED:
                REFUSED.labels(channel, checked.reason).inc()
                log.warning("webhook_refused", channel=channel, reason=checked.reason)
                raise WebhookRefused
            case Verdict.PROBE:
                pass
            case Verdict.OK:
                try:
                    arrival = door.read(checked.payload)
                except ValueError as failure:
                    # Genuine, but without even an id: repeating it would not help, and there is nobody to answer.
                    log.warning("webhook_unreadable", channel=channel, reason=str(failure))
                    IGNORED.labels(channel, "unreadable").inc()
                    return web.Response(text="ok")
                await accept_counted(house.intake, channel, arrival)
                answer = door.reply(arrival) if door.reply is not None else None
                if answer is not None:
                    return web.json_response(answer)
        return web.Response(text="ok")

    return handle


async def accept_counted(intake: Intake, channel: Channel, arrival: Arrival) -> None:
    """Store one arrival and count it."""
    if isinstance(arrival.happening, Ignored):
        # The reason may carry a path of the payload; the metric keeps only its kind, or it would grow without end.
        log.info("arrival_ignored", channel=channel, reason=arrival.happening.reason)
        IGNORED.labels(channel, arrival.happening.reason.partition(":")[0]).inc()
        return
    accepted = await intake.accept(channel, arrival)
    (DUPLICATES if accepted.duplicate else ACCEPTED).labels(channel).inc()
