"""The state of an instance as it is stored: JSON of its live tokens, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lowcode.flows.nodes.asking.votes import Seat
from lowcode.flows.run.tokens import State, Token


def to_json(state: State) -> dict[str, Any]:
    """What is stored."""
    return {
        "next": state.next_number,
        "outcome": state.outcome,
        "agreed": sorted(state.agreed),
        "tokens": [_token(token) for token in state.tokens],
    }


def from_json(data: Mapping[str, Any]) -> State:
    """What was stored."""
    return State(
        tokens=tuple(
            Token(
                number=each["number"],
                node=each["node"],
                via=each["via"],
                state=each["state"],
                seats=tuple(Seat(*seat) for seat in each["seats"]),
                agreed=frozenset(each["agreed"]),
            )
            for each in data["tokens"]
        ),
        next_number=data["next"],
        outcome=data["outcome"],
        agreed=frozenset(data["agreed"]),
    )


def _token(token: Token) -> dict[str, Any]:
    return {
        "number": token.number,
        "node": token.node,
        "via": token.via,
        "state": token.state,
        "agreed": sorted(token.agreed),
        "seats": [[s.number, s.person, s.behalf, s.state, s.decision, s.reason] for s in token.seats],
    }
