"""Is there room on the disk?"""

from __future__ import annotations

import shutil
from pathlib import Path

from bot.adapters.processes.spec import CannotStart

NEEDED = 500_000_000
"""Bytes free below which `up` does not begin: the database, a model and some days of logs and files."""


def require_space(folder: Path) -> None:
    """Check that there is room to begin. Raises CannotStart where there is not."""
    free = shutil.disk_usage(folder).free
    if free < NEEDED:
        raise CannotStart(
            f"Ổ đĩa của {folder} chỉ còn {free // 1_000_000} MB, cần ít nhất {NEEDED // 1_000_000} MB. "
            "Hãy dọn đĩa hoặc chọn thư mục khác với --data."
        )
