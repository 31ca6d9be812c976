"""Functions of text in PostgreSQL, independent of the collation of the database."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from typing import Any

from lowcode.kernel.expressions.functions.text import LARGEST, LONGEST, plain_pattern


@cache
def pairs(method: str) -> tuple[str, str]:
    """The characters beyond ASCII that change, and what they become, one for one."""
    found = [
        (chr(code), changed)
        for code in range(128, sys.maxunicode + 1)
        if not 0xD800 <= code < 0xE000 and len(changed := getattr(chr(code), method)()) == 1 and changed != chr(code)
    ]
    return "".join(one for one, _ in found), "".join(other for _, other in found)


def cased(sql: Any, x: Any, method: str) -> Any:
    before, after = pairs(method)
    plain = getattr(sql.func, method)(x.collate("C"))
    return sql.case((x.op("~")("^[\x01-\x7f]*$"), plain), else_=sql.func.translate(plain, before, after))


def blank(sql: Any, x: Any) -> Any:
    """A text, blank when empty."""
    return sql.func.nullif(x, "")


def first(sql: Any, types: Any, x: Any, count: Any = None) -> Any:
    size = sql.literal(1) if count is None else sql.whole(count)
    return sql.case((size > 0, blank(sql, sql.func.left(x, size))), else_=sql.null())


def last(sql: Any, types: Any, x: Any, count: Any = None) -> Any:
    size = sql.literal(1) if count is None else sql.whole(count)
    return sql.case((size > 0, blank(sql, sql.func.right(x, size))), else_=sql.null())


def middle(sql: Any, types: Any, x: Any, start: Any, count: Any) -> Any:
    at, size = sql.whole(start), sql.whole(count)
    return sql.case((sql.and_(at >= 1, size >= 1), blank(sql, sql.func.substr(x, at, size))), else_=sql.null())


def substitute(sql: Any, types: Any, x: Any, old: Any, new: Any, nth: Any = None) -> Any:
    if nth is not None:
        raise sql.refusal("SUBSTITUTE at the nth place cannot be carried out in PostgreSQL")
    size, part = sql.func.char_length(x), sql.func.char_length(old)
    times = (size - sql.func.char_length(sql.func.replace(x, old, ""))) / sql.func.nullif(part, 0)
    grown = sql.number(size) + sql.number(times) * (sql.func.char_length(sql.func.coalesce(new, "")) - part)
    changed = sql.func.replace(x, old, sql.func.coalesce(new, ""))
    return sql.case((old.is_(None), x), (grown <= LARGEST, blank(sql, changed)), else_=sql.null())


def replace(sql: Any, types: Any, x: Any, start: Any, count: Any, new: Any) -> Any:
    at, size = sql.whole(start), sql.whole(count)
    made = sql.func.concat(sql.func.left(x, at - 1), new, sql.func.substr(x, at + size))
    return sql.case((sql.and_(x.is_not(None), at >= 1, size >= 0), blank(sql, made)), else_=sql.null())


def repeat(sql: Any, types: Any, x: Any, times: Any) -> Any:
    count = sql.whole(times)
    total = sql.func.char_length(x) * sql.number(count)
    return sql.case((sql.and_(count > 0, total <= LONGEST), sql.func.repeat(x, count)), else_=sql.null())


def found(sql: Any, part: Any, x: Any, start: Any) -> Any:
    if start is None:
        return sql.func.nullif(sql.func.strpos(x, part), 0)
    at = sql.whole(start)
    rest = sql.func.nullif(sql.func.strpos(sql.func.substr(x, at), part), 0)
    return sql.case((at >= 1, rest + at - 1), else_=sql.null())


def holds(sql: Any, types: Any, x: Any, part: Any) -> Any:
    if types[0].kind == "multi":
        return sql.func.coalesce(sql.func.jsonb_exists(x, part), False)
    return sql.func.coalesce(sql.func.strpos(x, part) > 0, False)


def before(sql: Any, types: Any, x: Any, part: Any) -> Any:
    at = sql.func.strpos(x, part)
    return sql.case((at > 0, blank(sql, sql.func.left(x, at - 1))), else_=sql.null())


def after(sql: Any, types: Any, x: Any, part: Any) -> Any:
    at = sql.func.strpos(x, part)
    return sql.case((at > 0, blank(sql, sql.func.substr(x, at + sql.func.char_length(part)))), else_=sql.null())


def padded(sql: Any, types: Any, x: Any, width: Any, filler: Any = None) -> Any:
    text, size = sql.func.coalesce(x, ""), sql.whole(width)
    fill = sql.literal("0") if filler is None else sql.func.left(sql.func.coalesce(filler, " "), 1)
    made = sql.func.lpad(text, sql.func.greatest(size, sql.func.char_length(text)), fill)
    return sql.case((size <= LONGEST, blank(sql, made)), else_=sql.null())


def starts(sql: Any, types: Any, x: Any, part: Any) -> Any:
    return sql.func.coalesce(sql.func.starts_with(x, part), False)


SPACES = "[ \t\n\r\u00a0\u3000]+"
LOWERINGS: dict[str, Callable[..., Any]] = {
    "LEN": lambda sql, types, x: sql.func.coalesce(sql.func.char_length(x), 0),
    "LEFT": first,
    "RIGHT": last,
    "MID": middle,
    "UPPER": lambda sql, types, x: cased(sql, x, "upper"),
    "LOWER": lambda sql, types, x: cased(sql, x, "lower"),
    "TRIM": lambda sql, types, x: blank(sql, sql.func.btrim(sql.func.regexp_replace(x, SPACES, " ", "g"), " ")),
    "CLEAN": lambda sql, types, x: blank(sql, sql.func.regexp_replace(x, "[\x01-\x1f\x7f]", "", "g")),
    "SUBSTITUTE": substitute,
    "REPLACE": replace,
    "REPT": repeat,
    "FIND": lambda sql, types, part, x, start=None: found(sql, part, x, start),
    "SEARCH": lambda sql, types, part, x, start=None: found(
        sql, cased(sql, part, "lower"), cased(sql, x, "lower"), start
    ),
    "CONTAINS": holds,
    "STARTSWITH": starts,
    "ENDSWITH": lambda sql, types, x, part: sql.func.coalesce(
        sql.func.right(x, sql.func.char_length(part)) == part, False
    ),
    "TEXTBEFORE": before,
    "TEXTAFTER": after,
    "PADLEFT": padded,
    "MATCHES": lambda sql, types, x, pattern: sql.func.coalesce(x.op("~")(plain_pattern(pattern)), False),
    "TOTEXT": lambda sql, types, x: blank(sql, sql.text_of(x, types[0])),
}
