"""Fetches files that customers sent, from Zalo's own hosts and from nowhere else.

The addresses come out of webhooks, so they are checked as if a stranger had written them: known hosts on the usual
ports, no names that lead into a private network (checked on the addresses that are connected to, not before), no
redirect to elsewhere, and no more bytes than asked for.
"""

from __future__ import annotations

import ipaddress
import socket
from http import HTTPStatus
from types import TracebackType
from typing import Final, Self

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.services.ports_channel import Rejected, Unreachable

HOST_SUFFIXES: Final = ("zdn.vn", "zadn.vn", "dlfl.vn", "dlmd.me", "zalo.me", "zaloapp.com")
_USUAL_PORTS: Final = {"http": 80, "https": 443}
_REDIRECTS: Final = 3
_CHUNK: Final = 64 * 1024
_TIMEOUT: Final = aiohttp.ClientTimeout(total=60.0, connect=5.0, sock_read=15.0)


class _NotPublic(OSError):
    """A name of Zalo's that leads into a private network: somebody tampers with the look-up of names."""


class PublicResolver(AbstractResolver):
    """Looks names up and refuses those that lead to an address which is not public."""

    def __init__(self, inner: AbstractResolver | None = None) -> None:
        self._inner = inner or aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the addresses, which are all public. Raises ``OSError`` otherwise, like a name that does not exist."""
        found = await self._inner.resolve(host, port, family)
        for address in found:
            found_at = ipaddress.ip_address(address["host"].partition("%")[0])
            if not found_at.is_global or found_at.is_multicast:
                raise _NotPublic(f"{host} leads to an address that is not public")
        return found

    async def close(self) -> None:
        """Close the resolver behind this one."""
        await self._inner.close()


class MediaFetcher:
    """One session for downloads; use as an async context manager.

    ``own_origin`` is the base address of a stand-in for Zalo's API: files may come from there too, since a stand-in
    serves its own. For the real API it changes nothing.
    """

    def __init__(self, own_origin: str | None = None, *, resolver: AbstractResolver | None = None) -> None:
        origin = URL(own_origin) if own_origin else None
        self._own = origin.origin() if origin is not None and origin.absolute and not _of_zalo(origin) else None
        self._resolver = resolver
        self._public: aiohttp.ClientSession | None = None
        self._stand_in: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        resolver = PublicResolver(self._resolver)
        self._public = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(resolver=resolver, limit=8), cookie_jar=aiohttp.DummyCookieJar()
        )
        if self._own is not None:
            self._stand_in = aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for session in (self._public, self._stand_in):
            if session is not None:
                await session.close()
        self._public = self._stand_in = None

    async def fetch(self, ref: str, max_bytes: int) -> tuple[bytes, str]:
        """Return content and media type of a file.

        Raises:
            Rejected: larger than ``max_bytes``, gone, or not at one of Zalo's hosts.
            Unreachable: try again.
        """
        address = _parsed(ref)
        try:
            for _ in range(_REDIRECTS + 1):
                async with self._session_for(address).get(
                    address, allow_redirects=False, timeout=_TIMEOUT, headers={"Accept-Encoding": "identity"}
                ) as response:
                    if not HTTPStatus.MULTIPLE_CHOICES <= response.status < HTTPStatus.BAD_REQUEST:
                        return await _content(response, max_bytes)
                    address = _redirected(address, response.headers.get("Location", ""))
        except aiohttp.ClientConnectorError as error:
            if isinstance(error.os_error, _NotPublic):
                raise Rejected(f"private_address: {error.os_error}") from error
            raise Unreachable("no connection to the file server") from error
        except (TimeoutError, aiohttp.ClientError) as error:
            raise Unreachable(f"no file: {type(error).__name__}") from error
        raise Rejected("too_many_redirects")

    def _session_for(self, address: URL) -> aiohttp.ClientSession:
        """Return the session that may go to an address. Raises `Rejected` when none may."""
        if self._stand_in is not None and address.origin() == self._own:
            return self._stand_in
        if self._public is None:
            raise Unreachable("the fetcher is closed")
        if not _of_zalo(address):
            raise Rejected(f"foreign_host: {address.host}")
        return self._public


def _parsed(ref: str) -> URL:
    try:
        address = URL(ref)
    except ValueError:
        raise Rejected("not_an_address") from None
    if address.scheme not in _USUAL_PORTS or not address.host:
        raise Rejected("not_an_address")
    return address


def _redirected(address: URL, location: str) -> URL:
    try:
        target = URL(location)
    except ValueError:
        raise Rejected("not_an_address") from None
    if not location:
        raise Rejected("not_an_address")
    return _parsed(str(address.join(target)))


def _of_zalo(address: URL) -> bool:
    host = (address.host or "").lower().removesuffix(".")
    return (
        any(host == suffix or host.endswith(f".{suffix}") for suffix in HOST_SUFFIXES)
        and address.port == _USUAL_PORTS.get(address.scheme)
        and address.user is None
        and address.password is None
    )


async def _content(response: aiohttp.ClientResponse, max_bytes: int) -> tuple[bytes, str]:
    if response.status == HTTPStatus.TOO_MANY_REQUESTS or response.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Unreachable(f"the file server answered {response.status}")
    if response.status != HTTPStatus.OK:
        raise Rejected(f"the file server answered {response.status}")
    if (response.content_length or 0) > max_bytes:
        raise Rejected(f"file_too_large: {response.content_length} bytes, {max_bytes} allowed")
    content = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        content += chunk
        if len(content) > max_bytes:
            raise Rejected(f"file_too_large: over {max_bytes} bytes")
    return bytes(content), response.content_type
