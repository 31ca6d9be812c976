"""One compiled version of an app: immutable, swapped whole.

`compile_app` reads documents in two passes (every engine declares, then every engine compiles) and collects everything
that is wrong in one report.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import sqlalchemy as sa

from lowcode.kernel.calendar import Calendar, Calendars, TeamCalendar
from lowcode.kernel.contract import Engine, Handler, Operation, Stage, StageRun, Timer
from lowcode.kernel.definitions import Documents, SourceDocument, parse
from lowcode.kernel.definitions.application import AppDefinition, CalendarDefinition, HomeDefinition, MenuItem
from lowcode.kernel.definitions.consequences import drop_consequences, unreadable
from lowcode.kernel.definitions.parts import Parts, beyond, parts_of
from lowcode.kernel.diagnostics import Catalogue, Message, Place, Report, Text
from lowcode.kernel.events import planning, trimming
from lowcode.kernel.expressions.functions import table
from lowcode.kernel.reasons import Reasoned
from lowcode.kernel.records import formulas
from lowcode.kernel.records.computing import compute_stage
from lowcode.kernel.records.linked import forms_named_by
from lowcode.kernel.records.permissions import EVERYTHING
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.records.rollups import watches_of
from lowcode.kernel.records.save import SavePlan, prepare
from lowcode.kernel.records.tables import build
from lowcode.kernel.registry import Kinds
from lowcode.kernel.scope import MESSAGES as NAMES
from lowcode.kernel.scope import Scope
from lowcode.kernel.storage import crypto
from lowcode.kernel.storage.tables import metadata as metadata_of_storage
from lowcode.kernel.storage.trimmed import logs_of

log = logging.getLogger("lowcode")
CHINESE = {
    "unknown-zone": ("“{seen}”不是时区", '例如 "Asia/Shanghai"。'),
    "calendar": ("无法读取日历：{reason}", "请修改其中的日期或时间。"),
    "calendar-of-nobody": ("没有人使用日历“{seen}”", "请填写使用它的部门（departments）或角色（roles）。"),
    "second-factor-keys": (
        "角色 {roles} 的人员需要二次验证，而本服务没有保存它所需的密钥",
        "请安装 lowcode[encryption] 并设置 LOWCODE_SECRET_{name}，或从 second_factor 中去掉这些角色。",
    ),
    "unknown-log": ("没有名为“{seen}”的日志", ""),
    "log-days": ("日志“{seen}”的保留天数写成了 {days}", "请填写 1 到 {most}；永久保留请写 null。"),
    "table-name": ("表单“{seen}”需要数据表“{table}”，而它已被 {owner} 使用", "请给表单改名。"),
    "menu-item": (
        "一个菜单项或首页只能显示一样内容，此处有 {count} 样",
        "请只保留 form、dashboard、report 和 tasks 之一。",
    ),
}
MESSAGES = Catalogue(
    "app",
    {
        "unknown-zone": Message(
            "'{seen}' is not a time zone",
            "The zone of an app is a name of the IANA time zone database.",
            'Write for instance "Asia/Shanghai".',
        ),
        "calendar": Message(
            "the calendar cannot be read: {reason}",
            "Days are written 2026-10-01, hours 09:00-12:00.",
            "Correct the day or the hours.",
        ),
        "calendar-of-nobody": Message(
            "nobody works by the calendar '{seen}'",
            "A calendar beside the usual one is for the people of departments or roles.",
            "Name its 'departments' or its 'roles'.",
        ),
        "second-factor-keys": Message(
            "people of the roles {roles} need a second factor, and this host has no keys to keep it with",
            "Second factors are kept encrypted; without keys these people are refused when they sign in.",
            "Install lowcode[encryption] and set LOWCODE_SECRET_{name}, or take the roles out of 'second_factor'.",
            "warning",
        ),
        "unknown-log": Message(
            "there is no log '{seen}'",
            "What 'keep_days' names are the logs of the engines; what is no log is kept as long as its record.",
        ),
        "log-days": Message(
            "the log '{seen}' is to be kept {days} days",
            "A log is kept for at least one day, so that what went wrong yesterday can be looked at.",
            "Write 1 to {most}, or null to keep it for ever.",
        ),
        "table-name": Message(
            "the form '{seen}' would need the table '{table}', which {owner} uses already",
            "Forms become tables of their name, with a table for lines, links and history behind '__'.",
            "Rename the form.",
        ),
        "menu-item": Message(
            "a menu item or a home shows exactly one thing, and this one shows {count}",
            "An item names a form, a dashboard, a report or the tasks; so does the page somebody begins at.",
            "Keep one of form, dashboard, report and tasks.",
        ),
    },
    CHINESE,
)

MOST_DAYS = 36_500
NONE: frozenset[str] = frozenset()
SORTS = {"type": "form", "record_type": "form", "card": "score card"}
"""What parameters call a form or a score card beside the word of authors."""
LIBRARY = {"en": "the library", "zh-CN": "lowcode 本身"}
COMPUTE = Stage("records.compute", 100, lambda app, record_type: compute_stage(record_type))
COMPUTE_AGAIN = Stage("records.compute-again", 300, lambda app, record_type: compute_stage(record_type))


@dataclass(frozen=True)
class App:
    """One version of an app, understood: its documents, scope, plans by engine, record types and what can be asked."""

    documents: Documents
    definition: AppDefinition
    zone: ZoneInfo
    calendars: Calendars
    scope: Scope
    engines: tuple[Engine, ...]
    plans: Mapping[str, Any]
    types: Mapping[str, RecordType]
    operations: Mapping[str, Operation]
    handlers: Mapping[str, tuple[Handler, ...]]
    timers: tuple[Timer, ...]
    metadata: sa.MetaData
    report: Report
    saves: Mapping[str, SavePlan] = field(default_factory=dict)
    parts: Parts = field(default_factory=Parts)
    closed: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """What of record types nobody reaches while a part is off, by name: fields and relations that lead to a form of it;
    of the forms themselves everything (`*`)."""
    off: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """The names that are of parts which are switched off, by sort."""

    def off_names(self, what: str) -> frozenset[str]:
        """The names of a sort that are of a part which is switched off."""
        return self.off.get(what, NONE)

    def rests(self, asked: Mapping[str, Any]) -> bool:
        """Whether what is asked names something of a part that is switched off: a job of it waits till it is on."""
        return bool(self.off) and any(
            isinstance(value, str) and value in self.off_names(SORTS.get(key, key)) for key, value in asked.items()
        )

    @property
    def calendar(self) -> Calendar:
        """When people work who have no calendar of their own."""
        return self.calendars.usual

    @property
    def name(self) -> str:
        """The app's name."""
        return self.definition.name

    @property
    def digest(self) -> str:
        """What the app says, as one hash."""
        return self.documents.digest


def compile_app(
    documents: Documents, engines: Iterable[Engine], kernel_operations: Iterable[Operation] = (), *,
    prefix: str = "", report: Report | None = None, kinds: Kinds | None = None,
) -> App | None:  # fmt: skip
    """Documents to an app. Findings go to the report; None when something is too wrong to go on.

    `kinds` are those the engines were made with; expressions call its functions.
    """
    found = report if report is not None else Report()
    found.extend(documents.report)
    engines = tuple(engines)
    definition = parse(AppDefinition, documents.app, found)
    if definition is None:
        definition = AppDefinition(name="app")
    scope = Scope(definition, documents.digest, table(kinds) if kinds is not None else None)
    zone = _zone(definition.zone, "/zone", documents.app, found)
    _declare_roles(definition, documents.app, scope, found)
    calendars = _calendars(definition, zone, documents.app, scope, found)
    operations = {operation.name: operation for operation in kernel_operations}
    for engine in engines:
        operations.update({operation.name: operation for operation in engine.operations()})
    for name, operation in operations.items():
        scope.declare("operation", name, operation, Place(), found)
    for engine in engines:
        engine.declare(documents, scope, found)
    formulas.resolve(scope, found)
    plans = {engine.name: engine.compile(documents, scope, found) for engine in engines}
    parts = parts_of(definition, documents, scope, found)
    found.extend(beyond(parts, scope, documents))
    newer = Report()
    _check_named(definition, documents.app, scope, found, newer)
    found.extend(replace(each, severity="warning") for each in newer)
    _check_tables(engines, scope, found)
    _check_logs(definition, engines, documents.app, found)
    drop_consequences(documents, found, _leading(scope, unreadable(documents, found)))
    if not found.ok:
        return None
    plans |= _left(parts, engines, documents, scope, plans)
    metadata = sa.MetaData()
    ids = {record_type.name: record_type.id for record_type in scope.records.values()}
    for record_type in scope.records.values():
        if record_type.parent is None:
            build(record_type, metadata, prefix, ids)
    listening = [each for engine in engines for each in engine.handlers(plans[engine.name])]
    handlers: dict[str, tuple[Handler, ...]] = {}
    for each in listening:
        if isinstance(each, Handler):
            handlers[each.event] = (*handlers.get(each.event, ()), each)
    app = App(
        documents, definition, zone, calendars, scope, engines, plans, scope.records, operations, handlers,
        (trimming.TIMER, planning.TIMER, *(each for each in listening if isinstance(each, Timer))), metadata, found,
        parts=parts, closed=_closed(parts, scope.records), off=scope.declared_in(parts.off),
    )  # fmt: skip
    object.__setattr__(app, "saves", _save_plans(app))
    return app


def _left(
    parts: Parts, engines: Iterable[Engine], documents: Documents, scope: Scope, plans: Mapping[str, Any]
) -> dict[str, Any]:  # fmt: skip
    """The plans of engines without what is switched off. Documents that declare record types are understood all the
    same: their tables stay, and what others compute from them is right whichever parts are on. Of these, an engine's
    plan says itself what is left (`without`)."""
    off = parts.off
    held = {each.place.document for each in scope.records.values()}
    left = documents.without(off - held)
    found: dict[str, Any] = {}
    for engine in engines:
        if any(each.path in off - held for each in documents.of(engine.name)):
            found[engine.name] = engine.compile(left, scope.traceless(), Report())
        elif off and hasattr(plans[engine.name], "without"):
            found[engine.name] = plans[engine.name].without(off)
    return found


def _closed(parts: Parts, records: Mapping[str, RecordType]) -> dict[str, frozenset[str]]:
    """What nobody reaches of each record type, for `App.closed`."""
    off = parts.off
    gone = {each.name for each in records.values() if each.place.document in off}
    if not gone:
        return {}
    found: dict[str, frozenset[str]] = {}
    for record_type in records.values():
        if record_type.name in gone or record_type.root.name in gone:
            found[record_type.name] = EVERYTHING
            continue
        names = {
            f"{way}.{each.name}".lstrip(".")
            for way, owner in (("", record_type), *record_type.rows_below)
            for each in owner.fields.values()
            if (targets := forms_named_by(each) or (each.target,)) and gone.issuperset(targets)
        }
        names |= {name for name, each in record_type.relations.items() if each.record_type in gone}
        if names:
            found[record_type.name] = frozenset(names)
    return found


def check_definition(source: SourceDocument, app: App, report: Report) -> None:
    """Everything that is wrong with an `app.json`, held against the forms, boards and reports of the app as it stands;
    whether other documents miss a role it no longer has is a matter of the whole app."""
    definition = parse(AppDefinition, source, report)
    if definition is None:
        return
    scope = Scope(definition)
    for what in ("form", "dashboard", "report"):
        for name, value in app.scope.names(what).items():
            scope.declare(what, name, value, Place(), report)
    _declare_roles(definition, source, scope, report)
    _calendars(definition, _zone(definition.zone, "/zone", source, report), source, scope, report)
    _check_named(definition, source, scope, report, report)
    _check_logs(definition, app.engines, source, report)


def _leading(scope: Scope, lost: set[str]) -> set[str]:
    """The names by which expressions reach records of forms that could not be read."""
    found = set()
    for record_type in scope.records.values():
        found |= {each.name for each in record_type.fields.values() if each.target in lost}
        found |= {each.name for each in record_type.relations.values() if each.record_type in lost}
    return found


def keys_checked(app: App, documents: Documents, keys: str | None) -> App:
    """The app; a host that asks for second factors and cannot keep them says so, in the app's report and in the log."""
    roles = app.definition.second_factor.roles
    if roles and not (keys and crypto.possible()):
        values = {"roles": ", ".join(f"'{role}'" for role in roles), "name": crypto.SECRET}
        found = MESSAGES.diagnostic("second-factor-keys", documents.app.place("/second_factor"), **values)
        app.report.add(found)
        log.warning("%s", found)
    return app


def _zone(name: str, pointer: str, source: SourceDocument, report: Report) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # a folder of zones, "Asia"
        report.add(MESSAGES.diagnostic("unknown-zone", source.place(pointer), seen=name))
        return ZoneInfo("UTC")


def calendars_of(definition: AppDefinition, source: SourceDocument, report: Report) -> Calendars:
    """The calendars an app would have by another document of its own, which says its roles as well."""
    scope = Scope(definition)
    _declare_roles(definition, source, scope, report)
    return _calendars(definition, _zone(definition.zone, "/zone", source, report), source, scope, report)


def _calendars(
    definition: AppDefinition, zone: ZoneInfo, source: SourceDocument, scope: Scope, report: Report
) -> Calendars:
    teams: list[TeamCalendar] = []
    for index, stated in enumerate(definition.calendars):
        at = f"/calendars/{index}"
        for number, role in enumerate(stated.roles):
            scope.find("role", role, source.place(f"{at}/roles/{number}"), report)
        if not stated.departments and not stated.roles:
            report.add(MESSAGES.diagnostic("calendar-of-nobody", source.place(at), seen=stated.name))
        own = zone if stated.zone is None else _zone(stated.zone, f"{at}/zone", source, report)
        calendar = _calendar(stated, own, at, source, report)
        teams.append(TeamCalendar(stated.name, frozenset(stated.departments), frozenset(stated.roles), calendar))
    return Calendars(_calendar(definition.calendar, zone, "/calendar", source, report), tuple(teams))


def _calendar(
    stated: CalendarDefinition, zone: ZoneInfo, pointer: str, source: SourceDocument, report: Report
) -> Calendar:
    try:
        hours = {str(day): spans for day, spans in stated.hours.items()}
        return Calendar.of(zone, hours, stated.holidays, stated.workdays, stated.country, stated.region)
    except Reasoned as error:
        report.add(MESSAGES.diagnostic("calendar", source.place(pointer), reason=error.reason))
        return Calendar(zone)


def _declare_roles(definition: AppDefinition, source: SourceDocument, scope: Scope, report: Report) -> None:
    for index, role in enumerate(definition.roles):
        scope.declare("role", role.name, role, source.place(f"/roles/{index}"), report)
    if "administrator" not in scope.names("role"):
        scope.declare("role", "administrator", None, Place(), report)


def _check_logs(definition: AppDefinition, engines: Iterable[Engine], source: SourceDocument, report: Report) -> None:
    """Only logs that there are, kept for a time that can be."""
    of_engines = (each.tables for each in engines if each.tables is not None)
    known = logs_of((metadata_of_storage, *of_engines))
    for name, days in definition.keep_days.items():
        place = source.place(f"/keep_days/{name}")
        if name not in known:
            report.add(MESSAGES.diagnostic("unknown-log", place, seen=name, known=sorted(known)))
        elif days is not None and not 1 <= days <= MOST_DAYS:
            report.add(MESSAGES.diagnostic("log-days", place, seen=name, days=days, most=MOST_DAYS))


def _check_tables(engines: tuple[Engine, ...], scope: Scope, report: Report) -> None:
    """Names of forms that the library's own tables have already."""
    own: dict[str, Text] = dict.fromkeys(metadata_of_storage.tables, LIBRARY)
    own |= {
        name: {"en": f"the engine {each.name}", "zh-CN": f"引擎 {each.name}"}
        for each in engines
        if each.tables is not None
        for name in each.tables.tables
    }
    for record_type in scope.records.values():
        if record_type.parent is None and record_type.name in own:
            values = {"seen": record_type.name, "table": record_type.name, "owner": own[record_type.name]}
            report.add(MESSAGES.diagnostic("table-name", record_type.place, **values))


def _check_named(
    definition: AppDefinition, source: SourceDocument, scope: Scope, report: Report, newer: Report
) -> None:
    """Whatever menus, homes and second factors name has to be there. `newer` gets what apps that are in use may say
    from before it was looked at: they go on, and are told."""
    for index, menu in enumerate(definition.menus):
        for position, item in enumerate(menu.items):
            at = f"/menus/{index}/items/{position}"
            _check_one(item, at, source, report)
            _check_shown(item, at, source, scope, report, newer)
        _check_roles(menu.roles, f"/menus/{index}", source, scope, report)
    for index, home in enumerate(definition.home):
        _check_one(home, f"/home/{index}", source, newer)
        _check_shown(home, f"/home/{index}", source, scope, report, newer)
    _check_roles(definition.second_factor.roles, "/second_factor", source, scope, report)


def _check_one(shown: MenuItem | HomeDefinition, at: str, source: SourceDocument, report: Report) -> None:
    """An item of a menu, or where somebody begins, shows exactly one thing."""
    count = sum(getattr(shown, what, None) is not None for what in ("form", "dashboard", "report", "tasks"))
    if count != 1:
        report.add(MESSAGES.diagnostic("menu-item", source.place(at), count=count))


def _check_shown(
    shown: MenuItem | HomeDefinition, at: str, source: SourceDocument, scope: Scope, report: Report, newer: Report
) -> None:
    """What it shows is there, with the view that is named, and so are those who see it."""
    for what in ("form", "dashboard", "report"):
        name = getattr(shown, what, None)
        if name is not None:
            scope.find(what, name, source.place(f"{at}/{what}"), report, loose=True)
    form = scope.names("form").get(shown.form or "")
    views = [each.name for each in getattr(form, "views", ())]
    if form is not None and shown.view is not None and shown.view not in views:
        place = source.place(f"{at}/view")
        newer.add(NAMES.diagnostic("unknown", place, what="view", seen=shown.view, known=views))
    _check_roles(shown.roles, at, source, scope, newer)


def _check_roles(
    roles: Iterable[str] | None, at: str, source: SourceDocument, scope: Scope, report: Report
) -> None:  # fmt: skip
    for index, role in enumerate(roles or ()):
        scope.find("role", role, source.place(f"{at}/roles/{index}"), report)


def _save_plans(app: App) -> dict[str, SavePlan]:
    stages = [COMPUTE, COMPUTE_AGAIN, *(stage for engine in app.engines for stage in engine.stages())]
    stages.sort(key=lambda stage: stage.order)
    rules_set = any(200 <= stage.order < 300 for stage in stages)
    plans = {}
    for record_type in app.types.values():
        if record_type.parent is not None:
            continue
        runs: list[StageRun] = []
        names: list[str] = []
        for stage in stages:
            if stage is COMPUTE_AGAIN and not (rules_set and len(runs) > 1):
                continue
            run = stage.prepare(app, record_type)
            if run is not None:
                runs.append(run)
                names.append(stage.name)
        plan = plans[record_type.name] = prepare(record_type, runs, watches_of(app.types, record_type))
        plan.stages_named = tuple(names)
    return plans
