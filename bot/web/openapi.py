"""``/api/openapi.json``: generated from the declared doors, so it cannot say anything else than they do."""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web
from pydantic.json_schema import models_json_schema

from bot.web.endpoint import STAFF_COOKIE, VISITOR_COOKIE, Door, Nothing, Who
from bot.web.errors import Problem

_COMMON = {
    400: "Not JSON",
    401: "Not logged in",
    403: "Not allowed",
    404: "Not found",
    409: "Somebody was faster, or the state has moved on",
    413: "Too large",
    415: "Not a supported kind of body",
    422: "Not valid",
    429: "Too fast",
    503: "Try again",
}
_TEMPLATE = "#/components/schemas/{model}"


def document(doors: tuple[Door, ...], version: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document of all doors."""
    bodies = {one.body for one in doors if one.body is not Nothing}
    given = {one.returns for one in doors if one.returns is not None} | {Problem}
    names, schemas = models_json_schema(
        [
            *((one, "validation") for one in sorted(bodies, key=lambda m: m.__qualname__)),
            *((one, "serialization") for one in sorted(given, key=lambda m: m.__qualname__)),
        ],
        ref_template=_TEMPLATE,
    )
    paths: dict[str, dict[str, Any]] = {}
    for one in doors:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, names)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Lễ Tân", "version": version, "description": "The doors of the front office."},
        "paths": paths,
        "components": {
            "schemas": schemas.get("$defs", {}),
            "securitySchemes": {
                "staff": {"type": "apiKey", "in": "cookie", "name": STAFF_COOKIE},
                "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRF-Token"},
                "visitor": {"type": "apiKey", "in": "cookie", "name": VISITOR_COOKIE},
            },
        },
    }


def _operation(one: Door, names: dict[Any, Any]) -> dict[str, Any]:
    responses: dict[str, Any] = {}
    for status in (one.status, *one.also):
        responses[str(status)] = {"description": "Done"}
        if one.returns is not None:
            schema = names[one.returns, "serialization"]
            responses[str(status)]["content"] = {"application/json": {"schema": schema}}
        elif one.path.endswith("/events"):
            responses[str(status)]["content"] = {"text/event-stream": {"schema": {"type": "string"}}}
    refused = {"application/json": {"schema": names[Problem, "serialization"]}}
    # Whatever changes something is refused to foreign pages (403), and to staff without their CSRF token.
    expected = {*one.errors, 503} | (
        {400, 403, 413, 415, 422} if one.method != "GET" else {422} if one.query is not Nothing else set()
    )
    for status in sorted(expected):
        responses[str(status)] = {"description": _COMMON[status], "content": refused}
    operation: dict[str, Any] = {
        "summary": one.summary,
        "operationId": one.handler.__name__,
        "tags": ["chat" if one.path.startswith("/chat") else "desk"],
        "responses": responses,
        "parameters": [*_path_parameters(one.path), *_query_parameters(one)],
        "security": _security(one),
    }
    if one.body is not Nothing:
        schema = names[one.body, "validation"]
        operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    elif one.path.endswith("/attachments"):
        operation["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": _upload(one)}}}
    return operation


def _upload(one: Door) -> dict[str, Any]:
    marks = ("keeps_promise", "owes") if one.who is Who.STAFF else ()
    return {
        "type": "object",
        "required": ["file"],
        "properties": {
            "file": {"type": "string", "contentMediaType": "application/octet-stream"},
            "text": {"type": "string"},
            "client_id": {"type": "string", "format": "uuid"},
            **{name: {"type": "string", "enum": ["true", "false"]} for name in marks},
        },
    }


def _security(one: Door) -> list[dict[str, list[str]]]:
    match one.who:
        case Who.ANYBODY:
            return []
        case Who.VISITOR:
            return [{"visitor": []}]
        case Who.STAFF:
            return [{"staff": []} if one.method == "GET" else {"staff": [], "csrf": []}]


def _path_parameters(path: str) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"\{(\w+)\}", path)
    ]


def _query_parameters(one: Door) -> list[dict[str, Any]]:
    schema = one.query.model_json_schema(ref_template=_TEMPLATE)
    return [
        {"name": name, "in": "query", "required": name in schema.get("required", []), "schema": _inlined(part, schema)}
        for name, part in schema.get("properties", {}).items()
    ]


def _inlined(part: Any, schema: dict[str, Any]) -> Any:
    """Put the definition of an enumeration where it is used: query schemas have no place among the components."""
    if isinstance(part, dict):
        if "$ref" in part:
            return schema["$defs"][part["$ref"].rsplit("/", 1)[-1]]
        return {key: _inlined(value, schema) for key, value in part.items()}
    if isinstance(part, list):
        return [_inlined(value, schema) for value in part]
    return part


def route(doors: tuple[Door, ...], version: str) -> Any:
    """Return the handler that serves the document."""
    made = document(doors, version)

    async def handle(_request: web.Request) -> web.Response:
        """Serve the document."""
        return web.json_response(made)

    return handle
