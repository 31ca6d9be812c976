"""Values that are shown without being told: a mask over them, the same in lists, records and answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lowcode.kernel.records.fields.masking import HIDDEN, is_mask_of, masked
from lowcode.kernel.records.nested import below, without
from lowcode.kernel.records.plan import RecordType

__all__ = ["HIDDEN", "is_mask_of", "mask_of", "masked", "shown", "veiled"]


def veiled(record_type: RecordType, names: frozenset[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with a mask over those of these names, also in rows (`items.card`); blanks stay blank."""
    found = dict(values)
    for field in record_type.lines if names else ():
        inner, rows = below(names, field.name), field.rows
        if inner and rows is not None and found.get(field.name):
            found[field.name] = [veiled(rows, inner, row) for row in found[field.name]]
    for name in names & found.keys():
        if found[name] is not None:
            options: Any = record_type.fields[name].options
            found[name] = masked(found[name], options.mask or "all")
    return found


def shown(record_type: RecordType, hidden: frozenset[str], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a record without the fields and columns kept from the actor (`hide: ["items.cost"]`)."""
    if not hidden:
        return dict(values)
    visible = {name: value for name, value in values.items() if name not in hidden}
    for field in record_type.lines:
        if visible.get(field.name):
            visible[field.name] = without(visible[field.name], below(hidden, field.name))
    return visible


def mask_of(record_type: RecordType, name: str, value: Any) -> Any:
    """A value of a field, or of a column of rows, under its mask."""
    owner: RecordType | None = record_type
    *ways, last = name.split(".")
    for way in ways:
        field = owner.fields.get(way) if owner is not None else None
        owner = field.rows if field is not None else None
    known = owner.fields.get(last) if owner is not None else None
    return None if value is None else masked(value, (known.options.mask if known is not None else None) or "all")
