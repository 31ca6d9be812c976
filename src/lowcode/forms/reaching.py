"""The page of a record: what is wrong with the relations it names, and where records are reached at. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lowcode.forms.definition import FormBase
from lowcode.forms.diagnostics import MESSAGES
from lowcode.kernel.definitions import SourceDocument
from lowcode.kernel.diagnostics import Diagnostic
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.scope import Scope

SAID_BY_TYPE = ("phone", "email", "address", "location")
"""Types of fields that say by themselves what is done with them."""


def reached(
    definition: FormBase, source: SourceDocument, record_type: RecordType, scope: Scope
) -> Iterator[Diagnostic]:  # fmt: skip
    """What is wrong with where its records are reached at, and with the relations that stand by them."""
    for key, names in (("related", definition.detail.related or ()), ("add", definition.detail.add)):
        for index, name in enumerate(names):
            if name not in record_type.relations:
                values: dict[str, Any] = {"seen": name, "form": definition.name, "known": list(record_type.relations)}
                yield MESSAGES.diagnostic("unknown-field", source.place(f"/detail/{key}/{index}"), **values)
    for index, each in enumerate(definition.detail.reach or ()):
        name, by = (each, None) if isinstance(each, str) else (each.field, each.by)
        pointer = f"/detail/reach/{index}" + ("" if isinstance(each, str) else "/field")
        way, _, last = name.rpartition(".")
        owner = _along(record_type, way, scope)
        if owner is None or last not in owner.fields:
            at, seen = (record_type, way) if owner is None else (owner, last)
            known = _ways(record_type) if owner is None else list(owner.fields)
            values = {"seen": seen, "form": at.name, "known": known}
            yield MESSAGES.diagnostic("unknown-field", source.place(pointer), **values)
            continue
        kind = owner.fields[last].options_type
        if kind not in SAID_BY_TYPE and (by is None or owner.fields[last].type.kind != "text"):
            values = {"seen": name, "form": definition.name, "kind": kind}
            yield MESSAGES.diagnostic("not-reached-at", source.place(pointer), **values)


def _ways(record_type: RecordType) -> list[str]:
    links = [name for name, each in record_type.fields.items() if each.options_type == "link"]
    return [*links, *record_type.relations]


def _along(record_type: RecordType, way: str, scope: Scope) -> RecordType | None:
    """The form at the end of a link or of a relation."""
    if not way:
        return record_type
    field = record_type.fields.get(way)
    if field is not None:
        return scope.records.get(field.target or "") if field.options_type == "link" else None
    relation = record_type.relations.get(way)
    return None if relation is None else scope.records.get(relation.record_type)
