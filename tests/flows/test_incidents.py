"""What a step cannot do makes an incident there, with its reason and its cure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lowcode.kernel.storage.crypto import SECRET, new_key
from tests.flows.app import QUOTE, Office, document

OLD, NEW = new_key("old"), new_key("new")
NODES: list[dict[str, Any]] = [
    {"id": "start", "type": "start", "to": "one"},
    {"id": "one", "type": "task", "assignees": [{"user": "li"}], "to": "copy"},
    {"id": "copy", "type": "set", "values": {"number": "iban"}, "to": "end"},
    {"id": "end", "type": "end", "outcome": "approved"},
]
FORM = {**QUOTE, "fields": [*QUOTE["fields"], {"name": "iban", "type": "text", "encrypted": True}]}


@pytest.mark.requirement("SW12", "SP15")
def test_a_step_that_reads_what_no_key_opens(database_url: str, tmp_path: Path) -> None:
    """A value of the record that was encrypted with a key the host no longer has: the step stands, says why and what
    can be done, and goes on when the key is there again; whoever decided before it has decided."""
    if database_url == "sqlite://":
        database_url = f"sqlite:///{tmp_path}/office.sqlite3"

    flow = document(nodes=NODES, start={"on": "manual"}, withdraw={})

    def opened(keys: str) -> Office:
        return Office(flow, database=database_url, more={"forms/quote.json": FORM}, secrets={SECRET: keys})

    office = opened(OLD)
    quote = office.quote(iban="CN-1")
    office.ask("li", "flows.start", flow="approval", id=quote)
    office.host.close()
    other = opened(NEW)
    other.decide("li", "complete")
    (incident,) = other.history(quote)[0]["incidents"]
    (found,) = incident["problems"]
    assert ("copy", "flows.value-sealed") == (incident["node"], found["code"])
    assert SECRET in str(found)
    other.host.close()
    again = opened(f"{NEW},{OLD}")
    again.ask("root", "flows.retry", instance=again.history(quote)[0]["id"])
    assert "CN-1" == again.ask("boss", "records.get", type="quote", id=quote)["number"]
    assert "approved" == again.history(quote)[0]["state"]
    again.host.close()
