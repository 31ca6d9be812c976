"""`LOOKUPTABLE("table", "output", input, …)`: decision tables as expressions see them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from lowcode.rules.decisions.decide import decide
from lowcode.rules.decisions.table import DecisionTable

if TYPE_CHECKING:
    from lowcode.kernel.contract import Context


class Lookups(Mapping[str, Callable[..., Any]]):
    """The tables of an app by name, each a function of output and input values; made with a context, because a cell
    may ask for the day or for the person."""

    def __init__(self, tables: Mapping[str, DecisionTable], context: Context) -> None:
        self._tables = tables
        self._context = context

    def __getitem__(self, name: str) -> Callable[..., Any]:
        table = self._tables[name]

        def look_up(output: str, *values: Any) -> Any:
            given = (*values, *([None] * len(table.inputs)))[: len(table.inputs)]
            return decide(table, given, _NOTHING, self._context.moment()).outputs.get(output)

        return look_up

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


class _Nothing(dict[str, Any]):
    """A record of which nothing is known: a looked-up answer knows its inputs only."""

    def __missing__(self, key: str) -> Any:
        return None


_NOTHING = _Nothing()
NO_LOOKUPS: Mapping[str, Callable[..., Any]] = {}
"""Of an app without tables."""
