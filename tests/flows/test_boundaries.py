"""Boundary events against the referee of the standard: on tasks done by several people and on sub-processes, messages
and timers from outside, errors and escalations from inside, that interrupt or do not, in any order with what people
answer. After every step the same tasks are asked, the same events may happen, and all end together."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowcode.flows import run
from lowcode.flows.nodes.asking.votes import Decision
from lowcode.flows.operations.listening import listening
from tests.flows.blocks import Block, document_of
from tests.flows.border_referee import BorderReferee
from tests.flows.shapes import compiled
from tests.flows.test_referee import STEPS, Judged, Ours, leaves, model_of

Event = tuple[str, str, bool]
"""What it is, its name, and whether it interrupts."""
outside: st.SearchStrategy[Event] = st.tuples(st.sampled_from(["message", "after"]), st.just(""), st.booleans())
inside: st.SearchStrategy[Event] = st.one_of(
    st.tuples(st.just("error"), st.sampled_from(["e1", "e2"]), st.just(True)),
    st.tuples(st.just("escalation"), st.sampled_from(["x1", "x2"]), st.booleans()),
)
throws = st.sampled_from([None, ("error", "e1"), ("error", "e2"), ("escalation", "x1"), ("escalation", "x2")])
on_tasks = st.tuples(st.just("guarded"), leaves, st.lists(outside, max_size=2))


def around(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    """Blocks around blocks, most of them scopes with events."""
    several = st.lists(inner, min_size=2, max_size=3)
    events = st.lists(st.one_of(outside, inside), max_size=3)
    return st.one_of(
        st.tuples(st.just("scope"), inner, throws, events),
        st.tuples(st.just("sequence"), several),
        st.tuples(st.just("branch"), several),
        st.tuples(st.just("parallel"), several),
        st.tuples(st.just("some"), several),
        st.tuples(st.just("again"), inner),
    )


guarded = st.recursive(on_tasks, around, max_leaves=6)


class Guarded(Judged):
    """Blocks with events on them. What goes on beside ends for itself; what interrupts goes on where the block does. In
    a loop everything interrupts: a round that adds tokens is refused when the flow is compiled."""

    rounds = 0

    def draw(self, block: Block, onward: str) -> str:
        """The nodes of a block, and the ways of its events."""
        match block:
            case ("guarded", leaf, events):
                first = super().draw(leaf, onward)
            case ("scope", inner, thrown, events):
                first = super().draw(("inside", inner), onward)
                ends = [node for node in self.nodes if node["id"] == f"{first}_no"]
                if thrown is not None and thrown[0] == "escalation" and "'parallel'" in repr(inner):
                    thrown = ("error", "e1")  # an escalation takes one branch away and leaves the join waiting
                if ends and thrown is not None:
                    del ends[0]["outcome"]
                    ends[0][thrown[0]] = thrown[1]
            case ("again", _):
                self.rounds += 1
                first = super().draw(block, onward)
                self.rounds -= 1
                return first
            case _:
                return super().draw(block, onward)
        node = next(each for each in self.nodes if each["id"] == first)
        caught = [self._event(number, event, onward) for number, event in enumerate(events)]
        if caught:
            node["on"] = caught
        return first

    def _event(self, number: int, event: Event, onward: str) -> dict[str, Any]:
        what, name, interrupts = event[0], event[1], event[2] or self.rounds > 0
        to = self.add("task", assignees=["owner"], to=onward if interrupts else self._end())
        says: Any = {"message": f"{to}_{number}", "after": {"hours": number + 1}}.get(what, name)
        return {what: says, "interrupts": interrupts, "to": to}

    def _end(self) -> str:
        return f"{self.within}_yes" if self.within else "end"


def awaited(ours: Ours) -> dict[str, list[run.Answer]]:
    """The messages and timers that may happen, by the event on the border."""
    found: dict[str, list[run.Answer]] = {}
    for node, catch, answer in listening(ours.plan, ours.state):
        if catch.what in ("message", "after"):
            found.setdefault(f"{node.id}__{catch.exit}", []).append(answer)
    return found


def played(block: Block, total: int, seed: int) -> Counter[str]:
    """One flow by both sides, with the same answers and events for each; what happened."""
    document = {**document_of(block, Guarded()), "name": "judged"}
    plan, report = compiled(document)
    assert plan is not None, str(report)
    data: dict[str, Any] = {"total": total, **{f"stop_{id}": False for id in plan.nodes}}
    chance, seen = random.Random(seed), Counter[str]()
    ours, own = Ours(plan, data), BorderReferee(model_of(document), dict(data))
    for _ in range(STEPS):
        assert ours.asked == own.asked
        events = awaited(ours)
        assert Counter({id: len(answers) for id, answers in events.items()}) == own.awaited
        assert ours.state.ended == own.ended
        if ours.state.ended:
            break
        if events and chance.random() < 0.35:
            id = chance.choice(sorted(events))
            ours.hear(events[id][0])
            own.happen(id)
            seen["event"] += 1
            continue
        id = chance.choice(sorted(ours.asked))
        node = plan.nodes[id]
        assert node.voting is not None
        decision: Decision = "reject" if node.kind == "approve" and chance.random() < 0.4 else node.voting.agreement
        own.complete(id, ours.complete(id, decision))
        seen[decision] += 1
    return seen


@pytest.mark.requirement("W27")
@settings(max_examples=100, deadline=None)
@given(block=guarded, total=st.integers(0, 3), seed=st.integers(0, 2**16))
def test_events_on_borders_are_as_the_standard_has_them(block: Block, total: int, seed: int) -> None:
    """Several people, scopes in scopes, loops, splits and joins, with events on all of them."""
    played(block, total, seed)
