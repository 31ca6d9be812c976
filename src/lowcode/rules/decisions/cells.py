"""One cell of a decision table: a DMN unary test, understood.

What may stand in a cell (`?` is the value of the column):

    -  or nothing             anything
    "上海", "浙江"             one of these
    >= 18      [18..65)       ordered values; several parts, separated by commas, are alternatives
    not("x", "y")             none of these
    blank                     no value
    CONTAINS(?, "投诉")        any other condition of the one language

Every cell has two readings that must agree: `condition` is the expression it stands for (the checker reads it, and it
is the naive way to decide), and the class is what the index and the overlap check work with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

WIDE = str.maketrans(
    {"（": "(", "）": ")", "，": ",", "［": "[", "］": "]", "＞": ">", "＜": "<", "＝": "=", "－": "-"}
)
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_DATE = re.compile(r"(?:DATE\(\s*\"(\d{4}-\d{2}-\d{2})\"\s*\)|(\d{4}-\d{2}-\d{2}))", re.IGNORECASE)
_INTERVAL = re.compile(r"([\[\(])\s*(.+?)\s*\.\.\s*(.+?)\s*([\]\)])", re.DOTALL)
_COMPARISON = re.compile(r"(<=|>=|<(?!>)|>)\s*(.+)", re.DOTALL)
_UNEQUAL = re.compile(r"(?:<>|!=)\s*(.+)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class AnyValue:
    """A cell that every value meets, a blank one too."""


@dataclass(frozen=True, slots=True)
class Values:
    """One of these values; negated: none of them. `None` among them is the blank."""

    values: frozenset[Any]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """An unbroken stretch of ordered values; a missing end is open for ever."""

    low: Any = None
    high: Any = None
    low_closed: bool = True
    high_closed: bool = True

    def holds(self, value: Any) -> bool:
        """Whether a value (not blank) lies in it."""
        if self.low is not None and (value < self.low or (value == self.low and not self.low_closed)):
            return False
        return not (self.high is not None and (value > self.high or (value == self.high and not self.high_closed)))


@dataclass(frozen=True, slots=True)
class Ranges:
    """Any of these intervals; `blank` says whether a blank value meets the cell as well."""

    intervals: tuple[Interval, ...]
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Free:
    """A condition that only the expression can decide."""


Cell: TypeAlias = AnyValue | Values | Ranges | Free


@dataclass(frozen=True, slots=True)
class Reading:
    """A cell as read: its class, and the expression over `?` it stands for (None: any value)."""

    cell: Cell
    condition: str | None


def read_cell(text: str | None, kind: str) -> Reading:
    """Read the text of a cell for a column of a kind ('number', 'choice', 'date' …)."""
    written = straightened(text or "").strip()
    if written in ("", "-"):
        return Reading(AnyValue(), None)
    inner, negated = written, False
    if written.lower().startswith("not") and (within := _inside(written[3:].strip())) is not None:
        inner, negated = within, True
    parts = [_part(part, kind) for part in split_top(inner)]
    condition = _joined(parts)
    if negated:
        condition = f"not ({condition})"
    return Reading(_class_of(parts, negated), condition)


@dataclass(frozen=True, slots=True)
class _Part:
    condition: str
    literal: str | None = None
    value: Any = None
    interval: Interval | None = None
    known: bool = False


def _part(text: str, kind: str) -> _Part:
    text = text.strip()
    if kind == "multi":
        member = _literal(text, "text")
        return _Part(f"{member[0]} in ?") if member is not None else _Part(_free(text))
    literal = _literal(text, kind)
    if literal is not None:
        shown, value = literal
        if value is None:
            return _Part("? is blank", None, None, None, True)
        return _Part(f"? = {shown}", shown, value, None, True)
    if (compared := _COMPARISON.fullmatch(text)) and "?" not in text:
        return _compared(compared[1], compared[2].strip(), kind)
    if (unequal := _UNEQUAL.fullmatch(text)) and "?" not in text:
        return _Part(f"? <> {unequal[1]}")
    if spanned := _INTERVAL.fullmatch(text):
        return _spanned(spanned, kind)
    return _Part(_free(text))


def _compared(operator: str, bound: str, kind: str) -> _Part:
    literal = _literal(bound, kind)
    condition = f"? {operator} {literal[0] if literal else bound}"
    if literal is None or not _ordered(literal[1]):
        return _Part(condition)
    closed = operator.endswith("=")
    if operator[0] == ">":
        return _Part(condition, interval=Interval(low=literal[1], low_closed=closed), known=True)
    return _Part(condition, interval=Interval(high=literal[1], high_closed=closed), known=True)


def _spanned(found: re.Match[str], kind: str) -> _Part:
    low_closed, high_closed = found[1] == "[", found[4] == "]"
    low, high = _literal(found[2], kind), _literal(found[3], kind)
    low_text, high_text = (low[0] if low else found[2]), (high[0] if high else found[3])
    condition = f"(? {'>=' if low_closed else '>'} {low_text} and ? {'<=' if high_closed else '<'} {high_text})"
    if low is None or high is None or not _ordered(low[1]) or type(low[1]) is not type(high[1]):
        return _Part(condition)
    return _Part(condition, interval=Interval(low[1], high[1], low_closed, high_closed), known=True)


def _literal(text: str, kind: str) -> tuple[str, Any] | None:
    """The value a text stands for, with its spelling in the expression language; None when it is no literal."""
    text = text.strip()
    if text.lower() == "blank":
        return "blank", None
    if text.lower() in ("true", "false"):
        return text.lower(), text.lower() == "true"
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "\"'" and text[0] not in text[1:-1]:
        return ('""', None) if len(text) == 2 else (f'"{text[1:-1]}"' if '"' not in text[1:-1] else text, text[1:-1])
    if _NUMBER.fullmatch(text) and kind in ("number", "any"):
        return text.removeprefix("+"), Decimal(text)
    if (dated := _DATE.fullmatch(text)) and kind == "date":
        shown = dated[1] or dated[2]
        try:
            return f'DATE("{shown}")', date.fromisoformat(shown)
        except ValueError:
            return None
    return None


def _ordered(value: Any) -> bool:
    """Texts are ordered by the language's collation, which is not Python's: only numbers and days are exact here."""
    return isinstance(value, (Decimal, date)) and not isinstance(value, bool)


def _free(text: str) -> str:
    return f"({text})" if "?" in text else f"? = ({text})"


def _joined(parts: list[_Part]) -> str:
    literals = [part.literal for part in parts if part.literal is not None]
    others = [part.condition for part in parts if part.literal is None]
    if len(literals) > 1:
        others.insert(0, f"? in ({', '.join(literals)})")
    elif literals:
        others.insert(0, f"? = {literals[0]}")
    return others[0] if len(others) == 1 else " or ".join(f"({each})" for each in others)


def _class_of(parts: list[_Part], negated: bool) -> Cell:
    if not all(part.known for part in parts):
        return Free()
    if all(part.interval is None for part in parts):
        return Values(frozenset(part.value for part in parts), negated)
    blank = any(part.interval is None and part.value is None for part in parts)
    if not all(part.interval is not None or part.value is None or _ordered(part.value) for part in parts):
        return Free()
    intervals = tuple(
        part.interval or Interval(part.value, part.value)
        for part in parts
        if part.interval is not None or part.value is not None
    )
    # not(>= 18) of a blank is unknown, so not met (Kleene); the complement of the intervals never holds a blank.
    return Ranges(_complement(intervals), False) if negated else Ranges(intervals, blank)


def _complement(intervals: tuple[Interval, ...]) -> tuple[Interval, ...]:
    """What lies outside every interval."""
    rest: list[Interval] = [Interval()]
    for hole in intervals:
        rest = [piece for each in rest for piece in _without(each, hole)]
    return tuple(rest)


def _without(whole: Interval, hole: Interval) -> Iterator[Interval]:
    if hole.low is not None:
        high, closed = _lower_end(whole.high, whole.high_closed, hole.low, not hole.low_closed)
        if not empty(left := Interval(whole.low, high, whole.low_closed, closed)):
            yield left
    if hole.high is not None:
        low, closed = _upper_end(whole.low, whole.low_closed, hole.high, not hole.high_closed)
        if not empty(right := Interval(low, whole.high, closed, whole.high_closed)):
            yield right


def _lower_end(first: Any, first_closed: bool, second: Any, second_closed: bool) -> tuple[Any, bool]:
    if first is None or second < first or (second == first and not second_closed):
        return second, second_closed
    return first, first_closed


def _upper_end(first: Any, first_closed: bool, second: Any, second_closed: bool) -> tuple[Any, bool]:
    if first is None or second > first or (second == first and not second_closed):
        return second, second_closed
    return first, first_closed


def empty(interval: Interval) -> bool:
    """Whether no value can lie in it."""
    if interval.low is None or interval.high is None:
        return False
    closed = interval.low_closed and interval.high_closed
    return bool(interval.low > interval.high or (interval.low == interval.high and not closed))


def straightened(text: str) -> str:
    """Full-width signs and curly quotes outside texts as their plain forms: Chinese input methods produce them."""
    out: list[str] = []
    quote = ""
    for sign in text:
        if quote:
            closes = sign == quote or (quote == '"' and sign == "”") or (quote == "'" and sign == "’")
            out.append(quote if closes else sign)
            quote = "" if closes else quote
        elif sign in '"“”':
            quote = '"'
            out.append(quote)
        elif sign in "'‘’":
            quote = "'"
            out.append(quote)
        else:
            out.append(sign.translate(WIDE))
    return "".join(out)


def split_top(text: str) -> list[str]:
    """The parts between commas that stand in no brackets and no quotes. `[1..2)` counts as balanced."""
    parts, depth, quote, start = [], 0, "", 0
    for position, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in "([":
            depth += 1
        elif sign in ")]":
            depth = max(0, depth - 1)
        elif sign == "," and depth == 0:
            parts.append(text[start:position])
            start = position + 1
    parts.append(text[start:])
    return parts


def _inside(text: str) -> str | None:
    """What a pair of brackets holds that spans the whole text."""
    if not (text.startswith("(") and text.endswith(")")):
        return None
    depth, quote = 0, ""
    for position, sign in enumerate(text):
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "\"'":
            quote = sign
        elif sign in "([":
            depth += 1
        elif sign in ")]":
            depth -= 1
            if depth == 0 and position < len(text) - 1:
                return None
    return text[1:-1]
