"""Serial numbers: `Q{yyyy}{mm}-{0000}`. The counter moves in the transaction of the record, so no number is lost."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.records.labels import label_of
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.storage import tables as t

_COUNTER = re.compile(r"\{(0+)\}")
PER = "{per}"
PERIODS = {"never": "", "year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d"}
DATED = {"{yyyy}": "%Y", "{yy}": "%y", "{mm}": "%m", "{dd}": "%d"}

TAKE = (
    sa.update(t.serial)
    .where(t.serial.c.name == sa.bindparam("serial_name"), t.serial.c.period == sa.bindparam("serial_period"))
    .values(next=t.serial.c.next + 1)
)
READ = sa.select(t.serial.c.next).where(
    t.serial.c.name == sa.bindparam("serial_name"), t.serial.c.period == sa.bindparam("serial_period")
)


def next_serial(context: Context, record_type: RecordType, field: Field, values: Mapping[str, Any]) -> str:
    """The next number of a serial field. Its counter begins anew when the dated part of the pattern changes, or as
    `reset` says; each value of the field `per` has a counter of its own."""
    options: Any = field.options
    today = context.now().astimezone(context.moment().zone)
    dated = str(options.pattern)
    for mark, directive in DATED.items():
        dated = dated.replace(mark, today.strftime(directive))
    period = _period(options, dated, today)
    per = ""
    if options.per is not None:
        value = values.get(options.per)
        period += f"|{value if value is not None else ''}"
        per = _words(context, record_type.fields[options.per], value)
    name = f"{record_type.name}.{field.id}"
    if context.unit.run(TAKE, serial_name=name, serial_period=period) == 0:
        context.unit.insert(t.serial, name=name, period=period, next=options.start + 1)
        number = options.start
    else:
        row = context.unit.one(READ, serial_name=name, serial_period=period)
        assert row is not None
        number = row["next"] - 1
    return _COUNTER.sub(lambda found: str(number).zfill(len(found.group(1))), dated).replace(PER, per)


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
