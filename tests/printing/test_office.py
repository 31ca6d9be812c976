"""Papers as files of an office: what is on the paper is in the file, and the file follows from the tree."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from python_calamine import CalamineWorkbook

from lowcode.printing.outputs.docx import document
from lowcode.printing.outputs.fonts import packaged_fonts
from lowcode.printing.outputs.worker.pool import Workers
from lowcode.printing.outputs.xlsx import workbook
from tests.printing.sample import understood
from tests.printing.test_outputs import tree_of


@pytest.fixture
def draw(workers: Workers) -> Any:
    """The worker's drawing of pictures."""
    return lambda tree, form: workers.draw(tree, packaged_fonts().folders, form)


def texts_of(part: Any) -> str:
    """Every word of a part of a document, in reading order; fields by their names."""
    found = []
    for element in part.iter(qn("w:t"), qn("w:instrText")):
        found.append(f"{{{element.text}}}" if element.tag == qn("w:instrText") else element.text or "")
    return "".join(found)


@pytest.mark.requirement("T2", "X17")
def test_a_word_document_says_what_the_paper_says(draw: Any) -> None:
    """Labels, rows, totals, lists and signatures are text; the head of a table is repeated; page numbers are fields."""
    made = Document(io.BytesIO(document(tree_of(3), draw)))
    body = texts_of(made.element.body)
    for word in ("苏州博世汽车部件有限公司", "压力变送器", "25,956", "合计", "供方", "条款", "1."):
        assert word in body, word
    lines = next(table for table in made.tables if "序号" in texts_of(table._tbl))
    assert len(lines.rows) == 1 + 3 + 1
    properties = lines.rows[0]._tr.trPr
    assert properties is not None and properties.find(qn("w:tblHeader")) is not None
    footer = texts_of(made.sections[0].footer._element)
    assert footer == "第 {PAGE}1 页 / 共 {NUMPAGES}1 页"
    pictures = [part for part in made.part.package.iter_parts() if part.partname.startswith("/word/media/")]
    assert len(pictures) == 3, "a QR code, a bar code and the seal"
    assert 'string="草稿"' in made.sections[0].header._element.xml


@pytest.mark.requirement("X17")
def test_a_workbook_counts_with_what_the_paper_shows(draw: Any) -> None:
    """Amounts are numbers in the file, to be summed; words are text, also those that look like a formula."""
    content = workbook(tree_of(3, number="=1+1"), draw)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()
    cells = [cell for row in rows for cell in row if cell != ""]
    assert "=1+1" in cells
    amounts = [cell for cell in cells if isinstance(cell, float) and cell > 9000]
    assert amounts[:3] == [8651.0 * 2, 8652.0 * 3, 8653.0 * 4]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("output", [document, workbook])
def test_the_same_tree_gives_the_same_file(output: Any, draw: Any) -> None:
    """Office files are archives with times in them; those are the paper's, not the clock's."""
    assert output(tree_of(), draw) == output(tree_of(), draw)


def test_an_unknown_output_is_named() -> None:
    """A template that asks for an output nobody makes is refused, with the nearest one."""
    _, report = understood({"body": [{"type": "space"}], "outputs": ["pdf", "dox"]})
    (finding,) = report.errors
    assert (finding.code, finding.place.pointer) == ("printing.unknown-output", "/outputs/1")
    assert "docx" in finding.hint
