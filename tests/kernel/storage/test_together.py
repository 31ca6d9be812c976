"""Writes that are kept back leave the same rows whether they are sent one by one or as one statement."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy import bindparam as given

from lowcode.kernel.storage import StaleWrite, open_database
from lowcode.kernel.storage.database import Database
from lowcode.kernel.storage.prepared import Prepared
from lowcode.kernel.storage.tables import Id
from lowcode.kernel.storage.together import MANY, USUAL, Together, Write, apart
from tests.support.postgresql import Server

metadata = sa.MetaData()
desk = sa.Table(
    "desk", metadata, sa.Column("id", Id, primary_key=True), sa.Column("key", sa.Text, unique=True),
    sa.Column("state", sa.Text), sa.Column("room", sa.Text),
    sa.Index("desk_once", "room", unique=True, postgresql_where=sa.text("state = 'open'")),
)  # fmt: skip
line = sa.Table(
    "line",
    metadata,
    sa.Column("id", Id, primary_key=True),
    sa.Column("desk", sa.BigInteger),
    sa.Column("text", sa.Text),
)
SET_TEXT = sa.update(line).where(line.c.desk == given("of_desk")).values(text=given("new_text"))
SET_STATE = sa.update(desk).where(desk.c.id == given("of_desk")).values(state=given("new_state"))
SET_KEY = sa.update(desk).where(desk.c.id == given("of_desk")).values(key=given("new_key"))
KEYS = sa.select(desk.c.key, desk.c.state).order_by(desk.c.id)
TEXTS = sa.select(line.c.text, line.c.desk).order_by(line.c.id)
CLEAR = sa.delete(line).where(line.c.desk == given("of_desk"))


@pytest.fixture
def database(postgresql_server: Server) -> Iterator[Database]:
    """An empty database with a desk and its lines."""
    with postgresql_server.database() as url:
        opened = open_database(url)
        opened.adopt(metadata, sa.MetaData())
        metadata.create_all(opened.engine)
        yield opened
        opened.close()


def test_only_writes_that_do_not_meet_are_made_one(database: Database) -> None:
    """A change and then new rows, or several tables; no change of rows that were just added, none of what is unique."""
    more_lines = database.prepare_insert(line, ("desk", "text"))
    more_desks = database.prepare_insert(desk, ("id", "key", "state"))
    text, state, key, clear = (database.prepare(each) for each in (SET_TEXT, SET_STATE, SET_KEY, CLEAR))
    fitting = [[text, more_lines, more_lines], [state, text, more_lines], [key, more_lines], [more_desks, more_lines]]
    meeting = [[more_lines, text], [text, text], [key, more_desks], [clear, more_lines], [state, more_desks]]
    assert [True] * 4 + [False] * 5 == [apart(each) for each in (*fitting, *meeting)]
    together = Together()
    writes: list[Write] = [(text, {}, False), (more_lines, {}, False)]
    assert [False] * USUAL + [True] == [together.fits(writes) for _ in range(USUAL + 1)]
    assert not together.fits(writes * MANY)
    assert together.fits([(text, {}, True), *writes[1:]])


def test_one_statement_leaves_what_several_leave(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Random transactions, each often enough to become one statement; new rows keep the order of their ids."""
    chance = random.Random(11)
    kinds = [chance.choices("llltskd", k=chance.randint(2, 5)) for _ in range(12)]
    plan = [("".join(each), chance.randint(1, 3)) for each in kinds for _ in range(USUAL + 2)]

    def written(offset: int) -> list[tuple[object, ...]]:
        for number, (kind, of_desk) in enumerate(plan):
            with database.transaction() as unit:
                if number % 2:  # one that asked before it writes
                    unit.locked(KEYS)
                for place, letter in enumerate(kind):
                    value = f"{number}-{place} 100% $1"
                    prepared, values = _write(database, letter, of_desk, value, offset + number * 10 + place)
                    unit.write(prepared, values)
        with database.reading() as unit:
            return [tuple(row.values()) for each in (KEYS, TEXTS) for row in unit.fetch(each)]

    together = written(1000)
    assert 3 <= len(database.together._texts)  # type: ignore[attr-defined]
    with database.transaction() as unit:
        unit.run(sa.delete(desk))
        unit.run(sa.delete(line))
    monkeypatch.setattr(Together, "fits", lambda *_, **more: False)
    assert written(1000) == together


@pytest.mark.requirement("F8")
def test_rows_are_taken_in_the_order_of_the_writes(database: Database) -> None:
    """By one statement as by several, so that two saves that want the same rows do not wait for one another."""
    number = sa.cast(sa.func.nextval(sa.text("'desk_id_seq'")), sa.Text)
    changes = sa.update(desk).values(state=number), sa.update(line).values(text=number)
    marks = [database.prepare(each) for each in changes]
    with database.transaction() as unit:
        unit.insert(desk, key="A")
        unit.insert(line, desk=1)
    for turn in range(2 * (USUAL + 2)):
        with database.transaction() as unit:
            if turn % 2:  # otherwise it is one statement, and what has to hit is asked for by it
                unit.locked(KEYS)
            for each in marks:
                unit.write(each, {}, must_hit=turn % 2 == 0)
        with database.reading() as unit:
            first, second = unit.fetch(KEYS)[0]["state"], unit.fetch(TEXTS)[0]["text"]
        assert int(first) < int(second)


def test_what_has_to_hit_is_seen_among_others(database: Database) -> None:
    """A write that hits nothing undoes all of its transaction, one that hits nothing of it, as one statement as well
    as several; a savepoint around it can be given up, and the transaction goes on."""
    change, more = database.prepare(SET_TEXT), database.prepare_insert(line, ("desk", "text"))
    with database.transaction() as unit:
        unit.write(more, {"desk": 1, "text": "first"})
    for turn in range(USUAL + 2):
        for desk_, hits in ((1, True), (77, False)):
            with database.transaction() as unit:
                unit.locked(KEYS)
                try:
                    with unit.savepoint():
                        unit.write(change, {"of_desk": desk_, "new_text": f"turn {turn}"}, must_hit=True)
                        unit.write(more, {"desk": 2, "text": f"turn {turn}"})
                    assert hits
                except StaleWrite:
                    assert not hits
    expected = [(f"turn {USUAL + 1}", 1), *((f"turn {turn}", 2) for turn in range(USUAL + 2))]
    with database.reading() as unit:
        assert sorted(expected) == sorted((row["text"], row["desk"]) for row in unit.fetch(TEXTS))
    assert any("EXISTS" in text for text, _ in database.together._texts.values())  # type: ignore[attr-defined]


def _write(
    database: Database, letter: str, of_desk: int, value: str, number: int
) -> tuple[Prepared, dict[str, object]]:
    match letter:
        case "l":
            return database.prepare_insert(line, ("desk", "text")), {"desk": of_desk, "text": value}
        case "t":
            return database.prepare(SET_TEXT), {"of_desk": of_desk, "new_text": value}
        case "s":
            return database.prepare(SET_STATE), {"of_desk": 1000, "new_state": value}
        case "k":
            return database.prepare(SET_KEY), {"of_desk": 1000, "new_key": value}
        case _:
            return database.prepare_insert(desk, ("id", "key", "state")), {"id": number, "key": value, "state": "new"}
