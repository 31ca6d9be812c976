"""What sets a rule off, understood."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any

from cronsim import CronSim, CronSimError

from lowcode.kernel.calendar.cron import wrong_cron
from lowcode.kernel.definitions.load import SourceDocument
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.expressions import Expression, nodes
from lowcode.kernel.expressions import Place as Use
from lowcode.kernel.expressions.types import BOOLEAN
from lowcode.kernel.scope import Scope
from lowcode.rules.definition import (
    DateDocument,
    EnteredDocument,
    InactiveDocument,
    ReceivedDocument,
    RuleDocument,
    ScoredDocument,
    SpanDocument,
)
from lowcode.rules.diagnostics import MESSAGES
from lowcode.rules.plan import MORNING, OnButton, OnDate, OnEvent, OnInactive, OnRecord, OnSchedule, Taking, Trigger
from lowcode.rules.schedules.spans import Span

FIRST = datetime(2026, 1, 1)
"""Where a schedule is tried out when it is read."""


RECEIVED = "api.received"
"""What is told of a record that an intake has made or changed."""


def span_of(written: SpanDocument | None) -> Span:
    """A span as computed with."""
    if written is None:
        return Span()
    return Span(
        written.minutes, written.hours, written.days, written.weeks, written.months, written.years, written.working
    )


def compile_trigger(document: RuleDocument, source: SourceDocument, scope: Scope, report: Report) -> Trigger | None:
    """The trigger of a rule, or None with findings."""
    return _Compiling(document, source, scope, report).trigger()


class _Compiling:
    def __init__(self, document: RuleDocument, source: SourceDocument, scope: Scope, report: Report) -> None:
        self.document, self.source, self.scope, self.report = document, source, scope, report

    def trigger(self) -> Trigger | None:
        on = self.document.on
        if on.schedule is not None:
            return self._schedule()
        if on.inactive is not None:
            return self._inactive(on.inactive)
        if on.date is not None:
            return self._date(on.date)
        if on.button is not None:
            return self._button()
        if on.event is not None:
            return OnEvent(on.event.name, on.event.of)
        if on.received is not None:
            return self._received(on.received)
        return self._record()

    def _refuse(self, key: str, pointer: str, **values: Any) -> None:
        self.report.add(MESSAGES.diagnostic(key, self.source.place(pointer), **values))

    def _expression(self, text: str, pointer: str, use: Use, expect: Any = None) -> Expression | None:
        place = self.source.place(pointer)
        return self.scope.expression(text, place, self.report, record=self.document.form, use=use, expect=expect)

    def _record(self) -> OnRecord | None:
        on, errors = self.document.on, len(self.report.errors)
        becomes = None
        if on.becomes is not None:
            becomes = self._expression(on.becomes, "/on/becomes", Use.EVENT, BOOLEAN)
        fields = frozenset(
            name for at, name in enumerate(on.fields or ()) if self._field(name, f"/on/fields/{at}") is not None
        )
        if on.scored is not None:
            becomes = self._scored(on.scored)
        entered, left = self._taking(on.entered, "/on/entered"), self._taking(on.left, "/on/left")
        if len(self.report.errors) > errors:
            return None
        return OnRecord(on.created, on.updated, fields, on.deleted, becomes, entered, left)

    def _taking(self, written: EnteredDocument | None, pointer: str) -> Taking | None:
        if written is None or self._field(written.field, f"{pointer}/field") is None:
            return None
        states = [written.state] if isinstance(written.state, str) else written.state
        quoted = ", ".join('"' + each.replace('"', "") + '"' for each in states)
        condition = f"{written.field} in ({quoted})"
        if self._expression(condition, f"{pointer}/state", Use.READ, BOOLEAN) is None:
            return None
        return Taking(written.field, frozenset(states), condition)

    def _received(self, written: ReceivedDocument) -> OnEvent | None:
        """What came in, as the event that tells of it."""
        found = self.scope.find("intake", written.intake, self.source.place("/on/received/intake"), self.report)
        if found is None:
            return None
        form, expected = found.data.get("form"), self.document.form
        if form != expected:
            self._refuse(
                "intake-of-another-form", "/on/received/intake", seen=written.intake, form=form, expected=expected
            )
            return None
        of = {"intake": written.intake} | ({"outcome": written.outcome} if written.outcome is not None else {})
        return OnEvent(RECEIVED, of)

    def _scored(self, written: ScoredDocument) -> Expression | None:
        """A score that comes to something, as the condition that becomes true."""
        card = self.scope.find("score card", written.card, self.source.place("/on/scored/card"), self.report)
        if card is None:
            return None
        said: Mapping[str, Any] = card.data
        if said.get("form") != self.document.form:
            expected, form = self.document.form, said.get("form")
            self._refuse("card-of-another-form", "/on/scored/card", seen=written.card, form=form, expected=expected)
            return None
        if written.band is None:
            points = f">= {written.at_least}" if written.at_least is not None else f"< {written.below}"
            return self._expression(f"{said.get('field')} {points}", "/on/scored", Use.EVENT, BOOLEAN)
        bands = [written.band] if isinstance(written.band, str) else written.band
        known_bands = [str(each.get("name")) for each in said.get("bands", ())]
        for each in bands:
            if each not in known_bands or not said.get("band_field"):
                self._refuse("no-such-band", "/on/scored/band", seen=each, card=written.card, known=known_bands)
                return None
        quoted = ", ".join('"' + each.replace('"', "") + '"' for each in bands)
        return self._expression(f"{said.get('band_field')} in ({quoted})", "/on/scored/band", Use.EVENT, BOOLEAN)

    def _field(self, name: str, pointer: str) -> Any | None:
        shape = self.scope.shapes.records.get(self.document.form or "")
        if shape is None:
            return None
        if name not in shape.fields:
            self._refuse("unknown-field", pointer, seen=name, form=self.document.form, known=list(shape.fields))
            return None
        return shape.fields[name]

    def _schedule(self) -> OnSchedule | None:
        written = self.document.on.schedule
        assert written is not None
        if written.every is not None:
            span = span_of(written.every)
            if not span.fixed:
                self._refuse("calendar-span", "/on/schedule/every", seen=str(span))
                return None
            return OnSchedule(None, span)
        try:
            next(CronSim(written.cron or "", FIRST))
        except (CronSimError, StopIteration) as error:
            reason = wrong_cron(written.cron or "", error)
            self._refuse("wrong-cron", "/on/schedule/cron", seen=written.cron, reason=reason)
            return None
        return OnSchedule(written.cron)

    def _inactive(self, written: InactiveDocument) -> OnInactive | None:
        since = self._expression(written.since, "/on/inactive/since", Use.READ)
        if since is None or not self._is_time(since, "/on/inactive/since"):
            return None
        span = span_of(written.span) if written.span is not None else None
        if span is not None and span.fixed is None and not (span.working and not (span.months or span.years)):
            self._refuse("calendar-span", "/on/inactive/for", seen=str(span))
            return None
        return OnInactive(since, span, written.overdue, plain_choices(since), since.type.kind == "date")

    def _is_time(self, value: Expression, pointer: str) -> bool:
        if value.type.kind in ("date", "datetime"):
            return True
        self._refuse("not-a-time", pointer, type=value.type.text)
        return False

    def _date(self, written: DateDocument) -> OnDate | None:
        if self._field(written.field, "/on/date/field") is None:
            return None
        value = self._expression(written.field, "/on/date/field", Use.READ)
        if value is None or not self._is_time(value, "/on/date/field"):
            return None
        span, sign = span_of(written.before or written.after), -1 if written.before is not None else 1
        is_day = value.type.kind == "date"
        at = time.fromisoformat(written.at) if written.at is not None else MORNING if is_day else None
        if written.yearly and not is_day:
            self._refuse("yearly-needs-day", "/on/date/field", seen=written.field)
            return None
        if at is None and (span.fixed is None or written.yearly):
            self._refuse("at-needs-day", "/on/date")
            return None
        late = written.late == "fire"
        return OnDate(written.field, value, span, sign, written.yearly, at, is_day, written.leap == "march", late)

    def _button(self) -> OnButton | None:
        written = self.document.on.button
        assert written is not None
        roles = written.roles
        for at, role in enumerate(roles or ()):
            self.scope.find("role", role, self.source.place(f"/on/button/roles/{at}"), self.report)
        return OnButton(written.title, frozenset(roles) if roles is not None else None, written.confirm)


def plain_choices(value: Expression) -> tuple[str, ...]:
    """The fields of `a` or `COALESCE(a, b)`: () when the expression is anything else."""
    tree = value.tree
    items = tree.items if isinstance(tree, nodes.Coalesce) else (tree,)
    found = [each.path for each in items if isinstance(each, nodes.Field) and each.scope == "record"]
    return tuple(found) if len(found) == len(items) else ()
