"""`mail`: write a letter to an address the record knows, such as the customer's; colleagues are told by `notify`."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from lowcode.kernel.definitions.documents import Expression as ExpressionText
from lowcode.kernel.expressions.types import TEXT
from lowcode.rules.actions.kind import Action, Site
from lowcode.rules.actions.send import LetterPart, SendAction, compile_letter
from lowcode.rules.messages.outbox import MAIL as CHANNEL


class MailOptions(LetterPart):
    """To whom, and the words; `language` chooses among several, else the app's first."""

    name: ExpressionText | None = None


class MailKind:
    """The kind `mail`."""

    name = "mail"
    options = MailOptions
    phases: frozenset[Literal["before", "after"]] = frozenset({"after"})

    def compile(self, options: MailOptions, site: Site) -> Action | None:
        """The address must be a text, and the words must be understood."""
        return compile_mail(options, site)


def compile_mail(options: MailOptions, site: Site, below: str = "") -> SendAction | None:
    """A letter; the name of the person may stand with the address."""
    at = replace(site, pointer=f"{site.pointer}{below}")
    name = at.expression(options.name, "/name", expect=TEXT) if options.name is not None else None
    if options.name is not None and name is None:
        return None
    return compile_letter(options, at, "mail", CHANNEL, name)


MAIL = MailKind()
