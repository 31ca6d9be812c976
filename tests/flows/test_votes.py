"""What several answers come to: counted, whatever their order, and over as soon as the rest cannot change it."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from lowcode.flows.nodes.asking.votes import Decision, Passes, Seat, Voting, verdict

EXITS: dict[Decision, str] = {"approve": "approved", "reject": "rejected"}
answers: st.SearchStrategy[Decision | None] = st.sampled_from(["approve", "reject", "abstain", None])
voters = st.lists(st.tuples(answers, st.integers(1, 3)), min_size=1, max_size=4)
passing = st.builds(
    Passes,
    count=st.none(),
    share=st.fractions(Fraction(1, 6), 1, max_denominator=6),
    weighted=st.booleans(),
    more_than=st.booleans(),
    abstaining_counts=st.booleans(),
) | st.builds(Passes, count=st.integers(1, 5), weighted=st.booleans(), abstaining_counts=st.booleans())


def seats_of(given_answers: list[tuple[Decision | None, int]]) -> list[Seat]:
    """One seat per answer and weight."""
    return [
        Seat(index, index, state="open" if answer is None else "done", decision=answer, weight=weight)
        for index, (answer, weight) in enumerate(given_answers, 1)
    ]


def counted(seats: list[Seat], passes: Passes) -> Decision:
    """The outcome when everybody has answered, counted by hand."""
    worth = {seat.number: seat.weight if passes.weighted else 1 for seat in seats}
    agreed = sum(worth[seat.number] for seat in seats if seat.decision == "approve")
    counting = [seat for seat in seats if passes.abstaining_counts or seat.decision != "abstain"]
    everybody = sum(worth[seat.number] for seat in counting)
    if everybody == 0:
        return "reject"
    if passes.count is not None:
        return (
            "approve" if agreed >= (passes.count if passes.weighted else min(passes.count, len(counting))) else "reject"
        )
    assert passes.share is not None
    more = agreed * passes.share.denominator - everybody * passes.share.numerator
    return "approve" if more > 0 or (more == 0 and not passes.more_than) else "reject"


@settings(max_examples=400, deadline=None)
@given(said=voters, passes=passing)
def test_a_vote_is_over_when_the_rest_cannot_change_it(said: list[tuple[Decision | None, int]], passes: Passes) -> None:
    """Every way in which those who are missing could answer is counted; the verdict is what all ways agree on."""
    seats = seats_of(said)
    missing = [seat for seat in seats if seat.decision is None]
    possible: set[Decision] = set()
    ways: product[tuple[Decision, ...]] = product(("approve", "reject", "abstain"), repeat=len(missing))
    for way in ways:
        filled = dict(zip((seat.number for seat in missing), way, strict=True))
        possible.add(counted([replace(s, decision=filled.get(s.number, s.decision)) for s in seats], passes))
    expected = possible.pop() if len(possible) == 1 else None
    assert expected == verdict(seats, Voting("vote", "passes", EXITS, passes))


@settings(max_examples=200, deadline=None)
@given(said=voters, order=st.randoms(), mode=st.sampled_from(["all", "any", "vote"]), each=st.booleans())
def test_the_order_of_the_seats_does_not_matter(
    said: list[tuple[Decision | None, int]], order: object, mode: object, each: bool
) -> None:
    """会签, 或签 by agreement and 票签 give the same verdict for any order of the same answers."""
    voting = {
        "all": Voting("all", "first_rejection", EXITS, groups="each" if each else "together"),
        "any": Voting("any", "first_agreement", EXITS, groups="each" if each else "together"),
        "vote": Voting("vote", "passes", EXITS, Passes(share=Fraction(1, 2)), "each" if each else "together"),
    }[str(mode)]
    seats = [replace(seat, group=seat.number % 2) for seat in seats_of(said)]
    mixed = list(seats)
    order.shuffle(mixed)  # type: ignore[attr-defined]
    assert verdict(seats, voting) == verdict(mixed, voting)


@settings(max_examples=200, deadline=None)
@given(said=voters, mode=st.sampled_from(["all", "any"]))
def test_a_signer_added_and_taken_out_changes_nothing(said: list[tuple[Decision | None, int]], mode: object) -> None:
    """加签 then 减签 is as though nothing had happened; advice is never counted."""
    voting = Voting("all", "everyone", EXITS) if mode == "all" else Voting("any", "first_agreement", EXITS)
    seats = seats_of(said)
    number = len(seats) + 1
    gone = Seat(number, number, state="cancelled", reason="removed")
    advice = Seat(number + 1, number, state="done", decision="reject", role="consult", of=1)
    assert verdict(seats, voting) == verdict([*seats, gone, advice], voting)
