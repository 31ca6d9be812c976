"""The page of the operations of approval, as tests read it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"
CODE = re.compile(r"`([^`]+)`")
OPERATION = re.compile(r"`((?:flows|identity)\.[a-z_]+)`")


@dataclass(frozen=True)
class Word:
    """One line of the page."""

    name: str
    english: str
    how: str
    may: str
    trace: str
    told: str
    undone: str
    shown: str
    seen: str

    @property
    def operations(self) -> set[str]:
        """What is asked to do it."""
        return set(OPERATION.findall(self.how))


def words() -> list[Word]:
    """The lines of the page."""
    page = (DOCS / "definitions" / "approval.md").read_text(encoding="utf-8")
    part = page.partition("## The 38 operations")[2].partition("Further ones:")[0]
    lines = [[cell.strip() for cell in line.strip("| ").split(" | ")] for line in part.splitlines() if "|" in line]
    return [Word(*cells) for cells in lines[2:]]


def named_in_part_d() -> list[str]:
    """The operations that the requirements name."""
    text = (DOCS / "requirements.md").read_text(encoding="utf-8")
    listed = re.search(r"\*\*Approval operations \(38\)\.\*\* (.*?)\.\n", text)
    assert listed is not None
    return [re.sub(r" ?\(.*", "", each) for each in re.split(r", (?![^(]*\))", listed.group(1))]


def traces() -> dict[str, set[str]]:
    """By operation the events of the history of which it leaves one. An answer is `decided`, whatever comes with it."""
    found = {"flows.decide": {"decided"}}
    for word in words():
        for operation in word.operations - {"flows.decide"}:
            found.setdefault(operation, set()).update(CODE.findall(word.trace))
    return found


TRACES = traces()
