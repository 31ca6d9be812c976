"""Many conditions as one function: equality columns looked up in a hash, the rest in generated source.

A thousand rules on one event mostly begin with `status = "…"`. Fused, a record is looked up once for each such column
and only the conditions behind its value are evaluated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar

from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.expression import Expression
from lowcode.kernel.expressions.generate import Generator
from lowcode.kernel.expressions.moment import Moment

Key = TypeVar("Key")
Fused = Callable[[Mapping[str, Any], Moment, Mapping[str, Any]], "list[Key]"]
Add = Callable[[int], None]
Bucket = Callable[[Mapping[str, Any], Moment, Mapping[str, Any], Add], None]


def fuse(conditions: Sequence[tuple[Key, Expression]]) -> Fused[Key]:
    """One function giving the keys of the conditions met, in the order they were given."""
    keys = [key for key, _ in conditions]
    terms = [conjuncts(expression.tree) for _, expression in conditions]
    popular = Counter(path for one in terms for path in equal_columns(one))
    generator = Generator()
    plain: list[tuple[int, list[n.Node]]] = []
    indexed: dict[str, dict[Hashable, list[tuple[int, list[n.Node]]]]] = {}
    for position, one in enumerate(terms):
        chosen = choose(one, popular)
        if chosen is None:
            plain.append((position, one))
            continue
        path, values = chosen[1]
        rest = [term for term in one if term is not chosen[0]]
        for value in values:
            indexed.setdefault(path, {}).setdefault(value, []).append((position, rest))
    always = bucket(generator, plain) if plain else None
    columns = [
        (path, {value: bucket(generator, rules) for value, rules in values.items()}) for path, values in indexed.items()
    ]
    return lookup(keys, always, columns)


def lookup(keys: list[Key], always: Bucket | None, columns: list[tuple[str, dict[Hashable, Bucket]]]) -> Fused[Key]:
    """The function that asks each column and gathers the keys."""

    def fused(record: Mapping[str, Any], moment: Moment, variables: Mapping[str, Any]) -> list[Key]:
        found: list[int] = []
        if always is not None:
            always(record, moment, variables, found.append)
        for path, values in columns:
            rules = values.get(record[path])
            if rules is not None:
                rules(record, moment, variables, found.append)
        if len(found) > 1:
            found.sort()
        return [keys[position] for position in found]

    return fused


def conjuncts(tree: n.Node) -> list[n.Node]:
    """The conditions that must all hold."""
    if isinstance(tree, n.Logic) and tree.op == "and":
        return [term for item in tree.items for term in conjuncts(item)]
    return [tree]


def equality(term: n.Node) -> tuple[str, tuple[Hashable, ...]] | None:
    """The field and the values a term asks for, when it is an equality with constants."""
    if isinstance(term, n.Compare) and term.op == "=":
        for one, other in ((term.left, term.right), (term.right, term.left)):
            if own_field(one) and isinstance(one, n.Field) and isinstance(other, n.Constant):
                return one.path, (other.value,)
    if isinstance(term, n.Contained) and own_field(term.value) and isinstance(term.value, n.Field):
        constants = [one.value for one in term.options if isinstance(one, n.Constant)]
        if len(constants) == len(term.options):
            return term.value.path, tuple(dict.fromkeys(constants))
    return None


def equal_columns(terms: list[n.Node]) -> set[str]:
    """The columns some term asks to be equal to constants."""
    return {found[0] for term in terms if (found := equality(term)) is not None}


def own_field(node: n.Node) -> bool:
    return isinstance(node, n.Field) and node.scope == "record" and node.type.kind not in ("multi", "rows")


def choose(terms: list[n.Node], popular: Counter[str]) -> tuple[n.Node, tuple[str, tuple[Hashable, ...]]] | None:
    """The equality on the column most conditions share."""
    candidates = [(term, found) for term in terms if (found := equality(term)) is not None]
    return max(candidates, key=lambda one: popular[one[1][0]], default=None)


def bucket(generator: Generator, rules: list[tuple[int, list[n.Node]]]) -> Bucket:
    """Generated source that reports the position of each rule met."""
    lines = ["def rules(r, m, v, add):"]
    for position, terms in rules:
        conditions = [generator.true(term) for term in terms]
        lines.append(f"    if {' and '.join(conditions)}: add({position})" if terms else f"    add({position})")
    namespace: dict[str, Any] = {
        "__builtins__": {"sum": sum, "len": len, "any": any, "bool": bool, "type": type},
        **generator.names,
    }
    exec(compile("\n".join(lines), "<fused conditions>", "exec"), namespace)  # noqa: S102 (checked trees alone)
    made: Bucket = namespace["rules"]
    return made
