"""What the designer of pools calls its options; what its actions say is called as in the designer of rules."""

from __future__ import annotations

from lowcode.kernel.definitions.designing import spoken

OPTIONS = spoken({
    "actions": "退回时同时执行 | Done when it goes back",
    "cool_down": "退回后多久内不能再领 | Not claimed again for",
    "date": "按日期退回 | Around a date",
    "enter": "进入公海时写入 | Values when it comes in",
    "form": "哪个表单的记录 | Records of the form",
    "holding": "最多同时持有 | Held at the same time at most",
    "holding_where": "哪些记录计入持有 | Which count as held",
    "inactive": "长期未动退回 | After nothing happened",
    "leave": "离开公海时写入 | Values when it goes out",
    "managers": "可分配和转移的角色（不受限额约束） | Roles that give them away and move them, without limits",
    "members": "可查看和领取的角色 | Roles that look into it and claim",
    "part": "所属功能块 | Part of the app",
    "per_day": "每人每天最多领取 | Claims of one person a day at most",
    "protect": "永不自动退回的记录 | Records that never go back by themselves",
    "reclaim": "自动退回 | What goes back by itself",
    "warn": "退回前提醒 | Done before it goes back",
    "view": "限定领取前可见的内容 | What members see before",
    "claim": "领取限额 | Limits",
    "claim.per_day": "每人每天最多领取 | Claims of one person a day at most",
    "view.fields": "领取前可见的字段 | Fields that are seen before",
    "view.per_day": "每人每天最多查看全部字段的条数 | Records one person opens a day at most",
})  # fmt: skip
