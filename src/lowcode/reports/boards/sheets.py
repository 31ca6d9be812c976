"""A board as one sheet: its tiles where they stand, as SVG, PNG or PDF; or a workbook with a sheet per tile."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from pydantic import Field

from lowcode.kernel.answers import File
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Rejected, localized
from lowcode.kernel.registry import Registry
from lowcode.reports.boards import notes
from lowcode.reports.charts import palette, svg
from lowcode.reports.charts.kind import ChartKind
from lowcode.reports.diagnostics import problem
from lowcode.reports.operations.drawing import speech_of
from lowcode.reports.operations.export import TYPE, add_sheet
from lowcode.reports.operations.picture import PictureParameters, document
from lowcode.reports.operations.reading import answered, board_plan, drawn, report_of
from lowcode.reports.operations.scans import Scans
from lowcode.reports.pictures import Pictures, PicturesMissing, pdf, png
from lowcode.reports.plan import Tile

COLUMN, ROW, GAP, MARGIN, HEAD, TITLE = 100, 68, 14, 24, 56, 34
TYPES = {"svg": "image/svg+xml", "png": "image/png", "pdf": "application/pdf", "xlsx": TYPE}


class BoardFile(Parameters):
    """A board under filters, as a file."""

    dashboard: str
    filters: Mapping[str, Any] = Field(default_factory=dict)
    format: Literal["svg", "png", "pdf", "xlsx"] = "pdf"


@dataclass(frozen=True, slots=True)
class Drawers:
    """The kinds of charts that a host knows, and what draws them without a browser."""

    charts: Registry[ChartKind]
    pictures: Pictures


def board_file(drawers: Drawers, context: Context, params: BoardFile) -> File:
    """A board as a file."""
    plan = board_plan(context, params.dashboard)
    title = localized(plan.title, context.actor.locale)
    filters = {each["name"]: params.filters.get(each["name"], each["value"]) for each in plan.filters}
    if params.format == "xlsx":
        content = _workbook(context, plan.tiles, filters)
    else:
        try:
            made = sheet(drawers, context, title, plan.tiles, filters)
            content = (
                made.encode() if params.format == "svg" else pdf(made) if params.format == "pdf" else png(made, 1.5)
            )
        except PicturesMissing as missing:
            raise Rejected(problem("no-pictures", reason=str(missing))) from None
    return {"name": f"{title}.{params.format}", "media_type": TYPES[params.format], "content": content}


def sheet(drawers: Drawers, context: Context, title: str, tiles: Iterable[Tile], filters: Mapping[str, Any]) -> str:
    """The tiles on their grid under the title; a tile that is refused to this person says why."""
    placed = list(tiles)
    width = 12 * COLUMN + 11 * GAP + 2 * MARGIN
    height = HEAD + MARGIN + max((tile.place["y"] + tile.place["h"] for tile in placed), default=1) * (ROW + GAP)
    parts = [
        svg.words(MARGIN, 36, title, 20, weight=600),
        svg.words(width - MARGIN, 36, f"{context.moment().today:%Y-%m-%d}", 13, color=palette.QUIET, anchor="end"),
    ]
    scans = Scans(context)
    for tile in placed:
        at = tile.place
        left, top = MARGIN + at["x"] * (COLUMN + GAP), HEAD + at["y"] * (ROW + GAP)
        wide, high = at["w"] * (COLUMN + GAP) - GAP, at["h"] * (ROW + GAP) - GAP
        if tile.heading is not None:
            said = svg.fitted(localized(tile.heading, context.actor.locale), 18, wide)
            parts.append(svg.words(left + 2, top + high / 2 + 7, said, 18, weight=600))
            continue
        parts.append(
            f'<rect x="{left}" y="{top}" width="{wide}" height="{high}" rx="8" fill="{palette.GROUND}" '
            f'stroke="{palette.LINE}"/>'
        )
        if tile.text is not None:
            parts.append(notes.picture(localized(tile.text, context.actor.locale), left + 12, top, wide - 24, high))
            continue
        room = max(wide - 24, 120)
        name, days, inside = _tile(drawers, context, scans, tile, filters, room, max(high - TITLE - 10, 80))
        kept = svg.width_of(days, 11) + 8 if days else 0
        if days and kept <= room / 2:
            parts.append(svg.words(left + wide - 12, top + 22, days, 11, color=palette.QUIET, anchor="end"))
            room -= round(kept)
        parts.append(svg.words(left + 12, top + 23, svg.fitted(name, 14, room), 14, weight=600))
        parts.append(f'<svg x="{left + 12}" y="{top + TITLE}" {inside.partition("<svg ")[2]}')
    return svg.sheet(width, height, svg.box(0, 0, width, height, "#f4f5f7"), *parts)


def _tile(
    drawers: Drawers, context: Context, scans: Scans, tile: Tile, filters: Mapping[str, Any], width: int, height: int
) -> tuple[str, str, str]:
    """What a tile is called, the days it is of, and what is drawn in it."""
    locale = context.actor.locale
    try:
        found_plan = report_of(context, tile.report or "")
        result, found = drawn(drawers.charts, context, found_plan, tile.followed(filters), scans=scans)
    except Rejected as refused:
        words = refused.problems[0].words(locale)
        said = svg.words(4, 24, svg.fitted(words, 12, width - 8), 12, color=palette.QUIET)
        return localized(tile.title, locale) or tile.report or "", "", svg.sheet(width, height, said)
    params = PictureParameters(report=found_plan.name, width=width, height=height)
    name = localized(tile.title, locale) or localized(result["title"], locale)
    period = result.get("period")
    days = f"{period['from']} – {period['to']}" if period else ""
    return name, days, document(context, drawers.pictures, result, found, params)


def _workbook(context: Context, tiles: Iterable[Tile], filters: Mapping[str, Any]) -> bytes:
    """A sheet per tile, of those this person may see."""
    import xlsxwriter  # an optional dependency, at its one door

    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, "strings_to_formulas": False}) as book:
        taken: set[str] = set()
        scans, speech = Scans(context), speech_of(context)
        for tile in tiles:
            if tile.report is None:
                continue
            try:
                result = answered(context, report_of(context, tile.report), tile.followed(filters), scans)
            except Rejected:
                continue
            add_sheet(book, result, speech, localized(tile.title, speech.locale), taken)
        if not taken:
            book.add_worksheet()
    return content.getvalue()


def operations(drawers: Drawers) -> Iterable[Operation]:
    """Each operation."""
    yield Operation(
        "reports.board_file", partial(board_file, drawers), BoardFile, writes=False, summary="A board as a file"
    )
