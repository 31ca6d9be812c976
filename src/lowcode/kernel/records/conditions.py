"""Required, read-only, visible, which options and which records may be chosen: always or by condition, in the record
and in its rows, the same for every door.

A field that its own condition or the condition of every section it stands in hides is not asked for. What a person did
not touch is not held against them: only what was sent, and differs from what was there, can be refused as read-only or
as not to be chosen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from lowcode.kernel.contract import Change, Context
from lowcode.kernel.diagnostics import Problem
from lowcode.kernel.expressions import Expression, Moment
from lowcode.kernel.records import words
from lowcode.kernel.records.completing import complete, complete_rows, load_facts
from lowcode.kernel.records.facts import Needs, needs_of
from lowcode.kernel.records.nested import rows_at
from lowcode.kernel.records.plan import Field, RecordType

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Conditional:
    """A field that something is asked of, and what its conditions read."""

    field: Field
    needs: Needs
    expressions: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Conditions:
    """The fields of a record type that something is asked of, and those of its rows."""

    plain: tuple[Field, ...]
    """Required or read-only whatever else holds."""
    own: tuple[Conditional, ...]
    rows: tuple[tuple[str, RecordType, tuple[Conditional, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Look:
    """One field in one place: its value now and before, and what its conditions read (asked for when there are any)."""

    each: Conditional
    pointer: str
    value: Any
    before: Any
    is_new: bool
    sent: bool
    facts: Callable[[], Values]


def conditions_of(record_type: RecordType) -> Conditions:
    """What has to be looked at whenever a record is saved."""
    rows = []
    for way, below in record_type.rows_below:
        found = tuple(_conditional(below.fields.values(), in_rows=True))
        if found:
            rows.append((way, below, found))
    own = tuple(_conditional(record_type.fields.values(), in_rows=False))
    plain = tuple(each.field for each in own if not each.expressions and each.field.filter is None)
    conditional = tuple(each for each in own if each.expressions or each.field.filter is not None)
    return Conditions(plain, conditional, tuple(rows)) if plain or conditional or rows else NOTHING


NOTHING = Conditions((), (), ())
NOWHERE: frozenset[str] = frozenset()


def _conditional(fields: Iterable[Field], *, in_rows: bool) -> Iterator[Conditional]:
    for field in fields:
        found = [field.required_when, field.read_only_when, field.visible_when, *field.section_when]
        found += [*field.option_when.values(), *field.matches.values()]
        expressions = tuple(each for each in found if each is not None)
        asked = not in_rows and (field.required or field.options.read_only)
        chosen = field.option_when or field.filter is not None or field.matches
        if not field.computed and (asked or field.required_when or field.read_only_when or chosen or (
            field.required and expressions
        )):  # fmt: skip
            yield Conditional(field, needs_of(expressions), expressions)


def check(
    context: Context, conditions: Conditions, change: Change, own_facts: Callable[[Values, Needs], Values]
) -> None:
    """A problem for everything that is missing, or may not be set or chosen."""
    wrong = {each.pointer for each in change.problems} if change.problems else NOWHERE
    for field in conditions.plain:
        problem = _plain(context, field, change)
        if problem is not None and problem.pointer not in wrong:
            change.problems.append(problem)
    if not conditions.own and not conditions.rows:
        return
    looks = [look for look in _looks(context, conditions, change, own_facts) if look.pointer not in wrong]
    for look in looks:
        change.problems.extend(_problems(context, look))
    change.problems.extend(_targets(context, [look for look in looks if _chosen(look)]))


def _plain(context: Context, field: Field, change: Change) -> Problem | None:
    """What is wrong with a field that is required or read-only and has no condition."""
    name, before = field.name, change.before
    value = change.values.get(name)
    if field.required and (value is None or (value.__class__ is list and not value)):
        return words.problem("required", f"/{name}", field=name)
    if field.options.read_only and name in change.sent and not context.actor.is_app:
        if before is None or value != before.get(name):
            return words.problem("read-only", f"/{name}", field=name)
    return None


def _looks(
    context: Context, conditions: Conditions, change: Change, own_facts: Callable[[Values, Needs], Values]
) -> Iterator[_Look]:
    values, before = change.values, change.before
    for each in conditions.own:
        name = each.field.name
        yield _Look(
            each, f"/{name}", values.get(name), (before or {}).get(name), before is None, name in change.sent,
            partial(own_facts, values, each.needs),
        )  # fmt: skip
    for way, rows, found in conditions.rows:
        sent = way.partition(".")[0] in change.sent
        there = list(rows_at(values, way, before))
        read = frozenset[str]().union(*(each.needs.paths for each in found))
        for row, facts in zip(there, complete_rows(context, rows, there, read), strict=True):
            for each in found:
                name = each.field.name
                yield _Look(
                    each, f"{row.pointer}/{name}", row.values.get(name), (row.before or {}).get(name),
                    row.before is None, sent, partial(_row_facts, context, rows, facts, each.needs),
                )  # fmt: skip


def _row_facts(context: Context, rows: RecordType, values: Values, needs: Needs) -> Values:
    missing = Needs(frozenset(path for path in needs.paths if path not in values), needs.rows)
    return values if missing.empty else complete(context, rows, values, missing)


def is_visible(field: Field, facts: Values, moment: Moment) -> bool:
    """Whether its own condition and those of its sections let it show."""
    if field.visible_when is not None and not field.visible_when.test(facts, moment):
        return False
    return not field.section_when or any(each.test(facts, moment) for each in field.section_when)


def is_required(field: Field, facts: Values, moment: Moment) -> bool:
    """Whether it must have a value when it shows."""
    return field.required or (field.required_when is not None and field.required_when.test(facts, moment))


def _problems(context: Context, look: _Look) -> Iterator[Problem]:
    field, pointer, name = look.each.field, look.pointer, look.each.field.name
    blank = look.value is None or look.value == []
    differs = look.is_new or look.value != look.before
    moment, facts = context.moment(), look.facts()
    if blank and is_visible(field, facts, moment) and is_required(field, facts, moment):
        yield words.problem("required", pointer, field=name)
    fixed = field.options.read_only or (field.read_only_when is not None and field.read_only_when.test(facts, moment))
    if fixed and look.sent and not look.is_new and differs and not context.actor.is_app:
        yield words.problem("read-only", pointer, field=name)
    if field.option_when and look.sent and differs and not blank:
        for option in look.value if isinstance(look.value, list) else [look.value]:
            condition = field.option_when.get(option)
            if condition is not None and not condition.test(facts, moment):
                yield words.problem("option-not-available", pointer, seen=option)


# -- records that may be chosen ---------------------------------------------------------------------------------------


def _chosen(look: _Look) -> bool:
    field = look.each.field
    return bool(look.sent and look.value and (field.filter is not None or field.matches) and look.value != look.before)


def _targets(context: Context, looks: list[_Look]) -> Iterator[Problem]:
    """A problem for each record that was newly chosen and is not one of those to choose from; one query per field."""
    by_field: dict[int, list[_Look]] = {}
    for look in looks:
        by_field.setdefault(id(look.each.field), []).append(look)
    for group in by_field.values():
        field = group[0].each.field
        ids = {each for look in group for each in _ids(look)}
        needs = needs_of(
            [*(() if field.filter is None else (field.filter,)), Needs(frozenset(field.matches), frozenset())]
        )
        known = load_facts(context, field.target or "", sorted(ids), needs)
        moment = context.moment()
        for look in group:
            wanted = {path: own.evaluate(look.facts(), moment) for path, own in field.matches.items()}
            for identity in _ids(look):
                facts = known.get(identity)
                if facts is None:
                    continue  # that it is not there is said where links are looked up
                fits = field.filter is None or field.filter.test(facts, moment)
                if not fits or any(value is not None and facts[path] != value for path, value in wanted.items()):
                    yield words.problem("link-not-offered", look.pointer, id=identity)


def _ids(look: _Look) -> list[int]:
    values = look.value if isinstance(look.value, list) else [look.value]
    before = look.before if isinstance(look.before, list) else [look.before]
    return [each for each in values if isinstance(each, int) and each not in before]
