"""`word`: a Word file that somebody made in Word, with place-holders such as `{{ account.name }}`.

A table row whose place-holders begin with the name of rows (`{{ items.quantity }}`) is repeated for each of them. A
paragraph or row with `{{ if stage = "signed" }}` is there only where that holds. A picture whose description (alt text)
is `{{ qrcode number }}` or `{{ barcode number }}` becomes that code, in its size; in a repeated row
(`{{ qrcode items.code }}`) each copy of the row has its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from lowcode.printing.blocks.drawing.office import Holder, cleaned, holders
from lowcode.printing.blocks.files import ByLanguage
from lowcode.printing.blocks.holding import Meaning, OfficeBlock, OfficeFile, office_files
from lowcode.printing.blocks.kind import BlockKind, Compiling, Node
from lowcode.printing.blocks.values import Condition, Facts


class WordBlock(OfficeBlock):
    """A Word file of the app; it is the whole paper, given out as docx."""

    type: Literal["word"]


@dataclass(frozen=True, slots=True)
class Word:
    """The file, understood."""

    files: ByLanguage[OfficeFile]

    def draw(self, facts: Facts) -> list[Node]:
        """One node: the file, the words for its place-holders, and those of each repeated row."""
        return [self.files.of(facts.locale.tag).node("word", facts, _shown)]


def _shown(meaning: Meaning, facts: Facts, _: Holder) -> str | None:
    """The words of a place-holder; of a condition `yes` or None."""
    if isinstance(meaning, Condition):
        return "yes" if meaning.holds(facts) else None
    return meaning.show(facts) if meaning is not None else ""


def compile_word(block: WordBlock, compiling: Compiling, pointer: str) -> Word | None:
    """Its place-holders, each with a finding of its own where it names something unknown."""
    files = office_files(block, lambda content: holders(cleaned(content)), compiling, pointer)
    return Word(files) if files is not None else None


KIND = BlockKind("word", WordBlock, compile_word, {"zh-CN": "Word 文件", "en": "Word file"}, "whole")
