"""Flows as BPMN 2.0: out and in again without loss, by the standard's schema, and in from elsewhere with findings."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest
import SpiffWorkflow
from hypothesis import given
from lxml import etree

from lowcode.cli import main
from lowcode.flows.bpmn import from_bpmn, programs, to_bpmn
from lowcode.flows.bpmn.xml import BPMN, LOWCODE, BadXml, read
from lowcode.flows.engine import Flows
from lowcode.flows.operations.models import exits_by
from tests.flows.app import Office, approval, document
from tests.flows.blocks import Block, blocks, document_of
from tests.flows.shapes import compiled, connecting
from tests.flows.test_records import STEPS, flow

CORPUS = Path(__file__).parents[1] / "conformance" / "flows"
EXITS = exits_by(Flows().reader)
SCHEMA = etree.XMLSchema(
    etree.parse(str(Path(SpiffWorkflow.__file__).parent / "bpmn" / "parser" / "schema" / "BPMN20.xsd"))
)
"""The schema that the standard comes with; a package of others carries it."""


def _story(path: Path, index: int, case: dict[str, Any]) -> dict[str, Any]:
    keys = {"title": case["rule"], "form": "quote", **case.get("keys", {})}
    return {"name": f"{path.stem}_{index}", **keys, "nodes": case["nodes"]}


FLOWS: list[dict[str, Any]] = (
    [json.loads(path.read_text(encoding="utf-8")) for path in Path("examples").glob("*/flows/*.json")]
    + [
        _story(path, index, case)
        for path in sorted((CORPUS / "stories").glob("*.json"))
        for index, case in enumerate(json.loads(path.read_text(encoding="utf-8")))
    ]
    + [flow(*STEPS, name="records")]
)


def back(xml: str, **options: Any) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """A model as a flow, and the findings by element."""
    flow, report = from_bpmn(xml.encode(), EXITS, **options)
    assert flow is not None, str(report)
    return flow, [(each.code.removeprefix("bpmn."), each.place.pointer) for each in report]


@pytest.mark.parametrize("flow", FLOWS, ids=[each["name"] for each in FLOWS])
def test_out_and_in_again_is_the_same(flow: dict[str, Any]) -> None:
    """Every flow of the examples and of the corpus is a model by the schema of the standard, every element of it has a
    place, and it comes back as it went."""
    flow = {key: value for key, value in flow.items() if key != "$schema"}
    xml = to_bpmn(flow, EXITS)
    tree = etree.fromstring(xml.encode())
    SCHEMA.assertValid(tree)
    drawn = {each.get("bpmnElement") for each in tree.iter("{*}BPMNShape", "{*}BPMNEdge")}
    skipped = ("extensionElements", "process", "incoming", "outgoing")
    elements = {
        each.get("id")
        for each in tree.find("{*}process").iter("{*}*")
        if each.get("id") and etree.QName(each).localname not in skipped and "EventDefinition" not in str(each.tag)
    }
    assert elements == drawn
    assert back(xml) == (flow, [])


@given(blocks)
def test_any_sound_flow_comes_back(block: Block) -> None:
    """Whatever is drawn of sequences, choices, splits and loops."""
    flow = document_of(block)
    xml = to_bpmn(flow, EXITS)
    SCHEMA.assertValid(etree.fromstring(xml.encode()))
    assert back(xml) == (flow, [])


def test_what_is_drawn_anew_is_taken_over() -> None:
    """An arrow that leads elsewhere, another name, a step that was taken away, a step that was added."""
    flow = document(nodes=approval({"role": "finance"}))
    xml = to_bpmn(flow, EXITS, "en")
    moved = xml.replace('targetRef="return" lowcode:of="ask"', 'targetRef="refused" lowcode:of="ask"')
    moved = moved.replace('name="Check the price"', 'name="Look at it"')
    assert moved.count("Look at it") == 1
    found, findings = back(moved)
    ask = next(each for each in found["nodes"] if each["id"] == "ask")
    assert (ask["rejected"], ask["title"], findings) == ("refused", "Look at it", [])
    assert ask["approvers"] == [{"role": "finance"}]
    cut = xml.replace('lowcode:exit="rejected"', 'lowcode:exit="nonsense"')
    found, findings = back(cut)
    assert findings == [("exit-without-arrow", "#ask"), ("arrow-nowhere", "#ask__rejected__flow")]
    added = xml.replace(
        "</bpmn:process>",
        '<bpmn:userTask id="File_it" name="File it"/><bpmn:sequenceFlow id="x1" sourceRef="File_it" targetRef="end"/>'
        "</bpmn:process>",
    ).replace('sourceRef="mark" targetRef="end"', 'sourceRef="mark" targetRef="File_it"')
    found, findings = back(added)
    assert findings == [("nobody-named", "#File_it")]
    added_node = {"id": "file_it", "type": "task", "title": "File it", "assignees": ["starter"], "to": "end"}
    assert found["nodes"][-1] == added_node
    assert next(each for each in found["nodes"] if each["id"] == "mark")["to"] == "file_it"


def test_a_model_that_was_drawn_elsewhere() -> None:
    """What has a counterpart becomes nodes, the rest is told by element and line; what comes out compiles."""
    xml = (CORPUS / "models" / "order.bpmn").read_text(encoding="utf-8")
    flow, findings = back(xml, form="quote", file="order.bpmn")
    assert findings == [
        ("several-processes", ""),
        ("nobody-told", "#Activity_Remind"),
        ("condition-to-check", "#F4"),
        ("nobody-named", "#Pack"),
        ("program-to-connect", "#Activity_Ship"),
        ("not-supported", "#Gateway_Odd"),
    ]
    nodes = {each["id"]: each for each in flow["nodes"]}
    assert nodes["activity_check"] == {
        "id": "activity_check", "type": "task", "title": "Check the order", "help": "Look at the total.",
        "assignees": [{"role": "finance"}, {"role": "sales"}], "mode": "in_order", "to": "gateway_big",
        "on": [{"after": {"days": 1, "hours": 4}, "interrupts": False, "to": "activity_remind"}],
        "x-bpmn": {"keys": {"{http://camunda.org/schema/1.0/bpmn}candidateGroups": "finance, sales"}},
    }  # fmt: skip
    assert nodes["gateway_big"]["branches"] == [{"when": 'total > 1000 and number <> "x"', "to": "activity_stock"}]
    assert nodes["activity_stock"]["on"] == [{"error": "sold_out", "to": "end_stop"}]
    assert nodes["gateway_wait"] == {
        "id": "gateway_wait", "type": "wait", "for": {"days": 7}, "to": "end_stop",
        "events": [{"message": "payment_received", "title": "Paid", "to": "activity_ship"}],
    }  # fmt: skip
    assert nodes["activity_ship"] == {
        "id": "activity_ship", "type": "request", "title": "Ship", "connector": "ship", "operation": "Ship",
        "to": "end_done",
        "x-bpmn": {"keys": {"{http://camunda.org/schema/1.0/bpmn}class": "com.example.Ship"}},
    }  # fmt: skip
    plan, report = compiled(flow, connecting("ship"))
    assert plan is not None, str(report)
    assert (flow["name"], flow["title"], plan.entries) == ("order_process", "Order", {"activity_stock": "s1"})
    again, findings = back(to_bpmn(flow, EXITS))
    assert (again, findings) == (flow, [])


@pytest.mark.requirement("SW11", "W1")
def test_what_programs_did_elsewhere() -> None:
    """A service, a decision, a script, a letter of Camunda, Zeebe, Flowable or Activiti becomes the step that does the
    same here and goes out again as it came; what is still to be written is said, and nothing is published before."""
    xml = (CORPUS / "models" / "programs.bpmn").read_text(encoding="utf-8")
    expected = json.loads((CORPUS / "models" / "programs.json").read_text(encoding="utf-8"))
    flow, findings = back(xml, form="quote")
    assert [list(each) for each in findings] == expected["findings"]
    assert [{k: v for k, v in each.items() if k != "x-bpmn"} for each in flow["nodes"]] == expected["nodes"]
    plan, report = compiled({**flow, "name": "test"})
    assert (plan, [each.code for each in report]) == (None, expected["left_to_write"])
    out = to_bpmn(flow, EXITS)
    SCHEMA.assertValid(etree.fromstring(out.encode()))
    assert back(out, form="quote") == (flow, [])


@pytest.mark.requirement("SW11")
def test_the_words_of_a_letter_are_read_once() -> None:
    """However many braces open in them: a model of some hundred kilobytes is no work for minutes."""
    opened = "${" * 50_000
    begun = time.process_time()
    assert ("{{ order }} " + opened) == programs._template("${order} " + opened)
    assert time.process_time() - begun < 1


BOMB = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">]><x>&a;</x>'


@pytest.mark.parametrize(
    ("xml", "code"),
    [
        (BOMB, "bpmn.unreadable"),
        ('<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', "bpmn.unreadable"),
        ("<a>" * 150, "bpmn.unreadable"),
        ("not xml", "bpmn.unreadable"),
        ("", "bpmn.unreadable"),
        ("<html/>", "bpmn.no-process"),
        ('<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"/>', "bpmn.no-process"),
    ],
)
def test_what_is_no_model_is_refused(xml: str, code: str) -> None:
    """Document types, entities and depths that hurt are not read, and nothing is guessed of what is no model."""
    flow, report = from_bpmn(xml.encode(), EXITS)
    assert (flow, [each.code for each in report]) == (None, [code])


AS_DRAWN = ("spoilt", "#s"), ("nobody-named", "#s")
SPOILT: list[tuple[str, list[tuple[str, str]]]] = [
    ("[" * 100_000, [*AS_DRAWN[1:]]),
    ('{"id": "s", "type": "of_a_plugin"}', [*AS_DRAWN]),
    ('{"id": "s", "type": []}', [*AS_DRAWN]),
    ('{"id": "s", "type": "task"}', [*AS_DRAWN]),
    ('{"id": "s", "type": "wait", "events": 5}', [*AS_DRAWN]),
]


@pytest.mark.requirement("SW11")
def test_what_was_spoilt_on_its_way_is_understood_as_drawn() -> None:
    """Whatever somebody wrote into a model by hand, or an installation with more kinds of steps: it is said, and the
    rest is read."""
    for written, expected in SPOILT:
        model = (
            f'<definitions xmlns="{BPMN}" xmlns:lowcode="{LOWCODE}"><process id="p"><userTask id="s">'
            f"<extensionElements><lowcode:node>{written}</lowcode:node></extensionElements></userTask></process>"
            "</definitions>"
        )
        flow, findings = back(model, form="quote")
        assert (findings, ["end", "task"]) == (expected, sorted(each["type"] for each in flow["nodes"])), written[:60]
    for whole in ('{"nodes": 5}', '{"nodes": [[1], {}], "title": {"en": {}}}', '{"name": [], "x-bpmn": 7}'):
        model = (
            f'<definitions xmlns="{BPMN}" xmlns:lowcode="{LOWCODE}"><process id="p"><extensionElements><lowcode:flow>'
            f"{whole}</lowcode:flow></extensionElements><userTask id='s'/></process></definitions>"
        )
        assert 2 == len(back(model, form="quote")[0]["nodes"])


@pytest.mark.requirement("SW11")
def test_arrows_of_an_event_gateway_that_lead_nowhere() -> None:
    """To nothing, or to no event: each is said; a time without end is none."""
    wait = (
        '<eventBasedGateway id="g"/><sequenceFlow id="a" sourceRef="g" targetRef="gone"/>'
        '<sequenceFlow id="b" sourceRef="g"/><intermediateCatchEvent id="t"><timerEventDefinition><timeDuration>'
        f"PT{'9' * 5000}H</timeDuration></timerEventDefinition></intermediateCatchEvent>"
    )
    _, findings = back(f'<definitions xmlns="{BPMN}"><process id="p">{wait}</process></definitions>', form="quote")
    assert {("not-supported", "#a"), ("not-supported", "#b"), ("not-supported", "#t")} <= set(findings)


@pytest.mark.requirement("SW11")
def test_a_large_model_is_read_element_by_element() -> None:
    """A chain of thousands, steps that are all called alike: each is looked at once. Some thousand steps took minutes,
    because for each of them all others were looked through."""
    chain = "".join(
        f'<userTask id="s{number}"/><sequenceFlow id="f{number}" sourceRef="s{number}" targetRef="s{number + 1}"/>'
        for number in range(4000)
    )
    alike = "".join(f'<userTask id="{chr(0x4E00 + number)}"/>' for number in range(4000))
    begun = time.process_time()
    for inside in (chain, alike):
        back(f'<definitions xmlns="{BPMN}"><process id="p">{inside}</process></definitions>', form="quote")
    assert time.process_time() - begun < 4


def test_too_much_is_not_read() -> None:
    """Size and number of elements are bounded."""
    with pytest.raises(BadXml, match="too many elements"):
        read(b"<a>" + b"<b/>" * 100_001 + b"</a>")
    with pytest.raises(BadXml, match="more than"):
        read(b" " * (8 * 2**20 + 1))


def test_asked_for_and_sent_in() -> None:
    """An administrator gets a flow as a model and reads one; nothing is changed by it."""
    office = Office(document(nodes=approval({"role": "finance"})))
    xml = office.ask("root", "flows.export_bpmn", flow="approval")["xml"]
    found = office.ask("root", "flows.read_bpmn", xml=xml)
    assert found == {"document": document(nodes=approval({"role": "finance"})), "findings": []}


def test_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`lowcode bpmn export` and `import`: into a folder of an app, to be checked there."""
    app = tmp_path / "app"
    (app / "flows").mkdir(parents=True)
    (app / "app.json").write_text('{"name": "small"}', encoding="utf-8")
    flow = document(nodes=approval({"role": "finance"}))
    (app / "flows" / "approval.json").write_text(json.dumps(flow), encoding="utf-8")
    model = tmp_path / "approval.bpmn"
    assert main(["bpmn", "export", str(app), "approval", "--output", str(model)]) == 0
    (app / "flows" / "approval.json").unlink()
    assert main(["bpmn", "import", str(app), str(model)]) == 0
    assert json.loads((app / "flows" / "approval.json").read_text(encoding="utf-8")) == flow
    assert main(["bpmn", "export", str(app), "approvall"]) == 1
    assert "Did you mean 'approval'?" in capsys.readouterr().err
