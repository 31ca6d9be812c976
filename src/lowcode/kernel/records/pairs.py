"""Fields that are right only beside something else: an amount beside its currency, an end beside its start, a role
beside the app; and rows of which no two are to be the same. Every door saves through here, and rows of lines are looked
at like records."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any

from lowcode.kernel.contract import Change, Context
from lowcode.kernel.currencies import PLACES
from lowcode.kernel.diagnostics import Problem, nearest
from lowcode.kernel.records import words
from lowcode.kernel.records.nested import Row, rows_at
from lowcode.kernel.records.plan import Field, RecordType, Unique

Look = Callable[[Context, Field, Mapping[str, Any]], Problem | None]


def looks_of(record_type: RecordType) -> tuple[tuple[str, Field, Look], ...]:
    """What has to be looked at: (the rows it stands in, or ""; the field; how)."""
    found = []
    for rows, owner in (("", record_type), *record_type.rows_below):
        for field in owner.fields.values():
            if getattr(field.options, "currency_from", None):
                found.append((rows, field, _places))
            if getattr(field.options, "until", None):
                found.append((rows, field, _order))
            if field.rows is not None and (field.options.min or field.options.max):  # type: ignore[attr-defined]
                found.append((rows, field, _count))
            if field.options_type == "role":
                found.append((rows, field, _role))
    return tuple(found)


def check(context: Context, looks: tuple[tuple[str, Field, Look], ...], change: Change) -> None:
    """A problem for each that does not fit; what was wrong before and is left alone stays."""
    for rows, field, look in looks:
        for pointer, values, before in _places_of(change, rows):
            problem = look(context, field, values)
            if problem is not None and (before is None or look(context, field, before) != problem):
                at = f"{pointer}/{field.name}"
                change.problems.append(Problem(problem.code, problem.message, at, problem.values))


def apart_in(record_type: RecordType) -> tuple[tuple[str, Unique], ...]:
    """What may stand once among the rows of a record: (the rows, the rule)."""
    return tuple((way, rule) for way, rows in record_type.rows_below for rule in rows.unique)


def keep_apart(rules: tuple[tuple[str, Unique], ...], change: Change) -> None:
    """A problem at each row that has what another one of the record has, wherever the two stand in it; what was so
    before and is left alone stays."""
    for way, rule in rules:
        seen: dict[tuple[Any, ...], Row] = {}
        for row in rows_at(change.values, way, change.before):
            has = _has(rule, row.values)
            if has is None:
                continue
            first = seen.setdefault(has, row)
            left = all(each.before is not None and _has(rule, each.before) == has for each in (first, row))
            if first is not row and not left:
                at = f"{row.pointer}/{rule.fields[0]}"
                told = words.problem("row-twice", at, fields=list(rule.fields))
                change.problems.append(
                    told if rule.message is None else Problem(told.code, rule.message, at, told.values)
                )


def _has(rule: Unique, values: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """What a row has by a rule; None where something of it is blank."""
    found = tuple(values.get(name) for name in rule.fields)
    if any(each is None or each == "" or each == [] for each in found):
        return None
    return tuple(each if isinstance(each, Hashable) else repr(each) for each in found)


def _places_of(change: Change, rows: str) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any] | None]]:
    """Pointer, values and former values of the record, or of each of its rows."""
    if not rows:
        yield "", change.values, change.before
        return
    for row in rows_at(change.values, rows, change.before):
        yield row.pointer, row.values, row.before


def _places(context: Context, field: Field, values: Mapping[str, Any]) -> Problem | None:
    """An amount has no more decimal places than its currency: no half yen."""
    amount, code = values.get(field.name), values.get(field.options.currency_from)  # type: ignore[attr-defined]
    if amount is None or code is None:
        return None
    places = PLACES.get(code, 2)
    if amount == round(amount, places):
        return None
    return words.problem("places-of-currency", "", seen=f"{amount.normalize():f}", currency=code, places=places)


def _order(context: Context, field: Field, values: Mapping[str, Any]) -> Problem | None:
    """A range ends no earlier than it begins."""
    start, end = values.get(field.name), values.get(field.options.until)  # type: ignore[attr-defined]
    if start is None or end is None or start <= end:
        return None
    return words.problem("ends-before", "", start=start.isoformat(), end=end.isoformat())


def _count(context: Context, field: Field, values: Mapping[str, Any]) -> Problem | None:
    """As many rows as the author wants."""
    options: Any = field.options
    count = len(values.get(field.name) or ())
    if count < options.min:
        return words.problem("too-few-rows", "", limit=options.min, seen=count)
    if options.max is not None and count > options.max:
        return words.problem("too-many-rows", "", limit=options.max, seen=count)
    return None


def _role(context: Context, field: Field, values: Mapping[str, Any]) -> Problem | None:
    """The role is one of the app's."""
    role = values.get(field.name)
    known = [each.name for each in context.app.definition.roles]
    if role is None or role in known:
        return None
    return words.problem("no-such-role", "", seen=role, known=known, near=nearest(role, known) or "")
