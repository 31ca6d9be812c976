"""The table on which one answer is worked in: tokens come, go, split and join.

Tokens that wait at a join keep the flow they came by; a join fires when each incoming flow holds one and takes exactly
one of each (research: flows.md 1.1; counting them per gateway is the classic defect). An inclusive join (`merge`) fires
when no token that is still on the way could bring one by a flow that is empty; it is looked at when nothing else moves.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import assert_never

from lowcode.flows.nodes.asking.votes import Seat
from lowcode.flows.plan import FlowPlan, Node, flow_key
from lowcode.flows.run.board import Done, State, Token, TokenState, Visit, joined, merged, walked
from lowcode.flows.run.changed import replace
from lowcode.flows.run.effects import Closed, Dropped, Effect, Enter, Passed, Stuck


class Impossible(Exception):
    """The answer does not fit the state: somebody was faster. The message is the code of the refusal; `person` is whom
    it is about, where it is about somebody."""

    def __init__(self, code: str, person: int | None = None) -> None:
        super().__init__(code)
        self.person = person


@dataclass(slots=True)
class Table:
    """The board while one answer is worked in."""

    plan: FlowPlan
    state: State
    tokens: dict[int, Token] = field(default_factory=dict)
    effects: list[Effect] = field(default_factory=list)
    thrown: list[tuple[tuple[int, ...], str, str]] = field(default_factory=list)
    """What ends have thrown and nobody has caught yet: in which scope, what, and its name."""

    def __post_init__(self) -> None:
        self.tokens = {token.number: token for token in self.state.tokens}

    def expect(self, number: int, state: TokenState) -> Token:
        """The token, which has to be in this state."""
        token = self.tokens.get(number)
        if token is None or token.state != state:
            raise Impossible("flows.stale")
        return token

    def take(self, number: int) -> Token:
        """A token that leaves its node: from wherever it stands."""
        token = self.tokens.get(number)
        if token is None:
            raise Impossible("flows.stale")
        return token

    def new_number(self) -> int:
        """A number no token had."""
        number = self.state.next_number
        self.state = replace(self.state, next_number=number + 1)
        return number

    def put(self, node_id: str, via: str, like: Token) -> None:
        """A new token, with the past of another, arrives at a node."""
        number = self.new_number()
        token = replace(like, number=number, node=node_id, via=via, state="entering", seats=(), claimed=(), asked="",
                        answer=None)  # fmt: skip
        node = self.plan.nodes[node_id]
        match node.gate:
            case "step" | "choose" | "scope" | "handler" | "throw":
                self.tokens[number] = token
                self.effects.append(Enter(number, node_id))
            case "split":
                self.effects.append(Passed(number, node_id, ""))
                self.split(token, tuple(node.exits))
            case "join":
                self.tokens[number] = replace(token, state="joining")
                self.effects.append(Passed(number, node_id, "", arrived=True))
                self.join(node, token.scope)
            case "merge":
                self.tokens[number] = replace(token, state="joining")
                self.effects.append(Passed(number, node_id, "", arrived=True))
            case "end":
                self._arrive(token, node)
            case _:
                assert_never(node.gate)

    def split(self, token: Token, exits: tuple[str, ...]) -> None:
        """One token per exit, each with its branch."""
        node = self.plan.nodes[token.node]
        for index, exit in enumerate(exits):
            branch = (*token.branch, (token.number, index)) if len(exits) > 1 else token.branch
            self.put(node.exits[exit], flow_key(node.id, exit), replace(token, branch=branch, again=False))

    def join(self, node: Node, scope: tuple[int, ...]) -> None:
        """Fire the join as often as each incoming flow holds a token; one of each is taken, the rest stay. A scope that
        goes on twice has tokens of its own each time."""
        while True:
            taken: list[Token] = []
            for flow in self.plan.incoming[node.id]:
                here = (t for t in self.tokens.values() if t.node == node.id and t.scope == scope)
                waiting = (t for t in here if t.via in flow)
                found = next((t for t in waiting if t.state in ("joining", "stuck")), None)
                if found is None:
                    return
                taken.append(found)
            self._fire(node, taken)

    def merge(self) -> bool:
        """Fire one inclusive join that waits for nobody any more; whether there was one."""
        for id, reach in self.plan.merges.items():
            for scope in dict.fromkeys(token.scope for token in self.tokens.values() if token.node == id):
                by_flow: dict[str, Token] = {}
                beside = [token for token in self.tokens.values() if token.scope == scope]
                for token in beside:
                    if token.node == id:
                        by_flow.setdefault(token.via, token)
                empty = self.plan.arrows_into(id) - by_flow.keys()
                others = [reach.get(token.node, frozenset()) for token in beside if token.node != id]
                if not any(found & empty and not found & by_flow.keys() for found in others):
                    self._fire(self.plan.nodes[id], list(by_flow.values()))
                    return True
        return False

    def inside(self, scope: tuple[int, ...]) -> list[Token]:
        """Every token in a scope, however deep."""
        return [token for token in self.tokens.values() if token.scope[: len(scope)] == scope]

    def _fire(self, node: Node, taken: list[Token]) -> None:
        for token in taken:
            del self.tokens[token.number]
        branch = joined(taken, self.tokens.values()) if len(taken) > 1 else taken[0].branch
        self.effects.append(Passed(taken[-1].number, node.id, "to"))
        agreed = frozenset[int]().union(*(token.agreed for token in taken))
        written = any(token.written for token in taken)
        last = {token.last for token in taken}
        like = Token(0, "", "", agreed=agreed, branch=branch, trail=merged(taken, branch), written=written,
                     scope=taken[0].scope)  # fmt: skip
        came = replace(like, last=last.pop() if len(last) == 1 else -1)
        self.put(node.exits["to"], flow_key(node.id, "to"), came)

    def _arrive(self, token: Token, node: Node) -> None:
        """A token reaches an end: it is gone, and with it every other of its scope where the end stops that."""
        self.effects.append(Passed(token.number, node.id, ""))
        if token.scope:
            around = self.tokens[token.scope[-1]]
            agreed, written = around.agreed | token.agreed, around.written or token.written
            self.tokens[around.number] = replace(around, agreed=agreed, written=written, last=token.last)
        else:
            self.state = replace(self.state, outcome=node.outcome)
        if node.stops:
            self.drop(self.inside(token.scope))
        if node.throws is not None:
            self.thrown.append((token.scope, *node.throws))

    def stop(self, outcome: str) -> None:
        """Nothing goes on."""
        if not self.tokens:
            raise Impossible("flows.stale")
        self.state = replace(self.state, outcome=outcome)
        self.drop(list(self.tokens.values()))

    def drop(self, tokens: Iterable[Token]) -> None:
        """Take tokens away, with all that goes on inside them; what people were asked there is cancelled."""
        for token in tokens:
            if token.number not in self.tokens:
                continue
            self.drop(self.inside((*token.scope, token.number)))
            self.close(token, token.seats)
            self.effects.append(Dropped(token.number, token.node))
            del self.tokens[token.number]

    def leave(self, token: Token, exit: str) -> None:
        """A token goes on by an exit of its node, or straight back to the one who sent it here."""
        node = self.plan.nodes[token.node]
        target = node.exits.get(exit)
        if target is None:
            raise Impossible("flows.unknown-exit")
        gone = [t for t in self.tokens.values() if t.node == node.id] if node.gate in ("join", "merge") else [token]
        if node.gate in ("join", "merge"):
            gone = [each for each in gone if each.scope == token.scope]
        for each in gone:
            self.drop(self.inside((*each.scope, each.number)))
            del self.tokens[each.number]
            self.close(each, each.seats)
        self.effects.append(Passed(token.number, node.id, exit))
        if token.back and node.voting is not None and exit == node.voting.exits.get(node.voting.agreement):
            target = token.back
        if node.id in self.plan.undone_by and exit not in node.breaking:
            self.state = replace(self.state, done=(*self.state.done, Done(node.id, token.scope)))
        self.put(target, flow_key(node.id, exit), self.gone_on(token, node))

    def gone_on(self, token: Token, node: Node) -> Token:
        """The past a token has once it has left a node."""
        if node.voting is None:
            written = token.written or node.writes
            return replace(token, again=False, back="", fired=(), refused=None, written=written)
        trail = walked(token.trail, Visit(node.id, token.number, token.branch, token.scope))
        return replace(
            token, trail=trail, again=False, back="", fired=(), refused=None, written=False, last=token.number
        )

    def close(self, token: Token, seats: Iterable[Seat]) -> None:
        """What is still asked at this token is no longer needed."""
        for seat in seats:
            if seat.pending:
                self.effects.append(Closed(token.number, token.node, replace(seat, state="cancelled")))

    def stick(self, token: Token, code: str) -> None:
        """The token stays where it is until an administrator helps."""
        self.tokens[token.number] = replace(token, state="stuck")
        self.effects.append(Stuck(token.number, token.node, code))

    def retry(self, token: Token) -> None:
        """Try the node again. An answer that is there is kept, so that nothing is asked twice; what was refused is
        asked anew."""
        node = self.plan.nodes[token.node]
        if node.gate in ("join", "merge"):
            self.tokens[token.number] = replace(token, state="joining")
            if node.gate == "join":
                self.join(node, token.scope)
            return
        refused = token.answer is not None and token.answer.get("reason") is not None
        again = replace(token, asked="", answer=None) if refused else token
        self.tokens[token.number] = replace(again, state="entering")
        self.effects.append(Enter(token.number, token.node))
