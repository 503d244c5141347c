"""TCP ports of this machine: which are free, and who sits on one that is not."""

from __future__ import annotations

import errno
import os
import socket
from pathlib import Path


class PortTaken(Exception):
    """The door cannot be opened there; the text says why and what to do, in Vietnamese."""


def free_port() -> int:
    """Return a loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def require_free(host: str, port: int) -> None:
    """Check that we could listen there.

    Raises:
        PortTaken: we could not.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror as error:
        raise PortTaken(f"Không có địa chỉ “{host}” trên máy này. Hãy chọn địa chỉ khác với --host.") from error
    bound, last = 0, OSError(errno.EADDRNOTAVAIL, os.strerror(errno.EADDRNOTAVAIL))
    for family, kind, protocol, _, address in found:
        try:
            with socket.socket(family, kind, protocol) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
                bound += 1
        except OSError as error:
            last = error
            if error.errno in {errno.EADDRINUSE, errno.EACCES}:
                break
    if not bound or last.errno in {errno.EADDRINUSE, errno.EACCES}:  # a name may also stand for IPv6, which may be off
        raise PortTaken(_why(host, port, last)) from last


def _why(host: str, port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        holder = _holder(port)
        who = f" ({holder})" if holder else ""
        return f"Cổng {port} đang có chương trình khác dùng{who}. Hãy tắt nó hoặc chọn cổng khác: ./letan up --port SỐ"
    if error.errno == errno.EACCES:
        return f"Không đủ quyền mở cổng {port}. Hãy chọn cổng từ 1024 trở lên: ./letan up --port SỐ"
    return f"Không mở được cổng {port} trên {host}: {error.strerror}. Hãy chọn --host hoặc --port khác."


def _holder(port: int) -> str | None:
    """Return name and id of the process that listens on the port, where the system lets us see it."""
    inodes = _listening_inodes(port)
    for process in Path("/proc").iterdir() if inodes else ():
        if not process.name.isdigit():
            continue
        try:
            for descriptor in (process / "fd").iterdir():
                if str(descriptor.readlink()) in inodes:
                    return f"{(process / 'comm').read_text().strip()}, pid {process.name}"
        except OSError:
            continue  # another user's, or gone meanwhile
    return None


def _listening_inodes(port: int) -> set[str]:
    found = set()
    listening, wanted = "0A", f"{port:04X}"
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        if not os.access(table, os.R_OK):
            continue
        for line in Path(table).read_text().splitlines()[1:]:
            columns = line.split()
            if columns[3] == listening and columns[1].rpartition(":")[2] == wanted:
                found.add(f"socket:[{columns[9]}]")
    return found
