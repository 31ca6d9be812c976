"""Ways of showing a value as JSON that several field types share: `show = as_decimal`.

A kind that uses one of them can be read from the database straight into JSON (`records.show.shower`).
"""

from __future__ import annotations

from typing import Any

from lowcode.kernel.storage.types import day_json, decimal_json, instant_json, whole_json


def as_it_is(self: Any, value: Any, options: Any) -> Any:
    """The value is JSON already."""
    return value


def as_decimal(self: Any, value: Any, options: Any) -> Any:
    """Decimals travel as text, so that nothing is lost on the way."""
    return decimal_json(value)


def as_instant(self: Any, value: Any, options: Any) -> Any:
    """An instant in UTC."""
    return instant_json(value)


def as_day(self: Any, value: Any, options: Any) -> Any:
    """A day without a time."""
    return day_json(value)


def as_whole(self: Any, value: Any, options: Any) -> Any:
    """A whole number."""
    return whole_json(value)
