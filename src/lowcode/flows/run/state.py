"""The state of an instance as it is stored: JSON of its live tokens, and back. What has its usual value is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lowcode.flows.nodes.asking.votes import Seat
from lowcode.flows.run.board import State, Token, Visit


def to_json(state: State) -> dict[str, Any]:
    """What is stored."""
    data: dict[str, Any] = {
        "next": state.next_number,
        "outcome": state.outcome,
        "agreed": sorted(state.agreed),
        "tokens": [_token(token) for token in state.tokens],
    }
    if state.chosen:
        data["chosen"] = {node: list(people) for node, people in state.chosen.items()}
    return data


def from_json(data: Mapping[str, Any]) -> State:
    """What was stored."""
    return State(
        tokens=tuple(_read(each) for each in data["tokens"]),
        next_number=data["next"],
        outcome=data["outcome"],
        agreed=frozenset(data["agreed"]),
        chosen={node: tuple(people) for node, people in data.get("chosen", {}).items()},
    )


def _read(data: Mapping[str, Any]) -> Token:
    return Token(
        number=data["number"],
        node=data["node"],
        via=data["via"],
        state=data["state"],
        seats=tuple(Seat(*seat) for seat in data["seats"]),
        agreed=frozenset(data["agreed"]),
        branch=_branch(data.get("branch", ())),
        trail=tuple(Visit(node, token, _branch(branch)) for node, token, branch in data.get("trail", ())),
        back=data.get("back", ""),
        again=data.get("again", False),
        claimed=tuple(data.get("claimed", ())),
        written=data.get("written", False),
        last=data.get("last", 0),
    )


def _branch(data: Any) -> tuple[tuple[int, int], ...]:
    return tuple((split, exit) for split, exit in data)


def _token(token: Token) -> dict[str, Any]:
    data: dict[str, Any] = {
        "number": token.number,
        "node": token.node,
        "via": token.via,
        "state": token.state,
        "agreed": sorted(token.agreed),
        "seats": [_seat(seat) for seat in token.seats],
    }
    rest: dict[str, Any] = {
        "branch": [list(each) for each in token.branch],
        "trail": [[each.node, each.token, [list(split) for split in each.branch]] for each in token.trail],
        "back": token.back,
        "again": token.again,
        "claimed": list(token.claimed),
        "written": token.written,
        "last": token.last,
    }
    data.update({key: value for key, value in rest.items() if value})
    return data


def _seat(seat: Seat) -> list[Any]:
    found = [seat.number, seat.person, seat.behalf, seat.state, seat.decision, seat.reason]
    more = [seat.group, seat.weight, seat.role, seat.of]
    return found if more == [0, 1, "voter", None] else [*found, *more]
