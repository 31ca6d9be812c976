"""Word to people when somebody changes what a flow would do by itself: to those from whom a to-do is taken, and to the
starter where an administrator stepped in. What a person is asked anew is told by the step that asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from lowcode.flows import run
from lowcode.flows.run.people import people_of

if TYPE_CHECKING:
    from lowcode.flows.operations.drive import Walk

WORDS: dict[str, dict[str, str]] = {
    "answered": {"zh-CN": "您征求的意见已有答复", "en": "The opinion you asked for is there"},
    "cancelled": {"zh-CN": "流程已被终止", "en": "The flow was ended"},
    "handed_on": {"zh-CN": "待办已转给其他人", "en": "Your task went to somebody else"},
    "jumped": {"zh-CN": "流程已跳转到其他节点", "en": "The flow was put at another step"},
    "late": {"zh-CN": "已超时，待办由系统处理", "en": "Time was up: your task went on without you"},
    "removed": {"zh-CN": "您已被减签，无需处理", "en": "You are no longer asked"},
    "sent_back": {"zh-CN": "流程已驳回，无需您处理", "en": "It was sent back: nothing for you to do any more"},
    "resumed": {"zh-CN": "流程已恢复，可以继续处理", "en": "The flow was resumed and goes on"},
    "step_added": {"zh-CN": "流程增加了一个节点", "en": "A step was added to the flow"},
    "step_removed": {"zh-CN": "流程撤去了增加的节点", "en": "The step that was added was taken out"},
    "suspended": {"zh-CN": "流程已挂起，暂停处理", "en": "The flow was suspended: nothing to do until it is resumed"},
    "taken_back": {"zh-CN": "对方已拿回，无需您处理", "en": "It was taken back: nothing for you to do any more"},
    "voided": {"zh-CN": "流程已作废", "en": "The flow was voided"},
    "withdrawn": {
        "zh-CN": "发起人已撤回，无需您处理",
        "en": "The starter took it back: nothing for you to do any more",
    },
    "woken_up": {"zh-CN": "流程已被唤醒", "en": "The flow goes on again"},
}


def asked_now(state: run.State) -> set[int]:
    """Everybody who may answer now."""
    return {person for token in state.tokens for person in people_of(token.seats)}


def released(walk: Walk, before: set[int], what: str, opinion: str | None) -> None:
    """Those who were asked and are not any more."""
    tell(walk, sorted(before - asked_now(walk.state)), what, opinion)


def tell(walk: Walk, people: Iterable[int | None], what: str, opinion: Any) -> None:
    """Say to people what was done, once each; whoever did it knows."""
    context = walk.context
    to = dict.fromkeys(each for each in people if each is not None and each != context.actor.id)
    key = f"{what}:{walk.state.next_number}:{context.now().isoformat()}"
    walk.work().notify(to, WORDS[what], opinion or walk.row["subject"], key, step=what)
