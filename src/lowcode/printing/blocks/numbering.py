"""The numbers of paragraphs: counted over those that are printed, so that one that is left out leaves no gap."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from lowcode.printing.blocks.formats import Locale
from lowcode.printing.blocks.kind import Node

Numbering = Literal["clause", "article", "point"]
HEADS: tuple[Numbering, ...] = ("clause", "article")
"""Points are counted anew after each of these."""
DIGITS = "〇一二三四五六七八九"


def numbered(nodes: list[Node], locale: Locale) -> list[Node]:
    """The same nodes with the numbers of those that are counted before their words."""
    counts: dict[str, int] = {}
    return [_numbered(node, counts, locale) for node in nodes]


def _numbered(node: Node, counts: dict[str, int], locale: Locale) -> Node:
    if node["type"] == "columns":
        return node | {"columns": [[_numbered(each, counts, locale) for each in some] for some in node["columns"]]}
    if node["type"] == "keep":
        return node | {"body": [_numbered(each, counts, locale) for each in node["body"]]}
    kind = node.get("numbered")
    if kind is None:
        return node
    counts[kind] = counts.get(kind, 0) + 1
    if kind in HEADS:
        counts.pop("point", None)
    said = {key: value for key, value in node.items() if key != "numbered"}
    number = number_of(kind, counts[kind], locale)
    if node["type"] == "rich":
        return said | {"content": _before(number, node["content"])}
    return said | {"text": f"{number}{node['text']}"}


def number_of(kind: str, number: int, locale: Locale) -> str:
    """What stands before the words: 三、 or 3., 第三条 or Article 3."""
    if kind == "point":
        return f"{number}. "
    if locale.chinese:
        return f"{chinese_number(number)}、" if kind == "clause" else f"第{chinese_number(number)}条　"
    return f"{number}. " if kind == "clause" else f"Article {number}. "


def chinese_number(number: int) -> str:
    """A number as clauses are counted: 三, 十二, 二十; from 100 in figures."""
    if number >= 100:
        return str(number)
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return f"{ten}{DIGITS[ones] if ones else ''}"


def _before(number: str, pieces: Sequence[Any]) -> list[Any]:
    """The number within the first paragraph of a formatted text, before its words."""
    first = pieces[0] if pieces else None
    if isinstance(first, dict) and first.get("tag") in ("p", "div"):
        return [{**first, "content": [number, *first.get("content", ())]}, *pieces[1:]]
    return [number, *pieces]
