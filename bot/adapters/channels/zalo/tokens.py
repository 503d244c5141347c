"""The pair of tokens of one account: refreshed once, by one, and stored before it is used.

A refresh token can be used once, and using it kills the access token at once, on every host. So one transaction holds
a lock in the database around the whole exchange, reads the pair again behind that lock, and has committed the new pair
before anybody sees it. The lock outlives the exchange because the exchange has the shorter time limit.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Self

import aiohttp
import structlog

from bot.adapters.channels.zalo.config import ZaloConfig
from bot.adapters.channels.zalo.http import call
from bot.domain.channel_status import ChannelStatus
from bot.services.ports import Clock, Store
from bot.services.ports_channel import ChannelError, Unreachable

STATE_KEY: Final = "zalo:tokens"
EXCHANGE_SECONDS: Final = 8.0
"""Shorter than the store's lock time limit (10 s): whoever waits for the lock gets the new pair, not an error."""

_EARLY: Final = timedelta(hours=5)
_DEFAULT_LIFE: Final = 3600
_FIRST_PAUSE: Final = timedelta(seconds=15)
_LONGEST_PAUSE: Final = timedelta(minutes=10)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class TokenPair:
    """A pair as it is stored. ``grant`` tells from which configured refresh token the chain began, by its digest."""

    access: str
    refresh: str
    refresh_at: datetime
    expires_at: datetime
    grant: str

    @classmethod
    def made(cls, answer: Mapping[str, Any], now: datetime, grant: str) -> Self | None:
        """Read an answer of the token endpoint: a pair only if both tokens are there, whatever else it says."""
        access, refresh = answer.get("access_token"), answer.get("refresh_token")
        if not (isinstance(access, str) and access and isinstance(refresh, str) and refresh):
            return None
        life = timedelta(seconds=_seconds(answer.get("expires_in")))
        return cls(
            access=access,
            refresh=refresh,
            refresh_at=now + life - min(_EARLY, life / 5),
            expires_at=now + life,
            grant=grant,
        )

    @classmethod
    def stored(cls, state: Mapping[str, Any] | None) -> Self | None:
        """Read a stored pair back."""
        if state is None:
            return None
        return cls(
            access=str(state["access"]),
            refresh=str(state["refresh"]),
            refresh_at=datetime.fromisoformat(state["refresh_at"]),
            expires_at=datetime.fromisoformat(state["expires_at"]),
            grant=str(state["grant"]),
        )

    def state(self) -> dict[str, str]:
        """Return the pair as it is stored."""
        return {
            "access": self.access,
            "refresh": self.refresh,
            "refresh_at": self.refresh_at.isoformat(),
            "expires_at": self.expires_at.isoformat(),
            "grant": self.grant,
        }


class TokenKeeper:
    """Gives out the access token. ``status`` is the state of the grant, for health page and console."""

    def __init__(self, session: aiohttp.ClientSession, store: Store, clock: Clock, config: ZaloConfig) -> None:
        self._session = session
        self._store = store
        self._clock = clock
        self._config = config
        self._grant = hashlib.sha256(config.refresh_token.encode()).hexdigest()
        self._pair: TokenPair | None = None
        self._unsaved: tuple[str, TokenPair] | None = None
        self._flight: asyncio.Task[str] | None = None
        self._pause = _FIRST_PAUSE
        self._paused_until: datetime | None = None
        self.status = ChannelStatus.ok()

    async def current(self) -> str:
        """Return an access token that should work, refreshed early where that is due.

        Raises:
            Unreachable: there is none now, and it is tried again; `status` says whether a person has to act.
        """
        pair = self._pair or await self._load()
        if pair is not None and self._clock.now() < pair.refresh_at:
            return pair.access
        try:
            return await self._fresh(None)
        except ChannelError:
            # Refreshing early leaves time for trouble: the old token works until its end.
            if pair is not None and self._clock.now() < pair.expires_at:
                return pair.access
            raise

    async def renewed(self, rejected: str) -> str:
        """Return another access token than the one that Zalo refused. Raises `Unreachable` like `current`."""
        return await self._fresh(rejected)

    def refused_again(self) -> Unreachable:
        """Note that Zalo refused a token it had just given, so that tokens are not spent one after the other.

        Returns the error to raise.
        """
        return self._failed(ChannelStatus.refused("token_not_accepted", "a new token was refused at once"))

    def worked(self) -> None:
        """Note that Zalo accepted the token."""
        self._pause = _FIRST_PAUSE

    async def tend(self) -> None:
        """Refresh if it is due; to be called every hour or so, since an idle grant runs out after three months.

        Failures of Zalo and of the network are in `status`.
        """
        try:
            await self.current()
        except ChannelError as failure:
            _log.warning("zalo_token_not_refreshed", reason=str(failure))

    async def close(self) -> None:
        """Wait for an exchange that is under way: cutting it off would lose the grant."""
        if self._flight is not None:
            await asyncio.wait({self._flight})

    async def _load(self) -> TokenPair | None:
        async with self._store.begin() as uow:
            self._pair = self._of_this_grant(TokenPair.stored(await uow.channel_states.get(STATE_KEY)))
        return self._pair

    def _of_this_grant(self, pair: TokenPair | None) -> TokenPair | None:
        """A pair that descends from another configured token is from before somebody gave permission anew."""
        return pair if pair is not None and pair.grant == self._grant else None

    async def _fresh(self, rejected: str | None) -> str:
        """Join the exchange under way or begin one; giving up waiting does not stop it."""
        if self._flight is None or self._flight.done():
            self._flight = asyncio.create_task(self._refresh(rejected), name="zalo-token-refresh")
            self._flight.add_done_callback(_look_at)
        return await asyncio.shield(self._flight)

    async def _refresh(self, rejected: str | None) -> str:
        now = self._clock.now()
        async with self._store.begin() as uow:
            stored = self._of_this_grant(TokenPair.stored(await uow.channel_states.get(STATE_KEY, lock=True)))
            if stored is not None and stored.access != rejected and now < stored.refresh_at:
                self._adopt(stored)
                return stored.access
            self._heed_pause(now)
            fresh = await self._exchange(stored.refresh if stored else self._config.refresh_token)
            await uow.channel_states.put(STATE_KEY, fresh.state())
        self._unsaved = None
        self._adopt(fresh)
        _log.info("zalo_token_refreshed", expires_at=fresh.expires_at.isoformat())
        return fresh.access

    async def _exchange(self, refresh: str) -> TokenPair:
        """Spend a refresh token, or return what it was spent for when storing the new pair failed the last time."""
        if self._unsaved is not None and self._unsaved[0] == refresh:
            return self._unsaved[1]
        try:
            answer = await call(
                self._session,
                "POST",
                f"{self._config.oauth_api.rstrip('/')}/v4/oa/access_token",
                seconds=EXCHANGE_SECONDS,
                headers={"secret_key": self._config.app_secret},
                data={"refresh_token": refresh, "app_id": self._config.app_id, "grant_type": "refresh_token"},
            )
        except ChannelError as error:
            raise self._failed(ChannelStatus.degraded("token_endpoint_unreachable", str(error))) from error
        fresh = TokenPair.made(answer, self._clock.now(), self._grant)
        if fresh is None:
            raise self._failed(ChannelStatus.refused("needs_authorisation", _words(answer)))
        self._unsaved = (refresh, fresh)
        return fresh

    def _adopt(self, pair: TokenPair) -> None:
        self._pair = pair
        self._paused_until = None
        self.status = ChannelStatus.ok()

    def _heed_pause(self, now: datetime) -> None:
        if self._paused_until is not None and now < self._paused_until and self._unsaved is None:
            raise Unreachable(self._reason())

    def _failed(self, status: ChannelStatus) -> Unreachable:
        """Note a failure, and how long to leave Zalo alone. The stored pair stays as it is."""
        self.status = status
        self._paused_until = self._clock.now() + self._pause
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)
        _log.error("zalo_token_refresh_failed", reason=status.reason, detail=status.detail)
        return Unreachable(self._reason())

    def _reason(self) -> str:
        return f"{self.status.reason} ({self.status.detail})"


def _look_at(flight: asyncio.Task[str]) -> None:
    """Mark a failure as seen: whoever waited got it, and when nobody waited any more `status` tells it."""
    if not flight.cancelled():
        flight.exception()


def _seconds(expires_in: object) -> int:
    """The life of a token; Zalo writes it as text."""
    if isinstance(expires_in, str) and expires_in.isascii() and expires_in.isdigit() and len(expires_in) < 10:
        expires_in = int(expires_in)
    return expires_in if isinstance(expires_in, int) and 0 < expires_in < 10**9 else _DEFAULT_LIFE


def _words(answer: Mapping[str, Any]) -> str:
    """What the token endpoint says; its errors have no ``message``."""
    parts = (answer.get(key) for key in ("error", "error_name", "error_reason", "error_description", "message"))
    return " ".join(str(part) for part in parts if part)[:300] or "no access_token in the answer"
