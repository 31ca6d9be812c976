"""What a change did to the rows of a record, row by row, as the page reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lowcode.kernel.records.plan import Field
from lowcode.web.present import Presenter

Row = Mapping[str, Any]
MOST = 20
"""So many rows are told one by one; of more the count is told."""


def counts_of(change: Mapping[str, Any]) -> dict[str, int]:
    """How many rows came, changed and went."""
    return {word: len(change.get(word) or ()) for word in ("added", "changed", "removed")}


def as_difference(pair: Sequence[Any]) -> dict[str, Any]:
    """What was added, removed and changed between the rows before and after, as the history keeps it of a save."""
    before = {row["id"]: row for row in pair[0] or () if "id" in row}
    after = {row["id"]: row for row in pair[1] or () if "id" in row}
    changed = [
        {"id": identity, "changes": {name: [before[identity].get(name), value] for name, value in row.items()
                                     if before[identity].get(name) != value}}
        for identity, row in after.items() if identity in before and before[identity] != row
    ]  # fmt: skip
    return {
        "added": [row for row in pair[1] or () if row.get("id") not in before],
        "removed": [row for row in pair[0] or () if row.get("id") not in after],
        "changed": changed,
    }


def rows_of(presenter: Presenter, way: tuple[Field, ...], change: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Rows that came, changed or went: `kind`, `id`, and its `values`, or its `changes` from one value to another.

    `way`: the fields that lead to the rows, from the record on; those of rows within a row are told with it."""
    rows = way[-1].rows
    assert rows is not None
    plain = [name for name, field in rows.fields.items() if field.rows is None]
    told: list[dict[str, Any]] = []
    shown: list[Row] = []
    for kind in ("added", "changed", "removed"):
        for row in (change.get(kind) or ())[: MOST - len(told)]:
            if kind != "changed":
                told.append({"kind": kind, "id": row["id"]})
                shown.append({name: row[name] for name in plain if row.get(name) not in (None, "", [])})
                continue
            pairs = {name: row["changes"][name] for name in plain if name in row["changes"]}
            told.append({"kind": kind, "id": row["id"], "fields": list(pairs), "within": _within(presenter, way, row)})
            shown += [{name: pair[side] for name, pair in pairs.items()} for side in (0, 1)]
    values = iter(_shown(presenter, way, shown))
    for each in told:
        if each["kind"] != "changed":
            each["values"] = next(values)
            continue
        old, new = next(values), next(values)
        each["changes"] = [{"field": name, "from": old[name], "to": new[name]} for name in each.pop("fields")]
        each["changes"] += each.pop("within")
    return [each for each in told if each["kind"] != "changed" or each["changes"]]


def _within(presenter: Presenter, way: tuple[Field, ...], row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What happened to the rows of a row."""
    rows = way[-1].rows
    assert rows is not None
    return [
        {"field": name, "from": None, "to": None, "lines": counts_of(change),
         "rows": rows_of(presenter, (*way, rows.fields[name]), change)}
        for name, change in row["changes"].items()
        if isinstance(change, Mapping) and name in rows.fields and rows.fields[name].rows is not None
    ]  # fmt: skip


def _shown(presenter: Presenter, way: tuple[Field, ...], rows: list[Row]) -> list[Row]:
    """Values of rows with the words of what they link to, all in one go."""
    if not rows:
        return []
    held: Any = rows
    for field in reversed(way):
        held = {field.name: held if isinstance(held, list) else [held]}
    (found,) = presenter.show([held], labels=False)
    for field in way[:-1]:
        (found,) = found[field.name]
    return found[way[-1].name]  # type: ignore[no-any-return]
