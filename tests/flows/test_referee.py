"""The engine against independent referees: random sound flows, exported as BPMN, are run by SpiffWorkflow and by a
small interpreter of the standard beside the engine; after every completion the same tasks are asked, and all end
together.

SpiffWorkflow judges what it is right about: nothing with joins inside loops, where it counts arrivals of former rounds.
Our own interpreter judges everything; where both do, all three have to agree.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.util.task import TaskState

from lowcode.flows import run
from lowcode.flows.bpmn import to_bpmn
from lowcode.flows.engine import Flows
from lowcode.flows.nodes.asking.votes import Decision, Seat
from lowcode.flows.nodes.kind import Go, Several
from lowcode.flows.operations.models import exits_by
from lowcode.flows.plan import FlowPlan
from lowcode.kernel.expressions import Moment
from tests.flows.blocks import Block, Drawing, document_of
from tests.flows.referee import Referee
from tests.flows.shapes import compiled

EXITS = exits_by(Flows().reader)
PEOPLE = 2
STEPS = 60
CONDITION = "{*}conditionExpression"

leaves: st.SearchStrategy[Block] = st.sampled_from([("ask", "all"), ("ask", "any"), ("ask", "in_order"), ("do",)])


def combined(inner: st.SearchStrategy[Block], looping: bool) -> st.SearchStrategy[Block]:
    """Blocks around blocks."""
    several = st.lists(inner, min_size=2, max_size=3)
    found = [
        st.tuples(st.just("sequence"), several),
        st.tuples(st.just("branch"), several),
        st.tuples(st.just("parallel"), several),
        st.tuples(st.just("some"), several),
        st.tuples(st.just("inside"), inner),
    ]
    return st.one_of(*found, *([st.tuples(st.just("again"), inner)] if looping else []))


flat = st.recursive(leaves, lambda inner: combined(inner, False), max_leaves=7)
any_block = st.recursive(leaves, lambda inner: combined(inner, True), max_leaves=7)


class Judged(Drawing):
    """Blocks as both sides can say them: with scopes, and without what only one of them knows."""

    within = ""

    def add(self, type_: str, **keys: Any) -> str:
        """One more node, of the scope that is drawn."""
        if self.within:
            keys["in"] = self.within
        keys.pop("returns", None)
        return super().add(type_, **keys)

    def draw(self, block: Block, onward: str) -> str:
        """A scope has a start, ends of its own, and one way out."""
        if block[0] != "inside":
            if block[0] == "ask" and self.within:
                people = {"approvers": ["owner"], "mode": block[1]}
                return self.add("approve", approved=onward, rejected=f"{self.within}_no", **people)
            return super().draw(block, onward)
        outer, scope = self.within, self.add("scope", to=onward)
        self.within = scope
        for end, outcome in (("yes", "ended"), ("no", "rejected")):
            self.nodes.append({"id": f"{scope}_{end}", "type": "end", "in": scope, "outcome": outcome})
        first = self.draw(block[1], f"{scope}_yes")
        self.nodes.append({"id": f"{scope}_start", "type": "start", "in": scope, "to": first})
        if not any(f"{scope}_no" == node.get("rejected") for node in self.nodes):
            self.nodes = [node for node in self.nodes if node["id"] != f"{scope}_no"]
        self.within = outer
        return scope


def model_of(document: dict[str, Any]) -> bytes:
    """The model as others run it: conditions in Python, how many do each task, and what ends several early."""
    tree = etree.fromstring(to_bpmn(document, EXITS).encode())
    for extension in list(tree.iter("{*}extensionElements")):
        extension.getparent().remove(extension)
    for flow in tree.iter("{*}sequenceFlow"):
        condition = flow.find(CONDITION)
        if condition is not None:
            of = flow.get("sourceRef").partition("__")[0]
            condition.text = re.sub(r'^outcome = "(.*)"$', rf'outcome_{of} == "\1"', condition.text)
    for several in tree.iter("{*}multiInstanceLoopCharacteristics"):
        space = etree.QName(several).namespace
        etree.SubElement(several, f"{{{space}}}loopCardinality").text = str(PEOPLE)
        etree.SubElement(several, f"{{{space}}}completionCondition").text = f"stop_{several.getparent().get('id')}"
    return bytes(etree.tostring(tree))


class Ours:
    """The engine's side, by its pure steps; gateways choose as their kinds do."""

    again = False

    def __init__(self, plan: FlowPlan, data: dict[str, Any]) -> None:
        self.plan, self.data = plan, data
        self.moment = Moment(now=datetime(2026, 3, 2, tzinfo=UTC))
        self.state = run.State()
        self._take(run.start(plan))

    def holds(self, expression: Any) -> bool:
        """Whether a condition is true."""
        return bool(expression.test(self.data, self.moment))

    def _take(self, result: tuple[run.State, tuple[run.Effect, ...]]) -> None:
        self.state, effects = result
        queue = list(effects)
        while queue:
            effect = queue.pop(0)
            token = self.state.token(effect.token) if isinstance(effect, run.Enter) else None
            if token is not None and token.state == "entering":
                self.state, more = run.advance(self.plan, self.state, self._enter(token))
                queue += more

    def _enter(self, token: run.Token) -> run.Answer:
        node = self.plan.nodes[token.node]
        if node.kind in ("approve", "task"):
            return run.Seated(token.number, tuple(Seat(number, number) for number in range(1, PEOPLE + 1)))
        if node.gate == "scope":
            return run.Seated(token.number)
        outcome = node.does.enter(self, node)  # type: ignore[arg-type]
        if isinstance(outcome, Several):
            return run.Split(token.number, outcome.exits)
        assert isinstance(outcome, Go)
        return run.Left(token.number, outcome.exit)

    @property
    def asked(self) -> Counter[str]:
        """How many are asked at which node; one of several who may do it for all counts as one."""
        found: Counter[str] = Counter()
        for token in self.state.tokens:
            node = self.plan.nodes[token.node]
            if token.state == "resting" and node.voting is not None:
                waiting = sum(seat.state == "open" for seat in token.seats)
                found[node.id] += min(waiting, 1) if node.voting.mode == "any" else waiting
        return found

    def hear(self, answer: run.Answer) -> None:
        """Something happened outside."""
        self._take(run.advance(self.plan, self.state, answer))

    def complete(self, id: str, decision: Decision) -> dict[str, Any]:
        """Somebody answers; what the referees have to know of it."""
        token = next(each for each in self.state.tokens if each.node == id)
        seat = next(each for each in token.seats if each.state == "open")
        self._take(run.advance(self.plan, self.state, run.Decided(token.number, seat.number, decision)))
        node = self.plan.nodes[id]
        assert node.voting is not None
        exit = node.voting.exits[decision]
        return {f"outcome_{id}": exit, f"stop_{id}": decision == "reject"}


class Spiff:
    """SpiffWorkflow's side."""

    def __init__(self, xml: bytes, name: str, data: dict[str, Any]) -> None:
        parser = BpmnParser()
        parser.add_bpmn_str(xml)
        self.workflow = BpmnWorkflow(parser.get_spec(name), parser.get_subprocess_specs(name))
        self.workflow.get_tasks(state=TaskState.READY)[0].data.update(data)
        self.workflow.do_engine_steps()

    @property
    def ready(self) -> list[Any]:
        """The user tasks that can be done."""
        found = self.workflow.get_tasks(state=TaskState.READY, manual=True)
        return [each for each in found if each.task_spec.bpmn_id is not None]

    @property
    def asked(self) -> Counter[str]:
        """How many of which."""
        return Counter(each.task_spec.bpmn_id for each in self.ready)

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return bool(self.workflow.is_completed())

    def complete(self, id: str, said: dict[str, Any]) -> None:
        """One of the instances of a task is done."""
        task = next(each for each in self.ready if each.task_spec.bpmn_id == id)
        task.data.update(said)
        task.run()
        self.workflow.do_engine_steps()


def played(block: Block, total: int, seed: int, *, spiff: bool) -> None:
    """One flow by all sides, the same answers for each."""
    document = {**document_of(block, Judged()), "name": "judged"}
    plan, report = compiled(document)
    assert plan is not None, str(report)
    data: dict[str, Any] = {"total": total, **_silent(plan)}
    xml, chance = model_of(document), random.Random(seed)
    ours, own = Ours(plan, data), Referee(xml, dict(data))
    other = Spiff(xml, "judged", data) if spiff else None
    for _ in range(STEPS):
        assert ours.asked == own.asked
        assert other is None or ours.asked == other.asked
        if ours.state.ended:
            break
        id = chance.choice(sorted(ours.asked))
        node = plan.nodes[id]
        assert node.voting is not None
        decision: Decision = "reject" if node.kind == "approve" and chance.random() < 0.25 else node.voting.agreement
        said = ours.complete(id, decision)
        own.complete(id, said)
        if other is not None:
            other.complete(id, said)
    assert ours.state.ended == own.ended
    assert other is None or ours.state.ended == other.ended


def _silent(plan: FlowPlan) -> dict[str, Any]:
    """What nobody has said yet."""
    return {f"stop_{id}": False for id in plan.nodes}


@pytest.mark.requirement("W24", "W25", "W27")
@settings(max_examples=120, deadline=None)
@given(block=flat, total=st.integers(0, 3), seed=st.integers(0, 2**16))
def test_as_spiffworkflow_and_the_standard_have_it(block: Block, total: int, seed: int) -> None:
    """Sequence, choice, parallel, inclusive, scopes and several people, without loops."""
    played(block, total, seed, spiff=True)


@settings(max_examples=120, deadline=None)
@given(block=any_block, total=st.integers(0, 3), seed=st.integers(0, 2**16))
def test_as_the_standard_has_it(block: Block, total: int, seed: int) -> None:
    """The same with loops around everything, where SpiffWorkflow is no referee."""
    played(block, total, seed, spiff=False)
