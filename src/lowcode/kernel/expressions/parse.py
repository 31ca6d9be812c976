"""Text to syntax tree, with messages that say where, what and the cure."""

from __future__ import annotations

import pickle
from decimal import Decimal
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from typing import Any

import lark
from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput

from lowcode.kernel.expressions.lexer import ExpressionLexer
from lowcode.kernel.expressions.limits import LIMITS, Limits
from lowcode.kernel.expressions.problems import ExpressionError, ExpressionProblem, problem
from lowcode.kernel.expressions.syntax import Literal, Name, Syntax, invocation, operation, walk
from lowcode.kernel.expressions.told import Sentence, say

OPERATORS = {
    "EQ": "=",
    "NE": "<>",
    "LT": "<",
    "LE": "<=",
    "GT": ">",
    "GE": ">=",
    "AMP": "&",
    "PLUS": "+",
    "MINUS": "-",
    "STAR": "*",
    "SLASH": "/",
}


class Build(Transformer[Token, Syntax]):
    """Makes syntax nodes while the parser reduces, so nothing recurses over the text."""

    def start(self, items: list[Any]) -> Syntax:
        return items[0]  # type: ignore[no-any-return]

    def disjunction(self, items: list[Any]) -> Syntax:
        return operation("or", tuple(items), items[0].start, items[-1].end)

    def conjunction(self, items: list[Any]) -> Syntax:
        return operation("and", tuple(items), items[0].start, items[-1].end)

    def negated(self, items: list[Any]) -> Syntax:
        return operation("not", (items[1],), items[0].start_pos, items[1].end)

    def binary(self, items: list[Any]) -> Syntax:
        left, op, right = items
        return operation(OPERATORS[op.type], (left, right), left.start, right.end)

    def contained(self, items: list[Any]) -> Syntax:
        op = "in" if len(items) == 2 else "not in"
        return operation(op, (items[0], items[-1]), items[0].start, items[-1].end)

    def between(self, items: list[Any]) -> Syntax:
        kept = tuple(one for one in items if not isinstance(one, Token))
        op = "between" if len(items) == 3 else "not between"
        return operation(op, kept, kept[0].start, kept[-1].end)

    def blankness(self, items: list[Any]) -> Syntax:
        op = "is blank" if len(items) == 2 else "is not blank"
        return operation(op, (items[0],), items[0].start, items[-1].end_pos)

    def listed(self, items: list[Any]) -> Syntax:
        return operation("list", tuple(items[:-1]), items[0].start, items[-1].end_pos)

    def negative(self, items: list[Any]) -> Syntax:
        inner = items[1]
        if isinstance(inner, Literal) and isinstance(inner.value, Decimal):
            return Literal(-inner.value, items[0].start_pos, inner.end)
        return operation("negate", (inner,), items[0].start_pos, inner.end)

    def positive(self, items: list[Any]) -> Syntax:
        return items[1]  # type: ignore[no-any-return]

    def atom(self, items: list[Any]) -> Syntax:
        return items[0]  # type: ignore[no-any-return]

    def number(self, items: list[Any]) -> Syntax:
        return Literal(Decimal(items[0]), items[0].start_pos, items[0].end_pos)

    def text(self, items: list[Any]) -> Syntax:
        token = items[0]
        quote, inner = token[0], token[1:-1]
        value = inner.replace(quote * 2, quote) if quote in "\"'" else inner
        return Literal(value or None, token.start_pos, token.end_pos)

    def true(self, items: list[Any]) -> Syntax:
        return Literal(True, items[0].start_pos, items[0].end_pos)

    def false(self, items: list[Any]) -> Syntax:
        return Literal(False, items[0].start_pos, items[0].end_pos)

    def blank(self, items: list[Any]) -> Syntax:
        return Literal(None, items[0].start_pos, items[-1].end_pos)

    def call(self, items: list[Any]) -> Syntax:
        return invocation(items[0].upper(), tuple(items[1:-1]), items[0].start_pos, items[-1].end_pos)

    def path(self, items: list[Any]) -> Syntax:
        labels = tuple(one.type == "LABEL" for one in items)
        parts = tuple(one[1:-1].strip() if label else str(one) for one, label in zip(items, labels, strict=True))
        return Name(parts, labels, items[0].start_pos, items[-1].end_pos)


def grammar_source() -> str:
    """The text of the grammar shipped with the package."""
    return files(__package__).joinpath("grammar.lark").read_text(encoding="utf-8")


def build_parser() -> Lark:
    """The parser made from the grammar; takes about a tenth of a second."""
    return Lark(grammar_source(), parser="lalr", lexer=ExpressionLexer, transformer=Build(), maybe_placeholders=False)


def frozen_tables() -> bytes:
    """The parser's tables in the form shipped as `grammar.tables`, with the grammar and the lark they belong to."""
    buffer = BytesIO()
    Lark(grammar_source(), parser="lalr", lexer=ExpressionLexer, maybe_placeholders=False).save(buffer)
    return pickle.dumps({"lark": lark.__version__, "grammar": grammar_source(), "tables": buffer.getvalue()}, 4)


@lru_cache(maxsize=1)
def parser() -> Lark:
    """The parser, from the tables shipped in the package when they were made by the lark at hand."""
    shipped = files(__package__).joinpath("grammar.tables")
    if shipped.is_file():
        kept = pickle.loads(shipped.read_bytes())  # noqa: S301 (a file of this package, made by frozen_tables)
        if kept["lark"] == lark.__version__ and kept["grammar"] == grammar_source():
            kept_parser: Lark = Lark.__new__(Lark)._load(BytesIO(kept["tables"]), transformer=Build())
            return kept_parser
    return build_parser()


KEPT = 4000
"""So many trees are kept: those of a large app."""
KEPT_LENGTH = 320
"""Longer texts are not kept: a tree takes some two hundred times the memory of its text, and anyone who may filter a
list may send texts of the full length, each another."""


def _read(text: str) -> Syntax:
    """The tree of a text. Raises UnexpectedInput."""
    found: Any = parser().parse(text)
    tree: Syntax = found
    return tree


@lru_cache(maxsize=KEPT)
def _kept(text: str) -> Syntax:
    """The same; a tree is frozen, and the same whoever asks, so an app that is understood anew after a change in one
    document reads only what is new."""
    return _read(text)


def parse(text: str, limits: Limits = LIMITS) -> Syntax:
    """The syntax tree of an expression, or ExpressionError."""
    if len(text.encode()) > limits.bytes:
        raise ExpressionError(
            [
                problem(
                    "too-long",
                    say("too-long", most=limits.bytes),
                    text,
                    0,
                    len(text),
                    say("split"),
                )
            ]
        )
    if not text.strip():
        raise ExpressionError([problem("empty", say("empty"), text, 0, 0, say("write-something"))])
    try:
        tree = _kept(text) if len(text) <= KEPT_LENGTH else _read(text)
    except UnexpectedInput as unexpected:
        raise ExpressionError([_unexpected(text, unexpected)]) from None
    _check_limits(tree, text, limits)
    return tree


def _check_limits(tree: Syntax, text: str, limits: Limits) -> None:
    def refuse(code: str, said: Sentence, node: Syntax) -> None:
        raise ExpressionError([problem(code, said, text, node.start, node.end, say("split"))])

    if tree.size > limits.nodes:
        refuse("too-many-parts", say("too-many-parts", count=tree.size, most=limits.nodes), tree)
    if tree.depth > limits.depth:
        refuse("too-deep", say("too-deep", count=tree.depth, most=limits.depth), tree)
    for node in walk(tree):
        if isinstance(node, Name) and len(node.parts) - 1 > limits.hops + 1:
            refuse("too-many-hops", say("path-too-long", most=limits.hops, count=len(node.parts) - 1), node)
        if (
            isinstance(node, Literal)
            and isinstance(node.value, Decimal)
            and (len(node.value.as_tuple().digits) > 28 or -int(node.value.as_tuple().exponent) > 12)
        ):
            refuse("number-too-long", say("number-too-long"), node)


VALUE_STARTERS = frozenset({"NUMBER", "TEXT", "NAME", "LABEL", "FUNCTION"})


def _unexpected(text: str, unexpected: Any) -> ExpressionProblem:
    token = unexpected.token
    expected = set(unexpected.accepts or unexpected.expected)
    at_end = token.type == "$END"
    start = len(text.rstrip()) if at_end else token.start_pos
    end = start + 1 if at_end else token.end_pos
    found = say("text-ends") if at_end else say("found", token=str(token))
    if expected <= {"NAME", "LABEL"}:
        return problem("expected-name", say("expected-name", found=found), text, start, end)
    if VALUE_STARTERS & expected:
        cure = say("one-equal-sign") if str(token) == "=" else None
        if text[max(0, token.start_pos - 1) : token.end_pos] == "&&":
            cure = say("write-and")
        if token.type in ("_AND", "_OR", "_IN", "_IS", "_BETWEEN"):
            cure = say("reserved", word=str(token))
        return problem("expected-value", say("expected-value", found=found), text, start, end, cure)
    if "BLANK" in expected and "EQ" not in expected:
        return problem(
            "expected-blank",
            say("expected-blank", found=found),
            text,
            start,
            end,
            say("write-blank"),
        )
    if "_AND" in expected and "_OR" not in expected and "RPAR" not in expected:
        return problem(
            "expected-and",
            say("expected-and", found=found),
            text,
            start,
            end,
            say("write-between"),
        )
    if at_end and "RPAR" in expected:
        return problem("unclosed-parenthesis", say("unclosed-parenthesis"), text, start, end, say("add-parenthesis"))
    return problem("unexpected", say("expected-operator", found=found), text, start, end, _operator_cure(token))


def _operator_cure(token: Any) -> Sentence:
    if token.type == "RPAR":
        return say("one-parenthesis-less")
    if token.type in ("EQ", "NE", "LT", "LE", "GT", "GE"):
        return say("no-chain")
    if token.type == "_COMMA":
        return say("comma-alone")
    return say("write-operator")
