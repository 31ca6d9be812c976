"""What a history says of a field that is encrypted from now on: that it changed, and no longer from what to what."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from lowcode.kernel.storage.migrate import steps as s
from lowcode.kernel.storage.migrate.convert import UNTOLD
from lowcode.kernel.storage.migrate.hand import Hand
from lowcode.kernel.storage.migrate.mentions import mentioning, retold, rows_history


def conceal(hand: Hand, step: s.Conceal, within: str = "") -> None:
    """Write the history anew; only entries `within` a condition, if there is one. May be done again."""
    if step.way:
        rows_history(hand, step.history, step.way.split("."), partial(_row, name=step.column.name), within)
    else:
        retold(hand, step.history, step.column.name, _untold, within)


def entries(hand: Hand, step: s.Conceal, history: str) -> int:
    """How many entries of a history, as it is called now, speak of the field or of its rows."""
    name = step.way.partition(".")[0] or step.former
    return hand.count(history, mentioning(hand), name)


def _row(row: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    return {**row, name: _untold(row[name])} if name in row else row


def _untold(value: Any) -> Any:
    """A value, or a pair of what it was and became."""
    if isinstance(value, list):
        return [_untold(each) for each in value]
    return None if value is None else UNTOLD
