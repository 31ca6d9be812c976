"""What sets a webhook off and what it then tells: its condition and the parts of its body."""

from __future__ import annotations

from dataclasses import dataclass

from lowcode.api.definition import WebhookDocument
from lowcode.api.diagnostics import MESSAGES
from lowcode.api.plan import Watched
from lowcode.kernel.definitions import SourceDocument
from lowcode.kernel.definitions.pointers import escape
from lowcode.kernel.diagnostics import Place, Report
from lowcode.kernel.expressions import Expression, Type
from lowcode.kernel.expressions import Place as Use
from lowcode.kernel.expressions.types import BOOLEAN
from lowcode.kernel.requests.offers import NOTHING_KNOWN
from lowcode.kernel.requests.parts import Reading
from lowcode.kernel.scope import Scope


@dataclass(frozen=True, slots=True)
class _Site:
    """Where the parts of a body stand while they are read."""

    source: SourceDocument
    scope: Scope
    report: Report
    form: str | None

    def place(self, below: str = "", /) -> Place:
        return self.source.place(f"/body{below}")

    def expression(self, text: str, below: str, /, *, expect: Type | None = None) -> Expression | None:
        return self.scope.expression(text, self.place(below), self.report, record=self.form, expect=expect)


def watched_of(document: WebhookDocument, source: SourceDocument, scope: Scope, report: Report) -> Watched | None:
    """The webhook, or None where its form is unknown."""
    on = document.on
    if scope.find("form", on.form, source.place("/on/form"), report) is None:
        return None
    record_type = scope.records[on.form]
    for index, name in enumerate(on.fields or ()):
        if name not in record_type.fields:
            values = {"form": on.form, "seen": name, "known": list(record_type.fields)}
            report.add(MESSAGES.diagnostic("unknown-field", source.place(f"/on/fields/{index}"), **values))
    when = None
    if on.when is not None:
        use = Use.READ if on.event == "becomes" else Use.EVENT
        place = source.place("/on/when")
        when = scope.expression(on.when, place, report, record=on.form, use=use, expect=BOOLEAN)
    reading = Reading(_Site(source, scope, report, on.form), document.name)
    body = {}
    for name, written in document.body.items():
        part = reading.part(written, f"/{escape(name)}", NOTHING_KNOWN)
        if part is not None:
            body[name] = part
    return Watched(document.name, on.form, on.event, when, frozenset(on.fields or ()), body)
