"""What leads from one schema to another. Pure: schemas in, steps out.

Tables and columns are recognised by permanent id, then by `was`, then by name when neither side has given an id.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from lowcode.kernel.storage.migrate import steps as s
from lowcode.kernel.storage.migrate.columns import Columns, order
from lowcode.kernel.storage.migrate.computed import Pair
from lowcode.kernel.storage.migrate.reused import kept_apart
from lowcode.kernel.storage.migrate.schema import ColumnShape, IndexShape, Retired, Schema, TableShape


@dataclass(frozen=True)
class Comparison:
    """The steps in the order in which they are carried out, and the schema they lead to."""

    steps: tuple[s.Step, ...]
    result: Schema


def compare(
    applied: Schema, wanted: Schema, version: int, purge: Iterable[str] = (), returning: Iterable[str] = ()
) -> Comparison:
    """The steps from what is applied to what is wanted.

    `version` is that of the result: retired names carry it. `purge` names what was retired and is to go for good:
    hidden tables, and hidden columns as `table.column`. Of several hidden things of one id the last one returns, unless
    one is among `returning`.
    """
    comparing = _Comparing(applied, wanted, version, frozenset(purge), frozenset(returning))
    steps = list(comparing.steps())
    steps = _once(steps)
    steps += kept_apart(applied, wanted, comparing.forms, steps)
    found = tuple(sorted(steps, key=s.rank))
    return Comparison(found, comparing.result(found))


def _once(steps: Iterable[s.Step]) -> list[s.Step]:
    """What goes for good goes once, though it was asked for and another step takes it along."""
    found: list[s.Step] = []
    for each in steps:
        if not isinstance(each, s.PurgeColumn) or each not in found:
            found.append(each)
    return found


class _Comparing:
    def __init__(
        self, applied: Schema, wanted: Schema, version: int, purge: frozenset[str], returning: frozenset[str]
    ) -> None:
        self.returning = returning
        self.applied = applied
        self.wanted = wanted
        self.version = version
        self.purge = purge
        self.forms: dict[str, str] = {}
        """The id a wanted form was known by, where that is another one."""
        self.pairs: list[Pair] = []
        self.made: list[TableShape] = []

    def steps(self) -> Iterator[s.Step]:
        """Everything, in no particular order."""
        self._match()
        returned = {pair.before.name for pair in self.pairs if pair.before.retired}
        yield from self._purged(returned)
        taken = {id(pair.before) for pair in self.pairs}
        columns = Columns(self.pairs, self.made, self.applied, self.forms, self.version, self.returning)
        yield from self._freed(returned)
        yield from (s.CreateTable(each) for each in self.made)
        for pair in self.pairs:
            yield from self._table(pair)
        yield from columns.steps()
        for each in self.applied.live:
            if id(each) not in taken:
                yield from self._retired(each, columns)
        for pair in self.pairs:
            yield from _indexes(pair, columns)

    @cached_property
    def _wanted_indexes(self) -> frozenset[str]:
        """What the indexes of the result are called. A hidden table keeps its own, so that it returns at once, unless
        one of these needs the name."""
        return frozenset(index.name for each in self.wanted.tables for index in each.indexes)

    def _freed(self, returned: set[str]) -> Iterator[s.Step]:
        """Names of indexes that tables hidden before give up."""
        for table in self.applied.tables:
            if table.retired and table.name not in returned and table.name not in self.purge:
                for index in table.indexes:
                    if index.name in self._wanted_indexes:
                        yield s.DropIndex(table, index)

    # -- which table is which -----------------------------------------------------------------------------------------

    def _match(self) -> None:
        for wanted in self.wanted.tables:
            if wanted.role in ("own", "records"):
                self._pair(wanted, self._found(wanted))
        for wanted in self.wanted.tables:
            if wanted.role not in ("own", "records"):
                self._pair(wanted, self._part(wanted))

    def _pair(self, wanted: TableShape, before: TableShape | None) -> None:
        if before is None:
            self.made.append(wanted)
            return
        if wanted.role == "records" and before.id != wanted.id:
            self.forms[wanted.id] = before.id
        self.pairs.append(Pair(before, wanted))

    def _found(self, wanted: TableShape) -> TableShape | None:
        live = self.applied.by_id
        if wanted.id in live:
            return live[wanted.id]
        known = {each.id for each in self.wanted.tables}
        for each in self.applied.live:
            if each.role == wanted.role and each.id not in known:
                implicit = each.id == each.name or wanted.id == wanted.name
                if (wanted.was and wanted.was in (each.id, each.name)) or (each.name == wanted.name and implicit):
                    return each
        return self._hidden(wanted.id, wanted)

    def _part(self, wanted: TableShape) -> TableShape | None:
        """Lines, links, history and stage history: of the same form, and of the same field."""
        form = self.forms.get(wanted.form, wanted.form)
        same = [each for each in self.applied.live if each.form == form and each.role == wanted.role]
        for each in same:
            if each.field == wanted.field and _target(each) == self._former(_target(wanted)):
                return each
        known = {each.field for each in self.wanted.tables if each.form == wanted.form}
        for each in same:
            if each.field not in known and wanted.was is not None and wanted.was == each.field:
                return each
        return self._hidden(f"{form}/{wanted.field}", wanted)

    def _former(self, form: str | None) -> str | None:
        return self.forms.get(form, form) if form is not None else None

    def _hidden(self, identity: str, wanted: TableShape) -> TableShape | None:
        """What was retired last under an id."""
        found = [
            each
            for each in self.applied.tables
            if each.retired
            and each.id == identity
            and each.role == wanted.role
            and each.name not in self.purge
            and _target(each) == self._former(_target(wanted))
        ]
        return max(found, key=lambda each: order(each, self.returning), default=None)

    # -- tables -------------------------------------------------------------------------------------------------------

    def _table(self, pair: Pair) -> Iterator[s.Step]:
        before, after = pair.before, pair.after
        if before.retired:
            yield s.ReturnTable(before, after)
        elif before.name != after.name:
            yield s.RenameTable(before, after)
            if after.role == "records":
                yield s.RenameForm(before, after)
            elif after.role in ("lines", "links") and _field_name(before) != _field_name(after):
                yield self._mention(before, after)

    def _mention(self, before: TableShape, after: TableShape) -> s.Step:
        """The history of the form speaks of a field with rows by the field's name."""
        owner = next(each for each in self.wanted.tables if each.role == "records" and each.form == after.form)
        tables = {each.role: each.name for each in self.wanted.tables if each.form == after.form}
        old, new = (replace(owner.columns[0], id=each.field, name=_field_name(each)) for each in (before, after))
        way = after.record.split(".")[1:-1]  # of the rows that these rows lie in
        return s.RenameField(owner, old, new, tables.get("history"), None, ".".join(way))

    def result(self, steps: Iterable[s.Step]) -> Schema:
        """The schema the steps lead to: what is wanted, and what is kept hidden."""
        hidden: dict[str, dict[str, ColumnShape]] = {
            each.name: {column.name: column for column in each.columns if column.retired}
            for each in self.applied.tables
        }
        tables = {each.name: each for each in self.applied.tables if each.retired}
        for step in steps:
            match step:
                case s.PurgeColumn(table, column):
                    hidden[table.name].pop(column.name, None)
                case s.ReturnColumn(table, column, _):
                    hidden[self._before(table)].pop(column.name, None)
                case s.RetireColumn(table, _, kept):
                    hidden[table.name][kept.name] = kept
                case s.Retype(source, _, _, _, kept, returning) if source.role != "own":
                    hidden[source.name][kept.name] = kept
                    if step.drops:
                        del hidden[source.name][kept.name]
                    if returning is not None:
                        hidden[source.name].pop(returning.name, None)
                case s.RetireTable(_, kept_table):
                    tables[kept_table.name] = kept_table
                case s.DropIndex(table, index) if table.name in tables:
                    left = tuple(each for each in tables[table.name].indexes if each.name != index.name)
                    tables[table.name] = replace(tables[table.name], indexes=left)
                case s.PurgeTable(table) | s.ReturnTable(table, _):
                    tables.pop(table.name, None)
                case _:
                    pass
        kept_columns = {pair.after.id: tuple(hidden[pair.before.name].values()) for pair in self.pairs}
        # A shape that stays as it is stays the same object: what was worked out of it goes with it.
        live = [
            replace(each, columns=(*each.columns, *more)) if (more := kept_columns.get(each.id)) else each
            for each in self.wanted.tables
        ]
        return Schema((*live, *tables.values()))

    def _before(self, table: TableShape) -> str:
        return next(pair.before.name for pair in self.pairs if pair.after is table)

    def _retired(self, each: TableShape, columns: Columns) -> Iterator[s.Step]:
        kept = tuple(index for index in each.indexes if index.name not in self._wanted_indexes)
        hidden = replace(each, name=s.hidden_name(self.version, each.name), indexes=kept)
        hidden = replace(hidden, retired=Retired(self.version, each.name))
        yield s.RetireTable(each, hidden, moved=each.id in columns.moved_tables)

    def _purged(self, returned: set[str]) -> Iterator[s.Step]:
        for table in self.applied.tables:
            if table.retired:
                if table.name in self.purge and table.name not in returned:
                    yield s.PurgeTable(table)
                continue
            for column in table.columns:
                if column.retired and f"{table.name}.{column.name}" in self.purge:
                    yield s.PurgeColumn(table, column)


def _target(table: TableShape) -> str | None:
    """What form links lead to."""
    column = table.column("target") if table.role == "links" else None
    return column.to if column is not None else None


def _field_name(table: TableShape) -> str:
    """The field a table of lines or links belongs to, by its name."""
    return table.name.rpartition("__")[2]


def _indexes(pair: Pair, columns: Columns) -> Iterator[s.Step]:
    """Indexes over the same columns are the same index, whatever they are called."""
    before, after = pair.before, pair.after
    names = columns.kept_names(pair)
    left = list(before.indexes)
    for wanted in after.indexes:
        found = next((each for each in left if _translated(each, names) == _meaning(wanted)), None)
        if found is None:
            yield s.AddIndex(after, wanted)
            continue
        left.remove(found)
        if found.name != wanted.name:
            yield s.RenameIndex(after, found, wanted)
    for each in left:
        yield s.DropIndex(before, each)


def _meaning(index: IndexShape) -> tuple[tuple[str, ...], bool, bool, bool, bool]:
    return index.columns, index.unique, index.live, index.filled, index.begins


def _translated(index: IndexShape, names: dict[str, str]) -> tuple[tuple[str, ...], bool, bool, bool, bool] | None:
    """What an applied index would be called in the wanted schema; None when a column of it went."""
    if any(each not in names for each in index.columns):
        return None
    return _meaning(replace(index, columns=tuple(names[each] for each in index.columns)))
