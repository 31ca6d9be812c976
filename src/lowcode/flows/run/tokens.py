"""What a flow means: tokens that move over a plan. Pure: no database, no clock, no chance.

`start(plan)` puts the first token on the way; `advance(plan, state, answer)` gives the next state and what has to be
done in the world. The world (see `operations/drive.py`) does it and answers in turn, until every token rests, is stuck
or gone. The state is the live tokens and nothing else, so the two-hundredth round costs what the first did.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_never

from lowcode.flows.plan import FlowPlan
from lowcode.flows.run import people, scopes
from lowcode.flows.run.answers import (
    Added,
    Answer,
    Chosen,
    Claimed,
    Decided,
    Erred,
    Escalated,
    Failed,
    Handed,
    Handled,
    Happened,
    Jumped,
    Left,
    Received,
    Reclaimed,
    Removed,
    Reopened,
    Retried,
    Seated,
    SentBack,
    Split,
    Stopped,
    Thrown,
)
from lowcode.flows.run.board import State, Token
from lowcode.flows.run.changed import replace
from lowcode.flows.run.effects import Began, Effect, Enter, Passed
from lowcode.flows.run.table import Impossible, Table


def start(plan: FlowPlan, state: State | None = None) -> tuple[State, tuple[Effect, ...]]:
    """The state of a new instance, and what is to be done first."""
    return begin_at(plan, state or State(), plan.entry)


def begin_at(plan: FlowPlan, state: State, node: str) -> tuple[State, tuple[Effect, ...]]:
    """A token at some node of an instance that has none: its first one, or one that wakes it up again (唤醒)."""
    if state.tokens or node not in plan.nodes:
        raise Impossible("flows.stale")
    if plan.nodes[node].scope:
        raise Impossible("flows.not-into-scope")
    table = Table(plan, replace(state, outcome=None))
    table.effects.append(Began(0, ""))
    table.put(node, "", Token(0, "", ""))
    return scopes.finish(table)


def advance(plan: FlowPlan, state: State, answer: Answer) -> tuple[State, tuple[Effect, ...]]:
    """The next state and what is to be done. Raises Impossible when the answer no longer fits."""
    table = Table(plan, state)
    match answer:
        case Left() | Split() | Seated() | Received() | Failed() | Retried() | Stopped() | Chosen():
            _moved(table, answer)
        case Happened(number, exit):
            scopes.happen(table, table.expect(number, "resting"), exit)
        case Handled(scope, handler):
            scopes.handle(table, scope, handler)
        case Thrown(number):
            scopes.throw(table, table.expect(number, "entering"), answer)
        case Escalated(number, name):
            scopes.escalate(table, table.expect(number, "resting"), name)
        case Erred(number, name):
            scopes.err(table, table.expect(number, "resting"), name)
        case Decided(number, seat, decision, reason):
            people.decide(table, table.expect(number, "resting"), seat, decision, reason)
        case Handed(number):
            people.hand(table, table.expect(number, "resting"), answer)
        case Added(number):
            people.add(table, table.expect(number, "resting"), answer)
        case Removed(number, seat):
            people.remove(table, table.expect(number, "resting"), seat)
        case Claimed(number, seat, kept):
            people.claim(table, table.expect(number, "resting"), seat, kept)
        case SentBack(number):
            people.send_back(table, table.expect(number, "resting"), answer)
        case Reopened(number, seat):
            people.undo(table, table.expect(number, "resting"), seat)
        case Reclaimed():
            people.reclaim(table, answer)
        case Jumped(number, to, alone):
            people.jump(table, table.take(number), to, alone)
        case _:
            assert_never(answer)
    return scopes.finish(table)


def _moved(table: Table, answer: Left | Split | Seated | Received | Failed | Retried | Stopped | Chosen) -> None:
    """What is not about a seat."""
    match answer:
        case Left(number, exit):
            table.leave(table.take(number), exit)
        case Split(number, exits):
            token = table.expect(number, "entering")
            del table.tokens[number]
            table.effects.append(Passed(number, token.node, " ".join(exits)))
            table.split(table.gone_on(token, table.plan.nodes[token.node]), exits)
        case Seated(number, seats, asked):
            token = table.expect(number, "entering")
            people.seat(table, replace(token, asked=asked), seats)
            if table.plan.nodes[token.node].gate == "scope":
                scopes.begin(table, table.tokens[number])
        case Received(number, came):
            _receive(table, table.take(number), came)
        case Failed(number, code, name):
            token = table.expect(number, "entering")
            if not scopes.fail(table, token, name or code):
                table.stick(token, code)
        case Retried(number):
            table.retry(table.expect(number, "stuck"))
        case Stopped(outcome):
            table.stop(outcome)
        case Chosen(chosen):
            table.state = replace(table.state, chosen={**table.state.chosen, **chosen})
        case _:
            assert_never(answer)


def _receive(table: Table, token: Token, came: Mapping[str, Any]) -> None:
    """What a token asked for is there: its node goes on with it, also one that is stuck because of a refusal."""
    if token.state not in ("resting", "stuck"):
        raise Impossible("flows.stale")
    table.tokens[token.number] = replace(token, state="entering", answer=came)
    table.effects.append(Enter(token.number, token.node))
