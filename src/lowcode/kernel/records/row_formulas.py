"""Formulas of rows that are computed when they are read: what a row costs by the price of its product.

They stand in no column, so whoever reads rows as they are kept has them put in here: of a record that is there by one
statement for each way to rows, of one that is filled in from what was sent.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.records.completing import complete, load_facts
from lowcode.kernel.records.facts import Needs
from lowcode.kernel.records.nested import rows_at
from lowcode.kernel.records.plan import RecordType

Computed = frozenset[tuple[str, frozenset[str]]]
"""The ways to rows, and the names of what is computed in them when they are read."""


def computed_in(record_type: RecordType, lines: Collection[str], kept: Collection[str] = ()) -> Computed:
    """What is computed so in some fields of rows, but for what is kept from whoever reads."""
    found = {
        way: frozenset(name for name, each in rows.fields.items() if not each.stored and f"{way}.{name}" not in kept)
        for way, rows in record_type.rows_below
        if way.partition(".")[0] in lines and way not in kept
    }
    return frozenset((way, names) for way, names in found.items() if names)


def add_computed(context: Context, record_type: RecordType, record: dict[str, Any], computed: Computed) -> None:
    """Put it into the rows of a record as it stands."""
    found = load_facts(context, record_type.name, [record["id"]], Needs(frozenset(), computed)).get(record["id"], {})
    for way, names in computed:
        known = {each["id"]: each for each in found.get(way, ())}
        for row in rows_at(record, way):
            one = known.get(row.values["id"], {})
            row.values.update({name: one.get(name) for name in names})


def compute_sent(context: Context, record_type: RecordType, values: dict[str, Any], computed: Computed) -> None:
    """Put it into the rows of a record that may not be written."""
    for way, names in computed:
        rows = [each.values for each in rows_at(values, way)]
        needs = Needs(frozenset(), frozenset({(way, names)}))
        for row, one in zip(rows, complete(context, record_type, values, needs)[way], strict=True):
            row.update({name: one[name] for name in names})
