"""`notify`: tell people, with the key facts of the record and a link to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from lowcode.kernel.definitions.documents import Part, Template
from lowcode.kernel.diagnostics import Text
from lowcode.kernel.texts import TextTemplate
from lowcode.rules.actions.kind import Action, Effect, Firing, Site, plain
from lowcode.rules.compile_trigger import span_of
from lowcode.rules.definition import SpanDocument
from lowcode.rules.people import Person, PersonDocument, compile_person, needs_of_people, resolve
from lowcode.rules.schedules.quiet import Quiet

HOUR = r"^([01]\d|2[0-3]):[0-5]\d$"


class QuietDocument(Part):
    """Hours in which nobody is disturbed: what comes then waits until they are over. Without hours, until people
    work."""

    from_: Annotated[str, Field(pattern=HOUR)] | None = Field(None, alias="from")
    until: Annotated[str, Field(pattern=HOUR)] | None = None

    @model_validator(mode="after")
    def _both(self) -> QuietDocument:
        if (self.from_ is None) != (self.until is None):
            raise ValueError("quiet hours have 'from' and 'until'; without both, people are told when they work")
        return self


class NotifyOptions(Part):
    """Whom, what, and by which channels."""

    to: list[str | PersonDocument] = Field(min_length=1)
    title: Template
    text: Template = ""
    copy_to: list[str | PersonDocument] = Field(
        default_factory=list, description="People who are told as well, such as the manager."
    )
    channels: tuple[Literal["app", "mail"], ...] = ("app",)
    quiet: QuietDocument | None = None
    once_per: SpanDocument | None = Field(
        None, description="Who was told of the record by this action within the span is not told again."
    )
    link: Literal["record", "none"] = "record"


@dataclass(frozen=True, slots=True)
class Notice:
    """Words for some people, and the record they are about."""

    to: tuple[int, ...]
    title: Text
    text: Text
    channels: tuple[str, ...]
    form: str | None = None
    record: int | None = None
    at: datetime | None = None
    once: str | None = None

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        told = {"notify": list(self.to), "title": plain(self.title), "text": plain(self.text)}
        return told | ({"at": self.at.isoformat()} if self.at is not None else {})

    def apply(self, firing: Firing) -> None:
        """Send it; the key keeps one occurrence of a rule from telling twice."""
        if not self.to:
            return
        key = self.once or firing.variables.get("@key")
        parameters: dict[str, Any] = {
            "to": list(self.to),
            "title": self.title,
            "text": self.text or None,
            "form": self.form,
            "record": self.record,
            "channels": list(self.channels),
            "key": key,
        }
        if self.at is None:
            firing.context.ask("notifications.send", **parameters)
        else:
            once = f"notice:{key}" if key else None
            firing.context.as_app().later("rules.tell", at=self.at, key=once, notice=parameters)


@dataclass(frozen=True, slots=True)
class NotifyAction:
    """Whom and what, compiled."""

    to: tuple[Person, ...]
    title: TextTemplate
    text: TextTemplate
    channels: tuple[str, ...]
    linked: bool
    quiet: Quiet | None = None
    once_per: timedelta | None = None
    name: str = ""
    kind: str = "notify"

    @property
    def needs(self) -> tuple[Any, ...]:
        """What its words and its people read."""
        return (*self.title.expressions, *self.text.expressions, *needs_of_people(self.to))

    def effect(self, firing: Firing) -> Effect:
        """The people and the words for this record."""
        people = tuple(resolve(self.to, firing))
        notice = Notice(
            people,
            firing.words(self.title),
            firing.words(self.text),
            self.channels,
            at=self.quiet.over(firing.moment) if self.quiet is not None else None,
            once=self._once(firing),
        )
        if not self.linked or firing.rule.form is None or firing.record_id is None:
            return notice
        return replace(notice, form=firing.rule.form, record=firing.record_id)

    def _once(self, firing: Firing) -> str | None:
        """A key that is the same for all firings in a span of time: the notices of one key reach a person once."""
        if self.once_per is None:
            return None
        period = int(firing.moment.now.timestamp() // self.once_per.total_seconds())
        return f"once:{self.name}:{firing.record_id or 0}:{period}"


class NotifyKind:
    """The kind `notify`."""

    name = "notify"
    options = NotifyOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"after"})

    def compile(self, options: NotifyOptions, site: Site) -> Action | None:
        """People, title and text must be understood."""
        people = [compile_person(each, site, f"/to/{at}") for at, each in enumerate(options.to)]
        people += [compile_person(each, site, f"/copy_to/{at}") for at, each in enumerate(options.copy_to)]
        title, text = site.template(options.title, "/title"), site.template(options.text, "/text")
        known = tuple(each for each in people if each is not None)
        if len(known) < len(people):
            return None
        span = span_of(options.once_per).fixed if options.once_per is not None else None
        if options.once_per is not None and not span:
            site.refuse("calendar-span", "/once_per", seen=str(span_of(options.once_per)))
            return None
        return NotifyAction(
            known,
            title,
            text,
            options.channels,
            options.link == "record",
            _quiet(options.quiet),
            span,
            f"{site.source.name}{site.pointer}",
        )


def _quiet(written: QuietDocument | None) -> Quiet | None:
    if written is None:
        return None
    if written.from_ is None or written.until is None:
        return Quiet()
    return Quiet(time.fromisoformat(written.from_), time.fromisoformat(written.until))


NOTIFY = NotifyKind()
