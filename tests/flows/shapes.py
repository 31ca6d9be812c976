"""A scope with one small form, for compiling flows without a host."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from lowcode.flows.engine import Flows
from lowcode.flows.plan import FlowPlan
from lowcode.kernel.definitions import read_source
from lowcode.kernel.diagnostics import Place, Report
from lowcode.kernel.expressions import FieldShape, RecordShape, Shapes, Type
from lowcode.kernel.requests import Offer
from lowcode.kernel.scope import Scope

USER = Type("user", record="user")
QUOTE = {
    "number": Type("text"),
    "total": Type("number", scale=2),
    "margin": Type("number", scale=2),
    "stage": Type("choice", options=("draft", "approving", "approved", "rejected")),
    "valid_until": Type("date"),
    "owner": USER,
    "id": Type("number", scale=0),
}
CONTRACT = {"title": Type("text"), "amount": Type("number", scale=2), "quote": Type("record", record="quote")}
PERSON = {"id": Type("number", scale=0), "name": Type("text"), "manager": USER}


@dataclass
class Record:
    """As much of a record type as compiling a flow asks for."""

    name: str
    types: Mapping[str, Type]
    computed: frozenset[str] = frozenset()
    shape: RecordShape = field(init=False)
    fields: dict[str, Any] = field(init=False)
    relations: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.shape = RecordShape(self.name, {key: FieldShape(key, key, type_) for key, type_ in self.types.items()})
        self.fields = {
            key: SimpleNamespace(
                money=False,
                name=key,
                computed=key in self.computed,
                type=type_,
                options_type=type_.kind,
                titles={},
                percent=False,
                rows=None,
                target=type_.target,
            )
            for key, type_ in self.types.items()
        }


class Anything:
    """A program that may be asked for whatever somebody asks."""

    names: tuple[str, ...] = ()

    def get(self, name: str) -> Offer:
        """It takes nothing, and says nothing of its answer."""
        return Offer(name, name)


def scope() -> Scope:
    """A scope that knows the forms quote and contract, some roles and a print template."""
    made = Scope(SimpleNamespace(name="test"))
    records: dict[str, Any] = {
        "quote": Record("quote", QUOTE, frozenset({"margin"})),
        "contract": Record("contract", CONTRACT),
        "user": Record("user", PERSON),
    }
    made.records.update(records)
    made._shapes = Shapes({name: record.shape for name, record in records.items()})
    report = Report()
    for name in ("quote", "contract"):
        made.declare("form", name, records[name], Place(f"forms/{name}.json"), report)
    for role in ("sales", "supervisor", "finance", "director", "administrator"):
        made.declare("role", role, role, Place("app.json"), report)
    made.declare("flow", "of_contracts", {"form": "contract"}, Place("flows/of_contracts.json"), report)
    made.declare("template", "quotation", "quotation", Place("printing/quotation.json"), report)
    return made


def connecting(*connectors: str) -> Scope:
    """The same with programs of these names, which may be asked for anything."""
    made, report = scope(), Report()
    for name in connectors:
        for what in ("connector", "offers"):
            made.declare(what, name, Anything(), Place(f"connectors/{name}.json"), report)
    return made


def compiled(document: Any, known: Scope | None = None) -> tuple[FlowPlan | None, Report]:
    """A flow as a plan, with the findings. `document` is a mapping or JSON text."""
    import json

    report = Report()
    text = document if isinstance(document, str) else json.dumps(document, ensure_ascii=False)
    source = read_source("flows/test.json", text, report)
    return Flows().reader.flow(source, known or scope(), report), report


def plan_of(document: Any) -> FlowPlan:
    """A flow that is meant to be right."""
    plan, report = compiled(document)
    assert plan is not None, str(report)
    return plan


def flow(*nodes: Mapping[str, Any], **keys: Any) -> dict[str, Any]:
    """A document around some nodes."""
    return {"name": "test", "form": "quote", "nodes": list(nodes), **keys}
