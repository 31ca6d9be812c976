"""What the steps of a flow are called: by their titles, and those without one by what they do. So nobody ever reads the
id of a step, wherever it is named: in pictures, tasks, notices, choices, statistics."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from lowcode.flows.words import KINDS
from lowcode.kernel.diagnostics import Text

SUBMITTED: Text = {"zh-CN": "提交", "en": "Submission"}
ENDS = {"approved": ("已同意", "Approved"), "rejected": ("已拒绝", "Rejected"), "completed": ("已完成", "Completed")}
"""What comes of an end, where it is one of the usual outcomes; others are words of the author."""

THROWN: dict[str, Text] = {
    "message": {"zh-CN": "发送消息", "en": "Message"},
    "escalation": {"zh-CN": "上报", "en": "Escalation"},
    "undo": {"zh-CN": "撤销已办", "en": "Undo"},
}
"""What a throw is called, where it throws no signal."""


def titles(nodes: Iterable[Mapping[str, Any]]) -> dict[str, Text]:
    """By step. Of several of a kind that have no title the second has a number, so that they can be told apart; ends
    are alike where the same comes of them, as are the starts of scopes. A title that only repeats the id is none."""
    met: Counter[str] = Counter()
    found: dict[str, Text] = {}
    for node in nodes:
        title = node.get("title")
        if not title or title == node["id"]:
            title = _of(node)
            met[str(title)] += node.get("type") not in ("start", "end")
            title = _numbered(title, met[str(title)])
        found[node["id"]] = title
    return found


def by_kind(kind: str, outcome: str = "ended") -> Text:
    """What a step of a kind is called; "" for one that a plug-in brought."""
    if kind != "end" or outcome == "ended":
        return KINDS[kind][1] if kind in KINDS else ""
    chinese, english = ENDS.get(outcome, (outcome, outcome))
    return {"zh-CN": f"结束：{chinese}", "en": f"End: {english}"}


def _of(node: Mapping[str, Any]) -> Text:
    kind = node.get("type", "")
    if kind == "start" and not node.get("in"):
        return SUBMITTED
    if kind == "throw":
        return next((text for what, text in THROWN.items() if node.get(what)), by_kind(kind))
    return by_kind(kind, str(node.get("error") or node.get("outcome") or "ended")) or str(node["id"])


def _numbered(title: Text, number: int) -> Text:
    if number < 2 or isinstance(title, str):
        return title
    return {language: f"{text} {number}" for language, text in title.items()}
