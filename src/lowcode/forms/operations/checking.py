"""A form that is designed, held against the app as it stands: what is wrong with it, and whether others may miss
something it says no longer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lowcode.forms.compile import compile_forms
from lowcode.forms.declare import record_type_of
from lowcode.forms.public import telling
from lowcode.kernel.contract import Context
from lowcode.kernel.definitions import SourceDocument, parse
from lowcode.kernel.definitions.source import read_source
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.records import formulas
from lowcode.kernel.records.fields import FieldKind
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.registry import Registry

OWN = frozenset(
    {"title", "plural", "icon", "help", "fields", "unique", "checks", "duplicates", "layout", "detail", "$schema"}
)
"""What a form says of itself alone, `fields` apart: whatever else is changed, other documents may speak of."""
OF_FIELD = frozenset(
    {"title", "help", "required", "unique", "index", "visible", "required_when", "read_only", "default", "width",
     "placeholder", "min", "max", "min_length", "max_length", "pattern", "widget", "history"}
)  # fmt: skip
"""The same of a field."""
COMPUTED = ("formula", "rollup", "completeness")

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Checked:
    """What is known of a form that is designed. `elsewhere`: the whole app has to be looked at to know more."""

    report: Report
    elsewhere: bool
    faces: tuple[dict[str, Any], ...] = ()
    """Its public faces in sentences."""


def check(context: Context, model: Any, kinds: Registry[FieldKind], document: Document) -> Checked:
    """Everything that is wrong with a form, and what its public faces are. Nothing of it stays behind in the app: other
    forms are only read."""
    app, report = context.app, Report()
    text = json.dumps(document, ensure_ascii=False)
    source = SourceDocument("forms", read_source(f"forms/{document.get('name')}.json", text, report))
    definition = parse(model, source, report)
    if definition is None:
        return Checked(report, True)
    name = definition.name
    record_type = record_type_of(definition, source, kinds, report)
    gone = {name, *(rows.name for _, rows in app.types[name].rows_below)} if name in app.types else set()
    rows_of = {rows.name: rows for _, rows in record_type.rows_below}
    others = {each: found for each, found in app.scope.records.items() if each not in gone}
    scope = app.scope.beside("form", name, definition, {**others, name: record_type, **rows_of})
    formulas.resolve(scope, report, [record_type])
    compiled = compile_forms([(definition, source)], scope, report)
    standing = app.scope.names("form").get(name)
    elsewhere = standing is not None and misses(_said(standing), _said(definition))
    return Checked(report, elsewhere, tuple(_faces(compiled, name, record_type)))


def _faces(compiled: Any, name: str, record_type: RecordType) -> Iterator[dict[str, Any]]:
    form = compiled.forms.get(name)
    for each in form.public.values() if form is not None else ():
        told = (
            list(telling.told(each, record_type, titled=True))
            if each.fields.keys() <= record_type.fields.keys()
            else []
        )
        yield {"name": each.definition.name, "title": each.definition.title, "told": told}


def _said(definition: Any) -> Document:
    found: Document = definition.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    return found


def misses(standing: Document, document: Document) -> bool:
    """Whether others may speak of something of a form that is not as they know it: a field, what it holds, a relation,
    a view. New fields nobody knows yet; what a formula reads elsewhere may read it in turn."""
    if any(standing.get(key) != document.get(key) for key in standing.keys() | document.keys() if key not in OWN):
        return True
    before, now = dict(_fields(standing)), dict(_fields(document))
    if any(now.get(path) != found for path, found in before.items()):
        return True
    return any(found["type"] in COMPUTED for path, found in now.items() if path not in before)


def _fields(document: Document, above: str = "") -> Iterator[tuple[str, Document]]:
    """Every field and column by its path, with what others may know of it."""
    for field in document.get("fields", ()):
        path = f"{above}{field['name']}"
        yield path, {key: value for key, value in field.items() if key not in OF_FIELD and key != "fields"}
        yield from _fields(field, f"{path}.")
