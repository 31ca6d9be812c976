"""What everybody may open: public forms, the links of letters, tickets. Who is signed in matters for tickets only."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from functools import wraps
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from lowcode.forms.operations.cells import cell
from lowcode.forms.public import files
from lowcode.forms.public.plan import FILES, Public
from lowcode.kernel.diagnostics import Problem, Rejected, localized
from lowcode.kernel.links import public_url
from lowcode.kernel.records.plan import Field
from lowcode.printing.blocks.drawing.qrcode import qrcode_svg
from lowcode.web import visiting
from lowcode.web.files import NO_FILE
from lowcode.web.forms import describe_field
from lowcode.web.messages import Request, Response, answer
from lowcode.web.multipart import parse_form
from lowcode.web.session import Caller
from lowcode.web.sheet import HTML

if TYPE_CHECKING:
    from lowcode.web.door import Door


def in_words(handler: Callable[..., Response]) -> Callable[..., Response]:
    """A page that cannot be shown says so as a page: visitors read no problem documents."""

    @wraps(handler)
    def handle(door: Door, request: Request, caller: Caller, **arguments: Any) -> Response:
        try:
            return handler(door, request, caller, **arguments)
        except Rejected as refused:
            shown = _plain(door, request, caller)
            said = "; ".join(each.words(shown.language) for each in refused.problems)
            response = _html(visiting.refused_page(shown, said), shown)
            response.status = refused.status
            return response

    return handle


@in_words
def page(door: Door, request: Request, caller: Caller, form: str, name: str) -> Response:
    """The form as a page of its own; with `?token` only a fresh token."""
    found = _page(door, caller, form, name)
    if "closed" in found and "token" in request.parameters:
        raise Rejected(Problem(found["code"], found["closed"]))
    if "token" in request.parameters:
        return answer({"token": found["token"]}, headers=[("Cache-Control", "no-store")])
    face, language = _face(door, form, name), door.locale(request, caller)
    fields = door.host.cached(("public", form, name), lambda: _fields(door, form, face))
    shown = visiting.Shown(language, _languages(door), request, face.definition.theme, secrets.token_urlsafe(16))
    title = localized(face.definition.title or door.host.app.plans["forms"].forms[form].definition.title, language)
    if "closed" in found:
        said = localized(found["closed"], language)
        return _html(visiting.closed_page(shown, title, said), shown, face.definition.origins)
    body = visiting.form_page(shown, face, title, fields, found)
    return _html(body, shown, face.definition.origins)


def receive(door: Door, request: Request, caller: Caller, form: str, name: str) -> Response:
    """What a page sends."""
    language = door.locale(request, caller)
    sent = request.json()
    known = {key: sent[key] for key in ("values", "consent", "source", "token", "labour", "trap") if key in sent}
    found = door.ask(caller, "forms.receive", form=form, name=name, address=request.address, language=language, **known)
    return _answer(door, request, {**found, "form": form, "name": name}, language)


def look(door: Door, request: Request, caller: Caller, form: str, name: str) -> Response:
    """How the form stands as it is filled in."""
    values = request.json().get("values", {})
    return answer(door.ask(caller, "forms.public_look", form=form, name=name, values=values, address=request.address))


def upload(door: Door, request: Request, caller: Caller, form: str, name: str) -> Response:
    """A file for a field of the form; what the visitor gets for it opens nothing."""
    fields, sent = parse_form(request)
    if "file" not in sent:
        raise Rejected(Problem("http.no-file", NO_FILE, "/file"))
    file_name, media_type, content = sent["file"]
    known = {key: fields[key] for key in ("field", "token", "labour") if key in fields}
    found = door.ask(
        caller, "forms.public_upload", form=form, name=name, file_name=file_name, media_type=media_type,
        content=content, address=request.address, **known,
    )  # fmt: skip
    return answer(found, 201, headers=[("Cache-Control", "no-store")])


def confirm_page(door: Door, request: Request, caller: Caller, token: str) -> Response:
    """What the link in a letter opens. Programs that look at letters follow links, so a person presses a button."""
    shown = _plain(door, request, caller)
    return _html(visiting.confirm_page(shown, localized(door.host.app.definition.called, shown.language)), shown)


def confirm(door: Door, request: Request, caller: Caller, token: str) -> Response:
    """The address is the visitor's."""
    return _answer(door, request, door.ask(caller, "forms.confirm", token=token), door.locale(request, caller))


@in_words
def ticket_page(door: Door, request: Request, caller: Caller, token: str) -> Response:
    """A ticket: the code for whoever carries it, the person for whoever scans it."""
    found = door.ask(caller, "forms.ticket", token=token)
    face, shown = _face(door, found["form"], found["name"]), _plain(door, request, caller)
    shown.theme = face.definition.theme
    form = door.host.app.plans["forms"].forms[found["form"]]
    title = localized(face.definition.title or form.definition.title, shown.language)
    if not found["colleague"]:
        code = qrcode_svg(f"{_base(door, request)}/ticket/{token}", "low")
        return _html(visiting.ticket_page(shown, face, title, code, caller.actor.id is not None), shown)
    fields, zone = form.record_type.fields, door.host.app.zone
    rows = [
        (localized(fields[name].title, shown.language) or name, _read(fields[name], value, shown.language, zone))
        for name, value in found["values"].items()
    ]
    return _html(visiting.scanned_page(shown, title, found, rows, caller.csrf), shown)


def _read(field: Field, value: Any, language: str, zone: ZoneInfo) -> str:
    """A value in words, as a colleague reads it: titles of options, times by the clocks of the app."""
    if isinstance(value, Mapping):
        return str(value.get("label", ""))
    if field.type.kind == "datetime" and isinstance(value, str):
        value = datetime.fromisoformat(value)
    said = cell(field, value, language, zone)
    return f"{said:%Y-%m-%d %H:%M}" if isinstance(said, datetime) else str(said)


def check_in(door: Door, request: Request, caller: Caller, token: str) -> Response:
    """Somebody came."""
    return answer(door.ask(caller, "forms.check_in", token=token))


def _page(door: Door, caller: Caller, form: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = door.ask(caller, "forms.public_page", form=form, name=name)
    if not found["ready"]:
        door.host.ask(door.host.app_actor, "forms.prepare_public")
        found = door.ask(caller, "forms.public_page", form=form, name=name)
    return found


def _face(door: Door, form: str, name: str) -> Public:
    face: Public = door.host.app.plans["forms"].forms[form].public[name]
    return face


def _fields(door: Door, form: str, face: Public) -> list[dict[str, Any]]:
    """The fields of a public form as they are drawn; nothing of any other field leaves the house."""
    record_type = door.host.types[form]
    with door.host.database.reading() as unit:
        context = door.host.context(unit, door.host.app_actor)
        return [
            {**describe_field(context, record_type, field, False), "conditional": _conditional(field), **_taken(field)}
            for field in (record_type.fields[name] for name in face.fields)
        ]


def _taken(field: Field) -> dict[str, Any]:
    """What a field for files takes from visitors."""
    if field.options_type not in FILES:
        return {}
    return {"most": files.most(field), "largest": files.largest(field), "takes": list(files.takes(field))}


def _conditional(field: Field) -> bool:
    return bool(field.visible_when or field.required_when or field.section_when or field.option_when)


def _answer(door: Door, request: Request, found: dict[str, Any], language: str) -> Response:
    """What came of it, in the visitor's words."""
    definition = _face(door, found["form"], found["name"]).definition
    said: dict[str, Any] = {"status": found["status"]}
    if found["status"] == "received":
        said["thanks"] = localized(definition.thanks, language)
        if definition.redirect:
            said["redirect"] = definition.redirect
        if "ticket" in found:
            said["ticket"] = f"{_base(door, request)}/ticket/{found['ticket']}"
    return answer(said, headers=[("Cache-Control", "no-store")])


def _base(door: Door, request: Request) -> str:
    """Where the app is for visitors: as the host says, else as this visitor found it."""
    return public_url(door.host) or f"{request.scheme}://{request.headers.get('host', 'localhost')}{request.root}"


def _plain(door: Door, request: Request, caller: Caller) -> visiting.Shown:
    return visiting.Shown(door.locale(request, caller), _languages(door), request, None, secrets.token_urlsafe(16))


def _languages(door: Door) -> list[str]:
    return list(door.host.app.definition.languages)


def _html(body: str, shown: visiting.Shown, origins: list[str] | None = None) -> Response:
    logo = urlsplit(shown.theme.logo) if shown.theme is not None and shown.theme.logo else None
    policy = "; ".join(
        (
            "default-src 'none'", "script-src 'self'", f"style-src 'self' 'nonce-{shown.nonce}'", "connect-src 'self'",
            f"img-src 'self' data:{f' {logo.scheme}://{logo.netloc}' if logo else ''}", "font-src 'self'",
            "base-uri 'none'", "form-action 'none'", " ".join(("frame-ancestors 'self'", *(origins or ()))),
        )
    )  # fmt: skip
    headers = [
        ("Content-Security-Policy", policy), ("Cache-Control", "no-store"), ("Referrer-Policy", "origin"),
        ("Cross-Origin-Resource-Policy", "cross-origin"), ("X-Robots-Tag", "noindex"),
    ]  # fmt: skip
    return Response(200, body.encode(), HTML, headers)
