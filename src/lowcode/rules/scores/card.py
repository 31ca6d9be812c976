"""A score card as understood, and what it means: the facts of a record in, a score with its contributions out. Pure.

Points of events fade by whole days of the app's zone, so a score changes at midnight and at no other time by itself;
`Score.until` is the day on which it may.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, assert_never

from lowcode.kernel.records.facts import Needs

if TYPE_CHECKING:
    from lowcode.kernel.diagnostics import Text
    from lowcode.kernel.expressions import Expression, Moment
    from lowcode.rules.scores.scorers.kind import ScorerKind

NOTHING, ONE, HALF = Decimal(0), Decimal(1), Decimal("0.5")
CENT = Decimal("0.01")
_DAY = timedelta(days=1)

Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class HalfLife:
    """Half of the points are left after so many days."""

    days: int


@dataclass(frozen=True, slots=True)
class Evenly:
    """The points go evenly down to nothing over so many days."""

    days: int


@dataclass(frozen=True, slots=True)
class Within:
    """The points count whole for so many days, and then no longer."""

    days: int


Fade: TypeAlias = HalfLife | Evenly | Within


@dataclass(frozen=True, slots=True)
class Case:
    """A condition and its points."""

    when: Expression
    points: Decimal
    note: Text = ""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The least and the most a part gives, and its weight in an average."""

    floor: Decimal | None
    cap: Decimal | None
    weight: Decimal

    def keep(self, points: Decimal) -> Decimal:
        """Points within the bounds."""
        if self.cap is not None and points > self.cap:
            points = self.cap
        return self.floor if self.floor is not None and points < self.floor else points


@dataclass(frozen=True, slots=True)
class Attribute:
    """Points for what the record is."""

    name: str
    title: Text
    bounds: Bounds
    cases: tuple[Case, ...]
    otherwise: Decimal
    points: Expression | None

    @property
    def expressions(self) -> tuple[Expression, ...]:
        """What it reads."""
        return (*(each.when for each in self.cases), *((self.points,) if self.points is not None else ()))


@dataclass(frozen=True, slots=True)
class Behaviour:
    """Points for what happened around the record."""

    name: str
    title: Text
    bounds: Bounds
    relation: str
    at: str
    when: Expression | None
    points: Expression
    fade: Fade | None

    @property
    def needs(self) -> Needs:
        """The rows it reads, with the paths of each."""
        paths = self.points.paths | {self.at} | (self.when.paths if self.when is not None else frozenset())
        return Needs(frozenset(), frozenset({(self.relation, frozenset(paths))}))


@dataclass(frozen=True, slots=True)
class Learned:
    """Points for how likely an outcome is, as the past of the app has it: so many for certain, none for impossible.
    It is learned from the attributes of the card, of records whose outcome is settled."""

    name: str
    title: Text
    bounds: Bounds
    outcome: Expression
    settled: Expression
    points: Decimal
    scorer: ScorerKind


@dataclass(frozen=True, slots=True)
class Model:
    """A model a scorer made, by its number."""

    number: int
    model: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of the score; the lowest has no beginning."""

    name: str
    title: Text
    begins: Decimal | None


@dataclass(frozen=True, slots=True)
class ScoreCard:
    """One card. `version` is a short word that changes with what the card says."""

    name: str
    title: Text
    form: str
    field: str
    band_field: str | None
    when: Expression | None
    average: bool
    attributes: tuple[Attribute, ...]
    behaviours: tuple[Behaviour, ...]
    least: Decimal | None
    most: Decimal | None
    bands: tuple[Band, ...]
    scale: int
    version: str
    learned: Learned | None = None
    likelihood: bool = False
    """The learned part alone is the score: there is none before a model is adopted."""
    watched: frozenset[str] = frozenset()
    """The own fields it reads: a save that changes none of them leaves the score as it is."""
    relations: frozenset[str] = frozenset()
    """The relations whose records it reads."""
    daily: bool = False
    """Whether it reads the day, or records linked to: it is then looked at anew each day."""

    @property
    def needs(self) -> tuple[Any, ...]:
        """Everything that must be loaded to score a record."""
        own = [each for part in self.attributes for each in part.expressions]
        return (*own, *((self.when,) if self.when is not None else ()), *(each.needs for each in self.behaviours))


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one part gave: `raw` before its bounds, `points` after them, and the reasons."""

    part: str
    title: Text
    sort: Literal["attribute", "behaviour", "learned"]
    raw: Decimal
    points: Decimal
    weight: Decimal
    reasons: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Score:
    """The score of a record; `points` is None when the card does not apply. `until`: the day it may change."""

    points: Decimal | None
    band: str | None = None
    contributions: tuple[Contribution, ...] = ()
    until: date | None = None
    version: str = ""
    """The version of the card, and the number of the model where it has one."""


@dataclass(slots=True)
class _Days:
    """The days on which something fades."""

    found: set[date] = field(default_factory=set)

    def add(self, day: date) -> None:
        self.found.add(day)


def version_of(card: ScoreCard, model: Model | None) -> str:
    """The version of the card, and the number of the model it scores by."""
    return card.version if model is None else f"{card.version}.{model.number}"


def scored(card: ScoreCard, facts: Facts, moment: Moment, model: Model | None = None) -> Score:
    """The score of a record; `model` is what the learned part goes by."""
    tomorrow, version = moment.today + _DAY, version_of(card, model)
    if card.when is not None and not card.when.test(facts, moment):
        return Score(None, until=tomorrow if card.daily else None, version=version)
    days = _Days()
    contributions = (
        *(_of_attribute(each, facts, moment) for each in card.attributes),
        *(_of_behaviour(each, facts.get(each.relation) or (), moment, days) for each in card.behaviours),
        *((_of_learned(card, card.learned, facts, moment, model),) if card.learned is not None else ()),
    )
    if card.likelihood:
        if model is None:
            return Score(None, until=tomorrow if card.daily else None, version=version)
        contributions = contributions[-1:]
    points = _bounded(card, _average(contributions) if card.average else _sum(contributions))
    if card.daily:
        days.add(tomorrow)
    until = min(days.found, default=None)
    return Score(points, band_of(card, points), contributions, until, version)


def band_of(card: ScoreCard, points: Decimal) -> str | None:
    """The band some points lie in."""
    return next((each.name for each in card.bands if each.begins is None or points >= each.begins), None)


def _sum(contributions: Iterable[Contribution]) -> Decimal:
    return sum((each.points for each in contributions), NOTHING)


def _average(contributions: tuple[Contribution, ...]) -> Decimal:
    weights = sum((each.weight for each in contributions), NOTHING)
    if not weights:
        return NOTHING
    return sum((each.points * each.weight for each in contributions), NOTHING) / weights


def _bounded(card: ScoreCard, points: Decimal) -> Decimal:
    kept = Bounds(card.least, card.most, ONE).keep(points)
    return kept.quantize(ONE.scaleb(-card.scale), ROUND_HALF_UP)


def _of_attribute(part: Attribute, facts: Facts, moment: Moment) -> Contribution:
    reasons: tuple[Mapping[str, Any], ...] = ()
    if part.points is not None:
        value = part.points.evaluate(facts, moment)
        raw = NOTHING if value is None else Decimal(value)
        reasons = ({"expression": part.points.text, "values": _read(part.points, facts)},)
    else:
        case = next((each for each in part.cases if each.when.test(facts, moment)), None)
        raw = case.points if case is not None else part.otherwise
        if case is not None:
            reasons = ({"case": case.when.text, "note": case.note, "values": _read(case.when, facts)},)
    points = part.bounds.keep(raw).quantize(CENT, ROUND_HALF_UP)
    return Contribution(part.name, part.title, "attribute", raw, points, part.bounds.weight, reasons)


def features_of(card: ScoreCard, facts: Facts, moment: Moment) -> dict[str, str | float | None]:
    """What a scorer learns from: which case of each attribute holds, or the number its expression gives."""
    found: dict[str, str | float | None] = {}
    for part in card.attributes:
        if part.points is not None:
            value = part.points.evaluate(facts, moment)
            found[part.name] = None if value is None else float(value)
        else:
            found[part.name] = next((each.when.text for each in part.cases if each.when.test(facts, moment)), None)
    return found


def _of_learned(card: ScoreCard, part: Learned, facts: Facts, moment: Moment, model: Model | None) -> Contribution:
    """Points by the likelihood, and what each attribute adds to it or takes away; none before a model is adopted."""
    reasons: tuple[Mapping[str, Any], ...] = ()
    raw = NOTHING
    if model is not None:
        found = part.scorer.predict(model.model, features_of(card, facts, moment))
        raw = part.points * Decimal(str(round(found.probability, 6)))
        strongest = sorted(found.parts.items(), key=lambda each: -abs(each[1]))
        said = {name: f"{odds:+.2f}" for name, odds in strongest}
        reasons = ({"model": model.number, "likelihood": f"{found.probability:.2f}", "log_odds": said},)
    points = part.bounds.keep(raw).quantize(CENT, ROUND_HALF_UP)
    return Contribution(part.name, part.title, "learned", raw, points, part.bounds.weight, reasons)


def _read(expression: Expression, facts: Facts) -> dict[str, Any]:
    return {path: facts.get(path) for path in sorted(expression.paths)}


def _of_behaviour(part: Behaviour, rows: Iterable[Facts], moment: Moment, days: _Days) -> Contribution:
    raw, counted, newest = NOTHING, 0, None
    for row in rows:
        at = row.get(part.at)
        if at is None or (part.when is not None and not part.when.test(row, moment)):
            continue
        value = part.points.evaluate(row, moment)
        left = _left(part.fade, _day(at, moment), moment.today, days)
        if value is None or not left:
            continue
        raw += Decimal(value) * left
        counted += 1
        newest = at if newest is None or at > newest else newest
    reasons = ({"events": counted, "newest": newest},) if counted else ()
    points = part.bounds.keep(raw).quantize(CENT, ROUND_HALF_UP)
    return Contribution(part.name, part.title, "behaviour", raw, points, part.bounds.weight, reasons)


def _day(at: date | datetime, moment: Moment) -> date:
    return at.astimezone(moment.zone).date() if isinstance(at, datetime) else at


def _left(fade: Fade | None, day: date, today: date, days: _Days) -> Decimal:
    """The share of an event's points that is left; the day on which that changes is noted."""
    if fade is None:
        return ONE
    age = max(0, (today - day).days)
    match fade:
        case Within(length):
            if age >= length:
                return NOTHING
            days.add(day + timedelta(days=length))
            return ONE
        case Evenly(length):
            if age >= length:
                return NOTHING
            days.add(max(day, today) + _DAY)
            return ONE - Decimal(age) / Decimal(length)
        case HalfLife(length):
            left: Decimal = HALF ** (Decimal(age) / Decimal(length))
            if left < Decimal("0.0001"):
                return NOTHING
            days.add(max(day, today) + _DAY)
            return left
    assert_never(fade)


def told(score: Score) -> list[dict[str, Any]]:
    """The contributions as JSON keeps them."""
    return [
        {
            "part": each.part,
            "title": each.title,
            "sort": each.sort,
            "raw": str(each.raw.quantize(CENT, ROUND_HALF_UP)),
            "points": str(each.points),
            "weight": str(each.weight),
            "reasons": [_plain(reason) for reason in each.reasons],
        }
        for each in score.contributions
    ]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, (str, int, bool)) else str(value)
