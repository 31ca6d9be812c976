"""Our models in a real modeller, and the models of others here: `bpmn-moddle`, which every editor of bpmn.io reads and
writes with, finds nothing to warn of; what is drawn there comes back; and what other products write beside the standard
travels through us unchanged."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from lowcode.flows.bpmn import to_bpmn
from tests.flows.app import approval, document
from tests.flows.shapes import compiled, connecting
from tests.flows.test_bpmn import CORPUS, EXITS, FLOWS, SCHEMA, back
from tools import front_end

SCRIPT = Path(__file__).with_name("modeller.mjs")
MODELS = CORPUS / "models"
OTHERS = ("camunda", "flowable", "signavio", "bpmn_js")
STRANGERS = ("http://camunda.org/schema/1.0/bpmn", "http://flowable.org/bpmn", "http://www.signavio.com")


@pytest.fixture(scope="module")
def node() -> Path:
    """Node.js, with what the front end is tested with."""
    return front_end.install().binary


def opened(node: Path, xml: str, change: dict[str, Any] | None = None) -> dict[str, Any]:
    """A model in the modeller, changed there or not, and saved."""
    done = subprocess.run(
        [node, str(SCRIPT), str(front_end.SOURCES)], input=json.dumps({"xml": xml, "change": change}),
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_nothing_to_warn_of(node: Path) -> None:
    """Every flow of the examples and of the corpus: no warning, every element has a place with a size, every arrow two
    ends; and saved by the modeller it is read here as the flow it was."""
    for flow in FLOWS[::4]:
        flow = {key: value for key, value in flow.items() if key != "$schema"}
        found = opened(node, to_bpmn(flow, EXITS))
        assert (found["warnings"], found["unplaced"], found["loose"]) == ([], [], []), flow["name"]
        assert back(found["saved"]) == (flow, [])


@pytest.mark.requirement("SW11", "W1")
def test_what_is_drawn_there_comes_back(node: Path) -> None:
    """A task is drawn between two steps and a step gets another name: that, and nothing else, has changed."""
    flow = document(nodes=approval({"role": "finance"}))
    change = {"after": "mark", "name": "File it", "rename": {"id": "ask", "name": "Look at it"}}
    found, findings = back(opened(node, to_bpmn(flow, EXITS, "en"), change)["saved"])
    assert findings == [("nobody-named", "#Activity_0x1")]
    nodes = {each["id"]: each for each in found["nodes"]}
    assert nodes.pop("activity_0x1") == {
        "id": "activity_0x1", "type": "task", "title": "File it", "assignees": ["starter"], "to": "end",
    }  # fmt: skip
    expected = {each["id"]: dict(each) for each in flow["nodes"]}
    expected["mark"]["to"] = "activity_0x1"
    expected["ask"]["title"] = "Look at it"
    assert (nodes, {**found, "nodes": 0}) == (expected, {**flow, "nodes": 0})
    plan, report = compiled({**found, "name": "test"})
    assert plan is not None, str(report)


def strange(xml: str) -> list[tuple[str, ...]]:
    """What other products say in a model: their keys and elements, wherever they stand."""
    found: list[tuple[str, ...]] = []
    for each in etree.fromstring(xml.encode()).iter("{*}*"):
        names = [each.tag, *each.attrib]
        found += [
            (name, each.attrib.get(name, (each.text or "").strip())) for name in names if name[1:].startswith(STRANGERS)
        ]
    return sorted(found)


SIDES = ("x", "y", "width", "height")
DI, DC = "{http://www.omg.org/spec/BPMN/20100524/DI}", "{http://www.omg.org/spec/DD/20100524/DC}"


def drawn(xml: str) -> dict[str, Any]:
    """Where a model was drawn: its steps, without what sits on their borders, and the arrows between them."""
    root = etree.fromstring(xml.encode())
    kinds = {each.get("id"): etree.QName(each).localname for each in root.iter("{*}*") if each.get("id")}
    flows = {each.get("id"): each for each in root.iter("{*}sequenceFlow")}
    steps = {each for each, kind in kinds.items() if kind.endswith(("Event", "Task", "Gateway"))}
    steps -= {each for each, kind in kinds.items() if kind == "boundaryEvent"}
    places = {
        each.get("bpmnElement").lower(): [int(each.find(f"{DC}Bounds").get(side)) for side in SIDES]
        for each in root.iter(f"{DI}BPMNShape") if each.get("bpmnElement") in steps
    }  # fmt: skip
    ways = {
        " ".join(ends).lower(): [[int(point.get("x")), int(point.get("y"))] for point in each.iter("{*}waypoint")]
        for each in root.iter(f"{DI}BPMNEdge") if each.get("bpmnElement") in flows
        for ends in [[flows[each.get("bpmnElement")].get(key) for key in ("sourceRef", "targetRef")]]
        if steps.issuperset(ends)
    }  # fmt: skip
    return {"places": places, "ways": ways}


@pytest.mark.requirement("SW11")
def test_a_drawing_stays_as_it_was() -> None:
    """A model drawn elsewhere goes out as it was drawn: every step in its place, every arrow with its bends, ways with
    their names; moved and named there, it comes back so. With one step more it is arranged anew, all of it."""
    xml = (MODELS / "bpmn_js.bpmn").read_text(encoding="utf-8")
    flow, _ = back(xml, form="quote")
    out = to_bpmn(flow, EXITS)
    assert drawn(xml) == drawn(out)
    moved, findings = back(out.replace('x="173"', 'x="100"').replace('name="大额"', 'name="很大"'))
    branch = next(each for each in moved["nodes"] if each["type"] == "branch")
    places = moved["x-bpmn"]["drawing"]["places"]
    assert ([], "很大", 100) == (findings, branch["branches"][0]["title"], places["startevent_1"][0])
    nodes = [{**each, "to": "more"} if each["type"] == "start" else each for each in flow["nodes"]]
    more = {
        **flow,
        "nodes": [*nodes, {"id": "more", "type": "task", "assignees": ["starter"], "to": flow["nodes"][0]["to"]}],
    }
    rows = drawn(to_bpmn(more, EXITS))["places"]
    assert len(rows) == len(drawn(xml)["places"]) + 1
    assert (rows["startevent_1"][0], min(y for _, y, *_ in rows.values())) == (40, 40)
    corners = {(x, y) for x, y, *_ in rows.values()}
    assert len(corners) == len(rows)


@pytest.mark.requirement("SW11")
def test_two_arrows_between_the_same_steps() -> None:
    """Each keeps its own bends, out and in again, in whichever order the model has them."""
    xml = (MODELS / "bpmn_js.bpmn").read_text(encoding="utf-8")
    rest = '<bpmn:sequenceFlow id="Flow_1vkjmxn" sourceRef="Gateway_0jz5d7j" targetRef="Activity_0pxsnst" />'
    first = '<bpmn:startEvent id="StartEvent_1"'
    same = rest.replace("Activity_0pxsnst", "Activity_0b5cbdm")
    for model in (xml.replace(rest, same), xml.replace(rest, "").replace(first, same + first)):
        flow, _ = back(model, form="quote")
        out = to_bpmn(flow, EXITS)
        again, _ = back(out, form="quote")
        for each in (model, out, to_bpmn(again, EXITS)):
            root = etree.fromstring(each.encode())
            (large,) = (flow.get("id") for flow in root.iter("{*}sequenceFlow") if flow.get("name") == "大额")
            other = next(gate.get("default") for gate in root.iter("{*}exclusiveGateway"))
            bends = [
                [point.get("y") for point in line.iter("{*}waypoint")]
                for id in (large, other)
                for line in root.iter(f"{DI}BPMNEdge")
                if line.get("bpmnElement") == id
            ]
            assert [["95", "0", "0"], ["145", "240", "240"]] == bends


@pytest.mark.parametrize("product", OTHERS)
def test_models_of_others(node: Path, product: str) -> None:
    """A model as Camunda, Flowable or Signavio write it becomes a flow with the findings that are written beside it;
    out again it is a model by the standard, every key, element, lane and note of the other product stands in it as it
    came, the modeller finds nothing to warn of, and in again it is the same flow."""
    xml = (MODELS / f"{product}.bpmn").read_text(encoding="utf-8")
    expected = json.loads((MODELS / f"{product}.json").read_text(encoding="utf-8"))
    assert opened(node, xml)["warnings"] == []
    flow, findings = back(xml, form="quote")
    assert [list(each) for each in findings] == expected["findings"]
    shown = {**flow, "nodes": [{k: v for k, v in each.items() if k != "x-bpmn"} for each in flow["nodes"]]}
    shown.pop("x-bpmn", None)
    assert shown == expected["flow"]
    assert (drawn(xml) if product == "bpmn_js" else {}) == flow.get("x-bpmn", {}).get("drawing", {})
    plan, report = compiled({**flow, "name": "test"}, connecting("book", "archive"))
    assert plan is not None, str(report)
    out = to_bpmn(flow, EXITS)
    SCHEMA.assertValid(etree.fromstring(out.encode()))
    assert strange(out) == strange(xml)
    again = opened(node, out)
    assert (again["warnings"], again["unplaced"], again["loose"]) == ([], [], [])
    assert back(out) == back(again["saved"]) == (flow, [])
