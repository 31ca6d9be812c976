"""Rows that two people changed at once, brought together: a merge of three sides, row by row and column by column.

In go the rows as both saw them, as the one left them and as the other did; out come the rows with what both did, and
where they did different things to the same. The page does the same by itself (`form/merging.ts`), and both keep to
`tests/kernel/records/merged_rows.json`.

A row is known by its id. Rows both added are kept, those of the one who saved first before those of the other. What
only one of them touched is taken: columns by themselves, rows in rows likewise; what both added to a list (tags, links,
files) or took out of it. It is a collision when

* both gave one `cell` different values, or lists that do not go together,
* one changed a row that is `gone` by now, because the other removed it,
* one `removed` a row that the other changed,
* both put the rows in a different `order`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from lowcode.kernel.records.fields.kind import Invalid
from lowcode.kernel.records.fields.masking import Untold

Values = Mapping[str, Any]
Rows = Sequence[Values]
Key = int | str
Make = Callable[[list[Any]], Any]
"""What a field makes of a list that was put together of two; raises Invalid where it cannot hold it."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The columns of rows that somebody sets, and the rows in them; `several`: those columns that hold lists."""

    columns: tuple[str, ...]
    inner: Mapping[str, Shape] = field(default_factory=dict)
    several: Mapping[str, Make] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Collision:
    """Something both did differently. `pointer` leads to it in what this side has, `way` names the fields of rows on
    the way, `numbers` count the rows on it from 1: where this side has them, else where the other side has them."""

    kind: Literal["cell", "gone", "removed", "order"]
    pointer: str
    way: tuple[str, ...] = ()
    numbers: tuple[int, ...] = ()
    column: str = ""
    base: Values = field(default_factory=dict)
    mine: Values = field(default_factory=dict)
    theirs: Values = field(default_factory=dict)


def merge_rows(shape: Shape, base: Rows, mine: Rows, theirs: Rows) -> tuple[list[Any], list[Collision]]:
    """The rows of both sides, and what they disagree on; there the rows are as this side has them."""
    known, there = _by_id(base), _by_id(theirs)
    here = {_key(row, at): row for at, row in enumerate(mine)}
    places = {key: at for at, key in enumerate(here)}
    found: dict[Key, Values] = {}
    collisions: list[Collision] = []
    for key, row in here.items():
        was, other = known.get(key), there.get(key)
        if was is not None and other is not None:
            found[key], inside = _merge_row(shape, was, row, other)
            collisions += (
                replace(each, pointer=f"/{places[key]}{each.pointer}", numbers=(places[key] + 1, *each.numbers))
                for each in inside
            )
        elif was is None:
            found[key] = row
        elif _changed(shape, was, row):
            found[key] = row
            collisions.append(Collision("gone", f"/{places[key]}", (), (places[key] + 1,), "", was, row))
    for number, row in enumerate(theirs, 1):
        was = known.get(row["id"])
        if row["id"] in here:
            continue
        if was is None:
            found[row["id"]] = row
        elif _changed(shape, was, row):
            collisions.append(Collision("removed", "", (), (number,), "", was, {}, row))
    order = _ordered(list(known), list(here), list(there), found.keys())
    if order is None:
        collisions.append(Collision("order", ""))
        order = _interleaved(list(here), list(there), found.keys(), theirs_first=True)
    return [found[key] for key in order], collisions


def merge_lists(make: Make, base: Any, mine: Any, theirs: Any) -> tuple[Any] | None:
    """A list with what both added to it and without what either took out, made a value of its field; None where they
    put it in different orders, or the field cannot hold what comes of it. Lists are of what is told apart by itself:
    words, keys, ids; a blank is an empty one."""
    known, here, there = list(base or ()), list(mine or ()), list(theirs or ())
    kept = [each for each in there if each in here or each not in known]
    kept += [each for each in here if each not in known and each not in there]
    order = _ordered(known, here, there, kept)
    if order is None:
        return None
    try:
        return (make(order),)
    except Invalid:
        return None


def pointer_among(shape: Shape, sent: Rows, merged: Rows, pointer: str) -> str:
    """Where something of the merged rows stands in those that were sent: `/3/price` may have been `/2/price`. A row
    that was not sent stands nowhere: then it is the whole list."""
    number, *rest = pointer.removeprefix("/").split("/")
    if not number.isdecimal() or int(number) >= len(merged):
        return pointer
    row = merged[int(number)]
    at = next((at for at, each in enumerate(sent) if _same_row(each, row)), None)
    if at is None:
        return ""
    if not rest or rest[0] not in shape.inner:
        return "/".join(("", str(at), *rest))
    name = rest[0]
    below = "".join(f"/{each}" for each in rest[1:])
    inner = pointer_among(shape.inner[name], sent[at].get(name) or (), row.get(name) or (), below)
    return f"/{at}/{name}{inner}"


def _same_row(sent: Values, merged: Values) -> bool:
    """Whether a row is what became of one that was sent: a new one is that very row."""
    return sent is merged or (sent.get("id") is not None and sent["id"] == merged.get("id"))


def _key(row: Values, at: int) -> Key:
    """By what a row is known: the new ones by their place."""
    return f"new {at}" if row.get("id") is None else row["id"]


def _by_id(rows: Rows) -> dict[Key, Values]:
    return {row["id"]: row for row in rows}


def _merge_row(shape: Shape, base: Values, mine: Values, theirs: Values) -> tuple[dict[str, Any], list[Collision]]:
    found = dict(theirs)
    collisions: list[Collision] = []
    for column in shape.columns:
        was, here, there = base.get(column), mine.get(column), theirs.get(column)
        if _differ(here, was):
            found[column] = here
            if not (_differ(there, was) and _differ(here, there)):
                continue
            together = _together(shape, column, was, here, there)
            if together is not None:
                found[column] = together[0]
            else:
                collisions.append(Collision("cell", f"/{column}", (), (), column, base, mine, theirs))
    for name, inner in shape.inner.items():
        rows, inside = merge_rows(inner, base.get(name) or (), mine.get(name) or (), theirs.get(name) or ())
        found[name] = rows
        collisions += (replace(each, pointer=f"/{name}{each.pointer}", way=(name, *each.way)) for each in inside)
    return found, collisions


def _together(shape: Shape, column: str, *sides: Any) -> tuple[Any] | None:
    make = shape.several.get(column)
    return None if make is None or isinstance(sides[0], Untold) else merge_lists(make, *sides)


def _differ(one: Any, other: Any) -> bool:
    return one is not other and one != other


def _changed(shape: Shape, base: Values, row: Values) -> bool:
    """Whether somebody did anything to a row, or to the rows in it."""
    if any(_differ(row.get(column), base.get(column)) for column in shape.columns):
        return True
    for name, inner in shape.inner.items():
        was, now = base.get(name) or (), row.get(name) or ()
        if [each["id"] for each in was] != [each.get("id") for each in now]:
            return True
        if any(_changed(inner, *pair) for pair in zip(was, now, strict=True)):
            return True
    return False


def _ordered(base: list[Key], mine: list[Key], theirs: list[Key], kept: Iterable[Key]) -> list[Key] | None:
    """The rows in the order of whoever changed it; None when both did, and differently."""
    kept = set(kept)
    common = kept.intersection(base, mine, theirs)
    was, here, there = ([key for key in side if key in common] for side in (base, mine, theirs))
    if here == was:
        return _interleaved(theirs, mine, kept, theirs_first=False)
    if there in (was, here):
        return _interleaved(mine, theirs, kept, theirs_first=True)
    return None


def _interleaved(order: list[Key], other: list[Key], kept: Iterable[Key], *, theirs_first: bool) -> list[Key]:
    """One side's order, with what only the other side has behind the row it stands behind there. Where both have rows
    of their own at one place, those of the one who saved first come first (`theirs_first`: these are the other's)."""
    kept = set(kept)
    found = [key for key in order if key in kept]
    placed = set(found)
    own = placed.difference(other)
    last: Key | None = None
    for key in other:
        if key not in kept:
            continue
        if key not in placed:
            at = 0 if last is None else found.index(last) + 1
            while not theirs_first and at < len(found) and found[at] in own:
                at += 1
            found.insert(at, key)
        last = key
    return found
