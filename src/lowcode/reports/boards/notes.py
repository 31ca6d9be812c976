"""The texts on a board, which are written in Markdown, where no browser draws them: as plain words, or as a picture."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.token import Token

from lowcode.reports.charts import palette, svg

SIZE, LINE = 13.0, 20.0
BREAKS = re.compile(r"[^\S\n]+|[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef]+")
"""What a line may be broken behind: a word, or any one Chinese sign."""


@dataclass(frozen=True, slots=True)
class Line:
    """Words of a text that stand together, with the sign of a list before them."""

    words: str
    heading: bool = False
    mark: str = ""


def lines(text: str) -> list[Line]:
    """The lines of a text; what formats its words is left out, HTML stands as it is written."""
    return list(_lines(MarkdownIt("commonmark", {"breaks": True}).enable(["table", "strikethrough"]).parse(text)))


def plain(text: str) -> str:
    """Its words alone."""
    return "\n".join(f"{each.mark}{each.words}" for each in lines(text))


def _lines(tokens: list[Token]) -> Iterator[Line]:
    numbers: list[int | None] = []
    heading, mark = False, ""
    for token in tokens:
        match token.type:
            case "heading_open" | "heading_close":
                heading = token.nesting == 1
            case "bullet_list_open":
                numbers.append(None)
            case "ordered_list_open":
                numbers.append(int(token.attrs.get("start", 1)))
            case "bullet_list_close" | "ordered_list_close":
                numbers.pop()
            case "list_item_open":
                number = numbers[-1]
                mark = "• " if number is None else f"{number}. "
                numbers[-1] = None if number is None else number + 1
            case "fence" | "code_block" | "html_block":
                yield from (Line(each, heading) for each in token.content.strip("\n").split("\n"))
            case "inline":
                for each in _spoken(token).split("\n"):
                    yield Line(each, heading, mark)
                    mark = " " * len(mark)
                mark = ""


def _spoken(token: Token) -> str:
    return "".join(
        "\n" if each.type in ("softbreak", "hardbreak") else each.content
        for each in token.children or ()
        if each.content or each.type in ("softbreak", "hardbreak")
    )


def wrapped(words: str, size: float, room: float) -> list[str]:
    """The same in lines that have room."""
    found, line = [], ""
    for part in BREAKS.findall(words):
        if line and svg.width_of(line + part.rstrip(), size) > room:
            found.append(line.rstrip())
            line = part.lstrip()
        else:
            line += part
    return [*found, svg.fitted(line, size, room)] if line.strip() or not found else found


def picture(text: str, left: float, top: float, width: float, height: float) -> str:
    """As much of the text as has room."""
    parts: list[str] = []
    at = top + LINE + 4
    for each in lines(text):
        size, weight = (15.0, 600) if each.heading else (SIZE, 400)
        indent = svg.width_of(each.mark, size)
        for place, words in enumerate(wrapped(each.words, size, width - indent)):
            if at > top + height - 6:
                return "".join(parts)
            if each.mark.strip() and place == 0:
                parts.append(svg.words(left, at, each.mark, size, color=palette.QUIET))
            parts.append(svg.words(left + indent, at, words, size, weight=weight))
            at += LINE
    return "".join(parts)
