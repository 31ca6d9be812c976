"""The messages of `diagnostics` in Chinese: text and cure by key."""

from __future__ import annotations

CHINESE: dict[str, tuple[str, str]] = {
    "unknown-form": ("没有表单“{seen}”", ""),
    "unknown-key": ("在此之前没有键为“{seen}”的行", ""),
    "unknown-person": ("没有登录名为“{seen}”的人员", ""),
    "bad-time": ("“{seen}”不是时刻", '请写时与分，例如 {{"days": 3, "time": "14:30"}}。'),
    "refused": ("{reason}", "请修改此行，或表单对它的要求。"),
    "unknown-part": ("操作中没有“{seen}”这一部分", ""),
    "deed-refused": ("{reason}", "请换一个有权限的人来做，或修改所做的操作。"),
}
