"""What a link is called in a file, and how an import tells that a cell says what is linked already. Decision 0194."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lowcode.forms.operations.naming import BY_NAME, named_by
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Problem, localized
from lowcode.kernel.records.facts import Needs
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.records.references import in_any_language, in_text, references
from lowcode.kernel.records.ways import ways_of

NOT_FOUND = "forms.name-not-found"


def called_in_files(context: Context, target: str, ids: Iterable[int], language: str) -> Mapping[int, str]:
    """What links say, those to records of a tree by their ways; departments in the language of the file."""
    listed = list(ids)
    if target == "department":
        known = context.host.directory(context.unit).departments
        return {each: localized(known[each].title or known[each].name, language) for each in listed if each in known}
    shown = _named(context, target, listed, language)
    return {each: in_text(one, language) for each, one in shown.items()}


def without_unchanged(
    context: Context, record_type: RecordType, grant: Grant, columns: Sequence[Field | None], rows: Sequence[Any]
) -> None:  # fmt: skip
    """Take back the problem of each cell that names no record that is there, but says of its row's record what an
    export said of it: the link to what was deleted, or to what this person may not read, stays as it is."""
    places = {each.name: at for at, each in enumerate(columns) if each is not None and _single(each, grant)}
    doubted = [(row, name) for row in rows if row.action == "update" for name in _unfound(row) if name in places]
    if not doubted:
        return
    names = sorted({name for _, name in doubted})
    ids = sorted({row.id for row, _ in doubted})
    facts = context.facts(record_type.name, ids, [Needs(frozenset(names), frozenset())])
    for name in names:
        target = record_type.fields[name].target or ""
        linked = {row.id: facts[row.id][name] for row, each in doubted if each == name and row.id in facts}
        shown = _named(context, target, sorted({each for each in linked.values() if each is not None}), None)
        for row in (row for row, each in doubted if each == name):
            one = shown.get(linked.get(row.id))
            if one is not None and str(row.cells[places[name]]).strip() in in_any_language(one):
                row.problems[:] = [each for each in row.problems if each[0] != name or each[1].code != NOT_FOUND]


def _named(context: Context, target: str, ids: Sequence[int], language: str | None) -> dict[Any, dict[str, Any]]:
    """The links as they are shown, with the whole way where there is one."""
    shown = references(context, target, ids, language)
    if getattr(context.host.types.get(target), "tree", None) is not None:
        for each, way in ways_of(context, target, [each for each in ids if "hidden" not in shown[each]]).items():
            shown[each] = {**shown[each], "label": way}
    return shown


def _single(field: Field, grant: Grant) -> bool:
    named = named_by(field)
    return named is not None and named not in BY_NAME and not field.several and field.name not in grant.kept


def _unfound(row: Any) -> set[str]:
    problems: list[tuple[str, Problem]] = row.problems
    return {name for name, each in problems if each.code == NOT_FOUND}
