"""A form's privacy, understood: pure; what is wrong goes to the report."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import sqlalchemy as sa

from lowcode.forms.diagnostics import MESSAGES
from lowcode.forms.privacy.definition import FormPrivacyDefinition, RetentionDefinition
from lowcode.forms.privacy.plan import ANONYMOUS, Privacy, Retention, personal
from lowcode.kernel.definitions import SourceDocument
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.expressions.types import BOOLEAN
from lowcode.kernel.records.fields.privacy import PrivacyDefinition
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.scope import Scope

DAYS = ("date", "datetime")
Say = Callable[..., None]


def compile_privacy(
    definition: FormPrivacyDefinition | None, source: SourceDocument, record_type: RecordType, scope: Scope,
    report: Report,
) -> Privacy | None:  # fmt: skip
    """What is personal in a form; None when nothing is."""

    def say(key: str, pointer: str, **values: object) -> None:
        report.add(MESSAGES.diagnostic(key, source.place(pointer), form=record_type.name, **values))

    fields = personal(record_type)
    _fields(record_type, say)
    if definition is None and not fields:
        return None
    definition = definition or FormPrivacyDefinition()
    if definition.subject is not None:
        link = record_type.fields.get(definition.subject)
        if link is None or link.options_type != "link":
            say("privacy-subject", "/privacy/subject", seen=definition.subject)
    for index, name in enumerate(definition.identify):
        field = record_type.fields.get(name)
        if field is None or field.type.kind != "text" or not field.stored or field.options.encrypted is True:
            known = [each.name for each in record_type.fields.values() if each.type.kind == "text"]
            say("unknown-field", f"/privacy/identify/{index}", seen=name, known=known)
    rules = []
    for index, rule in enumerate(definition.retention):
        at = f"/privacy/retention/{index}"
        since = record_type.fields.get(rule.since)
        if rule.since not in ("updated_at", "created_at") and (since is None or since.options_type not in DAYS):
            say("privacy-since", f"{at}/since", seen=rule.since)
            continue
        for position, name in enumerate(rule.fields):
            if name not in fields:
                say("unknown-field", f"{at}/fields/{position}", seen=name, known=list(fields))
        if rule.where is not None:
            scope.expression(rule.where, source.place(f"{at}/where"), report, record=record_type.name, expect=BOOLEAN)
        rules.append(_retention(record_type, rule, fields))
    rules += _by_field(record_type, fields)
    return Privacy(fields, definition.subject, tuple(definition.identify), tuple(rules), definition.trash)


def _fields(record_type: RecordType, say: Say) -> None:
    for pointer, each in _pointers(record_type, "/fields"):
        if each.options.privacy is not None:
            _field(each, each.options.privacy, pointer, say)


def _pointers(record_type: RecordType, base: str) -> Iterable[tuple[str, Field]]:
    for index, field in enumerate(record_type.fields.values()):
        yield f"{base}/{index}", field
        if field.rows is not None:
            yield from _pointers(field.rows, f"{base}/{index}/fields")


def _field(field: Field, privacy: PrivacyDefinition, pointer: str, say: Say) -> None:
    kept = field.kind is not None and (field.several or field.kind.column(field.options) is not None)
    if field.computed or not kept:
        say("privacy-field", pointer, seen=field.name, kind=field.options_type)
    elif field.required and privacy.erase == "clear":
        say("privacy-required", f"{pointer}/privacy", seen=field.name)
    elif privacy.erase == "replace" and not _replaceable(field):
        say("privacy-replace", f"{pointer}/privacy/erase", seen=field.name)


def _replaceable(field: Field) -> bool:
    """Whether *** can stand in it, in any number of records."""
    assert field.kind is not None
    text = isinstance(field.kind.column(field.options), sa.Text) and field.type.kind == "text" and not field.several
    return text and not field.options.unique


def _retention(record_type: RecordType, rule: RetentionDefinition, fields: Iterable[str]) -> Retention:
    names = tuple(rule.fields)
    parts = [f"({rule.where})" if rule.where else "", f"DAYSSINCE({rule.since}) >= {rule.days}"]
    return Retention(rule.name, " and ".join(filter(None, parts)), names, rule.do == "erase")


def _by_field(record_type: RecordType, fields: dict[str, PrivacyDefinition]) -> list[Retention]:
    """Fields that say how long they are kept, those with the same days together."""
    by_days: dict[int, list[str]] = {}
    for name, each in fields.items():
        if each.days is not None and each.erase != "keep":
            by_days.setdefault(each.days, []).append(name)
    return [
        Retention(f"after_{days}_days", f"DAYSSINCE(updated_at) >= {days}", tuple(names), False)
        for days, names in by_days.items()
    ]


def there(record_type: RecordType, privacy: Privacy, names: tuple[str, ...]) -> str:
    """Whether something of the fields is still there, as a filter: what was erased is not erased again."""
    parts = []
    for name, each in privacy.erased(names).items():
        field = record_type.fields.get(name)
        if field is None or field.sealed:
            continue
        if field.several:
            parts.append(f"COUNT({name}) > 0")
        else:
            parts.append(f'{name} <> "{ANONYMOUS}"' if each.erase == "replace" else f"{name} is not blank")
    return " or ".join(parts)
