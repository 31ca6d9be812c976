"""Column types that mean the same on SQLite and PostgreSQL.

SQLite knows neither decimals nor instants: a decimal with a known number of places is stored as a scaled integer
(exact, sorts and adds natively), an instant as UTC text of fixed width (sorts as time), a date as ISO text.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Any

import orjson
from sqlalchemy import BigInteger, Date, DateTime, Numeric, Text, types
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Dialect

from lowcode.kernel.expressions import moment

DEPTH_LIMIT = 64
"""Levels of JSON that come in from outside."""
HALF = re.compile("[\ud800-\udfff]")


@lru_cache(maxsize=64)
def instant_text(value: datetime) -> str:
    """An instant as SQLite stores it: UTC, microseconds, fixed width. A save writes its own instant several times."""
    if value.tzinfo is None:
        raise ValueError(f"an instant needs a zone: {value!r}")
    return moment.instant_text(value)


def instant_value(text: str) -> datetime:
    """The instant a stored text means."""
    return datetime.fromisoformat(text)


def decimal_json(value: Any) -> Any:
    """A decimal as JSON: text, so that nothing is lost on the way; a whole number as it is."""
    return f"{value:f}" if isinstance(value, Decimal) else value


def whole_json(value: Any) -> int:
    """A whole number as JSON."""
    return int(value)


def day_json(value: date) -> str:
    """A day as JSON."""
    return orjson.dumps(value)[1:11].decode() if value.__class__ is date else value.isoformat()


def instant_json(value: datetime) -> str:
    """An instant as JSON: UTC, to the millisecond."""
    return f"{moment.instant_text(value)[:23]}Z"


class ScaledDecimal(types.TypeDecorator[Decimal]):
    """An exact decimal with `scale` places: NUMERIC on PostgreSQL, an integer times 10**scale on SQLite."""

    impl = BigInteger
    cache_ok = True

    def __init__(self, scale: int = 2) -> None:
        super().__init__()
        self.scale = scale

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        """The database's own type."""
        if dialect.name == "postgresql":
            return dialect.type_descriptor(Numeric(28, self.scale))
        return dialect.type_descriptor(BigInteger())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """To the database."""
        if value is None or dialect.name == "postgresql":
            return value
        return scaled(value, self.scale)

    def bind_processor(self, dialect: Dialect) -> Any:
        """To the database, one call a value."""
        if dialect.name == "postgresql":
            return None
        scale = self.scale

        def process(value: Any) -> int | None:
            if value.__class__ is Decimal:
                number = value.scaleb(scale)
                whole = int(number)
                if whole == number:
                    return whole
            return None if value is None else scaled(value, scale)

        return process

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """From the database."""
        if value is None or dialect.name == "postgresql":
            return value
        return unscaled(value, self.scale)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        """From the database, one call a value; the driver of PostgreSQL gives decimals."""
        if dialect.name == "postgresql":
            return None
        down = -self.scale
        return lambda value: None if value is None else Decimal(value).scaleb(down)

    def value_source(self, dialect: Dialect) -> str | None:
        """The same as source over a driver's value `v` that is not None, for generated readers."""
        return None if dialect.name == "postgresql" else f"Decimal(v).scaleb({-self.scale})"

    def json_source(self, dialect: Dialect, show: Any) -> str | None:
        """What makes JSON of a driver's value `v` in one step, when that is what `show` makes of ours; else None."""
        scale = self.scale
        if show not in (decimal_json, whole_json) or scale < 0:
            return None
        if dialect.name == "postgresql":  # up to six places `str` has no exponent, and is twice as fast as `f"{v:f}"`
            return "str(v)" if show is decimal_json and scale <= 6 else None
        if scale == 0:
            return "v" if show is whole_json else "str(v)"
        if show is whole_json:
            return None
        wide = f"(t := str(v).zfill({scale + 1} + (v < 0)))[:-{scale}] + '.' + t[-{scale}:]"
        return f"f'{{(t := str(v))[:-{scale}]}}.{{t[-{scale}:]}}' if v >= {10**scale} else {wide}"


def scaled(value: Any, scale: int) -> int:
    """A number as the integer SQLite stores: half away from zero at the last place."""
    number = (value if value.__class__ is Decimal else Decimal(value)).scaleb(scale)
    whole = int(number)
    return whole if whole == number else int(number.quantize(Decimal(1), ROUND_HALF_UP))


def unscaled(value: int, scale: int) -> Decimal:
    """The number a stored integer means."""
    return Decimal(value).scaleb(-scale)


class Instant(types.TypeDecorator[datetime]):
    """An aware instant: TIMESTAMPTZ, or UTC text of fixed width."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        """The database's own type."""
        return dialect.type_descriptor(DateTime(timezone=True) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """To the database."""
        if value is None or dialect.name == "postgresql":
            return value
        return instant_text(value)

    def bind_processor(self, dialect: Dialect) -> Any:
        """To the database, one call a value; what is written together is mostly of one instant, whose text is kept."""
        if dialect.name == "postgresql":
            return None
        return instant_bound

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """From the database."""
        if value is None:
            return None
        return value.astimezone(UTC) if dialect.name == "postgresql" else instant_value(value)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        """From the database, one call a value."""
        if dialect.name == "postgresql":
            return lambda value: None if value is None else value.astimezone(UTC)
        parse = datetime.fromisoformat
        return lambda value: None if value is None else parse(value)

    def value_source(self, dialect: Dialect) -> str | None:
        """The same as source over a driver's value `v` that is not None, for generated readers."""
        return "v if v.tzinfo is UTC else v.astimezone(UTC)" if dialect.name == "postgresql" else "parse_instant(v)"

    def json_source(self, dialect: Dialect, show: Any) -> str | None:
        """What makes JSON of a driver's value `v` in one step, when that is what `show` makes of ours; else None."""
        if show is not instant_json:
            return None
        if dialect.name == "postgresql":
            return "(v if v.tzinfo is UTC else v.astimezone(UTC)).isoformat('T', 'milliseconds')[:-6] + 'Z'"
        return "v[:23] + 'Z'"


class Day(types.TypeDecorator[date]):
    """A calendar day: DATE, or ISO text."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        """The database's own type."""
        return dialect.type_descriptor(Date() if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """To the database."""
        return value if value is None or dialect.name == "postgresql" else day_json(value)

    def bind_processor(self, dialect: Dialect) -> Any:
        """To the database, one call a value."""
        return None if dialect.name == "postgresql" else day_bound

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """From the database."""
        return value if value is None or dialect.name == "postgresql" else date.fromisoformat(value)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        """From the database, one call a value; the driver of PostgreSQL gives days."""
        if dialect.name == "postgresql":
            return None
        parse = date.fromisoformat
        return lambda value: None if value is None else parse(value)

    def value_source(self, dialect: Dialect) -> str | None:
        """The same as source over a driver's value `v` that is not None, for generated readers."""
        return None if dialect.name == "postgresql" else "parse_day(v)"

    def json_source(self, dialect: Dialect, show: Any) -> str | None:
        """What makes JSON of a driver's value `v` in one step, when that is what `show` makes of ours; else None."""
        return "v" if dialect.name == "sqlite" and show is day_json else None


def instant_bound(value: datetime | None) -> str | None:
    """To SQLite, one call a value."""
    return None if value is None else instant_text(value)


def day_bound(value: date | None) -> str | None:
    """To SQLite, one call a value."""
    return None if value is None else day_json(value)


MOMENTS = frozenset({instant_bound, day_bound})
"""What rows that are written together mostly have in common."""


class TimeOfDay(types.TypeDecorator[time]):
    """A time of day without a zone, as text `HH:MM:SS` in both databases."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """To the database."""
        return value if value is None else value.isoformat(timespec="seconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        """From the database."""
        return value if value is None else time.fromisoformat(value)


class JsonText:
    """JSON that is written already (by `json_text`, or as it was read): a column of `Json` takes it as it is."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text


class Json(types.TypeDecorator[Any]):
    """Any JSON value: JSONB, or text written canonically."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> types.TypeEngine[Any]:
        """The database's own type."""
        return dialect.type_descriptor(JSONB() if dialect.name == "postgresql" else Text())

    def bind_processor(self, dialect: Dialect) -> Any:
        """To the database: JSON text; PostgreSQL casts it to jsonb."""

        def process(value: Any) -> Any:
            if value.__class__ is JsonText:
                return value.text
            return None if value is None else json_text(value)

        return process

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        """From the database: the driver of PostgreSQL has read it already, and a text must not be read twice."""
        if dialect.name == "postgresql":
            return None

        def process(value: Any) -> Any:
            return orjson.loads(value) if isinstance(value, (str, bytes)) else value

        return process


def json_text(value: Any) -> str:
    """JSON with the house's way of writing decimals (text), instants (UTC) and days."""
    try:
        return orjson.dumps(value, default=_plain, option=orjson.OPT_UTC_Z).decode()
    except orjson.JSONEncodeError:  # with keys that are no texts it takes longer
        return orjson.dumps(value, default=_plain, option=orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z).decode()


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        text = str(value)
        return f"{value:f}" if "E" in text else text
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    if isinstance(value, tuple):
        return list(value)
    raise TypeError(f"cannot be written as JSON: {type(value).__name__}")


def unfit(found: Any) -> dict[str, str] | None:
    """Why JSON that came from outside is nothing every part and column can hold: it is nested too deeply, a number has
    more than 64 bits, a text a null character or half of one; None where it fits. In both languages."""
    level: list[Any] = [found]
    depth = 0
    while level:
        depth += 1
        if depth > DEPTH_LIMIT:
            return {
                "en": f"it is nested more than {DEPTH_LIMIT} levels deep", "zh-CN": f"嵌套超过 {DEPTH_LIMIT} 层"
            }  # fmt: skip
        below: list[Any] = []
        for each in level:
            for part in (*each.keys(), *each.values()) if isinstance(each, dict) else each:
                if isinstance(part, (dict, list)):
                    below.append(part)
                elif isinstance(part, str):
                    if "\0" in part:
                        return {"en": "a text has a null character", "zh-CN": "文本中含有空字符（U+0000）"}
                    if not part.isascii() and HALF.search(part):
                        return {"en": "a text has half of a character", "zh-CN": "文本中含有不完整的字符"}
                elif isinstance(part, int) and not -(2**63) <= part < 2**63:
                    return {
                        "en": f"{str(part)[:40]} has more than 64 bits",
                        "zh-CN": f"{str(part)[:40]} 超出 64 位整数的范围",
                    }  # fmt: skip
        level = below
    return None
