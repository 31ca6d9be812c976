"""`wait`: go on with the actions below after a span of time or at a date; the rest of the rule is kept till then.

What the rule waited for is asked again before it goes on, and `exit` of the rule ends the wait for good.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, model_validator

from lowcode.kernel.definitions.documents import Expression as ExpressionText
from lowcode.kernel.definitions.documents import Part
from lowcode.kernel.definitions.wording import Unfit
from lowcode.kernel.expressions import Expression
from lowcode.rules.actions.kind import Action, Effect, Firing, Site
from lowcode.rules.compile_trigger import span_of
from lowcode.rules.definition import SpanDocument
from lowcode.rules.plan import MORNING
from lowcode.rules.schedules.spans import Span, waitable, working_of
from lowcode.rules.schedules.windows import mark_of

if TYPE_CHECKING:
    from lowcode.kernel.expressions import Moment

HOUR = r"^([01]\d|2[0-3]):[0-5]\d$"


class WaitOptions(Part):
    """A span from now, or a date of the record; `at` is the time of that day."""

    span: SpanDocument | None = Field(None, alias="for")
    until: ExpressionText | None = None
    at: Annotated[str, Field(pattern=HOUR)] | None = None

    @model_validator(mode="after")
    def _one(self) -> WaitOptions:
        if (self.span is None) == (self.until is None):
            raise Unfit(
                "a wait has either 'for' (a span) or 'until' (a date)", "等待只能使用 for（时长）或 until（日期）之一"
            )
        return self


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which nothing is done; only told, for the rule is cut in two where it stands."""

    text: str

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        return {"wait": self.text}

    def apply(self, firing: Firing) -> None:
        """Nothing: the firing ended before it."""


@dataclass(frozen=True, slots=True)
class WaitAction:
    """How long."""

    span: Span | None
    until: Expression | None
    at: time | None
    kind: str = "wait"

    @property
    def needs(self) -> tuple[Any, ...]:
        """What its date reads."""
        return (self.until,) if self.until is not None else ()

    @property
    def text(self) -> str:
        """How long, in words."""
        return self.until.text if self.until is not None else str(self.span)

    def effect(self, firing: Firing) -> Effect:
        """How long it would be."""
        return Pause(self.text)

    def due(self, facts: Mapping[str, Any], moment: Moment, begun: datetime, **variables: Any) -> datetime | None:
        """When it is over, for a wait that began at an instant; None when the date it waits for is blank."""
        if self.span is not None:
            over = mark_of(begun, self.span, moment.zone, working_of(moment))
            return over if self.at is None else self._at(over.astimezone(moment.zone).date(), moment, begun)
        assert self.until is not None
        value: date | datetime | None = self.until.evaluate(facts, moment, **variables)
        if value is None:
            return None
        if not isinstance(value, datetime):
            return _on(value, self.at or MORNING, moment)
        return value if self.at is None else _on(value.astimezone(moment.zone).date(), self.at, moment)

    def _at(self, day: date, moment: Moment, begun: datetime) -> datetime:
        """That time of the day; of the next when it had passed before the wait began."""
        assert self.at is not None
        found = _on(day, self.at, moment)
        return found if found > begun else _on(day + timedelta(days=1), self.at, moment)


def _on(day: date, at: time, moment: Moment) -> datetime:
    return datetime.combine(day, at, moment.zone).astimezone(UTC)


class WaitKind:
    """The kind `wait`."""

    name = "wait"
    options = WaitOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"after"})

    def compile(self, options: WaitOptions, site: Site) -> Action | None:
        """The span must be one an instant can wait, the date must be one."""
        at = time.fromisoformat(options.at) if options.at is not None else None
        if options.span is not None:
            span = span_of(options.span)
            if not waitable(span):
                site.refuse("calendar-span", "/for", seen=str(span))
                return None
            return WaitAction(span, None, at)
        until = site.expression(options.until or "", "/until")
        if until is None:
            return None
        if until.type.kind not in ("date", "datetime"):
            site.refuse("not-a-time", "/until", type=until.type.text)
            return None
        return WaitAction(None, until, at)


WAIT = WaitKind()
