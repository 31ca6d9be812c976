"""Reports to plans: every expression checked against its form, every name resolved, measures put to their own grain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lowcode.kernel.expressions import Expression, Type
from lowcode.kernel.expressions import Place as Use
from lowcode.reports.asking import BOOLEAN, Asking, Understanding, options_of
from lowcode.reports.checks import check_report
from lowcode.reports.definition import (
    DashboardDefinition,
    DatasetDefinition,
    DimensionDefinition,
    MeasureDefinition,
    ReportDefinition,
)
from lowcode.reports.plan import Calculation, Column, DashboardPlan, Dimension, Facts, ReportPlan, Tile

GROUPED = frozenset({"number", "text", "boolean", "date", "choice", "multi", "record", "user"})


class Compiler(Understanding):
    """Compiles the documents of one app; `scope` and `report` are the same for all of them."""

    def report(self, document: ReportDefinition, source: Any, dataset: DatasetDefinition | None) -> ReportPlan | None:
        """One report."""
        asking = Asking(self, document, source, dataset)
        form = asking.form
        if form is None or form not in self.scope.records:
            if form is None:
                asking.wrong("no-form", "")
            else:
                self.scope.find("form", form, source.place("/form"), self.found)
            return None
        definitions, measures = asking.dimensions(), asking.measures()
        dimensions = [self._dimension(asking, form, each, at) for each, at in definitions]
        if any(each is None for each in dimensions):
            return None
        known = [each for each in dimensions if each is not None]
        facts, columns, calculations = self._measures(asking, form, known, measures)
        plan = ReportPlan(
            document.name,
            document.title or document.name,
            form,
            frozenset(document.roles),
            asking.where,
            asking.date,
            tuple(dimension for dimension, _ in known),
            tuple(columns),
            tuple(calculations),
            facts,
            asking.filter_texts(form),
            tuple(document.sort),
            document.limit,
            document.period,
            document.compare,
            document.totals,
            document.chart.model_dump(exclude_none=True) if document.chart is not None else None,
            tuple(document.drill.columns or (dataset.drill.columns if dataset is not None else ())),
        )
        check_report(self, asking, document, plan)
        return plan

    def dashboard(self, document: DashboardDefinition, source: Any) -> DashboardPlan:
        """One dashboard."""
        for index, tile in enumerate(document.tiles):
            self.scope.find("report", tile.report, source.place(f"/tiles/{index}/report"), self.found)
        for index, role in enumerate(document.roles):
            self.scope.find("role", role, source.place(f"/roles/{index}"), self.found)
        filters = tuple(
            {"name": each.name, "title": each.title, "type": each.type, "options": each.options, "value": each.default}
            for each in document.filters
        )
        tiles = tuple(
            Tile(each.report, each.title, {"x": each.x, "y": each.y, "w": each.w, "h": each.h})
            for each in document.tiles
        )
        return DashboardPlan(document.name, document.title or document.name, frozenset(document.roles), filters, tiles)

    def _dimension(
        self, asking: Asking, form: str, written: DimensionDefinition, pointer: str
    ) -> tuple[Dimension, Expression] | None:
        bare = asking.expression(written.expression, f"{pointer}/expression", form)
        if bare is None:
            return None
        expression = self._grained(asking, bare, written, form, pointer)
        if expression is None:
            return None
        if expression.type.kind not in GROUPED:
            asking.wrong("not-a-dimension", f"{pointer}/expression", kind=str(expression.type))
            return None
        field = self.field_at(form, written.expression)
        column = Column(
            written.name,
            written.title if written.title is not None else getattr(field, "title", "") or written.name,
            "dimension",
            "choice" if expression.type.kind == "multi" else expression.type.kind,
            expression.type.scale,
            None,
            written.grain,
            expression.type.target,
            options_of(field),
        )
        return Dimension(column, written.expression), expression

    def _grained(
        self, asking: Asking, bare: Expression, written: DimensionDefinition, form: str, pointer: str
    ) -> Expression | None:
        grain = written.grain or ("day" if bare.type.kind == "datetime" else None)
        if grain is None:
            return bare
        if bare.type.kind not in ("date", "datetime"):
            asking.wrong("not-a-date", f"{pointer}/grain", kind=str(bare.type))
            return None
        return asking.expression(f'STARTOF({written.expression}, "{grain}")', f"{pointer}/expression", form)

    def _measures(
        self,
        asking: Asking,
        form: str,
        dimensions: Sequence[tuple[Dimension, Expression]],
        written: Sequence[tuple[MeasureDefinition, str]],
    ) -> tuple[tuple[Facts, ...], list[Column], list[Calculation]]:
        """The measures, put to the grains they belong to: those of one form with one condition are one query."""
        own = Facts(
            form, asking.condition(form), tuple(expression for _, expression in dimensions), (),
            asking.period(form), asking.conditions(form),
        )  # fmt: skip
        grains: list[Facts] = [own]
        columns: list[Column] = []
        calculations: list[Calculation] = []
        for measure, pointer in written:
            title = measure.title if measure.title is not None else measure.name
            if measure.expression is not None and (measure.of is not None or measure.calculation is not None):
                asking.wrong("measure-shape", pointer)
                continue
            if measure.expression is None:
                if measure.of is None or measure.calculation is None:
                    asking.wrong("measure-shape", pointer)
                    continue
                calculations.append(Calculation(measure.name, measure.of, measure.calculation))
                shown = measure.format or ("percent" if measure.calculation in ("share", "change") else "number")
                columns.append(Column(measure.name, title, "measure", "number", 4, shown))
                continue
            grain = self._grain(asking, own, dimensions, measure, pointer)
            place = asking.place(f"{pointer}/expression")
            expression = self.compiled(measure.expression, place, grain.record, Use.AGGREGATE) if grain else None
            if grain is None or expression is None:
                continue
            same = next((i for i, each in enumerate(grains) if _meets(each, grain)), None)
            if same is None:
                grains.append(grain)
                same = len(grains) - 1
            held = grains[same]
            grains[same] = Facts(
                held.record, held.where, held.dimensions, (*held.measures, (measure.name, expression)),
                held.period, held.filters,
            )  # fmt: skip
            scale = _shown_scale(expression.type, measure.format)
            columns.append(Column(measure.name, title, "measure", expression.type.kind, scale, measure.format))
        return tuple(grains), columns, calculations

    def _grain(
        self,
        asking: Asking,
        own: Facts,
        dimensions: Sequence[tuple[Dimension, Expression]],
        measure: MeasureDefinition,
        pointer: str,
    ) -> Facts | None:
        """What a measure is counted over: the report's own form, or another one at its own grain."""
        if measure.form is None:
            if measure.where is None:
                return own
            narrowed = asking.condition(own.record, measure.where, f"{pointer}/where")
            return Facts(own.record, narrowed, own.dimensions, (), own.period, own.filters)
        if self.record(measure.form) is None:
            self.scope.find("form", measure.form, asking.place(f"{pointer}/form"), self.found)
            return None
        meeting = []
        for dimension, expression in dimensions:
            name, grain = dimension.column.name, dimension.column.grain
            text = measure.dimensions.get(name)
            if text is None:
                values = {"measure": measure.name, "form": measure.form, "dimension": name}
                asking.wrong("dimension-missing", pointer, **values)
                return None
            written = DimensionDefinition(name=name, expression=text, grain=grain)
            at = f"{pointer}/dimensions/{name}"
            found = asking.expression(text, at, measure.form)
            met = self._grained(asking, found, written, measure.form, at) if found is not None else None
            if met is None:
                return None
            if (met.type.kind, met.type.target) != (expression.type.kind, expression.type.target):
                kinds = {"kind": str(met.type), "expected": str(expression.type), "dimension": name}
                asking.wrong("dimension-kind", at, **kinds)
                return None
            meeting.append(met)
        where = self.compiled(measure.where, asking.place(f"{pointer}/where"), measure.form, expect=BOOLEAN) \
            if measure.where is not None else None  # fmt: skip
        return Facts(measure.form, where, tuple(meeting), (), None, asking.conditions(measure.form, quiet=True))


def _meets(one: Facts, other: Facts) -> bool:
    """Whether two groups of measures can be one query."""
    texts = [
        (each.record, each.where.text if each.where else None, tuple(d.text for d in each.dimensions))
        for each in (one, other)
    ]
    return texts[0] == texts[1] and (one.period is None) == (other.period is None)


def _shown_scale(kind: Type, form: str | None) -> int | None:
    """The decimals a measure shows: those of its type, unless it is a quotient with more than anybody reads."""
    if kind.kind != "number":
        return None
    return (
        kind.scale
        if kind.scale is not None and kind.scale <= 4 and form != "percent"
        else 4
        if form == "percent"
        else 2
    )
