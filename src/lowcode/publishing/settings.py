"""What the designer of the app as a whole asks: roles, menus, where people begin, languages.

What is designed is `app.json` itself; its calendars have a desk of their own (`publishing/calendars.py`). It is looked
at and published by `app.plan` and `app.publish`, as any document.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Annotated, Any

from lowcode.app import check_definition
from lowcode.kernel.answers import Checked, has
from lowcode.kernel.contract import Context, Nothing, Operation, Parameters
from lowcode.kernel.definitions import SourceDocument
from lowcode.kernel.definitions.application import AppDefinition
from lowcode.kernel.definitions.designing import palette, spoken, told
from lowcode.kernel.definitions.load import APP
from lowcode.kernel.definitions.schema import schema_of
from lowcode.kernel.definitions.source import Source
from lowcode.kernel.diagnostics import Report

OPTIONS = spoken({
    "currency": "币种 | Currency",
    "fiscal_year_starts": "财年开始月份 | Month the business year begins in",
    "grace_days": "首次提醒后可暂缓设置的天数 | Days it may be put off",
    "icon": "图标 | Icon",
    "keep_days": "日志保留天数 | Days logs are kept",
    "keep_refusals_days": "被拒绝的操作保留天数 | Days refusals are kept",
    "languages": "语言 | Languages",
    "name": "标识 | Name",
    "remember_days": "同一浏览器免再次验证天数 | Days a browser is not asked again",
    "roles": "角色 | Roles",
    "second_factor": "二次验证 | Second factor",
    "second_factor.roles": "必须二次验证的角色 | Roles that need one",
    "title": "名称 | Title",
    "zone": "时区 | Time zone",
})  # fmt: skip


OWN = {"form": "forms", "dashboard": "reports", "report": "reports"}
"""What a menu shows, and the engine whose documents say it."""


class CheckApp(Parameters):
    """The app as a whole, as it would be."""

    document: dict[str, Any]


@cache
def _schema() -> Mapping[str, Any]:
    return schema_of(AppDefinition)


def palette_of(
    context: Context, params: Nothing
) -> Annotated[dict[str, Any], has(schema=dict, kinds=list, words=dict)]:
    """The schema of what may be written, the words for it, and what of the app a menu or a home may name: forms with
    their views, dashboards and reports, each by its name with its title; `own` are what the app has."""
    scope = context.app.scope
    titles = {what: {name: _title(context, place, name) for name in scope.names(what)} for what, place in OWN.items()}
    views = {
        name: [{"name": each.name, "title": each.title or each.name} for each in getattr(form, "views", ())]
        for name, form in scope.names("form").items()
    }
    words = {"groups": {}, "options": OPTIONS, "choices": {}}
    own = {"own": titles, "views": views}
    return {"schema": _schema(), "kinds": [], "words": words, **own, **palette(context)}


def _title(context: Context, place: str, name: str) -> Any:
    """What a menu calls it."""
    source = context.app.documents.get(place, name)
    return (source.data.get("plural") or source.data.get("title") if source is not None else None) or name


def check(context: Context, params: CheckApp) -> Checked:
    """Everything that is wrong with it by itself. `elsewhere`: others may name a role it no longer has, or speak of its
    languages; `app.plan` looks at them."""
    report = Report()
    check_definition(SourceDocument("app", Source(APP, None, params.document)), context.app, report)
    return {"findings": told(report, context.actor.locale), "elsewhere": True}


OPERATIONS = (
    Operation(
        "app.palette", palette_of, Nothing, "administrator", False,
        {"en": "What an app may say, for the designer", "zh-CN": "应用设置的设计器"},
    ),
    Operation(
        "app.check_document", check, CheckApp, "administrator", False,
        {"en": "What is wrong with the settings of an app", "zh-CN": "检查应用设置"},
    ),
)  # fmt: skip
