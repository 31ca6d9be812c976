"""Which column of a file fills which field, and by which fields its records are found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lowcode.forms.operations.export import importable
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Forbidden, Problem, Rejected, localized, nearest
from lowcode.kernel.records import words
from lowcode.kernel.records.labels import record_type_of
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.plan import Field, RecordType

NO_COLUMN = {"en": "there is no column '{seen}' in the file. {near}", "zh-CN": "文件中没有列“{seen}”。{near}"}
NO_FIELD = {"en": "there is no field '{seen}' to fill. {near}", "zh-CN": "没有可导入的字段“{seen}”。{near}"}
NOT_A_KEY = {"en": "'{seen}' cannot tell records apart here. {near}", "zh-CN": "“{seen}”不能作为匹配依据。{near}"}


def permitted(context: Context, form: str) -> tuple[RecordType, Grant]:
    """The record type and what the person may do with it, if that is to import."""
    host: Any = context.host
    record_type = record_type_of(context, form)
    grant: Grant = host.grant(record_type, context.actor)
    if not grant.may("import"):
        raise Forbidden(words.problem("may-not", "", action="import", form=form))
    return record_type, grant


def keys_of(
    record_type: RecordType, grant: Grant, keys: tuple[str, ...], columns: Sequence[Field | None]
) -> tuple[str, ...]:
    """The fields records are found by. Refuses one that the file does not fill, or that cannot be looked up."""
    filled = [each.name for each in columns if each is not None and each.name in record_type.table.c]
    known = [name for name in filled if name not in grant.kept]
    problems = [
        Problem("forms.not-a-key", NOT_A_KEY, "/keys", {"seen": name, "near": nearest(name, known) or ""})
        for name in keys if name not in known
    ]  # fmt: skip
    if problems:
        raise Rejected(problems)
    return keys


def columns_of(
    record_type: RecordType, grant: Grant, titles: Sequence[str], mapping: Mapping[str, str | None] | None
) -> list[Field | None]:
    """The field each column fills; None for a column that is left out."""
    fields = {each.name: each for each in importable(record_type, grant)}
    problems = [
        _unknown("no-column", NO_COLUMN, title, title, titles) for title in mapping or () if title not in titles
    ]
    problems += [
        _unknown("no-field", NO_FIELD, title, name, fields)
        for title, name in (mapping or {}).items()
        if name is not None and name not in fields
    ]
    if problems:
        raise Rejected(problems)
    known: dict[str, Field] = {}
    for each in fields.values():
        spoken = each.title.values() if isinstance(each.title, Mapping) else [localized(each.title)]
        for word in (*spoken, each.name):
            known.setdefault(str(word).strip().casefold(), each)
    found: list[Field | None] = []
    for title in titles:
        if mapping is not None and title in mapping:
            chosen = fields.get(mapping[title] or "")
        else:
            chosen = known.get(title.rstrip("*＊ ").casefold())
        found.append(None if chosen in found else chosen)
    return found


def _unknown(code: str, message: Any, title: str, seen: str, known: Iterable[str]) -> Problem:
    return Problem(f"forms.{code}", message, f"/mapping/{title}", {"seen": seen, "near": nearest(seen, known) or ""})
