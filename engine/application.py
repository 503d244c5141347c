"""Puts a loaded model behind the door. The first module of the serving process that imports Rasa."""

import asyncio
import logging
import sys
from pathlib import Path

from rasa.core.channels import channel as rasa_channel
from rasa.shared.exceptions import RasaException
from sanic import Sanic
from sanic.request import Request
from sanic.response import HTTPResponse, text

from engine import quiet
from engine.actions import ActionEndpoint, skip_second_validation
from engine.channel import LetanChannel, install_error_answers
from engine.errors import BadModel
from engine.serving import Serving
from engine.turns import TurnProcessor


def load(model: Path, endpoint: ActionEndpoint) -> TurnProcessor:
    """Load a model that acts through an endpoint; raises `BadModel`."""
    quiet.structured(logging.WARNING)
    skip_second_validation()
    try:
        processor = TurnProcessor(model, endpoint)
    except (RasaException, OSError, ImportError, ValueError, KeyError, AttributeError) as error:
        raise BadModel(f"{model} cannot be loaded: {type(error).__name__}: {error}") from error
    if processor.model_metadata.core_target is None or processor.model_metadata.nlu_target is None:
        raise BadModel(f"{model} lacks its NLU or its dialogue part")
    return processor


def build(serving: Serving, token: str, ready: str) -> Sanic:
    """The web application; prints `ready` when it accepts requests."""
    app = Sanic("letan_engine", configure_logging=False)
    rasa_channel.register([LetanChannel(serving, token)], app, route="/webhooks/")
    install_error_answers(app)

    @app.get("/")
    async def root(request: Request) -> HTTPResponse:
        return text("Lễ Tân engine\n")

    @app.before_server_start
    async def warm_up(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        await serving.warm_up()

    @app.after_server_start
    async def announce(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        sys.stdout.write(f"{ready}\n")
        sys.stdout.flush()

    @app.after_server_stop
    async def close(app: Sanic, loop: asyncio.AbstractEventLoop) -> None:
        await serving.processor.action_endpoint.close()

    return app
