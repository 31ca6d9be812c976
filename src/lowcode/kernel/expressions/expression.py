"""The compiled expression: what callers hold, and the door `compile_expression`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.canonical import canonical, syntax_json
from lowcode.kernel.expressions.check import Checker, Known
from lowcode.kernel.expressions.explain import Trace, trace
from lowcode.kernel.expressions.formerly import followed
from lowcode.kernel.expressions.functions import Determinism, Function, catalogue
from lowcode.kernel.expressions.generate import Generator, compile_source
from lowcode.kernel.expressions.javascript import emit
from lowcode.kernel.expressions.limits import LIMITS, Limits
from lowcode.kernel.expressions.moment import Moment
from lowcode.kernel.expressions.parse import parse
from lowcode.kernel.expressions.problems import ExpressionError, problem
from lowcode.kernel.expressions.resolve import Resolved, resolve
from lowcode.kernel.expressions.shapes import Place, Shapes
from lowcode.kernel.expressions.syntax import Syntax
from lowcode.kernel.expressions.told import say
from lowcode.kernel.expressions.types import Type, same_family

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import ColumnElement

    from lowcode.kernel.expressions.sql.resolver import Resolver


@dataclass(frozen=True)
class Expression:
    """A checked expression, ready for every back end."""

    text: str
    tree: n.Node
    type: Type
    volatile: bool
    cost: int
    paths: frozenset[str]
    rows: Mapping[str, frozenset[str]]
    old: frozenset[str]
    variables: Mapping[str, Type]
    place: Place
    record: str | None
    syntax: Syntax = field(repr=False, compare=False)
    names: Mapping[tuple[int, int], Resolved] = field(repr=False, compare=False)
    written: str = field(repr=False, compare=False, default="")

    @cached_property
    def _value(self) -> tuple[str, Callable[..., Any]]:
        generator = Generator()
        return compile_source("value", generator.value(self.tree), generator.names)

    @cached_property
    def _condition(self) -> tuple[str, Callable[..., Any]]:
        generator = Generator()
        return compile_source("condition", generator.true(self.tree), generator.names)

    @property
    def source(self) -> str:
        """The generated Python."""
        return self._condition[0] if self.type.kind == "boolean" else self._value[0]

    @cached_property
    def evaluate(self) -> Callable[..., Any]:
        """`evaluate(record, moment, **variables)`: the value for a flat record; None is blank.

        The generated function itself: a call in between would cost as much as a comparison does.
        """
        generator = Generator()
        return compile_source("evaluate", generator.value(self.tree), generator.names, "**v")[1]

    @cached_property
    def test(self) -> Callable[..., bool]:
        """`test(record, moment, **variables)`: whether the condition is met; blank is not met."""
        generator = Generator()
        body = f"True if {generator.true(self.tree)} else False"
        return compile_source("test", body, generator.names, "**v")[1]

    def sql(self, dialect: str, resolver: Resolver) -> ColumnElement[Any]:
        """The value as a SQLAlchemy element, or NotPushable."""
        from lowcode.kernel.expressions.sql import lower_value

        return lower_value(self.tree, dialect, resolver)

    def sql_kept(self, kind: Type, digits: int, dialect: str, resolver: Resolver) -> ColumnElement[Any]:
        """The value as a column of a type keeps it, for writing: a number with more than `digits` digits is an error of
        the database. Or NotPushable."""
        from lowcode.kernel.expressions.sql import lower_kept

        return lower_kept(self.tree, kind, digits, dialect, resolver)

    def sql_condition(self, dialect: str, resolver: Resolver) -> ColumnElement[bool]:
        """The condition for WHERE, turned so that an index serves; NULL counts as not met. Or NotPushable."""
        from lowcode.kernel.expressions.sql import lower_condition

        return lower_condition(self.tree, dialect, resolver)

    def javascript(self) -> str:
        """The source of an arrow function `(r, m, f) => …` over the same flat record, or NotPushable."""
        return emit(self.tree)

    @property
    def dependencies(self) -> frozenset[str]:
        """Every path read, those of rows with their relation in front."""
        below = {f"{relation}.{path}".lstrip(".") for relation, paths in self.rows.items() for path in paths}
        return self.paths | frozenset(relation for relation in self.rows if relation) | below

    @property
    def reads(self) -> frozenset[str]:
        """Every field read as `record.field`, each hop of a path included."""
        return frozenset(one for found in self.names.values() for one in found.reads)

    def explain(self, record: Mapping[str, Any], moment: Moment, **variables: Any) -> Trace:
        """Each part of the expression with its value, and the fields that were blank."""
        return trace(self.tree, self.written, record, moment, variables)

    def as_json(self) -> Any:
        """The form to store: fields by permanent id, so that a rename breaks nothing."""
        return syntax_json(self.syntax, self.names)


def compile_expression(
    text: str,
    shapes: Shapes,
    record: str | None,
    *,
    place: Place = Place.READ,
    variables: Mapping[str, Type] | None = None,
    expect: Type | None = None,
    limits: Limits = LIMITS,
    functions: Mapping[str, Function] | None = None,
    former: bool = False,
) -> Expression:
    """Parse, check and compile an expression, or raise ExpressionError with everything wrong with it.

    `functions` is the table of the host that asks; left out, the functions the library brings. With `former`, an
    option that is said by its former name is the one of now.
    """
    syntax = parse(text, limits)
    known = Known(dict(variables or {}), catalogue() if functions is None else functions, former)
    checker = Checker(text, shapes, record, place, known)
    _refuse_clashes(checker, syntax)
    tree = checker.check(syntax)
    if expect is not None and not checker.problems:
        tree = checker.adapt(tree, expect)
        if not same_family(expect, tree.type) and not _names(expect, tree.type):
            cure = say("compare-total") if expect.kind == "boolean" else say("write-wanted", wanted=expect)
            checker.refuse("unexpected-type", say("other-type", wanted=expect, type=tree.type), syntax, cure)
    asked = expect is not None and _names(expect, tree.type)
    if tree.type.kind in ("rows", "users") and not asked and not checker.problems:
        checker.refuse(
            "unexpected-type",
            say("several-values", type=tree.type),
            syntax,
            say("use-aggregate"),
        )
    if checker.aggregates > limits.aggregates:
        checker.refuse(
            "too-many-aggregates",
            say("too-many-aggregates", most=limits.aggregates),
            syntax,
            say("make-formulas"),
        )
    if not checker.problems:
        tree = followed(checker, tree)
    volatile = _volatile(tree) or any(found.volatile for found in checker.names.values())
    if volatile and place is Place.STORED:
        checker.refuse(
            "volatile",
            say("volatile"),
            syntax,
            say("compute-when-read"),
        )
    if checker.problems:
        raise ExpressionError(checker.problems)
    return _expression(text, syntax, tree, checker, volatile)


def _refuse_clashes(checker: Checker, syntax: Syntax) -> None:
    for name in checker.variables:
        if checker.record is not None and isinstance(
            resolve(checker.shapes, checker.record, tuple(name.split("."))), Resolved
        ):
            checker.problems.append(
                problem(
                    "clash",
                    say("two-meanings", name=name, record=checker.record),
                    checker.text,
                    syntax.start,
                    syntax.end,
                    say("rename-variable"),
                )
            )


def _names(expect: Type, type_: Type) -> bool:
    """Whether several people are wanted, and these rows are people."""
    return expect.kind == "users" and type_.kind == "rows" and type_.record == expect.record


def _volatile(tree: n.Node) -> bool:
    for node in n.walk(tree):
        if isinstance(node, n.Now) and node.name != "is_new":
            return True
        if n.lineage(node) is not None:  # somebody moves a branch, and no record that hangs in it was saved
            return True
        if isinstance(node, n.Call) and node.declared.determinism is Determinism.VOLATILE:
            return True
    return False


def _expression(text: str, syntax: Syntax, tree: n.Node, checker: Checker, volatile: bool) -> Expression:
    paths: set[str] = set()
    old: set[str] = set()
    rows: dict[str, set[str]] = {}
    cost = 0

    def visit(node: n.Node, relation: str | None) -> None:
        nonlocal cost
        cost += node.declared.cost if isinstance(node, n.Call) else 1
        if isinstance(node, n.Field):
            if node.scope == "child" and relation is not None:
                rows[relation].add(node.path)
            elif node.scope == "old":
                old.add(node.path)
            elif node.type.kind == "rows":
                rows.setdefault(node.path, set())
            else:
                paths.add(node.path)
        elif isinstance(node, n.Changed):
            old.add(node.path)
            paths.add(node.path)
        elif isinstance(node, n.Aggregate):
            rows.setdefault(node.relation, set())
            relation, cost = node.relation, cost + 100
        for below in n.children(node):
            visit(below, relation)

    visit(tree, None)
    return Expression(
        text=canonical(syntax, checker.names),
        tree=tree,
        type=tree.type,
        volatile=volatile,
        cost=cost,
        paths=frozenset(paths),
        rows={relation: frozenset(found) for relation, found in rows.items()},
        old=frozenset(old),
        variables=checker.variables,
        place=checker.place,
        record=checker.record,
        syntax=syntax,
        names=checker.names,
        written=text,
    )
