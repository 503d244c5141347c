"""The first refresh token: an administrator of the account gives permission in a browser, once.

Run as a program it leads through the steps and leaves the token in a file that only its owner can read:
``python -m bot.adapters.channels.zalo.authorise --app-id ... --callback https://... --out zalo-refresh-token``.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import getpass
import hashlib
import os
import secrets
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

from bot.adapters.channels.zalo.config import DEFAULT_OAUTH_API
from bot.adapters.channels.zalo.http import CALL_SECONDS, call, open_session
from bot.services.ports_channel import ChannelError, Rejected

_VERIFIER_BYTES: Final = 32  # 43 characters once encoded, the length that Zalo wants


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass(frozen=True, kw_only=True)
class Permission:
    """One round of asking for permission. ``callback`` must be the address saved in the console, to the letter.

    ``verifier`` proves at the end that the same program asks that began; give the one whose challenge is saved in the
    console, where the console wants one.
    """

    app_id: str
    callback: str
    oauth_api: str = DEFAULT_OAUTH_API
    verifier: str = field(default_factory=lambda: _encoded(secrets.token_bytes(_VERIFIER_BYTES)), repr=False)
    state: str = field(default_factory=lambda: secrets.token_urlsafe(16))

    @property
    def challenge(self) -> str:
        """What Zalo is told at the beginning of what it will be shown at the end."""
        return _encoded(hashlib.sha256(self.verifier.encode()).digest())

    @property
    def link(self) -> str:
        """The page on which an administrator of the account gives permission."""
        query = {
            "app_id": self.app_id,
            "redirect_uri": self.callback,
            "code_challenge": self.challenge,
            "state": self.state,
        }
        return f"{self.oauth_api.rstrip('/')}/v4/oa/permission?{urlencode(query)}"

    def code_in(self, address: str) -> str:
        """Return the code in the address that the browser ended at. Raises ``ValueError`` for one of another round."""
        query = parse_qs(urlsplit(address.strip()).query)
        if query.get("state", [self.state]) != [self.state]:
            raise ValueError("state")
        (code,) = query.get("code", [""])
        if not code:
            raise ValueError("code")
        return code

    async def refresh_token(self, code: str, app_secret: str) -> str:
        """Trade the code, which lives ten minutes and works once, for the first refresh token.

        Raises:
            Rejected: Zalo does not accept it; the text is Zalo's own.
            ChannelError: Zalo cannot be reached, or its answer cannot be read.
        """
        async with open_session() as session:
            answer = await call(
                session,
                "POST",
                f"{self.oauth_api.rstrip('/')}/v4/oa/access_token",
                seconds=CALL_SECONDS,
                headers={"secret_key": app_secret},
                data={
                    "code": code,
                    "app_id": self.app_id,
                    "grant_type": "authorization_code",
                    "code_verifier": self.verifier,
                },
            )
        token = answer.get("refresh_token")
        if not isinstance(token, str) or not token:
            raise Rejected(" ".join(str(answer[key]) for key in ("error", "error_name", "message") if answer.get(key)))
        return token


def save(token: str, path: Path) -> None:
    """Write a token where only its owner can read it, from the first moment on; an existing file is replaced."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(token)
    beside.replace(path)


def _lead(permission: Permission, path: Path) -> str:
    """Lead a person through one round and return what to tell at the end."""
    secret = getpass.getpass("Khoá bí mật của ứng dụng (Secret Key, không hiện khi gõ): ").strip()
    sys.stdout.write(
        "\n1. Mở liên kết sau bằng tài khoản quản trị OA, chọn OA rồi bấm cho phép:\n\n"
        f"{permission.link}\n\n"
        "2. Trình duyệt sẽ chuyển tới địa chỉ Callback. Chép toàn bộ địa chỉ đó và dán vào đây (trong 10 phút):\n"
    )
    sys.stdout.flush()
    try:
        code = permission.code_in(sys.stdin.readline())
        save(asyncio.run(permission.refresh_token(code, secret)), path)
    except ValueError:
        return "Địa chỉ này không phải của lần cấp quyền vừa rồi. Hãy chạy lại và dán đúng địa chỉ."
    except ChannelError as failure:
        return f"Zalo không cấp token: {failure}. Hãy chạy lại từ đầu."
    return f"Xong. Token nằm trong {path}. Đặt LETAN_ZALO_REFRESH_TOKEN_FILE={path} rồi khởi động lại Lễ Tân."


def main(arguments: list[str] | None = None) -> None:
    """Run one round on the terminal."""
    parser = argparse.ArgumentParser(description="Lấy refresh token đầu tiên của Zalo Official Account.")
    parser.add_argument("--app-id", required=True, help="ID ứng dụng trên developers.zalo.me")
    parser.add_argument("--callback", required=True, help="Official Account Callback Url, đúng từng chữ")
    parser.add_argument("--out", type=Path, default=Path("zalo-refresh-token"), help="tệp ghi token")
    parser.add_argument("--verifier", help="code verifier, nếu trang quản trị đã lưu sẵn code challenge")
    parser.add_argument("--oauth-api", default=DEFAULT_OAUTH_API, help="địa chỉ cấp token")
    asked = parser.parse_args(arguments)
    given = {"verifier": asked.verifier} if asked.verifier else {}
    permission = Permission(app_id=asked.app_id, callback=asked.callback, oauth_api=asked.oauth_api, **given)
    sys.stdout.write(f"{_lead(permission, asked.out)}\n")


if __name__ == "__main__":
    main()
