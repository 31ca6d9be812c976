"""Functions of truth, of arguments, of conversion and of the person in PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from typing import Any


def counted(sql: Any, values: Any) -> Any:
    return reduce(lambda a, b: a + b, [sql.case((one.is_not(None), 1), else_=0) for one in values])


def total(sql: Any, types: Any, *values: Any) -> Any:
    return reduce(lambda a, b: a + b, [sql.func.coalesce(one, sql.number(0)) for one in values])


def extreme(name: str) -> Callable[..., Any]:
    def made(sql: Any, types: Any, *values: Any) -> Any:
        plain = [one.collate("C") for one in values] if types[0].kind in ("text", "choice") else values
        return getattr(sql.func, name)(*plain)

    return made


def text_join(sql: Any, types: Any, separator: Any, *values: Any) -> Any:
    texts = [sql.text_of(one, kind) for one, kind in zip(values, types[1:], strict=True)]
    return sql.func.nullif(sql.func.concat_ws(sql.func.coalesce(separator, ""), *texts), "")


def parsed_number(sql: Any, types: Any, x: Any) -> Any:
    text = sql.func.btrim(x, " ")
    shape = r"^[+-]?([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]{1,12})?$"
    valid = sql.and_(text.op("~")(shape), sql.func.char_length(text) <= 29)
    return sql.case((valid, sql.number(sql.func.replace(text, ",", ""))), else_=sql.null())


def fixed(sql: Any, types: Any, x: Any, places: Any = None) -> Any:
    if places is None:
        return sql.func.to_char(sql.func.round(x, 2), "FM999,999,999,999,999,999,990.00")
    count = sql.func.greatest(sql.func.least(sql.whole(places), 12), 0)
    zeros = sql.case((count > 0, sql.func.concat(".", sql.func.repeat("0", count))), else_="")
    return sql.func.to_char(sql.func.round(x, count), sql.func.concat("FM999,999,999,999,999,999,990", zeros))


LOWERINGS: dict[str, Callable[..., Any]] = {
    "XOR": lambda sql, types, *values: reduce(lambda a, b: a != b, values),
    "SUM": total,
    "COUNT": lambda sql, types, *values: counted(sql, values),
    "AVERAGE": lambda sql, types, *values: sql.divided(total(sql, types, *values), sql.number(counted(sql, values))),
    "MIN": extreme("least"),
    "MAX": extreme("greatest"),
    "FIRST": lambda sql, types, *values: sql.func.coalesce(*values),
    "LAST": lambda sql, types, *values: sql.func.coalesce(*reversed(values)),
    "ANY": lambda sql, types, *values: sql.or_(*(sql.func.coalesce(one, False) for one in values)),
    "ALL": lambda sql, types, *values: sql.and_(*(sql.func.coalesce(one, True) for one in values)),
    "TEXTJOIN": text_join,
    "CONCAT": lambda sql, types, *values: sql.func.nullif(
        sql.func.concat(*(sql.text_of(one, kind) for one, kind in zip(values, types, strict=True))), ""
    ),
    "VALUE": parsed_number,
    "FIXED": fixed,
    "HASROLE": lambda sql, types, role: sql.func.coalesce(sql.func.jsonb_exists(sql.roles(), role), False),
}
