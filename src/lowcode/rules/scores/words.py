"""What the designer of score cards calls options and choices."""

from __future__ import annotations

from lowcode.kernel.definitions.designing import spoken

OPTIONS = spoken({
    "at": "发生时间字段 | When it happened",
    "band_field": "等级写入字段 | Field for the band",
    "bands": "等级 | Bands",
    "behaviours": "行为项 | Behaviours",
    "attributes": "属性项 | Attributes",
    "cap": "加分上限 | At most",
    "cases": "情形与分值（自上而下，取第一个成立的） | Cases and points; the first that holds counts",
    "combine": "合成方式 | Put together as",
    "fade": "分值衰减 | How the points fade",
    "field": "分数写入字段 | Field for the score",
    "floor": "下限 | At least",
    "form": "针对的表单 | Form it is about",
    "from": "起始分 | From",
    "half_life": "多少天后减半 | Halved after days",
    "help": "说明 | Explanation",
    "learned": "智能学习项 | Learned part",
    "least": "总分下限 | Least of the whole",
    "most": "总分上限 | Most of the whole",
    "name": "代码 | Code",
    "note": "备注 | Note",
    "otherwise": "都不成立时的分值 | Points when no case holds",
    "outcome": "预测的结果 | Outcome that is foretold",
    "over": "多少天内均匀减到零 | Down to nothing over days",
    "part": "所属功能块 | Part of the app",
    "points": "分值 | Points",
    "relation": "统计哪些相关记录 | Records that count",
    "scorer": "学习方法 | Scorer",
    "settled": "结果已定的记录 | Records whose outcome is known",
    "title": "标题 | Title",
    "weight": "权重 | Weight",
    "when": "条件 | When",
    "within": "多少天内有效 | Counts for days",
})  # fmt: skip
CHOICES = spoken({
    "sum": "各项相加 | Parts are added",
    "average": "按权重平均 | Average by weight",
    "likelihood": "仅用学习出的可能性 | The learned likelihood alone",
})  # fmt: skip
