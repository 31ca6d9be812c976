"""What a change did to the rows of a record, row by row, as the page reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
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


class Telling:
    """What changes did, told with the words of what they link to: whatever there is to show of a whole history is shown
    in one go (`shown`), and only then known. Until then rows and values stand where they will be told."""

    def __init__(self, presenter: Presenter) -> None:
        self._presenter = presenter
        self._records: list[Row] = []
        self._rows: dict[tuple[str, ...], list[Row]] = {}
        self._after: list[Callable[[Sequence[Row], Mapping[tuple[str, ...], Sequence[Row]]], None]] = []

    def values(self, pairs: Mapping[str, Sequence[Any]]) -> list[dict[str, Any]]:
        """Fields of the record itself, from one value to another."""
        told: list[dict[str, Any]] = [{"field": name, "from": None, "to": None} for name in pairs]
        first = len(self._records)
        if told:
            self._records += [{name: pair[side] for name, pair in pairs.items()} for side in (0, 1)]
            self._after.append(lambda records, _: _valued(told, *records[first : first + 2]))
        return told

    def rows(self, way: tuple[Field, ...], change: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Rows that came, changed or went: `kind`, `id`, and its `values`, or its `changes` from one value to another.

        `way`: the fields that lead to the rows, from the record on; those of rows within a row are told with it."""
        rows = way[-1].rows
        assert rows is not None
        plain = [name for name, field in rows.fields.items() if field.rows is None]
        told: list[dict[str, Any]] = []
        names = tuple(field.name for field in way)
        shown = self._rows.setdefault(names, [])
        first = len(shown)
        for kind in ("added", "changed", "removed"):
            for row in (change.get(kind) or ())[: MOST - len(told)]:
                if kind != "changed":
                    told.append({"kind": kind, "id": row["id"]})
                    shown.append({name: row[name] for name in plain if row.get(name) not in (None, "", [])})
                    continue
                pairs = {name: row["changes"][name] for name in plain if name in row["changes"]}
                changes = [{"field": name, "from": None, "to": None} for name in pairs]
                told.append({"kind": kind, "id": row["id"], "changes": changes})
                shown += [{name: pair[side] for name, pair in pairs.items()} for side in (0, 1)]
        self._after.append(lambda _, found: _filled(told, iter(found[names][first:])))
        for each, row in zip((each for each in told if each["kind"] == "changed"), change.get("changed") or (),
                             strict=False):  # fmt: skip
            each["within"] = self._within(way, row)
        return told

    def _within(self, way: tuple[Field, ...], row: Mapping[str, Any]) -> list[dict[str, Any]]:
        """What happened to the rows of a row."""
        rows = way[-1].rows
        assert rows is not None
        return [
            {"field": name, "from": None, "to": None, "lines": counts_of(change),
             "rows": self.rows((*way, rows.fields[name]), change)}
            for name, change in row["changes"].items()
            if isinstance(change, Mapping) and name in rows.fields and rows.fields[name].rows is not None
        ]  # fmt: skip

    def shown(self) -> None:
        """Say everything: one record for each side of a change, and one for the rows of each way."""
        held = [*self._records, *(_nested(way, rows) for way, rows in self._rows.items())]
        names = tuple(dict.fromkeys(name for each in held for name in each))
        found = self._presenter.show([{name: each.get(name) for name in names} for each in held], labels=False)
        among = zip(self._rows, found[len(self._records) :], strict=True)
        rows = {way: _unnested(way, each) for way, each in among}
        for fill in self._after:
            fill(found, rows)


def _nested(way: Sequence[str], rows: list[Row]) -> Row:
    held: Any = rows
    for name in reversed(way):
        held = {name: held if isinstance(held, list) else [held]}
    return held  # type: ignore[no-any-return]


def _unnested(way: Sequence[str], found: Row) -> Sequence[Row]:
    for name in way[:-1]:
        (found,) = found[name]
    return found[way[-1]]  # type: ignore[no-any-return]


def _valued(told: Sequence[dict[str, Any]], old: Row, new: Row) -> None:
    for each in told:
        each.update({"from": old.get(each["field"]), "to": new.get(each["field"])})


def _filled(told: list[dict[str, Any]], values: Iterator[Row]) -> None:
    """Rows with what is shown of them; those of which nothing changed that is told are left out."""
    for each in told:
        if each["kind"] != "changed":
            each["values"] = next(values)
            continue
        _valued(each["changes"], next(values), next(values))
        each["changes"] += each.pop("within")
    told[:] = [each for each in told if each["kind"] != "changed" or each["changes"]]
