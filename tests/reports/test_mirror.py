"""The mirror answers what the database answers: for any question, person and change, after restarts and kills."""

from __future__ import annotations

import json
import os
import random
import signal
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from lowcode.kernel.diagnostics import Forbidden, Rejected
from lowcode.kernel.expressions import NotPushable, Type
from lowcode.kernel.expressions.sql.portable import PortableLowering
from lowcode.kernel.identity import Actor
from lowcode.reports.mirror import warehouse
from lowcode.reports.mirror.keeping import Mirror
from lowcode.reports.mirror.notes import trigger_names
from tests.reports.opened import DIRECTOR, FIRM, NOW, SALES, Opened, fill, money, open_firm
from tests.support.forked import run_forked

ROOT = Actor(9, "root", "Root", frozenset({"administrator"}), locale="en")
PEOPLE = (DIRECTOR, *SALES)
FILTERS: tuple[dict[str, Any], ...] = ({}, {"period": "last_90_days"}, {"owner": 2}, {"industry": "cars"})


def mirror_of(opened: Opened) -> Mirror:
    """The mirror of a firm, open."""
    engine: Any = next(each for each in opened.host.engines if each.name == "reports")
    mirror: Mirror = engine.mirror_of(opened.host)
    if mirror.copy is None:
        opened.host.ask(DIRECTOR, "reports.run", report="total")
        mirror.wait()
    assert mirror.copy is not None and not mirror.broken
    return mirror


@contextmanager
def mirrored(url: str, **mirror: Any) -> Iterator[Opened]:
    """A firm whose every report is asked of the mirror."""
    opened = open_firm(url, mirror={"rows": 0, **mirror})
    try:
        yield opened
    finally:
        opened.host.close()


def both(opened: Opened, actor: Actor, operation: str, **asked: Any) -> tuple[Any, Any]:
    """What is answered with the mirror, and by the database alone."""
    mirror = mirror_of(opened)
    found = []
    for broken in (False, True):
        mirror.broken = broken
        try:
            found.append(opened.host.ask(actor, operation, **asked))
        except (Forbidden, Rejected) as refused:
            found.append([each.code for each in refused.problems])
    mirror.broken = False
    return found[0], found[1]


def compare(opened: Opened) -> None:
    """Every report, for everybody, under every filter."""
    for name in opened.host.app.plans["reports"].reports:
        for actor in PEOPLE:
            for filters in FILTERS:
                copied, expected = both(opened, actor, "reports.run", report=name, filters=filters)
                assert copied == expected, (name, actor.login, filters)


def change(opened: Opened, dice: random.Random, what: str) -> None:
    """Something happens to a deal."""
    deals = [row["id"] for row in opened.rows["deal"]]
    deal = dice.choice(deals)
    if what == "amount":
        opened.ask(DIRECTOR, "records.update", type="deal", id=deal, values={"amount": money(dice, 1000)})
    elif what == "owner":
        opened.ask(DIRECTOR, "records.update", type="deal", id=deal, values={"owner": dice.choice((2, 3))})
    elif what == "lines":
        rows = [{"product": "z", "quantity": 2, "price": "7.50"}]
        opened.ask(DIRECTOR, "records.update", type="deal", id=deal, values={"items": rows})
    elif what == "delete":
        opened.ask(DIRECTOR, "records.delete", type="deal", id=deal)
        opened.rows["deal"] = [row for row in opened.rows["deal"] if row["id"] != deal] or opened.rows["deal"]
        if len(deals) == 1:
            opened.add("deal", name="new", owner=2, amount=Decimal(5))
    else:
        opened.add("deal", name="new", owner=dice.choice((2, 3)), amount=money(dice, 1000), closed_at=NOW)


@pytest.mark.requirement("B18")
def test_the_mirror_answers_as_the_database(database_url: str, tmp_path: Path) -> None:
    """Every report of the firm, for a director and two sellers: the same rows, totals and refusals; most are answered
    by the mirror, and what it does not hold is left to the database."""
    url = database_url if database_url.startswith("postgres") else f"sqlite:///{tmp_path / 'firm.sqlite3'}"
    with mirrored(url) as opened:
        fill(opened, 1)
        compare(opened)
        told = mirror_of(opened).told
        assert told.answered > 60, told


CHANGES = st.lists(st.sampled_from(["amount", "owner", "lines", "delete", "create"]), max_size=6)


@pytest.mark.requirement("B18", "SB18")
@given(st.integers(0, 999), CHANGES)
@settings(max_examples=5, deadline=None)
def test_whatever_changes_the_mirror_follows(seed: int, changes: list[str]) -> None:
    """Random records, and after each random change the next question is answered as the database answers it: no row
    too many for anybody, none missing, however fresh."""
    dice = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder, mirrored(f"sqlite:///{folder}/firm.sqlite3") as opened:
        fill(opened, seed, accounts=4, deals=12, visits=8)
        names = list(opened.host.app.plans["reports"].reports)
        mirror_of(opened)
        for what in ["nothing", *changes]:
            if what != "nothing":
                change(opened, dice, what)
            for name in ("total", dice.choice(names), dice.choice(names)):
                actor, filters = dice.choice(PEOPLE), dice.choice(FILTERS)
                copied, expected = both(opened, actor, "reports.run", report=name, filters=filters)
                assert copied == expected, (what, name, actor.login, filters)
        assert mirror_of(opened).told.answered


@pytest.mark.requirement("B18")
def test_the_mirror_survives(tmp_path: Path) -> None:
    """A process that ends leaves its copy to the next one, which only reads what is new; a copy that cannot be read is
    made anew; a table made anew without its triggers is noticed before the next answer."""
    url = f"sqlite:///{tmp_path / 'firm.sqlite3'}"
    with mirrored(url) as opened:
        fill(opened, 2, deals=10)
        first = mirror_of(opened).copy
        assert first is not None
        path, state = Path(first.place), first.state()
        opened.add("deal", name="late", owner=2, amount=Decimal(77))
    with mirrored(url) as opened:
        second = mirror_of(opened).copy
        assert second is not None and (Path(second.place), second.state()[0]) == (path, state[0])  # type: ignore[index]
        expected = both(opened, DIRECTOR, "reports.run", report="total")
        assert expected[0] == expected[1]
        with opened.host.session() as context:
            context.unit.begin()
            for trigger in trigger_names(["deal"]):
                context.unit.command(f'DROP TRIGGER "{trigger}"')
            context.unit.command('UPDATE "deal" SET amount = amount + 100')
        copied, expected_now = both(opened, DIRECTOR, "reports.run", report="total")
        assert copied == expected_now != expected[0]
        mirror_of(opened).wait()
        again = both(opened, DIRECTOR, "reports.run", report="total")
        assert again[0] == again[1] == expected_now
        assert opened.host.ask(ROOT, "reports.rebuild_mirror")["open"]
        with pytest.raises(Forbidden):
            opened.host.ask(DIRECTOR, "reports.mirror")
    path.write_bytes(b"nothing a database would write")
    with mirrored(url) as opened:
        copied, expected_now = both(opened, SALES[0], "reports.run", report="total")
        assert copied == expected_now


@pytest.mark.requirement("B18")
@pytest.mark.parametrize("speaks", ["PostgreSQL", "what all databases do"])
def test_a_warehouse_answers_as_the_database(
    speaks: str, postgresql_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy in another database, asked as PostgreSQL and as one of which nothing is known: every report as before,
    and after a change by another process, which shares the copy."""
    if speaks != "PostgreSQL":
        monkeypatch.setattr(warehouse, "LOWERINGS", {})
    monkeypatch.setattr(warehouse, "PIECE", 2)
    monkeypatch.setenv("LOWCODE_SECRET_WAREHOUSE", postgresql_url)
    url = f"sqlite:///{tmp_path / 'firm.sqlite3'}"
    with mirrored(url, warehouse="WAREHOUSE") as opened:
        fill(opened, 1)
        compare(opened)
        told = mirror_of(opened).told
        assert told.answered > (60 if speaks == "PostgreSQL" else 30), told
        with mirrored(url, warehouse="WAREHOUSE") as other:
            other.add("deal", name="of another process", owner=2, amount=Decimal("1234567890.12"))
            for each in (other, opened):
                copied, expected = both(each, DIRECTOR, "reports.run", report="total")
                assert copied == expected and "1234567890" not in str(opened.rows)
            assert opened.host.ask(ROOT, "reports.mirror")["place"].startswith("postgresql: ")


def test_what_is_unknown_is_not_asked_which_text_comes_first() -> None:
    """Each database has an order of texts of its own; numbers and days have one."""
    lowering: Any = PortableLowering(None)  # type: ignore[arg-type]
    column: Any = sa.column("x")
    assert column is lowering.ordered(column, Type("date")) is lowering.ordered(column, Type("number"))
    for kind in ("text", "choice"):
        with pytest.raises(NotPushable):
            lowering.ordered(column, Type(kind))


@pytest.mark.requirement("B18")
def test_two_processes_never_leave_a_warehouse_behind(postgresql_server: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both save and ask at once; whoever finds that the other brought the copy further looks again."""
    with postgresql_server.database() as own, postgresql_server.database() as there:
        monkeypatch.setenv("LOWCODE_SECRET_WAREHOUSE", there)
        with mirrored(own, warehouse="WAREHOUSE") as first, mirrored(own, warehouse="WAREHOUSE") as second:
            fill(first, 5, deals=4)

            def work(opened: Opened) -> list[Any]:
                wrong = []
                for number in range(8):
                    opened.add("deal", name=f"deal {number}", owner=2, amount=Decimal(number))
                    wrong.append(opened.host.ask(DIRECTOR, "reports.run", report="total")["rows"])
                return wrong

            for each in (first, second):
                mirror_of(each)
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(work, (first, second)))
            for each in (first, second):
                copied, expected = both(each, DIRECTOR, "reports.run", report="total")
                assert copied == expected and mirror_of(each).told.answered > 5, mirror_of(each).told


@pytest.mark.requirement("B18")
@pytest.mark.parametrize(
    ("address", "trouble"),
    [
        (None, "the secret 'WAREHOUSE' with the address of the warehouse is not set"),
        ("nosuch://there", "install its dialect"),
        ("sqlite:///{folder}/house.sqlite3", "it does not add decimals exactly"),
        ("postgresql+psycopg://nobody@127.0.0.1:9/none?connect_timeout=1", "connection"),
    ],
)
def test_a_warehouse_that_does_not_do_is_left_alone(
    address: str | None, trouble: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database answers, and who looks after the app is told why."""
    monkeypatch.delenv("LOWCODE_SECRET_WAREHOUSE", raising=False)
    if address is not None:
        monkeypatch.setenv("LOWCODE_SECRET_WAREHOUSE", address.format(folder=tmp_path))
    with mirrored(f"sqlite:///{tmp_path / 'firm.sqlite3'}", warehouse="WAREHOUSE") as opened:
        fill(opened, 4, deals=3)
        engine: Any = next(each for each in opened.host.engines if each.name == "reports")
        for _ in range(2):
            assert opened.host.ask(DIRECTOR, "reports.run", report="total")["rows"]
            engine.mirror_of(opened.host).wait()
        told = opened.host.ask(ROOT, "reports.mirror")
        assert trouble in told["trouble"] and told["answered"] == 0 and told["left"]


@pytest.mark.requirement("B18")
def test_the_mirror_goes_on_with_another_version(tmp_path: Path) -> None:
    """A version that is published while the app runs brings a field, another takes it away: no question fails
    meanwhile, and the copy soon holds what there is now."""
    with mirrored(f"sqlite:///{tmp_path / 'firm.sqlite3'}") as opened:
        fill(opened, 3, deals=6)
        host, mirror = opened.host, mirror_of(opened)
        plain = json.loads((FIRM / "forms/deal.json").read_text("utf-8"))
        heavy = {**plain, "fields": [*plain["fields"], {"name": "weight", "type": "integer"}]}
        for form in (heavy, plain):
            changed = {"forms/deal.json": form}
            seen = host.ask(ROOT, "app.plan", documents=changed, allow=["purge:deal.weight"])
            allow = [*seen["consents"], "purge:deal.weight"]
            host.ask(ROOT, "app.publish", documents=changed, plan=seen["plan"], allow=allow)
            opened.add("deal", name="after", owner=2, amount=Decimal(5))
            for _ in range(2):
                copied, expected = both(opened, DIRECTOR, "reports.run", report="total")
                assert copied == expected
                mirror.wait()
            answered = mirror.told.answered
            copied, expected = both(opened, DIRECTOR, "reports.run", report="total")
            assert copied == expected and mirror.told.answered > answered, mirror.told
            assert ("weight" in mirror.tables["deal"].shape) == (form is heavy)


def die(url: str) -> None:
    """Be killed between what is copied and what is not yet."""
    opened = open_firm(url, mirror={"rows": 0})
    mirror_of(opened)
    opened.add("deal", name="before the end", owner=2, amount=Decimal(1000))
    opened.host.ask(DIRECTOR, "reports.run", report="total")
    opened.add("deal", name="not copied any more", owner=3, amount=Decimal(5000))
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_killed_process_leaves_a_copy_that_is_right(tmp_path: Path) -> None:
    """Killed in the midst of its work: the next process finds the copy at the moment before, and goes on from there."""
    url = f"sqlite:///{tmp_path / 'firm.sqlite3'}"
    with mirrored(url) as opened:
        fill(opened, 3, deals=8)
    assert run_forked(die, url) == -signal.SIGKILL
    with mirrored(url) as opened:
        for actor in PEOPLE:
            copied, expected = both(opened, actor, "reports.run", report="total")
            assert copied == expected
        assert mirror_of(opened).told.answered


def test_an_app_without_a_mirror_has_none() -> None:
    """It is asked for in app.json, and a database in memory is never copied."""
    opened = open_firm()
    with pytest.raises(Rejected) as refused:
        opened.host.ask(ROOT, "reports.mirror")
    assert [each.code for each in refused.value.problems] == ["reports.no-mirror"]
    opened.host.close()
    small = open_firm(mirror={"rows": 0})
    fill(small, 4, deals=3)
    assert small.host.ask(DIRECTOR, "reports.run", report="total")["rows"]
    assert small.host.ask(ROOT, "reports.mirror")["answered"] == 0
    small.host.close()
