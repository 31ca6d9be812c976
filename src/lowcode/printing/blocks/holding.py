"""What stands in the place-holders of an office file: shared by the blocks `word` and `excel`."""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from lowcode.kernel.definitions.documents import Expression, File
from lowcode.printing.blocks.drawing.office import Holder, Refused
from lowcode.printing.blocks.files import ByLanguage, each_file
from lowcode.printing.blocks.kind import Block, Compiling
from lowcode.printing.blocks.values import Condition, Facts, Rows, Value

Meaning = Value | Condition | None
Show = Callable[[Meaning, Facts, Holder], Any]


class OfficeBlock(Block):
    """A file that somebody made, with place-holders; it is the whole paper."""

    file: File = Field(description="A file of the app, such as templates/contract.docx, or one per language.")
    rows: list[Expression] = Field(
        default_factory=list,
        description="The rows its lines repeat, such as items; place-holders begin with the name.",
    )


@dataclass(frozen=True, slots=True)
class Held:
    """The place-holders of a file, understood, and which of its lines are repeated for which rows."""

    holders: tuple[Holder, ...]
    meanings: tuple[Meaning, ...]
    repeated: dict[int, Rows]

    def singles(self, facts: Facts, show: Show) -> list[Any]:
        """What stands in the place-holders outside of repeated lines, in their order."""
        pairs = zip(self.holders, self.meanings, strict=True)
        return [show(meaning, facts, holder) for holder, meaning in pairs if holder.line not in self.repeated]

    def lines(self, facts: Facts, show: Show) -> dict[str, list[list[Any]]]:
        """What stands in those of each repeated line, for each of its rows."""
        found = {}
        for line, rows in self.repeated.items():
            own = [at for at, holder in enumerate(self.holders) if holder.line == line]
            found[str(line)] = [
                [show(self.meanings[at], row, self.holders[at]) for at in own] for row in rows.of(facts)
            ]
        return found


@dataclass(frozen=True, slots=True)
class OfficeFile:
    """A file, understood: what stands in each place-holder, and which of its lines are repeated."""

    content: str
    held: Held

    def node(self, kind: str, facts: Facts, show: Show) -> dict[str, Any]:
        """The file, what stands in its place-holders, and in those of each repeated line."""
        held = self.held
        return {"type": kind, "file": self.content, "values": held.singles(facts, show),
                "lines": held.lines(facts, show),
                "decides": [holder.decides for holder in held.holders]}  # fmt: skip


def office_files(
    block: OfficeBlock, read: Callable[[bytes], list[Holder]], compiling: Compiling, pointer: str
) -> ByLanguage[OfficeFile] | None:
    """The file of a block, or one for each language: its place-holders, each with a finding of its own where it names
    something unknown."""
    known = [compiling.rows(path, None, f"{pointer}/rows/{index}") for index, path in enumerate(block.rows)]
    rows = [each for each in known if each is not None]

    def understood(file: str, content: bytes, at: str) -> OfficeFile | None:
        try:
            found = read(content)
        except Refused as refused:
            compiling.wrong(refused.key, at, file=file, seen=refused.seen)
            return None
        except ImportError:
            compiling.wrong("office-missing", at)
            return None
        return OfficeFile(base64.b64encode(content).decode(), _held(found, rows, compiling, at))

    return each_file(block.file, compiling, f"{pointer}/file", understood)


def _held(found: Sequence[Holder], rows: Sequence[Rows], compiling: Compiling, pointer: str) -> Held:
    """What stands in the place-holders of a file."""
    for holder in found:
        if holder.open:
            compiling.wrong("open-holder", f"{pointer}/{holder.at}", seen=holder.expression)
    found = [each for each in found if not each.open]
    repeated = {
        holder.line: known
        for known in rows
        for holder in found
        if holder.line is not None and holder.expression.startswith(f"{known.path}.")
    }
    meanings: list[Meaning] = []
    for holder in found:
        inner, said = compiling, holder.expression
        own = repeated.get(holder.line) if holder.line is not None else None
        if own is not None:
            inner, said = compiling.within(own), said.replace(f"{own.path}.", "")
        at = f"{pointer}/{holder.at}"
        meanings.append(inner.condition(said, at) if holder.decides else inner.value(said, at))
    return Held(tuple(found), tuple(meanings), repeated)
