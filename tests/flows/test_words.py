"""Any words of approval, in any order, on any flow: nothing is lost, nothing is stuck, and it can always end."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from lowcode.flows import run
from lowcode.flows.nodes.asking.votes import ADVISERS, Seat
from lowcode.flows.operations.plans import dead_ends
from lowcode.flows.plan import FlowPlan
from lowcode.flows.run.people import targets
from tests.flows.blocks import Block, blocks, document_of
from tests.flows.shapes import plan_of
from tests.flows.test_run import World

STEPS = 25


def an_answer(world: World, plan: FlowPlan, chance: random.Random, newcomer: int) -> run.Answer | None:
    """Something that somebody could do now."""
    resting = [token for token in world.state.tokens if token.state == "resting"]
    waits = [token for token in resting if not token.seats]
    if waits and chance.random() < 0.3:
        token = chance.choice(waits)
        return run.Left(token.number, "to")
    asked = world.open()
    if not asked:
        return run.Left(waits[0].number, "to") if waits else None
    token, seat = chance.choice(asked)
    number = token.number
    match chance.randrange(10):
        case 0:
            role = chance.choice(["voter", "before", "delegate", "consult", "next"])
            return run.Added(number, seat.number, (newcomer,), role)  # type: ignore[arg-type]
        case 1:
            return run.Handed(number, seat.number, newcomer)
        case 2:
            pending = [each.number for each in token.seats if each.pending]
            return run.Removed(number, chance.choice(pending))
        case 3:
            done = [each.number for each in token.seats if each.state == "done"]
            return run.Reopened(number, chance.choice(done)) if done else None
        case 4:
            known = targets(plan, plan.nodes[token.node], token)
            resume = chance.choice(["again", "refuser"])
            return run.SentBack(number, seat.number, chance.choice(list(known)), resume) if known else None  # type: ignore[arg-type]
        case 5:
            last = token.last
            people = (Seat(1, 1), Seat(2, 2, state="done", decision="approve", reason="kept"))
            return run.Reclaimed(last, people) if last > 0 else None
        case 6:
            to = chance.choice([visit.node for visit in token.trail] or [plan.entry])
            return run.Jumped(number, to)
        case _:
            node = plan.nodes[token.node]
            assert node.voting is not None
            usual = "complete" if seat.role in ADVISERS and chance.random() < 0.5 else node.voting.agreement
            refusing = "reject" in node.voting.exits and chance.random() < 0.1
            return run.Decided(number, seat.number, "reject" if refusing else usual)


@settings(max_examples=60, deadline=None)
@given(block=blocks, seed=st.integers(0, 2**16), people=st.integers(1, 3))
def test_any_words_in_any_order(block: Block, seed: int, people: int) -> None:
    """After every word: seats that are asked belong to tokens, somebody may answer at every token with seats, and from
    where the tokens stand every join can still fire. When everybody agrees from then on, it ends."""
    plan = plan_of(document_of(block))
    chance = random.Random(seed)
    world = World(plan, people, chance)
    for newcomer in range(100, 100 + STEPS):
        if world.state.ended:
            break
        answer = an_answer(world, plan, chance, newcomer)
        if answer is None:
            continue
        try:
            world.answer(answer)
        except run.Impossible:
            continue
        sound(world, plan)
    for _ in range(3_000):
        if world.state.ended:
            break
        agree(world, plan)
    assert world.state.ended
    open_now = {(e.token, e.seat.number) for e in world.effects if isinstance(e, run.Opened)}
    closed = {(e.token, e.seat.number) for e in world.effects if isinstance(e, run.Closed)}
    assert open_now - closed == {
        (e.token, e.seat.number) for e in world.effects if isinstance(e, run.Opened) and e.seat.reason == "kept"
    }


def sound(world: World, plan: FlowPlan) -> None:
    """What must hold wherever an instance stands."""
    numbers = [token.number for token in world.state.tokens]
    assert len(numbers) == len(set(numbers))
    for token in world.state.tokens:
        assert token.state in ("resting", "joining"), token
        if token.seats:
            assert any(seat.state == "open" for seat in token.seats), token
        if token.state == "joining":
            assert plan.nodes[token.node].gate in ("join", "merge")
    assert dead_ends(plan, world.state) == set()


def agree(world: World, plan: FlowPlan) -> None:
    """Everybody says yes, and every wait ends."""
    waits = [token for token in world.state.tokens if token.state == "resting" and not token.seats]
    if waits:
        world.answer(run.Left(waits[0].number, "to"))
        return
    token, seat = world.open()[0]
    voting = plan.nodes[token.node].voting
    assert voting is not None
    world.answer(run.Decided(token.number, seat.number, voting.agreement))
