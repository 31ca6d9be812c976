"""Formulas get their types, one after the other, in the order in which they depend on one another.

It happens between the two passes of a compilation: every record type is declared, so every path can be followed, and
what the engines compile afterwards finds every field typed. What is left over depends on itself: a cycle.

A formula over its own record and its lines is stored; a roll-up over records that link here is stored and kept up to
date; what reads other records through a link, or the clock, is computed when it is read (rules.md section 2, lesson c).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from lowcode.kernel.diagnostics import Catalogue, Message, Report
from lowcode.kernel.expressions import Expression, ExpressionError, Type, compile_expression
from lowcode.kernel.expressions import Place as Use
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.scope import Scope

MESSAGES = Catalogue(
    "formulas",
    {
        "cycle": Message(
            "the formulas depend on one another in a circle: {chain}",
            "A formula reads, directly or through others, its own value.",
            "Take one of these names out of its formula.",
        ),
    },
    {"cycle": ("公式之间循环引用：{chain}", "请从其中一个公式中去掉对另一个的引用。")},
)


def resolve(scope: Scope, report: Report, of: Iterable[RecordType] | None = None) -> None:
    """Type every formula and roll-up of every record type, or of some where the others are typed already; what cannot
    be understood becomes a finding."""
    waiting: list[tuple[RecordType, Field]] = []
    for record_type in scope.records.values() if of is None else of:
        if record_type.parent is not None:  # rows are looked at with the record they belong to
            continue
        for each in (record_type, *(rows for _, rows in record_type.rows_below)):
            waiting.extend(
                (each, field) for field in each.fields.values() if field.options_type in ("formula", "rollup")
            )
    unresolved = {(owner.name, field.name) for owner, field in waiting}
    while waiting:
        left = []
        for owner, field in waiting:
            expression = _try(scope, owner, field)
            if expression is None or _reads(scope, owner, expression) & (unresolved - {(owner.name, field.name)}):
                left.append((owner, field))
                continue
            if (owner.name, field.name) in _reads(scope, owner, expression):
                left.append((owner, field))
                continue
            _settle(scope, owner, field, expression)
            unresolved.discard((owner.name, field.name))
        if len(left) == len(waiting):
            _refuse(scope, left, report)
            return
        waiting = left


def _try(scope: Scope, owner: RecordType, field: Field) -> Expression | None:
    try:
        text = field.options.expression  # type: ignore[attr-defined]
        return compile_expression(text, scope.shapes, owner.name, place=Use.READ, functions=scope.functions)
    except ExpressionError:
        return None


def _reads(scope: Scope, owner: RecordType, expression: Expression) -> set[tuple[str, str]]:
    """Every (record type, field) the expression reads."""
    found: set[tuple[str, str]] = set()
    for path in expression.paths:
        _walk(scope, owner.name, path, found)
    for relation, paths in expression.rows.items():
        target = _walk(scope, owner.name, relation, found)
        if target is not None:
            for path in paths:
                _walk(scope, target, path, found)
    return found


def _walk(scope: Scope, start: str, path: str, found: set[tuple[str, str]]) -> str | None:
    current: str | None = start
    for name in path.split("."):
        if current is None:
            return None
        found.add((current, name))
        shape = scope.shapes.records[current].fields.get(name)
        current = shape.type.record if shape is not None else None
    return current


def _settle(scope: Scope, owner: RecordType, field: Field, expression: Expression) -> None:
    declared = field.type
    type_ = expression.type
    if declared.kind == "number" and declared.scale is not None:
        type_ = replace(type_, scale=declared.scale)
    elif type_.kind == "number" and type_.scale is None:
        type_ = replace(type_, scale=6)
    elif type_.kind == "any":
        type_ = declared if declared.kind != "any" else Type("text")
    field.type = type_
    field.expression = expression
    field.stored = _is_stored(scope, owner, expression)
    if field.stored:
        owner.computed = (*owner.computed, field)
    scope.changed_shape(owner.name)


def _is_stored(scope: Scope, owner: RecordType, expression: Expression) -> bool:
    if expression.volatile:
        return False
    for path in expression.paths:
        if "." in path:
            return False
        own = owner.fields.get(path)
        if own is not None and not own.stored and own.rows is None and not own.several:
            return False
    for relation, paths in expression.rows.items():
        rows = dict(owner.rows_below).get(relation)
        if ("." in relation and rows is None) or any("." in path for path in paths):
            return False
        named = owner.fields.get(relation)
        if named is not None and named.target in ("user", "department") and any(path != "id" for path in paths):
            return False  # the directory changes without a save of the record
        if rows is None:
            rows = scope.records.get(scope.shapes.records[owner.name].fields[relation].type.record or "")
        if rows is not None and any(path in rows.fields and not rows.fields[path].stored for path in paths):
            return False
    return True


def _refuse(scope: Scope, left: list[tuple[RecordType, Field]], report: Report) -> None:
    """Say what is wrong with each: its own mistake, or the circle it is part of."""
    for owner, field in left:
        expression = _try(scope, owner, field)
        if expression is None:
            text = field.options.expression  # type: ignore[attr-defined]
            scope.expression(text, field.formula_place or field.place, report, record=owner.name)
    edges: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for owner, field in left:
        expression = _try(scope, owner, field)
        if expression is not None:
            edges[(owner.name, field.name)] = _reads(scope, owner, expression)
    for owner, field in left:
        start = (owner.name, field.name)
        chain = _circle(start, edges)
        if chain:
            words = " → ".join(f"{record}.{name}" for record, name in chain)
            report.add(MESSAGES.diagnostic("cycle", field.formula_place or field.place, chain=words))


def _circle(start: tuple[str, str], edges: dict[tuple[str, str], set[tuple[str, str]]]) -> list[tuple[str, str]]:
    waiting = [[start]]
    seen = set()
    while waiting:
        chain = waiting.pop()
        for following in sorted(edges.get(chain[-1], ())):
            if following == start:
                return [*chain, start]
            if following in edges and following not in seen:
                seen.add(following)
                waiting.append([*chain, following])
    return []
