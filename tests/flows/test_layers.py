"""Where the steps of a flow stand: by the rules by which the page draws them (`layers.test.ts` runs the same
cases), and in a model that nobody drew no element stands over another, no arrow and no name over an element."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from lowcode.flows.bpmn import to_bpmn
from lowcode.flows.bpmn.layers import Arrow, Sizes, layered
from tests.flows.app import document
from tests.flows.blocks import Block, Drawing, blocks, document_of
from tests.flows.test_bpmn import EXITS

CORPUS = Path(__file__).parents[1] / "conformance" / "flows"
CASES = json.loads((CORPUS / "layers.json").read_text(encoding="utf-8"))
STORIES = [
    (path.stem, number, case["nodes"])
    for path in sorted((CORPUS / "stories").glob("*.json"))
    if path.stem in ("events", "called", "early")
    for number, case in enumerate(json.loads(path.read_text(encoding="utf-8")))
    if "nodes" in case
]
DI, DC = "{http://www.omg.org/spec/BPMN/20100524/DI}", "{http://www.omg.org/spec/DD/20100524/DC}"
Side = tuple[float, float, float, float]


@pytest.mark.requirement("SW11", "X10")
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_as_the_page_draws_it(case: dict[str, Any]) -> None:
    """The same picture, to the point."""
    sizes = Sizes(**case["sizes"], boxes={id: tuple(box) for id, box in case["boxes"].items()})
    arrows = [Arrow(each["from"], each["to"], each.get("leaves", 0)) for each in case["arrows"]]
    found = layered(case["ids"], arrows, sizes)
    assert case["drawn"] == {
        "width": found.width,
        "height": found.height,
        "at": {id: list(spot) for id, spot in found.at.items()},
        "ways": [[list(spot) for spot in way] for way in found.ways],
    }


@pytest.mark.requirement("SW11")
def test_a_large_flow_takes_no_more_for_each_step() -> None:
    """Every step may be refused, some lead to the end or back: the bends of 400 steps are four times those of 100."""
    found = {}
    for count in (100, 400):
        steps = [f"step{at}" for at in range(count)]
        arrows = [Arrow(one, other) for one, other in pairwise([*steps, "end"])]
        arrows += [Arrow(each, "refused") for each in steps]
        arrows += [Arrow(each, "end" if at % 2 else steps[0]) for at, each in enumerate(steps) if at % 3 == 0]
        drawn = layered([*steps, "refused", "end"], arrows, Sizes(148, 52, 20, 40))
        found[count] = sum(map(len, drawn.ways))
    assert found[400] <= 4.1 * found[100]


def over(one: Side, other: Side) -> bool:
    """Whether one stands over another; an edge that is shared is none."""
    return all(one[at] + 0.01 < other[at] + other[at + 2] and other[at] + 0.01 < one[at] + one[at + 2] for at in (0, 1))


def inside(one: Side, other: Side) -> bool:
    """Whether one stands in another."""
    return all(one[at] >= other[at] and one[at] + one[at + 2] <= other[at] + other[at + 2] for at in (0, 1))


def crossings(xml: str) -> list[tuple[str, str]]:
    """What stands over what in a model: elements over others, arrows and their names over elements."""
    root = etree.fromstring(xml.encode())
    kinds = {each.get("id"): etree.QName(each).localname for each in root.iter("{*}*") if each.get("id")}
    boxes = {
        each.get("bpmnElement"): bounds_of(each) for each in root.iter("{*}BPMNShape")
        if kinds[each.get("bpmnElement")] != "boundaryEvent"
    }  # fmt: skip
    frames = {id for id in boxes if kinds[id] == "subProcess"}
    names = list(boxes)
    found = [
        (one, other)
        for at, one in enumerate(names)
        for other in names[at + 1 :]
        if over(boxes[one], boxes[other])
        and not (one in frames and inside(boxes[other], boxes[one]))
        and not (other in frames and inside(boxes[one], boxes[other]))
    ]
    steps = {id: box for id, box in boxes.items() if id not in frames}
    for edge in root.iter("{*}BPMNEdge"):
        if kinds[edge.get("bpmnElement")] != "sequenceFlow":
            continue
        points = [(float(each.get("x")), float(each.get("y"))) for each in edge.iter("{*}waypoint")]
        pieces = [(min(x, a), min(y, b), abs(x - a), abs(y - b)) for (x, y), (a, b) in pairwise(points)]
        pieces += [bounds_of(each) for each in edge.iter("{*}BPMNLabel")]
        found += [(edge.get("bpmnElement"), id) for piece in pieces for id, box in steps.items() if over(piece, box)]
    labels = [bounds_of(each) for each in root.iter("{*}BPMNLabel")]
    found += [("name", "name") for at, one in enumerate(labels) for other in labels[at + 1 :] if over(one, other)]
    return found


def bounds_of(element: Any) -> Side:
    """Where something stands, and how large it is."""
    x, y, width, height = (float(element.find(f"{DC}Bounds").get(side)) for side in ("x", "y", "width", "height"))
    return x, y, width, height


@pytest.mark.requirement("SW11")
@given(block=blocks, named=st.booleans())
def test_nothing_stands_over_anything(block: Block, named: bool) -> None:
    """Of any sound flow: with ways back, ways that part and meet, and names on them."""
    flow = document_of(block, Drawing())
    for node in flow["nodes"] if named else ():
        for way in node.get("branches", ()):
            way["title"] = "A condition in words"
    assert [] == crossings(to_bpmn(flow, EXITS, "en"))


@pytest.mark.requirement("SW11")
@pytest.mark.parametrize(("story", "number", "nodes"), STORIES)
def test_neither_do_scopes_and_handlers(story: str, number: int, nodes: list[dict[str, Any]]) -> None:
    """With scopes in scopes, events at their edge, and handlers of scopes and of the flow."""
    assert [] == crossings(to_bpmn(document(nodes=nodes), EXITS, "en"))
