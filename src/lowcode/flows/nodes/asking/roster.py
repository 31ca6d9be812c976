"""Who sits at a node in the end: from the people found to the seats, by named policies, in one fixed order.

1. nobody twice, nobody who left; 2. the starter among them (`starter_is_approver`); 3. nobody left (`nobody`);
4. who is absent is stood in for by their agent (代理), one step only; 5. who approved before (`same_person`, 自动去重).
Pure: what is known of people comes in as values, so the same rules can be tried on a record without asking anyone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from lowcode.flows.nodes.asking.votes import Seat

Nobody = Literal["to_administrator", "approve", "reject", "incident"]
StarterIsApprover = Literal["keep", "skip", "manager"]
SamePerson = Literal["ask", "skip", "skip_consecutive"]


@dataclass(frozen=True, slots=True)
class Policies:
    """What an author chose where products disagree."""

    nobody: Nobody = "to_administrator"
    starter_is_approver: StarterIsApprover = "keep"
    same_person: SamePerson = "ask"


@dataclass(frozen=True, slots=True)
class People:
    """What is known of the people at this moment. `agents` has an entry for everyone absent with an agent."""

    starter: int | None
    active: frozenset[int]
    agents: Mapping[int, int] = field(default_factory=dict)
    starter_manager: int | None = None
    administrators: tuple[int, ...] = ()
    agreed: frozenset[int] = frozenset()
    agreed_just_before: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Roster:
    """The seats, or `verdict` when a policy decides without anybody; `notes` says which policies acted on whom."""

    seats: tuple[Seat, ...] = ()
    verdict: Literal["approve", "reject", "incident"] | None = None
    notes: tuple[tuple[str, int | None], ...] = ()


def seat(found: Iterable[int], people: People, policies: Policies) -> Roster:
    """The roster of a node. It is frozen when the node is entered: later changes of roles do not move it."""
    notes: list[tuple[str, int | None]] = []
    asked = _present(found, people, notes)
    asked, skipped = _starter(asked, people, policies, notes)
    if not asked and skipped:
        return Roster((), "approve", tuple(notes))
    if not asked:
        notes.append((f"nobody:{policies.nobody}", None))
        if policies.nobody != "to_administrator":
            return Roster((), policies.nobody, tuple(notes))
        asked = [person for person in people.administrators if person in people.active]
        if not asked:
            return Roster((), "incident", tuple(notes))
    seats = _stand_in(asked, people, notes)
    return Roster(tuple(_same_person(seats, people, policies, notes)), None, tuple(notes))


def _present(found: Iterable[int], people: People, notes: list[tuple[str, int | None]]) -> list[int]:
    asked = list(dict.fromkeys(found))
    notes.extend(("left", person) for person in asked if person not in people.active)
    return [person for person in asked if person in people.active]


def _starter(
    asked: list[int], people: People, policies: Policies, notes: list[tuple[str, int | None]]
) -> tuple[list[int], bool]:
    """Without the starter, or with their manager instead; True when somebody was taken out."""
    starter = people.starter
    if starter not in asked or policies.starter_is_approver == "keep":
        return asked, False
    notes.append((f"starter:{policies.starter_is_approver}", starter))
    if policies.starter_is_approver == "skip":
        return [person for person in asked if person != starter], True
    manager = people.starter_manager
    if manager is None or manager not in people.active:
        return [person for person in asked if person != starter], False
    return list(dict.fromkeys(manager if person == starter else person for person in asked)), False


def _stand_in(asked: Sequence[int], people: People, notes: list[tuple[str, int | None]]) -> list[Seat]:
    """Absent people are stood in for by an active agent who does not sit there already in their own name."""
    agents = {person: people.agents[person] for person in asked if people.agents.get(person) in people.active}
    taken = set(asked) - agents.keys()
    seats: list[Seat] = []
    for person in asked:
        agent = agents.get(person)
        if agent is None:
            seats.append(Seat(len(seats) + 1, person))
            continue
        notes.append(("agent", person))
        if agent not in taken:
            taken.add(agent)
            seats.append(Seat(len(seats) + 1, agent, behalf=person))
    return seats


def _same_person(
    seats: Sequence[Seat], people: People, policies: Policies, notes: list[tuple[str, int | None]]
) -> Iterable[Seat]:
    known = {
        "ask": frozenset[int](),
        "skip": people.agreed,
        "skip_consecutive": people.agreed_just_before,
    }[policies.same_person]
    for each in seats:
        if each.person in known:
            notes.append((f"same_person:{policies.same_person}", each.person))
            yield Seat(each.number, each.person, each.behalf, "done", "approve", "same_person")
        else:
            yield each
