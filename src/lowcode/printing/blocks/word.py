"""`word`: a Word file that somebody made in Word, with place-holders such as `{{ account.name }}`.

A table row whose place-holders begin with the name of rows (`{{ items.quantity }}`) is repeated for each of them. A
paragraph or row with `{{ if stage = "signed" }}` is there only where that holds. A picture whose description (alt text)
is `{{ qrcode number }}` or `{{ barcode number }}` becomes that code, in its size.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from lowcode.kernel.definitions.documents import Expression
from lowcode.printing.blocks.drawing.office import Holder, cleaned, holders
from lowcode.printing.blocks.holding import Held, Meaning, bytes_of, understand
from lowcode.printing.blocks.kind import Block, BlockKind, Compiling, Node
from lowcode.printing.blocks.values import Condition, Facts


class WordBlock(Block):
    """A Word file of the app; it is the whole paper, given out as docx."""

    type: Literal["word"]
    file: str = Field(description="A file of the app, such as templates/contract.docx.")
    rows: list[Expression] = Field(
        default_factory=list,
        description="The rows its tables repeat, such as items; place-holders begin with the name.",
    )


@dataclass(frozen=True, slots=True)
class Word:
    """The file, understood: what stands in each place-holder, and which rows of its tables are repeated."""

    content: str
    held: Held

    def draw(self, facts: Facts) -> list[Node]:
        """One node: the file, the words for its place-holders, and those of each repeated row."""
        held = self.held
        return [{"type": "word", "file": self.content, "values": held.singles(facts, _shown),
                 "lines": held.lines(facts, _shown),
                 "decides": [holder.decides for holder in held.holders]}]  # fmt: skip


def _shown(meaning: Meaning, facts: Facts, _: Holder) -> str | None:
    """The words of a place-holder; of a condition `yes` or None."""
    if isinstance(meaning, Condition):
        return "yes" if meaning.holds(facts) else None
    return meaning.show(facts) if meaning is not None else ""


def compile_word(block: WordBlock, compiling: Compiling, pointer: str) -> Word | None:
    """Its place-holders, each with a finding of its own where it names something unknown."""
    content = bytes_of(block.file, compiling, pointer)
    if content is None:
        return None
    held = understand(block.file, lambda: holders(cleaned(content)), block.rows, compiling, pointer)
    return Word(base64.b64encode(content).decode(), held) if held is not None else None


KIND = BlockKind("word", WordBlock, compile_word, {"zh-CN": "Word 文件", "en": "Word file"}, "whole")
