"""The small set of HTML elements a text may use, read into plain data that every output draws.

Everything else is dropped, its words kept; attributes are dropped but for alignment and spans. So no script, style,
address or unknown element can pass, whatever the text says.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

INLINE = frozenset({"strong", "b", "em", "i", "u", "s", "small", "sup", "sub"})
BLOCK = frozenset({"p", "div", "h1", "h2", "h3", "h4", "ul", "ol", "li"})
TABLE = frozenset({"table", "tr", "td", "th"})
EMPTY = frozenset({"br", "hr"})
SILENT = frozenset(
    {
        "script",
        "style",
        "template",
        "iframe",
        "object",
        "svg",
        "math",
        "head",
        "title",
        "noscript",
        "textarea",
        "select",
    }
)
DEPTH = 24
_SPACE = re.compile(r"[ \t\r\n\f]+")
_ALIGN = re.compile(r"text-align\s*:\s*(left|center|right)")
Piece = Any


def rich_content(text: str) -> list[Piece]:
    """The pieces of a text: words, and elements with pieces of their own."""
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return _tidy(reader.root["content"])


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root: dict[str, Any] = {"tag": "root", "content": []}
        self._open: list[dict[str, Any]] = [self.root]
        self._silent: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._silent or tag in SILENT:
            if tag in SILENT:
                self._silent.append(tag)
            return
        if tag in EMPTY:
            self._open[-1]["content"].append({"tag": tag, "content": []})
        elif tag in INLINE | BLOCK | TABLE and len(self._open) < DEPTH:
            if tag in BLOCK and self._open[-1]["tag"] == "p":
                self._open.pop()
            if tag in ("li", "tr", "td", "th"):
                self._close_until(tag, {"li": {"ul", "ol"}, "tr": {"table"}}.get(tag, {"tr"}))
            element = {"tag": tag, "content": [], **_attributes(tag, attrs)}
            self._open[-1]["content"].append(element)
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.pop()
            return
        if any(element["tag"] == tag for element in self._open[1:]):
            while self._open[-1]["tag"] != tag:
                self._open.pop()
            self._open.pop()

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self._open[-1]["content"].append(_SPACE.sub(" ", data))

    def _close_until(self, tag: str, parents: set[str]) -> None:
        """An element whose end is left out ends where its sibling begins."""
        for place in range(len(self._open) - 1, 0, -1):
            if self._open[place]["tag"] in parents:
                return
            if self._open[place]["tag"] == tag:
                del self._open[place:]
                return


def _attributes(tag: str, attrs: list[tuple[str, str | None]]) -> dict[str, Any]:
    said = {name: value or "" for name, value in attrs}
    align = said.get("align", "")
    found = _ALIGN.search(said.get("style", ""))
    kept: dict[str, Any] = {}
    if found or align in ("left", "center", "right"):
        kept["align"] = found.group(1) if found else align
    if tag in ("td", "th"):
        span = said.get("colspan", "1")
        kept["span"] = min(int(span), 20) if span.isascii() and span.isdigit() and int(span[:3] or 0) else 1
    return kept


def _tidy(content: list[Piece]) -> list[Piece]:
    """Blank words between blocks fall away; tables become rows of cells."""
    tidied: list[Piece] = []
    for piece in content:
        if isinstance(piece, str):
            beside = tidied and isinstance(tidied[-1], dict) and tidied[-1]["tag"] in BLOCK | {"table", "hr"}
            if piece and not (piece == " " and (beside or not tidied)):
                tidied.append(piece)
        elif piece["tag"] == "table":
            rows = [{"cells": _cells(row)} for row in _rows(piece["content"])]
            rows = [row for row in rows if row["cells"]]
            if rows:
                tidied.append({"tag": "table", "content": [], "rows": rows})
        elif piece["tag"] in ("ul", "ol"):
            items = [_li(child) for child in piece["content"] if isinstance(child, dict) and child["tag"] == "li"]
            if items:
                tidied.append({"tag": piece["tag"], "content": items})
        elif piece["tag"] in ("tr", "td", "th", "li"):
            tidied.extend(_tidy(piece["content"]))
        else:
            tidied.append({**piece, "content": _tidy(piece["content"])})
    return tidied


def _li(piece: dict[str, Any]) -> dict[str, Any]:
    return {"tag": "li", "content": of_item(_tidy(piece["content"]))}


def of_item(content: list[Piece]) -> list[Piece]:
    """What stands in an item of a list: its first paragraph stands beside its sign."""
    match content:
        case [{"tag": "p", "content": first}, *rest]:
            return [*first, *rest]
        case _:
            return content


def _rows(content: list[Piece]) -> list[dict[str, Any]]:
    return [piece for piece in content if isinstance(piece, dict) and piece["tag"] == "tr"]


def _cells(row: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "head": cell["tag"] == "th",
            "span": cell.get("span", 1),
            "align": cell.get("align", "left"),
            "content": _tidy(cell["content"]),
        }
        for cell in row["content"]
        if isinstance(cell, dict) and cell["tag"] in ("td", "th")
    ]
