"""Steps change, create and delete other records and rows in them, all or nothing, as actions of rules do; a simulation
says the same beforehand and writes nothing."""

from __future__ import annotations

from typing import Any

import pytest

from lowcode.kernel.diagnostics import DefinitionError
from tests.flows.app import QUOTE, Office, document


def text(name: str) -> dict[str, Any]:
    """A field of text."""
    return {"name": name, "type": "text"}


ITEMS = [
    {"name": "product", "type": "text"},
    {"name": "quantity", "type": "integer", "default": 0},
    {"name": "delivered", "type": "boolean", "default": False},
    {
        "name": "parts",
        "type": "lines",
        "fields": [{"name": "code", "type": "text"}, {"name": "got", "type": "integer"}],
    },
]
OPEN: dict[str, Any] = {"permissions": [{"role": ["sales", "director"], "can": ["create", "read", "edit", "delete"]}]}
FORMS: dict[str, Any] = {
    "forms/quote.json": {
        **QUOTE,
        "fields": [*QUOTE["fields"], {"name": "items", "type": "lines", "fields": ITEMS},
                   {"name": "account", "type": "link", "to": "account"}],
        "relations": [{"name": "todos", "form": "todo", "by": "quote"}],
    },
    "forms/account.json": {
        "name": "account", "title": {"en": "Account", "zh-CN": "客户"}, "label": "name", **OPEN,
        "fields": [text("name"), text("level"),
                   {"name": "visits", "type": "lines", "fields": [text("about"), text("result")]}],
    },
    "forms/todo.json": {"name": "todo", "title": {"en": "To-do", "zh-CN": "待办"}, "label": "what", **OPEN, "fields": [
        {"name": "what", "type": "text", "required": True}, {"name": "done", "type": "boolean", "default": False},
        {"name": "quote", "type": "link", "to": "quote"}, {"name": "rank", "type": "integer", "max": 9},
    ]},
    "forms/order.json": {"name": "order", "title": "Order", "label": "number", **OPEN, "fields": [
        {"name": "number", "type": "text"}, {"name": "quote", "type": "link", "to": "quote"},
        {"name": "items", "type": "lines", "fields": [text("product"), {"name": "quantity", "type": "integer"}]},
    ]},
}  # fmt: skip
STEPS: list[dict[str, Any]] = [
    {"id": "own", "type": "set", "values": {"note": '"on its way"'}, "lines": {
        "items": {"where": "quantity > 0", "values": {"delivered": "true"}},
        "items.parts": {"where": "parent.quantity > this.total", "values": {"got": "parent.quantity"}},
    }},
    {"id": "account", "type": "update", "link": "account", "values": {"level": "number & \"!\""},
     "lines": {"visits": {"where": "about = this.number", "values": {"result": '"won"'}}}},
    {"id": "todos", "type": "update", "relation": "todos", "where": "not done", "values": {"done": "true"}},
    {"id": "others", "type": "update", "form": "todo", "where": "quote is blank and what = this.number",
     "values": {"rank": "total"}},
    {"id": "order", "type": "create", "form": "order", "values": {"number": "number"},
     "lines": {"items": {"rows": "items", "where": "quantity > 0",
                         "values": {"product": "product", "quantity": "quantity"}}}},
    {"id": "each", "type": "create", "form": "todo",
     "values": {"what": '"Again: " & what', "quote": "this"}, "for_each": {"relation": "todos"}},
    {"id": "away", "type": "delete", "form": "todo", "where": 'what = "old"'},
]  # fmt: skip
SAID = {
    "own": "更新字段：note、明细 3 行。",
    "account": "更新“客户” 1 条（level、明细 1 行）。",
    "todos": "更新“待办” 1 条（done）。",
    "others": "更新“待办” 1 条（rank）。",
    "order": "新建一条“Order”。",
    "each": "新建“待办” 2 条。",
    "away": "删除“待办” 1 条。",
}


def flow(*steps: dict[str, Any], **keys: Any) -> dict[str, Any]:
    """These, one after the other."""
    ids = [*(each["id"] for each in steps), "end"]
    nodes = [{**each, "to": after} for each, after in zip(steps, ids[1:], strict=True)]
    start = {"id": "start", "type": "start", "to": ids[0]}
    return document(nodes=[start, *nodes, {"id": "end", "type": "end", "outcome": "approved"}], **keys)


def office(*steps: dict[str, Any], database: Any = "sqlite://", **keys: Any) -> Office:
    """An app with such a flow."""
    return Office(flow(*steps, **keys), more=FORMS, database=database)


def records(here: Office, form: str, *fields: str) -> list[Any]:
    """What these fields of all records hold, in the order of the records."""
    found = here.ask("boss", "records.list", type=form, sort=("id",), fields=("id",))["items"]
    whole = [here.ask("boss", "records.get", type=form, id=each["id"]) for each in found]
    return [tuple(each[name] for name in fields) for each in whole]


def begun(here: Office) -> int:
    """A quote with an account, lines and to-dos, not yet sent for approval."""

    def make(form: str, **values: Any) -> int:
        return int(here.ask("boss", "records.create", type=form, values=values)["id"])

    visits = [{"about": "Q1", "result": "?"}, {"about": "Q2", "result": "?"}]
    account = make("account", name="Acme", visits=visits)
    items = [
        {"product": "a", "quantity": 5, "parts": [{"code": "x"}, {"code": "y"}]},
        {"product": "b", "quantity": 0, "parts": [{"code": "z"}]},
    ]
    quote = here.quote(2, account=account, items=items)
    make("todo", what="call", quote=quote)
    make("todo", what="write", quote=quote, done=True)
    make("todo", what="Q1")
    make("todo", what="old")
    return quote


@pytest.mark.requirement("SW04", "SW12")
def test_steps_change_create_and_delete_other_records_and_rows_as_was_foreseen(database_url: Any) -> None:
    """Linked, related and found records, rows of lines and rows in those; whoever simulates it first reads the same
    sentences, and nothing was written by that."""
    here = office(*STEPS, database=database_url)
    quote = begun(here)
    before = [records(here, form, "id", "version") for form in ("quote", "account", "todo", "order")]
    ahead = here.ask("root", "flows.simulate", flow="approval", id=quote, values={"stage": "approving"})
    assert ahead["incidents"] == []
    assert before == [records(here, form, "id", "version") for form in ("quote", "account", "todo", "order")]
    here.submit(quote)
    here.host.settle()
    record = here.ask("boss", "records.get", type="quote", id=quote)
    assert ("on its way", [True, False]) == (record["note"], [each["delivered"] for each in record["items"]])
    assert [[5, 5], [None]] == [[part["got"] for part in each["parts"]] for each in record["items"]]
    [(level, visits)] = records(here, "account", "level", "visits")
    assert ("Q1!", ["won", "?"]) == (level, [each["result"] for each in visits])
    assert [
        ("call", True, quote, None), ("write", True, quote, None), ("Q1", False, None, 2),
        ("Again: call", False, quote, None), ("Again: write", False, quote, None),
    ] == records(here, "todo", "what", "done", "quote", "rank")  # fmt: skip
    [(number, items)] = records(here, "order", "number", "items")
    assert ("Q1", [("a", 5)]) == (number, [(each["product"], each["quantity"]) for each in items])
    walked = here.history(quote)[0]["steps"]
    for steps in (ahead["steps"], walked):
        assert SAID == {each["node"]: each["reasons"][0]["zh-CN"] for each in steps if each["node"] in SAID}


def test_a_step_that_means_more_than_it_may_or_is_refused_does_nothing_at_all(database_url: Any) -> None:
    """One record that refuses takes the others back with it; the flow stands there until somebody helped."""
    steps = [{"id": "rank", "type": "update", "relation": "todos", "values": {"rank": "total"}}]
    here = office(*steps, database=database_url)
    quote = begun(here)
    here.ask("li", "records.update", type="quote", id=quote, values={"total": 10})
    here.submit(quote)
    here.host.settle()
    assert "failed" == here.history(quote)[0]["state"]
    assert {None} == {rank for (rank,) in records(here, "todo", "rank")}
    many = office({"id": "rank", "type": "update", "relation": "todos", "values": {"rank": "1"}, "most": 1})
    quote = begun(many)
    ahead = many.ask("root", "flows.simulate", flow="approval", id=quote, values={"stage": "approving"})
    many.submit(quote)
    many.host.settle()
    for problems in (ahead["incidents"][0]["problems"], many.history(quote)[0]["incidents"][0]["problems"]):
        assert ["flows.too-many-records"] == [each["code"] for each in problems]
    assert {None} == {rank for (rank,) in records(many, "todo", "rank")}


@pytest.mark.parametrize("waits", [False, True])
@pytest.mark.parametrize(
    "which", [{"form": "quote", "where": "number = this.number"}, {"link": "account"}], ids=["itself", "with another"]
)
def test_a_step_that_would_delete_the_record_of_its_flow_does_nothing(
    database_url: Any, which: dict[str, str], waits: bool
) -> None:
    """Meant, or because it goes with what is meant: who sends it can save it, and the flow stands there and says why,
    whether it is beginning or went on before."""
    ask = {"id": "ask", "type": "approve", "approvers": [{"user": "boss"}], "rejected": "end"}
    steps = [ask] if waits else []
    whole = flow(*steps, {"id": "away", "type": "delete", **which})
    if waits:
        whole["nodes"][1]["approved"] = whole["nodes"][1].pop("to")
    quote_form = FORMS["forms/quote.json"]
    fields = [
        {**each, "on_delete": "cascade"} if each["name"] == "account" else each for each in quote_form["fields"]
    ]  # fmt: skip
    more = {**FORMS, "forms/quote.json": {**quote_form, "fields": fields}}
    here = Office(whole, more=more, database=database_url)
    quote = begun(here)
    here.submit(quote)
    if waits:
        here.decide("boss", "approve")
    here.host.settle()
    (instance,) = here.history(quote)
    assert ("failed", ["flows.own-record"]) == (
        instance["state"], [each["code"] for each in instance["incidents"][0]["problems"]]
    )  # fmt: skip
    assert [("Q1",)] == records(here, "quote", "number")
    assert 1 == len(records(here, "account", "name"))


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ({"type": "update", "link": "acount", "values": {"level": '"A"'}}, "flows.not-a-link"),
        ({"type": "update", "relation": "todo", "values": {"done": "true"}}, "flows.unknown-relation"),
        ({"type": "update", "link": "account"}, "flows.nothing-set"),
        ({"type": "set", "lines": {"item": {"values": {"product": '"x"'}}}}, "flows.not-lines"),
        ({"type": "create", "form": "order", "lines": {"item": []}}, "flows.not-lines"),
        ({"type": "update", "link": "account", "values": {"levl": '"A"'}}, "flows.unknown-field"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_a_step_cannot_mean_is_found_when_it_is_written(step: dict[str, Any], code: str) -> None:
    """With the names that there are."""
    with pytest.raises(DefinitionError) as refused:
        office({"id": "does", **step})
    assert code in {each.code for each in refused.value.report.errors}


@pytest.mark.requirement("SW12")
def test_what_a_step_changed_is_undone_by_steps_of_the_same_kinds() -> None:
    """Refused after the to-dos were closed and one was made: a handler opens them again, another deletes what was
    made."""
    close = {"id": "close", "type": "update", "relation": "todos", "values": {"rank": "5"}, "to": "make"}
    make = {"id": "make", "type": "create", "form": "todo", "values": {"what": '"Deliver"', "quote": "id"}, "to": "ask"}
    nodes = [
        {"id": "start", "type": "start", "to": "close"}, close, make,
        {"id": "ask", "type": "approve", "approvers": [{"user": "boss"}], "approved": "end", "rejected": "back"},
        {"id": "back", "type": "throw", "undo": "*", "to": "refused"},
        {"id": "refused", "type": "end", "outcome": "rejected"}, {"id": "end", "type": "end", "outcome": "approved"},
        {"id": "u1", "type": "handler", "undoes": "close"},
        {"id": "b1", "type": "start", "in": "u1", "to": "open"},
        {**close, "id": "open", "in": "u1", "values": {"rank": "blank"}, "to": "e1"},
        {"id": "e1", "type": "end", "in": "u1"},
        {"id": "u2", "type": "handler", "undoes": "make"},
        {"id": "b2", "type": "start", "in": "u2", "to": "away"},
        {"id": "away", "type": "delete", "in": "u2", "relation": "todos", "where": 'what = "Deliver"', "to": "e2"},
        {"id": "e2", "type": "end", "in": "u2"},
    ]  # fmt: skip
    here = Office(document(nodes=nodes), more=FORMS)
    quote = begun(here)
    here.submit(quote)
    here.host.settle()
    kept = [("call", None), ("write", None), ("Q1", None), ("old", None)]
    assert [("call", 5), ("write", 5), *kept[2:], ("Deliver", None)] == records(here, "todo", "what", "rank")
    here.decide("boss", "reject", opinion="no")
    here.host.settle()
    assert kept == records(here, "todo", "what", "rank")
    assert "rejected" == here.history(quote)[0]["state"]
