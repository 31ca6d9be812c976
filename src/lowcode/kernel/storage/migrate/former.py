"""What things of an earlier version are called now, from the recorded steps of the versions since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lowcode.kernel.storage.migrate.schema import Schema, TableShape
from lowcode.kernel.storage.migrate.versions import Applied


@dataclass
class Former:
    """Ids of now by ids of then: of tables, and of columns by the table of then."""

    tables: dict[str, str] = field(default_factory=dict)
    columns: dict[tuple[str, str], str] = field(default_factory=dict)
    options: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    """What options of a column of then are called now."""
    hidden: set[str] = field(default_factory=set)
    """What the versions since have hidden: those columns and tables return, not others of the same id."""

    def in_schema(self, wanted: Schema) -> Schema:
        """The schema of then, each thing saying what it is called now, as an author would with `was`."""
        return Schema(tuple(self._table(each) for each in wanted.tables))

    def _table(self, table: TableShape) -> TableShape:
        columns = tuple(
            replace(
                each,
                was=self.columns.get((table.id, each.id)),
                were=tuple(self.options.get((table.id, each.id), {}).items()),
            )
            if each.kind
            else each
            for each in table.columns
        )
        was = self.tables.get(table.id)
        return replace(table, columns=columns, was=was.rpartition("/")[2] if was is not None else None)


def former_names(since: Iterable[Applied]) -> Former:
    """From the versions since, the newest first."""
    found = Former()
    for row in reversed(list(since)):
        then_of = {now: then for then, now in found.tables.items()}
        renamed = [each for each in row.steps if each["step"] == "RenameTable"]
        for step in renamed:
            before, after = step["before"]["id"], step["after"]["id"]
            found.tables[then_of.get(before, before)] = after
        then_of = {now: then for then, now in found.tables.items()}
        columns = {(table, now): then for (table, then), now in found.columns.items()}
        found.hidden.update(step["hidden"]["name"] for step in row.steps if "hidden" in step)
        for step in row.steps:
            if step["step"] in ("RenameColumn", "Retype") and step["before"]["id"] != step["after"]["id"]:
                table = then_of.get(step["table"]["id"], step["table"]["id"])
                before = step["before"]["id"]
                found.columns[(table, columns.get((table, before), before))] = step["after"]["id"]
        for step in row.steps:
            if step["step"] == "RenameOptions":
                _options(found, step, then_of)
    return found


def _options(found: Former, step: Mapping[str, Any], then_of: Mapping[str, str]) -> None:
    """What a version called options otherwise. Those that became one with others have no way back."""
    table = step["table"]["id"]
    table = then_of.get(table, table)
    now = {(one, current): then for (one, then), current in found.columns.items()}
    column = step["column"]["id"]
    known = found.options.setdefault((table, now.get((table, column), column)), {})
    then = {current: first for first, current in known.items()}
    for old, new in step["names"]:
        if old not in step.get("joined", ()):
            known[then.get(old, old)] = new
