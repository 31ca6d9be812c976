"""`text`: words with values in them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from lowcode.kernel.definitions.documents import Template
from lowcode.printing.blocks.kind import Block, BlockKind, Compiling, Node
from lowcode.printing.blocks.style import PLAIN, Style
from lowcode.printing.blocks.values import Facts, Words


class TextBlock(Block):
    """A paragraph; line breaks are kept."""

    type: Literal["text"]
    text: Template
    style: Style = PLAIN
    keep_blank: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """The words and their look."""

    words: Words
    style: dict[str, Any]
    keep_blank: bool

    def draw(self, facts: Facts) -> list[Node]:
        """One node; none when nothing is to be said."""
        pieces = self.words.pieces(facts)
        if pieces:
            return [{"type": "rich", "content": pieces, "style": self.style}]
        text = self.words.show(facts)
        if not text.strip() and not self.keep_blank:
            return []
        return [{"type": "text", "text": text, "style": self.style}]


def compile_text(block: TextBlock, compiling: Compiling, pointer: str) -> Text:
    """Words and look."""
    return Text(compiling.words(block.text, f"{pointer}/text"), block.style.plain(), block.keep_blank)


TITLE = {"zh-CN": "文字", "en": "Text"}
KIND = BlockKind("text", TextBlock, compile_text, TITLE, "words", lambda _: {"text": dict(TITLE)})
