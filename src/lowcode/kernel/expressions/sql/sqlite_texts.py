"""Texts in SQLite's own words, so that looking for letters in a million rows calls no Python for each.

SQLite compares texts byte by byte, and a part of a text in UTF-8 is the same bytes: what begins so is a range, which an
index serves, and what ends so is looked at as bytes, since SQLite's own functions stop at a NUL. It knows the capitals
of ASCII alone; a text that holds others is lowered by Python, unless what is looked for tells that they do not matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sqlalchemy import LargeBinary, and_, case, cast, false, func, literal_column
from sqlalchemy.sql.elements import Null

from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.rewrite import KELVIN, ours, within_ascii
from lowcode.kernel.expressions.sql.sqlite_dates import Found, Native
from lowcode.kernel.expressions.sql.truth import Element

if TYPE_CHECKING:
    from lowcode.kernel.expressions.sql.sqlite import SqliteLowering

BEHIND: Element = literal_column("CAST(x'ff' AS TEXT)")
"""Comes behind every text that goes on: no text in UTF-8 holds this byte."""


def bare(sql: SqliteLowering, node: n.Call) -> Element | None:
    """A call as a condition that an index serves."""
    return begins(sql, node) if ours(node, "STARTSWITH") else None


def begins(sql: SqliteLowering, node: n.Call) -> Element:
    """Whether a text begins so, as the range that an index serves; NULL where either is blank."""
    text, part = (sql.value(each) for each in node.items)
    if isinstance(text, Null) or isinstance(part, Null):
        return false()
    return and_(text >= part, text < part.concat(BEHIND))


def _starts(sql: SqliteLowering, node: n.Call) -> Found:
    return func.coalesce(begins(sql, node), 0), ()


def _ends(sql: SqliteLowering, node: n.Call) -> Found:
    text, part = (cast(sql.value(each), LargeBinary) for each in node.items)
    return func.coalesce(func.substr(text, -func.length(part)) == part, 0), ()


def _holds(sql: SqliteLowering, node: n.Call) -> Found | None:
    text, part = node.items
    if text.type.kind == "multi":
        return None
    small = within_ascii(node)
    if small is None:
        found = sql.value(text)
    else:
        found = sql.value(small[0])
        found = func.lower(func.replace(found, KELVIN, "k") if "k" in small[1] else found)
    return func.coalesce(func.instr(found, sql.value(part)) > 0, 0), ()


def _cased(sql: SqliteLowering, node: n.Call) -> Found:
    text, name = sql.value(node.items[0]), node.function
    plain = func.length(text) == func.length(cast(text, LargeBinary))
    inner = getattr(func, name.lower())(text)
    return case((plain, inner), (text.is_not(None), getattr(func, f"lowcode_{name.lower()}")(text))), ()


CALLS: Mapping[str, Native] = {
    "STARTSWITH": _starts, "ENDSWITH": _ends, "CONTAINS": _holds, "LOWER": _cased, "UPPER": _cased,
}  # fmt: skip
