"""What the deletion of records means for those that are linked to them, as their links say (`on_delete`): found and
held here, done by `deleting`. Decision 0186.

A link that means something holds the record it names while it is saved (`hold_named`), and a deletion holds what it
deletes before it looks who names it: on PostgreSQL neither can slip past the other. A link that stays whatever happens
(`keep`, unless something else is said) costs neither of them anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.records.holding import hold, on_delete
from lowcode.kernel.records.naming import target_of, ways_to
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.storage.types import json_text

FOLLOWING = 10_000
"""So many records are deleted or emptied with others in one step, and not more."""
Record = tuple[str, int]
What = Literal["restrict", "clear", "cascade"]


class Hanging(NamedTuple):
    """Links of a form to another for whose deletion they mean something."""

    owner: RecordType
    path: str
    what: What
    statement: sa.Select[Any]
    """Which of some records (`ids`, `texts`) are named, each with who names it."""


@dataclass(slots=True)
class Following:
    """What hangs on records that are to be deleted. `deleted`: those themselves and what goes with them, each with the
    record it goes with; `emptied`: the paths of links that are emptied; `held_by`: records that stand in the way."""

    deleted: dict[Record, Record | None]
    emptied: dict[Record, set[str]] = field(default_factory=dict)
    held_by: list[Record] = field(default_factory=list)
    most: str | None = None
    """The form of which there are too many, where there are; then nobody looked any further."""


def by_form(records: Iterable[Record]) -> dict[str, list[int]]:
    """Ids by form."""
    found: dict[str, list[int]] = {}
    for form, identity in records:
        found.setdefault(form, []).append(identity)
    return found


def hanging_on(context: Context, record_type: RecordType) -> Sequence[Hanging]:
    """The links for which the deletion of records of a form means something."""
    host: Any = context.host
    found: Sequence[Hanging] = host.cached(
        ("on-delete hanging", record_type.name),
        lambda: tuple(_hanging(host.types, record_type, host.database.dialect_name)),
    )
    return found


def _hanging(types: Mapping[str, RecordType], target: RecordType, dialect: str) -> Iterable[Hanging]:
    for owner in types.values():
        for way in ways_to(owner, target, dialect) if owner.parent is None else ():
            what = on_delete(way.field)
            if what != "keep":
                chosen = sa.select(way.column.label("named"), way.root.label("one")).select_from(way.source)
                chosen = chosen.where(way.named, owner.table.c.deleted_at.is_(None)).distinct()
                yield Hanging(owner, way.path, what, chosen.order_by(way.root).limit(FOLLOWING + 1))


def follow(context: Context, record_type: RecordType, ids: Iterable[int], *, holding: bool) -> Following:
    """What hangs on records, and on what goes with them, however far: one query for each link and step."""
    edge: dict[str, list[int]] = {record_type.name: sorted(ids)}
    found = Following({(record_type.name, each): None for each in edge[record_type.name]})
    held_by: dict[Record, None] = {}
    own = len(found.deleted)
    while edge:
        further: list[Record] = []
        for form, some in edge.items():
            target = context.host.types[form]
            hanging = hanging_on(context, target)
            if hanging and holding:
                hold(context, target, some)
            values = {"ids": json_text(some), "texts": json_text([f"{form}/{each}" for each in some])}
            for each in hanging:
                for row in context.unit.fetch(each.statement, **values):
                    record = each.owner.name, row["one"]
                    if each.what == "clear":
                        found.emptied.setdefault(record, set()).add(each.path)
                    elif each.what == "restrict":
                        held_by[record] = None
                    elif record not in found.deleted:
                        found.deleted[record] = form, target_of(row["named"])
                        further.append(record)
                if len(found.deleted) - own + len(found.emptied) > FOLLOWING:
                    found.most = each.owner.name
                    return found
        edge = {form: sorted(some) for form, some in by_form(further).items()}
    found.emptied = {record: paths for record, paths in found.emptied.items() if record not in found.deleted}
    found.held_by = [record for record in held_by if record not in found.deleted]
    return found
