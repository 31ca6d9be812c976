"""The kinds of charts; the page draws each from the result, by the component of the same name."""

from __future__ import annotations

from lowcode.kernel.registry import Registry
from lowcode.reports.charts import bar, funnel, kpi, line, pie, table
from lowcode.reports.charts.kind import ChartKind

BUILT_IN = (kpi.KIND, bar.KIND, line.KIND, pie.KIND, funnel.KIND, table.KIND)


def setup(kinds: Registry[ChartKind]) -> None:
    """Make the built-in charts known."""
    for kind in BUILT_IN:
        kinds.add(kind)
