from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import BadSettings, load


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("LETAN_DATABASE_URL", "mysql://letan:geheim@db/letan", "postgresql://"),
        ("LETAN_DATABASE_URL", "geheim", "postgresql://"),
        ("LETAN_PUBLIC_URL", "geheim", "https://"),
        ("LETAN_PUBLIC_URL", "letan.example:8080", "https://"),
        ("LETAN_PUBLIC_URL", "ftp://letan.example", "https://"),
        ("LETAN_PUBLIC_URL", "https://", "https://"),
        ("LETAN_PUBLIC_URL", "https://letan.example:geheim", "https://"),
        ("LETAN_PUBLIC_URL", "https://letan.example/le-tan", "https://"),
        ("LETAN_LOG_LEVEL", "geheim", "'debug', 'info', 'warning' hoặc 'error'"),
        ("LETAN_TELEGRAM_MODE", "geheim", "'polling' hoặc 'webhook'"),
    ],
)
def test_a_refusal_names_the_variable_and_what_is_allowed_but_not_the_value(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(BadSettings) as refusal:
        load()
    text = str(refusal.value)
    assert text.startswith(f"{name}: ")
    assert said in text
    assert "geheim" not in text
    assert len(text.splitlines()) == 1


@pytest.mark.parametrize("value", ["https://letan.example", "https://letan.example/", "http://[::1]:8080"])
def test_an_address_of_a_site_is_taken(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("LETAN_PUBLIC_URL", value)
    assert load().public_url == value


@pytest.mark.parametrize("scheme", ["postgresql", "postgres", "postgresql+psycopg"])
def test_every_usual_name_of_postgresql_is_taken(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setenv("LETAN_DATABASE_URL", f"{scheme}://letan@/letan?host=%2Frun")
    assert load().database_url is not None


def test_a_data_directory_in_somebodys_home_is_one_directory_for_everybody(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("LETAN_DATA", "~/le-tan")
    assert (load().data, load().media) == (tmp_path / "le-tan", tmp_path / "le-tan/media")
    monkeypatch.setenv("LETAN_DATA", "~nobody-at-all/le-tan")
    with pytest.raises(BadSettings, match="LETAN_DATA: bắt đầu bằng ~"):
        load()
