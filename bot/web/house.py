"""Everything a handler can reach, under one key of the application."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from aiohttp import web

from bot.adapters.live.hub import Hub
from bot.adapters.media.store import MediaDirectory
from bot.domain.company import Company
from bot.domain.messages import Channel
from bot.domain.turns import WATCH_LIMIT
from bot.services.accounts import Accounts
from bot.services.answering import Answering
from bot.services.answers import EditedAnswers
from bot.services.approving import Approving
from bot.services.backstage import Backstage
from bot.services.calling import Calling
from bot.services.case_view import CaseViews
from bot.services.clustering import Clustering
from bot.services.crew import Crew
from bot.services.desk import Desk
from bot.services.drifting import Drifting
from bot.services.inbox import Inboxes
from bot.services.intake import Intake
from bot.services.needs import TaughtNeeds
from bot.services.ports import Clock, Store
from bot.services.ports_channel import ChannelPort
from bot.services.previewing import Previewing
from bot.services.promising import Promising
from bot.services.promoting import Promoting
from bot.services.requesting import Requesting
from bot.services.reviewing import Reviewing
from bot.services.shadowing import Shadowing
from bot.services.trainings import Trainings
from bot.services.transferring import Transferring
from bot.services.visitors import Visitors
from bot.settings import Settings
from bot.web.limits import Limits
from bot.web.parts import Parts
from bot.web.webhook_doors import WebhookDoors


@dataclass(frozen=True, kw_only=True)
class House:
    """The built product, as `bot.bootstrap` puts it together."""

    settings: Settings
    company: Company
    clock: Clock
    store: Store
    intake: Intake
    backstage: Backstage
    desk: Desk
    promising: Promising
    views: CaseViews
    transferring: Transferring
    answering: Answering
    calling: Calling
    requesting: Requesting
    approving: Approving
    inboxes: Inboxes
    crew: Crew
    reviewing: Reviewing
    needs: TaughtNeeds
    answers: EditedAnswers
    previewing: Previewing
    clustering: Clustering
    trainings: Trainings
    promoting: Promoting
    shadowing: Shadowing
    drifting: Drifting
    accounts: Accounts
    visitors: Visitors
    hub: Hub
    media: MediaDirectory
    channels: Mapping[Channel, ChannelPort]
    doors: WebhookDoors
    parts: Parts
    limits: Limits = field(default_factory=Limits)
    turn_limit: timedelta = WATCH_LIMIT + timedelta(seconds=10)
    """Age beyond which an open turn counts as unresolved: the watchdog had its chance."""


HOUSE = web.AppKey("house", House)
