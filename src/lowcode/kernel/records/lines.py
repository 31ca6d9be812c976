"""Rows inside a record: lines (their own table), lines in these, and links to several records (a join table).

They are saved by difference on the row's id: rows that did not change are not written. A record and all of its rows
are one tree: one version, one change in the history.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import TOLD, Problem, nearest
from lowcode.kernel.records import words
from lowcode.kernel.records.facts import id_in
from lowcode.kernel.records.fields import Invalid
from lowcode.kernel.records.fields.kind import coercer_of
from lowcode.kernel.records.merging import Make, Shape
from lowcode.kernel.records.nested import Back, below, changed_columns
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.records.veil import HIDDEN, is_mask_of
from lowcode.kernel.storage.types import json_text

NOTHING: frozenset[str] = frozenset()


@dataclass(slots=True)
class Difference:
    """What a save does to the rows of one field."""

    lines: LinesPlan
    added: list[dict[str, Any]] = field(default_factory=list)
    changed: list[Changed] = field(default_factory=list)
    removed: list[dict[str, Any]] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)

    def as_history(self) -> dict[str, Any]:
        """The difference as history keeps it: of what is encrypted, only that it changed."""
        told = {"added": self.added, "removed": self.removed, "changed": [each.as_history() for each in self.changed]}
        return self.lines.told(told)  # type: ignore[no-any-return]


@dataclass(slots=True)
class Changed:
    """One row that becomes another, and what becomes of the rows in it."""

    old: dict[str, Any]
    new: dict[str, Any]
    columns: tuple[str, ...]
    inner: tuple[Difference, ...]

    def as_history(self) -> dict[str, Any]:
        """What changed in it."""
        changes: dict[str, Any] = {name: [self.old.get(name), self.new[name]] for name in self.columns}
        for each in self.inner:
            if each:
                changes[each.lines.name] = {
                    "added": each.added, "removed": each.removed, "changed": [one.as_history() for one in each.changed],
                }  # fmt: skip
        return {"id": self.new["id"], "changes": changes}


class LinesPlan:
    """Saving the lines of one field."""

    def __init__(self, each: Field) -> None:
        assert each.rows is not None
        self.name = each.name
        self.rows: RecordType = each.rows
        self.inner: tuple[LinesPlan, ...] = tuple(LinesPlan(below) for below in each.rows.lines)
        table = each.rows.table
        self.columns = tuple(column.name for column in table.columns)
        order = (table.c.position, table.c.id)
        self._select = sa.select(table).where(table.c.parent == sa.bindparam("parent_id")).order_by(*order)
        self._select_all = {
            dialect: sa.select(table).where(id_in(table.c.parent, dialect)).order_by(table.c.parent, *order)
            for dialect in ("sqlite", "postgresql")
        }
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
        self.settable = {
            f.name: coercer_of(f.kind, f.options) for f in each.rows.fields.values() if f.kind and not f.computed
        }
        self._deeper = {plan.name: plan for plan in self.inner}
        self._read_only = frozenset(f.name for f in each.rows.fields.values() if f.options.read_only)
        self.shape, self.whole = _shapes(self)
        self._required = tuple(
            f.name for f in each.rows.fields.values() if f.always_required and not f.computed and f.rows is None
        )
        self._filled = tuple(plan.name for plan in self.inner if each.rows.fields[plan.name].required)
        self._defaults = tuple(f for f in each.rows.fields.values() if not f.computed and f.options.default is not None)
        self._untold = each.rows.untold

    def load(self, context: Context, parent: int) -> list[dict[str, Any]]:
        """The rows as they stand, in order, with the rows in them."""
        found = context.unit.fetch(self._select, parent_id=parent)
        for row in found:
            del row["parent"]
        self._load_inner(context, found)
        return found

    def load_many(self, context: Context, parents: Sequence[int]) -> dict[int, list[Any]]:
        """The rows of several records."""
        found: dict[int, list[Any]] = {each: [] for each in parents}
        rows = context.unit.fetch(self._select_all[context.unit.database.dialect_name], ids=json_text(list(parents)))
        for row in rows:
            found[row.pop("parent")].append(row)
        self._load_inner(context, rows)
        return found

    def _load_inner(self, context: Context, rows: Sequence[dict[str, Any]]) -> None:
        ids = [row["id"] for row in rows]
        for plan in self.inner if ids else ():
            below = plan.load_many(context, ids)
            for row in rows:
                row[plan.name] = below[row["id"]]

    def told(self, change: Any) -> Any:
        """A change of rows as the history keeps it: of what is encrypted in them, only that it changed."""
        return changed_columns(change, self._untold, lambda _, value: None if value is None else HIDDEN)

    def coerce(
        self,
        raw: Any,
        problems: list[Problem],
        before: Sequence[Mapping[str, Any]] = (),
        pointer: str = "",
        veiled: frozenset[str] = frozenset(),
        held: bool = False,
    ) -> list[dict[str, Any]]:
        """Rows of what was sent; what is not sent of a row that is there stays as it was, and so does what was sent as
        its mask. `veiled`: the columns this person sees under one; `held`: read-only columns are not theirs to set."""
        at = f"{pointer}/{self.name}"
        known = {row["id"]: row for row in before}
        if not isinstance(raw, (list, tuple)):
            problems.append(words.problem("not-a-list", at))
            return []
        found = []
        for position, sent in enumerate(raw):
            if not isinstance(sent, Mapping):
                problems.append(words.problem("not-a-list", f"{at}/{position}"))
                continue
            identity = sent.get("id")
            old = known.get(identity) if identity.__class__ is int else None
            if identity is not None and old is None:
                problems.append(words.problem("unknown-row", f"{at}/{position}", id=identity))
                continue
            row = _as_it_was(self, old, position)
            read_only = self._read_only if held and not isinstance(sent, Back) else NOTHING
            names = set(self._values(row, sent, old, f"{at}/{position}", problems, veiled, read_only, held))
            self._complete(row, old, names, f"{at}/{position}", problems)
            found.append(row)
        return found

    def _values(
        self, row: dict[str, Any], sent: Mapping[str, Any], old: Mapping[str, Any] | None, pointer: str,
        problems: list[Problem], veiled: frozenset[str], read_only: frozenset[str], held: bool,
    ) -> Iterable[str]:  # fmt: skip
        """Put what was sent into the row; the names that were."""
        for name, value in sent.items():
            if name in ("id", "position"):
                continue
            deeper = self._deeper.get(name)
            if deeper is not None:
                former = (old or {}).get(name) or ()
                row[name] = deeper.coerce(value or [], problems, former, pointer, below(veiled, name), held)
                yield name
                continue
            coerce = self.settable.get(name)
            if coerce is None:
                if name not in self.rows.fields and len(problems) < TOLD:
                    near = nearest(name, (*self.settable, *self._deeper)) or ""
                    at = f"{pointer}/{name}"
                    problems.append(words.problem("unknown-field", at, field=name, form=self.name, near=near))
                continue
            if name in veiled and is_mask_of(value, (old or {}).get(name), self.rows.fields[name].options):
                continue
            yield name
            row[name] = _understood(coerce, value, f"{pointer}/{name}", problems, row.get(name))
            if name in read_only and row[name] != (old or {}).get(name):
                problems.append(words.problem("read-only", f"{pointer}/{name}", field=name))

    def _complete(
        self, row: dict[str, Any], old: Mapping[str, Any] | None, sent: set[str], pointer: str, problems: list[Problem]
    ) -> None:
        """Defaults of a new row, and what is missing."""
        for each in self._defaults:
            if old is not None or each.name in sent or each.kind is None:
                continue
            if each.default is not None:
                row.setdefault("@defaults", []).append(each)
            else:
                row[each.name] = each.kind.coerce(each.options.default, each.options)
        waiting = {each.name for each in row.get("@defaults", ())}
        _demand(row, [name for name in (*self._required, *self._filled) if name not in waiting], pointer, problems)

    def insert(self, context: Context, parent: int, rows: list[dict[str, Any]]) -> None:
        """Write the rows of a new record, or of a new row."""
        for position, row in enumerate(rows):
            row["position"] = position
            self._insert(context, parent, row)

    def _insert(self, context: Context, parent: int, row: dict[str, Any]) -> None:
        unit = context.unit
        prepared = unit.database.prepare_insert(self.rows.table, self.columns)
        row["id"] = unit.new_ids(self.rows.table, 1)[0]
        unit.write(prepared, {**dict.fromkeys(self.columns), **row, "parent": parent})
        for plan in self.inner:
            plan.insert(context, row["id"], row.get(plan.name) or [])

    def difference(self, before: Mapping[str, Any], after: Mapping[str, Any]) -> Difference:
        """What changes between two lists of rows."""
        found = Difference(self)
        if before.get(self.name) is after.get(self.name):
            return found
        old = {row["id"]: row for row in before.get(self.name) or []}
        kept = set()
        for position, row in enumerate(after.get(self.name) or []):
            row["position"] = position
            known = old.get(row.get("id"))
            if known is None:
                found.added.append(row)
                continue
            kept.add(row["id"])
            columns = tuple(
                name for name in self.columns if name not in ("id", "parent") and row.get(name) != known.get(name)
            )
            inner = tuple(plan.difference(known, row) for plan in self.inner)
            if columns or any(inner):
                found.changed.append(Changed(known, row, columns, inner))
        found.removed = [row for identity, row in old.items() if identity not in kept]
        return found

    def write(self, context: Context, parent: int, difference: Difference) -> None:
        """Write what changed. With a row go the rows in it: the database sees to that."""
        if not difference:
            return
        unit = context.unit
        for row in difference.removed:
            unit.write(unit.database.prepare(self._delete), {"was_id": row["id"]})
        for each in difference.changed:
            if each.columns:
                values = {f"set_{name}": each.new.get(name) for name in self.columns}
                unit.write(unit.database.prepare(self._update), {"was_id": each.new["id"], **values})
            for plan, inner in zip(self.inner, each.inner, strict=True):
                plan.write(context, each.new["id"], inner)
        for row in difference.added:
            self._insert(context, parent, row)


def _shapes(plan: LinesPlan) -> tuple[Shape, Shape]:
    """What people set of the rows, and what the app sets of them: read-only columns, too."""
    several, all_of_them = lists_in(plan.rows), tuple(plan.settable)
    free = tuple(name for name in all_of_them if not plan.rows.fields[name].options.read_only)
    return (
        Shape(free, {each.name: each.shape for each in plan.inner}, several),
        Shape(all_of_them, {each.name: each.whole for each in plan.inner}, several),
    )


def _as_it_was(plan: LinesPlan, old: Mapping[str, Any] | None, position: int) -> dict[str, Any]:
    row: dict[str, Any] = {name: (old or {}).get(name) for name, each in plan.rows.fields.items() if each.stored}
    for each in plan.inner:
        row[each.name] = list(row[each.name] or ())
    row["id"] = old["id"] if old else None
    row["position"] = position
    return row


class LinksPlan(LinesPlan):
    """Saving links to several records, or the names of several people: the rows are pairs in a table of their own."""

    def __init__(self, each: Field, record_type: RecordType) -> None:
        self.name = each.name
        self.inner = ()
        self._untold = frozenset()
        table = self._table = record_type.joins[each.name]
        self._select = (
            sa.select(table.c.target).where(table.c.source == sa.bindparam("parent_id")).order_by(table.c.position)
        )
        self._select_all = {
            dialect: sa.select(table.c.source, table.c.target).where(id_in(table.c.source, dialect))
            .order_by(table.c.source, table.c.position)
            for dialect in ("sqlite", "postgresql")
        }  # fmt: skip
        pair = (table.c.source == sa.bindparam("was_source"), table.c.target == sa.bindparam("was_target"))
        self._delete = sa.delete(table).where(*pair)
        self._place = sa.update(table).where(*pair).values(position=sa.bindparam("set_position"))

    def load(self, context: Context, parent: int) -> list[Any]:
        """The ids linked to, in order."""
        return [row["target"] for row in context.unit.fetch(self._select, parent_id=parent)]

    def load_many(self, context: Context, parents: Sequence[int]) -> dict[int, list[Any]]:
        """The ids that several records link to."""
        found: dict[int, list[Any]] = {each: [] for each in parents}
        statement = self._select_all[context.unit.database.dialect_name]
        for row in context.unit.fetch(statement, ids=json_text(list(parents))):
            found[row["source"]].append(row["target"])
        return found

    def coerce(
        self,
        raw: Any,
        problems: list[Problem],
        before: Sequence[Any] = (),
        pointer: str = "",
        veiled: frozenset[str] = frozenset(),
        held: bool = False,
    ) -> list[Any]:
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


def _understood(
    coerce: Callable[[Any], Any], value: Any, pointer: str, problems: list[Problem], otherwise: Any
) -> Any:  # fmt: skip
    """What was meant by a value; `otherwise` where it means nothing, which is said."""
    if value is None or value == "":
        return None
    try:
        return coerce(value)
    except Invalid as invalid:
        problems.append(Problem(invalid.code, invalid.message, pointer, invalid.values))
        return otherwise


def _demand(row: Mapping[str, Any], names: Iterable[str], pointer: str, problems: list[Problem]) -> None:
    """Say what a row lacks, where what was sent was not said to mean nothing already."""
    missing = [name for name in names if row.get(name) in (None, [])]
    told = {each.pointer for each in problems} if missing else ()
    problems.extend(
        words.problem("required", at, field=name) for name in missing if (at := f"{pointer}/{name}") not in told
    )


def list_of(each: Field) -> Make | None:
    """What a field of several (tags, options, files, links) makes of a list; None of any other field."""
    kind, options = each.kind, each.options
    if kind is None or each.computed or (each.type.kind != "multi" and not each.several):
        return None
    coerce, most = coercer_of(kind, options), getattr(options, "max_files", None)

    def make(values: list[Any]) -> Any:
        if most is not None and len(values) > most:
            found = words.problem("too-many-files", "", limit=most)
            raise Invalid(found.code, found.message, **found.values)
        return coerce(values) if values or each.several else None

    return make


def lists_in(owner: RecordType) -> dict[str, Make]:
    """The fields of several, each with what it makes of a list."""
    found = ((name, list_of(each)) for name, each in owner.fields.items())
    return {name: make for name, make in found if make is not None}


def lines_plan(each: Field, record_type: RecordType | None = None) -> LinesPlan:
    """How the rows of a field are saved."""
    return LinesPlan(each) if each.rows is not None or record_type is None else LinksPlan(each, record_type)


def has_rows(lines: LinesPlan) -> bool:
    """Whether rows with columns are saved, and not links."""
    return not isinstance(lines, LinksPlan)
