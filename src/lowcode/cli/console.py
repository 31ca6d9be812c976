"""Where a command speaks: results to one stream, words to the other; colour and progress on terminals only."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable, Iterator
from typing import TextIO, TypeVar
from unicodedata import east_asian_width

Item = TypeVar("Item")


def columns(text: str) -> int:
    """How many columns a terminal needs for a text: Chinese characters take two."""
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in text)


class Console:
    """The two streams of a command."""

    def __init__(self, out: TextIO, error: TextIO) -> None:
        self.out = out
        self.error = error
        self._colour = {stream: _is_terminal(stream) and "NO_COLOR" not in os.environ for stream in (out, error)}

    def print(self, text: str = "") -> None:
        """A result."""
        self.out.write(text + "\n")

    def say(self, text: str = "") -> None:
        """Something on the way: it never mixes with results that are piped on."""
        self.error.write(text + "\n")

    def red(self, text: str) -> str:
        """Wrong."""
        return self._coloured("31;1", text)

    def yellow(self, text: str) -> str:
        """Doubtful."""
        return self._coloured("33", text)

    def green(self, text: str) -> str:
        """Good."""
        return self._coloured("32", text)

    def bold(self, text: str) -> str:
        """Important."""
        return self._coloured("1", text)

    def dim(self, text: str) -> str:
        """Beside the point."""
        return self._coloured("2", text)

    def _coloured(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if all(self._colour.values()) else text

    def progress(self, items: Iterable[Item], words: str, total: int | None = None) -> Iterator[Item]:
        """The items, one by one, with a bar while they are worked on; nothing is drawn unless a person is watching."""
        if total is None:
            items = list(items)
            total = len(items)
        bar = Bar(self.error, words, total)
        for done, item in enumerate(items):
            bar.draw(done)
            yield item
        bar.finish()


class Bar:
    """One line that shows how far long work is; redrawn at most ten times a second."""

    def __init__(self, stream: TextIO, words: str, total: int) -> None:
        self._stream = stream
        self._words = words
        self.total = max(total, 1)
        """How much there is in all."""
        self._shown = _is_terminal(stream)
        self._drawn = 0.0

    def draw(self, done: int) -> None:
        """Show how much is done."""
        now = time.monotonic()
        if not self._shown or now - self._drawn < 0.1:
            return
        self._drawn = now
        room = max(10, min(40, shutil.get_terminal_size().columns - columns(self._words) - 12))
        filled = room * min(done, self.total) // self.total
        share = 100 * min(done, self.total) // self.total
        self._stream.write(f"\r{self._words} {'█' * filled}{'░' * (room - filled)} {share:3d} %")
        self._stream.flush()

    def watch(self, _what: str, done: int, total: int) -> None:
        """Show how much of how much is done: for work that tells both."""
        self.total = max(total, 1)
        self.draw(done)

    def finish(self) -> None:
        """Take the line away."""
        if self._shown and self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


def _is_terminal(stream: TextIO) -> bool:
    return stream.isatty()
