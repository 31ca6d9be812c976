"""The careful reader: JSON with the place of everything, and every mistake named while reading goes on.

It runs only when somebody asks for a place, or after the fast reader failed. Small mistakes (a trailing comma, a
comment, wrong quotes) are mended on the way, so that one reading finds all of them; after a bracket that has no
partner, reading stops, because whatever followed would be guessed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from lowcode.kernel.definitions.tokens import FULL_WIDTH, Token, tokens
from lowcode.kernel.diagnostics import nearest

DEPTH_LIMIT = 100
_CLOSING = {"{": "}", "[": "]"}
_OPENING = {"}": "{", "]": "["}
_ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|.)?", re.DOTALL)
_SURROGATE = re.compile(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(\\u[dD][89a-fA-F][0-9a-fA-F]{2})")
_CONSTANTS = {"true": True, "false": False, "null": None}
_FOREIGN = {
    "True": "true",
    "False": "false",
    "None": "null",
    "undefined": "null",
    "nil": "null",
    "yes": "true",
    "no": "false",
}
_VALUES = frozenset({"text", "number", "word", "loose_text", "quoted", "loose_number", "loose_word"})

Fault = Callable[..., None]
"""Called with a message's key, the offset in the text, and the values of the message."""


@dataclass(slots=True)
class Reading:
    """What was read: the data, where each JSON pointer's value and key begin, and whether all of it was understood."""

    data: Any = None
    values: dict[str, int] = field(default_factory=dict)
    keys: dict[str, int] = field(default_factory=dict)
    whole: bool = True


class _Stop(Exception):
    """Reading cannot go on without guessing."""


def escape(key: str) -> str:
    """A key as a step of a JSON pointer (RFC 6901)."""
    return key.replace("~", "~0").replace("/", "~1") if "~" in key or "/" in key else key


def unescape(step: str) -> str:
    """A step of a JSON pointer as the key it stands for."""
    return step.replace("~1", "/").replace("~0", "~")


def value_at(data: Any, pointer: str) -> Any:
    """The value at a JSON pointer; KeyError or IndexError when there is none."""
    for step in pointer.split("/")[1:]:
        data = data[int(step)] if isinstance(data, list) else data[unescape(step)]
    return data


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
            return self._number(token)
        if sort == "word":
            return _CONSTANTS[text]
        return self._loose(token)

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
            return str(self._text(token) if token.sort == "text" else self._loose(token))
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
        """Name the bracket that has no partner: the innermost open one whose line is indented like the end is not."""
        opened = self.open[-1]
        parent = f", before line {self._line(self._now.start)}" if self._now.sort != "end" else ""
        self.fault("unclosed", opened.start, bracket=opened.text, cure=_CLOSING[opened.text], guess=parent)
        raise _Stop

    def _number(self, token: Token) -> Any:
        try:
            value = json.loads(token.text)
        except ValueError:  # Python refuses whole numbers of thousands of digits
            value = float("inf")
        if isinstance(value, float) and abs(value) == float("inf"):
            shown = token.text if len(token.text) < 24 else token.text[:24] + "…"
            self.fault("number", token.start, seen=shown, cure="a smaller number")
            return None
        return value

    def _text(self, token: Token) -> str:
        if "\\u" in token.text:
            for found in _SURROGATE.finditer(token.text):
                if found.group(1):
                    self.fault("surrogate", token.start + found.start(), seen=found.group(1))
                    return token.text[1:-1]
        return str(json.loads(token.text)) if "\\" in token.text else token.text[1:-1]

    def _loose(self, token: Token) -> Any:
        """A value as another language writes it, or a text with something inside that JSON refuses."""
        sort, text, start = token
        if sort == "loose_text":
            return self._loose_text(text, start)
        if sort == "quoted":
            self.fault("quotes", start, seen=text, bare=text[1:-1].replace('"', '\\"'))
            return text[1:-1]
        if sort == "loose_number":
            return self._loose_number(text, start)
        if text.lstrip("+-") in ("NaN", "nan", "Infinity", "inf", "Inf"):
            self.fault("not-a-number", start, seen=text)
            return None
        if sort == "loose_word":
            meant = _FOREIGN.get(text) or nearest(text, _CONSTANTS)
            if meant:
                self.fault("word", start, seen=text, cure=meant)
                return _CONSTANTS[meant]
            self.fault("unquoted", start, seen=text)
            return text
        self.fault("unexpected", start, seen=text)
        return None

    def _loose_text(self, text: str, start: int) -> str:
        closed = len(text) > 1 and text.endswith('"')
        if not closed:
            self.fault("unclosed-text", start)
            return text[1:].rstrip(" \t\r,")
        for found in _ESCAPE.finditer(text, 0, len(text) - 1):
            known = found.group(1) is not None and (found.group(1)[0] in '"\\/bfnrt' or len(found.group(1)) == 5)
            if not known:
                self.fault("escape", start + found.start(), seen=found.group()[:6])
        for offset, character in enumerate(text):
            if character < " ":
                what = "tab" if character == "\t" else f"control character U+{ord(character):04X}"
                cure = "\\t" if character == "\t" else f"\\u{ord(character):04x}, or remove it"
                self.fault("control-character", start + offset, seen=what, cure=cure)
        return text[1:-1]

    def _loose_number(self, text: str, start: int) -> Any:
        try:
            value: Any = int(text, 0) if text.lstrip("+-")[:2].lower() in ("0x", "0b", "0o") else float(text)
            bounded = isinstance(value, int) or abs(value) != float("inf")
        except ValueError:
            value, bounded = text, False
        if bounded and isinstance(value, float) and value == int(value):
            value = int(value)
        cure = str(value) if bounded else "a number, or a text in quotes"
        self.fault("number", start, seen=text, cure=cure)
        return value if bounded else None
