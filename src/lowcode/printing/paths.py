"""What a path of a template names: the record at the end of its links, its titles, the field that names it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lowcode.kernel.records.joins import NAMED_BY
from lowcode.kernel.records.plan import Field
from lowcode.kernel.scope import Scope

PATH = re.compile(r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$")
"""A field, perhaps of a record that links lead to."""


def label_of(scope: Scope, target: str) -> str | None:
    """The field that names the records of a form; None where it is more than a field."""
    named = scope.records.get(target)
    label = "name" if target in ("user", "department") else named.label.text if named and named.label else ""
    return label if PATH.match(label) else None


def owner_of(scope: Scope, record: str, path: str) -> str | None:
    """The record type a path of links ends at."""
    owner: str | None = record
    for name in filter(None, path.split(".")):
        shape = scope.shapes.records.get(owner or "")
        found = shape.fields.get(name) if shape is not None else None
        owner = found.type.target if found is not None else None
    return owner


def filters_of(written: Mapping[str, Any], scope: Scope) -> frozenset[str]:
    """The filters a report says it has, with those of its dataset; a report with a date has `period`."""
    dataset = scope.names("dataset").get(written.get("dataset") or "", {})
    own = frozenset({*written.get("filters", ()), *dataset.get("filters", ())})
    return own | {"period"} if written.get("date") or dataset.get("date") else own


def is_role(known: Field | None) -> bool:
    return known is not None and known.options_type == "role"


def is_formatted(known: Field | None) -> bool:
    widget = getattr(known.options, "widget", None) if known is not None else None
    return widget == "markdown" or (known is not None and known.options_type == "rich_text")


def titles_of(known: Field | None, scope: Scope) -> Mapping[str, Any]:
    """The titles of what a field may hold: its options or states, or the roles of the app."""
    if is_role(known):
        roles = scope.names("role")
        return {name: role.title for name, role in roles.items() if role is not None and role.title}
    return known.titles if known is not None else {}


def tie_of(scope: Scope, record: str, path: str) -> str | None:
    """Which field of the rows at a path names the row they belong to; None where it leads to no rows of rows."""
    owner = scope.records.get(record)
    if owner is None:
        return None
    field, relation = owner.fields.get(path), owner.relations.get(path)
    if field is not None and field.rows is not None:
        return "parent"
    if field is not None and field.several:
        return NAMED_BY if owner.parent is None else None  # lines keep such a list in themselves
    if relation is None:
        return None
    there = scope.records.get(relation.record_type)  # a form that cannot be read is told where it stands
    by = there.fields.get(relation.by) if there is not None else None
    return relation.by if by is not None and by.options_type == "link" else None
