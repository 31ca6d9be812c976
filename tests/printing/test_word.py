"""Word files of one's own: place-holders, repeated rows, conditions; what could act is refused."""

from __future__ import annotations

import io
import sys
import zipfile
from base64 import b64decode
from collections.abc import Callable
from typing import Any

import docx
import openpyxl
import pytest
from docx.shared import Mm, RGBColor

from lowcode.kernel.diagnostics import Forbidden, Rejected
from lowcode.printing.blocks.drawing.office import Refused, cleaned
from lowcode.printing.outputs.docx import document
from lowcode.printing.run import paper
from tests.api.app import Shop
from tests.printing.sample import facts, record, understood

NAME = "templates/own.docx"
PROPERTIES = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
EMBED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}embed"


def made(*more: str) -> bytes:
    """A document as a person makes it: runs that cut place-holders, a table, a header, words that stay."""
    file = docx.Document()
    file.sections[0].header.paragraphs[0].text = "编号 {{ number }}"
    paragraph = file.add_paragraph("致 ")
    paragraph.add_run("{{ acc").bold = True
    paragraph.add_run("ount.na")
    red = paragraph.add_run("me }}，您好！")
    red.font.color.rgb = RGBColor(255, 0, 0)
    file.add_paragraph('{{ if stage = "draft" }}草稿，请勿外传')
    file.add_paragraph('{{ if stage = "approved" }}合计 {{ total }} 元，大写 {{ CNUPPER(total) }}')
    table = file.add_table(rows=3, cols=3)
    for cell, text in zip(table.rows[0].cells, ("序号", "型号", "数量"), strict=True):
        cell.text = text
    for cell, text in zip(table.rows[1].cells, ("{{ line }}", "{{ items.code }}", "{{ items.quantity }}"), strict=True):
        cell.text = text
    table.rows[2].cells[0].text = "{{ if remarks is not blank }}备注"
    table.rows[2].cells[1].text = "{{ remarks }}"
    for text in more:
        file.add_paragraph(text)
    raw = io.BytesIO()
    file.save(raw)
    return raw.getvalue()


def template(**more: Any) -> dict[str, Any]:
    """A template that is the file."""
    return {"outputs": ["docx"], "body": [{"type": "word", "file": NAME, "rows": ["items"], **more}]}


DOT = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


def pictured(*descriptions: str) -> bytes:
    """A document with a picture for each description, the first in the header."""
    file = docx.Document()
    for place, said in enumerate(descriptions):
        paragraph = file.sections[0].header.paragraphs[0] if place == 0 else file.add_paragraph("{{ number }} ")
        shape = paragraph.add_run().add_picture(io.BytesIO(DOT), Mm(20), Mm(20))._inline
        shape.docPr.set("descr", said)
    raw = io.BytesIO()
    file.save(raw)
    return raw.getvalue()


def filled(content: bytes, **values: Any) -> Any:
    """The document that comes out, opened again."""
    plan, report = understood(template(), {NAME: content})
    assert plan is not None and report.ok, str(report)
    tree = paper(plan, facts(plan, record(3, **values)))
    made_file = document(tree, lambda tree, form: [DOT])
    assert made_file == document(tree, lambda tree, form: [DOT])
    return docx.Document(io.BytesIO(made_file))


@pytest.mark.requirement("T2", "X17")
def test_a_word_file_is_filled() -> None:
    """Values stand in the look of their place-holder, the table has a row per line, what does not hold is gone."""
    file = filled(made())
    texts = [each.text for each in file.paragraphs]
    assert texts[0] == "致 苏州博世汽车部件有限公司，您好！"
    assert [(run.text, run.bold) for run in file.paragraphs[0].runs][1] == ("苏州博世汽车部件有限公司", True)
    assert file.paragraphs[0].runs[3].font.color.rgb == RGBColor(255, 0, 0)
    assert (len(texts) == 2 and texts[1].startswith("合计 95209")) or "元，大写" in texts[1]
    rows = [[cell.text for cell in row.cells] for row in file.tables[0].rows]
    assert rows == [["序号", "型号", "数量"], ["1", "PT-0001", "2"], ["2", "PT-0002", "3"], ["3", "PT-0003", "4"]]
    assert file.sections[0].header.paragraphs[0].text == "编号 Q202611-0001"
    noted = filled(made(), stage="draft", remarks="<急> & 件", items=[])
    assert [each.text for each in noted.paragraphs][1] == "草稿，请勿外传"
    assert [[cell.text for cell in row.cells][:2] for row in noted.tables[0].rows] == [
        ["序号", "型号"],
        ["备注", "<急> & 件"],
    ]


@pytest.mark.requirement("T2", "T8", "X17")
def test_a_picture_becomes_a_code() -> None:
    """The one whose description asks for it, in its size, in headers too; without a text it is gone; others stay."""
    content = pictured("{{ barcode number }}", "{{ qrcode account.name }}", "标志")
    file = filled(content)
    shown = [each.get("descr") for part in (file.sections[0].header, file) for each in part._element.iter(PROPERTIES)]
    assert shown == ["Q202611-0001", "苏州博世汽车部件有限公司", "标志"]
    assert [shape.width for shape in file.inline_shapes] == [Mm(20), Mm(20)]
    related = {rel.target_part.partname for part in (file.sections[0].header.part, file.part)
               for rel in part.rels.values() if rel.reltype.endswith("/image")}  # fmt: skip
    assert {"/word/media/code1.png", "/word/media/code2.png"} <= related
    blank = filled(content, number="")
    assert list(blank.sections[0].header._element.iter(PROPERTIES)) == [] and len(blank.inline_shapes) == 2
    _, report = understood(template(), {NAME: pictured("{{ qrcode nmber }}")})
    assert [each.hint for each in report] == ["Did you mean number?"]


@pytest.mark.requirement("T2", "T6", "T8")
def test_each_copy_of_a_row_has_its_own_code() -> None:
    """A picture in a row that is repeated becomes the code of that row; of a row without a text it is gone."""
    file = docx.Document()
    table = file.add_table(2, 2)
    for row, words, said in zip(
        table.rows,
        ("{{ number }}", "{{ line }} {{ items.code }}"),
        ("{{ qrcode number }}", "{{ barcode items.code }}"),
        strict=True,
    ):
        row.cells[0].text = words
        run = row.cells[1].paragraphs[0].add_run()
        run.add_picture(io.BytesIO(DOT), Mm(20), Mm(8))._inline.docPr.set("descr", said)
    raw = io.BytesIO()
    file.save(raw)
    items = [{"code": "A-1"}, {"code": ""}, {"code": "A-3"}]
    made = filled(raw.getvalue(), items=items)
    rows = made.tables[0].rows
    assert [row.cells[0].text for row in rows] == ["Q202611-0001", "1 A-1", "2 ", "3 A-3"]
    shown = [[each.get("descr") for each in row._tr.iter(PROPERTIES)] for row in rows]
    assert shown == [["Q202611-0001"], ["A-1"], [], ["A-3"]]
    numbers = [each.get("id") for each in made._element.iter(PROPERTIES)]
    pictures = [made.part.related_parts[each.get(EMBED)].partname for each in made._element.iter(BLIP)]
    assert len(set(numbers)) == len(set(pictures)) == 3


@pytest.mark.requirement("T2")
def test_every_place_holder_is_checked() -> None:
    """An unknown name is a finding with the nearest; braces in a value are no place-holder."""
    _, report = understood(template(), {NAME: made("{{ acount.name }}", "{{ items.quantity }}")})
    assert [(each.code, each.hint) for each in report] == [
        ("expressions.unknown-field", "Did you mean account?"),
        ("expressions.rows-outside-aggregate", "Write SUM(items.quantity), COUNT(items) or another aggregate."),
    ]
    assert filled(made(), number="{{ total }}").sections[0].header.paragraphs[0].text == "编号 {{ total }}"


def changed(content: bytes, **parts: bytes | None) -> bytes:
    """The archive with other members."""
    raw = io.BytesIO()
    names = {key.replace("__", "/").replace("_dot_", "."): value for key, value in parts.items()}
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as target:
        for each in source.infolist():
            if each.filename not in names:
                target.writestr(each.filename, source.read(each))
        for name, value in names.items():
            if value is not None:
                target.writestr(name, value)
    return raw.getvalue()


def inside(name: str, old: bytes, new: bytes) -> bytes:
    """A file with something else in one member."""
    content = made()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = archive.read(name)
    assert old in part
    return changed(content, **{name.replace("/", "__").replace(".", "_dot_"): part.replace(old, new, 1)})


FIELD = (
    b'<w:p><w:r><w:instrText>INCLUDE</w:instrText></w:r><w:r><w:instrText>TEXT "http://x/"</w:instrText></w:r></w:p>'
)
RELATION = b'<Relationship Id="q" Type="http://x/relationships/image" TargetMode="External" Target="http://x/a.png"/>'
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "macro": (lambda: changed(made(), word__vbaProject_dot_bin=b"x"), "office-active"),
    "ole": (lambda: changed(made(), word__embeddings__a_dot_bin=b"x"), "office-active"),
    "activex": (lambda: changed(made(), word__activeX__a_dot_xml=b"<a/>"), "office-active"),
    "macro type": (lambda: inside("[Content_Types].xml", b"document.main+xml", b"document.macroEnabled.main+xml"),
                   "office-active"),
    "picture elsewhere": (lambda: inside("word/_rels/document.xml.rels", b"</Relationships>",
                                         RELATION + b"</Relationships>"), "office-active"),
    "field": (lambda: inside("word/document.xml", b"<w:body>", b"<w:body>" + FIELD), "office-active"),
    "simple field": (lambda: inside("word/document.xml", b"<w:body>",
                                    b'<w:body><w:p><w:fldSimple w:instr="DDEAUTO c cmd"/></w:p>'), "office-active"),
    "entities": (lambda: inside("word/document.xml", b"<w:document",
                                b'<!DOCTYPE a [<!ENTITY b "c">]><w:document'), "office-active"),
    "bomb": (lambda: changed(made(), word__media__a_dot_bin=bytes(60_000_000)), "office-large"),
    "too large": (lambda: made() + bytes(21 * 2**20), "office-large"),
    "no archive": (lambda: b"\xd0\xcf\x11\xe0 an old .doc", "no-office"),
    "another archive": (lambda: changed(made(), word__document_dot_xml=None), "no-office"),
    "broken": (lambda: changed(made(), word__document_dot_xml=b"<w:document"), "no-office"),
}  # fmt: skip


@pytest.mark.requirement("T2")
@pytest.mark.parametrize("name", HOSTILE)
def test_what_could_act_is_refused(name: str) -> None:
    """With a finding of the template, and by itself."""
    build, code = HOSTILE[name]
    content = build()
    with pytest.raises(Refused) as refused:
        cleaned(content)
    assert refused.value.key == code
    _, report = understood(template(), {NAME: content})
    assert [each.code for each in report] == [f"printing.{code}"]


def test_a_word_file_is_the_whole_paper() -> None:
    """Other blocks beside it, other outputs, and a file that is not there are findings."""
    body = [{"type": "word", "file": NAME}, {"type": "line"}]
    _, report = understood({"outputs": ["docx"], "body": body}, {NAME: made()})
    assert "printing.word-alone" in [each.code for each in report]
    _, report = understood({"body": body[:1]}, {NAME: made()})
    assert "printing.word-alone" in [each.code for each in report]
    _, report = understood(template(), {})
    assert [each.code for each in report] == ["printing.no-file"]
    many = template()
    many["body"][0]["file"] = {"zh-CN": NAME, "en": "en.docx"}
    _, report = understood(many, {NAME: made()})
    assert [(each.code, each.place.pointer) for each in report] == [("printing.no-file", "/body/0/file/en")]


def test_without_the_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where python-docx is not installed, a template that is a Word file says what to install."""
    content = made()
    monkeypatch.setitem(sys.modules, "lxml", None)
    _, report = understood(template(), {NAME: content})
    assert [each.code for each in report] == ["printing.office-missing"]


def own(*texts: str) -> bytes:
    """A document of some paragraphs."""
    file = docx.Document()
    for text in texts:
        file.add_paragraph(text)
    raw = io.BytesIO()
    file.save(raw)
    return raw.getvalue()


@pytest.mark.requirement("T2")
def test_a_file_is_looked_at_before_it_is_saved(open_shop: Callable[..., Shop], tmp_path: Any) -> None:
    """Administrators see each place-holder, what is wrong with the nearest name, and the filled document."""
    shop = open_shop(files=str(tmp_path))
    shop.ask("li", "records.create", type="lead", values={"company": "Acme", "budget": "10"})
    good = shop.ask("root", "printing.inspect", form="lead", name="letter", content=own("Dear {{ company }}"), id=1)
    about = {"text": "company", "decides": False, "in_row": False, "wrong": None, "hint": None,
             "at": {"en": "Paragraph 1", "zh-CN": "第 1 段"}, "beside": "Dear {{ company }}"}  # fmt: skip
    assert good["holders"] == [about] and good["findings"] == []
    assert docx.Document(io.BytesIO(good["filled"])).paragraphs[0].text == "Dear Acme"
    assert good["definition"]["body"] == [{"type": "word", "file": "templates/letter.docx", "rows": []}]
    bad = shop.ask("root", "printing.inspect", form="lead", content=own("Dear {{ compny }}"), id=1)
    assert bad["filled"] is None and "company" in f"{bad['findings'][0]['message']} {bad['findings'][0]['hint']}"
    many = own("{{ company }} {{ compny }} {{ x", "{{ budget", "{{ budget + }}")
    looked = shop.ask("root", "printing.inspect", form="lead", content=many)
    wrong = [(each["at"]["en"], each["text"]) for each in looked["holders"] if each["wrong"]]
    assert wrong == [
        ("Paragraph 1", "compny"), ("Paragraph 1", "{{ company }} {{ compny }} {{ x"),
        ("Paragraph 2", "{{ budget"), ("Paragraph 3", "budget +"),
    ]  # fmt: skip
    assert [each["code"] for each in looked["findings"]].count("printing.open-holder") == 2
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "报价"
    sheet["C9"], sheet["A1"] = "{{ compny }}", "budget }}"
    raw = io.BytesIO()
    book.save(raw)
    found = shop.ask("root", "printing.inspect", form="lead", content=raw.getvalue())["holders"]
    assert [(each["at"]["zh-CN"], each["wrong"] is not None) for each in found] == [
        ("报价!A1", True),
        ("报价!C9", True),
    ]
    for content, code in ((b"x", "printing.no-office"), (None, "printing.nothing-to-inspect")):
        with pytest.raises(Rejected) as refused:
            shop.ask("root", "printing.inspect", form="lead", content=content)
        assert refused.value.problems[0].code == code
    with pytest.raises(Forbidden):
        shop.ask("li", "printing.inspect", form="lead", content=own("x"))
