"""Calendars and cards: documents to their parts of the plan."""

from __future__ import annotations

from importlib.util import find_spec

from lowcode.api.definition_personal import CalendarDocument, CardDocument
from lowcode.api.diagnostics import MESSAGES
from lowcode.api.plan import CalendarPlan, CardPlan
from lowcode.kernel.definitions.load import SourceDocument
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.expressions.types import BOOLEAN
from lowcode.kernel.records.filters import joined
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.scope import Scope
from lowcode.kernel.texts import TextTemplate

DAYS = ("date", "datetime")


def calendar_of(
    document: CalendarDocument, source: SourceDocument, scope: Scope, report: Report
) -> CalendarPlan | None:
    """Understand a calendar."""
    _needs_library("calendar", source, report)
    if scope.find("form", document.form, source.place("/form"), report) is None:
        return None
    record_type = scope.records[document.form]
    starts = _field(record_type, document.starts, DAYS, "/starts", source, report)
    ends = None
    if document.ends is not None and starts is not None:
        ends = _field(record_type, document.ends, (starts.type.kind,), "/ends", source, report)
    if document.where is not None:
        scope.expression(document.where, source.place("/where"), report, record=document.form, expect=BOOLEAN)

    def template(name: str) -> TextTemplate:
        return scope.template(getattr(document, name), source.place(f"/{name}"), report, record=document.form)

    if starts is None:
        return None
    by_day = starts.type.kind == "date"
    where = joined(document.where, _in_sight(document, "TODAY()" if by_day else "NOW()"))
    return CalendarPlan(
        document.name, document.title or document.name, document.form, where, document.starts,
        ends.name if ends is not None else None, by_day, document.minutes, template("summary"),
        template("place"), template("description"), document.remind, document.back, document.ahead,
    )  # fmt: skip


def _in_sight(document: CalendarDocument, now: str) -> str:
    """Begins neither too long ago nor too far ahead."""
    first, last = f'DATEADD({now}, -{document.back}, "day")', f'DATEADD({now}, {document.ahead}, "day")'
    return f"{document.starts} >= {first} and {document.starts} <= {last}"


def card_of(document: CardDocument, source: SourceDocument, scope: Scope, report: Report) -> CardPlan | None:
    """Understand a card."""
    _needs_library("card", source, report)
    if scope.find("form", document.form, source.place("/form"), report) is None:
        return None
    record_type = scope.records[document.form]
    for name in ("mobiles", "phones", "emails"):
        for index, each in enumerate(getattr(document, name)):
            _field(record_type, each, ("text",), f"/{name}/{index}", source, report)
    if document.birthday is not None:
        _field(record_type, document.birthday, ("date",), "/birthday", source, report)

    def template(name: str) -> TextTemplate:
        return scope.template(getattr(document, name), source.place(f"/{name}"), report, record=document.form)

    return CardPlan(
        document.name, document.title or document.name, document.form, template("display_name"),
        template("organization"), template("job_title"), tuple(document.mobiles), tuple(document.phones),
        tuple(document.emails), template("address"), document.birthday, template("note"),
    )  # fmt: skip


def _needs_library(what: str, source: SourceDocument, report: Report) -> None:
    if find_spec("icalendar") is None:
        report.add(MESSAGES.diagnostic("no-calendar-library", source.place("/type"), what=what))


def _field(
    record_type: RecordType, name: str, kinds: tuple[str, ...], pointer: str, source: SourceDocument, report: Report
) -> Field | None:
    found = record_type.fields.get(name)
    if found is not None and found.type.kind in kinds:
        return found
    known = [each.name for each in record_type.fields.values() if each.type.kind in kinds]
    values = {"form": record_type.name, "seen": name, "kinds": " / ".join(kinds), "known": known}
    report.add(MESSAGES.diagnostic("field-of-kind", source.place(pointer), **values))
    return None
