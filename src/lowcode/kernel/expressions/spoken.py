"""An expression as somebody says it: fields by their titles, options by their words, comparisons spelt out.

It is read and never understood again: what runs is the expression. What is not said in words (a function nobody has
words for) stands as it is written, with its arguments in words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from lowcode.kernel.diagnostics import Text, localized
from lowcode.kernel.expressions.canonical import STRENGTH
from lowcode.kernel.expressions.functions import AGGREGATES
from lowcode.kernel.expressions.parse import parse
from lowcode.kernel.expressions.problems import ExpressionError
from lowcode.kernel.expressions.syntax import Invocation, Literal, Name, Operation, Syntax
from lowcode.kernel.expressions.values import number_text
from lowcode.kernel.reasons import LANGUAGES

Pair = tuple[str, str]
"""The same in English and in Chinese."""
COMPARED: Mapping[str, Pair] = {
    "=": ("is", "等于"), "<>": ("is not", "不等于"),
    ">": ("is more than", "大于"), ">=": ("is at least", "不小于"),
    "<": ("is less than", "小于"), "<=": ("is at most", "不大于"),
}  # fmt: skip
DATED: Mapping[str, Pair] = {
    ">": ("is after", "晚于"), ">=": ("is on or after", "不早于"),
    "<": ("is before", "早于"), "<=": ("is on or before", "不晚于"),
}  # fmt: skip
JOINED: Mapping[str, Pair] = {
    "and": (" and ", " 且 "), "or": (" or ", " 或 "), "+": (" + ", " + "), "-": (" − ", " − "), "*": (" × ", " × "),
    "/": (" ÷ ", " ÷ "), "&": (" & ", " & "),
}  # fmt: skip
SAID: Mapping[str, Pair] = {
    "is blank": ("{0} is blank", "{0} 为空"),
    "is not blank": ("{0} is not blank", "{0} 不为空"),
    "between": ("{0} is between {1} and {2}", "{0} 介于 {1} 与 {2} 之间"),
    "not between": ("{0} is not between {1} and {2}", "{0} 不在 {1} 与 {2} 之间"),
    "among": ("{0} is one of {1}", "{0} 属于 {1}"),
    "not among": ("{0} is none of {1}", "{0} 不属于 {1}"),
    "contains": ("{1} has {0}", "{1} 包含 {0}"),
    "not contains": ("{1} has not {0}", "{1} 不包含 {0}"),
    "not": ("not ({0})", "并非（{0}）"),
    "negate": ("−{0}", "−{0}"),
}
CALLED: Mapping[str, Pair] = {
    "TODAY": ("today", "今天"), "NOW": ("now", "现在"), "ME": ("the person acting", "当前用户"),
    "CURRENTUSER": ("the person acting", "当前用户"), "TEAM": ("the team of the person acting", "当前用户的团队"),
    "UNITS": ("the units of the person acting", "当前用户的单位"),
}  # fmt: skip
OF_ONE: Mapping[str, Pair] = {
    "ISBLANK": SAID["is blank"],
    "CHANGED": ("{0} was changed", "{0} 有变动"),
    "OLD": ("{0} before", "原{0}"),
    "SUM": ("the sum of {0}", "{0}合计"),
    "AVG": ("the average of {0}", "{0}平均值"),
    "COUNT": ("the number of {0}", "{0}数量"),
    "MIN": ("the least of {0}", "{0}最小值"),
    "MAX": ("the most of {0}", "{0}最大值"),
    "ANY": ("for any of them {0}", "任一满足 {0}"),
    "ALL": ("for all of them {0}", "全部满足 {0}"),
    "DAYSSINCE": ("the days since {0}", "{0} 至今的天数"),
    "DAYSUNTIL": ("the days until {0}", "距 {0} 的天数"),
    "HASROLE": ("the person has the role {0}", "当前用户有角色 {0}"),
}
"""What is said of a function with one argument."""
CONSTANTS: Mapping[object, Pair] = {None: ("blank", "空"), True: ("yes", "是"), False: ("no", "否")}
LISTED: Pair = (", ", "、")
BRACKETS: Pair = ("({0})", "（{0}）")
QUOTED: Pair = ('"{0}"', "‘{0}’")
ONLY: Pair = ("{0} where {1}", "{0}（限 {1}）")


@dataclass(frozen=True, slots=True)
class Called:
    """What a path is called, hop by hop, and how values beside it are read: options by their words, a share in percent,
    a day as a time."""

    titles: tuple[Text, ...]
    options: Mapping[str, Text] = field(default_factory=dict)
    percent: bool = False
    dated: bool = False


Calling = Callable[[tuple[str, ...]], Called | None]
NOBODY = Called(())


def spoken(text: str, called: Calling) -> dict[str, str]:
    """An expression in words of every language; one that cannot be read any more stays as it is written."""
    try:
        tree = parse(text)
    except ExpressionError:
        return dict.fromkeys(LANGUAGES, text)
    return {language: _Speech(called, language).said(tree) for language in LANGUAGES}


@dataclass(frozen=True, slots=True)
class _Speech:
    """One language."""

    called: Calling
    language: str

    def said(self, node: Syntax, beside: Called = NOBODY) -> str:
        """A part; `beside` is the field it is compared with."""
        match node:
            case Literal():
                return self._literal(node.value, beside)
            case Name():
                return self._name(node)
            case Invocation():
                return self._call(node)
            case _:
                return self._operation(node, beside)

    def _pick(self, pair: Pair) -> str:
        return pair[self.language == "zh-CN"]

    def _literal(self, value: object, beside: Called) -> str:
        if isinstance(value, Decimal):
            return f"{Decimal(number_text(value * 100 if beside.percent else value)):,f}" + "%" * beside.percent
        if value is None or isinstance(value, bool):
            return self._pick(CONSTANTS[value])
        if str(value) in beside.options:
            return localized(beside.options[str(value)], self.language)
        return self._pick(QUOTED).format(value)

    def _name(self, node: Name) -> str:
        found = self.called(node.parts)
        titles = [localized(each, self.language) for each in found.titles] if found is not None else list(node.parts)
        return self._pick((" › ", "的")).join(titles)

    def _call(self, node: Invocation) -> str:
        if node.name in ("AND", "OR") and node.items:
            return self._joined(node.name.lower(), node.items, NOBODY)
        if not node.items and node.name in CALLED:
            return self._pick(CALLED[node.name])
        words = SAID["not"] if node.name == "NOT" else OF_ONE.get(node.name)
        if words is not None and len(node.items) == 2 and node.name in AGGREGATES:
            rows, condition = node.items
            counted = self._pick(words).format(self.said(rows))
            return self._pick(ONLY).format(counted, replace(self, called=self._among(rows)).said(condition))
        parts = [self.said(each) for each in node.items]
        if words is not None and len(parts) == 1:
            return self._pick(words).format(*parts)
        return f"{node.name}({', '.join(parts)})"

    def _among(self, rows: Syntax) -> Calling:
        """What paths are called in a condition on rows: fields of a row, behind `parent` those of the record."""
        path = rows.parts if isinstance(rows, Name) else ()

        def called(parts: tuple[str, ...]) -> Called | None:
            if parts[0] == "parent":
                return self.called(parts[1:])
            for end in range(len(path), 0, -1):
                found = self.called((*path[:end], *parts))
                if found is not None:
                    return replace(found, titles=found.titles[-len(parts) :])
            return self.called(parts)

        return called

    def _operation(self, node: Operation, beside: Called) -> str:
        if node.op == "list":
            return self._pick(LISTED).join(self.said(each, beside) for each in node.items)
        if node.op in JOINED:
            return self._joined(node.op, node.items, beside)
        about = self._about(node.items)
        if node.op in COMPARED:
            left, right = (self.said(each, about) for each in node.items)
            words = DATED.get(node.op, COMPARED[node.op]) if about.dated else COMPARED[node.op]
            return f"{left} {self._pick(words)} {right}"
        op = node.op
        if op in ("in", "not in"):
            inside = isinstance(node.items[1], Name)
            op = op.replace("in", "contains" if inside else "among")
        parts = [self.said(each, about) for each in node.items]
        return self._pick(SAID[op]).format(*parts)

    def _joined(self, op: str, items: Iterable[Syntax], beside: Called) -> str:
        """Several with one word between, what binds less in brackets."""
        own, parts = STRENGTH[op], []
        for place, each in enumerate(items):
            text = self.said(each, beside)
            inner = each.op if isinstance(each, Operation) else ""
            inner = each.name.lower() if isinstance(each, Invocation) else inner
            weak = inner in JOINED and (STRENGTH[inner] < own or (STRENGTH[inner] == own and place > 0 and op in "-/"))
            parts.append(self._pick(BRACKETS).format(text) if weak else text)
        return self._pick(JOINED[op]).join(parts)

    def _about(self, items: Iterable[Syntax]) -> Called:
        """The field that values are compared with; that of an aggregate of one is the field it is of."""
        for each in items:
            if isinstance(each, Invocation) and len(each.items) == 1:
                each = each.items[0]
            found = self.called(each.parts) if isinstance(each, Name) else None
            if found is not None:
                return found
        return NOBODY
