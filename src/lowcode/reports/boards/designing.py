"""What the designer of boards asks: what may be written, what is wrong with a board as it would be, and how it would
look with the numbers there are. A board that is designed is published by `app.publish`, as any other document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, partial
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field

from lowcode.kernel.answers import Checked, Items, has
from lowcode.kernel.contract import Context, Nothing, Operation, Parameters
from lowcode.kernel.definitions import Documents, SourceDocument
from lowcode.kernel.definitions.designing import palette, told
from lowcode.kernel.definitions.schema import schema_of
from lowcode.kernel.definitions.source import Source
from lowcode.kernel.diagnostics import NotFound, Problem, Rejected, Report
from lowcode.kernel.identity import org
from lowcode.kernel.registry import Registry
from lowcode.kernel.scope import Scope
from lowcode.reports.asking import FILTERED
from lowcode.reports.boards.words import CHOICES, OPTIONS
from lowcode.reports.charts.kind import ChartKind
from lowcode.reports.definition import DashboardDefinition
from lowcode.reports.diagnostics import problem
from lowcode.reports.operations.board import answered_board
from lowcode.reports.operations.reading import plans_of, report_of
from lowcode.reports.plan import DashboardPlan, FunnelPlan, ReportPlan, ReportsPlan
from lowcode.reports.tables import board

KIND, DASHBOARD = "reports", "dashboard"
MOST_OWN = 500
"""So many boards of people's own are offered to begin with, those that were changed last."""
OWN = sa.select(board).order_by(board.c.changed_at.desc(), board.c.id.desc()).limit(MOST_OWN)
Compile = Callable[[Documents, Scope, Report], ReportsPlan]


class CheckBoard(Parameters):
    """A board as it would be."""

    document: dict[str, Any]


class TryBoard(CheckBoard):
    """The same under filters; what is left out begins as the board says."""

    filters: Mapping[str, Any] = Field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Examined:
    """A board held against the app: what is wrong with it, and what it and its reports are where it is understood."""

    report: Report
    plan: DashboardPlan | None
    reports: Mapping[str, ReportPlan | FunnelPlan]


@cache
def _schema() -> Mapping[str, Any]:
    return schema_of(DashboardDefinition)


def board_palette(context: Context, _: Nothing) -> Annotated[dict[str, Any], has(schema=dict, words=dict)]:
    """The schema of a board, the words for it, and the `reports` that may stand on one: what each is called and drawn
    as, whether it has a date, and what else it can be filtered by."""
    return {
        "schema": _schema(),
        "words": {"groups": {}, "options": OPTIONS, "choices": CHOICES},
        "reports": [_offered(context, each) for _, each in sorted(plans_of(context).reports.items())],
        **palette(context),
    }


def _offered(context: Context, plan: ReportPlan | FunnelPlan) -> dict[str, Any]:
    chart = plan.chart if isinstance(plan, FunnelPlan) else (plan.chart or {}).get("type", "table")
    facts = (plan.facts,) if isinstance(plan, FunnelPlan) else plan.facts
    return {
        "name": plan.name,
        "title": plan.title,
        "chart": chart,
        "form": plan.form,
        "dated": any(each.period is not None for each in facts),
        "follows": [{"value": name, "title": title} for name, title in _followed(context, plan).items()],
    }


def _followed(context: Context, plan: ReportPlan | FunnelPlan) -> dict[str, Any]:
    """What a report can be filtered by, with what that is called: the filters it names, and the fields of its form."""
    record = context.app.types.get(plan.form)
    fields = record.fields if record is not None and record.parent is None else {}
    known = {name: each.title or name for name, each in fields.items() if each.type.kind in FILTERED}
    return {**known, **{name: known.get(name, name) for name in plan.filter_texts if name not in fields}}


def examine(compiled: Compile, context: Context, document: Mapping[str, Any]) -> Examined:
    """A board as it would be. Its reports are understood anew with it, as they know the filters of boards."""
    name = str(document.get("name", ""))
    source = SourceDocument(KIND, Source(f"{KIND}/{name or 'draft'}.json", None, dict(document)))
    tiles = document.get("tiles")
    named = [each.get("report") for each in tiles if isinstance(each, Mapping)] if isinstance(tiles, list) else []
    wanted = {each for each in named if isinstance(each, str)}
    beside = [
        each for each in context.app.documents.of(KIND)
        if each.name in wanted or (isinstance(each.data, Mapping) and each.data.get("type") in ("dataset", "sql"))
    ]  # fmt: skip
    report = Report()
    documents = Documents(context.app.documents.app, [*beside, source], context.app.documents.files, Report())
    scope = context.app.scope.beside(DASHBOARD, name, source)
    found = compiled(documents, scope, report)
    mine = Report()
    mine.extend(each for each in report if each.place.document == source.path)
    return Examined(mine, found.dashboards.get(name), found.reports)


def check_board(compiled: Compile, context: Context, params: CheckBoard) -> Checked:
    """Everything that is wrong with a board (`findings`). Nobody else speaks of what it says."""
    return {
        "findings": told(examine(compiled, context, params.document).report, context.actor.locale),
        "elsewhere": False,
    }


def try_board(
    compiled: Compile, charts: Registry[ChartKind], context: Context, params: TryBoard
) -> Annotated[dict[str, Any], has(dashboard=str, title=object, filters=list[dict], tiles=list[dict])]:
    """A board as `reports.dashboard` would answer it. Raises Rejected with what is wrong with it."""
    found = examine(compiled, context, params.document)
    if found.plan is None or found.report.errors:
        wrong = found.report.errors
        raise Rejected([Problem(each.code, each.text, f"/document{each.place.pointer}") for each in wrong])

    def plan(inside: Context, name: str) -> ReportPlan | FunnelPlan:
        report_of(inside, name)  # refuses who may not see it
        anew = found.reports.get(name)
        if anew is None:
            raise NotFound(problem("no-report", report=name))
        return anew

    return answered_board(charts, context, found.plan, params.filters, find=plan)


def own_boards(context: Context, _: Nothing) -> Items:
    """Boards that people made for themselves, to make one of them everybody's: whose each is, and what stands on it."""
    people = org.directory(context).users
    return {
        "items": [
            {"id": row["id"], "title": row["title"], "tiles": row["tiles"], "filters": row["filters"],
             "person": people[row["person"]].name if row["person"] in people else None}
            for row in context.unit.fetch(OWN)
        ]
    }  # fmt: skip


def operations(compiled: Compile, charts: Registry[ChartKind]) -> Iterable[Operation]:
    """Each operation; `compiled` understands documents of reports, `charts` are the kinds that the host knows."""
    yield Operation(
        "reports.board_palette", board_palette, Nothing, "administrator", False,
        {"en": "What a board may say", "zh-CN": "看板设计器选项"},
    )  # fmt: skip
    yield Operation(
        "reports.check_board", partial(check_board, compiled), CheckBoard, "administrator", False,
        {"en": "What is wrong with a board", "zh-CN": "检查看板"},
    )  # fmt: skip
    yield Operation(
        "reports.try_board", partial(try_board, compiled, charts), TryBoard, "administrator", False,
        {"en": "A board before it is published", "zh-CN": "预览未发布的看板"},
    )  # fmt: skip
    yield Operation(
        "reports.own_boards", own_boards, Nothing, "administrator", False,
        {"en": "Boards that people made for themselves", "zh-CN": "所有人的个人看板"},
    )  # fmt: skip
