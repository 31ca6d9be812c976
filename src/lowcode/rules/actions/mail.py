"""`mail`: write a letter to an address the record knows, such as the customer's; colleagues are told by `notify`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lowcode.kernel.definitions.documents import Expression as ExpressionText
from lowcode.kernel.definitions.documents import Part, Template
from lowcode.kernel.diagnostics import Text, localized
from lowcode.kernel.expressions import Expression
from lowcode.kernel.expressions.types import TEXT
from lowcode.kernel.texts import TextTemplate
from lowcode.rules.actions.kind import Action, Effect, Firing, Site, plain


class MailOptions(Part):
    """To whom, and the words; `language` chooses among several, else the app's first."""

    to: ExpressionText
    name: ExpressionText | None = None
    subject: Template
    text: Template
    language: ExpressionText | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter; without an address none is written."""

    to: str | None
    name: str
    subject: Text
    text: Text
    language: str | None

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        return {"mail": self.to, "subject": plain(self.subject), "text": plain(self.text)}

    def apply(self, firing: Firing) -> None:
        """Put it off till after the commit; the key keeps one firing from writing twice."""
        if not self.to or "mail.send" not in firing.context.app.operations:
            return
        context = firing.context
        language = self.language or context.app.definition.languages[0]
        subject, key = localized(self.subject, language), firing.variables.get("@key")
        context.as_app().later(
            "mail.send",
            key=f"mail.send:{key}",
            to=self.to,
            name=self.name,
            subject=subject,
            text=localized(self.text, language) or subject,
            message=f"{key}",
            form=firing.rule.form if firing.record_id is not None else None,
            record=firing.record_id,
        )


@dataclass(frozen=True, slots=True)
class MailAction:
    """An address and words, compiled."""

    to: Expression
    name: Expression | None
    subject: TextTemplate
    text: TextTemplate
    language: Expression | None
    kind: str = "mail"

    @property
    def needs(self) -> tuple[Any, ...]:
        """What its address and its words read."""
        own = [each for each in (self.to, self.name, self.language) if each is not None]
        return (*own, *self.subject.expressions, *self.text.expressions)

    def effect(self, firing: Firing) -> Effect:
        """The letter for this record."""
        name = firing.value(self.name) if self.name is not None else None
        language = firing.value(self.language) if self.language is not None else None
        return Letter(firing.value(self.to), name or "", firing.words(self.subject), firing.words(self.text), language)


class MailKind:
    """The kind `mail`."""

    name = "mail"
    options = MailOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"after"})

    def compile(self, options: MailOptions, site: Site) -> Action | None:
        """The address must be a text, and the words must be understood."""
        to = site.expression(options.to, "/to", expect=TEXT)
        name = site.expression(options.name, "/name", expect=TEXT) if options.name is not None else None
        language = None
        if options.language is not None:
            language = site.expression(options.language, "/language", expect=TEXT)
        subject, text = site.template(options.subject, "/subject"), site.template(options.text, "/text")
        if to is None or (options.name and name is None) or (options.language and language is None):
            return None
        return MailAction(to, name, subject, text, language)


MAIL = MailKind()
