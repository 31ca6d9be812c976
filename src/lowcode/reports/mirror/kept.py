"""What a copy is, wherever it is kept: a file of this process (`copy`), or tables of another database (`warehouse`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import sqlalchemy as sa

from lowcode.reports.mirror.columns import CopiedTable
from lowcode.reports.mirror.source import Reading

State = tuple[str, str, int]
"""Of which database it is a copy, of which tables, and up to which note."""


class Asked(Protocol):
    """A question as a copy takes it."""

    def rows(self, parameters: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What it finds."""
        ...


class Kept(Protocol):
    """A copy."""

    lowering: str
    """How questions are lowered for it (`expressions.sql.door`)."""
    place: str
    """Where it is, for whoever looks."""

    def state(self) -> State | None:
        """What it is a copy of; None for one that holds nothing yet."""
        ...

    def sizes(self, tables: Iterable[str]) -> dict[str, int]:
        """How many rows each table has."""
        ...

    def fill(self, reading: Reading, tables: Mapping[str, CopiedTable], state: State) -> bool:
        """Make it anew from a reading. False when somebody else was quicker, and it is to be looked at again."""
        ...

    def follow(
        self, reading: Reading, tables: Mapping[str, CopiedTable], changed: Mapping[str, Sequence[int]], since: State,
        mark: int,
    ) -> bool:  # fmt: skip
        """Bring rows that changed to how they are in a reading. False as above: it is not what it was (`since`)."""
        ...

    def asked(self, statement: sa.Select[Any], tables: Mapping[sa.Table, sa.Table]) -> Asked:
        """A question for it; `tables` are those of the host under their own names. Raises NotPushable."""
        ...

    def close(self) -> None:
        """Give it back."""
        ...
