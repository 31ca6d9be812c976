"""What a called flow tells the step that waits for it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from lowcode.kernel.identity import APP
from lowcode.kernel.storage import tables as t
from tests.flows.app import Office, document


@pytest.mark.requirement("SW16")
@pytest.mark.parametrize("escalates", [False, True])
def test_an_end_says_no_more_than_there_is(escalates: bool) -> None:
    """While a release goes out, workers of the earlier one take these jobs too: what they do not know is said only
    where there is something to say."""
    throw = [{"id": "throw", "type": "throw", "escalation": "urgent", "to": "end"}] if escalates else []
    first = throw[0]["id"] if throw else "end"
    child = [{"id": "start", "type": "start", "to": first}, *throw, {"id": "end", "type": "end"}]
    parent = [
        {"id": "start", "type": "start", "to": "call"},
        {"id": "call", "type": "flow", "flow": "child", "to": "end"},
        {"id": "end", "type": "end"},
    ]
    by_hand = {"start": {"on": "manual"}, "withdraw": {}}
    office = Office(document("parent", nodes=parent, **by_hand), document("child", nodes=child, **by_hand))
    begun = office.ask("li", "flows.start", flow="parent", id=office.quote())
    office.host.settle()
    with office.host.session(APP) as context:
        (job,) = context.unit.fetch(sa.select(t.job.c.body).where(t.job.c.name == "flows.called_ended"))
    assert {"instance": begun["id"], **({"escalated": ["urgent"]} if escalates else {})}.items() <= job["body"].items()
    assert escalates == ("escalated" in job["body"])
    office.host.close()
