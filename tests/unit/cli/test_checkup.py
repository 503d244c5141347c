from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli import checkup
from bot.cli.checkup import Verdict
from bot.settings import Settings


def channels(**given: object) -> dict[str, tuple[Verdict, str]]:
    settings = Settings(**given)  # type: ignore[arg-type]
    return {finding.part: (finding.verdict, finding.advice) for finding in checkup._channels(settings)}


def test_a_channel_is_on_off_or_half_done() -> None:
    found = channels(telegram_token="1:x", zalo_app_id="1")
    assert found["Telegram"] == (Verdict.OK, "")
    assert found["Zalo Bot"][0] is Verdict.OFF
    assert found["Zalo OA"][0] is Verdict.BROKEN
    assert "LETAN_ZALO_APP_SECRET" in found["Zalo OA"][1]
    assert "LETAN_ZALO_APP_ID" not in found["Zalo OA"][1]


def test_webhook_mode_needs_more() -> None:
    verdict, advice = channels(telegram_token="1:x", telegram_mode="webhook")["Telegram"]
    assert verdict is Verdict.BROKEN
    assert "LETAN_TELEGRAM_SECRET" in advice


def test_an_environment_is_judged_by_its_stamp(tmp_path: Path) -> None:
    assert checkup._environment("x", tmp_path).verdict is Verdict.BROKEN
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").touch()
    (tmp_path / "pyproject.toml").touch()
    (tmp_path / "uv.lock").touch()
    assert checkup._environment("x", tmp_path).verdict is Verdict.WARNING
    (tmp_path / ".venv/letan-stamp").touch()
    assert checkup._environment("x", tmp_path).verdict is Verdict.OK


@pytest.mark.parametrize(("needed", "verdict"), [(1, Verdict.OK), (10**18, Verdict.BROKEN)])
def test_the_disk_is_judged_where_the_data_will_lie(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, needed: int, verdict: Verdict
) -> None:
    monkeypatch.setattr(checkup, "NEEDED", needed)
    finding = checkup._disk(tmp_path / "not" / "yet")
    assert finding.verdict is verdict
    assert bool(finding.advice) is (verdict is not Verdict.OK)
