"""A form looked at while somebody fills it in: the write path up to the point where it would write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from lowcode.kernel.answers import has
from lowcode.kernel.contract import Change, Context, Operation, Parameters
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.records import save
from lowcode.kernel.records.facts import needs_of
from lowcode.kernel.records.fields.link_any import parts
from lowcode.kernel.records.foreseeing import Foreseen
from lowcode.kernel.records.labels import record_type_of
from lowcode.kernel.records.nested import below
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.records.references import reference
from lowcode.kernel.records.row_formulas import compute_sent, computed_in
from lowcode.kernel.records.save import SavePlan
from lowcode.kernel.records.show import plain


class Check(Parameters):
    """What the form holds now; `id` when it is a record that is there already."""

    form: str
    values: Mapping[str, Any]
    id: int | None = None


def check(context: Context, params: Check) -> Annotated[dict[str, Any], has(values=dict, errors=list[dict])]:
    """What the form would be when it is saved, and what is wrong with it; nothing is written."""
    host: Any = context.host
    record_type = record_type_of(context, params.form)
    plan, grant = host.save_plan(record_type), host.grant(record_type, context.actor)
    if params.id is None:
        change = save.draft(context, plan, grant, params.values)
    else:
        change = save.redraft(context, plan, grant, params.id, params.values, None)
    sent = dict(change.values)
    problems = list(examined(context, plan, change))
    ways = [each.name for each in record_type.lines]
    compute_sent(context, record_type, change.values, computed_in(record_type, ways, grant.kept))
    locale = context.actor.locale
    return {
        "values": _computed(context, plan, change, sent, grant.hidden, _without(problems)),
        "errors": [
            {"pointer": each.pointer, "code": each.code, "detail": each.words(locale), "values": plain(each.values)}
            for each in problems
        ],
    }


def examined(context: Context, plan: SavePlan, change: Change, foreseen: Foreseen | None = None) -> list[Any]:
    """Every problem of a change, and of one that is otherwise right what would be refused once it is written: of a link
    that somebody may not use nothing above is told. `foreseen`: after what has been looked at so far."""
    return amiss(context, plan, change) or [*(foreseen or Foreseen(context)).against(plan, change)]


def amiss(context: Context, plan: SavePlan, change: Change) -> list[Any]:
    """Every problem of a change before it is written, also of a step that refuses at once."""
    refused: Sequence[Any] = ()
    try:
        save.examine(context, plan, change)
    except Rejected as error:
        refused = error.problems
    return [*change.problems, *refused]


def _without(problems: Sequence[Any]) -> frozenset[str]:
    """The fields whose links lead nowhere."""
    return frozenset(each.pointer.split("/")[1] for each in problems if each.code == "records.link-not-found")


def _computed(
    context: Context, plan: SavePlan, change: Change, sent: Mapping[str, Any], hidden: frozenset[str],
    lost: frozenset[str],
) -> dict[str, Any]:  # fmt: skip
    """The formulas, and what rules set beside what was sent, as far as the person may see them; what leads nowhere
    (`lost`) stays as it was sent."""
    found: dict[str, Any] = {}
    for name, field in plan.record_type.fields.items():
        if name in hidden:
            continue
        if field.rows is not None:
            if any(each.computed for way, rows in plan.record_type.rows_below for each in rows.fields.values()
                   if way.partition(".")[0] == name):  # fmt: skip
                found[name] = _row_values(field.rows, change.values.get(name) or [], below(hidden, name))
        elif field.options_type in ("formula", "rollup"):
            found[name] = shown(context, field, _value(context, plan, change, field))
        elif name not in lost and change.values.get(name) != sent.get(name):
            found[name] = shown(context, field, change.values.get(name))
    return found


def _row_values(
    rows: RecordType, values: Sequence[Mapping[str, Any]], hidden: frozenset[str]
) -> list[dict[str, Any]]:  # fmt: skip
    """What is computed in rows, and in the rows in them."""
    found = []
    for row in values:
        shown = {}
        for name, each in rows.fields.items():
            if name in hidden:
                continue
            if each.rows is not None:
                shown[name] = _row_values(each.rows, row.get(name) or [], below(hidden, name))
            elif each.computed:
                shown[name] = plain(row.get(name))
        found.append(shown)
    return found


def _value(context: Context, plan: SavePlan, change: Change, field: Field) -> Any:
    if field.stored or field.expression is None:
        return change.values.get(field.name)
    facts = save.with_facts(context, plan, _with_relations(plan.record_type, change), needs_of((field.expression,)))
    return field.expression.evaluate(facts, context.moment())


def _with_relations(record_type: RecordType, change: Change) -> Mapping[str, Any]:
    """A record that is not there yet has nothing that links to it."""
    if change.before is not None:
        return change.values
    return {**change.values, **{name: [] for name in record_type.relations}}


def shown(context: Context, field: Field, value: Any) -> Any:
    """A value as it is read: links with their words."""
    if value is not None and field.options_type == "link_any":
        form, identity = parts(value)
        return {"form": form, **reference(context, form, identity)}
    target = field.target or field.type.record or ("user" if field.type.kind == "user" else None)
    if value is not None and target is not None and isinstance(value, int):
        return reference(context, target, value)
    if value is not None and field.kind is not None and not field.computed:
        return field.kind.show(value, field.options)
    return plain(value)


OPERATIONS = (
    Operation(
        "forms.check", check, Check, writes=False,
        summary={"en": "Check a form while it is filled in", "zh-CN": "检查正在填写的表单"},
    ),
)  # fmt: skip
