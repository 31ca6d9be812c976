"""Building the index of what is searched for records that are there: after an apply that has other fields searched,
shows fields to others, or brings an index where there was none. In parts, while people work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.diagnostics import localized
from lowcode.kernel.records import searching
from lowcode.kernel.records.plan import RecordType
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


def _count(unit: Unit, record_type: RecordType) -> int:
    found = unit.one(sa.select(sa.func.count().label("n")).select_from(record_type.table))
    return int(found["n"]) if found else 0


def _one(host: Any, record_type: RecordType, total: int, progress: Progress | None) -> None:
    plan = host.save_plan(record_type).searching
    words = {"en": f"Index what is searched of {record_type.name}", "zh-CN": f"建立“{record_type.name}”的搜索索引"}
    after, done = 0, 0
    while True:
        ids = host.database.write(lambda unit, after=after: _batch(unit, record_type, plan, after))
        done += len(ids)
        if progress is not None and total:
            progress(words, min(done, total), total)
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
    unit.run(sa.delete(t.searched).where(t.searched.c.record_type == record_type.name))
    if plan is not None:
        unit.insert(t.searched, record_type=record_type.name, shape=plan.shape, at=host.clock.now())
