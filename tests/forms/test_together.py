"""Rows of a file that are saved together leave what rows that are saved one by one leave: records, history, events,
words and stays; also where what is asked of them reads records they link to, and where they change some that are there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lowcode.host import Host
from lowcode.kernel.clock import FrozenClock
from lowcode.kernel.identity import APP
from lowcode.kernel.records import changing, creating
from lowcode.kernel.records.several import OneByOne
from lowcode.kernel.storage import tables as t
from tests.forms.firm import START

EVERYTHING = ["create", "read", "edit", "import", "delete"]
ACCOUNT = {
    "name": "account", "label": "name",
    "fields": [
        {"name": "name", "type": "text", "unique": True}, {"name": "grade", "type": "text"},
        {"name": "deals_sum", "type": "rollup", "expression": "SUM(deals.amount)", "scale": 2},
    ],
    "relations": [{"name": "deals", "form": "deal", "by": "account"}],
    "permissions": [{"role": "sales", "can": EVERYTHING}],
}  # fmt: skip
DEAL = {
    "name": "deal", "label": "name",
    "fields": [
        {"name": "name", "type": "text", "unique": True, "search": True},
        {"name": "account", "type": "link", "to": "account", "filter": 'grade <> "gone"'},
        {"name": "amount", "type": "money"},
        {"name": "grade", "type": "text", "default": "=account.grade"},
        {"name": "note", "type": "text", "required_when": 'account.grade = "a"'},
        {"name": "mark", "type": "text"},
        {"name": "status", "type": "state", "states": [{"name": "open"}, {"name": "won"}],
         "transitions": [{"from": "open", "to": "won", "when": 'account.grade <> "c"'}]},
        {"name": "twice", "type": "formula", "expression": "amount * 2", "scale": 2},
    ],
    "checks": [{"name": "small", "expression": 'account.grade <> "b" or amount < 100', "message": {"en": "too much"}}],
    "permissions": [{"role": "sales", "can": EVERYTHING, "where": 'account is blank or account.grade <> "d"'}],
}  # fmt: skip
RULES = {
    "rules/marked.json": {
        "name": "marked", "form": "deal", "on": {"created": True}, "phase": "before",
        "when": 'account.grade = "a"', "actions": [{"set": {"mark": "account.name"}}],
    },
}  # fmt: skip
GRADES = ("a", "b", "c", "d", "gone", "")
ROWS = st.lists(
    st.tuples(
        st.integers(1, 6), st.sampled_from([*GRADES, "nobody"]), st.sampled_from(["", "5", "150", "x"]),
        st.sampled_from(["", "n"]), st.sampled_from(["", "open", "won"]),
    ),
    min_size=2, max_size=7,
)  # fmt: skip


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def hosts(request: pytest.FixtureRequest) -> Iterator[tuple[Host, Host]]:
    """Two alike."""
    made: list[Host] = []
    stack = ExitStack()
    request.addfinalizer(stack.close)
    for _ in range(2):
        url = "sqlite://"
        if request.param == "postgresql":
            url = stack.enter_context(request.getfixturevalue("postgresql_server").database())
        documents = {"app.json": {"name": "firm", "roles": [{"name": "sales"}]}, "forms/account.json": ACCOUNT,
                     "forms/deal.json": DEAL, **RULES}  # fmt: skip
        host = Host(documents, url, clock=FrozenClock(START))
        stack.callback(host.close)
        host.publish()
        host.ask(APP, "identity.save_person", login="ann", name="Ann", roles=("sales",))
        host.forget_directory()
        made.append(host)
    yield made[0], made[1]


def emptied(host: Host) -> None:
    def work(unit: Any) -> None:
        for record_type in host.types.values():
            for table in (record_type.table, record_type.history, record_type.stages):
                if table is not None and isinstance(table, sa.Table):
                    unit.run(sa.delete(table))
        for table in (t.event, t.job, t.search):
            unit.run(sa.delete(table))

    host.database.write(work)


def left(host: Host) -> dict[str, Any]:
    """Everything that is there, by what it says and not by its numbers."""
    with host.database.reading() as unit:
        deals = {row["id"]: row for row in unit.fetch(sa.select(host.types["deal"].table))}
        accounts = {row["id"]: row["name"] for row in unit.fetch(sa.select(host.types["account"].table))}
        names = {identity: row["name"] for identity, row in deals.items()}

        def said(table: sa.Table, record: str = "record_id") -> list[Any]:
            found = []
            for row in unit.fetch(sa.select(table)):
                row.pop("id", None)
                called = accounts if row.get("record_type") == "account" else names
                if record in row:
                    row[record] = called[row[record]]
                if "causes" in row:  # each import is a batch of its own
                    row["causes"] = re.sub(r"batch:(\w+):\w+", r"batch:\1", str(row["causes"]))
                found.append(repr(sorted(row.items(), key=str)))
            return sorted(found)

        return {
            "deals": sorted(repr({**row, "id": 0, "account": accounts.get(row["account"])}) for row in deals.values()),
            "accounts": sorted(
                repr({**row, "id": 0}) for row in unit.fetch(sa.select(host.types["account"].table))
            ),
            "history": said(host.types["deal"].history), "events": said(t.event), "words": said(t.search),
            "stays": said(host.types["deal"].stages) if host.types["deal"].stages is not None else [],
        }  # fmt: skip


@contextmanager
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def never(*_: Any) -> Any:
        raise OneByOne

    with monkeypatch.context() as patched:
        for module in (creating, changing):
            patched.setattr(module, "_together", never)
        yield


@pytest.mark.requirement("SF10", "X13", "X14")
@given(files=st.lists(ROWS, min_size=1, max_size=2))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_together_is_one_by_one(hosts: tuple[Host, Host], monkeypatch: pytest.MonkeyPatch, files: Any) -> None:
    """Two files, one after the other, the second with records that are there already."""
    for host in hosts:
        emptied(host)
        for grade in GRADES:
            values = {"name": f"account {grade}", "grade": grade or None}
            host.ask(host.actor("ann"), "records.create", type="account", values=values)
    answers = []
    for host, alone in zip(hosts, (False, True), strict=True):
        found = []
        for rows in files:
            content = "\n".join(
                ["name,account,amount,note,status"]
                + [
                    f"deal {number},account {account},{amount},{note},{status}"
                    for number, account, amount, note, status in rows
                ]
            ).encode()
            sent = {"form": "deal", "name": "x.csv", "content": content, "keys": ("name",), "duplicates": "update"}
            tried = host.ask(host.actor("ann"), "forms.import", dry_run=True, **sent)
            if alone:
                with one_by_one(monkeypatch):
                    made = host.ask(host.actor("ann"), "forms.import", **sent)
            else:
                made = host.ask(host.actor("ann"), "forms.import", **sent)
            found.append([made[key] for key in ("create", "update", "skip", "refused", "problems")])
            found.append([tried[key] for key in ("create", "update", "refused", "problems")])
        answers.append(found)
    assert answers[1] == answers[0]
    assert left(hosts[1]) == left(hosts[0])


def test_what_links_say_is_asked_for_once(hosts: tuple[Host, Host]) -> None:
    """Conditions, defaults, checks, permissions and rules over a link: as many queries for fifty rows as for five."""
    host = hosts[0]
    emptied(host)
    for grade in GRADES:
        host.ask(host.actor("ann"), "records.create", type="account", values={"name": grade or "-", "grade": grade})
    asked = []
    for count in (5, 50):
        for word, sent in (("new", {}), ("again", {"duplicates": "update", "keys": ("name",)})):
            lines = [f"{count} {number},a,{len(word)},n" for number in range(count)]
            content = "\n".join(["name,account,amount,note", *lines]).encode()
            with host.session(host.actor("ann")) as context:
                before = context.unit.statements
                found = context.ask("forms.import", form="deal", name="x.csv", content=content, **sent)
                asked.append(context.unit.statements - before)
            assert (found["create"] + found["update"], found["refused"]) == (count, 0)
    assert asked[2:] <= asked[:2], asked
