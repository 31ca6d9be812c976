"""A field that holds rows is split into two, and two are made one, by formulas that then become plain fields."""

from __future__ import annotations

from typing import Any

import pytest

from tests.kernel.storage.firm import opened, read, write

WHOLE = {"name": "name", "type": "text"}
FIRST = 'COALESCE(TEXTBEFORE(name, " "), name)'
PARTS = [
    {"name": "first", "type": "formula", "expression": FIRST},
    {"name": "last", "type": "formula", "expression": 'TEXTAFTER(name, " ")'},
]
PLAIN = [{"name": "first", "type": "text"}, {"name": "last", "type": "text"}]
JOINED = {"name": "full", "type": "formula", "expression": 'TRIM(first & " " & last)'}
FULL = {"name": "full", "type": "text"}
ROWS: list[dict[str, Any]] = [
    {"name": "Ada Lovelace"},
    {"name": "Plato"},
    {"name": None},
    {"name": "Anna Maria Sibylla"},
]
HALVES = [("Ada", "Lovelace"), ("Plato", None), (None, None), ("Anna", "Maria Sibylla")]


def form(*fields: dict[str, Any]) -> list[dict[str, Any]]:
    """One form of these fields."""
    return [{"name": "person", "fields": list(fields)}]


@pytest.mark.requirement("SP06", "X2")
def test_a_field_is_split_and_joined_again(database_url: str) -> None:
    """Parts are formulas first, so that they can be looked at; plain then, with what they held. Nothing of the rows is
    lost on the way, and each version is undone."""
    halves = [{"first": first, "last": last} for first, last in HALVES]
    wholes = [{"full": each["name"]} for each in ROWS]
    with opened(database_url, form(WHOLE)) as before:
        before.publish()
        write(before, {"person": ROWS})
    with opened(database_url, form(WHOLE, *PARTS)) as looked_at:
        assert looked_at.plan().consents == ()
        looked_at.publish()
        found = read(looked_at)["person"]
        assert halves == [{"first": each["first"], "last": each["last"]} for each in found]
    with opened(database_url, form(*PLAIN)) as split:
        plan = split.plan()
        assert plan.consents == ("retire:person.name",)
        split.apply(plan, plan.consents)
        assert read(split) == {"person": halves}
    with opened(database_url, form(*PLAIN, JOINED)) as joined:
        joined.publish()
    with opened(database_url, form(FULL)) as whole:
        plan = whole.plan()
        assert plan.consents == ("retire:person.first", "retire:person.last")
        whole.apply(plan, plan.consents)
        assert read(whole) == {"person": wholes}
        for _ in range(4):
            whole.undo(["*"])
    with opened(database_url, form(WHOLE)) as before:
        assert before.plan().empty
        assert read(before) == {"person": ROWS}
