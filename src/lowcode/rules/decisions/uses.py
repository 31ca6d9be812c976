"""Where decision tables are asked: what documents say of them by name."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

_LOOKED_UP = re.compile(r"""LOOKUPTABLE\s*[(（]\s*["'“‘]([a-z][a-z0-9_]*)["'”’]""", re.IGNORECASE)


def named_in(data: Any, known: Collection[str]) -> set[str]:
    """The tables, of those that are known, which a document names: as its `table`, or in an expression."""
    found: set[str] = set()
    _gather(data, found)
    return found & set(known)


def _gather(data: Any, found: set[str]) -> None:
    if isinstance(data, dict):
        for key, value in data.items():
            if key == "table" and isinstance(value, str):
                found.add(value)
            else:
                _gather(value, found)
    elif isinstance(data, list):
        for each in data:
            _gather(each, found)
    elif isinstance(data, str):
        found.update(_LOOKED_UP.findall(data))
