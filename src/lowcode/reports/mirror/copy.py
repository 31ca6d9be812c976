"""The copy: one DuckDB file of one process, brought from moment to moment, each in one transaction of its own.

It knows of which database it is a copy and up to which note; a process that is killed leaves it at the moment before.
The file is held by whoever has it open, so the next process takes the next one.
"""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql.base import PGDialect

from lowcode.kernel.expressions import NotPushable
from lowcode.kernel.expressions.told import say
from lowcode.kernel.storage.prepared import Prepared, with_tables
from lowcode.reports.mirror.columns import CopiedTable
from lowcode.reports.mirror.kept import State
from lowcode.reports.mirror.source import Reading

SLOTS = 32
MEMORY = "1GB"
FORMAT = 1
"""Goes up when a copy is made in another way."""


DIALECT = PGDialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
"""DuckDB reads the SQL of PostgreSQL, as far as `DuckdbLowering` writes it."""


class FileQuestion:
    """A statement for the file."""

    def __init__(self, connection: Any, statement: Any) -> None:
        self._connection = connection
        self._prepared = Prepared(statement, DIALECT)
        if self._prepared.expanding:
            raise NotPushable(say("list-of-any-length"))

    def rows(self, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What it finds, in a cursor of its own."""
        cursor = self._connection.cursor()
        return self._prepared.rows(
            cursor.execute(self._prepared.text, self._prepared.parameters(parameters)).fetchall()
        )


class Copy:
    """An open file."""

    lowering = "duckdb"

    def __init__(self, connection: Any, path: Path) -> None:
        self.connection, self.path, self.place = connection, path, str(path)
        connection.execute(f"SET TimeZone = 'UTC'; SET memory_limit = '{MEMORY}'; SET preserve_insertion_order = false")
        connection.execute("CREATE TABLE IF NOT EXISTS lc_copy (identity VARCHAR, shape VARCHAR, mark BIGINT)")

    def state(self) -> State | None:
        """Of which database it is a copy, of which tables, and up to which note; None for an empty one."""
        found: State | None = self.connection.execute("SELECT * FROM lc_copy").fetchone()
        return found

    def sizes(self, tables: Iterable[str]) -> dict[str, int]:
        """How many rows each table has."""
        ask = self.connection.execute
        return {name: int(ask(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in tables}

    def fill(self, reading: Reading, tables: Mapping[str, CopiedTable], state: State) -> bool:
        """Make it anew from a reading."""
        with self._changing():
            for (name,) in self.connection.execute(
                "SELECT table_name FROM duckdb_tables() WHERE table_name <> 'lc_copy'"
            ).fetchall():
                self.connection.execute(f'DROP TABLE "{name}"')
            for table in tables.values():
                self.connection.execute(f'CREATE TABLE "{table.name}" ({table.shape})')
                self._load(reading, table, table.read())
            self._note(*state)
        self.connection.execute("CHECKPOINT")
        return True

    def follow(
        self, reading: Reading, tables: Mapping[str, CopiedTable], changed: Mapping[str, Sequence[int]], since: State,
        mark: int,
    ) -> bool:  # fmt: skip
        """Bring rows that changed to how they are in a reading."""
        with self._changing():
            for name, ids in changed.items():
                listed = ", ".join(str(int(each)) for each in ids)
                self.connection.execute(f'DELETE FROM "{name}" WHERE id IN ({listed})')
                self._load(reading, tables[name], tables[name].read(reading.among(ids)))
            self._note(since[0], since[1], mark)
        return True

    def asked(self, statement: sa.Select[Any], tables: Mapping[sa.Table, sa.Table]) -> FileQuestion:
        """A question for the file."""
        return FileQuestion(self.connection, with_tables(statement, tables) if tables else statement)

    def _load(self, reading: Reading, table: CopiedTable, text: str) -> None:
        with tempfile.TemporaryDirectory(prefix="lowcode-mirror-") as folder:
            file = Path(folder) / "rows.csv"
            reading.write(text, file)
            if not file.stat().st_size:
                return
            arrives = ", ".join(f"'{each.name}': '{each.arrives}'" for each in table.columns)
            made = ", ".join(each.made for each in table.columns)
            self.connection.execute(
                f"INSERT INTO \"{table.name}\" SELECT {made} FROM read_csv('{file.as_posix()}', "
                f"columns = {{{arrives}}}, header = false, auto_detect = false, delim = ',', quote = '\"', "
                "escape = '\"', nullstr = '', parallel = false, max_line_size = 16777216)"
            )

    def _note(self, identity: str, shape: str, mark: int) -> None:
        self.connection.execute("DELETE FROM lc_copy")
        self.connection.execute("INSERT INTO lc_copy VALUES (?, ?, ?)", [identity, shape, mark])

    @contextlib.contextmanager
    def _changing(self) -> Any:
        self.connection.execute("BEGIN")
        try:
            yield
            self.connection.execute("COMMIT")
        except BaseException:
            self.connection.execute("ROLLBACK")
            raise

    def close(self) -> None:
        """Give the file back."""
        self.connection.close()


def open_copy(folder: Path) -> Copy | None:
    """The first file of a folder that nobody holds; one that cannot be read is thrown away. None when there is none."""
    try:
        import duckdb  # an optional dependency, at its one door
    except ImportError as missing:
        raise RuntimeError("a mirror takes the extra 'mirror': pip install lowcode[mirror]") from missing

    folder.mkdir(parents=True, exist_ok=True)
    for slot in range(SLOTS):
        path = folder / f"copy_{FORMAT}_{slot}.duckdb"
        try:
            return Copy(duckdb.connect(str(path), config={"threads": 4}), path)
        except duckdb.IOException as held:
            if "lock" in str(held).lower():
                continue
            _throw_away(path)
        except duckdb.Error:
            _throw_away(path)
        with contextlib.suppress(duckdb.Error):
            return Copy(duckdb.connect(str(path), config={"threads": 4}), path)
    return None


def _throw_away(path: Path) -> None:
    for each in (path, path.with_name(f"{path.name}.wal")):
        each.unlink(missing_ok=True)
