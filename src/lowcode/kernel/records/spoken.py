"""A condition on a record in words: what its paths are called, by the titles the author gave them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Text
from lowcode.kernel.expressions.spoken import Called, spoken

PEOPLE = ("user", "department")
SYSTEM: Mapping[str, tuple[Text, str]] = {
    "id": ({"en": "Number", "zh-CN": "编号"}, ""),
    "created_at": ({"en": "Created", "zh-CN": "创建时间"}, ""),
    "created_by": ({"en": "Created by", "zh-CN": "创建人"}, "user"),
    "updated_at": ({"en": "Changed", "zh-CN": "修改时间"}, ""),
    "updated_by": ({"en": "Changed by", "zh-CN": "修改人"}, "user"),
    "owner": ({"en": "Owner", "zh-CN": "负责人"}, "user"),
}
"""What every record has, and where it leads."""
DIRECTORY: Mapping[str, Mapping[str, tuple[Text, str]]] = {
    "user": {
        "id": ({"en": "Number", "zh-CN": "编号"}, ""),
        "login": ({"en": "Login", "zh-CN": "登录名"}, ""),
        "name": ({"en": "Name", "zh-CN": "姓名"}, ""),
        "email": ({"en": "Mail", "zh-CN": "邮箱"}, ""),
        "active": ({"en": "Active", "zh-CN": "在职"}, ""),
        "department": ({"en": "Department", "zh-CN": "部门"}, "department"),
        "manager": ({"en": "Superior", "zh-CN": "上级"}, "user"),
    },
    "department": {
        "id": ({"en": "Number", "zh-CN": "编号"}, ""),
        "name": ({"en": "Name", "zh-CN": "名称"}, ""),
        "parent": ({"en": "Department above", "zh-CN": "上级部门"}, "department"),
        "head": ({"en": "Head", "zh-CN": "负责人"}, "user"),
    },
}
"""The same of people and departments, which no author gives titles."""


def in_words(context: Context, form: str, text: str, people: Mapping[str, Text] | None = None) -> dict[str, str]:
    """An expression over records of a form in both languages. `people`: what variables that are people are called."""
    host: Any = context.host
    known = people or {}
    made = partial(spoken, text, partial(_called, host.app.scope.records, form, known))
    said: dict[str, str] = host.cached(("spoken", form, text, *known), made)
    return said


def _called(records: Mapping[str, Any], form: str, people: Mapping[str, Text], parts: tuple[str, ...]) -> Called | None:
    """What a path is called; None for one that leads nowhere (any more)."""
    at, titles, last, system = form, [], None, ""
    for place, part in enumerate(parts):
        owner = records.get(at)
        last, system = None, part
        if place == 0 and part in people and (owner is None or part not in owner.fields):
            title, at = people[part], "user"
        elif at in PEOPLE:
            title, at = DIRECTORY[at].get(part, ("", ""))
        elif owner is None:
            return None
        else:
            title, at, last = _hop(owner, part)
        if not title:
            return None
        titles.append(title)
    if last is None:
        return Called(tuple(titles), dated=system.endswith("_at"))
    return Called(tuple(titles), last.titles, last.percent, last.type.kind in ("date", "datetime"))


def _hop(owner: Any, part: str) -> tuple[Text, str, Any]:
    """What one part of a path is called, the form it leads to, and the field it is."""
    found = owner.fields.get(part)
    if found is not None:
        leads = found.rows.name if found.rows is not None else found.target or found.type.record or ""
        return found.title or part, leads, found
    relation = owner.relations.get(part)
    if relation is not None:
        return relation.title or part, relation.record_type, None
    if part == "parent" and owner.parent is not None:
        return owner.parent.title or part, owner.parent.name, None
    return (*SYSTEM.get(part, ("", "")), None)
