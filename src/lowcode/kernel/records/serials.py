"""Serial numbers: `Q{yyyy}{mm}-{0000}`. The counter moves in the transaction of the record, so no number is lost."""

from __future__ import annotations

import re

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.storage import tables as t

_COUNTER = re.compile(r"\{(0+)\}")
DATED = {"{yyyy}": "%Y", "{yy}": "%y", "{mm}": "%m", "{dd}": "%d"}

TAKE = (
    sa.update(t.serial)
    .where(t.serial.c.name == sa.bindparam("serial_name"), t.serial.c.period == sa.bindparam("serial_period"))
    .values(next=t.serial.c.next + 1)
)
READ = sa.select(t.serial.c.next).where(
    t.serial.c.name == sa.bindparam("serial_name"), t.serial.c.period == sa.bindparam("serial_period")
)


def next_serial(context: Context, record_type: RecordType, field: Field) -> str:
    """The next number of a serial field; its counter begins anew when the dated part of the pattern changes."""
    pattern = str(field.options.pattern)  # type: ignore[attr-defined]
    today = context.now().astimezone(context.moment().zone)
    dated = pattern
    for mark, directive in DATED.items():
        dated = dated.replace(mark, today.strftime(directive))
    period = _COUNTER.sub("#", dated)
    name = f"{record_type.name}.{field.id}"
    if context.unit.run(TAKE, serial_name=name, serial_period=period) == 0:
        context.unit.insert(t.serial, name=name, period=period, next=2)
        number = 1
    else:
        row = context.unit.one(READ, serial_name=name, serial_period=period)
        assert row is not None
        number = row["next"] - 1
    return _COUNTER.sub(lambda found: str(number).zfill(len(found.group(1))), dated)
