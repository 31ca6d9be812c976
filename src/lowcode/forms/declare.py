"""A form document becomes a record type: fields with their types, relations, and nothing that needs other forms yet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from lowcode.forms.definition import FormBase, LinesBase, UniqueDefinition
from lowcode.forms.diagnostics import MESSAGES
from lowcode.forms.overlapping import declared
from lowcode.kernel.definitions import SourceDocument
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields import FieldDefinition, FieldKind
from lowcode.kernel.records.fields.completeness import CompletenessDefinition, as_formula
from lowcode.kernel.records.fields.named import DIRECTORY, SEVERAL
from lowcode.kernel.records.file_kinds import is_kind, is_pattern, meant
from lowcode.kernel.records.plan import ROW_FIELDS, SYSTEM_FIELDS, Duplicate, Field, RecordType, Relation, Unique
from lowcode.kernel.registry import Registry

RESERVED = frozenset({"parent", "and", "or", "not", "in", "is", "between", "blank", "true", "false"})
SOME_KINDS = ".pdf, .docx, image/*, application/pdf"


def record_type_of(
    definition: FormBase, source: SourceDocument, kinds: Registry[FieldKind], report: Report
) -> RecordType:
    """The record type a form declares."""
    record_type = RecordType(definition.name, definition.title, source.place(), definition.id or definition.name)
    _add_fields(record_type, definition.fields, source, "/fields", kinds, report, frozenset(SYSTEM_FIELDS))
    for index, relation in enumerate(definition.relations):
        if relation.name in record_type.fields:
            place = source.place(f"/relations/{index}/name")
            report.add(MESSAGES.diagnostic("field-twice", place, seen=relation.name, form=definition.name))
        record_type.relations[relation.name] = Relation(relation.name, relation.form, relation.by, relation.title)
    record_type.unique = _unique(definition.fields, definition.unique)
    record_type.without_overlaps = declared(definition, source, record_type)
    record_type.duplicates = tuple(Duplicate(tuple(each.fields), each.match) for each in definition.duplicates)
    record_type.extras["was"] = definition.was
    if definition.tree is not None:
        up = record_type.fields.get(definition.tree)
        if up is not None and up.options_type == "link" and up.target == definition.name:
            record_type.tree = up.name
        else:
            known = [each.name for each in record_type.fields.values() if each.target == definition.name]
            place = source.place("/tree")
            report.add(MESSAGES.diagnostic("tree-link", place, seen=definition.tree, form=definition.name, known=known))
    return record_type


def _unique(fields: Iterable[FieldDefinition], rules: Iterable[UniqueDefinition]) -> tuple[Unique, ...]:
    single = [Unique((each.name,)) for each in fields if each.unique]
    return (*single, *(Unique(tuple(each.fields), each.message) for each in rules))


def _add_fields(
    record_type: RecordType, definitions: Any, source: SourceDocument, pointer: str,
    kinds: Registry[FieldKind], report: Report, system: frozenset[str],
) -> None:  # fmt: skip
    several = frozenset(each.name for each in definitions if isinstance(each, LinesBase) or each.type in SEVERAL)
    for index, options in enumerate(definitions):
        place = source.place(f"{pointer}/{index}")
        if options.name in system or options.name in RESERVED:
            if options.name != "owner" or options.type != "member":  # whose it is may be given a title
                report.add(MESSAGES.diagnostic("reserved-name", place, seen=options.name))
                continue
        if options.name in record_type.fields:
            report.add(MESSAGES.diagnostic("field-twice", place, seen=options.name, form=record_type.name))
            continue
        identity = options.id or options.name
        first = next((each.name for each in record_type.fields.values() if each.id == identity), None)
        if first is not None:
            clash = {"seen": options.name, "first": first, "id": identity, "form": record_type.name}
            report.add(MESSAGES.diagnostic("id-twice", place, **clash))
            continue
        at = f"{pointer}/{index}"
        record_type.fields[options.name] = _field(record_type, options, source, at, kinds, report, several)


def _field(
    record_type: RecordType, options: FieldDefinition, source: SourceDocument, pointer: str,
    kinds: Registry[FieldKind], report: Report, several: frozenset[str],
) -> Field:  # fmt: skip
    place = source.place(pointer)
    identity = options.id or options.name
    if isinstance(options, LinesBase):
        rows = RecordType(f"{record_type.name}.{options.name}", options.title or options.name, place, identity)
        rows.parent, rows.parent_field = record_type, options.name
        _add_fields(rows, options.fields, source, f"{pointer}/fields", kinds, report, frozenset(ROW_FIELDS))  # type: ignore[attr-defined]
        rows.unique = _unique(options.fields, options.unique_rows)  # type: ignore[attr-defined]
        type_ = Type("rows", record=rows.name)
        return Field(options.name, identity, None, options, type_, place, options.title or options.name, rows=rows)
    formula_place = source.place(f"{pointer}/expression") if hasattr(options, "expression") else None
    if isinstance(options, CompletenessDefinition):
        options = as_formula(options, several)
    word: str = options.type  # type: ignore[attr-defined]
    kind = kinds[word]
    if hasattr(options, "accept"):
        options = options.model_copy(update={"accept": _accepted(options.accept, source, pointer, report)})
    field = Field(options.name, identity, kind, options, kind.type(options), place, options.title or options.name)
    to = getattr(options, "to", None)
    field.target = (to if isinstance(to, str) else None) or DIRECTORY.get(word)
    field.formula_place = formula_place
    field.stored = kind.column(options) is not None or word in ("formula", "rollup")
    return field


def _accepted(kinds: Sequence[str], source: SourceDocument, pointer: str, report: Report) -> list[str]:
    """The kinds of files that a field takes. What a version that was published once says otherwise is understood as it
    was meant, so that an app goes on with it and is taken back to it."""
    found = []
    for index, each in enumerate(kinds):
        cure = None if is_kind(each) else meant(each)
        if not is_kind(each):
            code = "file-meant" if cure is not None else "file-pattern" if is_pattern(each) else "file-kind"
            at = source.place(f"{pointer}/accept/{index}")
            report.add(MESSAGES.diagnostic(code, at, seen=each, cure=cure or SOME_KINDS))
        found.append(cure or each)
    return found
