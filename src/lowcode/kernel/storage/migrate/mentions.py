"""What tables say of a form or field by its name follows a rename: history, stages, counters, tasks, notices, files.

A column of the library's own tables that holds the name of a form says so in its `info`: `holds="form"`, or
`holds="form:key"` for a key of a JSON value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any, Literal

import orjson

from lowcode.kernel.storage.migrate import steps as s
from lowcode.kernel.storage.migrate.hand import Hand
from lowcode.kernel.storage.migrate.schema import Schema, TableShape
from lowcode.kernel.storage.types import json_text


def rename_form(hand: Hand, schema: Schema, before: TableShape, after: TableShape) -> None:
    """The library's own tables speak of a form by its new name."""
    old, new = before.name, after.name
    for table in schema.live:
        for column in table.live if table.role == "own" else ():
            if column.holds == "form":
                hand.run(f'UPDATE {hand.table(table.name)} SET "{column.name}" = ? WHERE "{column.name}" = ?', new, old)
            elif column.holds:
                _in_json(hand, table.name, column.name, column.holds.partition(":")[2], old, new)
    serial = hand.table("lc_serial")
    for (name,) in hand.rows(f"SELECT DISTINCT name FROM {serial}"):
        if str(name).startswith(f"{old}."):
            hand.run(f"UPDATE {serial} SET name = ? WHERE name = ?", new + str(name)[len(old) :], name)


def _in_json(hand: Hand, table: str, column: str, key: str, old: str, new: str) -> None:
    if hand.postgresql:
        hand.run(
            f"UPDATE {hand.table(table)} SET \"{column}\" = jsonb_set(\"{column}\", '{{{key}}}', to_jsonb(?::text))"
            f" WHERE \"{column}\" ->> '{key}' = ?",
            new, old,
        )  # fmt: skip
    else:
        hand.run(
            f"UPDATE {hand.table(table)} SET \"{column}\" = json_set(\"{column}\", '$.{key}', ?)"
            f" WHERE json_extract(\"{column}\", '$.{key}') = ?",
            new, old,
        )  # fmt: skip


def rename_fields(hand: Hand, steps: Sequence[s.RenameField]) -> None:
    """History, stage history and counters speak of fields by their new names or ids."""
    stages, history, serials = _by_table(steps, "stages"), _by_table(steps, "history"), []
    for table, pairs in stages.items():
        for old, new in one_by_one(pairs):
            hand.run(f"UPDATE {hand.table(table)} SET field = ? WHERE field = ?", new, old)
    for table, pairs in history.items():
        for old, new in one_by_one(pairs):
            rename_in_history(hand, table, old, new)
    for (table, way), names in sorted(_columns(steps).items(), key=lambda item: item[0][1].count(".")):
        # from the outermost rows inwards, by their new names
        rows_history(hand, table, way.split("."), partial(_named, names=names))
    for step in steps:
        if step.before.id != step.after.id:
            serials.append((f"{step.table.record}.{step.before.id}", f"{step.table.record}.{step.after.id}"))
    for old, new in one_by_one(serials):
        hand.run(f"UPDATE {hand.table('lc_serial')} SET name = ? WHERE name = ?", new, old)


def _by_table(steps: Sequence[s.RenameField], where: Literal["stages", "history"]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for step in steps:
        table: str | None = getattr(step, where)
        if table is not None and not step.way and step.before.name != step.after.name:
            found.setdefault(table, []).append((step.before.name, step.after.name))
    return found


def _columns(steps: Sequence[s.RenameField]) -> dict[tuple[str, str], dict[str, str]]:
    """New names by old ones, of the columns of the same rows."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    for step in steps:
        if step.way and step.history is not None and step.before.name != step.after.name:
            found.setdefault((step.history, step.way), {})[step.before.name] = step.after.name
    return found


def one_by_one(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Renames in an order in which no name is taken twice: `a` to `b` while `b` becomes `a` goes by way of others."""
    taken = {old for old, _ in pairs}
    aside = [(old, new) for old, new in pairs if new in taken]
    moved = {old: s.hidden_name("turn", old) for old, _ in aside}
    straight = [(old, new) for old, new in pairs if old not in moved]
    return [*moved.items(), *straight, *((moved[old], new) for old, new in aside)]


def rename_in_history(hand: Hand, name: str, old: str, new: str, within: str = "") -> None:
    """Entries of a history speak of a field by another name; only those `within` a condition, if there is one."""
    table, only = hand.table(name), f"{within} AND " if within else ""
    if hand.postgresql:
        hand.run(
            f"UPDATE {table} SET changes = (changes - ?::text) || jsonb_build_object(?::text, changes -> ?::text)"
            f" WHERE {only}jsonb_exists(changes, ?)",
            old, new, old, old,
        )  # fmt: skip
    else:
        hand.run(
            f"UPDATE {table} SET changes = json_set(json_remove(changes, '$.' || ?), '$.' || ?,"
            f" json(changes -> ('$.' || ?))) WHERE {only}json_type(changes, '$.' || ?) IS NOT NULL",
            old, new, old, old,
        )  # fmt: skip


PIECE = 1000
"""Entries of a history that are written anew at a time."""


Tell = Callable[[Mapping[str, Any]], Mapping[str, Any]]
"""What is told anew of a row, or of what changed in one."""


def rows_history(hand: Hand, name: str, way: Sequence[str], tell: Tell, within: str = "") -> None:
    """The changes of rows lie within one another, deeper than a statement reaches."""
    retold(hand, name, way[0], lambda change: _renamed(change, way[1:], tell), within)


def _named(row: Mapping[str, Any], names: Mapping[str, str]) -> Mapping[str, Any]:
    return {names.get(name, name): value for name, value in row.items()}


def mentioning(hand: Hand) -> str:
    """The condition of entries of a history that speak of a field."""
    return "jsonb_exists(changes, ?)" if hand.postgresql else "json_type(changes, '$.' || ?) IS NOT NULL"


def retold(hand: Hand, name: str, field: str, tell: Callable[[Any], Any], within: str = "") -> None:
    """What a history says of a field, read and written again; only entries `within` a condition, if there is one."""
    table, last = hand.table(name), 0
    has = mentioning(hand) + (f" AND {within}" if within else "")
    put = "?::jsonb" if hand.postgresql else "?"
    while rows := hand.rows(
        f"SELECT id, changes FROM {table} WHERE {has} AND id > ? ORDER BY id LIMIT {PIECE}", field, last
    ):
        changed = []
        for identity, kept in rows:
            changes = orjson.loads(kept) if isinstance(kept, (str, bytes)) else kept
            told = tell(changes[field])
            if told != changes[field]:
                changed.append((json_text({**changes, field: told}), identity))
        hand.many(f"UPDATE {table} SET changes = {put} WHERE id = ?", changed)
        last = rows[-1][0]


def _renamed(change: Any, way: Sequence[str], tell: Tell) -> Any:
    """A change of rows: a pair of lists, or what was added, removed and changed."""
    if isinstance(change, Mapping):
        whole = {word: [_row(each, way, tell) for each in change.get(word) or ()] for word in ("added", "removed")}
        kept = change.get("changed") or ()
        changed = [{**each, "changes": _row(each["changes"], way, tell, inner=_renamed)} for each in kept]
        return {**change, **whole, "changed": changed}
    if not isinstance(change, list):
        return change
    return [[_row(one, way, tell) for one in each] if isinstance(each, list) else each for each in change]


def _row(row: Any, way: Sequence[str], tell: Tell, inner: Any = None) -> Any:
    """A row, or what changed in one."""
    if not isinstance(row, Mapping):
        return row
    if not way:
        return tell(row)
    if way[0] not in row:
        return row
    below = row[way[0]]
    if inner is None:
        below = [_row(each, way[1:], tell) for each in below or ()]
    else:
        below = inner(below, way[1:], tell)
    return {**row, way[0]: below}
