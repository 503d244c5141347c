"""Model files are code to whoever loads them, so each is signed by the installation that trained it."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

KEY_BYTES = 32


def sign(key: bytes, *, model_id: str, fingerprint: str, sha256: str) -> str:
    """Return the HMAC-SHA256 of what a note says of its model file, in hex."""
    said = "\n".join((model_id, fingerprint, sha256)).encode()
    return hmac.new(key, said, hashlib.sha256).hexdigest()


def is_signed(key: bytes, mac: str, *, model_id: str, fingerprint: str, sha256: str) -> bool:
    """Tell whether this installation signed that note."""
    return hmac.compare_digest(mac, sign(key, model_id=model_id, fingerprint=fingerprint, sha256=sha256))


def installation_key(data: Path) -> bytes:
    """Return the key of this data directory, made at first use and readable for its owner only.

    Raises:
        ValueError: the file is there and is no key; models signed before cannot be told from strange ones.
    """
    path = data / "keys" / "models.key"
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _read(path)
    with os.fdopen(handle, "wb") as stream:
        key = secrets.token_bytes(KEY_BYTES)
        stream.write(key.hex().encode())
        stream.flush()
        os.fsync(stream.fileno())
    return key


def _read(path: Path) -> bytes:
    key = bytes.fromhex(path.read_text(encoding="ascii").strip())
    if len(key) != KEY_BYTES:
        raise ValueError(f"{path} is no key of {KEY_BYTES} bytes")
    return key
