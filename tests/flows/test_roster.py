"""Who is asked in the end: policies in one fixed order, over everything that can be known of people."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from lowcode.flows.nodes.asking.roster import People, Policies, Roster, seat
from lowcode.flows.nodes.asking.votes import Meant

people = st.integers(1, 6)
somebody = st.frozensets(people, max_size=6)
policies = st.builds(
    Policies,
    st.sampled_from(["to_administrator", "approve", "reject", "incident"]),
    st.sampled_from(["keep", "skip", "manager", "department_head"]),
    st.sampled_from(["ask", "skip", "skip_consecutive"]),
    st.sampled_from(["agent", "keep", "skip", "manager"]),
)
known = st.builds(
    People,
    starter=st.none() | people,
    active=somebody,
    agents=st.dictionaries(people, people, max_size=4),
    away=somebody,
    managers=st.dictionaries(people, people, max_size=4),
    starter_head=st.none() | people,
    administrators=st.lists(people, max_size=2, unique=True).map(tuple),
    agreed=somebody,
    agreed_just_before=somebody,
)


def meant_people(found: list[int]) -> list[Meant]:
    """People of one entry of a list."""
    return [Meant(person) for person in found]


@settings(max_examples=500, deadline=None)
@given(found=st.lists(people, max_size=6), known=known, policies=policies)
def test_a_roster_is_always_something_that_can_be_decided(found: list[int], known: People, policies: Policies) -> None:
    """Either a policy decides, or active people sit there, nobody twice, in their own name or for one who is away."""
    roster = seat(meant_people(found), known, policies)
    persons = [each.person for each in roster.seats]
    assert (roster.verdict is None) == bool(persons)
    assert len(persons) == len(set(persons))
    assert set(persons) <= known.active
    assert [each.number for each in roster.seats] == list(range(1, len(persons) + 1))
    starter = [known.starter] if known.starter is not None else []
    above = {known.managers.get(person) for person in (*found, *known.administrators, *starter)}
    meant = {*found, *known.administrators, *above, known.starter_head}
    for each in roster.seats:
        assert (each.behalf if each.behalf is not None else each.person) in meant
        assert each.behalf is None or each.person in (known.agents.get(each.behalf), known.managers.get(each.behalf))
        assert (each.decision is not None) == (each.state == "done")


def test_the_starter_is_left_out_kept_or_passed_up() -> None:
    """Left out of several it is not an agreement; left out alone it is."""
    known = People(starter=1, active=frozenset({1, 2, 3}), managers={1: 3})
    skip, up = Policies(starter_is_approver="skip"), Policies(starter_is_approver="manager")
    assert [2] == [each.person for each in seat(meant_people([1, 2]), known, skip).seats]
    assert Roster((), "approve", (("starter:skip", 1),)) == seat(meant_people([1]), known, skip)
    assert [3, 2] == [each.person for each in seat(meant_people([1, 2]), known, up).seats]
    assert [3] == [each.person for each in seat(meant_people([1, 3]), known, up).seats]


def test_who_left_counts_as_nobody() -> None:
    """People who left are taken out before the policy for nobody is asked."""
    known = People(starter=1, active=frozenset({9}), administrators=(9,))
    assert [9] == [each.person for each in seat(meant_people([2, 3]), known, Policies()).seats]
    assert "reject" == seat(meant_people([2]), known, Policies(nobody="reject")).verdict
    assert "incident" == seat(meant_people([2]), People(None, frozenset()), Policies()).verdict


def test_an_agent_sits_once() -> None:
    """An agent who is asked anyway answers once, in their own name; one step only, never an agent's agent."""
    known = People(starter=None, active=frozenset({1, 2, 3, 4}), agents={1: 2, 3: 4, 4: 1})
    assert [(2, None)] == [(s.person, s.behalf) for s in seat(meant_people([1, 2]), known, Policies()).seats]
    assert [(4, 3)] == [(s.person, s.behalf) for s in seat(meant_people([3]), known, Policies()).seats]
