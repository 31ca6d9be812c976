"""Funnels to plans."""

from __future__ import annotations

from typing import Any

from lowcode.reports.asking import Asking, Understanding, options_of
from lowcode.reports.definition import FunnelDefinition
from lowcode.reports.plan import Column, Facts, FunnelPlan

FUNNEL_TITLES = {
    "reached": {"zh-CN": "到达数", "en": "Reached"},
    "value": {"zh-CN": "金额", "en": "Value"},
    "conversion": {"zh-CN": "阶段转化率", "en": "From the stage before"},
    "overall": {"zh-CN": "总转化率", "en": "From the first stage"},
    "lost": {"zh-CN": "流失数", "en": "Lost"},
    "days": {"zh-CN": "平均停留（天）", "en": "Days on average"},
}


def compile_funnel(known: Understanding, document: FunnelDefinition, source: Any) -> FunnelPlan | None:
    """One funnel."""
    asking = Asking(known, document, source, None)
    form = document.form
    record = known.scope.records.get(form) if form is not None else None
    if form is None or record is None:
        known.scope.find("form", form or "", source.place("/form"), known.found)
        return None
    known.scope.note_records(form, source.place("/form"))
    field = record.fields.get(document.field)
    if field is None or field.options_type != "state":
        states = [each.name for each in record.states]
        asking.wrong("not-a-state", "/field", seen=document.field, form=form, known=states)
        return None
    options: list[Any] = list(getattr(field.options, "states", ()))
    names = [each.name for each in options]
    for index, state in enumerate(document.states):
        if state not in names:
            asking.wrong("unknown-state", f"/states/{index}", field=document.field, seen=state, known=names)
    states = document.states or [each.name for each in options if each.won or not each.closed]
    value = asking.expression(document.value, "/value", form) if document.value is not None else None
    facts = Facts(form, asking.condition(form), (), (), asking.period(form, asking.date), asking.conditions(form))
    columns = [
        Column(document.field, field.title or document.field, "dimension", "choice", options=options_of(field)),
        number_column("reached", 0),
        *([number_column("value", 2, "money")] if value is not None else []),
        number_column("conversion", 4, "percent"),
        number_column("overall", 4, "percent"),
        number_column("lost", 0),
        number_column("days", 1),
    ]
    return FunnelPlan(
        document.name, document.title or document.name, form, frozenset(document.roles), document.where,
        document.date, document.field, tuple(states), facts, value, tuple(columns), asking.filter_texts(form),
        document.period, tuple(document.drill.columns), document.chart,
    )  # fmt: skip


def number_column(name: str, scale: int, shown: str | None = None) -> Column:
    return Column(name, FUNNEL_TITLES[name], "measure", "number", scale, shown)
