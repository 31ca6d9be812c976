"""`fields`: labels and values side by side, in columns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import Field

from lowcode.kernel.definitions.documents import Expression, Part, Template, Text
from lowcode.printing.blocks.formats import Format
from lowcode.printing.blocks.kind import Block, BlockKind, Compiling, Node, Outline
from lowcode.printing.blocks.pictured import shown_picture
from lowcode.printing.blocks.style import PLAIN, Millimetres, Style
from lowcode.printing.blocks.values import Condition, Facts, Value, Words

FIELD_WIDTH, FIELD_HEIGHT = 50.0, 30.0
"""Millimetres that a picture takes beside its label."""


class FieldItem(Part):
    """One label and its value. Without a label the title of the field is used."""

    label: Text | None = None
    value: Expression | None = None
    text: Template | None = Field(None, description="Words instead of a single value.")
    format: Format = "auto"
    span: int = Field(1, ge=1, le=6, description="How many columns the value takes.")
    when: Expression | None = None
    style: Style = PLAIN


class FieldsBlock(Block):
    """Labels and values."""

    type: Literal["fields"]
    columns: int = Field(2, ge=1, le=4)
    label_width: Millimetres | None = None
    items: list[FieldItem] = Field(min_length=1)
    style: Style = PLAIN


@dataclass(frozen=True, slots=True)
class Item:
    """One label and value, understood."""

    label: Words
    value: Value | Words
    when: Condition | None
    span: int
    style: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Fields:
    """Every item, and the columns they stand in."""

    items: tuple[Item, ...]
    columns: int
    label_width: float | None
    style: dict[str, Any]

    def draw(self, facts: Facts) -> list[Node]:
        """One node with the items whose condition holds."""
        items = [
            {
                "label": item.label.show(facts),
                "value": item.value.show(facts),
                "span": min(item.span, self.columns),
                "style": item.style,
                **({"content": pieces} if (pieces := item.value.pieces(facts)) else {}),
                **shown_picture(item.value, facts, FIELD_WIDTH, FIELD_HEIGHT),
            }
            for item in self.items
            if item.when is None or item.when.holds(facts)
        ]
        if not items:
            return []
        node: Node = {"type": "fields", "columns": self.columns, "label_width": self.label_width, "items": items}
        return [node | {"style": self.style}]


def compile_fields(block: FieldsBlock, compiling: Compiling, pointer: str) -> Fields:
    """Every item; one without a value and without words is a finding."""
    items = []
    for index, item in enumerate(block.items):
        at = f"{pointer}/items/{index}"
        shown = value_or_words(item.value, item.text, item.format, compiling, at)
        if shown is None:
            continue
        label = item.label if item.label is not None else compiling.title_of(item.value or "")
        items.append(
            Item(
                compiling.words(label, f"{at}/label"),
                shown,
                compiling.condition(item.when, f"{at}/when"),
                item.span,
                item.style.plain(),
            )
        )
    return Fields(tuple(items), block.columns, block.label_width, block.style.plain())


def value_or_words(
    value: str | None, text: Any, form: Format, compiling: Compiling, pointer: str
) -> Value | Words | None:
    """The one of the two that is given; both or none is a finding."""
    if (value is None) == (text is None):
        compiling.wrong("value-or-text", pointer)
        return None
    if text is not None:
        return compiling.words(text, f"{pointer}/text")
    if compiling.holds_pictures(value or ""):
        pictured = compiling.pictured(value or "", f"{pointer}/value")
        return replace(pictured, pictured=True) if pictured is not None else None
    return compiling.value(value or "", f"{pointer}/value", form)


def begin_fields(outline: Outline) -> dict[str, Any]:
    """The first fields of the form."""
    return {"items": [{"value": each.path} for each in outline.fields[:6]] or [{"text": ""}]}


KIND = BlockKind("fields", FieldsBlock, compile_fields, {"zh-CN": "字段", "en": "Fields"}, "words", begin_fields)
