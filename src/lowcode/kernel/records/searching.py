"""The index of what is searched: written with each record, in its transaction, and built by `apply` for what is there.

A row of `lc_search` holds the words of some fields of one record. Fields that everybody who reads the record may see
share a row; each that is hidden from somebody, or shown under a mask, has one of its own, so that a search is held
against the rows a person may search, and no word of the others decides anything. What stands beside the table (FTS5 on
SQLite, a GIN index on PostgreSQL) is kept by the database itself (`storage.fulltext`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Text
from lowcode.kernel.records import searchwords
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.fulltext import matching
from lowcode.kernel.storage.types import json_text

LONG = ("long_text", "rich_text")
CHOICES = ("select", "state", "cascade", "multi_select", "tags")
ELSEWHERE = ("link", "links", "link_any", "member", "members", "department", "departments", "role", "formula", "rollup",
             "lines", "json", "attachment", "image", "secret", "password")  # fmt: skip
"""Fields whose words stand in other records, or are computed: a list looks for those row by row."""
COLUMNS = ("record_type", "record_id", "part", "words", "folded")
RECHECKS = 3
VERSION = 1
"""Goes up when the same text gets other tokens: every index is built anew."""


@dataclass(frozen=True, slots=True)
class Part:
    """Fields whose words share a row; `name` is blank for those everybody may see."""

    name: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Searching:
    """What is searched of a record type; `shape` changes when the index has to be built anew."""

    record_type: str
    parts: tuple[Part, ...]
    names: frozenset[str]
    shape: str


def indexed(field: Field) -> bool:
    """Whether the words of a field stand in the index."""
    return bool(field.options.search) and field.stored and not field.sealed and field.options_type not in ELSEWHERE


def searching_of(record_type: RecordType) -> Searching | None:
    """What is searched of a record type; None when nothing is. The field that names a record comes first."""
    label = record_type.label.text if record_type.label is not None else ""
    fields = sorted(
        (each for each in record_type.fields.values() if indexed(each)), key=lambda each: each.name != label
    )
    if not fields:
        return None
    apart = {name for line in record_type.permissions for name in line.hide}
    apart |= {each.name for each in fields if each.options.mask}
    shared = tuple(each for each in fields if each.name not in apart)
    own = [Part(each.name, (each,)) for each in fields if each.name in apart]
    parts = (*((Part("", shared),) if shared else ()), *own)
    seen = [[part.name, [[each.name, each.options_type, each.options.search, _titles(each)] for each in part.fields]]
            for part in parts]  # fmt: skip
    shape = hashlib.sha256(json_text([VERSION, seen]).encode()).hexdigest()[:32]
    return Searching(record_type.name, parts, frozenset(each.name for each in fields), shape)


def _titles(field: Field) -> Mapping[str, Text]:
    return field.titles if field.options_type in CHOICES else {}


def rows_of(plan: Searching, values: Mapping[str, Any], parts: Iterable[Part] | None = None) -> list[dict[str, Any]]:
    """The rows of a record; a part without words has none."""
    found = []
    for part in plan.parts if parts is None else parts:
        tokens: dict[str, None] = {}
        lines = []
        for field in part.fields:
            for text in _texts(field, values.get(field.name)):
                plain = searchwords.folded(text)
                lines.append(plain)
                pinyin = field.options.search == "pinyin"
                short = field.options_type not in LONG
                tokens.update(dict.fromkeys(searchwords.tokens(plain, short=short, pinyin=pinyin)))
        if tokens:
            found.append({"record_type": plan.record_type, "record_id": values["id"], "part": part.name,
                          "words": " ".join(tokens), "folded": searchwords.joined(lines)})  # fmt: skip
    return found


def _texts(field: Field, value: Any) -> Iterable[str]:
    """The words of a value: of a choice its titles in every language."""
    if value is None:
        return
    for each in value if isinstance(value, (list, tuple)) else (value,):
        title = _titles(field).get(str(each))
        if title is None:
            yield str(each)
        elif isinstance(title, str):
            yield title or str(each)
        else:
            yield from title.values()


def write_new(context: Context, plan: Searching, values: Mapping[str, Any]) -> None:
    """The words of a new record."""
    table = t.search
    for row in rows_of(plan, values):
        context.unit.write(context.unit.database.prepare_insert(table, COLUMNS), row)


def write_change(context: Context, plan: Searching, values: Mapping[str, Any], changed: Iterable[str]) -> None:
    """The words of a record whose fields changed."""
    names = plan.names.intersection(changed)
    if not names:
        return
    parts = [part for part in plan.parts if any(each.name in names for each in part.fields)]
    unit = context.unit
    for part in parts:
        key = {"search_type": plan.record_type, "search_id": values["id"], "search_part": part.name}
        unit.write(unit.database.prepare(FORGET_PART), key)
    for row in rows_of(plan, values, parts):
        unit.write(unit.database.prepare_insert(t.search, COLUMNS), row)


FORGET_PART = sa.delete(t.search).where(
    t.search.c.record_type == sa.bindparam("search_type"),
    t.search.c.record_id == sa.bindparam("search_id"),
    t.search.c.part == sa.bindparam("search_part"),
)


def allowed_parts(plan: Searching, hidden: frozenset[str]) -> tuple[str, ...]:
    """The parts a person may search: the shared one, and those of fields that are not kept from them."""
    return tuple(part.name for part in plan.parts if not part.name or part.name not in hidden)


def found_in(table: sa.Table, dialect: str, plan: Searching, parts: tuple[str, ...]) -> list[sa.ColumnElement[bool]]:
    """The conditions on rows of the index; parameters are those of `parameters`."""
    conditions = [
        table.c.record_type == plan.record_type,
        sa.or_(*(table.c.part == sa.literal(each) for each in parts)),
        matching(table, dialect, sa.bindparam("search_match", type_=sa.Text)),
    ]
    for index in range(RECHECKS):
        conditions.append(table.c.folded.like(sa.bindparam(f"search_like_{index}", type_=sa.Text), escape="\\"))
    return conditions


def parameters(text: str, dialect: str) -> dict[str, str]:
    """What a person typed, as the parameters of `found_in`."""
    wanted = searchwords.wanted(text)
    match = searchwords.fts5(wanted) if dialect == "sqlite" else searchwords.tsquery(wanted)
    patterns = [f"%{searchwords.like(each)}%" for each in wanted.together[:RECHECKS]]
    patterns += ["%"] * (RECHECKS - len(patterns))
    return {"search_match": match, **{f"search_like_{index}": each for index, each in enumerate(patterns)}}
