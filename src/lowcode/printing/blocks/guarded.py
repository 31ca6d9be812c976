"""Jinja2 for people who write templates, with nothing in it that could be turned against the house.

The guard is an allow-list, not a list of bad things: a template may hold values, `if`, `for`, `set`, comparisons,
arithmetic, `range`, and a few filters. No attribute of a value can be reached (a dot reads a key of a mapping, nothing
else), no method called, nothing imported or defined. Sizes, turns and output are counted; and it runs in a worker
process with limits of time and memory around it, which is what holds in the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, NoReturn

from jinja2 import TemplateError, nodes
from jinja2.exceptions import SecurityError, TemplateSyntaxError
from jinja2.meta import find_undeclared_variables
from jinja2.runtime import LoopContext, Undefined
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup, escape

from lowcode.kernel.reasons import Reasoned, both

SOURCE_LIMIT = 64_000
NODE_LIMIT = 20_000
TEXT_LIMIT = 200_000
TURN_LIMIT = 200_000
RANGE_LIMIT = 10_000
OUTPUT_LIMIT = 2_000_000
ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Assign, nodes.Name, nodes.Const,
    nodes.Getattr, nodes.Getitem, nodes.Slice, nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand, nodes.And,
    nodes.Or, nodes.Not, nodes.Add, nodes.Sub, nodes.Mul, nodes.Div, nodes.FloorDiv, nodes.Mod, nodes.Neg, nodes.Pos,
    nodes.CondExpr, nodes.Concat, nodes.List, nodes.Tuple, nodes.Dict, nodes.Pair, nodes.Keyword, nodes.Call,
)  # fmt: skip
FILTERS = ("abs", "capitalize", "default", "escape", "e", "d", "first", "float", "int", "last", "length", "count",
           "lower", "reverse", "round", "sort", "sum", "title", "trim", "unique", "upper")  # fmt: skip
TESTS = ("defined", "undefined", "none", "number", "string", "odd", "even", "divisibleby", "eq", "ne", "lt", "le", "gt",
         "ge", "in", "mapping", "sequence", "iterable", "sameas", "boolean", "true", "false")  # fmt: skip
LOOP = frozenset(
    {"index", "index0", "revindex", "revindex0", "first", "last", "length", "depth", "previtem", "nextitem"}
)


class TemplateRefused(Reasoned):
    """The text holds something a template may not hold, or went past a limit."""


def names_of(source: str) -> set[str]:
    """The names a template expects from its context. Raises TemplateRefused; runs nothing."""
    environment = GuardedEnvironment()
    return find_undeclared_variables(environment.checked(source)) - set(environment.globals)


def render(source: str, data: Mapping[str, Any]) -> str:
    """The text with the values of plain data. Raises TemplateRefused."""
    environment = GuardedEnvironment()
    environment.checked(source)
    try:
        template = environment.from_string(source)
        written: list[str] = []
        size = 0
        for part in template.generate(_plain(data)):
            size += len(part)
            if size > OUTPUT_LIMIT:
                raise TemplateRefused(
                    both(f"it writes more than {OUTPUT_LIMIT} characters", f"输出超过 {OUTPUT_LIMIT} 个字符")
                )
            written.append(part)
    except (TemplateError, SecurityError, ArithmeticError, LookupError, TypeError, ValueError, RecursionError) as error:
        if isinstance(error, TemplateRefused):
            raise
        raise TemplateRefused(both(str(error) or type(error).__name__, "执行时出错")) from None
    return "".join(written)


class GuardedEnvironment(ImmutableSandboxedEnvironment):
    """An environment in which only values and a few filters exist."""

    intercepted_binops = frozenset({"+", "*", "%", "**", "//", "/", "-"})

    def __init__(self) -> None:
        super().__init__(autoescape=True, optimized=False)
        self._turns = 0
        self.globals = {"range": self._range, "_joined": self._joined}
        built_in = self.filters
        self.filters = {name: built_in[name] for name in FILTERS}
        self.filters |= {"join": self._join, "replace": self._replace, "_turns": self._counted}
        self.tests = {name: self.tests[name] for name in TESTS}

    def checked(self, source: str) -> nodes.Template:
        """The tree of a source that holds only what is allowed. Raises TemplateRefused."""
        if len(source) > SOURCE_LIMIT:
            raise TemplateRefused(both(f"it is longer than {SOURCE_LIMIT} characters", f"超过 {SOURCE_LIMIT} 个字符"))
        try:
            tree = super()._parse(source, None, None)
            for count, node in enumerate(_walk(tree)):
                if count > NODE_LIMIT:
                    raise TemplateRefused(both(f"it has more than {NODE_LIMIT} parts", f"超过 {NODE_LIMIT} 个部分"))
                self._permit(node)
        except RecursionError as error:
            english = " ".join(str(error).split()) or "it is nested too deeply"
            raise TemplateRefused(both(english, "嵌套太深")) from None
        except TemplateError as error:
            line = f"第 {error.lineno} 行的" if isinstance(error, TemplateSyntaxError) else ""
            raise TemplateRefused(both(" ".join(str(error).split()), f"{line}写法有误")) from None
        return tree

    def _permit(self, node: nodes.Node) -> None:

        def refuse(english: str, chinese: str) -> NoReturn:
            raise TemplateRefused(both(f"{english} (line {node.lineno})", f"{chinese}（第 {node.lineno} 行）"))

        if not isinstance(node, ALLOWED):
            refuse(f"'{type(node).__name__}' is not allowed", f"不允许使用“{type(node).__name__}”")
        match node:
            case nodes.Name(name=name) if name.startswith("_"):
                refuse(f"the name '{name}' is not allowed", f"不允许使用名称“{name}”")
            case nodes.Filter(name=name) if name not in self.filters or name.startswith("_"):
                refuse(f"there is no filter '{name}'", f"没有过滤器“{name}”")
            case nodes.Test(name=name) if name not in self.tests:
                refuse(f"there is no test '{name}'", f"没有测试“{name}”")
            case nodes.Call(node=called) if not (isinstance(called, nodes.Name) and called.name == "range"):
                refuse("only range() can be called", "只能调用 range()")
            case nodes.For(recursive=True):
                refuse("a loop cannot be recursive", "循环不能递归")
            case _:
                return

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Checked, then armed: each loop is counted, each joining measured."""
        tree = self.checked(source)
        for loop in tree.find_all(nodes.For):
            loop.iter = nodes.Filter(loop.iter, "_turns", [], [], None, None, lineno=loop.lineno)
        _Measured().visit(tree)
        tree.set_environment(self)
        return tree

    def getattr(self, obj: Any, attribute: str) -> Any:
        """A dot reads a key of a mapping, or one of the facts of a loop; nothing of Python."""
        if isinstance(obj, Mapping):
            return obj[attribute] if attribute in obj else self.undefined(obj=None, name=attribute)
        if isinstance(obj, LoopContext) and attribute in LOOP:
            return getattr(obj, attribute)
        return self.undefined(obj=None, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """A key of a mapping, or a place in a list or text."""
        if isinstance(obj, Mapping):
            return obj[argument] if argument in obj else self.undefined(obj=None, name=str(argument))
        if isinstance(obj, (list, tuple, str)) and isinstance(argument, (int, slice)):
            try:
                return obj[argument]
            except IndexError:
                return self.undefined(obj=None, name=str(argument))
        return self.undefined(obj=None, name=str(argument)[:60])

    def is_safe_callable(self, obj: Any) -> bool:
        """Only this environment's own functions."""
        return getattr(obj, "__self__", None) is self

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """Arithmetic of numbers, and joining of texts and lists up to a size."""
        numbers = isinstance(left, (int, float, Decimal)) and isinstance(right, (int, float, Decimal))
        if operator == "**" or (not numbers and operator != "+"):
            raise TemplateRefused(both(f"'{operator}' is for numbers", f"“{operator}”只能用于数字"))
        if not numbers:
            if type(left) is not type(right) and not (isinstance(left, str) and isinstance(right, str)):
                raise TemplateRefused(
                    both(
                        "'+' joins two texts, two lists, or adds two numbers",
                        "“+”只能连接两个文本、两个列表，或两数相加",
                    )
                )
            if _size(left) + _size(right) > TEXT_LIMIT:
                raise TemplateRefused(both(f"a value is larger than {TEXT_LIMIT}", f"有值大于 {TEXT_LIMIT}"))
        elif abs(left) > 10**30 or abs(right) > 10**30:
            raise TemplateRefused(both("a number is too large", "数字太大"))
        return super().call_binop(context, operator, left, right)

    def _range(self, *bounds: int) -> range:
        numbers = range(*(int(bound) for bound in bounds[:3]))
        if len(numbers) > RANGE_LIMIT:
            raise TemplateRefused(
                both(f"range() gives at most {RANGE_LIMIT} numbers", f"range() 最多给出 {RANGE_LIMIT} 个数字")
            )
        return numbers

    def _counted(self, values: Any) -> Iterator[Any]:
        for value in () if isinstance(values, Undefined) else values:
            self._turns += 1
            if self._turns > TURN_LIMIT:
                raise TemplateRefused(both(f"its loops turn more than {TURN_LIMIT} times", f"循环超过 {TURN_LIMIT} 次"))
            yield value

    def _joined(self, *parts: Any) -> str:
        texts = [part if isinstance(part, Markup) else escape(part) for part in parts]
        return Markup(self._measured(texts, ""))

    def _join(self, values: Iterable[Any], between: str = "") -> str:
        return Markup(self._measured([escape(value) for value in values], str(escape(between))))

    def _measured(self, texts: list[Any], between: str) -> str:
        if sum(len(text) + len(between) for text in texts) > TEXT_LIMIT:
            raise TemplateRefused(both(f"a text is longer than {TEXT_LIMIT}", f"文本超过 {TEXT_LIMIT}"))
        return between.join(texts)

    def _replace(self, value: Any, old: str, new: str) -> str:
        text, old, new = str(value), str(old), str(new)
        if len(text) + text.count(old) * len(new) > TEXT_LIMIT:
            raise TemplateRefused(both(f"a text is longer than {TEXT_LIMIT}", f"文本超过 {TEXT_LIMIT}"))
        return text.replace(old, new)


class _Measured:
    """Puts a measured function in the place of each `~`."""

    def visit(self, node: nodes.Node) -> None:
        for field, value in node.iter_fields():
            if isinstance(value, nodes.Node):
                setattr(node, field, self._armed(value))
            elif isinstance(value, list):
                setattr(node, field, [self._armed(each) if isinstance(each, nodes.Node) else each for each in value])

    def _armed(self, node: nodes.Node) -> nodes.Node:
        self.visit(node)
        if isinstance(node, nodes.Concat):
            name = nodes.Name("_joined", "load", lineno=node.lineno)
            return nodes.Call(name, node.nodes, [], None, None, lineno=node.lineno)
        return node


def _walk(node: nodes.Node) -> Iterator[nodes.Node]:
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(current.iter_child_nodes())


def _size(value: Any) -> int:
    return len(value) if isinstance(value, (str, list, tuple, dict)) else TEXT_LIMIT + 1


def _plain(value: Any) -> Any:
    """Only plain data enters: anything else becomes its text."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value if isinstance(value, (str, int, float, Decimal, bool)) or value is None else str(value)
