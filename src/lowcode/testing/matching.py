"""Whether what is there is what was expected, and each difference in words.

An expected value is a plain one, or an object with one of these keys: `not`, `contains`, `one_of`, `at_least`,
`at_most`, `blank`. Numbers are equal by value, however written; people by login or id; a text of a notice or task by
a part of it where the expectation says so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from lowcode.kernel.records.show import plain


@dataclass(frozen=True, slots=True)
class Difference:
    """One value that is not as expected; `pointer` is its place within the expectation."""

    pointer: str
    expected: Any
    actual: Any

    def __str__(self) -> str:
        return f"{self.pointer or '/'}: expected {_words(self.expected)}, found {_words(self.actual)}"


def differences(expected: Any, actual: Any, pointer: str = "", *, part: bool = False) -> Iterator[Difference]:
    """Every difference. Objects match when the expected keys do; `part`: a text matches by a part of it."""
    if isinstance(actual, (set, frozenset)):
        actual = sorted(actual)
    if isinstance(expected, Mapping) and len(expected) == 1 and next(iter(expected)) in _MATCHERS:
        name, wanted = next(iter(expected.items()))
        if not _MATCHERS[name](wanted, actual):
            yield Difference(pointer, expected, actual)
    elif isinstance(expected, Mapping):
        if not isinstance(actual, Mapping):
            yield Difference(pointer, expected, actual)
            return
        for key, each in expected.items():
            yield from differences(each, actual.get(key), f"{pointer}/{key}", part=part)
    elif isinstance(expected, (list, tuple)):
        if not isinstance(actual, (list, tuple)) or len(actual) != len(expected):
            yield Difference(pointer, expected, actual)
            return
        for index, each in enumerate(expected):
            yield from differences(each, actual[index], f"{pointer}/{index}", part=part)
    elif part and isinstance(expected, str) and isinstance(actual, str):
        if expected not in actual:
            yield Difference(pointer, {"contains": expected}, actual)
    elif not same(expected, actual):
        yield Difference(pointer, expected, actual)


def matches(expected: Any, actual: Any, *, part: bool = False) -> bool:
    """Whether there is no difference."""
    return next(differences(expected, actual, part=part), None) is None


def same(expected: Any, actual: Any) -> bool:
    """Whether two plain values are the same to a reader."""
    if isinstance(actual, Mapping) and "label" in actual and not isinstance(expected, Mapping):
        return same(expected, actual.get("id")) or same(expected, actual["label"])
    if isinstance(expected, bool) or isinstance(actual, bool) or expected is None or actual is None:
        return expected is actual or (expected in (None, "") and actual in (None, ""))
    left, right = _number(expected), _number(actual)
    if left is not None and right is not None and not (isinstance(expected, str) and isinstance(actual, str)):
        return left == right
    if isinstance(actual, (date, datetime, time)) and isinstance(expected, str):
        return _instant(expected, actual)
    return bool(expected == actual or plain(expected) == plain(actual))


def _instant(expected: str, actual: date | time) -> bool:
    """A day or instant as an author writes it: as much of it as was written counts."""
    if isinstance(actual, datetime):
        try:
            wanted = datetime.fromisoformat(expected)
        except ValueError:
            return False
        return wanted == actual if wanted.tzinfo else wanted == actual.replace(tzinfo=None)
    return actual.isoformat() == expected or actual.isoformat().startswith(expected + ":")


def _number(value: Any) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal, str)):
        return None
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return None


def _contains(wanted: Any, actual: Any) -> bool:
    if isinstance(actual, str):
        return str(wanted) in actual
    return isinstance(actual, (list, tuple, set, frozenset)) and any(matches(wanted, each) for each in actual)


def _ordered(wanted: Any, actual: Any, sign: int) -> bool:
    left, right = _number(wanted), _number(actual)
    if left is not None and right is not None:
        return (right - left) * sign >= 0
    return actual is not None and (str(plain(actual)) >= str(wanted) if sign > 0 else str(plain(actual)) <= str(wanted))


_MATCHERS: dict[str, Callable[[Any, Any], bool]] = {
    "not": lambda wanted, actual: not matches(wanted, actual),
    "contains": _contains,
    "one_of": lambda wanted, actual: any(matches(each, actual) for each in wanted),
    "at_least": lambda wanted, actual: _ordered(wanted, actual, 1),
    "at_most": lambda wanted, actual: _ordered(wanted, actual, -1),
    "blank": lambda wanted, actual: (actual in (None, "", [], ())) is bool(wanted),
}


def _words(value: Any) -> str:
    if value is None:
        return "nothing"
    shown = plain(value)
    text = f'"{shown}"' if isinstance(shown, str) and not isinstance(value, Decimal) else str(shown)
    return text if len(text) <= 300 else text[:300] + "…"
