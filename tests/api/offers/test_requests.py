"""Requests that rules make by an OpenAPI document: held against it when the app is published, checked, proven and sent
when the rule fires, and the answer brought back."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lowcode.host import Host
from lowcode.kernel.diagnostics import DefinitionError, Diagnostic, NotFound, Rejected
from tests.api.app import Shop, documents
from tests.api.offers.apps import INVOICE, SECRETS, Billing, connector, files
from tests.api.vendors import serving
from tests.web.test_chinese_refusals import is_english

pytestmark = pytest.mark.requirement("A18")


def findings(*requests: dict[str, Any], **more: Any) -> list[Diagnostic]:
    """Everything that is wrong with an app that makes requests."""
    plain = {"name": "plain", "type": "connector", "url": "https://x.example.com"}
    given = documents(connector(**{"variables": {"port": "80"}, **more}), plain, **files(*requests))
    with Host(given, "sqlite://") as host:
        try:
            host.publish()
        except DefinitionError as error:
            return list(error.report)
    return []


def asks(**more: Any) -> dict[str, Any]:
    """The invoice with something else about it."""
    return {name: value for name, value in {**INVOICE, **more}.items() if value is not None}


def body(**more: Any) -> dict[str, Any]:
    """The invoice with something else in its body."""
    return asks(body={name: value for name, value in {**INVOICE["body"], **more}.items() if value is not None})


FIND = {"connector": "billing", "operation": "findCustomer", "parameters": {"path.number": "number"}}
WRONG: list[tuple[str, dict[str, Any], str, str, str]] = [
    ("operation", asks(operation="createInvoce"), "unknown-operation", "/operation", "createInvoice"),
    ("address", asks(operation="POST /invoice"), "unknown-operation", "/operation", ""),
    ("connector", asks(connector="biling"), "names.unknown", "/connector", "billing"),
    ("parameter", {**FIND, "parameters": {"path.number": "number", "X-Tracs": "number"}}, "unknown-parameter",
     "/parameters/X-Tracs", "X-Trace"),
    ("missing parameter", {**FIND, "parameters": {"X-Trace": "number"}}, "missing-parameter", "/parameters",
     "path.number"),
    ("no parameters", {**FIND, "parameters": {}}, "missing-parameter", "/operation", "path.number"),
    ("missing body", asks(body=None), "missing-body", "/operation", ""),
    ("body for none", {**FIND, "body": {"a": "number"}}, "no-body", "/body", ""),
    ("part", body(curency='"EUR"'), "unknown-part", "/body/curency", "currency"),
    ("missing part", body(customer=None), "missing-part", "/body", "customer"),
    ("in rows", body(lines={"for_each": "items", "body": {"txt": "name", "text": "name"}}), "unknown-part",
     "/body/lines/body/txt", "text"),
    ("no rows", body(lines={"for_each": "itms", "body": {"text": "name"}}), "no-rows", "/body/lines/for_each", "items"),
    ("rows without body", body(lines={"for_each": "items"}), "not-a-part", "/body/lines", ""),
    ("text for number", body(amount="company"), "wrong-part", "/body/amount", "number"),
    ("truth for number", body(amount=True), "wrong-part", "/body/amount", "number"),
    ("object for text", body(customer={"a": "company"}), "wrong-part", "/body/customer", "text"),
    ("list for text", body(customer=["company"]), "wrong-part", "/body/customer", "text"),
    ("choice", body(currency='"USD"'), "wrong-part", "/body/currency", "CNY or EUR"),
    ("expression", body(customer="compny"), "expressions.", "/body/customer", "company"),
    ("inside", asks(inside="items.0"), "not-inside", "/inside", ""),
    ("answer", asks(set={"there": "answer.idd"}), "expressions.", "/set/there", "answer.id"),
    ("answer of another type", asks(set={"there": "answer.number"}), "expressions.", "/set/there", "number"),
    ("field", asks(set={"ther": "answer.id"}), "rules.unknown-field", "/set/ther", "there"),
    ("no document", asks(connector="plain"), "no-offers", "/connector", "openapi"),
    ("digest", {"connector": "billing", "operation": "digested"}, "cannot-be-asked", "/operation", "digest"),
    ("multipart", {"connector": "billing", "operation": "upload"}, "cannot-be-asked", "/operation", "multipart"),
    ("outside", {"connector": "billing", "operation": "outside"}, "cannot-be-asked", "/operation", "bundle"),
    ("nowhere", {"connector": "billing", "operation": "nowhere"}, "cannot-be-asked", "/operation", "Missing"),
    ("circle", {"connector": "billing", "operation": "circle"}, "cannot-be-asked", "/operation", "refers to itself"),
    ("undescribed", {"connector": "billing", "operation": "undescribed"}, "cannot-be-asked", "/operation", "{what}"),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "code", "pointer", "near"), [e[1:] for e in WRONG], ids=[e[0] for e in WRONG])
def test_what_the_document_does_not_know(request_: dict[str, Any], code: str, pointer: str, near: str) -> None:
    """Is a finding at its place, which names what is near, or what is wanted."""
    found = findings(request_)
    assert found, "nothing was found"
    first = found[0]
    assert first.code.startswith(code) or first.code == f"requests.{code}", str(first)
    assert first.place.document == "rules/ask0.json" and first.place.pointer == f"/actions/0/request{pointer}"
    assert near in str(first)


CONNECTORS: list[tuple[str, dict[str, Any], str, str, str]] = [
    ("file", {"document": "openapi/biling.yaml"}, "no-description", "/document", "billing.yaml"),
    ("version", {"document": {"swagger": "2.0"}}, "bad-description", "/document", "Swagger 2.0"),
    ("no server", {"document": {"openapi": "3.1.0", "paths": {}}, "variables": {}, "security": {}}, "no-server",
     "/document", ""),
    ("server", {"server": 7}, "no-server", "/server", "2"),
    ("relative server", {"server": 1, "variables": {}}, "no-server", "/server", "/relative"),
    ("variable", {"variables": {"prt": "1"}}, "unknown-variable", "/variables/prt", "port"),
    ("value of a variable", {"variables": {"stage": "prod"}}, "no-server", "/document", "live, trial"),
    ("scheme", {"security": {"tokn": {"secret": "A"}}}, "unknown-scheme", "/security/tokn", "token"),
    ("sort of a scheme", {"security": {"login": {"secret": "A"}}}, "bad-scheme", "/security/login", "user"),
    ("scheme unknown", {"security": {"digest": {"secret": "A"}}}, "bad-scheme", "/security/digest", "digest"),
    ("flow for people", {"security": {"person": {"client": "a", "client_secret": {"secret": "A"}}}}, "bad-scheme",
     "/security/person", "clientCredentials"),
    ("method", {"method": "POST"}, "definitions.", "", "method"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("more", "code", "pointer", "near"), [e[1:] for e in CONNECTORS], ids=[e[0] for e in CONNECTORS]
)
def test_connectors_that_do_not_fit_their_document(more: dict[str, Any], code: str, pointer: str, near: str) -> None:
    """Are findings at the connector, each said once; rules that ask for it are not blamed."""
    found = findings(*([] if {"security", "variables"} & more.keys() else [INVOICE]), **more)
    assert len(found) == 1, [str(each) for each in found]
    assert found[0].code.startswith(code) or found[0].code == f"api.{code}", str(found[0])
    assert found[0].place.pointer == pointer and near in str(found[0])


def test_what_is_right_has_no_findings() -> None:
    """An invoice; and what is asked by method and path, with literals."""
    given = {"path.number": "number", "query.number": 5}
    literal = {**FIND, "operation": "get /customers/{number}", "parameters": given}
    assert findings(INVOICE) == findings(literal) == []


@pytest.fixture
def asking(open_shop: Callable[..., Shop]) -> Iterator[Callable[..., tuple[Shop, Billing]]]:
    """Makes an app that asks, and the program it asks."""
    with ExitStack() as stack:

        def make(*requests: dict[str, Any], secrets: dict[str, str] = SECRETS, **more: Any) -> tuple[Shop, Billing]:
            there = Billing(lambda: shop.clock.now())
            stack.enter_context(serving(there))
            document = connector(variables={"port": there.url.rpartition(":")[2]}, **more)
            shop = open_shop(document, secrets=secrets, allow_private=("127.0.0.0/8",), more=files(*requests))
            return shop, there

        yield make


ORDERED = {
    "number": "A-1", "company": "Acme", "budget": "1234.50", "since": "2026-03-31",
    "items": [{"name": "seat", "amount": "1000.25", "count": 3}, {"name": "gift", "amount": "0"},
              {"name": "help", "amount": "234"}],
}  # fmt: skip


def ordered(shop: Shop, **more: Any) -> dict[str, Any]:
    """An order, and what became of it."""
    identity = shop.ask("li", "records.create", type="order", values={**ORDERED, **more})["id"]
    shop.host.settle()
    found: dict[str, Any] = shop.ask("li", "records.get", type="order", id=identity)
    return found


def log(shop: Shop) -> list[dict[str, Any]]:
    """What went out, the newest first."""
    found: list[dict[str, Any]] = shop.ask("root", "api.deliveries")["items"]
    return found


def test_asked_and_answered(asking: Callable[..., tuple[Shop, Billing]]) -> None:
    """Numbers go out as numbers, days as texts, rows as a list, blanks not at all; what is answered is set."""
    shop, there = asking(INVOICE)
    found = ordered(shop)
    assert there.got == [{
        "customer": "Acme", "amount": 1234.5, "due": "2026-03-31", "draft": True,
        "lines": [{"text": "seat", "amount": 1000.25, "count": 3}, {"text": "help", "amount": 234}],
    }]  # fmt: skip
    assert (int(found["there"]), found["there_number"], str(found["there_total"])) == (41, "R-41", "1234.25")
    assert found["paid_on"] is found["why_not"] is None
    asked = there.asked[0]
    assert asked.path == "/live/invoices" and asked.headers["content-type"] == "application/json"
    assert asked.headers["idempotency-key"].startswith("msg_") and "webhook-signature" not in asked.headers
    log_line = log(shop)[0]
    assert log_line["state"] == "delivered" and "Acme" not in log_line["body"]
    assert json.loads(log_line["body"])["operation"] == "createInvoice"
    runs = shop.ask("root", "rules.log", rule="ask0")["items"]
    assert [next(iter(each["actions"][0])) for each in runs] == ["answered", "request"]


def test_a_refusal_is_told_in_the_words_of_both(asking: Callable[..., tuple[Shop, Billing]]) -> None:
    """What the document says of the status, and what the program says; it is not tried again."""
    shop, there = asking(INVOICE)
    found = ordered(shop, company="Nobody")
    assert found["why_not"] == "422: The invoice is not right: the customer is unknown"
    assert int(found["there"]) == 422 and log(shop)[0]["state"] == "dead" and len(there.asked) == 1


def test_what_does_not_fit_is_never_sent(asking: Callable[..., tuple[Shop, Billing]]) -> None:
    """Everything that is wrong with a body is said at once, and stands in the log as what was not sent."""
    shop, there = asking(INVOICE)
    found = ordered(shop, company="A", budget="0", items=[])
    assert there.asked == [] and found["there"] is None
    for part in ("body/customer", "body/amount", "body/lines"):
        assert part in found["why_not"]
    assert [(each["state"], each["attempts"]) for each in log(shop)] == [("dead", 0)]


def test_a_busy_program_is_asked_again(asking: Callable[..., tuple[Shop, Billing]]) -> None:
    """On the schedule of all messages, under the same key; the record hears of the end only."""
    shop, there = asking(INVOICE)
    there.next = [(503, {}), (429, {"message": "slowly"})]
    found = ordered(shop)
    assert found["there"] is found["why_not"] is None and log(shop)[0]["error"] == "503: Something went wrong"
    for _ in range(2):
        shop.clock.advance(timedelta(hours=1))
        shop.host.settle()
    again = shop.ask("li", "records.get", type="order", id=found["id"])
    assert int(again["there"]) == 41 and len(there.asked) == 3
    assert len({each.headers["idempotency-key"] for each in there.asked}) == 1


STRANGE = [{"number": "R-1"}, {"id": "x"}, [], "text", {"id": 1, "paid_on": "soon"}]


@pytest.mark.parametrize("answer", STRANGE, ids=repr)
def test_an_answer_unlike_the_document(asking: Callable[..., tuple[Shop, Billing]], answer: Any) -> None:
    """Is a refusal that says so: it was taken, so nothing is sent twice."""
    shop, there = asking(INVOICE)
    there.next = [(201, answer)]
    found = ordered(shop)
    assert "not what the document says" in found["why_not"] and int(found["there"]) == 201
    assert log(shop)[0]["state"] == "dead" and len(there.asked) == 1


def test_lenient(asking: Callable[..., tuple[Shop, Billing]]) -> None:
    """A connector may take what is unlike the document; what does not fit a field is still a refusal."""
    shop, there = asking(INVOICE, lenient=True)
    there.next = [(201, {"number": "R-1"}), (201, {"id": "x"}), (201, {"paid_on": "soon"})]
    first, second, third = ordered(shop), ordered(shop), ordered(shop)
    assert (first["there_number"], first["why_not"]) == ("R-1", None)
    assert "answer.id" in second["why_not"] and "answer.paid_on" in third["why_not"]


def test_parameters(asking: Callable[..., tuple[Shop, Billing]]) -> None:
    """Each goes to its place, escaped; two of one name are told apart; dots lead nowhere else."""
    request = {
        **FIND, "parameters": {"path.number": "company", "query.number": 7, "X-Trace": "number", "since": "since",
                               "fields": ['"a,b"', '"c d"']},
        "set": {"there_number": "answer.name", "there": "answer.credit"}, "refused": {"why_not": "refusal.reason"},
    }  # fmt: skip
    shop, there = asking(request)
    found = ordered(shop, company="a/b ?#")
    refused = ordered(shop, company="..")
    long = ordered(shop, company="x" * 21)
    assert there.asked[0].path == "/live/customers/a%2Fb%20%3F%23" and there.asked[0].headers["x-trace"] == "A-1"
    assert there.got == [{"number": "7", "since": "2026-03-31", "fields": "a,b,c d"}]
    assert (found["there_number"], found["there"]) == ("Acme", None)
    assert "dots alone" in refused["why_not"] and "path.number" in long["why_not"] and len(there.asked) == 1


def test_who_asks(asking: Callable[..., tuple[Shop, Billing]]) -> None:
    """Keys, logins and tokens go out as the schemes want them; one that proves something goes before none."""
    shop, there = asking()
    tries: list[tuple[dict[str, Any], int | None]] = [
        ({"operation": "findInvoices", "parameters": {"filter": {"customer": "A&B", "open": True}}}, 200),
        ({"operation": "openSession", "body": {"purpose": "a b&c"}}, 204),
        ({"operation": "rates", "parameters": {"session": "s;1"}}, 200),
        ({"operation": "findCustomer", "parameters": {"path.number": "7"}}, 200),
        ({"operation": "createInvoice", "body": {"customer": "A"}}, None),
    ]
    for values, status in tries[:-1]:
        assert shop.ask("root", "api.try", connector="billing", values=values)["status"] == status, values
    asked = {each.path: each for each in there.asked}
    assert asked["/live/invoices/search"].query == {
        "filter[customer]": "A&B", "filter[open]": "true", "api_key": "k&y"
    }  # fmt: skip
    assert asked["/live/session"].form == {"purpose": "a b&c"}
    assert asked["/live/rates"].headers["cookie"] == "session=s%3B1"
    with pytest.raises(Rejected, match="body/"):
        shop.ask("root", "api.try", connector="billing", values=tries[-1][0])


def test_a_token_is_kept_and_renewed(asking: Callable[..., tuple[Shop, Billing]]) -> None:
    """One for all requests; refused, it is asked for anew once; a client that is not known is a matter for setting
    up, and secrets that are not set are named."""
    shop, there = asking()
    rates = {"connector": "billing", "values": {"operation": "rates"}}
    for _ in range(2):
        assert shop.ask("root", "api.try", **rates)["error"] is None
    assert len(there.tokens) == 1
    there.tokens.clear()
    assert shop.ask("root", "api.try", **rates)["error"] is None and len(there.tokens) == 1
    shop, there = asking(secrets={**SECRETS, "CLIENT": "other"})
    refused = shop.ask("root", "api.try", **rates)
    assert refused["error"] == "no token was given: who is that?"
    shop, _ = asking(secrets={})
    assert "LOWCODE_SECRET_CLIENT" in shop.ask("root", "api.try", **rates)["error"]


def test_addresses_are_guarded(open_shop: Callable[..., Shop]) -> None:
    """A document that names a private address gains nothing."""
    shop = open_shop(connector(variables={"port": "80"}), secrets=SECRETS, more=files())
    for operation in ("rates", "findInvoices"):
        refused = shop.ask("root", "api.try", connector="billing", values={"operation": operation})
        assert "private network" in refused["error"]


def test_what_is_offered(asking: Callable[..., tuple[Shop, Billing]]) -> None:
    """Is listed with what cannot be asked and why; one in full, with a request to begin with."""
    shop, _ = asking()
    listed = {each["name"]: each for each in shop.ask("root", "api.offers", connector="billing")["items"]}
    assert listed["createInvoice"] == {
        "name": "createInvoice", "address": "POST /invoices", "title": "Make an invoice", "problem": None
    }  # fmt: skip
    assert {name for name, each in listed.items() if each["problem"]} == {
        "circle", "digested", "nowhere", "outside", "undescribed", "upload"
    }  # fmt: skip
    found = shop.ask("root", "api.offers", connector="billing", name="createInvoice")["items"][0]
    assert found["request"] == {
        "connector": "billing", "operation": "createInvoice",
        "body": {"customer": "<text>", "amount": "<number>", "lines": [{"text": "<text>"}]},
    }  # fmt: skip
    assert found["answer"]["answer.paid_on"] == "date" and found["answers"]["422"] == "The invoice is not right"
    with pytest.raises(NotFound, match="Did you mean 'createInvoice'"):
        shop.ask("root", "api.offers", connector="billing", name="createInvoce")
    with pytest.raises(NotFound, match="Did you mean 'billing'"):
        shop.ask("root", "api.offers", connector="biling")


UNFIT: tuple[tuple[dict[str, Any], str], ...] = (
    ({"operation": "createInvoce"}, "没有操作“createInvoce”。是否指“createInvoice”？"),
    ({"operation": "createInvoice", "to": "x"}, "没有“to”，可用：operation, parameters, body"),
    ({"operation": "createInvoice", "parameters": {"a": 1}}, "没有参数“a”"),
    ({"operation": "createInvoice", "parameters": "x"}, "“parameters”应为对象"),
    ({"operation": "createInvoice"}, "缺少请求内容（body）"),
    ({"operation": "createInvoice", "body": {"customer": "A"}}, "body/：缺少“"),
    ({"operation": "rates", "body": {}}, "该操作不接受请求内容（body）"),
    ({"operation": "findCustomer"}, "缺少必填的参数“path.number”"),
    ({"operation": "findCustomer", "parameters": {"path.number": ".."}}, "为空或只有点会指向别的地址"),
    ({"operation": "upload"}, "系统只能发送 JSON 或网页表单"),
)


def test_what_does_not_fit_is_said_in_chinese(asking: Callable[..., tuple[Shop, Billing]]) -> None:
    """A request that cannot be made, and why an operation of the list cannot be asked, for whoever reads Chinese."""
    shop, there = asking()
    reader = replace(shop.host.actor("root"), locale="zh-CN")
    for item in shop.host.ask(reader, "api.offers", connector="billing")["items"]:
        assert item["problem"] is None or not is_english(item["problem"]), item
    for values, words in UNFIT:
        with pytest.raises(Rejected) as refused:
            shop.host.ask(reader, "api.try", connector="billing", values=values)
        [problem] = refused.value.problems
        assert words in problem.words("zh-CN") and not is_english(problem.words("zh-CN")), problem.words("zh-CN")
    assert not there.asked


def test_a_rule_that_is_another_by_now(asking: Callable[..., tuple[Shop, Billing]]) -> None:
    """Takes no answer: neither of an action that went, nor of one that asks for something else."""
    shop, _ = asking(INVOICE)
    came = {"rule": "ask0", "step": 0, "action": 0, "record": 1, "values": {}, "status": 200}
    with shop.host.session() as app:
        for wrong in ({"action": 5}, {"step": 3}, {"rule": "gone"}, {"asked": ("billing", "rates")}):
            given = {**came, "asked": ("billing", "createInvoice"), **wrong}
            assert app.ask("rules.answered", **given) == "gone"
        assert app.ask("rules.answered", **{**came, "asked": ("billing", "createInvoice"), "record": 99}) == "gone"


FLOW = {
    "name": "invoicing", "title": "Invoicing", "form": "order", "start": {"on": "created"}, "subject": "{{ number }}",
    "nodes": [
        {"id": "start", "type": "start", "to": "ask"},
        {"id": "ask", "type": "set", "values": {"number": '"invoicing " & number'}, "to": "answered"},
        {"id": "answered", "type": "wait", "events": [
            {"when": "there_number is not blank", "to": "done"}, {"when": "why_not is not blank", "to": "refused"}]},
        {"id": "done", "type": "end", "outcome": "invoiced"},
        {"id": "refused", "type": "end", "outcome": "refused"},
    ],
}  # fmt: skip


def test_a_flow_asks_and_waits_for_the_answer(open_shop: Callable[..., Shop]) -> None:
    """A step sets a field, a rule asks, and the flow goes on by what the answer, or the refusal, has set."""
    with ExitStack() as stack:
        there = stack.enter_context(serving(Billing(lambda: shop.clock.now())))
        asked = {"name": "ask0", "form": "order", "on": {"becomes": 'CONTAINS(number, "invoicing")'},
                 "actions": [{"request": asks(set={"there_number": "answer.number"})}]}  # fmt: skip
        shop = open_shop(
            connector(variables={"port": there.url.rpartition(":")[2]}), secrets=SECRETS,
            allow_private=("127.0.0.0/8",), more=files() | {"rules/ask0.json": asked, "flows/invoicing.json": FLOW},
        )  # fmt: skip
        ends = []
        for company in ("Acme", "Nobody"):
            found = ordered(shop, company=company)
            history = shop.ask("li", "flows.history", form="order", id=found["id"])["items"]
            ends.append(history[0]["outcome"])
    assert ends == ["invoiced", "refused"]
