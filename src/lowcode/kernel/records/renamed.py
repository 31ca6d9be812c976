"""Entries of a history that call fields by the names they had, read by their names of now.

The history of a large table follows a renamed field when the new version is in use already, and where that broke off,
with the next apply (decision 0141). Until then whoever reads a history knows both names: a field would be shown to
people it is kept from otherwise, and its changes would be missed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.storage import tables as t

IN_USE = (
    sa.select(t.applied.c.state, t.applied.c.steps)
    .where(t.applied.c.state != "preparing")
    .order_by(t.applied.c.version.desc())
    .limit(1)
)
NOTHING: Mapping[str, str] = {}


def names_of_now(context: Context, record_type: RecordType) -> Mapping[str, str]:
    """The fields of a record type by the names that entries of its history may still have for them."""
    host: Any = context.host
    renamed = host.cached("renamed in history", lambda: _renamed(context))
    found = renamed.get(record_type.history.name.removeprefix(host.prefix), NOTHING)
    return found and {
        old: new for old, new in found.items() if new in record_type.fields and not stands_for_a_field(record_type, old)
    }


def _renamed(context: Context) -> dict[str, dict[str, str]]:
    """New names by old ones, by the history that may not have followed yet."""
    found: dict[str, dict[str, str]] = {}
    row = context.unit.one(IN_USE)
    for step in row["steps"] if row is not None and row["state"] == "finishing" else ():
        if step["step"] == "RenameField" and step.get("history") and not step.get("way"):
            found.setdefault(step["history"], {})[step["before"]["name"]] = step["after"]["name"]
    return found


def stands_for_a_field(record_type: RecordType, name: str) -> bool:
    """Whether a name in a history is that of a field as the record type has it now, or of a column every record has."""
    return name in record_type.fields or name in record_type.table.c


def by_names_of_now(names: Mapping[str, str], changes: Mapping[str, Any]) -> Mapping[str, Any]:
    """What an entry says, each field by its name of now."""
    if names.keys().isdisjoint(changes):
        return changes
    return {names.get(name, name): change for name, change in changes.items()}


def and_former(context: Context, record_type: RecordType, names: Iterable[str]) -> list[str]:
    """Fields, and the names they may still have in the history."""
    wanted = list(names)
    return [*wanted, *(old for old, new in names_of_now(context, record_type).items() if new in wanted)]
