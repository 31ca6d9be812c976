"""Keys that are safe to hand out: some rows, some fields, and a list of what they were used for; over HTTP."""

from __future__ import annotations

import csv
import io
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from lowcode.api.tables import use as use_table
from lowcode.web.wsgi import wsgi_app
from tests.api.app import LEAD, Shop
from tests.web.calls import Open, Visitor, problem

REPORT = {
    "name": "by_grade", "type": "report", "form": "lead", "title": {"en": "By grade", "zh-CN": "按等级"},
    "dimensions": [{"name": "grade", "expression": "grade"}],
    "measures": [{"name": "budget", "expression": "SUM(budget)"}, {"name": "leads", "expression": "COUNT()"}],
    "chart": {"type": "table"},
}  # fmt: skip
VAULTED = {**LEAD, "fields": [*LEAD["fields"], {"name": "vault_code", "type": "text", "unique": True}]}
"""Leads with a unique field that the key is narrowed from."""
SECRETS = ("Planted Beta", "13811112222", "planted note", "777000", "planted@example.com")
"""What the key must never tell: of a record outside of its rows, and of fields outside of its set."""


@pytest.fixture
def shop(open_shop: Open, database_url: str) -> Shop:
    """Two leads: the first the key may reach, the second it may not; and a contract of each."""
    made = open_shop(database=database_url, more={"reports/by_grade.json": REPORT, "forms/lead.json": VAULTED})
    inside = {"company": "Acme", "grade": "A", "budget": "10", "secret_note": "planted note", "source": "fair",
              "email": "planted@example.com", "vault_code": "V1"}  # fmt: skip
    outside = {"company": "Planted Beta", "grade": "B", "budget": "777000", "phone": "13811112222"}
    for values in (inside, outside):
        lead = made.ask("head", "records.create", type="lead", values=values)
        made.ask("head", "records.create", type="contract", values={"number": f"C{lead['id']}", "lead": lead["id"]})
    for values in ({"secret_note": "planted note 2"}, {"budget": "11"}):
        made.ask("head", "records.update", type="lead", id=1, values=values)
    return made


def carrying(shop: Shop, login: str = "head", **more: Any) -> Visitor:
    """A program with a key."""
    visitor = Visitor(shop)
    key = shop.key(login, rows={"lead": 'grade = "A"'}, fields={"lead": ["company", "grade", "budget"]}, **more)
    visitor.headers["authorization"] = f"Bearer {key}"
    return visitor


def _changed(entry: dict[str, Any]) -> set[str]:
    return {each["field"] for each in entry["changes"]}


@pytest.mark.requirement("A9", "X24")
@pytest.mark.parametrize("login", ["head", "root"])
def test_nothing_else_is_read(shop: Shop, login: str) -> None:
    """Whatever is asked, and whether a person or an administrator gave the key: only these rows, only these fields.
    The person's own lists, asked before, are not served to the key."""
    assert 2 == len(shop.ask(login, "records.list", type="lead")["items"])
    assert "777000" in str(shop.ask(login, "reports.run", report="by_grade"))
    visitor = carrying(shop, login)
    listed = visitor.get("api/records/lead").json()["items"]
    assert [("Acme", "A", "11.00")] == [(each["company"], each["grade"], each["budget"]) for each in listed]
    read = visitor.get("api/records/lead/1")
    assert 200 == read.status_code
    assert {"company", "grade", "budget"} == set(read.json()) & set(shop.host.types["lead"].fields)
    assert 404 == visitor.get("api/records/lead/2").status_code
    for word in ("Planted", "13811112222", "planted note"):
        assert [] == visitor.post("api/operations/records.search", {"text": word}).json()
    groups = visitor.get("api/records/lead/aggregate?group=grade&sum=budget").json()["items"]
    assert [({"grade": "A"}, "11.00")] == [(each["values"], each["sum"]["budget"]) for each in groups]
    report = visitor.post("api/operations/reports.run", {"report": "by_grade"})
    assert 200 == report.status_code, report.text
    assert "A" in report.text
    history = visitor.get("api/records/lead/1/history")
    assert {"budget"} == {name for each in history.json()["items"][:-1] for name in _changed(each)}
    assert 404 == visitor.get("api/records/lead/2/history").status_code
    contracts = visitor.get("api/records/contract?fields=number,lead,lead.company").json()["items"]
    assert {("C1", "Acme"), ("C2", None)} == {(each["number"], each["lead.company"]) for each in contracts}
    export = visitor.get("api/export/lead?format=csv")
    rows = list(csv.reader(io.StringIO(export.content.decode("utf-8-sig"))))
    assert (2, True) == (len(rows), "Acme" in rows[1]), rows
    told = [visitor.get("api/records/lead").text, read.text, report.text, history.text, export.text,
            visitor.get("api/records/contract?fields=number,lead,lead.company").text,
            visitor.post("api/operations/reports.export", {"report": "by_grade"}).text,
            visitor.post("api/operations/records.label", {"type": "lead", "ids": [1, 2]}).text]  # fmt: skip
    assert [] == [secret for secret in SECRETS for text in told if secret in text]


@pytest.mark.requirement("A9", "X24")
def test_what_is_kept_is_no_oracle(shop: Shop) -> None:
    """Neither conditions, nor orders, nor groups over fields outside of the set are answered."""
    visitor = carrying(shop)
    for asked in ('where=phone = "1"', "sort=secret_note", "fields=email", 'where=earlier.email = "x"'):
        answer = visitor.get(f"api/records/lead?{asked}")
        assert (422, "records.unknown-field") == problem(answer)[:2], asked
    assert 422 == visitor.get("api/records/lead/aggregate?group=source").status_code
    assert 422 == visitor.get("api/records/contract?fields=lead.secret_note").status_code


@pytest.mark.requirement("A9", "X24")
def test_no_key_field_outside_of_the_set_is_named(shop: Shop) -> None:
    """Whoever writes by a key learns of none that they may not see: one that is kept is like one that is not there."""
    visitor = carrying(shop)

    def told(by: str) -> list[str]:
        values = {"company": "New", "grade": "A", by: "V1"}
        answers = [
            visitor.ask("PUT", f"api/records/lead/by/{by}/V1", json={"company": "New"}),
            visitor.post("api/records/lead/bulk", {"items": [{"do": "upsert", "by": by, "values": values}]}),
            visitor.post("api/operations/records.upsert", {"type": "lead", "by": by, "value": "V1", "values": values}),
        ]
        assert [422, 200, 422] == [each.status_code for each in answers]
        return [each.text for each in answers]

    assert told("vault_code") == [each.replace("zzz", "vault_code") for each in told("zzz")]
    near = [*told("vault_cod"), *told("company"), visitor.get("api/openapi.json").text]
    assert [] == [each for each in near if "vault_code" in each]


GUESSED: dict[str, Any] = {
    "type": "lead", "form": "lead", "id": 2, "ids": [1, 2], "report": "by_grade", "search": "Planted",
    "text": "Planted", "value": "Planted", "field": "phone", "by": "phone", "values": {"phone": "13811112222"},
}  # fmt: skip
"""What a program would try, by the name of the parameter."""


@pytest.mark.requirement("A9", "X24")
@pytest.mark.parametrize("login", ["head", "root"])
def test_no_operation_tells_it(shop: Shop, login: str) -> None:
    """Every operation there is, with whatever it may be asked: none answers what the key is narrowed from."""
    key = shop.key(login, rows={"lead": 'grade = "A"'}, fields={"lead": ["company", "grade", "budget"]}, rate=100_000)
    found, done = [], 0
    with httpx.Client(
        transport=httpx.WSGITransport(app=wsgi_app(shop.host)), base_url="http://crm.test",
        headers={"authorization": f"Bearer {key}"},
    ) as program:  # fmt: skip
        for name, operation in shop.host.app.operations.items():
            fields = getattr(operation.params, "model_fields", {})
            if operation.access == "internal" or operation.outside:
                continue
            tried = {each: value for each, value in GUESSED.items() if each in fields}
            needed = {each: value for each, value in tried.items() if fields[each].is_required()}
            for sent in (tried, needed, {**tried, "id": 1} if "id" in tried else tried):
                answer = program.post(f"/api/operations/{name}", json=sent)
                done += answer.status_code == 200
                found += [(name, sent, each) for each in SECRETS if each in answer.text and each not in str(sent)]
    assert [] == found
    assert done > 10


@pytest.mark.requirement("A9", "X24")
def test_no_way_over_a_link_tells_it(shop: Shop) -> None:
    """Over a link to a record outside of the rows everything is blank: in conditions, orders, sums, groups, words."""
    visitor = carrying(shop)
    for asked in (
        "where=lead.budget > 100", 'where=lead.company = "Planted Beta"', "search=Planted", "where=lead.id = 2"
    ):  # fmt: skip
        assert [] == visitor.get(f"api/records/contract?{asked}").json()["items"], asked
    ordered = visitor.get("api/records/contract?sort=-lead.budget&sum=lead.budget").json()
    assert (["C1", "C2"], {"lead.budget": "11.00"}) == ([e["number"] for e in ordered["items"]], ordered["sums"])
    groups = visitor.get("api/records/contract/aggregate?group=lead.company&sum=lead.budget").json()["items"]
    assert {("Acme", "11.00"), (None, None)} == {
        (each["values"]["lead.company"], each["sum"]["lead.budget"]) for each in groups
    }
    hidden = visitor.get("api/records/lead?expand=contracts")
    assert 422 == hidden.status_code and "Did you mean" not in hidden.json()["detail"], hidden.text
    assert "contracts" not in hidden.json()["detail"].partition("possible:")[2]
    linked = visitor.post("api/records/contract", {"number": "C9", "lead": 2})
    assert (422, [("/lead", "records.link-not-found")]) == (linked.status_code, problem(linked)[2])


@pytest.mark.requirement("A9", "X24")
def test_nothing_else_is_written(shop: Shop) -> None:
    """A record outside is not there; none can be made or moved there; other fields cannot be set. The refusal says what
    the key works on."""
    visitor = carrying(shop)
    assert 404 == visitor.patch("api/records/lead/2", {"budget": "1"}).status_code
    assert 404 == visitor.delete("api/records/lead/2").status_code
    refused = visitor.post("api/records/lead", {"company": "New", "grade": "B"})
    assert (403, "records.beyond-key") == problem(refused)[:2]
    assert 'grade = "A"' in refused.json()["detail"]
    assert 403 == visitor.patch("api/records/lead/1", {"grade": "B"}).status_code
    assert 422 == visitor.patch("api/records/lead/1", {"owner": 1}).status_code
    fixed = visitor.patch("api/records/lead/1", {"phone": "13900000000"})
    assert (422, [("/phone", "records.read-only")]) == (fixed.status_code, problem(fixed)[2])
    done = visitor.post("api/records/lead/bulk", {"items": [
        {"do": "update", "id": 2, "values": {"budget": "1"}}, {"do": "update", "id": 1, "values": {"budget": "12"}},
    ]}).json()  # fmt: skip
    assert [None, "updated"] == [each.get("done") for each in done["items"]]
    made = visitor.post("api/records/lead", {"company": "New", "grade": "A"})
    assert (201, False) == (made.status_code, "source" in made.json())
    assert "777000.00" == str(shop.ask("head", "records.get", type="lead", id=2)["budget"])


@pytest.mark.requirement("X24")
def test_what_is_not_held_to_the_rows_is_refused(shop: Shop) -> None:
    """Operations that do not go by the grant, files, intakes and administration are closed, whatever the scopes."""
    for login in ("head", "root"):
        visitor = carrying(shop, login)
        for name, sent in (
            ("forms.comment", {"form": "lead", "id": 1, "text": "x"}), ("identity.people", {}), ("api.list_keys", {}),
            ("records.undelete", {"type": "lead", "id": 1}),
        ):  # fmt: skip
            answer = visitor.post(f"api/operations/{name}", sent)
            if answer.status_code != 404:
                assert (403, "ask.beyond-key") == problem(answer)[:2], (name, answer.text)
        assert "rows" in visitor.post("api/operations/api.list_keys", {}).json()["detail"]
        assert 403 == visitor.get("api/records/lead/1/timeline").status_code
        assert 403 == visitor.get("api/files/1").status_code
        described = visitor.get("api/openapi.json").json()
        assert "/api/operations/api.list_keys" not in described["paths"]
        assert "phone" not in described["components"]["schemas"]["lead"]["properties"]


@pytest.mark.requirement("X24")
def test_a_key_is_checked_when_it_is_made(shop: Shop) -> None:
    """Forms, fields and filters are the app's, the nearest is named; nobody filters over what they may not see."""
    visitor = Visitor(shop).sign_in("li")
    answer = visitor.post("api/operations/api.create_key", {
        "name": "x", "scopes": ["*"], "rows": {"leed": "1 = 1", "lead": "budget + 1"},
        "fields": {"lead": ["compny"], "contract": ["number"]},
    })  # fmt: skip
    assert {
        ("/rows/leed", "api.no-form"), ("/rows/lead", "expressions.unexpected-type"),
        ("/fields/lead/0", "api.no-field"),
    } == set(problem(answer)[2])  # fmt: skip
    for where in ('secret_note = "planted note"', "true) or (true"):
        refused = visitor.post("api/operations/api.create_key", {"name": "x", "scopes": ["*"], "rows": {"lead": where}})
        assert 422 == refused.status_code, refused.text
        assert "/rows/lead" == problem(refused)[2][0][0]


@pytest.mark.requirement("X24")
def test_what_a_key_was_used_for(shop: Shop) -> None:
    """Each request with its time, address and end, for the person of the key and administrators; nothing of its values;
    no longer than a bounded list."""
    visitor = carrying(shop)
    visitor.get("api/records/lead?where=budget > 5")
    visitor.get("api/records/lead/2")
    visitor.post("api/operations/api.list_keys", {})
    [key] = shop.ask("head", "api.list_keys")["items"]
    person = Visitor(shop).sign_in("head")
    found = person.post("api/operations/api.key_uses", {"id": key["id"]}).json()
    assert [
        ("POST api/operations/api.list_keys", 403), ("GET api/records/lead/2", 404), ("GET api/records/lead", 200),
    ] == [(each["what"], each["status"]) for each in found["items"]]  # fmt: skip
    assert {"at", "address", "what", "status", "id"} == set(found["items"][0])
    older = person.post("api/operations/api.key_uses", {"id": key["id"], "before": found["items"][0]["id"], "limit": 1})
    assert [found["items"][1]] == older.json()["items"]
    assert 404 == Visitor(shop).sign_in("li").post("api/operations/api.key_uses", {"id": key["id"]}).status_code
    assert 200 == Visitor(shop).sign_in("root").post("api/operations/api.key_uses", {"id": key["id"]}).status_code
    with shop.host.session() as context:
        row = {"key": key["prefix"], "at": context.now(), "address": "", "what": "before", "status": 200}
        context.unit.run(sa.insert(use_table).values([row] * 1100))
        for at in range(50):
            context.ask("api.key_asked", key=key["prefix"], address="", what=str(at), status=200)
    seen: list[str] = []
    before = 2**62
    while items := shop.ask("head", "api.key_uses", id=key["id"], before=before, limit=500)["items"]:
        seen += [each["what"] for each in items]
        before = items[-1]["id"]
    assert 1000 <= len(seen) < 1050
    assert ("49", False) == (seen[0], "GET api/records/lead" in seen)
