"""Scopes and events by themselves: what must hold whatever happens, and what begins a flow from outside."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowcode.flows import run
from lowcode.flows.operations.listening import listening
from lowcode.flows.plan import FlowPlan
from lowcode.kernel.diagnostics import Conflict
from tests.flows.app import Office, document
from tests.flows.shapes import compiled

DEEP: list[dict[str, Any]] = [
    {"id": "start", "type": "start", "to": "all"},
    {"id": "all", "type": "parallel", "to": ["outer", "outer", "beside"]},
    {"id": "beside", "type": "wait", "events": [{"message": "m0", "to": "meet"}]},
    {"id": "outer", "type": "scope", "to": "meet",
     "on": [{"message": "m1", "to": "meet"}, {"error": "e", "to": "meet"}]},
    {"id": "meet", "type": "join", "waits_for": "active", "to": "end"},
    {"id": "end", "type": "end"},
    {"id": "o1", "type": "start", "in": "outer", "to": "split"},
    {"id": "split", "type": "parallel", "in": "outer", "to": ["inner", "rest"]},
    {"id": "rest", "type": "wait", "in": "outer",
     "events": [{"message": "m2", "to": "both"}, {"message": "m3", "to": "ouch"}]},
    {"id": "ouch", "type": "end", "in": "outer", "error": "e"},
    {"id": "inner", "type": "scope", "in": "outer", "to": "both",
     "on": [{"message": "m4", "interrupts": False, "to": "extra"}]},
    {"id": "extra", "type": "wait", "in": "outer", "events": [{"message": "m5", "to": "over"}]},
    {"id": "over", "type": "end", "in": "outer"},
    {"id": "both", "type": "join", "in": "outer", "to": "o9"},
    {"id": "o9", "type": "end", "in": "outer"},
    {"id": "i1", "type": "start", "in": "inner", "to": "sit"},
    {"id": "sit", "type": "wait", "in": "inner", "events": [{"message": "m6", "to": "i9"}]},
    {"id": "i9", "type": "end", "in": "inner"},
    {"id": "help", "type": "handler", "in": "outer", "event": {"message": "m7"}},
    {"id": "h1", "type": "start", "in": "help", "to": "hear"},
    {"id": "hear", "type": "wait", "in": "help", "events": [{"message": "m8", "to": "h9"}]},
    {"id": "h9", "type": "end", "in": "help"},
    {"id": "undo", "type": "handler", "in": "outer", "undoes": "inner"},
    {"id": "u1", "type": "start", "in": "undo", "to": "u9"},
    {"id": "u9", "type": "end", "in": "undo"},
]  # fmt: skip


def _plan() -> FlowPlan:
    plan, report = compiled({"name": "deep", "form": "quote", "nodes": DEEP})
    assert plan is not None, str(report)
    return plan


PLAN = _plan()


def settled(plan: FlowPlan, state: run.State, effects: tuple[run.Effect, ...]) -> run.State:
    """Enter what has to be entered: waits and scopes rest, everything else goes on."""
    queue = list(effects)
    while queue:
        effect = queue.pop(0)
        token = state.token(effect.token) if isinstance(effect, run.Enter) else None
        if token is None or token.state != "entering":
            continue
        rests = plan.nodes[token.node].rests
        answer: run.Answer = run.Seated(token.number) if rests else run.Left(token.number, "to")
        state, more = run.advance(plan, state, answer)
        queue += more
    return state


def sound(plan: FlowPlan, state: run.State) -> None:
    """Every token lies in scopes whose tokens rest on them, and nothing is held open by nobody."""
    tokens = {token.number: token for token in state.tokens}
    held = {number for token in state.tokens for number in token.scope}
    for token in state.tokens:
        around = [tokens[number] for number in token.scope]
        assert [each.node for each in around] == list(plan.around(token.node))
        assert all(each.state == "resting" for each in around)
        assert [each.scope for each in around] == [token.scope[:depth] for depth in range(len(around))]
        if plan.nodes[token.node].gate in ("scope", "handler"):
            assert token.number in held
    assert run.from_json(run.to_json(state)) == state
    assert not any(token.state == "stuck" for token in state.tokens)


@given(st.lists(st.integers(0, 40), max_size=60))
def test_no_token_is_lost_or_left_behind(choices: list[int]) -> None:
    """A scope that goes on twice at once, another inside it, a handler, errors and events, in any order: after each
    step all is sound, and from wherever it stands the flow can be brought to its end."""
    plan = PLAN
    state = settled(plan, *run.start(plan))
    for choice in choices:
        heard = [answer for _, _, answer in listening(plan, state)]
        if not heard:
            break
        state = settled(plan, *run.advance(plan, state, heard[choice % len(heard)]))
        sound(plan, state)
    for _ in range(200):
        going = [answer for _, _, answer in listening(plan, state) if isinstance(answer, run.Left)]
        if not going:
            break
        state = settled(plan, *run.advance(plan, state, going[0]))
        sound(plan, state)
    assert state.ended


START = {"id": "start", "type": "start", "to": "sign"}
SIGN = {"id": "sign", "type": "task", "assignees": [{"role": "finance"}], "to": "end"}
END = {"id": "end", "type": "end"}


@pytest.mark.requirement("SW12", "SW15")
def test_a_message_and_a_signal_begin_flows() -> None:
    """A message begins a flow for whoever may send it and once at a time; a signal begins flows of that form."""
    told = document(
        "told", nodes=[START, SIGN, END], start={"on": "message", "name": "paid", "roles": ["finance"]}, withdraw={}
    )
    throw = {"id": "say", "type": "throw", "signal": "signed", "to": "end"}
    say = document("say", nodes=[{**START, "to": "say"}, throw, END], start={"on": "manual"}, withdraw={})
    heard = document(
        "heard", nodes=[START, SIGN, END], start={"on": "signal", "name": "signed", "when": "total > 100"}, withdraw={}
    )
    office = Office(told, say, heard)
    quote, small = office.quote(500), office.quote(50)
    nothing, paid = {"moved": 0, "kept": 0}, {"name": "paid", "form": "quote", "id": quote}
    assert nothing == office.ask("head", "flows.message", **paid)
    assert {**nothing, "begun": 1} == office.ask("fang", "flows.message", **paid)
    assert nothing == office.ask("fang", "flows.message", **paid)
    for each in (quote, small):
        office.ask("li", "flows.start", flow="say", id=each)
    office.host.settle()
    assert sorted(each["flow"]["name"] for each in office.tasks("fang")) == ["heard", "told"]


def test_a_signal_finds_who_waits_among_many() -> None:
    """Of many instances only those that wait for the signal are looked at."""
    wait = {**SIGN, "on": [{"signal": "go", "to": "end"}]}
    listens = document("listens", nodes=[START, wait, END], start={"on": "manual"}, withdraw={})
    deaf = document("deaf", nodes=[START, SIGN, END], start={"on": "manual"}, withdraw={})
    throw = {"id": "say", "type": "throw", "signal": "go", "to": "end"}
    says = document("says", nodes=[{**START, "to": "say"}, throw, END], start={"on": "manual"}, withdraw={})
    office = Office(listens, deaf, says)
    quotes = [office.quote() for _ in range(6)]
    for index, quote in enumerate(quotes):
        office.ask("li", "flows.start", flow="listens" if index % 3 == 0 else "deaf", id=quote)
    office.ask("li", "flows.start", flow="says", id=quotes[5])
    office.host.settle()
    assert [each["flow"]["name"] for each in office.tasks("fang")] == ["deaf"] * 4
    with pytest.raises(Conflict):
        office.ask("li", "flows.start", flow="deaf", id=quotes[1])
