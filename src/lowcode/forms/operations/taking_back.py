"""One change of a record taken out of what it has become since: pure, on values as JSON.

What still is as the change left it becomes what it was before; what somebody changed since stays, and is named. Sets
lose what the change added and get what it took away, and keep what came since; rows are compared cell by cell.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lowcode.kernel.records.fields.named import SEVERAL
from lowcode.kernel.records.plan import RecordType

SETS = ("tags", "multi_select", "attachment", "image", *SEVERAL)
OUTSIDE = ("id", "position")
Row = Mapping[str, Any]


def taken_back(
    record_type: RecordType, before: Row, after: Row, now: Row, kept: list[str], way: str = ""
) -> dict[str, Any]:  # fmt: skip
    """The fields that become another value, with it; the paths of those that stay as they are go into `kept`."""
    found: dict[str, Any] = {}
    for name, was in before.items():
        field = record_type.fields.get(name)
        became, is_ = after.get(name), now.get(name)
        if was == became or (field is not None and field.computed) or (field is None and name != "owner"):
            continue
        path = f"{way}.{name}".lstrip(".")
        if field is not None and field.rows is not None:
            rows = _rows(field.rows, was or (), became or (), is_ or (), kept, path)
            if rows is not None:
                found[name] = rows
        elif field is not None and field.options_type in SETS:
            _set(found, name, was or [], became or [], is_ or [], kept, path)
        elif is_ == became:
            found[name] = was
        elif is_ != was:
            kept.append(path)
    return found


def _set(
    found: dict[str, Any], name: str, was: list[Any], became: list[Any], is_: list[Any], kept: list[str], path: str
) -> None:  # fmt: skip
    """A list of several: without what was added, with what was taken away where nobody took out the other since."""
    added = [each for each in became if each not in was]
    removed = [each for each in was if each not in became]
    if removed and any(each not in is_ for each in added):
        kept.append(path)
        removed = []
    value = [each for each in is_ if each not in added]
    value += [each for each in removed if each not in value]
    if value != is_:
        found[name] = value


def _rows(
    rows: RecordType, was: Sequence[Row], became: Sequence[Row], is_: Sequence[Row], kept: list[str], path: str
) -> list[dict[str, Any]] | None:  # fmt: skip
    """Rows as they become: those that were added go unless somebody changed them, cells that were changed are what they
    were, and rows that were taken away come back as new ones. None when nothing becomes different."""
    old = {row["id"]: row for row in was if row.get("id") is not None}
    new = {row["id"]: row for row in became if row.get("id") is not None}
    found: list[dict[str, Any]] = []
    different = False
    for row in is_:
        identity = row["id"]
        if identity in new and identity not in old:
            if _inside(row) == _inside(new[identity]):
                different = True
                continue
            kept.append(path)
        values: dict[str, Any] = {}
        if identity in old and identity in new:
            values = taken_back(rows, old[identity], new[identity], row, kept, path)
        different = different or bool(values)
        found.append({"id": identity, **values})
    there, left = {row["id"] for row in is_}, [_inside(row) for row in became if row.get("id") is None]
    for row in was:
        if row.get("id") in there:
            continue
        if row.get("id") is None and _inside(row) in left:
            left.remove(_inside(row))
        elif row.get("id") is None or row["id"] not in new:
            found.append(_inside(row))
            different = True
    return found if different else None


def _inside(row: Row) -> dict[str, Any]:
    """What a row holds, wherever it stands."""
    return {
        name: [_inside(each) for each in value] if _is_rows(value) else value
        for name, value in row.items() if name not in OUTSIDE
    }  # fmt: skip


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, Mapping) for each in value)
