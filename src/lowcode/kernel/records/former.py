"""What encrypted values were before they changed: kept encrypted, apart from the history.

The history says of them only that they changed, and is shown to whoever may read the record. So that a version, or a
row that was removed, comes back whole, each former value stands in a table of its own, sealed as it was in its column,
and nobody is shown it. What is erased of a record takes them along. Decision 0128.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.records.facts import id_in
from lowcode.kernel.records.fields.masking import Untold
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.crypto import SealError
from lowcode.kernel.storage.sealed import Sealed
from lowcode.kernel.storage.types import json_text

if TYPE_CHECKING:
    from lowcode.kernel.records.lines import Difference, LinesPlan
    from lowcode.kernel.records.save import SavePlan

COLUMNS = ("record_type", "record_id", "version", "place", "row", "value")
BATCH = 500
Kept = Mapping[tuple[str, int], str]
"""Sealed values by place and row (0: of the record itself)."""


def sealed_columns_of(owner: RecordType) -> dict[str, Sealed]:
    """The encrypted columns whose former values are kept: of a password only a print of it is there, and none is
    kept."""
    return {
        column.name: column.type for column in owner.table.columns
        if isinstance(column.type, Sealed) and owner.fields[column.name].options_type != "password"
    }  # fmt: skip


def keep(
    context: Context, plan: SavePlan, version: int, before: Mapping[str, Any], changed: Iterable[str],
    rows: Sequence[Any],
) -> None:  # fmt: skip
    """Keep what a change takes away of encrypted values. `version`: the one it makes."""
    record_type = plan.record_type
    if not record_type.untold:
        return
    found = [*_values(record_type, before, changed, 0)]
    for lines, difference in zip(plan.lines, rows, strict=False):
        if difference and record_type.fields[lines.name].rows is not None:
            found += _of_rows(difference)
    if found:
        about = {"record_type": record_type.name, "record_id": before["id"], "version": version}
        insert = context.unit.database.prepare_insert(t.former, COLUMNS)
        context.unit.write_many(
            insert, ({**about, "place": place, "row": row, "value": value} for place, row, value in found)
        )


def _values(
    owner: RecordType, values: Mapping[str, Any], names: Iterable[str], row: int
) -> Iterator[tuple[str, int, str]]:  # fmt: skip
    sealed = sealed_columns_of(owner)
    for name in names:
        type_, value = sealed.get(name), values.get(name)
        if type_ is not None and value is not None:
            yield type_.place, row, type_.keys.seal(str(value), type_.place, searchable=False)


def _of_rows(difference: Difference) -> Iterator[tuple[str, int, str]]:
    """What a difference of rows takes away."""
    for row in difference.removed:
        yield from _whole(difference.lines, row)
    for each in difference.changed:
        yield from _values(difference.lines.rows, each.old, each.columns, each.old["id"])
        for inner in each.inner:
            if inner:
                yield from _of_rows(inner)


def _whole(lines: LinesPlan, row: Mapping[str, Any]) -> Iterator[tuple[str, int, str]]:
    """All of a row, with the rows in it."""
    yield from _values(lines.rows, row, row, row["id"])
    for inner in lines.inner:
        for each in row.get(inner.name) or ():
            yield from _whole(inner, each)


def kept_after(context: Context, record_type: RecordType, identity: int, version: int) -> Kept:
    """What encrypted values were at a version, of those that changed since."""
    if not record_type.untold:
        return {}
    statement = (
        sa.select(t.former.c.place, t.former.c.row, t.former.c.value)
        .where(t.former.c.record_type == sa.bindparam("form"), t.former.c.record_id == sa.bindparam("record"))
        .where(t.former.c.version > sa.bindparam("version"))
        .order_by(t.former.c.version.desc(), t.former.c.id.desc())
    )
    rows = context.unit.fetch(statement, form=record_type.name, record=identity, version=version)
    return {(row["place"], row["row"]): row["value"] for row in rows}  # the oldest of each comes last, and stays


def opened(owner: RecordType, name: str, row: int, kept: Kept) -> str | Untold:
    """The former value of a column; Untold when it is not kept, or its key is gone."""
    type_ = sealed_columns_of(owner).get(name)
    stored = None if type_ is None else kept.get((type_.place, row))
    if type_ is None or stored is None:
        return Untold()
    try:
        return type_.keys.open(stored, type_.place)
    except SealError:
        return Untold()


def forget(context: Context, record_type: RecordType, ids: Sequence[int]) -> None:
    """Take the former values of records away."""
    chosen = id_in(t.former.c.record_id, context.unit.database.dialect_name)
    own = sa.delete(t.former).where(t.former.c.record_type == record_type.name, chosen)
    context.unit.run(own, ids=json_text(list(ids)))


def reseal(context: Context, record_type: RecordType, after: int) -> tuple[int, int]:
    """Write with the newest key some of what is kept of the records of a form, behind a number: how many, and the
    number to go on behind, 0 at the end. What no key opens stays as it is."""
    types = {
        type_.place: type_ for owner in (record_type, *(rows for _, rows in record_type.rows_below))
        for type_ in sealed_columns_of(owner).values()
    }  # fmt: skip
    page = (
        sa.select(t.former.c.id, t.former.c.place, t.former.c.value)
        .where(t.former.c.record_type == sa.bindparam("form"), t.former.c.id > sa.bindparam("after"))
        .order_by(t.former.c.id).limit(BATCH)
    )  # fmt: skip
    rows, written = context.unit.fetch(page, form=record_type.name, after=after), 0
    for row in rows:
        type_ = types.get(row["place"])
        if type_ is None or type_.keys.is_current(row["value"], searchable=False):
            continue
        try:
            text = type_.keys.open(row["value"], type_.place)
        except SealError:
            continue
        sealed = type_.keys.seal(text, type_.place, searchable=False)
        context.unit.run(sa.update(t.former).where(t.former.c.id == row["id"]).values(value=sealed))
        written += 1
    return written, rows[-1]["id"] if len(rows) == BATCH else 0
