"""Ranges that may not overlap: a machine is booked by one at a time, a price holds for one period.

Like what is unique this holds on every door, and between two people who save in the same instant: whoever saves a
range waits for who is saving one of the same thing, until that is committed, and then looks. Decision 0201.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from zlib import crc32

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from lowcode.kernel.contract import Change, Context
from lowcode.kernel.diagnostics import Problem
from lowcode.kernel.records import words
from lowcode.kernel.records.facts import needs_of
from lowcode.kernel.records.joins import Joins
from lowcode.kernel.records.labels import label_of
from lowcode.kernel.records.plan import RecordType, WithoutOverlaps
from lowcode.kernel.storage.types import json_text

FactsOf = Callable[[Mapping[str, Any], Any], Mapping[str, Any]]
LOCK = sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(sa.bindparam("of_range", type_=sa.Text), 0)))


IN_ORDER = (
    sa.func.jsonb_array_elements_text(sa.cast(sa.bindparam("of_ranges", type_=sa.Text), JSONB))
    .table_valued(sa.column("value", sa.Text), with_ordinality="place")
    .render_derived(name="asked")
)
LISTED = sa.select(IN_ORDER.c.value).order_by(IN_ORDER.c.place).offset(0).subquery()
LOCK_ALL = sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(LISTED.c.value, 0)))


def take_turns(context: Context, record_type: RecordType, sent: Iterable[Mapping[str, Any]]) -> None:
    """Whoever saves several ranges waits for whoever saves one of the same things before the first is saved, in an
    order that is the same for all: two who do it at the same time do not wait for one another. Outside of any
    savepoint, which would let go of them."""
    keys = {
        _key(context, record_type, rule, [values[name] for name in rule.per])
        for values in sent for rule in record_type.without_overlaps
        if all(values.get(name) is not None for name in rule.per)
    }  # fmt: skip
    if len(keys) > 1:
        context.unit.locked(LOCK_ALL, of_ranges=json_text(sorted(keys)))


def check(context: Context, change: Change, facts_of: FactsOf) -> None:
    """A problem for each rule by which the range of the record overlaps with that of another; a record that is left
    where it was stays."""
    for rule in change.record_type.without_overlaps:
        held = _held(context, rule, change.values, facts_of)
        if held is not None and (change.before is None or held != _held(context, rule, change.before, facts_of)):
            others = _others(context, change, rule)
            if others:
                change.problems.append(_problem(context, change, rule, others))


@dataclass(slots=True)
class Looked:
    """Ranges that are only looked at one after the other, as if those before were saved."""

    held: dict[tuple[Any, ...], list[tuple[Any, Any, int | None]]] = field(default_factory=dict)
    """From when until when, and of which record, by the rule and of what it is."""
    before: Callable[[tuple[Any, ...]], Iterable[tuple[Any, Any, int | None]]] | None = None
    """Those that were looked at in parts before."""
    new: dict[tuple[Any, ...], list[tuple[Any, Any, int | None]]] = field(default_factory=dict)
    """Those of this part, where there were parts before."""

    def against(self, context: Context, change: Change, facts_of: FactsOf) -> Iterator[Problem]:
        """A problem for each rule by which the range of the record overlaps with one before."""
        for rule, key, start, end in self._ranges(context, change, facts_of):
            days = change.record_type.fields[rule.start].options_type == "date"
            identity = change.values.get("id")
            others = (each for each in self._held(key) if identity is None or each[2] != identity)
            if any(_ends_behind(days, end, other) and _ends_behind(days, until, start) for other, until, _ in others):
                yield _unnamed(rule)

    def keep(self, context: Context, change: Change, facts_of: FactsOf) -> None:
        """The record would be saved."""
        for _, key, start, end in self._ranges(context, change, facts_of):
            self._held(key).append((start, end, change.values.get("id")))
            if self.before is not None:
                self.new.setdefault(key, []).append((start, end, change.values.get("id")))

    def _held(self, key: tuple[Any, ...]) -> list[tuple[Any, Any, int | None]]:
        if key not in self.held:
            self.held[key] = [] if self.before is None else list(self.before(key))
        return self.held[key]

    def _ranges(
        self, context: Context, change: Change, facts_of: FactsOf
    ) -> Iterator[tuple[WithoutOverlaps, tuple[Any, ...], Any, Any]]:  # fmt: skip
        for rule in change.record_type.without_overlaps:
            held = _held(context, rule, change.values, facts_of)
            if held is not None and (change.before is None or held != _held(context, rule, change.before, facts_of)):
                *of, start, end = held
                yield rule, (rule.position, *of), start, end


def _ends_behind(days: bool, end: Any, start: Any) -> bool:
    """Whether a range goes on when another one begins: the last day counts whole, an instant is the end."""
    return end is None or (end >= start if days else end > start)


def _unnamed(rule: WithoutOverlaps) -> Problem:
    pointer = f"/{rule.start}"
    return (
        words.problem("overlaps", pointer)
        if rule.message is None
        else Problem("records.overlaps", rule.message, pointer)
    )


def _held(context: Context, rule: WithoutOverlaps, values: Mapping[str, Any], facts_of: FactsOf) -> Any:
    """What the record holds by the rule: of what, from when until when; None for nothing."""
    held = tuple(values.get(name) for name in (*rule.per, rule.start))
    if any(each is None for each in held) or values.get("deleted_at") is not None:
        return None
    condition = rule.where
    if condition is not None and not condition.test(facts_of(values, needs_of((condition,))), context.moment()):
        return None
    return (*held, values.get(rule.end))


def _others(context: Context, change: Change, rule: WithoutOverlaps) -> list[dict[str, Any]]:
    """The records whose ranges overlap with this one's, the earliest first."""
    host: Any = context.host
    record_type, values = change.record_type, change.values
    _take_turns(context, record_type, rule, [values[name] for name in rule.per])
    statement = host.cached(
        ("overlaps", record_type.name, rule.position, values.get(rule.end) is None),
        lambda: _statement(context, record_type, rule, endless=values.get(rule.end) is None),
    )
    given = {f"of_{name}": values[name] for name in rule.per}
    moment = context.moment().parameters(host.database.dialect_name)
    return context.unit.fetch(
        statement, **moment, **given, itself=values.get("id"), starts=values[rule.start], ends=values.get(rule.end)
    )


def _statement(context: Context, record_type: RecordType, rule: WithoutOverlaps, *, endless: bool) -> sa.Select[Any]:
    host: Any = context.host
    dialect = host.database.dialect_name
    joins = Joins(host.types, record_type, host.database.table, dialect)
    column = joins.root.c

    def given(name: str, key: str) -> sa.BindParameter[Any]:
        return sa.bindparam(key, type_=column[name].type)

    start, end = column[rule.start], column[rule.end]
    days = record_type.fields[rule.start].options_type == "date"  # the last day counts whole; an instant is the end
    conditions = [column.deleted_at.is_(None), *(column[name] == given(name, f"of_{name}") for name in rule.per)]
    conditions.append(column.id != sa.func.coalesce(sa.bindparam("itself", type_=column.id.type), -1))
    since = given(rule.start, "starts")
    conditions.append(sa.or_(end.is_(None), end >= since if days else end > since))
    if not endless:
        until = given(rule.end, "ends")
        conditions.append(start <= until if days else start < until)
    conditions.append(start.is_not(None))
    if rule.where is not None:
        conditions.append(rule.where.sql_condition(dialect, joins))
    chosen = sa.select(column.id, start.label("starts"), end.label("ends")).select_from(joins.origin)
    return chosen.where(*conditions).order_by(start, column.id).limit(SOME)


LOCKS = 512
"""So many locks a rule has at most, of however many things. PostgreSQL has room for 6,400 where nobody says more."""
SOME = 3
"""So many of those that overlap are looked at."""


def _take_turns(context: Context, record_type: RecordType, rule: WithoutOverlaps, of: list[Any]) -> None:
    """Whoever saves a range of the same thing in the same instant is waited for."""
    if in_turn(context, record_type):
        context.unit.locked(LOCK, of_range=_key(context, record_type, rule, of))


def in_turn(context: Context, record_type: RecordType) -> bool:
    """Whether whoever saves has to wait for others; on SQLite nobody else writes."""
    if not record_type.without_overlaps:
        return False
    return context.unit.database.dialect_name == "postgresql" and not context.unit.only_reads


def _key(context: Context, record_type: RecordType, rule: WithoutOverlaps, of: list[Any]) -> str:
    """By what it is waited for: things of one rule share `LOCKS` of them, for the server keeps all locks in one table
    that has an end."""
    shared = crc32(repr(of).encode()) % LOCKS
    return f"lowcode:{context.unit.database.prefix}:{record_type.name}:{rule.position}:{shared:03}"


def _problem(context: Context, change: Change, rule: WithoutOverlaps, others: list[dict[str, Any]]) -> Problem:
    """The words of the author, or with which records it overlaps, as far as this person may read them."""
    pointer = f"/{rule.start}"
    if rule.message is not None:
        return _unnamed(rule)
    record_type = change.record_type
    grant = context.host.grant(record_type, context.actor)
    labels = label_of(context, record_type.name, [each["id"] for each in others]) if grant.may("read") else {}
    hidden = {rule.start, rule.end} & set(grant.hidden)
    named = [each for each in others if each["id"] in labels and not hidden]
    if not named or context.actor.is_app:  # the app reads all, and may act for a visitor who reads nothing
        return _unnamed(rule)
    first = named[0]
    return words.problem(
        "overlaps-with", pointer, label=labels[first["id"]],
        start=_spoken(context, first["starts"]), end=_spoken(context, first["ends"]),
    )  # fmt: skip


def _spoken(context: Context, value: Any) -> str:
    """A day, or an instant by the clock of the app; blank for no end."""
    if isinstance(value, datetime):
        moment: Any = context.moment()
        return value.astimezone(moment.zone).strftime("%Y-%m-%d %H:%M")
    return value.isoformat() if isinstance(value, date) else "…"
