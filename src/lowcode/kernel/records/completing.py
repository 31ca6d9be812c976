"""The facts that expressions read: loaded for records that exist, completed for values that may not be written yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.expressions import ABOVE, lineage_of
from lowcode.kernel.identity.directory import Directory
from lowcode.kernel.records.facts import FactsQuery, Needs, moment_parameters, prepare_facts
from lowcode.kernel.records.nested import PARENT, Row, rows_at
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.storage.types import json_text


def load_facts(
    context: Context, name: str, ids: Sequence[int], needs: Needs, *, guarded: bool = False
) -> dict[int, dict[str, Any]]:
    """What expressions need of some records; people and departments come from the directory.

    What an author computes reads everything. `guarded`: linked records and rows that the actor may not read are left
    out, for what is shown to them (`visible.visible_facts`)."""
    host: Any = context.host
    if name in ("user", "department"):
        return _people_facts(host.directory(context.unit), name, ids, needs)
    if context.unit.ahead is not None and not guarded:
        ahead: dict[int, dict[str, Any]] | None = context.unit.ahead.facts(context, name, ids, needs, _load)
        if ahead is not None:
            return ahead
    return _load(context, name, ids, needs, guarded=guarded)


def _load(
    context: Context, name: str, ids: Sequence[int], needs: Needs, *, guarded: bool = False
) -> dict[int, dict[str, Any]]:
    """The same from the database."""
    host: Any = context.host
    types: Mapping[str, RecordType] = host.types
    dialect: str = host.database.dialect_name
    key = ("facts", name, needs, context.actor.standing) if guarded else ("facts", name, needs)
    allowed = (lambda other: host.grant(other, context.actor)) if guarded else None
    query: FactsQuery = host.cached(
        key, lambda: prepare_facts(types, types[name], needs, host.database.table, dialect, allowed)
    )
    listed = json_text(ids)
    if query.own is not None:
        own = context.unit.fetch(query.own, ids=listed, **moment_parameters(context, query.own))
        found = {row["id"]: row for row in own}
    else:
        found = {identity: {"id": identity} for identity in ids}
    for relation, statement in query.rows:
        for facts in found.values():
            facts[relation] = []
        for row in context.unit.fetch(statement, ids=listed, **moment_parameters(context, statement)):
            outer = row.pop("@outer")
            if outer in found:
                found[outer][relation].append(row)
    return found


def complete(context: Context, record_type: RecordType, values: Mapping[str, Any], needs: Needs) -> Mapping[str, Any]:
    """Values of a record that may not be written yet, with what expressions read beyond them."""
    known = dict(values)
    needs = _from_around(context, record_type, known, needs)
    by_link: dict[str, tuple[set[str], dict[str, set[str]]]] = {}
    for path in needs.paths:
        head, _, rest = path.partition(".")
        if rest:
            by_link.setdefault(head, (set(), {}))[0].add(rest)
        else:
            _complete_own(context, record_type, known, path)
    own_rows = []
    for relation, children in needs.rows:
        head, _, rest = relation.partition(".")
        if rest and head in known and _is_lines(record_type, head):
            known[relation] = _own_rows(context, record_type, known, relation, children)
        elif rest and not _is_lines(record_type, head):
            by_link.setdefault(head, (set(), {}))[1][rest] = set(children)
        else:
            own_rows.append((relation, children))
    for head, (paths, rows) in by_link.items():
        _complete_link(context, record_type, known, head, paths, rows)
    identity = known.get("id")
    for relation, children in own_rows:
        if relation in known and relation in record_type.fields:
            lines = _is_lines(record_type, relation)
            known[relation] = (_own_rows if lines else _living)(context, record_type, known, relation, children)
            continue
        known[relation] = []
        if identity is not None:
            rows_of = Needs(frozenset(), frozenset({(relation, children)}))
            loaded = load_facts(context, record_type.name, [identity], rows_of)
            known[relation] = loaded.get(identity, {}).get(relation, [])
    return known


def lacks(rows: Sequence[Any], paths: frozenset[str]) -> bool:
    """Whether rows that are at hand do not say all that is read of them: what they link to, or of links anything."""
    return any(not isinstance(row, Mapping) or not paths <= row.keys() for row in rows) if paths else False


def _living(
    context: Context, record_type: RecordType, values: Mapping[str, Any], name: str, children: Iterable[str]
) -> list[Mapping[str, Any]]:  # fmt: skip
    """The living records that a record which may not be written yet links to."""
    listed = [each["id"] if isinstance(each, Mapping) else each for each in values[name] or ()]
    needs = Needs(frozenset(children) | {"deleted_at"}, frozenset())
    found = load_facts(context, record_type.fields[name].target or "", listed, needs) if listed else {}
    return [found[each] for each in listed if each in found and found[each]["deleted_at"] is None]


def _own_rows(
    context: Context, record_type: RecordType, values: Mapping[str, Any], way: str, children: Iterable[str]
) -> list[Mapping[str, Any]]:  # fmt: skip
    """The rows of a record that may not be written yet, with what is read of them."""
    below, found = _rows_type(record_type, way), list(rows_at(values, way))
    if all(name in row.values for row in found for name in children):
        return [row.values for row in found]
    return complete_rows(context, below, found, children)


def complete_rows(
    context: Context, below: RecordType, rows: Sequence[Row], paths: Iterable[str]
) -> list[Mapping[str, Any]]:  # fmt: skip
    """Rows of a record that may not be written yet, with what lies around them (`parent.…`) and what is read of them:
    what they link to is asked for once for all of them, and so is what is read around them."""
    found = [row.facts() for row in rows]
    missing = frozenset(each for each in paths if any(each not in facts for facts in found))
    if not missing:
        return list(found)
    read = _read(below, missing)
    around = frozenset(each.removeprefix(PARENT) for each in read if each.startswith(PARENT))
    outer = _around(context, below, rows, around)
    for row, facts in zip(rows, found, strict=True) if around else ():
        facts.update({f"{PARENT}{each}": outer[id(row.around[0])].get(each) for each in around})
    _name_linked(context, below, found, (each for each in read if not each.startswith(PARENT)))
    return [complete(context, below, each, Needs(frozenset(missing - each.keys()), frozenset())) for each in found]


def _around(
    context: Context, below: RecordType, rows: Iterable[Row], paths: frozenset[str]
) -> dict[int, Mapping[str, Any]]:  # fmt: skip
    """What is read of what rows lie in: of other rows, or of the record."""
    if not paths or below.parent is None:
        return {}
    whole = {id(row.around[0]): Row("", dict(row.around[0]), None, row.around[1:]) for row in rows}
    if below.parent.parent is None:
        needs = Needs(paths, frozenset())
        return {key: complete(context, below.parent, each.values, needs) for key, each in whole.items()}
    return dict(zip(whole, complete_rows(context, below.parent, [*whole.values()], paths), strict=True))


def _from_around(context: Context, record_type: RecordType, known: dict[str, Any], needs: Needs) -> Needs:
    """What is read of what lies around a row (`parent.…`), where that is at hand maybe not written; what is left."""
    asked = frozenset(each for each in needs.paths if each.startswith(PARENT))
    if not asked or record_type.parent is None:
        return needs
    outer = {name.removeprefix(PARENT): value for name, value in known.items() if name.startswith(PARENT)}
    if not outer:
        return needs
    above = Needs(frozenset(each.removeprefix(PARENT) for each in asked - known.keys()), frozenset())
    found = complete(context, record_type.parent, outer, above) if above.paths else {}
    known.update({f"{PARENT}{each}": found[each] for each in above.paths})
    return Needs(needs.paths - asked, needs.rows)


def _read(record_type: RecordType, paths: Iterable[str]) -> frozenset[str]:
    """What is read where some fields are: instead of a formula that is computed when it is read, what that reads."""
    found: set[str] = set()
    for path in paths:
        field = record_type.fields.get(path)
        if field is None or field.expression is None or field.stored:
            found.add(path)
        else:
            found |= _read(record_type, field.expression.paths)
    return frozenset(found)


def _name_linked(
    context: Context, record_type: RecordType, rows: Sequence[dict[str, Any]], paths: Iterable[str]
) -> None:
    """Put what is read of the records that rows link to into the rows."""
    by_link: dict[str, set[str]] = {}
    for path in paths:
        head, _, rest = path.partition(".")
        if rest:
            by_link.setdefault(head, set()).add(rest)
    for head, rests in by_link.items():
        field = record_type.fields.get(head)
        target = (field.target or field.type.record) if field is not None else None
        if target is None:
            continue
        ids = sorted({int(row[head]) for row in rows if row.get(head) is not None})
        found = load_facts(context, target, ids, Needs(frozenset(rests), frozenset())) if ids else {}
        for row in rows:
            linked = row.get(head)
            one = {} if linked is None else found.get(int(linked), {})
            row.update({f"{head}.{rest}": one.get(rest) for rest in rests})


def _rows_type(record_type: RecordType, way: str) -> RecordType:
    return dict(record_type.rows_below)[way]


def _is_lines(record_type: RecordType, name: str) -> bool:
    field = record_type.fields.get(name)
    return field is not None and field.rows is not None


def _complete_own(context: Context, record_type: RecordType, facts: dict[str, Any], path: str) -> None:
    if lineage_of(path)[1]:
        facts[path] = _lineage(context, record_type, facts, path)
        return
    field = record_type.fields.get(path)
    if field is None or field.expression is None or field.stored:
        facts.setdefault(path, None)
        return
    inner = Needs(field.expression.paths, frozenset(field.expression.rows.items()))
    missing = Needs(frozenset(each for each in inner.paths if each not in facts), inner.rows)
    facts[path] = field.expression.evaluate(complete(context, record_type, facts, missing), context.moment())


def _lineage(context: Context, record_type: RecordType, facts: Mapping[str, Any], which: str) -> list[Any]:
    """A record of a tree that may not be written yet, and all above it."""
    above = facts.get(record_type.tree or "")
    found: list[Any] = []
    if above is not None:
        known = load_facts(context, record_type.name, [above], Needs(frozenset({which}), frozenset()))
        found = known.get(above, {}).get(which) or []
    own = [facts.get("id")] if which == ABOVE else _called(context, record_type, facts)
    return [*(each for each in own if each is not None), *found]


def _called(context: Context, record_type: RecordType, facts: Mapping[str, Any]) -> list[Any]:
    """What a record is called: its label, and its keys that are texts."""
    label = record_type.label
    paths, rows = (frozenset[str](), frozenset[Any]()) if label is None else (label.paths, label.rows.items())
    needs = Needs(frozenset((paths | {*record_type.called_by}) - facts.keys()), frozenset(rows))
    known = complete(context, record_type, facts, needs)
    if label is None:
        first = known.get("id") and str(known["id"])
    else:
        first = label.evaluate(known, context.moment())
    return [first, *(known.get(name) for name in record_type.called_by)]


def _complete_link(
    context: Context, record_type: RecordType, facts: dict[str, Any], head: str,
    paths: set[str], rows: dict[str, set[str]],
) -> None:  # fmt: skip
    field = record_type.fields.get(head)
    target = (field.target or field.type.record) if field is not None else ("user" if head != "parent" else None)
    if head == "parent" and record_type.parent is not None:
        target = record_type.parent.name
    linked = facts.get(head)
    found: Mapping[str, Any] = {}
    if linked is not None and target is not None:
        needs = Needs(frozenset(paths), frozenset((name, frozenset(children)) for name, children in rows.items()))
        found = load_facts(context, target, [int(linked)], needs).get(int(linked), {})
    for path in paths:
        facts[f"{head}.{path}"] = found.get(path)
    for relation in rows:
        facts[f"{head}.{relation}"] = found.get(relation, [])


def _people_facts(people: Directory, name: str, ids: Sequence[int], needs: Needs) -> dict[int, dict[str, Any]]:
    return {
        identity: {"id": identity, **{path: _walk(people, name, identity, path.split(".")) for path in needs.paths}}
        for identity in ids
    }


def _walk(people: Directory, name: str, identity: int, path: Sequence[str]) -> Any:
    """What a path says of a person or a department."""
    value: Any = identity
    kind = name
    for step in path:
        if value is None:
            return None
        if kind == "user":
            value = people.facts(value).get(step)
            kind = "department" if step == "department" else "user"
        else:
            department = people.departments.get(value)
            if lineage_of(step)[1]:
                lineage = people.above(value)
                if step == ABOVE:
                    return [each.id for each in lineage]
                return [said for each in lineage for said in each.called]
            value = getattr(department, step, None) if department else None
            kind = "user" if step == "head" else "department"
    return value
