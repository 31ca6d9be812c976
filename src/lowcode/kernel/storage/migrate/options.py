"""Options and states that have another name: rows, their histories and their stage histories say the new one.

This is done before tables and columns change their own names, so everything here is called as it was until then.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from lowcode.kernel.storage.migrate import steps as s
from lowcode.kernel.storage.migrate.hand import Hand, reader, writer
from lowcode.kernel.storage.migrate.mentions import PIECE, retold, rows_history
from lowcode.kernel.storage.migrate.schema import ColumnShape, Schema, TableShape


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


def as_held(hand: Hand, schema: Schema, wanted: Schema) -> Schema:
    """The same schema; where options are renamed, those that were stored in part are what rows hold."""
    if not any(column.were for table in wanted.live for column in table.live):
        return schema
    return Schema(tuple(_table_as_held(hand, each) for each in schema.tables))


def _table_as_held(hand: Hand, table: TableShape) -> TableShape:
    if table.retired is not None or not any(each.unlisted for each in table.live):
        return table
    columns = [
        replace(each, options=_held(hand, table.name, each)) if each.unlisted and each.retired is None else each
        for each in table.columns
    ]
    return replace(table, columns=tuple(columns))


def _held(hand: Hand, name: str, column: ColumnShape) -> tuple[str, ...]:
    table, value = hand.table(name), f'"{column.name}"'
    if column.store != "json":
        found = hand.rows(f"SELECT DISTINCT {value} FROM {table} WHERE {value} IS NOT NULL")
    elif hand.postgresql:
        several = f"CASE jsonb_typeof({value}) WHEN 'array' THEN {value} END"
        found = hand.rows(f"SELECT DISTINCT held FROM {table}, jsonb_array_elements_text({several}) AS held")
    else:
        found = hand.rows(f"SELECT DISTINCT value FROM {table}, json_each({table}.{value}) WHERE value IS NOT NULL")
    return tuple(sorted(str(each) for (each,) in found))


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
