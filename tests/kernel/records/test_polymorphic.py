"""The way back along a link to a record of any form: lists, filters, roll-ups and columns, as far as one may see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from lowcode.host import Host
from lowcode.kernel.diagnostics import DefinitionError, Rejected
from lowcode.kernel.identity import APP

NOTE: dict[str, Any] = {
    "name": "note",
    "label": "text",
    "fields": [
        {"name": "text", "type": "text"},
        {"name": "minutes", "type": "integer"},
        {"name": "fee", "type": "money"},
        {"name": "about", "type": "link_any", "to": ["account", "project"]},
    ],
    "permissions": [
        {"role": "sales", "can": ["create", "read", "edit", "delete", "restore"]},
        {"role": "clerk", "can": ["read"], "where": "minutes > 10", "hide": ["fee"]},
    ],
}
FIELDS = [
    {"name": "name", "type": "text"},
    {"name": "minutes", "type": "rollup", "expression": "SUM(notes.minutes)"},
    {"name": "long", "type": "rollup", "expression": "COUNT(notes, minutes > 10)"},
    {"name": "fees", "type": "formula", "expression": "SUM(notes.fee) + 1", "scale": 2},
]
EVERYBODY = [
    {"role": "sales", "can": ["create", "read", "edit", "delete"]},
    {"role": "clerk", "can": ["read"]},
    {"role": "guest", "can": ["read"], "hide": ["notes"]},
]


def form(name: str) -> dict[str, Any]:
    relations = [{"name": "notes", "form": "note", "by": "about"}]
    return {"name": name, "label": "name", "fields": FIELDS, "relations": relations, "permissions": EVERYBODY}


def documents(*forms: dict[str, Any]) -> dict[str, Any]:
    roles = [{"name": each} for each in ("sales", "clerk", "guest")]
    return {"app.json": {"name": "firm", "roles": roles}, **{f"forms/{each['name']}.json": each for each in forms}}


@pytest.fixture
def host(database_url: str) -> Iterator[Host]:
    found = Host(documents(form("account"), form("project"), NOTE), database_url)
    found.publish()
    for role in ("sales", "clerk", "guest"):
        found.ask(APP, "identity.save_person", login=role, name=role, roles=(role,))
    yield found
    found.close()


def make(host: Host, form: str, **values: Any) -> int:
    return int(host.ask(host.actor("sales"), "records.create", type=form, values=values)["id"])


def sums(host: Host, form: str) -> dict[str, list[Any]]:
    rows = host.ask(APP, "records.list", type=form, fields=("name", "minutes", "long", "fees"))["items"]
    return {row["name"]: [int(row["minutes"]), int(row["long"]), str(row["fees"])] for row in rows}


@pytest.mark.requirement("F6", "F8", "F9")
def test_roll_ups_go_back_along_it(host: Host) -> None:
    """They follow what is written, changed, moved from form to form, deleted and brought back; ids may be the same."""
    sales = host.actor("sales")
    account, project = make(host, "account", name="a"), make(host, "project", name="p")
    assert account == project
    note = make(host, "note", minutes=15, fee="2", about=f"account/{account}")
    make(host, "note", minutes=5, about=f"project/{project}")
    assert sums(host, "account") == {"a": [15, 1, "3.00"]} and sums(host, "project") == {"p": [5, 0, "1.00"]}
    host.ask(sales, "records.update", type="note", id=note, values={"about": f"project/{project}", "minutes": 20})
    assert sums(host, "account") == {"a": [0, 0, "1.00"]} and sums(host, "project") == {"p": [25, 1, "3.00"]}
    host.ask(sales, "records.delete", type="note", id=note)
    assert sums(host, "project") == {"p": [5, 0, "1.00"]}
    host.ask(sales, "records.undelete", type="note", id=note)
    host.ask(sales, "records.update", type="note", id=note, values={"about": None})
    assert sums(host, "project") == {"p": [5, 0, "1.00"]}


@pytest.mark.requirement("F6", "F8")
def test_a_merge_brings_its_notes_along(host: Host) -> None:
    """What was about the one that goes is about the one that stays."""
    one, two = make(host, "account", name="a"), make(host, "account", name="b")
    make(host, "note", minutes=15, about=f"account/{two}")
    host.ask(host.actor("sales"), "forms.merge", form="account", into=one, others=(two,))
    assert sums(host, "account") == {"a": [15, 1, "1.00"]}


@pytest.mark.requirement("F6", "F18", "F19")
def test_filters_go_back_as_far_as_one_may_see(host: Host) -> None:
    """The clerk sees long notes alone and no fee; the guest does not see that there are notes."""
    one, two = make(host, "account", name="a"), make(host, "account", name="b")
    for minutes, about in ((5, one), (6, one), (20, two)):
        make(host, "note", minutes=minutes, fee="9", about=f"account/{about}")

    def found(login: str, where: str) -> list[str]:
        page = host.ask(host.actor(login), "records.list", type="account", where=where, fields=("name",), sort=("id",))
        return [row["name"] for row in page["items"]]

    assert found("sales", "COUNT(notes) >= 2") == ["a"] and found("clerk", "COUNT(notes) >= 1") == ["b"]
    assert found("sales", "SUM(notes.fee) = 18") == ["a"]
    for login, where in (("clerk", "SUM(notes.fee) > 1"), ("guest", "COUNT(notes) > 0")):
        with pytest.raises(Rejected) as refused:
            found(login, where)
        assert [each.code for each in refused.value.problems] == ["records.unknown-field"]


@pytest.mark.requirement("F6")
def test_a_relation_needs_a_link_that_may_lead_here() -> None:
    """A link to records of other forms is none."""
    note = {**NOTE, "fields": [*NOTE["fields"][:3], {"name": "about", "type": "link_any", "to": ["project"]}]}
    with pytest.raises(DefinitionError) as refused:
        assert Host(documents(form("account"), form("project"), note), "sqlite://").app
    assert [each.code for each in refused.value.report.errors] == ["forms.not-a-link"]
