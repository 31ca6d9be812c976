"""Carrying out steps, each as a few statements, within one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

import sqlalchemy as sa

from lowcode.kernel.storage import fulltext
from lowcode.kernel.storage.database import StorageError
from lowcode.kernel.storage.migrate import steps as s
from lowcode.kernel.storage.migrate.conceal import conceal
from lowcode.kernel.storage.migrate.hand import TAKEN, Hand, index_sql, sqlstate
from lowcode.kernel.storage.migrate.mentions import one_by_one, rename_fields, rename_form
from lowcode.kernel.storage.migrate.options import rename_options
from lowcode.kernel.storage.migrate.schema import ColumnShape, IndexShape, Schema, TableShape, kept, made_indexes

NEUTRAL = {
    "text": "''", "json": "'null'", "boolean": "false", "instant": "'1970-01-01T00:00:00.000000Z'",
    "day": "'1970-01-01'", "time": "'00:00:00'", "bytes": "''",
}  # fmt: skip
"""What rows that are there hold in a new column that may not be empty; everything else begins at 0."""


class Hands:
    """Carries out the steps that change tables; values are converted and computed elsewhere."""

    def __init__(self, hand: Hand, tables: Mapping[str, sa.Table], applied: Schema, result: Schema) -> None:
        self.hand = hand
        self.tables = tables
        self.applied = applied
        self.result = result

    def carry_out(self, steps: Sequence[s.Step], *, later: Callable[[s.Step], bool] = lambda step: False) -> None:
        """Carry out steps in their order; `later` says which indexes are made afterwards."""
        for step in steps:
            if isinstance(step, s.RenameOptions):
                rename_options(self.hand, step)
        for step in steps:
            if isinstance(step, s.Retype) and _goes(step):
                self._drop_column(step.source, step.before)
            elif isinstance(step, s.Retype) and step.before.retired is None:
                self._rename_column(step.source.name, step.before.name, step.hidden.name)
        self._names(steps)
        self._create([step.table for step in steps if isinstance(step, s.CreateTable)])
        mentioned = False
        for step in steps:
            if isinstance(step, s.RenameField):
                if not mentioned:
                    rename_fields(self.hand, [each for each in steps if isinstance(each, s.RenameField)])
                mentioned = True
            elif not later(step):
                self._one(step)

    def build(self, step: s.Retype) -> None:
        """Add the column that a change of type fills, unless it is there."""
        if step.building not in self.hand.columns(step.source.name):
            shape = step.after
            self._add_column(step.source.name, ColumnShape(shape.id, step.building, shape.store))

    def _names(self, steps: Sequence[s.Step]) -> None:
        """What frees a name comes first, then tables, columns and indexes go from name to name, by
        way of others if need be."""
        for step in steps:
            match step:
                case s.DropIndex(_, index):
                    self.hand.run(f"DROP INDEX IF EXISTS {self.hand.table(index.name)}")
                case s.RenameIndex(_, index, _) if not self.hand.postgresql:  # it knows no other way
                    self.hand.run(f"DROP INDEX {self.hand.table(index.name)}")
                case s.PurgeTable(table):
                    self.hand.run(f"DROP TABLE {self.hand.table(table.name)}")
                case s.PurgeColumn(table, column):
                    self._drop_column(table, column)
                case s.RetireColumn(table, column, hidden):
                    self._rename_column(table.name, column.name, hidden.name)
                case s.RetireTable(table, hidden):
                    for index in table.indexes:
                        if index not in hidden.indexes:
                            self.hand.run(f"DROP INDEX IF EXISTS {self.hand.table(index.name)}")
                    self._rename_table(table.name, hidden.name)
                case _:
                    pass
        tables = [(step.before.name, step.after.name) for step in steps if isinstance(step, s.RenameTable)]
        for old, new in one_by_one(tables):
            self._rename_table(old, new)
        self._sequences([step for step in steps if isinstance(step, s.RenameTable)])
        for step in steps:
            if isinstance(step, s.ReturnTable):
                self._rename_table(step.hidden.name, step.table.name)
        columns: dict[str, list[tuple[str, str]]] = {}
        for step in steps:
            if isinstance(step, s.RenameColumn):
                columns.setdefault(step.table.name, []).append((step.before.name, step.after.name))
        for table_name, pairs in columns.items():
            for old, new in one_by_one(pairs):
                self._rename_column(table_name, old, new)
        indexes = [(step.before.name, step.after.name) for step in steps if isinstance(step, s.RenameIndex)]
        for old, new in one_by_one(indexes) if self.hand.postgresql else ():
            self.hand.run(f'ALTER INDEX {self.hand.table(old)} RENAME TO "{self.hand.prefix}{new}"')

    def _one(self, step: s.Step) -> None:
        hand = self.hand
        match step:
            case s.AddColumn(table, column):
                self._add_column(table.name, column)
            case s.ReturnColumn(table, hidden, column):
                self._rename_column(table.name, hidden.name, column.name)
            case s.Retype(_, table, _, after):
                self._rename_column(table.name, step.building, after.name)
            case s.LinkToLinks(table, column, links, returning):
                self._spread(table, column, links, returning)
            case s.LinksToLink(table, links, column):
                first = (
                    f"SELECT target FROM {hand.table(links.name)} AS l WHERE l.source = {hand.table(table.name)}.id"
                    " ORDER BY position LIMIT 1"
                )
                hand.run(f'UPDATE {hand.table(table.name)} SET "{column.name}" = ({first})')
            case s.RenameForm(before, after):
                rename_form(hand, self.result, before, after)
            case s.RenameIndex(table, _, index) if not hand.postgresql:
                self._index(table, index)
            case s.AddIndex(table, index):
                self._index(table, index)
            case s.Conceal():
                conceal(hand, step)
            case _:
                pass  # done by name already, made with the other tables, or nothing to do to tables

    def _index(self, table: TableShape, index: IndexShape) -> None:
        try:
            self.hand.run(index_sql(self.hand, table, index))
        except Exception as error:
            if not isinstance(error, sqlite3.IntegrityError) and sqlstate(error) != TAKEN:
                raise
            raise StorageError(
                f"the unique rule on {', '.join(index.columns)} of {table.name} cannot be made, because values occur "
                f"more than once ({error}); nothing was done. Mend those records first"
            ) from None

    # -- tables -------------------------------------------------------------------------------------------------------

    def _create(self, shapes: Iterable[TableShape]) -> None:
        """Make tables in one turn: a new app has a hundred of them."""
        statements: list[str] = []
        for shape in shapes:
            table = self.tables[shape.name]
            # An engine's own tables are the same in every host of the process.
            key = f"{table.name} in {self.hand.database.dialect_name}"
            statements += kept(table, key, partial(self._making, table))
            if self.hand.postgresql and shape.role in ("records", "lines"):
                statements.append(f"CREATE SEQUENCE IF NOT EXISTS {self.hand.table(shape.name + '_id_seq')}")
        if statements:
            self.hand.in_turn(statements)

    def _making(self, table: sa.Table) -> tuple[str, ...]:
        """What makes a table with its indexes."""
        indexes = sorted(made_indexes(table, self.hand.database.dialect_name), key=lambda each: str(each.name))
        defined: list[sa.schema.ExecutableDDLElement] = [sa.schema.CreateTable(table)]
        defined += [sa.schema.CreateIndex(each) for each in indexes]
        said = [str(each.compile(dialect=self.hand.database.dialect)) for each in defined]
        if table.info.get("fulltext"):
            said += fulltext.statements(table.name, self.hand.postgresql)
        return tuple(said)

    def _rename_table(self, old: str, new: str) -> None:
        if old != new:
            self.hand.run(f'ALTER TABLE {self.hand.table(old)} RENAME TO "{self.hand.prefix}{new}"')

    def _sequences(self, steps: Sequence[s.RenameTable]) -> None:
        """Ids go on where they were under the new name."""
        hand = self.hand
        if steps:
            hand.database.ids_in_hand.clear()
        for step in steps:
            if step.after.role not in ("records", "lines"):
                continue
            old, new = step.before.name, step.after.name
            if hand.postgresql:
                before, after = f"{old}_id_seq", f"{new}_id_seq"
                hand.run(f"CREATE SEQUENCE IF NOT EXISTS {hand.table(after)}")
                if hand.value("SELECT to_regclass(?)", hand.table(before)) is not None:
                    last = hand.value(f"SELECT last_value FROM {hand.table(before)}")
                    current = hand.value(f"SELECT last_value FROM {hand.table(after)}")
                    hand.value("SELECT setval(to_regclass(?), ?)", hand.table(after), max(last, current))
            else:
                counters = hand.table("lc_sequence")
                names = (hand.prefix + old, hand.prefix + new)
                found = hand.rows(f"SELECT next FROM {counters} WHERE name IN (?, ?)", *names)
                if found:
                    hand.run(f"DELETE FROM {counters} WHERE name = ?", names[1])
                    hand.run(
                        f"INSERT INTO {counters} (name, next) VALUES (?, ?)", names[1], max(each[0] for each in found)
                    )

    # -- columns ------------------------------------------------------------------------------------------------------

    def _rename_column(self, table: str, old: str, new: str) -> None:
        if old != new:
            self.hand.run(f'ALTER TABLE {self.hand.table(table)} RENAME COLUMN "{old}" TO "{new}"')

    def _add_column(self, table: str, column: ColumnShape) -> None:
        filled = "" if column.nullable else f" NOT NULL DEFAULT {NEUTRAL.get(column.store, '0')}"
        type_ = self.hand.type(column.store)
        self.hand.run(f'ALTER TABLE {self.hand.table(table)} ADD COLUMN "{column.name}" {type_}{filled}')

    def _drop_column(self, table: TableShape, column: ColumnShape) -> None:
        for index in table.indexes:
            if column.name in index.columns:
                self.hand.run(f"DROP INDEX IF EXISTS {self.hand.table(index.name)}")
        self.hand.run(f'ALTER TABLE {self.hand.table(table.name)} DROP COLUMN "{column.name}"')

    def _spread(self, table: TableShape, column: ColumnShape, links: TableShape, returning: bool) -> None:
        """One link as the first of several; with rows that return, where the link is another one now."""
        hand = self.hand
        rows, joined = hand.table(table.name), hand.table(links.name)
        if returning:
            first = f"SELECT l.target FROM {joined} AS l WHERE l.source = {joined}.source ORDER BY position LIMIT 1"
            now = f'SELECT r."{column.name}" FROM {rows} AS r WHERE r.id = {joined}.source'
            differs = "IS DISTINCT FROM" if hand.postgresql else "IS NOT"
            hand.run(f"DELETE FROM {joined} WHERE ({first}) {differs} ({now})")
        hand.run(
            f'INSERT INTO {joined} (source, target, position) SELECT id, "{column.name}", 0 FROM {rows} AS r'
            f' WHERE "{column.name}" IS NOT NULL AND NOT EXISTS (SELECT 1 FROM {joined} AS l WHERE l.source = r.id)'
        )


def _goes(step: s.Retype) -> bool:
    """Whether the former column of a change of type is not kept."""
    return step.drops or (step.before.retired is None and step.source.role == "own")
