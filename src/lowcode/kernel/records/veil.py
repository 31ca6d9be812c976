"""Values that are shown without being told: a mask over them, the same in lists, records and answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lowcode.kernel.records.nested import below, without
from lowcode.kernel.records.plan import RecordType

HIDDEN = "********"


def masked(value: Any, mask: str) -> str:
    """A value under a mask: enough of it left to recognise, too little to use."""
    text = str(value)
    match mask:
        case "phone":
            return f"{text[:3]}****{text[-4:]}" if len(text) >= 9 else HIDDEN
        case "id_card" | "card":
            return f"{text[:4]}{'*' * max(4, len(text) - 8)}{text[-4:]}" if len(text) >= 12 else HIDDEN
        case "email":
            name, _, host = text.partition("@")
            return f"{name[:1]}****@{host}" if host else HIDDEN
        case "name":
            return f"{text[:1]}****"
        case "address":
            return f"{text[:6]}****" if len(text) > 8 else HIDDEN
        case _:
            return HIDDEN


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


def is_mask(raw: Any) -> bool:
    """Whether what was sent is a mask as it was shown, and so means: as it is."""
    return isinstance(raw, str) and "****" in raw
