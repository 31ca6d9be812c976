"""Rows for people, once for each: one statement, however many they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB

from lowcode.kernel.storage.types import json_text


def once_each(table: sa.Table, names: Sequence[str], unique: Sequence[str]) -> Mapping[str, Any]:
    """By dialect, a row of these values for each of some people (`of_people`), where there is none that has the same in
    what is unique."""
    listed = sa.bindparam("of_people", type_=sa.Text)
    elements = {
        "sqlite": sa.func.json_each(listed),
        "postgresql": sa.func.jsonb_array_elements_text(sa.cast(listed, JSONB)),
    }
    makers: Mapping[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}
    values = [sa.bindparam(name, type_=table.c[name].type) for name in names]
    return {
        dialect: makers[dialect](table)
        .from_select(["user", *names], _chosen(element.table_valued("value"), values))
        .on_conflict_do_nothing(index_elements=list(unique))
        for dialect, element in elements.items()
    }


def _chosen(people: Any, values: Iterable[sa.BindParameter[Any]]) -> sa.Select[Any]:
    # SQLite reads an `ON` behind a table as a condition of a join; a WHERE stands between them
    typed = (sa.cast(each, each.type) for each in values)
    return sa.select(sa.cast(people.c.value, sa.BigInteger), *typed).select_from(people).where(sa.true())


def told_of(statements: Mapping[str, Any], table: sa.Table) -> Mapping[str, Any]:
    """The same, giving back for whom there was none."""
    return {dialect: each.returning(table.c.user) for dialect, each in statements.items()}


def in_order(people: Iterable[int]) -> str:
    """People as one parameter; sorted, so that two who tell the same people do not wait for one another."""
    return json_text(sorted(set(people)))
