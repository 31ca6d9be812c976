"""An instance that was refused two hundred times costs what it cost the first time: what a command asks of the database
does not grow with the age of the instance.

Time under load proves nothing; statements, the rows they bring and the size of what is written are counted instead.
"""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from lowcode.flows import tables
from lowcode.kernel.identity import APP
from tests.flows.app import Office, approval, document
from tests.flows.counting import Cost, counted

REFUSALS = 200
NODES = [
    {"id": "start", "type": "start", "to": "one"},
    {"id": "one", "type": "approve", "approvers": [{"user": "head"}], "approved": "ask", "rejected": "return"},
    *approval({"user": "boss"}, returns=["previous"])[1:],
]


def refused(office: Office) -> tuple[Cost, int]:
    """Agreed by the first and sent back by the second: what both cost, and how much the instance remembers then."""
    tasks = {}
    with counted(office) as cost:
        for login, ask in (("head", "flows.decide"), ("boss", "flows.send_back")):
            before = cost.statements, cost.rows
            tasks[login] = office.tasks(login)[0]["id"]
            cost.statements, cost.rows = before
            more = {"decision": "approve"} if ask == "flows.decide" else {"to": "previous"}
            office.ask(login, ask, task=tasks[login], **more)
    with office.host.session(APP) as context:
        tokens = context.unit.one(sa.select(sa.cast(tables.instance.c.tokens, sa.Text).label("text")))
    assert tokens is not None
    return cost, len(tokens["text"])


@pytest.mark.requirement("W16")
def test_the_two_hundredth_refusal_costs_what_the_second_did(database_url: str) -> None:
    """As many statements, as many rows, and the instance is as large: numbers that count up take some more digits."""
    office = Office(document(nodes=NODES), database=database_url)
    office.submitted()
    refused(office)
    second, small = refused(office)
    for _ in range(REFUSALS - 3):
        refused(office)
    last, large = refused(office)
    assert second == last
    assert last.statements > 10 and last.rows >= 2
    assert large <= 1.2 * small
    office.host.close()
