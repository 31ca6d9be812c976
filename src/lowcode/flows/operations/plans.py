"""The plans of an app: the flows as they are now, and the versions that running instances are pinned to."""

from __future__ import annotations

import json
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite

from lowcode.flows.compile.flow import FlowReader
from lowcode.flows.compile.levels import graphs_of
from lowcode.flows.diagnostics import problem
from lowcode.flows.nodes.kind import Hindered
from lowcode.flows.operations.store import UNDER_WAY, VERSION
from lowcode.flows.plan import FlowPlan
from lowcode.flows.run.board import State
from lowcode.flows.tables import version
from lowcode.kernel.contract import Context
from lowcode.kernel.definitions import read_source
from lowcode.kernel.diagnostics import Rejected, Report
from lowcode.kernel.reasons import LANGUAGES
from lowcode.kernel.scope import Scope
from lowcode.kernel.storage import Unit


@dataclass(slots=True)
class FlowsPlan:
    """Every flow of one version of the app. `pinned` grows with the older versions that running instances need."""

    flows: Mapping[str, FlowPlan]
    scope: Scope
    reader: FlowReader
    pinned: dict[str, FlowPlan] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.pinned.update({plan.digest: plan for plan in self.flows.values()})

    def of_form(self, form: str) -> list[FlowPlan]:
        """The flows that accompany records of a form."""
        return [plan for plan in self.flows.values() if plan.form == form]

    def concerns(self, form: str) -> bool:
        """Whether flows have anything to say of what may be done with a record."""
        return bool(self.of_form(form))

    def under_way(self, unit: Unit, names: Mapping[str, Collection[str]]) -> int:
        """How many instances run of the flows among some names."""
        flows = sorted(names.get("flow", ()))
        row = unit.one(UNDER_WAY, of_flows=flows) if flows else None
        return int(row["count"]) if row is not None else 0

    def at(self, context: Context, digest: str) -> FlowPlan:
        """The plan an instance began under. Raises Hindered when it no longer fits the application."""
        found = self.pinned.get(digest)
        if found is None:
            row = context.unit.one(VERSION, digest=digest)
            assert row is not None, f"an instance names the version {digest}, which was never stored"
            found = self._compile(row)
            with self.lock:
                self.pinned[digest] = found
        return found

    def _compile(self, row: Mapping[str, Any]) -> FlowPlan:
        name = f"flows/{row['flow']}.json@{row['digest'][:8]}"
        plan, report = self._read(name, row["document"], self.scope.written_before())
        if plan is None:
            reason = {tag: "; ".join(e.told(tag)[0] for e in report.errors) for tag in LANGUAGES}
            raise Hindered(problem("flows.version-unreadable", reason=reason))
        return plan

    def read(self, flow: str, document: Mapping[str, Any]) -> FlowPlan:
        """A version that one instance is to go on under. Raises Rejected with what is wrong with it."""
        plan, report = self._read(f"flows/{flow}.json", document, self.scope.written_before())
        if plan is None:
            reasons = [{tag: each.told(tag)[0] for tag in LANGUAGES} for each in report.errors]
            raise Rejected([problem("flows.step-impossible", reason=each) for each in reasons])
        return plan

    def check(self, document: Mapping[str, Any]) -> Report:
        """What is wrong with a flow that is not published; it may name itself."""
        name = str(document.get("name"))
        return self._read(f"flows/{name}.json", document, self.scope.beside("flow", name, document))[1]

    def _read(
        self, name: str, document: Mapping[str, Any], scope: Scope | None = None
    ) -> tuple[FlowPlan | None, Report]:
        report = Report()
        source = read_source(name, json.dumps(document, ensure_ascii=False), report)
        return self.reader.flow(source, scope or self.scope, report), report


def flows_of(context: Context) -> FlowsPlan:
    """The flows of the app as this piece of work sees it."""
    found = context.app.plans["flows"]
    assert isinstance(found, FlowsPlan)
    return found


def keep(context: Context, plan: FlowPlan) -> None:
    """Store the version an instance begins under, once; who begins the first one at the same moment has stored it."""
    if context.unit.one(VERSION, digest=plan.digest) is None:
        made = {"digest": plan.digest, "flow": plan.name, "document": dict(plan.document), "created_at": context.now()}
        make: Any = sqlite.insert if context.unit.database.dialect_name == "sqlite" else postgresql.insert
        context.unit.run(make(version).values(**made).on_conflict_do_nothing(index_elements=["digest"]))


def dead_ends(plan: FlowPlan, state: State) -> set[str]:
    """The joins at which tokens could wait for ever from where they stand."""
    graphs = graphs_of(plan.nodes, plan.entry, plan.entries)
    found: set[str] = set()
    for scope in dict.fromkeys(token.scope for token in state.tokens):
        beside = [token for token in state.tokens if token.scope == scope]
        graph = graphs[plan.nodes[beside[0].node].scope]
        marking: dict[str, int] = {}
        for token in beside:
            into = (key for key, target in graph.target.items() if target == token.node)
            arrow = token.via if graph.target.get(token.via) == token.node else next(into, "")
            if arrow:
                marking[arrow] = marking.get(arrow, 0) + 1
        waiting, _ = graph.walk(tuple(sorted(marking.items())))
        found |= waiting
    return found
