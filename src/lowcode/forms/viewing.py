"""What a kind of view needs of its form: the fields it is drawn by. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from lowcode.forms.definition import SavedLooks, ViewDefinition
from lowcode.forms.diagnostics import MESSAGES
from lowcode.kernel.definitions import SourceDocument
from lowcode.kernel.diagnostics import Diagnostic, Rejected, Report, Text
from lowcode.kernel.records.filters import expression_of, groupable, joined, path_type
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.scope import Scope

CHOICES = ("select", "state")
DAYS = ("date", "datetime")
NAMED = ("member", "department", "link", *CHOICES)
"""What names one thing or person: rows of a resource view, and what gives a colour."""
NUMBERS = ("number", "integer")
NEEDED: dict[str, tuple[tuple[str, tuple[str, ...], bool], ...]] = {
    "kanban": (("by", CHOICES, True), ("color", NAMED, False)),
    "calendar": (("starts", DAYS, True), ("ends", DAYS, False), ("by", NAMED, False)),
    "timeline": (("starts", DAYS, True), ("ends", DAYS, True), ("by", NAMED, False)),
    "resource": (
        ("resource", NAMED, True), ("starts", DAYS, True), ("ends", DAYS, False), ("by", NAMED, False),
        ("sum", NUMBERS, False),
    ),
    "gallery": (("image", ("image",), False),),
    "tree": (("parent", ("link",), True),),
    "map": (("place", ("location",), True), ("by", NAMED, False)),
}  # fmt: skip
"""By kind of view: key, the field types it may name, and whether it must be there."""


def needs_of_view(
    scope: Scope, source: SourceDocument, record_type: RecordType, view: ViewDefinition, pointer: str
) -> Iterator[Diagnostic]:
    """What a view of a form lacks, keys that its kind makes nothing of, and what no line or card of it can show."""
    named = [each if isinstance(each, str) else each.field for each in view.columns]
    for key, paths in (("columns", named), ("card", view.card)):
        for position, path in enumerate(paths):
            several = _several_in(scope, record_type, path)
            if several is not None:
                place = source.place(f"{pointer}/{key}/{position}")
                yield MESSAGES.diagnostic("view-several", place, seen=path, view=view.name, first=several)
    for key, values in missing(record_type, view, scope.records):
        if key == "by" and view.type == "kanban":
            field = record_type.fields.get(view.by or "")
            kind: Text = field.options_type if field is not None else NO_FIELD
            told: dict[str, Any] = {"seen": view.by or "", "kind": kind}
            fitting = [name for name, each in record_type.fields.items() if each.options_type in CHOICES]
            if field is None and fitting:
                told["known"] = fitting
            yield MESSAGES.diagnostic("not-a-choice", source.place(f"{pointer}/by"), **told)
            continue
        place = source.place(f"{pointer}/{key}" if values["seen"] else pointer)
        yield MESSAGES.diagnostic("view-field", place, option=key, **values)


NO_FIELD = {"en": "not a field", "zh-CN": "未知：没有此字段"}


def either(types: Iterable[str]) -> dict[str, str]:
    """Types of fields, one of which is wanted, in words."""
    return {"en": " or ".join(types), "zh-CN": "、".join(types)}


def missing(
    record_type: RecordType, view: ViewDefinition | SavedLooks, records: Mapping[str, RecordType]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The keys of a view that name no field, or one it cannot be drawn by, each with what would do."""
    for key, types, must in NEEDED.get(view.type, ()):
        name = getattr(view, key)
        if name is None and key == "parent":
            name = record_type.tree
        if name is None and not must:
            continue
        owned = key in ("resource", "color") or (key == "by" and view.type != "kanban")
        way, _, last = (name or "").rpartition(".") if key == "color" else ("", "", name or "")
        holder = _linked(record_type, way, records)
        if owned and last == "owner" and holder is not None:  # every record has one
            continue
        field = holder.fields.get(last) if holder is not None else None
        way, holder = (way, holder) if holder is not None else ("", record_type)
        if field is None or field.options_type not in types or not _fits(view, key, field, record_type):
            known = [each.name for each in holder.fields.values() if _fits(view, key, each, holder, types)]
            known += ["owner"] if owned and "owner" not in known else []
            known = [f"{way}.{each}" for each in known] if way else known
            yield key, {"seen": name or "", "view": view.type, "known": known, "kinds": either(types)}
    if view.group is not None and not groupable(record_type, view.group):
        known = [name for name in (*record_type.fields, "owner") if groupable(record_type, name)]
        kinds = {"en": "a single value that is kept in the record", "zh-CN": "单个且存于记录中的值"}
        yield "group", {"seen": view.group, "view": view.type, "known": known, "kinds": kinds}


def _linked(record_type: RecordType, way: str, records: Mapping[str, RecordType]) -> RecordType | None:
    """What stands at the end of a way of links; without a way, the form itself."""
    owner: RecordType | None = record_type
    for each in way.split(".") if way else ():
        link = owner.fields.get(each) if owner is not None else None
        owner = records.get(link.target or "") if link is not None and link.options_type == "link" else None
    return owner


def _several_in(scope: Scope, record_type: RecordType, path: str) -> str | None:
    """The way to rows or several links on which a path leads: there is no one value at its end. What a field of several
    links names itself is listed."""
    own = record_type.fields.get(path)
    if own is not None and own.several:
        return None
    owner: RecordType | None = record_type
    steps = path.split(".")
    for length, step in enumerate(steps, start=1):
        if owner is None:
            return None
        field = owner.fields.get(step)
        if step in owner.relations or (field is not None and (field.rows is not None or field.several)):
            return ".".join(steps[:length])
        owner = scope.records.get(field.target or "") if field is not None else None
    return None


def condition_of_view(
    scope: Scope, record_type: RecordType, view: ViewDefinition, source: SourceDocument, pointer: str, report: Report
) -> str | None:
    """The conditions of a view as one text; what cannot be compared becomes findings."""
    if view.filter is None:
        return view.where
    try:
        own = expression_of(view.filter, lambda path: path_type(scope.shapes.records, record_type.name, path), "")
    except Rejected as refused:
        for each in refused.problems:
            place = source.place(f"{pointer}/filter{each.pointer}")
            report.add(
                MESSAGES.diagnostic("view-filter", place, reason={"en": each.words("en"), "zh-CN": each.words("zh-CN")})
            )
        return view.where
    return joined(view.where, own)


def _fits(
    view: ViewDefinition | SavedLooks,
    key: str,
    field: Field,
    record_type: RecordType,
    types: tuple[str, ...] | None = None,
) -> bool:
    if types is not None and field.options_type not in types:
        return False
    if key == "ends":
        starts = record_type.fields.get(view.starts or "")
        return starts is None or starts.options_type == field.options_type
    return key != "parent" or field.target == record_type.name
