"""Which rows each role reads of a form, in words and as SQL."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from lowcode.app import App
from lowcode.explain.saving import place_of
from lowcode.explain.words import words
from lowcode.kernel.identity import Actor
from lowcode.kernel.records.joins import Joins
from lowcode.kernel.records.permissions import grant

DIALECTS: dict[str, Any] = {"sqlite": sqlite.dialect, "postgresql": postgresql.dialect}


def on_read(app: App, form: str, dialect: str = "sqlite") -> list[dict[str, Any]]:
    """For each role: `{role, words, sql, hidden, places}`; `sql` is what is joined into every read, None for all."""
    record_type = app.types[form]
    found = []
    for role in app.scope.names("role"):
        allowed = grant(record_type, Actor(id=0, login=role, roles=frozenset({role})))
        joins = Joins(app.types, record_type, _as_it_is, dialect)
        condition = allowed.condition("read", joins)
        filters = allowed.conditions("read")
        if filters is None:
            said = words("reads-all", role=role)
        elif not filters:
            said = words("reads-none", role=role)
        else:
            said = words("reads-where", role=role, where=" or ".join(f"({each.written})" for each in filters))
        found.append(
            {
                "role": role,
                "words": said,
                "sql": None if condition is None else str(condition.compile(dialect=DIALECTS[dialect]())),
                "hidden": sorted(allowed.hidden),
                "places": [place_of(line.place) for line in allowed.lines if "read" in line.can],
            }
        )
    return found


def _as_it_is(table: sa.Table) -> sa.Table:
    return table
