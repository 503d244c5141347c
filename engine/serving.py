"""Which model answers, and how another takes its place while it goes on answering."""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
from rasa.core.channels.channel import UserMessage

from engine.archive import check_archive, component_paths
from engine.contract import TurnFailure, TurnRequest, bad_request
from engine.errors import BadModel
from engine.lean import needs_tensorflow
from engine.turns import TurnProcessor

logger = logging.getLogger(__name__)

WARM_UP = ("xin chào", "cho tôi hỏi một chút ạ", "tôi cần gặp nhân viên")
"""The first message pays for lazy set-up in NumPy and scikit-learn; no customer should."""

_KEYS = frozenset({"file", "sha256"})


class Serving:
    """Holds the model that answers. A turn keeps the model with which it began."""

    def __init__(self, processor: TurnProcessor, load: Callable[[Path], TurnProcessor]) -> None:
        self.processor = processor
        self.under_way = 0
        """Turns that customers wait for just now."""
        self._load = load
        self._loading = asyncio.Lock()

    async def turn(self, request: TurnRequest) -> dict[str, Any]:
        """Answer one message with the model that serves now; raises `TurnFailure`."""
        self.under_way += 1
        try:
            return await self.processor.turn(request)
        finally:
            self.under_way -= 1

    async def warm_up(self) -> None:
        """Understand a few messages before the first customer."""
        await _warm(self.processor)

    async def replace(self, model: Path, sha256: str) -> str:
        """Serve another model from now on and return its id; the old one answers until then, and if this fails.

        Raises `TurnFailure` as `load` does.
        """
        processor = await self.load(model, sha256)
        self.processor = processor
        logger.warning("Serving model %s", processor.model_id)
        return processor.model_id

    async def load(self, model: Path, sha256: str) -> TurnProcessor:
        """Load a model beside the serving one, and have it understand a few messages.

        Loading runs in a thread and takes about two seconds, in which turns are a little slower.

        Raises:
            TurnFailure: 409 while another one is being loaded; 422 for a file that is not the one meant, or no model.
        """
        if self._loading.locked():
            raise TurnFailure(409, "busy", "another model is being loaded")
        async with self._loading:
            try:
                processor = await asyncio.to_thread(self._read, model, sha256)
            except BadModel as error:
                raise TurnFailure(422, "model", str(error)) from error
            await _warm(processor)
            return processor

    def _read(self, model: Path, sha256: str) -> TurnProcessor:
        if not model.is_file():
            raise BadModel(f"no model at {model}")
        check_archive(model, sha256)
        if needs_tensorflow(component_paths(model)):
            raise BadModel(f"{model} needs TensorFlow, which this process left out; start the engine with it instead")
        return self._load(model)


def parse_replacement(body: bytes) -> tuple[Path, str]:
    """Read the request for another model: `file` and its `sha256`; raises `TurnFailure` 422."""
    try:
        data = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise bad_request("not JSON") from error
    if (
        not isinstance(data, dict)
        or set(data) != _KEYS
        or not all(isinstance(one, str) and one for one in data.values())
    ):
        raise bad_request("file and sha256 are needed, both texts, and nothing else")
    return Path(data["file"]), data["sha256"]


async def _warm(processor: TurnProcessor) -> None:
    for words in WARM_UP:
        await processor.parse_message(UserMessage(words))
