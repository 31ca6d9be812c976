"""Values that may occur once, in rows of a file that are only looked at: what the database would refuse when the second
of two is written is said before, however far they stand apart.

By what records are found (`keys`) is decided before; here it is what else may occur once. A row takes its values when
nothing at all is against it, in the order in which rows are saved, and what it had before is free from then on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lowcode.forms.operations.duplicates import coerced, exact_many
from lowcode.kernel.contract import Change, Context
from lowcode.kernel.diagnostics import Problem
from lowcode.kernel.records import words
from lowcode.kernel.records.facts import id_in
from lowcode.kernel.records.foreseeing import Foreseen
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.plan import RecordType, Unique
from lowcode.kernel.records.save import SavePlan
from lowcode.kernel.storage.types import json_text

if TYPE_CHECKING:
    from lowcode.forms.operations.incoming import Keys, Row

IN_FILE = {"en": "the same as row {row} of this file", "zh-CN": "与本文件第 {row} 行重复"}
HELD, LEFT = "@held", "@left"
"""Of values: a row before would have them; and with a record, that it would have them no longer."""
SAID = ("forms.twice-in-file", "records.taken")
Mark = tuple[str, tuple[str, ...], tuple[str, ...]]
"""Fields that may occur once together, and their values."""


@dataclass(frozen=True, slots=True)
class _Once:
    """What a row would have of a rule, the record that has it, and what the row's own record has of it."""

    rule: Unique
    mark: Mark
    found: int | None
    former: Mark | None


class Apart:
    """What the rows of a part would have that may occur once."""

    def __init__(
        self, context: Context, record_type: RecordType, grant: Grant, rows: Iterable[Row], seen: Keys,
        foreseen: Foreseen,
    ) -> None:  # fmt: skip
        self._seen, self._foreseen = seen, foreseen
        self._once: dict[int, list[_Once]] = {}
        asked = [row for row in rows if row.action != "skip" and not any(each.code in SAID for _, each in row.problems)]
        for rule in record_type.unique:
            if all(name in record_type.table.c and name not in grant.hidden for name in rule.fields):
                for row, once in _held(context, record_type, grant, rule, asked):
                    self._once.setdefault(row.number, []).append(once)
        held = [each for some in self._once.values() for each in some]
        seen.expect([
            *(each.mark for each in held),
            *(_left(each.mark, each.found) for each in held if each.found is not None),
        ])  # fmt: skip

    def against(self, row: Row, plan: SavePlan, change: Change) -> tuple[Problem, ...]:
        """What a row that is otherwise right would be refused for once it is written; one that would not be counts as
        saved."""
        problems = self.told(row) or self._foreseen.against(plan, change)
        if not problems:
            for each in self._once.get(row.number, ()):
                self._seen.setdefault(each.mark, row.number)
                if each.former is not None and each.former != each.mark:
                    self._seen.setdefault(_left(each.former, row.id), row.number)
        return problems

    def told(self, row: Row) -> tuple[Problem, ...]:
        """Which of its values a row saved before, or another record, has."""
        return tuple(found for each in self._once.get(row.number, ()) if (found := self._of(row, each)) is not None)

    def _of(self, row: Row, once: _Once) -> Problem | None:
        pointer, before = f"/{once.rule.fields[0]}", self._seen.get(once.mark)
        if before is not None:
            return Problem("forms.twice-in-file", once.rule.message or IN_FILE, pointer, {"row": before})
        if once.found in (None, row.id) or self._seen.get(_left(once.mark, once.found)) is not None:
            return None
        taken = words.problem("taken", pointer, fields=list(once.rule.fields))
        return taken if once.rule.message is None else Problem(taken.code, once.rule.message, pointer, taken.values)


def _held(
    context: Context, record_type: RecordType, grant: Grant, rule: Unique, rows: Iterable[Row]
) -> list[tuple[Row, _Once]]:  # fmt: skip
    """What rows would have of a rule; one query for what their records have, one for who has it."""
    asked = [row for row in rows if not row.values.keys().isdisjoint(rule.fields)]
    there = _standing(context, record_type, rule, asked)
    known = []
    for row in asked:
        standing = there.get(row.id or 0, {})
        values = coerced(record_type, rule.fields, {**standing, **row.values})
        if values is not None:
            former = _mark(rule, standing) if row.id in there else None
            known.append((row, values, former))
    taken = exact_many(context, record_type, grant, rule.fields, [values for _, values, _ in known], spelt=False)
    return [
        (row, _Once(rule, _mark(rule, values), found, former))
        for (row, values, former), found in zip(known, taken, strict=True)
    ]


def _mark(rule: Unique, values: Mapping[str, Any]) -> Mark:
    return HELD, rule.fields, tuple(str(values[name]) for name in rule.fields)


def _left(mark: Mark, identity: int | None) -> tuple[Any, ...]:
    return LEFT, *mark[1:], identity


def _standing(
    context: Context, record_type: RecordType, rule: Unique, rows: Sequence[Row]
) -> Mapping[int, Mapping[str, Any]]:  # fmt: skip
    """What the records that are changed have of these fields."""
    ids = [row.id for row in rows if row.id is not None]
    if not ids:
        return {}
    table, dialect = record_type.table, context.unit.database.dialect_name
    chosen = sa.select(table.c.id, *(table.c[name] for name in rule.fields)).where(id_in(table.c.id, dialect))
    return {row["id"]: row for row in context.unit.fetch(chosen, ids=json_text(ids))}
