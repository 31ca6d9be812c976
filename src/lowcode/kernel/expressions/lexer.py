"""Text to tokens: keywords, names, numbers, texts, and the punctuation of Chinese input methods."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from lark import Token
from lark.lexer import Lexer

from lowcode.kernel.expressions.problems import ExpressionError, problem
from lowcode.kernel.expressions.told import say

WIDE = str.maketrans("（），＝＜＞＋－＊／＆．｛｝！　？", "(),=<>+-*/&.{}! ?")
KEYWORDS = {
    "and": "_AND",
    "or": "_OR",
    "not": "NOT",
    "in": "_IN",
    "between": "_BETWEEN",
    "is": "_IS",
    "blank": "BLANK",
    "true": "TRUE",
    "false": "FALSE",
}
SYMBOLS = {
    "(": "_LPAR",
    ")": "RPAR",
    ",": "_COMMA",
    ".": "_DOT",
    "=": "EQ",
    "==": "EQ",
    "<>": "NE",
    "!=": "NE",
    "<": "LT",
    "<=": "LE",
    ">": "GT",
    ">=": "GE",
    "&": "AMP",
    "+": "PLUS",
    "-": "MINUS",
    "*": "STAR",
    "/": "SLASH",
}
ENDS_A_VALUE = frozenset({"NUMBER", "TEXT", "NAME", "LABEL", "RPAR", "TRUE", "FALSE", "BLANK"})
PATTERN = re.compile(
    r"""(?P<space>\s+)
      | (?P<number>[0-9]+(?:\.[0-9]+)?)
      | (?P<text>"(?:[^"]|"")*" | '(?:[^']|'')*' | [“”](?:[^“”"])*[“”"] | [‘’](?:[^‘’'])*[‘’'])
      | (?P<label>[{｛][^{}｛｝]*[}｝])
      | (?P<name>[^\W\d]\w*|[?？])
      | (?P<symbol><>|!=|！＝|！=|<=|>=|==|＜＞|＜＝|＜=|＞＝|＞=|[(),.=<>&+\-*/（），．＝＜＞＆＋－＊／])
      """,
    re.VERBOSE,
)


def tokens(text: str) -> Iterator[Token]:
    """The tokens of an expression; what cannot be read is refused with its position."""
    position, previous = 0, ""
    while position < len(text):
        found = PATTERN.match(text, position)
        if found is None:
            raise ExpressionError([_unreadable(text, position)])
        kind, value, end = found.lastgroup or "", found.group(), found.end()
        if kind != "space":
            name, value = _classify(kind, value, text, end, previous)
            yield Token(name, value, start_pos=position, end_pos=end)
            previous = name
        position = end


def _classify(kind: str, value: str, text: str, end: int, previous: str) -> tuple[str, str]:
    if kind == "symbol":
        return SYMBOLS[value.translate(WIDE)], value
    if kind == "name":
        value = value.translate(WIDE)
        if previous == "_DOT":
            return "NAME", value
        keyword = KEYWORDS.get(value.lower())
        called = text[end:].lstrip()[:1] in ("(", "（") and end < len(text)
        if keyword in ("_AND", "_OR") and called and previous not in ENDS_A_VALUE:
            return "FUNCTION", value
        return keyword or ("FUNCTION" if called else "NAME"), value
    return kind.upper(), value


def _unreadable(text: str, position: int) -> Any:
    character = text[position]
    if character in "\"'“”‘’":
        return problem(
            "unclosed-text",
            say("unclosed-text"),
            text,
            position,
            len(text),
            say("close-text"),
        )
    if character in "{｛":
        return problem("unclosed-label", say("unclosed-label"), text, position, len(text), say("add-brace"))
    cures = {
        "^": say("use-power"),
        "%": say("use-mod"),
        "|": say("write-or"),
        "!": say("write-not"),
        "！": say("write-not"),
        ";": say("use-comma"),
        "；": say("use-comma"),
        "[": say("no-brackets"),
    }
    return problem(
        "unknown-character",
        say("unknown-character", character=character),
        text,
        position,
        position + 1,
        cures.get(character),
    )


class ExpressionLexer(Lexer):
    """The door through which lark asks for tokens."""

    def __init__(self, lexer_conf: Any):
        self.terminals = lexer_conf

    def lex(self, data: Any) -> Iterator[Token]:  # type: ignore[override]
        return tokens(str(data))
