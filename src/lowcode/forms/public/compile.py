"""The public faces of a form, understood: pure; what is wrong goes to the report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from lowcode.forms.diagnostics import MESSAGES
from lowcode.forms.public.definition import PublicDefinition
from lowcode.forms.public.files import PICTURES, takes
from lowcode.forms.public.plan import KINDS, TRAPS, Public, variables
from lowcode.kernel.definitions import SourceDocument
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.expressions import Expression
from lowcode.kernel.expressions.types import BOOLEAN
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.scope import Scope


def compile_public(
    definitions: Sequence[PublicDefinition], source: SourceDocument, record_type: RecordType, scope: Scope,
    report: Report,
) -> Iterator[tuple[str, Public]]:  # fmt: skip
    """Each of them by its name."""
    seen: set[str] = set()
    for index, definition in enumerate(definitions):
        if definition.name in seen:
            place = source.place(f"/public/{index}/name")
            report.add(MESSAGES.diagnostic("public-twice", place, seen=definition.name, form=record_type.name))
            continue
        seen.add(definition.name)
        found = _Face(definition, source, f"/public/{index}", record_type, scope, report).compile()
        yield definition.name, found


class _Face:
    """The compilation of one."""

    def __init__(
        self, definition: PublicDefinition, source: SourceDocument, pointer: str, record_type: RecordType, scope: Scope,
        report: Report,
    ) -> None:  # fmt: skip
        self.definition = definition
        self.source = source
        self.pointer = pointer
        self.record_type = record_type
        self.scope = scope
        self.report = report

    def compile(self) -> Public:
        definition = self.definition
        fields = {each.field: each for each in definition.placed}
        self._fields()
        values = self._expressions("values", definition.values, None)
        if definition.confirm is not None:
            self._address(definition.confirm.email, "confirm/email")
        if definition.duplicates != "create":
            self._duplicates()
        ticket = {}
        if definition.ticket is not None:
            ticket = self._expressions("ticket/set", definition.ticket.set, self.record_type.name)
            if definition.ticket.email is not None:
                self._address(definition.ticket.email, "ticket/email")
            for index, name in enumerate(definition.ticket.show):
                self._known(name, f"ticket/show/{index}")
        self._complete(values)
        self._telling()
        trap = next(name for name in TRAPS if name not in self.record_type.fields)
        return Public(self.record_type.name, definition, fields, values, ticket, trap)

    def _say(self, key: str, pointer: str, **values: object) -> None:
        place = self.source.place(f"{self.pointer}/{pointer}" if pointer else self.pointer)
        self.report.add(MESSAGES.diagnostic(key, place, **values))

    def _known(self, name: str, pointer: str) -> bool:
        known = list(self.record_type.fields)
        if name not in known:
            self._say("unknown-field", pointer, seen=name, form=self.record_type.name, known=known)
        return name in known

    def _fields(self) -> None:
        for index, placed in enumerate(self.definition.placed):
            at = f"fields/{index}"
            if not self._known(placed.field, at):
                continue
            field = self.record_type.fields[placed.field]
            if field.options_type not in KINDS or field.options.read_only or field.confidential:
                self._say("public-field", at, seen=placed.field, kind=field.options_type, kinds=", ".join(KINDS))
            elif field.options_type == "image" and not takes(field):
                options: Any = field.options
                told = {"accept": ", ".join(options.accept), "pictures": ", ".join(PICTURES)}
                self._say("public-pictures", at, seen=placed.field, **told)
            elif field.options_type == "link":
                place = self.source.place(f"{self.pointer}/{at}/where")
                if placed.where is None:
                    self._say("public-link", at, seen=placed.field)
                else:
                    self.scope.expression(placed.where, place, self.report, record=field.target, expect=BOOLEAN)

    def _expressions(self, key: str, texts: dict[str, str], record: str | None) -> dict[str, Expression]:
        found = {}
        known = {} if record is not None else variables(self.definition)
        for name, text in texts.items():
            at = f"{key}/{name}"
            if not self._known(name, at):
                continue
            if name not in self.record_type.sets:
                self._say("public-computed", at, seen=name)
                continue
            place = self.source.place(f"{self.pointer}/{at}")
            compiled = self.scope.expression(text, place, self.report, record=record, variables=known)
            if compiled is not None:
                found[name] = compiled
        return found

    def _address(self, name: str, pointer: str) -> None:
        field = self.record_type.fields.get(name)
        asked = [each.field for each in self.definition.placed]
        emails = [each for each in asked if _is_email(self.record_type, each)]
        if field is None or name not in emails:
            self._say("public-address", pointer, seen=name, known=emails)

    def _duplicates(self) -> None:
        exact = any(each.match == "exact" for each in self.record_type.duplicates)
        if not exact and not self.record_type.unique:
            self._say("public-duplicates", "duplicates", form=self.record_type.name)
        link = self.record_type.fields.get(self.definition.link or "")
        if self.definition.link is not None and (link is None or link.target != self.record_type.name):
            self._say("public-duplicates", "link", form=self.record_type.name)

    def _telling(self) -> None:
        """A value that may occur once and is refused would tell everybody that it is there."""
        asked = {each.field for each in self.definition.placed}
        for rule in self.record_type.unique:
            if self.definition.duplicates in ("create", "link") and asked & set(rule.fields):
                self._say("public-tells", "duplicates", fields=", ".join(rule.fields), form=self.record_type.name)

    def _complete(self, values: dict[str, Expression]) -> None:
        given = {*values, *(each.field for each in self.definition.placed), *self.definition.values}
        for field in self.record_type.sets.values():
            options = field.options
            if field.required and field.name not in given and options.default is None and field.options_type != "state":
                self._say("public-required", "fields", seen=field.name, form=self.record_type.name)


def _is_email(record_type: RecordType, name: str) -> bool:
    field = record_type.fields.get(name)
    return field is not None and field.options_type == "email"
