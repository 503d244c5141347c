"""Tokens and password hashes."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from functools import cached_property

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

TOKEN_BYTES = 32


def new_token() -> str:
    """Return an unguessable token, 256 bits, fit for a cookie or a URL."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    """Return what is stored of a token; a stolen database opens no session.

    A made-up token may hold bytes that are no text; it is as unknown as any other.
    """
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


class Passwords:
    """Argon2id, one pass over 46 MiB (OWASP ASVS 5, appendix C); hashing runs in a thread, for it takes 50 ms."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=1, memory_cost=47104, parallelism=1)

    async def hash(self, password: str) -> str:
        """Return the hash to store."""
        return await asyncio.to_thread(self._hasher.hash, password)

    async def matches(self, stored: str | None, password: str) -> bool:
        """Compare; with nothing stored the same time passes, so that nobody learns which addresses have accounts."""
        return await asyncio.to_thread(self._matches, stored if stored is not None else self._nobody, password) and (
            stored is not None
        )

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerifyMismatchError, InvalidHashError):
            return False

    @cached_property
    def _nobody(self) -> str:
        return self._hasher.hash(secrets.token_urlsafe(TOKEN_BYTES))
