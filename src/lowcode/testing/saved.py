"""What earlier steps kept, and the `$name` and `$name.field` by which later ones speak of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from lowcode.kernel.diagnostics import suggestion

_REFERENCE = re.compile(r"\$([a-z]\w*)((?:\.\w+)*)")


class UnknownReference(Exception):
    """A name that no earlier step kept."""


@dataclass(frozen=True, slots=True)
class Record:
    """A record that was kept."""

    form: str
    id: int


Fetch = Callable[[Record, str], Any]
"""The value of a field of a record, now."""


class Saved:
    """The names kept so far."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        self._kept: dict[str, Any] = {}

    def keep(self, name: str | None, value: Any) -> None:
        """Keep something under a name, if there is one."""
        if name is not None:
            self._kept[name] = value

    def record(self, reference: str) -> Record:
        """The record of a reference."""
        found = self._of(reference.removeprefix("$"))
        if not isinstance(found, Record):
            raise UnknownReference(f"${reference.removeprefix('$')} is not a record")
        return found

    def value(self, text: str) -> Any:
        """What a text stands for: a reference's value (a record's is its id), or the text itself; `$$` is a dollar."""
        if text.startswith("$$"):
            return text[1:]
        found = _REFERENCE.fullmatch(text)
        if found is None:
            return text
        return self._step(found.group(1), found.group(2))

    def values(self, data: Any) -> Any:
        """All references inside some data replaced by their values."""
        if isinstance(data, str):
            return self.value(data)
        if isinstance(data, Mapping):
            return {key: self.values(each) for key, each in data.items()}
        if isinstance(data, (list, tuple)):
            return [self.values(each) for each in data]
        return data

    def expression(self, text: str | None) -> str | None:
        """An expression with references written out as literals."""
        if text is None:
            return None
        return _REFERENCE.sub(lambda found: literal(self._step(found.group(1), found.group(2))), text)

    def _of(self, name: str) -> Any:
        if name not in self._kept:
            raise UnknownReference(f"no earlier step kept ${name}. {suggestion(name, self._kept)}")
        return self._kept[name]

    def _step(self, name: str, path: str) -> Any:
        found = self._of(name)
        steps = path.split(".")[1:]
        if isinstance(found, Record):
            return self._fetch(found, ".".join(steps)) if steps else found.id
        for step in steps:
            found = found[int(step)] if isinstance(found, (list, tuple)) else found[step]
        return found


def literal(value: Any) -> str:
    """A value as the expression language writes it."""
    if value is None:
        return "BLANK"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float, Decimal)):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    if isinstance(value, datetime):
        raise UnknownReference("an instant cannot stand in an expression; compare days with DATE(…)")
    if isinstance(value, date):
        return f"DATE({value.year}, {value.month}, {value.day})"
    escaped = str(value).replace('"', '""')
    return f'"{escaped}"'
