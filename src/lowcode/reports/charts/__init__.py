"""The kinds of charts: one file each, with its closed options and how it is drawn.

`kind` is the contract, `shown` a result as a chart reads it, `words` its numbers in a person's language, `palette` its
colours. `axes`, `bars`, `lines`, `rounds`, `dots`, `tree`, `goal`, `places` and `cross` are what several kinds share;
`svg` and `grids` draw what is words and boxes rather than a chart. A kind compiles to an option of ECharts, which the
page and the server draw alike, or to what its own component in the page needs.
"""

from __future__ import annotations

from lowcode.kernel.registry import Kinds, tagged
from lowcode.reports.charts import (
    area,
    bar,
    box_plot,
    bubble,
    bullet,
    calendar,
    cohort,
    combo,
    donut,
    funnel,
    gauge,
    heat_map,
    histogram,
    horizontal_bar,
    kpi,
    line,
    loss_funnel,
    map,
    pareto,
    percent_bar,
    pie,
    pivot,
    progress,
    radar,
    ranking,
    rose,
    sankey,
    scatter,
    smooth_line,
    stacked_area,
    stacked_bar,
    step_line,
    sunburst,
    table,
    timeline,
    treemap,
    waterfall,
    word_cloud,
)

BUILT_IN = (
    kpi.KIND, bar.KIND, horizontal_bar.KIND, stacked_bar.KIND, percent_bar.KIND, line.KIND, smooth_line.KIND,
    step_line.KIND, area.KIND, stacked_area.KIND, combo.KIND, pie.KIND, donut.KIND, rose.KIND, funnel.KIND,
    loss_funnel.KIND, radar.KIND, scatter.KIND, bubble.KIND, heat_map.KIND, calendar.KIND, treemap.KIND,
    sunburst.KIND, sankey.KIND, waterfall.KIND, pareto.KIND, histogram.KIND, box_plot.KIND, gauge.KIND,
    progress.KIND, bullet.KIND, ranking.KIND, word_cloud.KIND, map.KIND, pivot.KIND, cohort.KIND,
    timeline.KIND, table.KIND,
)  # fmt: skip


def setup(kinds: Kinds) -> None:
    """Open the extension point `chart` and add the built-in charts."""
    kinds.open("chart", "chart", ("model", "draw", "least", "most"), tagged("model"))
    kinds.add("chart", *BUILT_IN)
