"""JSON cut into tokens, with everything an author may type by mistake being a token too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
    (?P<space>[ \t\r\n\u00a0\u3000\ufeff]+)
  | (?P<mark>[{}\[\]:,])
  | (?P<text>"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*")
  | (?P<number>-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?(?![\w.+-]))
  | (?P<word>(?:true|false|null)(?!\w))
  | (?P<merge>(?:<{7}|={7}|>{7})[^\n]*)
  | (?P<comment>//[^\n]*|\#[^\n]*|/\*.*?(?:\*/|\Z))
  | (?P<loose_text>"(?:[^"\\\n]|\\[^\n])*"?)
  | (?P<quoted>'(?:[^'\\\n]|\\[^\n])*'|[“”„][^“”"\n]*[“”"]|‘[^’\n]*’|`[^`\n]*`)
  | (?P<full_width>[，：｛｝［］、；;=])
  | (?P<loose_number>[-+]?\.?\d[\w.+-]*)
  | (?P<loose_word>[-+]?[^\W\d][\w.$-]*|\$\w+)
  | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)

FULL_WIDTH = {
    "，": ",",
    "、": ",",
    "；": ",",
    ";": ",",
    "：": ":",
    "=": ":",
    "｛": "{",
    "｝": "}",
    "［": "[",
    "］": "]",
}


class Token(NamedTuple):
    """One piece of the text: its sort (a group of the expression above), what it is, and where it begins."""

    sort: str
    text: str
    start: int


def tokens(text: str) -> Iterator[Token]:
    """Every token of a text, white space left out, an `end` token last."""
    for found in _TOKEN.finditer(text):
        sort = found.lastgroup or "other"
        if sort != "space":
            yield Token(sort, found.group(), found.start())
    yield Token("end", "", len(text))
