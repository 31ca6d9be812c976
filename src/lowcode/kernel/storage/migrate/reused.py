"""A field that takes the name of a removed one, and is another one: the history keeps them apart.

The history speaks of fields by their names. What it says of a removed field goes on under that name until another field
takes it, or the removed one is deleted for good; then it goes on under the name of the hidden column, which no field
can have, and is told to those who see everything (decision 0158). When the removed field returns, so does its history.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from lowcode.kernel.storage.migrate import steps as s
from lowcode.kernel.storage.migrate.schema import ColumnShape, Schema, TableShape

Level = tuple[str, str]
"""A form, by the id it had, and the rows of it whose columns are meant, as in `groups.items`; none for its records."""


@dataclass(frozen=True)
class _Held:
    """A field that had a name: by its id, and the name it is hidden under if it is."""

    id: str
    name: str
    hidden: str | None
    version: int


def kept_apart(
    applied: Schema, wanted: Schema, forms: Mapping[str, str], steps: Iterable[s.Step]
) -> Iterator[s.RenameField]:
    """The renames in histories by which no field is told what another one of its name was."""
    return _Apart(applied, wanted, forms).steps(tuple(steps))


class _Apart:
    def __init__(self, applied: Schema, wanted: Schema, forms: Mapping[str, str]) -> None:
        self.forms = forms
        self.owners = {forms.get(each.form, each.form): each for each in wanted.tables if each.role == "records"}
        self.histories = {forms.get(each.form, each.form): each for each in wanted.tables if each.role == "history"}
        self.held: dict[tuple[Level, str], _Held] = {}
        """Who had a name last."""
        for table in applied.tables:
            if table.role in ("lines", "links"):
                self._hold(_around(table), _table(table))
            if not table.retired:
                for column in table.columns:
                    if not (column.retired and column.retired.replaced):
                        self._hold(_within(table), _column(column))

    def _hold(self, level: Level, one: _Held) -> None:
        known = self.held.get((level, one.name))
        if known is None or (one.hidden is None, one.version) > (known.hidden is None, known.version):
            self.held[level, one.name] = one

    def steps(self, steps: tuple[s.Step, ...]) -> Iterator[s.RenameField]:
        hidden = self._hidden_now(steps)
        found: dict[tuple[Level, str, str], s.RenameField] = {}
        for level, one, comes in self._events(steps):
            last = self.held.get((level, one.name))
            if last is None or (last.id == one.id if comes else last != one):
                continue
            aside = last.hidden or hidden.get((level, last.id))
            step = self._rename(level, last.id, last.name, aside) if aside else None
            if step is not None and aside:
                found[level, last.name, aside] = step
        for level, before, name in self._returned(steps):
            last = self.held.get((level, before.name))
            source = before.name if last == before else before.hidden or before.name
            step = self._rename(level, before.id, source, name) if source != name else None
            if step is not None:
                found[level, source, name] = step
        yield from found.values()

    def _hidden_now(self, steps: tuple[s.Step, ...]) -> dict[tuple[Level, str], str]:
        """Under which names fields go now."""
        found = {}
        for step in steps:
            if isinstance(step, s.RetireColumn):
                found[_within(step.table), step.column.id] = step.hidden.name
            elif isinstance(step, s.RetireTable) and step.table.role in ("lines", "links"):
                found[_around(step.table), step.table.field] = step.hidden.name
        return found

    def _events(self, steps: tuple[s.Step, ...]) -> Iterator[tuple[Level, _Held, bool]]:
        """Fields that get a name (`comes`), and removed ones that are deleted for good."""
        for step in steps:
            match step:
                case s.AddColumn(table, column) | s.ReturnColumn(table, _, column) | s.RenameColumn(table, _, column):
                    yield self._level(_within(table)), _column(column), True
                case s.Retype(_, table, _, column):
                    yield self._level(_within(table)), _column(column), True
                case s.PurgeColumn(table, column):
                    yield _within(table), _column(column), False
                case s.PurgeTable(table) if table.role in ("lines", "links"):
                    yield _around(table), _table(table), False
                case s.CreateTable(table) | s.ReturnTable(_, table) | s.RenameTable(_, table):
                    if table.role in ("lines", "links"):
                        yield self._level(_around(table)), _table(table), True
                case _:
                    pass

    def _returned(self, steps: tuple[s.Step, ...]) -> Iterator[tuple[Level, _Held, str]]:
        """Removed fields that return, and their names of now."""
        for step in steps:
            match step:
                case s.ReturnColumn(table, hidden, column):
                    yield self._level(_within(table)), _column(hidden), column.name
                case s.Retype(_, table, before, column) if before.retired is not None:
                    yield self._level(_within(table)), _column(before), column.name
                case s.ReturnTable(hidden, table) if table.role in ("lines", "links"):
                    yield self._level(_around(table)), _table(hidden), _table(table).name
                case _:
                    pass

    def _level(self, level: Level) -> Level:
        return self.forms.get(level[0], level[0]), level[1]

    def _rename(self, level: Level, identity: str, old: str, new: str) -> s.RenameField | None:
        form, way = level
        owner, history = self.owners.get(form), self.histories.get(form)
        if owner is None or history is None:
            return None
        one = replace(owner.columns[0], id=identity, name=old)
        return s.RenameField(owner, one, replace(one, name=new), history.name, None, way)


def _within(table: TableShape) -> Level:
    """Where the columns of a table belong."""
    return table.form, table.record.partition(".")[2]


def _around(table: TableShape) -> Level:
    """Where the field belongs that a table of lines or links is."""
    return table.form, ".".join(table.record.split(".")[1:-1])


def _column(column: ColumnShape) -> _Held:
    retired = column.retired
    return _Held(column.id, retired.name if retired else column.name, column.name if retired else None,
                 retired.version if retired else 0)  # fmt: skip


def _table(table: TableShape) -> _Held:
    name, retired = table.record.rpartition(".")[2], table.retired
    return _Held(table.field, name, table.name if retired else None, retired.version if retired else 0)
