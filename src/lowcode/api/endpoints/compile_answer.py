"""What an endpoint answers, understood: status, headers, and the body with its lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lowcode.api.endpoints.definition import AnswerDocument
from lowcode.api.endpoints.plan import Answer, Body, Each, Nested
from lowcode.api.endpoints.site import INTEGER, Found, Site
from lowcode.kernel.definitions.pointers import escape
from lowcode.kernel.expressions import Type
from lowcode.kernel.records.plan import RecordType

HEADERS = ("cache-control", "content-language", "deprecation", "last-modified", "link", "location", "retry-after",
           "sunset", "vary")  # fmt: skip
"""Headers an author may set beside `X-…`: those of the body, of cookies and of safety are not an endpoint's."""
DEPTH = 8


def answer_of(written: AnswerDocument, site: Site) -> Answer:
    """The answer; what is wrong is left out of it and stands in the report."""
    status: Any = written.status
    if isinstance(status, str):
        status = site.expression(status, "/answer/status", expect=INTEGER) or 200
    elif not 200 <= status <= 299:
        site.refuse("answer-status", "/answer/status", seen=status)
    headers = {}
    for name, text in written.headers.items():
        pointer = f"/answer/headers/{name}"
        if name.lower() not in HEADERS and not name.lower().startswith("x-"):
            site.refuse("header-not-allowed", pointer, at_key=True, seen=name, known=[*HEADERS, "x-…"])
            continue
        made = site.expression(text, pointer)
        if made is not None:
            headers[name] = made
    body = _body(written.body, site, "/answer/body", None, 0) if written.body is not None else None
    return Answer(status, headers, body)


class Inside:
    """The list whose entries a part of the body is about: the type of an entry, and what it may read beside."""

    def __init__(self, found: Found, record_type: RecordType | None, rows: str = "") -> None:
        self.found = found
        self.record_type = record_type
        self.rows = rows

    @property
    def variables(self) -> Mapping[str, Type]:
        """The columns of a report, or of groups."""
        return {f"row.{name}": type_ for name, type_ in self.found.columns.items()}


def _body(written: Any, site: Site, pointer: str, inside: Inside | None, depth: int) -> Body | None:
    if isinstance(written, str):
        return _value(written, site, pointer, inside)
    if not isinstance(written, Mapping) or depth > DEPTH:
        site.refuse("answer-part", pointer, seen=type(written).__name__)
        return None
    if "for_each" in written:
        return _each(written, site, pointer, inside, depth)
    parts = {
        str(name): _body(part, site, f"{pointer}/{escape(str(name))}", inside, depth + 1)
        for name, part in written.items()
    }
    return Nested({name: part for name, part in parts.items() if part is not None})


def _value(text: str, site: Site, pointer: str, inside: Inside | None) -> Body | None:
    if inside is None:
        return site.expression(text, pointer)
    record = inside.record_type.name if inside.record_type is not None else None
    made = site.expression(text, pointer, record=record, more=inside.variables)
    if made is None:
        return None
    for path in made.paths:
        if inside.rows:
            _note_row(inside, path, site, pointer)
        else:
            inside.found.paths[path] = None
    return made


def _note_row(inside: Inside, path: str, site: Site, pointer: str) -> None:
    """What a row leads on to: rows come with their own columns, the rest is looked up by their links."""
    hops = inside.found.rows.setdefault(inside.rows, {})
    link, _, rest = path.partition(".")
    field = inside.record_type.fields.get(link) if inside.record_type is not None else None
    if not rest:
        return
    if field is None or field.target not in site.scope.records:
        site.refuse("row-path", pointer, seen=path)
        return
    hops.setdefault(link, (field.target, {}))[1][rest] = None


def _each(written: Mapping[str, Any], site: Site, pointer: str, inside: Inside | None, depth: int) -> Body | None:
    wrong = [name for name in written if name not in ("for_each", "body")]
    if wrong:
        site.refuse("answer-part", f"{pointer}/{escape(wrong[0])}", seen=wrong[0])
        return None
    name = str(written["for_each"])
    below = _list(name, site, inside)
    if below is None:
        site.refuse("no-list", f"{pointer}/for_each", seen=name, known=sorted(_known(site, inside)))
        return None
    if "body" not in written:
        if below.found.columns:
            return Each(name, None)
        site.refuse("answer-part", pointer, seen="for_each")
        return None
    body = _body(written["body"], site, f"{pointer}/body", below, depth + 1)
    return Each(name, body) if body is not None else None


def _list(name: str, site: Site, inside: Inside | None) -> Inside | None:
    """The list of a name: rows of the entry at hand, a page that was found, or rows of a record that was."""
    if inside is not None:
        own = _rows(inside.record_type, name)
        if own is None:
            return None
        way = f"{inside.rows}.{name}".lstrip(".")
        inside.found.rows.setdefault(way, {})
        return Inside(inside.found, own, way)
    found = site.found.get(name)
    if found is not None:
        return Inside(found, site.scope.records[found.form] if found.form else None) if found.many else None
    first, _, rest = name.partition(".")
    found = site.found.get(first)
    if found is None or found.many or not found.form:
        return None
    rows = _rows(site.scope.records[found.form], rest)
    if rows is None:
        return None
    found.rows.setdefault(rest, {})
    return Inside(found, rows, rest)


def _rows(record_type: RecordType | None, name: str) -> RecordType | None:
    field = record_type.fields.get(name) if record_type is not None else None
    return field.rows if field is not None else None


def _known(site: Site, inside: Inside | None) -> set[str]:
    """Every list there is here."""
    if inside is not None:
        lines = inside.record_type.lines if inside.record_type is not None else ()
        return {each.name for each in lines}
    known = {name for name, found in site.found.items() if found.many and name[0] != "@"}
    for name, found in site.found.items():
        if not found.many and found.form and name[0] != "@":
            known |= {f"{name}.{each.name}" for each in site.scope.records[found.form].lines}
    return known
