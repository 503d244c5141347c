"""`./letan` itself, in a checkout of its own, with a stand-in for uv that makes an environment in no time."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.integration

ROOT = Path(__file__).parents[2]
TOOLS = ("sh", "env", "sort", "head", "cut", "dirname", "readlink", "cat", "cksum", "tr", "mkdir", "rm", "mv", "date")
MORE_TOOLS = ("df", "awk", "grep", "tail", "sleep", "touch", "chmod", "kill")

UV = """#!/bin/sh
case $1 in --version) echo "uv ${UV_SAYS:-0.13.9}"; exit 0 ;; python) exit 1 ;; esac
echo "$UV_PYTHON $*" >>"$UV_NOTES"
[ -z "${UV_WAITS-}" ] || sleep "$UV_WAITS"
[ -z "${UV_FAILS-}" ] || { echo "$UV_FAILS" >&2; exit 2; }
while [ "$1" != --project ]; do shift; done
mkdir -p "$2/.venv/bin"
printf '#!/bin/sh\\necho "ran $*"\\necho "data $LETAN_DATA"\\n' >"$2/.venv/bin/python"
chmod +x "$2/.venv/bin/python"
"""
PYTHON = """#!/bin/sh
case $1 in -c) [ "$3" = 3.11 ] && echo "$0"; exit ;; -m) exit 1 ;; esac
"""
PYTHON_WITH_PIP = """#!/bin/sh
case $1 in -c) [ "$3" = 3.11 ] && echo "$0"; exit ;; esac
[ "$3" = --version ] && exit 0
while [ "$1" != --target ]; do shift; done
mkdir -p "$2/bin"
cat "${0%/*}/uv.txt" >"$2/bin/uv"
chmod +x "$2/bin/uv"
"""


def _hears_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Checkout:
    """A checkout with nothing in it but the launcher, on a machine whose path holds only what tests put there."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "lễ tân của tôi"
        self.path = folder / "bin"
        self.home = folder / "home"
        self.notes = folder / "uv-calls"
        self.environment = {"UV_NOTES": str(self.notes), "HOME": str(self.home), "PATH": str(self.path)}
        (self.root / "engine").mkdir(parents=True)
        self.path.mkdir()
        self.home.mkdir()
        shutil.copy(ROOT / "letan", self.root / "letan")
        for project in (self.root, self.root / "engine"):
            (project / "pyproject.toml").write_text("[project]\n")
            (project / "uv.lock").write_text("version = 1\n")
        for tool in (*TOOLS, *MORE_TOOLS):
            found = shutil.which(tool)
            if found:
                (self.path / tool).symlink_to(found)
        self.program("uv", UV)
        self.program("python3.11", PYTHON)
        # Interpreters of the machine the tests run on are none of these tests' business.
        script = (
            (self.root / "letan").read_text().replace("/usr/bin/", "/nowhere/").replace("/usr/local/bin/", "/none/")
        )
        (self.root / "letan").write_text(script)

    def program(self, name: str, text: str, folder: Path | None = None) -> Path:
        file = (folder or self.path) / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(0o755)
        return file

    def start(self, *arguments: str, launcher: Path | None = None, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(  # noqa: S603 - our own launcher
            [str(launcher or self.root / "letan"), *arguments],
            cwd="/",
            env={**self.environment, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            # Whoever runs the tests in the background has them ignore Ctrl-C, and a shell cannot undo that.
            preexec_fn=_hears_interrupts,  # noqa: PLW1509 - only a signal is set
        )

    def run(self, *arguments: str, launcher: Path | None = None, **environment: str) -> tuple[int, str, str]:
        process = self.start(*arguments, launcher=launcher, **environment)
        out, err = process.communicate(timeout=60)
        return process.returncode, out, err

    @property
    def syncs(self) -> list[str]:
        return self.notes.read_text().splitlines() if self.notes.exists() else []


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


@pytest.fixture
def shell() -> str:
    return shutil.which("dash") or "/bin/sh"


def test_it_is_posix_shell(shell: str) -> None:
    assert subprocess.run([shell, "-n", str(ROOT / "letan")], check=False).returncode == 0  # noqa: S603 - the shell
    assert (ROOT / "letan").stat().st_mode & stat.S_IXUSR


def test_the_first_run_sets_up_and_the_second_starts_at_once(checkout: Checkout) -> None:
    status, out, err = checkout.run("guard", "--jsonl")
    assert (status, out.splitlines()[0]) == (0, "ran -P -m bot.cli.main guard --jsonl")
    assert "[1/1]" in err
    assert len(checkout.syncs) == 1
    status, out, err = checkout.run("guard")
    assert (status, err, len(checkout.syncs)) == (0, "", 1)


@pytest.mark.parametrize(
    ("command", "environments", "group"),
    [
        ("guard", 1, "--no-dev"),
        ("doctor", 1, "--no-dev"),
        ("staff", 1, "--no-dev"),
        ("--help", 1, "--no-dev"),
        ("up", 2, "--no-dev"),
        ("ask", 2, "--no-dev"),
        ("train", 2, "--no-dev"),
        ("bench", 2, "--no-dev"),
        ("test", 2, "--group dev"),
    ],
)
def test_a_command_gets_the_environments_it_needs(
    checkout: Checkout, command: str, environments: int, group: str
) -> None:
    checkout.run(command)
    assert len(checkout.syncs) == environments
    assert checkout.syncs[0].endswith(group)
    assert all("--frozen" in call for call in checkout.syncs)


def test_the_environment_for_tests_serves_the_other_commands_too(checkout: Checkout) -> None:
    checkout.run("test")
    checkout.run("up")
    assert len(checkout.syncs) == 2
    checkout.run("guard")
    assert len(checkout.syncs) == 2


def test_an_environment_without_the_test_tools_gets_them(checkout: Checkout) -> None:
    checkout.run("up")
    checkout.run("test")
    # Both environments have tools of their own for testing.
    assert len(checkout.syncs) == 4
    assert all(call.endswith("--group dev") for call in checkout.syncs[2:])
    checkout.run("test")
    assert len(checkout.syncs) == 4


def test_a_changed_lock_is_installed_again_and_only_that_one(checkout: Checkout) -> None:
    checkout.run("up")
    (checkout.root / "engine" / "uv.lock").write_text("version = 1\n# newer\n")
    checkout.run("guard")
    assert len(checkout.syncs) == 2
    checkout.run("up")
    assert len(checkout.syncs) == 3
    assert "/engine" in checkout.syncs[2]


def test_a_moved_checkout_is_set_up_again(checkout: Checkout, tmp_path: Path) -> None:
    checkout.run("guard")
    checkout.root = checkout.root.rename(tmp_path / "elsewhere")
    assert checkout.run("guard")[0] == 0
    assert len(checkout.syncs) == 2


def test_an_environment_whose_interpreter_is_gone_is_made_again(checkout: Checkout) -> None:
    checkout.run("guard")
    (checkout.root / ".venv/bin/python").unlink()
    assert checkout.run("guard")[0] == 0
    assert len(checkout.syncs) == 2


def test_it_runs_through_links_from_anywhere(checkout: Checkout, tmp_path: Path) -> None:
    (tmp_path / "links").mkdir()
    (tmp_path / "links" / "second").symlink_to("first")
    (tmp_path / "links" / "first").symlink_to(checkout.root / "letan")
    status, out, _ = checkout.run("guard", launcher=tmp_path / "links" / "second")
    assert status == 0
    assert f"data {checkout.root}/.letan/data" in out


def test_a_given_data_directory_is_kept(checkout: Checkout) -> None:
    assert "data /somewhere/else" in checkout.run("guard", LETAN_DATA="/somewhere/else")[1]


SHIM = '#!/bin/sh\necho "pyenv: python3.11: command not found" >&2\nexit 127\n'


def test_a_broken_shim_is_passed_over(checkout: Checkout, tmp_path: Path) -> None:
    checkout.program("python3.11", SHIM)
    working = checkout.program("python3.11", PYTHON, folder=tmp_path / "second folder")
    status, _, _ = checkout.run("guard", PATH=f"{checkout.path}:{working.parent}")
    assert status == 0
    assert checkout.syncs[0].startswith(str(working))


def test_an_interpreter_of_the_version_manager_is_found(checkout: Checkout) -> None:
    checkout.program("python3.11", SHIM)
    working = checkout.program("python", PYTHON, folder=checkout.home / ".pyenv/versions/3.11.9/bin")
    assert checkout.run("guard")[0] == 0
    assert checkout.syncs[0].startswith(str(working))


def test_without_a_working_python_it_says_what_to_install(checkout: Checkout) -> None:
    checkout.program("python3.11", SHIM)
    status, _, err = checkout.run("up")
    assert status == 1
    assert "Python 3.11" in err.splitlines()[-1]
    assert "uv python install 3.11" in err.splitlines()[-1]
    assert not checkout.syncs


def test_without_uv_and_pip_it_says_what_to_install(checkout: Checkout) -> None:
    (checkout.path / "uv").unlink()
    status, _, err = checkout.run("guard")
    assert status == 1
    assert "python3-venv" in err


@pytest.mark.parametrize(("version", "used"), [("0.8.0", True), ("0.13.10", True), ("1.0.0", True), ("0.7.22", False)])
def test_an_old_uv_is_not_used(checkout: Checkout, version: str, used: bool) -> None:
    status, _, err = checkout.run("guard", UV_SAYS=version)
    assert (status == 0) is used
    assert ("Cài uv" in err) is not used


def test_uv_is_installed_into_a_folder_of_ours(checkout: Checkout) -> None:
    (checkout.path / "uv").unlink()
    checkout.program("uv.txt", UV)
    checkout.program("python3.11", PYTHON_WITH_PIP)
    status, _, err = checkout.run("guard")
    assert (status, "Cài uv" in err) == (0, True), err
    assert (checkout.root / ".letan/uv/bin/uv").exists()
    assert "Cài uv" not in checkout.run("up")[2]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("error: No space left on device (os error 28)", "Hết chỗ trên đĩa"),
        ("error: Failed to fetch: `x`\n  Caused by: error sending request for url", "PyPI"),
        ("error: client error (Connect): dns error: failed to lookup address", "PyPI"),
        ("error: failed to open file: Permission denied (os error 13)", "quyền ghi"),
        ("error: something nobody thought of", "something nobody thought of"),
    ],
)
def test_a_failed_installation_gives_one_reason_and_no_stamp(checkout: Checkout, said: str, expected: str) -> None:
    status, out, err = checkout.run("up", UV_FAILS=said)
    assert (status, out) == (1, "")
    assert expected in err
    assert err.count("letan:") == 1
    assert not (checkout.root / ".venv/letan-stamp").exists()
    assert not (checkout.root / ".letan/setup.lock").exists()
    assert checkout.run("up")[0] == 0


def test_an_interrupted_set_up_is_taken_up_again(checkout: Checkout) -> None:
    process = checkout.start("guard", UV_WAITS="30")
    wait_for(checkout.notes)
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "chạy lại" in err
    assert not (checkout.root / ".letan/setup.lock").exists()
    assert checkout.run("guard")[0] == 0


def test_the_lock_of_a_killed_set_up_is_no_obstacle(checkout: Checkout) -> None:
    process = checkout.start("guard", UV_WAITS="30")
    wait_for(checkout.notes)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    assert (checkout.root / ".letan/setup.lock").exists()
    assert checkout.run("guard")[0] == 0


def test_two_set_ups_at_once_do_the_work_once(checkout: Checkout) -> None:
    first = checkout.start("guard", UV_WAITS="2")
    wait_for(checkout.notes)
    status, _, err = checkout.run("guard")
    first.communicate(timeout=60)
    assert (first.returncode, status) == (0, 0)
    assert "đang chạy" in err
    assert len(checkout.syncs) == 1


def wait_for(file: Path) -> None:
    end = time.monotonic() + 60
    while not file.exists():
        assert time.monotonic() < end
        time.sleep(0.02)


def test_the_real_program_answers_through_the_launchers_door() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli.main", "--help"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0
    assert "up" in done.stdout
