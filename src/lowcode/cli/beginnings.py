"""What apps and documents begin with: `lowcode new` writes it, and it has nothing wrong."""

from __future__ import annotations

from typing import Any


def app_documents(name: str) -> dict[str, Any]:
    """The documents of an app to begin with: one form, one role, one person."""
    title = name.replace("_", " ").capitalize()
    return {
        "app.json": {
            "name": name,
            "title": title,
            "version": "0.1.0",
            "roles": [{"name": "member", "title": {"zh-CN": "成员", "en": "Member"}}],
            "menus": [{"title": title, "items": [{"form": "note"}, {"tasks": True}]}],
        },
        "forms/note.json": {**document("form", "note", None), "title": {"zh-CN": "记录", "en": "Note"}},
        "seed/people.json": {"users": [{"login": "ada", "name": "Ada", "roles": ["member", "administrator"]}]},
        "tests/note.test.json": {
            "name": "note",
            "title": "A note is kept",
            "steps": [
                {"as": "ada", "create": {"form": "note", "values": {"title": "First"}, "as": "note"}},
                {"as": "ada", "expect": {"record": "$note", "values": {"title": "First"}}},
            ],
        },
    }


def document(kind: str, name: str, form: str | None) -> dict[str, Any]:
    """A document of a kind to begin with, about a form where it is about one."""
    title = name.replace("_", " ").capitalize()
    return {"name": name, "title": title} | (BODIES[kind] if form is None else _about(BODIES[kind], form))


def _about(part: Any, form: str) -> Any:
    """A part of a body with the form in its places."""
    if isinstance(part, dict):
        return {key: _about(each, form) for key, each in part.items()}
    if isinstance(part, list):
        return [_about(each, form) for each in part]
    return part.replace(FORM, form) if isinstance(part, str) else part


FORM = "{form}"
"""Where the name of the form goes."""
NOTICE = {"notify": {"to": ["owner"], "title": {"zh-CN": "有新记录", "en": "Something new"}}}
BODIES: dict[str, dict[str, Any]] = {
    "form": {
        "label": "title",
        "fields": [
            {
                "name": "title",
                "type": "text",
                "title": {"zh-CN": "标题", "en": "Title"},
                "required": True,
                "search": True,
            },
            {"name": "details", "type": "long_text", "title": {"zh-CN": "详情", "en": "Details"}},
        ],
        "permissions": [{"role": "member", "can": ["create", "read", "edit"]}],
    },
    "flow": {
        "form": FORM,
        "start": {"on": "manual"},
        "nodes": [
            {"id": "start", "type": "start", "to": "check"},
            {
                "id": "check",
                "type": "approve",
                "title": {"zh-CN": "审批", "en": "Check"},
                "approvers": [{"role": "administrator"}],
                "approved": "end",
                "rejected": "end",
            },
            {"id": "end", "type": "end"},
        ],
    },
    "rule": {"form": FORM, "on": {"created": True}, "actions": [NOTICE]},
    "table": {
        "type": "table",
        "form": FORM,
        "hit": "FIRST",
        "inputs": [{"name": "mine", "expression": "owner = ME()"}],
        "outputs": [{"name": "answer", "type": "text"}],
        "rules": [
            {"when": {"mine": "TRUE"}, "then": {"answer": '"mine"'}},
            {"when": {"mine": "-"}, "then": {"answer": '"another\'s"'}},
        ],
    },
    "report": {
        "type": "report",
        "form": FORM,
        "date": "created_at",
        "dimensions": [
            {"name": "month", "title": {"zh-CN": "月份", "en": "Month"}, "expression": "created_at", "grain": "month"}
        ],
        "measures": [{"name": "count", "title": {"zh-CN": "数量", "en": "Count"}, "expression": "COUNT()"}],
        "sort": ["month"],
        "chart": {"type": "bar"},
    },
    "dashboard": {
        "type": "dashboard",
        "filters": [{"name": "period", "title": {"zh-CN": "期间", "en": "Period"}, "type": "period"}],
        "tiles": [{"heading": {"zh-CN": "把报表放在这里", "en": "Put reports here"}, "x": 0, "y": 0, "w": 12, "h": 1}],
    },
    "template": {
        "form": FORM,
        "page": {"size": "A4"},
        "body": [
            {"type": "text", "text": "{{ id }}", "style": {"size": 18, "bold": True}},
            {
                "type": "fields",
                "columns": 2,
                "items": [
                    {"label": {"zh-CN": "负责人", "en": "Owner"}, "value": "owner.name"},
                    {"label": {"zh-CN": "新建时间", "en": "Created"}, "value": "created_at"},
                ],
            },
        ],
    },
    "endpoint": {
        "type": "endpoint",
        "method": "GET",
        "path": FORM,
        "query": {
            "type": "object",
            "additionalProperties": False,
            "properties": {"after": {"type": "string", "maxLength": 500}},
        },
        "access": {"session": True, "key": True},
        "steps": [
            {"list": {"form": FORM, "sort": ["-created_at"], "limit": 50, "after": "query.after", "as": "found"}}
        ],
        "answer": {
            "body": {
                "items": {"for_each": "found", "body": {"id": "id", "created_at": "created_at"}},
                "next": "found.next",
            }
        },
    },
    "test": {"steps": []},
}
"""What stands in a new document beside its name and title."""
