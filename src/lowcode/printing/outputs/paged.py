"""Tables that are added up page by page, cut where our own pages end.

Word and Excel set their pages by themselves, so the sums of a page would stand anywhere. The typesetter says how many
lines stand on each of its pages; each page becomes a table of its own with its sums, and a page break behind it. With
other letters the rows are of another height there, so a part of each page is kept free: a page that ends early is
still a page, sums that stand alone on the next one are not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from lowcode.printing.outputs.kind import Draw

Node = Mapping[str, Any]
BREAKS = "breaks"
"""Asks the typesetter for the number of lines of each table on each of its pages, instead of for a file."""


def cut_into_pages(tree: Node, draw: Draw, free: float) -> Node:
    """The tree with such tables in pieces, one for each page, of whose height the part `free` stays empty; a tree
    without them is itself."""
    if not _adds_up(tree["body"]):
        return tree
    counts: dict[str, list[int]] = json.loads(draw(_lower(tree, free), BREAKS)[0])
    return {**tree, "body": _cut(tree["body"], counts)}


def _lower(tree: Node, free: float) -> Node:
    page, margin = tree["page"], tree["page"]["margin"]
    kept = free * (page["height"] - margin["top"] - margin["bottom"])
    return {**tree, "page": {**page, "margin": {**margin, "bottom": margin["bottom"] + kept}}}


def _adds_up(nodes: Iterable[Node]) -> bool:
    return any("paging" in node or any(_adds_up(inner) for inner in _inside(node)) for node in nodes)


def _inside(node: Node) -> Sequence[list[Node]]:
    match node["type"]:
        case "keep":
            return [node["body"]]
        case "columns":
            columns: list[list[Node]] = node["columns"]
            return columns
        case _:
            return []


def _cut(nodes: Iterable[Node], counts: Mapping[str, Sequence[int]]) -> list[Node]:
    found: list[Node] = []
    for node in nodes:
        if node["type"] == "columns":  # beside something else there is no break: all of it is one page
            found.append({**node, "columns": [_cut(column, {}) for column in node["columns"]]})
        elif node["type"] == "keep":
            inner = _cut(node["body"], counts)
            broken = any(each["type"] == "page_break" for each in inner)
            found += inner if broken else [{**node, "body": inner}]
        elif "paging" in node and node["rows"]:
            pages = list(_pages(node, counts.get(node["paging"]["name"]) or [len(node["rows"])]))
            if len(pages) > 1:
                _begin(found)
            found += pages
        else:
            found.append(node)
    return found


def _begin(before: list[Node]) -> None:
    """Behind another table, whose rows nobody can foresee either, a table of several pages begins on one of its own,
    with the words above it."""
    if not any(each["type"] == "table" for each in before):
        return
    place = len(before)
    while before[place - 1]["type"] in ("text", "space"):
        place -= 1
    before.insert(place, {"type": "page_break"})


def _pages(node: Node, counts: Sequence[int]) -> Iterator[Node]:
    paging = node["paging"]
    patterns = paging["patterns"]
    places = [place for place, pattern in enumerate(patterns) if pattern is not None]
    bare = {key: each for key, each in node.items() if key != "paging"}
    carried = [Decimal(0)] * len(places)
    begin = 0
    for number, count in enumerate(counts):
        last = number == len(counts) - 1
        end = len(node["rows"]) if last else begin + count
        before = carried
        own = [sum((Decimal(line[at]) for line in paging["sums"][begin:end]), Decimal(0)) for at in range(len(places))]
        carried = [one + other for one, other in zip(before, own, strict=True)]
        head = [("brought", before)] if number else []
        foot = [("total", own), *([] if last else [("forward", carried)])]
        rows: list[Any] = []
        amounts: list[Any] = []
        marked: dict[str, Any] = {}
        for words, sums in [*head, (None, own), *foot]:
            if words is None:
                marked |= {str(int(at) - begin + len(rows)): mark for at, mark in node["marked"].items()
                           if begin <= int(at) < end}  # fmt: skip
                rows += node["rows"][begin:end]
                amounts += node["amounts"][begin:end]
            elif paging[words]:
                marked[str(len(rows))] = {"kind": "page", "span": paging["span"]}
                known = dict(zip(places, sums, strict=True))
                shown = range(paging["span"], len(patterns))
                rows.append([paging[words], *(_shown(known.get(each), patterns[each]) for each in shown)])
                amounts.append([None, *(_amount(known.get(each), patterns[each]) for each in shown)])
        if number:
            yield {"type": "page_break"}
        yield {**bare, "rows": rows, "amounts": amounts, "marked": marked, "totals": node["totals"] if last else []}
        begin = end


def _shown(value: Decimal | None, pattern: Node | None) -> str:
    """A sum with thousands, as the typesetter writes it."""
    if value is None or pattern is None:
        return ""
    rounded = value.quantize(Decimal(1).scaleb(-pattern["scale"]), ROUND_HALF_UP)
    whole, _, fraction = f"{abs(rounded):,f}".partition(".")
    fraction = fraction.rstrip("0") if pattern["trim"] else fraction
    return f"{'-' if rounded < 0 else ''}{pattern['prefix']}{whole}{'.' if fraction else ''}{fraction}"


def _amount(value: Decimal | None, pattern: Node | None) -> dict[str, str] | None:
    return None if value is None or pattern is None else {"value": str(value), "format": pattern["format"]}
