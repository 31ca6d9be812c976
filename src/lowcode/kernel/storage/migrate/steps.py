"""The steps of a migration: a closed union of small values. Each knows the tables and columns it is about, as shapes.

What a step does to data is decided here once: `rank` is the order in which steps are carried out.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from lowcode.kernel.diagnostics import Text
from lowcode.kernel.storage.migrate.schema import ColumnShape, IndexShape, TableShape


@dataclass(frozen=True)
class DropIndex:
    """An index is no longer wanted. `table` is called as before the migration."""

    table: TableShape
    index: IndexShape


@dataclass(frozen=True)
class PurgeTable:
    """A retired table goes for good, with its rows."""

    table: TableShape


@dataclass(frozen=True)
class PurgeColumn:
    """A retired column goes for good, with its values. `table` is called as before the migration."""

    table: TableShape
    column: ColumnShape


@dataclass(frozen=True)
class RetireColumn:
    """A column is hidden under the name `hidden.name`; `moved` when its values go on elsewhere."""

    table: TableShape
    column: ColumnShape
    hidden: ColumnShape
    moved: bool = False


@dataclass(frozen=True)
class RetireTable:
    """A table is hidden; `moved` when its rows go on elsewhere."""

    table: TableShape
    hidden: TableShape
    moved: bool = False


@dataclass(frozen=True)
class RenameTable:
    """A form or a field with rows of its own has another name."""

    before: TableShape
    after: TableShape


@dataclass(frozen=True)
class ReturnTable:
    """A retired table is in use again, with the rows it had."""

    hidden: TableShape
    table: TableShape


@dataclass(frozen=True)
class CreateTable:
    """A new table."""

    table: TableShape


@dataclass(frozen=True)
class RenameColumn:
    """A field has another name."""

    table: TableShape
    before: ColumnShape
    after: ColumnShape


@dataclass(frozen=True)
class AddColumn:
    """A new field with a column."""

    table: TableShape
    column: ColumnShape


@dataclass(frozen=True)
class ReturnColumn:
    """A retired column is in use again, with the values it had."""

    table: TableShape
    hidden: ColumnShape
    column: ColumnShape


@dataclass(frozen=True)
class Retype:
    """A field has another type: a new column is made, its values converted, and the two are swapped.

    `source` is the table as it is called before, `hidden` the old column as it is kept. `returning` is the column of
    the wanted type that an earlier change of type left behind: its values come back where nobody changed them since.
    """

    source: TableShape
    table: TableShape
    before: ColumnShape
    after: ColumnShape
    hidden: ColumnShape
    returning: ColumnShape | None = None

    @property
    def building(self) -> str:
        """What the new column is called until the swap."""
        return self.returning.name if self.returning is not None else hidden_name("new", self.after.name)

    @property
    def drops(self) -> bool:
        """Whether the old column goes: the database would still tell by it what the new one keeps from it."""
        return self.after.protection > self.before.protection


@dataclass(frozen=True)
class LinkToLinks:
    """A link becomes several: `column` is where its values stand when the rows are written."""

    table: TableShape
    column: ColumnShape
    links: TableShape
    returning: bool = False


@dataclass(frozen=True)
class LinksToLink:
    """Several links become one, the first: `links` is where the rows stand when the values are written."""

    table: TableShape
    links: TableShape
    column: ColumnShape


@dataclass(frozen=True)
class RenameForm:
    """What other tables say of a form is said of its new name."""

    before: TableShape
    after: TableShape


@dataclass(frozen=True)
class RenameField:
    """What history, stage history and counters say of a field is said of its new name or id."""

    table: TableShape
    before: ColumnShape
    after: ColumnShape
    history: str | None = None
    stages: str | None = None
    way: str = ""
    """Of the rows whose column it is, as they are called now: `groups.items`."""
    reused: bool = False
    """Whether rows or links of the form have the old name by then."""


@dataclass(frozen=True)
class Conceal:
    """The history no longer says what the values of a field were that is encrypted from now on: only that they
    changed. `former` is its name until now, `way` that of the rows whose column it is."""

    table: TableShape
    column: ColumnShape
    history: str
    former: str
    way: str = ""


@dataclass(frozen=True)
class RenameOptions:
    """Options or states have other names, old and new in `names`: rows and their histories follow. `joined` are the old
    names of those that become an option which was there already. All is called as before the migration, but `table`
    and `column`; `way` is that of the rows whose column it is."""

    source: TableShape
    before: ColumnShape
    table: TableShape
    column: ColumnShape
    names: tuple[tuple[str, str], ...]
    joined: tuple[str, ...] = ()
    history: str | None = None
    stages: str | None = None
    way: str = ""


@dataclass(frozen=True)
class Fill:
    """A stored formula or roll-up is computed for every row."""

    table: TableShape
    column: ColumnShape


@dataclass(frozen=True)
class RenameIndex:
    """An index follows the name of its form or field."""

    table: TableShape
    before: IndexShape
    after: IndexShape


@dataclass(frozen=True)
class AddIndex:
    """A new index."""

    table: TableShape
    index: IndexShape


@dataclass(frozen=True)
class Demand:
    """A field must have a value from now on. No table changes; rows without one are counted."""

    table: TableShape
    column: ColumnShape
    source: str | None
    """The column as it is called before; None when it is new."""


@dataclass(frozen=True)
class TakeOptions:
    """Options or states are no longer offered. No table changes; rows that hold them are counted."""

    table: TableShape
    column: ColumnShape
    source: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class Hold:
    """A rule of the form holds from now on: the check of that name, that ranges that begin in a column do not overlap,
    or that no two rows of a record have the same in it. No table changes; records that break it are counted."""

    table: TableShape
    column: ColumnShape | None
    check: str


@dataclass(frozen=True)
class TakeRole:
    """A role is none of the app any longer. No table changes; the people who have it are counted: who they are stays,
    and with the role comes back what it lets them do."""

    role: str
    title: Text


@dataclass(frozen=True)
class SwitchPart:
    """A part of the app is switched on or off. No table changes; what nobody reaches meanwhile is counted."""

    part: str
    title: Text
    enabled: bool


Step = (
    RenameOptions | DropIndex | PurgeTable | PurgeColumn | RetireColumn | RetireTable | RenameTable | ReturnTable
    | CreateTable | RenameColumn | AddColumn | ReturnColumn | Retype | LinkToLinks | LinksToLink | RenameForm
    | RenameField | Conceal | Fill | RenameIndex | AddIndex | Demand | TakeOptions | Hold | TakeRole
    | SwitchPart
)  # fmt: skip
ORDER: tuple[type[Any], ...] = Step.__args__
"""Every kind of step, in the order in which they are carried out."""


def rank(step: Step) -> int:
    """Where a step stands in the order."""
    return ORDER.index(type(step))


def gathered(step: Fill, there: Iterable[TableShape]) -> tuple[TableShape, ...]:
    """Of some tables those whose rows are read to compute a column."""
    records = {each.rpartition(".")[0] for each in step.column.reads}
    return tuple(each for each in there if each.role in ("records", "lines") and each.record in records)


def follows(step: RenameField) -> bool:
    """Whether the history may follow the rename of a column when the version is in use: as long as no other field has
    the old name by then, an entry that still says it means this one."""
    there = {each.name for each in step.table.live}
    if not step.history or step.way or step.before.name == step.after.name:
        return False
    return step.after.name in there and step.before.name not in there and not step.reused


def hidden_name(mark: int | str, name: str) -> str:
    """A name that no field and no form can have, within what PostgreSQL allows beside a prefix."""
    whole = f"_{mark}_{name}"
    return whole if len(whole) <= 52 else f"{whole[:43]}_{hashlib.sha256(whole.encode()).hexdigest()[:8]}"


def step_json(step: Step) -> dict[str, Any]:
    """A step as it is recorded: its kind, and the ids and names it is about."""
    found: dict[str, Any] = {"step": type(step).__name__}
    for each in fields(step):
        value = getattr(step, each.name)
        match value:
            case TableShape() | ColumnShape():
                found[each.name] = {"id": value.id, "name": value.name}
            case IndexShape():
                found[each.name] = value.name
            case tuple():
                found[each.name] = list(value)
            case None | False:
                pass
            case _:
                found[each.name] = value
    return found
