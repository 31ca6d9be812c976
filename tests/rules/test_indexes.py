"""A tick reads a range of an index: no rule scans a table, however many records there are."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.rules.apps import START, Trial, rule, trial

RULES = (
    rule(
        "silent", {"inactive": {"since": "COALESCE(touched_at, assigned_at)", "for": {"days": 7}}},
        {"set": {"note": '"x"'}}, when='owner is not blank and stage in ("new", "contacted")',
    ),
    rule("visited", {"inactive": {"since": "last_visit_at", "for": {"days": 7}}}, {"set": {"note": '"x"'}}),
    rule("renewal", {"date": {"field": "contract_end", "before": {"days": 30}}}, {"set": {"note": '"x"'}}),
    rule("birthday", {"date": {"field": "birthday", "yearly": True}}, {"set": {"note": '"x"'}}, when="score > 1"),
)  # fmt: skip
KEYS: list[tuple[tuple[str, str], set[str]]] = [
    (("inactive", "silent"), {"touched_at", "assigned_at"}), (("inactive", "visited"), {"last_visit_at"}),
    (("date", "renewal"), {"contract_end"}), (("yearly", "birthday"), {"birthday"}),
]  # fmt: skip


@contextmanager
def filled(path: Path, leads: int, *rules: Any) -> Iterator[Trial]:
    """An app with so many leads of one stage, whose tables the planner knows as it knows them after some minutes."""
    with trial(f"sqlite:///{path}", *rules) as app:
        lead = app.create(assigned_at=START - timedelta(days=400))
        connection = sqlite3.connect(path)
        table = app.host.types["lead"].table.name
        names = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[1] != "id"]
        copied = ", ".join(names)
        connection.execute(
            f"WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < {leads}) "
            f"INSERT INTO {table} (id, {copied}) SELECT 100000 + x, {copied} FROM {table}, n WHERE {table}.id = {lead}"
        )
        connection.execute(f"UPDATE {table} SET birthday = date('1950-01-01', '+' || (id % 15000) || ' days')")
        connection.commit()
        connection.close()
        app.advance(minutes=10)
        yield app


@pytest.mark.parametrize(("key", "dates"), KEYS, ids=lambda each: each[1] if isinstance(each, tuple) else "")
def test_windows_are_answered_by_indexes(key: tuple[str, str], dates: set[str], tmp_path: Path) -> None:
    """SQLite's plan of each statement searches the indexes of the dates, not one of what else the rule asks for."""
    path = tmp_path / "plan.sqlite3"
    with filled(path, 2000, *RULES) as app:
        app.advance(days=2)
        [kept] = [each for each in app.host._cache if each[:3] == ("selecting", *key)]
        statement: Any = app.host._cache[kept].statement
        prepared = app.host.database.prepare(statement)
    connection = sqlite3.connect(path)
    try:
        plan = [
            str(row[3])
            for row in connection.execute(f"EXPLAIN QUERY PLAN {prepared.text}", [None] * len(prepared.names))
        ]
    finally:
        connection.close()
    assert all(any(f"INDEX lead__{each} (" in step for step in plan) for each in dates), plan
    assert not any(step.startswith("SCAN lead") for step in plan), plan


def test_a_tick_over_many_records_takes_no_longer_than_over_few(tmp_path: Path) -> None:
    """Twenty thousand leads, of which three are due: the database takes as many steps as with twenty."""
    assert steps(tmp_path / "many.sqlite3", 20_000) <= 1.2 * steps(tmp_path / "few.sqlite3", 20)


def steps(path: Path, leads: int) -> int:
    """How many steps of its machine SQLite takes for a tick."""
    counted = 0

    def step() -> None:
        nonlocal counted
        counted += 1

    with filled(path, leads, RULES[0]) as app:
        due = [app.create(assigned_at=START) for _ in range(3)]
        app.clock.advance(timedelta(days=7, minutes=1))
        database: Any = app.host.database
        for each in (database.writer.connection, *database._readers):
            each.set_progress_handler(step, 1)
        app.host.tick()
        for each in (database.writer.connection, *database._readers):
            each.set_progress_handler(None, 1)
        app.host.deliver()
        assert [app.get(each)["note"] for each in due] == ["x"] * 3
    return counted
