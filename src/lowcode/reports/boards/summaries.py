"""A board in words, for a chat: each tile with its numbers, the first of many rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Rejected, localized
from lowcode.reports.boards.notes import plain
from lowcode.reports.charts.shown import Shown
from lowcode.reports.operations.drawing import shown_of
from lowcode.reports.operations.reading import answered, report_of
from lowcode.reports.operations.scans import Scans
from lowcode.reports.plan import Tile

ROWS = 5


def summary(context: Context, tiles: Iterable[Tile], filters: Mapping[str, Any]) -> str:
    """The tiles this person may see, in the order of the board; a blank line between two."""
    parts: list[str] = []
    scans, locale = Scans(context), context.actor.locale
    for tile in sorted(tiles, key=lambda each: (each.place["y"], each.place["x"])):
        if tile.report is None:
            words = localized(tile.heading, locale) if tile.heading is not None else plain(localized(tile.text, locale))
            parts.append(words)
            continue
        try:
            result = answered(context, report_of(context, tile.report), tile.followed(filters), scans)
        except Rejected:
            continue
        shown = shown_of(context, result)
        parts.append(_told(shown, localized(tile.title, locale) or shown.title))
    return "\n\n".join(each for each in parts if each)


def _told(shown: Shown, title: str) -> str:
    """`Open amount: 1.2M`; or the title with the total, and the first rows below it."""
    if not shown.rows:
        return f"{title}{_colon(shown)}{shown.speech.say('无', 'none')}"
    if not shown.dimensions:
        return f"{title}{_colon(shown)}{_numbers(shown, shown.rows[0])}"
    total = f"{_colon(shown)}{_numbers(shown, shown.totals)}" if shown.totals is not None else ""
    lines = [
        f"{place}. {shown.text(row, *shown.dimensions)}{_colon(shown)}{_numbers(shown, row)}"
        for place, row in enumerate(shown.rows[:ROWS], 1)
    ]
    left = len(shown.rows) - ROWS
    if left > 0:
        lines.append(shown.speech.say(f"……还有 {left} 行", f"… and {left} more"))
    return "\n".join([f"{title}{total}", "", *lines])


def _numbers(shown: Shown, row: Any) -> str:
    """The measures of a row, named when there are several."""
    measures = shown.measures
    if len(measures) == 1:
        return shown.brief(measures[0], row[shown.at(measures[0])])
    named = [
        f"{shown.title_of(each)} {shown.brief(each, row[shown.at(each)])}"
        for each in measures if row[shown.at(each)] is not None
    ]  # fmt: skip
    return shown.speech.say("，", ", ").join(named)


def _colon(shown: Shown) -> str:
    return shown.speech.say("：", ": ")
