"""The kinds of charts; the page draws each from the result, by the component of the same name."""

from __future__ import annotations

from lowcode.kernel.registry import Kinds, tagged
from lowcode.reports.charts import bar, funnel, kpi, line, pie, table

BUILT_IN = (kpi.KIND, bar.KIND, line.KIND, pie.KIND, funnel.KIND, table.KIND)


def setup(kinds: Kinds) -> None:
    """Open the extension point `chart` and add the built-in charts."""
    kinds.open("chart", "chart", ("model", "least", "most"), tagged("model"))
    kinds.add("chart", *BUILT_IN)
