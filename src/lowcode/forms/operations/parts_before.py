"""What the parts of a file that were only looked at have said so far: records above as they would be, the records below
them, and ranges. It lies in the database, so that a file of a million rows is looked at as one; a part reads what
concerns it, and memory grows with that: of a record above whose records below are gone over, with all that the file
says of these. Decision 0223.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import uuid4

import sqlalchemy as sa

from lowcode.forms.tables import import_foreseen as table
from lowcode.kernel.contract import Context
from lowcode.kernel.records.facts import text_in
from lowcode.kernel.records.foreseeing import Above, Foreseen, Place, Values
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.records.typed import put_aside, taken_up
from lowcode.kernel.storage.types import json_text

AT = sa.select(table.c.key, table.c.body).where(
    table.c.run == sa.bindparam("run_id"), table.c.place == sa.bindparam("at_place")
)


class PartsBefore:
    """Of one import."""

    def __init__(self, context: Context, run: int) -> None:
        self._context, self._run = context, run

    def facts(self, above: Above) -> Values | None:
        """What a record above would be."""
        return next((body for _, body in self._at("above", *above)), None)

    def steps(self, place: Place) -> Mapping[str, tuple[str, Values | None]]:
        """What its records of a relation would be, with their types."""
        above, relation = place
        return {key: (body[0], body[1]) for key, body in self._at("below", *above, relation)}

    def ranges(self, key: tuple[Any, ...]) -> Sequence[tuple[Any, Any, int | None]]:
        """The ranges that are held of one thing."""
        return [(start, end, identity) for _, (start, end, identity) in self._at("range", *key)]

    def keep(self, found: Foreseen) -> None:
        """Write down what this part said."""
        rows = [self._row(("above", *above), "", facts) for above, facts in found.new.facts.items()]
        for (above, relation), steps in found.new.steps.items():
            for key, (record_type, values) in steps.items():
                body = [record_type.name, None if values is None else _told(record_type, values)]
                rows.append(self._row(("below", *above, relation), str(key), body))
        for of, held in found.ranges.new.items():
            rows += [self._row(("range", *of), uuid4().hex, each) for each in held]
        unit, dialect = self._context.unit, self._context.unit.database.dialect_name
        former = sa.delete(table).where(table.c.run == self._run, text_in(table.c.entry, dialect, "entries"))
        unit.run(former, entries=json_text([row["entry"] for row in rows]))
        unit.insert_many(table, rows)

    def _row(self, place: tuple[Any, ...], key: str, body: Any) -> dict[str, Any]:
        at = _digest(place)
        return {"run": self._run, "entry": _digest((at, key)), "place": at, "key": key, "body": put_aside(body)}

    def _at(self, *place: Any) -> Iterator[tuple[str, Any]]:
        for row in self._context.unit.fetch(AT, run_id=self._run, at_place=_digest(place)):
            yield row["key"], taken_up(row["body"])


def _told(record_type: RecordType, values: Values) -> dict[str, Any]:
    """A record without what is encrypted in its table: no check and no roll-up reads that."""
    fields = record_type.fields
    return {name: each for name, each in values.items() if name not in fields or not fields[name].sealed}


def _digest(place: tuple[Any, ...]) -> str:
    return hashlib.sha256(repr(place).encode()).hexdigest()[:40]
