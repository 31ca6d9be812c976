"""Building the index of what is searched for records that are there: after an apply that has other fields searched,
shows fields to others, or brings an index where there was none. In parts, while people work.

Before a host serves anybody it is built whole (`build`). What is published while it serves makes jobs of it (`begin`):
a job writes a part, notes how far it is, and puts off the next, so nobody waits for it and a crash loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.answers import Items
from lowcode.kernel.contract import Context, Nothing, Operation, Parameters
from lowcode.kernel.diagnostics import Unavailable, localized
from lowcode.kernel.events.emptying import empty_soon
from lowcode.kernel.identity import APP
from lowcode.kernel.records import searching, words
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.storage import fulltext
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.migrate.hand import Hand
from lowcode.kernel.storage.migrate.plan import Afterwards
from lowcode.kernel.storage.migrate.versions import Applied
from lowcode.kernel.storage.migrate.words import Words, said
from lowcode.kernel.storage.unit import Unit

BATCH = 500
Progress = Callable[[dict[str, str], int, int], None]


def waiting(host: Any, unit: Unit) -> list[RecordType]:
    """The record types whose index is not the one that the app's documents ask for."""
    rows = unit.fetch(sa.select(t.searched.c.record_type, t.searched.c.shape))
    built = {row["record_type"]: row["shape"] for row in rows}
    return [
        each for each in host.types.values()
        if each.parent is None and _shape(host.app, each) != built.get(each.name, "")
    ]  # fmt: skip


def _shape(app: Any, record_type: RecordType) -> str:
    plan = app.saves[record_type.name].searching
    return plan.shape if plan is not None else ""


RATE = 4000
"""Records a second, about: what is said of how long it takes."""


def foreseen(app: Any, hand: Hand, applied: Applied | None) -> Iterator[Afterwards]:
    """What an app would have built or taken away for the records that are there, under the names they have now."""
    if applied is None or not hand.has_table(t.searched.name):
        return
    built: dict[str, str] = dict(hand.rows(f"SELECT record_type, shape FROM {hand.table(t.searched.name)}"))
    tables = {each.id: each for each in applied.schema.tables if each.role == "records" and each.retired is None}
    for record_type in app.types.values():
        table = tables.get(record_type.id) if record_type.parent is None else None
        if table is None or _shape(app, record_type) == built.get(table.record, ""):
            continue
        rows = hand.count(table.name)
        if rows:
            yield Afterwards(_foreseen_words(app, record_type), rows, max(1, rows // RATE))


def _foreseen_words(app: Any, record_type: RecordType) -> Words:
    plan = app.saves[record_type.name].searching
    title = record_type.title or record_type.name
    if plan is None:
        return said("“{form}”：撤去搜索索引", "{form}: take the search index away", form=partial(localized, title))
    names = ", ".join(sorted(plan.names))
    return said(
        "“{form}”：为已有记录建立搜索索引（{names}）",
        "{form}: index what is searched of the records that are there ({names})",
        form=partial(localized, title), names=names,
    )  # fmt: skip


def build(host: Any, progress: Progress | None = None) -> None:
    """Build every index that is not as it should be. What broke off begins again; what is saved meanwhile is in it."""
    with host.database.reading() as unit:
        found = waiting(host, unit)
        counts = {each.name: _count(unit, each) for each in found}
    for record_type in found:
        _one(host, record_type, counts[record_type.name], progress)


def begin(host: Any) -> None:
    """Put off building what is not as it should be: a row says how far it is, a job writes the first part."""
    with host.database.reading() as unit:
        found = [(each, _count(unit, each)) for each in waiting(host, unit)]
    if found:
        host.database.write(lambda unit: _put_off(host, unit, found))


def _put_off(host: Any, unit: Unit, found: list[tuple[RecordType, int]]) -> None:
    now, context = host.clock.now(), host.context(unit, APP)
    for record_type, total in found:
        shape = _shape(host.app, record_type)
        unit.run(GONE, form=record_type.name)
        unit.insert(t.indexing, record_type=record_type.name, shape=shape, after=0, done=0, total=total, at=now)
        context.later("records.index", type=record_type.name, shape=shape, after=0)


class Part(Parameters):
    """The records of a form after one whose words are written, by a definition of what is searched."""

    type: str
    shape: str
    after: int


def index_part(context: Context, params: Part) -> str:
    """Write the words of some records, and put off the rest. What another publication wants by now is left to it; a
    process that has not the version yet leaves it to one that has."""
    host: Any = context.host
    unit = context.unit
    rows = unit.locked(STANDING, form=params.type)
    if not rows or rows[0]["shape"] != params.shape or rows[0]["after"] != params.after:
        return "done before"
    record_type = context.app.types.get(params.type)
    if record_type is None or _shape(context.app, record_type) != params.shape:
        raise Unavailable(words.problem("another-version", "", form=params.type))
    plan = context.app.saves[params.type].searching
    ids = _batch(unit, record_type, plan, params.after)
    if len(ids) < BATCH:
        _mark(host, unit, record_type, plan)
        return "done"
    unit.run(MOVE, form=params.type, new_after=ids[-1], new_done=rows[0]["done"] + len(ids))
    context.later("records.index", type=params.type, shape=params.shape, after=ids[-1])
    return "working"


class Settling(Parameters):
    """Whether it begins, or goes on with what was begun."""

    begins: bool = True


def settle(context: Context, params: Settling) -> str:
    """Take words that no row has any more out of the index for good: what is encrypted now, or searched
    no longer, would stay readable in it. A piece at a time; the rest is put off."""
    unit: Any = context.unit
    if not fulltext.merge_some(unit.connection, unit.database.table(t.search).name, params.begins):
        empty_soon(context)
        return "done"
    context.later("records.settle_index", begins=False)
    return "working"


def standing(context: Context, _: Nothing) -> Items:
    """Of which forms the index is being built, and how far that is."""
    types = context.app.types
    return {
        "items": [
            {"form": row["record_type"], "title": types[row["record_type"]].title, "done": row["done"],
             "total": row["total"], "since": row["at"]}
            for row in context.unit.fetch(ALL) if row["record_type"] in types
        ]
    }  # fmt: skip


ALL = sa.select(t.indexing).order_by(t.indexing.c.at, t.indexing.c.record_type)
STANDING = sa.select(t.indexing).where(t.indexing.c.record_type == sa.bindparam("form")).with_for_update()
GONE = sa.delete(t.indexing).where(t.indexing.c.record_type == sa.bindparam("form"))
MOVE = (
    sa.update(t.indexing)
    .where(t.indexing.c.record_type == sa.bindparam("form"))
    .values(after=sa.bindparam("new_after"), done=sa.bindparam("new_done"))
)


def _count(unit: Unit, record_type: RecordType) -> int:
    found = unit.one(sa.select(sa.func.count().label("n")).select_from(record_type.table))
    return int(found["n"]) if found else 0


def _one(host: Any, record_type: RecordType, total: int, progress: Progress | None) -> None:
    plan = host.save_plan(record_type).searching
    told = {"en": f"Index what is searched of {record_type.name}", "zh-CN": f"建立“{record_type.name}”的搜索索引"}
    after, done = 0, 0
    while True:
        ids = host.database.write(lambda unit, after=after: _batch(unit, record_type, plan, after))
        done += len(ids)
        if progress is not None and total:
            progress(told, min(done, total), total)
        if len(ids) < BATCH:
            break
        after = ids[-1]
    host.database.write(lambda unit: _mark(host, unit, record_type, plan))


def _batch(unit: Unit, record_type: RecordType, plan: searching.Searching | None, after: int) -> list[int]:
    """The words of the next records, in place of those that were there; their ids."""
    table = record_type.table
    names = ("id", *(sorted(plan.names) if plan is not None else ()))
    select = sa.select(*(table.c[name] for name in names)).where(table.c.id > after).order_by(table.c.id).limit(BATCH)
    rows = unit.locked(select.with_for_update())
    last = rows[-1]["id"] if len(rows) == BATCH else None
    gone = [t.search.c.record_type == record_type.name, t.search.c.record_id > after]
    if last is not None:
        gone.append(t.search.c.record_id <= last)
    unit.run(sa.delete(t.search).where(*gone))
    if plan is not None:
        unit.insert_many(t.search, [each for row in rows for each in searching.rows_of(plan, row)])
    return [row["id"] for row in rows]


def _mark(host: Any, unit: Unit, record_type: RecordType, plan: searching.Searching | None) -> None:
    before = unit.run(sa.delete(t.searched).where(t.searched.c.record_type == record_type.name))
    if before and unit.database.dialect_name == "sqlite":
        host.context(unit, APP).later("records.settle_index")
    unit.run(GONE, form=record_type.name)
    if plan is not None:
        unit.insert(t.searched, record_type=record_type.name, shape=plan.shape, at=host.clock.now())


OPERATIONS = (
    Operation("records.index", index_part, Part, "internal", summary="A part of an index of what is searched"),
    Operation("records.settle_index", settle, Settling, "internal", summary="A part of taking words out of an index"),
    Operation(
        "records.indexing", standing, access="administrator", writes=False,
        summary={"en": "How far indexing is", "zh-CN": "搜索索引的进度"},
    ),
)  # fmt: skip
