"""What a flow means: tokens that move over a plan. Pure: no database, no clock, no chance.

`start(plan)` puts the first token on the way; `advance(plan, state, answer)` gives the next state and what has to be
done in the world. The world (see `drive.py`) does it and answers in turn, until every token rests, is stuck or gone.

The state is the live tokens and nothing else: history is written beside it and never read back, so the two-hundredth
round costs what the first did. Tokens that wait at a join keep the flow they came by; a join fires when each incoming
flow holds one and takes exactly one of each (research: flows.md 1.1; counting them per gateway is the classic defect).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal, assert_never

from lowcode.flows.nodes.asking.votes import Decision, Seat, verdict
from lowcode.flows.plan import FlowPlan, Node, flow_key

TokenState = Literal["entering", "resting", "joining", "stuck"]


@dataclass(frozen=True, slots=True)
class Token:
    """One place where the flow stands. `agreed` are the people whose approval brought it here, for 自动去重."""

    number: int
    node: str
    via: str
    state: TokenState = "entering"
    seats: tuple[Seat, ...] = ()
    agreed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class State:
    """All live tokens. `agreed` are all people who approved since the last rejection."""

    tokens: tuple[Token, ...] = ()
    next_number: int = 1
    outcome: str | None = None
    agreed: frozenset[int] = frozenset()

    def token(self, number: int) -> Token | None:
        """The live token of this number."""
        return next((token for token in self.tokens if token.number == number), None)

    @property
    def ended(self) -> bool:
        """Whether nothing is left to do."""
        return not self.tokens


# What the world answers.


@dataclass(frozen=True, slots=True)
class Left:
    """The node is done; leave by this exit."""

    token: int
    exit: str


@dataclass(frozen=True, slots=True)
class Seated:
    """These people are asked; the token rests until they have decided. Without seats it rests for a wake-up."""

    token: int
    seats: tuple[Seat, ...] = ()


@dataclass(frozen=True, slots=True)
class Decided:
    """One seat was decided, by its person or by a rule that `reason` names."""

    token: int
    seat: int
    decision: Decision
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Handed:
    """A seat goes to another person for good (转办)."""

    token: int
    seat: int
    person: int


@dataclass(frozen=True, slots=True)
class Added:
    """One more person is asked beside those who are (加签)."""

    token: int
    person: int


@dataclass(frozen=True, slots=True)
class Failed:
    """The node could not be entered; the token stays and an administrator is needed."""

    token: int
    code: str


@dataclass(frozen=True, slots=True)
class Retried:
    """Enter the node of a stuck token again."""

    token: int


@dataclass(frozen=True, slots=True)
class Stopped:
    """Everything ends now: withdrawn, cancelled."""

    outcome: str


Answer = Left | Seated | Decided | Handed | Added | Failed | Retried | Stopped

# What is to be done in the world.


@dataclass(frozen=True, slots=True)
class Enter:
    """Do what this node is for, and answer with Left, Seated or Failed."""

    token: int
    node: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A person has something to do."""

    token: int
    node: str
    seat: Seat


@dataclass(frozen=True, slots=True)
class Closed:
    """A seat is done or no longer needed; `seat` is as it is now."""

    token: int
    node: str
    seat: Seat


@dataclass(frozen=True, slots=True)
class Passed:
    """A token went through a node and left by an exit ('' at an end, and for a token still waiting at a join)."""

    token: int
    node: str
    exit: str
    arrived: bool = False


@dataclass(frozen=True, slots=True)
class Dropped:
    """A token was taken away because the flow was stopped elsewhere."""

    token: int
    node: str


@dataclass(frozen=True, slots=True)
class Stuck:
    """A token cannot move."""

    token: int
    node: str
    code: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The last token is gone."""

    outcome: str


Effect = Enter | Opened | Closed | Passed | Dropped | Stuck | Ended


class Impossible(Exception):
    """The answer does not fit the state: somebody was faster. The message is the code of the refusal."""


def start(plan: FlowPlan) -> tuple[State, tuple[Effect, ...]]:
    """The state of a new instance, and what is to be done first."""
    table = _Table(plan, State())
    table.put(plan.entry, "", frozenset())
    return table.finish()


def advance(plan: FlowPlan, state: State, answer: Answer) -> tuple[State, tuple[Effect, ...]]:
    """The next state and what is to be done. Raises Impossible when the answer no longer fits."""
    table = _Table(plan, state)
    match answer:
        case Left(number, exit):
            table.leave(table.take(number), exit)
        case Seated(number, seats):
            table.seat(table.expect(number, "entering"), seats)
        case Decided(number, seat, decision, reason):
            table.decide(table.expect(number, "resting"), seat, decision, reason)
        case Handed(number, seat, person):
            table.hand(table.expect(number, "resting"), seat, person)
        case Added(number, person):
            table.invite(table.expect(number, "resting"), person)
        case Failed(number, code):
            table.stick(table.expect(number, "entering"), code)
        case Retried(number):
            table.retry(table.expect(number, "stuck"))
        case Stopped(outcome):
            table.stop(outcome)
        case _:
            assert_never(answer)
    return table.finish()


@dataclass(slots=True)
class _Table:
    """The board while one answer is worked in."""

    plan: FlowPlan
    state: State
    tokens: dict[int, Token] = field(default_factory=dict)
    effects: list[Effect] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.tokens = {token.number: token for token in self.state.tokens}

    def finish(self) -> tuple[State, tuple[Effect, ...]]:
        """The state as it is now. Tokens that wait at joins which can never be complete are stuck, not lost."""
        if self.tokens and all(token.state == "joining" for token in self.tokens.values()):
            for token in list(self.tokens.values()):
                self.stick(token, "flows.join-incomplete")
        if not self.tokens and not any(isinstance(effect, Ended) for effect in self.effects):
            self.effects.append(Ended(self.state.outcome or "ended"))
        return replace(self.state, tokens=tuple(self.tokens.values())), tuple(self.effects)

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

    def put(self, node_id: str, via: str, agreed: frozenset[int]) -> None:
        """A new token arrives at a node."""
        number = self.state.next_number
        self.state = replace(self.state, next_number=number + 1)
        token = Token(number, node_id, via, agreed=agreed)
        node = self.plan.nodes[node_id]
        match node.gate:
            case "step":
                self.tokens[number] = token
                self.effects.append(Enter(number, node_id))
            case "split":
                self.effects.append(Passed(number, node_id, ""))
                for exit, target in node.exits.items():
                    self.put(target, flow_key(node_id, exit), agreed)
            case "join":
                self.tokens[number] = replace(token, state="joining")
                self.effects.append(Passed(number, node_id, "", arrived=True))
                self.join(node)
            case "end":
                self.arrive(token, node)
            case _:
                assert_never(node.gate)

    def join(self, node: Node) -> None:
        """Fire the join as often as each incoming flow holds a token; one of each is taken, the rest stay."""
        while True:
            taken: list[Token] = []
            for flow in self.plan.incoming[node.id]:
                waiting = (t for t in self.tokens.values() if t.node == node.id and t.via in flow)
                found = next((t for t in waiting if t.state in ("joining", "stuck")), None)
                if found is None:
                    return
                taken.append(found)
            for token in taken:
                del self.tokens[token.number]
            self.effects.append(Passed(taken[-1].number, node.id, "to"))
            agreed = frozenset[int]().union(*(token.agreed for token in taken))
            self.put(node.exits["to"], flow_key(node.id, "to"), agreed)

    def arrive(self, token: Token, node: Node) -> None:
        """A token reaches an end: it is gone, and with it every other where the end stops the flow."""
        self.effects.append(Passed(token.number, node.id, ""))
        self.state = replace(self.state, outcome=node.outcome)
        if node.stops:
            self.drop_all()

    def stop(self, outcome: str) -> None:
        """Nothing goes on."""
        if not self.tokens:
            raise Impossible("flows.stale")
        self.state = replace(self.state, outcome=outcome)
        self.drop_all()

    def drop_all(self) -> None:
        """Take every token away; what people were asked is cancelled."""
        for token in self.tokens.values():
            self.close(token, token.seats)
            self.effects.append(Dropped(token.number, token.node))
        self.tokens.clear()

    def leave(self, token: Token, exit: str) -> None:
        """A token goes on by an exit of its node."""
        node = self.plan.nodes[token.node]
        target = node.exits.get(exit)
        if target is None:
            raise Impossible("flows.unknown-exit")
        gone = [t for t in self.tokens.values() if t.node == node.id] if node.gate == "join" else [token]
        for each in gone:
            del self.tokens[each.number]
            self.close(each, each.seats)
        self.effects.append(Passed(token.number, node.id, exit))
        self.put(target, flow_key(node.id, exit), token.agreed)

    def close(self, token: Token, seats: Iterable[Seat]) -> None:
        """What is still open at this token is no longer needed."""
        for seat in seats:
            if seat.state == "open":
                self.effects.append(Closed(token.number, token.node, replace(seat, state="cancelled")))

    def seat(self, token: Token, seats: tuple[Seat, ...]) -> None:
        """People are asked. Seats that a policy decided beforehand count at once."""
        resting = replace(token, state="resting", seats=seats)
        self.tokens[token.number] = resting
        for seat in seats:
            self.effects.append(Opened(token.number, token.node, seat))
        if seats:
            self.settle(resting)

    def decide(self, token: Token, number: int, decision: Decision, reason: str) -> None:
        """One seat says yes or no."""
        node = self.plan.nodes[token.node]
        seat = self.open_seat(token, number)
        if node.voting is None or decision not in node.voting.exits:
            raise Impossible("flows.not-a-decision-here")
        decided = replace(seat, state="done", decision=decision, reason=reason)
        changed = replace(token, seats=_with(token.seats, decided))
        self.tokens[token.number] = changed
        self.effects.append(Closed(token.number, token.node, decided))
        self.settle(changed)

    def settle(self, token: Token) -> None:
        """Go on when enough has been said."""
        node = self.plan.nodes[token.node]
        said = verdict(token.seats, node.voting) if node.voting else None
        if said is None:
            return
        assert node.voting is not None
        yes = frozenset(seat.person for seat in token.seats if seat.decision == "approve")
        if said == "reject":  # whoever agreed before has to look again after a rejection
            token = replace(token, agreed=frozenset())
            self.state = replace(self.state, agreed=frozenset())
        elif said == "approve":
            token = replace(token, agreed=yes)
            self.state = replace(self.state, agreed=self.state.agreed | yes)
        self.tokens[token.number] = token
        self.leave(token, node.voting.exits[said])

    def hand(self, token: Token, number: int, person: int) -> None:
        """The seat is another person's from now on."""
        seat = self.open_seat(token, number)
        if any(each.person == person and each.state == "open" for each in token.seats):
            raise Impossible("flows.asked-already")
        self.effects.append(Closed(token.number, token.node, replace(seat, state="cancelled", reason="transferred")))
        self.sit(token, person, seat.behalf)
        kept = tuple(
            replace(each, state="cancelled", reason="transferred") if each.number == number else each
            for each in self.tokens[token.number].seats
        )
        self.tokens[token.number] = replace(self.tokens[token.number], seats=kept)

    def invite(self, token: Token, person: int) -> None:
        """One more seat; nobody sits twice."""
        if any(each.person == person and each.state != "cancelled" for each in token.seats):
            raise Impossible("flows.asked-already")
        if not token.seats:
            raise Impossible("flows.stale")
        self.sit(token, person, None)

    def sit(self, token: Token, person: int, behalf: int | None) -> None:
        """A new open seat at a resting token."""
        seat = Seat(max(each.number for each in token.seats) + 1, person, behalf)
        self.tokens[token.number] = replace(token, seats=(*token.seats, seat))
        self.effects.append(Opened(token.number, token.node, seat))

    def open_seat(self, token: Token, number: int) -> Seat:
        """The seat, which has to be open."""
        seat = next((each for each in token.seats if each.number == number), None)
        if seat is None or seat.state != "open":
            raise Impossible("flows.stale")
        return seat

    def stick(self, token: Token, code: str) -> None:
        """The token stays where it is until an administrator helps."""
        self.tokens[token.number] = replace(token, state="stuck")
        self.effects.append(Stuck(token.number, token.node, code))

    def retry(self, token: Token) -> None:
        """Try the node again."""
        node = self.plan.nodes[token.node]
        if node.gate == "join":
            self.tokens[token.number] = replace(token, state="joining")
            self.join(node)
            return
        self.tokens[token.number] = replace(token, state="entering")
        self.effects.append(Enter(token.number, token.node))


def _with(seats: tuple[Seat, ...], changed: Seat) -> tuple[Seat, ...]:
    return tuple(changed if seat.number == changed.number else seat for seat in seats)
