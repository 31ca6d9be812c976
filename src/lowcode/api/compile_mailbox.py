"""A mailbox's document to its part of the plan; and the check that what is given a value is a field that takes one."""

from __future__ import annotations

from datetime import timedelta

from lowcode.api.connectors.kind import SecretReference
from lowcode.api.definition import MailboxDocument, PeopleDocument
from lowcode.api.diagnostics import MESSAGES
from lowcode.api.plan import Mailbox, People, Secret
from lowcode.kernel.definitions.load import SourceDocument
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.expressions import Expression, Type
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.scope import Scope

INBOX = "INBOX"
READABLE = {
    "mail.subject": Type("text"), "mail.text": Type("text"), "mail.sender": Type("text"),
    "mail.sender_name": Type("text"), "mail.at": Type("datetime"),
}  # fmt: skip


def mailbox_of(document: MailboxDocument, source: SourceDocument, scope: Scope, report: Report) -> Mailbox | None:
    """Understand a mailbox."""
    if scope.find("form", document.form, source.place("/form"), report) is None:
        return None
    record_type = scope.records[document.form]
    values: dict[str, Expression] = {}
    for name, text in document.values.items():
        check_field(record_type, name, source, f"/values/{name}", report)
        place = source.place(f"/values/{name}")
        compiled = scope.expression(text, place, report, record=None, variables=READABLE)
        if compiled is not None:
            values[name] = compiled
    people = [_people(each, at, record_type, source, scope, report) for at, each in enumerate(document.people)]
    files = record_type.fields.get(document.files or "")
    if document.files is not None and (files is None or files.options_type not in ("attachment", "image")):
        report.add(
            MESSAGES.diagnostic("no-files-field", source.place("/files"), form=document.form, seen=document.files)
        )
    found = tuple(each for each in people if each is not None)
    if len(found) < len(people):
        return None
    url = Secret(document.url.secret) if isinstance(document.url, SecretReference) else document.url
    password = Secret(document.password.secret) if document.password is not None else None
    return Mailbox(
        document.name, document.title or document.name, url, timedelta(minutes=document.every), found, document.form,
        values, document.files, document.user or "", password, document.folder or INBOX,
    )  # fmt: skip


def _people(
    document: PeopleDocument, at: int, made: RecordType, source: SourceDocument, scope: Scope, report: Report
) -> People | None:
    if scope.find("form", document.form, source.place(f"/people/{at}/form"), report) is None:
        return None
    record_type = scope.records[document.form]
    _check_source(record_type, document.by, source, f"/people/{at}/by", report)
    for name, given in document.sets.items():
        check_field(made, name, source, f"/people/{at}/sets/{name}", report)
        if given != "id":
            _check_source(record_type, given, source, f"/people/{at}/sets/{name}", report)
    return People(document.form, document.by, document.sets)


def _check_source(record_type: RecordType, name: str, source: SourceDocument, pointer: str, report: Report) -> None:
    if name not in record_type.fields and name != "owner":
        known = ["id", *record_type.fields, "owner"]
        values = {"form": record_type.name, "seen": name, "known": known}
        report.add(MESSAGES.diagnostic("unknown-field", source.place(pointer), **values))


def check_field(record_type: RecordType, name: str, source: SourceDocument, pointer: str, report: Report) -> None:
    """What is given a value is a field of the form, and not one that is computed."""
    place = source.place(pointer, key=True)
    if name == "owner" or name in record_type.sets:
        return
    if name in record_type.fields:
        report.add(MESSAGES.diagnostic("computed-field", place, seen=name))
        return
    known = [*record_type.sets, "owner"]
    report.add(MESSAGES.diagnostic("unknown-field", place, form=record_type.name, seen=name, known=known))
