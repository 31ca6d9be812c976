"""`word`: a Word file that somebody made in Word, with place-holders such as `{{ account.name }}`.

A table row whose place-holders begin with the name of rows (`{{ items.quantity }}`) is repeated for each of them. A
paragraph or row with `{{ if stage = "signed" }}` is there only where that holds.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from lowcode.kernel.definitions.documents import Expression
from lowcode.printing.blocks.drawing.office import Holder, Refused, cleaned, holders
from lowcode.printing.blocks.kind import Block, BlockKind, Compiling, Node
from lowcode.printing.blocks.values import Condition, Facts, Rows, Value


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
    holders: tuple[Holder, ...]
    meanings: tuple[Value | Condition | None, ...]
    repeated: dict[int, Rows]

    def draw(self, facts: Facts) -> list[Node]:
        """One node: the file, the words for its place-holders, and those of each repeated row."""
        single: list[str | None] = []
        lines: dict[str, list[list[str | None]]] = {}
        for line, rows in self.repeated.items():
            own = [at for at, holder in enumerate(self.holders) if holder.line == line]
            lines[str(line)] = [[_shown(self.meanings[at], row) for at in own] for row in rows.of(facts)]
        for holder, meaning in zip(self.holders, self.meanings, strict=True):
            if holder.line not in self.repeated:
                single.append(_shown(meaning, facts))
        return [{"type": "word", "file": self.content, "values": single, "lines": lines,
                 "decides": [holder.decides for holder in self.holders]}]  # fmt: skip


def _shown(meaning: Value | Condition | None, facts: Facts) -> str | None:
    """The words of a place-holder; of a condition `yes` or None."""
    if isinstance(meaning, Condition):
        return "yes" if meaning.holds(facts) else None
    return meaning.show(facts) if meaning is not None else ""


def compile_word(block: WordBlock, compiling: Compiling, pointer: str) -> Word | None:
    """Its place-holders, each with a finding of its own where it names something unknown."""
    content = compiling.files.get(block.file)
    if content is None:
        compiling.wrong("no-file", f"{pointer}/file", seen=block.file, known=list(compiling.files))
        return None
    try:
        found = holders(cleaned(content))
    except Refused as refused:
        compiling.wrong(refused.key, f"{pointer}/file", file=block.file, seen=refused.seen)
        return None
    except ImportError:
        compiling.wrong("office-missing", f"{pointer}/file")
        return None
    repeated: dict[int, Rows] = {}
    names: dict[int, str] = {}
    for index, path in enumerate(block.rows):
        rows = compiling.rows(path, None, f"{pointer}/rows/{index}")
        if rows is None:
            continue
        for holder in found:
            if holder.line is not None and holder.expression.startswith(f"{rows.path}."):
                repeated[holder.line], names[holder.line] = rows, rows.path
    meanings: list[Value | Condition | None] = []
    for holder in found:
        inner, said = compiling, holder.expression
        if holder.line in repeated:
            inner, said = compiling.within(repeated[holder.line]), said.replace(f"{names[holder.line]}.", "")
        meanings.append(
            inner.condition(said, f"{pointer}/file") if holder.decides else inner.value(said, f"{pointer}/file")
        )
    data = base64.b64encode(content).decode()
    return Word(data, tuple(found), tuple(meanings), repeated)


KIND = BlockKind("word", WordBlock, compile_word)
