"""How values stand in a database: SQLite's exact texts and scaled integers, PostgreSQL's and DuckDB's own types, and
what any database has (`portable`): instants there are microseconds, as few databases keep a zone."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Boolean, Date, DateTime, Integer, Interval, Numeric, String, Text, Time
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator, TypeEngine

from lowcode.kernel.expressions.moment import instant_text
from lowcode.kernel.expressions.types import Type
from lowcode.kernel.expressions.values import number_text

NATIVE = frozenset({"postgresql", "duckdb", "portable"})
"""Dialects that have a type for each kind of value."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class Microseconds(TypeDecorator[datetime]):
    """An instant as the microseconds since 1970."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return (value - EPOCH) // MICROSECOND if isinstance(value, datetime) else value

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else EPOCH + value * MICROSECOND


def bind_value(value: Any, kind: Type, dialect: str) -> Any:
    """A Python value as the driver takes it."""
    if value is None:
        return None
    if dialect in NATIVE:
        if dialect == "portable" and isinstance(value, datetime):
            return (value - EPOCH) // MICROSECOND
        return list(value) if kind.kind == "multi" else value
    if kind.kind == "number":
        if kind.scale is None:
            return number_text(value)
        return int(Decimal(value).scaleb(kind.scale))
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return value.strftime("%H:%M:%S")
    return json.dumps(list(value), ensure_ascii=False) if kind.kind == "multi" else value


def result_value(kind: Type, raw: Any, dialect: str) -> Any:
    """A value from the driver as Python holds it."""
    if raw is None:
        return None
    if kind.kind == "number":
        if dialect == "sqlite" and kind.scale is not None:
            return Decimal(raw).scaleb(-kind.scale)
        return Decimal(raw)
    if dialect == "postgresql":
        return raw.astimezone(UTC) if isinstance(raw, datetime) else raw
    if dialect in ("duckdb", "portable"):
        return EPOCH + timedelta(microseconds=raw) if kind.kind == "datetime" else raw
    if kind.kind == "boolean":
        return bool(raw)
    if kind.kind == "date":
        return date.fromisoformat(raw)
    if kind.kind == "datetime":
        return datetime.strptime(raw, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)
    if kind.kind == "time":
        return time.fromisoformat(raw)
    return json.loads(raw) if kind.kind == "multi" else raw


def storage_type(kind: Type, dialect: str) -> TypeEngine[Any]:
    """The plain column type a value has inside a statement."""
    if dialect == "sqlite":
        whole = kind.kind in ("record", "user", "boolean") or (kind.kind == "number" and kind.scale is not None)
        return Integer() if whole else Text()
    plain: dict[str, TypeEngine[Any]] = {
        "number": Numeric(),
        "boolean": Boolean(),
        "date": Date(),
        "datetime": Microseconds() if dialect == "portable" else DateTime(timezone=True),
        "time": Time(),
        "duration": Interval(),
        "multi": JSONB(),
        "record": BigInteger(),
        "user": BigInteger(),
    }
    return plain.get(kind.kind, String())


class ResultType(TypeDecorator[Any]):
    """Turns what the driver gives into the value of an expression."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: Type, dialect_name: str):
        super().__init__()
        self.kind, self.dialect_name = kind, dialect_name

    def load_dialect_impl(self, dialect: Any) -> TypeEngine[Any]:
        found = storage_type(self.kind, self.dialect_name)
        return BigInteger() if isinstance(found, Microseconds) else found

    def process_bind_param(self, value: Any, dialect: Any) -> Any:
        return bind_value(value, self.kind, self.dialect_name)

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return result_value(self.kind, value, self.dialect_name)
