"""Fields that name another field beside them, and options that need a library: what can be wrong with them. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Text as SqlText

from lowcode.forms.diagnostics import MESSAGES
from lowcode.kernel.currencies import PLACES
from lowcode.kernel.definitions import SourceDocument
from lowcode.kernel.diagnostics import Diagnostic
from lowcode.kernel.records.fields.numbering import known_region, ready
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.records.serials import repeats
from lowcode.kernel.storage import pinyin
from lowcode.kernel.storage.crypto import possible

WANTED = (("currency_from", "currency"), ("until", None))
"""Keys that name a field of the same record or row, and its type (None: the type of the field that names it)."""


def companions(source: SourceDocument, owner: RecordType, field: Field, pointer: str) -> Iterator[Diagnostic]:
    """What is wrong with what a field names beside itself."""
    for key, wanted in WANTED:
        name = getattr(field.options, key, None)
        if name is None:
            continue
        found, kind = owner.fields.get(name), wanted or field.options_type
        if found is None or found.options_type != kind:
            known = [each.name for each in owner.fields.values() if each.options_type == kind and each is not field]
            seen = {"seen": name, "field": field.name, "kind": kind, "known": known}
            yield MESSAGES.diagnostic("not-a-companion", source.place(f"{pointer}/{key}"), **seen)
    for index, code in enumerate(getattr(field.options, "currencies", None) or ()):
        if code not in PLACES:
            place = source.place(f"{pointer}/currencies/{index}")
            yield MESSAGES.diagnostic("unknown-currency", place, seen=code, known=list(PLACES))
    yield from _former(source, field, field.options, pointer)
    yield from _sealed(source, owner, field, pointer)
    if field.rows is not None:
        yield from _rows(source, field.rows, field.options, pointer)
    if field.options.unique:
        yield from not_unique(source, field, f"{pointer}/unique")
    if field.options_type == "phone":
        yield from _phone(source, field, pointer)
    if field.options_type == "serial":
        yield from _serial(source, owner, field, pointer)


def _former(source: SourceDocument, field: Field, level: object, pointer: str) -> Iterator[Diagnostic]:
    """Former names of options: each of one option, and of one that is not there any more. A tree has them by level."""
    key = next((each for each in ("states", "options", "children") if getattr(level, each, None)), "")
    listed = list(getattr(level, key, None) or ())
    names, taken = {each.name for each in listed}, dict[str, str]()
    for index, each in enumerate(listed):
        at = f"{pointer}/{key}/{index}"
        if each.was is not None and each.was in names:
            seen = {"seen": each.was, "option": each.name, "field": field.name}
            yield MESSAGES.diagnostic("option-still-there", source.place(f"{at}/was"), **seen)
        elif each.was is not None and each.was in taken:
            seen = {"seen": each.was, "first": taken[each.was], "option": each.name, "field": field.name}
            yield MESSAGES.diagnostic("option-divided", source.place(f"{at}/was"), **seen)
        elif each.was is not None:
            taken[each.was] = each.name
        if getattr(each, "children", None):
            yield from _former(source, field, each, at)
    for index, group in enumerate(getattr(level, "dimensions", None) or ()):
        yield from _former(source, field, group, f"{pointer}/dimensions/{index}")


def _sealed(source: SourceDocument, owner: RecordType, field: Field, pointer: str) -> Iterator[Diagnostic]:
    options = field.options
    place, kind = source.place(pointer), field.options_type
    inner = owner.parent is not None and kind == "password"
    worded = field.kind is not None and isinstance(field.kind.column(options), SqlText) and field.type.kind == "text"
    if inner or ((options.encrypted or options.mask) and not (worded and kind != "password")):
        yield MESSAGES.diagnostic("not-confidential", place, field=field.name, kind=kind)
    hidden = field.sealed and options.encrypted != "searchable"
    if field.options.search == "pinyin" and not pinyin.known():
        yield MESSAGES.diagnostic("no-pinyin", source.place(f"{pointer}/search"), field=field.name)
    for key in ("unique", "search", "index"):
        if (hidden or kind == "password") and getattr(options, key):
            yield MESSAGES.diagnostic("not-findable", source.place(f"{pointer}/{key}"), field=field.name, option=key)
    if field.sealed and not possible():
        yield MESSAGES.diagnostic("no-encryption", place, field=field.name)


def _rows(source: SourceDocument, rows: RecordType, options: Any, pointer: str) -> Iterator[Diagnostic]:
    """The columns that may be the same in one row of a record only."""
    for index, rule in enumerate(options.unique_rows):
        for position, name in enumerate(rule.fields):
            at = f"{pointer}/unique_rows/{index}/fields/{position}"
            if name not in rows.fields:
                seen = {"seen": name, "form": rows.name, "known": list(rows.fields)}
                yield MESSAGES.diagnostic("unknown-field", source.place(at), **seen)
            else:
                yield from not_unique(source, rows.fields[name], at)


def not_unique(source: SourceDocument, field: Field | None, pointer: str) -> Iterator[Diagnostic]:
    """A field whose values the database cannot tell apart, as no column keeps them."""
    if field is not None and (field.rows is not None or not field.stored):
        seen = {"seen": field.name, "kind": field.options_type}
        yield MESSAGES.diagnostic("not-unique", source.place(pointer), **seen)


def _serial(source: SourceDocument, owner: RecordType, field: Field, pointer: str) -> Iterator[Diagnostic]:
    per = field.options.per  # type: ignore[attr-defined]
    counted = owner.fields.get(per) if per is not None else None
    if per is not None and (counted is None or not counted.stored or counted.rows is not None or counted.sealed):
        known = [each.name for each in owner.fields.values() if each.stored and each.rows is None and not each.sealed]
        seen = {"seen": per, "form": owner.name, "known": known}
        yield MESSAGES.diagnostic("unknown-field", source.place(f"{pointer}/per"), **seen)
    lacking = repeats(field.options)
    if lacking is not None:
        yield MESSAGES.diagnostic("serial-repeats", source.place(pointer), field=field.name, seen=lacking)


def _phone(source: SourceDocument, field: Field, pointer: str) -> Iterator[Diagnostic]:
    region, mobile = field.options.region, field.options.mobile  # type: ignore[attr-defined]
    if region is None and mobile:
        yield MESSAGES.diagnostic("mobile-of-no-region", source.place(f"{pointer}/mobile"), field=field.name)
    elif region is not None and not ready():
        yield MESSAGES.diagnostic("no-numbering-plans", source.place(f"{pointer}/region"), field=field.name)
    elif region is not None and not known_region(region):
        yield MESSAGES.diagnostic("unknown-phone-region", source.place(f"{pointer}/region"), seen=region)
