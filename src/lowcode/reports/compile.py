"""Reports to plans: every expression checked against its form, every name resolved, measures put to their own grain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lowcode.kernel.diagnostics import Report
from lowcode.kernel.expressions import Expression, Type
from lowcode.kernel.expressions import Place as Use
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.registry import Registry
from lowcode.kernel.scope import Scope
from lowcode.reports.charts.kind import ChartKind
from lowcode.reports.definition import (
    DashboardDefinition,
    DatasetDefinition,
    DimensionDefinition,
    FunnelDefinition,
    MeasureDefinition,
    Question,
    ReportDefinition,
)
from lowcode.reports.diagnostics import MESSAGES
from lowcode.reports.plan import (
    Calculation,
    Column,
    DashboardPlan,
    Dimension,
    Facts,
    FunnelPlan,
    ReportPlan,
    Tile,
)

DATE, BOOLEAN = Type("date"), Type("boolean")
GROUPED = frozenset({"number", "text", "boolean", "date", "choice", "multi", "record", "user"})
FILTERED = frozenset({"text", "choice", "user", "record"})
FUNNEL_TITLES = {
    "reached": {"zh-CN": "到达数", "en": "Reached"},
    "value": {"zh-CN": "金额", "en": "Value"},
    "conversion": {"zh-CN": "阶段转化率", "en": "From the stage before"},
    "overall": {"zh-CN": "总转化率", "en": "From the first stage"},
    "lost": {"zh-CN": "流失数", "en": "Lost"},
    "days": {"zh-CN": "平均停留（天）", "en": "Days on average"},
}


class Compiler:
    """Compiles the documents of one app; `scope` and `report` are the same for all of them."""

    def __init__(
        self, scope: Scope, report: Report, charts: Registry[ChartKind], filters: frozenset[str] = frozenset()
    ) -> None:
        self._scope, self._report, self._charts = scope, report, charts
        self.filters = filters
        """Names of the filters that dashboards have: only for those are conditions made."""

    def report(self, document: ReportDefinition, source: Any, dataset: DatasetDefinition | None) -> ReportPlan | None:
        """One report."""
        asking = _Asking(self, document, source, dataset)
        form = asking.form
        if form is None or form not in self._scope.records:
            if form is None:
                asking.wrong("no-form", "")
            else:
                self._scope.find("form", form, source.place("/form"), self._report)
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
        self._check(asking, document, plan)
        return plan

    def funnel(self, document: FunnelDefinition, source: Any) -> FunnelPlan | None:
        """One funnel."""
        asking = _Asking(self, document, source, None)
        form = document.form
        record = self._scope.records.get(form) if form is not None else None
        if form is None or record is None:
            self._scope.find("form", form or "", source.place("/form"), self._report)
            return None
        known = record.fields.get(document.field)
        if known is None or known.options_type != "state":
            states = [each.name for each in record.states]
            asking.wrong("not-a-state", "/field", seen=document.field, form=form, known=states)
            return None
        options: list[Any] = list(getattr(known.options, "states", ()))
        names = [each.name for each in options]
        for index, state in enumerate(document.states):
            if state not in names:
                asking.wrong("unknown-state", f"/states/{index}", field=document.field, seen=state, known=names)
        states = document.states or [each.name for each in options if each.won or not each.closed]
        value = asking.expression(document.value, "/value", form) if document.value is not None else None
        facts = Facts(form, asking.condition(form), (), (), asking.period(form), asking.conditions(form))
        columns = [
            Column(document.field, known.title or document.field, "dimension", "choice", options=_options(known)),
            _number("reached", 0),
            *([_number("value", 2, "money")] if value is not None else []),
            _number("conversion", 4, "percent"),
            _number("overall", 4, "percent"),
            _number("lost", 0),
            _number("days", 1),
        ]
        return FunnelPlan(
            document.name, document.title or document.name, form, frozenset(document.roles), document.where,
            document.date, document.field, tuple(states), facts, value, tuple(columns), asking.filter_texts(form),
            document.period, tuple(document.drill.columns),
        )  # fmt: skip

    def dashboard(self, document: DashboardDefinition, source: Any) -> DashboardPlan:
        """One dashboard."""
        for index, tile in enumerate(document.tiles):
            self._scope.find("report", tile.report, source.place(f"/tiles/{index}/report"), self._report)
        for index, role in enumerate(document.roles):
            self._scope.find("role", role, source.place(f"/roles/{index}"), self._report)
        filters = tuple(
            {"name": each.name, "title": each.title, "type": each.type, "options": each.options, "value": each.default}
            for each in document.filters
        )
        tiles = tuple(
            Tile(each.report, each.title, {"x": each.x, "y": each.y, "w": each.w, "h": each.h})
            for each in document.tiles
        )
        return DashboardPlan(document.name, document.title or document.name, frozenset(document.roles), filters, tiles)

    def compiled(
        self, text: str, place: Any, form: str, use: Use = Use.READ, expect: Type | None = None,
        variables: Mapping[str, Type] | None = None,
    ) -> Expression | None:  # fmt: skip
        """An expression of a document about a form."""
        return self._scope.expression(
            text, place, self._report, record=form, use=use, variables=variables, expect=expect
        )

    def record(self, name: str) -> RecordType | None:
        """A record type by name."""
        return self._scope.records.get(name)

    def add(self, key: str, place: Any, **values: Any) -> None:
        """A finding."""
        self._report.add(MESSAGES.diagnostic(key, place, **values))

    def _dimension(
        self, asking: _Asking, form: str, written: DimensionDefinition, pointer: str
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
        field = self._field(form, written.expression)
        column = Column(
            written.name,
            written.title if written.title is not None else getattr(field, "title", "") or written.name,
            "dimension",
            "choice" if expression.type.kind == "multi" else expression.type.kind,
            expression.type.scale,
            None,
            written.grain,
            expression.type.target,
            _options(field),
        )
        return Dimension(column, written.expression), expression

    def _grained(
        self, asking: _Asking, bare: Expression, written: DimensionDefinition, form: str, pointer: str
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
        asking: _Asking,
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
        asking: _Asking,
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
            self._scope.find("form", measure.form, asking.place(f"{pointer}/form"), self._report)
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

    def _check(self, asking: _Asking, document: ReportDefinition, plan: ReportPlan) -> None:
        names = [column.name for column in plan.columns]
        for index, key in enumerate(document.sort):
            if key.lstrip("-") not in names:
                asking.wrong("unknown-column", f"/sort/{index}", seen=key.lstrip("-"), known=names)
        for name in sorted({name for name in names if names.count(name) > 1}):
            asking.wrong("twice", "", seen=name)
        for calculation in plan.calculations:
            if calculation.of not in names:
                asking.wrong("unknown-column", "/measures", seen=calculation.of, known=names)
        if (document.compare is not None or document.period != "all") and plan.date is None:
            asking.wrong("no-date", "/compare" if document.compare is not None else "/period")
        for index, role in enumerate(document.roles):
            self._scope.find("role", role, asking.place(f"/roles/{index}"), self._report)
        shape = self._scope.shapes.records.get(plan.form)
        for index, path in enumerate(document.drill.columns):
            if shape is not None and path.split(".")[0] not in shape.fields:
                at, known = f"/drill/columns/{index}", list(shape.fields)
                asking.wrong("unknown-drill-column", at, form=plan.form, seen=path, known=known)
        chart = document.chart
        if chart is None:
            return
        kind, count = self._charts[chart.type], len(plan.dimensions)
        if not kind.least <= count <= kind.most:
            bounds = {"least": kind.least, "most": kind.most, "count": count}
            asking.wrong("chart-dimensions", "/chart/type", chart=chart.type, **bounds)
        used = {"/chart/x": chart.x, "/chart/series": getattr(chart, "series", None)}
        used |= {f"/chart/y/{index}": name for index, name in enumerate(chart.y)}
        for pointer, used_name in used.items():
            if used_name is not None and used_name not in names:
                asking.wrong("unknown-column", pointer, seen=used_name, known=names)

    def _field(self, form: str, text: str) -> Any:
        """The field a plain path ends at."""
        owner: str | None = form
        *heads, name = text.strip().split(".")
        for head in heads:
            shape = self._scope.shapes.records.get(owner or "")
            found = shape.fields.get(head) if shape is not None else None
            owner = found.type.target if found is not None else None
        record = self.record(owner or "")
        return record.fields.get(name) if record is not None else None


class _Asking:
    """One document while it is compiled: its dataset merged in, its places known."""

    def __init__(self, compiler: Compiler, document: Question, source: Any, dataset: DatasetDefinition | None) -> None:
        self._compiler, self._document, self._source, self._dataset = compiler, document, source, dataset
        self.form = document.form or (dataset.form if dataset is not None else None)
        self.date = document.date or (dataset.date if dataset is not None else None)
        wheres = [each for each in (dataset.where if dataset is not None else None, document.where) if each]
        self.where = " and ".join(f"({each})" for each in wheres) if len(wheres) > 1 else (wheres or [None])[0]

    def place(self, pointer: str) -> Any:
        return self._source.place(pointer)

    def wrong(self, key: str, pointer: str, **values: Any) -> None:
        self._compiler.add(key, self.place(pointer), **values)

    def expression(self, text: str, pointer: str, form: str, expect: Type | None = None) -> Expression | None:
        return self._compiler.compiled(text, self.place(pointer), form, expect=expect)

    def condition(self, form: str, more: str | None = None, pointer: str = "/where") -> Expression | None:
        """The document's own condition, and one more."""
        texts = [f"({each})" if self.where and more else each for each in (self.where, more) if each]
        return self.expression(" and ".join(texts), pointer, form, BOOLEAN) if texts else None

    def period(self, form: str) -> Expression | None:
        """The condition of a period, with its two days as variables."""
        if self.date is None:
            return None
        text = f"TODATE({self.date}) >= period_from and TODATE({self.date}) < period_until"
        variables = {"period_from": DATE, "period_until": DATE}
        return self._compiler.compiled(text, self.place("/date"), form, variables=variables, expect=BOOLEAN)

    def filter_texts(self, form: str) -> dict[str, str]:
        """What each filter is compared with: as written, else the fields of the form by their own names."""
        record = self._compiler.record(form)
        own = {"owner", *record.fields} if record is not None and record.parent is None else set()
        named = dict(self._dataset.filters) if self._dataset is not None else {}
        return {**{name: name for name in sorted(own & self._compiler.filters)}, **named, **self._document.filters}

    def conditions(self, form: str, quiet: bool = False) -> dict[str, Expression]:
        """A condition per filter, with the variable `filter_value`."""
        found = {}
        own = {name: name for name in self.filter_texts(form) if name not in self._document.filters}
        for name, text in (own if quiet else self.filter_texts(form)).items():
            place = self.place(f"/filters/{name}" if name in self._document.filters else "")
            bare = self._compiler.compiled(text, place, form)
            if bare is None or bare.type.kind not in FILTERED:
                continue
            values = {f"filter_{name}": bare.type.optional}
            condition = self._compiler.compiled(
                f"({text}) = filter_{name}", place, form, variables=values, expect=BOOLEAN
            )
            if condition is not None:
                found[name] = condition
        return found

    def dimensions(self) -> list[tuple[DimensionDefinition, str]]:
        """The dimensions with their places; names are those of the dataset."""
        return self._resolved("dimension", getattr(self._document, "dimensions", ()), "dimensions")

    def measures(self) -> list[tuple[MeasureDefinition, str]]:
        """The measures with their places."""
        return self._resolved("measure", getattr(self._document, "measures", ()), "measures")

    def _resolved(self, what: str, written: Sequence[Any], key: str) -> list[Any]:
        known = {each.name: each for each in getattr(self._dataset, key, ())}
        found = []
        for index, each in enumerate(written):
            pointer = f"/{key}/{index}"
            if not isinstance(each, str):
                found.append((each, pointer))
            elif each in known:
                found.append((known[each], pointer))
            else:
                dataset = self._dataset.name if self._dataset is not None else ""
                self.wrong("unknown-name", pointer, what=what, seen=each, dataset=dataset, known=list(known))
        return found


def _meets(one: Facts, other: Facts) -> bool:
    """Whether two groups of measures can be one query."""
    texts = [
        (each.record, each.where.text if each.where else None, tuple(d.text for d in each.dimensions))
        for each in (one, other)
    ]
    return texts[0] == texts[1] and (one.period is None) == (other.period is None)


def _options(field: Any) -> tuple[Mapping[str, Any], ...]:
    options = getattr(field, "options", None)
    listed = getattr(options, "states", None) or getattr(options, "options", None) or ()
    return tuple(
        {"name": each.name, "title": each.title or each.name, **({"color": each.color} if each.color else {})}
        for each in listed
        if hasattr(each, "name")
    )


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


def _number(name: str, scale: int, shown: str | None = None) -> Column:
    return Column(name, FUNNEL_TITLES[name], "measure", "number", scale, shown)
