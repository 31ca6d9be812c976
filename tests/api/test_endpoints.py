"""Endpoints as definitions: cases of calls and of mistakes, over the real door."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from lowcode.api.endpoints.calling import admit
from lowcode.host import Host
from lowcode.kernel.definitions.pointers import unescape
from lowcode.kernel.diagnostics import DefinitionError, TooManyRequests
from lowcode.kernel.identity import Actor
from lowcode.kernel.identity.rates import Rates
from tests.api.app import Shop, documents
from tests.web.calls import Visitor

CASES = Path(__file__).parents[1] / "conformance" / "endpoints"


def read(name: str) -> Any:
    return json.loads((CASES / name).read_text(encoding="utf-8"))


ENDPOINTS: list[dict[str, Any]] = read("endpoints.json")
STORIES: list[dict[str, Any]] = read("stories.json")
FINDINGS: list[dict[str, Any]] = read("findings.json")


def rule(case: dict[str, Any]) -> str:
    return str(case["rule"])


class Told:
    """A story on its way: who asks, and what was kept."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.kept: dict[str, str] = {}
        self.people: dict[str | None, Visitor] = {None: Visitor(shop)}

    def visitor(self, step: dict[str, Any]) -> Visitor:
        login = step.get("as")
        if "key" in step:
            keyed = Visitor(self.shop)
            keyed.headers["authorization"] = f"Bearer {self.shop.key(login or '', *step['key'])}"
            return keyed
        if login not in self.people:
            self.people[login] = Visitor(self.shop).sign_in(login or "")
        return self.people[login]

    def call(self, step: dict[str, Any]) -> None:
        method, _, address = step["call"].format(**self.kept).partition(" ")
        sent: dict[str, Any] = {"headers": step.get("headers", {})}
        if "payload" in step:
            sent["json"] = step["payload"]
        if "content" in step:
            sent |= {"content": step["content"], "headers": {"content-type": "application/json"}}
        answer = self.visitor(step).ask(method, f"api/endpoints/{address}", **sent)
        assert step["status"] == answer.status_code, (step, answer.text)
        if "errors" in step:
            assert step["errors"] == {each["pointer"]: each["code"] for each in answer.json()["errors"]}, step
            assert step.get("detail") in (None, answer.json()["detail"])
        elif "body" in step:
            assert step["body"] == answer.json(), step
        for name, value in step.get("has", {}).items():
            assert value == answer.json()[name], step
        for name, value in step.get("answered", {}).items():
            assert value == answer.headers.get(name), step
        assert not [name for name in step.get("absent", ()) if name in answer.headers]
        self.kept.update({name: answer.json()[key] for name, key in step.get("keep", {}).items()})


def tell(shop: Shop, story: dict[str, Any]) -> None:
    """Go through a story."""
    told = Told(shop)
    for step in story["steps"]:
        if "create" in step:
            shop.ask(step["as"], "records.create", type=step["create"]["form"], values=step["create"]["values"])
        elif "settle" in step:
            shop.host.settle()
        else:
            told.call(step)


@pytest.mark.requirement("SA06", "SA08", "SA09", "SA11")
@pytest.mark.parametrize("story", STORIES, ids=rule)
def test_calls(open_shop: Callable[..., Shop], story: dict[str, Any]) -> None:
    """Each story of calls ends as it says."""
    tell(open_shop(*ENDPOINTS, more=read("app.json")), story)


@pytest.mark.postgresql
def test_many_at_once_on_postgresql(open_shop: Callable[..., Shop], postgresql_url: str) -> None:
    """What is sent again changes and does not double there, too."""
    story = next(each for each in STORIES if each["rule"].startswith("Many at once"))
    tell(open_shop(*ENDPOINTS, database=postgresql_url, more=read("app.json")), story)


def changed(case: dict[str, Any]) -> list[dict[str, Any]]:
    """The endpoint of a case changed as it says, and those that have to stand beside it."""
    found = {each["name"]: copy.deepcopy(each) for each in ENDPOINTS}
    document = found[case["of"]]
    for pointer, value in case["set"].items():
        *steps, last = [unescape(step) for step in pointer.split("/")[1:]]
        at: Any = document
        for step in steps:
            at = at[int(step)] if isinstance(at, list) else at[step]
        at[int(last) if isinstance(at, list) else last] = value
    return [*(found[name] for name in case.get("beside", ())), document]


@pytest.mark.parametrize("case", FINDINGS, ids=rule)
def test_findings(case: dict[str, Any]) -> None:
    """Each mistake has its code, place and cure."""
    app = documents(*changed(case), **read("app.json"))
    host = Host({path: json.dumps(each) for path, each in app.items()})
    try:
        with pytest.raises(DefinitionError) as refused:
            host.compile(host.documents)
    finally:
        host.close()
    errors = [(each.code, each.place.pointer, each.hint) for each in refused.value.report.errors]
    wanted = [(each["code"], each["pointer"]) for each in case["findings"]]
    assert wanted == [(code, pointer) for code, pointer, _ in errors], refused.value.report
    hints = {each["pointer"]: each["hint"] for each in case["findings"] if "hint" in each}
    assert hints == {pointer: hint for _, pointer, hint in errors if pointer in hints}


@pytest.fixture(scope="module")
def shop() -> Any:
    made = Shop(*ENDPOINTS, more=read("app.json"))
    yield made
    made.host.close()


@pytest.mark.requirement("A2")
def test_they_are_described(shop: Shop) -> None:
    """OpenAPI has each with its parts, schemas and examples, for those who may call it; answers fit what it says."""
    described = shop.ask("head", "api.openapi", root="")
    OpenAPIV31SpecValidator(json.loads(json.dumps(described, default=str))).validate()
    path = described["paths"]["/api/endpoints/orders/{number}"]
    assert {"get", "put", "patch", "delete", "parameters"} == set(path)
    assert "^[A-Z]-[0-9]+$" == path["parameters"][0]["schema"]["pattern"]
    asked = {each["name"]: each for each in path["get"]["parameters"]}
    assert (False, True) == (asked["full"]["required"], asked["full"]["example"])
    answer = path["get"]["responses"]["200"]["content"]["application/json"]
    assert {"number": "A-1"} == answer["examples"]["example_1"]["value"]
    item = answer["schema"]["properties"]["items"]["items"]["properties"]
    assert {"type": ["integer", "null"]} == item["quantity"]
    assert {"204", "default"} == set(path["delete"]["responses"])
    assert {"2XX", "default"} == set(path["put"]["responses"])
    key = shop.acting(shop.key("li", "endpoint:order_keyed"))
    seen = [each for each in shop.host.ask(key, "api.openapi", root="")["paths"] if "/endpoints/" in each]
    assert ["/api/endpoints/catalogue/{number}", "/api/endpoints/keyed/{number}"] == sorted(seen)
    assert "endpoint:order_keyed" in [each["scope"] for each in shop.ask("head", "api.scopes")["items"]]


@pytest.mark.requirement("A19")
def test_they_are_tools(shop: Shop) -> None:
    """An agent with a key finds endpoints among its tools, and calls them by name with the same checks."""
    shop.ask("head", "records.create", type="order", values={"number": "T-1"})
    agent = Visitor(shop)
    agent.headers["authorization"] = f"Bearer {shop.key('head', 'endpoint')}"

    def asked(method: str, params: dict[str, Any]) -> Any:
        sent = {"jsonrpc": "2.0", "id": 1, "method": method, "params": params}
        return agent.post("api/mcp", sent).json()["result"]

    tools = {each["name"]: each for each in asked("tools/list", {})["tools"]}
    assert tools["endpoint_order_keyed"]["annotations"]["readOnlyHint"]
    assert "endpoint_order_check" not in tools  # it takes no keys
    sent = {"name": "endpoint_order_keyed", "arguments": {"path": {"number": "T-1"}}}
    assert "T-1" == asked("tools/call", sent)["structuredContent"]["body"]
    refused = asked("tools/call", {**sent, "arguments": {"path": {}}})
    assert refused["isError"] and "/path/number" in refused["content"][0]["text"]


def test_a_page_that_is_known_is_not_sent_again(shop: Shop) -> None:
    """A GET has a tag of what it says; who has it already gets 304, and HEAD no body."""
    shop.ask("head", "records.create", type="order", values={"number": "E-1"})
    person = Visitor(shop).sign_in("head")
    first = person.get("api/endpoints/orders/E-1")
    again = person.get("api/endpoints/orders/E-1", headers={"if-none-match": first.headers["etag"]})
    assert (200, 304, b"") == (first.status_code, again.status_code, again.content)
    assert (200, b"") == ((head := person.ask("HEAD", "api/endpoints/orders/E-1")).status_code, head.content)


def test_many_addresses_together_have_a_limit(open_shop: Callable[..., Shop]) -> None:
    """Where anybody may call, what one address may not, many may not either; who signs in is not counted there."""
    shop = open_shop(*ENDPOINTS, more=read("app.json"))
    known = shop.host.app.plans["api"].endpoints.values()
    public = replace(next(each for each in known if each.public), limit_total=2)
    rates = Rates()
    with shop.host.session(Actor(id=None)) as context:
        for last in range(2):
            admit(context, public, rates, f"198.51.{last}.7", None)
        with pytest.raises(TooManyRequests):
            admit(context, public, rates, "198.51.100.7", None)
        admit(context, replace(public, name="another"), rates, "198.51.100.7", None)
