"""What a flow means, without a database: tokens, joins, votes, and that nothing is ever lost."""

from __future__ import annotations

import random
from collections import deque
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowcode.flows import run
from lowcode.flows.nodes.asking.votes import Decision, Seat
from lowcode.flows.plan import FlowPlan
from lowcode.flows.run.state import from_json, to_json
from tests.flows.blocks import Block, blocks, document_of
from tests.flows.shapes import compiled, flow, plan_of

START = {"id": "start", "type": "start"}
END = {"id": "end", "type": "end", "outcome": "approved"}
REFUSED = {"id": "refused", "type": "end", "outcome": "rejected"}


class World:
    """Answers what a flow asks, by chance or by script; people are the numbers from 1."""

    def __init__(self, plan: FlowPlan, people: int = 2, chance: random.Random | None = None) -> None:
        self.plan = plan
        self.people = people
        self.chance = chance or random.Random(0)
        self.effects: list[run.Effect] = []
        self.state = run.State()
        self._take(run.start(plan))

    def answer(self, answer: run.Answer) -> None:
        """Work one answer in, and everything that follows without anybody being asked."""
        self._take(run.advance(self.plan, self.state, answer))

    def _take(self, result: tuple[run.State, tuple[run.Effect, ...]]) -> None:
        queue: deque[run.Effect] = deque()
        while True:
            self.state, effects = result
            self.state = from_json(to_json(self.state))
            self.effects.extend(effects)
            queue.extend(effects)
            entered = next((each for each in queue if isinstance(each, run.Enter)), None)
            if entered is None:
                return
            queue.remove(entered)
            if self.state.token(entered.token) is None:  # an end elsewhere took it away in the meantime
                result = self.state, ()
                continue
            result = run.advance(self.plan, self.state, self._enter(entered))

    def _enter(self, effect: run.Enter) -> run.Answer:
        node = self.plan.nodes[effect.node]
        if node.gate == "choose":
            chosen = tuple(exit for exit in node.exits if exit != "otherwise" and self.chance.random() < 0.5)
            return run.Split(effect.token, chosen or ("otherwise",))
        token = self.state.token(effect.token)
        if node.kind in ("approve", "task") or (token is not None and token.again and node.kind == "start"):
            return run.Seated(effect.token, tuple(Seat(number, number) for number in range(1, self.people + 1)))
        if node.kind == "wait":
            return run.Seated(effect.token)
        return run.Left(effect.token, self.chance.choice(list(node.exits)))

    def open(self) -> list[tuple[run.Token, Seat]]:
        """What people are asked now."""
        return [(token, seat) for token in self.state.tokens for seat in token.seats if seat.state == "open"]

    def decide(self, node: str, person: int, decision: Decision) -> None:
        """A person decides at a node."""
        token = next(token for token in self.state.tokens if token.node == node)
        seat = next(seat for seat in token.seats if seat.person == person)
        self.answer(run.Decided(token.number, seat.number, decision))

    @property
    def at(self) -> list[str]:
        """Where the tokens stand."""
        return sorted(token.node for token in self.state.tokens)

    @property
    def outcome(self) -> str | None:
        """How it ended, if it did."""
        return next((each.outcome for each in self.effects if isinstance(each, run.Ended)), None)


def approve(id: str, approved: str, rejected: str = "refused", **keys: Any) -> dict[str, Any]:
    """An approval node."""
    return {"id": id, "type": "approve", "approvers": ["owner"], "approved": approved, "rejected": rejected, **keys}


@pytest.mark.requirement("SW02", "W3")
def test_all_have_to_agree() -> None:
    """会签: the last agreement moves on; who is left is not asked any more after a rejection."""
    plan = plan_of(flow({**START, "to": "a"}, approve("a", "end"), END, REFUSED))
    world = World(plan, people=3)
    world.decide("a", 1, "approve")
    world.decide("a", 3, "approve")
    assert ["a"] == world.at
    world.decide("a", 2, "approve")
    assert "approved" == world.outcome

    world = World(plan, people=3)
    world.decide("a", 2, "reject")
    assert "rejected" == world.outcome
    cancelled = [e.seat.person for e in world.effects if isinstance(e, run.Closed) and e.seat.state == "cancelled"]
    assert [1, 3] == cancelled


def test_parallel_branches_meet_in_a_join() -> None:
    """A join waits for one token of each incoming flow and goes on once."""
    plan = plan_of(
        flow(
            {**START, "to": "split"},
            {"id": "split", "type": "parallel", "to": ["a", "b"]},
            approve("a", "join"),
            approve("b", "join"),
            {"id": "join", "type": "join", "to": "c"},
            approve("c", "end"),
            END,
            REFUSED,
        )
    )
    world = World(plan, people=1)
    assert ["a", "b"] == world.at
    world.decide("b", 1, "approve")
    assert ["a", "join"] == world.at
    world.decide("a", 1, "approve")
    assert ["c"] == world.at
    world.decide("c", 1, "approve")
    assert "approved" == world.outcome


def test_a_rejection_on_one_branch_stops_the_others() -> None:
    """An end with the outcome 'rejected' cancels what is still open elsewhere."""
    plan = plan_of(
        flow(
            {**START, "to": "split"},
            {"id": "split", "type": "parallel", "to": ["a", "b"]},
            approve("a", "join"),
            approve("b", "join"),
            {"id": "join", "type": "join", "to": "end"},
            END,
            REFUSED,
        )
    )
    world = World(plan, people=1)
    world.decide("a", 1, "reject")
    assert ([], "rejected") == (world.at, world.outcome)


def test_a_second_decision_on_one_seat_is_impossible() -> None:
    """A seat is decided once; who comes second is told so."""
    world = World(plan_of(flow({**START, "to": "a"}, approve("a", "end"), END, REFUSED)), people=2)
    world.decide("a", 1, "approve")
    with pytest.raises(run.Impossible, match=r"flows\.stale"):
        world.decide("a", 1, "approve")


def test_transfer_and_added_signer() -> None:
    """转办 moves a seat for good, 加签 adds one; nobody sits twice."""
    world = World(plan_of(flow({**START, "to": "a"}, approve("a", "end"), END, REFUSED)), people=2)
    token = world.state.tokens[0].number
    world.answer(run.Handed(token, 1, 7))
    world.answer(run.Added(token, 2, (8,)))
    assert [2, 7, 8] == sorted(seat.person for _, seat in world.open())
    with pytest.raises(run.Impossible, match=r"flows\.asked-already"):
        world.answer(run.Added(token, 2, (7,)))
    for person in (2, 7):
        world.decide("a", person, "approve")
    assert ["a"] == world.at
    world.decide("a", 8, "approve")
    assert "approved" == world.outcome


@settings(max_examples=100, deadline=None)
@given(block=blocks, seed=st.integers(0, 2**16), people=st.integers(1, 3))
def test_no_token_is_lost(block: Block, seed: int, people: int) -> None:
    """A random flow, answered at random: it always ends, nothing is open without a token, nothing is stuck."""
    plan, report = compiled(document_of(block))
    assert plan is not None, str(report)
    chance = random.Random(seed)
    world = World(plan, people, chance)
    for _ in range(2_000):
        if world.state.ended:
            break
        waiting = [t for t in world.state.tokens if t.state == "resting" and not t.seats]
        asked = world.open()
        assert waiting or asked
        if waiting and (not asked or chance.random() < 0.5):
            world.answer(run.Left(chance.choice(waiting).number, "to"))
        else:
            token, seat = chance.choice(asked)
            approving = plan.nodes[token.node].kind == "approve"
            decision: Decision = chance.choice(["approve", "approve", "reject"]) if approving else "complete"
            world.answer(run.Decided(token.number, seat.number, decision))
        assert len({t.number for t in world.state.tokens}) == len(world.state.tokens)
    assert world.state.ended
    assert world.outcome in ("approved", "rejected")
    opened = {(e.token, e.seat.number) for e in world.effects if isinstance(e, run.Opened)}
    closed = [(e.token, e.seat.number) for e in world.effects if isinstance(e, run.Closed)]
    assert opened == set(closed)
    assert len(closed) == len(set(closed))


@settings(max_examples=25, deadline=None)
@given(block=blocks)
def test_compile_twice_is_the_same_plan(block: Block) -> None:
    """The digest and the nodes of a plan depend on the document only."""
    document = document_of(block)
    first, second = plan_of(document), plan_of(dict(reversed(document.items())))
    assert first.digest == second.digest
    assert [repr(node.exits) for node in first.nodes.values()] == [repr(node.exits) for node in second.nodes.values()]
    assert first.incoming == second.incoming
