"""How the decisions of several people become one: 会签 (all), 或签 (any), and when enough has been said.

Pure arithmetic over seats. A seat is one person asked at one node; it is decided once. Where products disagree the
author chooses by name (`decided_by`), and the default is the most common reading.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, assert_never

Decision = Literal["approve", "reject", "complete"]
Mode = Literal["all", "any"]
DecidedBy = Literal["first_rejection", "everyone", "first_decision", "first_agreement"]
SeatState = Literal["open", "done", "cancelled"]

DEFAULT_DECIDED_BY: Mapping[Mode, DecidedBy] = {"all": "first_rejection", "any": "first_decision"}
CHOICES: Mapping[Mode, tuple[DecidedBy, ...]] = {
    "all": ("first_rejection", "everyone"),
    "any": ("first_decision", "first_agreement"),
}


@dataclass(frozen=True, slots=True)
class Seat:
    """One person asked at one node. `behalf` is whom they stand in for; `reason` why it was decided without them."""

    number: int
    person: int
    behalf: int | None = None
    state: SeatState = "open"
    decision: Decision | None = None
    reason: str = ""

    @property
    def agreed(self) -> bool:
        """Whether this person said yes (or did the work)."""
        return self.decision in ("approve", "complete")


@dataclass(frozen=True, slots=True)
class Voting:
    """When the seats of a node have decided, and by which exit the token leaves then."""

    mode: Mode
    decided_by: DecidedBy
    exits: Mapping[Decision, str] = field(default_factory=dict)

    @property
    def agreement(self) -> Decision:
        """What saying yes is called at this node."""
        return "complete" if "complete" in self.exits else "approve"


def verdict(seats: Iterable[Seat], voting: Voting) -> Decision | None:
    """What the seats have decided together, or None while it is open. A cancelled seat counts for nothing."""
    asked = [seat for seat in seats if seat.state != "cancelled"]
    decided = [seat for seat in asked if seat.decision is not None]
    agreed = sum(seat.agreed for seat in decided)
    rejected = len(decided) - agreed
    complete = bool(asked) and len(decided) == len(asked)
    match voting.decided_by:
        case "first_rejection":
            settled = rejected > 0 or complete
            yes = rejected == 0
        case "everyone":
            settled = complete
            yes = rejected == 0
        case "first_decision":
            settled = bool(decided)
            yes = agreed > 0
        case "first_agreement":
            settled = agreed > 0 or complete
            yes = agreed > 0
        case _:
            assert_never(voting.decided_by)
    if not settled:
        return None
    return voting.agreement if yes else "reject"
