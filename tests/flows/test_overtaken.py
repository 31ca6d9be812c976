"""Whoever decides without a lock and is overtaken decides once more: what is left, and what anybody hears of it, is
what one after the other would have left.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

import lowcode.flows.operations
from lowcode.flows import tables as flows
from lowcode.flows.operations import keeping, store
from lowcode.kernel.diagnostics import Conflict
from lowcode.kernel.identity import APP
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.postgresql_unit import PostgresqlUnit
from tests.flows.app import Office, approval, document
from tests.support.postgresql import Server

MANUAL = {"on": "manual"}
APPROVERS = ({"user": "head"}, {"user": "boss"})
BOTH = document("both", approval(*APPROVERS, mode="all"), start=MANUAL)
ANY = document("any", approval(*APPROVERS, mode="any"), start=MANUAL)
Deed = Callable[[Office, dict[str, int]], Any]


def decides(login: str, decision: str = "approve") -> Deed:
    """Somebody decides the task that was theirs in the beginning."""
    return lambda office, tasks: office.ask(
        login, "flows.decide", task=tasks[login], decision=decision, opinion=f"{login} says so"
    )


def adds_a_signer(office: Office, tasks: dict[str, int]) -> None:
    """The administrator has one more person asked where the first was."""
    office.ask("root", "flows.add_signer", task=tasks["head"], person=office.id("feng"))


def saves_a_draft(office: Office, tasks: dict[str, int]) -> None:
    """Leaves the row of the instance as it was."""
    office.ask("head", "flows.save_draft", task=tasks["head"], opinion="not yet")


CASES = [
    pytest.param("both", decides("boss"), "commit", id="both agree"),
    pytest.param("any", adds_a_signer, "begin", id="a signer is added before a transaction begins"),
    pytest.param("both", adds_a_signer, "commit", id="a signer is added"),
    pytest.param("both", saves_a_draft, "commit", id="a draft is kept"),
    pytest.param("both", decides("boss", "reject"), "commit", id="it was over: refused"),
    pytest.param("any", decides("boss"), "begin", id="one is enough: refused"),
]


@contextmanager
def overtaken(moment: str, deed: Callable[[], Any]) -> Iterator[list[str]]:
    """Whoever watches an instance comes to a moment, and before it something else is done, once; what was said."""
    said: list[str] = []
    usual = getattr(PostgresqlUnit, moment)

    def before(unit: PostgresqlUnit) -> None:
        watch = unit.watched
        if not said and watch is not None and watch.row is not None and not watch.placed:
            said.append(moment)
            deed()
        usual(unit)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PostgresqlUnit, moment, before)
        yield said


@pytest.fixture(scope="module")
def office(postgresql_server: Server) -> Iterator[Office]:
    """Tables with a prefix: what is watched and what is asked meanwhile goes by their names."""
    with postgresql_server.database() as url:
        found = Office(BOTH, ANY, database=url, prefix="own_")
        yield found
        found.host.close()


def left(office: Office, quote: int, instance: int) -> dict[str, Any]:
    """All that is there of a quote and its instance, without numbers of rows; and how much was decided."""
    of_quote, tables = office.host.types["quote"], flows
    wanted: list[tuple[Any, Any, int]] = [
        (of_quote.table, of_quote.table.c.id, quote), (of_quote.history, of_quote.history.c.record_id, quote),
        (tables.instance, tables.instance.c.id, instance), (tables.task, tables.task.c.instance, instance),
        (tables.history, tables.history.c.instance, instance), (tables.incident, tables.incident.c.instance, instance),
        (t.event, t.event.c.record_id, quote), (t.notification, t.notification.c.record, quote),
    ]  # fmt: skip
    found: dict[str, Any] = {}
    with office.host.session(APP) as context:
        for table, column, value in wanted:
            rows = context.unit.fetch(sa.select(table).where(column == value))
            found[table.name] = sorted(re.sub(r"\d+", "#", str(row)) for row in rows)
        jobs = [job["parameters"] for job in context.unit.fetch(sa.select(t.job))]
        found["jobs"] = sum(instance in job.values() or quote in job.values() for job in jobs)
        one = context.unit.one(sa.select(tables.instance.c.decisions).where(tables.instance.c.id == instance))
        found["decisions"] = one and one["decisions"]
    return found


def played(office: Office, flow: str, deed: Deed, moment: str | None) -> tuple[dict[str, Any], list[str], str | None]:
    """What is left when the head decides after somebody else did something, or, with a moment, while they do it; what
    the host was told, and what the head was refused."""
    office.host.listeners.clear()
    quote = office.quote()
    instance = office.ask("li", "flows.start", flow=flow, id=quote)["id"]
    tasks = {login: office.tasks(login)[0]["id"] for login in ("head", "boss")}
    heard: list[str] = []
    office.host.listeners.append(lambda event, *_: heard.append(event))
    refused = None
    try:
        if moment is None:
            deed(office, tasks)
            decides("head")(office, tasks)
        else:
            with overtaken(moment, partial(deed, office, tasks)) as said:
                decides("head")(office, tasks)
    except Conflict as conflict:
        refused = conflict.problems[0].code
    assert moment is None or said == [moment]
    return left(office, quote, instance), heard, refused


@pytest.mark.postgresql
@pytest.mark.parametrize(("flow", "deed", "moment"), CASES)
def test_it_is_as_one_after_the_other(office: Office, flow: str, deed: Deed, moment: str) -> None:
    """Rows, notices, jobs, and what the host hears: once, as though nobody had been in between."""
    assert played(office, flow, deed, None) == played(office, flow, deed, moment)


def test_nobody_holds_an_instance_and_leaves_no_trace_of_it() -> None:
    """Every lock of an instance is taken as a new version of its row where rows are watched: else who watches would not
    see that somebody was there."""
    texts = {path: path.read_text("utf-8") for path in Path(lowcode.flows.operations.__path__[0]).parent.rglob("*.py")}
    locks = {
        name
        for module in (store, keeping)
        for name, each in vars(module).items()
        if isinstance(each, sa.Select) and each._for_update_arg is not None and flows.instance in each.get_final_froms()
    }
    assert locks == {"INSTANCE_LOCKED", "INSTANCE_OF_TASK_LOCKED", "RUNNING_LOCKED"}
    assert sum(text.count("with_for_update") for text in texts.values()) == len(locks)
    used = re.compile(rf"\b({'|'.join(sorted(locks))})\b")
    uses = [line.strip() for text in texts.values() for line in text.splitlines() if used.search(line)]
    for line in uses:
        assert re.search(r"_LOCKED = |take_of\(|take\(|_TAKEN if unit\.database\.watches else ", line), line
