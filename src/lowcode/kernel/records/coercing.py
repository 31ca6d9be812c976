"""What was sent, made values of, by functions generated for the names that were sent.

A form is sent with the same names again and again: by its page, by a program, by the rows of a file. For such a shape
there is one function that makes a whole record of what was sent, and one for each column of many records. Both are the
fields' own coercers, with what their kinds call plainly fine (`Plain`) written out; where one raises, or something has
to be said of what was sent (a name that is unknown, a field that is fixed or veiled), the record is looked at name by
name (`save.draft`), which finds everything that is wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from lowcode.kernel.records.fields import Invalid
from lowcode.kernel.records.fields.kind import Coerce, plain_of
from lowcode.kernel.records.plan import Field, RecordType

KEPT = 64
"""Shapes that a record type has functions for; who sends ever others is looked at name by name."""
WORTHWHILE = 3
"""From the third record on a shape has functions of its own."""
Column = Callable[[Iterable[Any]], list[Any]]
Source = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Shape:
    """The names of what was sent, in their order, and what makes new records of it."""

    names: tuple[str, ...]
    sent: frozenset[str]
    defaults: tuple[Field, ...]
    """Those of the fields that were not sent."""
    make: Callable[[Mapping[str, Any], datetime, int | None], dict[str, Any]]
    """The values of a new record, as far as they follow from what was sent. Raises Invalid."""
    columns: tuple[Column, ...]
    """For each name what makes values of a column of what was sent. Raises Invalid."""
    record: tuple[tuple[str, int | None], ...]
    """The names of a new record, each with its column."""
    rows: tuple[str, ...]
    """The fields that hold rows; there are none yet."""

    def many(self, rows: Sequence[Mapping[str, Any]], now: datetime, actor: int | None) -> list[dict[str, Any] | None]:
        """The same for many records, column by column; None for each that something is wrong with."""
        wrong: set[int] = set()
        made = [
            _column(make, column, wrong)
            for make, column in zip(self.columns, zip(*(row.values() for row in rows), strict=True), strict=True)
        ]
        count = len(rows)
        fixed = {"version": 1, "created_at": now, "created_by": actor, "updated_at": now, "updated_by": actor,
                 "owner": actor}  # fmt: skip
        names = [name for name, _ in self.record]
        columns = [[fixed.get(name)] * count if at is None else made[at] for name, at in self.record]
        found: list[dict[str, Any] | None] = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]
        for values in found if self.rows else ():
            assert values is not None
            values.update((name, []) for name in self.rows)
        for index in wrong:
            found[index] = None
        return found


class Shapes:
    """The shapes in which new records of one type come."""

    def __init__(
        self, record_type: RecordType, columns: Sequence[str], coercers: Mapping[str, Coerce], rows: Iterable[str],
        defaults: Sequence[Field],
    ) -> None:  # fmt: skip
        self._record_type = record_type
        self._columns = tuple(columns)
        self._rows = tuple(rows)
        self._coercers = {name: each for name, each in coercers.items() if name not in self._rows}
        self._defaults = tuple(defaults)
        self._known: dict[tuple[str, ...], Shape | int] = {}

    def of(self, names: tuple[str, ...], *, often: bool = False) -> Shape | None:
        """What makes records of these names; None while they are not worth it, or where they need more than making
        values. `often`: they are going to come again at once."""
        found = self._known.get(names, 0)
        if not isinstance(found, int):
            return found
        if found == 0 and not self._room(names):
            return None
        if found + 1 < WORTHWHILE and not often:
            self._known[names] = found + 1
            return None
        made = self._known[names] = self._made(names)
        return made

    def _room(self, names: tuple[str, ...]) -> bool:
        """Whether a shape may be kept: every name is one of a field whose values are made."""
        if not self._coercers.keys() >= set(names):
            return False
        if len(self._known) >= KEPT:  # those that came but once make room
            self._known = {shape: each for shape, each in self._known.items() if not isinstance(each, int)}
        return len(self._known) < KEPT

    def _made(self, names: tuple[str, ...]) -> Shape:
        places = {name: index for index, name in enumerate(names)}
        record = (*self._columns, *(name for name in names if name not in self._columns))
        sources = {name: self._source(name) for name in names}
        return Shape(
            names,
            frozenset(names),
            tuple(each for each in self._defaults if each.name not in places),
            _maker(names, record, self._rows, sources),
            tuple(_column_maker(*sources[name]) for name in names),
            tuple((name, places.get(name)) for name in record),
            self._rows,
        )

    def _source(self, name: str) -> Source:
        """What makes a value of what was sent, `v`, unless that is None; and what it calls."""
        slow = f"{name}__coerce"
        names: dict[str, Any] = {slow: self._coercers[name]}
        source = f'(None if v == "" else {slow}(v))'
        field = self._record_type.fields.get(name)
        plain = plain_of(field.kind, field.options) if field is not None and field.kind is not None else None
        if plain is not None:
            test, value, own = plain.under(f"{name}__")
            source = f"(({value}) if {test} else {source})"
            names.update(own)
        return source, names


GIVEN = {"version": "1", "created_at": "now", "created_by": "actor", "updated_at": "now", "updated_by": "actor",
         "owner": "actor"}  # fmt: skip
"""What a new record has of itself, as source."""


def _maker(
    names: Sequence[str], record: Sequence[str], rows: Iterable[str], sources: Mapping[str, Source]
) -> Callable[[Mapping[str, Any], datetime, int | None], dict[str, Any]]:
    """The function that makes a new record of what was sent."""
    known: dict[str, Any] = {}
    items = []
    for name in record:
        source = GIVEN.get(name, "None")
        if name in sources:
            of_value, own = sources[name]
            known.update(own)
            source = f"None if (v := sent_{name}) is None else {of_value}"
        items.append(f"{name!r}: {source}")
    items += [f"{name!r}: []" for name in rows]
    given = ", ".join(f"sent_{name}" for name in names)
    text = f"def make(sent, now, actor):\n    [{given}] = sent.values()\n    return {{{', '.join(items)}}}\n"
    exec(compile(text, "<record>", "exec"), known)  # noqa: S102 (names of fields stand in it, nothing else does)
    made: Callable[[Mapping[str, Any], datetime, int | None], dict[str, Any]] = known["make"]
    return made


def _column_maker(source: str, names: Mapping[str, Any]) -> Column:
    """The function that makes values of a column."""
    text = f"lambda column: [None if v is None else {source} for v in column]"
    made: Column = eval(text, dict(names))  # noqa: S307 (source of kinds, not of authors)
    return made


def _column(make: Column, column: Sequence[Any], wrong: set[int]) -> list[Any]:
    """The values of a column; rows whose value is none of the field's are noted."""
    try:
        return once_each(make, column)
    except Invalid:
        found: list[Any] = []
        for index, each in enumerate(column):
            try:
                found += make((each,))
            except Invalid:
                wrong.add(index)
                found.append(None)
        return found


ALIKE: tuple[frozenset[type], ...] = tuple(frozenset({each, type(None)}) for each in (str, int, date, bool))
"""Of one of these classes, what is equal is the same."""
LASTING = frozenset({str, int, float, bool, date, datetime, Decimal, type(None)})
"""Values that nobody can change, so that rows may share them."""
GLANCE = 40


def once_each(make: Column, column: Sequence[Any]) -> list[Any]:
    """What is made of a column: where few values stand in it again and again, of each of them once."""
    glance = column[:GLANCE]
    kinds = set(map(type, glance))
    if any(kinds <= each for each in ALIKE) and len(set(glance)) * 2 <= len(glance):
        kinds = set(map(type, column))
        if any(kinds <= each for each in ALIKE):
            different = list(set(column))
            known = dict(zip(different, make(different), strict=True))
            if LASTING.issuperset(map(type, known.values())):
                return [known[each] for each in column]
    return make(column)
