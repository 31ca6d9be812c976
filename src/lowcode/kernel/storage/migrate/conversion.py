"""How a value of one field type becomes one of another: by the rules of an import, after its form was adapted.

`outcome` says what became of it: the same value, one that lost something (places, time of day, all but the first of
several), or none, because it is no value of the new type.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal
from zoneinfo import ZoneInfo

from lowcode.kernel.storage.crypto import Keyring, SealError
from lowcode.kernel.storage.migrate.schema import ColumnShape

Outcome = Literal["same", "loses", "fails"]
Convert = Callable[[Any], Any]

REFERENCES = frozenset({"link", "links", "member", "members", "department", "departments", "attachment", "image"})
"""Their values are ids of something particular; as anything else they would mean nothing."""
LONG = frozenset({"text", "long_text", "rich_text"})


@dataclass(frozen=True)
class Converter:
    """From one column to another. `accept` is what the new field takes; None where values are taken as they are."""

    before: ColumnShape
    after: ColumnShape
    accept: Convert | None
    zone: ZoneInfo
    keys: Callable[[], Keyring] | None = None
    """What opens and seals the values of encrypted columns."""

    def __call__(self, value: Any) -> tuple[Any, Outcome]:
        """The value as the new field holds it, and what became of it."""
        before, after = self.before, self.after
        outcome: Outcome
        if value is None or not (before.sealed or after.sealed):
            return self._converted(value)
        assert self.keys is not None
        keys = self.keys()
        try:
            # What is in clear opens as it is; a schema of before 0170 does not say that its column is sealed already.
            opened = keys.open(value, before.place or after.place)
        except SealError:
            return None, "fails"
        found, outcome = opened, "same"
        if not before.same_but_sealed(after):
            found, outcome = self._converted(opened)
        if found is not None and after.sealed:
            found = keys.seal(str(found), after.place, searchable=after.sealed == "equal")
        return found, outcome

    @property
    def seals(self) -> bool:
        """Whether values in clear become encrypted ones and nothing else: none of them can fail."""
        return not self.before.sealed and bool(self.after.sealed) and self.before.same_but_sealed(self.after)

    @property
    def confidential(self) -> bool:
        """Whether the values of one side are not told."""
        return bool(self.before.sealed or self.after.sealed)

    def _converted(self, value: Any) -> tuple[Any, Outcome]:
        if value is None:
            return None, "same"
        if not self.before.kind and not self.after.kind:
            return value, "same"
        if self.accept is None or REFERENCES & {self.before.kind, self.after.kind}:
            return None, "fails"
        adapted, loses = self._adapted(value)
        try:
            found = self.accept(adapted)
        except Exception:  # a field type says "cannot" in its own way; every way means that it does not convert
            return None, "fails"
        if found is None and adapted not in ("", []):
            return None, "fails"
        return found, "loses" if loses else "same"

    def _adapted(self, value: Any) -> tuple[Any, bool]:
        """The value in a form that the new field may take, and whether something is lost by that."""
        store = self.after.store
        if isinstance(value, list) and store != "json":
            words = [str(each) for each in value]
            if self.after.kind in LONG:
                return ", ".join(words), False
            return (words[0] if words else None), len(words) > 1
        if store.startswith("decimal:"):
            return _number(value, int(store.partition(":")[2]))
        if store == "day" and isinstance(value, datetime):
            return value.astimezone(self.zone).date(), True
        if store == "instant" and isinstance(value, date) and not isinstance(value, datetime):
            return datetime.combine(value, time(), self.zone), False
        if store == "time" and isinstance(value, datetime):
            return value.astimezone(self.zone).time().replace(microsecond=0), True
        if store == "boolean" and isinstance(value, Decimal):
            return (f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"), False
        if store == "text":
            return _words(value), False
        return value, False


def _number(value: Any, scale: int) -> tuple[Any, bool]:
    if isinstance(value, bool):
        return int(value), False
    if isinstance(value, Decimal):
        rounded = value.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)
        return rounded, rounded != value
    return value, False


def _words(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds").replace("+00:00", "Z")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return value


# -- in the database's own words ------------------------------------------------------------------------------------


def plain(before: ColumnShape, after: ColumnShape, column: str, *, postgresql: bool) -> tuple[str, str] | None:
    """A condition under which a value converts the same way in SQL, and the SQL: what needs no Python.

    `column` is the quoted column. None where there is no such way.
    """
    if not after.store.startswith("decimal:") or after.kind == "percent" or before.kind == "percent":
        return None
    if before.sealed or after.sealed:
        return None
    scale = int(after.store.partition(":")[2])
    if before.store == "text":
        return _plain_text(column, scale, postgresql)
    if before.store.startswith("decimal:"):
        was = int(before.store.partition(":")[2])
        if scale < was:
            return None
        if postgresql:
            return f"{column} IS NOT NULL", column
        limit = 10 ** (15 - (scale - was))
        return f"{column} BETWEEN {-limit} AND {limit}", f"{column} * {10 ** (scale - was)}"
    return None


def _plain_text(column: str, scale: int, postgresql: bool) -> tuple[str, str]:
    if postgresql:
        places = f"(\\.[0-9]{{1,{scale}}}){{0,1}}" if scale else ""  # a question mark stands for a value
        return f"{column} ~ '^-{{0,1}}[0-9]{{1,15}}{places}$'", f"{column}::numeric(28, {scale})"
    digits = f"replace({column}, '.', '')"
    whole = f"length({column}) BETWEEN 1 AND 9 AND {column} NOT GLOB '*[^0-9]*'"
    number = f"CAST({column} AS INTEGER) * {10**scale}"
    if not scale:
        return whole, number
    exact = (
        f"length({column}) BETWEEN {scale + 2} AND 15 AND {column} GLOB '[0-9]*.{'[0-9]' * scale}'"
        f" AND {digits} NOT GLOB '*[^0-9]*' AND length({digits}) = length({column}) - 1"
    )
    case = f"CASE WHEN instr({column}, '.') > 0 THEN CAST({digits} AS INTEGER) ELSE {number} END"
    return f"(({whole}) OR ({exact}))", case
