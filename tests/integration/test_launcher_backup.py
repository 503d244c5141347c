"""Backup and restore through their commands, with a real database."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest

from bot.cli.main import main

pytestmark = pytest.mark.integration


class Shell:
    """A shell in which commands are given for one data directory after another."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys
        monkeypatch.delenv("LETAN_DATABASE_URL", raising=False)

    def run(self, data: Path, *arguments: str) -> tuple[int, str, str]:
        self._monkeypatch.setenv("LETAN_DATA", str(data))
        with pytest.raises(SystemExit) as end:
            main(list(arguments))
        said = self._capsys.readouterr()
        return int(end.value.code or 0), said.out, said.err

    def people(self, data: Path) -> list[str]:
        status, out, _ = self.run(data, "staff", "list", "--json")
        assert status == 0
        return [person["email"] for person in json.loads(out)]


@pytest.fixture
def shell(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(monkeypatch, capsys)


def test_what_was_backed_up_comes_back_elsewhere(shell: Shell, tmp_path: Path) -> None:
    here, there, file = tmp_path / "here", tmp_path / "over there", tmp_path / "b.tar"
    assert shell.run(here, "staff", "add", "lan@letan.vn", "--name", "Lan", "--department", "accounting")[0] == 0
    (here / "media").mkdir()
    (here / "media" / "ảnh.jpg").write_bytes(b"picture")
    status, out, _ = shell.run(here, "backup", str(file), "--json")
    assert status == 0
    assert json.loads(out)["bytes"] == file.stat().st_size
    assert file.stat().st_mode & 0o077 == 0

    assert shell.run(there, "restore", str(file))[0] == 0
    assert shell.people(there) == ["lan@letan.vn"]
    assert (there / "media" / "ảnh.jpg").read_bytes() == b"picture"

    assert shell.run(there, "staff", "add", "minh@letan.vn", "--name", "Minh", "--department", "it")[0] == 0
    (there / "media" / "later.jpg").touch()
    assert shell.run(there, "restore", str(file))[0] == 1
    assert len(shell.people(there)) == 2
    assert shell.run(there, "restore", "--replace", str(file))[0] == 0
    assert shell.people(there) == ["lan@letan.vn"]
    assert [path.name for path in (there / "media").iterdir()] == ["ảnh.jpg"]


def test_a_file_that_is_no_backup_changes_nothing(shell: Shell, tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert shell.run(data, "staff", "add", "lan@letan.vn", "--name", "Lan", "--department", "accounting")[0] == 0
    torn, foreign, text = tmp_path / "torn.tar", tmp_path / "foreign.tar", tmp_path / "text"
    assert shell.run(data, "backup", str(torn))[0] == 0
    with tarfile.open(torn) as whole, tarfile.open(foreign, "w") as tar:
        dump = whole.extractfile("database.dump")
        assert dump is not None
        half = dump.read()[:20_000]
        for name, content in {"letan-backup.json": b'{"schema": "0001"}', "database.dump": half}.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    torn.write_bytes(torn.read_bytes()[:30_000])
    text.write_text("not a tar")
    for file in (torn, foreign, text):
        status, _, err = shell.run(data, "restore", "--replace", str(file))
        assert status == 1
        assert err.startswith("letan: ")
    assert shell.people(data) == ["lan@letan.vn"]


def test_a_backup_overwrites_nothing_and_makes_no_folder(shell: Shell, tmp_path: Path) -> None:
    data, file = tmp_path / "data", tmp_path / "b.tar"
    file.write_text("dear to somebody")
    for place, said in ((file, "--force"), (tmp_path / "no" / "b.tar", "Không có thư mục"), (tmp_path, "là thư mục")):
        status, _, err = shell.run(data, "backup", str(place))
        assert status == 1
        assert said in err
    assert file.read_text() == "dear to somebody"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["b.tar"]
    assert shell.run(data, "backup", str(file), "--force")[0] == 0
    assert tarfile.is_tarfile(file)


@pytest.mark.parametrize("there", [False, True])
def test_a_broken_backup_leaves_nothing_behind_in_a_new_place(shell: Shell, tmp_path: Path, there: bool) -> None:
    data, file = tmp_path / "data", tmp_path / "broken.tar"
    if there:
        data.mkdir()
        (data / "models").mkdir()
    with tarfile.open(file, "w") as tar:
        for name, content in {"letan-backup.json": b'{"schema": "0001"}', "database.dump": b"PGDMP torn"}.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    assert shell.run(data, "restore", str(file))[0] == 1
    assert ([path.name for path in data.iterdir()] if there else data.exists()) == (["models"] if there else False)


def test_accounts_from_the_shell(shell: Shell, tmp_path: Path) -> None:
    add = ("staff", "add", "lan@letan.vn", "--name", "Lan")
    assert shell.run(tmp_path, *add)[0] == 1
    assert shell.run(tmp_path, *add, "--department", "no_such")[0] == 1
    status, out, _ = shell.run(tmp_path, *add, "--department", "accounting", "--json")
    assert status == 0
    assert len(json.loads(out)["password"]) >= 12
    status, _, err = shell.run(tmp_path, *add, "--department", "accounting")
    assert (status, "đã có tài khoản" in err) == (1, True)
    assert json.loads(shell.run(tmp_path, "staff", "disable", "lan@letan.vn", "--json")[1])["active"] is False
    assert json.loads(shell.run(tmp_path, "staff", "enable", "lan@letan.vn", "--json")[1])["active"] is True
    assert json.loads(shell.run(tmp_path, "staff", "password", "lan@letan.vn", "--json")[1])["password"]
    assert shell.run(tmp_path, "staff", "password", "nobody@letan.vn")[0] == 1
