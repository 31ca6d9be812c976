"""`text`: words with values in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from lowcode.kernel.definitions.documents import Template
from lowcode.printing.blocks.kind import Block, BlockKind, Compiling, Node
from lowcode.printing.blocks.numbering import Numbering
from lowcode.printing.blocks.style import PLAIN, Style
from lowcode.printing.blocks.values import Facts, Words


class TextBlock(Block):
    """A paragraph; line breaks are kept."""

    type: Literal["text"]
    text: Template
    style: Style = PLAIN
    keep_blank: bool = False
    numbered: Numbering | None = Field(
        None,
        description="Counted with the others of its sort that are printed: clause (一、 or 1.), article (第一条 or "
        "Article 1.), point (1.), which begins again after each clause or article.",
    )


@dataclass(frozen=True, slots=True)
class Text:
    """The words and their look."""

    words: Words
    style: dict[str, Any]
    keep_blank: bool
    numbered: Numbering | None = None

    def draw(self, facts: Facts) -> list[Node]:
        """One node; none when nothing is to be said."""
        counted = {"numbered": self.numbered} if self.numbered is not None else {}
        pieces = self.words.pieces(facts)
        if pieces:
            return [{"type": "rich", "content": pieces, "style": self.style, **counted}]
        text = self.words.show(facts)
        if not text.strip() and not self.keep_blank:
            return []
        return [{"type": "text", "text": text, "style": self.style, **counted}]


def compile_text(block: TextBlock, compiling: Compiling, pointer: str) -> Text:
    """Words and look."""
    return Text(compiling.words(block.text, f"{pointer}/text"), block.style.plain(), block.keep_blank, block.numbered)


TITLE = {"zh-CN": "文字", "en": "Text"}
KIND = BlockKind("text", TextBlock, compile_text, TITLE, "words", lambda _: {"text": dict(TITLE)})
