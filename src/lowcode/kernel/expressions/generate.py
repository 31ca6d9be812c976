"""Typed tree to Python source. Truth by polarity: `not` is pushed to the leaves, so blanks cost a guard and no more."""

from __future__ import annotations

from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from lowcode.kernel.expressions import nodes as n
from lowcode.kernel.expressions.functions import REDUCERS, Blanks, catalogue
from lowcode.kernel.expressions.functions.aggregate import percentile
from lowcode.kernel.expressions.values import EXACT, STEPS, divide, joined, multiply

TURNED = {"=": "!=", "<>": "==", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
STRAIGHT = {"=": "==", "<>": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}


def kleene(op: str, *values: Any) -> bool | None:
    """`and`, `or` over values of which some may be blank."""
    decisive = op == "or"
    return decisive if decisive in values else None if None in values else not decisive


class Generator:
    """Writes the source of one expression; `names` collects what the source refers to."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {"_divide": divide, "_multiply": multiply, "_joined": joined, "_kleene": kleene}
        self.constants: dict[tuple[str, Any], str] = {}
        self.temporaries = 0

    def constant(self, value: Any) -> str:
        if value is None or isinstance(value, (bool, str)):
            return repr(value)
        key = (type(value).__name__, str(value))
        if key not in self.constants:
            self.constants[key] = name = f"_c{len(self.constants)}"
            self.names[name] = value
        return self.constants[key]

    def temporary(self) -> str:
        self.temporaries += 1
        return f"_{self.temporaries}"

    def function(self, name: str, value: Callable[..., Any]) -> str:
        self.names[name] = value
        return name

    # ── values, blank as None ──

    def value(self, node: n.Node) -> str:
        """Source of the value, None when blank."""
        writer = getattr(self, "value_" + type(node).__name__.lower())
        return str(writer(node))

    def value_constant(self, node: n.Constant) -> str:
        return self.constant(node.value)

    def value_field(self, node: n.Field) -> str:
        if node.scope == "child":
            return f"c[{node.path!r}]"
        if node.scope == "old":
            return f"(None if m.old is None else m.old.get({node.path!r}))"
        return f"r[{node.path!r}]"

    def value_variable(self, node: n.Variable) -> str:
        return f"v.get({node.name!r})"

    def value_now(self, node: n.Now) -> str:
        return f"m.{node.name}"

    def value_compare(self, node: n.Compare) -> str:
        if node.op in ("=", "<>"):
            return f"({self.value(node.left)} {STRAIGHT[node.op]} {self.value(node.right)})"
        return self.guarded(node)

    def guarded(self, node: n.Node) -> str:
        guards: list[str] = []
        core = self.strict(node, guards)
        return f"({core} if {' and '.join(guards)} else None)" if guards else core

    def value_arithmetic(self, node: n.Arithmetic) -> str:
        return self.guarded(node)

    def value_contained(self, node: n.Contained) -> str:
        return f"({self.true(node)})"

    def value_blank(self, node: n.Blank) -> str:
        return f"({self.true(node)})"

    def value_changed(self, node: n.Changed) -> str:
        path = repr(node.path)
        return (
            f"({path} in m.changed if m.changed is not None else True if m.old is None"
            f" else m.old.get({path}) != r[{path}])"
        )

    def value_logic(self, node: n.Logic) -> str:
        if node.type.nullable:
            return f"_kleene({node.op!r}, {', '.join(self.value(one) for one in node.items)})"
        return "(" + f" {node.op} ".join(self.value(one) for one in node.items) + ")"

    def value_not(self, node: n.Not) -> str:
        if not node.value.type.nullable:
            return f"(not {self.value(node.value)})"
        name = self.temporary()
        return f"(None if ({name} := {self.value(node.value)}) is None else not {name})"

    def value_joined(self, node: n.Joined) -> str:
        return f"_joined({', '.join(self.value(one) for one in node.items)})"

    def value_case(self, node: n.Case) -> str:
        parts = "".join(
            f"{self.value(value)} if {self.true(condition)} else "
            for condition, value in zip(node.conditions, node.values, strict=True)
        )
        return f"({parts}{self.value(node.otherwise)})"

    def value_coalesce(self, node: n.Coalesce) -> str:
        parts = []
        for item in node.items[:-1]:
            name = self.temporary()
            parts.append(f"{name} if ({name} := {self.value(item)}) is not None else ")
        return f"({''.join(parts)}{self.value(node.items[-1])})"

    def value_call(self, node: n.Call) -> str:
        function = node.declared
        if function.blanks in (Blanks.NEVER, Blanks.OPEN):
            return self.plain_call(node, [self.value(one) for one in node.items])
        return self.guarded(node)

    def plain_call(self, node: n.Call, arguments: list[str]) -> str:
        function = node.declared
        name = self.function(f"_{node.function}", function.python)
        if function.uses_moment:
            arguments = ["m", *arguments]
        call = f"{name}({', '.join(self.whole(node, arguments))})"
        return self.rounding(node, arguments, call) if node.function == "ROUND" else call

    def rounding(self, node: n.Call, arguments: list[str], call: str) -> str:
        """Rounding arithmetic to a known number of places, in place: the most common function of money."""
        value, places = node.items[0], node.items[1] if len(node.items) > 1 else None
        if not isinstance(value, n.Arithmetic) or not isinstance(places, n.Constant) or places.value not in range(13):
            return call
        self.names.update(_Decimal=Decimal, _EXACT=EXACT, _HALF_UP=ROUND_HALF_UP)
        name, step = self.temporary(), self.constant(STEPS[int(places.value)])
        exact = f"{name}.quantize({step}, _HALF_UP, _EXACT)"
        return f"({exact} if type({name} := {arguments[0]}) is _Decimal else _ROUND({name}, {int(places.value)}))"

    def whole(self, node: n.Call, arguments: list[str]) -> list[str]:
        """Whole-number constants as int, which the functions take at less cost."""
        shift = len(arguments) - len(node.items)
        for position, item in enumerate(node.items):
            if (
                position
                and isinstance(item, n.Constant)
                and item.value is not None
                and item.type.kind == "number"
                and item.type.scale == 0
            ):
                arguments[position + shift] = f"({int(item.value)})" if item.value < 0 else str(int(item.value))
        return arguments

    def value_aggregate(self, node: n.Aggregate) -> str:
        rows = f"r[{node.relation!r}]"
        condition = f" if ({self.true(node.condition)})" if node.condition is not None else ""
        if node.value is None:
            return f"sum(1 for c in {rows}{condition})" if condition else f"len({rows})"
        if node.type.kind == "boolean":
            return self.row_truth(node, rows, condition)
        if node.value.type.nullable:
            name = self.temporary()
            joiner = " and" if condition else " if"
            listed = f"[{name} for c in {rows}{condition}{joiner} ({name} := {self.value(node.value)}) is not None]"
        else:
            listed = f"[{self.value(node.value)} for c in {rows}{condition}]"
        if node.function == "TEXTJOIN":
            join = self.function("_TEXTJOIN", catalogue()["TEXTJOIN"].python)
            return f"{join}({self.value(node.extra[0])}, *{listed})"
        if node.function == "PERCENTILE":
            reduce = self.function("_over_PERCENTILE", percentile)
            return f"{reduce}({listed}, {self.value(node.extra[0])})"
        reducer = {"SUM": "sum", "COUNT": "len"}.get(node.function)
        return f"{reducer or self.function('_over_' + node.function, REDUCERS[node.function])}({listed})"

    def row_truth(self, node: n.Aggregate, rows: str, condition: str) -> str:
        assert node.value is not None
        if node.function == "ANY":
            return f"any({self.true(node.value)} for c in {rows}{condition})"
        false = self.false(node.value)
        return f"(not any({false} for c in {rows}{condition}))"

    # ── strict trees: guards first, then a core without blanks ──

    def strict(self, node: n.Node, guards: list[str]) -> str:
        """Source that holds no blank once every guard is true."""
        if isinstance(node, n.Arithmetic):
            left, right = self.strict(node.left, guards), self.strict(node.right, guards)
            return self.arithmetic(node, left, right, guards)
        if isinstance(node, n.Compare) and node.op not in ("=", "<>"):
            return f"({self.strict(node.left, guards)} {node.op} {self.strict(node.right, guards)})"
        if isinstance(node, n.Call):
            function = node.declared
            if function.blanks in (Blanks.STRICT, Blanks.PARTIAL):
                core = self.plain_call(node, [self.strict(one, guards) for one in node.items])
                return core if function.blanks is Blanks.STRICT else self.guard(core, guards)
        source = self.value(node)
        return self.guard(source, guards) if node.type.nullable else source

    def guard(self, source: str, guards: list[str]) -> str:
        name = self.temporary()
        guards.append(f"({name} := {source}) is not None")
        return name

    def arithmetic(self, node: n.Arithmetic, left: str, right: str, guards: list[str]) -> str:
        if node.op == "/":
            core = f"_divide({left}, {right})"
            return self.guard(core, guards) if not isinstance(node.right, n.Constant) or not node.right.value else core
        scales = node.left.type.scale, node.right.type.scale
        if node.op == "*" and (scales[0] is None or scales[1] is None or scales[0] + scales[1] > 12):
            return f"_multiply({left}, {right})"
        if node.op == "-" and isinstance(node.left, n.Constant) and node.left.value == 0:
            return f"(-{right})"
        return f"({left} {node.op} {right})"

    # ── truth ──

    def true(self, node: n.Node) -> str:
        """Source that holds exactly when the condition is true."""
        return self.truth(node, True)

    def false(self, node: n.Node) -> str:
        """Source that holds exactly when the condition is false."""
        return self.truth(node, False)

    def truth(self, node: n.Node, wanted: bool) -> str:
        if isinstance(node, n.Not):
            return self.truth(node.value, not wanted)
        if isinstance(node, n.Logic):
            word = "and" if (node.op == "and") == wanted else "or"
            return "(" + f" {word} ".join(self.truth(one, wanted) for one in node.items) + ")"
        if isinstance(node, n.Compare):
            return self.comparison(node, wanted)
        if isinstance(node, n.Contained):
            return self.containment(node, wanted)
        if isinstance(node, n.Blank):
            if isinstance(node.value, n.Constant):
                return repr((node.value.value is None) == wanted)
            source = self.value(node.value)
            if node.value.type.kind in ("multi", "rows"):
                return f"(not {source})" if wanted else f"bool({source})"
            return f"({source} is {'' if wanted else 'not '}None)"
        if isinstance(node, n.Case):
            parts = "".join(
                f"{self.truth(value, wanted)} if {self.true(condition)} else "
                for condition, value in zip(node.conditions, node.values, strict=True)
            )
            return f"({parts}{self.truth(node.otherwise, wanted)})"
        if isinstance(node, n.Constant):
            return repr(node.value is wanted)
        source = self.value(node)
        return f"({source} is {wanted})" if node.type.nullable else source if wanted else f"(not {source})"

    def comparison(self, node: n.Compare, wanted: bool) -> str:
        sign = (STRAIGHT if wanted else TURNED)[node.op]
        if node.op in ("=", "<>"):
            return f"({self.value(node.left)} {sign} {self.value(node.right)})"
        guards: list[str] = []
        left, right = self.strict(node.left, guards), self.strict(node.right, guards)
        return "(" + " and ".join([*guards, f"{left} {sign} {right}"]) + ")"

    def containment(self, node: n.Contained, wanted: bool) -> str:
        word = "in" if wanted else "not in"
        if len(node.options) == 1 and node.options[0].type.kind in ("users", "multi"):
            options = node.options[0]
            known = options.type.kind == "users" and not isinstance(options, n.Field)
            source = self.value(options) if known else f"({self.value(options)} or ())"
            return f"({self.value(node.value)} {word} {source})"
        if all(isinstance(one, n.Constant) for one in node.options):
            values = frozenset(one.value for one in node.options if isinstance(one, n.Constant))
            name = f"_s{len(self.names)}"
            self.names[name] = values
            return f"({self.value(node.value)} {word} {name})"
        return f"({self.value(node.value)} {word} ({', '.join(self.value(one) for one in node.options)},))"


def compile_source(kind: str, body: str, names: dict[str, Any], variables: str = "v") -> tuple[str, Callable[..., Any]]:
    """The source of one function `(r, m, v)` and the function itself; with `**v` it takes variables by name."""
    source = f"def {kind}(r, m, /, {variables}):\n    return {body}\n"
    namespace: dict[str, Any] = {
        "__builtins__": {"sum": sum, "len": len, "any": any, "bool": bool, "type": type},
        **names,
    }
    exec(compile(source, f"<expression {kind}>", "exec"), namespace)  # noqa: S102 (the source comes from a checked tree alone)
    made: Callable[..., Any] = namespace[kind]
    return source, made
