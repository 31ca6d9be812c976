"""Values of records as JSON that says what they were: for what is put aside and goes on later as if it had not been."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

PLAIN = frozenset({str, int, float, bool, type(None)})
TYPES: Mapping[type, tuple[str, Callable[[str], Any]]] = {
    Decimal: ("number", Decimal), datetime: ("instant", datetime.fromisoformat), date: ("day", date.fromisoformat),
    time: ("time", time.fromisoformat),
}  # fmt: skip
READERS: Mapping[str, Callable[[str], Any]] = dict(TYPES.values())


def put_aside(value: Any) -> Any:
    """A value as JSON: what JSON has not stands in an object that names its type, and so does an object."""
    kind = value.__class__
    if kind in PLAIN:
        return value
    if kind in TYPES:
        return {TYPES[kind][0]: str(value) if kind is Decimal else value.isoformat()}
    if isinstance(value, Mapping):
        return {"object": {name: put_aside(each) for name, each in value.items()}}
    if isinstance(value, (list, tuple)):
        return [put_aside(each) for each in value]
    raise TypeError(f"a value of {kind.__name__} cannot be put aside")


def taken_up(kept: Any) -> Any:
    """The same value again."""
    if isinstance(kept, list):
        return [taken_up(each) for each in kept]
    if not isinstance(kept, Mapping):
        return kept
    ((name, inner),) = kept.items()
    if name == "object":
        return {key: taken_up(each) for key, each in inner.items()}
    return READERS[name](inner)
