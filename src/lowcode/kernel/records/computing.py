"""Stored formulas are computed on every save, before the rules and again after them."""

from __future__ import annotations

from typing import Any

from lowcode.kernel.contract import Change, Context, StageRun
from lowcode.kernel.expressions import Expression
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.records.rollups import rounded


def compute_stage(record_type: RecordType) -> StageRun | None:
    """The step that computes the stored formulas of a record and of its lines; None where there is none."""
    line_fields = [
        (field.name, field.rows.computed) for field in record_type.lines if field.rows and field.rows.computed
    ]
    own = [
        (each, any(name in record_type.relations for name in each.expression.rows))
        for each in record_type.computed
        if each.expression is not None
    ]
    if not own and not line_fields:
        return None

    def run(context: Context, change: Change) -> None:
        values = change.values
        moment = context.moment()
        for name, computed in line_fields:
            for row in values.get(name) or []:
                _compute_row(row, computed, values, moment)
        for each, gathered in own:
            if gathered:
                if change.before is None:
                    empty = {**values, **{relation: [] for relation in record_type.relations}}
                    values[each.name] = rounded(each, _value(each.expression, empty, moment))
                continue
            values[each.name] = rounded(each, _value(each.expression, values, moment))

    return run


def _value(expression: Expression | None, values: Any, moment: Any) -> Any:
    assert expression is not None
    return expression.evaluate(values, moment)


def _compute_row(row: dict[str, Any], computed: tuple[Field, ...], parent: dict[str, Any], moment: Any) -> None:
    for each in computed:
        assert each.expression is not None
        facts = row
        outer = [path for path in each.expression.paths if path.startswith("parent.")]
        if outer:
            facts = {**row, **{path: parent.get(path.removeprefix("parent.")) for path in outer}}
        row[each.name] = rounded(each, each.expression.evaluate(facts, moment))
