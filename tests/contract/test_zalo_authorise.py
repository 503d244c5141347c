"""Permission in a browser, and the first refresh token that comes of it."""

from __future__ import annotations

import asyncio
import contextlib
import getpass
import io
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.adapters.channels.zalo.authorise import Permission, main, save
from bot.services.ports_channel import Rejected
from tests.doubles.zalo import APP_ID, APP_SECRET, ZaloServer

CALLBACK = "https://sen.example/zalo/callback"


async def test_permission_ends_in_the_first_refresh_token() -> None:
    async with ZaloServer() as zalo:
        permission = Permission(app_id=APP_ID, callback=CALLBACK, oauth_api=zalo.url)

        code = permission.code_in(zalo.permits(permission.link))

        assert await permission.refresh_token(code, APP_SECRET) == zalo.refresh_token
        with pytest.raises(Rejected, match="-14003 Invalid code verifier"):
            await permission.refresh_token(code, APP_SECRET)


async def test_the_wrong_secret_is_told() -> None:
    async with ZaloServer() as zalo:
        permission = Permission(app_id=APP_ID, callback=CALLBACK, oauth_api=zalo.url)
        code = permission.code_in(zalo.permits(permission.link))

        with pytest.raises(Rejected, match="404"):
            await permission.refresh_token(code, "the secret of the webhook page")


def test_the_link_is_the_documented_one() -> None:
    permission = Permission(app_id="1", callback=CALLBACK, verifier="x" * 43)

    assert permission.link.startswith("https://oauth.zaloapp.com/v4/oa/permission?app_id=1&redirect_uri=https%3A%2F%2F")
    assert "=" not in permission.challenge
    assert len(Permission(app_id="1", callback=CALLBACK).verifier) == 43


@pytest.mark.parametrize(
    "address", ["", "https://sen.example/zalo/callback", f"{CALLBACK}?code=", f"{CALLBACK}?code=1&state=other"]
)
def test_an_address_of_another_round_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"code|state"):
        Permission(app_id="1", callback=CALLBACK).code_in(address)


def test_the_token_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "zalo-refresh-token"
    path.write_text("older")
    path.chmod(0o644)

    save("secret", path)

    assert path.read_text() == "secret"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


async def test_the_program_leads_through_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with ZaloServer() as zalo:
        out, told = tmp_path / "token", io.StringIO()

        class Browser(io.StringIO):
            """What the person pastes depends on the link that was shown."""

            def readline(self, size: int = -1) -> str:  # type: ignore[override]
                (link,) = [word for word in told.getvalue().split() if "/permission?" in word]
                assert parse_qs(urlsplit(link).query)["redirect_uri"] == [CALLBACK]
                return zalo.permits(link) + "\n"

        monkeypatch.setattr(getpass, "getpass", lambda prompt: APP_SECRET)
        monkeypatch.setattr(sys, "stdin", Browser())
        with contextlib.redirect_stdout(told):
            await asyncio.to_thread(
                main, ["--app-id", APP_ID, "--callback", CALLBACK, "--out", str(out), "--oauth-api", zalo.url]
            )

        assert out.read_text() == zalo.refresh_token
        assert "LETAN_ZALO_REFRESH_TOKEN_FILE" in told.getvalue()
        assert zalo.refresh_token not in told.getvalue()
