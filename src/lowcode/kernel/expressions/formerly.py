"""Options by their former names where an expression treats an option as a text: `CONTAINS(status, "old")`,
`LOWER(status) = "old"`, `COALESCE(status, "old")`.

A literal that meets an option becomes one, and is told its new name (`Checker.adapt`); what reads the letters of an
option is a text like any other. Here each condition over one such field is tried with all options, by their names of
now and of then: where only a former name made it true, no record will again. That is refused, with the name of now; in
documents of an earlier version that go on, the condition becomes one on the options it was true of.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.generate import Generator, compile_source
from lowcode.kernel.expressions.told import say
from lowcode.kernel.expressions.types import BOOLEAN

if TYPE_CHECKING:
    from lowcode.kernel.expressions.check import Checker

PLAIN = (n.Constant, n.Call, n.Joined, n.Case, n.Coalesce, n.Compare, n.Contained, n.Blank, n.Logic, n.Not,
         n.Arithmetic)  # fmt: skip


def followed(checker: Checker, tree: n.Node) -> n.Node:
    """The tree as it is to be read; what still says a former name is noted, or means the option of now."""
    if not any(isinstance(node, n.Field) and node.type.former for node in n.walk(tree)):
        return tree
    return _followed(checker, tree)


def _followed(checker: Checker, node: n.Node) -> n.Node:
    field = _the_one(node) if node.type.kind == "boolean" and not isinstance(node, (n.Logic, n.Not)) else None
    if field is not None and checker.former:
        return _condition(checker, node, field)
    known = len(checker.problems)
    if isinstance(node, (n.Case, n.Coalesce)):
        node = _literals(checker, node)
    found = n.rebuilt(node, lambda one: _followed(checker, one))
    return found if field is None or len(checker.problems) > known else _condition(checker, node, field)


def _the_one(node: n.Node) -> n.Field | None:
    """The only thing a condition reads, if that is an option that others had another name for."""
    found: dict[tuple[str, str], n.Field] = {}
    for each in n.walk(node):
        if isinstance(each, n.Field):
            found[each.scope, each.path] = each
        elif not isinstance(each, PLAIN):
            return None
    field = next(iter(found.values())) if len(found) == 1 else None
    known = field is not None and field.type.kind == "choice" and field.type.options is not None
    return field if known and field is not None and field.type.former else None


def _condition(checker: Checker, node: n.Node, field: n.Field) -> n.Node:
    options, former = field.type.options or (), dict(field.type.former)
    then = {new: old for old, new in former.items() if old not in options}
    results = _tried(node, field, (None, *options, *then.values()))
    if results is None:
        return node
    now = {results[each] for each in (None, *options)}
    gone = [old for old in then.values() if results[old] not in now]
    if gone and not checker.former:
        literal = next((each for each in n.walk(node) if _is_text(each)), node)
        old, new = gone[0], former[gone[0]]
        return checker.refuse(
            "unknown-option",
            say("former-option", option=old, now=new),
            literal, near=new,
        )  # fmt: skip
    named = any(each.value in then.values() for each in n.walk(node) if isinstance(each, n.Constant))
    if not checker.former or not (gone or named):
        return node
    of_then = {each: results[then.get(each, each)] for each in options}
    if None in of_then.values():
        return node
    fits = tuple(n.Constant(each, field.type.required) for each, holds in of_then.items() if holds)
    start, end = node.start, node.end
    found: n.Node = n.Contained(field, fits, BOOLEAN.required, start, end)
    blank = n.Blank(field, BOOLEAN.required, start, end)
    if results[None]:
        return n.Logic("or", (found, blank), BOOLEAN.required, start, end)
    if results[None] is None:
        return n.Case((blank,), (n.Constant(None, BOOLEAN, start, end),), found, BOOLEAN, start, end)
    return found


def _tried(node: n.Node, field: n.Field, values: tuple[Any, ...]) -> dict[Any, Any] | None:
    """What a condition says of each of some values of its field; None where that is not known before it runs."""
    try:
        return {each: _of_value(node, field, each)({}, None, {}) for each in values}
    except Exception:  # it needs a moment, or an argument that only a row brings: nothing can be said of it
        return None


def _of_value(node: n.Node, field: n.Field, value: Any) -> Callable[..., Any]:
    def put(one: n.Node) -> n.Node:
        if isinstance(one, n.Field):
            return n.Constant(value, field.type, one.start, one.end)
        return n.rebuilt(one, put)

    generator = Generator()
    return compile_source("value", generator.value(put(node)), generator.names)[1]


def _is_text(node: n.Node) -> bool:
    return isinstance(node, n.Constant) and isinstance(node.value, str)


def _literals(checker: Checker, node: n.Case | n.Coalesce) -> n.Node:
    """Texts that stand beside an option as another value of the same."""
    beside = (*node.values, node.otherwise) if isinstance(node, n.Case) else node.items
    options = {each for one in beside for each in one.type.options or ()}
    former = {old: new for one in beside for old, new in one.type.former if old not in options}

    def named(one: n.Node) -> n.Node:
        if one not in beside or not isinstance(one, n.Constant) or one.value not in former:
            return one
        new = former[one.value]
        if checker.former:
            return n.Constant(new, one.type, one.start, one.end)
        return checker.refuse("unknown-option", say("unknown-option", option=one.value), one, near=new)

    return n.rebuilt(node, named) if former else node
