"""One number, with a target, the period before, and how it came there."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from lowcode.reports.charts import palette, svg, words
from lowcode.reports.charts.goal import GoalChart, goal_of
from lowcode.reports.charts.kind import ChartKind, Drawing
from lowcode.reports.charts.shown import Shown


class KpiChart(GoalChart):
    """One number, with a target and the period before. With a dimension of periods, the number is that of all of them
    and a small line shows how it came there."""

    type: Literal["kpi"]
    good: Literal["more", "less"] = Field("more", description="Whether it is good when the number grows.")


def draw(shown: Shown, chart: KpiChart) -> Drawing:
    """The number in words, how much of the target it is, how it changed, and the points of the small line."""
    goal = goal_of(shown, chart)
    value = Decimal(str(goal.value))
    said: dict[str, object] = {
        "measure": goal.measure["name"], "value": shown.words(goal.measure, value),
        "brief": shown.brief(goal.measure, value),
    }  # fmt: skip
    if goal.row is not None:
        said["row"] = goal.row
    if goal.target:
        said |= {"target": shown.brief(goal.measure, Decimal(str(goal.target))), "share": goal.share}
    before = shown.compared[shown.at(goal.measure)] if shown.compared is not None else None
    if before:
        change = float(value / Decimal(str(before)) - 1) if Decimal(str(before)) > 0 else None
        if change is not None:
            said |= {"change": change, "better": (change >= 0) == (chart.good == "more")}
    if shown.dimensions and len(shown.rows) > 1:
        said["trend"] = [shown.number(row, goal.measure) or 0 for row in shown.rows]
    return {"kpi": said}


def picture(shown: Shown, chart: KpiChart, width: int, height: int) -> str:
    """The number in the middle, what is said of it below."""
    told = draw(shown, chart)["kpi"]
    size = min(height * 0.32, width / max(svg.width_of(str(told["brief"]), 1), 1) * 0.8, 44)
    parts = [svg.words(16, height * 0.5, str(told["brief"]), round(size, 1), weight=600)]
    under, at = height * 0.5 + 24, 16.0
    if "change" in told:
        up = told["change"] >= 0
        text = f"{'▲' if up else '▼'} {words.percent(abs(Decimal(str(told['change']))))}"
        color = palette.GOOD if told["better"] else palette.BAD
        parts.append(svg.words(at, under, text, 13, color=color))
        at += svg.width_of(text, 13) + 12
        wide = svg.width_of(shown.compared_days, 11) + 12
        if shown.compared_days and at + wide <= width and "target" not in told:
            parts.append(svg.words(at, under, shown.compared_days, 11, color=palette.QUIET))
            at += wide
    if "target" in told:
        text = f"{shown.speech.say('目标', 'Target')} {told['target']} · {told['share'] * 100:.0f}%"
        parts.append(svg.words(at, under, text, 13, color=palette.QUIET))
        reached = (width - 32) * min(max(told["share"], 0), 1)
        for wide, color in ((width - 32, palette.GRID), (reached, palette.nth(0))):
            parts.append(svg.box(16, under + 10, wide, 6, color, 3))
    if "trend" in told:
        low, high = min(told["trend"]), max(told["trend"])
        step, top, span = (width - 32) / (len(told["trend"]) - 1), height - 12, height * 0.16
        points = [(16 + step * place, top - span * ((each - low) / ((high - low) or 1)))
                  for place, each in enumerate(told["trend"])]  # fmt: skip
        parts.append(svg.path(points, palette.nth(0)))
    return svg.sheet(width, height, *parts)


KIND = ChartKind("kpi", KpiChart, draw, 0, 1, picture)
