"""Options and states that have another name: rows, their histories and their stage histories say the new one.

This is done before tables and columns change their own names, so everything here is called as it was until then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lowcode.kernel.storage.migrate import steps as s
from lowcode.kernel.storage.migrate.hand import Hand, reader, writer
from lowcode.kernel.storage.migrate.mentions import PIECE, retold, rows_history


def rename_options(hand: Hand, step: s.RenameOptions) -> None:
    """All that says an option says its new name."""
    names = dict(step.names)
    if step.before.store == "json":
        _several(hand, step, names)
    else:
        _one(hand, step.source.name, step.before.name, names)
    name = step.before.name
    if step.stages is not None:
        for column in ("came_from", "state"):
            _one(hand, step.stages, column, names, f" AND field = '{name}'")
    if step.history is None:
        return
    if step.way:
        rows_history(hand, step.history, step.way.split("."), lambda row: _told(row, name, names))
    else:
        retold(hand, step.history, name, lambda change: _instead(change, names))


def holding(hand: Hand, step: s.RenameOptions, only: Sequence[str] | None = None) -> tuple[str, *tuple[str, ...]]:
    """The condition of rows that hold an option by a former name, and its values."""
    column, former = f'"{step.before.name}"', tuple(old for old, _ in step.names) if only is None else tuple(only)
    marks = ", ".join("?" * len(former))
    if step.before.store != "json":
        return f"{column} IN ({marks})", *former
    if hand.postgresql:
        return f"({' OR '.join([f'jsonb_exists({column}, ?)'] * len(former))})", *former
    return f"EXISTS (SELECT 1 FROM json_each({column}) WHERE value IN ({marks}))", *former


def _one(hand: Hand, table: str, column: str, names: Mapping[str, str], more: str = "") -> None:
    """A column of single values, in one statement: options may exchange their names."""
    cases = " ".join(["WHEN ? THEN ?"] * len(names))
    said = [each for pair in names.items() for each in pair]
    hand.run(
        f'UPDATE {hand.table(table)} SET "{column}" = CASE "{column}" {cases} END'
        f' WHERE "{column}" IN ({", ".join("?" * len(names))}){more}',
        *said, *names,
    )  # fmt: skip


def _several(hand: Hand, step: s.RenameOptions, names: Mapping[str, str]) -> None:
    """A column of lists: read and written again, some at a time."""
    table, column, last = hand.table(step.source.name), f'"{step.before.name}"', 0
    read, write = reader("json", hand), writer("json", hand)
    condition, *former = holding(hand, step)
    select = f"SELECT id, {column} FROM {table} WHERE {condition} AND id > ? ORDER BY id LIMIT {PIECE}"
    put = "?::jsonb" if hand.postgresql else "?"
    while rows := hand.rows(select, *former, last):
        told = [(write(_instead(read(value), names)), identity) for identity, value in rows]
        hand.many(f"UPDATE {table} SET {column} = {put} WHERE id = ?", told)
        last = rows[-1][0]


def _told(row: Mapping[str, Any], name: str, names: Mapping[str, str]) -> Mapping[str, Any]:
    return {**row, name: _instead(row[name], names)} if name in row else row


def _instead(value: Any, names: Mapping[str, str]) -> Any:
    """A value, or a pair of what it was and became, with the new names; what becomes one stands once."""
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return list(dict.fromkeys(names.get(each, each) for each in value))
    return [_instead(each, names) for each in value] if isinstance(value, list) else value
