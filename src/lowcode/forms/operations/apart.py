"""Values that may occur once, in rows of a file that are only looked at: what the database would refuse when the second
of two is written is said before, however far they stand apart.

By what records are found (`keys`) is decided before; here it is what else may occur once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lowcode.forms.operations.duplicates import coerced, exact_many
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Problem
from lowcode.kernel.records import words
from lowcode.kernel.records.facts import id_in
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.plan import RecordType, Unique
from lowcode.kernel.storage.types import json_text

if TYPE_CHECKING:
    from lowcode.forms.operations.incoming import Keys, Row

IN_FILE = {"en": "the same as row {row} of this file", "zh-CN": "与本文件第 {row} 行重复"}


def apart(context: Context, record_type: RecordType, grant: Grant, rows: Sequence[Row], seen: Keys) -> None:
    """A problem for each row that has what a row before it, or another record, has."""
    for rule in record_type.unique:
        if all(name in record_type.table.c and name not in grant.hidden for name in rule.fields):
            _apart(context, record_type, grant, rule, rows, seen)


def _apart(
    context: Context, record_type: RecordType, grant: Grant, rule: Unique, rows: Sequence[Row], seen: Keys
) -> None:  # fmt: skip
    asked = [row for row in rows if row.action != "skip" and not row.values.keys().isdisjoint(rule.fields)]
    asked = [row for row in asked if not any(each.code in SAID for _, each in row.problems)]
    there = _standing(context, record_type, rule, asked)
    whole = [(row, coerced(record_type, rule.fields, {**there.get(row.id or 0, {}), **row.values})) for row in asked]
    known = [(row, values) for row, values in whole if values is not None]
    if not known:
        return
    marks = [(rule.fields, tuple(str(each) for each in values.values())) for _, values in known]
    seen.expect(marks)
    taken = exact_many(context, record_type, grant, rule.fields, [values for _, values in known])
    pointer = f"/{rule.fields[0]}"
    for (row, _), mark, found in zip(known, marks, taken, strict=True):
        before = seen.setdefault(mark, row.number)
        if before != row.number:
            problem = Problem("forms.twice-in-file", rule.message or IN_FILE, pointer, {"row": before})
        elif found is not None and found != row.id:
            problem = words.problem("taken", pointer, fields=list(rule.fields))
        else:
            continue
        row.problems.append((rule.fields[0], problem))


SAID = ("forms.twice-in-file", "records.taken")


def _standing(
    context: Context, record_type: RecordType, rule: Unique, rows: Sequence[Row]
) -> Mapping[int, Mapping[str, Any]]:  # fmt: skip
    """What records that are changed in a part of these fields have in the others."""
    ids = [row.id for row in rows if row.id is not None and not row.values.keys() >= set(rule.fields)]
    if not ids:
        return {}
    table, dialect = record_type.table, context.unit.database.dialect_name
    chosen = sa.select(table.c.id, *(table.c[name] for name in rule.fields)).where(id_in(table.c.id, dialect))
    return {row["id"]: row for row in context.unit.fetch(chosen, ids=json_text(ids))}
