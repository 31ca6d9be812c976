"""Which formulas the database computes where the roll-up they read is written, and which when it was read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from lowcode.forms.engine import Forms
from lowcode.host import Host
from lowcode.kernel.records.above import above_of

CASES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "above.json").read_text())


def form(case: dict[str, Any]) -> dict[str, Any]:
    """A form that adds up its deals, with the fields of a case."""
    total = {"name": "total", "type": "rollup", "expression": "SUM(deals.amount)", "scale": 2}
    relations = [{"name": "deals", "form": "deal", "by": case["form"]}]
    return {"name": case["form"], "fields": [total, *case["fields"]], "relations": relations}


@pytest.mark.requirement("F8", "F9")
def test_what_is_computed_in_the_write(database_url: str) -> None:
    """On PostgreSQL what one row says, as long as its statement stays short; on SQLite only roll-ups by themselves."""
    links = [{"name": each["form"], "type": "link", "to": each["form"]} for each in CASES]
    deal = {"name": "deal", "fields": [{"name": "amount", "type": "money"}, *links]}
    forms = {f"forms/{each['name']}.json": each for each in (deal, *map(form, CASES))}
    host = Host({"app.json": {"name": "above"}, **forms}, database_url, engines=[Forms()])
    watched = {each.parent.name: each for each in host.save_plan(host.types["deal"]).watched}
    found = {name: above_of(host, each) for name, each in watched.items()}
    where = host.database.dialect_name
    assert {name: each is not None for name, each in found.items()} == {
        each["form"]: where in each["written"] for each in CASES
    }
    host.close()
