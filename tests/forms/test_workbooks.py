"""Workbooks are read some rows at a time, and give the same as when they are laid out whole."""

from __future__ import annotations

import io
import tracemalloc
from datetime import date, datetime
from pathlib import Path
from typing import Any, BinaryIO

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from lowcode.forms.operations import sheets
from lowcode.kernel import workbooks
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.storage.files import FileStore, digest_of


def book(rows: int, *, shared: bool, gap: bool = False) -> bytes:
    """A workbook as xlsxwriter makes it: `shared` keeps words aside, `gap` leaves rows and columns blank."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"constant_memory": not shared, "in_memory": True}) as workbook:
        workbook.add_format({"num_format": "0.0"})
        day = workbook.add_format({"num_format": "yyyy-mm-dd"})
        sheet = workbook.add_worksheet("第一")
        workbook.add_worksheet("other").write(0, 0, "not this one")
        left = 2 if gap else 0
        for number in range(rows):
            row = number + (3 if gap and number > rows // 2 else 0)
            sheet.write_string(row, left, f"客户 {number % 7} <&> \u4e00")
            sheet.write_number(row, left + 1, number / 4)
            sheet.write_datetime(row, left + 2, datetime(2026, 1, 1 + number % 28), day)
            if number % 3 == 0:
                sheet.write_rich_string(row, left + 3, "a", day, "b", " c")
            sheet.write_boolean(row, left + 4, number % 2 == 0)
    return made.getvalue()


def whole(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)


@pytest.mark.parametrize("at_hand", [0, 2**20])
@pytest.mark.parametrize(("shared", "gap"), [(True, False), (False, False), (True, True)])
def test_in_pieces_as_in_one(monkeypatch: pytest.MonkeyPatch, shared: bool, gap: bool, at_hand: int) -> None:
    """Words, numbers, days, runs of formatted text and blank rows, wherever the pieces are cut."""
    content = book(200, shared=shared, gap=gap)
    monkeypatch.setattr(workbooks, "AT_HAND", at_hand)
    for piece in (700, 5_000, 2**21):
        monkeypatch.setattr(workbooks, "PIECE", piece)
        found = [list(row) for row in sheets.stream("x.xlsx", io.BytesIO(content))]
        width = max(map(len, found))
        assert whole(content) == [[*row, *[""] * (width - len(row))] for row in found]
    assert isinstance(found[0][2 + (2 if gap else 0)], date)


def test_memory_does_not_grow_with_the_workbook(monkeypatch: pytest.MonkeyPatch) -> None:
    """Eight times the rows take as much memory beyond the file itself."""
    monkeypatch.setattr(workbooks, "PIECE", 2**16)
    peaks = []
    for rows in (1_000, 8_000):
        content = book(rows, shared=False)
        tracemalloc.start()
        assert rows == sum(1 for _ in sheets.stream("x.xlsx", io.BytesIO(content)))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 2


def test_a_file_in_pieces_is_one(tmp_path: Path) -> None:
    """What was sent in several uploads is read as though it were one file, cut wherever it was."""
    content = book(50, shared=True)
    store = FileStore(tmp_path)
    cut = [content[start : start + 1_000] for start in range(0, len(content), 1_000)]
    pieces = [(store.put(piece), len(piece)) for piece in cut]
    with io.BufferedReader(sheets.Joined(store.open, pieces)) as source:
        assert content == source.read()
        assert content[1_990:2_010] == (source.seek(1_990), source.read(20))[1]
        assert content[-5:] == (source.seek(-5, io.SEEK_END), source.read(20))[1]
    with io.BufferedReader(sheets.Joined(store.open, pieces)) as source:
        found = list(sheets.stream("x.xlsx", source))
    assert whole(content) == [[*row, *[""] * (5 - len(row))] for row in found]
    wrong = [pieces[0], (pieces[1][0], 900)]
    with io.BufferedReader(sheets.Joined(store.open, wrong)) as source, pytest.raises(ValueError, match="piece 2 has"):
        source.read()
    store.remove(pieces[3][0])
    with io.BufferedReader(sheets.Joined(store.open, pieces)) as source, pytest.raises(Rejected, match="gone"):
        list(sheets.stream("x.csv", source))


def test_one_piece_is_open_at_a_time(tmp_path: Path) -> None:
    """A service of the embedding program gives a piece as a whole: a file of a hundred is not held in memory."""
    pieces = [b"%d,%s\n" % (number, b"x" * 1_000) for number in range(100)]
    kept = {digest_of(piece): piece for piece in pieces}
    given: list[BinaryIO] = []

    def opening(digest: str) -> BinaryIO:
        assert all(each.closed for each in given)
        given.append(io.BytesIO(kept[digest]))
        return given[-1]

    with io.BufferedReader(sheets.Joined(opening, ((digest_of(piece), len(piece)) for piece in pieces))) as source:
        assert not given
        assert 100 == sum(1 for _ in source)
        assert 100 == len(given)
    assert all(each.closed for each in given)
