"""What a kind of view needs of its form: the fields it is drawn by. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from lowcode.forms.definition import ViewDefinition
from lowcode.forms.diagnostics import MESSAGES
from lowcode.kernel.definitions import SourceDocument
from lowcode.kernel.diagnostics import Diagnostic
from lowcode.kernel.records.plan import Field, RecordType

CHOICES = ("select", "state")
DAYS = ("date", "datetime")
NEEDED: dict[str, tuple[tuple[str, tuple[str, ...], bool], ...]] = {
    "calendar": (("starts", DAYS, True), ("ends", DAYS, False), ("by", CHOICES, False)),
    "timeline": (("starts", DAYS, True), ("ends", DAYS, True), ("by", CHOICES, False)),
    "gallery": (("image", ("image",), False),),
    "tree": (("parent", ("link",), True),),
}
"""By kind of view: key, the field types it may name, and whether it must be there."""


def needs_of_view(
    source: SourceDocument, record_type: RecordType, view: ViewDefinition, pointer: str
) -> Iterator[Diagnostic]:
    """What a view lacks, and keys that its kind makes nothing of."""
    needed = NEEDED.get(view.type, ())
    for key, types, must in needed:
        name = getattr(view, key)
        if name is None and not must:
            continue
        field = record_type.fields.get(name or "")
        if field is None or field.options_type not in types or not _fits(view, key, field, record_type):
            known = [each.name for each in record_type.fields.values() if _fits(view, key, each, record_type, types)]
            place = source.place(f"{pointer}/{key}" if name else pointer)
            seen = {"seen": name or "", "view": view.type, "known": known, "kinds": " or ".join(types)}
            yield MESSAGES.diagnostic("view-field", place, option=key, **seen)


def _fits(
    view: ViewDefinition, key: str, field: Field, record_type: RecordType, types: tuple[str, ...] | None = None
) -> bool:
    if types is not None and field.options_type not in types:
        return False
    if key == "ends":
        starts = record_type.fields.get(view.starts or "")
        return starts is None or starts.options_type == field.options_type
    return key != "parent" or field.target == record_type.name
