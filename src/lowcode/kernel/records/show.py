"""Values as JSON, and as people read them in lists: for every door that leaves the process."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from lowcode.kernel.records.fields.shown import as_day, as_decimal, as_instant, as_it_is, as_whole
from lowcode.kernel.storage.types import day_json, decimal_json, instant_json, whole_json

if TYPE_CHECKING:
    from lowcode.kernel.expressions import Type
    from lowcode.kernel.records.plan import Field


def plain(value: Any) -> Any:
    """A value as JSON: decimals as text, instants in UTC ending in Z, days and times as ISO text, contents of files in
    base64."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, Decimal):
        return decimal_json(value)
    if isinstance(value, datetime):
        return instant_json(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(each) for each in value]
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return str(value)


def same(value: Any) -> Any:
    """What is JSON already."""
    return value


BY_KIND: dict[str, Callable[[Any], Any]] = {
    "datetime": instant_json, "date": day_json, "number": decimal_json, "text": same, "choice": same, "boolean": same,
    "record": same, "user": same,
}  # fmt: skip
"""How values of a type of the expression language are shown, where one function does for all of them."""


COMMON: dict[Any, Callable[[Any], Any]] = {
    as_it_is: same, as_decimal: decimal_json, as_instant: instant_json, as_day: day_json, as_whole: whole_json,
}  # fmt: skip
"""What the shared ways of field kinds to show their values come to."""


def shower(field: Field | None, type_: Type | None) -> Callable[[Any], Any]:
    """What makes JSON of the values of a path, blanks apart: of a field as its kind says, else by their type."""
    if field is not None and field.kind is not None and not field.computed:
        common = COMMON.get(getattr(type(field.kind), "show", None))
        if common is not None:
            return common
        show, options = field.kind.show, field.options
        return lambda value: show(value, options)
    return BY_KIND.get(type_.kind, plain) if type_ is not None else plain


def from_plain(type_: Type, raw: Any) -> Any:
    """A value of its JSON form."""
    match type_.kind:
        case "number":
            return Decimal(str(raw))
        case "date":
            return date.fromisoformat(raw)
        case "datetime":
            return datetime.fromisoformat(raw)
        case "time":
            return time.fromisoformat(raw)
        case _:
            return raw
