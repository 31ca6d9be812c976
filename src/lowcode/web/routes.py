"""Which address is answered by what: one table, read from above."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from lowcode.kernel.diagnostics import Problem, Rejected
from lowcode.web import (
    application,
    deciding,
    endpoints,
    events,
    files,
    many,
    mcp,
    operations,
    papers,
    people,
    personal,
    public,
    readers,
    records,
    reports,
    signing,
    visits,
)  # fmt: skip
from lowcode.web.messages import Request, Response

Handler = Callable[..., Response]

TABLE: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "api/session", people.session),
    ("POST", "api/session", people.sign_in),
    ("POST", "api/session/code", people.show_code),
    ("POST", "api/session/factor", people.set_up_factor),
    ("POST", "api/session/letter", people.ask_password_link),
    ("POST", "api/session/password", people.use_password_link),
    ("PATCH", "api/session", people.change_session),
    ("DELETE", "api/session", signing.sign_out),
    ("GET", "api/sign-in/{name}", signing.begin),
    ("GET", "api/sign-in/{name}/done", signing.done),
    ("POST", "api/sign-in/{name}/done", signing.brought),
    ("GET", "api/sign-in/{name}/logout", signing.logout),
    ("POST", "api/sign-in/{name}/logout", signing.logout),
    ("GET", "api/sign-in/{name}/metadata", signing.metadata),
    ("GET", "api/session/people", people.demo_people),
    ("GET", "api/app", application.describe),
    ("GET", "api/app/expressions.js", application.expressions),
    ("GET", "api/records/{form}", records.list_records),
    ("POST", "api/records/{form}", records.create),
    ("GET", "api/records/{form}/{id:int}", records.get),
    ("PATCH", "api/records/{form}/{id:int}", records.update),
    ("DELETE", "api/records/{form}/{id:int}", records.delete),
    ("POST", "api/records/{form}/bulk", many.bulk),
    ("GET", "api/records/{form}/aggregate", many.aggregate),
    ("PUT", "api/records/{form}/by/{by}/{value:rest}", many.upsert),
    ("GET", "api/records/{form}/{id:int}/history", records.history),
    ("GET", "api/records/{form}/{id:int}/timeline", records.timeline),
    ("POST", "api/operations/{name}", operations.ask),
    ("GET", "api/print/{template}/{id:int}", papers.paper),
    ("GET", "api/labels/{template}", papers.labels),
    ("GET", "api/printers/test-sheet", papers.test_sheet),
    ("GET", "api/templates/{name}/file", papers.template),
    ("GET", "api/templates/trial", papers.trial),
    ("GET", "api/shared/{token}", readers.show),
    ("POST", "api/shared/{token}", readers.press),
    ("GET", "api/shared/{token}/file", readers.download),
    ("GET", "api/export/{form}", files.export),
    ("POST", "api/import/{form}", files.import_file),
    ("GET", "api/reports/{name}/file", reports.report_file),
    ("GET", "api/boards/{name}/file", reports.board_file),
    ("GET", "api/boards/shared/{token}", reports.shared),
    ("POST", "api/files", files.upload),
    ("GET", "api/files/{id:int}", files.download),
    ("GET", "api/decide/{word}", deciding.show),
    ("POST", "api/decide/{word}", deciding.decide),
    ("GET", "api/events", events.admit),
    ("GET", "api/openapi.json", operations.openapi),
    ("POST", "api/intake/{name}", operations.intake),
    ("OPTIONS", "api/intake/{name}", operations.intake),
    *(
        (method, "api/endpoints/{path:rest}", endpoints.serve)
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
    ),
    ("GET", "public/{form}/{name}", public.page),
    ("POST", "public/{form}/{name}", public.receive),
    ("POST", "public/{form}/{name}/look", public.look),
    ("POST", "public/{form}/{name}/files", public.upload),
    ("GET", "confirm/{token}", public.confirm_page),
    ("POST", "confirm/{token}", public.confirm),
    ("GET", "ticket/{token}", public.ticket_page),
    ("POST", "ticket/{token}", public.check_in),
    ("GET", "api/visits.js", visits.script),
    ("GET", "api/calendars/{word}.ics", personal.calendar),
    ("PUT", "api/push/subscription", personal.subscribe),
    ("GET", "api/cards/{name}/{id:int}", personal.card),
    ("POST", "api/mailboxes/{name}", operations.letter),
    ("POST", "api/mcp", mcp.serve),
)

DIGITS = 16
_HOLES = {"int": rf"\d{{1,{DIGITS}}}", "rest": r".+", "": r"[^/]+"}


Route = tuple[re.Pattern[str], dict[str, Handler], tuple[str, ...]]


Place = tuple[str, int]
"""What tells addresses apart: the word behind `api/`, else the first, and how many slashes there are; -1 for an address
that takes any number of them."""


ANY = -1


def _compiled() -> dict[Place, list[Route]]:
    """The routes by the place of their address; behind those of a place stand those of its word for any place."""
    by_path: dict[str, dict[str, Handler]] = {}
    for method, path, handler in TABLE:
        by_path.setdefault(path, {})[method] = handler
    found: dict[Place, list[Route]] = {}
    for path, handlers in by_path.items():
        numbers = tuple(re.findall(r"\{(\w+):int\}", path))
        pattern = re.sub(r"\{(\w+)(?::(\w+))?\}", lambda hole: f"(?P<{hole[1]}>{_HOLES[hole[2] or '']})", path)
        place = _word(path), ANY if ":rest}" in path else path.count("/")
        found.setdefault(place, []).append((re.compile(f"^{pattern}$"), handlers, numbers))
    return {(word, count): [*routes, *(found.get((word, ANY), ()) if count != ANY else ())]
            for (word, count), routes in found.items()}  # fmt: skip


def _word(path: str) -> str:
    first, _, rest = path.partition("/")
    return rest.partition("/")[0] if first == "api" else first


_ROUTES = _compiled()
METHOD = {"en": "{method} is not possible here; possible: {possible}", "zh-CN": "此处不能 {method}；可用：{possible}"}


class MethodNotAllowed(Rejected):
    """The address exists and does not take this method."""

    status = 405
    title = "Method not allowed"


RECORDS = "api/records/"
"""What is asked for most: a page of a form and one record are found without a look at the table."""


def find(request: Request) -> tuple[Handler, dict[str, Any]] | None:
    """What answers a request, and with what from its address; None when nothing does."""
    path = request.path
    if request.method == "GET" and path.startswith(RECORDS):
        form, slash, identity = path[len(RECORDS) :].partition("/")
        if not slash and form:
            return records.list_records, {"form": form}
        if form and identity.isascii() and identity.isdigit() and len(identity) <= DIGITS:
            return records.get, {"form": form, "id": int(identity)}
    word = _word(path)
    for pattern, handlers, numbers in _ROUTES.get((word, path.count("/"))) or _ROUTES.get((word, ANY)) or ():
        matched = pattern.match(path)
        if matched is None:
            continue
        handler = handlers.get(request.method) or (handlers.get("GET") if request.method == "HEAD" else None)
        if handler is None:
            values = {"method": request.method, "possible": list(handlers)}
            raise MethodNotAllowed(Problem("http.method", METHOD, "", values))
        arguments: dict[str, Any] = matched.groupdict()
        for name in numbers:
            arguments[name] = int(arguments[name])
        return handler, arguments
    return None
