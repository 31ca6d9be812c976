"""The grammar of OpenAPI 3.1: one call, an answer, a parameter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lowcode.api.openapi_fields import Schema


def call(
    identity: str,
    summary: str,
    tag: str,
    answers: Mapping[str, Any],
    body: Schema | None = None,
    *,
    parameters: Any = (),
) -> dict[str, Any]:
    """One call; whatever is refused answers with a problem document."""
    problem = {
        "description": "Refused: what is wrong, all of it",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    found: dict[str, Any] = {
        "operationId": identity,
        "summary": summary,
        "tags": [tag],
        "responses": {**answers, "default": problem},
    }
    if parameters:
        found["parameters"] = list(parameters)
    if body is not None:
        found["requestBody"] = {"required": True, "content": {"application/json": {"schema": body}}}
    return found


def as_json(schema: Schema) -> dict[str, Any]:
    """An answer with a body."""
    return {"description": "Done", "content": {"application/json": {"schema": schema}}}


def in_path(name: str, schema: Schema) -> dict[str, Any]:
    """A part of the address."""
    return {"name": name, "in": "path", "required": True, "schema": schema}
