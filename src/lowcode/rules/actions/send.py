"""`send`: write to somebody by a channel of the app: a text message, DingTalk, WeCom, Feishu, a letter.

A channel is `mail`, or the name of a connector that reaches people. The recipient is an address the record knows (a
phone number for text messages), or a colleague, whose address the channel knows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from lowcode.kernel.definitions.documents import Expression as ExpressionText
from lowcode.kernel.definitions.documents import Name
from lowcode.kernel.expressions import Expression
from lowcode.kernel.expressions.types import TEXT
from lowcode.rules.actions.kind import Action, Effect, Firing, Site
from lowcode.rules.actions.words import Way, compile_way, compile_words
from lowcode.rules.messages.documents import WayPart, WordsPart
from lowcode.rules.messages.message import Message, Words
from lowcode.rules.messages.outbox import MAIL, Outgoing, put
from lowcode.rules.told import plain


class LetterPart(WordsPart, WayPart):
    """To whom, and the words; `language` chooses among several, else the app's first."""

    to: ExpressionText
    language: ExpressionText | None = None


class SendOptions(LetterPart):
    """By which channel, to whom, and the words; `language` chooses among several, else the app's first."""

    channel: Name
    values: dict[str, ExpressionText] = Field(
        default_factory=dict, description="What a template of the channel needs, such as the parameters of an SMS."
    )


@dataclass(frozen=True, slots=True)
class Letter:
    """One message; without an address none is written."""

    channel: str
    to: str | int | None
    name: str
    words: Words
    language: str | None
    key: str
    at: datetime | None
    way: Way
    values: Mapping[str, Any] = field(default_factory=dict)

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        word = {MAIL: "mail"}.get(self.channel, "send")
        told = {word: self.to, "subject": plain(self.words.subject), "text": plain(self.words.text)}
        told |= {"channel": self.channel} if self.channel != MAIL else {}
        return told | ({"at": self.at.isoformat()} if self.at is not None else {})

    def apply(self, firing: Firing) -> None:
        """Write it down; the key keeps one firing, or one span of time, from writing twice."""
        if self.to:
            put(firing.context, self.outgoing(firing))

    def outgoing(self, firing: Firing) -> Outgoing:
        """The message as it goes out."""
        assert self.to
        return Outgoing(
            self.channel,
            self.to,
            plain(self.words.subject),
            plain(self.words.text),
            self.key,
            name=self.name,
            language=self.language,
            form=firing.rule.form,
            record=firing.record_id,
            rule=firing.rule.name,
            values=plain(self.values),
            at=self.at,
            allowance=self.way.allowance,
        )


@dataclass(frozen=True, slots=True)
class SendAction:
    """A channel, a recipient and words, compiled."""

    kind: str
    channel: str
    to: Expression
    name: Expression | None
    message: Message
    language: Expression | None
    way: Way
    values: Mapping[str, Expression] = field(default_factory=dict)

    @property
    def needs(self) -> tuple[Any, ...]:
        """What its address and its words read."""
        own = [each for each in (self.to, self.name, self.language) if each is not None]
        return (*own, *self.message.needs, *self.values.values())

    def effect(self, firing: Firing) -> Effect:
        """The message for this record."""
        return self.letter(firing)

    def letter(self, firing: Firing) -> Letter:
        """The message for this record."""
        to = firing.value(self.to)
        name = firing.value(self.name) if self.name is not None else None
        language = firing.value(self.language) if self.language is not None else None
        shown, moment = firing.shown((*self.message.needs, *self.values.values()))
        words = self.message.words(shown, moment, **firing.variables)
        values = {name: each.evaluate(shown, moment, **firing.variables) for name, each in self.values.items()}
        return Letter(
            self.channel, to, name or "", words, language, self.way.key(firing, to), self.way.at(firing.moment),
            self.way, values,
        )  # fmt: skip


def compile_letter(
    options: LetterPart, site: Site, kind: str, channel: str, name: Expression | None = None
) -> SendAction | None:
    """The address must be a text or a person, and the words must be understood."""
    to = site.expression(options.to, "/to")
    language, wrong = None, to is None
    if options.language is not None:
        language = site.expression(options.language, "/language", expect=TEXT)
        wrong = wrong or language is None
    message, way = compile_words(options, site), compile_way(options, site)
    if to is not None and to.type.kind not in ("text", "user"):
        site.refuse("not-an-address", "/to", seen=options.to, type=to.type.text)
        return None
    if wrong or to is None or message is None or way is None:
        return None
    return SendAction(kind, channel, to, name, message, language, way)


class SendKind:
    """The kind `send`."""

    name = "send"
    options = SendOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"after"})

    def compile(self, options: SendOptions, site: Site) -> Action | None:
        """The channel must be one of the app."""
        if options.channel != MAIL and not site.knows("connector", options.channel, "/channel", (MAIL,)):
            return None
        values = {each: site.expression(text, f"/values/{each}") for each, text in options.values.items()}
        known = {each: value for each, value in values.items() if value is not None}
        action = compile_letter(options, site, "send", options.channel)
        return replace(action, values=known) if action is not None and len(known) == len(values) else None


SEND = SendKind()
