"""A tick reads a range of an index: no rule scans a table, however many records there are."""

from __future__ import annotations

import sqlite3
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.rules.apps import START, rule, trial

RULES = (
    rule(
        "silent", {"inactive": {"since": "COALESCE(touched_at, assigned_at)", "for": {"days": 7}}},
        {"set": {"note": '"x"'}}, when='owner is not blank and stage in ("new", "contacted")',
    ),
    rule("visited", {"inactive": {"since": "last_visit_at", "for": {"days": 7}}}, {"set": {"note": '"x"'}}),
    rule("renewal", {"date": {"field": "contract_end", "before": {"days": 30}}}, {"set": {"note": '"x"'}}),
    rule("birthday", {"date": {"field": "birthday", "yearly": True}}, {"set": {"note": '"x"'}}, when="score > 1"),
)  # fmt: skip
KEYS = [("inactive", "silent"), ("inactive", "visited"), ("date", "renewal"), ("yearly", "birthday")]


@pytest.mark.parametrize("key", KEYS, ids=lambda each: each[1])
def test_windows_are_answered_by_indexes(key: tuple[str, str], tmp_path: Path) -> None:
    """SQLite's plan of each statement searches indexes and scans nothing."""
    path = tmp_path / "plan.sqlite3"
    with trial(f"sqlite:///{path}", *RULES) as app:
        app.advance(days=2)
        statement: Any = app.host._cache[("rules", *key)].statement
        prepared = app.host.database.prepare(statement)
    connection = sqlite3.connect(path)
    try:
        plan = [
            str(row[3])
            for row in connection.execute(f"EXPLAIN QUERY PLAN {prepared.text}", [None] * len(prepared.names))
        ]
    finally:
        connection.close()
    leads = [step for step in plan if "lead" in step]
    assert leads and all(step.startswith("SEARCH") and "INDEX" in step for step in leads), plan


def test_a_tick_over_many_records_takes_no_longer_than_over_few(tmp_path: Path) -> None:
    """Twenty thousand leads, of which three are due; what others do on the machine does not count."""
    path = tmp_path / "many.sqlite3"
    with trial(f"sqlite:///{path}", RULES[0]) as app:
        lead = app.create(assigned_at=START - timedelta(days=400))
        connection = sqlite3.connect(path)
        table = app.host.types["lead"].table.name
        names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[1] != "id"]
        copied = ", ".join(names)
        connection.execute(
            f"WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 20000) "
            f"INSERT INTO {table} (id, {copied}) SELECT 100000 + x, {copied} FROM {table}, n WHERE {table}.id = {lead}"
        )
        connection.commit()
        connection.close()
        due = [app.create(assigned_at=START) for _ in range(3)]
        app.clock.advance(timedelta(days=7, minutes=1))
        started = time.process_time()
        app.host.tick()
        elapsed = time.process_time() - started
        app.host.deliver()
        assert [app.get(each)["note"] for each in due] == ["x"] * 3
        assert app.get(lead)["note"] is None
        assert elapsed < 0.1
