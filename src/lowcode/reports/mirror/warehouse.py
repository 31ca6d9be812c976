"""A copy in another database, once for all processes: for those who outgrow one machine.

Any database that SQLAlchemy speaks with can hold it. PostgreSQL is asked what it answers as the database does; of any
other it is found out first whether it tells `a` from `A`, adds decimals exactly and takes back what is
rolled back (`proven`), and then it is asked what all databases have in common (`expressions.sql.portable`).

Several processes bring one warehouse up to date. Whoever does takes its note from the state that was read to the new
one, in the first statement of the transaction that changes the rows: who comes second finds another state, and looks
again.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.expressions import NotPushable
from lowcode.kernel.expressions.sql.storage_types import Microseconds
from lowcode.kernel.expressions.told import say
from lowcode.kernel.storage.prepared import with_tables
from lowcode.reports.mirror.columns import Copied, CopiedTable
from lowcode.reports.mirror.kept import State
from lowcode.reports.mirror.source import Reading

LOWERINGS = {"postgresql": "postgresql"}
"""How questions are lowered for a dialect of SQLAlchemy; for any other what is common to all of them."""
EMPTY = ("", "", -1)
DIGITS = 18
PIECE = 5000
"""Rows that are brought up to date in one statement: drivers take so many parameters at most."""


class Unfit(Exception):
    """A database that would not answer as the app's own does, or that cannot be reached."""


def engine_of(address: str) -> sa.Engine:
    """The engine of an address. Raises Unfit, with the cure, when there is no driver for it."""
    try:
        return sa.create_engine(address, pool_pre_ping=True)
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError) as wrong:
        raise Unfit(f"the warehouse has no address that SQLAlchemy knows: {wrong}; install its dialect") from None
    except ImportError as missing:
        raise Unfit(f"the driver of the warehouse is missing: {missing}; install it (for PostgreSQL: "
                    "pip install lowcode[postgresql])") from None  # fmt: skip


class WarehouseQuestion:
    """A statement for the warehouse."""

    def __init__(self, engine: sa.Engine, statement: Any) -> None:
        self._engine, self._statement = engine, statement

    def rows(self, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What it finds."""
        with self._engine.connect() as connection:
            return [dict(row) for row in connection.execute(self._statement, dict(parameters)).mappings()]


class Warehouse:
    """The tables of one app's copy; `mark` tells those of one database from those of another."""

    def __init__(self, engine: sa.Engine, mark: str) -> None:
        self.engine = engine
        self.lowering = lowering_of(engine)
        self.place = f"{engine.dialect.name}: {engine.url.render_as_string(hide_password=True)}"
        self._prefix = f"lc_{mark}_"
        self._own = sa.MetaData()
        self._note = sa.Table(
            f"{self._prefix}copy", self._own, sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
            sa.Column("identity", sa.String(40)), sa.Column("shape", sa.String(40)), sa.Column("mark", sa.BigInteger),
        )  # fmt: skip
        self._tables: dict[str, sa.Table] = {}
        self._begin()

    def _begin(self) -> None:
        """See that there is a note to take; another process may be doing the same."""
        if self.lowering == "portable":
            proven(self.engine)
        for last in (False, True):
            try:
                self._own.create_all(self.engine)
                with self.engine.begin() as connection:
                    if connection.execute(sa.select(self._note.c.id)).first() is None:
                        connection.execute(sa.insert(self._note), {"id": 1, **_noted(EMPTY)})
                return
            except sa.exc.DBAPIError:
                if last:
                    raise

    def state(self) -> State | None:
        """What it is a copy of."""
        with self.engine.connect() as connection:
            row = connection.execute(sa.select(self._note)).mappings().one()
        return None if row["identity"] == "" else (str(row["identity"]), str(row["shape"]), int(row["mark"]))

    def sizes(self, tables: Iterable[str]) -> dict[str, int]:
        """How many rows each table has."""
        with self.engine.connect() as connection:
            return {
                name: int(connection.scalar(sa.select(sa.func.count()).select_from(self._tables[name])) or 0)
                for name in tables
            }

    def hold(self, tables: Mapping[str, CopiedTable]) -> None:
        """Know the tables of a shape."""
        metadata = sa.MetaData()
        self._tables = {each.name: self._table(each, metadata) for each in tables.values()}

    def _table(self, table: CopiedTable, metadata: sa.MetaData) -> sa.Table:
        columns: list[sa.Column[Any]] = [
            sa.Column(each.name, self._type(each), primary_key=each.name == "id", autoincrement=False)
            for each in table.columns
        ]
        return sa.Table(f"{self._prefix}{table.name}", metadata, *columns)

    def _type(self, column: Copied) -> sa.types.TypeEngine[Any]:
        if column.type == "TIMESTAMPTZ":
            return Microseconds() if self.lowering == "portable" else sa.DateTime(timezone=True)
        if column.type.startswith("DECIMAL"):
            return sa.Numeric(DIGITS, _scale(column))
        known: Mapping[str, sa.types.TypeEngine[Any]] = {
            "BIGINT": sa.BigInteger(), "DATE": sa.Date(), "BOOLEAN": sa.Boolean(), "VARCHAR": sa.Text(),
        }  # fmt: skip
        return known[column.type]

    def fill(self, reading: Reading, tables: Mapping[str, CopiedTable], state: State) -> bool:
        """Make it anew from a reading; False when another process did meanwhile."""
        before = self.state() or EMPTY
        self.hold(tables)
        with self.engine.begin() as connection:
            if not self._take(connection, before, state):
                return False
            there = [name for name in sa.inspect(connection).get_table_names() if name.startswith(self._prefix)]
            for name in there:
                if name != self._note.name:
                    sa.Table(name, sa.MetaData()).drop(connection)
            for name, table in tables.items():
                self._tables[name].create(connection)
                self._load(connection, table, reading, table.read())
        return True

    def follow(
        self, reading: Reading, tables: Mapping[str, CopiedTable], changed: Mapping[str, Sequence[int]], since: State,
        mark: int,
    ) -> bool:  # fmt: skip
        """Bring rows that changed to how they are in a reading; False when another process was quicker."""
        with self.engine.begin() as connection:
            if not self._take(connection, since, (since[0], since[1], mark)):
                return False
            for name, ids in changed.items():
                target = self._tables[name]
                for begin in range(0, len(ids), PIECE):
                    some = list(ids[begin : begin + PIECE])
                    connection.execute(sa.delete(target).where(target.c.id.in_(some)))
                    self._load(connection, tables[name], reading, tables[name].read(reading.among(some)))
        return True

    def _take(self, connection: sa.Connection, before: State, after: State) -> bool:
        """Take the note from one state to another; who else wants to waits for the end of this transaction."""
        note = self._note.c
        there = [note[name] == value for name, value in _noted(before).items()]
        return connection.execute(sa.update(self._note).where(*there).values(_noted(after))).rowcount == 1

    def _load(self, connection: sa.Connection, table: CopiedTable, reading: Reading, text: str) -> None:
        target, make = self._tables[table.name], [_maker(each) for each in table.columns]
        names = [each.name for each in table.columns]
        for rows in reading.parts(text):
            made = [
                [None if value is None else how(value) for how, value in zip(make, row, strict=True)] for row in rows
            ]
            if (self.lowering, connection.dialect.driver) == ("postgresql", "psycopg"):
                listed = ", ".join(f'"{name}"' for name in names)
                driver: Any = connection.connection.driver_connection
                copied = f'COPY "{target.name}" ({listed}) FROM STDIN'
                try:
                    with driver.cursor() as cursor, cursor.copy(copied) as copy:
                        for row in made:
                            copy.write_row(row)
                except connection.dialect.loaded_dbapi.Error as error:  # as SQLAlchemy says it of all others
                    raise sa.exc.OperationalError(copied, None, error) from error
            else:
                connection.execute(sa.insert(target), [dict(zip(names, row, strict=True)) for row in made])

    def asked(self, statement: sa.Select[Any], tables: Mapping[sa.Table, sa.Table]) -> WarehouseQuestion:
        """A question for the warehouse. Raises NotPushable for columns that are not copied."""
        here = {table: self._tables[named.name] for table, named in tables.items() if named.name in self._tables}
        try:
            return WarehouseQuestion(self.engine, with_tables(statement, here))
        except KeyError as missing:
            raise NotPushable(say("mirror-lacks", name=str(missing.args[0]))) from None

    def close(self) -> None:
        """Give its connections back."""
        self.engine.dispose()


def lowering_of(engine: sa.Engine) -> str:
    """How questions are lowered for an engine."""
    return LOWERINGS.get(engine.dialect.name, "portable")


def _noted(state: State) -> dict[str, Any]:
    return dict(zip(("identity", "shape", "mark"), state, strict=True))


def _scale(column: Copied) -> int:
    return int(column.type.rpartition(",")[2].rstrip(")"))


def _maker(column: Copied) -> Callable[[Any], Any]:
    """What makes a value for the warehouse of what the driver of the database gave: SQLite's scaled numbers and texts,
    or values already."""
    if column.type.startswith("DECIMAL"):
        down = -_scale(column)
        return lambda value: value if isinstance(value, Decimal) else Decimal(value).scaleb(down)
    if column.type == "TIMESTAMPTZ":
        return lambda value: value if isinstance(value, datetime) else datetime.fromisoformat(value)
    if column.type == "DATE":
        return lambda value: value if isinstance(value, date) else date.fromisoformat(value)
    return {"BIGINT": int, "BOOLEAN": bool}.get(column.type, str)


# -- whether a database answers alike ---------------------------------------------------------------------------------

WORDS = ("a", "A", "a ", "")
AMOUNTS = (Decimal("0.10"), Decimal("0.20"), Decimal("0.70"), Decimal("999999999999999.99"))


def proven(engine: sa.Engine) -> None:
    """Find out whether a database computes as the app's own does. Raises Unfit with everything that it does not."""
    metadata = sa.MetaData()
    table = sa.Table(
        f"lc_proof_{secrets.token_hex(4)}", metadata,
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("word", sa.Text), sa.Column("amount", sa.Numeric(DIGITS, 2)), sa.Column("day", sa.Date),
    )  # fmt: skip
    rows = [
        {"id": at, "word": word, "amount": amount, "day": date(2024, 2, 26 + at)}
        for at, (word, amount) in enumerate(zip(WORDS, AMOUNTS, strict=True))
    ]
    with _lent(engine, table):
        with engine.begin() as connection:
            connection.execute(sa.insert(table), rows)
        with contextlib.suppress(_TakenBack), engine.begin() as connection:
            connection.execute(sa.delete(table))
            raise _TakenBack
        with engine.begin() as connection:
            first = connection.execute(sa.update(table).where(table.c.id == 0).values(word="a")).rowcount
            none = connection.execute(sa.update(table).where(table.c.id == 99).values(word="a")).rowcount
        with engine.connect() as connection:
            ask = connection.execute
            same = [row[0] for row in ask(sa.select(table.c.id).where(table.c.word == "a"))]
            groups = len(ask(sa.select(table.c.word).group_by(table.c.word)).all())
            blank = ask(sa.select(sa.func.count()).where(table.c.word.is_(None))).scalar()
            total, last = ask(sa.select(sa.func.sum(table.c.amount), sa.func.max(table.c.day))).one()
            kept = ask(sa.select(sa.func.count()).select_from(table)).scalar()
    wrong = [
        what
        for holds, what in (
            (kept == len(rows), "it does not take back what is rolled back"),
            ((first, none) == (1, 0), "it does not say how many rows an update hit"),
            (same == [0] and groups == len(WORDS), "it does not tell 'a' from 'A' or 'a '"),
            (blank == 0, "it takes an empty text for none"),
            (isinstance(total, Decimal) and total == sum(AMOUNTS), "it does not add decimals exactly"),
            (last == date(2024, 2, 29), "it does not know days"),
        )
        if not holds
    ]
    if wrong:
        raise Unfit(f"{engine.dialect.name} would not answer as the database does: {'; '.join(wrong)}")


class _TakenBack(Exception):
    """Ends a transaction that is to leave nothing."""


@contextlib.contextmanager
def _lent(engine: sa.Engine, table: sa.Table) -> Iterator[None]:
    table.drop(engine, checkfirst=True)
    table.create(engine)
    try:
        yield
    finally:
        table.drop(engine)
