"""Rows inside a record: lines (their own table) and links to several records (a join table).

They are saved by difference on the row's id: rows that did not change are not written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Problem, nearest
from lowcode.kernel.records import words
from lowcode.kernel.records.conditions import always_required
from lowcode.kernel.records.fields import Invalid
from lowcode.kernel.records.plan import Field, RecordType


@dataclass(slots=True)
class Difference:
    """What a save does to the rows of one field."""

    added: list[dict[str, Any]] = field(default_factory=list)
    changed: list[tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=list)
    removed: list[dict[str, Any]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    def as_history(self) -> dict[str, Any]:
        """The difference as history keeps it."""
        changed = [
            {
                "id": new["id"],
                "changes": {name: [old.get(name), new[name]] for name in new if new[name] != old.get(name)},
            }
            for old, new in self.changed
        ]
        return {"added": self.added, "removed": self.removed, "changed": changed}


class LinesPlan:
    """Saving the lines of one field."""

    def __init__(self, each: Field) -> None:
        assert each.rows is not None
        self.name = each.name
        self.rows: RecordType = each.rows
        table = each.rows.table
        self.columns = tuple(column.name for column in table.columns)
        self._select = (
            sa.select(table).where(table.c.parent == sa.bindparam("parent_id")).order_by(table.c.position, table.c.id)
        )
        self._update = (
            sa.update(table)
            .where(table.c.id == sa.bindparam("was_id"))
            .values(
                {
                    name: sa.bindparam(f"set_{name}", type_=table.c[name].type)
                    for name in self.columns
                    if name not in ("id", "parent")
                }
            )
        )
        self._delete = sa.delete(table).where(table.c.id == sa.bindparam("was_id"))
        self._settable = {
            f.name: (f.kind.coerce, f.options) for f in each.rows.fields.values() if f.kind and not f.computed
        }
        self._required = tuple(f.name for f in each.rows.fields.values() if always_required(f) and not f.computed)
        self._defaults = tuple(f for f in each.rows.fields.values() if not f.computed and f.options.default is not None)

    def load(self, context: Context, parent: int) -> list[dict[str, Any]]:
        """The rows as they stand, in order."""
        found = context.unit.fetch(self._select, parent_id=parent)
        for row in found:
            del row["parent"]
        return found

    def coerce(
        self, raw: Any, problems: list[Problem], before: Sequence[Mapping[str, Any]] = ()
    ) -> list[dict[str, Any]]:
        """Rows of what was sent; what is not sent of a row that is there stays as it was."""
        known = {row["id"]: row for row in before}
        if not isinstance(raw, (list, tuple)):
            problems.append(words.problem("not-a-list", f"/{self.name}"))
            return []
        found = []
        for position, sent in enumerate(raw):
            pointer = f"/{self.name}/{position}"
            if not isinstance(sent, Mapping):
                problems.append(words.problem("not-a-list", pointer))
                continue
            old = known.get(sent.get("id"))
            if sent.get("id") is not None and old is None:
                problems.append(words.problem("unknown-row", pointer, id=sent.get("id")))
                continue
            found.append(self._row(sent, old, pointer, position, problems))
        return found

    def _row(
        self,
        sent: Mapping[str, Any],
        old: Mapping[str, Any] | None,
        pointer: str,
        position: int,
        problems: list[Problem],
    ) -> dict[str, Any]:
        row: dict[str, Any] = {f.name: old[f.name] if old else None for f in self.rows.fields.values()}
        row["id"] = old["id"] if old else None
        row["position"] = position
        sent_names = set()
        for name, value in sent.items():
            if name in ("id", "position"):
                continue
            found = self._settable.get(name)
            if found is None:
                if name not in self.rows.fields:
                    near = nearest(name, self._settable) or ""
                    problems.append(
                        words.problem("unknown-field", f"{pointer}/{name}", field=name, form=self.name, near=near)
                    )
                continue
            sent_names.add(name)
            if value is None or value == "":
                row[name] = None
                continue
            try:
                row[name] = found[0](value, found[1])
            except Invalid as invalid:
                problems.append(Problem(invalid.code, invalid.message, f"{pointer}/{name}", invalid.values))
        for each in self._defaults:
            if old is not None or each.name in sent_names or each.kind is None:
                continue
            if each.default is not None:
                row.setdefault("@defaults", []).append(each)
            else:
                row[each.name] = each.kind.coerce(each.options.default, each.options)
        waiting = {each.name for each in row.get("@defaults", ())}
        problems.extend(
            words.problem("required", f"{pointer}/{name}", field=name)
            for name in self._required
            if row.get(name) is None and name not in waiting
        )
        return row

    def insert(self, context: Context, parent: int, rows: list[dict[str, Any]]) -> None:
        """Write the rows of a new record."""
        unit = context.unit
        prepared = unit.database.prepare_insert(self.rows.table, self.columns)
        for position, row in enumerate(rows):
            row["id"] = unit.new_id(self.rows.table)
            unit.write(prepared, {**dict.fromkeys(self.columns), **row, "parent": parent, "position": position})

    def difference(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
        """What changes between two lists of rows."""
        if before.get(self.name) is after.get(self.name):
            return Difference()
        old = {row["id"]: row for row in before.get(self.name) or []}
        difference = Difference()
        kept = set()
        for position, row in enumerate(after.get(self.name) or []):
            row["position"] = position
            known = old.get(row.get("id"))
            if known is None:
                difference.added.append(row)
                continue
            kept.add(row["id"])
            if any(row.get(name) != known.get(name) for name in self.columns if name not in ("id", "parent")):
                difference.changed.append((known, row))
        difference.removed = [row for identity, row in old.items() if identity not in kept]
        return difference

    def write(self, context: Context, parent: int, difference: Difference) -> None:
        """Write what changed."""
        if not difference:
            return
        unit = context.unit
        for row in difference.removed:
            unit.write(unit.database.prepare(self._delete), {"was_id": row["id"]})
        for _, row in difference.changed:
            unit.write(
                unit.database.prepare(self._update),
                {"was_id": row["id"], **{f"set_{name}": row.get(name) for name in self.columns}},
            )
        prepared = unit.database.prepare_insert(self.rows.table, self.columns)
        for row in difference.added:
            row["id"] = unit.new_id(self.rows.table)
            unit.write(prepared, {**dict.fromkeys(self.columns), **row, "parent": parent})


class LinksPlan(LinesPlan):
    """Saving links to several records: the rows are pairs in a join table."""

    def __init__(self, each: Field, record_type: RecordType) -> None:
        self.name = each.name
        table = self._table = record_type.joins[each.name]
        self._select = (
            sa.select(table.c.target).where(table.c.source == sa.bindparam("parent_id")).order_by(table.c.position)
        )
        pair = (table.c.source == sa.bindparam("was_source"), table.c.target == sa.bindparam("was_target"))
        self._delete = sa.delete(table).where(*pair)
        self._place = sa.update(table).where(*pair).values(position=sa.bindparam("set_position"))

    def load(self, context: Context, parent: int) -> list[Any]:
        """The ids linked to, in order."""
        return [row["target"] for row in context.unit.fetch(self._select, parent_id=parent)]

    def coerce(self, raw: Any, problems: list[Problem], before: Sequence[Any] = ()) -> list[Any]:
        """The field type made ids of them already."""
        return list(raw)

    def insert(self, context: Context, parent: int, rows: list[Any]) -> None:
        """Write the pairs."""
        prepared = context.unit.database.prepare_insert(self._table, ("source", "target", "position"))
        for position, target in enumerate(rows):
            context.unit.write(prepared, {"source": parent, "target": target, "position": position})

    def difference(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> Any:
        """The new list when it differs."""
        old, new = list(before.get(self.name) or []), list(after.get(self.name) or [])
        return None if old == new else _Relinked(old, new)

    def write(self, context: Context, parent: int, difference: Any) -> None:
        """Write what changed, pair by pair: one statement may hold all of it, and then nothing it deletes is gone when
        it inserts."""
        if difference is None:
            return
        unit, places = context.unit, {target: position for position, target in enumerate(difference.new)}
        for target in difference.old:
            if target not in places:
                unit.write(unit.database.prepare(self._delete), {"was_source": parent, "was_target": target})
        prepared = unit.database.prepare_insert(self._table, ("source", "target", "position"))
        before = {target: position for position, target in enumerate(difference.old)}
        for target, position in places.items():
            if target not in before:
                unit.write(prepared, {"source": parent, "target": target, "position": position})
            elif before[target] != position:
                values = {"was_source": parent, "was_target": target, "set_position": position}
                unit.write(unit.database.prepare(self._place), values)


@dataclass(frozen=True, slots=True)
class _Relinked:
    old: list[int]
    new: list[int]

    def as_history(self) -> Any:
        """Both lists."""
        return [self.old, self.new]


def lines_plan(each: Field, record_type: RecordType | None = None) -> LinesPlan:
    """How the rows of a field are saved."""
    return LinesPlan(each) if each.rows is not None or record_type is None else LinksPlan(each, record_type)
