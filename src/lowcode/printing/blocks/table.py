"""`table`: one line per row, a head that is repeated on each page, totals at the end."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from lowcode.kernel.definitions.documents import Expression, Part, Template, Text
from lowcode.printing.blocks.fields import value_or_words
from lowcode.printing.blocks.formats import Format
from lowcode.printing.blocks.kind import Block, BlockKind, Compiling, Node
from lowcode.printing.blocks.style import PLAIN, Alignment, Millimetres, Style
from lowcode.printing.blocks.values import Condition, Facts, Rows, Value, Words

Width = Millimetres | str
NUMBER_TITLE = {"zh-CN": "序号", "en": "No."}
RIGHT_ALIGNED = frozenset({"money", "number", "integer", "percent"})


class TableColumn(Part):
    """One column: a value or words of each row, or the row's number."""

    title: Text | None = None
    value: Expression | None = None
    text: Template | None = None
    number: bool = Field(False, description="The column counts the rows.")
    width: Width | None = Field(None, description='Millimetres (24 or "24mm"); left out, what is left is shared.')
    align: Alignment | None = None
    format: Format = "auto"
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

    def draw(self, facts: Facts) -> list[Node]:
        """One node with every row's cells as text."""
        columns = [column for column in self.columns if column.when is None or column.when.holds(facts)]
        chosen = self.rows.of(facts)
        rows = [[_cell(column, row) for column in columns] for row in chosen]
        if not rows and (words := self.empty.show(facts)):
            return [{"type": "text", "text": words, "style": {"align": "center", "color": "#5d6673"}}]
        rows += [[""] * len(columns) for _ in range(self.minimum - len(rows))]
        totals = [_total(total, facts) for total in self.totals if total.when is None or total.when.holds(facts)]
        return [
            {
                "type": "table",
                "columns": [
                    {"title": each.title.show(facts), "width": each.width, "align": each.align, "style": each.style}
                    for each in columns
                ],
                "rows": rows,
                "amounts": [[_amount(column.value, row) for column in columns] for row in chosen],
                "totals": totals,
                "value_width": max([24.0, *(2.1 * len(total["value"]) + 2 for total in totals)]),
                "repeat_head": self.repeat_head,
                "zebra": self.zebra,
                "style": self.style,
            }
        ]


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
    )


def _column(column: TableColumn, inner: Compiling, outer: Compiling, pointer: str) -> Column | None:
    value: Value | Words | None = None
    if not column.number:
        value = value_or_words(column.value, column.text, column.format, inner, pointer)
        if value is None:
            return None
    named = NUMBER_TITLE if column.number else inner.title_of(column.value or "")
    title = column.title if column.title is not None else named
    number = column.number or (isinstance(value, Value) and value.expression.type.kind == "number")
    align = column.align or ("center" if column.number else "right" if number else "left")
    return Column(
        inner.words(title, f"{pointer}/title"),
        value,
        _millimetres(column.width, inner, f"{pointer}/width", 11.0 if column.number else None),
        align,
        outer.condition(column.when, f"{pointer}/when"),
        column.style.plain(),
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


def _cell(column: Column, row: Facts) -> str:
    return str(row.variables["line"]) if column.value is None else column.value.show(row)


def _amount(value: Value | Words | None, facts: Facts) -> dict[str, str] | None:
    """The bare number behind a cell, for outputs that can count with it; None where the cell shows no number."""
    if not isinstance(value, Value) or value.format in ("text", "date", "iso", "datetime", "time"):
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


KIND = BlockKind("table", TableBlock, compile_table)
