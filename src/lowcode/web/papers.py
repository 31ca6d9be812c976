"""Papers as files: of one record, labels of many, the sheet a printer is measured with, templates to take along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lowcode.kernel.diagnostics import Problem, Rejected
from lowcode.web.files import PAPER_POLICY, attachment
from lowcode.web.messages import Request, Response, number_of
from lowcode.web.session import Caller

if TYPE_CHECKING:
    from lowcode.web.door import Door

WRONG_IDS = {"en": "'ids' are the numbers of records, with commas between them", "zh-CN": "ids 为以逗号分隔的记录编号"}


def paper(door: Door, request: Request, caller: Caller, template: str, id: int) -> Response:
    """A printed document."""
    given = request.parameters
    form = given.get("format", "html")
    language = given.get("language") or door.locale(request, caller)
    made = door.ask(
        caller, "printing.render", template=template, id=id, format=form, language=language, **_setting(given)
    )  # fmt: skip
    headers = [attachment(made["name"], inline=given.get("download") != "true"), ("Cache-Control", "no-store")]
    html = made["media_type"].startswith("text/html")
    headers.append(("Content-Security-Policy", PAPER_POLICY if html else "frame-ancestors 'self'"))
    return Response(200, made["content"], made["media_type"], headers)


def labels(door: Door, request: Request, caller: Caller, template: str) -> Response:
    """Labels of records."""
    given = request.parameters
    try:
        ids = tuple(int(each) for each in given.get("ids", "").split(","))
        numbers = {name: int(given[name]) for name in ("start", "copies") if given.get(name)}
    except ValueError:
        raise Rejected(Problem("http.wrong-ids", WRONG_IDS, "/ids")) from None
    language = given.get("language") or door.locale(request, caller)
    made = door.ask(
        caller, "printing.labels", template=template, ids=ids, format=given.get("format", "pdf"), language=language,
        **numbers, **_setting(given),
    )  # fmt: skip
    return _file(made)


def test_sheet(door: Door, request: Request, caller: Caller) -> Response:
    """The sheet a printer is measured with."""
    given = request.parameters
    language = given.get("language") or door.locale(request, caller)
    return _file(door.ask(caller, "printing.test_sheet", printer=given.get("printer") or None, language=language))


def template(door: Door, request: Request, caller: Caller, name: str) -> Response:
    """An uploaded template as the files it is in the folder of an app."""
    version = request.parameters.get("version", "")
    given = {"version": number_of(version, "version")} if version else {}
    return _file(door.ask(caller, "printing.export_template", name=name, **given))


def trial(door: Door, request: Request, caller: Caller) -> Response:
    """An uploaded file filled with a record, before it is saved as a template."""
    given = request.parameters
    numbers = {name: number_of(given[name], name) for name in ("file", "id") if given.get(name)}
    language = given.get("language") or None
    made = door.ask(caller, "printing.inspect", form=given.get("form", ""), title="trial", language=language, **numbers)
    if made["filled"] is None:
        raise Rejected(Problem("http.wrong-ids", WRONG_IDS, "/id"))
    return _file({**made, "content": made["filled"]})


def _setting(given: Any) -> dict[str, Any]:
    """How a paper is put on its sheet, where the request says so."""
    said: dict[str, Any] = {"printer": given["printer"]} if given.get("printer") else {}
    return said | {"background": given["background"] == "true"} if given.get("background") else said


def _file(made: dict[str, Any]) -> Response:
    headers = [attachment(made["name"]), ("Cache-Control", "no-store")]
    return Response(200, made["content"], made["media_type"], headers)
