"""`table`: one line per row, a head that is repeated on each page, totals at the end."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from lowcode.kernel.definitions.documents import Expression, Part, Template, Text
from lowcode.printing.blocks.fields import value_or_words
from lowcode.printing.blocks.formats import Format
from lowcode.printing.blocks.kind import Block, BlockKind, Compiling, Node, Outline
from lowcode.printing.blocks.lines import TEXTUAL, Grouping, Line, Paging, Summing, as_node, grouped, in_groups, pages
from lowcode.printing.blocks.pictured import shown_picture
from lowcode.printing.blocks.style import PLAIN, Alignment, Millimetres, Style
from lowcode.printing.blocks.values import Condition, Facts, Rows, Value, Words

Width = Millimetres | str
PICTURE_HEIGHT = 16.0
"""Millimetres that a picture in a line is high at most."""
INSET = 3.6
"""Millimetres beside what stands in a cell."""
NUMBER_TITLE = {"zh-CN": "序号", "en": "No."}


class TableColumn(Part):
    """One column: a value or words of each row, or the row's number."""

    title: Text | None = None
    value: Expression | None = None
    text: Template | None = None
    number: bool = Field(False, description="The column counts the rows.")
    width: Width | None = Field(None, description='Millimetres (24 or "24mm"); left out, what is left is shared.')
    align: Alignment | None = None
    format: Format = "auto"
    sum: bool = Field(False, description="Added up in the subtotals of groups and of pages.")
    when: Expression | None = Field(None, description="The column is printed only where this holds for the record.")
    style: Style = PLAIN


class TableTotal(Part):
    """One line under the rows: words on the left, a label and a value on the right."""

    label: Text = ""
    value: Expression | None = None
    text: Template = ""
    format: Format = "auto"
    strong: bool = False
    when: Expression | None = None


class TableGroup(Part):
    """Rows with an equal value stand together, with the sums of the columns that have `sum`."""

    by: Expression
    title: Template = Field("", description="The line above the group, in terms of its first row; left out, the value.")
    total: Template = Field("", description="The label of the group's subtotals; left out, there are none.")


class TablePages(Part):
    """What is added up page by page, of the columns that have `sum`. Word and Excel break their pages
    before they are as full as ours, so that the sums of a page stand on it whatever letters are there; who changes such
    a file afterwards moves lines past their sums."""

    rows: int | None = Field(None, ge=1, le=500, description="So many lines on a page; left out, what fits.")
    first: int | None = Field(None, ge=1, le=500, description="So many on the first page, which has less room.")
    fill: bool = Field(True, description="Blank lines fill the last page, where `rows` is given.")
    total: Template = Field("", description="The label of a page's own sum, such as 本页小计.")
    brought: Template = Field("", description="The label of what pages before added up to, such as 承前页.")
    forward: Template = Field("", description="The label of what is carried to the next page, such as 过次页.")


class TableBlock(Block):
    """Rows of the record as lines of a table."""

    type: Literal["table"]
    rows: Expression
    where: Expression | None = None
    columns: list[TableColumn] = Field(min_length=1)
    totals: list[TableTotal] = Field(default_factory=list)
    repeat_head: bool = True
    zebra: bool = True
    minimum: int = Field(0, ge=0, le=200, description="Blank lines fill the table up to so many rows.")
    empty: Text = Field("", description="What stands in the table when there are no rows.")
    group: TableGroup | None = None
    pages: TablePages | None = None
    style: Style = PLAIN


@dataclass(frozen=True, slots=True)
class Column:
    """One column, understood; a value of None counts the rows."""

    title: Words
    value: Value | Words | None
    width: float | None
    align: str
    when: Condition | None
    style: dict[str, Any]
    sum: bool = False


@dataclass(frozen=True, slots=True)
class Total:
    """One line under the rows, understood."""

    label: Words
    value: Value | None
    text: Words
    strong: bool
    when: Condition | None


@dataclass(frozen=True, slots=True)
class Table:
    """The table, understood."""

    rows: Rows
    columns: tuple[Column, ...]
    totals: tuple[Total, ...]
    repeat_head: bool
    zebra: bool
    minimum: int
    empty: Words
    style: dict[str, Any]
    group: Grouping | None = None
    paging: Paging | None = None
    name: str = ""

    def draw(self, facts: Facts) -> list[Node]:
        """One node with every line's cells as text; one per page where the table says how many lines a page has."""
        columns = [column for column in self.columns if column.when is None or column.when.holds(facts)]
        chosen = self.rows.of(facts)
        if not chosen and (words := self.empty.show(facts)):
            return [{"type": "text", "text": words, "style": {"align": "center", "color": "#5d6673"}}]
        summing = Summing(_summed(columns), len(columns), facts.locale)
        lines = self._lines(columns, chosen, summing)
        blank = Line([""] * len(columns), [None] * len(columns), {}, "blank")
        lines += [blank for _ in range(self.minimum - len(lines))]
        totals = [_total(total, facts) for total in self.totals if total.when is None or total.when.holds(facts)]
        paging = self.paging
        if paging is None or paging.rows is None:
            node = self._node(columns, lines, totals, facts)
            if paging is not None and paging.speaks(facts):
                node["paging"] = self._told(paging, lines, summing, facts)
            return [node]
        nodes: list[Node] = []
        for page in pages(lines, paging, summing, facts):
            nodes += [{"type": "page_break"}] if nodes else []
            nodes.append(self._node(columns, page, [], facts))
        nodes[-1] |= _totals(totals)
        return nodes

    def _lines(self, columns: list[Column], chosen: list[Facts], summing: Summing) -> list[Line]:
        def line(row: Facts) -> Line:
            cells, amounts = [_cell(each, row) for each in columns], [_amount(each.value, row) for each in columns]
            drawn = {place: found["picture"] for place, each in enumerate(columns)
                     if (found := shown_picture(each.value, row, _inner(each.width), PICTURE_HEIGHT))}  # fmt: skip
            return Line(cells, amounts, summing.of(row), pictures=drawn)

        if self.group is None:
            return [line(row) for row in chosen]
        groups = [[(row, line(row)) for row in members] for members in in_groups(chosen, self.group)]
        return list(grouped(groups, self.group, summing))

    def _node(self, columns: list[Column], lines: list[Line], totals: list[dict[str, Any]], facts: Facts) -> Node:
        return {
            "type": "table",
            "columns": [
                {"title": each.title.show(facts), "width": each.width, "align": each.align, "style": each.style}
                for each in columns
            ],
            **as_node(lines),
            **_totals(totals),
            "repeat_head": self.repeat_head,
            "zebra": self.zebra,
            "style": self.style,
        }

    def _told(self, paging: Paging, lines: list[Line], summing: Summing, facts: Facts) -> dict[str, Any]:
        """What a typesetter needs to add up by itself: the numbers of each line as text, and the words."""
        words = {"total": paging.total, "brought": paging.brought, "forward": paging.forward}
        return {
            "name": f"{self.name}#{facts.variables.get('line', 0)}",
            "span": max(min(summing.values, default=summing.count), 1),
            "sums": [[str(line.sums.get(place, 0)) for place in sorted(summing.values)] for line in lines],
            "patterns": summing.patterns(),
            **{key: each.show(facts) for key, each in words.items()},
        }


def compile_table(block: TableBlock, compiling: Compiling, pointer: str) -> Table | None:
    """Rows, columns and totals."""
    rows = compiling.rows(block.rows, block.where, f"{pointer}/rows")
    if rows is None:
        return None
    inner = compiling.within(rows)
    columns = [
        _column(each, inner, compiling, f"{pointer}/columns/{index}") for index, each in enumerate(block.columns)
    ]
    totals = []
    for index, total in enumerate(block.totals):
        at = f"{pointer}/totals/{index}"
        value = compiling.value(total.value, f"{at}/value", total.format) if total.value is not None else None
        label, text = compiling.words(total.label, f"{at}/label"), compiling.words(total.text, f"{at}/text")
        totals.append(Total(label, value, text, total.strong, compiling.condition(total.when, f"{at}/when")))
    return Table(
        rows,
        tuple(column for column in columns if column is not None),
        tuple(totals),
        block.repeat_head,
        block.zebra,
        block.minimum,
        compiling.words(block.empty, f"{pointer}/empty"),
        block.style.plain(),
        _group(block.group, inner, f"{pointer}/group"),
        _paging(block.pages, compiling, f"{pointer}/pages"),
        pointer,
    )


def _group(group: TableGroup | None, inner: Compiling, pointer: str) -> Grouping | None:
    if group is None:
        return None
    by = inner.value(group.by, f"{pointer}/by")
    title, total = inner.words(group.title, f"{pointer}/title"), inner.words(group.total, f"{pointer}/total")
    return Grouping(by, title, total) if by is not None else None


def _paging(written: TablePages | None, compiling: Compiling, pointer: str) -> Paging | None:
    if written is None:
        return None
    total, brought, forward = (
        compiling.words(getattr(written, name), f"{pointer}/{name}") for name in ("total", "brought", "forward")
    )
    return Paging(written.rows, written.first, written.fill, total, brought, forward)


def _summed(columns: list[Column]) -> dict[int, Value]:
    return {
        place: column.value for place, column in enumerate(columns) if column.sum and isinstance(column.value, Value)
    }


def _totals(totals: list[dict[str, Any]]) -> Node:
    return {"totals": totals, "value_width": max([24.0, *(2.1 * len(total["value"]) + 2 for total in totals)])}


def _column(column: TableColumn, inner: Compiling, outer: Compiling, pointer: str) -> Column | None:
    value: Value | Words | None = None
    if not column.number:
        value = value_or_words(column.value, column.text, column.format, inner, pointer)
        if value is None:
            return None
    named = NUMBER_TITLE if column.number else inner.title_of(column.value or "")
    title = column.title if column.title is not None else named
    number = column.number or (isinstance(value, Value) and value.expression.type.kind == "number")
    if column.sum and not number:
        inner.wrong("sum", f"{pointer}/sum", seen=column.value or "")
    align = column.align or ("center" if column.number else "right" if number else "left")
    return Column(
        inner.words(title, f"{pointer}/title"),
        value,
        _millimetres(column.width, inner, f"{pointer}/width", 11.0 if column.number else None),
        align,
        outer.condition(column.when, f"{pointer}/when"),
        column.style.plain(),
        column.sum and not column.number,
    )


def _millimetres(width: Width | None, compiling: Compiling, pointer: str, default: float | None) -> float | None:
    if width is None:
        return default
    if isinstance(width, str):
        try:
            return float(width.removesuffix("mm"))
        except ValueError:
            compiling.wrong("width", pointer, seen=width)
            return default
    return float(width)


def _inner(width: float | None) -> float:
    return max((width or 2 * PICTURE_HEIGHT) - INSET, 5.0)


def _cell(column: Column, row: Facts) -> str:
    return str(row.variables["line"]) if column.value is None else column.value.show(row)


def _amount(value: Value | Words | None, facts: Facts) -> dict[str, str] | None:
    """The bare number behind a cell, for outputs that can count with it; None where the cell shows no number."""
    if not isinstance(value, Value) or value.pictured or value.format in TEXTUAL:
        return None
    found = value.of(facts)
    if isinstance(found, bool) or not isinstance(found, (int, Decimal)):
        return None
    return {"value": str(found), "format": value.format}


def _total(total: Total, facts: Facts) -> dict[str, Any]:
    return {
        "label": total.label.show(facts),
        "value": total.value.show(facts) if total.value is not None else "",
        "amount": _amount(total.value, facts),
        "text": total.text.show(facts),
        "strong": total.strong,
    }


def begin_table(outline: Outline) -> dict[str, Any]:
    """The first rows of the form with their first fields."""
    rows, fields = next(iter(outline.rows.items()), ("", ()))
    return {"rows": rows, "columns": [{"number": True}, *({"value": each.path} for each in fields[:5])]}


KIND = BlockKind("table", TableBlock, compile_table, {"zh-CN": "明细表", "en": "Table"}, "words", begin_table)
