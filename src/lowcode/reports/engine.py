"""The report engine, as the house holds it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Any
from weakref import WeakKeyDictionary

from pydantic import BaseModel
from sqlalchemy import MetaData

from lowcode.kernel.contract import Handler, Operation, Stage, Timer
from lowcode.kernel.definitions import Documents, SourceDocument, parse
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.records.entries import CHANGES, entries_of
from lowcode.kernel.records.intervals import intervals_of
from lowcode.kernel.registry import Kinds, Registry
from lowcode.kernel.scope import Scope
from lowcode.reports import charts, designing, tables
from lowcode.reports.boards import designing as of_boards
from lowcode.reports.boards import letters, own, sharing, sheets
from lowcode.reports.charts.kind import ChartKind
from lowcode.reports.compile import Compiler, filters_of, whole_of
from lowcode.reports.definition import (
    DashboardDefinition,
    DatasetDefinition,
    FunnelDefinition,
    ReportDefinition,
    SqlDefinition,
    document_model,
    report_model,
)
from lowcode.reports.facets import FACETS
from lowcode.reports.funnels import compile_funnel
from lowcode.reports.mirror.keeping import Mirror
from lowcode.reports.mirror.operations import OPERATIONS as MIRROR
from lowcode.reports.mirror.operations import PURGE
from lowcode.reports.operations import operations
from lowcode.reports.pictures import Pictures
from lowcode.reports.plan import FunnelPlan, ReportPlan, ReportsPlan
from lowcode.reports.sql.facts import FACTS, compile_sql, declare_sql

WORDS = {"dataset": "dataset", "report": "report", "funnel": "report", "dashboard": "dashboard"}


class Reports:
    """Questions about many records."""

    name = "reports"
    tables: MetaData | None = tables.metadata

    def __init__(self, kinds: Kinds | None = None) -> None:
        self.charts: Registry[ChartKind] = Kinds.of(kinds, charts.setup)["chart"]
        self.pictures = Pictures()
        self._mirrors: WeakKeyDictionary[Any, Mirror] = WeakKeyDictionary()
        question = report_model(self.charts)
        self._model = document_model(question)
        self.documents: Mapping[str, type[BaseModel]] = {
            "dataset": DatasetDefinition,
            "report": question,
            "funnel": FunnelDefinition,
            "dashboard": DashboardDefinition,
            "sql": SqlDefinition,
        }

    def mirror_of(self, host: Any) -> Mirror:
        """The mirror of a host whose app asks for one."""
        found = self._mirrors.get(host)
        if found is None:
            found = self._mirrors[host] = Mirror(host, host.app.definition.mirror)
        return found

    def close(self) -> None:
        """Give back what it holds open."""
        for mirror in self._mirrors.values():
            mirror.close()
        self._mirrors.clear()

    def declare(self, documents: Documents, scope: Scope, report: Report) -> None:
        """Make every name known: menus, tiles and homes refer to them. Every form has what was done with its records,
        and every state its history, to ask about."""
        for record_type in [each for each in scope.records.values() if each.parent is None]:
            if CHANGES not in record_type.fields:
                found = entries_of(record_type)
                scope.records.setdefault(found.name, found)
            for field in record_type.states:
                found = intervals_of(record_type, field)
                scope.records.setdefault(found.name, found)
        for source in documents.of("reports"):
            if isinstance(source.data, Mapping) and source.data.get("type") == FACTS:
                declare_sql(source, scope)
            word = WORDS.get(str(source.data.get("type"))) if isinstance(source.data, Mapping) else None
            if word is not None:
                scope.declare(word, source.name, source.data, source.place("/name"), report)

    def compile(self, documents: Documents, scope: Scope, report: Report) -> ReportsPlan:
        """Every report, understood; datasets first, because reports use them."""
        parsed: list[tuple[SourceDocument, Any]] = [
            (source, parse(self._model, source, report)) for source in documents.of("reports")
        ]
        written = {doc.name: source for source, doc in parsed if isinstance(doc, DatasetDefinition)}
        known = {doc.name: doc for _, doc in parsed if isinstance(doc, DatasetDefinition)}
        boards = [document for _, document in parsed if isinstance(document, DashboardDefinition)]
        filters = frozenset().union(*(filters_of(board) for board in boards))
        compiler = Compiler(scope, report, self.charts, filters, known)
        reports: dict[str, ReportPlan | FunnelPlan | None] = {}
        for source, document in parsed:
            match document:
                case ReportDefinition():
                    dataset = None
                    if document.dataset is not None:
                        scope.find("dataset", document.dataset, source.place("/dataset"), report)
                        dataset = known.get(document.dataset)
                    reports[document.name] = compiler.report(document, source, dataset)
                case FunnelDefinition():
                    reports[document.name] = compile_funnel(compiler, document, source)
                case SqlDefinition():
                    compile_sql(source, document, scope, report)
                case _:
                    continue
        dashboards = {
            document.name: compiler.dashboard(document, source, reports)
            for source, document in parsed
            if isinstance(document, DashboardDefinition)
        }
        found = {name: plan for name, plan in reports.items() if plan is not None}
        return ReportsPlan(found, dashboards, self._datasets(written, known, scope, filters))

    def _datasets(
        self, written: Mapping[str, SourceDocument], known: Mapping[str, DatasetDefinition], scope: Scope,
        filters: frozenset[str],
    ) -> dict[str, ReportPlan]:  # fmt: skip
        """Each dataset as a report of everything it names. What is wrong in one is told where a report uses it."""
        whole: dict[str, ReportPlan] = {}
        for name, dataset in known.items():
            document = whole_of(dataset)
            if document is None:
                continue
            quiet = Report()
            plan = Compiler(scope, quiet, self.charts, filters, known).report(document, written[name], dataset)
            if plan is not None and not quiet.findings:
                whole[name] = plan
        return whole

    def operations(self) -> Iterable[Operation]:
        """What can be asked."""
        drawers = sheets.Drawers(self.charts, self.pictures)
        beyond = (
            sheets.operations(drawers), sharing.operations(drawers), letters.operations(drawers),
            of_boards.operations(self.compile, self.charts), designing.operations(self.charts),
        )  # fmt: skip
        return (*operations(self.charts, self.pictures), *own.operations(), *chain(*beyond), *MIRROR, *FACETS)

    def stages(self) -> Iterable[Stage]:
        """It takes no part in a save."""
        return ()

    def handlers(self, plan: Any) -> Iterable[Handler | Timer]:
        """Letters that are due, and notes that every mirror has read."""
        yield letters.TIMER
        yield PURGE
