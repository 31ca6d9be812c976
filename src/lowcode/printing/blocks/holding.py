"""What stands in the place-holders of an office file: shared by the blocks `word` and `excel`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lowcode.printing.blocks.drawing.office import Holder, Refused
from lowcode.printing.blocks.kind import Compiling
from lowcode.printing.blocks.values import Condition, Facts, Rows, Value

Meaning = Value | Condition | None


@dataclass(frozen=True, slots=True)
class Held:
    """The place-holders of a file, understood, and which of its lines are repeated for which rows."""

    holders: tuple[Holder, ...]
    meanings: tuple[Meaning, ...]
    repeated: dict[int, Rows]

    def singles(self, facts: Facts, show: Callable[[Meaning, Facts, Holder], Any]) -> list[Any]:
        """What stands in the place-holders outside of repeated lines, in their order."""
        pairs = zip(self.holders, self.meanings, strict=True)
        return [show(meaning, facts, holder) for holder, meaning in pairs if holder.line not in self.repeated]

    def lines(self, facts: Facts, show: Callable[[Meaning, Facts, Holder], Any]) -> dict[str, list[list[Any]]]:
        """What stands in those of each repeated line, for each of its rows."""
        found = {}
        for line, rows in self.repeated.items():
            own = [at for at, holder in enumerate(self.holders) if holder.line == line]
            found[str(line)] = [
                [show(self.meanings[at], row, self.holders[at]) for at in own] for row in rows.of(facts)
            ]
        return found


def bytes_of(file: str, compiling: Compiling, pointer: str) -> bytes | None:
    """A file of the app; a missing one is a finding."""
    content = compiling.files.get(file)
    if content is None:
        compiling.wrong("no-file", f"{pointer}/file", seen=file, known=list(compiling.files))
    return content


def understand(
    file: str, read: Callable[[], list[Holder]], rows: Sequence[str], compiling: Compiling, pointer: str
) -> Held | None:
    """The place-holders of a file, each with a finding of its own where it names something unknown."""
    try:
        found = read()
    except Refused as refused:
        compiling.wrong(refused.key, f"{pointer}/file", file=file, seen=refused.seen)
        return None
    except ImportError:
        compiling.wrong("office-missing", f"{pointer}/file")
        return None
    repeated: dict[int, Rows] = {}
    for index, path in enumerate(rows):
        known = compiling.rows(path, None, f"{pointer}/rows/{index}")
        if known is None:
            continue
        for holder in found:
            if holder.line is not None and holder.expression.startswith(f"{known.path}."):
                repeated[holder.line] = known
    meanings: list[Meaning] = []
    for holder in found:
        inner, said = compiling, holder.expression
        own = repeated.get(holder.line) if holder.line is not None else None
        if own is not None:
            inner, said = compiling.within(own), said.replace(f"{own.path}.", "")
        meanings.append(
            inner.condition(said, f"{pointer}/file") if holder.decides else inner.value(said, f"{pointer}/file")
        )
    return Held(tuple(found), tuple(meanings), repeated)
