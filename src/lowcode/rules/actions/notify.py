"""`notify`: tell people, with the key facts of the record and a link to it: at once, at a suitable time, or with others
as one digest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time
from typing import Any, Literal

from pydantic import Field, model_validator

from lowcode.kernel.calendar.working import WEEKDAYS
from lowcode.kernel.contract import batch_of
from lowcode.kernel.definitions.documents import Name, Part, Template
from lowcode.kernel.definitions.wording import Unfit
from lowcode.kernel.diagnostics import Text, localized
from lowcode.rules.actions.kind import Action, Effect, Firing, Site
from lowcode.rules.actions.words import Way, fixed, message_of, quiet_of
from lowcode.rules.definition import SpanDocument
from lowcode.rules.diagnostics import MANY
from lowcode.rules.messages.digest import Hours, gather, next_at
from lowcode.rules.messages.documents import DigestDocument, QuietDocument
from lowcode.rules.messages.message import Message, inline
from lowcode.rules.people import Person, PersonDocument, compile_person, needs_of_people, resolve
from lowcode.rules.told import plain

BUILT_IN = ("app", "mail", "push")


class NotifyOptions(Part):
    """Whom, what, and by which channels: `app`, `mail`, `push` (their devices), or connectors that reach people."""

    to: list[str | PersonDocument] = Field(min_length=1)
    title: Template = ""
    text: Template = ""
    message: Name | None = Field(None, description="A message template of the form, instead of title and text.")
    copy_to: list[str | PersonDocument] = Field(
        default_factory=list, description="People who are told as well, such as the manager."
    )
    channels: tuple[Name, ...] = ("app",)
    quiet: QuietDocument | None = None
    digest: DigestDocument | None = None
    many: Text | None = Field(
        None,
        description="The title where people are told of several records of one batch, such as an import, as one; with "
        "`{count}` in it. Left out: the title of the rule.",
    )
    each: bool = Field(False, description="People are told of each record by itself, however many one batch brings.")
    once_per: SpanDocument | None = Field(
        None, description="Who was told of the record by this action within the span is not told again."
    )
    urgency: Literal["low", "normal", "high"] = Field(
        "normal", description="How a device is hurried: `low` until it is awake anyway, `high` at once, from sleep."
    )
    link: Literal["record", "none"] = "record"

    @model_validator(mode="after")
    def _one(self) -> NotifyOptions:
        if (self.message is not None) == bool(self.title):
            raise Unfit(
                "write either a 'title' or a 'message' (a template's name)", "请填写标题 title 或消息模板 message 之一"
            )
        if self.digest is not None and self.quiet is not None:
            raise Unfit("a digest has its own hour; leave out 'quiet'", "汇总通知有自己的发送时刻，请去掉 quiet")
        if self.many is not None and (self.each or self.digest is not None):
            raise Unfit(
                "'many' is the title of one notice of many records; leave out 'each' and 'digest'",
                "many 是多条记录合并为一条通知时的标题，请去掉 each 和 digest",
            )
        return self


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
    batch: str | None = None
    many: Text = ""
    digest: tuple[str, Hours, Text] | None = None
    urgency: str = "normal"

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        told = {"notify": list(self.to), "title": plain(self.title), "text": plain(self.text)}
        told |= {"digest": self.digest[0]} if self.digest is not None else {}
        return told | ({"at": self.at.isoformat()} if self.at is not None else {})

    def apply(self, firing: Firing) -> None:
        """Send it; the key keeps one occurrence of a rule from telling twice."""
        if not self.to:
            return
        key = self.once or firing.variables.get("@key")
        notice: dict[str, Any] = {
            "to": list(self.to),
            "title": self.title,
            "text": self.text or None,
            "form": self.form,
            "record": self.record,
            "channels": list(self.channels),
            "key": key,
        }
        notice |= {"urgency": self.urgency} if self.urgency != "normal" else {}
        notice |= {"spanned": True} if self.once is not None else {}
        notice |= {"batch": self.batch, "many": self.many} if self.batch is not None else {}
        if self.digest is not None:
            name, hours, title = self.digest
            gather(firing.context, name, hours, notice | ({"digest_title": title} if title else {}))
        elif self.at is None:
            firing.context.as_app().ask("rules.tell", notice=notice)
        else:
            once = f"notice:{key}" if key else None
            firing.context.as_app().later("rules.tell", at=self.at, key=once, notice=notice)


@dataclass(frozen=True, slots=True)
class NotifyAction:
    """Whom and what, compiled."""

    to: tuple[Person, ...]
    message: Message
    channels: tuple[str, ...]
    linked: bool
    way: Way
    digest: tuple[str, Hours, Text] | None = None
    many: Text | None = None
    each: bool = False
    urgency: str = "normal"
    kind: str = "notify"

    @property
    def needs(self) -> tuple[Any, ...]:
        """What its words and its people read."""
        return (*self.message.needs, *needs_of_people(self.to))

    def effect(self, firing: Firing) -> Effect:
        """The people and the words for this record."""
        shown, moment = firing.shown(self.message.needs)
        words = self.message.words(shown, moment, **firing.variables)
        notice = Notice(
            tuple(resolve(self.to, firing)),
            words.subject,
            words.text,
            self.channels,
            at=self.way.at(firing.moment),
            once=self._once(firing),
            urgency=self.urgency,
        )
        if self.digest is not None:
            _, hours, _ = self.digest
            usual = firing.context.app.calendars.usual
            notice = replace(notice, at=next_at(firing.moment.now, hours, usual), digest=self.digest)
        batch = batch_of(firing.context.causes)
        if batch is not None and not self.each and self.digest is None:
            notice = replace(notice, batch=f"{batch}:{self.way.name}", many=self.many or _many(firing))
        if not self.linked or firing.rule.form is None or firing.record_id is None:
            return notice
        return replace(notice, form=firing.rule.form, record=firing.record_id)

    def _once(self, firing: Firing) -> str | None:
        """A key that is the same for all firings in a span of time: the notices of one key reach a person once."""
        span = self.way.once_per
        if span is None:
            return None
        period = int(firing.moment.now.timestamp() // span.total_seconds())
        return f"once:{self.way.name}:{firing.record_id or 0}:{period}"


def _many(firing: Firing) -> Text:
    """The title of one notice of many records: that of the rule, and how many they are."""
    languages: Sequence[str] = firing.context.app.definition.languages
    title = firing.rule.title or firing.rule.name
    return {
        language: (localized(MANY, language) or "").replace("{rule}", localized(title, language) or firing.rule.name)
        for language in languages
    }


def _hours(digest: DigestDocument) -> Hours:
    return Hours(time.fromisoformat(digest.at), frozenset(WEEKDAYS.index(each) for each in digest.on), digest.working)


class NotifyKind:
    """The kind `notify`."""

    name = "notify"
    options = NotifyOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"after"})

    def compile(self, options: NotifyOptions, site: Site) -> Action | None:
        """People, channels, title and text must be understood."""
        people = [compile_person(each, site, f"/to/{at}") for at, each in enumerate(options.to)]
        people += [compile_person(each, site, f"/copy_to/{at}") for at, each in enumerate(options.copy_to)]
        channels = [
            each in BUILT_IN or site.knows("connector", each, f"/channels/{at}", BUILT_IN)
            for at, each in enumerate(options.channels)
        ]
        if options.message is not None:
            message = message_of(options.message, site)
        else:
            message = inline(site.template(options.title, "/title"), site.template(options.text, "/text"))
        known = tuple(each for each in people if each is not None)
        once_per = fixed(options.once_per, site, "/once_per")
        wrong = len(known) < len(people) or not all(channels) or (options.once_per is not None and once_per is None)
        if wrong or message is None:
            return None
        way = Way(f"{site.source.name}{site.pointer}", quiet_of(options.quiet), once_per, None)
        digest = options.digest
        gathered = (digest.name, _hours(digest), digest.title) if digest is not None else None
        return NotifyAction(
            known, message, options.channels, options.link == "record", way, gathered, options.many, options.each,
            options.urgency,
        )  # fmt: skip


NOTIFY = NotifyKind()
