"""The seats of one token: who may answer now, who waits for whom, and what a change of one does to the others. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lowcode.flows.nodes.asking.votes import Seat, Voting, answer_of, vote
from lowcode.flows.run.changed import replace

Seats = tuple[Seat, ...]


def arranged(seats: Seats, voting: Voting | None, claimed: Iterable[int] = ()) -> Seats:
    """The same seats, each that is not decided open or waiting as it has to be now."""
    if voting is None:
        return seats
    return tuple(
        replace(seat, state="open" if _may_answer(seat, seats, voting, frozenset(claimed)) else "waiting")
        if seat.pending
        else seat
        for seat in seats
    )


def _may_answer(seat: Seat, seats: Seats, voting: Voting, claimed: frozenset[int]) -> bool:
    if any(each.of == seat.number and each.role in ("before", "delegate") and each.pending for each in seats):
        return False
    match seat.role:
        case "next":
            further = [e for e in seats if e.role == "next" and e.state != "cancelled"]
            before = further[: further.index(seat)]
            return vote(seats, voting) == voting.agreement and all(answer_of(e, seats) is not None for e in before)
        case "after":
            asking = find(seats, seat.of)
            return asking is not None and asking.state == "done"
        case "before" | "delegate" | "consult":
            return True
        case "voter":
            if claimed and any(e.number in claimed and e.group == seat.group for e in seats):
                return seat.number in claimed
            return voting.mode != "in_order" or _is_next(seat, seats, voting)


def _is_next(seat: Seat, seats: Seats, voting: Voting) -> bool:
    """In order: everybody before has answered; with groups, in the own group."""
    for each in seats:
        if each.number == seat.number:
            return True
        mine = voting.groups == "together" or each.group == seat.group
        if mine and each.role == "voter" and each.state != "cancelled" and answer_of(each, seats) is None:
            return False
    return True


def find(seats: Iterable[Seat], number: int | None) -> Seat | None:
    """The seat of a number."""
    return next((seat for seat in seats if seat.number == number), None)


def sits(seats: Iterable[Seat], person: int) -> bool:
    """Whether somebody has a seat here that still counts."""
    return any(seat.person == person and seat.state != "cancelled" for seat in seats)


def with_seat(seats: Seats, changed: Seat) -> Seats:
    """The seats with one changed."""
    return tuple(changed if seat.number == changed.number else seat for seat in seats)


def next_number(seats: Sequence[Seat]) -> int:
    """The number of one more seat."""
    return max((seat.number for seat in seats), default=0) + 1


def below(seats: Seats, number: int) -> list[Seat]:
    """The seats that answer with one or advise it, and those that answer with them."""
    found = [seat for seat in seats if seat.of == number and seat.role not in ("voter", "next")]
    return [*found, *(more for each in found for more in below(seats, each.number))]


def handed_to(seats: Seats, number: int) -> Seat | None:
    """The seat that took over from one that was handed on, while it is pending and nobody it asked counts: it stands
    right after it. Who was asked before it took over has a lower number, and goes back with it."""
    places = [each.number for each in seats]
    after = seats[places.index(number) + 1 : places.index(number) + 2] if number in places else ()
    asked = [
        each
        for seat in after
        for each in below(seats, seat.number)
        if each.state != "cancelled" and each.number > seat.number
    ]
    return next((each for each in after if each.pending and not asked), None)
