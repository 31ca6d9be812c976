"""A form as the page draws it, for one actor: fields, layout, views, what may be done."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from lowcode.forms.cards import reading
from lowcode.forms.definition import offline_of
from lowcode.kernel.expressions import Type, lineage_of
from lowcode.kernel.records.fields.named import SEVERAL
from lowcode.kernel.records.filters import BLANK, OPERATORS, groups_by, operators_of, path_type, tree_operators
from lowcode.kernel.records.plan import Field, RecordType

OWN_KEYS = frozenset(
    {"name", "id", "was", "type", "title", "help", "required", "unique", "index", "default", "visible_when",
     "required_when", "read_only_when", "read_only", "search", "history", "expression", "states", "transitions",
     "fields", "filter", "matches", "on_delete", "encrypted", "mask", "privacy",
     "copied"}
)  # fmt: skip
SYSTEM_TITLES: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "owner": ("member", {"zh-CN": "负责人", "en": "Owner"}),
    "created_at": ("datetime", {"zh-CN": "创建时间", "en": "Created"}),
    "created_by": ("member", {"zh-CN": "创建人", "en": "Created by"}),
    "updated_at": ("datetime", {"zh-CN": "更新时间", "en": "Updated"}),
    "updated_by": ("member", {"zh-CN": "更新人", "en": "Updated by"}),
}
ACTIONS = ("create", "read", "edit", "delete", "export", "import", "share", "restore", "purge")


def describe_form(context: Any, form: Any, parts: Mapping[str, Any]) -> dict[str, Any]:
    """One form for one actor."""
    record_type, definition = form.record_type, form.definition
    grant = context.host.grant(record_type, context.actor)
    hidden, fixed = grant.kept, grant.fixed
    fields = [
        describe_field(context, record_type, field, field.name in fixed)
        for field in record_type.fields.values()
        if field.name not in hidden
    ]
    for name, (word, title) in SYSTEM_TITLES.items():
        if name not in record_type.fields and name not in hidden:
            fields.append(
                {"name": name, "type": word, "title": title, "required": False, "system": True,
                 "read_only": name != "owner" or "owner" in fixed, "sort": word == "datetime", "filter": True,
                 "group": word == "member", "operators": list(OPERATORS["user" if word == "member" else word])}
            )  # fmt: skip
    roles, everything = context.actor.roles, context.actor.is_administrator
    views = [
        each.definition for each in form.views.values()
        if each.definition.roles is None or everything or roles & set(each.definition.roles)
    ]  # fmt: skip
    first = next((each for each in views if isinstance(each.default, list) and roles & set(each.default)), None)
    label, rules = definition.label if definition.label in record_type.fields else None, parts.get("rules", {})
    offline = offline_of(definition)
    return {
        "name": definition.name, "title": definition.title or definition.name,
        "plural": definition.plural or definition.title or definition.name,
        "icon": definition.icon, "help": definition.help,
        "label": label or (None if definition.label else _label_field(record_type)), "tree": record_type.tree,
        "fields": fields, "layout": [_without(part, hidden) for part in definition.layout],
        "views": [
            view.model_dump(exclude_none=True, exclude={"where", "filter", "roles"})
            | {"narrow": view.where is not None or view.filter is not None,
               "default": view.default is True if first is None else view is first}
            for view in views
        ],
        "detail": definition.detail.model_dump(),
        "permissions": {action: grant.may(action) for action in ACTIONS},
        "relations": [
            {"name": each.name, "title": each.title or _many(context, each.record_type), "form": each.record_type,
             "by": each.by, "any": context.host.types[each.record_type].fields[each.by].options_type == "link_any"}
            for each in record_type.relations.values()
            if each.name not in hidden
            and context.host.grant(context.host.types[each.record_type], context.actor).may("read")
        ],
        "checks": [{"name": each.name, "field": each.field, "message": each.message} for each in record_type.checks],
        "duplicates": bool(record_type.duplicates),
        "public": [
            {"name": name, "title": face.definition.title or definition.title} for name, face in form.public.items()
        ],
        "privacy": form.privacy is not None and grant.may("privacy"),
        "print": parts.get("printing", {}).get(definition.name, []),
        "cards": parts.get("api", {}).get("cards", {}).get(definition.name, []),
        "flows": parts.get("flows", {}).get("manual", {}).get(definition.name, []),
        "buttons": rules.get("buttons", {}).get(definition.name, []),
        "scores": [each for each in rules.get("scores", {}).get(definition.name, []) if each["field"] not in hidden],
        "messages": definition.name in rules.get("messages", ()),
        "business_card": _card(context, definition),
        "offline": None if offline is None else offline.model_dump(),
        "paths": sorted(_paths(record_type)),
    }  # fmt: skip


def _card(context: Any, definition: Any) -> str | None:
    """Whether a business card fills a record in (`read`); who could change that is told where the reader is missing."""
    if definition.business_card is None or not definition.business_card.fields:
        return None
    return "read" if reading.installed() else "missing" if context.actor.is_administrator else None


def _many(context: Any, name: str) -> Any:
    """What records of a form are called where there are several."""
    form = context.host.app.plans["forms"].forms.get(name)
    return (form.definition.plural or form.definition.title or name) if form else name


def _label_field(record_type: RecordType) -> str | None:
    return (
        record_type.label.text
        if record_type.label is not None and record_type.label.text in record_type.fields
        else None
    )


def _without(part: Any, hidden: frozenset[str]) -> dict[str, Any]:
    """A section or tab without the fields kept from this actor."""
    shown: dict[str, Any] = part.model_dump(exclude_none=True, exclude={"visible_when"})
    for section in shown.get("sections", [shown]):
        section.pop("visible_when", None)
        section["fields"] = [
            each for each in section["fields"] if (each if isinstance(each, str) else each.get("field")) not in hidden
        ]
    return shown


def describe_field(context: Any, owner: RecordType, field: Field, fixed: bool) -> dict[str, Any]:
    """One field for one actor."""
    options = field.options
    own = options.model_dump(mode="json", exclude_none=True)
    found: dict[str, Any] = {
        "name": field.name, "type": field.options_type, "title": options.title or field.name,
        "required": field.required, "read_only": options.read_only or fixed or field.computed,
        "unique": options.unique, "search": bool(options.search), "sort": _sorts(field), "filter": _sorts(field),
    }  # fmt: skip
    if f"{owner.way}.{field.name}".lstrip(".") in context.host.grant(owner, context.actor).veiled:
        found.update(veiled=True, sort=False, filter=False)
        if field.options_type == "secret":
            found["revealed"] = context.host.grant(owner, context.actor).may("reveal")
    if field.sealed:
        found.update(sort=False, filter=False)
    asked = not (field.sealed or found.get("veiled"))
    if asked and field.options_type in ("attachment", "image"):
        found["operators"] = list(BLANK)
    elif found["filter"] or (asked and field.options_type in ("multi_select", "tags", "lines", *SEVERAL)):
        shapes = context.app.scope.shapes.records
        tree = tree_operators(partial(path_type, shapes, owner.name), field.name)
        found["operators"] = [*operators_of(field.type), *tree]
    if groups_by(field):
        found["group"] = True
    if options.help:
        found["help"] = options.help
    if options.default is not None and not (isinstance(options.default, str) and options.default.startswith("=")):
        found["default"] = own["default"]
    found.update({key: value for key, value in own.items() if key not in OWN_KEYS and not key.startswith("x-")})
    if field.filter is not None:
        found["offered"] = own["filter"]
    if field.matches:
        found["matches"] = sorted(field.matches)
    match field.options_type:
        case "state":
            found["states"] = [_state(each) for each in options.states]  # type: ignore[attr-defined]
            found["initial"] = own.get("initial") or own["states"][0]["name"]
            found["transitions"] = [
                _transition(each, index)
                for index, each in enumerate(options.transitions)  # type: ignore[attr-defined]
                if each.open_to(context.actor)
            ]
        case "formula" | "rollup":
            found["result"] = _result(field.type, getattr(options, "format", None))
        case "lines":
            assert field.rows is not None
            grant, way = context.host.grant(owner, context.actor), field.rows.way
            found["fields"] = [
                describe_field(context, field.rows, each, f"{way}.{each.name}" in grant.fixed)
                for each in field.rows.fields.values()
                if f"{way}.{each.name}" not in grant.kept
            ]
        case "rating":
            found["max"] = options.stars  # type: ignore[attr-defined]
        case "money":
            found["currency"] = own.get("currency") or context.app.definition.currency
        case "attachment" | "image":
            found["many"] = options.max_files > 1  # type: ignore[attr-defined]
        case "select" | "multi_select" | "tags":
            found["options"] = own.get("options", [])
        case "currency":
            found["options"] = [{"name": each, "title": each} for each in field.type.options or ()]
        case "role":
            roles = context.app.definition.roles
            found["options"] = [{"name": each.name, "title": each.title or each.name} for each in roles]
    return found


def _state(each: Any) -> dict[str, Any]:
    """A state as the page draws it; `staged`: there is something to ask `records.stage` for."""
    keys = {"name", "title", "color", "closed", "won", "probability", "help"}
    found: dict[str, Any] = each.model_dump(mode="json", exclude_none=True, include=keys)
    if each.asks:
        found["staged"] = True
    if each.ageing is not None:
        found["limit"] = each.ageing.limit
    return found


def _transition(each: Any, index: int) -> dict[str, Any]:
    source = None if each.source == "*" else ([each.source] if isinstance(each.source, str) else each.source)
    found = {"from": source, "to": each.to, "required": each.required, "index": index}
    if each.title:
        found["title"] = each.title
    if each.confirm:
        found["confirm"] = each.confirm
    return found


def _sorts(field: Field) -> bool:
    return (
        field.rows is None
        and field.stored
        and field.options_type not in (*SEVERAL, "json", "attachment", "image", "multi_select", "tags")
    )


def _result(type_: Type, form: str | None) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": type_.kind}
    if type_.scale is not None:
        found["scale"] = type_.scale
    if form:
        found["format"] = form
    if type_.options:
        found["options"] = [{"name": each, "title": each} for each in type_.options]
    if type_.target:
        found["to"] = type_.target
    return found


def _paths(record_type: RecordType) -> set[str]:
    """Dotted to-one paths that the expressions of the form read."""
    found = set()
    for way, owner in (("", record_type), *record_type.rows_below):
        prefix = f"{way}." if way else ""
        for field in owner.fields.values():
            keys = ("expression", "visible_when", "required_when", "read_only_when", "default")
            own = [getattr(field, key) for key in keys]
            for expression in (*own, *field.option_when.values(), *field.matches.values()):
                if expression is not None:
                    found |= {
                        prefix + path
                        for path in expression.paths
                        if "." in path and not path.startswith("parent.") and not lineage_of(path)[1]
                    }
    return found
