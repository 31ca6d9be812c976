"""What the designer of reports asks: what may be written and about what, what is wrong with a report as it would be and
which charts would show it, and what it would show, to whoever designs it or to somebody else.

A report that is designed is the document itself; it is looked at and published by `app.plan` and `app.publish`, as any
other document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, Any

from pydantic import BaseModel, Field

from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Nothing, Operation, Parameters
from lowcode.kernel.definitions import Source, SourceDocument, parse
from lowcode.kernel.definitions.designing import in_order, palette, told
from lowcode.kernel.definitions.schema import schema_of
from lowcode.kernel.diagnostics import Forbidden, NotFound, Problem, Rejected, Report, nearest
from lowcode.kernel.expressions.functions import AGGREGATES as KNOWN
from lowcode.kernel.identity import org
from lowcode.kernel.records.fields.choices import listed
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.registry import Registry
from lowcode.kernel.scope import Scope
from lowcode.reports.charts.fitting import misfit
from lowcode.reports.charts.kind import ChartKind
from lowcode.reports.compile import Compiler, whole_of
from lowcode.reports.definition import (
    DatasetDefinition,
    FunnelDefinition,
    ReportDefinition,
    document_model,
    report_model,
)
from lowcode.reports.diagnostics import MESSAGES, problem
from lowcode.reports.funnels import compile_funnel
from lowcode.reports.limits import timed
from lowcode.reports.operations import drilled
from lowcode.reports.operations.exploring import ExploreParameters, combined
from lowcode.reports.operations.query import permitted
from lowcode.reports.operations.reading import below, has_role, plans_of, shown
from lowcode.reports.plan import FunnelPlan, ReportPlan
from lowcode.reports.sql.facts import FACTS
from lowcode.reports.words import AGGREGATES, CHARTS, CHOICES, GROUPS, OPTIONS

SECONDS = 10.0
"""How long each read of a report may take that is not in the app yet."""
ROWS = 2000
"""So many rows of it are shown."""
DESIGNED = ("report", "dataset", "funnel")
FIELD_TYPES = {"choice": "select", "multi": "multi_select", "record": "link", "user": "member", "duration": "text"}

Plan = ReportPlan | FunnelPlan


class CheckReport(Parameters):
    """A report, a dataset or a funnel as it would be."""

    document: dict[str, Any]


class TryReport(CheckReport):
    """The same under filters, of a dataset by some of its dimensions; as a person sees it, by login. With `path`
    further down its hierarchies, with `drill` the records behind one of its cells."""

    filters: Mapping[str, Any] = Field(default_factory=dict)
    rows: list[str] = Field(default_factory=list, max_length=6)
    columns: list[str] = Field(default_factory=list, max_length=3)
    measures: list[str] = Field(default_factory=list)
    login: str | None = None
    path: Mapping[str, Sequence[Any]] = Field(
        default_factory=dict, description="Of each dimension with levels, the values chosen on the way down."
    )
    drill: Mapping[str, Any] | None = None


# -- what may be written ------------------------------------------------------------------------------------------


def report_palette(
    charts: Registry[ChartKind], context: Context, _: Nothing
) -> Annotated[dict[str, Any], has(schemas=dict, words=dict)]:
    """The schemas of a report, a dataset and a funnel; every kind of chart and every aggregate with what it is called;
    what reports may ask about beside forms (`subjects`); datasets, filters of boards, people, roles and words."""
    scope = context.app.scope
    known = datasets_of(context)
    return {
        "schemas": _schemas(charts),
        "charts": [_chart(charts[name]) for name in in_order([each.name for each in charts], CHARTS)],
        "aggregates": [{"name": name, "title": AGGREGATES.get(name, name)} for name in in_order(KNOWN, AGGREGATES)],
        "words": {"groups": GROUPS, "options": OPTIONS, "choices": CHOICES},
        "subjects": [_subject(each) for name, each in sorted(scope.records.items()) if "." in name],
        "datasets": [_dataset(each) for each in known.values()],
        "filters": list(_filters(context)),
        "relations": {
            name: {relation: each.record_type for relation, each in record_type.relations.items()}
            for name, record_type in context.app.types.items() if record_type.relations
        },
        "known": {"report": [], "table": _tables(scope)},
        "people": org.offered(context),
        "fiscal": int(scope.app.fiscal_year_starts),
        **palette(context),
    }  # fmt: skip


def _schemas(charts: Registry[ChartKind]) -> dict[str, Any]:
    models: dict[str, type[BaseModel]] = {
        "report": report_model(charts), "dataset": DatasetDefinition, "funnel": FunnelDefinition,
    }  # fmt: skip
    return {name: schema_of(model) for name, model in models.items()}


def _chart(kind: ChartKind) -> dict[str, Any]:
    group, title = CHARTS.get(kind.name, ("other", kind.name))
    return {"name": kind.name, "title": title, "group": group, "least": kind.least, "most": kind.most}


def _subject(record: RecordType) -> dict[str, Any]:
    """A record type that is no form: the lines of one, the history of a state, a question in SQL."""
    heads = record.name.split(".")
    sort = "sql" if heads[0] == FACTS else "lines" if record.parent is None or _is_lines(record) else "history"
    parent = record.parent.name if record.parent is not None else None
    fields = [
        {
            "name": each.name, "title": each.title or each.name, "kind": each.type.kind,
            "type": each.options_type or FIELD_TYPES.get(each.type.kind, each.type.kind),
            **({"to": each.target} if each.target is not None and each.type.kind == "record" else {}),
            **({"options": options} if (options := _options(each)) else {}),
        }
        for each in record.fields.values()
    ]  # fmt: skip
    return {"name": record.name, "title": record.title or record.name, "sort": sort, "parent": parent, "fields": fields}


def _is_lines(record: RecordType) -> bool:
    return record.parent is not None and record.parent_field not in record.parent.intervals


def _options(field: Any) -> list[dict[str, Any]]:
    options = field.options
    found = getattr(options, "states", None) or getattr(options, "options", None)
    return [{"name": name, "title": title} for name, title, _ in listed(found)]


def _dataset(dataset: DatasetDefinition) -> dict[str, Any]:
    return {
        "name": dataset.name, "title": dataset.title or dataset.name, "form": dataset.form,
        "date": dataset.date,
        "dimensions": [
            {"name": each.name, "title": each.title or each.name, "grain": each.grain} for each in dataset.dimensions
        ],
        "measures": [{"name": each.name, "title": each.title or each.name} for each in dataset.measures],
    }  # fmt: skip


def _filters(context: Context) -> Iterator[dict[str, Any]]:
    """What the boards of the app are filtered by, each name once."""
    seen: dict[str, dict[str, Any]] = {}
    for board in plans_of(context).dashboards.values():
        for each in board.filters:
            seen.setdefault(each["name"], {"name": each["name"], "title": each["title"] or each["name"],
                                           "type": each["type"]})  # fmt: skip
    yield from (seen[name] for name in sorted(seen))


def _tables(scope: Scope) -> list[dict[str, Any]]:
    """The decision tables that a condition may ask."""
    found = []
    for name, each in sorted(scope.names("table").items()):
        data: Any = getattr(each, "data", each)
        said: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
        parts = {
            key: [one for one in said[key] if isinstance(one, Mapping) and isinstance(one.get("name"), str)]
            for key in ("inputs", "outputs") if isinstance(said.get(key), list)
        }  # fmt: skip
        found.append({"name": name, "title": said.get("title") or name, "form": said.get("form"), **parts})
    return found


def datasets_of(context: Context) -> dict[str, DatasetDefinition]:
    """The datasets of the app, as they are written."""
    quiet, found = Report(), {}
    for source in context.app.documents.of("reports"):
        if isinstance(source.data, Mapping) and source.data.get("type") == "dataset":
            dataset: DatasetDefinition | None = parse(DatasetDefinition, source, quiet)
            if dataset is not None:
                found[dataset.name] = dataset
    return found


# -- what is wrong with one ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Examined:
    """A document that is not in the app yet, held against the app: what is wrong with it, and what it is where it can
    be understood; of a dataset, as a report of everything it names."""

    report: Report
    document: Any
    plan: Plan | None


def examine(charts: Registry[ChartKind], context: Context, written: Mapping[str, Any]) -> Examined:
    """Understand a document as it would be."""
    report = Report()
    source = SourceDocument("reports", Source(f"reports/{written.get('name', 'draft')}.json", None, dict(written)))
    if written.get("type") not in DESIGNED:
        report.add(MESSAGES.diagnostic("not-designed", source.place("/type"), seen=str(written.get("type"))))
        return Examined(report, None, None)
    document: Any = parse(document_model(report_model(charts)), source, report)
    if document is None:
        return Examined(report, None, None)
    known = datasets_of(context)
    what = "dataset" if isinstance(document, DatasetDefinition) else "report"
    scope = context.app.scope.beside(what, source.name, written)
    if isinstance(document, DatasetDefinition):
        known[document.name] = document
    filters = frozenset(each["name"] for each in _filters(context))
    compiler = Compiler(scope, report, charts, filters, known)
    plan: Plan | None = None
    match document:
        case ReportDefinition():
            if document.dataset is not None:
                scope.find("dataset", document.dataset, source.place("/dataset"), report)
            plan = compiler.report(document, source, known.get(document.dataset or ""))
        case FunnelDefinition():
            plan = compile_funnel(compiler, document, source)
        case DatasetDefinition():
            whole = whole_of(document)
            plan = compiler.report(whole, source, document) if whole is not None else None
    return Examined(report, document, plan)


def check_report(
    charts: Registry[ChartKind], context: Context, params: CheckReport
) -> Annotated[dict[str, Any], has(findings=list[dict], elsewhere=bool, columns=list)]:
    """Everything that is wrong with a report (`findings`), its `columns` as they are understood, and why each kind of
    chart would not show it (`charts`; null where it does). `elsewhere`: reports may miss something of a dataset."""
    found = examine(charts, context, params.document)
    plan = found.plan
    answer: dict[str, Any] = {
        "findings": told(found.report, context.actor.locale),
        "elsewhere": isinstance(found.document, DatasetDefinition)
        and found.document.name in datasets_of(context)
        and datasets_of(context)[found.document.name] != found.document,
        "columns": [],
        "charts": None,
    }
    if isinstance(plan, ReportPlan):
        measures = [each for each in plan.measures if each.name not in plan.silent]
        dimensions = [each.column for each in plan.dimensions]
        answer["columns"] = [each.as_json() for each in (*dimensions, *measures)]
        answer["charts"] = {kind.name: misfit(kind, dimensions, measures) for kind in charts}
    return answer


# -- what it would show -------------------------------------------------------------------------------------------


def try_report(
    charts: Registry[ChartKind], context: Context, params: TryReport
) -> Annotated[dict[str, Any], has(columns=list[dict])]:
    """What a report would show now, as `reports.run` says it; of a dataset, as `reports.explore` does. Each read is
    stopped after some seconds, and no more than some rows are shown. Raises Rejected with what is wrong with it,
    Forbidden where the person may not see it, NotFound."""
    found = examine(charts, context, params.document)
    if found.plan is None or found.report.errors:
        problems = [Problem(each.code, each.text, f"/document{each.place.pointer}") for each in found.report.errors]
        raise Rejected(problems or [problem("nothing-yet")])
    plan = found.plan
    who = _as(context, params.login) if params.login else context
    if not has_role(who, plan.roles):
        raise Forbidden(problem("not-for-you"))
    permitted(who, plan.form, lambda: Forbidden(problem("not-for-you")))
    with _in_time(who, plan):
        if isinstance(plan, ReportPlan) and isinstance(found.document, DatasetDefinition):
            asked = ExploreParameters(
                report=plan.name, filters=params.filters, rows=params.rows, columns=params.columns,
                measures=params.measures,
            )  # fmt: skip
            return combined(charts, who, plan, asked)
        plan, filters = below(plan, params.filters, params.path)
        if params.drill is not None:
            return drilled(who, plan, filters, params.drill)
        if isinstance(plan, ReportPlan) and (plan.limit is None or plan.limit > ROWS):
            plan = replace(plan, limit=ROWS)
        return shown(charts, who, plan, filters)


def _in_time(context: Context, plan: Plan) -> Any:
    """A limit for each read; a question in SQL has one of its own."""
    every = (plan.facts,) if isinstance(plan, FunnelPlan) else plan.facts
    if any(each.record.startswith(f"{FACTS}.") for each in every):
        return nullcontext()
    return timed(context, SECONDS, lambda: problem("too-slow", report=plan.name, seconds=int(SECONDS)))


def _as(context: Context, login: str) -> Context:
    """The same work as another person would do it, who may see no more than an administrator may."""
    people = org.directory(context)
    known = {each.login: each for each in people.users.values() if each.id in people.active}
    if login not in known:
        near = nearest(login, known)
        raise NotFound(problem("no-such-person", name=login, near=near or ""))
    return context.as_user(known[login].id)


def operations(charts: Registry[ChartKind]) -> Iterable[Operation]:
    """Each operation; `charts` are the kinds that the host knows."""
    yield Operation(
        "reports.palette", partial(report_palette, charts), Nothing, "administrator", False,
        {"en": "What a report may say", "zh-CN": "报表设计器选项"},
    )  # fmt: skip
    yield Operation(
        "reports.check", partial(check_report, charts), CheckReport, "administrator", False,
        {"en": "What is wrong with a report", "zh-CN": "检查报表"},
    )  # fmt: skip
    yield Operation(
        "reports.try", partial(try_report, charts), TryReport, "administrator", False,
        {"en": "What a report would show", "zh-CN": "试运行未发布的报表"},
    )  # fmt: skip
