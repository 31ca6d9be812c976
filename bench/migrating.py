"""One version of an app applied to a million rows against the same by hand-written SQL: a column more, a field renamed,
a text that becomes an amount.

Ours: the plan with its count of what does not convert, the conversion by the rules of an import, the old column kept,
everything recorded. By hand: ADD COLUMN, RENAME COLUMN, a new column filled by a CAST, the old one dropped or renamed.
Each side begins with a copy of the filled database, which is measured with it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from bench.databases import postgresql
from bench.harness import Comparison, Size
from lowcode.forms.engine import Forms
from lowcode.host import Host

ROWS = 1_000_000
ENGINES = (Forms(),)
FILL = {
    "sqlite": "WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {rows})"
    " INSERT INTO deal (id, version, created_at, updated_at, title, amount)"
    " SELECT n, 1, '2026-03-02T01:00:00.000000Z', '2026-03-02T01:00:00.000000Z', 'Deal ' || n,"
    " (n %% 90000) || '.50' FROM numbers",
    "postgresql": "INSERT INTO deal (id, version, created_at, updated_at, title, amount)"
    " SELECT n, 1, now(), now(), 'Deal ' || n, (n %% 90000) || '.50' FROM generate_series(1, {rows}) AS n",
}
BY_HAND = {
    "sqlite": (
        "ALTER TABLE deal ADD COLUMN note TEXT",
        "ALTER TABLE deal RENAME COLUMN title TO name",
        "ALTER TABLE deal ADD COLUMN amount_new BIGINT",
        "UPDATE deal SET amount_new = CAST(ROUND(CAST(amount AS REAL) * 100) AS INTEGER)",
        "ALTER TABLE deal RENAME COLUMN amount TO amount_old",
        "ALTER TABLE deal RENAME COLUMN amount_new TO amount",
    ),
    "postgresql": (
        "ALTER TABLE deal ADD COLUMN note TEXT",
        "ALTER TABLE deal RENAME COLUMN title TO name",
        "ALTER TABLE deal ADD COLUMN amount_new NUMERIC(28, 2)",
        "UPDATE deal SET amount_new = amount::numeric(28, 2)",
        "ALTER TABLE deal RENAME COLUMN amount TO amount_old",
        "ALTER TABLE deal RENAME COLUMN amount_new TO amount",
    ),
}


def comparisons(size: Size) -> Iterator[Comparison]:
    """SQLite, then PostgreSQL."""
    rows = size.of(ROWS)
    with tempfile.TemporaryDirectory() as folder:
        if "sqlite" in size.databases:
            filled = Path(folder) / "filled.sqlite3"
            _fill(f"sqlite:///{filled}", rows)

            def copy_file(name: str) -> str:
                path = Path(folder) / f"{name}.sqlite3"
                shutil.copyfile(filled, path)
                return f"sqlite:///{path}"

            yield _comparison("SQLite", copy_file)
        if "postgresql" in size.databases:
            yield from _on_postgresql(Path(folder), rows)


def _on_postgresql(folder: Path, rows: int) -> Iterator[Comparison]:
    with postgresql(folder) as make:
        url = make("filled")
        _fill(url, rows)
        maintenance = sa.create_engine(
            url.replace("/filled?", "/postgres?"), isolation_level="AUTOCOMMIT", poolclass=sa.NullPool
        )

        def copy_database(name: str) -> str:
            with maintenance.connect() as connection:
                connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
                connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE filled STRATEGY FILE_COPY")
            return url.replace("/filled?", f"/{name}?")

        yield _comparison("PostgreSQL", copy_database)


def _comparison(name: str, copy: Callable[[str], str]) -> Comparison:
    def ours() -> None:
        with Host(_documents(later=True), copy("ours"), engines=ENGINES) as host:
            host.publish()

    def by_hand() -> None:
        engine = sa.create_engine(copy("hand"), poolclass=sa.NullPool)
        with engine.begin() as connection:
            for statement in BY_HAND[engine.dialect.name]:
                connection.exec_driver_sql(statement)

    return Comparison(f"apply a version to a million rows, {name}", ours, by_hand, 0.3, "applies")


def _documents(*, later: bool) -> dict[str, Any]:
    fields: list[dict[str, Any]] = [
        {"id": "t", "name": "name" if later else "title", "type": "text"},
        {"id": "a", "name": "amount", "type": "money" if later else "text"},
        *([{"name": "note", "type": "text"}] if later else []),
    ]
    form = {"name": "deal", "fields": fields, "permissions": [{"role": "sales", "can": ["read"]}]}
    return {"app.json": {"name": "bench", "roles": [{"name": "sales"}]}, "forms/deal.json": form}


def _fill(url: str, rows: int) -> None:
    with Host(_documents(later=False), url, engines=ENGINES) as host:
        host.publish()
        with host.database.engine.begin() as connection:
            connection.execute(sa.text(FILL[host.database.dialect_name].replace("%%", "%").format(rows=rows)))
