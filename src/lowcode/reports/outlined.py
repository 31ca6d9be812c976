"""Maps as pictures: the outlines are drawn once for each size with a mark in every place, and then only filled. Pure.

Drawing thousands of points costs the same each time and says the same each time; what differs from one picture to the
next is a colour and a name per place, and the scale beside them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from lowcode.reports.charts import palette, svg

COLOR = 0x010000
"""Marks are colours from here on: so dark a green that nothing else in a picture has it."""
SIGN = "\u2060"
"""What begins the mark in the place of a name."""
MARKED = re.compile(rf"#01([0-9a-f]{{4}})|{SIGN}(\d+){SIGN}", re.IGNORECASE)
TEXTS = re.compile(r"<text[^>]*></text>")


def fits(drawing: Mapping[str, Any]) -> bool:
    """Whether a drawing is one map as `charts/map` draws it, coloured by a scale."""
    series = drawing["option"].get("series", ())
    scale = drawing["option"].get("visualMap") or {}
    return len(series) == 1 and series[0].get("type") == "map" and "inRange" in scale and "names" in _formatter(series)


def _formatter(series: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    found: Mapping[str, Any] = (series[0].get("label") or {}).get("formatter") or {}
    return found


def blank(drawing: Mapping[str, Any], names: Sequence[str]) -> Mapping[str, Any]:
    """The drawing with a mark instead of each colour and each name."""
    (series,) = drawing["option"]["series"]
    data = [
        {"name": name, "itemStyle": {"areaColor": f"#{COLOR + at:06x}"}, "value": 0} for at, name in enumerate(names)
    ]
    marks = {name: f"{SIGN}{at}{SIGN}" for at, name in enumerate(names)}
    label = {**series["label"], "formatter": {"$": "names", "names": marks}}
    return {"option": {"series": [{**series, "data": data, "label": label}]}, "maps": drawing["maps"]}


@dataclass(frozen=True, slots=True)
class Blank:
    """An empty map: what stands between its marks, and which place each mark is, with whether it is that of a name."""

    parts: tuple[str, ...]
    marks: tuple[tuple[str, bool], ...]

    @classmethod
    def of(cls, drawn: str, names: Sequence[str]) -> Blank:
        """Take a picture apart at its marks."""
        parts, marks, at = [], [], 0
        for found in MARKED.finditer(drawn):
            parts.append(drawn[at : found.start()])
            named = found[2] is not None
            marks.append((names[int(found[2]) if named else int(found[1], 16)], named))
            at = found.end()
        return cls((*parts, drawn[at:]), tuple(marks))

    def filled(self, option: Mapping[str, Any], height: int) -> str:
        """The map with the colours and names of an option, and its scale."""
        (series,), scale = option["series"], option["visualMap"]
        least, most = float(scale["min"]), float(scale["max"])
        numbers = {each["name"]: float(each["value"]) for each in series["data"]}
        names: Mapping[str, str] = _formatter(option["series"])["names"]
        plain = series["itemStyle"]["areaColor"]
        written = [self.parts[0]]
        for (name, named), part in zip(self.marks, self.parts[1:], strict=True):
            if named:
                written.append(escape(names.get(name, "")))
            else:
                share = (numbers[name] - least) / (most - least) if name in numbers and most > least else 1.0
                written.append(palette.heat(share) if name in numbers else plain)
            written.append(part)
        made = TEXTS.sub("", "".join(written))
        return made.removesuffix("</svg>") + _scale(scale, height) + "</svg>"


def _scale(scale: Mapping[str, Any], height: int) -> str:
    """The strip of colours from little to much, as the page draws it, in the corner at the bottom."""
    wide, high, size = scale["itemWidth"], scale["itemHeight"], scale["textStyle"]["fontSize"]
    left, color = scale["left"] + 4, scale["textStyle"]["color"]
    bottom = height - scale["bottom"] - size - 8
    stops = "".join(
        f'<stop offset="{at / (len(palette.HEAT) - 1):g}" stop-color="{each}"/>' for at, each in enumerate(palette.HEAT)
    )
    upper, lower = scale["text"]
    return (
        f'<defs><linearGradient id="scale" x1="0" y1="1" x2="0" y2="0">{stops}</linearGradient></defs>'
        + svg.words(left, bottom - high - 6, upper, size, color=color)
        + svg.box(left, bottom - high, wide, high, "url(#scale)")
        + svg.words(left, bottom + size + 4, lower, size, color=color)
    )
