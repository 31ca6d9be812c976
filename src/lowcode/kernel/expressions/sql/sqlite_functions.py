"""The Python functions of the language inside SQLite: one function that carries out a typed tree."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from lowcode.kernel.expressions.codec import from_json, type_from
from lowcode.kernel.expressions.functions import Function, catalogue
from lowcode.kernel.expressions.functions.aggregate import percentile
from lowcode.kernel.expressions.functions.text import lower, upper
from lowcode.kernel.expressions.generate import Generator, compile_source
from lowcode.kernel.expressions.moment import Moment
from lowcode.kernel.expressions.sql.sqlite_clocks import ZONE_NAME, told
from lowcode.kernel.expressions.sql.storage_types import bind_value, result_value
from lowcode.kernel.expressions.types import Type
from lowcode.kernel.expressions.values import number_text

NAME = "lowcode_expression"
SUM_NAME = "lowcode_sum"
PERCENTILE_NAME = "lowcode_percentile"
CASED = {"lowcode_lower": lower, "lowcode_upper": upper}
"""Small letters and capitals where a text is not ASCII alone."""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def reader(kind: Type) -> Callable[[Any], Any]:
    """How one argument is read; the identity for what SQLite holds as Python does."""
    if kind.kind == "boolean":
        return lambda raw: None if raw is None else bool(raw)
    if kind.kind == "number" and kind.scale:
        scale = -kind.scale
        return lambda raw: None if raw is None else Decimal(raw).scaleb(scale)
    if kind.kind in ("number", "date", "datetime", "time", "multi"):
        return lambda raw: result_value(kind, raw, "sqlite")
    return lambda raw: raw


class Programs:
    """What stored trees do, each made once; a database has its own, since each host has its own functions."""

    def __init__(self, functions: Mapping[str, Function] | None = None) -> None:
        self.functions = catalogue() if functions is None else functions
        self.program = lru_cache(maxsize=2000)(self._program)

    def _program(self, stored: str) -> Callable[..., Any]:
        """The function of a stored tree: zone first, then its leaves."""
        return made(stored, self.functions)

    def carry_out(self, stored: str, zone: str, *raw: Any) -> Any:
        """The SQL function: a tree, the zone, and the values of its leaves."""
        return self.program(stored)(zone, *raw)

    def install(self, connection: sqlite3.Connection) -> None:
        """Put the functions of the language into a connection."""
        connection.create_function(NAME, -1, self.carry_out, deterministic=True)
        connection.create_function(ZONE_NAME, 3, told, deterministic=True)
        for name, made_of in CASED.items():
            connection.create_function(name, 1, made_of, deterministic=True)
        connection.create_aggregate(SUM_NAME, 1, ExactSum)  # type: ignore[arg-type]
        connection.create_aggregate(PERCENTILE_NAME, 3, ExactPercentile)  # type: ignore[arg-type]


def made(stored: str, functions: Mapping[str, Function]) -> Callable[..., Any]:
    """The function of a stored tree: zone first, then its leaves."""
    kept = json.loads(stored)
    tree, result = from_json(kept["tree"], functions), type_from(kept["type"])
    generator = Generator()
    _, value = compile_source("value", generator.value(tree), generator.names)
    readers = [(str(position), reader(type_from(kind))) for position, kind in enumerate(kept["leaves"])]

    def run(zone: str, *raw: Any) -> Any:
        leaves = {name: read(one) for (name, read), one in zip(readers, raw, strict=True)}
        return bind_value(value({}, Moment(EPOCH, ZoneInfo(zone)), leaves), result, "sqlite")

    return run


class ExactSum:
    """The SQL aggregate over decimal texts."""

    def __init__(self) -> None:
        self.total = Decimal(0)

    def step(self, value: str | None) -> None:
        if value is not None:
            self.total += Decimal(value)

    def finalize(self) -> str:
        return number_text(self.total)


class ExactPercentile:
    """The SQL aggregate of a value by its place: values as whole numbers of so many decimals, or as decimal texts."""

    def __init__(self) -> None:
        self.values: list[Any] = []
        self.share, self.places = Decimal(0), 0

    def step(self, value: Any, share: str, places: int) -> None:
        if value is not None:
            self.values.append(Decimal(value) if isinstance(value, str) else value)
            self.share, self.places = Decimal(share), places

    def finalize(self) -> str | None:
        found = percentile([Decimal(each) for each in self.values], self.share)
        return None if found is None else number_text(found.scaleb(-self.places))


def install(connection: sqlite3.Connection) -> None:
    """Put the functions the library brings into a connection."""
    Programs().install(connection)
