"""A document to an endpoint: pure; what is wrong goes to the report."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import SchemaError
from referencing import Registry

from lowcode.api import misfits
from lowcode.api.diagnostics import MESSAGES
from lowcode.api.endpoints.compile_answer import answer_of
from lowcode.api.endpoints.compile_steps import completed, steps_of
from lowcode.api.endpoints.definition import EndpointDocument
from lowcode.api.endpoints.plan import Answer, Endpoint, Example
from lowcode.api.endpoints.site import Site
from lowcode.api.schemas import endless, lists, outside, properties, variables
from lowcode.kernel.definitions.load import SourceDocument
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.scope import Scope

NOTHING = Answer(204, {}, None)
TEXT_PART = {"type": "string", "minLength": 1, "maxLength": 200}


def endpoint_of(document: EndpointDocument, source: SourceDocument, scope: Scope, report: Report) -> Endpoint | None:
    """Understand an endpoint."""
    site = Site(source, scope, report, {})
    names = re.findall(r"\{(\w+)\}", document.path)
    path_schema = _path_schema(document, names, site)
    if not _schemas_are_right(document, site) or len(set(names)) != len(names):
        return None
    site.sent = {
        **variables(path_schema, "path"), **variables(document.query, "query"), **variables(document.payload, "payload")
    }  # fmt: skip
    site.lists = frozenset((*lists(document.query, "query"), *lists(document.payload, "payload")))
    for index, role in enumerate(document.access.roles):
        scope.find("role", role, source.place(f"/access/roles/{index}"), report)
    if document.access.public and document.run_as == "caller":
        site.refuse("public-as-caller", "/run_as" if "run_as" in source.data else "/access")
    steps = steps_of(document, site)
    answer = answer_of(document.answer, site) if not site.mentions(source.data.get("answer")) else NOTHING
    _check_examples(document, path_schema, site)
    access = document.access
    return Endpoint(
        document.name, document.title or document.name, document.method, document.path, _pattern(document.path),
        path_schema, document.query, document.payload or None, bool(access.session), bool(access.key),
        bool(access.public), frozenset(access.roles), frozenset(access.origins), access.limit, access.limit_total,
        document.run_as,
        completed(steps, site), answer, _blanks(site),
        tuple(Example(e.title, e.path, e.query, e.payload, e.answer) for e in document.examples),
    )  # fmt: skip


def _pattern(path: str) -> re.Pattern[str]:
    parts = [
        f"(?P<{part[1:-1]}>[^/]+)" if part.startswith("{") else re.escape(part) for part in path.split("/")
    ]  # fmt: skip
    return re.compile("/".join(parts))


def _blanks(site: Site) -> tuple[str, ...]:
    """Every variable of what is found."""
    return tuple(
        f"{name}.{path}" for name, found in site.found.items() for path in ("id", *found.paths, *found.extra)
    )  # fmt: skip


def _path_schema(document: EndpointDocument, names: list[str], site: Site) -> dict[str, Any]:
    for name in document.parameters:
        if name not in names:
            site.refuse("no-path-part", f"/parameters/{name}", at_key=True, seen=name, known=names)
    if len(set(names)) != len(names):
        twice = next(each for each in names if names.count(each) > 1)
        site.refuse("path-part-twice", "/path", seen=twice)
    parts = {name: document.parameters.get(name) or TEXT_PART for name in names}
    return {"type": "object", "properties": parts, "required": names}


def _schemas_are_right(document: EndpointDocument, site: Site) -> bool:
    right = [_schema_is_right(schema, f"/parameters/{name}", site) for name, schema in document.parameters.items()]
    for schema, key in ((document.query, "query"), (document.payload, "payload")):
        if not schema:
            continue
        right.append(_schema_is_right(schema, f"/{key}", site))
        if right[-1] and (schema.get("type", "object") != "object" or not properties(schema)):
            site.refuse("not-an-object-here", f"/{key}", seen=key)
            right.append(False)
    for name, part in properties(document.query).items():
        if isinstance(part, Mapping) and (part.get("type") == "object" or properties(part)):
            site.refuse("query-value", f"/query/properties/{name}", seen=name)
    if document.payload and document.method in ("GET", "DELETE"):
        site.refuse("payload-not-read", "/payload", method=document.method)
    return all(right)


def _schema_is_right(schema: Mapping[str, Any], pointer: str, site: Site) -> bool:
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        at = pointer + "".join(f"/{step}" for step in error.absolute_path)
        site.refuse("bad-schema", at, reason=misfits.reason(error))
        return False
    reason = outside(schema) or endless(schema)
    if reason is not None:
        site.refuse("bad-schema", pointer, reason=reason)
    return reason is None


def _check_examples(document: EndpointDocument, path_schema: Mapping[str, Any], site: Site) -> None:
    parts = {"path": path_schema, "query": document.query, "payload": document.payload}
    for index, example in enumerate(document.examples):
        given = {"path": example.path, "query": example.query, "payload": example.payload}
        written = site.source.data["examples"][index]
        for key, schema in parts.items():
            checker = Draft202012Validator(schema, format_checker=FormatChecker(), registry=Registry())
            for error in checker.iter_errors(given[key] or {}) if schema else ():
                pointer = f"/examples/{index}" + (f"/{key}" if key in written else "")
                site.refuse("example-unfit", pointer, part=key, reason=misfits.reason(error))


def check_addresses(endpoints: Iterable[tuple[Endpoint, SourceDocument]], report: Report) -> None:
    """One call, one answer: no two endpoints with one address, and one name for one part of it."""
    known: dict[str, list[Endpoint]] = {}
    for endpoint, source in endpoints:
        place = source.place("/path")
        for other in known.setdefault(endpoint.shape, []):
            values = {"seen": f"{endpoint.method} {endpoint.path}", "other": other.name, "path": other.path}
            if other.method == endpoint.method:
                report.add(MESSAGES.diagnostic("same-address", place, **values))
            elif other.parts != endpoint.parts:
                report.add(MESSAGES.diagnostic("path-part-names", place, **values))
        known[endpoint.shape].append(endpoint)
