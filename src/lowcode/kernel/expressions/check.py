"""Syntax to typed tree: names resolved, types agreed, every mistake collected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.check_calls import check_call
from lowcode.kernel.expressions.check_rows import among
from lowcode.kernel.expressions.functions import Function
from lowcode.kernel.expressions.names import nearest
from lowcode.kernel.expressions.nodes import always_blank
from lowcode.kernel.expressions.problems import ExpressionProblem, problem
from lowcode.kernel.expressions.resolve import Resolved, Unresolved, resolve
from lowcode.kernel.expressions.shapes import Place, Shapes
from lowcode.kernel.expressions.syntax import Invocation, Literal, Name, Operation, Syntax
from lowcode.kernel.expressions.told import Sentence, Several, say
from lowcode.kernel.expressions.types import (
    ANY,
    BOOLEAN,
    MAXIMUM_SCALE,
    NUMBER,
    ORDERED,
    TEXT,
    Type,
    common,
    same_family,
)

TWO_VALUED = BOOLEAN.required


class Known(NamedTuple):
    """What an expression may name beside the fields of its record."""

    variables: Mapping[str, Type]
    functions: Mapping[str, Function]
    former: bool = False
    """Whether an option may be said by its former name, and means the one of now."""


class Checker:
    """One pass over one expression; `problems` fills as it goes."""

    def __init__(self, text: str, shapes: Shapes, record: str | None, place: Place, known: Known):
        self.text, self.shapes, self.record, self.place = text, shapes, record, place
        self.variables, self.functions, self.former = known
        self.problems: list[ExpressionProblem] = []
        self.names: dict[tuple[int, int], Resolved] = {}
        self.child: str | None = None
        self.relation: tuple[str, ...] = ()
        self.crossed: set[tuple[str, ...]] | None = None
        self.aggregates = 0

    # ── messages ──

    def refuse(
        self, code: str, said: Sentence, node: Syntax | n.Node, cure: Sentence | None = None, near: str | None = None
    ) -> n.Node:
        """Note a mistake and go on with a value of any type."""
        self.problems.append(problem(code, said, self.text, node.start, node.end, cure, near))
        return n.Constant(None, ANY, node.start, node.end)

    # ── dispatch ──

    def check(self, node: Syntax) -> n.Node:
        if isinstance(node, Literal):
            return self.literal(node)
        if isinstance(node, Name):
            return self.name(node)
        if isinstance(node, Invocation):
            return check_call(self, node)
        return self.operation(node)

    def literal(self, node: Literal) -> n.Node:
        value = node.value
        if value is None:
            return n.Constant(None, ANY, node.start, node.end)
        if isinstance(value, bool):
            return n.Constant(value, TWO_VALUED, node.start, node.end)
        if isinstance(value, Decimal):
            scale = max(0, -int(value.as_tuple().exponent))
            return n.Constant(value, Type("number", scale=scale, nullable=False), node.start, node.end)
        return n.Constant(value, TEXT.required, node.start, node.end)

    # ── names ──

    def name(self, node: Name) -> n.Node:
        dotted, parts = ".".join(node.parts), node.parts
        if dotted in self.variables and not has_field(self.shapes, self.child, parts[0]):
            return n.Variable(dotted, self.variables[dotted], node.start, node.end)
        if parts[0] in self.variables and not has_field(self.shapes, self.child or self.record, parts[0]):
            said = say("nothing-there", name=parts[0], rest=".".join(parts[1:]))
            return self.refuse("unknown-name", said, node, near=nearest(dotted, self.variables))
        if self.child is not None:
            if parts[0] == "parent" and len(parts) > 1 and self.relation:
                return self.field(node, self.record, parts[1:], "record", 1)
            skip = len(self.relation) if self.relation and parts[: len(self.relation)] == self.relation else 0
            if skip < len(parts):
                return self.field(node, self.child, parts[skip:], "child", skip)
        return self.field(node, self.record, parts, "record", 0)

    def field(self, node: Name, record: str | None, parts: tuple[str, ...], scope: str, skipped: int) -> n.Node:
        if record is None:
            name = ".".join(node.parts)
            return self.refuse("unknown-name", say("unknown-name", name=name), node, near=nearest(name, self.variables))
        if self.place is Place.AGGREGATE and scope == "record" and self.child is None and self.crossed is None:
            return self.refuse(
                "outside-aggregate",
                say("measure-outside"),
                node,
                say("write-sum", path=".".join(parts)),
            )
        found = resolve(self.shapes, record, parts)
        if isinstance(found, Unresolved):
            return self.unresolved(node, found, skipped)
        self.names[(node.start, node.end)] = found
        if len(parts) - 1 - (found.crossed or 0) > 4:
            return self.refuse("too-many-hops", say("hops", most=4), node)
        type_ = replace(found.field.type, nullable=found.nullable)
        if found.crossed is None:
            return n.Field(".".join(found.names), type_, scope, node.start, node.end)
        relation = found.names[: found.crossed]
        if self.crossed is None or scope == "child":
            many = say("many-rows", relation=".".join(relation))
            return self.refuse(
                "rows-outside-aggregate",
                many,
                node,
                say("write-sum-or-count", path=".".join(parts), relation=".".join(relation)),
            )
        self.crossed.add(relation)
        return n.Field(".".join(found.names[found.crossed :]), type_, "child", node.start, node.end)

    def unresolved(self, node: Name, found: Unresolved, skipped: int) -> n.Node:
        near, cure = found.nearest, found.cure
        if found.part == 0 and near is None and skipped == 0:
            near = owned(self.variables, ".".join(node.parts)) or nearest(node.parts[0], self.variables)
            cure = cure if near is None else None
        if self.child is not None and self.relation and found.part == 0 and self.record is not None:
            outer = resolve(self.shapes, self.record, node.parts)
            if isinstance(outer, Resolved):
                near, cure = None, say("write-parent", name=".".join(node.parts))
        if len(node.parts) == 1 and near is None and node.parts[0].upper() in ("TODAY", "NOW", "ME", "TEAM"):
            cure = say("write-call", name=node.parts[0].upper())
        return self.refuse(found.code, found.said, node, cure, near)

    # ── operators ──

    def operation(self, node: Operation) -> n.Node:
        op = node.op
        if op in ("and", "or"):
            items = tuple(self.condition(one) for one in node.items)
            return self.logic(op, items, node)
        if op == "not":
            value = self.condition(node.items[0])
            return n.Not(value, value.type if value.type.kind == "boolean" else BOOLEAN, node.start, node.end)
        if op in ("is blank", "is not blank"):
            return self.blankness(node, op == "is not blank")
        if op in ("in", "not in"):
            return self.contained(node)
        if op in ("between", "not between"):
            value, low, high = (self.check(one) for one in node.items)
            both = tuple(self.compare(sign, value, bound, node) for sign, bound in ((">=", low), ("<=", high)))
            inside = self.logic("and", both, node)
            return inside if op == "between" else n.Not(inside, inside.type, node.start, node.end)
        if op == "list":
            return self.refuse("misplaced-list", say("list-alone"), node)
        items = tuple(self.check(one) for one in node.items)
        if op == "&":
            return n.Joined(items, TEXT, node.start, node.end)
        if op == "negate":
            return self.arithmetic("-", n.Constant(Decimal(0), Type("number", 0, nullable=False)), items[0], node)
        if op in ("+", "-", "*", "/"):
            return self.arithmetic(op, items[0], items[1], node)
        return self.compare(op, items[0], items[1], node)

    def logic(self, op: str, items: tuple[n.Node, ...], node: Syntax) -> n.Node:
        nullable = any(one.type.nullable for one in items)
        return n.Logic(op, items, BOOLEAN if nullable else TWO_VALUED, node.start, node.end)

    def condition(self, node: Syntax) -> n.Node:
        """A node that must be true or false."""
        made = self.check(node)
        if made.type.kind not in ("boolean", "any"):
            return self.refuse(
                "expected-condition",
                say("no-condition", type=made.type),
                node,
                say("compare-something"),
            )
        return made

    def blankness(self, node: Operation, negated: bool) -> n.Node:
        made = self.check(node.items[0])
        if made.type.kind == "rows" and isinstance(made, n.Field):
            count = n.Aggregate(
                "COUNT", made.path, None, None, (), Type("number", 0, nullable=False), node.start, node.end
            )
            zero = n.Constant(Decimal(0), Type("number", 0, nullable=False))
            return n.Compare("<>" if negated else "=", count, zero, TWO_VALUED, node.start, node.end)
        blank = n.Blank(made, TWO_VALUED, node.start, node.end)
        return n.Not(blank, TWO_VALUED, node.start, node.end) if negated else blank

    def contained(self, node: Operation) -> n.Node:
        value, right = self.check(node.items[0]), node.items[1]
        raw = right.items if isinstance(right, Operation) and right.op == "list" else (right,)
        options = tuple(self.check(one) for one in raw)
        if len(options) == 1 and options[0].type.kind in ("users", "multi"):
            made = self.in_set(value, options[0], node)
        elif len(options) == 1 and options[0].type.kind == "rows":
            made = among(self, value, options[0], node)
        else:
            made = self.in_options(value, options, raw, node)
        return n.Not(made, TWO_VALUED, node.start, node.end) if node.op == "not in" else made

    def in_set(self, value: n.Node, options: n.Node, node: Operation) -> n.Node:
        if options.type.kind == "multi":
            value = self.adapt(value, Type("choice", options=options.type.options, former=options.type.former))
            fits = value.type.kind in ("choice", "text", "any")
        else:
            fits = value.type.kind == "any" or value.type.target == options.type.record
        if not fits:
            return self.refuse("type-mismatch", say("never-among", left=value.type, right=options.type), node)
        return n.Contained(value, (options,), TWO_VALUED, node.start, node.end)

    def in_options(
        self, value: n.Node, options: tuple[n.Node, ...], raw: tuple[Syntax, ...], node: Operation
    ) -> n.Node:
        if value.type.kind == "multi":
            return self.refuse(
                "type-mismatch",
                say("set-in-list"),
                node,
                say("write-choice-in"),
            )
        adapted = []
        for one, source in zip(options, raw, strict=True):
            made = self.adapt(one, value.type)
            if not same_family(value.type, made.type):
                self.refuse("type-mismatch", say("never-equal", left=value.type, right=made.type), source)
            adapted.append(made)
        return n.Contained(value, tuple(adapted), TWO_VALUED, node.start, node.end)

    def compare(self, op: str, left: n.Node, right: n.Node, node: Syntax) -> n.Node:
        left, right = self.adapt(left, right.type), self.adapt(right, left.type)
        first, second = left.type, right.type
        if not same_family(first, second):
            said = say("not-comparable", left=first, right=second)
            return self.refuse("type-mismatch", said, node, comparison_cure(left, right))
        kinds = {first.kind, second.kind} - {"any"}
        if op in ("=", "<>"):
            if kinds & {"rows", "users", "multi"}:
                return self.refuse(
                    "type-mismatch",
                    say("no-equal", type=first if first.kind != "any" else second),
                    node,
                    say("use-in"),
                )
            return n.Compare(op, left, right, TWO_VALUED, node.start, node.end)
        if not kinds <= ORDERED:
            said = say("no-order", type=first if first.kind not in ORDERED else second)
            return self.refuse("not-ordered", said, node, say("use-equal"))
        nullable = first.nullable or second.nullable
        return n.Compare(op, left, right, BOOLEAN if nullable else TWO_VALUED, node.start, node.end)

    def arithmetic(self, op: str, left: n.Node, right: n.Node, node: Syntax) -> n.Node:
        for one in (left, right):
            if one.type.kind not in ("number", "any"):
                return self.refuse(
                    "expected-number",
                    say("no-number", operator=op, type=one.type),
                    one,
                    arithmetic_cure(op, left, right),
                )
        left, right = self.adapt(left, NUMBER), self.adapt(right, NUMBER)
        scales = left.type.scale, right.type.scale
        scale: int | None
        if op == "/":
            scale = MAXIMUM_SCALE
        elif scales[0] is None or scales[1] is None:
            scale = None
        else:
            scale = min(MAXIMUM_SCALE, scales[0] + scales[1]) if op == "*" else max(scales[0], scales[1])
        zero = op == "/" and not (isinstance(right, n.Constant) and right.value)
        nullable = left.type.nullable or right.type.nullable or zero
        return n.Arithmetic(op, left, right, Type("number", scale, nullable=nullable), node.start, node.end)

    # ── literals that take the type of what they meet ──

    def adapt(self, node: n.Node, wanted: Type) -> n.Node:
        """A literal becomes a choice, a date, an instant or (a whole number) a record where one is expected."""
        if isinstance(node, n.Case):
            values = tuple(self.adapt(one, wanted) for one in node.values)
            otherwise = self.adapt(node.otherwise, wanted)
            kind = common([one.type for one in (*values, otherwise)]) or node.type
            return replace(node, values=values, otherwise=otherwise, type=kind)
        if isinstance(node, n.Constant) and node.value is None and node.type.kind == "any":
            scale = 0 if wanted.kind == "number" else None
            return replace(node, type=Type(wanted.kind, scale, record=wanted.record)) if wanted.kind != "any" else node
        if isinstance(node, (n.Call, n.Coalesce)) and wanted.kind != "any" and always_blank(node):
            # MIN(blank, blank) is as typeless as the blanks in it, and a database wants every NULL to have a type.
            scale = 0 if wanted.kind == "number" else None
            items = tuple(self.adapt(one, wanted) for one in node.items)
            return replace(node, items=items, type=Type(wanted.kind, scale, record=wanted.record))
        if wanted.target is not None and isinstance(node, n.Constant) and node.type.kind == "number":
            whole = node.value is not None and node.value == int(node.value)
            return replace(node, value=int(node.value), type=wanted.required) if whole else node
        if not isinstance(node, n.Constant) or not isinstance(node.value, str) or node.type.kind != "text":
            return node
        if wanted.kind == "choice":
            if wanted.options is not None and node.value not in wanted.options:
                now = dict(wanted.former).get(node.value)
                if now is not None and self.former:
                    return self.adapt(replace(node, value=now), wanted)
                near = now or nearest(node.value, wanted.options)
                cure = None if near else say("options", options=Several(wanted.options[:12]))
                self.refuse("unknown-option", say("unknown-option", option=node.value), node, cure, near)
            return replace(node, type=Type("choice", options=(node.value,), nullable=False))
        if wanted.kind in ("date", "datetime"):
            parsed = self.dated(node.value, wanted.kind)
            if parsed is None:
                return self.refuse(
                    "not-a-date",
                    say("not-a-date", text=node.value, type=wanted),
                    node,
                    say("write-date" if wanted.kind == "date" else "write-instant"),
                )
            return replace(node, value=parsed, type=Type(wanted.kind, nullable=False))
        return node

    def dated(self, text: str, kind: str) -> Any:
        try:
            if kind == "date":
                return date.fromisoformat(text) if len(text) == 10 else None
            instant = datetime.fromisoformat(text)
        except ValueError:
            return None
        return instant.astimezone(UTC) if instant.tzinfo is not None else None


def comparison_cure(left: n.Node, right: n.Node) -> Sentence | None:
    """The cure for a comparison that cannot work."""
    kinds = {left.type.kind, right.type.kind}
    if kinds == {"date", "datetime"}:
        return say("take-day")
    if kinds == {"number", "text"}:
        constant = next((one for one in (left, right) if isinstance(one, n.Constant)), None)
        if constant is not None and isinstance(constant.value, str):
            digits = constant.value.isdigit()
            return say("without-quotes", number=constant.value) if digits else say("compare-number")
        return say("text-to-number")
    return say("use-aggregate") if "rows" in kinds else None


def arithmetic_cure(op: str, left: n.Node, right: n.Node) -> Sentence | None:
    """The cure for arithmetic on something that is not a number."""
    kinds = {left.type.kind, right.type.kind}
    if kinds & {"date", "datetime"}:
        return say("use-days")
    if "text" in kinds:
        return say("join-texts" if op == "+" else "use-value")
    return say("use-aggregate") if "rows" in kinds else None


def has_field(shapes: Shapes, record: str | None, name: str) -> bool:
    """Whether the records that a name may belong to have a field of this name."""
    shape = shapes.records.get(record or "")
    return shape is not None and name in shape.fields


def owned(names: Iterable[str], name: str) -> str | None:
    """The first of the names that is this one of something else: `this.stage` for `stage`."""
    return next((each for each in names if each.endswith(f".{name}")), None)
