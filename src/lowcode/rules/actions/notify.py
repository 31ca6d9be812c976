"""`notify`: tell people, with the key facts of the record and a link to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from pydantic import Field

from lowcode.kernel.definitions.documents import Part, Template
from lowcode.kernel.diagnostics import Text
from lowcode.kernel.texts import TextTemplate
from lowcode.rules.actions.kind import Action, Effect, Firing, Site, plain
from lowcode.rules.people import Person, PersonDocument, compile_person, needs_of_people, resolve


class NotifyOptions(Part):
    """Whom, what, and by which channels."""

    to: list[str | PersonDocument] = Field(min_length=1)
    title: Template
    text: Template = ""
    channels: tuple[Literal["app", "mail"], ...] = ("app",)
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

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        return {"notify": list(self.to), "title": plain(self.title), "text": plain(self.text)}

    def apply(self, firing: Firing) -> None:
        """Send it; the key keeps one occurrence of a rule from telling twice."""
        if self.to:
            firing.context.ask(
                "notifications.send",
                to=list(self.to),
                title=self.title,
                text=self.text or None,
                form=self.form,
                record=self.record,
                channels=self.channels,
                key=firing.variables.get("@key"),
            )


@dataclass(frozen=True, slots=True)
class NotifyAction:
    """Whom and what, compiled."""

    to: tuple[Person, ...]
    title: TextTemplate
    text: TextTemplate
    channels: tuple[str, ...]
    linked: bool
    kind: str = "notify"

    @property
    def needs(self) -> tuple[Any, ...]:
        """What its words and its people read."""
        return (*self.title.expressions, *self.text.expressions, *needs_of_people(self.to))

    def effect(self, firing: Firing) -> Effect:
        """The people and the words for this record."""
        people = tuple(resolve(self.to, firing))
        notice = Notice(people, firing.words(self.title), firing.words(self.text), self.channels)
        if not self.linked or firing.rule.form is None or firing.record_id is None:
            return notice
        return replace(notice, form=firing.rule.form, record=firing.record_id)


class NotifyKind:
    """The kind `notify`."""

    name = "notify"
    options = NotifyOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"after"})

    def compile(self, options: NotifyOptions, site: Site) -> Action | None:
        """People, title and text must be understood."""
        people = [compile_person(each, site, f"/to/{at}") for at, each in enumerate(options.to)]
        title, text = site.template(options.title, "/title"), site.template(options.text, "/text")
        known = tuple(each for each in people if each is not None)
        if len(known) < len(people):
            return None
        return NotifyAction(known, title, text, options.channels, options.link == "record")


NOTIFY = NotifyKind()
