"""No path leads around a row filter or a hidden column, in columns, filters, orders or counts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from lowcode.host import Host
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.identity import APP
from lowcode.kernel.records.permitted import there

ACCOUNT = {
    "name": "account",
    "fields": [
        {"name": "name", "type": "text"},
        {"name": "phone", "type": "text"},
        {"name": "margin", "type": "money"},
    ],
    "relations": [{"name": "quotes", "form": "quote", "by": "account"}],
    "permissions": [
        {"role": "sales", "can": ["create", "read", "edit"], "where": "owner = ME()", "hide": ["margin"]},
        {"role": "clerk", "can": ["read"]},
    ],
}
QUOTE = {
    "name": "quote",
    "label": "subject",
    "fields": [
        {"name": "subject", "type": "text"},
        {"name": "account", "type": "link", "to": "account"},
        {"name": "account_name", "type": "formula", "expression": "account.name", "result": "text"},
        {
            "name": "items",
            "type": "lines",
            "fields": [{"name": "price", "type": "money"}, {"name": "cost", "type": "money"}],
        },
    ],
    "permissions": [
        {"role": "sales", "can": ["create", "read", "edit"], "hide": ["items.cost"]},
        {"role": "clerk", "can": ["read"], "where": 'subject = "shown"'},
    ],
}


@pytest.fixture
def host(database_url: str) -> Iterator[Host]:
    found = Host(
        {
            "app.json": {"name": "firm", "roles": [{"name": "sales"}, {"name": "clerk"}]},
            "forms/account.json": ACCOUNT,
            "forms/quote.json": QUOTE,
        },
        database_url,
    )
    found.publish()
    for login, role in (("ann", "sales"), ("bob", "sales"), ("cleo", "clerk")):
        found.ask(APP, "identity.save_person", login=login, name=login, roles=(role,))
    accounts = {}
    for login in ("ann", "bob"):
        values = {"name": f"{login}'s", "phone": f"1-{login}", "margin": "5"}
        accounts[login] = found.ask(
            found.actor(login), "records.create", type="account", values=_without_margin(values)
        )
    for login, subject in (("ann", "shown"), ("bob", "shown"), ("bob", "kept")):
        items = [{"price": "10", "cost": "7"}]
        quote: dict[str, Any] = {"subject": subject, "account": accounts[login]["id"], "items": items}
        found.ask(APP, "records.create", type="quote", values=quote)
    yield found
    found.close()


def _without_margin(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != "margin"}


@pytest.mark.requirement("F18", "SP14")
def test_a_column_of_a_linked_record_is_blank_when_the_record_is_not_readable(host: Host) -> None:
    """`account.phone` shows the phone of accounts one may read, and nothing of the others."""
    page = host.ask(host.actor("ann"), "records.list", type="quote", fields=("account.phone",), sort=("id",))
    assert [row["account.phone"] for row in page["items"]] == ["1-ann", None, None]


@pytest.mark.requirement("F18")
def test_a_filter_on_a_linked_record_is_no_oracle(host: Host) -> None:
    """Guessing the phone of somebody else's account finds nothing."""
    page = host.ask(host.actor("ann"), "records.list", type="quote", where='account.phone = "1-bob"', count=True)
    assert (page["items"], page["count"]["value"]) == ([], 0)


@pytest.mark.requirement("F18")
def test_rows_of_a_relation_that_are_not_readable_do_not_count(host: Host) -> None:
    """The clerk sees two of three quotes, so no account has two."""
    page = host.ask(host.actor("cleo"), "records.list", type="account", where="COUNT(quotes) >= 2")
    assert page["items"] == []


@pytest.mark.requirement("F7")
def test_what_the_author_computes_reads_with_the_eyes_of_the_author(host: Host) -> None:
    """A formula through a link shows its value to whoever may see the formula."""
    page = host.ask(host.actor("ann"), "records.list", type="quote", fields=("account_name",), sort=("id",))
    assert [row["account_name"] for row in page["items"]] == ["ann's", "bob's", "bob's"]


@pytest.mark.requirement("F19")
@pytest.mark.parametrize(
    "asked",
    [
        {"where": "SUM(items.cost) > 5"},
        {"where": "COUNT(items, cost > 5) > 0"},
        {"where": "account.margin > 1"},
        {"fields": ("account.margin",)},
        {"sort": ("account.margin",)},
    ],
)
def test_a_hidden_column_cannot_be_asked_about(host: Host, asked: dict[str, Any]) -> None:
    """It does not exist for the person: in columns, filters and orders alike."""
    with pytest.raises(Rejected) as refused:
        host.ask(host.actor("ann"), "records.list", type="quote", **asked)
    assert [each.code for each in refused.value.problems] == ["records.unknown-field"]


@pytest.mark.requirement("F19")
def test_a_hidden_column_of_lines_is_left_out(host: Host) -> None:
    """Lines come without the columns kept from the person, in the record and in its history."""
    ann = host.actor("ann")
    identity = host.ask(ann, "records.list", type="quote", sort=("id",))["items"][0]["id"]
    record = host.ask(ann, "records.get", type="quote", id=identity)
    assert [sorted(row) for row in record["items"]] == [["id", "position", "price"]]
    assert "cost" not in str(host.ask(ann, "records.history", type="quote", id=identity))


def test_what_cannot_be_read_is_said_at_its_place(host: Host) -> None:
    """All of it at once: unknown names, and rows, of which a list has no room for several."""
    clerk = host.actor("ann")
    asked = ("subject", "acount", "items", "items.price", "account.quotes", "account.nme")
    with pytest.raises(Rejected) as refused:
        host.ask(clerk, "records.list", type="quote", fields=asked)
    assert [(each.pointer, each.code, each.values.get("near")) for each in refused.value.problems] == [
        ("/fields/1", "records.unknown-field", "account"),
        ("/fields/2", "records.rows-not-here", None),
        ("/fields/3", "records.rows-not-here", None),
        ("/fields/4", "records.rows-not-here", None),
        ("/fields/5", "records.unknown-field", "name"),
    ]
    quote = host.ask(clerk, "records.create", type="quote", values={"items": [{"price": 1}]})["id"]
    assert host.ask(clerk, "records.get", type="quote", id=quote, fields=("items",))["items"][0]["price"] == 1
    with pytest.raises(Rejected) as refused:
        host.ask(clerk, "records.get", type="quote", id=quote, fields=("subject", "items.price", "x"))
    assert [each.pointer for each in refused.value.problems] == ["/fields/1", "/fields/2"]


def _refused(host: Host, login: str, operation: str, **asked: Any) -> list[tuple[str, str]]:
    with pytest.raises(Rejected) as refused:
        host.ask(host.actor(login), operation, **asked)
    return [(each.pointer, each.code) for each in refused.value.problems]


@pytest.mark.requirement("SP14")
def test_a_record_one_may_not_read_is_as_good_as_none_to_link_to(host: Host) -> None:
    """Neither which numbers there are comes out, nor what a formula over the link would show; links that stand stay."""
    ann = host.actor("ann")
    own, others = (
        host.ask(host.actor(login), "records.list", type="account")["items"][0]["id"] for login in ("ann", "bob")
    )
    for wanted in (others, 4711):
        values = {"subject": "new", "account": wanted}
        asked = {"type": "quote", "values": values}
        assert _refused(host, "ann", "records.create", **asked) == [("/account", "records.link-not-found")]
        bulk = host.ask(ann, "records.bulk", type="quote", items=[{"values": values}, {"values": {"account": own}}])
        assert [each.get("id") is not None for each in bulk["items"]] == [False, True]
        assert bulk["items"][0]["problems"][0]["code"] == "records.link-not-found"
    quote = next(
        each for each in host.ask(ann, "records.list", type="quote", fields=("subject", "account"))["items"]
        if each["account"] == others
    )  # fmt: skip
    changed = {"subject": "said anew", "account": others}
    assert host.ask(ann, "records.update", type="quote", id=quote["id"], values=changed)["account"] == others
    gone = {"account": own}
    host.ask(ann, "records.update", type="quote", id=quote["id"], values=gone)
    back = {"type": "quote", "id": quote["id"], "values": {"account": others}}
    assert _refused(host, "ann", "records.update", **back) == [("/account", "records.link-not-found")]
    assert host.ask(APP, "records.update", **back)["account"] == others


@pytest.mark.requirement("SP14")
def test_rows_that_stand_keep_their_links(database_url: str) -> None:
    """Rows come whole with each save: those whose links this person may not read stay, and none can be added."""
    lines = {"name": "lines", "type": "lines", "fields": [
        {"name": "product", "type": "link", "to": "product"}, {"name": "count", "type": "integer"},
    ]}  # fmt: skip
    forms = {
        "product": {
            "fields": [{"name": "name", "type": "text"}, {"name": "secret", "type": "boolean"}],
            "permissions": [{"role": "sales", "can": ["read"], "where": "not secret"}],
        },
        "order": {
            "fields": [lines, {"name": "tags", "type": "links", "to": "product"}],
            "permissions": [{"role": "sales", "can": ["create", "read", "edit"]}],
        },
    }
    documents = {f"forms/{name}.json": {"name": name, **form} for name, form in forms.items()}
    host = Host({"app.json": {"name": "firm", "roles": [{"name": "sales"}]}, **documents}, database_url)
    host.publish()
    host.ask(APP, "identity.save_person", login="ann", name="Ann", roles=("sales",))
    plain, secret = (
        host.ask(APP, "records.create", type="product", values={"name": "one", "secret": kept})["id"]
        for kept in (False, True)
    )
    order = host.ask(APP, "records.create", type="order", values={
        "lines": [{"product": secret, "count": 1}], "tags": [secret],
    })  # fmt: skip
    stood = {"id": order["lines"][0]["id"], "product": secret, "count": 2}
    update = {"type": "order", "id": order["id"]}
    values = {"lines": [stood, {"product": plain, "count": 3}], "tags": [secret, plain]}
    kept = host.ask(host.actor("ann"), "records.update", **update, values=values)
    assert [row["count"] for row in kept["lines"]] == [2, 3]
    other = host.ask(APP, "records.create", type="product", values={"name": "two", "secret": True})["id"]
    values = {"lines": [stood, {"product": other, "count": 3}], "tags": [secret, other]}
    assert set(_refused(host, "ann", "records.update", **update, values=values)) == {
        ("/lines/1/product", "records.link-not-found"), ("/tags/1", "records.link-not-found"),
    }  # fmt: skip
    host.close()


def test_what_many_records_link_to_is_asked_for_once(host: Host) -> None:
    """Whether records are there and may be read, by one query, however many they are."""
    own, others = (
        host.ask(host.actor(login), "records.list", type="account")["items"][0]["id"] for login in ("ann", "bob")
    )
    with host.session(host.actor("ann")) as context:
        before = context.unit.statements
        assert there(context, host.types["account"], (own, others, 4711)) == {own}
        assert context.unit.statements == before + 1
