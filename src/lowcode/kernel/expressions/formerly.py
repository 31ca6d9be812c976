"""Options by their former names where an expression treats an option as a text: `CONTAINS(status, "old")`,
`LOWER(status) = "old"`, `COALESCE(status, "old")`.

A literal that meets an option becomes one, and is told its new name (`Checker.adapt`); what reads the letters of an
option is a text like any other. Here each condition over one such field is tried with all options, by their names of
now and of then: where only a former name made it true, no record will again. That is refused, with the name of now; in
documents of an earlier version that go on, the condition becomes one on the options it was true of. A text that lists
a former name among others (`CONTAINS("old b", status)`) is held against the option of now as well.

A condition over several things (`CONTAINS(status & name, "old")`) cannot be tried. It is refused where a text in it
says a former name as a word of its own; in documents that go on, it reads the option by the name that option had.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.generate import Generator, compile_source
from lowcode.kernel.expressions.told import say
from lowcode.kernel.expressions.types import BOOLEAN, TEXT

if TYPE_CHECKING:
    from lowcode.kernel.expressions.check import Checker

PLAIN = (n.Constant, n.Call, n.Joined, n.Case, n.Coalesce, n.Compare, n.Contained, n.Blank, n.Logic, n.Not,
         n.Arithmetic)  # fmt: skip


def followed(checker: Checker, tree: n.Node) -> n.Node:
    """The tree as it is to be read; what still says a former name is noted, or means the option of now."""
    if not any(_formerly(node) for node in n.walk(tree)):
        return tree
    return _followed(checker, tree)


def _followed(checker: Checker, node: n.Node) -> n.Node:
    field = _the_one(node) if _is_condition(node) else None
    if field is not None and checker.former:
        return _condition(checker, node, field)
    several = field is None and _is_condition(node)
    if several and checker.former:
        found = _read_as_then(checker, node)
        if found is not None:
            return found
    known = len(checker.problems)
    if isinstance(node, (n.Case, n.Coalesce)):
        node = _literals(checker, node)
    found = n.rebuilt(node, lambda one: _followed(checker, one))
    if len(checker.problems) > known:
        return found
    if several and not checker.former:
        return _refused_of_several(checker, found)
    return found if field is None else _condition(checker, node, field)


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
    listed = next(_listed(node, {old: new for new, old in then.items() if results[old] != results[new]}), None)
    if listed is not None and not checker.former:
        literal, old = listed
        return _refused(checker, literal, old, former[old])
    named = listed is not None or any(
        each.value in then.values() for each in n.walk(node) if isinstance(each, n.Constant)
    )
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


def _several(node: n.Node) -> tuple[dict[str, str], list[n.Constant]]:
    """Of a condition on the letters of options and of other things, or on whether a set holds what a text says: the
    former names of its options, and its texts."""
    own = tuple(_own(node))
    fields = [each for each in own if isinstance(each, n.Field)]
    former = {old: new for each in fields for old, new in each.type.former if old not in (each.type.options or ())}
    return former, [each for each in own if isinstance(each, n.Constant) and _is_text(each)]


def _refused_of_several(checker: Checker, node: n.Node) -> n.Node:
    former, texts = _several(node)
    for literal in texts:
        for old, new in former.items():
            if _says(literal, old):
                return _refused(checker, literal, old, new)
    return node


def _read_as_then(checker: Checker, node: n.Node) -> n.Node | None:
    """The condition as it was read, None where no former name occurs in it, or the one of now as well."""
    former, texts = _several(node)
    written = " ".join(each.value for each in texts)
    if not any(old in written for old in former) or any(new in written for new in former.values()):
        return None
    if _holds(node):
        return n.rebuilt(node, lambda one: _called_now(one, former))
    return n.rebuilt(node, lambda one: _by_former_names(checker, one))


def _refused(checker: Checker, literal: n.Node, old: str, new: str) -> n.Node:
    return checker.refuse(
        "unknown-option", say("former-name", option=old, now=new), literal, near=new,
    )  # fmt: skip


def _own(node: n.Node) -> Iterator[n.Node]:
    """What a condition is made of, without the conditions within it."""
    for each in n.children(node):
        if not _is_condition(each):
            yield each
            yield from _own(each)


def _holds(node: n.Node) -> bool:
    """Whether a condition asks for one of a set, which is an option and no letters."""
    return isinstance(node, n.Call) and node.function == "CONTAINS" and node.items[0].type.kind == "multi"


def _called_now(node: n.Node, former: dict[str, str]) -> n.Node:
    if isinstance(node, n.Constant) and node.value in former:
        return n.Constant(former[node.value], node.type, node.start, node.end)
    return node


def _by_former_names(checker: Checker, node: n.Node) -> n.Node:
    """Part of a condition, its options by the names they had, as texts."""
    if _is_condition(node):
        return _followed(checker, node)
    if isinstance(node, n.Field) and node.type.kind == "choice":
        then = {new: old for old, new in node.type.former if old not in (node.type.options or ())}
        place = node.start, node.end
        asked = tuple(
            n.Compare("=", node, n.Constant(new, node.type.required, *place), BOOLEAN.required, *place) for new in then
        )
        names = tuple(n.Constant(old, TEXT.required, *place) for old in then.values())
        return n.Case(asked, names, node, TEXT, *place) if then else node
    return n.rebuilt(node, lambda one: _by_former_names(checker, one))


def _listed(node: n.Node, former: dict[str, str]) -> Iterator[tuple[n.Node, str]]:
    """Texts that say a former name among other words."""
    for each in n.walk(node):
        for old in former:
            if isinstance(each, n.Constant) and _is_text(each) and each.value != old and _says(each, old):
                yield each, old


def _says(literal: n.Constant, name: str) -> bool:
    """Whether a text says a name as a word of its own."""
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", literal.value) is not None


def _is_condition(node: n.Node) -> bool:
    return node.type.kind == "boolean" and not isinstance(node, (n.Logic, n.Not, n.Field, n.Constant))


def _formerly(node: n.Node) -> bool:
    return isinstance(node, n.Field) and bool(node.type.former)


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
