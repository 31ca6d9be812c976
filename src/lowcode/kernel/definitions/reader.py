"""The careful reader: JSON with the place of everything, and every mistake named while reading goes on.

It runs only after the fast reader failed. Small mistakes (a trailing comma, a
comment, wrong quotes) are mended on the way, so that one reading finds all of them; after a bracket that has no
partner, reading stops, because whatever followed would be guessed.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from lowcode.kernel.definitions.loose import CONSTANTS, Fault, loose_value
from lowcode.kernel.definitions.pointers import escape
from lowcode.kernel.definitions.tokens import FULL_WIDTH, Token, tokens

DEPTH_LIMIT = 100
_CLOSING = {"{": "}", "[": "]"}
_OPENING = {"}": "{", "]": "["}
_SURROGATE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})")
_VALUES = frozenset({"text", "number", "word", "loose_text", "quoted", "loose_number", "loose_word"})


@dataclass(slots=True)
class Reading:
    """What was read: the data, where each JSON pointer's value and key begin, and whether all of it was understood."""

    data: Any = None
    values: dict[str, int] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)
    whole: bool = True


class _Stop(Exception):
    """Reading cannot go on without guessing."""


def read(text: str, fault: Fault) -> Reading:
    """Read a text; what is wrong is told to `fault`."""
    return _Reader(text, fault).read()


class _Reader:
    """One reading. Every method leaves `self.at` on the token after what it read."""

    def __init__(self, text: str, fault: Fault) -> None:
        self.text = text
        self.fault = fault
        self.tokens: list[Token] = []
        self.at = 0
        self.open: list[Token] = []
        self.reading = Reading()

    def read(self) -> Reading:
        """The whole text."""
        self._gather()
        try:
            if self._now.sort == "end":
                self.fault("empty", 0)
                raise _Stop
            self.reading.data = self._value("")
            if self._now.sort != "end":
                last = self.tokens[self.at - 1]
                self.fault("after-end", self._now.start, line=self._line(last.start))
                self.reading.whole = False
        except _Stop:
            self.reading.whole = False
        return self.reading

    def _gather(self) -> None:
        told = False
        for token in tokens(self.text):
            if token.sort == "comment":
                self.fault("comment", token.start)
            elif token.sort == "merge":
                if not told:
                    self.fault("merge-conflict", token.start)
                told = True
                self.reading.whole = False
            elif token.sort == "full_width":
                cure = FULL_WIDTH[token.text]
                if token.text in ";=":
                    self.fault("unexpected", token.start, seen=token.text)
                else:
                    self.fault("punctuation", token.start, seen=token.text, cure=cure)
                self.tokens.append(Token("mark", cure, token.start))
            else:
                self.tokens.append(token)

    @property
    def _now(self) -> Token:
        return self.tokens[self.at]

    def _line(self, offset: int) -> int:
        return self.text.count("\n", 0, offset) + 1

    def _value(self, pointer: str) -> Any:
        token = self.tokens[self.at]
        self.reading.values[pointer] = token.start
        sort, text = token.sort, token.text
        if sort == "mark":
            if text in _CLOSING:
                return self._container(pointer, token)
            self.fault("missing-value", token.start)
            return None
        if sort == "end":
            self._unclosed()
        self.at += 1
        if sort == "text":
            return self._text(token)
        if sort == "number":
            return _number(token, self.fault)
        if sort == "word":
            return CONSTANTS[text]
        return loose_value(token, self.fault)

    def _container(self, pointer: str, token: Token) -> Any:
        if len(self.open) >= DEPTH_LIMIT:
            self.fault("too-deep", token.start, limit=DEPTH_LIMIT)
            raise _Stop
        self.open.append(token)
        self.at += 1
        data = self._object(pointer, token) if token.text == "{" else self._list(pointer)
        self.open.pop()
        return data

    def _object(self, pointer: str, opened: Token) -> dict[str, Any]:
        data: dict[str, Any] = {}
        while not self._closed("}"):
            token = self._now
            key = self._key(token)
            if key is None:
                continue
            step = f"{pointer}/{escape(key)}"
            if key in data:
                first = self._line(self.reading.keys.get(step, opened.start))
                self.fault("duplicate-key", token.start, seen=key, line=first)
            if self._now.text == ":" and self._now.sort == "mark":
                self.at += 1
            else:
                self.fault("missing-colon", token.start, seen=f'"{key}"')
            self.reading.keys.setdefault(step, token.start)
            data[key] = self._value(step)
            self._divide("}")
        return data

    def _key(self, token: Token) -> str | None:
        if token.sort in ("text", "loose_text", "quoted"):
            self.at += 1
            return str(self._text(token) if token.sort == "text" else loose_value(token, self.fault))
        if token.sort in ("loose_word", "word"):
            self.at += 1
            self.fault("unquoted", token.start, seen=token.text)
            return token.text
        if token.sort == "end":
            self._unclosed()
        if token.text == "," and token.sort == "mark":
            self.at += 1
            self.fault("extra-comma", token.start)
            return None
        self.fault("missing-key", token.start, seen=f"'{token.text[:20]}'")
        raise _Stop

    def _list(self, pointer: str) -> list[Any]:
        data: list[Any] = []
        while not self._closed("]"):
            if self._now.text == "," and self._now.sort == "mark":
                self.fault("extra-comma", self._now.start)
                self.at += 1
                continue
            data.append(self._value(f"{pointer}/{len(data)}"))
            if self._now.text == ":" and self._now.sort == "mark":
                self._unclosed()
            self._divide("]")
        return data

    def _closed(self, bracket: str) -> bool:
        """Whether the container ends here; a bracket of the other sort stops the reading."""
        token = self._now
        if token.sort != "mark" or token.text not in _OPENING:
            return False
        if token.text == bracket:
            self.at += 1
            return True
        opened = self.open[-1]
        self.fault(
            "wrong-bracket",
            token.start,
            seen=token.text,
            bracket=opened.text,
            line=self._line(opened.start),
            cure=bracket,
        )
        raise _Stop

    def _divide(self, bracket: str) -> None:
        """The comma after a member, or why there is none."""
        token = self._now
        if token.sort == "mark" and token.text == ",":
            self.at += 1
            after = self._now
            if after.sort == "mark" and after.text == bracket:
                self.fault("trailing-comma", token.start, bracket=bracket)
        elif token.sort in _VALUES or (token.sort == "mark" and token.text in _CLOSING):
            if not swallowed_comma(self.tokens[self.at - 1]):
                shown = token.text if len(token.text) <= 24 else token.text[:24] + "…"
                self.fault("missing-comma", token.start, seen=shown)
        elif token.sort == "end":
            self._unclosed()
        elif token.sort == "other":
            self.fault("unexpected", token.start, seen=token.text)
            self.at += 1
            self._divide(bracket)
        elif token.sort == "mark" and token.text == ":":
            self.fault("unexpected", token.start, seen=":")
            raise _Stop

    def _unclosed(self) -> None:
        """Name the innermost bracket that is open."""
        opened = self.open[-1]
        parent = f", before line {self._line(self._now.start)}" if self._now.sort != "end" else ""
        self.fault("unclosed", opened.start, bracket=opened.text, cure=_CLOSING[opened.text], guess=parent)
        raise _Stop

    def _text(self, token: Token) -> str:
        if "\\u" in token.text:
            for found in _SURROGATE.finditer(token.text):
                if found.group(1):
                    self.fault("surrogate", token.start + found.start(), seen=found.group(1))
                    return token.text[1:-1]
        return str(json.loads(token.text)) if "\\" in token.text else token.text[1:-1]


def swallowed_comma(before: Token) -> bool:
    """Whether a text without its closing quote took the comma with it: one mistake, told already."""
    return before.sort == "loose_text" and not before.text.endswith('"') and before.text.rstrip().endswith(",")


def _number(token: Token, fault: Fault) -> Any:
    try:
        value = json.loads(token.text)
    except ValueError:  # Python refuses whole numbers of thousands of digits
        value = float("inf")
    if isinstance(value, float) and abs(value) == float("inf"):
        shown = token.text if len(token.text) < 24 else token.text[:24] + "…"
        fault("number", token.start, seen=shown, cure="a smaller number")
        return None
    return value
