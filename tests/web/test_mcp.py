"""The app as tools of an agent: the official client against the real door and the real command."""

from __future__ import annotations

import json
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from lowcode.web import asgi_app
from tests.api.app import Shop, documents
from tests.support.apart import run_apart
from tests.web.calls import Open, Visitor, problem

Work = Callable[[Client], Awaitable[Any]]


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    made = open_shop()
    made.ask("li", "records.create", type="lead", values={"company": "Acme", "budget": "5"})
    made.ask("head", "records.create", type="lead", values={"company": "Planted", "secret_note": "planted"})
    return made


def connected(shop: Shop, key: str, work: Work) -> Any:
    """What somebody does with the official client over Streamable HTTP."""

    async def run() -> Any:
        transport = httpx2.ASGITransport(app=asgi_app(shop.host))
        headers = {"authorization": f"Bearer {key}"}
        async with (
            httpx2.AsyncClient(transport=transport, base_url="http://crm.test", headers=headers) as web,
            Client(streamable_http_client("http://crm.test/api/mcp", http_client=web)) as client,
        ):
            return await work(client)

    return run_apart(run)


@pytest.mark.requirement("A19")
def test_an_agent_works_with_the_permissions_of_its_key(shop: Shop) -> None:
    """Tools are the operations with their parameters and summaries; what is read is what the person reads; a refusal
    is readable and no fault of the protocol."""

    async def work(client: Client) -> None:
        tools = {each.name: each for each in (await client.list_tools()).tools}
        assert {"records_list", "records_create", "reports_run", "api_forms"} <= set(tools)
        assert not {"api_key", "identity_sign_in", "api_requests"} & set(tools)
        listing, making = tools["records_list"], tools["records_create"]
        assert {"type", "where", "sort", "limit"} <= set(listing.input_schema["properties"])
        assert listing.annotations is not None and making.annotations is not None
        assert (True, False) == (listing.annotations.read_only_hint, making.annotations.read_only_hint)
        assert listing.description and listing.description.startswith("List records. A page of records.")
        forms = await client.call_tool("api_forms", {})
        assert forms.structured_content is not None
        assert ["contract", "lead"] == sorted(each["form"] for each in forms.structured_content["items"])
        fields = (await client.call_tool("api_form", {"form": "lead"})).structured_content
        assert fields is not None and "company" in fields["values"]["properties"]
        assert "secret_note" not in str(fields)
        found = await client.call_tool("records_list", {"type": "lead", "where": "budget > 1"})
        assert found.structured_content is not None
        assert ["Acme"] == [each["company"] for each in found.structured_content["items"]]
        made = await client.call_tool("records_create", {"type": "lead", "values": {"company": "Made"}})
        assert (False, 3) == (bool(made.is_error), (made.structured_content or {})["id"])
        for sent, said in (
            ({"type": "lead", "values": {"grade": "Z"}}, "/company: "),
            ({"type": "leed", "values": {}}, "lead"),
            ({"type": "lead", "valeus": {}}, "values"),
        ):
            refused = await client.call_tool("records_create", sent)
            assert refused.is_error and said in refused.content[0].text, refused  # type: ignore[union-attr]

    connected(shop, shop.key("li"), work)
    assert "Made" == shop.ask("li", "records.get", type="lead", id=3)["company"]


@pytest.mark.requirement("A19", "X24")
def test_a_key_leaves_an_agent_what_it_leaves(shop: Shop) -> None:
    """Scopes, rows and fields hold for tools; a file comes as a resource; each call is in the list of uses."""
    key = shop.key("head", rows={"lead": 'company = "Acme"'}, fields={"lead": ["company"]})

    async def work(client: Client) -> None:
        names = {each.name for each in (await client.list_tools()).tools}
        assert "records_list" in names
        assert not {"api_list_keys", "forms_comment", "records_undelete"} & names
        found = await client.call_tool("records_list", {"type": "lead"})
        assert "Acme" in str(found) and "lanted" not in str(found)
        assert (await client.call_tool("records_get", {"type": "lead", "id": 2})).is_error
        export = await client.call_tool("forms_export", {"form": "lead", "format": "csv"})
        assert ["text", "resource"] == [each.type for each in export.content]

    connected(shop, key, work)
    [listed] = shop.ask("head", "api.list_keys")["items"]
    uses = [each["what"] for each in shop.ask("head", "api.key_uses", id=listed["id"])["items"]]
    assert {"POST api/mcp records_get 404", "POST api/mcp records_list 200"} <= set(uses), uses

    async def reading(client: Client) -> None:
        refused = await client.call_tool("records_create", {"type": "lead", "values": {"company": "No"}})
        assert refused.is_error

    connected(shop, shop.key("head", "form:lead:read"), reading)


@pytest.mark.requirement("A19")
def test_answers_are_what_their_tools_say(shop: Shop) -> None:
    """The official client holds each answer to the schema its tool was listed with; and clients are told which tools
    change what is there, before they ask their person."""
    values = {"company": "Made"}
    asked: dict[str, dict[str, Any]] = {
        "records_list": {"type": "lead", "limit": 1}, "records_get": {"type": "lead", "id": 1, "fields": ["company"]},
        "records_create": {"type": "lead", "values": values},
        "records_update": {"type": "lead", "id": 1, "values": values}, "records_delete": {"type": "lead", "id": 2},
        "records_history": {"type": "lead", "id": 1}, "records_label": {"type": "lead", "ids": [1]},
        "records_aggregate": {"type": "lead", "group": ["grade"]}, "identity_people": {},
    }  # fmt: skip

    async def work(client: Client) -> None:
        tools: dict[str, Any] = {}
        cursor = None
        while cursor is not None or not tools:
            page = await client.list_tools(cursor=cursor)
            tools |= {each.name: each for each in page.tools}
            cursor = page.next_cursor
        said = {name for name, each in tools.items() if each.output_schema is not None}
        otherwise = {"call_tool", "identity_away", "records_reveal"}  # an answer of another, one or none, any value
        assert len(said) > 300 and tools.keys() - said <= otherwise
        hints = {
            name: each.annotations.destructive_hint for name, each in tools.items() if each.annotations is not None
        }
        assert (False, False, True, True) == (
            hints["records_list"], hints["records_create"], hints["records_update"], hints["records_delete"],
        )  # fmt: skip
        free: dict[str, dict[str, Any]] = {name: {} for name in said if not tools[name].input_schema.get("required")}
        for name, sent in (asked | free).items():
            if name not in asked and not tools[name].annotations.read_only_hint:
                continue
            answered = await client.call_tool(name, sent)
            assert name in free or not answered.is_error, answered
        wrong = await client.call_tool("records_get", {"type": "lead", "id": 99})
        assert wrong.is_error and wrong.structured_content is not None

    connected(shop, shop.key("root"), work)


@pytest.mark.requirement("A19")
def test_the_door_of_agents(shop: Shop) -> None:
    """Nobody without a key; what is no message is answered as the protocol says."""
    visitor = Visitor(shop)
    assert (401, "http.needs-key") == problem(visitor.post("api/mcp", {}))[:2]
    visitor.headers["authorization"] = f"Bearer {shop.key('li')}"
    ping = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    assert {"jsonrpc": "2.0", "id": 1, "result": {}} == visitor.post("api/mcp", ping).json()
    assert 202 == visitor.post("api/mcp", {"jsonrpc": "2.0", "method": "notifications/initialized"}).status_code
    given_up = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 1}}
    assert (202, b"") == ((done := visitor.post("api/mcp", given_up)).status_code, done.content)
    wrong = {**ping, "method": "tools/call", "params": {"name": "records_lst"}}
    assert "did you mean 'records_list'?" in visitor.post("api/mcp", wrong).json()["error"]["message"]
    assert 405 == visitor.get("api/mcp").status_code
    assert 400 == visitor.post("api/mcp", ping, headers={"mcp-protocol-version": "1999-01-01"}).status_code
    deep: Any = 1
    for _ in range(300):  # more levels than can be written back
        deep = [deep]
    broken = visitor.ask("POST", "api/mcp", content=b"{", headers={"content-type": "application/json"})
    assert (400, -32700) == (broken.status_code, broken.json()["error"]["code"])
    for sent, code in (
        ({"id": 1}, -32600), ([ping], -32600), ({**ping, "method": "x"}, -32601), ({**ping, "params": []}, -32602),
        ({**ping, "method": "tools/call", "params": {"name": "api_key"}}, -32602),
        ({**ping, "method": "tools/call", "params": {"name": ["records_list"]}}, -32602),
        ({**ping, "method": "tools/call", "params": {"name": {"a": 1}}}, -32602), ({**ping, "method": ["x"]}, -32600),
        ({**ping, "id": [1]}, -32600), ({**ping, "id": {"a": 1}}, -32600), ({**ping, "id": True}, -32600),
        ({**ping, "id": deep}, -32600),
        ({**ping, "method": "tools/call", "params": {"name": "records_list", "arguments": [1]}}, -32602),
    ):  # fmt: skip
        assert code == visitor.post("api/mcp", sent).json()["error"]["code"], sent


@pytest.mark.requirement("A19")
def test_the_command(tmp_path: Path, open_shop: Open) -> None:
    """`lowcode mcp` speaks on standard input and output as the person of `--as`."""
    database = f"sqlite:///{tmp_path / 'small.sqlite3'}"
    shop = open_shop(database=database)
    shop.ask("li", "records.create", type="lead", values={"company": "Acme"})
    shop.ask("head", "records.create", type="lead", values={"company": "Planted"})
    for path, content in documents().items():
        place = tmp_path / "app" / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(json.dumps(content), encoding="utf-8")
    words = ["-m", "lowcode.cli", "mcp", str(tmp_path / "app"), "--database", database, "--as", "li"]

    async def run() -> Any:
        async with Client(StdioServerParameters(command=sys.executable, args=words)) as client:
            assert "records_list" in {each.name for each in (await client.list_tools()).tools}
            return await client.call_tool("records_list", {"type": "lead", "fields": ["company"]})

    found = run_apart(run)
    assert ["Acme"] == [each["company"] for each in found.structured_content["items"]]


@pytest.mark.requirement("A19")
def test_what_no_part_can_hold_is_refused_as_by_http(shop: Shop) -> None:
    """Arguments are held to the same shape as a body, with the same problem document; so is any other refusal, also of
    parameters that are called as the parts of the gate call theirs."""
    key = shop.key("li", "*")
    headers = {"authorization": f"Bearer {key}", "accept": "application/json, text/event-stream"}
    visitor = Visitor(shop)
    deep: Any = "x"
    for _ in range(200):
        deep = [deep]
    shapes: list[dict[str, Any]] = [
        {"company": "a\0b"}, {"co\0mpany": "x"}, {"company": deep}, {"employees": 2**63}, {"employees": -(2**63) - 1},
        {"company": "x", "grade": "Z", "compny": "y"},
    ]  # fmt: skip
    words: list[dict[str, Any]] = [{each: 1} for each in ("actor", "operation", "self", "context", "caller", "found")]
    for sides in [*({"values": values} for values in shapes), *words]:
        arguments = {"type": "lead", "values": {"company": "x"}, **sides}
        over_http = visitor.post("api/operations/records.create", arguments, headers=headers)
        again = visitor.post("api/operations/records.create", arguments, headers={**headers, "idempotency-key": "k"})
        assert over_http.json() == again.json()
        sent = {"name": "records_create", "arguments": arguments}
        message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": sent}
        answer = visitor.post("api/mcp", message, headers=headers).json()["result"]
        assert answer["isError"] and over_http.status_code == answer["structuredContent"]["status"] in (422, 400)
        assert over_http.json() == answer["structuredContent"], sides
        assert all(each["detail"] in answer["content"][0]["text"] for each in over_http.json()["errors"])
    assert ["Acme"] == [each["company"] for each in shop.ask("li", "records.list", type="lead")["items"]]


@pytest.mark.requirement("A19")
def test_tools_come_in_pages(shop: Shop) -> None:
    """Each tool once, what is asked most first; no page is long; a cursor that is none is told."""
    visitor = Visitor(shop)
    visitor.headers["authorization"] = f"Bearer {shop.key('root')}"

    def page(cursor: str | None) -> Any:
        asked = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {"cursor": cursor} if cursor else {}}
        answer = visitor.post("api/mcp", asked)
        assert len(answer.content) < 50_000
        return answer.json()

    names: list[str] = []
    cursor: str | None = None
    while cursor or not names:
        found = page(cursor)["result"]
        names += [each["name"] for each in found["tools"]]
        cursor = found.get("nextCursor")
    everything = [each["name"] for each in shop.ask("root", "api.tools")["items"]]
    assert everything == names and len(set(names)) == len(names) > 60
    assert ["api_forms", "api_form"] == names[:2] and {"records_list", "records_create"} <= set(names[:60])
    assert (-32602, "'cursor' is none of an answer of now; begin without one") == tuple(page("none")["error"].values())


@pytest.mark.requirement("A19")
def test_schemas_say_what_an_agent_needs(shop: Shop) -> None:
    """Names, types, limits, choices and what is needed; not titles that repeat names, nor what is left out anyway."""
    tools = {each["name"]: each["inputSchema"] for each in shop.ask("li", "api.tools")["items"]}
    listing = tools["records_list"]
    parts = listing["properties"]
    assert ["type"] == listing["required"] and {"type": "string"} == parts["type"] == parts["where"]
    assert {"default": 50, "maximum": 1000, "minimum": 1, "type": "integer"} == parts["limit"]
    assert {"items": {"type": "integer"}, "maxItems": 1000, "type": "array"} == parts["ids"]
    assert {"$ref": "#/$defs/FilterGroup"} == parts["filter"]
    assert {"match", "conditions"} == set(listing["$defs"]["FilterGroup"]["properties"])
