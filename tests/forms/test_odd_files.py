"""Files that hurt, and files other programs write in ways of their own: `odd_files.json`."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from lowcode.forms.operations import sheets
from lowcode.kernel.diagnostics import Rejected
from tests.forms import old_book

ENGLISH = re.compile("[A-Za-z]+,? [a-z]+ [a-z]+")
CASES = json.loads((Path(__file__).parent / "odd_files.json").read_text(encoding="utf-8"))["cases"]


def workbook(cells: str, changes: list[list[str]], encoding: str = "utf-8") -> bytes:
    """A workbook of two sheets, with these cells in the first, which is written so, and other words in its parts."""
    whole, made = io.BytesIO(), io.BytesIO()
    with xlsxwriter.Workbook(whole, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        book.add_worksheet("one").write_datetime(1, 0, datetime(2026, 1, 1), day)
        book.get_worksheet_by_name("one").write(0, 0, "first")
        book.add_worksheet("two").write(0, 0, "of the second")
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in source.namelist():
            text = source.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                text = re.sub("<sheetData>.*</sheetData>", lambda _: f"<sheetData>{cells}</sheetData>", text)
            for part, old, new in changes:
                assert part != name or old in text
                text = text.replace(old, new) if part == name else text
            archive.writestr(name, text.encode(encoding if name == "xl/worksheets/sheet1.xml" else "utf-8"))
    return made.getvalue()


def content(case: dict[str, Any]) -> tuple[str, bytes]:
    """A name and what is in the file."""
    if "cells" in case:
        again, times = case.get("repeat", ["", 0])
        cells = case["cells"] + again * times + case.get("then", "")
        return "x.xlsx", workbook(cells, case.get("changes", []), case.get("encoding", "utf-8"))
    if "old" in case:
        return "x.xls", old_book.workbook(case["old"], case["size"])
    if "compound" in case:
        return case["compound"], old_book.compound(b"", case["stream"])
    if "hex" in case:
        return "x.xls", bytes.fromhex(case["hex"])
    return "x.csv", case["text"].encode(case.get("encoding", "utf-8")) + bytes.fromhex(case.get("bytes", ""))


@pytest.mark.requirement("SF10")
@pytest.mark.parametrize("case", CASES, ids=[each["name"] for each in CASES])
def test_an_odd_file(case: dict[str, Any]) -> None:
    """Rows, or a refusal that says why; never the end of the process, which is what the reader makes of a place that no
    memory has room for."""
    name, given = content(case)
    if "refused" in case:
        with pytest.raises(Rejected) as refused:
            list(sheets.stream(name, io.BytesIO(given)))
        [problem] = refused.value.problems
        assert case["refused"] in problem.words("en")
        chinese = problem.words("zh-CN")
        assert case.get("chinese", "") in chinese and not ENGLISH.search(chinese), chinese
        return
    found = [[str(each) for each in row] for row in sheets.stream(name, io.BytesIO(given))]
    assert found == case["rows"]


def test_a_text_as_long_as_a_cell_takes() -> None:
    """32,767 characters are read whole."""
    whole = "字" * 32_767
    cell = f'<row r="1"><c r="A1" t="inlineStr"><is><t>{whole}</t></is></c></row>'
    assert [[whole]] == list(sheets.stream("x.xlsx", io.BytesIO(workbook(cell, []))))
