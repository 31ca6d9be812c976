"""A message template, understood: its words and the conditions of its variants read over its form."""

from __future__ import annotations

from typing import Any

from lowcode.kernel.definitions.load import SourceDocument
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.expressions.types import BOOLEAN
from lowcode.kernel.scope import Scope
from lowcode.rules.actions.kind import known
from lowcode.rules.messages.documents import MessageDocument
from lowcode.rules.messages.message import Message, Wording


def compile_message(document: MessageDocument, source: SourceDocument, scope: Scope, report: Report) -> Message | None:
    """The template, or None with findings."""
    errors = len(report.errors)
    if not known(scope, "form", document.form, source.place("/form"), report):
        return None
    for at, role in enumerate(document.roles or ()):
        scope.find("role", role, source.place(f"/roles/{at}"), report)

    def template(text: Any, pointer: str) -> Any:
        return scope.template(text, source.place(pointer), report, record=document.form)

    wordings = []
    for at, each in enumerate(document.variants):
        pointer = f"/variants/{at}"
        when = scope.expression(
            each.when, source.place(f"{pointer}/when"), report, record=document.form, expect=BOOLEAN
        )
        subject = document.subject if each.subject is None else each.subject
        place = "/subject" if each.subject is None else f"{pointer}/subject"
        wordings.append(Wording(when, template(subject, place), template(each.text, f"{pointer}/text")))
    wordings.append(Wording(None, template(document.subject, "/subject"), template(document.text, "/text")))
    if len(report.errors) > errors:
        return None
    return Message(
        name=document.name,
        title=document.title or document.name,
        form=document.form,
        wordings=tuple(wordings),
        group=document.group,
        help=document.help,
        roles=frozenset(document.roles) if document.roles is not None else None,
    )
