"""`print`: have a paper made of the record by a print template, keep it in a field, and send it as an enclosure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import Field

from lowcode.kernel.definitions.documents import Name, Part
from lowcode.rules.actions.kind import Action, Effect, Firing, Site
from lowcode.rules.actions.mail import MailOptions, compile_mail
from lowcode.rules.actions.send import Letter, SendAction
from lowcode.rules.messages.papers import as_json


class PrintOptions(Part):
    """The template and the format; `into` is a field for files of the form, `mail` the letter the paper goes with."""

    template: Name
    format: Name = "pdf"
    language: str | None = Field(None, description="The language of the paper; left out: that of the app.")
    into: Name | None = Field(None, description="A field for files that keeps the paper.")
    mail: MailOptions | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """A paper to be made of a record, and the letter it goes with."""

    template: str
    format: str
    language: str | None
    into: str | None
    letter: Letter | None

    def told(self) -> Mapping[str, Any]:
        """What it would do."""
        told: dict[str, Any] = {"print": self.template, "format": self.format}
        told |= {"into": self.into} if self.into else {}
        return told | (dict(self.letter.told()) if self.letter is not None else {})

    def apply(self, firing: Firing) -> None:
        """Put it off till after the commit, because paper is slow; without an address nothing is sent."""
        letter = self.letter.outgoing(firing) if self.letter is not None and self.letter.to else None
        firing.context.later(
            "rules.paper",
            key=f"rules.paper:{firing.variables.get('@key')}",
            template=self.template,
            form=firing.rule.form,
            record=firing.record_id,
            format=self.format,
            language=self.language,
            into=self.into,
            letter=as_json(letter) if letter is not None else None,
        )


@dataclass(frozen=True, slots=True)
class PrintAction:
    """A template, a field and a letter, compiled."""

    template: str
    format: str
    language: str | None
    into: str | None
    mail: SendAction | None
    kind: str = "print"

    @property
    def needs(self) -> tuple[Any, ...]:
        """What its letter reads."""
        return self.mail.needs if self.mail is not None else ()

    def effect(self, firing: Firing) -> Effect:
        """The paper of this record."""
        letter = self.mail.letter(firing) if self.mail is not None else None
        return Order(self.template, self.format, self.language, self.into, letter)


class PrintKind:
    """The kind `print`."""

    name = "print"
    options = PrintOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"after"})

    def compile(self, options: PrintOptions, site: Site) -> Action | None:
        """The template must be one for the form, the field must hold files."""
        record_type = site.scope.records.get(site.form or "")
        if record_type is None:
            site.refuse("needs-form", "/template")
            return None
        wrong = not site.knows("template", options.template, "/template")
        if options.into is not None:
            files = [name for name, each in record_type.fields.items() if each.options_type == "attachment"]
            if options.into not in files:
                site.refuse("no-files", "/into", seen=options.into, form=site.form, known=files)
                wrong = True
        mail = compile_mail(options.mail, site, "/mail") if options.mail is not None else None
        if wrong or (options.mail is not None and mail is None):
            return None
        return PrintAction(options.template, options.format, options.language, options.into, mail)


PRINT = PrintKind()
