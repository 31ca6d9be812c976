"""The last part of an apply to large tables, when the new version is in use: columns computed, indexes made, the
history of renamed fields. Every piece of it may be done again, so what breaks off is finished by the next apply."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from lowcode.kernel.storage.database import Database, StorageError
from lowcode.kernel.storage.migrate import online, versions
from lowcode.kernel.storage.migrate import steps as s
from lowcode.kernel.storage.migrate.hand import TAKEN, Hand, sqlstate
from lowcode.kernel.storage.migrate.schema import TableShape
from lowcode.kernel.storage.migrate.versions import Applied
from lowcode.kernel.storage.migrate.words import Words, sentence

ROWS = (s.Fill, s.AddIndex, s.RenameField, s.Conceal)
"""Steps that go through every row, and can follow."""


@dataclass(frozen=True)
class Later:
    """What is done when the new version is in use."""

    fills: Sequence[s.Fill]
    indexes: Sequence[s.AddIndex]
    renames: Sequence[s.RenameField]
    conceals: Sequence[s.Conceal] = ()

    @classmethod
    def of(cls, steps: Iterable[s.Step], large: Callable[[s.Step], bool]) -> Later:
        """Of some steps those of large tables."""
        found = [step for step in steps if large(step)]
        return cls(
            [each for each in found if isinstance(each, s.Fill)],
            [each for each in found if isinstance(each, s.AddIndex)],
            [each for each in found if isinstance(each, s.RenameField) and s.follows(each)],
            [each for each in found if isinstance(each, s.Conceal)],
        )

    def __bool__(self) -> bool:
        return bool(self.fills or self.indexes or self.renames or self.conceals)

    def holds(self, step: s.Step) -> bool:
        """Whether a step is one of these."""
        return step in self.fills or step in self.indexes or step in self.conceals

    def at_once(self, steps: Iterable[s.Step]) -> list[s.Step]:
        """The steps as they are carried out before that: of a rename all but the history."""
        return [
            replace(step, history=None) if isinstance(step, s.RenameField) and step in self.renames else step
            for step in steps
        ]


def finish(
    database: Database, row: Applied, later: Later, filler: online.Fills,
    progress: Callable[[Words, int, int], None],
) -> None:  # fmt: skip
    """Do it, piece by piece while people work; may be done again."""
    for rename in later.renames:
        online.rename_online(database, rename, partial(progress, sentence(rename)))
    for conceal in later.conceals:
        online.conceal_online(database, conceal, partial(progress, sentence(conceal)))
    for fill in later.fills:
        read = [each.name for each in s.gathered(fill, row.schema.live)]
        online.fill_online(database, fill, read, filler, partial(progress, sentence(fill)))
    for done, add in enumerate(later.indexes):
        progress(sentence(add), done, len(later.indexes))
        try:
            online.index_online(database, add.table, add.index)
        except Exception as error:
            if sqlstate(error) != TAKEN and not isinstance(error, sqlite3.IntegrityError):
                raise
            why = error.diag.message_detail if hasattr(error, "diag") else error
            raise StorageError(
                f"the unique index {add.index.name} cannot be made yet: {why}. "
                "Mend those records and apply again; until then the rule is not enforced by the database"
            ) from None
    with database.transaction() as unit:
        versions.go_on(Hand(unit), row.version, "applied")


def unfinished(row: Applied) -> Later:
    """What an apply that broke off in its last part left to do."""
    tables = row.schema.by_id
    by_name = {each.name: each for each in tables.values()}
    found: list[s.Step] = []
    for step in row.steps:
        if step["step"] == "Fill":
            table = tables[step["table"]["id"]]
            found.append(s.Fill(table, next(each for each in table.live if each.id == step["column"]["id"])))
        elif step["step"] == "AddIndex":
            table = by_name[step["table"]["name"]]
            found += [s.AddIndex(table, each) for each in table.indexes if each.name == step["index"]]
        elif step["step"] == "Conceal":
            table = tables[step["table"]["id"]]
            column = next(each for each in table.live if each.id == step["column"]["id"])
            found.append(s.Conceal(table, column, step["history"], step["former"], step["way"]))
        elif step["step"] == "RenameField" and step.get("history") and not step.get("way"):
            found += _renamed(tables[step["table"]["id"]], step)
    return Later.of(found, lambda _: True)


def _renamed(table: TableShape, step: Mapping[str, Any]) -> Iterable[s.RenameField]:
    for after in table.live:
        if after.id == step["after"]["id"]:
            before = replace(after, id=step["before"]["id"], name=step["before"]["name"])
            yield s.RenameField(table, before, after, step["history"])
