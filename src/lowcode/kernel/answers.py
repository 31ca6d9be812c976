"""What operations answer: said once, by what their functions return, for agents and for programs that write clients.

A function that answers some mapping says no more than that; one of these says what is always in it. What is in it
besides is no mistake: an answer may have more.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import NoneType, SimpleNamespace
from typing import Annotated, Any, get_type_hints

from pydantic import TypeAdapter, WithJsonSchema

Schema = dict[str, Any]


def _object(**properties: Schema) -> WithJsonSchema:
    return WithJsonSchema({"type": "object", "required": list(properties), "properties": properties})


ITEMS: Schema = {"type": "array", "items": {"type": "object"}}
NEXT: Schema = {"type": ["string", "integer", "null"], "description": "The `after` of the next page; null: no more."}
Items = Annotated[dict[str, Any], _object(items=ITEMS)]
"""A list, in `items`."""
Page = Annotated[dict[str, Any], _object(items=ITEMS, next=NEXT)]
"""A page of a list, and how the next is asked for."""
Read = Annotated[
    dict[str, Any],
    WithJsonSchema({"type": "object", "properties": {"id": {"type": "integer"}, "version": {"type": "integer"}}}),
]
"""What was asked of a record: what the form has (`api.form`), with its number and version where all of it was."""
Record = Annotated[dict[str, Any], _object(id={"type": "integer"}, version={"type": "integer"})]
"""A record as it is after a save: what the form has, with its number and its version."""
NAMELESS = (dict[str, Any], Any, NoneType)
"""What says nothing of what is in it."""


def answer_schema(run: Callable[..., Any]) -> Schema | None:
    """The JSON Schema of what a function of an operation answers, as a JSON value; None where it says too little."""
    while isinstance(run, partial) or hasattr(run, "__wrapped__"):
        run = run.func if isinstance(run, partial) else run.__wrapped__
    said = getattr(run, "__annotations__", {}).get("return")
    if said is None:
        return None
    told = SimpleNamespace(__annotations__={"return": said})
    names = getattr(run, "__globals__", {})
    try:
        wanted = get_type_hints(told, names, include_extras=True)["return"]
    except NameError:  # a name that only those know who check types
        return None
    return None if wanted in NAMELESS else TypeAdapter(wanted).json_schema(mode="serialization")
