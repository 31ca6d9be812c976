"""Reports and boards as files, and the board behind a link: a page without scripts, for whoever holds the link."""

from __future__ import annotations

from base64 import b64encode
from html import escape
from typing import TYPE_CHECKING, Any

from lowcode.kernel.diagnostics import Problem, Rejected
from lowcode.web.files import attachment
from lowcode.web.messages import Request, Response, number_of, read_object
from lowcode.web.session import Caller
from lowcode.web.sheet import HTML, PRIVATE, sheet

if TYPE_CHECKING:
    from lowcode.web.door import Door

NOT_JSON = {"en": "'{name}' is no JSON object", "zh-CN": "“{name}”不是 JSON 对象"}
POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors *"
HEAD = (
    '<meta http-equiv="refresh" content="300"><style>html{background:#f4f5f7}body{margin:0}'
    "img{display:block;width:100%;max-width:1440px;min-width:720px;margin:auto}</style>"
)
"""A wall shows the board for days: it is drawn anew every five minutes."""


def report_file(door: Door, request: Request, caller: Caller, name: str) -> Response:
    """A report as a workbook, or as a picture."""
    given = request.parameters
    filters = _object(given.get("filters"), "filters")
    if given.get("format", "xlsx") == "xlsx":
        combined = {each: given[each].split(",") for each in ("rows", "columns", "measures") if given.get(each)}
        return _file(door.ask(caller, "reports.export", report=name, filters=filters, **combined))
    sizes = {each: number_of(given[each], each) for each in ("width", "height") if given.get(each)}
    return _file(door.ask(caller, "reports.picture", report=name, filters=filters, format=given["format"], **sizes))


def board_file(door: Door, request: Request, caller: Caller, name: str) -> Response:
    """A board as a PDF, a picture or a workbook."""
    given = request.parameters
    filters = _object(given.get("filters"), "filters")
    form = given.get("format", "pdf")
    return _file(door.ask(caller, "reports.board_file", dashboard=name, filters=filters, format=form))


def shared(door: Door, request: Request, caller: Caller, token: str) -> Response:
    """The board behind a link, drawn when it is looked at; never kept by anyone on the way."""
    form = request.parameters.get("format", "html")
    made = door.ask(caller, "reports.shared", token=token, format="svg" if form == "html" else form)
    if form != "html":
        return Response(200, made["content"], made["media_type"], [attachment(made["name"]), *PRIVATE])
    picture = f"data:image/svg+xml;base64,{b64encode(made['content']).decode()}"
    image = f'<img alt="{escape(made["title"])}" src="{picture}">'
    page = sheet(made["title"], image, door.locale(request, caller), head=HEAD)
    return Response(200, page.encode(), HTML, [("Content-Security-Policy", POLICY), *PRIVATE])


def _file(made: dict[str, Any]) -> Response:
    headers = [attachment(made["name"]), ("Cache-Control", "no-store")]
    return Response(200, made["content"], made["media_type"], headers)


def _object(text: str | None, name: str) -> dict[str, Any]:
    if not text:
        return {}
    try:
        return read_object(text)
    except Rejected:
        raise Rejected(Problem("http.not-an-object", NOT_JSON, f"/{name}", {"name": name})) from None
