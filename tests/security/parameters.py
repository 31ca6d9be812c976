"""Plausible parameters for any operation, from the model of its parameters: a new one joins the walk by itself."""

from __future__ import annotations

import types
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import islice, product
from typing import Any

from pydantic import BaseModel

from lowcode.kernel.contract import Operation
from tests.flows.app import MONDAY
from tests.security.planting import GHOST, OUTSIDER, Planted

LIMIT = 60
"""Combinations per operation, actor and form."""
OMITTED = object()


def calls(found: Planted, operation: Operation, login: str) -> Iterator[dict[str, Any]]:
    """Parameter sets for an operation, as a curious person would try them, each once."""
    tried: set[str] = set()
    fields = operation.params.model_fields
    forms: list[str | None] = [None]
    if {"form", "type", "record"} & fields.keys() or "id" in fields:
        forms = list(found.ghosts)
    for form in forms:
        choices = {name: _choices(found, name, info, form, login) for name, info in fields.items()}
        for combination in islice(product(*choices.values()), LIMIT):
            parameters = {name: value for name, value in zip(choices, combination, strict=True) if value is not OMITTED}
            asked = repr({name: value for name, value in parameters.items() if not callable(value)})
            if asked not in tried:
                tried.add(asked)
                yield parameters


def _choices(found: Planted, name: str, info: Any, form: str | None, login: str) -> list[Any]:
    known = KNOWN.get(name)
    if known is not None:
        return known(found, form, login)
    if not info.is_required():
        return [OMITTED]
    return [_of_type(name, info.annotation)]


def _of_type(name: str, annotation: Any) -> Any:
    origin = typing.get_origin(annotation) or annotation
    if origin is typing.Literal:
        return typing.get_args(annotation)[0]
    for kind, value in ((bool, True), (int, 1), (float, 1.0), (str, "x"), (bytes, b"x"), (tuple, ()), (dict, {}),
                        (list, []), (Sequence, ()), (date, MONDAY.date())):  # fmt: skip
        if origin is kind:
            return value
    if origin is Mapping:
        return {}
    if isinstance(origin, type) and issubclass(origin, BaseModel):
        needed = {each: info for each, info in origin.model_fields.items() if info.is_required()}
        return {each: _of_type(each, info.annotation) for each, info in needed.items()}
    if origin in (typing.Union, types.UnionType):
        return _of_type(name, typing.get_args(annotation)[0])
    raise AssertionError(f"the walk does not know what to put for '{name}: {annotation}'; teach it in KNOWN")


def _ids(found: Planted, form: str | None, login: str) -> list[Any]:
    """The ghost's record, one's own, and (as ids of tasks, prints, batches …) whatever there is."""
    if form is None:
        return [1, 2, 3]
    return [found.ghosts[form], found.own[login, form]]


def _field(found: Planted, form: str | None, login: str) -> list[Any]:
    record_type = found.host.types[form or ""]
    computed = [each.name for each in record_type.fields.values() if each.computed]
    return [*computed[:4], "owner"]


def _names(of: Callable[[Any], Any]) -> Callable[..., list[Any]]:
    return lambda found, form, login: list(of(found.host.app.plans))


def _reading(found: Planted, _: str | None, login: str) -> list[Any]:
    """Gives contexts of somebody to read in, as the door does."""

    @contextmanager
    def opened() -> Iterator[Any]:
        with found.host.database.reading() as unit:
            yield found.host.context(unit, found.host.actor(login))

    return [opened]


KNOWN: dict[str, Callable[[Planted, str | None, str], list[Any]]] = {
    "reading": _reading,
    "value": lambda found, form, login: ["cnry"],
    "form": lambda found, form, login: [form],
    "type": lambda found, form, login: [form],
    "id": _ids,
    "record": _ids,
    "ids": lambda found, form, login: [(found.ghosts[form], found.own[login, form])] if form else [OMITTED, (1, 2, 3)],
    "task": lambda found, form, login: [1, 2, 3],
    "instance": lambda found, form, login: [1, 2, 3],
    "print": lambda found, form, login: [1, 2, 3],
    "batch": lambda found, form, login: [1],
    "search": lambda found, form, login: [OMITTED, "cnry"],
    "where": lambda found, form, login: [OMITTED, "id > 0", "ownr = 1"],
    "count": lambda found, form, login: [True],
    "sort": lambda found, form, login: [OMITTED],
    "field": _field,
    "login": lambda found, form, login: [GHOST, login],
    "user": lambda found, form, login: [OMITTED],
    "person": lambda found, form, login: [1],
    "report": _names(lambda plans: plans["reports"].reports),
    "dashboard": _names(lambda plans: plans["reports"].dashboards),
    "template": _names(lambda plans: plans["printing"].templates),
    "flow": _names(lambda plans: plans["flows"].flows),
    "rule": _names(lambda plans: plans["rules"].rules),
    "table": _names(lambda plans: plans["rules"].tables),
    "state": lambda found, form, login: [OMITTED, "open", "done", "started"],
    "decision": lambda found, form, login: ["approve", "complete"],
    "format": lambda found, form, login: ["csv", "xlsx", "html", "jsonl"],
    "content": lambda found, form, login: [b"name,title,subject\ncnry,cnry,cnry\n"],
    "values": lambda found, form, login: [{}, {"owner": 1}],
    "mentions": lambda found, form, login: [OMITTED],
    "since": lambda found, form, login: [MONDAY],
    "until": lambda found, form, login: [MONDAY + timedelta(days=1)],
    "scopes": lambda found, form, login: [("*",)],
    "action": lambda found, form, login: ["read", "edit"],
    "locale": lambda found, form, login: ["en"],
}

PEOPLE = (GHOST, OUTSIDER)
