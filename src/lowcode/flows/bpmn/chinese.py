"""The messages of `diagnostics` in Chinese: text and cure by key. Who reads a model on the page reads these."""

from __future__ import annotations

CHINESE: dict[str, tuple[str, str]] = {
    "unreadable": ("无法读取：{reason}", ""),
    "no-process": ("其中没有流程“{seen}”", ""),
    "several-processes": ("共有 {count} 个流程，读取了“{seen}”", "请指定另一个，或分别读取。"),
    "not-supported": ("“{seen}”（{element}）在此没有对应的步骤，已略去", "请换一种画法，再重新读取。"),
    "done-by-hand": (
        "“{seen}”（{element}）改成了由发起人处理的任务",
        "请换成这里的步骤：set、create、notify、flow。",
    ),
    "nobody-named": ("“{seen}”没有指定由谁处理，改由发起人处理", "请指定处理人。"),
    "condition-to-check": ("请检查条件“{seen}”，它改写成了“{became}”", ""),
    "arrow-nowhere": ("箭头“{seen}”不对应“{of}”的任何出口", "请从有此出口的步骤画出。"),
    "exit-without-arrow": ("“{seen}”的出口“{exit}”不再有箭头", ""),
}
