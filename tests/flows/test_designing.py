"""What the designer of flows is told: every kind of step in words, and a beginning that can be published as it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lowcode.flows.operations.designing import EVENTS, PUT
from lowcode.flows.words import KINDS
from lowcode.host import Host
from lowcode.kernel.diagnostics import Forbidden
from lowcode.kernel.identity import APP
from lowcode.seeding import seed

CRM = Path(__file__).parents[2] / "examples" / "crm_app"


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    """The CRM."""
    with Host(str(CRM)) as found:
        found.publish()
        asked = {"api/rates.json": {"name": "rates", "type": "openapi", "document": RATES}}
        found.ask(APP, "app.publish", documents=asked, plan=found.ask(APP, "app.plan", documents=asked)["plan"])
        seed(found)
        yield found


def test_every_kind_of_step_has_words(host: Host) -> None:
    """In both languages, in a group that has a name; and a step may name what the app has."""
    palette = host.ask(APP, "flows.palette", form="quote")
    assert {kind["name"] for kind in palette["kinds"]} == set(KINDS)
    for kind in palette["kinds"]:
        assert {"zh-CN", "en"} == set(kind["title"])
        assert kind["group"] in palette["words"]["groups"]
    assert "quotation" in palette["names"]["template"]
    assert "director" in palette["roles"]
    with pytest.raises(Forbidden):
        host.ask(host.actor("li.na"), "flows.palette", form="quote")


NAMED = {
    "form": "task", "template": "quotation", "flow": "quote_approval", "connector": "rates", "operation": "GET /rates",
    "link": "account",
}  # fmt: skip
"""What an author has to name, where a step begins without."""


RATES = {
    "openapi": "3.1.0", "info": {"title": "Rates", "version": "1"}, "servers": [{"url": "https://rates.example.com"}],
    "paths": {"/rates": {"get": {"responses": {"200": {"description": "Rates"}}}}},
}  # fmt: skip
"""A program that can be asked for one thing."""


def designed(palette: dict[str, Any], kind: str, onward: str) -> list[dict[str, Any]]:
    """The steps the designer puts where `onward` was: as they begin, with their ways, what comes with them, and what an
    author has to say (a condition, a value, a name)."""
    begin = json.loads(json.dumps(next(each["begin"] for each in palette["kinds"] if each["name"] == kind)))
    step: dict[str, Any] = {"id": "put", **begin}
    step |= {key: NAMED[key] for key in NAMED if step.get(key) == ""}
    step |= {"values": {"subject": '"x"'}} if kind == "set" else {}
    step |= {"values": {"name": '"x"'}} if kind == "update" else {}
    inside = [
        {"id": "inner", "type": "start", "in": "put", "to": "inner_end"},
        {"id": "inner_end", "type": "end", "in": "put"},
    ]
    join = {"id": "join", "type": "join", "to": onward}
    if "branches" in step:
        to = "join" if kind == "inclusive" else onward
        step |= {"branches": [{"when": "total > 5", "to": to} for _ in step["branches"]], "otherwise": to}
    else:
        schema: dict[str, Any] = palette["schema"]
        way = schema["properties"]["nodes"]["items"]["discriminator"]["mapping"][kind].rpartition("/")[2]
        step |= {each: onward for each in ("to", "approved", "rejected") if each in schema["$defs"][way]["properties"]}
    if kind == "flow":
        step.pop("rejected", None)
    match kind:
        case "parallel":
            return [{**step, "to": ["join", "join"]}, join]
        case "inclusive":
            return [step, {**join, "waits_for": "active"}]
        case "scope" | "handler":
            return [step, *inside]
    return [step]


def published(host: Host, kind: str, *, on: list[dict[str, Any]] | None = None) -> list[Any]:
    """What is found in the approval of quotes with such a step on its first arrow; `on` are events at it."""
    documents = host.ask(APP, "app.documents")["documents"]
    flow = json.loads(documents["flows/quote_approval.json"])
    first = flow["nodes"][0]
    steps = designed(host.ask(APP, "flows.palette", form="quote"), kind, first["to"])
    steps[0] |= {"on": on} if on else {}
    arrow = first
    if kind == "end":  # what led on ends here instead
        arrow = next(each for each in flow["nodes"] if each["id"] == "tell")
        flow["nodes"] = [each for each in flow["nodes"] if each["id"] != "approved"]
    if kind != "handler":
        arrow["to"] = "put"
    flow["nodes"][1:1] = steps
    found: list[Any] = host.ask(APP, "flows.check", document=flow)["findings"]
    return found


@pytest.mark.requirement("SW11", "W1", "SP03")
@pytest.mark.parametrize("kind", PUT)
def test_whatever_is_put_in_can_be_published(host: Host, kind: str) -> None:
    """As it begins, with the ways the designer gives it: parallel ways with their join, a scope and a handler with what
    they hold; a branch asks for its condition, what is set for a value, others for a name."""
    assert [] == published(host, kind)


def told(findings: list[dict[str, Any]]) -> list[tuple[str, ...]]:
    """What is said of each, whoever says it."""
    return [tuple(each[key] for key in ("code", "pointer", "message", "hint")) for each in findings]


def test_a_check_says_what_publishing_says(host: Host) -> None:
    """Of the flow itself; whether others may miss something of it is said too, and nothing is left behind."""
    document = json.loads(host.ask(APP, "app.documents")["documents"]["flows/quote_approval.json"])
    uses = len(host.app.scope.uses)
    right = host.ask(APP, "flows.check", document=document)
    assert {"findings": [], "elsewhere": False} == right
    first, *rest, last = document["nodes"]
    wrong = {**document, "nodes": [{**first, "to": "nowhere"}, *rest, last, {"id": "more", "type": "branch"}]}
    found = host.ask(APP, "flows.check", document=wrong)
    whole = host.ask(APP, "app.plan", documents={"flows/quote_approval.json": wrong})["findings"]
    assert found["findings"] and not found["elsewhere"]
    assert told(whole) == told(found["findings"])
    changes: list[dict[str, Any]] = [{"form": "contract"}, {"nodes": rest}, {"start": {"on": "manual"}}, {"nodes": 0}]
    for change in changes:
        assert host.ask(APP, "flows.check", document={**document, **change})["elsewhere"], change
    again = {"id": "again", "type": "flow", "flow": "another"}
    itself = host.ask(APP, "flows.check", document={**document, "name": "another", "nodes": [first, again, last]})
    assert "names.unknown" not in {each["code"] for each in itself["findings"]}
    assert uses == len(host.app.scope.uses) and "another" not in host.app.scope.names("flow")
    with pytest.raises(Forbidden):
        host.ask(host.actor("li.na"), "flows.check", document=document)


CAUGHT: dict[str, dict[str, Any]] = {
    "after": {"after": {"days": 1}},
    "message": {"message": "message"},
    "when": {"when": "total > 5"},
    "signal": {"signal": "signal"},
    "error": {"error": "*"},
    "escalation": {"escalation": "*"},
}


@pytest.mark.requirement("W8")
@pytest.mark.parametrize("kind", ["approve", "task", "wait", "flow", "scope", "notify", "set", "branch"])
def test_what_can_be_caught_is_what_the_palette_says(host: Host, kind: str) -> None:
    """Of every event at such a step, those are refused that the palette does not offer; but nothing says of a step by
    people that no escalation comes to it."""
    palette = host.ask(APP, "flows.palette", form="quote")
    offered = next(each["events"] for each in palette["kinds"] if each["name"] == kind)
    first = json.loads(host.ask(APP, "app.documents")["documents"]["flows/quote_approval.json"])["nodes"][0]["to"]
    findings = published(host, kind, on=[{**CAUGHT[each], "to": first} for each in EVENTS])
    refused = {each["pointer"] for each in findings}
    silent = {"escalation"} if "after" in offered else set()
    assert {f"/nodes/1/on/{at}" for at, each in enumerate(EVENTS) if each not in {*offered, *silent}} == refused
