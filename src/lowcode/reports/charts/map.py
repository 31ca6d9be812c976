"""China by province, or a province by city, the measure as colour."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from lowcode.kernel.diagnostics import Text
from lowcode.reports.charts import palette
from lowcode.reports.charts.kind import Chart, ChartKind, Drawing, Needs
from lowcode.reports.charts.places import PROVINCES, city_of, province_of
from lowcode.reports.charts.shown import TEXT, Shown


class MapChart(Chart):
    """China by province, or a province by city. The dimension is a region (浙江省/杭州市) or the name of a place."""

    type: Literal["map"]
    within: Literal[tuple(PROVINCES)] | None = Field(  # type: ignore[valid-type]
        None, description="The province whose cities are shown; left out, the provinces of China."
    )


def draw(shown: Shown, chart: MapChart) -> Drawing:
    """The outlines of `map`, each coloured by its number. A place that several groups lie in has their sum, and a
    press on it finds the records of the first of them only when it is one."""
    x, y = shown.along(chart.x), shown.drawn(chart.y)[0]
    sums: dict[str, float] = {}
    rows: dict[str, list[int]] = {}
    for index, row in enumerate(shown.rows):
        cell = row[shown.at(x)]
        place = _place(shown.words(x, cell), chart.within) if cell is not None else None
        number = shown.number(row, y)
        if place is None or number is None:
            continue
        sums[place] = sums.get(place, 0.0) + number
        rows.setdefault(place, []).append(index)
    data: list[dict[str, Any]] = []
    for place, number in sums.items():
        name = _said(shown, place, chart.within)
        mark: dict[str, Any] = {"name": place, "value": number, "text": f"{name}  {shown.words(y, number)}"}
        data.append({**mark, "row": rows[place][0]} if len(rows[place]) == 1 else mark)
    names = {place: "" if chart.within is None and place not in sums else _said(shown, place, chart.within)
             for place in (PROVINCES if chart.within is None else sums)}  # fmt: skip
    least, most = min(sums.values(), default=0), max(sums.values(), default=1)
    series = {
        "type": "map", "map": PROVINCES[chart.within][0] if chart.within else "china", "data": data,
        "top": 6, "bottom": 6, "left": 6, "right": 6, "preserveAspect": "contain",
        "nameProperty": "name", "selectedMode": False, "cursor": "pointer", "labelLayout": {"hideOverlap": True},
        "label": {"show": True, "fontSize": 10, "color": palette.TEXT, "textBorderColor": palette.GROUND,
                  "textBorderWidth": 2, "formatter": {"$": "names", "names": names}},
        "itemStyle": {"areaColor": "#f1f3f7", "borderColor": "#c3cad6"},
        "emphasis": {"itemStyle": {"areaColor": "#f6dfa0"}, "label": {"show": True, "color": palette.TEXT}},
    }  # fmt: skip
    scale = {
        "type": "continuous", "left": 4, "bottom": 4, "min": min(least, 0), "max": most, "itemWidth": 10,
        "itemHeight": 84, "inRange": {"color": list(palette.HEAT)}, "calculable": False,
        "textStyle": {"color": palette.QUIET, "fontSize": 11}, "formatter": shown.format(y, brief=True),
        "text": [shown.brief(y, most), shown.brief(y, min(least, 0))],
    }  # fmt: skip
    tooltip = {"trigger": "item", "confine": True, "formatter": TEXT}
    return {"option": {"tooltip": tooltip, "visualMap": scale, "series": [series]}, "maps": [series["map"]]}


def _place(words: str, within: str | None) -> str | None:
    if within is None:
        return province_of(words)
    if "/" in words and province_of(words) != within:
        return None
    return city_of(words)


def _said(shown: Shown, place: str, within: str | None) -> str:
    titles: Text = {"zh-CN": place, "en": PROVINCES[place][1] if within is None and place in PROVINCES else place}
    return shown.speech.words(titles)


KIND = ChartKind("map", MapChart, draw, 1, 1, needs=Needs(kinds=frozenset({"text", "choice", "record"})))
