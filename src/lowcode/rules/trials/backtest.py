"""A rule replayed over what is stored of the past: what it would have done, when, and to whom; beside what the run log
says it did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.events.timers import occurrences
from lowcode.kernel.identity import org
from lowcode.kernel.records.facts import Needs, id_in, needs_of
from lowcode.kernel.records.renamed import by_names_of_now, names_of_now
from lowcode.kernel.records.show import from_plain
from lowcode.kernel.storage.types import json_text
from lowcode.rules import tables as t
from lowcode.rules.actions.kind import Firing
from lowcode.rules.firing import preview
from lowcode.rules.people import people_in
from lowcode.rules.plan import OnDate, OnInactive, OnSchedule, Rule
from lowcode.rules.trials.lifetime import MADE, Entry, Lifetime, assumed, closure
from lowcode.rules.trials.replay import Replayed, Stretch, at_times, replay

if TYPE_CHECKING:
    from lowcode.kernel.records.plan import RecordType

PAGE = 200
SHOWN = 500
"""Firings told one by one; the counts are of all."""

OCCURRENCES = 400
LOGGED = sa.select(t.run.c.record, t.run.c.at, t.run.c.step).where(
    t.run.c.rule == sa.bindparam("of_rule"),
    t.run.c.outcome == "done",
    t.run.c.at > sa.bindparam("since", type_=t.run.c.at.type),
    t.run.c.at <= sa.bindparam("until", type_=t.run.c.at.type),
)


def backtest(context: Context, rule: Rule, stretch: Stretch, limit: int) -> dict[str, Any]:
    """Replay a rule over a stretch of the past, for the records last made."""
    host: Any = context.host
    record_type: RecordType = host.types[rule.form]
    paths, relations = closure(record_type, *_read(rule, record_type))
    acting, now = context.as_app(), context.moment()
    ids = _ids(context, record_type, stretch, limit)
    times = _times(rule, stretch, context)
    telling = _Telling(acting, rule)
    for start in range(0, len(ids), PAGE):
        for life in _lives(acting, record_type, ids[start : start + PAGE], paths, relations):
            found = at_times(rule, life, times, now) if times is not None else replay(rule, life, stretch, now)
            for each in found:
                telling.add(life.identity, each)
    return {
        "rule": rule.name,
        "since": stretch.since,
        "until": stretch.until,
        "looked_at": len(ids),
        "more_records": len(ids) == limit,
        "assumed": assumed(record_type, paths, relations),
        **_named(acting, rule, telling.told()),
        "logged": _logged(context, rule, stretch, telling.by_record),
    }


def _read(rule: Rule, record_type: RecordType) -> tuple[frozenset[str], Mapping[str, frozenset[str]]]:
    """What a rule reads, in its conditions, its trigger and its actions."""
    expressions: list[Any] = [
        each for each in (rule.gate, rule.edge, rule.still, rule.when, rule.exit) if each is not None
    ]
    if isinstance(rule.trigger, OnInactive):
        expressions.append(rule.trigger.since)
    elif isinstance(rule.trigger, OnDate):
        expressions.append(rule.trigger.value)
    expressions += [need for step in rule.steps for need in step.needs]
    needs = needs_of(expressions)
    rows = {name for name, field in record_type.fields.items() if field.rows is not None} | record_type.relations.keys()
    own = frozenset({"id", MADE, "deleted_at"}) | (rule.watched - rows)
    return needs.paths | own, dict(needs.rows)


def _ids(context: Context, record_type: RecordType, stretch: Stretch, limit: int) -> list[int]:
    table = record_type.table
    statement = (
        sa.select(table.c.id)
        .where(
            table.c.created_at <= sa.bindparam("until", type_=table.c.created_at.type),
            sa.or_(
                table.c.deleted_at.is_(None), table.c.deleted_at > sa.bindparam("since", type_=table.c.created_at.type)
            ),
        )
        .order_by(table.c.id.desc())
        .limit(sa.bindparam("page_limit", type_=sa.Integer))
    )
    rows = context.unit.fetch(statement, since=stretch.since, until=stretch.until, page_limit=limit)
    return [row["id"] for row in rows]


def _times(rule: Rule, stretch: Stretch, context: Context) -> list[datetime] | None:
    """The times of a schedule in the stretch; None for a rule without one."""
    trigger = rule.trigger
    if not isinstance(trigger, OnSchedule):
        return None
    if trigger.cron is not None:
        zone = context.moment().zone
        latest = islice(occurrences(trigger.cron, stretch.since, stretch.until, zone, latest_first=True), OCCURRENCES)
        found = list(latest)[::-1]
    else:
        every = trigger.every.fixed if trigger.every is not None else None
        count = int((stretch.until - stretch.since) / every) if every else 0
        found = [stretch.since + every * (number + 1) for number in range(count)] if every else []
    return found[-OCCURRENCES:]


def _lives(
    context: Context, record_type: RecordType, ids: Sequence[int], paths: frozenset[str],
    relations: Mapping[str, frozenset[str]],
) -> Iterable[Lifetime]:  # fmt: skip
    needs = Needs(paths, frozenset(relations.items()))
    entries = _entries(context, record_type, ids)
    for identity, facts in context.facts(record_type.name, ids, [needs]).items():
        yield Lifetime(record_type, identity, facts, entries.get(identity, ()))


def _entries(context: Context, record_type: RecordType, ids: Sequence[int]) -> dict[int, list[Entry]]:
    history, dialect = record_type.history, context.unit.database.dialect_name
    statement = (
        sa.select(history).where(id_in(history.c.record_id, dialect)).order_by(history.c.record_id, history.c.id)
    )
    found: dict[int, list[Entry]] = {}
    names = names_of_now(context, record_type)
    for row in context.unit.fetch(statement, ids=json_text(list(ids))):
        changes = {
            name: (_value(record_type, name, pair[0]), _value(record_type, name, pair[1]))
            for name, pair in by_names_of_now(names, row["changes"]).items()
            if isinstance(pair, list) and len(pair) == 2
        }
        entry = Entry(row["at"], row["kind"], row["version"], row["actor"], changes)
        found.setdefault(row["record_id"], []).append(entry)
    return found


def _value(record_type: RecordType, name: str, value: Any) -> Any:
    """A value as history keeps it, as one of the field's type."""
    shape = record_type.shape.fields.get(name)
    return value if value is None or shape is None else from_plain(shape.type, value)


def _named(context: Context, rule: Rule, told: dict[str, Any]) -> dict[str, Any]:
    """What the records and people of the firings that are shown are called."""
    ids = tuple(dict.fromkeys(each["record"] for each in told["firings"]))
    people = people_in(context, ((rule.form, action) for each in told["firings"] for action in each["actions"]))
    return {**told, "labels": context.ask("records.label", type=rule.form, ids=ids) if ids else {}, "people": people}


class _Telling:
    """What would have been done, gathered: one by one as far as it is shown, and counted."""

    def __init__(self, context: Context, rule: Rule) -> None:
        self.context, self.rule = context, rule
        self.firings: list[dict[str, Any]] = []
        self.count = 0
        self.by_record: Counter[int] = Counter()
        self.actions: Counter[str] = Counter()
        self.notices: Counter[int] = Counter()
        self.assignments: Counter[int] = Counter()

    def add(self, record: int, found: Replayed) -> None:
        """One firing."""
        variables: dict[str, Any] = {"@key": f"replay:{self.rule.name}:{record}:{found.at.isoformat()}"}
        if self.rule.waits:
            variables["started_at"] = found.started or found.at
        firing = Firing(self.context, self.rule, record, found.facts, found.moment, variables, simulated=True)
        told = preview(firing, found.step)
        self.count += 1
        self.by_record[record] += 1
        for action, each in zip(found.step.actions, told, strict=True):
            self.actions[action.kind] += 1
            if "notify" in each:
                self.notices.update(each["notify"])
            if each.get("assign") is not None:
                self.assignments[each["assign"]] += 1
        self.firings.append({"record": record, "at": found.at, "step": found.step.number, "actions": told})

    def told(self) -> dict[str, Any]:
        """The answer: the last firings, and how many of what, to whom."""
        shown = sorted(self.firings, key=lambda each: each["at"], reverse=True)[:SHOWN]
        return {
            "firings": shown,
            "count": self.count,
            "records": len(self.by_record),
            "actions": dict(self.actions),
            "notices": self._people(self.notices),
            "assignments": self._people(self.assignments),
        }

    def _people(self, counted: Counter[int]) -> list[dict[str, Any]]:
        found = []
        for user, count in counted.most_common():
            person = org.user(self.context, user)
            found.append({"user": user, "name": person.name if person is not None else None, "count": count})
        return found


def _logged(context: Context, rule: Rule, stretch: Stretch, replayed: Mapping[int, int]) -> dict[str, Any]:
    """What the run log says the rule did in the same time, and the records by which the two differ."""
    rows = context.unit.fetch(LOGGED, of_rule=rule.name, since=stretch.since, until=stretch.until)
    done = Counter(row["record"] for row in rows if row["record"] is not None)
    return {
        "count": len(rows),
        "only_replayed": sorted(each for each in replayed if each not in done)[:SHOWN],
        "only_logged": sorted(each for each in done if each not in replayed)[:SHOWN],
    }
