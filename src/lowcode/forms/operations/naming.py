"""Records and people that the cells of a file name: by what they are called or by a key, looked up at once."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from lowcode.forms.operations.cells import parted
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Forbidden, Problem, Text, localized
from lowcode.kernel.expressions import NotPushable
from lowcode.kernel.records import query
from lowcode.kernel.records.facts import id_in, moment_parameters, text_in
from lowcode.kernel.records.fields.link_any import WRITTEN, named
from lowcode.kernel.records.linked import forms_named_by
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.records.ways import SEPARATOR, ways_of
from lowcode.kernel.storage.types import json_text
from lowcode.kernel.texts import whole_in

CHUNK = 400
ROLE = "@role"
"""No form is called so."""
BY_NAME = ("user", "department", ROLE)
"""What is no record of a form."""
NOT_FOUND = {"en": "nothing here that you may read is called '{seen}'", "zh-CN": "在您可查看的范围内找不到“{seen}”"}
NUMBER = {
    "en": "no record that you may read has the number {seen}; write what it is called, or leave the column out to keep "
    "what is linked",
    "zh-CN": "您可查看的记录中没有编号 {seen}；请填写名称；如需保留原有关联，请不要导入此列",
}
SEVERAL = {
    "en": "'{seen}' could be any of {count}; use a number or key that is unique",
    "zh-CN": "“{seen}”对应 {count} 条记录，请使用唯一编号",
}


class Names:
    """What the cells of the link columns mean; one query per target and few hundred names."""

    def __init__(self, context: Context, columns: Sequence[Field | None], table: Sequence[Sequence[Any]]) -> None:
        self._context = context
        self._meant: dict[str, dict[Any, tuple[Any, Problem | None]]] = {}
        wanted: dict[str, set[str]] = {}
        for index, field in enumerate(columns):
            if field is not None and names_records(field):
                for cell in {line[index] for line in table if index < len(line)}:
                    for text in texts_in(field, cell):
                        for target, name in self._places(field, text):
                            wanted.setdefault(target, set()).add(name)
        self._known = {target: self._look_up(target, sorted(texts)) for target, texts in wanted.items()}

    def find(self, field: Field, raw: Any) -> tuple[Any, Problem | None]:
        """What a cell means; a name that stands in many cells is thought about once."""
        known = self._meant.setdefault(field.name, {})
        found = known.get(raw) if isinstance(raw, (str, int)) else None
        if found is None:
            found = self._find(field, raw)
            if isinstance(raw, (str, int)):
                known[raw] = found
        return found

    def of_column(self, field: Field, column: Sequence[Any]) -> list[tuple[Any, Problem | None]]:
        """The same for the cells of a column."""
        known = self._meant.setdefault(field.name, {})
        nothing = (None, None)
        return [
            known[each] if each.__class__ is str and each in known
            else nothing if each is None
            else self.find(field, each)
            for each in column
        ]  # fmt: skip

    def _find(self, field: Field, raw: Any) -> tuple[Any, Problem | None]:
        """The id (for a field of several, the ids) a cell means, or what is wrong with it."""
        found = []
        for text in texts_in(field, raw):
            if named_by(field) is None and WRITTEN.fullmatch(text):
                return text, None  # the form and the number, as programs write it
            ids = self._ids(field, text)
            if len(ids) != 1:
                values = {"seen": text, "count": len(ids)}
                missing = NUMBER if text.isdecimal() and named_by(field) not in BY_NAME else NOT_FOUND
                code, words = ("forms.name-not-found", missing) if not ids else ("forms.name-not-unique", SEVERAL)
                return None, Problem(code, words, f"/{field.name}", values)
            found.append(next(iter(ids)))
        return (found if field.several else found[0] if found else None), None

    def _ids(self, field: Field, text: str) -> set[Any]:
        """What may be meant by a name: ids, and where the form is not given, values that say it, too."""
        own = named_by(field)
        if own is not None:
            return self._known.get(own, {}).get(text, set())
        return {
            named(target, each)
            for target, name in self._places(field, text)
            for each in self._known.get(target, {}).get(name, ())
        }

    def _places(self, field: Field, text: str) -> list[tuple[str, str]]:
        """Where a name is looked up, and as what: of several forms in the one that stands before it (`Quote: Q-7`), or
        in all of them."""
        own = named_by(field)
        if own is not None:
            return [(own, text)]
        types, before = self._context.host.types, []
        for target in forms_named_by(field):
            for title in {target, *spoken_titles(types[target].title)}:
                if text.startswith(title) and text[len(title) :].lstrip()[:1] in (":", "："):
                    before.append((target, text[len(title) :].lstrip()[1:].strip()))
        return before or [(target, text) for target in forms_named_by(field)]

    def _look_up(self, target: str, texts: list[str]) -> dict[str, set[Any]]:
        found: dict[str, set[Any]] = {}
        if target in BY_NAME:
            for text, identity in self._roles() if target == ROLE else self._people(target):
                found.setdefault(text, set()).add(identity)
            return found
        for start in range(0, len(texts), CHUNK):
            for text, identity in self._records(target, texts[start : start + CHUNK]):
                found.setdefault(text, set()).add(identity)
        record_type: RecordType = self._context.host.types[target]
        if record_type.tree is not None:
            found.update(self._by_way(target, [each for each in texts if each not in found and "/" in each]))
        return found

    def _by_way(self, target: str, texts: list[str]) -> dict[str, set[int]]:
        """The records of a tree that a way leads to, `A / B / C`, from the top or from wherever it begins."""
        if not texts:
            return {}
        ways = {text: [each.strip() for each in text.split("/")] for text in texts}
        ends = self._look_up(target, sorted({steps[-1] for steps in ways.values()} - {""}))
        ids = sorted({each for found in ends.values() for each in found})
        known = ways_of(self._context, target, ids)
        found: dict[str, set[int]] = {}
        for text, steps in ways.items():
            meant = SEPARATOR.join(steps)
            there = {each for each in ends.get(steps[-1], ()) if _ends_with(known.get(each), meant)}
            whole = {each for each in there if known[each] == meant}
            if there:
                found[text] = whole or there
        return found

    def _people(self, target: str) -> Iterable[tuple[str, int]]:
        host: Any = self._context.host
        people = host.directory(self._context.unit)
        if target == "user":
            for each in people.users.values():
                for text in {each.name, each.login, getattr(each, "email", None)} - {None, ""}:
                    yield text, each.id
        else:
            for each in people.departments.values():
                for text in {each.name, *spoken_titles(each.title)}:
                    yield text, each.id

    def _roles(self) -> Iterable[tuple[str, str]]:
        for each in self._context.app.definition.roles:
            for text in {each.name, *spoken_titles(each.title)} - {""}:
                yield text, each.name

    def _records(self, target: str, texts: list[str]) -> Iterable[tuple[str, int]]:
        host: Any = self._context.host
        key = ("records called", target, self._context.actor.standing)
        statement, by = host.cached(key, lambda: _calling(self._context, host.types[target]))
        if statement is None:
            return
        known = set(texts)
        numbers = [number for text in texts if (number := whole_in(text)) is not None]
        listed = {"texts": json_text(texts), "numbers": json_text(numbers)}
        for row in self._context.unit.fetch(statement, **listed, **moment_parameters(self._context, statement)):
            for text in {row[name] for name in by} & known or {str(row["id"])}:
                yield text, row["id"]


def named_by(field: Field | None) -> str | None:
    """What the cells of a column name: the records of a form, people, departments or roles."""
    return None if field is None else ROLE if field.options_type == "role" else field.target


def names_records(field: Field) -> bool:
    """Whether the cells of a column name something by what it is called."""
    return named_by(field) is not None or field.options_type == "link_any"


def spoken_titles(title: Text | None) -> Iterable[str]:
    """What something is called, in every language."""
    return [each for each in (title.values() if isinstance(title, Mapping) else [localized(title)]) if each]


def _calling(context: Context, record_type: RecordType) -> tuple[sa.Select[Any] | None, Sequence[str]]:
    """What finds the records of a type that are called one of `texts`, by their label or a key, and as which columns
    it tells these; where nothing of the kind is shown to this actor, those of `numbers`."""
    host: Any = context.host
    grant = host.grant(record_type, context.actor)
    try:
        joins, conditions = query.secured(context, record_type, grant)
    except Forbidden:
        return None, ()
    named: list[sa.ColumnElement[Any]] = []
    if record_type.label is not None and not record_type.label.paths & grant.hidden:
        with contextlib.suppress(NotPushable):
            named.append(sa.cast(record_type.label.sql(joins.dialect, joins), sa.Text))
    named += [sa.cast(joins.column(name), sa.Text) for name in record_type.keys if name not in grant.hidden]
    tests = [text_in(each, joins.dialect, "texts") for each in named] or [
        id_in(joins.root.c.id, joins.dialect, "numbers")
    ]
    labelled = [each.label(f"name_{index}") for index, each in enumerate(named)]
    statement = sa.select(joins.root.c.id, *labelled).select_from(joins.origin).where(*conditions, sa.or_(*tests))
    return statement, tuple(each.name for each in labelled)


def _ends_with(way: str | None, meant: str) -> bool:
    return way is not None and f"{SEPARATOR}{way}".endswith(f"{SEPARATOR}{meant}")


def texts_in(field: Field | None, raw: Any) -> list[str]:
    """The names in a cell: several only where the field holds several."""
    if raw is None or raw == "":
        return []
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    text = str(raw).strip()
    if field is not None and field.several:
        return parted(text)
    return [text] if text else []
