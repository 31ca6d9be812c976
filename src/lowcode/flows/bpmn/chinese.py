"""The messages of `diagnostics` in Chinese: text and cure by key. Who reads a model on the page reads these."""

from __future__ import annotations

CHINESE: dict[str, tuple[str, str]] = {
    "unreadable": ("无法读取：{reason}", ""),
    "no-process": ("其中没有流程“{seen}”", ""),
    "several-processes": ("共有 {count} 个流程，读取了“{seen}”", "请指定另一个，或分别读取。"),
    "not-supported": ("“{seen}”（{element}）在此没有对应的步骤，已略去", "请换一种画法，再重新读取。"),
    "program-to-connect": (
        "“{seen}”（{element}）改成了对程序“{connector}”的请求：“{operation}”",
        "请编写连接器“{connector}”及其提供的操作，或选用已有的连接器；也可换成其他步骤。",
    ),
    "table-to-check": (
        "“{seen}”（{element}）改成了从决策表“{table}”取值",
        "请指明决策表、所取的结果，并按顺序写出其依据的字段。",
    ),
    "script-to-write": (
        "“{seen}”（{element}）改成了设置字段的步骤，其脚本不会执行：{script}",
        "请把脚本计算的内容写成值：每个字段一个表达式。",
    ),
    "expression-to-check": ("请检查“{name}”的值“{seen}”，它改写成了“{became}”", ""),
    "done-once": (
        "“{seen}”（{element}）只执行一次，不会对多个对象逐一执行",
        "请把它放进对每条记录发起的单独流程，或在请求中使用列表。",
    ),
    "nobody-named": ("“{seen}”没有指定由谁处理，改由发起人处理", "请指定处理人。"),
    "nobody-told": ("“{seen}”（{element}）没有指定通知谁，改为通知发起人", "请指定通知的人员。"),
    "condition-to-check": ("请检查条件“{seen}”，它改写成了“{became}”", ""),
    "spoilt": (
        "“{seen}”（{element}）旁附带的内容在此无法读取：{reason}",
        "请安装提供该节点类型的扩展后重新导入，或检查转换结果。",
    ),
    "arrow-nowhere": ("箭头“{seen}”不对应“{of}”的任何出口", "请从有此出口的步骤画出。"),
    "exit-without-arrow": ("“{seen}”的出口“{exit}”不再有箭头", ""),
}
