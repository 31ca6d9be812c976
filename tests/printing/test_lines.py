"""Tables as firms print them: groups with subtotals, lines per page, page totals, carried forward, blank lines."""

from __future__ import annotations

import io
import re
from decimal import Decimal
from typing import Any

import openpyxl
import pypdf
import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from lowcode.printing.outputs.docx import document
from lowcode.printing.outputs.fonts import packaged_fonts
from lowcode.printing.outputs.html import page
from lowcode.printing.outputs.worker.pool import Workers
from lowcode.printing.outputs.xlsx import workbook
from lowcode.printing.run import paper
from tests.printing.sample import facts, record, understood
from tests.support import pixels

COLUMNS: list[dict[str, Any]] = [
    {"number": True},
    {"value": "code"},
    {"value": "quantity", "sum": True, "width": 20, "format": "integer"},
    {"value": "amount", "format": "money", "sum": True, "width": 45},
]
PAGES = {"total": "本页小计", "brought": "承前页", "forward": "过次页"}


def tree(table: dict[str, Any], count: int, **page: Any) -> Any:
    """The tree of a paper with one table."""
    body = [{"type": "table", "rows": "items", "columns": COLUMNS, **table}]
    plan, report = understood({"page": {"size": "A5", **page}, "body": body})
    assert plan is not None and report.ok, str(report)
    return paper(plan, facts(plan, record(count)))


def texts(workers: Workers, made: Any) -> list[str]:
    """The words of each page, without blanks."""
    (content,) = workers.draw(made, packaged_fonts().folders, "pdf")
    return [re.sub(r"\s", "", each.extract_text()) for each in pypdf.PdfReader(io.BytesIO(content)).pages]


def money(value: Decimal) -> str:
    """As the paper writes it."""
    return f"¥{value:,.2f}"


def sums(text: str, label: str) -> Decimal | None:
    """The amount that stands behind a label."""
    found = re.search(label + r"[\d,]+?¥([\d,]+\.\d\d)", text)
    return Decimal(found[1].replace(",", "")) if found else None


@pytest.mark.requirement("T7")
@pytest.mark.parametrize(("count", "pages"), [(20, [0, 20]), (60, None)])
def test_what_is_kept_together_is_never_cut_off(workers: Workers, count: int, pages: list[int] | None) -> None:
    """It goes to the next page as one; what is more than a page holds goes on with the next, and no row is lost."""
    table = {"type": "table", "rows": "items", "columns": COLUMNS}
    body = [{"type": "space", "height": 90}, {"type": "keep", "body": [table]}]
    plan, report = understood({"page": {"size": "A5"}, "body": body})
    assert plan is not None and report.ok, str(report)
    found = [len(re.findall(r"PT-\d{4}", text)) for text in texts(workers, paper(plan, facts(plan, record(count))))]
    assert sum(found) == count and (pages is None or found == pages)


@pytest.mark.requirement("T7", "X17")
def test_the_typesetter_adds_up_each_page(workers: Workers) -> None:
    """Where pages break by themselves: each page's sum is that of its own rows, and what is carried agrees."""
    amounts = [row["amount"] for row in record(60)["items"]]
    found = texts(workers, tree({"pages": PAGES}, 60))
    assert len(found) > 2
    carried, seen = Decimal(0), 0
    for number, text in enumerate(found):
        codes = re.findall(r"PT-(\d{4})", text)
        own = sum((amounts[int(code) - 1] for code in codes), Decimal(0))
        assert sums(text, "本页小计") == own
        assert sums(text, "承前页") == (carried if number else None)
        carried, seen = carried + own, seen + len(codes)
        assert sums(text, "过次页") == (carried if number + 1 < len(found) else None)
    assert (seen, carried) == (60, sum(amounts))


OnePage = tuple[list[str], Any, Any, Any]


def added_up(pages: list[OnePage], most: list[int]) -> None:
    """Every line once and in order, no page fuller than ours, and each with its own sum and what is carried."""
    amounts = {row["code"]: row["amount"] for row in record(60)["items"]}
    assert [code for codes, *_ in pages for code in codes] == list(amounts)
    carried = Decimal(0)
    for number, (codes, own, brought, forward) in enumerate(pages):
        assert 0 < len(codes) < most[min(number, len(most) - 1)]
        assert own == sum((amounts[code] for code in codes), Decimal(0))
        assert brought == (carried if number else None)
        carried += own
        assert forward == (carried if number + 1 < len(pages) else None)
    assert carried == sum(amounts.values())


@pytest.mark.requirement("T2", "T3", "T7", "X17")
def test_word_and_excel_have_sums_of_pages(workers: Workers) -> None:
    """They set their pages themselves, and are broken before they are as full as ours: sums stand on the page they are
    of."""
    made = tree({"pages": PAGES, "totals": [{"label": "合计", "value": "total"}]}, 60)
    ours = [len(re.findall(r"PT-\d{4}", text)) for text in texts(workers, made)]
    most = [ours[0], max(ours)]
    draw: Any = lambda tree, form: workers.draw(tree, packaged_fonts().folders, form)  # noqa: E731
    word = Document(io.BytesIO(document(made, draw)))
    said = ["".join(each.text or "" for each in table._tbl.iter(qn("w:t"))) for table in word.tables]
    own, brought, forward = (PAGES[each] for each in ("total", "brought", "forward"))
    added_up([(re.findall(r"PT-\d{4}", text), sums(text, own), sums(text, brought), sums(text, forward))
              for text in said], most)  # fmt: skip
    assert word.element.body.xml.count('<w:br w:type="page"/>') == len(said) - 1
    assert ["合计" in text for text in said] == [*[False] * (len(said) - 1), True]
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(made, draw))).active
    assert sheet is not None
    ends = [*(each.id for each in sheet.row_breaks.brk), sheet.max_row]
    found: list[OnePage] = []
    begin = 1
    for end in ends:
        rows = [[cell for cell in row if cell is not None] for row in sheet.iter_rows(begin, end, values_only=True)]
        last = {row[0]: Decimal(str(row[-1])) for row in rows if row and row[0] in PAGES.values()}
        codes = [str(cell) for row in rows for cell in row if str(cell).startswith("PT-")]
        found.append((codes, last.get(own), last.get(brought), last.get(forward)))
        begin = end + 1
    added_up(found, most)


@pytest.mark.requirement("T3", "T7")
def test_a_table_of_pages_begins_on_one_of_its_own(workers: Workers) -> None:
    """Behind another table, with the words above it; and what is hardly higher than a page is one."""
    first = {"type": "table", "rows": "items", "columns": COLUMNS}
    draw: Any = lambda tree, form: workers.draw(tree, packaged_fonts().folders, form)  # noqa: E731
    for count, broken in ((60, True), (3, False)):
        body = [first, {"type": "text", "text": "Again"}, {**first, "pages": PAGES}]
        plan, report = understood({"page": {"size": "A5"}, "body": body})
        assert plan is not None and report.ok, str(report)
        sheet = openpyxl.load_workbook(io.BytesIO(workbook(paper(plan, facts(plan, record(count))), draw))).active
        assert sheet is not None
        breaks = [each.id for each in sheet.row_breaks.brk]
        words = [row[0].value for row in sheet.iter_rows() if row[0].value]
        assert "Again" in words and bool(breaks) is broken
        if breaks:
            assert sheet.cell(breaks[0] + 1, 1).value == "Again"
        else:
            assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToHeight is None  # one page


@pytest.mark.requirement("T7", "X17")
@settings(max_examples=25, deadline=None)
@given(count=st.integers(0, 40), rows=st.integers(1, 12), first=st.none() | st.integers(1, 12), fill=st.booleans())
def test_lines_per_page(count: int, rows: int, first: int | None, fill: bool) -> None:
    """However many rows and lines per page: no row is lost, every page is full, all page sums are the whole."""
    made = tree({"pages": {**PAGES, "rows": rows, "first": first, "fill": fill}}, count)
    tables = [node for node in made["body"] if node["type"] == "table"]
    assert len(made["body"]) == 2 * len(tables) - 1
    whole, lines = Decimal(0), 0
    for number, node in enumerate(tables):
        kinds = [node["marked"].get(str(place), {"kind": ""})["kind"] for place in range(len(node["rows"]))]
        room = (first or rows) if number == 0 else rows
        own = kinds.count("")
        lines += own
        assert own + kinds.count("blank") == (room if fill or number + 1 < len(tables) else own)
        total = next(row for row in node["rows"] if row[0] == "本页小计")
        whole += Decimal(total[-1].replace("¥", "").replace(",", ""))
        assert ("承前页" in [row[0] for row in node["rows"]]) == (number > 0)
    assert lines == count and whole == sum((row["amount"] for row in record(count)["items"]), Decimal(0))


@pytest.mark.requirement("T6", "X17")
def test_groups_have_subtotals() -> None:
    """Rows of a group stand together between a title and its sums, numbered as they are printed, in every output."""
    made = tree({"group": {"by": "quantity", "title": "数量 {{ quantity }}", "total": "小计"}}, 10)
    (node,) = made["body"]
    assert [row[0] for row in node["rows"]] == [
        "数量 2", "1", "2", "小计", "数量 3", "3", "4", "小计", "数量 4", "5", "6", "小计", "数量 5", "7", "小计",
        "数量 6", "8", "小计", "数量 7", "9", "小计", "数量 1", "10", "小计",
    ]  # fmt: skip
    subtotal = node["rows"][3]
    assert subtotal == ["小计", "4", money(sum((record(10)["items"][place]["amount"] for place in (0, 7)), Decimal(0)))]
    assert node["amounts"][3][1] == {"value": "4", "format": "integer"}
    assert '<tr class=subtotal><td colspan="2">小计</td>' in page(made)
    assert document(made, lambda tree, form: [])[:2] == b"PK"


@pytest.mark.requirement("T7")
def test_first_last_and_even_pages(workers: Workers) -> None:
    """Each page has the furniture that is meant for it."""
    furniture = {
        name: [{"type": "text", "text": f"<{name}>"}]
        for name in ("header", "footer", "even_header", "even_footer", "first_footer", "last_footer", "first_header")
    }
    found = texts(workers, tree({}, 150, **furniture))
    assert len(found) > 3
    kinds = [[name for name in furniture if f"<{name}>" in text] for text in found]
    assert kinds[0] == ["first_footer", "first_header"]
    assert kinds[1:3] == [["even_header", "even_footer"], ["header", "footer"]]
    assert "last_footer" in kinds[-1] and "footer" not in kinds[-1]


def test_only_numbers_are_added_up() -> None:
    """A column of words with `sum` is a finding."""
    body = [{"type": "table", "rows": "items", "columns": [{"value": "name", "sum": True}]}]
    _, report = understood({"body": body})
    assert [(each.code, each.place.pointer) for each in report] == [("printing.sum", "/body/0/columns/0/sum")]


LONG = "ABCDEFGHIJKLMNOPQRSTUVWXYZ/0123456789"


def test_a_long_word_stays_in_its_column(workers: Workers) -> None:
    """A part number wider than its column is broken within it; the column beside it stays white."""
    beside = [{"value": "code", "width": 30}, {"text": "", "width": 60}]
    made = []
    for code in (LONG, "x"):
        body = [{"type": "table", "rows": "items", "zebra": False, "columns": beside}]
        plan, _ = understood({"page": {"size": {"width": 120, "height": 90}, "margin": 10}, "body": body})
        assert plan is not None
        values = record(1)
        values["items"][0]["code"] = code
        made.append(pixels.read(workers.draw(paper(plan, facts(plan, values)), packaged_fonts().folders, "png")[0]))
    dots = made[0].width / 120
    ink = [
        sum(page.grey[row * page.width + column] < 128 for row in range(int(18 * dots), page.height)
            for column in range(int(start * dots), int(end * dots)))
        for page in made for start, end in ((10, 40), (41, 110))
    ]  # fmt: skip
    assert ink[0] > ink[2] > 0 and [ink[1], ink[3]] == [0, 0], ink


def test_a_page_begun_by_what_did_not_fit_has_the_head(workers: Workers) -> None:
    """Where lines are too high for the page they were counted for, the next one has the head of the table too."""
    made = tree({"pages": {**PAGES, "rows": 30}, "columns": [{"value": "code"}, *COLUMNS[2:]]}, 60)
    assert [("型号" in text) for text in texts(workers, made)] == [True] * 4
