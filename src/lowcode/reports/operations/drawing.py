"""A result with its drawing: what the page, a letter and paper show of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import localized
from lowcode.kernel.registry import Registry
from lowcode.reports.charts.cross import Cross
from lowcode.reports.charts.kind import Chart, ChartKind
from lowcode.reports.charts.pivot import PivotChart, crossed
from lowcode.reports.charts.shown import Shown
from lowcode.reports.charts.words import Speech
from lowcode.reports.plan import Calculation, FunnelPlan, ReportPlan

Answer = Callable[[ReportPlan], Mapping[str, Any]]
Levels = dict[tuple[str, ...], Sequence[Sequence[Any]]]


@dataclass(frozen=True, slots=True)
class Ready:
    """A result, understood by its chart and for its reader: what is drawn, whoever draws it."""

    kind: ChartKind
    chart: Chart
    shown: Shown

    def draw(self) -> Mapping[str, Any]:
        """The drawing."""
        return self.kind.draw(self.shown, self.chart)


def speech_of(context: Context, locale: str | None = None) -> Speech:
    """How a result is said to the person who asks: in their language, with the app's currency and in its zone."""
    app = context.app
    return Speech(locale or context.actor.locale or app.definition.languages[0], app.definition.currency, app.zone)


def shown_of(context: Context, result: Mapping[str, Any], locale: str | None = None) -> Shown:
    """A result for the person who asks."""
    speech = speech_of(context, locale)
    days = result.get("compared_period")
    return Shown(
        result["columns"], result["rows"], result.get("totals"), result.get("compared"),
        localized(result["title"], speech.locale), None, speech, f"{days['from']} – {days['to']}" if days else "",
    )  # fmt: skip


def ready(
    context: Context, charts: Registry[ChartKind], plan: ReportPlan | FunnelPlan, result: Mapping[str, Any],
    answer: Answer, locale: str | None = None,
) -> Ready | None:  # fmt: skip
    """What is drawn of a result; None when its rows are all there is to see. `answer` answers the report by fewer
    dimensions, for what needs subtotals."""
    if not result.get("chart"):
        return None
    kind = charts[result["chart"]["type"]]
    chart = kind.model.model_validate(result["chart"])
    shown = shown_of(context, result, locale)
    if not kind.least <= len(shown.dimensions) <= kind.most or (shown.dimensions and not result["rows"]):
        return None
    if isinstance(chart, PivotChart) and isinstance(plan, ReportPlan):
        shown = replace(shown, levels=levels_of(plan, answer, crossed(shown, chart), chart.subtotals, result))
    return Ready(kind, chart, shown)


def levels_of(plan: ReportPlan, answer: Answer, cross: Cross, subtotals: bool, result: Mapping[str, Any]) -> Levels:
    """The rows of each level of a cross table, each asked for at its own level."""
    every = tuple(dimension.column.name for dimension in plan.dimensions)
    wanted = [str(each["name"]) for each in cross.measures]
    found: Levels = {}
    for names in cross.levels(subtotals):
        level = result if names == every else answer(narrowed(plan, names))
        places = [at for at, column in enumerate(level["columns"]) if column["role"] == "dimension"]
        places += [at for name in wanted for at, column in enumerate(level["columns"]) if column["name"] == name]
        found[names] = [[row[at] for at in places] for row in level["rows"]]
    return found


def _placed(calculations: Sequence[Calculation], places: Sequence[int]) -> list[Calculation]:
    """The calculations where only the dimensions of these places are left, in this order. One that follows a dimension
    which is gone cannot be made, nor what is made of it."""
    found: list[Calculation] = []
    lost: set[str] = set()
    for each in calculations:
        if (each.along is not None and each.along not in places) or lost & {each.of, *each.needs}:
            lost.add(each.name)
            continue
        along = None if each.along is None else places.index(each.along)
        within = tuple(places.index(at) for at in each.within if at in places)
        found.append(replace(each, along=along, within=within))
    return found


def narrowed(plan: ReportPlan, names: Sequence[str], measures: Sequence[str] | None = None) -> ReportPlan:
    """The report by some of its dimensions, in another order, and with some of its measures."""
    order = [dimension.column.name for dimension in plan.dimensions]
    places = [order.index(name) for name in names]
    calculations = _placed(plan.calculations, places)
    lost = {each.name for each in plan.calculations} - {each.name for each in calculations}
    kept = {column.name for column in plan.measures if measures is None or column.name in measures} - lost
    sources = set(kept)
    for each in reversed(calculations):  # each is made of those before it
        if each.name in sources:
            sources |= {each.of, *each.needs}
    columns = tuple(column for column in plan.measures if column.name in sources)
    facts = tuple(
        replace(
            each, dimensions=tuple(each.dimensions[at] for at in places),
            measures=tuple(pair for pair in each.measures if pair[0] in sources),
        )
        for each in plan.facts
    )  # fmt: skip
    known = {*names, *(column.name for column in columns)}
    return replace(
        plan, dimensions=tuple(plan.dimensions[at] for at in places), measures=columns, facts=facts,
        calculations=tuple(each for each in calculations if each.name in sources),
        sort=tuple(key for key in plan.sort if key.lstrip("-") in known), limit=None, compare=None, totals=False,
        foresight=None,
    )  # fmt: skip
