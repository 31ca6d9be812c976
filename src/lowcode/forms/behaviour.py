"""What a field does by condition, understood: show, require, fix, which options and which records are offered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from lowcode.forms.diagnostics import MESSAGES
from lowcode.kernel.definitions import SourceDocument
from lowcode.kernel.diagnostics import Diagnostic, Report
from lowcode.kernel.expressions import Expression, Type
from lowcode.kernel.records.fields.choices import conditional
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.scope import Scope

BOOLEAN = Type("boolean")
Understand = Callable[..., Expression | None]


def behave(understand: Understand, scope: Scope, report: Report, owner: RecordType, field: Field, pointer: str) -> None:
    """Compile the conditions of a field. `understand(text, pointer, record=…, expect=…)` compiles an expression."""
    options: Any = field.options
    for key in ("visible_when", "required_when", "read_only_when"):
        found = understand(getattr(options, key), f"{pointer}/{key}", record=owner.name, expect=BOOLEAN)
        setattr(field, key, found)
    for name, at, text in conditional(options):
        found = understand(text, f"{pointer}{at}", record=owner.name, expect=BOOLEAN)
        if found is not None:
            field.option_when[name] = found
    target = scope.records.get(field.target or "")
    if target is None:
        return
    field.filter = understand(getattr(options, "filter", None), f"{pointer}/filter", record=target.name, expect=BOOLEAN)
    for path, text in (getattr(options, "matches", None) or {}).items():
        there = understand(path, f"{pointer}/matches", record=target.name)
        if there is not None:
            found = understand(text, f"{pointer}/matches/{path}", record=owner.name, expect=there.type)
            if found is not None:
                field.matches[path] = found


def asks_for_a_role(scope: Scope, source: SourceDocument, report: Report, field: Field, pointer: str) -> None:
    """The role that a field of people asks for has to be one of the app."""
    role = getattr(field.options, "role", None)
    if role is not None:
        scope.find("role", role, source.place(f"{pointer}/role"), report)


def hangs(source: SourceDocument, owner: RecordType, field: Field, pointer: str) -> Iterator[Diagnostic]:
    """What the deletion of what a link names means for it (`on_delete`), where it could not come to that."""
    what = getattr(field.options, "on_delete", "keep")
    if what == "keep":
        return
    at, said = source.place(f"{pointer}/on_delete"), {"field": field.name, "form": owner.name}
    if what == "clear" and field.options.required:
        yield MESSAGES.diagnostic("cleared-but-required", at, **said)
    elif what == "cascade" and owner.parent is not None:
        yield MESSAGES.diagnostic("row-with-another", at, **said)


def within_sections(
    record_type: RecordType, sections: Iterable[tuple[str, Any, Expression | None]], place: Callable[[str], Any],
    report: Report,
) -> Iterator[tuple[str, Expression]]:  # fmt: skip
    """The conditions of sections by name; a field that stands in conditional sections only is shown by theirs."""
    shown: dict[str, list[Expression | None]] = {}
    for pointer, section, condition in sections:
        for name in section.named():
            shown.setdefault(name, []).append(condition)
        if condition is not None and section.name is None:
            report.add(MESSAGES.diagnostic("section-without-name", place(f"{pointer}/visible_when")))
        elif condition is not None:
            yield section.name, condition
    for name, conditions in shown.items():
        field = record_type.fields.get(name)
        if field is not None and None not in conditions:
            field.section_when = tuple(each for each in conditions if each is not None)
