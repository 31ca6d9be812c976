"""The state of an instance as it is stored: JSON of its live tokens, and back. What has its usual value is left out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lowcode.flows.nodes.asking.votes import Seat
from lowcode.flows.run.board import Done, Refused, State, Token, Visit


def to_json(state: State) -> dict[str, Any]:
    """What is stored."""
    data: dict[str, Any] = {
        "next": state.next_number,
        "outcome": state.outcome,
        "agreed": sorted(state.agreed),
        "tokens": [_token(token) for token in state.tokens],
    }
    if state.done:
        data["done"] = [[each.node, list(each.scope)] for each in state.done]
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
        done=tuple(Done(node, tuple(scope)) for node, scope in data.get("done", ())),
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
        trail=tuple(_visit(*each) for each in data.get("trail", ())),
        back=data.get("back", ""),
        again=data.get("again", False),
        claimed=tuple(data.get("claimed", ())),
        written=data.get("written", False),
        last=data.get("last", 0),
        scope=tuple(data.get("scope", ())),
        fired=tuple(data.get("fired", ())),
        undoing=tuple(data.get("undoing", ())),
        refused=_refused(data["refused"]) if "refused" in data else None,
        asked=data.get("asked", ""),
        answer=data.get("answer"),
    )


def _refused(data: Mapping[str, Any]) -> Refused:
    return Refused(_read(data["token"]), frozenset(data["agreed"]), data["version"], data["took_others"])


def _visit(node: str, token: int, branch: Any, scope: Any = ()) -> Visit:
    return Visit(node, token, _branch(branch), tuple(scope))


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
        "trail": [_walked(each) for each in token.trail],
        "back": token.back,
        "again": token.again,
        "claimed": list(token.claimed),
        "written": token.written,
        "last": token.last,
        "scope": list(token.scope),
        "fired": list(token.fired),
        "undoing": list(token.undoing),
        "asked": token.asked,
        "answer": token.answer,
    }
    data.update({key: value for key, value in rest.items() if value})
    if token.refused is not None:
        was = token.refused
        data["refused"] = {"token": _token(was.token), "agreed": sorted(was.agreed), "version": was.version,
                           "took_others": was.took_others}  # fmt: skip
    return data


def _walked(visit: Visit) -> list[Any]:
    found: list[Any] = [visit.node, visit.token, [list(split) for split in visit.branch]]
    return [*found, list(visit.scope)] if visit.scope else found


def _seat(seat: Seat) -> list[Any]:
    found = [seat.number, seat.person, seat.behalf, seat.state, seat.decision, seat.reason]
    more = [seat.group, seat.weight, seat.role, seat.of]
    return found if more == [0, 1, "voter", None] else [*found, *more]
