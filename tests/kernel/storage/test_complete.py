"""Publishing again adds what a form has gained, and keeps every row."""

from __future__ import annotations

from typing import Any

from tests.forms.firm import CUSTOMER, firm


def test_a_new_field_becomes_a_column(database_url: str) -> None:
    """Rows that were there have the field blank; new rows hold it; an index it asks for is made."""
    with firm(database_url, CUSTOMER) as app:
        one = app.create("ann", "customer", name="x", budget="5")
    fields: Any = [*CUSTOMER["fields"], {"name": "town", "type": "text", "index": True}]
    with firm(database_url, {**CUSTOMER, "fields": fields}) as app:
        two = app.create("ann", "customer", name="y", town="z")
        found = app.ask("ann", "records.list", type="customer", sort=("id",))["items"]
        assert [(each["id"], each["town"]) for each in found] == [(one, None), (two, "z")]
