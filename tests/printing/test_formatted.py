"""A formatted text of a record is printed as it is read: with its marks, lists and tables; where there is room for
words only, as words."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pypdf
import pytest
from docx import Document
from python_calamine import CalamineWorkbook

from lowcode.printing.blocks.formatted import formatted, plain
from lowcode.printing.outputs.docx import document
from lowcode.printing.outputs.fonts import packaged_fonts
from lowcode.printing.outputs.html import page
from lowcode.printing.outputs.worker.pool import Workers
from lowcode.printing.outputs.xlsx import workbook
from lowcode.printing.run import paper
from tests.printing.sample import facts, record, understood

CASES = json.loads((Path(__file__).parents[1] / "conformance/printing/formatted.json").read_text(encoding="utf-8"))
NOTES = "# 目标\n\n**改造**三层，<u>不停业</u>\n\n- 拆除\n- 施工\n  1. 水电\n  2. 装修\n\n- [x] 已报批\n- [ ] 待验收"
BODY: list[dict[str, Any]] = [
    {"type": "fields", "items": [{"value": "notes"}]},
    {"type": "text", "text": "{{ notes }}"},
    {"type": "text", "text": "摘要：{{ notes }}"},
]


@pytest.mark.parametrize("case", CASES, ids=[case["text"] for case in CASES])
def test_a_text_is_read_as_the_page_reads_it(case: dict[str, Any]) -> None:
    """What is made of a text, and its words alone; markup in it is text."""
    assert (formatted(case["text"]), plain(case["text"])) == (case["gives"], case["words"])


@pytest.mark.parametrize("closed", [0, 1, 20_000], ids=["never closed", "closed once", "all closed"])
def test_many_tags_are_no_depth(closed: int) -> None:
    """However often a text begins to underline, it is printed, and no piece of it is within many others."""
    (made,) = formatted("a" + "<u>" * 20_000 + "b" + "</u>" * closed)
    rest = 20_000 - closed
    end: Any = {"tag": "u", "content": ["b"]} if closed else "b"
    assert made == {"tag": "p", "content": ["a", *["<u>"] * rest, end]}


def tree(body: list[dict[str, Any]] = BODY, notes: str | None = NOTES) -> Any:
    """A paper with a formatted text as a value, as a paragraph, and within a sentence."""
    plan, report = understood({"body": body})
    assert plan is not None and report.ok, str(report)
    return paper(plan, facts(plan, record(1, notes=notes)))


@pytest.mark.requirement("X17")
def test_every_output_prints_it(workers: Workers) -> None:
    """HTML and Word have its marks and lists, PDF its words, a workbook its lines; none prints a sign of Markdown."""

    def draw(drawn: Any, form: str) -> Any:
        return workers.draw(drawn, packaged_fonts().folders, form)

    made = tree()
    shown = page(made)
    assert shown.count("<strong>改造</strong>") == 2 and shown.count("<u>不停业</u>") == 2
    assert shown.count("<ol><li>水电</li><li>装修</li></ol>") == 2
    (content,) = draw(made, "pdf")
    printed = pypdf.PdfReader(io.BytesIO(content)).pages[0].extract_text()
    written = Document(io.BytesIO(document(made, draw)))
    cell = written.tables[0].rows[0].cells[1]
    runs = {run.text: run for each in [*cell.paragraphs, *written.paragraphs] for run in each.runs}
    assert runs["改造"].bold and runs["不停业"].underline and not runs["三层，"].bold
    indents = {each.text: each.paragraph_format.left_indent for each in written.paragraphs}
    assert indents["1.\t水电"] == 2 * (indents["•\t施工"] or 0) > 0
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(workbook(made, draw))).get_sheet_by_index(0).to_python()
    cells = [cell for row in sheet for cell in row if cell != ""]
    assert plain(NOTES) in cells and "2. 装修" in cells
    for text in (shown, printed, "".join(runs), "".join(map(str, cells))):
        assert "目标" in text and "待验收" in text
        assert not any(sign in text for sign in ("**", "# 目", "[x]", "- 拆"))


def test_its_words_stand_where_there_is_room_for_words_only() -> None:
    """Within a sentence, where `format` asks for it, and in the cell of a table."""
    body = [{"type": "fields", "items": [{"value": "notes", "format": "plain"}]}, BODY[2]]
    items, sentence = tree(body)["body"]
    assert [each.get("content") for each in items["items"]] == [None]
    assert items["items"][0]["value"] == plain(NOTES) and sentence["text"] == f"摘要：{plain(NOTES)}"
    assert tree([BODY[1]], None)["body"] == []
