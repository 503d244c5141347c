"""Who may read the metrics."""

from __future__ import annotations

import pytest
from aiohttp.test_utils import make_mocked_request

from bot.web.health import _may_read


@pytest.mark.parametrize(
    ("remote", "headers", "token", "allowed"),
    [
        ("127.0.0.1", {}, None, True),
        ("::1", {}, None, True),
        ("203.0.113.9", {}, None, False),
        ("", {}, None, False),
        ("127.0.0.1", {"X-Forwarded-For": "127.0.0.1"}, None, False),
        ("127.0.0.1", {}, "s3cret", False),
        ("203.0.113.9", {"Authorization": "Bearer s3cret"}, "s3cret", True),
        ("127.0.0.1", {"Authorization": "Bearer wrong"}, "s3cret", False),
    ],
)
def test_metrics_are_for_this_machine_or_the_token(
    remote: str, headers: dict[str, str], token: str | None, allowed: bool
) -> None:
    request = make_mocked_request("GET", "/metrics", headers=headers).clone(remote=remote)
    assert _may_read(request, token) is allowed
