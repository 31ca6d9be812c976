"""What operations answer: said once, by what their functions return, for agents and for programs that write clients.

A function that answers some mapping says no more than that; one of these, or `has` beside it, says what is always in
it. What is in it besides is no mistake: an answer may have more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from types import FunctionType, NoneType, SimpleNamespace, UnionType
from typing import Annotated, Any, get_args, get_origin, get_type_hints
from weakref import WeakKeyDictionary

from pydantic import TypeAdapter, WithJsonSchema

Schema = dict[str, Any]


KINDS: Mapping[Any, str] = {
    str: "string", int: "integer", float: "number", bool: "boolean", list: "array", dict: "object", NoneType: "null",
}  # fmt: skip


def has(**properties: Any) -> WithJsonSchema:
    """What is always in an object that is answered, by name: a type of JSON as Python calls it (`str`, `int | None`,
    `list[dict]`), or a schema. Decimals, days and instants are `str`, as they leave."""
    known = {name: each if isinstance(each, dict) else _schema(each) for name, each in properties.items()}
    return WithJsonSchema({"type": "object", "required": list(known), "properties": known})


def _schema(said: Any) -> Schema:
    if said is object:
        return {}
    if isinstance(said, UnionType):
        parts = [_schema(each) for each in get_args(said)]
        if all(each.keys() == {"type"} for each in parts):
            return {"type": [each["type"] for each in parts]}
        return {"anyOf": parts}
    if get_origin(said) is list:
        return {"type": "array", "items": _schema(get_args(said)[0])}
    return {"type": KINDS[get_origin(said) or said]}


ITEMS: Schema = {"type": "array", "items": {"type": "object"}}
PERHAPS: Schema = {"type": ["object", "null"]}
NEXT: Schema = {"type": ["string", "integer", "null"], "description": "The `after` of the next page; null: no more."}
Items = Annotated[dict[str, Any], has(items=ITEMS)]
"""A list, in `items`."""
Page = Annotated[dict[str, Any], has(items=ITEMS, next=NEXT)]
"""A page of a list, and how the next is asked for."""
Read = Annotated[
    dict[str, Any],
    WithJsonSchema({"type": "object", "properties": {"id": {"type": "integer"}, "version": {"type": "integer"}}}),
]
"""What was asked of a record: what the form has (`api.form`), with its number and version where all of it was."""
Record = Annotated[dict[str, Any], has(id=int, version=int)]
"""A record as it is after a save: what the form has, with its number and its version."""
File = Annotated[dict[str, Any], has(name=str, media_type=str, content=str)]
"""A file that was made: what to call it, what it is, and what is in it (as text, in base64 where it is none)."""
Checked = Annotated[dict[str, Any], has(findings=ITEMS, elsewhere=bool)]
"""What is wrong with a document that is designed, and whether it could make others of the app wrong (`elsewhere`)."""
Responded = Annotated[dict[str, Any], has(status=int, headers=object, body=object)]
"""What goes back to another program that called over HTTP."""
NAMELESS = (dict[str, Any], Any)
"""What says nothing of what is in it."""


def answer_schema(run: Callable[..., Any]) -> Schema | None:
    """The JSON Schema of what a function of an operation answers, as a JSON value; None where it says too little."""
    function = _function(run)
    if not isinstance(function, FunctionType):  # something that can be called: it may be kept under no key
        return _schema_of(function)
    if function not in _known:
        _known[function] = _schema_of(function)
    return _known[function]


_known: WeakKeyDictionary[Any, Schema | None] = WeakKeyDictionary()
"""By function: making a schema takes longer than anything else that is said of an operation."""


def _function(run: Any) -> Any:
    """The function behind what was made of it."""
    while isinstance(run, partial) or hasattr(run, "__wrapped__"):
        run = run.func if isinstance(run, partial) else run.__wrapped__
    return getattr(run, "__func__", run)


def _schema_of(function: Any) -> Schema | None:
    said = getattr(function, "__annotations__", {}).get("return")
    if said is None:
        return None
    told = SimpleNamespace(__annotations__={"return": said})
    names = getattr(function, "__globals__", {})
    try:
        wanted = get_type_hints(told, names, include_extras=True)["return"]
    except NameError:  # a name that only those know who check types
        return None
    return None if wanted in NAMELESS else TypeAdapter(wanted).json_schema(mode="serialization")
