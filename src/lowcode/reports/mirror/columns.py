"""What is copied of a table: the columns whose values DuckDB holds as the database does; the others are not there.

Nothing that is encrypted is copied, nor passwords, nor long texts and documents, which are no matter of sums.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lowcode.kernel.storage import tables as kernel
from lowcode.kernel.storage.types import Day, Instant, ScaledDecimal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lowcode.kernel.records.plan import RecordType
    from lowcode.kernel.storage import Database

DIGITS = 18
"""What DuckDB keeps of a decimal in 64 bits."""

LONG = frozenset({"long_text", "rich_text", "markdown", "code", "json", "signature", "address", "password", "secret"})
PEOPLE = ("id", "login", "name", "active", "department", "manager", "created_at")


@dataclass(frozen=True, slots=True)
class Copied:
    """One column: its name, the type it has in the copy, how it arrives, and what is made of that."""

    name: str
    type: str
    arrives: str
    made: str


@dataclass(frozen=True, slots=True)
class CopiedTable:
    """One table and the columns that are copied."""

    name: str
    columns: tuple[Copied, ...]

    @property
    def shape(self) -> str:
        """What the copy of it looks like, as one line."""
        return ", ".join(f'"{each.name}" {each.type}' for each in self.columns)

    def read(self, where: str = "") -> str:
        """The statement that reads it from the database."""
        names = ", ".join(f'"{each.name}"' for each in self.columns)
        return f'SELECT {names} FROM "{self.name}"{where}'


def copied_tables(types: Mapping[str, RecordType], database: Database) -> dict[str, CopiedTable]:
    """Every table that is copied, by name: those of forms and their lines, and people and departments."""
    found = {}
    for record_type in types.values():
        if isinstance(record_type.table, sa.Table):
            kinds = {each.name: each for each in record_type.fields.values()}
            names = [
                each.name for each in record_type.table.columns
                if each.name not in kinds or not (kinds[each.name].options_type in LONG or kinds[each.name].sealed)
            ]  # fmt: skip
            found[record_type.table.name] = _copied(record_type.table, names, database)
    people, departments = database.table(kernel.user), database.table(kernel.department)
    found[people.name] = _copied(people, PEOPLE, database)
    found[departments.name] = _copied(departments, ("id", "name", "parent", "head"), database)
    return found


def _copied(table: sa.Table, names: Any, database: Database) -> CopiedTable:
    columns = [_column(table.columns[name], database.dialect_name == "sqlite") for name in names]
    return CopiedTable(table.name, tuple(each for each in columns if each is not None))


def _column(column: sa.Column[Any], sqlite: bool) -> Copied | None:
    kind, quoted = column.type, f'"{column.name}"'
    if getattr(kind, "sealed", False):
        return None
    if isinstance(kind, ScaledDecimal):
        if kind.scale == 0:
            return Copied(column.name, "BIGINT", "BIGINT", quoted)
        if not 0 < kind.scale < DIGITS:
            return None
        exact = f"DECIMAL({DIGITS}, {kind.scale})"
        if not sqlite:
            return Copied(column.name, exact, exact, quoted)
        unit = f"CAST('{'0.' + '0' * (kind.scale - 1)}1' AS DECIMAL({kind.scale}, {kind.scale}))"
        return Copied(column.name, exact, "BIGINT", f"CAST(CAST({quoted} AS DECIMAL({DIGITS}, 0)) * {unit} AS {exact})")
    for known, name in (
        (Instant, "TIMESTAMPTZ"), (Day, "DATE"), (sa.Date, "DATE"), (sa.Boolean, "BOOLEAN"), (sa.Integer, "BIGINT"),
        (sa.String, "VARCHAR"),
    ):  # fmt: skip
        if isinstance(kind, known):
            return Copied(column.name, name, name, quoted)
    return None
