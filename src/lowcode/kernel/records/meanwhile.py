"""What somebody else did to a record since a person saw it, and whether it goes together with what they do now.

Fields that only one of both changed are no conflict; rows and lists are merged (`merging`). For that they are needed as
the person saw them: the history leads back there from how they are. Where it keeps only that a field changed (it is
encrypted, or without `history`), two values of it do not go together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lowcode.kernel.contract import Change, Context
from lowcode.kernel.diagnostics import Conflict, Problem
from lowcode.kernel.records import words
from lowcode.kernel.records.fields import Invalid
from lowcode.kernel.records.fields.kind import Coerce
from lowcode.kernel.records.fields.masking import Untold
from lowcode.kernel.records.keeping import UNKEPT
from lowcode.kernel.records.lines import LinesPlan, has_rows, list_of
from lowcode.kernel.records.merging import Collision, merge_lists, merge_rows, pointer_among
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.records.references import in_text, reference
from lowcode.kernel.records.renamed import by_names_of_now, names_of_now
from lowcode.kernel.records.veil import HIDDEN, masked, shown, veiled

if TYPE_CHECKING:
    from lowcode.kernel.records.save import SavePlan

BLANK = {"en": "blank", "zh-CN": "空"}
NAMED = 2
"""So many columns name a row."""


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """The fields others changed since; `seen` is the record as the person saw it, with its rows."""

    changed: frozenset[str]
    now: Mapping[str, Any]
    seen: Mapping[str, Any]


def meanwhile(
    context: Context, plan: SavePlan, now: Mapping[str, Any], version: int, *, stored: bool = True
) -> Meanwhile:
    """What changed since a version. Raises Conflict where that cannot be said: there was no such version, its history
    is gone or was erased. `stored`: whether the record is as it stands, and not only foreseen."""
    history = plan.record_type.history.c
    statement = (
        sa.select(history.version, history.kind, history.changes)
        .where(history.record_id == sa.bindparam("id"), history.version > sa.bindparam("version"))
        .order_by(history.id.desc())
    )
    whole = Conflict(words.problem("changed-meanwhile", "", form=plan.record_type.name, id=now["id"]))
    if not 0 < version < now["version"]:
        raise whole  # no version that anybody can have seen
    entries = [row for row in context.unit.fetch(statement, id=now["id"], version=version) if row["kind"] != "revealed"]
    names = names_of_now(context, plan.record_type)
    for row in entries:
        row["changes"] = by_names_of_now(names, row["changes"])
    told = len({row["version"] for row in entries}) == now["version"] - version
    if (stored and not told) or any(row["kind"] == "erased" for row in entries):
        raise whole
    seen = dict(now)
    rows = {each.name: each for each in plan.lines if has_rows(each)}
    changed = frozenset(name for row in entries for name in row["changes"])
    for name in changed & plan.coercers.keys():
        changes = [row["changes"][name] for row in entries if name in row["changes"]]
        if name in rows:
            seen[name] = rows_as_seen(rows[name], now[name], changes)
        elif changes[-1] == UNKEPT:
            seen[name] = Untold()
        else:
            field = plan.record_type.fields.get(name)
            seen[name] = _value_of(field, plan.coercers[name], changes[-1][0], now.get(name))
    return Meanwhile(changed, now, seen)


def rows_as_seen(lines: LinesPlan, now: Sequence[Any], changes: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The rows before their changes, the newest change first."""
    rows: list[Any] = list(now)
    for change in changes:
        rows = rows_before(rows, change)
    return _typed(lines, rows, now)


def rows_before(rows: Sequence[Any], change: Mapping[str, Any]) -> list[Any]:
    """Rows of a record before a change of them, as the history keeps it; ids that were linked to likewise."""
    if not any(isinstance(each, Mapping) for part in ("added", "removed") for each in change.get(part) or ()) and not (
        change.get("changed")
    ):
        gone = set(change.get("added") or ())
        return [*(each for each in rows if each not in gone), *(change.get("removed") or ())]
    added = {row["id"] for row in change.get("added") or ()}
    changed = {row["id"]: row["changes"] for row in change.get("changed") or ()}
    found = [
        {**row, **{name: _before(row.get(name), each) for name, each in changed.get(row.get("id"), {}).items()}}
        for row in rows
        if row.get("id") not in added
    ]
    found.extend(dict(row) for row in change.get("removed") or ())
    return found


def _before(now: Any, change: Any) -> Any:
    """What a column was: the first of a pair, or the rows in it before their own change."""
    return rows_before(now or [], change) if isinstance(change, Mapping) else change[0]


def _typed(lines: LinesPlan, rows: Sequence[Mapping[str, Any]], now: Sequence[Mapping[str, Any]]) -> list[Any]:
    """Rows in their order, with values as the table holds them where the history told them as JSON."""
    there = {row["id"]: row for row in now}
    found = []
    for row in sorted(rows, key=lambda row: int(row.get("position") or 0)):
        known = there.get(row["id"], {})
        columns = {
            name: _value_of(lines.rows.fields[name], coerce, row.get(name), known.get(name))
            for name, coerce in lines.settable.items()
        }
        typed = {**row, **columns}
        for inner in lines.inner:
            typed[inner.name] = _typed(inner, row.get(inner.name) or (), known.get(inner.name) or ())
        found.append(typed)
    return found


def _value_of(field: Field | None, coerce: Coerce, value: Any, now: Any) -> Any:
    """A value of a column as the table holds it. `now` is the one that is there: what is that very one is typed."""
    if value is None or value is now:
        return value
    if field is not None and (field.confidential or field.sealed) and value == HIDDEN:
        return Untold()
    try:
        return coerce(value)
    except Invalid:
        return value  # it could not be set today: it is like nothing that can


def reconcile(
    context: Context, plan: SavePlan, grant: Grant, since: Meanwhile, coerced: dict[str, Any], problems: list[Problem]
) -> dict[str, list[Any]]:
    """Merge what was sent with what others did; the rows as they were sent, of the fields where that was done. Raises
    Conflict with everything that both changed differently."""
    if not coerced or any(each.code == "records.unknown-row" for each in problems):
        raise Conflict(words.problem("changed-meanwhile", "", form=plan.record_type.name, id=since.now["id"]))
    rows = {each.name: each for each in plan.lines if has_rows(each)}
    merged: dict[str, list[Any]] = {}
    refused: list[Problem] = []
    theirs = shown(plan.record_type, grant.kept, veiled(plan.record_type, grant.veiled, since.now))
    for name in [name for name in coerced if name in since.changed]:
        if name in rows:
            sent = coerced[name]
            shape = rows[name].whole if context.actor.is_app else rows[name].shape
            coerced[name], collisions = merge_rows(shape, since.seen[name], sent, since.now[name])
            merged[name] = sent
            telling = _Telling(context, plan.record_type, grant, name)
            refused += (telling.problem(each) for each in collisions)
        elif not _goes(plan, since, coerced, name):
            refused.append(words.problem("changed-meanwhile-field", f"/{name}", field=name, theirs=theirs.get(name)))
    if refused:
        raise Conflict(refused)
    return merged


def _goes(plan: SavePlan, since: Meanwhile, coerced: dict[str, Any], name: str) -> bool:
    """Whether what was sent of a field that others changed goes with that; then it is in `coerced` as it shall be."""
    seen, mine, theirs = since.seen.get(name), coerced[name], since.now.get(name)
    if mine == theirs or theirs == seen:
        return True
    if mine == seen:
        del coerced[name]  # sent as it was: who sends a whole record changes what is different in it
        return True
    field = plan.record_type.fields.get(name)
    make = None if field is None or isinstance(seen, Untold) else list_of(field)
    together = None if make is None else merge_lists(make, seen, mine, theirs)
    if together is not None:
        coerced[name] = together[0]
    return together is not None


def as_sent(plan: SavePlan, change: Change) -> list[Problem]:
    """What is wrong with a change, at the places where what was sent has it."""
    shapes = {each.name: each.shape for each in plan.lines if has_rows(each)}
    found = []
    for each in change.problems:
        name, _, rest = each.pointer.removeprefix("/").partition("/")
        if name in change.merged and rest:
            at = pointer_among(shapes[name], change.merged[name], change.values[name], f"/{rest}")
            each = replace(each, pointer=f"/{name}{at}")
        found.append(each)
    return found


@dataclass(frozen=True, slots=True)
class _Telling:
    """Says what two people disagree on in rows, as far as this one may see it."""

    context: Context
    record_type: RecordType
    grant: Grant
    name: str

    def problem(self, each: Collision) -> Problem:
        """The words of one collision."""
        way = (self.name, *each.way)
        rows = self.record_type
        for step in way:
            rows = rows.fields[step].rows or rows
        pointer = f"/{self.name}{each.pointer}"
        if each.kind == "order":
            return words.problem("changed-meanwhile-order", pointer, field=way[-1])
        row = each.theirs or each.mine or each.base
        told: dict[str, Any] = {
            "field": way[-1], "row": ".".join(map(str, each.numbers)), "id": each.base.get("id"),
            "name": self._name(rows, way, row),
        }  # fmt: skip
        if each.kind != "cell":
            return words.problem(f"changed-meanwhile-{each.kind}", pointer, **told)
        field = rows.fields[each.column]
        told.update(column=each.column, title=field.title or each.column)
        for side in ("mine", "theirs", "base"):
            told[side] = self._value(field, way, getattr(each, side).get(each.column))
        return words.problem("changed-meanwhile-cell", pointer, **told)

    def _name(self, rows: RecordType, way: Sequence[str], row: Mapping[str, Any]) -> str:
        """By what a row is known: the first columns of it that say something."""
        found: list[str] = []
        for field in rows.fields.values():
            told = field.kind is not None and not field.computed and field.rows is None and not field.confidential
            told = told and ".".join((*way, field.name)) not in self.grant.kept
            if told and row.get(field.name) is not None and len(found) < NAMED:
                value = self._value(field, way, row[field.name])
                found.append(Problem("", "{value}", "", {"value": value}).words(self.context.actor.locale))
        return " · ".join(found)

    def _value(self, field: Field, way: Sequence[str], value: Any) -> Any:
        """A value as a person reads it: by its title or label, under its mask."""
        if value is None:
            return BLANK
        path = ".".join((*way, field.name))
        if path in self.grant.kept or isinstance(value, Untold):
            return HIDDEN
        if path in self.grant.veiled:
            return masked(value, field.options.mask or "all")
        if field.target is not None and isinstance(value, int):
            return in_text(reference(self.context, field.target, value), self.context.actor.locale)
        if isinstance(value, str) and value in field.titles:
            return field.titles[value] or value
        if isinstance(value, (list, tuple)):
            return [field.titles.get(each) or each if isinstance(each, str) else str(each) for each in value]
        if field.kind is None:
            return str(value)
        return field.kind.show(value, field.options)
