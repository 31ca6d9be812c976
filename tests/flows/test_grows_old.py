"""An instance that was refused two hundred times costs what it cost the first time: what a command asks of the database
does not grow with the age of the instance.

Time under load proves nothing; statements, the rows they bring and the size of what is written are counted instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa

from lowcode.flows import tables
from lowcode.kernel.identity import APP
from lowcode.kernel.storage.prepared import Prepared
from lowcode.kernel.storage.unit import Unit
from tests.flows.app import Office, approval, document

REFUSALS = 200
NODES = [
    {"id": "start", "type": "start", "to": "one"},
    {"id": "one", "type": "approve", "approvers": [{"user": "head"}], "approved": "ask", "rejected": "return"},
    *approval({"user": "boss"}, returns=["previous"])[1:],
]


@dataclass
class Cost:
    """What went to the database and came back."""

    statements: int = 0
    rows: int = 0


@contextmanager
def counted(office: Office) -> Iterator[Cost]:
    """The statements that go to the driver within the block, and the rows that come back."""
    found = Cost()
    originals: dict[str, Any] = {}

    def watched(original: Any) -> Any:
        def run(unit: Unit, prepared: Prepared, *rest: Any, **more: Any) -> Any:
            answer = original(unit, prepared, *rest, **more)
            found.statements += 1
            found.rows += len(answer) if isinstance(answer, list | tuple) else 0
            return answer

        return run

    with office.host.database.reading() as unit:
        own = type(unit)
    for name in ("rows", "execute", "write"):
        originals[name] = getattr(own, name)
        setattr(own, name, watched(originals[name]))
    try:
        yield found
    finally:
        for name, original in originals.items():
            setattr(own, name, original)


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
