"""Letters looked for in PostgreSQL, as its indexes serve it: of beginnings, and of trigrams where there is one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import func

from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.rewrite import KELVIN, ours, within_ascii
from lowcode.kernel.expressions.sql.truth import Element

if TYPE_CHECKING:
    from lowcode.kernel.expressions.sql.postgresql import PostgresqlLowering


def bare(sql: PostgresqlLowering, node: n.Call) -> Element | None:
    """A call as a condition that an index serves."""
    if ours(node, "STARTSWITH"):
        return func.starts_with(*(sql.value(each) for each in node.items))
    return held(sql, node)


def held(sql: PostgresqlLowering, node: n.Call) -> Element | None:
    """That a text holds a part known beforehand, NULL where it is blank; None for anything else."""
    small = within_ascii(node)
    if small is not None:
        text: Element = func.lower(func.replace(sql.value(small[0]), KELVIN, "k").collate("C"))
        return text.contains(small[1], autoescape=True)
    if not ours(node, "CONTAINS") or node.items[0].type.kind == "multi":
        return None
    part = node.items[1]
    if not isinstance(part, n.Constant) or not part.value:
        return None
    return sql.value(node.items[0]).contains(part.value, autoescape=True)
