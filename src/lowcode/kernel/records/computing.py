"""Stored formulas are computed on every save, before the rules and again after them.

What follows other records is computed here too where the save changes what it reads of its own record, so that rules
and checks see it; it is written when the record is (`rollups.refresh_own`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lowcode.kernel.contract import Change, Context, StageRun
from lowcode.kernel.expressions import Expression
from lowcode.kernel.records.completing import load_facts
from lowcode.kernel.records.facts import Needs
from lowcode.kernel.records.fields.named import DIRECTORY
from lowcode.kernel.records.nested import Row, flattened, rows_at
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.records.rollups import hold, inputs
from lowcode.kernel.records.rounding import rounded


def compute_stage(record_type: RecordType) -> StageRun | None:
    """The step that computes the stored formulas of a record and of its lines; None where there is none."""
    line_fields = [(way, rows.computed) for way, rows in reversed(record_type.rows_below) if rows.computed]
    along = record_type.relations.keys() | {name for name, each in record_type.fields.items() if each.several}
    own = [
        (each, frozenset(along & each.expression.rows.keys()))
        for each in record_type.computed
        if each.expression is not None
    ]
    if not own and not line_fields:
        return None
    read = {name for each, _ in own if each.expression is not None for name in each.expression.rows}
    ways = [way for way, _ in record_type.rows_below if "." in way and way in read]

    def run(context: Context, change: Change) -> None:
        values = change.values
        moment = context.moment()
        for way, computed in line_fields:
            for row in rows_at(values, way):
                _compute_row(row, computed, moment)
        deep = {way: flattened(values, way) for way in ways}
        for each, others in own:
            if not others:
                facts = {**values, **deep} if deep else values
                values[each.name] = rounded(each, _value(each.expression, facts, moment))
            elif change.before is None or _moved(inputs(each), values, change.before):
                facts = {**values, **deep, **_others(context, record_type, values, each, others)}
                values[each.name] = rounded(each, _value(each.expression, facts, moment))

    return run


def _value(expression: Expression | None, values: Any, moment: Any) -> Any:
    assert expression is not None
    return expression.evaluate(values, moment)


def _moved(names: Iterable[str], values: Mapping[str, Any], before: Mapping[str, Any]) -> bool:
    return any(values.get(name) != before.get(name) for name in names)


def _others(
    context: Context, record_type: RecordType, values: Mapping[str, Any], each: Field, along: Iterable[str]
) -> dict[str, list[dict[str, Any]]]:
    """The records that a field is gathered from: those that link here, and those this one links to."""
    assert each.expression is not None
    found: dict[str, list[dict[str, Any]]] = {}
    for name in along:
        paths = frozenset(each.expression.rows[name])
        if name in record_type.relations:
            found[name] = []
            if values.get("id") is not None:
                needs = Needs(frozenset(), frozenset({(name, paths)}))
                found[name] = load_facts(context, record_type.name, [values["id"]], needs)[values["id"]][name]
        else:
            found[name] = _linked(context, record_type.fields[name], values.get(name) or (), paths)
    return found


def _linked(context: Context, field: Field, ids: Iterable[int], paths: frozenset[str]) -> list[dict[str, Any]]:
    """The living records that a `links` field names, in its order. They are held until the save is done: whoever
    changes one of them meanwhile would not see yet that this record follows it."""
    host: Any = context.host
    listed = list(ids)
    if not listed:
        return []
    if field.options_type in DIRECTORY:
        people = load_facts(context, DIRECTORY[field.options_type], listed, Needs(paths, frozenset()))
        return [people[each] for each in listed]
    target: RecordType = host.types[field.target or ""]
    hold(context, target, listed, shared=True)
    known = load_facts(context, target.name, listed, Needs(paths | {"deleted_at"}, frozenset()))
    return [known[each] for each in listed if each in known and known[each]["deleted_at"] is None]


def _compute_row(row: Row, computed: tuple[Field, ...], moment: Any) -> None:
    for each in computed:
        assert each.expression is not None
        outer = any(path.startswith("parent.") for path in each.expression.paths)
        facts = row.facts() if outer else row.values
        row.values[each.name] = rounded(each, each.expression.evaluate(facts, moment))
