"""The words of the report engine's findings and refusals."""

from __future__ import annotations

from typing import Any

from lowcode.kernel.diagnostics import Catalogue, Message, Problem, Text
from lowcode.reports.chinese import CHINESE

MESSAGES = Catalogue(
    "reports",
    {
        "no-form": Message(
            "it says neither of which form nor of which dataset it is",
            "A report asks about the records of a form, directly or through a dataset.",
            'Add "form".',
        ),
        "not-designed": Message(
            "a '{seen}' is no report, dataset or funnel",
            "These three are designed and looked at before they are published.",
            'Write "report", "dataset" or "funnel" as its `type`.',
        ),
        "unknown-name": Message(
            "there is no {what} '{seen}' in dataset '{dataset}'", "A report uses what its dataset defines, by name."
        ),
        "unknown-column": Message(
            "'{seen}' is no dimension or measure of this report", "Sorting and charts speak of its columns."
        ),
        "twice": Message(
            "there are two columns '{seen}'", "Each dimension and measure has a name of its own.", "Rename one of them."
        ),
        "not-a-date": Message(
            "a grain needs a date or an instant, and this is a {kind}",
            "A grain is a period of time.",
            "Leave out `grain`.",
        ),
        "not-a-dimension": Message(
            "records cannot be grouped by a {kind}",
            "Groups are made of single values, or of the values of a set.",
            "Group by a field of it, or by a part such as YEAR(…) or TOTEXT(…).",
        ),
        "not-a-number": Message(
            "bands are made of numbers, and this is a {kind}",
            "A band says from which number to which it goes.",
            "Leave out `bands`.",
        ),
        "bands-disordered": Message(
            "the bands do not rise",
            "Each band ends at a larger number than the one before it; only the last may have no end.",
            "Put them in ascending order, each with `below`.",
        ),
        "grain-and-bands": Message(
            "a dimension has a grain or bands, not both",
            "A grain makes groups of days, bands make groups of numbers.",
            "Leave one out.",
        ),
        "measure-shape": Message(
            "a measure is an `expression`, a `formula`, or `of` another with a `calculation`",
            "It has more than one of them, none, or half of the last.",
            "Keep one of the three.",
        ),
        "measure-circle": Message(
            "measure '{seen}' is made of itself",
            "Going from each measure to those it is made of must come to an end.",
            "Make one of them an `expression`.",
        ),
        "dimension-missing": Message(
            "measure '{measure}' of form '{form}' does not say how it meets dimension '{dimension}'",
            "A measure of another form names, for each dimension, the expression of its own form.",
            'Add "dimensions": {{"{dimension}": "…"}} to the measure.',
        ),
        "dimension-kind": Message(
            "this is a {kind}, and dimension '{dimension}' a {expected}",
            "Two forms meet in a dimension when its values are of the same kind.",
            "Write an expression of that form which is of this kind too.",
        ),
        "chart-dimensions": Message(
            "a {chart} chart shows {least} to {most} dimensions; this report has {count}",
            "Each kind of chart shows a certain number of dimensions.",
            "Choose another chart, or change the dimensions.",
        ),
        "no-filter": Message(
            "this dashboard has no filter '{seen}'", "A tile says how it follows the filters above it, by their names."
        ),
        "filter-twice": Message(
            "there are two filters '{seen}'",
            "Each filter of a dashboard has a name of its own; of two of one name the page chooses one value for both.",
            "Rename one of them.",
            "warning",
        ),
        "follows-not": Message(
            "report '{report}' cannot be filtered by '{seen}'",
            "A report follows the filters it names, the fields of its form that hold a text, an option, a person or a "
            "record, and a period where it has a date.",
        ),
        "not-a-state": Message(
            "'{seen}' of form '{form}' is no state field", "A funnel follows the history of a state."
        ),
        "unknown-state": Message(
            "field '{field}' has no state '{seen}'", "The states of a funnel are those of its field."
        ),
        "unknown-drill-column": Message(
            "form '{form}' has no field '{seen}'", "The columns of a drill are fields of the form."
        ),
        "forecast-shape": Message(
            "a forecast needs one dimension, with a grain, and no other",
            "What is carried on is one series of periods.",
            "Leave out the other dimensions, or `forecast`.",
        ),
        "not-a-history": Message(
            "`as_of` needs the history of a state, and '{form}' is none",
            "Only the stays in a state say how things were on a day.",
            'Ask about "{form}.<state field>".',
        ),
        "sql-unreadable": Message(
            "this is no SQL: {reason}",
            "The text of a question is read as the SQL of PostgreSQL.",
            "Correct it at the place that is named.",
        ),
        "sql-not-a-question": Message(
            "'{seen}' is not taken in a question",
            "A question only reads: one SELECT, with the functions of standard SQL and nothing of the server's own.",
            "Write one SELECT.",
        ),
        "sql-star": Message(
            "'*' does not say which columns are read",
            "What a person may read depends on the columns.",
            "Name them; COUNT(*) is fine.",
        ),
        "sql-unknown-table": Message(
            "there is no form '{seen}' to read from", "Tables of a question are forms, and lines as `form.lines`."
        ),
        "sql-unknown-column": Message(
            "a column cannot be found: {reason}",
            "Columns of a question are the fields of its forms.",
            "Correct the name, or say whose column it is.",
        ),
        "sql-no-column": Message(
            "the question has no column '{seen}'", "Each of the fields is a column of the SELECT, by its name."
        ),
        "no-date": Message(
            "a period or a comparison needs `date`",
            "The report does not say which date its period speaks of.",
            'Add "date", such as "date": "closed_on".',
        ),
    },
    CHINESE,
    {"measure": "指标", "dimension": "维度", "measures": "指标", "dimensions": "维度"},
)

REFUSALS: dict[str, Text] = {
    "reports.no-report": {"zh-CN": "没有名为“{report}”的报表", "en": "There is no report '{report}'"},
    "reports.tile-shape": {
        "zh-CN": "卡片只能是报表、小标题、文字之一",
        "en": "A tile is a report, a heading or a text: one of the three",
    },
    "reports.no-dashboard": {"zh-CN": "没有名为“{dashboard}”的看板", "en": "There is no dashboard '{dashboard}'"},
    "reports.not-for-you": {"zh-CN": "您没有权限查看此内容", "en": "You may not see this"},
    "reports.hidden-field": {
        "zh-CN": "其中用到了您无权查看的字段",
        "en": "This reads a field that is kept from you",
    },
    "reports.bad-filter": {"zh-CN": "筛选“{name}”的值无效", "en": "The value of filter '{name}' cannot be used"},
    "reports.no-measure": {
        "zh-CN": "报表“{report}”没有指标“{measure}”",
        "en": "Report '{report}' has no measure '{measure}'",
    },
    "reports.no-mirror": {
        "zh-CN": "此应用没有启用列存镜像",
        "en": 'This app has no mirror; app.json asks for one with "mirror"',
    },
    "reports.sql-too-slow": {
        "zh-CN": "“{report}”的查询超过 {seconds} 秒，已停止",
        "en": "The question of '{report}' took more than {seconds} seconds and was stopped",
    },
    "reports.sql-failed": {
        "zh-CN": "数据库无法执行“{report}”的查询：{reason}",
        "en": "The database cannot answer the question of '{report}': {reason}",
    },
    "reports.too-slow": {
        "zh-CN": "“{report}”的查询超过 {seconds} 秒，已停止；请加条件缩小范围，或减少维度",
        "en": "'{report}' took over {seconds} seconds and was stopped: narrow it by a condition, or take a group away",
    },
    "reports.nothing-yet": {
        "zh-CN": "还没有可显示的内容：请至少加入一个维度和一个指标",
        "en": "There is nothing to show yet: add a group and a number at least",
    },
    "reports.no-such-person": {
        "zh-CN": "没有登录名为“{name}”的在职人员。{near}",
        "en": "nobody who works here is called '{name}'. {near}",
    },
    "reports.no-share": {"zh-CN": "链接不存在或已失效", "en": "This link does not exist or has ended"},
    "reports.bad-schedule": {
        "zh-CN": "时间表“{schedule}”无效：{reason}",
        "en": "'{schedule}' is no schedule: {reason}",
    },
    "reports.too-many-boards": {"zh-CN": "最多保存 {most} 个看板", "en": "At most {most} boards can be kept"},
    "reports.too-many-subscriptions": {"zh-CN": "最多 {most} 个订阅", "en": "At most {most} subscriptions"},
    "reports.no-channel": {
        "zh-CN": "没有可发送看板的渠道“{channel}”",
        "en": "there is no channel '{channel}' that a board could be sent by",
    },
    "reports.no-address": {
        "zh-CN": "您在“{channel}”没有可用的账号或地址，请联系管理员",
        "en": "'{channel}' has no account or address of yours; an administrator can add it",
    },
    "reports.not-combined": {
        "zh-CN": "“{report}”没有维度或指标“{name}”",
        "en": "'{report}' has no dimension or measure '{name}'",
    },
    "reports.no-pictures": {"zh-CN": "无法生成图片：{reason}", "en": "Pictures cannot be made: {reason}"},
    "reports.no-drill": {"zh-CN": "此单元格无法下钻到记录", "en": "There are no single records behind this cell"},
    "reports.no-level": {
        "zh-CN": "“{report}”没有这样的下一层",
        "en": "'{report}' has no such level further down",
    },
    "reports.too-many-records": {
        "zh-CN": "该指标须逐条计算，记录多于 {limit} 条，请缩小范围",
        "en": "This measure is computed record by record, and there are more than {limit}: narrow the report",
    },
    "reports.no-explanation": {
        "zh-CN": "“{report}”的数字来自历史，请下钻到记录",
        "en": "The numbers of '{report}' come from the history; look at the records behind them",
    },
}


def problem(key: str, **values: Any) -> Problem:
    """A refusal in this engine's words."""
    code = f"reports.{key}"
    return Problem(code, REFUSALS[code], "", values)
