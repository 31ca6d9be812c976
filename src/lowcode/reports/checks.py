"""What is asked of a report when all of it is understood: do sorting, chart and drill speak of its columns."""

from __future__ import annotations

from lowcode.reports.asking import Asking, Understanding
from lowcode.reports.definition import ReportDefinition
from lowcode.reports.plan import ADDED, ReportPlan


def _second(document: ReportDefinition, name: str) -> str:
    """Where a name is written for the second time."""
    written = [
        (f"/{what}/{index}", each if isinstance(each, str) else each.name or each.measure)
        for what in ("dimensions", "measures")
        for index, each in enumerate(getattr(document, what))
    ]
    return [pointer for pointer, each in written if each == name][-1]


def check_report(known: Understanding, asking: Asking, document: ReportDefinition, plan: ReportPlan) -> None:
    """Findings about names of columns, the period, roles, the drill and the chart."""
    names = [column.name for column in plan.columns]
    for index, key in enumerate(document.sort):
        if key.lstrip("-") not in names:
            asking.wrong("unknown-column", f"/sort/{index}", seen=key.lstrip("-"), known=names)
    for name in sorted({name for name in names if names.count(name) > 1}):
        asking.wrong("twice", _second(document, name), seen=name)
    if (document.compare is not None or document.period != "all") and plan.date is None:
        asking.wrong("no-date", "/compare" if document.compare is not None else "/period")
    if plan.foresight is not None:
        numbers = [column.name for column in plan.measures if column.kind == "number"]
        grained = [dimension for dimension in plan.dimensions if dimension.column.grain is not None]
        if len(grained) != 1 or len(plan.dimensions) != 1:
            asking.wrong("forecast-shape", "/forecast")
        elif plan.foresight.measure not in numbers:
            asking.wrong("unknown-column", "/forecast/measure", seen=plan.foresight.measure, known=numbers)
    for index, role in enumerate(document.roles):
        known.scope.find("role", role, asking.place(f"/roles/{index}"), known.found)
    form = plan.form.split(".")[0]
    shape = known.scope.shapes.records.get(form)
    for index, path in enumerate(document.drill.columns):
        if shape is not None and path.split(".")[0] not in shape.fields:
            fields = list(shape.fields)
            asking.wrong("unknown-drill-column", f"/drill/columns/{index}", form=form, seen=path, known=fields)
    chart = document.chart
    if chart is None:
        return
    kind, count = known.charts[chart.type], len(plan.dimensions)
    if not kind.least <= count <= kind.most:
        bounds = {"least": kind.least, "most": kind.most, "count": count}
        asking.wrong("chart-dimensions", "/chart/type", chart=chart.type, **bounds)
    names += list(ADDED) if plan.foresight is not None else []
    used = {"/chart/x": chart.x, "/chart/series": getattr(chart, "series", None)}
    used |= {f"/chart/y/{index}": name for index, name in enumerate(chart.y)}
    for pointer, used_name in used.items():
        if used_name is not None and used_name not in names:
            asking.wrong("unknown-column", pointer, seen=used_name, known=names)
