"""The app as one person may see it: everything the page draws from."""

from __future__ import annotations

import hashlib
from functools import partial
from typing import TYPE_CHECKING, Any

from lowcode.kernel.diagnostics import Problem, Unauthenticated
from lowcode.kernel.expressions import Expression, NotPushable
from lowcode.web.forms import describe_form
from lowcode.web.messages import Request, Response, to_json
from lowcode.web.packing import SUFFIX, packed
from lowcode.web.people import by_letter
from lowcode.web.session import Caller
from lowcode.web.tags import has_already

if TYPE_CHECKING:
    from lowcode.web.door import Door

DIGEST = 16
"""Characters that tell one version of the app from another."""
SIGN_IN = {"en": "sign in first", "zh-CN": "请先登录"}


def describe(door: Door, request: Request, caller: Caller) -> Response:
    """The app for this actor, with an ETag."""
    if caller.actor.id is None and not caller.actor.is_app:
        raise Unauthenticated(Problem("http.sign-in", SIGN_IN))
    host, actor = door.host, caller.actor
    body = host.cached(("api/app", actor.standing), lambda: to_json(_app(door, caller)))
    tag = f'"{hashlib.sha256(body).hexdigest()[:20]}"'
    headers = [("ETag", tag), ("Cache-Control", "private, no-cache"), ("Vary", "Cookie, Authorization")]
    for each in (tag, f'{tag[:-1]}{SUFFIX}"'):
        if has_already(request, each):
            return Response(304, headers=[("ETag", each), *headers[1:]])
    key = ("api/app", actor.standing, "packed")
    return packed(request, Response(200, body, headers=headers), partial(host.cached, key))


def _app(door: Door, caller: Caller) -> dict[str, Any]:
    host, actor = door.host, caller.actor
    definition = host.app.definition
    with host.database.reading() as unit:
        context = host.context(unit, actor)
        parts: dict[str, dict[str, Any]] = {
            engine.name: context.ask(f"{engine.name}.describe")
            for engine in host.app.engines
            if f"{engine.name}.describe" in host.app.operations
        }
        forms = {
            name: describe_form(context, form, parts)
            for name, form in host.app.plans["forms"].forms.items()
            if host.grant(form.record_type, actor).may("read")
        }
    shown = parts.get("reports", {})
    dashboards, reports = shown.get("dashboards", {}), shown.get("reports", {})

    def visible(item: Any) -> bool:
        if item.roles is not None and not actor.is_administrator and not actor.roles & set(item.roles):
            return False
        if item.form is not None:
            return item.form in forms
        if item.dashboard is not None:
            return item.dashboard in dashboards
        report = getattr(item, "report", None)
        return report is None or report in reports

    menus = []
    for menu in definition.menus:
        if menu.roles is not None and not actor.is_administrator and not actor.roles & set(menu.roles):
            continue
        items = [item.model_dump(exclude_none=True, exclude={"roles"}) for item in menu.items if visible(item)]
        if items:
            menus.append({"title": menu.title, "items": items, **({"icon": menu.icon} if menu.icon else {})})
    flows = parts.get("flows", {}).get("flows", {})
    if not definition.menus and forms:  # an app that has not come to menus yet: what there is, in its order
        tasks = [{"tasks": True}] if flows else []
        boards = [{"dashboard": name} for name in dashboards]
        every = [*({"form": name} for name in forms), *tasks, *boards, *({"report": name} for name in reports)]
        menus = [{"title": definition.called, "items": every}]
    home = next(
        (
            each.model_dump(exclude_none=True, exclude={"roles"})
            for each in definition.home
            if (each.roles is None or actor.roles & set(each.roles)) and visible(each)
        ),
        None,
    )
    return {
        "name": definition.name, "title": definition.called, "version": definition.version,
        "digest": host.app.digest[:DIGEST], "zone": definition.zone,
        "currency": definition.currency, "languages": definition.languages,
        "expressions": f"api/app/expressions.js?v={host.app.digest[:DIGEST]}",
        "roles": [{"name": role.name, "title": role.title} for role in definition.roles],
        "menus": menus, "home": home, "forms": forms, "dashboards": dashboards, "reports": reports,
        "datasets": shown.get("datasets", {}),
        "flows": flows,
        **({"by_letter": by_letter(door)} if actor.is_administrator else {}),
        "pages": {page: may for part in parts.values() for page, may in part.get("pages", {}).items()},
    }  # fmt: skip


def expressions(door: Door, request: Request, caller: Caller) -> Response:
    """Every expression of the forms as one ES module of this origin: the page evaluates no text."""
    if caller.actor.id is None and not caller.actor.is_app:
        raise Unauthenticated(Problem("http.sign-in", SIGN_IN))
    host = door.host
    body = host.cached(("expressions.js",), lambda: _module(door).encode())
    cache = "private, max-age=31536000, immutable" if "v" in request.parameters else "no-cache"
    response = Response(200, body, "text/javascript; charset=utf-8", [("Cache-Control", cache)])
    return packed(request, response, partial(host.cached, ("expressions.js", "packed")))


def _module(door: Door) -> str:
    forms = []
    for name, form in door.host.app.plans["forms"].forms.items():
        entries = []
        record_type = form.record_type
        for field in record_type.fields.values():
            entries += _entry(field.name, field, record_type)
        for way, rows in record_type.rows_below:
            for inner in rows.fields.values():
                entries += _entry(f"{way}.{inner.name}", inner, rows)
        checks = [f"{_key(check.name)}: {code}" for check in record_type.checks if (code := _code(check.expression))]
        entries.append(f"    _checks: {{ {', '.join(checks)} }}")
        sections = [f"{_key(key)}: {code}" for key, each in form.sections.items() if (code := _code(each))]
        entries.append(f"    _sections: {{ {', '.join(sections)} }}")
        forms.append(f"  {_key(name)}: {{\n" + ",\n".join(entries) + "\n  }")
    return "export default {\n" + ",\n".join(forms) + "\n};\n"


def _entry(name: str, field: Any, owner: Any) -> list[str]:
    parts = []
    if field.expression is not None and (code := _code(field.expression)):
        parts.append(f"expression: {code}")
    for key in ("visible_when", "required_when", "read_only_when", "default"):
        expression = getattr(field, key)
        if expression is not None and (code := _code(expression)):
            parts.append(f"{key}: {code}")
    for key, found in (("options", field.option_when), ("matches", field.matches)):
        codes = [f"{_key(name)}: {code}" for name, each in found.items() if (code := _code(each))]
        if codes:
            parts.append(f"{key}: {{ {', '.join(codes)} }}")
    if field.options_type == "state":
        conditions = owner.extras.get("transitions", {})
        codes = []
        for each in field.options.transitions:
            found = conditions.get((field.name, id(each)))
            codes.append((_code(found) if found is not None else None) or "null")
        parts.append(f"transitions: [{', '.join(codes)}]")
    return [f"    {_key(name)}: {{ {', '.join(parts)} }}"] if parts else []


def _key(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _code(expression: Expression) -> str | None:
    """The emitted source, or None when only the server can answer."""
    try:
        return expression.javascript()
    except (NotPushable, AttributeError, NotImplementedError):
        return None
