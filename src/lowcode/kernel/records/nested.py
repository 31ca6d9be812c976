"""Rows within rows: walking them, and what of them is kept from somebody. Names are ways from the record, such as
`groups.items.price`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lowcode.kernel.records.plan import RecordType

Values = Mapping[str, Any]
PARENT = "parent."
"""Before what is read of what lies around a row."""


class Back(dict[str, Any]):
    """A row that the history gives back, with the columns too that whoever asks for it may not set: none of it is
    theirs. No request can bring one."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row on its way from the record: where it stands, what it was, and the rows and the record around it."""

    pointer: str
    values: dict[str, Any]
    before: Values | None
    around: tuple[Values, ...]
    """What it lies in, the nearest first."""

    def facts(self) -> dict[str, Any]:
        """Its values, and those around it as `parent.…`."""
        found: dict[str, Any] = {}
        for depth, outer in enumerate(self.around, 1):
            found.update({f"{'parent.' * depth}{name}": value for name, value in outer.items()})
        return {**found, **self.values}


def rows_at(values: Values, way: str, before: Values | None = None) -> Iterator[Row]:
    """Every row at a way, each with its former self."""
    yield from _rows(values, before, way.split("."), "", ())


def _rows(
    values: Values, before: Values | None, names: list[str], pointer: str, around: tuple[Values, ...]
) -> Iterator[Row]:  # fmt: skip
    name, rest = names[0], names[1:]
    former = {row["id"]: row for row in (before or {}).get(name) or ()}
    for index, row in enumerate(values.get(name) or ()):
        found = Row(f"{pointer}/{name}/{index}", row, former.get(row.get("id")), (values, *around))
        if rest:
            yield from _rows(row, found.before, rest, found.pointer, found.around)
        else:
            yield found


def flattened(values: Values, way: str) -> list[dict[str, Any]]:
    """The rows at a way, one after the other."""
    return [each.values for each in rows_at(values, way)]


def below(names: Iterable[str], name: str) -> frozenset[str]:
    """Of names that are ways, what follows a first step: of `items.cost` behind `items` it is `cost`."""
    prefix = f"{name}."
    return frozenset(each.removeprefix(prefix) for each in names if each.startswith(prefix))


def without(rows: list[Any], hidden: Iterable[str]) -> list[Any]:
    """Rows without the columns kept from somebody, named from these rows on."""
    kept = frozenset(hidden)
    if not kept:
        return rows
    found = []
    for row in rows:
        left = {name: value for name, value in row.items() if name not in kept}
        for name in {each.partition(".")[0] for each in kept if "." in each} & left.keys():
            left[name] = without(left[name] or [], below(kept, name))
        found.append(left)
    return found


def changed_columns(value: Any, hidden: Iterable[str], how: Callable[[str, Any], Any] | None = None) -> Any:
    """The change of rows, as the history keeps it, without some columns, or with each of their values made anew.

    A change is a pair of lists, or what was added, removed and changed."""
    names = frozenset(hidden)
    if not names or value is None:
        return value
    if isinstance(value, Mapping):
        return {
            **value,
            **{word: _whole(value.get(word), names, how) for word in ("added", "removed")},
            "changed": [
                {**each, "changes": _columns(each["changes"], names, how, pairs=True)}
                for each in value.get("changed") or ()
            ],
        }
    return [_whole(each, names, how) for each in value] if isinstance(value, list) else value


def no_fields(owner: RecordType, value: Any) -> frozenset[str]:
    """The columns that a change of rows names and that are none of the rows (any more), by their way from them on."""
    if isinstance(value, Mapping):
        rows = [row for word in ("added", "removed") for row in value.get(word) or ()]
        rows += [each["changes"] for each in value.get("changed") or ()]
    else:
        rows = [row for each in value or () if isinstance(each, (list, tuple)) for row in each]
    return _no_fields(owner, rows)


def _no_fields(owner: RecordType, rows: Iterable[Any]) -> frozenset[str]:
    found: set[str] = set()
    for row in rows:
        for name, value in row.items() if isinstance(row, Mapping) else ():
            field = owner.fields.get(name)
            if field is None and name not in owner.table.c:
                found.add(name)
            elif field is not None and field.rows is not None:
                whole = isinstance(value, list) and all(isinstance(each, Mapping) for each in value)
                inner = _no_fields(field.rows, value) if whole else no_fields(field.rows, value)
                found |= {f"{name}.{each}" for each in inner}
    return frozenset(found)


def _whole(rows: Any, names: frozenset[str], how: Callable[[str, Any], Any] | None) -> Any:
    """Rows as they stand."""
    if not isinstance(rows, (list, tuple)):
        return rows
    return [_columns(row, names, how, pairs=False) if isinstance(row, Mapping) else row for row in rows]


def _columns(
    row: Mapping[str, Any], names: frozenset[str], how: Callable[[str, Any], Any] | None, *, pairs: bool
) -> dict[str, Any]:  # fmt: skip
    found: dict[str, Any] = {}
    for name, value in row.items():
        if name in names:
            if how is not None:
                found[name] = [how(name, each) for each in value] if pairs else how(name, value)
            continue
        inner = below(names, name)
        deeper = None if how is None else _deeper(how, name)
        found[name] = value if not inner else changed_columns(value, inner, deeper) if pairs else _whole(
            value, inner, deeper
        )  # fmt: skip
    return found


def _deeper(how: Callable[[str, Any], Any], name: str) -> Callable[[str, Any], Any]:
    return lambda column, value: how(f"{name}.{column}", value)
