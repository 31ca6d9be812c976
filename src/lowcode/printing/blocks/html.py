"""`html`: a text in the template language Jinja2, for those who write it, in its guarded environment.

Its context is `values` and `rows`, all of them expressions: nothing else of the app can be reached from it. What it
writes is read as a small set of elements (`rich`), which every output draws; anything else in it is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from lowcode.kernel.definitions.documents import Expression, Name, Part
from lowcode.printing.blocks.guarded import TemplateRefused, names_of
from lowcode.printing.blocks.kind import Block, BlockKind, Compiling, Node, NotDrawn
from lowcode.printing.blocks.rich import rich_content
from lowcode.printing.blocks.style import PLAIN, Style
from lowcode.printing.blocks.values import Facts, Rows, Value


class HtmlRows(Part):
    """A list the text may loop over: the values of each row, by name."""

    rows: Expression
    where: Expression | None = None
    values: dict[Name, Expression] = Field(min_length=1)


class HtmlBlock(Block):
    """A Jinja2 text that writes simple HTML."""

    type: Literal["html"]
    html: str | dict[str, str]
    values: dict[Name, Expression] = Field(default_factory=dict)
    rows: dict[Name, HtmlRows] = Field(default_factory=dict)
    style: Style = PLAIN


@dataclass(frozen=True, slots=True)
class Html:
    """The text and its context, understood."""

    source: Mapping[str, str]
    values: Mapping[str, Value]
    rows: Mapping[str, tuple[Rows, Mapping[str, Value]]]
    style: dict[str, Any]
    place: str = ""

    def draw(self, facts: Facts) -> list[Node]:
        """One node with the elements the text wrote."""
        if facts.expand is None:
            return []
        data: dict[str, Any] = {name: value.show(facts) for name, value in self.values.items()}
        for name, (rows, values) in self.rows.items():
            data[name] = [{key: value.show(row) for key, value in values.items()} for row in rows.of(facts)]
        source = self.source.get(facts.locale.tag) or next(iter(self.source.values()))
        try:
            text = facts.expand(source, data)
        except NotDrawn as failure:
            failure.block = self.place
            raise
        return [{"type": "rich", "content": rich_content(text), "style": self.style}]


def compile_html(block: HtmlBlock, compiling: Compiling, pointer: str) -> Html | None:
    """Its context; a name the context does not have is a finding, as is a text the guard refuses."""
    source = block.html if isinstance(block.html, dict) else {"": block.html}
    known = {*block.values, *block.rows}
    for tag, text in source.items():
        at = f"{pointer}/html" + (f"/{tag}" if tag else "")
        try:
            unknown = names_of(text) - known
        except TemplateRefused as refusal:
            compiling.wrong("template", at, reason=refusal.reason)
            return None
        for name in sorted(unknown):
            compiling.wrong("unknown-value", at, seen=name, known=sorted(known))
    values = _values(block.values, compiling, f"{pointer}/values")
    loops = {}
    for name, loop in block.rows.items():
        at = f"{pointer}/rows/{name}"
        rows = compiling.rows(loop.rows, loop.where, f"{at}/rows")
        if rows is not None:
            loops[name] = (rows, _values(loop.values, compiling.within(rows), f"{at}/values"))
    return Html(source, values, loops, block.style.plain(), pointer)


def _values(written: Mapping[str, str], compiling: Compiling, pointer: str) -> dict[str, Value]:
    compiled = {name: compiling.value(text, f"{pointer}/{name}") for name, text in written.items()}
    return {name: value for name, value in compiled.items() if value is not None}


KIND = BlockKind(
    "html", HtmlBlock, compile_html, {"zh-CN": "HTML（Jinja2）", "en": "HTML (Jinja2)"}, "words",
    lambda _: {"html": "<p></p>"},
)  # fmt: skip
