"""What a form says of ranges that may not overlap: declared with its fields, its conditions compiled once all forms
are known."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from lowcode.forms.definition import FormBase
from lowcode.forms.diagnostics import MESSAGES
from lowcode.kernel.definitions import SourceDocument
from lowcode.kernel.diagnostics import Diagnostic, Report
from lowcode.kernel.expressions import Expression
from lowcode.kernel.records.plan import SYSTEM_FIELDS, Field, RecordType, WithoutOverlaps
from lowcode.kernel.records.rollups import gathered


def declared(definition: FormBase, source: SourceDocument, record_type: RecordType) -> tuple[WithoutOverlaps, ...]:
    """The rules whose fields are there, without their conditions."""
    return tuple(
        WithoutOverlaps(
            each.range, _end_of(record_type.fields[each.range]), tuple(each.per), None, each.message,
            source.place(f"/without_overlaps/{index}"), index,
        )
        for index, each in enumerate(definition.without_overlaps)
        if not list(_wrong(definition, source, record_type, index))
    )  # fmt: skip


def compiled(
    definition: FormBase, source: SourceDocument, record_type: RecordType, report: Report,
    condition: Callable[[str | None, str], Expression | None],
) -> tuple[WithoutOverlaps, ...]:  # fmt: skip
    """The same with their conditions; what is wrong with the fields they name is reported."""
    listed = range(len(definition.without_overlaps))
    report.extend(each for index in listed for each in _wrong(definition, source, record_type, index))
    found = []
    for rule in record_type.without_overlaps:
        pointer = f"/without_overlaps/{rule.position}/where"
        where = condition(definition.without_overlaps[rule.position].where, pointer)
        found.append(replace(rule, where=where))
        if where is not None:
            report.extend(_moves(source, record_type, where, pointer))
    return tuple(found)


def _moves(source: SourceDocument, record_type: RecordType, where: Expression, pointer: str) -> Iterator[Diagnostic]:
    known = [name for name, each in record_type.fields.items() if _comparable(each)]
    for seen in _moving(record_type, where):
        named = {} if seen == where.text else {"known": known}
        values = {"seen": seen, "form": record_type.name, **named}
        yield MESSAGES.diagnostic("moves-unsaved", source.place(pointer), **values)


def _moving(record_type: RecordType, where: Expression) -> Iterator[str]:
    """What a condition reads that may change while nobody saves the record, so that nobody would look."""
    followed = {each.name for each in gathered(record_type)}
    own = {name for name, each in record_type.fields.items() if each.stored and name not in followed}
    moving = [*sorted(where.paths - own - set(SYSTEM_FIELDS)), *sorted(where.rows)]
    yield from moving
    if where.volatile and not moving:
        yield where.text


def _wrong(
    definition: FormBase, source: SourceDocument, record_type: RecordType, index: int
) -> Iterator[Diagnostic]:  # fmt: skip
    rule, base = definition.without_overlaps[index], f"/without_overlaps/{index}"
    fields = record_type.fields
    if rule.range not in fields or _end_of(fields[rule.range]) not in fields:
        known = [each.name for each in fields.values() if _end_of(each) in fields]
        seen = {"seen": rule.range, "form": record_type.name, "known": known}
        yield MESSAGES.diagnostic("not-a-range", source.place(f"{base}/range"), **seen)
    comparable = [name for name, each in fields.items() if _comparable(each)]
    for position, name in enumerate(rule.per):
        if name != "owner" and name not in comparable:
            seen = {"seen": name, "form": record_type.name, "known": comparable}
            yield MESSAGES.diagnostic("not-a-part", source.place(f"{base}/per/{position}"), **seen)


def _end_of(field: Field) -> str:
    """Where the range of a field ends; blank when none begins there."""
    return getattr(field.options, "until", None) or ""


def _comparable(field: Field) -> bool:
    """Whether it has a single value by which the database tells records apart."""
    return field.rows is None and field.stored and not field.sealed and not field.computed
