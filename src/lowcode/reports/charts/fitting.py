"""Whether a chart says something of a report, by what its kind needs of dimensions and measures. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from lowcode.kernel.diagnostics import Text
from lowcode.reports.charts.kind import ChartKind
from lowcode.reports.plan import Column

GRAINS: dict[str, tuple[str, str]] = {
    "day": ("天", "day"),
    "week": ("周", "week"),
    "month": ("月", "month"),
    "quarter": ("季度", "quarter"),
    "year": ("年", "year"),
    "fiscal_quarter": ("财季", "fiscal quarter"),
    "fiscal_year": ("财年", "fiscal year"),
}


def misfit(kind: ChartKind, dimensions: Sequence[Column], measures: Sequence[Column]) -> Text | None:
    """Why a kind of chart cannot show these columns, with what would help; None where it can."""
    count, needs = len(dimensions), kind.needs
    if count < kind.least:
        missing = kind.least - count
        return {
            "zh-CN": f"还需要 {missing} 个维度",
            "en": "Needs one more group" if missing == 1 else f"Needs {missing} more groups",
        }
    if count > kind.most:
        extra = count - kind.most
        if kind.most == 0:
            return {"zh-CN": "只显示总数，不能有维度", "en": "Shows a total alone: take the groups away"}
        return {
            "zh-CN": f"最多 {kind.most} 个维度，请去掉 {extra} 个",
            "en": f"Shows {kind.most} at most: take {extra} away",
        }
    numbers = sum(1 for each in measures if each.kind == "number")
    dates = sum(1 for each in measures if each.kind in ("date", "datetime"))
    if numbers < needs.numbers:
        missing = needs.numbers - numbers
        return {
            "zh-CN": f"还需要 {missing} 个数值指标",
            "en": "Needs one more number" if missing == 1 else f"Needs {missing} more numbers",
        }
    if dates < needs.dates:
        return {
            "zh-CN": "需要日期指标，例如最早的开始日期",
            "en": "Needs a date to measure, such as the earliest start",
        }
    first = dimensions[0] if dimensions else None
    if first is not None and needs.grains and first.grain not in needs.grains:
        chinese, english = zip(*(GRAINS[each] for each in sorted(needs.grains)), strict=True)
        return {
            "zh-CN": f"第一个维度须为日期，按{'或'.join(chinese)}分组",
            "en": f"Needs a date first, by {' or '.join(english)}",
        }
    if first is not None and needs.kinds and first.kind not in needs.kinds:
        return {"zh-CN": "第一个维度须为地区", "en": "Needs a region first"}
    return None
