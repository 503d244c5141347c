"""Puts a loaded model behind the door. The first module of the serving process that imports Rasa."""

import asyncio
import logging
import sys
from pathlib import Path

from rasa.core.channels import channel as rasa_channel
from rasa.core.channels.channel import UserMessage
from rasa.shared.exceptions import RasaException
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, text

from engine import quiet
from engine.actions import ActionEndpoint, skip_second_validation
from engine.channel import LetanChannel, install_error_answers
from engine.errors import BadModel
from engine.turns import TurnProcessor

_WARM_UP = ("xin chào", "cho tôi hỏi một chút ạ", "tôi cần gặp nhân viên")


def load(model: Path, actions_url: str, action_seconds: float) -> TurnProcessor:
    """Load a model; raises `BadModel`."""
    quiet.structured(logging.WARNING)
    skip_second_validation()
    try:
        processor = TurnProcessor(model, ActionEndpoint(actions_url, action_seconds))
    except (RasaException, OSError, ImportError, ValueError, KeyError, AttributeError) as error:
        raise BadModel(f"{model} cannot be loaded: {type(error).__name__}: {error}") from error
    if processor.model_metadata.core_target is None or processor.model_metadata.nlu_target is None:
        raise BadModel(f"{model} lacks its NLU or its dialogue part")
    return processor


def build(processor: TurnProcessor, token: str, ready: str) -> Sanic:
    """The web application; prints `ready` when it accepts requests."""
    app = Sanic("letan_engine", configure_logging=False)
    rasa_channel.register([LetanChannel(processor, token)], app, route="/webhooks/")
    install_error_answers(app)

    @app.get("/")
    async def root(request: Request) -> HTTPResponse:
        return text("Lễ Tân engine\n")

    @app.before_server_start
    async def warm_up(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        # The first message pays for lazy set-up in NumPy and scikit-learn; no customer should.
        for words in _WARM_UP:
            await processor.parse_message(UserMessage(words))

    @app.after_server_start
    async def announce(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        sys.stdout.write(f"{ready}\n")
        sys.stdout.flush()

    @app.after_server_stop
    async def close(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        await processor.action_endpoint.close()

    return app
