"""`reports.picture`: a report as a picture, drawn without a browser. Paper and letters ask for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from pydantic import Field

from lowcode.kernel.contract import Context, Parameters
from lowcode.kernel.diagnostics import Rejected, localized
from lowcode.reports.charts import svg, table
from lowcode.reports.diagnostics import problem
from lowcode.reports.operations.drawing import Ready, shown_of
from lowcode.reports.pictures import Pictures, PicturesMissing, png

TYPES = {"svg": "image/svg+xml", "png": "image/png"}


class PictureParameters(Parameters):
    """A report under filters, as this person sees it. Width and height are in points of the picture as SVG; a PNG has
    twice as many pixels each way."""

    report: str
    filters: Mapping[str, Any] = Field(default_factory=dict)
    format: Literal["svg", "png"] = "svg"
    width: int = Field(640, ge=120, le=2400)
    height: int = Field(360, ge=80, le=2400)
    locale: str | None = Field(None, description="The language of its words; left out, that of the person.")


def document(
    context: Context, pictures: Pictures, result: Mapping[str, Any], drawn: Ready | None, params: PictureParameters
) -> str:
    """An answered report as an SVG document; one without a chart is its table, one without rows says so."""
    width, height = params.width, params.height
    shown = shown_of(context, result, params.locale)
    if shown.dimensions and not result["rows"]:
        empty = shown.speech.say("没有数据", "No data")
        return svg.sheet(width, height, svg.words(width / 2, height / 2, empty, 14, anchor="middle"))
    if drawn is None:
        return table.picture(shown, table.TableChart(type="table"), width, height)
    if drawn.kind.picture is not None:
        return drawn.kind.picture(drawn.shown, drawn.chart, width, height)
    return pictures.svg(drawn.draw(), width, height)


def file_of(
    context: Context, pictures: Pictures, result: Mapping[str, Any], drawn: Ready | None, params: PictureParameters
) -> dict[str, Any]:
    """The picture as a file."""
    try:
        made = document(context, pictures, result, drawn, params)
        content = made.encode() if params.format == "svg" else png(made)
    except PicturesMissing as missing:
        raise Rejected(problem("no-pictures", reason=str(missing))) from None
    name = localized(result["title"], params.locale or context.actor.locale)
    return {"name": f"{name}.{params.format}", "media_type": TYPES[params.format], "content": content}
