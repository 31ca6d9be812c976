"""Formatted text of a record (`rich_text`, kept as Markdown) as the pieces that every output draws, or as plain words.

HTML that a program sent is read as that, as the page does. Of a picture its words are printed, of a link what it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

from lowcode.printing.blocks.rich import Piece, of_item, rich_content

_HTML = re.compile(
    r"\s*(<u>\s*)*<((p|div|ul|ol|li|h[1-6]|br|b|i|strong|em|span|table|blockquote|pre|a)(\s[^>]*)?/?|u\s[^>]*)>", re.I
)
"""`<u>` alone is our own sign, and says nothing of what follows the words in it."""
_TASK = re.compile(r"^\[([ xX])\] ")
_BREAK: Piece = {"tag": "br", "content": []}
_TAGS = {"paragraph": "p", "blockquote": "div", "bullet_list": "ul"}
_HEADINGS = ("h2", "h3", "h4")
"""A heading within a paper is smaller than those of the paper."""


def formatted(text: str) -> list[Piece]:
    """The pieces of a formatted text."""
    if _HTML.match(text):
        return rich_content(text)
    return _blocks(SyntaxTreeNode(_reader().parse(text)).children)


def plain(text: str) -> str:
    """Its words alone: what formats them is left out; items of lists keep their signs."""
    return "\n".join(_lines(formatted(text))).strip()


def _reader() -> MarkdownIt:
    """What the page reads: CommonMark with tables and what is struck out, and a line that ends is one."""
    return MarkdownIt("commonmark", {"breaks": True}).enable(["table", "strikethrough"])


# -- Markdown to pieces -----------------------------------------------------------------------------------------------


def _blocks(nodes: Iterable[SyntaxTreeNode]) -> list[Piece]:
    found: list[Piece] = []
    for node in nodes:
        if node.type == "inline":
            found += _spoken(node.children)
        elif node.type == "paragraph" and node.hidden:  # that of an item in a tight list
            found += _blocks(node.children)
        elif node.type == "heading":
            depth = min(int(node.tag[1]), len(_HEADINGS))
            found.append({"tag": _HEADINGS[depth - 1], "content": _blocks(node.children)})
        elif node.type in ("fence", "code_block", "html_block"):
            found.append({"tag": "div", "content": _broken(node.content.strip("\n"))})
        elif node.type == "table":
            rows = [row for part in node.children for row in part.children]
            found.append({"tag": "table", "content": [], "rows": [{"cells": _cells(row)} for row in rows]})
        elif node.type == "hr":
            found.append({"tag": "hr", "content": []})
        elif node.type == "ordered_list":
            found.append({"tag": "ol", "content": _blocks(node.children), "start": int(node.attrs.get("start", 1))})
        elif node.type == "list_item":
            found.append({"tag": "li", "content": _ticked(of_item(_blocks(node.children)))})
        else:
            found.append({"tag": _TAGS[node.type], "content": _blocks(node.children)})
    return found


def _ticked(content: list[Piece]) -> list[Piece]:
    """An item that begins with a box that is ticked or not."""
    match content:
        case [str(first), *rest]:
            return [_TASK.sub(_box, first, count=1), *rest]
        case _:
            return content


def _cells(row: SyntaxTreeNode) -> list[dict[str, Any]]:
    return [
        {
            "head": cell.type == "th",
            "span": 1,
            "align": str(cell.attrs.get("style", "text-align:left")).rpartition(":")[2],
            "content": _blocks(cell.children),
        }
        for cell in row.children
    ]


def _spoken(nodes: Sequence[SyntaxTreeNode]) -> list[Piece]:
    """What stands in a line. `<u>` is the one mark that Markdown does not have; other markup in a text is text."""
    found: list[Piece] = []
    ends = _ends(nodes)
    place = 0
    while place < len(nodes):
        end = ends.get(place)
        if end is None:
            found += _one(nodes[place])
        else:
            within = [piece for node in nodes[place + 1 : end] if not _tag(node) for piece in _one(node)]
            found.append({"tag": "u", "content": within})
            place = end
        place += 1
    return found


def _one(node: SyntaxTreeNode) -> list[Piece]:
    if node.type in ("softbreak", "hardbreak"):
        return [_BREAK]
    if node.type == "link":
        return _spoken(node.children)
    if node.type in ("strong", "em", "s"):
        return [{"tag": node.type, "content": _spoken(node.children)}]
    return [node.content] if node.content else []  # words, code, pictures by what they are called, markup as it is


def _ends(nodes: Sequence[SyntaxTreeNode]) -> dict[int, int]:
    """Where each `<u>` that is closed is closed. Between the two every other is, too, and is the same underlining:
    however many there are, none is within another."""
    ends: dict[int, int] = {}
    begun: list[int] = []
    for place, node in enumerate(nodes):
        tag = _tag(node)
        if tag == "<u>":
            begun.append(place)
        elif tag and begun:
            ends[begun.pop()] = place
    return ends


def _tag(node: SyntaxTreeNode) -> str:
    tag = node.content.lower() if node.type == "html_inline" else ""
    return tag if tag in ("<u>", "</u>") else ""


def _box(task: re.Match[str]) -> str:
    """Signs that the fonts of papers have."""
    return "□ " if task[1] == " " else "√ "


def _broken(text: str) -> list[Piece]:
    found: list[Piece] = []
    for place, line in enumerate(text.split("\n")):
        found += [_BREAK, line] if place else [line]
    return found


# -- pieces to words --------------------------------------------------------------------------------------------------


def _lines(content: Sequence[Piece], indent: str = "") -> Iterator[str]:
    """The lines of pieces; what belongs to an item of a list stands under it."""
    said = ""
    for piece in content:
        if isinstance(piece, str) or piece["tag"] in ("br", "strong", "b", "em", "i", "u", "s", "small", "sup", "sub"):
            said += _words(piece)
            continue
        if said.strip():
            yield from _indented(said, indent)
        said = ""
        match piece["tag"]:
            case "ul" | "ol":
                for number, item in enumerate(piece["content"], piece.get("start", 1)):
                    sign = f"{number}. " if piece["tag"] == "ol" else "• "
                    inner = list(_lines(item["content"]))
                    yield from _indented("\n".join(inner), indent, sign)
            case "table":
                for row in piece["rows"]:
                    yield indent + "    ".join(" ".join(_lines(cell["content"])) for cell in row["cells"])
            case "hr":
                continue
            case _:
                yield from _lines(piece["content"], indent)
    if said.strip():
        yield from _indented(said, indent)


def _words(piece: Piece) -> str:
    if isinstance(piece, str):
        return piece
    return "\n" if piece["tag"] == "br" else "".join(map(_words, piece["content"]))


def _indented(text: str, indent: str, sign: str = "") -> Iterator[str]:
    for place, line in enumerate(text.strip().split("\n")):
        yield indent + (sign if place == 0 else " " * len(sign)) + line
