"""Files that customers sent: from Zalo's hosts, within limits, and from nowhere else."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

from bot.adapters.channels.zalo.media import MediaFetcher, PublicResolver
from bot.services.ports_channel import Rejected, Unreachable
from tests.doubles.zalo import ZaloServer


class Names(AbstractResolver):
    """Every name leads to one address, as a poisoned resolver would have it."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.asked: list[str] = []

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        self.asked.append(host)
        return [ResolveResult(hostname=host, host=self.address, port=port, family=socket.AF_INET, proto=0, flags=0)]

    async def close(self) -> None:
        pass


FOREIGN = [
    "http://127.0.0.1/x",
    "http://[::1]/x",
    "http://169.254.169.254/latest/meta-data/",
    "http://localhost/x",
    "https://evil.example/x.jpg",
    "https://zdn.vn.evil.example/x.jpg",
    "https://evilzdn.vn/x.jpg",
    "https://f6.zdn.vn@evil.example/x.jpg",
    "https://user:pass@f6.zdn.vn/x.jpg",
    "https://user@f6.zdn.vn/x.jpg",
    "https://f6.zdn.vn:8443/x.jpg",
    "http://f6.zdn.vn:22/x.jpg",
    "http://f6.zdn.vn:443/x.jpg",
    "ftp://f6.zdn.vn/x.jpg",
    "file:///etc/passwd",
    "//f6.zdn.vn/x.jpg",
    "/etc/passwd",
    "javascript:alert(1)",
    "data:text/html,x",
    "http://",
    "http://[",
    "",
    "https://zdn.vn\\@evil.example/",
    "https://evil.example#.zdn.vn",
    "https://evil.example?.zdn.vn",
]


@pytest.mark.parametrize("ref", FOREIGN)
async def test_a_foreign_address_is_never_asked_for(ref: str) -> None:
    names = Names("203.0.113.1")
    async with MediaFetcher("https://openapi.zalo.me", resolver=names) as fetcher:
        with pytest.raises(Rejected):
            await fetcher.fetch(ref, 1000)

    assert names.asked == []


PRIVATE = ["127.0.0.1", "10.1.2.3", "192.168.1.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255"]


@pytest.mark.parametrize("address", PRIVATE)
async def test_a_name_of_zalo_that_leads_into_a_private_network_is_refused(address: str) -> None:
    names = Names(address)
    async with MediaFetcher(resolver=names) as fetcher:
        with pytest.raises(Rejected, match="private_address"):
            await fetcher.fetch("http://f6.photo.talk.zdn.vn/x.jpg", 1000)

    assert names.asked == ["f6.photo.talk.zdn.vn"]


@pytest.mark.parametrize("address", ["::1", "fe80::1%eth0", "fd00::1", "::ffff:127.0.0.1"])
async def test_private_addresses_of_the_newer_kind_are_refused_too(address: str) -> None:
    with pytest.raises(OSError, match="not public"):
        await PublicResolver(Names(address)).resolve("f6.zdn.vn", 443)


async def test_public_addresses_pass() -> None:
    (found,) = await PublicResolver(Names("8.8.8.8")).resolve("f6.zdn.vn", 443)

    assert found["host"] == "8.8.8.8"


async def test_files_of_the_stand_in_are_fetched_whole() -> None:
    async with ZaloServer() as server, MediaFetcher(server.url) as fetcher:
        ref = server.serve("1.jpg", b"\xff\xd8\xff", "image/jpeg")

        assert await fetcher.fetch(ref, 3) == (b"\xff\xd8\xff", "image/jpeg")
        with pytest.raises(Rejected, match="file_too_large"):
            await fetcher.fetch(ref, 2)
        with pytest.raises(Rejected, match="404"):
            await fetcher.fetch(f"{server.url}/files/gone", 10)


@asynccontextmanager
async def origin(handler: object) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_get("/{tail:.*}", handler)  # type: ignore[arg-type]
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest.mark.parametrize("elsewhere", ["http://169.254.169.254/", "https://evil.example/", "file:///etc/passwd", ""])
async def test_a_redirect_to_elsewhere_is_not_followed(elsewhere: str) -> None:
    async def redirect(request: web.Request) -> web.StreamResponse:
        return web.Response(status=302, headers={"Location": elsewhere})

    async with origin(redirect) as url, MediaFetcher(url) as fetcher:
        with pytest.raises(Rejected):
            await fetcher.fetch(f"{url}/x.jpg", 1000)


async def test_a_redirect_within_is_followed_but_not_for_ever() -> None:
    async def redirect(request: web.Request) -> web.StreamResponse:
        if request.path == "/ring":
            return web.Response(status=302, headers={"Location": "/ring"})
        if request.path == "/old":
            return web.Response(status=301, headers={"Location": "new"})
        return web.Response(body=b"new", content_type="image/png")

    async with origin(redirect) as url, MediaFetcher(url) as fetcher:
        assert await fetcher.fetch(f"{url}/old", 10) == (b"new", "image/png")
        with pytest.raises(Rejected, match="too_many_redirects"):
            await fetcher.fetch(f"{url}/ring", 10)


async def test_an_endless_file_of_unsaid_length_is_cut_off_at_the_limit() -> None:
    async def endless(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(request)
        while True:
            await response.write(b"x" * 65536)

    async with origin(endless) as url, MediaFetcher(url) as fetcher:
        async with asyncio.timeout(5):
            with pytest.raises(Rejected, match="file_too_large"):
                await fetcher.fetch(f"{url}/x", 200_000)


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_server_in_trouble_is_asked_again_later(status: int) -> None:
    async def trouble(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status)

    async with origin(trouble) as url, MediaFetcher(url) as fetcher:
        with pytest.raises(Unreachable):
            await fetcher.fetch(f"{url}/x", 10)


async def test_a_server_that_is_away_is_asked_again_later() -> None:
    async with MediaFetcher("http://127.0.0.1:9") as fetcher:
        with pytest.raises(Unreachable):
            await fetcher.fetch("http://127.0.0.1:9/x", 10)
