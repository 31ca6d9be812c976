"""Serial numbers: `Q{yyyy}{mm}-{0000}`. The counter moves in the transaction of the record, so no number is lost; where
numbers may be left out (`"gapless": false`), PostgreSQL's processes take them in blocks, and no save waits for another.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, runtime_checkable

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from lowcode.kernel.contract import Context
from lowcode.kernel.records.labels import label_of
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.storage import tables as t

_COUNTER = re.compile(r"\{(0+)\}")
PER = "{per}"
PERIODS = {"never": "", "year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}
DATED = {"{yyyy}": "%Y", "{yy}": "%y", "{mm}": "%m", "{dd}": "%d"}

BLOCK = 64
"""Numbers that a process takes at once where they may be left out."""


def next_serial(context: Context, record_type: RecordType, field: Field, values: Mapping[str, Any]) -> str:
    """The next number of a serial field. Its counter begins anew when the dated part of the pattern changes, or as
    `reset` says; each value of the field `per` has a counter of its own."""
    return next_serials(context, record_type, field, (values,))[0]


def next_serials(
    context: Context, record_type: RecordType, field: Field, records: Sequence[Mapping[str, Any]]
) -> list[str]:
    """The next numbers, one for each of some records; each counter moves once."""
    options: Any = field.options
    today = context.now().astimezone(context.moment().zone)
    dated = str(options.pattern)
    for mark, directive in DATED.items():
        dated = dated.replace(mark, today.strftime(directive))
    period = _period(options, dated, today)
    values = [each.get(options.per) if options.per is not None else None for each in records]
    periods = [period if options.per is None else f"{period}|{'' if each is None else each}" for each in values]
    said = {each: _words(context, record_type.fields[options.per], each) for each in set(values)} if options.per else {}
    numbers = {each: iter(_take(context, record_type, field, each, count)) for each, count in Counter(periods).items()}
    return [
        _written(dated, next(numbers[each])).replace(PER, said.get(value, ""))
        for each, value in zip(periods, values, strict=True)
    ]


def _written(pattern: str, number: int) -> str:
    return _COUNTER.sub(lambda found: str(number).zfill(len(found[1])), pattern)


def _take(context: Context, record_type: RecordType, field: Field, period: str, count: int) -> Sequence[int]:
    """The next so many numbers of a counter. Without gaps it moves in the transaction of the records, for which others
    wait on PostgreSQL; where numbers may be left out, from a block that this process holds."""
    host: Any = context.host
    options: Any = field.options
    name = f"{record_type.name}.{field.id}"
    database = context.unit.database
    statement = host.cached("serial-take", lambda: _taking(database.dialect_name))
    if options.gapless or not isinstance(database, Beside):
        end = _end(context.unit.locked(statement, **_asked(name, period, options.start, count)))
        return range(end - count, end)
    blocks: Blocks = host.cached("serial-blocks", Blocks)
    return blocks.take(
        (name, period), count,
        lambda wanted: _end(database.beside(statement, **_asked(name, period, options.start, wanted))),
    )  # fmt: skip


def _asked(name: str, period: str, start: int, count: int) -> dict[str, Any]:
    return {"serial_name": name, "serial_period": period, "serial_count": count, "serial_first": start + count}


def _end(rows: list[dict[str, Any]]) -> int:
    return int(rows[0]["next"])


def _taking(dialect: str) -> Any:
    """Move a counter, or begin it: one statement, so that two who begin it do not meet."""
    insert: Any = (sqlite if dialect == "sqlite" else postgresql).insert(t.serial)
    made = insert.values(
        name=sa.bindparam("serial_name"), period=sa.bindparam("serial_period"), next=sa.bindparam("serial_first")
    )
    moved = {"next": t.serial.c.next + sa.bindparam("serial_count", type_=sa.BigInteger)}
    return made.on_conflict_do_update(index_elements=["name", "period"], set_=moved).returning(t.serial.c.next)


@runtime_checkable
class Beside(Protocol):
    """A database that can run a statement beside the transaction at hand."""

    def beside(self, statement: Any, **parameters: Any) -> list[dict[str, Any]]:
        """The rows of a write that is committed at once, whatever becomes of the transaction."""
        ...


class Blocks:
    """Numbers that this process took and has not given out: by counter."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[tuple[str, str], list[range]] = {}

    def take(self, key: tuple[str, str], count: int, more: Callable[[int], int]) -> list[int]:
        """So many of them; `more(n)` takes n from the database and gives the number behind the last."""
        with self._lock:
            held = self._held.setdefault(key, [])
            found: list[int] = []
            while len(found) < count:
                if not held:
                    wanted = max(BLOCK, count - len(found))
                    end = more(wanted)
                    held.append(range(end - wanted, end))
                part = held[0][: count - len(found)]
                found.extend(part)
                held[0] = held[0][len(part) :]
                if not held[0]:
                    del held[0]
            return found


def _period(options: Any, dated: str, today: datetime) -> str:
    return _COUNTER.sub("#", dated) if options.reset is None else "#" + today.strftime(PERIODS[options.reset])


def _words(context: Context, field: Field, value: Any) -> str:
    """A value as it stands in a number: a choice by its name, a link by what it names."""
    if value is None:
        return ""
    target = field.target or field.type.target
    return label_of(context, target, [value]).get(value, str(value)) if target is not None else str(value)


def repeats(options: Any) -> str | None:
    """What the pattern lacks, so that two numbers would be the same; None when it lacks nothing."""
    needed = {"year": (("{yyyy}", "{yy}"),), "month": (("{yyyy}", "{yy}"), ("{mm}",)),
              "day": (("{yyyy}", "{yy}"), ("{mm}",), ("{dd}",))}  # fmt: skip
    for marks in needed.get(options.reset, ()):
        if not any(mark in options.pattern for mark in marks):
            return marks[0]
    if options.per is not None and PER not in options.pattern:
        return PER
    return None if _COUNTER.search(options.pattern) else "{0000}"
