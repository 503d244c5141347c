"""The link by which the first admin makes their account."""

from __future__ import annotations

from bot.cli.accounts import opened_accounts
from bot.settings import Settings


async def first_admin_link(settings: Settings) -> str | None:
    """Return a fresh one-time link, `None` once there is an admin. `public_url` must be set.

    The token stands behind `#`, so that no server or proxy ever logs it.
    """
    async with opened_accounts(settings) as accounts:
        token = await accounts.first_admin_token()
    return f"{(settings.public_url or '').rstrip('/')}/desk/first-admin#token={token}" if token is not None else None
