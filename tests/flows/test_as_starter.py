"""Flows that act as whoever started them."""

from __future__ import annotations

from typing import Any

import pytest

from lowcode.kernel.diagnostics import Rejected
from tests.flows.app import QUOTE, Office, document

OWN = {"role": "sales", "can": ["create", "read", "edit", "delete"], "where": "owner = ME()"}
ALL = {"role": "director", "can": ["create", "read", "edit", "delete"]}
FORMS: dict[str, Any] = {
    "forms/quote.json": {
        **QUOTE,
        "fields": [*QUOTE["fields"], {"name": "lead", "type": "link", "to": "lead"}],
        "relations": [{"name": "leads", "form": "lead", "by": "quote"}],
    },
    "forms/lead.json": {
        "name": "lead", "title": "Lead", "label": "name", "permissions": [OWN, ALL],
        "fields": [{"name": name, "type": "text"} for name in ("name", "mark")]
        + [{"name": "quote", "type": "link", "to": "quote"}],
    },
    "forms/secret.json": {
        "name": "secret", "title": "Secret", "label": "name", "permissions": [ALL],
        "fields": [{"name": "name", "type": "text"}, {"name": "quote", "type": "link", "to": "quote"}],
    },
    "flows/visit.json": {
        "name": "visit", "title": "Visit", "form": "lead", "start": {"on": "manual"}, "nodes": [
            {"id": "start", "type": "start", "to": "mark"},
            {"id": "mark", "type": "set", "values": {"mark": '"seen"'}, "to": "end"},
            {"id": "end", "type": "end", "outcome": "approved"},
        ],
    },
}  # fmt: skip


def begun(
    runs_as: str, step: dict[str, Any], database: Any = "sqlite://", **quote: Any
) -> tuple[Office, dict[str, Any]]:
    """A quote of li's that has gone through one step, beside leads of li and of zhao; how it stands."""
    nodes = [
        {"id": "start", "type": "start", "to": "does"},
        {**step, "id": "does", "to": "end"},
        {"id": "end", "type": "end", "outcome": "approved"},
    ]
    office = Office(document(nodes=nodes, runs_as=runs_as), more=FORMS, database=database)
    number = office.quote()
    made = {}
    for name, login in (("mine", "li"), ("theirs", "zhao")):
        values = {"name": name, **({"quote": number} if login == "li" else {})}
        made[name] = office.ask(login, "records.create", type="lead", values=values)["id"]
    office.ask("boss", "records.update", type="lead", id=made["theirs"], values={"quote": number})
    office.ask("boss", "records.create", type="secret", values={"name": "plan", "quote": number})
    for name, value in quote.items():
        office.ask("boss", "records.update", type="quote", id=number, values={name: made.get(value, value)})
    office.submit(number)
    office.host.settle()
    return office, office.history(number)[0]


def leads(office: Office) -> dict[str, str | None]:
    """The mark of each lead there is, by its name."""
    items = office.ask("boss", "records.list", type="lead", sort=("id",), fields=("name", "mark"))["items"]
    return {each["name"]: each["mark"] for each in items}


MARKED = {"values": {"mark": '"seen"'}}


@pytest.mark.requirement("SW12", "SP14")
@pytest.mark.parametrize("runs_as", ["app", "starter"])
@pytest.mark.parametrize(
    ("step", "as_app", "as_starter"),
    [
        ({"type": "update", "form": "lead", "where": "name is not blank", **MARKED},
         {"mine": "seen", "theirs": "seen"}, {"mine": "seen", "theirs": None}),
        ({"type": "update", "relation": "leads", **MARKED},
         {"mine": "seen", "theirs": "seen"}, {"mine": "seen", "theirs": None}),
        ({"type": "delete", "form": "lead", "where": "quote = this"}, {}, {"theirs": None}),
        ({"type": "update", "form": "lead", "where": "quote = this", "most": 1, **MARKED}, None,
         {"mine": "seen", "theirs": None}),
        ({"type": "create", "form": "lead", "values": {"name": "name & '!'"}, "for_each": {"relation": "leads"}},
         {"mine": None, "theirs": None, "mine!": None, "theirs!": None}, {"mine": None, "theirs": None, "mine!": None}),
        ({"type": "create", "form": "lead", "values": {"name": "name & '!'"},
          "for_each": {"form": "secret", "where": "quote = this"}},
         {"mine": None, "theirs": None, "plan!": None}, None),
        ({"type": "flow", "flow": "visit", "each": {"form": "lead", "by": "quote"}},
         {"mine": "seen", "theirs": "seen"}, {"mine": "seen", "theirs": None}),
    ],
    ids=["form", "relation", "delete", "most", "each", "unreadable form", "flows"],
)  # fmt: skip
def test_records_are_found_as_whom_it_runs(
    database_url: Any, runs_as: str, step: dict[str, Any], as_app: dict[str, Any] | None,
    as_starter: dict[str, Any] | None,
) -> None:  # fmt: skip
    """Those that the starter may not read are neither changed nor copied nor counted; None: the flow stands there."""
    office, instance = begun(runs_as, step, database_url)
    expected = as_app if runs_as == "app" else as_starter
    state = "failed" if expected is None else "approved"
    assert (state, expected if expected is not None else {"mine": None, "theirs": None}) == (
        instance["state"], leads(office)
    )  # fmt: skip


@pytest.mark.parametrize(
    "step",
    [
        {"type": "update", "link": "lead", **MARKED},
        {"type": "update", "link": "lead", "where": 'name = "theirs"', **MARKED},
        {"type": "create", "form": "lead", "values": {"name": "name"}, "for_each": {"link": "lead"}},
        {"type": "flow", "flow": "visit", "record": "lead"},
    ],
    ids=["update", "where", "each", "flow"],
)
def test_a_linked_record_that_the_starter_may_not_read_is_not_touched(step: dict[str, Any]) -> None:
    """One record is named, so nothing is passed over in silence: the flow stands there and says why."""
    office, instance = begun("starter", step, lead="theirs")
    assert ("failed", {"mine": None, "theirs": None}) == (instance["state"], leads(office))
    with pytest.raises(Rejected) as refused:
        office.ask("li", "records.get", type="lead", id=2)
    assert [each.code for each in refused.value.problems] == [
        each["code"] for each in instance["incidents"][0]["problems"]
    ]


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
