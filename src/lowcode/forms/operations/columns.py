"""Which column of a file fills which field, and by which fields its records are found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from lowcode.forms.operations import mappings
from lowcode.forms.operations.fillable import closed, importable
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Forbidden, Problem, Rejected, localized, nearest
from lowcode.kernel.records import words
from lowcode.kernel.records.labels import record_type_of
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.plan import Field, RecordType

NO_COLUMN = {"en": "there is no column '{seen}' in the file. {near}", "zh-CN": "文件中没有列“{seen}”。{near}"}
NO_FIELD = {"en": "there is no field '{seen}' to fill. {near}", "zh-CN": "没有可导入的字段“{seen}”。{near}"}
CLOSED = {"en": "a file cannot fill in '{seen}': {reason}", "zh-CN": "文件不能填写“{seen}”：{reason}"}
NO_SUCH_ROW = {
    "en": "the file has no row {seen} to hold the titles; it has {count}",
    "zh-CN": "文件没有第 {seen} 行可作标题，共 {count} 行",
}
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
    filled = [
        each.name for each in columns if each is not None and each.name in record_type.fields and each.stored
        and each.name in record_type.table.c
    ]  # fmt: skip
    known = [name for name in filled if name not in grant.kept]
    problems = [
        Problem("forms.not-a-key", NOT_A_KEY, "/keys", {"seen": name, "near": nearest(name, known) or ""})
        for name in keys if name not in known
    ]  # fmt: skip
    if problems:
        raise Rejected(problems)
    return keys


HEAD = 10
"""Rows at the top of a file among which that of the titles is looked for."""


def titled(
    rows: Iterator[list[Any]], record_type: RecordType, mapping: Mapping[str, str | None] | None,
    header_row: int | None = None,
) -> tuple[int, list[str], Iterator[list[Any]]]:  # fmt: skip
    """The row in which the titles stand (from 1), the titles, and the rows below. `header_row` says which it is; else
    it is looked for. A title that comes again gets a number, so that each column can be mapped: `Phone`, `Phone (2)`.
    Raises Rejected."""
    first = list(islice(rows, max(HEAD, header_row or 0)))
    if header_row is not None and header_row > len(first):
        seen_ = {"seen": header_row, "count": len(first)}
        raise Rejected(Problem("forms.no-header-row", NO_SUCH_ROW, "/header_row", seen_))
    if not first:
        return 1, [], rows
    place = _header(first, record_type, mapping) if header_row is None else header_row - 1
    seen: Counter[str] = Counter()
    titles = []
    for cell in first[place]:
        title = str(cell if cell is not None else "").strip()
        seen[title] += bool(title)
        titles.append(title if seen[title] < 2 else f"{title} ({seen[title]})")
    return place + 1, titles, chain(first[place + 1 :], rows)


def _header(
    first: Sequence[Sequence[Any]], record_type: RecordType, mapping: Mapping[str, str | None] | None
) -> int:  # fmt: skip
    """Above the titles there may be a heading, a date or nothing: the titles are the first row when it names a field,
    unless it says nothing else and a row below names more; else the row of the first few that names most of them, else
    the first with more than one cell."""
    known = {*_spoken(record_type.fields.values()), *map(_plain, mapping or ())}
    filled = [[each for each in row if each not in (None, "")] for row in first]
    named = [sum(_plain(each) in known for each in row) for row in filled]
    if not any(named):
        return next((at for at, row in enumerate(filled) if len(row) > 1), 0)
    return 0 if named[0] and (len(filled[0]) > 1 or max(named) == 1) else named.index(max(named))


def _plain(title: Any) -> str:
    return str(title).strip().rstrip("*＊ ").casefold()


def _spoken(fields: Iterable[Field]) -> dict[str, Field]:
    """What the fields are called, in every language, and their names."""
    known: dict[str, Field] = {}
    for each in fields:
        spoken = each.title.values() if isinstance(each.title, Mapping) else [localized(each.title)]
        for word in (*spoken, each.name):
            known.setdefault(str(word).strip().casefold(), each)
    return known


def columns_of(
    record_type: RecordType, grant: Grant, titles: Sequence[str], mapping: Mapping[str, str | None] | None
) -> list[Field | None]:
    """The field each column fills; None for a column that is left out."""
    fields = {each.name: each for each in importable(record_type, grant)}
    called = {_plain(title): title for title in reversed(titles)}
    if mapping is not None:  # the star of a template is no part of what a column is called
        mapping = {t if t in titles else called.get(_plain(t), t): name for t, name in mapping.items()}
    problems = [
        _unknown("no-column", NO_COLUMN, title, title, titles) for title in mapping or () if title not in titles
    ]
    shut = closed(record_type, grant)
    problems += [
        _shut(title, name, *shut[name]) if name in shut else _unknown("no-field", NO_FIELD, title, name, fields)
        for title, name in (mapping or {}).items()
        if name is not None and name not in fields
    ]
    if problems:
        raise Rejected(problems)
    known = _spoken(fields.values())
    found: list[Field | None] = []
    for title in titles:
        if mapping is not None and title in mapping:
            chosen = fields.get(mapping[title] or "")
        else:
            chosen = known.get(_plain(title))
        found.append(None if chosen in found else chosen)
    return found


def told(
    context: Context, record_type: RecordType, grant: Grant, titles: Sequence[str], names: Sequence[str | None]
) -> dict[str, Any]:  # fmt: skip
    """Which column fills which field; of one that fills none and is called as a field that no file may fill, why; and
    all such fields (`closed`), each with its reason."""
    shut = closed(record_type, grant)
    locale = context.actor.locale
    called = {
        str(word).strip().casefold(): reason
        for name, (title, reason) in shut.items()
        for word in (name, *(title.values() if isinstance(title, Mapping) else [title]))
    }
    return {
        "columns": [
            {"title": title, "field": name, "why": _reason(called.get(_plain(title)), locale) if name is None else None}
            for title, name in zip(titles, names, strict=False)
        ],
        "closed": [
            {"field": name, "title": localized(title, locale), "reason": localized(reason, locale)}
            for name, (title, reason) in shut.items()
        ],
    }  # fmt: skip


def _reason(reason: Any, locale: str | None) -> str | None:
    return None if reason is None else localized(reason, locale)


def _shut(title: str, name: str, _title: Any, reason: Any) -> Problem:
    said = {language: words.format(seen="{seen}", reason=reason[language]) for language, words in CLOSED.items()}
    return Problem("forms.closed-field", said, f"/mapping/{title}", {"seen": name})


def remembered(
    context: Context, record_type: RecordType, grant: Grant, titles: Sequence[str]
) -> Mapping[str, str | None] | None:  # fmt: skip
    """How this person mapped a file with these titles before, as far as there still are such fields to fill."""
    known = mappings.known(context, record_type.name, titles)
    fields = {each.name for each in importable(record_type, grant)}
    return known and {title: name for title, name in known.items() if name is None or name in fields}


def _unknown(code: str, message: Any, title: str, seen: str, known: Iterable[str]) -> Problem:
    return Problem(f"forms.{code}", message, f"/mapping/{title}", {"seen": seen, "near": nearest(seen, known) or ""})
