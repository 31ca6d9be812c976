"""Large workbooks, read on by a process of their own while their first rows are brought in."""

from __future__ import annotations

import io
import os
import tempfile
import threading
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import xlsxwriter

from lowcode.forms.operations import bringing, reading_ahead
from lowcode.forms.operations.reading_ahead import Reader, Readers
from lowcode.forms.tables import import_part
from tests.forms.firm import Firm, firm
from tests.forms.test_bringing import TITLES, begun, count, kept, lines, small_parts, state

ROWS = 205
__all__ = ["small_parts"]


@pytest.fixture(autouse=True)
def ahead(monkeypatch: pytest.MonkeyPatch, small_parts: None) -> None:
    """Every workbook is worth a process, and few parts are taken from it at a time."""
    monkeypatch.setattr(reading_ahead, "LARGE", 0)
    monkeypatch.setattr(bringing, "STRETCH", 3)


def workbook(broken: int | None = None) -> bytes:
    """Rows with texts, numbers, days and a blank row; `broken`: in this row a cell names a text that is not there."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as book:
        sheet, day = book.add_worksheet(), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, ["Customers of the year"])
        sheet.write_row(2, 0, TITLES)
        for index, row in enumerate(lines(ROWS), 3):
            if index != 50:
                sheet.write_row(index, 0, row[:4])
                sheet.write_datetime(index, 4, date.fromisoformat(row[4]), day)
    if broken is None:
        return buffer.getvalue()
    found = io.BytesIO()
    with zipfile.ZipFile(buffer) as whole, zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED) as copy:
        for each in whole.namelist():
            text = whole.read(each)
            if each.endswith("sheet1.xml"):
                head, cell, rest = text.partition(b'<c r="A%d" t="s"><v>' % broken)
                assert cell
                text = head + cell + b"999999" + rest[rest.index(b"</v>") :]
            copy.writestr(each, text)
    return found.getvalue()


def records(app: Firm) -> list[tuple[Any, ...]]:
    """What came in, without ids and times."""
    table = app.host.types["customer"].table.c
    wanted = (table.name, table.phone, table.email, table.budget, table.since, table.double)
    with app.host.database.reading() as unit:
        return [
            tuple(row.values())
            for row in unit.fetch(sa.select(*wanted).where(table.deleted_at.is_(None)).order_by(table.id))
        ]


def brought(app: Firm, content: bytes, **options: Any) -> dict[str, Any]:
    run = begun(app, content, "customers.xlsx", **options)
    app.host.settle()
    return {**state(app, run), "run": run}


@pytest.mark.requirement("SF10", "F20", "F22", "X14")
@pytest.mark.parametrize("then", ["goes on", "dies", "is elsewhere"])
def test_what_comes_in_is_the_same(database_url: str, then: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a process reads on, dies on the way, or is not to be found where the import goes on: every row comes in
    once, in its order and with its number, and the import is taken back as one."""
    took: list[int] = []
    take = Reader.take

    def noted(reader: Reader, most: int) -> Any:
        if then == "dies" and len(took) == 1:
            reader._process.kill()
            reader._process.wait()
            reader._rows.seek(0, io.SEEK_END)
            reader._at = reader._rows.tell()
        found = take(reader, most)
        took.append(len(found))
        return found

    monkeypatch.setattr(Reader, "take", noted)
    if then == "is elsewhere":
        monkeypatch.setattr(Readers, "take", lambda *_: None)
    with firm(database_url) as app:
        with monkeypatch.context() as patch:
            patch.setattr(reading_ahead, "LARGE", 2**40)
            found = brought(app, workbook(), header_row=3)
            expected = records(app)
            app.ask("ann", "forms.undo_run", run=found["run"])
            app.host.settle()
            assert ([], 0) == (took, count(app))
        found = brought(app, workbook())
        assert ("done", ROWS - 1, 3, False, []) == tuple(
            found[name] for name in ("state", "create", "header_row", "reads_on", "problems")
        )
        assert expected == records(app)
        assert {"goes on": 3, "dies": 1, "is elsewhere": 0}[then] <= len(took)
        with app.host.database.reading() as unit:
            parts = unit.fetch(
                sa.select(import_part.c.number, import_part.c.first).where(import_part.c.run == found["run"])
            )
        assert [(number, 4 + 20 * (number - 1)) for number in range(1, 12)] == [tuple(each.values()) for each in parts]
        app.ask("ann", "forms.undo_run", run=found["run"])
        app.host.settle()
        assert ("undone", 0) == (state(app, found["run"])["state"], count(app))


@pytest.mark.requirement("SF10", "F20")
@pytest.mark.parametrize("dry_run", [True, False])
def test_what_cannot_be_read_to_its_end_brings_nothing_in(database_url: str, dry_run: bool) -> None:
    """Its first rows are there by then: they go again, and it says why."""
    with firm(database_url) as app:
        found = brought(app, workbook(broken=130), dry_run=dry_run)
        assert ("failed", 0, []) == (found["state"], count(app), kept(app))
        assert "a shared text that is not there" in found["error"]
        assert 0 < found["done"] < ROWS


def test_an_import_that_is_stopped_ends_its_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for the rest of the file."""
    ended: list[bool] = []
    close = Reader.close

    def closed(reader: Reader) -> None:
        close(reader)
        ended.append(reader._process.poll() is not None)

    monkeypatch.setattr(Reader, "close", closed)
    with firm("sqlite://") as app:
        run = begun(app, workbook(), "customers.xlsx")
        app.host.deliver(limit=2)
        found = state(app, run)
        assert ("running", True, 20) == (found["state"], found["reads_on"], found["total"])
        (shown,) = app.ask("ann", "forms.imports", form="customer")["items"]
        assert shown["reads_on"]
        app.ask("ann", "forms.cancel_import", run=run)
        assert [True] == ended
        app.host.settle()
        assert ("cancelled", 20) == (state(app, run)["state"], count(app))


def test_no_more_is_taken_at_once_than_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many parts wait, those of wide rows are taken one after the other."""
    took: list[int] = []
    take = Reader.take

    def noted(reader: Reader, most: int) -> Any:
        found = take(reader, most)
        took.append(len(found))
        return found

    monkeypatch.setattr(Reader, "take", noted)
    monkeypatch.setattr(reading_ahead, "TAKEN", 1)
    monkeypatch.setattr(bringing, "STRETCH", 100)
    with firm("sqlite://") as app:
        assert ("done", ROWS - 1) == (brought(app, workbook())["state"], count(app))
    assert {0, 1} >= set(took)
    assert 10 == sum(took)


def test_a_process_whose_import_goes_on_elsewhere_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another server took the import up: what was read for it here lies about no longer than it may."""
    monkeypatch.setattr(reading_ahead, "IDLE", 0.05)
    ended = threading.Event()
    close = Reader.close

    def closed(reader: Reader) -> None:
        close(reader)
        ended.set()

    monkeypatch.setattr(Reader, "close", closed)
    with firm("sqlite://") as app:
        run = begun(app, workbook(), "customers.xlsx")
        app.host.deliver(limit=2)
        assert ended.wait(20)
        app.host.settle()
        assert ("done", ROWS - 1) == (state(app, run)["state"], count(app))


def test_what_a_process_left_that_was_killed_is_swept_away(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A copy of the file somebody sent does not stay: the next import takes away what is older than any that goes
    on."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    old, new = (tmp_path / f"lowcode-import-{name}" for name in ("old", "new"))
    for each in (old, new):
        each.mkdir()
        (each / "book.xlsx").write_bytes(b"names")
    os.utime(old, (0, 0))
    with firm("sqlite://") as app:
        brought(app, workbook())
    assert [new] == [*tmp_path.glob("lowcode-import-*")]
