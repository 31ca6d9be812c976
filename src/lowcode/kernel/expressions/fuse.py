"""Many conditions as one function: equality columns looked up in a hash, bounds by bisection, the rest in generated
source.

A thousand rules on one event mostly begin with `status = "…"`. Fused, a record is looked up once for each such column
and only the conditions behind its value are evaluated. Those that ask for more (or less) than some number or day stand
in the order of their bounds, and the ones a value does not reach are not looked at.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any, TypeVar

from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.expression import Expression
from lowcode.kernel.expressions.generate import Generator
from lowcode.kernel.expressions.moment import Moment

Key = TypeVar("Key")
Fused = Callable[[Mapping[str, Any], Moment, Mapping[str, Any]], "list[Key]"]
Bucket = Callable[[Mapping[str, Any], Moment, Mapping[str, Any], "list[int]"], None]
"""Adds the positions of the conditions met to a list."""
Rule = tuple[int, "list[n.Node]"]

BISECTED = 4
"""From so many bounds of one column on they are bisected."""
TURNED_ROUND = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
ORDERED = ("number", "date", "datetime")


def fuse(conditions: Sequence[tuple[Key, Expression]]) -> Fused[Key]:
    """One function giving the keys of the conditions met, in the order they were given."""
    keys = [key for key, _ in conditions]
    terms = [conjuncts(expression.tree) for _, expression in conditions]
    popular = Counter(path for one in terms for path in equal_columns(one))
    generator = Generator()
    plain: list[Rule] = []
    indexed: dict[str, dict[Hashable, list[Rule]]] = {}
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
            always(record, moment, variables, found)
        for path, values in columns:
            rules = values.get(record[path])
            if rules is not None:
                rules(record, moment, variables, found)
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


def bound(term: n.Node) -> tuple[str, str, Any] | None:
    """The field, the sign and the value of a term that asks for more or less than a constant."""
    if not isinstance(term, n.Compare) or term.op not in TURNED_ROUND:
        return None
    for one, other, op in ((term.left, term.right, term.op), (term.right, term.left, TURNED_ROUND[term.op])):
        if isinstance(one, n.Field) and own_field(one) and isinstance(other, n.Constant) and other.value is not None:
            return (one.path, op, other.value) if one.type.kind == other.type.kind in ORDERED else None
    return None


def bucket(generator: Generator, rules: list[Rule]) -> Bucket:
    """Adds the position of each rule met: those behind many bounds by bisection, the others by generated source."""
    bounded: dict[tuple[str, str], list[tuple[Any, Rule]]] = {}
    for position, terms in rules:
        for term in terms:
            found = bound(term)
            if found is not None:
                rest = [each for each in terms if each is not term]
                bounded.setdefault(found[:2], []).append((found[2], (position, rest)))
                break
    ranges = {column: behind for column, behind in bounded.items() if len(behind) >= BISECTED}
    taken = {position for behind in ranges.values() for _, (position, _) in behind}
    others = [rule for rule in rules if rule[0] not in taken]
    parts = [bisected(generator, path, op, behind) for (path, op), behind in ranges.items()]
    if others:
        parts.append(in_turn(generator, others))
    if len(parts) == 1:
        return parts[0]

    def each(record: Mapping[str, Any], moment: Moment, variables: Mapping[str, Any], found: list[int]) -> None:
        for part in parts:
            part(record, moment, variables, found)

    return each


def bisected(generator: Generator, path: str, op: str, behind: list[tuple[Any, Rule]]) -> Bucket:
    """Rules behind bounds of one column, in their order: a value reaches those up to (or from) where it stands."""
    behind = sorted(behind, key=lambda each: each[0])
    bounds = [value for value, _ in behind]
    positions = [position for _, (position, _) in behind]
    asked = [terms for _, (_, terms) in behind]
    rests = tests(generator, asked) if any(asked) else None
    up = op in (">", ">=")
    stand = bisect_left if op in (">", "<=") else bisect_right

    def find(record: Mapping[str, Any], moment: Moment, variables: Mapping[str, Any], found: list[int]) -> None:
        value = record[path]
        if value is None:
            return
        at = stand(bounds, value)
        reached = slice(0, at) if up else slice(at, None)
        if rests is None:
            found += positions[reached]
            return
        for position, rest in zip(positions[reached], rests[reached], strict=True):
            if rest is None or rest(record, moment, variables):
                found.append(position)

    return find


def tests(generator: Generator, asked: list[list[n.Node]]) -> list[Callable[..., bool] | None]:
    """A function for each list of terms that must all hold; None where there are none."""
    lines = [
        f"    lambda r, m, v: {' and '.join(generator.true(term) for term in terms)}," if terms else "    None,"
        for terms in asked
    ]
    made: list[Callable[..., bool] | None] = compiled(generator, "\n".join(["made = [", *lines, "]"]), "made")
    return made


def in_turn(generator: Generator, rules: list[Rule]) -> Bucket:
    """Generated source that asks one rule after the other."""
    lines = ["def rules(r, m, v, found):", "    add = found.append"]
    for position, terms in rules:
        conditions = [generator.true(term) for term in terms]
        lines.append(f"    if {' and '.join(conditions)}: add({position})" if terms else f"    add({position})")
    made: Bucket = compiled(generator, "\n".join(lines), "rules")
    return made


def compiled(generator: Generator, source: str, name: str) -> Any:
    """What a piece of generated source defines."""
    namespace: dict[str, Any] = {
        "__builtins__": {"sum": sum, "len": len, "any": any, "bool": bool, "type": type},
        **generator.names,
    }
    exec(compile(source, "<fused conditions>", "exec"), namespace)  # noqa: S102 (checked trees alone)
    return namespace[name]
