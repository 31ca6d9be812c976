"""Flows as BPMN 2.0 XML, asked for and sent in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from lowcode.flows.bpmn import from_bpmn, to_bpmn
from lowcode.flows.bpmn.merges import Exits
from lowcode.flows.compile.flow import FlowReader
from lowcode.flows.compile.levels import exits_of
from lowcode.flows.diagnostics import problem
from lowcode.flows.operations.plans import flows_of
from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import NotFound, nearest


class OfFlow(Parameters):
    """A flow of the application."""

    flow: str


class Model(Parameters):
    """A model as XML, the form its flow is for, and which of its processes is meant."""

    xml: str = Field(max_length=8_000_000)
    form: str = ""
    process: str = ""


def exits_by(reader: FlowReader) -> Exits:
    """The exits of nodes as they are written, by the kinds of a host."""

    def exits(node: Mapping[str, Any]) -> Mapping[str, tuple[str, str]]:
        kind = reader.kinds[node["type"]]
        return exits_of(kind, kind.document.model_validate({k: v for k, v in node.items() if not k.startswith("x-")}))

    return exits


def export(context: Context, params: OfFlow) -> Annotated[dict[str, Any], has(xml=str)]:
    """A flow as BPMN XML with a diagram."""
    flows = flows_of(context)
    plan = flows.flows.get(params.flow)
    if plan is None:
        near = nearest(params.flow, flows.flows) or ""
        raise NotFound(problem("flows.no-such-flow", "/flow", flow=params.flow, near=near))
    locale = context.actor.locale or context.app.definition.languages[0]
    return {"xml": to_bpmn(plan.document, exits_by(flows.reader), locale)}


def read(context: Context, params: Model) -> Annotated[dict[str, Any], has(document=dict | None, findings=list[dict])]:
    """A model as the document of a flow, with what is to be said of it; nothing is changed."""
    reader = flows_of(context).reader
    document, report = from_bpmn(params.xml.encode(), exits_by(reader), form=params.form, process=params.process)
    findings = [
        {"code": each.code, "element": each.place.pointer, "line": each.place.line, "message": each.message}
        for each in report
    ]
    return {"document": document, "findings": findings}


OPERATIONS = (
    Operation(
        "flows.export_bpmn", export, OfFlow, "administrator", writes=False,
        summary={"en": "A flow as BPMN", "zh-CN": "导出 BPMN"},
    ),
    Operation(
        "flows.read_bpmn", read, Model, "administrator", writes=False,
        summary={"en": "Read a BPMN model", "zh-CN": "读取 BPMN"},
    ),
)  # fmt: skip
