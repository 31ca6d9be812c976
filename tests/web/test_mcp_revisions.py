"""The newest revision of the protocol beside the earlier ones: the official client, and what it would never send."""

from __future__ import annotations

import base64
import io
import json
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import httpx2
import pytest
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client

from lowcode.cli.mcp import Incoming
from lowcode.web import asgi_app
from lowcode.web.mcp import resources
from tests.api.app import APPLICATION, Shop, documents
from tests.support.apart import run_apart
from tests.support.served import served
from tests.web.calls import Open, Visitor

NEWEST = "2026-07-28"
PREFIX = "io.modelcontextprotocol/"
SAID: dict[str, Any] = {f"{PREFIX}protocolVersion": NEWEST, f"{PREFIX}clientCapabilities": {}}


@pytest.fixture
def shop(open_shop: Open) -> Shop:
    made = open_shop()
    made.ask("li", "records.create", type="lead", values={"company": "Acme", "budget": "5"})
    made.ask("head", "records.create", type="lead", values={"company": "Planted", "secret_note": "planted"})
    return made


@pytest.fixture
def agent(shop: Shop) -> Visitor:
    visitor = Visitor(shop)
    visitor.headers["authorization"] = f"Bearer {shop.key('li')}"
    return visitor


def asked(agent: Visitor, method: str, at: str = "api/mcp", **params: Any) -> Any:
    """What a request is answered that says by itself what it is: the status and the message."""
    name = params.get("name") or params.get("uri")
    headers = {"mcp-protocol-version": NEWEST, "mcp-method": method, **({"mcp-name": name} if name else {})}
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": {"_meta": SAID, **params}}
    answer = agent.post(at, message, headers=headers)
    return answer.status_code, answer.json()


@pytest.mark.requirement("A19")
@pytest.mark.parametrize(("mode", "spoken"), [("legacy", "2025-11-25"), ("auto", NEWEST), (NEWEST, NEWEST)])
def test_a_client_of_either_era_is_answered(shop: Shop, mode: Any, spoken: str) -> None:
    """The same tools and resources, asked as each of the two begins."""
    key = shop.key("li")

    async def run() -> None:
        transport = httpx2.ASGITransport(app=asgi_app(shop.host))
        headers = {"authorization": f"Bearer {key}"}
        async with (
            httpx2.AsyncClient(transport=transport, base_url="http://crm.test", headers=headers) as web,
            Client(streamable_http_client("http://crm.test/api/mcp", http_client=web), mode=mode) as client,
        ):
            assert spoken == client.protocol_version
            assert "records_list" in {each.name for each in (await client.list_tools()).tools}
            found = await client.call_tool("records_list", {"type": "lead", "fields": ["company"]})
            assert ["Acme"] == [each["company"] for each in found.structured_content["items"]]
            forms = {each.name: each.uri for each in (await client.list_resources()).resources}
            assert {"lead": "lowcode://forms/lead", "contract": "lowcode://forms/contract"} == forms
            [record, _] = (await client.list_resource_templates()).resource_templates
            for uri, has, lacks in (
                (forms["lead"], "company", "secret_note"),
                (record.uri_template.format(form="lead", id=1), "Acme", "anted"),
            ):
                [content] = (await client.read_resource(uri)).contents
                assert has in content.text and lacks not in content.text  # type: ignore[union-attr]
            with pytest.raises(MCPError) as refused:
                await client.read_resource("lowcode://records/lead/2")
            assert (-32002 if mode == "legacy" else -32602) == refused.value.code

    run_apart(run)


MISFITS: list[tuple[dict[str, Any], dict[str, str | None], int, int]] = [
    ({"_meta": {f"{PREFIX}protocolVersion": NEWEST}}, {}, 400, -32602),
    ({"_meta": {}}, {}, 400, -32602),
    ({}, {"mcp-method": "tools/list"}, 400, -32020),
    ({}, {"mcp-method": None}, 400, -32020),
    ({}, {"mcp-protocol-version": None}, 400, -32020),
    ({}, {"mcp-protocol-version": "2025-11-25"}, 400, -32020),
    ({}, {"mcp-name": "api_forms"}, 400, -32020),
    ({}, {"mcp-name": None}, 400, -32020),
    ({}, {"mcp-name": "=?base64?%%%?="}, 400, -32020),
    ({}, {"mcp-name": f"=?base64?{base64.b64encode(b'records_list').decode()}?="}, 200, 0),
    (
        {"_meta": {**SAID, f"{PREFIX}protocolVersion": "2031-01-01"}},
        {"mcp-protocol-version": "2031-01-01"},
        400,
        -32022,
    ),
    ({"_meta": {**SAID, f"{PREFIX}protocolVersion": 7}}, {}, 400, -32020),
    ({}, {}, 200, 0),
]
"""What of a good request is another way, in its body and in its headers, and how it is answered."""


@pytest.mark.requirement("A19")
def test_headers_and_body_say_the_same(agent: Visitor) -> None:
    """What a proxy read in the headers is what is done; a version that is not spoken is answered by those that are."""
    for params, headers, status, code in MISFITS:
        method = "tools/call"
        whole = {"mcp-protocol-version": NEWEST, "mcp-method": method, "mcp-name": "records_list", **headers}
        call = {"_meta": SAID, "name": "records_list", "arguments": {"type": "lead"}, **params}
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": call}
        sent = {each: value for each, value in whole.items() if value is not None}
        answer = agent.post("api/mcp", message, headers=sent)
        error = answer.json().get("error", {})
        assert (status, code) == (answer.status_code, error.get("code", 0)), (params, headers)
        assert code != -32022 or ("2031-01-01", NEWEST) == (error["data"]["requested"], error["data"]["supported"][0])


@pytest.mark.requirement("A19")
def test_a_header_that_stands_there_twice_is_refused(agent: Visitor) -> None:
    """A proxy may have read the one, and another program the other."""

    async def run(*names: str) -> httpx.Response:
        method = "tools/call"
        headers = [("authorization", agent.headers["authorization"]), ("mcp-method", method)]
        headers += [("mcp-protocol-version", NEWEST), *(("mcp-name", each) for each in names)]
        call = {"_meta": SAID, "name": "records_list", "arguments": {"type": "lead"}}
        message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": call}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=agent.app), base_url="http://crm.test") as web:
            return await web.post("/api/mcp", json=message, headers=headers)

    assert 200 == run_apart(lambda: run("records_list")).status_code
    for names in (("api_forms", "records_list"), ("records_list", "records_list")):
        refused = run_apart(partial(run, *names))
        assert (400, -32020) == (refused.status_code, refused.json()["error"]["code"])


@pytest.mark.requirement("A19")
def test_an_answer_says_what_it_is(agent: Visitor) -> None:
    """Who answers, that it is whole, how long it holds and for whom; what has gone from the protocol is not there."""
    status, discovered = asked(agent, "server/discover")
    found = discovered["result"]
    assert (200, "complete", "private", "small") == (
        status, found["resultType"], found["cacheScope"], found["_meta"][f"{PREFIX}serverInfo"]["name"],
    )  # fmt: skip
    assert found["ttlMs"] > 0 and found["supportedVersions"][0] == NEWEST and found["capabilities"]["tools"]
    assert 0 == asked(agent, "resources/read", uri="lowcode://records/lead/1")[1]["result"]["ttlMs"]
    for gone in ("initialize", "ping", "resources/subscribe", "prompts/list"):
        status, refused = asked(agent, gone)
        assert (404, -32601) == (status, refused["error"]["code"])
    for wishes in ({}, {"notifications": [1]}, {"notifications": {"toolListChanged": True}},
                   {"notifications": {"resourceSubscriptions": ["x"] * 101}}):  # fmt: skip
        assert (400, -32602) == ((told := asked(agent, "subscriptions/listen", **wishes))[0], told[1]["error"]["code"])
    status, refused = asked(agent, "tools/call", name="records_lst", arguments={})
    assert status == 400 and "did you mean 'records_list'?" in refused["error"]["message"]


@pytest.mark.requirement("A19")
def test_tools_are_found_by_what_they_do(shop: Shop, agent: Visitor) -> None:
    """In either language, the nearest first; where nothing is meant, what there is. A client that is listed three tools
    calls any other through them, within its permissions."""

    def find(text: str, **more: Any) -> Any:
        return asked(agent, "tools/call", name="api_find_tools", arguments={"text": text, **more})[1]["result"]

    for text, first in (
        ("list records", "records_list"),
        ("export", "forms_export"),
        ("a bulk of them", "records_bulk"),
        ("export leads to excel", "forms_export"),
        ("leads with duplicates", "forms_duplicates"),
    ):
        names = [each["name"] for each in find(text)["structuredContent"]["items"]]
        assert first in names[:4], (text, names)
    shop.ask("root", "identity.save_person", login="li", name="Li", roles=["sales"], manager="head", locale="zh-CN")
    shop.host.forget_directory()
    assert "forms_export" in [each["name"] for each in find("导出")["structuredContent"]["items"]]
    none = find("xyzzy")["structuredContent"]
    assert [] == none["items"] and none["groups"]["records"] > 5
    assert 1 == len(find("records", limit=1)["structuredContent"]["items"])
    assert find("records", limit=0)["isError"]
    at = "api/mcp?tools=api_f*,call_tool"
    listed = asked(agent, "tools/list", at)[1]["result"]["tools"]
    assert ["api_forms", "api_form", "api_find_tools", "call_tool"] == [each["name"] for each in listed]
    through: dict[str, Any] = {"name": "records_get", "arguments": {"type": "lead", "id": 1}}
    done = asked(agent, "tools/call", at, name="call_tool", arguments=through)[1]["result"]
    assert "Acme" == done["structuredContent"]["company"]
    through["arguments"]["id"] = 2
    assert asked(agent, "tools/call", at, name="call_tool", arguments=through)[1]["result"]["isError"]
    for name, arguments in (
        ("records_get", {}),
        ("call_tool", {"name": "call_tool"}),
        ("call_tool", {"name": "api_key"}),
    ):
        assert -32602 == asked(agent, "tools/call", at, name=name, arguments=arguments)[1]["error"]["code"]
    wrong = asked(agent, "tools/list", "api/mcp?tools=recods_list")[1]["error"]["message"]
    assert "did you mean 'records_list'?" in wrong
    assert -32602 == asked(agent, "tools/call", name="call_tool", arguments=through)[1]["error"]["code"]
    assert 422 == agent.post("api/mcp?tool=x", {}).status_code


@pytest.mark.requirement("A19")
def test_files_are_read_by_their_number(shop: Shop, agent: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    """Text as text, the rest as base64, as far as the person may read the file, and as a message can hold it."""
    kept = [
        agent.ask("POST", "api/files", files={"file": (name, content, media_type)}).json()["id"]
        for name, content, media_type in (("a.txt", "你好".encode(), "text/plain"), ("b.bin", b"\0\1", "image/x-none"))
    ]
    text, binary = (asked(agent, "resources/read", uri=f"lowcode://files/{each}")[1]["result"]["contents"][0]
                    for each in kept)  # fmt: skip
    assert ("你好", b"\0\1") == (text["text"], base64.b64decode(binary["blob"]))
    monkeypatch.setattr(resources, "LARGEST", 3)
    wrong = {"lowcode://files/1": "422", "lowcode://files/99": "404", "lowcode://nothing": "404", "file:///etc": "404"}
    for uri, status in wrong.items():
        _, refused = asked(agent, "resources/read", uri=uri)
        assert (-32602, int(status)) == (refused["error"]["code"], refused["error"]["data"]["status"]), uri
    stranger = Visitor(shop)
    stranger.headers["authorization"] = f"Bearer {shop.key('zhao')}"
    assert -32602 == asked(stranger, "resources/read", uri="lowcode://files/2")[1]["error"]["code"]
    assert "uri" in asked(agent, "resources/read")[1]["error"]["message"]


@pytest.mark.requirement("A19")
def test_who_listens_is_told_what_changed(open_shop: Open, tmp_path: Path) -> None:
    """Records one asked about and may read, and that tools are others after a publication; nothing else; and that the
    stream ends where the server stops."""
    shop = open_shop(database=f"sqlite:///{tmp_path / 'heard.sqlite3'}")
    for login in ("li", "head"):
        shop.ask(login, "records.create", type="lead", values={"company": login})
    key, told = shop.key("li"), list[str]()

    async def run(url: str) -> None:
        headers = {"authorization": f"Bearer {key}"}
        async with (
            httpx2.AsyncClient(headers=headers, timeout=30) as web,
            Client(streamable_http_client(f"{url}api/mcp", http_client=web)) as client,
        ):
            uris = ["lowcode://records/lead/1", "lowcode://records/lead/2", "lowcode://forms/lead"]
            listening = client.listen(tools_list_changed=True, prompts_list_changed=True, resource_subscriptions=uris)
            async with listening as changes:
                assert uris[:2] == changes.honored.resource_subscriptions and not changes.honored.prompts_list_changed
                shop.ask("head", "records.update", type="lead", id=2, values={"company": "hidden"})
                shop.ask("li", "records.create", type="lead", values={"company": "unasked"})
                shop.ask("li", "records.update", type="lead", id=1, values={"company": "seen"})
                async for change in changes:
                    told.append(str(change))
                    if len(told) == 2:
                        break
                    publish(shop)

    with served(shop.host, demo=False) as url:
        run_apart(lambda: run(url))
    assert "records/lead/1" in told[0] and "Tools" in told[1]


def publish(shop: Shop) -> None:
    """Another version of the app."""
    whole = documents(**{"app.json": {**APPLICATION, "version": "1.0.1"}})
    release = {"whole": True, "documents": {path: json.dumps(each) for path, each in whole.items()}}
    plan = shop.ask("root", "app.plan", **release)["plan"]
    shop.ask("root", "app.publish", **release, plan=plan)


def test_what_is_given_up_is_not_begun() -> None:
    """On standard input, a request whose sender gave it up while another one was answered is not answered any more."""
    read = Event()
    lines = [b'{"id": 1}', b'{"id": "2"}', b"{", b'{"method": "notifications/cancelled", "params": {"requestId": "2"}}',
             b'{"method": "notifications/cancelled", "params": [3]}', b'{"id": 3}', b"[4]"]  # fmt: skip

    class Lines(io.BytesIO):
        def __next__(self) -> bytes:
            line = self.readline()
            if not line:
                read.set()
                raise StopIteration
            return line

    found = []
    for message in Incoming(Lines(b"\n".join(lines))):
        assert read.wait(10)
        found.append(message.content if message.wrong is None else message.wrong["error"]["code"])
    assert [{"id": 1}, -32700, {"id": 3}, [4]] == found
