"""The browser that the tests drive: the system's own Chromium, installed where we may."""

from __future__ import annotations

import os
import shutil
import subprocess

from bot.cli.output import Failure, tell

_NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_PLACES = ("/usr/bin", "/usr/local/bin", "/snap/bin", "/opt/google/chrome")
_PACKAGES = ("chromium", "fonts-dejavu-core")  # the font has every Vietnamese letter


def find_chromium() -> str | None:
    """Return the browser of this machine, if it has one."""
    path = os.pathsep.join((os.environ.get("PATH", ""), *_PLACES))
    return next((found for name in _NAMES if (found := shutil.which(name, path=path))), None)


def install_chromium() -> str:
    """Install the browser as root on Debian and its kin; return it.

    Raises:
        Failure: it could not be installed, or this is no such machine; the text says what to install.
    """
    apt = shutil.which("apt-get")
    if os.geteuid() != 0 or apt is None:
        raise Failure(f"Thiếu trình duyệt cho kiểm thử. Hãy cài: sudo apt-get install -y {' '.join(_PACKAGES)}")
    tell(f"Cài trình duyệt cho kiểm thử: {' '.join(_PACKAGES)} …")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update"], ["install", "-y", "--no-install-recommends", *_PACKAGES]):
        done = subprocess.run(  # noqa: S603 - the system's own package manager, with fixed arguments
            [apt, "-qq", *command], env=environment, capture_output=True, text=True, check=False
        )
        if done.returncode != 0:
            raise Failure(f"apt-get {command[0]} không chạy được:\n{(done.stderr or done.stdout).strip()[-2000:]}")
    found = find_chromium()
    if found is None:
        raise Failure("Đã cài gói chromium nhưng không thấy trình duyệt.")
    return found
