"""Reports to plans: every expression checked against its form, every name resolved, measures put to their own grain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from lowcode.reports.asking import Asking, Understanding
from lowcode.reports.checks import check_report
from lowcode.reports.definition import DashboardDefinition, DatasetDefinition, ReportDefinition, TileDefinition
from lowcode.reports.dimensions import compile_dimension
from lowcode.reports.measures import Measures
from lowcode.reports.plan import Column, DashboardPlan, Foresight, FunnelPlan, ReportPlan, Tile


class Compiler(Understanding):
    """Compiles the documents of one app; `scope` and `report` are the same for all of them."""

    def report(self, document: ReportDefinition, source: Any, dataset: DatasetDefinition | None) -> ReportPlan | None:
        """One report, with what it becomes further down its hierarchies."""
        asking = Asking(self, document, source, dataset)
        form = asking.form
        if form is None or form not in self.scope.records:
            if form is None:
                if document.dataset is None:  # one that there is not is told where it is named
                    asking.wrong("no-form", "")
            else:
                self.scope.find("form", form, source.place("/form"), self.found)
            return None
        self.scope.note_records(form, source.place("/dataset" if document.form is None else "/form"))
        if asking.as_of is not None and not asking.is_history(form):
            asking.wrong("not-a-history", "/as_of", form=form)
            return None
        plan = self._at(asking, form, document, dataset, None)
        if plan is None:
            return None
        check_report(self, asking, document, plan)
        depths = [range(max(1, len(each.levels))) for each in plan.dimensions]
        deeper = {
            levels: self._at(asking, form, document, dataset, levels) for levels in product(*depths) if any(levels)
        }
        return replace(plan, deeper={levels: found for levels, found in deeper.items() if found is not None})

    def _at(
        self, asking: Asking, form: str, document: ReportDefinition, dataset: DatasetDefinition | None,
        levels: tuple[int, ...] | None,
    ) -> ReportPlan | None:  # fmt: skip
        """A report with each dimension at one of its levels."""
        found = [
            compile_dimension(self, asking, form, each, at, levels[index] if levels is not None else 0)
            for index, (each, at) in enumerate(asking.dimensions())
        ]
        groupings = [each for each in found if each is not None]
        if len(groupings) < len(found):
            return None
        measures = Measures(self, asking, form, groupings)
        measures.add(asking.measures())
        renamed = {each.above[0].name: each.written.name for each in groupings if each.above}
        chart = document.chart.model_dump(exclude_none=True) if document.chart is not None else None
        if chart is not None:
            chart |= {key: renamed.get(chart[key], chart[key]) for key in ("x", "series") if key in chart}
        return ReportPlan(
            document.name,
            document.title or document.name,
            form,
            frozenset(document.roles),
            asking.where,
            asking.date,
            tuple(each.dimension for each in groupings),
            tuple(measures.columns),
            tuple(measures.calculations),
            measures.facts,
            asking.filter_texts(form),
            tuple(_renamed(key, renamed) for key in document.sort),
            document.limit,
            document.period,
            document.compare,
            document.totals,
            chart,
            tuple(document.drill.columns or (dataset.drill.columns if dataset is not None else ())),
            asking.silent(),
            asking.as_of,
            foresight_of(document, measures.columns),
            self.fiscal,
            document.against,
        )

    def dashboard(
        self, document: DashboardDefinition, source: Any, known: Mapping[str, ReportPlan | FunnelPlan | None]
    ) -> DashboardPlan:
        """One dashboard; `known` are the reports as they were understood, None where they could not be."""
        names = [each.name for each in document.filters]
        for index, tile in enumerate(document.tiles):
            place = f"/tiles/{index}"
            if tile.report is None:
                continue
            self.scope.find("report", tile.report, source.place(f"{place}/report"), self.found, loose=True)
            plan = known.get(tile.report)
            for name, meant in tile.filters.items():
                at = source.place(f"{place}/filters/{name}")
                if name not in names:
                    self.add("no-filter", at, seen=name, known=names)
                elif meant is not False and plan is not None and meant not in (able := follows(plan)):
                    self.add("follows-not", at, seen=meant, report=tile.report, known=sorted(able))
        for index, role in enumerate(document.roles):
            self.scope.find("role", role, source.place(f"/roles/{index}"), self.found)
        for name in sorted({name for name in names if names.count(name) > 1}):
            self.add(
                "filter-twice", source.place(f"/filters/{len(names) - 1 - names[::-1].index(name)}/name"), seen=name
            )
        filters = tuple(
            {"name": each.name, "title": each.title, "type": each.type, "options": each.options, "value": each.default}
            for each in document.filters
        )
        there = (each for each in document.tiles if each.report is None or each.report in known)
        tiles = tuple(tile_of(each) for each in there)
        return DashboardPlan(document.name, document.title or document.name, frozenset(document.roles), filters, tiles)


def tile_of(written: TileDefinition) -> Tile:
    """A tile as it is shown."""
    place = {side: getattr(written, side) for side in ("x", "y", "w", "h")}
    return Tile(written.report, written.title, place, written.heading, written.text, written.filters)


def follows(plan: ReportPlan | FunnelPlan) -> set[str]:
    """The filters that a report knows."""
    facts = plan.facts if isinstance(plan, ReportPlan) else (plan.facts,)
    dated = any(each.period is not None for each in facts)
    return {name for each in facts for name in each.filters} | ({"period"} if dated else set())


def filters_of(document: DashboardDefinition) -> set[str]:
    """The filters that a dashboard asks its reports about, by the names those know."""
    meant = {name for tile in document.tiles for name in tile.filters.values() if name is not False}
    return {each.name for each in document.filters} | meant


def foresight_of(document: ReportDefinition, columns: Sequence[Column]) -> Foresight | None:
    """What is forecast: the measure that is named, or the first."""
    wanted = document.forecast
    if wanted is None or not columns:
        return None
    return Foresight(wanted.measure or columns[0].name, wanted.periods, wanted.confidence)


def _renamed(key: str, names: Mapping[str, str]) -> str:
    """A key of an order, by the name its dimension has at this level."""
    bare = key.lstrip("-")
    return key[: len(key) - len(bare)] + names.get(bare, bare)


def whole_of(dataset: DatasetDefinition) -> ReportDefinition | None:
    """A dataset as a report of everything it names, to be combined freely; None where it names nothing of a kind."""
    dimensions: list[Any] = [each.name for each in dataset.dimensions]
    measures: list[Any] = [each.name for each in dataset.measures]
    if not dimensions or not measures:
        return None
    return ReportDefinition(
        name=dataset.name, title=dataset.title, type="report", dataset=dataset.name, dimensions=dimensions,
        measures=measures, roles=dataset.roles, drill=dataset.drill,
    )  # fmt: skip
