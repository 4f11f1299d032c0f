"""What the API is, as OpenAPI 3.1: made from the table of addresses, by which it answers."""

from functools import cache
from typing import Any

import roadlog
from roadlog.web.api import bodies, shapes, wishes
from roadlog.web.api.addresses import ADDRESSES, Address
from roadlog.web.api.answered import JSON, LINES
from roadlog.web.api.parameters import Parameter
from roadlog.web.api.problems import BASE, MEDIA_TYPE
from roadlog.web.api.questions import KEY, Question
from roadlog.web.api.wishes import Offered
from roadlog.web.commands import COMMANDS

OPENAPI = "3.1.0"
ABOUT = (
    "What the command line answers and records, in the same words and shapes. Reading on the machine itself "
    "needs no token; recording always does: Authorization: Bearer …, which `roadlog token new` makes."
)
BEARER: dict[str, list[str]] = {"bearer": []}
SCHEMAS = {"Write": shapes.WRITE, "Problem": shapes.PROBLEM}
IDEMPOTENCY = {
    "name": "Idempotency-Key",
    "in": "header",
    "description": "The same as command_id in the body.",
    "schema": {"type": "string"},
}
IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "description": 'The same as expect_version in the body, in quotes, such as "12": the ETag of a GET.',
    "schema": {"type": "string", "pattern": '^"[0-9]+"$'},
}


@cache
def made() -> dict[str, Any]:
    """The document; it is the same for every store."""
    schemas: dict[str, Any] = dict(SCHEMAS)
    paths = {each.path: _of(each, schemas) for each in ADDRESSES}
    return {
        "openapi": OPENAPI,
        "info": {
            "title": "roadlog",
            "version": roadlog.__version__,
            "description": ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": BASE.rstrip("/")}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "responses": {"Problem": _content("What went wrong.", MEDIA_TYPE, _ref("Problem"))},
        },
    }


def _of(address: Address, schemas: dict[str, Any]) -> dict[str, Any]:
    found = {}
    if address.asks is not None:
        found["get"] = _asking(address.asks)
    if address.wishes is not None:
        found["post"] = _wishing(address.wishes, schemas)
    return found


def _asking(question: Question) -> dict[str, Any]:
    return {
        "operationId": _id("get", question.path),
        "summary": question.says,
        "security": [{}, BEARER],
        "parameters": [_parameter(each, question.is_in_path(each)) for each in question.known],
        "responses": {
            "200": _content("The answer.", LINES if question.lines else JSON, question.shape),
            "default": {"$ref": "#/components/responses/Problem"},
        },
    }


def _wishing(offered: Offered, schemas: dict[str, Any]) -> dict[str, Any]:
    body, named = wishes.schema(offered.name)
    schemas |= named
    recorded = _content("What was recorded.", JSON, _ref("Write"))
    return {
        "operationId": _id("post", offered.path),
        "summary": offered.says,
        "description": f"As `{offered.typed}` does. {COMMANDS[offered.name].__doc__ or ''}".strip(),
        "security": [BEARER],
        "parameters": [
            *([_parameter(KEY, True)] if offered.is_of_one else []),
            IDEMPOTENCY,
            IF_MATCH,
        ],
        "requestBody": {"required": bool(body["required"]), "content": {bodies.MEDIA_TYPE: {"schema": body}}},
        "responses": {
            "201": recorded,
            "200": {**recorded, "description": "Nothing new was recorded: a dry run, or it was so already."},
            "default": {"$ref": "#/components/responses/Problem"},
        },
    }


def _parameter(each: Parameter, in_path: bool) -> dict[str, Any]:
    return {
        "name": each.name,
        "in": "path" if in_path else "query",
        "required": each.required,
        "description": each.says,
        "schema": each.kind.schema,
    }


def _content(says: str, media_type: str, schema: Any) -> dict[str, Any]:
    return {"description": says, "content": {media_type: {"schema": schema}}}


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _id(method: str, path: str) -> str:
    """A name for programs that are made from the document: get-initiatives-key-gate."""
    return "-".join([method, *path.replace("{", "").replace("}", "").strip("/").split("/")])
