"""Who sits at a node in the end: from the people found to the seats, by named policies, in one fixed order.

1. nobody twice, nobody who left; 2. the starter among them (`starter_is_approver`); 3. who is away (`absent`, 代理),
one step only; 4. nobody left (`nobody`); 5. who approved before (`same_person`, 自动去重).
Pure: what is known of people comes in as values, so the same rules can be tried on a record without asking anyone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from lowcode.flows.nodes.asking.votes import Meant, Seat

Nobody = Literal["to_administrator", "approve", "reject", "incident"]
StarterIsApprover = Literal["keep", "skip", "manager", "department_head"]
SamePerson = Literal["ask", "skip", "skip_consecutive"]
Absent = Literal["agent", "keep", "skip", "manager"]
Notes = list[tuple[str, int | None]]


@dataclass(frozen=True, slots=True)
class Policies:
    """What an author chose where products disagree. `each_group`: somebody whom two entries mean sits for both."""

    nobody: Nobody = "to_administrator"
    starter_is_approver: StarterIsApprover = "keep"
    same_person: SamePerson = "ask"
    absent: Absent = "agent"
    each_group: bool = False


@dataclass(frozen=True, slots=True)
class People:
    """What is known of the people at this moment: who is `away`, who stands in for them (`agents`, where somebody
    does), and the superior of everybody concerned."""

    starter: int | None
    active: frozenset[int]
    agents: Mapping[int, int] = field(default_factory=dict)
    away: frozenset[int] = frozenset()
    managers: Mapping[int, int] = field(default_factory=dict)
    starter_head: int | None = None
    administrators: tuple[int, ...] = ()
    agreed: frozenset[int] = frozenset()
    agreed_just_before: frozenset[int] = frozenset()
    away_here: frozenset[int] = frozenset()
    """Those of them who are there, and gave this flow to somebody else."""


@dataclass(frozen=True, slots=True)
class Roster:
    """The seats, or `verdict` when a policy decides without anybody; `notes` says which policies acted on whom."""

    seats: tuple[Seat, ...] = ()
    verdict: Literal["approve", "reject", "incident"] | None = None
    notes: tuple[tuple[str, int | None], ...] = ()


def seat(found: Iterable[Meant], people: People, policies: Policies, instead: Iterable[Meant] = ()) -> Roster:
    """The roster of a node. It is frozen when the node is entered: later changes of roles do not move it. `instead` are
    asked when nobody else is found."""
    notes: Notes = []
    asked = _present(found, people, policies, notes)
    asked, skipped = _starter(asked, people, policies, notes)
    if not asked and skipped:
        return Roster((), "approve", tuple(notes))
    seats = _stand_in(asked, people, policies, notes)
    if not seats:
        asked = _present(instead, people, policies, notes)
        notes.append(("nobody:instead" if asked else f"nobody:{policies.nobody}", None))
        if not asked and policies.nobody != "to_administrator":
            return Roster((), policies.nobody, tuple(notes))
        asked = asked or [Meant(person) for person in people.administrators if person in people.active]
        seats = _stand_in(asked, people, policies, notes)
        if not seats:
            return Roster((), "incident", tuple(notes))
    return Roster(tuple(_same_person(seats, people, policies, notes)), None, tuple(notes))


def _present(found: Iterable[Meant], people: People, policies: Policies, notes: Notes) -> list[Meant]:
    """Everybody once (in each group, where groups are asked each), and nobody who left."""
    asked: dict[tuple[int, int], Meant] = {}
    for each in found:
        asked.setdefault((each.person, each.group if policies.each_group else 0), each)
    notes.extend(("left", each.person) for each in asked.values() if each.person not in people.active)
    return [each for each in asked.values() if each.person in people.active]


def _starter(asked: list[Meant], people: People, policies: Policies, notes: Notes) -> tuple[list[Meant], bool]:
    """Without the starter, or with somebody above instead; True when nobody takes their place."""
    starter = people.starter
    choice = policies.starter_is_approver
    if starter is None or choice == "keep" or all(each.person != starter for each in asked):
        return asked, False
    notes.append((f"starter:{choice}", starter))
    above = {"skip": None, "manager": people.managers.get(starter), "department_head": people.starter_head}[choice]
    if choice == "skip" or above is None or above not in people.active or above == starter:
        return [each for each in asked if each.person != starter], choice == "skip"
    return _present((each._replace(person=above) if each.person == starter else each for each in asked), people,
                    policies, []), False  # fmt: skip


def _stand_in(asked: Sequence[Meant], people: People, policies: Policies, notes: Notes) -> list[Seat]:
    """Who is away is stood in for, left out or asked all the same. Nobody who stands in sits there twice."""
    found = {each.person: _instead_of(each.person, people, policies, notes) for each in asked}
    taken = {(each.person, each.group) for each in asked if found[each.person] == each.person}
    everywhere = {person for person, _ in taken}
    seats: list[Seat] = []
    for each in asked:
        person = found[each.person]
        if person is None:
            continue
        mine = person == each.person
        if not mine:
            if (person, each.group) in taken if policies.each_group else person in everywhere:
                continue
            taken.add((person, each.group))
            everywhere.add(person)
        behalf = None if mine else each.person
        seats.append(Seat(len(seats) + 1, person, behalf, group=each.group, weight=each.weight))
    return seats


def _instead_of(person: int, people: People, policies: Policies, notes: Notes) -> int | None:
    """Who is asked for a person: themselves, whoever stands in, or nobody."""
    if person not in people.away and person not in people.agents:
        return person
    here = ":flow" if person in people.away_here else ""
    if policies.absent == "skip":
        notes.append((f"away{here}", person))
        return None
    agent = {
        "agent": people.agents.get(person),
        "manager": people.managers.get(person),
        "keep": None,
    }[policies.absent]
    if agent is None or agent not in people.active:
        return person
    notes.append((f"agent{here}" if policies.absent == "agent" else f"away:manager{here}", person))
    return agent


def _same_person(seats: Sequence[Seat], people: People, policies: Policies, notes: Notes) -> Iterable[Seat]:
    known = {
        "ask": frozenset[int](),
        "skip": people.agreed,
        "skip_consecutive": people.agreed_just_before,
    }[policies.same_person]
    for each in seats:
        if each.person in known:
            notes.append((f"same_person:{policies.same_person}", each.person))
            yield replace(each, state="done", decision="approve", reason="same_person")
        else:
            yield each
