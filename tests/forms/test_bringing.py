"""Large files brought in behind the scenes: as at once, with progress, cancelled, taken back; on both databases."""

from __future__ import annotations

import io
import tracemalloc
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
import xlsxwriter

from lowcode.forms.operations import bringing, sheets
from lowcode.forms.tables import import_key, import_part
from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected
from lowcode.kernel.identity import APP
from lowcode.kernel.storage.files import keep
from tests.forms.firm import Firm, firm

TITLES = ("名称", "电话", "邮箱", "预算", "起始")


def lines(count: int, start: int = 0) -> list[tuple[Any, ...]]:
    return [
        (f"客户{number:05}", f"1380013{number % 10000:04}", f"a{number}@example.com", number, "2026-01-02")
        for number in range(start, start + count)
    ]


def csv_of(rows: list[tuple[Any, ...]]) -> bytes:
    return "\n".join(",".join(map(str, row)) for row in (TITLES, *rows)).encode()


def upload(app: Firm, content: bytes, name: str = "customers.csv", login: str = "ann") -> int:
    found: dict[str, Any] = app.host.write(
        lambda unit: keep(app.host.context(unit, app.host.actor(login)), name, "text/csv", content)
    )
    return int(found["id"])


@pytest.mark.requirement("SF10", "F20")
def test_a_file_that_was_sent_in_pieces(database_url: str) -> None:
    """A file larger than one upload takes comes in as several, and is one."""
    with firm(database_url) as app:
        content = csv_of(lines(45))
        first, *more = [upload(app, content[at : at + 500]) for at in range(0, len(content), 500)]
        run = app.ask("ann", "forms.start_import", form="customer", file=first, more=more)["run"]
        app.host.deliver()
        assert ("done", 45, []) == tuple(state(app, run)[name] for name in ("state", "create", "problems"))
        with pytest.raises(NotFound):
            app.ask("ben", "forms.start_import", form="customer", file=upload(app, content, login="ben"), more=more)


def begun(app: Firm, content: bytes, name: str = "customers.csv", **options: Any) -> int:
    file = upload(app, content, name)
    return int(app.ask("ann", "forms.start_import", form="customer", file=file, **options)["run"])


def state(app: Firm, run: int) -> dict[str, Any]:
    found: dict[str, Any] = app.ask("ann", "forms.import_progress", run=run)
    return found


def count(app: Firm) -> int:
    table = app.host.types["customer"].table
    with app.host.database.reading() as unit:
        return len(unit.fetch(sa.select(table.c.id).where(table.c.deleted_at.is_(None))))


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of twenty rows, so that a test has several of them."""
    monkeypatch.setattr(bringing, "PART", 20)


@pytest.mark.requirement("SF10", "F20", "X14")
def test_part_by_part(database_url: str) -> None:
    """Every row through the one write path as the person; the answer is that of an import at once, and it is kept no
    longer than it is needed."""
    with firm(database_url) as app:
        run = begun(app, csv_of(lines(130)))
        assert ("reading", 0) == tuple(state(app, run)[key] for key in ("state", "done"))
        app.host.settle()
        found = state(app, run)
        assert ("done", 130, 130, 130, 0) == tuple(
            found[key] for key in ("state", "total", "done", "create", "refused")
        )
        assert (130, "名称", "name", 2) == (
            count(app), found["columns"][0]["title"], found["columns"][0]["field"], found["preview"][0]["row"],
        )  # fmt: skip
        (last,) = app.ask("ann", "records.list", type="customer", where='email = "a129@example.com"')["items"]
        assert (129, app.person("ann")) == (last["budget"], last["owner"])
        with app.host.database.reading() as unit:
            assert (7, 0) == (
                len(unit.fetch(sa.select(import_part.c.number).where(import_part.c.rows.is_(None)))),
                len(unit.fetch(sa.select(import_key))),
            )


GIVE_UP = 9
"""Attempts, and the time between them, after which a job is given up."""


def halted(app: Firm, run: int, monkeypatch: pytest.MonkeyPatch, broken: str) -> dict[str, Any]:
    """Work that fails until it is given up; then its cause is gone."""
    clock: Any = app.host.clock
    with monkeypatch.context() as patch:

        def fail(*_: Any, **__: Any) -> None:
            raise OSError("the secret of a row")

        patch.setattr(bringing, broken, fail)
        for _ in range(GIVE_UP):
            app.host.deliver()
            clock.advance(timedelta(hours=11))
    found = state(app, run)
    assert ("halted", True, False) == (found["state"], "OSError" in found["error"], "secret" in found["error"])
    return found


@pytest.mark.requirement("SF10", "F20", "X14")
@pytest.mark.parametrize("how", ["resumed", "replayed", "undone", "cancelled"])
def test_an_import_that_was_given_up_says_so(database_url: str, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing stays running for ever: it says that it came to a halt and why, and is gone on with where it was, taken
    back or stopped; by whoever began it, or by an administrator who has the job done once more."""
    with firm(database_url) as app:
        run = begun(app, csv_of(lines(45)))
        app.host.deliver(limit=2)
        assert 20 == halted(app, run, monkeypatch, "_bring")["done"]
        (shown,) = app.ask("ann", "forms.imports", form="customer")["items"]
        assert ("halted", True) == (shown["state"], shown["undoable"])
        if how == "replayed":
            (job,) = app.ask(None, "jobs.dead")["items"]
            app.ask(None, "jobs.replay", ids=(job["id"],))
        else:
            asked = {"resumed": "resume_import", "undone": "undo_run", "cancelled": "cancel_import"}[how]
            with pytest.raises(NotFound):
                app.ask("ben", f"forms.{asked}", run=run)
            app.ask("ann", f"forms.{asked}", run=run)
        app.host.settle()
        ended = {
            "resumed": ("done", 45),
            "replayed": ("done", 45),
            "undone": ("undone", 0),
            "cancelled": ("cancelled", 20),
        }
        found = state(app, run)
        assert (*ended[how], None) == (found["state"], count(app), found["error"])


@pytest.mark.requirement("SF10", "F20")
@pytest.mark.parametrize(("broken", "ended"), [("_lay_out", ("done", 45)), ("in_batch", ("undone", 0))])
def test_reading_and_taking_back_come_to_a_halt_as_well(
    broken: str, ended: tuple[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Gone on with, each does what it was at."""
    with firm("sqlite://") as app:
        run = begun(app, csv_of(lines(45)))
        if broken == "in_batch":
            app.host.settle()
            app.ask("ann", "forms.undo_run", run=run)
        halted(app, run, monkeypatch, broken)
        app.ask("ann", "forms.resume_import", run=run)
        app.host.settle()
        assert ended == (state(app, run)["state"], count(app))


@pytest.mark.requirement("F21", "X14")
def test_before_anything_is_written(database_url: str) -> None:
    """A dry run names every cell that is wrong, the same key in two parts too, and leaves nothing; what is put right in
    place is right."""
    with firm(database_url) as app:
        rows = lines(60)
        rows[3] = ("", *rows[3][1:])
        rows[50] = (*rows[50][:3], "much", rows[50][4])
        rows[59] = (*rows[59][:2], "a1@example.com", *rows[59][3:])
        run = begun(app, csv_of(rows), dry_run=True)
        app.host.settle()
        found = state(app, run)
        assert ("done", True, 57, 3, 0) == (
            *(found[key] for key in ("state", "dry_run", "create", "refused")),
            count(app),
        )
        assert [(5, "name"), (52, "budget"), (61, "email")] == [
            (each["row"], each["field"]) for each in found["problems"]
        ]
        fixes = {5: {"name": "Put right"}, 52: {"budget": "7"}, 61: {"email": "other@example.com"}}
        run = begun(app, csv_of(rows), fixes=fixes)
        app.host.settle()
        assert (60, 0) == (count(app), state(app, run)["refused"])
        with pytest.raises(NotFound):
            app.ask("ben", "forms.import_progress", run=run)


@pytest.mark.requirement("F22", "X14")
def test_taken_back(database_url: str) -> None:
    """All of it, updates too, whoever's turn it was in between; what somebody worked on since stays."""
    with firm(database_url) as app:
        for row in lines(3):
            app.create("ann", "customer", name="Before", email=row[2])
        run = begun(app, csv_of(lines(50)), keys=("email",), duplicates="update")
        app.host.settle()
        assert (50, 3, 47) == (count(app), state(app, run)["update"], state(app, run)["create"])
        (touched,) = app.ask("ann", "records.list", type="customer", where='email = "a40@example.com"')["items"]
        app.ask("ann", "records.update", type="customer", id=touched["id"], values={"budget": 1})
        assert "undoing" == app.ask("ann", "forms.undo_run", run=run)["state"]
        app.host.settle()
        ended = state(app, run)
        assert ("undone", 4, 50) == (ended["state"], count(app), ended["done"])
        left = app.ask("ann", "records.list", type="customer", sort=("id",))["items"]
        assert ["Before", "Before", "Before", "客户00040"] == [each["name"] for each in left]


def test_cancelled_and_stopped(database_url: str) -> None:
    """What came in before stays and can be taken back; `stop` takes it back by itself."""
    with firm(database_url) as app:
        run = begun(app, csv_of(lines(100)))
        app.host.deliver(4)
        found = app.ask("ann", "forms.cancel_import", run=run)
        app.host.settle()
        assert ("cancelled", True) == (state(app, run)["state"], 0 < count(app) < 100)
        assert [] == kept(app)
        assert found["done"] == count(app)
        app.ask("ann", "forms.undo_run", run=run)
        app.host.settle()
        rows = lines(100)
        rows[90] = ("", *rows[90][1:])
        stopped = begun(app, csv_of(rows), on_error="stop")
        app.host.settle()
        assert ("stopped", 0, 92) == (
            state(app, stopped)["state"],
            count(app),
            state(app, stopped)["problems"][0]["row"],
        )
        assert [] == kept(app)


def test_cancelled_while_it_is_read(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the reader lays out nevertheless goes when it is done; what a reader left that died, with the next one."""
    with firm(database_url) as app:
        run = begun(app, csv_of(lines(100)))
        monkeypatch.setattr(bringing, "AT_ONCE", 2)
        lay_out = bringing._parts

        def cancelled(*given: Any) -> Any:
            for number, each in enumerate(lay_out(*given)):
                if number == 3:
                    app.ask("ann", "forms.cancel_import", run=run)
                    assert not kept(app)
                yield each

        monkeypatch.setattr(bringing, "_parts", cancelled)
        app.host.settle()
        assert ("cancelled", []) == (state(app, run)["state"], kept(app))
        part = {"run": run, "number": 1, "first": 2, "rows": {"columns": [["x"]], "lengths": None}, "made": None}
        app.host.write(lambda unit: unit.insert_many(import_part, [part]))
        with app.host.session(APP) as again:
            again.later("forms.read_import", run=run)
        app.host.settle()
        assert [] == kept(app)


def kept(app: Firm) -> list[Any]:
    """What is kept of the rows of a file."""
    with app.host.database.reading() as unit:
        rows = unit.fetch(sa.select(import_part.c.rows).where(import_part.c.rows.is_not(None)))
        return [*rows, *unit.fetch(sa.select(import_key))]


def test_what_cannot_be_read() -> None:
    """The run says so; who may not import does not get as far."""
    with firm("sqlite://") as app:
        for content, name in ((b"\xff\xfe\x00", "a.csv"), (b"PK\x03\x04 no", "a.xlsx"), (csv_of([]), "b.csv")):
            run = begun(app, content, name)
            app.host.settle()
            assert "failed" == state(app, run)["state"]
            assert state(app, run)["error"]
        run = begun(app, csv_of(lines(3)), mapping={"nothing": "name"})
        assert [] == state(app, run)["columns"]
        app.host.settle()
        assert [] == kept(app)
        assert ("failed", True) == (state(app, run)["state"], "nothing" in state(app, run)["error"])
        file = upload(app, csv_of(lines(1)), login="rea")
        with pytest.raises(Forbidden):
            app.ask("rea", "forms.start_import", form="customer", file=file)


def test_a_workbook_with_dates(database_url: str) -> None:
    """Cells that are days and numbers arrive as such; blank rows at the end are no rows."""
    with firm(database_url) as app:
        buffer = io.BytesIO()
        with xlsxwriter.Workbook(buffer) as book:
            sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
            sheet.write_row(0, 0, TITLES)
            for index, row in enumerate(lines(45), 1):
                sheet.write_row(index, 0, row[:4])
                sheet.write_datetime(index, 4, datetime(2026, 1, 2), day)
            sheet.write_string(90, 0, " ")
        run = begun(app, buffer.getvalue(), "customers.xlsx")
        app.host.settle()
        found = app.ask("ann", "records.list", type="customer", sort=("id",), limit=1)["items"][0]
        assert ("2026-01-02", 0, "done") == (found["since"].isoformat(), found["budget"], state(app, run)["state"])
        assert 45 == state(app, run)["create"]


def test_memory_does_not_grow_with_the_file() -> None:
    """Reading ten times the rows takes as much memory beyond the file itself."""
    peaks = []
    for rows in (2_000, 20_000):
        content = csv_of(lines(rows))
        tracemalloc.start()
        for _ in bringing._parts(sheets.stream("x.csv", io.BytesIO(content)), 1):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1] - len(content))
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 2


@pytest.mark.requirement("SF10", "F20")
def test_the_row_of_the_titles_is_chosen(database_url: str) -> None:
    """Where it is not found; at once and behind the scenes alike. The answer says which it was, and rows keep their
    numbers in the file."""
    content = "制表,2026-03-02\n部门,华东\n单位,联络\n甲公司,13812345678\n乙公司,1\n".encode()
    mapping = {"单位": "name", "联络": "phone"}
    with firm(database_url) as app:
        asked: dict[str, Any] = {"form": "customer", "content": content, "name": "x.csv", "dry_run": True}
        found = app.ask("ann", "forms.import", **asked)
        assert (found["header_row"], found["columns"][0]["title"]) == (1, "制表")
        found = app.ask("ann", "forms.import", **asked, header_row=3)
        assert (found["header_row"], [each["title"] for each in found["columns"]]) == (3, ["单位", "联络"])
        for row, code in ((6, "forms.no-header-row"), (5, "forms.empty-file"), (0, "ask.bad-parameter")):
            with pytest.raises(Rejected) as refused:
                app.ask("ann", "forms.import", **asked, header_row=row)
            assert [each.code for each in refused.value.problems] == [code]
        run = begun(app, content, header_row=3, mapping=mapping, dry_run=True)
        app.host.deliver()
        ended = state(app, run)
        found = app.ask("ann", "forms.import", **{**asked, "dry_run": False}, header_row=3, mapping=mapping)
        for each in (ended, found):
            assert (each["header_row"], each["create"], [one["row"] for one in each["problems"]]) == (3, 1, [5])
        run = begun(app, content, header_row=9)
        app.host.deliver()
        ended = state(app, run)
        assert ("failed", "the file has no row 9 to hold the titles; it has 5") == (ended["state"], ended["error"])


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("Customers, March 2026;;\nname;city;since\na;b;c\nd;e;f\n", ";"),  # a title with the other in it
        ("客户清单，2026, 三月\nname\tcity\na\tb\n", "\t"),
        ("name,tags\na,x;y;z\nb,x;y;z\n", ","),  # cells with the other in them
        ('name;price\n"a, b";1,50\nc;2,50\n', ";"),  # decimal commas
        ("name|city\na|b\n", "|"),
        ("name\na\n", ","),
        ("", ","),
    ],
)
def test_what_stands_between_cells_is_what_most_lines_agree_on(text: str, delimiter: str) -> None:
    """Whatever the first line says: it may be a title above the table."""
    assert sheets.delimiter_of(text) == delimiter
