"""Records over the network: the same operations as everywhere, with ETags and labels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from lowcode.kernel.diagnostics import Conflict, NotFound, Problem, Rejected, suggestion
from lowcode.kernel.records import query, words
from lowcode.kernel.records.filters import joined
from lowcode.kernel.records.labels import record_type_of
from lowcode.kernel.records.operations import MOST
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.records.show import plain
from lowcode.web.many import expanded
from lowcode.web.messages import Request, Response, answer, number_of, read_object
from lowcode.web.once import once
from lowcode.web.present import Presenter
from lowcode.web.ready import answer_of, get_ready
from lowcode.web.session import Caller
from lowcode.web.situation import known_of, situation
from lowcode.web.tags import ANY, Wanted, has_already, is_changed, wanted
from lowcode.web.timeline import changes_of, timeline_of

if TYPE_CHECKING:
    from lowcode.web.door import Door

LIST_PARAMETERS = (
    "view", "where", "filter", "search", "sort", "fields", "limit", "after", "skip", "count", "sum",
    "expand",
)  # fmt: skip
LISTS = ("sort", "fields", "sum", "expand")
COUNTS = ("", "true", "false", "whole")
NOT_A_COUNT = {
    "en": "'{seen}' is not possible: true counts up to a cap, whole all of them",
    "zh-CN": "“{seen}”不可用：true 计数有上限，whole 计全部",
}
BAD_FILTER = {
    "en": "the filter is not an object of JSON {reason}", "zh-CN": "筛选条件不是 JSON 对象 {reason}",
}  # fmt: skip
NO_VIEW = {
    "en": "the form '{form}' has no view '{name}'. {known}", "zh-CN": "表单“{form}”没有视图“{name}”。{known}",
}  # fmt: skip


def _reading(door: Door, caller: Caller, work: Any) -> Any:
    with door.host.database.reading() as unit:
        return work(door.host.context(unit, caller.actor))


def list_records(door: Door, request: Request, caller: Caller, form: str) -> Response:
    """A page of records."""
    given = request.known(LIST_PARAMETERS, LISTS)
    parameters: dict[str, Any] = {"type": form}
    if given.get("filter"):
        parameters["filter"] = _filter(given["filter"])
    own = given.get("where") or None, _split(given.get("sort", ""))
    if given.get("fields"):
        parameters["fields"] = _split(given["fields"])
    for name in ("limit", "skip"):
        if given.get(name):
            parameters[name] = number_of(given[name], name)
    for name in ("after", "search"):
        if given.get(name):
            parameters[name] = given[name]
    if given.get("count", "false") not in COUNTS:
        raise Rejected(Problem("http.not-a-count", NOT_A_COUNT, "/count", {"seen": given["count"][:100]}))
    if given.get("count") in ("true", "whole"):
        parameters.update(count=True, whole=given["count"] == "whole")
    if given.get("sum"):
        parameters["sum"] = _split(given["sum"])

    def work(context: Any) -> dict[str, Any]:
        where, sort = _view(context, form, given, *own)
        found = context.ask("records.list", as_json=True, where=where, sort=sort, **parameters)
        record_type, known = record_type_of(context, form), None
        if given.get("expand"):
            known = found["expanded"] = expanded(context, record_type, _split(given["expand"]), found["items"])
        found["items"] = Presenter(context, record_type).show(found["items"], as_json=True, known=known)
        if "sums" in found:
            found["sums"] = {
                name: None if value is None else str(plain(value)) for name, value in found["sums"].items()
            }
        return found  # type: ignore[no-any-return]

    return answer(_reading(door, caller, work))


def _view(
    context: Any, form: str, given: Mapping[str, str], where: str | None, sort: tuple[str, ...]
) -> tuple[str | None, tuple[str, ...]]:
    """The view's filter and order, with what was asked for beside them."""
    name = given.get("view")
    if not name:
        return where, sort
    if not name.startswith("~"):
        plan = context.app.plans["forms"].forms.get(form)
        view = plan.views.get(name) if plan else None
        if view is None:
            known = list(plan.views) if plan else []
            near = {each: suggestion(name, known, each) for each in NO_VIEW}
            values = {"name": name[:100], "form": form, "known": near}
            raise NotFound(Problem("http.unknown-view", NO_VIEW, "/view", values))
        return joined(view.text, where), sort or tuple(view.definition.sort)
    found = context.ask("forms.view", form=form, name=name)
    return joined(found["where"], where), sort or found["sort"]


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip()) if text else ()


def _filter(text: str) -> dict[str, Any]:
    try:
        return read_object(text)
    except Rejected as refused:
        values = refused.problems[0].values
        raise Rejected(Problem("http.bad-filter", BAD_FILTER, "/filter", values or {"reason": ""})) from None


def get(door: Door, request: Request, caller: Caller, form: str, id: int) -> Response:
    """One record, with what this person may do with it."""
    ready: Response | None = answer_of(door, request, caller, form, id)
    if ready is not None:
        return ready
    given = request.known(("fields", "expand"), LISTS)
    fields = _split(given.get("fields", ""))

    def work(context: Any) -> Response:
        record_type = record_type_of(context, form)
        known_situation = None if fields else known_of(context, record_type)
        as_json = known_situation is None or not known_situation.by_values
        found = context.ask("records.get", type=form, id=id, fields=fields, as_json=as_json)
        tag = f'"{found.get("version")}"'
        if has_already(request, tag) and not request.query:
            return Response(304, headers=[("ETag", tag)])
        known = None
        if given.get("expand"):
            known = expanded(context, record_type, _split(given["expand"]), [found])
        meta = None if known_situation is None else situation(context, record_type, found, known_situation)
        names = tuple(found)
        shown = Presenter(context, record_type).show([found], as_json=as_json, known=known)[0]
        if known is not None:
            shown["_expanded"] = known
        if meta is not None:
            shown["_meta"] = meta
            get_ready(context, record_type, names)
        return answer(shown, headers=[("ETag", tag), ("Cache-Control", "private, no-store")])

    response: Response = _reading(door, caller, work)
    return response


def create(door: Door, request: Request, caller: Caller, form: str) -> Response:
    """A new record; with an `Idempotency-Key`, the same request sent twice makes one record."""
    sent = request.json()

    def work(context: Any) -> tuple[int, Any]:
        return 201, _shown(context, form, context.ask("records.create", type=form, values=sent))

    status, shown = once(door, request, caller, work)
    headers = [("Location", f"{form}/{shown['id']}"), ("ETag", f'"{shown["version"]}"')]
    return answer(shown, status, headers)


def update(door: Door, request: Request, caller: Caller, form: str, id: int) -> Response:
    """Change some fields of a record; `If-Match` guards against overwriting somebody else, and with an
    `Idempotency-Key` a change that is sent again is made once."""
    sent = request.json()
    match = wanted(request)

    def work(context: Any) -> tuple[int, Any]:
        def change(version: int | None) -> Mapping[str, Any]:
            return context.ask("records.update", type=form, id=id, values=sent, version=version)  # type: ignore[no-any-return]

        return 200, _shown(context, form, change(None) if match is None else match.ask(context, change))

    try:
        _, shown = once(door, request, caller, work)
    except Conflict as conflict:
        raise _with_current(door, caller, form, id, conflict, match) from None
    return answer(shown, headers=[("ETag", f'"{shown["version"]}"')])


def _shown(context: Any, form: str, record: Mapping[str, Any]) -> dict[str, Any]:
    record_type = record_type_of(context, form)
    return Presenter(context, record_type).show([record])[0]


def _with_current(door: Door, caller: Caller, form: str, id: int, conflict: Conflict, match: Wanted | None) -> Conflict:
    """The refusal with the record as it is now, so that both sides can be shown."""
    if not is_changed(conflict.problems):
        return conflict

    def work(context: Any) -> dict[str, Any]:
        record_type: RecordType = record_type_of(context, form)
        return Presenter(context, record_type).show([context.ask("records.get", type=form, id=id)])[0]

    return (match or ANY).refusal(conflict.problems, current=_reading(door, caller, work))


def delete(door: Door, request: Request, caller: Caller, form: str, id: int) -> Response:
    """Put a record away."""
    match, host = wanted(request), door.host

    def work(unit: Any) -> None:
        context = host.context(unit, caller.actor)

        def remove(version: int | None) -> None:
            context.ask("records.delete", type=form, id=id, version=version)

        if match is None:
            remove(None)
        else:
            match.ask(context, remove)

    try:
        host.write(work, not host.thread_bound)
    except Conflict as conflict:
        raise _with_current(door, caller, form, id, conflict, match) from None
    return Response(204)


def history(door: Door, request: Request, caller: Caller, form: str, id: int) -> Response:
    """The changes of a record, the newest first: all of them, or a page with the mark of the next."""
    given = request.known(("limit", "after"))
    limit = min(number_of(given["limit"], "limit"), query.PAGE_LIMIT - 1) if given.get("limit") else None
    mark = given.get("after") or str(MOST)
    if not (mark.isascii() and mark.isdigit() and 1 <= int(mark[:20]) <= MOST):
        raise Rejected(words.problem("bad-cursor", "/after"))
    before = int(mark)
    more = {} if limit is None else {"limit": limit + 1 if limit else 0}
    found = _reading(door, caller, lambda context: changes_of(context, form, id, before=before, **more))
    page = found[:limit]
    return answer({"items": page, "next": str(page[-1]["id"]) if len(found) > len(page) else None})


def timeline(door: Door, request: Request, caller: Caller, form: str, id: int) -> Response:
    """Everything that happened around a record, the newest first."""
    limit = min(number_of(request.parameters.get("limit", "50"), "limit"), query.PAGE_LIMIT)
    items = _reading(door, caller, lambda context: timeline_of(context, form, id, limit))
    return answer({"items": items, "next": None})
