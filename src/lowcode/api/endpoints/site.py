"""Where an endpoint is understood: its document, and the names that expressions of it may use so far."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from lowcode.api.diagnostics import MESSAGES
from lowcode.api.endpoints.conditions import Condition, condition, dotted_in, single
from lowcode.api.endpoints.plan import Reads, RowReads
from lowcode.kernel.definitions.load import SourceDocument
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.expressions import Expression, Type
from lowcode.kernel.expressions.types import BOOLEAN, TEXT, same_family
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.scope import Scope

FIXED = ("path", "query", "payload", "item", "position", "row")
"""Names that nothing found can have: they are what was sent, or an entry of a list."""
OUTCOME = Type("choice", options=("created", "updated"))
INTEGER = Type("number", scale=0)


@dataclass
class Found:
    """Something that steps found or made: a record of a form, a page of such, the rows of a report or of groups."""

    form: str | None
    many: bool = False
    extra: dict[str, Type] = field(default_factory=dict)
    columns: Mapping[str, Type] = field(default_factory=dict)
    paths: dict[str, None] = field(default_factory=dict)
    rows: dict[str, dict[str, tuple[str, dict[str, None]]]] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    def reads(self) -> Reads:
        """What of it is read, once everything is understood."""
        rows = {
            name: RowReads({link: (form, tuple(paths)) for link, (form, paths) in hops.items()})
            for name, hops in self.rows.items()
        }
        return Reads(tuple(self.paths), rows)


@dataclass
class Site:
    """One endpoint while it is compiled."""

    source: SourceDocument
    scope: Scope
    report: Report
    sent: dict[str, Type]
    lists: frozenset[str] = frozenset()
    """What of it is nothing but lists."""
    found: dict[str, Found] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)
    """What steps would have found that could not be understood: whatever reads it is left alone."""

    def mentions(self, written: Any) -> bool:
        """Whether a part of the document reads what could not be understood."""
        text = json.dumps(written, ensure_ascii=False)
        return any(re.search(rf"\b{re.escape(name)}\b", text) for name in self.broken)

    def refuse(self, key: str, pointer: str, *, at_key: bool = False, **values: Any) -> None:
        """Note a finding of the catalogue of this engine."""
        self.report.add(MESSAGES.diagnostic(key, self.source.place(pointer, key=at_key), **values))

    # -- names --------------------------------------------------------------------------------------------------------

    def keep(self, name: str | None, found: Found, pointer: str) -> str:
        """Make something known to what follows; its name, or one that no expression can say."""
        if name is None:
            name = f"@{len(self.found)}"
        elif name in self.found or name in FIXED:
            self.refuse("name-taken", f"{pointer}/as", seen=name)
        self.found[name] = found
        return name

    def record(self, name: str, pointer: str) -> Found | None:
        """A record that a step before found or made."""
        found = self.found.get(name)
        if found is None or found.many or found.form is None:
            known = [each for each, one in self.found.items() if not one.many and one.form and each[0] != "@"]
            self.refuse("no-record-found", pointer, seen=name, known=known)
            return None
        return found

    def variables(self, text: str, more: Mapping[str, Type], record: str | None = None) -> dict[str, Type]:
        """The variables an expression may read: what was sent, and of what was found the paths that it names."""
        known = {**self.sent, **more}
        for dotted in dotted_in(text):
            name, _, path = dotted.partition(".")
            found = self.found.get(name)
            if found is None or dotted in known or not path:
                continue
            type_ = found.extra.get(path) or (self.type_at(found.form, path) if not found.many else None)
            if type_ is not None:
                known[dotted] = type_
        for name, found in self.found.items() if record is None else ():  # so that the nearest name can be said
            known.update({f"{name}.{path}": type_ for path, type_ in found.extra.items()})
            if found.form and not found.many and name[0] != "@":
                known.setdefault(f"{name}.id", Type("record", record=found.form))
        return known

    def type_at(self, form: str | None, path: str) -> Type | None:
        """The type at the end of a path of links from a form."""
        current: str | None = form
        type_: Type | None = None
        for name in path.split("."):
            shape = self.scope.shapes.records.get(current or "")
            if shape is None or name not in shape.fields:
                return None
            type_ = shape.fields[name].type
            if type_.kind in ("rows", "users"):
                return None
            current = type_.target
        return type_.optional if type_ is not None else None

    # -- expressions --------------------------------------------------------------------------------------------------

    def expression(
        self, text: str, pointer: str, *, record: str | None = None, more: Mapping[str, Type] | None = None,
        expect: Type | None = None,
    ) -> Expression | None:  # fmt: skip
        """An expression over what was sent and found; what it reads of a record is noted there."""
        known = self.variables(text, more or {}, record)
        place = self.source.place(pointer)
        made = self.scope.expression(text, place, self.report, record=record, variables=known, expect=expect)
        if made is not None:
            self.note(text, known)
            if made.rows:
                self.refuse("rows-in-answer", pointer, seen=", ".join(sorted(made.rows)))
                return None
        return made

    def note(self, text: str, known: Mapping[str, Type]) -> None:
        """Remember what of the records found is read."""
        for dotted in dotted_in(text):
            name, _, path = dotted.partition(".")
            found = self.found.get(name)
            if dotted in known and found is not None:
                found.used.add(path)
                if path not in found.extra:
                    found.paths[path] = None

    def when(self, text: str | None, pointer: str) -> Expression | None:
        """A condition over what was sent and found."""
        return None if text is None else self.expression(text, f"{pointer}/when", expect=BOOLEAN)

    def filter(self, text: str, form: str, pointer: str) -> Condition | None:
        """A condition over records of a form, which takes values of what was sent and found."""
        known = self.variables(text, {}, form)
        place = self.source.place(pointer)
        made = self.scope.expression(text, place, self.report, record=form, variables=known, expect=BOOLEAN)
        if made is None:
            return None
        self.note(text, known)
        cut = condition(text, known)
        for name in sorted(self.lists & set(single(cut))):
            self.refuse("list-as-value", pointer, seen=name)
        return cut

    def values(
        self, written: Mapping[str, str], form: str, pointer: str, more: Mapping[str, Type] | None = None,
        found_by: Collection[str] = (),
    ) -> dict[str, Expression]:  # fmt: skip
        """Expressions for fields of a form; those `found_by` give a text that names the record."""
        record_type = self.scope.records[form]
        made: dict[str, Expression] = {}
        for name, text in written.items():
            at = f"{pointer}/{name}"
            field = record_type.fields.get(name)
            if field is None and name != "owner":
                self.refuse(
                    "unknown-field", at, at_key=True, form=form, seen=name, known=[*record_type.fields, "owner"]
                )
                continue
            if field is not None and field.computed:
                self.refuse("computed-field", at, at_key=True, seen=name)
                continue
            compiled = self.expression(text, at, more=more)
            if compiled is None:
                continue
            if field is not None and name not in found_by and not fits(field, compiled.type):
                self.refuse("value-type", at, field=name, wanted=field.type.text, seen=compiled.type.text)
                continue
            made[name] = compiled
        return made

    def texts(self, written: Mapping[str, str], pointer: str) -> dict[str, Expression]:
        """Expressions by name."""
        made = {name: self.expression(text, f"{pointer}/{name}") for name, text in written.items()}
        return {name: each for name, each in made.items() if each is not None}

    def sort(self, written: Iterable[str], record_type: RecordType, pointer: str) -> tuple[str, ...]:
        """Fields to sort by."""
        shape = self.scope.shapes.records[record_type.name]
        for index, each in enumerate(written):
            path = each.removeprefix("-")
            if self.type_at(record_type.name, path) is None:
                known = list(shape.fields)
                self.refuse("unknown-field", f"{pointer}/{index}", form=record_type.name, seen=path, known=known)
        return tuple(written)


def fits(field: Field, given: Type) -> bool:
    """Whether a value may be meant for a field; the save looks at it once more."""
    wanted = field.type
    if wanted.target is not None:
        return given.kind in ("number", "any") or given.target == wanted.target
    if wanted.kind in ("rows", "multi", "users", "duration", "any") or field.rows is not None:
        return True
    if wanted.kind in ("date", "datetime", "time") and given.kind == "text":
        return True
    return same_family(wanted, given) or (wanted.kind == "text" and given == TEXT)
