"""Calls of the action server: one session, a time limit, a validator compiled once, and no failure swallowed.

Rasa opens a new HTTP session for every call, waits for an answer up to five minutes, and checks the answer with
`jsonschema.validate` on a constant schema, which first checks the schema itself against its meta-schema: two thirds
of a whole turn. When the call fails Rasa logs it and goes on as if the action had said nothing.
"""

from typing import Any

import aiohttp
import orjson
from jsonschema import Draft202012Validator, ValidationError
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

from engine.errors import ActionServerFailure

CALL_SECONDS = 2.0
MAX_ANSWER_BYTES = 1024 * 1024
_REJECTED = 400
# Confidences of the classifier are numpy numbers.
_JSON = orjson.OPT_SERIALIZE_NUMPY

_SCHEMA = RemoteAction.action_response_format_spec()
_EVENT = _SCHEMA["properties"]["events"]["items"]


def _compiled(schema: dict[str, Any]) -> Any:
    # The class that `jsonschema.validate` would choose, with the schema checked here and never again.
    kind = validator_for(schema, default=Draft202012Validator)
    kind.check_schema(schema)
    return kind(schema)


# `oneOf` tries an event against all of Rasa's 23 kinds. Each kind names its type as a constant, so the one that can
# match is known beforehand; `tests/engine` holds that both ways accept and refuse the same answers.
_ANSWER = _compiled({**_SCHEMA, "properties": {**_SCHEMA["properties"], "events": {"type": "array"}}})
_ANY_EVENT = _compiled({key: value for key, value in _EVENT.items() if key != "oneOf"})
_EVENT_KINDS = {kind["properties"]["event"]["const"]: _compiled(kind) for kind in _EVENT["oneOf"]}


class ActionEndpoint(EndpointConfig):  # type: ignore[misc]
    """The action server's address as Rasa's actions know it. Make it and close it inside the running loop."""

    def __init__(self, url: str, call_seconds: float = CALL_SECONDS) -> None:
        # With a selective domain Rasa sends the whole domain only to actions that ask for it in domain.yml.
        super().__init__(url, enable_selective_domain=True)
        self._session: aiohttp.ClientSession | None = None
        self._timeout = aiohttp.ClientTimeout(total=call_seconds)

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Run one action; raises `ActionServerFailure`, or Rasa's `ClientResponseError` 400 when the action rejects."""
        session = self._session or self._open()
        try:
            async with session.post(self.url, data=orjson.dumps(kwargs["json"], option=_JSON)) as response:
                body = await _read(response)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ActionServerFailure(f"not reachable or too slow: {type(error).__name__}") from error
        if response.status == _REJECTED:
            raise ClientResponseError(response.status, response.reason, body)
        if response.status != 200:
            raise ActionServerFailure(f"answered {response.status}")
        return validated(body)

    def _open(self) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(limit=100, keepalive_timeout=30)
        self._session = aiohttp.ClientSession(
            connector=connector,
            timeout=self._timeout,
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"Content-Type": "application/json"},
        )
        return self._session

    async def close(self) -> None:
        """Close the session; the endpoint opens another when it is used again."""
        if self._session is not None:
            await self._session.close()
            self._session = None


async def _read(response: aiohttp.ClientResponse) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > MAX_ANSWER_BYTES:
            raise ActionServerFailure("answered more than it may")
    return bytes(body)


def validated(body: bytes) -> dict[str, Any]:
    """The answer of an action; raises `ActionServerFailure` unless it fits Rasa's own schema."""
    try:
        answer = orjson.loads(body)
        _ANSWER.validate(answer)
        for event in answer.get("events", ()):
            _ANY_EVENT.validate(event)
            if event["event"] not in _EVENT_KINDS:
                raise ActionServerFailure(f"answered an event of no known kind: {event['event'][:50]}")
            _EVENT_KINDS[event["event"]].validate(event)
    except orjson.JSONDecodeError as error:
        raise ActionServerFailure("answered something that is not JSON") from error
    except ValidationError as error:
        raise ActionServerFailure(f"answered against the protocol: {error.message[:200]}") from error
    return answer  # type: ignore[no-any-return]


def skip_second_validation() -> None:
    """Rasa's own check would repeat what `ActionEndpoint` has done, with the schema compiled anew each time."""
    RemoteAction._validate_action_result = lambda self, result: True
