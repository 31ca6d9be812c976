"""Word's own parts, as few as papers need: sheets, places, grids, paragraphs. Lengths in millimetres."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

FIELDS = {"\ue000": "PAGE", "\ue001": "NUMPAGES"}
FACES = {"sans": ("Arial", "Microsoft YaHei"), "serif": ("Times New Roman", "SimSun")}
"""Faces that Word has where it is installed: for Latin letters, for Chinese characters."""
SIDES = {"left": WD_ALIGN_PARAGRAPH.LEFT, "center": WD_ALIGN_PARAGRAPH.CENTER, "right": WD_ALIGN_PARAGRAPH.RIGHT}
HEIGHTS = {
    "top": WD_CELL_VERTICAL_ALIGNMENT.TOP,
    "middle": WD_CELL_VERTICAL_ALIGNMENT.CENTER,
    "bottom": WD_CELL_VERTICAL_ALIGNMENT.BOTTOM,
}
EVERY_SIDE = ("top", "left", "bottom", "right")
POINTS_PER_MM = 72 / 25.4
BEHIND_SHADE = ("w:tabs", "w:suppressAutoHyphens", "w:spacing", "w:ind", "w:jc", "w:rPr")
"""What of a paragraph's looks stands behind its ground: Word reads them in one order."""
INSET = 1.6
"""Of the words of a table with lines."""
EMU = 36000
"""English metric units in a millimetre."""
Style = Mapping[str, Any]


class Paragraph:
    """One paragraph being written."""

    def __init__(self, made: Any) -> None:
        self.made = made

    def words(self, text: str, style: Style, marks: frozenset[str] = frozenset()) -> None:
        """Words in one look; page numbers become fields."""
        for part in _parts(text):
            if part in FIELDS:
                self._field(FIELDS[part], style, marks)
                continue
            run = self.made.add_run()
            _letter(run, style, marks)
            if part:
                for index, line in enumerate(part.split("\n")):
                    if index:
                        run.add_break(WD_BREAK.LINE)
                    run.add_text(line)

    def _field(self, name: str, style: Style, marks: frozenset[str]) -> None:
        """A field is several runs, each with the look: a program that reads one run only shows another size."""
        for kind, text in (("begin", ""), ("", name), ("separate", ""), ("shown", "1"), ("end", "")):
            run = self.made.add_run(text if kind == "shown" else "")
            _letter(run, style, marks)
            if kind == "shown":
                continue
            element = OxmlElement("w:fldChar" if kind else "w:instrText")
            if kind:
                element.set(qn("w:fldCharType"), kind)
            else:
                element.text = text
            run._r.append(element)

    def picture(self, content: bytes, width: float | None, height: float | None, alt: str) -> Any:
        """A picture among the words."""
        size = {"width": Mm(width) if width else None, "height": Mm(height) if height else None}
        shape = self.made.add_run().add_picture(io.BytesIO(content), **size)
        shape._inline.docPr.set("descr", alt)
        return shape


class Place:
    """Where nodes are written: the body, a header, a cell."""

    def __init__(self, made: Any, width: float, sheet: Sheet, *, furniture: bool = False) -> None:
        self.made, self.width, self.sheet = made, width, sheet
        # A header and a footer do not know how wide they are, and ask whoever adds a table.
        self._sized = {"width": Mm(width)} if furniture else {}
        first = made.paragraphs[0] if len(made.paragraphs) == 1 else None
        self._unused = first if first is not None and not first.text else None

    def paragraph(
        self, style: Style, *, together: bool = False, tight: bool = False, hanging: int = 0,
        right_tab: bool = False,
    ) -> Paragraph:  # fmt: skip
        """A new paragraph; the empty one every place begins with is used first."""
        made, self._unused = self._unused or self.made.add_paragraph(), None
        layout = made.paragraph_format
        layout.space_before, layout.space_after = Pt(0), Pt(0 if tight else 5)
        layout.keep_with_next = together or None
        layout.keep_together = together or None
        if "align" in style:
            layout.alignment = SIDES[style["align"]]
        if hanging:
            layout.left_indent, layout.first_line_indent = Mm(6 * hanging), Mm(-6)
        if right_tab:
            layout.tab_stops.add_tab_stop(Mm(self.width), WD_TAB_ALIGNMENT.RIGHT)
        padding = min(style.get("padding", 0.0) * POINTS_PER_MM, 31.0)
        if "background" in style:
            made._p.get_or_add_pPr().insert_element_before(_shade(style["background"]), *BEHIND_SHADE)
            if padding and "border" not in style:  # the ground reaches as far as the edges, which are not seen
                _edges(made, EVERY_SIDE, 0.25, style["background"], padding)
        if "border" in style:
            sides = EVERY_SIDE if style["border"] == "all" else (style["border"],)
            _edges(made, sides, 0.6, style.get("border_color", "#c9ced6"), padding)
        if padding and ("background" in style or style.get("border") == "all"):
            layout.left_indent = layout.right_indent = Pt(padding)
            layout.space_before, layout.space_after = Pt(padding), Pt(padding + (0 if tight else 5))
        return Paragraph(made)

    def rule(self, thickness: float, color: str) -> None:
        """A line from margin to margin."""
        made = self.paragraph({}).made
        made.paragraph_format.line_spacing = Pt(3)
        _edges(made, ("bottom",), thickness, color)

    def space(self, height: float) -> None:
        """Blank paper."""
        made = self.paragraph({}).made
        made.paragraph_format.space_after = Pt(0)
        made.paragraph_format.line_spacing = Mm(max(height, 0.4))

    def page_break(self) -> None:
        """What follows begins on a new page."""
        self.paragraph({}, tight=True).made.add_run().add_break(WD_BREAK.PAGE)

    def grid(self, widths: list[float], *, inset: float = 0.0) -> Grid:
        """A table without lines, its words `inset` from the edges of its columns."""
        made = self.made.add_table(rows=0, cols=len(widths), **self._sized)
        self._unused = None
        return Grid(made, widths, self.sheet, inset)

    def after_table(self) -> None:
        """Word wants a paragraph after a table in a cell, and joins two tables without one."""
        made = self.made.add_paragraph()
        made.paragraph_format.space_after, made.paragraph_format.line_spacing = Pt(0), Pt(5)

    def float_picture(self, content: bytes, node: Mapping[str, Any]) -> None:
        """A picture laid over what stands there, in front of the words."""
        size = node["size"]
        paragraph = self.paragraph({}, tight=True)
        paragraph.made.paragraph_format.line_spacing = Pt(1)
        shape = paragraph.picture(content, size, size, node.get("alt", ""))
        free = self.width - size
        left = {"left": 0.0, "center": free / 2, "right": free}[node["align"]] + node["right"]
        _afloat(shape._inline, left, node["down"], self.sheet.next_number())


class Grid:
    """A table being written, row by row."""

    def __init__(self, made: Any, widths: list[float], sheet: Sheet, inset: float) -> None:
        self.made, self.widths, self.sheet, self.inset = made, widths, sheet, inset
        made.autofit = False
        made.alignment = WD_TABLE_ALIGNMENT.LEFT
        for column, width in zip(made.columns, widths, strict=True):
            column.width = Mm(width)
        properties = made._tbl.tblPr
        margins = "".join(
            f'<w:{side} w:w="{round(size * 56.7)}" w:type="dxa"/>'
            for side, size in (("top", 0.7), ("left", inset), ("bottom", 0.7), ("right", inset))
        )
        # Word lets the words of a table begin at the margin, and its edge stand outside: moved in, the edge is flush.
        properties.append(parse_xml(f'<w:tblInd {nsdecls("w")} w:w="{round(inset * 56.7)}" w:type="dxa"/>'))
        properties.append(parse_xml(f"<w:tblCellMar {nsdecls('w')}>{margins}</w:tblCellMar>"))

    def row(self, *, repeat: bool = False, together: bool = False, height: float | None = None) -> Row:
        """A new row; one that is repeated heads each page of the table."""
        made = self.made.add_row()
        properties = made._tr.get_or_add_trPr()
        if together:
            properties.append(OxmlElement("w:cantSplit"))
        if repeat:
            properties.append(OxmlElement("w:tblHeader"))
        if height is not None:
            made.height, made.height_rule = Mm(height), WD_ROW_HEIGHT_RULE.AT_LEAST
        return Row(made, self)


class Row:
    """A row being written."""

    def __init__(self, made: Any, grid: Grid) -> None:
        self.cells, self.grid = made.cells, grid

    def cell(self, first: int, last: int | None = None, *, align: str = "middle") -> Cell:
        """A cell, from one column to another."""
        until = first if last is None else last
        width = sum(self.grid.widths[first : until + 1])
        made = self.cells[first] if until == first else self.cells[first].merge(self.cells[until])
        made.width, made.vertical_alignment = Mm(width), HEIGHTS[align]
        return Cell(made, width - 2 * self.grid.inset, self.grid.sheet)


class Cell(Place):
    """A cell: a place with a ground and edges."""

    def fill(self, color: str) -> None:
        """The colour of its ground."""
        self.made._tc.get_or_add_tcPr().append(_shade(color))

    def edge(self, side: str, color: str) -> None:
        """A hairline along one side."""
        properties = self.made._tc.get_or_add_tcPr()
        borders = properties.find(qn("w:tcBorders"))
        if borders is None:
            borders = OxmlElement("w:tcBorders")
            properties.append(borders)
        borders.append(_border(side, 0.5, color))


class Sheet:
    """The document: its pages, header, footer and body."""

    def __init__(self, tree: Mapping[str, Any], at: datetime) -> None:
        self.made = Document()
        self._numbers = 1000
        core = self.made.core_properties
        core.title, core.author, core.comments, core.last_modified_by = tree["title"], tree["author"], "", ""
        core.created = core.modified = at.replace(tzinfo=None)
        core.revision, core.language = 1, tree["language"]
        self._letters(tree)
        page, section = tree["page"], self.made.sections[0]
        section.page_width, section.page_height = Mm(page["width"]), Mm(page["height"])
        section.orientation = WD_ORIENT.LANDSCAPE if page["width"] > page["height"] else WD_ORIENT.PORTRAIT
        margin = page["margin"]
        section.left_margin, section.right_margin = Mm(margin["left"]), Mm(margin["right"])
        section.top_margin, section.bottom_margin = Mm(margin["top"]), Mm(margin["bottom"])
        section.header_distance, section.footer_distance = Mm(margin["top"] / 2.5), Mm(margin["bottom"] / 2.5)
        width = page["width"] - margin["left"] - margin["right"]
        self.body = Place(self.made, width, self)
        self.header = Place(section.header, width, self, furniture=True)
        self.footer = Place(section.footer, width, self, furniture=True)
        self.first_header: Place | None = None
        self.first_footer: Place | None = None
        self.even_header: Place | None = None
        self.even_footer: Place | None = None
        if any(name.startswith("even_") for name in tree["furniture"]):
            self.made.settings.odd_and_even_pages_header_footer = True
            self.even_header = Place(section.even_page_header, width, self, furniture=True)
            self.even_footer = Place(section.even_page_footer, width, self, furniture=True)
        if tree["first_header"] is not None or "first_footer" in tree["furniture"]:
            section.different_first_page_header_footer = True
            self.first_header = Place(section.first_page_header, width, self, furniture=True)
            self.first_footer = Place(section.first_page_footer, width, self, furniture=True)

    def _letters(self, tree: Mapping[str, Any]) -> None:
        theme = tree["theme"]
        style = self.made.styles["Normal"]
        style.font.size = Pt(theme["size"])
        style.font.color.rgb = _color(theme["color"])
        latin, chinese = FACES[theme["font"]]
        style.font.name = latin
        style.element.rPr.rFonts.set(qn("w:eastAsia"), chinese)
        style.paragraph_format.space_after = Pt(0)

    def next_number(self) -> int:
        """Numbers of floating pictures are never used twice."""
        self._numbers += 1
        return self._numbers

    def save(self, target: io.BytesIO) -> None:
        """Write the file."""
        self.made.save(target)


def watermark(place: Place, mark: Mapping[str, Any]) -> None:
    """Words behind the page, from its header, as Word itself does it."""
    width = min(len(mark["text"]) * mark["size"] * 1.15, 480.0)
    shape = parse_xml(
        f'<w:pict {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml">'
        f'<v:shape id="watermark" type="#_x0000_t136" style="position:absolute;width:{width:g}pt;'
        f"height:{mark['size'] * 1.1:g}pt;rotation:-32;z-index:-251658752;mso-position-horizontal:center;"
        'mso-position-horizontal-relative:margin;mso-position-vertical:center;mso-position-vertical-relative:margin" '
        f'fillcolor="{mark["color"]}" stroked="f"><v:fill opacity=".18"/><v:textpath style="font-size:1pt" '
        'on="t" fitshape="t"/></v:shape></w:pict>'
    )
    textpath = next(each for each in shape.iter() if each.tag.endswith("}textpath"))
    textpath.set("string", mark["text"])
    paragraph = place.made.paragraphs[0] if place.made.paragraphs else place.made.add_paragraph()
    paragraph.add_run()._r.append(shape)


def _parts(text: str) -> Iterable[str]:
    part = ""
    for character in text:
        if character in FIELDS:
            if part:
                yield part
            yield character
            part = ""
        else:
            part += character
    if part:
        yield part


def _letter(run: Any, style: Style, marks: frozenset[str]) -> None:
    font = run.font
    font.bold = True if style.get("weight") == "bold" or "bold" in marks else None
    font.italic = True if "italic" in marks else None
    font.underline = True if "underline" in marks else None
    font.strike = True if "strike" in marks else None
    font.superscript = True if "superscript" in marks else None
    font.subscript = True if "subscript" in marks else None
    if "size" in style:
        font.size = Pt(style["size"])
    if "color" in style:
        font.color.rgb = _color(style["color"])
    if "font" in style:
        latin, chinese = FACES[style["font"]]
        font.name = latin
        run._r.get_or_add_rPr().rFonts.set(qn("w:eastAsia"), chinese)
    if "spacing" in style:
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(round(style["spacing"] * style.get("size", 10.5) * 20)))
        run._r.get_or_add_rPr().append(spacing)


def _color(text: str) -> RGBColor:
    return RGBColor.from_string(text.removeprefix("#").upper())


def _shade(color: str) -> Any:
    return parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="{_color(color)}"/>')


def _border(side: str, thickness: float, color: str, padding: float = 1.0) -> Any:
    return parse_xml(
        f'<w:{side} {nsdecls("w")} w:val="single" w:sz="{max(round(thickness * 8), 2)}" w:space="{round(padding)}" '
        f'w:color="{_color(color)}"/>'
    )


def _edges(paragraph: Any, sides: Iterable[str], thickness: float, color: str, padding: float = 0.0) -> None:
    borders = OxmlElement("w:pBdr")
    for side in sides:
        borders.append(_border(side, thickness, color, max(padding, 1.0)))
    properties = paragraph._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:shd", *BEHIND_SHADE)


def _afloat(inline: Any, left: float, down: float, number: int) -> None:
    """Turn a picture among the words into one laid over them, from the left edge of its column and its paragraph."""
    anchor = parse_xml(
        f'<wp:anchor {nsdecls("wp", "a", "pic", "r")} distT="0" distB="0" distL="0" distR="0" simplePos="0" '
        f'relativeHeight="{number}" behindDoc="0" locked="0" layoutInCell="1" allowOverlap="1">'
        '<wp:simplePos x="0" y="0"/>'
        f'<wp:positionH relativeFrom="column"><wp:posOffset>{round(left * EMU)}</wp:posOffset></wp:positionH>'
        f'<wp:positionV relativeFrom="paragraph"><wp:posOffset>{round(down * EMU)}</wp:posOffset></wp:positionV>'
        "</wp:anchor>"
    )
    extent, properties, graphic = inline.extent, inline.docPr, inline.graphic
    frame = inline.find(qn("wp:cNvGraphicFramePr"))
    wrap = OxmlElement("wp:wrapNone")
    for each in (extent, wrap, properties, frame, graphic):
        if each is not None:
            anchor.append(each)
    inline.getparent().replace(inline, anchor)
