"""Flows that act as whoever started them."""

from __future__ import annotations

import pytest

from tests.flows.app import QUOTE, Office, document


@pytest.mark.requirement("SW12")
def test_what_the_starter_may_change_is_set_even_where_they_may_not_read_it() -> None:
    """To be known by its version the record is read for the engine, not for the person."""
    nodes = [
        {"id": "start", "type": "start", "to": "mark"},
        {"id": "mark", "type": "set", "values": {"note": '"seen"'}, "to": "end"},
        {"id": "end", "type": "end", "outcome": "approved"},
    ]
    permissions = [{"role": "sales", "can": ["create", "edit"]}, {"role": "director", "can": ["read"]}]
    office = Office(
        document(nodes=nodes, runs_as="starter"), more={"forms/quote.json": {**QUOTE, "permissions": permissions}}
    )
    quote = office.submitted()
    office.host.settle()
    assert "seen" == office.ask("boss", "records.get", type="quote", id=quote)["note"]
