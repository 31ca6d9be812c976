"""Scores kept up to date: inside the save that changes what a card reads, after events around the record, when the
card itself changes, and day by day as points fade.

Every way leads through one save of the record, and the stage of that save computes the score; so whatever set it off,
the stored score is the one the facts give.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from lowcode.kernel.contract import Change, Context, Parameters, StageRun, Timer
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.records.completing import complete
from lowcode.kernel.records.facts import needs_of
from lowcode.kernel.records.linked import record_in
from lowcode.kernel.records.plan import Follower
from lowcode.kernel.records.rounding import rounded
from lowcode.kernel.records.selecting import everything
from lowcode.rules import tables as t
from lowcode.rules.scores.card import Score, ScoreCard, scored, told, version_of
from lowcode.rules.scores.learning import model_of
from lowcode.rules.selecting import paths

if TYPE_CHECKING:
    from lowcode.kernel.records.plan import RecordType

PAGE = 200
"""Records brought up to date in one transaction."""

EVERY = timedelta(minutes=1)
COLUMNS = ("card", "record", "points", "band", "version", "until", "at", "contributions")
STORED = sa.select(t.score).where(t.score.c.card == sa.bindparam("card"), t.score.c.record == sa.bindparam("record"))
CHANGES = (
    sa.select(t.score_change)
    .where(t.score_change.c.card == sa.bindparam("card"), t.score_change.c.record == sa.bindparam("record"))
    .order_by(t.score_change.c.id.desc())
    .limit(sa.bindparam("count", type_=sa.Integer))
)


def _upsert(dialect: str) -> Any:
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    values = {name: sa.bindparam(name, type_=t.score.c[name].type) for name in COLUMNS}
    statement = insert(t.score).values(values)
    kept = {name: statement.excluded[name] for name in COLUMNS[2:]}
    return statement.on_conflict_do_update(index_elements=["card", "record"], set_=kept)


UPSERT = {dialect: _upsert(dialect) for dialect in ("sqlite", "postgresql")}


class Rescore(Parameters):
    """A record to be scored anew."""

    card: str
    record: int


class RescoreMany(Parameters):
    """The records of a card whose score is missing, of another version, or due to change."""

    card: str
    after: int = 0


def cards_of(app: Any) -> Mapping[str, ScoreCard]:
    """The score cards of an app."""
    found: Mapping[str, ScoreCard] = app.plans["rules"].cards
    return found


# -- in the save ------------------------------------------------------------------------------------------------------


def score_stage(app: Any, record_type: RecordType) -> StageRun | None:
    """Computes the scores of a record in the save that changes what a card reads of it."""
    cards = [each for each in cards_of(app).values() if each.form == record_type.name]
    if not cards:
        return None
    for card in cards:
        _watch_rollups(record_type, card)
    own = {card.name: card.watched | {card.field} | ({card.band_field} if card.band_field else set()) for card in cards}

    def run(context: Context, change: Change) -> None:
        if change.kind == "delete":
            return
        changed = change.changed
        for card in cards:
            if change.before is None or changed & own[card.name]:
                _score_change(context, record_type, card, change)

    return run


def _score_change(context: Context, record_type: RecordType, card: ScoreCard, change: Change) -> None:
    needs = needs_of(card.needs)
    facts = complete(context, record_type, change.values, needs)
    found = scored(card, facts, context.moment(), model_of(context, card))
    field = record_type.fields[card.field]
    change.values[card.field] = rounded(field, found.points)
    if card.band_field is not None:
        change.values[card.band_field] = found.band
    change.after.append(lambda later, identity: keep(later, card, identity, found))


def events_stage(app: Any, record_type: RecordType) -> StageRun | None:
    """Notices events: a save of a record that a card of another form counts."""
    counting = [
        (card, app.types[card.form].relations[relation].by)
        for card in cards_of(app).values()
        for relation in card.relations
        if relation in app.types[card.form].relations
        and app.types[card.form].relations[relation].record_type == record_type.name
    ]
    if not counting:
        return None

    def run(context: Context, change: Change) -> None:
        for card, link in counting:
            named = {change.values.get(link), change.before.get(link) if change.before else None} - {None}
            scored_records = {each for each in (record_in(value, card.form) for value in named) if each is not None}
            version = change.values.get("version")
            for record in scored_records:
                change.after.append(_after_event(card, record, f"{record_type.name}:{{}}:v{version}"))

    return run


def _after_event(card: ScoreCard, record: Any, cause: str) -> Any:
    return lambda later, identity: put_off(later, card, int(record), cause.format(identity))


def put_off(context: Context, card: ScoreCard, record: int, cause: str) -> None:
    """Ask for a record to be scored after the commit; once in a transaction, however many events it brings."""
    host: Any = context.host
    asked: WeakKeyDictionary[Any, set[tuple[str, int]]] = host.cached(("rules", "asked"), WeakKeyDictionary)
    known = asked.setdefault(context.unit, set())
    wanted = (card.name, record)
    if wanted in known:
        return
    known.add(wanted)
    context.unit.after_rollback.append(lambda: known.discard(wanted))
    key = f"score:{card.name}:{record}:{cause}"
    context.as_app().later("rules.rescore", key=key, card=card.name, record=record)


def _watch_rollups(record_type: RecordType, card: ScoreCard) -> None:
    """Roll-ups change when other records are saved: a card that reads one notices it."""

    def touched(context: Context, identity: int, names: Iterable[str]) -> None:
        put_off(context, card, identity, f"rollup:{context.now().isoformat()}:{sorted(names)}")

    def refreshed(context: Context, identity: int, was: Mapping[str, Any], now: Mapping[str, Any]) -> None:
        touched(context, identity, now)

    follower = Follower(card.watched, refreshed, touched)
    record_type.extras["refreshed"] = (*record_type.extras.get("refreshed", ()), follower)


def keep(context: Context, card: ScoreCard, record: int, found: Score) -> None:
    """Write down a score with its contributions, and that it changed when it did."""
    unit, now = context.unit, context.now()
    before = unit.one(STORED, card=card.name, record=record)
    unit.run(
        UPSERT[unit.database.dialect_name], card=card.name, record=record, points=found.points, band=found.band,
        version=found.version, until=found.until, at=now, contributions=told(found),
    )  # fmt: skip
    former, former_band = (before["points"], before["band"]) if before else (None, None)
    if before is None or former != found.points or former_band != found.band:
        unit.insert(
            t.score_change, card=card.name, record=record, at=now, points=found.points, band=found.band,
            former=former, former_band=former_band, version=found.version,
        )  # fmt: skip


# -- later ------------------------------------------------------------------------------------------------------------


def rescore(context: Context, params: Rescore) -> str:
    """Score a record anew; a card or record that is gone is left alone."""
    card = cards_of(context.app).get(params.card)
    return "gone" if card is None else rescore_all(context, card, [params.record]).get(params.record, "gone")


def rescore_many(context: Context, params: RescoreMany) -> int:
    """Bring a page of records up to date and put off the next; how many there were."""
    card = cards_of(context.app).get(params.card)
    if card is None:
        return 0
    ids = stale(context, card, params.after)
    rescore_all(context, card, ids)
    if len(ids) == PAGE:
        context.later("rules.rescore_many", card=card.name, after=ids[-1])
    return len(ids)


def rescore_all(context: Context, card: ScoreCard, ids: Iterable[int]) -> dict[int, str]:
    """Score records anew: same, changed or refused (the record as it is breaks a check of its form), by id."""
    outcomes = {}
    moment, name, model = context.moment(), card.field, model_of(context, card)
    facts = context.facts(card.form, ids, [*card.needs, *_own_fields(card)])
    host: Any = context.host
    record_type: RecordType = host.types[card.form]
    for identity, known in facts.items():
        found = scored(card, known, moment, model)
        points = rounded(record_type.fields[name], found.points)
        values = {name: points} | ({card.band_field: found.band} if card.band_field else {})
        if all(known.get(each) == value for each, value in values.items()):
            keep(context, card, identity, found)
            outcomes[identity] = "same"
            continue
        try:
            with context.unit.savepoint():
                context.as_app().ask("records.update", type=card.form, id=identity, values=values)
            outcomes[identity] = "changed"
        except Rejected as refused:
            keep(context, card, identity, found)
            _log_refusal(context, card, identity, refused)
            outcomes[identity] = "refused"
    return outcomes


def _log_refusal(context: Context, card: ScoreCard, record: int, refused: Rejected) -> None:
    """A record that breaks a check of its form keeps the score it has; the run log says why."""
    context.unit.insert(
        t.run, rule=card.name, step=0, form=card.form, record=record, occurrence=f"score {card.version}",
        at=context.now(), outcome="refused", conditions=[], actions=[], causes=list(context.causes), actor=None,
        error=str(refused), microseconds=0,
    )  # fmt: skip


def _own_fields(card: ScoreCard) -> tuple[Any, ...]:
    return (paths(card.field, *((card.band_field,) if card.band_field else ())),)


def _ours(root: Any) -> sa.ColumnElement[bool]:
    return sa.and_(t.score.c.record == root.c.id, t.score.c.card == sa.bindparam("card"))


OLD = sa.or_(
    t.score.c.record.is_(None),
    t.score.c.version != sa.bindparam("version"),
    t.score.c.until <= sa.bindparam("today", type_=t.score.c.until.type),
)
"""Of a record: it has no score, one by another version of the card, or one that is due to change."""


def standing(context: Context, card: ScoreCard) -> dict[str, int]:
    """How many living records the form has, and how many of them have a score that is not up to date."""
    host: Any = context.host

    def build() -> sa.Select[Any]:
        joins, conditions = everything(context.as_app(), card.form)
        old = sa.case((OLD, 1), else_=0)
        counted = sa.select(sa.func.count().label("records"), sa.func.coalesce(sa.func.sum(old), 0).label("left"))
        return counted.select_from(joins.origin.outerjoin(t.score, _ours(joins.root))).where(*conditions)

    row = context.unit.one(
        host.cached(("rules", "standing", card.name), build),
        card=card.name, version=version_of(card, model_of(context, card)), today=context.moment().today,
    )  # fmt: skip
    assert row is not None
    return {"records": int(row["records"]), "left": int(row["left"])}


def stale(context: Context, card: ScoreCard, after: int = 0, limit: int = PAGE) -> list[int]:
    """The ids of living records whose score is missing, by another version of the card, or due to change."""
    host: Any = context.host

    def build() -> sa.Select[Any]:
        joins, conditions = everything(context, card.form)
        root = joins.root
        return (
            sa.select(root.c.id)
            .select_from(joins.origin.outerjoin(t.score, _ours(root)))
            .where(*conditions, OLD, root.c.id > sa.bindparam("after_id", type_=sa.BigInteger))
            .order_by(root.c.id)
            .limit(sa.bindparam("page_limit", type_=sa.Integer))
        )

    rows = context.unit.fetch(
        host.cached(("rules", "stale", card.name), build),
        card=card.name, version=version_of(card, model_of(context, card)), today=context.moment().today,
        after_id=after, page_limit=limit,
    )  # fmt: skip
    return [row["id"] for row in rows]


class Refreshing:
    """Looks for scores of a card that are out of date."""

    def __init__(self, card: ScoreCard) -> None:
        self.card = card

    def __call__(self, context: Context, since: datetime, until: datetime) -> None:
        """Put off bringing them up to date, from the first one on."""
        first = stale(context, self.card, limit=1)
        if first:
            version = version_of(self.card, model_of(context, self.card))
            key = f"scores:{self.card.name}:{version}:{until.isoformat()}"
            context.as_app().later("rules.rescore_many", key=key, card=self.card.name, after=first[0] - 1)


def timers(cards: Iterable[ScoreCard]) -> Iterable[Timer]:
    """A timer per card."""
    for card in cards:
        yield Timer(f"rules.{card.name}.scores", Refreshing(card), every=EVERY, catch_up="latest")
