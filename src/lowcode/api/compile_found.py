"""Records that an intake finds by a value, and those that it takes along: the checks of what may name them."""

from __future__ import annotations

from collections.abc import Mapping

from lowcode.api.definition import AdoptDocument, IntakeDocument
from lowcode.api.diagnostics import MESSAGES
from lowcode.api.plan import Adopt
from lowcode.kernel.definitions.load import SourceDocument
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.expressions import Type
from lowcode.kernel.records.plan import Field
from lowcode.kernel.scope import Scope


def names_one(field: Field, *, unique: bool = True) -> bool:
    """Whether a value of the field is a text that can be sent, and (`unique`) belongs to one record at most."""
    one = field.options.unique or field.options_type == "serial" or not unique
    return bool(field.type.kind == "text" and one and not field.sealed)


def adopted(
    document: IntakeDocument, readable: Mapping[str, Type], source: SourceDocument, scope: Scope, report: Report
) -> tuple[Adopt, ...]:
    """What an intake takes along."""
    made = (_adopt(each, at, document, readable, source, scope, report) for at, each in enumerate(document.adopt))
    return tuple(each for each in made if each is not None)


def _adopt(
    written: AdoptDocument,
    at: int,
    document: IntakeDocument,
    readable: Mapping[str, Type],
    source: SourceDocument,
    scope: Scope,
    report: Report,
) -> Adopt | None:
    pointer = f"/adopt/{at}"
    if scope.find("form", written.form, source.place(f"{pointer}/form"), report) is None:
        return None
    fields = scope.records[written.form].fields
    link, by = fields.get(written.link), fields.get(written.by)
    if link is None or link.target != document.form:
        known = [each.name for each in fields.values() if each.target == document.form]
        values = {"form": written.form, "seen": written.link, "known": known}
        report.add(MESSAGES.diagnostic("unknown-field", source.place(f"{pointer}/link"), **values))
    if by is None or not names_one(by, unique=False):
        known = [each.name for each in fields.values() if names_one(each, unique=False)]
        values = {"form": written.form, "seen": written.by, "known": known}
        report.add(MESSAGES.diagnostic("unknown-field", source.place(f"{pointer}/by"), **values))
    place = source.place(f"{pointer}/value")
    value = scope.expression(written.value, place, report, record=None, variables=readable)
    return Adopt(written.form, written.link, written.by, value) if value is not None else None
