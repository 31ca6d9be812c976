"""Paper as a workbook: the same blocks down one sheet, amounts as numbers that can be summed.

Every table takes the sheet's columns from the left; labels, words and totals go where they fit. Words that begin with
a sign a spreadsheet would read as a formula are written as text.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from lowcode.printing.outputs.archive import reproducible
from lowcode.printing.outputs.cells import POINTS_PER_MM, Cells, length
from lowcode.printing.outputs.filled_sheets import filled_workbook
from lowcode.printing.outputs.kind import Draw, OutputMissing
from lowcode.printing.outputs.lines import MARKED, cells_of, is_plain
from lowcode.printing.outputs.paged import cut_into_pages
from lowcode.printing.outputs.pictures import picture_maker

Node = Mapping[str, Any]
PAGE, PAGES = "\ue000", "\ue001"
FAINT, HAIRLINE = "#5d6673", "#c9ced6"
LEAST = 4
"""Columns of the sheet, at least: labels and values in two columns."""
FREE = 0.18
"""The part of a page that is left free where its sums stand at its end: rows are set with room for other letters."""
NARROWED = 0.95
"""Columns are counted in the letters of whoever prints them, which may be wider than ours."""
ONE_PAGE = 1.3
"""What is higher than a page by no more than this is made smaller, so that it is one."""


def workbook(tree: Node, draw: Draw) -> bytes:
    """The file of a print tree. Raises OutputMissing when the library for it is not installed."""
    try:
        import xlsxwriter  # an optional dependency, at its one door
    except ImportError as error:
        raise OutputMissing("workbooks need XlsxWriter: install lowcode[office]") from error
    at = datetime.fromisoformat(tree["at"]).astimezone(UTC)
    for node in tree["body"]:
        if node["type"] == "excel":
            return reproducible(filled_workbook(node, picture_maker(draw, tree["at"])), at)
    raw = io.BytesIO()
    book = xlsxwriter.Workbook(raw, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": tree["title"], "author": tree["author"], "created": at.replace(tzinfo=None)})
    cells = Cells(book, tree["theme"], _widths(tree), picture_maker(draw, tree["at"]))
    _set_up(cells.made, tree)
    body = cut_into_pages(tree, draw, FREE)["body"]
    sheet = _Sheet(cells, tree["theme"]["accent"], len(list(_tables(body))))
    sheet.nodes(tree["header"] if tree["first_header"] is None else tree["first_header"])
    sheet.nodes(body)
    if cells.made.hbreaks:  # Excel knows either breaks or "as wide as one page"
        cells.made.set_print_scale(max(min(int(100 * NARROWED * _width(tree) / sum(cells.widths)), 100), 10))
    elif cells.height <= ONE_PAGE * _height(tree):
        cells.made.fit_to_pages(1, 1)
    book.close()
    return reproducible(raw.getvalue(), at)


def _set_up(made: Any, tree: Node) -> None:
    """The page as it is printed: its format, margins and footer; as wide as one page, as long as it gets."""
    page, margin = tree["page"], tree["page"]["margin"]
    if page["width"] > page["height"]:
        made.set_landscape()
    made.set_margins(**{side: margin[side] / 25.4 for side in ("left", "right", "top", "bottom")})
    made.fit_to_pages(1, 0)
    made.hide_gridlines(2)
    parts = {"left": "", "center": "", "right": ""}
    for side, text in _furniture(tree["footer"], "center"):
        parts[side] += _codes(text)
    made.set_footer("".join(f"&{side[0].upper()}&8{text[:80]}" for side, text in parts.items() if text))


def _furniture(nodes: Iterable[Node], usual: str) -> Iterable[tuple[str, str]]:
    """The words of a footer, and on which side of the page they stand: a spreadsheet has three."""
    for node in nodes:
        if node["type"] == "text":
            yield node["style"].get("align", usual), node["text"]
        elif node["type"] == "columns":
            last = len(node["columns"]) - 1
            for place, column in enumerate(node["columns"]):
                yield from _furniture(column, "left" if place == 0 else "right" if place == last else "center")


def _widths(tree: Node) -> list[float]:
    """The columns of the sheet are those of its widest table; what they leave is shared by the others."""
    whole = _width(tree)
    count = max([LEAST, *_counts(tree["header"]), *_counts(tree["body"])])
    table = max(_tables(tree["body"]), key=lambda each: len(each["columns"]), default=None)
    given = [each["width"] for each in table["columns"]] if table is not None else []
    given += [None] * (count - len(given))
    open_ = sum(width is None for width in given)
    share = max((whole - sum(width for width in given if width is not None)) / open_, 10.0) if open_ else 0.0
    return [share if width is None else width for width in given]


def _width(tree: Node) -> float:
    """How wide the page is between its margins, in millimetres."""
    page, margin = tree["page"], tree["page"]["margin"]
    width: float = page["width"] - margin["left"] - margin["right"]
    return width


def _height(tree: Node) -> float:
    """How high the page is between its margins, in points."""
    page, margin = tree["page"], tree["page"]["margin"]
    height: float = page["height"] - margin["top"] - margin["bottom"]
    return height * POINTS_PER_MM


def _counts(nodes: Iterable[Node]) -> Iterable[int]:
    """How many columns of the sheet each node wants."""
    yield from (len(each["columns"]) for each in _tables(nodes))
    yield from (2 * len(node["parties"]) for node in nodes if node["type"] == "signature")


def _tables(nodes: Iterable[Node]) -> Iterable[Node]:
    for node in nodes:
        if node["type"] == "table":
            yield node
        elif node["type"] == "keep":
            yield from _tables(node["body"])
        elif node["type"] == "columns":
            for column in node["columns"]:
                yield from _tables(column)


class _Sheet:
    """One sheet, written from the top down; of several tables none repeats its head, for a sheet has one for all."""

    def __init__(self, cells: Cells, accent: str, tables: int) -> None:
        self.cells, self.accent, self.repeats = cells, accent, tables == 1

    def nodes(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            self.node(node)

    def node(self, node: Node) -> None:
        match node["type"]:
            case "text":
                self.line(node["text"], node["style"])
            case "fields":
                self.fields(node)
            case "table":
                self.table(node)
            case "columns":
                for column in node["columns"]:
                    self.nodes(column)
            case "keep":
                self.nodes(node["body"])
            case "image":
                self.cells.image(node, node.get("width") or 40.0, node.get("height") or node.get("width") or 20.0)
                if node.get("caption"):
                    self.line(node["caption"], {"color": FAINT, "align": node["align"]})
            case "stamp":
                self.cells.image(node, node["size"], node["size"])
            case "signature":
                self.signature(node)
            case "rich":
                for text, style in _plain(node["content"], dict(node["style"])):
                    self.line(text, style)
            case "line":
                self.cells.rule(node.get("color", HAIRLINE))
            case "space":
                self.cells.high(node["height"] * POINTS_PER_MM)
                self.cells.row += 1
            case "page_break":
                self.cells.page_break()
            case other:
                raise NotImplementedError(f"a node '{other}' has no drawing in a workbook")

    def line(self, text: str, style: Node) -> None:
        """Words across the sheet, in as many lines as they have."""
        self.cells.put(text.replace(PAGE, "").replace(PAGES, ""), style, 0, self.cells.last)
        self.cells.row += 1

    def fields(self, node: Node) -> None:
        """Labels in as many columns as the longest of them needs, values up to the next label."""
        count = max(min(node["columns"], len(self.cells.widths) // 2), 1)
        spans = self.cells.spread(count)
        longest = max((item["label"] for item in node["items"]), key=length, default="")
        width = self.cells.room(longest)
        place = 0
        for item in node["items"]:
            span = min(item["span"], count)
            if place + span > count:
                self.cells.row, place = self.cells.row + 1, 0
            first, last = spans[place][0], spans[place + span - 1][1]
            until = min(self.cells.until(first, width), last - 1)
            self.cells.put(item["label"], {"color": FAINT}, first, until)
            self.cells.put(item["value"], item["style"], until + 1, last)
            if "picture" in item:
                self.cells.drawn(item["picture"], until + 1, last)
            place += span
        self.cells.row += 2

    def table(self, node: Node) -> None:
        columns = node["columns"]
        spans = self.cells.spread(len(columns))
        for column, (first, last) in zip(columns, spans, strict=True):
            head = {"color": "#ffffff", "background": self.accent, "align": column["align"]}
            self.cells.put(column["title"], head, first, last)
        if node["repeat_head"] and self.repeats:
            self.cells.made.repeat_rows(self.cells.row)
        self.cells.row += 1
        for number, row in enumerate(node["rows"]):
            raw = node["amounts"][number] if number < len(node["amounts"]) else [None] * len(row)
            for place, (first, last) in enumerate(spans):
                if (picture := node.get("pictures", {}).get(f"{number}/{place}")) is not None:
                    self.cells.drawn(picture, first, last)
            self.row(columns, spans, row, raw, node["marked"].get(str(number)))
        for total in node["totals"]:
            self.total(total, node["value_width"])
        self.cells.row += 1

    def row(self, columns: list[Node], spans: Any, row: list[str], raw: list[Any], mark: Node | None) -> None:
        """One line, with numbers where it has them."""
        look = {} if is_plain(mark) else {"background": MARKED}
        for each, amount in zip(cells_of(columns, row, mark), raw, strict=True):
            first, last, style = spans[each.first][0], spans[each.last][1], {**each.style, **look}
            if amount is None:
                self.cells.put(each.text, style, first, last, bottom=1, bottom_color=HAIRLINE)
            else:
                self.cells.number(amount, each.text, style, first, last, bottom=1, bottom_color=HAIRLINE)
        self.cells.row += 1

    def total(self, total: Node, width: float) -> None:
        """The value in as many columns at the right edge as it needs, its label before it, words in what is left."""
        last = self.cells.last
        value = self.cells.back(last, width)
        label = self.cells.back(value - 1, self.cells.room(total["label"]))
        strong = {"weight": "bold", "color": self.accent, "background": MARKED} if total["strong"] else {}
        self.cells.put(total["text"], strong, 0, max(label - 1, 0))
        look = {**strong, "align": "right"}
        self.cells.put(total["label"], {"color": FAINT, **look}, label, value - 1)
        if total["amount"] is None:
            self.cells.put(total["value"], look, value, last)
        else:
            self.cells.number(total["amount"], total["value"], look, value, last)
        self.cells.row += 1

    def signature(self, node: Node) -> None:
        parties = node["parties"]
        start, lowest = self.cells.row, self.cells.row
        for party, (first, last) in zip(parties, self.cells.spread(len(parties)), strict=True):
            self.cells.row = start
            if party["stamp"] is not None:
                size = party["stamp"]["size"]
                self.cells.image({**party["stamp"], "type": "stamp"}, size, size, first, last)
            self.cells.put(party["title"], {"weight": "bold"}, first, last)
            for item in party["items"]:
                self.cells.row += 1
                self.cells.high(24.0)
                until = max(min(self.cells.until(first, self.cells.room(item["label"])), last - 1), first)
                self.cells.put(item["label"], {"color": FAINT}, first, until)
                self.cells.put(item["value"], {}, min(until + 1, last), last, bottom=1, bottom_color=FAINT)
                if "picture" in item:
                    self.cells.drawn(item["picture"], min(until + 1, last), last)
            lowest = max(lowest, self.cells.row)
        self.cells.row = lowest + 2


def _codes(text: str) -> str:
    """A footer's words with the codes a spreadsheet counts pages by."""
    return text.replace("&", "&&").replace(PAGE, "&P").replace(PAGES, "&N") + " "


def _plain(content: Iterable[Any], style: dict[str, Any], lead: str = "") -> Iterable[tuple[str, dict[str, Any]]]:
    """Rich text as lines, headings in bold; a cell has one look."""
    words = lead
    count = 0
    for piece in content:
        if isinstance(piece, str):
            words += piece
            continue
        tag = piece["tag"]
        if tag in ("p", "div", "h1", "h2", "h3", "h4", "li", "ul", "ol", "table", "hr"):
            if words.strip():
                yield words.strip(), style
            words = ""
            if tag == "table":
                for row in piece["rows"]:
                    cells = ("".join(text for text, _ in _plain(cell["content"], style)) for cell in row["cells"])
                    yield "    ".join(cells), style
            elif tag != "hr":
                count += tag == "li"
                first = style.get("ordered")
                bullet = (f"{first + count - 1}. " if first else "• ") if tag == "li" else ""
                look = {**style, "weight": "bold"} if tag.startswith("h") else style
                if tag in ("ul", "ol"):
                    look = {**look, "ordered": piece.get("start", 1) if tag == "ol" else None}
                yield from _plain(piece["content"], look, bullet)
        elif tag == "br":
            words += "\n"
        else:
            words += "".join(text for text, _ in _plain(piece["content"], style))
    if words.strip():
        yield words.strip("\n") if lead == "" else words.rstrip(), style
