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

from lowcode.reports.mirror.columns import CopiedTable
from lowcode.reports.mirror.source import Reading

SLOTS = 32
MEMORY = "1GB"
FORMAT = 1
"""Goes up when a copy is made in another way."""


class Copy:
    """An open file."""

    def __init__(self, connection: Any, path: Path) -> None:
        self.connection, self.path = connection, path
        connection.execute(f"SET TimeZone = 'UTC'; SET memory_limit = '{MEMORY}'; SET preserve_insertion_order = false")
        connection.execute("CREATE TABLE IF NOT EXISTS lc_copy (identity VARCHAR, shape VARCHAR, mark BIGINT)")

    def state(self) -> tuple[str, str, int] | None:
        """Of which database it is a copy, of which tables, and up to which note; None for an empty one."""
        found: tuple[str, str, int] | None = self.connection.execute("SELECT * FROM lc_copy").fetchone()
        return found

    def sizes(self, tables: Iterable[str]) -> dict[str, int]:
        """How many rows each table has."""
        ask = self.connection.execute
        return {name: int(ask(f'SELECT count(*) FROM "{name}"').fetchone()[0]) for name in tables}

    def fill(self, reading: Reading, tables: Mapping[str, CopiedTable], identity: str, shape: str, mark: int) -> None:
        """Make it anew from a reading."""
        with self._changing():
            for (name,) in self.connection.execute(
                "SELECT table_name FROM duckdb_tables() WHERE table_name <> 'lc_copy'"
            ).fetchall():
                self.connection.execute(f'DROP TABLE "{name}"')
            for table in tables.values():
                self.connection.execute(f'CREATE TABLE "{table.name}" ({table.shape})')
                self._load(reading, table, table.read())
            self._note(identity, shape, mark)
        self.connection.execute("CHECKPOINT")

    def follow(
        self, reading: Reading, tables: Mapping[str, CopiedTable], changed: Mapping[str, Sequence[int]], mark: int
    ) -> None:  # fmt: skip
        """Bring rows that changed to how they are in a reading."""
        state = self.state()
        assert state is not None
        with self._changing():
            for name, ids in changed.items():
                listed = ", ".join(str(int(each)) for each in ids)
                self.connection.execute(f'DELETE FROM "{name}" WHERE id IN ({listed})')
                self._load(reading, tables[name], tables[name].read(reading.among(ids)))
            self._note(state[0], state[1], mark)

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
