"""The processes of the product and how each is started."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.adapters.company.additions import FILE as ADDITIONS
from bot.adapters.processes.place import ENGINE_PYTHON, FRONT_PYTHON, ROOT, bare_environment, front_environment
from bot.adapters.processes.probes import answers_http
from bot.adapters.processes.spec import ChildSpec
from bot.adapters.training.models import Model

_HANG_SECONDS = 30.0
_LOAD_SECONDS = 120.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Addresses:
    """Where the parts find each other in this run. The internal ports and the token are new in every run."""

    host: str
    port: int
    engine_port: int
    actions_port: int
    engine_token: str

    @property
    def reachable_host(self) -> str:
        """A host by which this machine reaches the front office."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - compared, not bound


def actions(where: Addresses, data: Path | None = None) -> ChildSpec:
    """The action server; it is given no setting of ours but where to find what was added to this house."""
    taught = ("--taught", str((data / ADDITIONS).absolute())) if data is not None else ()
    return ChildSpec(
        name="actions",
        label="Máy chủ hành động",
        command=(str(FRONT_PYTHON), "-m", "actions.serve", "--port", str(where.actions_port), *taught),
        env=bare_environment(),
        cwd=ROOT,
        probe=answers_http(where.actions_port, "/health"),
        start_limit=_LOAD_SECONDS,
        hang_limit=_HANG_SECONDS,
        stop_grace=2.0,
    )


def engine(where: Addresses, model: Model) -> ChildSpec:
    """The engine; of our environment it gets nothing but its token, because Rasa copies variables into its data."""
    return ChildSpec(
        name="engine",
        label="Máy hiểu tiếng Việt",
        command=(
            *(str(ENGINE_PYTHON), "-m", "engine.serve", "--model", model.file, "--sha256", model.sha256),
            *("--port", str(where.engine_port)),
            *("--actions-url", f"http://127.0.0.1:{where.actions_port}/webhook"),
        ),
        env=bare_environment({"LETAN_ENGINE_TOKEN": where.engine_token}),
        cwd=ROOT,
        probe=answers_http(where.engine_port, "/"),
        start_limit=_LOAD_SECONDS,
        hang_limit=_HANG_SECONDS,
        stop_grace=2.0,
    )


def front(where: Addresses, settings: Mapping[str, str]) -> ChildSpec:
    """The front office, with every setting and the addresses of the others."""
    return ChildSpec(
        name="front",
        label="Quầy lễ tân",
        command=(str(FRONT_PYTHON), "-m", "bot.front", "--host", where.host, "--port", str(where.port)),
        env=front_environment(
            {
                **settings,
                "LETAN_ENGINE_URL": f"http://127.0.0.1:{where.engine_port}",
                "LETAN_ENGINE_TOKEN": where.engine_token,
            }
        ),
        cwd=ROOT,
        probe=answers_http(where.port, "/healthz", host=where.reachable_host, limit=5.0),
        start_limit=_LOAD_SECONDS,
        hang_limit=_HANG_SECONDS,
        stop_signal=signal.SIGTERM,
        stop_grace=4.0,
    )
