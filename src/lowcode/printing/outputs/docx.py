"""Paper as a Word document that can be edited: real tables, headers and footers, page numbers as fields.

Word sets the pages, so lines may break elsewhere than in the PDF. The same tree gives the same bytes: the times inside
the file are the snapshot's.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from lowcode.printing.outputs.archive import reproducible
from lowcode.printing.outputs.filled import filled
from lowcode.printing.outputs.kind import Draw, OutputMissing
from lowcode.printing.outputs.lines import MARKED, cells_of, is_plain
from lowcode.printing.outputs.paged import cut_into_pages
from lowcode.printing.outputs.pictures import picture_maker

if TYPE_CHECKING:
    from lowcode.printing.outputs import word

Node = Mapping[str, Any]
Pixels = Callable[[Node], bytes]
FAINT = "#5d6673"
FREE = 0.12
"""The part of a page that is left free where its sums stand at its end."""
HAIRLINE = "#c9ced6"
HEADINGS = {"h1": 16.0, "h2": 14.0, "h3": 12.0, "h4": 11.0}
MARKS = {"strong": "bold", "b": "bold", "em": "italic", "i": "italic", "u": "underline", "s": "strike",
         "small": "small", "sup": "superscript", "sub": "subscript"}  # fmt: skip


def document(tree: Node, draw: Draw) -> bytes:
    """The file of a print tree. Raises OutputMissing when the library for it is not installed."""
    try:
        from lowcode.printing.outputs import word  # an optional dependency, at its one door
    except ImportError as error:
        raise OutputMissing("Word documents need python-docx: install lowcode[office]") from error
    at = datetime.fromisoformat(tree["at"]).astimezone(UTC)
    for node in tree["body"]:
        if node["type"] == "word":
            return reproducible(filled(node, picture_maker(draw, tree["at"])), at)
    sheet = word.Sheet(tree, at)
    writer = _Writer(word, picture_maker(draw, tree["at"]), tree["theme"])
    own = tree["furniture"]
    for place, nodes in (
        (sheet.header, tree["header"]), (sheet.footer, tree["footer"]),
        (sheet.first_header, tree["first_header"] if tree["first_header"] is not None else tree["header"]),
        (sheet.first_footer, own.get("first_footer", tree["footer"])),
        (sheet.even_header, own.get("even_header", tree["header"])),
        (sheet.even_footer, own.get("even_footer", tree["footer"])),
    ):  # fmt: skip
        if place is not None and nodes:
            writer.nodes(place, nodes)
    if tree["reprint"] and sheet.footer is not None:
        look = {"size": 7, "color": FAINT, "align": "right"}
        for place in (sheet.footer, sheet.first_footer, sheet.even_footer):
            if place is not None:
                writer.text(place, tree["reprint"], look)
    if tree["watermark"] is not None:
        for place in (sheet.header, sheet.first_header, sheet.even_header):
            if place is not None:
                word.watermark(place, tree["watermark"])
    writer.nodes(sheet.body, cut_into_pages(tree, draw, FREE)["body"])
    raw = io.BytesIO()
    sheet.save(raw)
    return reproducible(raw.getvalue(), at)


class _Writer:
    """Writes nodes into places: the body, a header, a cell."""

    def __init__(self, parts: Any, pixels: Pixels, theme: Node) -> None:
        self.parts = parts
        self.pixels = pixels
        self.accent = theme["accent"]

    def nodes(self, place: word.Place, nodes: Iterable[Node], together: bool = False) -> None:
        for node in nodes:
            self.write(place, node, together)

    def write(self, place: word.Place, node: Node, together: bool) -> None:
        match node["type"]:
            case "text":
                self.text(place, node["text"], node["style"], together)
            case "fields":
                self.fields(place, node)
            case "table":
                self.table(place, node)
            case "columns":
                self.columns(place, node)
            case "image":
                self.image(place, node)
            case "stamp":
                place.float_picture(self.pixels(node), node)
            case "signature":
                self.signature(place, node)
            case "keep":
                self.nodes(place, node["body"], together=True)
            case "line":
                place.rule(node["thickness"], node.get("color", HAIRLINE))
            case "space":
                place.space(node["height"])
            case "page_break":
                place.page_break()
            case "rich":
                self.rich(place, node["content"], {**node["style"]})
            case other:
                raise NotImplementedError(f"a node '{other}' has no drawing in Word")

    def text(self, place: word.Place, text: str, style: Node, together: bool = False) -> None:
        place.paragraph(style, together=together).words(text, style)

    def fields(self, place: word.Place, node: Node) -> None:
        columns = node["columns"]
        label = node["label_width"] or 22.0
        share = max((place.width - label * columns) / columns, 10.0)
        grid = place.grid([label, share] * columns)
        row, used = grid.row(), 0
        for item in node["items"]:
            span = min(item["span"], columns)
            if used + span > columns:
                row, used = grid.row(), 0
            row.cell(2 * used).paragraph({}, tight=True).words(item["label"], {"color": FAINT})
            value = row.cell(2 * used + 1, 2 * (used + span) - 1)
            if "picture" in item:
                _drawn(self.pixels, value, item["picture"], item["style"])
            elif "content" in item:
                self.rich(value, item["content"], dict(item["style"]))
            else:
                value.paragraph(item["style"], tight=True).words(item["value"], item["style"])
            used += span
        place.after_table()

    def table(self, place: word.Place, node: Node) -> None:
        columns = node["columns"]
        grid = place.grid(_widths(columns, place.width), inset=self.parts.INSET)
        head = grid.row(repeat=node["repeat_head"], together=True)
        for index, column in enumerate(columns):
            cell = head.cell(index)
            cell.fill(self.accent)
            cell.paragraph({"align": column["align"]}, tight=True).words(column["title"], {"color": "#ffffff"})
        for number, row in enumerate(node["rows"]):
            drawn, shaded = _drawn_in(node, number, len(columns)), node["zebra"] and number % 2 == 1
            self.row(grid, columns, row, node["marked"].get(str(number)), shaded, drawn)
        for total in node["totals"]:
            _total(grid, total, len(columns), self.accent)
        place.after_table()

    def row(
        self, grid: word.Grid, columns: list[Node], row: list[str], mark: Node | None, shaded: bool,
        drawn: dict[int, Node],
    ) -> None:  # fmt: skip
        """One line; every other one lies on a shade."""
        line, plain = grid.row(together=True), is_plain(mark)
        for each in cells_of(columns, row, mark):
            cell = line.cell(each.first, each.last)
            cell.edge("bottom", HAIRLINE)
            if shaded or not plain:
                cell.fill("#f6f8fa" if plain else MARKED)
            if is_plain(mark) and each.first in drawn:
                _drawn(self.pixels, cell, drawn[each.first], each.style)
            else:
                cell.paragraph(each.style, tight=True).words(each.text, each.style)

    def columns(self, place: word.Place, node: Node) -> None:
        gap = node["gap"]
        free = place.width - gap * (len(node["widths"]) - 1)
        whole = sum(node["widths"]) or 1.0
        last = len(node["widths"]) - 1
        shares = enumerate(node["widths"])
        grid = place.grid([free * width / whole + (gap if index < last else 0.0) for index, width in shares])
        row = grid.row()
        for index, nodes in enumerate(node["columns"]):
            cell = row.cell(index, align=node["align"])
            self.nodes(cell, nodes)
        place.after_table()

    def image(self, place: word.Place, node: Node) -> None:
        paragraph = place.paragraph({"align": node["align"]})
        paragraph.picture(self.pixels(node), node.get("width"), node.get("height"), node.get("alt", ""))
        if node.get("caption"):
            self.text(place, node["caption"], {"align": node["align"], "size": 8.5, "color": FAINT})

    def signature(self, place: word.Place, node: Node) -> None:
        parties = node["parties"]
        width = place.width / len(parties)
        row = place.grid([width] * len(parties)).row(together=True)
        for index, party in enumerate(parties):
            cell = row.cell(index, align="top")
            if party["stamp"] is not None:
                cell.float_picture(self.pixels(party["stamp"]), party["stamp"])
            if party["title"]:
                cell.paragraph({}, tight=True).words(party["title"], {"weight": "bold"})
            lines = cell.grid([22.0, max(width - 32.0, 10.0)])
            for item in party["items"]:
                line = lines.row(height=8.5)
                line.cell(0, align="bottom").paragraph({}, tight=True).words(item["label"], {"color": FAINT})
                value = line.cell(1, align="bottom")
                value.edge("bottom", FAINT)
                if "picture" in item:
                    _drawn(self.pixels, value, item["picture"], {})
                else:
                    value.paragraph({}, tight=True).words(item["value"], {})
            cell.after_table()
        place.after_table()

    # -- the closed set of elements of rich text ----------------------------------------------------------------------

    def rich(self, place: word.Place, content: Iterable[Any], style: dict[str, Any], bullet: str = "") -> None:
        """Runs of words and marks share a paragraph; every other element begins one."""
        paragraph: word.Paragraph | None = None
        count = 0
        for piece in content:
            tag = "" if isinstance(piece, str) else piece["tag"]
            if tag == "" or tag in MARKS or tag == "br":
                if paragraph is None:
                    if isinstance(piece, str) and not piece.strip():
                        continue
                    paragraph = place.paragraph(
                        style, tight=bool(bullet), hanging=style.get("depth", 0) if bullet else 0
                    )
                    paragraph.words(bullet, style)
                    bullet = "\t" if bullet else ""  # what follows in an item stands under its words
                self.marked(paragraph, piece, style)
                continue
            paragraph = None
            look = {**style, "align": piece["align"]} if "align" in piece else style
            if tag in HEADINGS:
                self.rich(place, piece["content"], {**look, "size": HEADINGS[tag], "weight": "bold"})
            elif tag == "li":
                count += 1
                first = style.get("ordered")
                self.rich(place, piece["content"], look, f"{first + count - 1}.\t" if first else "•\t")
            elif tag in ("ul", "ol"):
                look = {**look, "ordered": piece.get("start", 1) if tag == "ol" else None}
                self.rich(place, piece["content"], {**look, "depth": style.get("depth", 0) + 1})
            elif tag == "hr":
                place.rule(0.6, HAIRLINE)
            elif tag == "table":
                self.rich_table(place, piece, look)
            else:
                self.rich(place, piece["content"], look, bullet)

    def marked(self, paragraph: word.Paragraph, piece: Any, style: Node, marks: frozenset[str] = frozenset()) -> None:
        if isinstance(piece, str):
            paragraph.words(piece, style, marks)
        elif piece["tag"] == "br":
            paragraph.words("\n", style)
        else:
            for inner in piece["content"]:
                self.marked(paragraph, inner, style, marks | {MARKS.get(piece["tag"], "")})

    def rich_table(self, place: word.Place, piece: Node, style: dict[str, Any]) -> None:
        count = max((sum(cell["span"] for cell in row["cells"]) for row in piece["rows"]), default=0)
        if not count:
            return
        grid = place.grid([place.width / count] * count, inset=self.parts.INSET)
        for row in piece["rows"]:
            line, used = grid.row(), 0
            for each in row["cells"]:
                cell = line.cell(used, used + each["span"] - 1)
                used += each["span"]
                for side in ("top", "bottom", "left", "right"):
                    cell.edge(side, HAIRLINE)
                look = {**style, "align": each["align"]} | ({"weight": "bold"} if each["head"] else {})
                self.rich(cell, each["content"], look)
        place.after_table()


def _widths(columns: Iterable[Node], whole: float) -> list[float]:
    """The widths that are given; what is left is shared."""
    given = [column["width"] for column in columns]
    open_ = sum(width is None for width in given)
    left = whole - sum(width for width in given if width is not None)
    share = max(left / open_, 8.0) if open_ else 0.0
    return [share if width is None else width for width in given]


def _total(grid: word.Grid, total: Node, count: int, accent: str) -> None:
    """Words on the left; label and value at the right edge, behind a tab."""
    cell = grid.row(together=True).cell(0, count - 1)
    cell.edge("bottom", HAIRLINE)
    look: dict[str, Any] = {"weight": "bold", "color": accent} if total["strong"] else {}
    if total["strong"]:
        cell.fill(MARKED)
    paragraph = cell.paragraph({}, tight=True, right_tab=True)
    paragraph.words(total["text"], look)
    paragraph.words(f"\t{total['label']}", look if total["strong"] else {"color": FAINT})
    paragraph.words(f"    {total['value']}", look)


def _drawn_in(node: Node, number: int, count: int) -> dict[int, Node]:
    """The pictures in one line of a table, by their column."""
    found = {place: node.get("pictures", {}).get(f"{number}/{place}") for place in range(count)}
    return {place: each for place, each in found.items() if each is not None}


def _drawn(pixels: Callable[[Node], bytes], place: word.Place, node: Node, style: dict[str, Any]) -> None:
    """A picture where words would stand."""
    place.paragraph(style, tight=True).picture(pixels(node), node["width"], node["height"], node["alt"])
