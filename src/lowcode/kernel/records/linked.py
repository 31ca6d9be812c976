"""What a record is linked to has to be there, for whoever links: a link that somebody sends is looked up before it is
written, and a record that this person may not read is as good as none. Otherwise one could try which numbers there are,
and read in a look-up or a formula over one's own link what one may not read there. Links that stand already stay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from lowcode.kernel.contract import Change, Context
from lowcode.kernel.diagnostics import Problem
from lowcode.kernel.records import words
from lowcode.kernel.records.choosing import unfit
from lowcode.kernel.records.fields.link_any import named, parts
from lowcode.kernel.records.fields.named import DIRECTORY
from lowcode.kernel.records.holding import hold_named
from lowcode.kernel.records.permitted import there
from lowcode.kernel.records.plan import Field, RecordType, Relation


@dataclass(frozen=True, slots=True)
class Linking:
    """The fields whose values, or whose rows, name records or people."""

    names: frozenset[str]
    plain: tuple[tuple[str, str, str], ...]
    """Those that name one by its id: field, pointer, and what it names."""
    others: frozenset[str]


NOTHING = Linking(frozenset(), (), frozenset())
PLAIN = ("link", "member", "department")


def linking(record_type: RecordType) -> Linking:
    """Which fields of a record type name others."""
    plain, others = [("owner", "/owner", "user")], set()
    for each in record_type.fields.values():
        if each.rows is None and each.options_type in PLAIN and (target := _target(each)) is not None:
            plain.append((each.name, f"/{each.name}", target))
        elif each.rows is not None or _names(each):
            others.add(each.name)
    return Linking(frozenset({name for name, *_ in plain} | others), tuple(plain), frozenset(others))


def forms_named_by(field: Field) -> tuple[str, ...]:
    """The forms whose records one value of a field may name, each alone: what a relation can go back along."""
    if field.options_type == "link_any":
        return tuple(field.options.to)  # type: ignore[attr-defined]
    return (field.target,) if field.options_type == "link" and field.target is not None else ()


def name_in(field: Field, form: str, identity: int) -> int | str:
    """The value by which a link to one record, or to a record of any form, names one."""
    return named(form, identity) if field.options_type == "link_any" else identity


def record_in(value: Any, form: str) -> int | None:
    """The record of this form that a link, or a link to a record of any form, names; None for one of another form."""
    if not isinstance(value, str):
        return None if value is None else int(value)
    other, _, identity = value.partition("/")
    return int(identity) if other == form and identity.isdigit() else None


def names(types: Mapping[str, RecordType], relation: Relation, form: str, identity: int) -> str:
    """The condition, as it is written in an expression, that a record of a relation names this one."""
    value = name_in(types[relation.record_type].fields[relation.by], form, identity)
    return f'{relation.by} = "{value}"' if isinstance(value, str) else f"{relation.by} = {value}"


class Known(dict[tuple[str, int], bool]):
    """Whether records and people are there, by record type and id."""

    __slots__ = ("sound",)

    def __init__(self) -> None:
        super().__init__()
        self.sound = False
        """Whether every link of all that was looked up together, as it was sent, leads somewhere."""


def check_links(context: Context, change: Change, links: Linking, known: Known | None = None) -> None:
    """A problem for each sent link that leads nowhere; one point query per record that is newly linked to, and not yet
    `known`."""
    if links.names.isdisjoint(change.sent):
        return
    seen = Known() if known is None else known
    for pointer, target, identity in _sent(change, links):
        key = (target, identity)
        if key not in seen:
            seen[key] = _known(context, target, {identity})[target, identity]
        if not seen[key]:
            change.problems.append(words.problem("link-not-found", pointer, id=identity))
        elif target == "user" and (problem := unfit(context, change.record_type, pointer, identity)) is not None:
            change.problems.append(problem)


def leading_nowhere(context: Context, change: Change, links: Linking, known: Known) -> Iterator[Problem]:
    """A problem for each sent link to a record that is not there, or not theirs to read; people are no secret."""
    if links.names.isdisjoint(change.sent):
        return
    for pointer, target, identity in _sent(change, links):
        if target in ("user", "department"):
            continue
        if (key := (target, identity)) not in known:
            known.update(_known(context, target, {identity}))
        if not known[key]:
            yield words.problem("link-not-found", pointer, id=identity)


Named = tuple[str, int]
"""A record type and an id."""


def beyond(context: Context, record_type: RecordType, record: Mapping[str, Any]) -> set[Named]:
    """What a record names that whoever asks could not link to: not there, or not theirs to read."""
    host: Any = context.host
    wanted: dict[str, set[int]] = {}
    for each in record_type.fields.values():
        for _, target, identity in _named(each, each.name, record.get(each.name)):
            if target not in ("user", "department"):
                wanted.setdefault(target, set()).add(identity)
    return {(target, each) for target, ids in wanted.items() for each in ids - there(context, host.types[target], ids)}


def names_any(field: Field, value: Any, of: set[Named]) -> bool:
    """Whether a value names one of some records."""
    return bool(of) and any((target, identity) in of for _, target, identity in _ids(field, "", value))


def look_up(context: Context, changes: Iterable[Change], links: Linking) -> Known:
    """Whether everything that several changes link to is there; one query per record type."""
    wanted: dict[str, set[int]] = {}
    for change in changes:
        if not links.names.isdisjoint(change.sent):
            for _, target, identity in _sent(change, links):
                wanted.setdefault(target, set()).add(identity)
    found = Known()
    for target, ids in wanted.items():
        found.update(_known(context, target, ids))
    found.sound = all(found.values())
    return found


def ids_named(record_type: RecordType, rows: Iterable[Mapping[str, Any]]) -> dict[str, set[int]]:
    """The records that values as they were sent name by their ids, by form; those that rows in them name, too."""
    found: dict[str, set[int]] = {}
    fields = {
        owner.name: {name: owner.fields[name] for name in linking(owner).names if name in owner.fields}
        for owner in (record_type, *(below for _, below in record_type.rows_below))
    }

    def look(owner: RecordType, values: Mapping[str, Any]) -> None:
        for name, field in fields[owner.name].items():
            value = values.get(name)
            if value is None or field.options_type == "link_any":
                continue
            if value.__class__ is int and field.rows is None:
                found.setdefault(_target(field) or "", set()).add(value)
                continue
            if field.rows is not None:
                for row in value if isinstance(value, (list, tuple)) else ():
                    if isinstance(row, Mapping):
                        look(field.rows, row)
                continue
            for _, target, identity in _ids(field, "", value):
                found.setdefault(target, set()).add(identity)

    for each in rows:
        look(record_type, each)
    return found


def _sent(change: Change, links: Linking) -> Iterator[tuple[str, str, int]]:
    """Pointer, record type and id of every link that was sent and is not what it was."""
    sent, values, before = change.sent, change.values, change.before
    for name, pointer, target in links.plain:
        if name in sent:
            value = values.get(name)
            if value is not None and (before is None or value != before.get(name)):
                yield pointer, target, value
    if not links.others:
        return
    fields, before = change.record_type.fields, before or {}
    for name in sent & links.others:
        field = fields[name]
        value = values.get(name)
        if value is None or value == before.get(name):
            continue
        stood = {each[1:] for each in _named(field, name, before.get(name))}
        yield from (each for each in _named(field, name, value) if each[1:] not in stood)


def _named(field: Field, name: str, value: Any) -> Iterator[tuple[str, str, int]]:
    """What a value, or the rows of one, name."""
    if value is not None:
        yield from _ids(field, f"/{name}", value) if field.rows is None else _rows(field.rows, f"/{name}", value)


def _rows(rows: RecordType, pointer: str, value: Any) -> Iterator[tuple[str, str, int]]:
    for index, row in enumerate(value):
        for inner, each in row.items() if isinstance(row, Mapping) else ():
            field, at = rows.fields.get(inner), f"{pointer}/{index}/{inner}"
            if field is not None and each is not None:
                yield from _ids(field, at, each) if field.rows is None else _rows(field.rows, at, each)


def _ids(field: Field, pointer: str, value: Any) -> Iterator[tuple[str, str, int]]:
    if field.options_type == "link_any":
        yield (pointer, *parts(value))
        return
    target = _target(field)
    if target is None:
        return
    if isinstance(value, int):
        yield pointer, target, value
    elif isinstance(value, (list, tuple)):
        for index, each in enumerate(value):
            if isinstance(each, int):
                yield f"{pointer}/{index}", target, each


def _target(field: Field) -> str | None:
    """What the values of a field name."""
    if field.computed:
        return None
    return DIRECTORY.get(field.options_type, field.target)


def _names(field: Field) -> bool:
    return field.options_type == "link_any" or _target(field) is not None


def _known(context: Context, target: str, ids: set[int]) -> dict[Named, bool]:
    """Whether some of a kind are there and theirs to name who asks. An embedding program may have people of its own:
    then the directory has none, or the actor is one of them."""
    host: Any = context.host
    if target not in ("user", "department"):
        hold_named(context, host.types[target], ids)
        named = there(context, host.types[target], ids)
        return {(target, each): each in named for each in ids}
    people, actor = host.directory(context.unit), context.actor
    known = people.users if target == "user" else people.departments
    own = {actor.id, *actor.team} if target == "user" else {actor.department, *actor.units}
    anybody = actor.is_app or not known
    return {(target, each): anybody or each in known or each in own for each in ids}
