"""The messages of `diagnostics` in Chinese: text and cure by key. Who designs on the page reads these."""

from __future__ import annotations

CHINESE: dict[str, tuple[str, str]] = {
    "no-form": ("没有说明是哪个表单或数据集的报表", '请加上 "form"。'),
    "not-designed": ("“{seen}”不是报表、数据集或漏斗", "请将 type 写为 report、dataset 或 funnel。"),
    "unknown-name": ("数据集“{dataset}”中没有{what}“{seen}”", ""),
    "unknown-column": ("“{seen}”不是此报表的维度或指标", ""),
    "twice": ("有两列都叫“{seen}”", "请给其中一列改名。"),
    "not-a-date": ("时间粒度需要日期或日期时间，而这是{kind}", "请去掉 grain。"),
    "not-a-dimension": ("不能按{kind}分组", "请按其下级字段分组，或按其中一部分，例如 YEAR(…) 或 TOTEXT(…)。"),
    "not-a-number": ("区间需要数字，而这是{kind}", "请去掉 bands。"),
    "bands-disordered": ("各区间没有从小到大排列", "请按从小到大排列，并为每个区间写明 below。"),
    "grain-and-bands": ("维度的时间粒度与区间不能同时使用", "请去掉其中一个。"),
    "measure-shape": (
        "指标须为表达式 expression、公式 formula，或由另一指标（of）经计算（calculation）而来",
        "请只保留其中一种。",
    ),
    "measure-circle": ("指标“{seen}”由自身计算而来", "请把其中一个指标改为 expression。"),
    "dimension-missing": (
        "表单“{form}”的指标“{measure}”没有说明如何对应维度“{dimension}”",
        '请给指标加上 "dimensions": {{"{dimension}": "…"}}。',
    ),
    "dimension-kind": (
        "这是{kind}，而维度“{dimension}”是{expected}",
        "请填写该表单中结果为同一类型的表达式。",
    ),
    "chart-dimensions": (
        "图表 {chart} 可显示 {least} 到 {most} 个维度，此报表有 {count} 个",
        "请换一种图表，或调整维度。",
    ),
    "no-filter": ("此看板没有筛选器“{seen}”", ""),
    "filter-twice": ("有两个筛选器都叫“{seen}”", "请给其中一个改名。"),
    "follows-not": ("报表“{report}”不能按“{seen}”筛选", ""),
    "not-a-state": ("表单“{form}”的“{seen}”不是状态字段", ""),
    "unknown-state": ("字段“{field}”没有状态“{seen}”", ""),
    "unknown-drill-column": ("表单“{form}”没有字段“{seen}”", ""),
    "forecast-shape": ("预测需要且只能有一个带时间粒度的维度", "请去掉其他维度，或去掉 forecast。"),
    "not-a-history": ("as_of 需要状态的历史，而“{form}”不是", '请统计 "{form}.<状态字段>"。'),
    "sql-unreadable": ("这不是有效的 SQL：{reason}", "请修改所指出的位置。"),
    "sql-not-a-question": ("查询中不能使用“{seen}”", "请只写一个 SELECT。"),
    "sql-star": ("“*”没有说明要读取哪些列", "请写出各列的名称；COUNT(*) 可以使用。"),
    "sql-unknown-table": ("没有可供查询的表单“{seen}”", ""),
    "sql-unknown-column": ("找不到列：{reason}", "请修改名称，或写明是哪张表的列。"),
    "sql-no-column": ("查询中没有列“{seen}”", ""),
    "no-date": ("按期间统计或比较需要 date", '请加上 "date"，例如 "date": "closed_on"。'),
}
