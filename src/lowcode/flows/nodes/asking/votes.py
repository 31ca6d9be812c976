"""How the decisions of several people become one: 会签, 或签, 依次, 票签, and when enough has been said.

Pure arithmetic over seats. A seat is one person asked at one node; it is decided once. Where products disagree the
author chooses by name, and the default is the most common reading. Seats that were added later belong to the one who
added them (`of`): they answer before or after, and their answers and that of the one who asked are one answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor
from typing import Any, Literal, NamedTuple, assert_never

Decision = Literal["approve", "reject", "complete", "abstain", "return"]
Mode = Literal["all", "any", "in_order", "vote"]
DecidedBy = Literal["first_rejection", "everyone", "first_decision", "first_agreement", "passes"]
Groups = Literal["together", "each"]
SeatState = Literal["waiting", "open", "done", "cancelled"]
SeatRole = Literal["voter", "before", "after", "delegate", "consult", "next"]
"""voter: has a vote of their own. before, after (加签): answer with the one who added them. delegate (委派): advises
before the one who asked decides; consult (沟通): advises meanwhile. next (追加): is asked when the vote was yes."""

DEFAULT_DECIDED_BY: Mapping[Mode, DecidedBy] = {
    "all": "first_rejection",
    "any": "first_decision",
    "in_order": "first_rejection",
    "vote": "passes",
}
CHOICES: Mapping[Mode, tuple[DecidedBy, ...]] = {
    "all": ("first_rejection", "everyone"),
    "any": ("first_decision", "first_agreement"),
    "in_order": ("first_rejection", "everyone"),
    "vote": ("passes",),
}
KEPT = "kept"
"""The reason of an answer that stays when another of the same step is taken back."""

ADVISERS = frozenset({"delegate", "consult"})


class Tally(NamedTuple):
    """How a vote stands, in heads or in weight: who agreed, how much is needed, and of how much."""

    agreed: int
    needed: int
    everybody: int


class Meant(NamedTuple):
    """Somebody who is meant: by which entry of the list, and what their vote weighs."""

    person: int
    group: int = 0
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Seat:
    """One person asked at one node. `behalf` is whom they stand in for; `reason` why it was decided without them or
    why it waits; `group` the entry of the list of people that meant them; `of` the seat that asked for this one."""

    number: int
    person: int
    behalf: int | None = None
    state: SeatState = "open"
    decision: Decision | None = None
    reason: str = ""
    group: int = 0
    weight: int = 1
    role: SeatRole = "voter"
    of: int | None = None

    @property
    def agreed(self) -> bool:
        """Whether this person said yes (or did the work)."""
        return self.decision in ("approve", "complete")

    @property
    def pending(self) -> bool:
        """Whether an answer is still expected from it."""
        return self.state in ("open", "waiting")


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a checklist that goes with an answer."""

    name: str
    title: Any
    required: bool = True


@dataclass(frozen=True, slots=True)
class Passes:
    """When a vote (票签) passes: at `least` so many, as a number or as a share, counted by heads or by weight."""

    count: int | None = None
    share: Fraction | None = None
    weighted: bool = False
    more_than: bool = False
    abstaining_counts: bool = True

    def needed(self, everybody: int, heads: int) -> int:
        """How much agreement is enough. With fewer people than `count`, all of them have to agree."""
        if self.count is not None:
            return (self.count if self.weighted else min(self.count, heads - self.more_than)) + self.more_than
        assert self.share is not None
        part = self.share * everybody
        return floor(part) + 1 if self.more_than else ceil(part)

    def reached(self, agreed: int, everybody: int, heads: int) -> bool:
        """Whether so much agreement is enough; nobody is never enough."""
        return everybody > 0 and agreed >= self.needed(everybody, heads)


@dataclass(frozen=True, slots=True)
class Voting:
    """When the seats of a node have decided, and by which exit the token leaves then."""

    mode: Mode
    decided_by: DecidedBy
    exits: Mapping[Decision, str] = field(default_factory=dict)
    passes: Passes | None = None
    groups: Groups = "together"
    claim: bool = False
    """Whether one of those asked may take it for themselves (认领)."""

    @property
    def agreement(self) -> Decision:
        """What saying yes is called at this node."""
        return "complete" if "complete" in self.exits else "approve"

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """What a voter may answer."""
        answers = tuple(self.exits)
        return (*answers, "abstain") if self.mode == "vote" else answers


def answer_of(seat: Seat, seats: Sequence[Seat]) -> Decision | None:
    """What a seat has answered together with those it added: a no of theirs is a no, a yes waits for them."""
    for each in seats:
        if each.of == seat.number and each.role in ("before", "after") and each.state != "cancelled":
            said = answer_of(each, seats)
            if said == "reject":
                return "reject"
            if said is None:
                return None
    return seat.decision


def verdict(seats: Iterable[Seat], voting: Voting) -> Decision | None:
    """What the seats have decided together, or None while it is open. A cancelled seat counts for nothing."""
    asked = [seat for seat in seats if seat.state != "cancelled"]
    said = _by_group(asked, voting)
    if said is None or said == "reject":
        return said
    further = [answer_of(seat, asked) for seat in asked if seat.role == "next"]
    return "reject" if "reject" in further else None if None in further else said


def vote(seats: Sequence[Seat], voting: Voting) -> Decision | None:
    """What those who were asked first have decided; those appended (追加) are asked when it is yes."""
    return _by_group([seat for seat in seats if seat.state != "cancelled"], voting)


def _by_group(asked: Sequence[Seat], voting: Voting) -> Decision | None:
    voters = [seat for seat in asked if seat.role == "voter"]
    if voting.groups == "together":
        return _decided(voters, asked, voting)
    groups = dict.fromkeys(seat.group for seat in voters)
    said = [_decided([seat for seat in voters if seat.group == group], asked, voting) for group in groups]
    if "reject" in said:
        return "reject"
    return None if not said or None in said else voting.agreement


def _decided(voters: Sequence[Seat], asked: Sequence[Seat], voting: Voting) -> Decision | None:
    answers = [answer_of(seat, asked) for seat in voters]
    decided = [answer for answer in answers if answer is not None]
    agreed = sum(answer in ("approve", "complete") for answer in decided)
    rejected = sum(answer == "reject" for answer in decided)
    complete = bool(voters) and len(decided) == len(voters)
    match voting.decided_by:
        case "first_rejection":
            settled, yes = rejected > 0 or complete, rejected == 0
        case "everyone":
            settled, yes = complete, rejected == 0
        case "first_decision":
            settled, yes = bool(decided), agreed > 0
        case "first_agreement":
            settled, yes = agreed > 0 or complete, agreed > 0
        case "passes":
            assert voting.passes is not None
            return _counted(list(zip(voters, answers, strict=True)), voting.passes, voting.agreement)
        case _:
            assert_never(voting.decided_by)
    if not settled:
        return None
    return voting.agreement if yes else "reject"


def tallies(seats: Iterable[Seat], voting: Voting) -> list[Tally]:
    """How a vote (票签) stands: of all together, or of each group for itself."""
    if voting.passes is None or voting.mode != "vote":
        return []
    asked = [seat for seat in seats if seat.state != "cancelled"]
    voters: dict[int, list[tuple[Seat, Decision | None]]] = {}
    for seat in asked:
        if seat.role == "voter":
            group = 0 if voting.groups == "together" else seat.group
            voters.setdefault(group, []).append((seat, answer_of(seat, asked)))
    return [_tally(each, voting.passes)[0] for each in voters.values()]


Answers = Sequence[tuple[Seat, Decision | None]]


def _tally(answers: Answers, passes: Passes) -> tuple[Tally, int]:
    """How it stands, and how many heads are counted."""
    counting = [seat for seat, answer in answers if passes.abstaining_counts or answer != "abstain"]
    everybody = sum(seat.weight if passes.weighted else 1 for seat in counting)
    agreed = _worth(answers, passes, "approve", "complete")
    return Tally(agreed, passes.needed(everybody, len(counting)), everybody), len(counting)


def _worth(answers: Answers, passes: Passes, *said: Decision | None) -> int:
    return sum(seat.weight if passes.weighted else 1 for seat, answer in answers if answer in said)


def _counted(answers: Answers, passes: Passes, agreement: Decision) -> Decision | None:
    """A vote is over as soon as nobody who has not answered can change what comes of it."""
    if not answers:
        return None
    stands, heads = _tally(answers, passes)
    if passes.reached(stands.agreed, stands.everybody, heads):
        return agreement
    missing = _worth(answers, passes, None)
    return None if passes.reached(stands.agreed + missing, stands.everybody, heads) else "reject"
