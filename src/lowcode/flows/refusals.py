"""What a person is told when something of a running flow is refused or stuck."""

from __future__ import annotations

from typing import Any

from lowcode.kernel.diagnostics import Problem, Text

WORDS: dict[str, Text] = {
    "flows.stale": {
        "zh-CN": "该事项已被处理或已取消，请刷新后再试。",
        "en": "This has been dealt with already, or is no longer needed. Refresh to see the present state.",
    },
    "flows.request-differs": {
        "zh-CN": "该 request 已用于另一次请求；重复同一请求时参数须完全相同，新的请求请换一个值。",
        "en": "This 'request' stood for something else before. Repeat it as it was, or give what is new another one.",
    },
    "flows.not-a-decision-here": {"zh-CN": "此环节不能作出这种处理。", "en": "This decision is not possible here."},
    "flows.unknown-exit": {"zh-CN": "该节点没有这个出口。", "en": "The node has no such exit."},
    "flows.asked-already": {
        "zh-CN": "{person} 已在本环节的处理人之列。",
        "en": "{person} is asked at this step already.",
    },
    "flows.not-yours": {"zh-CN": "该事项不是由您处理的。", "en": "This is for somebody else to decide."},
    "flows.no-such-task": {"zh-CN": "没有这个待办事项。", "en": "There is no such task."},
    "flows.no-such-instance": {"zh-CN": "没有这个流程实例。", "en": "There is no such flow instance."},
    "flows.no-such-flow": {"zh-CN": "没有流程“{flow}”。", "en": "There is no flow '{flow}'."},
    "flows.no-such-person": {
        "zh-CN": "没有这个人员，或已停用。",
        "en": "There is no such person, or they are no longer active.",
    },
    "flows.not-by-hand": {"zh-CN": "该流程不能手动发起。", "en": "This flow is not started by hand."},
    "flows.may-not-start": {"zh-CN": "您没有发起该流程的权限。", "en": "You may not start this flow."},
    "flows.work-left": {
        "zh-CN": "“{flow}”尚未完成，不能离开当前阶段。",
        "en": "'{flow}' has to be finished before it goes on.",
    },
    "flows.not-into-scope": {
        "zh-CN": "不能直接跳入子流程内部的节点。",
        "en": "It cannot be put into the middle of a scope.",
    },
    "flows.other-scope-there": {
        "zh-CN": "“{node}”在新版本中属于另一个子流程。",
        "en": "'{node}' belongs to another scope in the new version.",
    },
    "flows.no-link-here": {
        "zh-CN": "该步骤不能通过链接处理。",
        "en": "This step cannot be decided by a link.",
    },
    "flows.no-such-link": {"zh-CN": "链接无效。", "en": "There is no such link."},
    "flows.link-used": {"zh-CN": "该链接已使用过。", "en": "This link has been used."},
    "flows.link-expired": {
        "zh-CN": "该链接已过期，请登录系统处理。",
        "en": "This link has expired; please sign in.",
    },
    "flows.running-already": {
        "zh-CN": "该记录已有同一流程在进行中。",
        "en": "This flow is running for the record already.",
    },
    "flows.opinion-required": {"zh-CN": "请填写意见。", "en": "Please write an opinion."},
    "flows.field-not-editable": {
        "zh-CN": "本环节不能修改字段“{field}”。",
        "en": "The field '{field}' cannot be changed at this step.",
    },
    "flows.record-locked": {
        "zh-CN": "审批进行中，记录已锁定。",
        "en": "The record is locked while it is being approved.",
    },
    "flows.too-late-to-withdraw": {
        "zh-CN": "已有人处理，不能再撤回。",
        "en": "Somebody has decided already; it cannot be withdrawn.",
    },
    "flows.only-starter": {"zh-CN": "只有发起人可以撤回。", "en": "Only the person who started it may withdraw it."},
    "flows.never-withdrawn": {"zh-CN": "该流程不允许撤回。", "en": "This flow cannot be withdrawn."},
    "flows.last-one": {
        "zh-CN": "至少要保留一位处理人。",
        "en": "Somebody has to be left who decides.",
    },
    "flows.touched-since": {
        "zh-CN": "后续步骤已有人处理，不能拿回。",
        "en": "Somebody has acted on what followed; it cannot be taken back.",
    },
    "flows.written-since": {
        "zh-CN": "流程已写入后续数据，不能拿回。",
        "en": "The flow has written something since; it cannot be taken back.",
    },
    "flows.changed-since": {
        "zh-CN": "驳回之后单据已被修改，不能拿回；请等待重新提交。",
        "en": "The record was changed since; the refusal cannot be taken back. Wait until it is submitted again.",
    },
    "flows.took-others": {
        "zh-CN": "该驳回已撤下其他分支的待办，不能拿回；请等待重新提交。",
        "en": "The refusal took other branches away; it cannot be taken back. Wait until it is submitted again.",
    },
    "flows.not-visited": {
        "zh-CN": "流程没有经过该节点，不能退回到那里。",
        "en": "The flow did not come through that step, so it cannot be sent back there.",
    },
    "flows.may-not-return": {
        "zh-CN": "本环节不能退回到那里。",
        "en": "It cannot be sent back there from this step.",
    },
    "flows.not-permitted": {
        "zh-CN": "本环节不允许这种操作。",
        "en": "This step does not permit that.",
    },
    "flows.not-added-by-you": {
        "zh-CN": "只能减去由您加签的人。",
        "en": "Only people whom you added can be taken out.",
    },
    "flows.field-required": {"zh-CN": "请填写“{field}”。", "en": "Please fill in '{field}'."},
    "flows.not-checked": {"zh-CN": "检查清单还有未完成的项：{title}", "en": "Still to be ticked: {title}"},
    "flows.no-such-check": {"zh-CN": "检查清单没有“{name}”这一项。", "en": "The checklist has no line '{name}'."},
    "flows.signature-required": {"zh-CN": "请签名。", "en": "Please sign."},
    "flows.attachment-required": {"zh-CN": "请添加附件。", "en": "Please add a file."},
    "flows.no-such-file": {"zh-CN": "没有该附件。", "en": "There is no such file."},
    "flows.urged-already": {
        "zh-CN": "刚刚已催办，请于 {at} 后再试。",
        "en": "They were urged a short while ago; try again after {at}.",
    },
    "flows.nothing-chosen": {
        "zh-CN": "该节点的处理人不由您选择。",
        "en": "The people of that step are not yours to pick.",
    },
    "flows.not-among": {
        "zh-CN": "所选人员不在可选范围内。",
        "en": "Somebody picked is not among those who may be picked.",
    },
    "flows.still-running": {"zh-CN": "该流程还在进行中。", "en": "The flow is still running."},
    "flows.would-be-stuck": {
        "zh-CN": "跳转后流程将无法结束（节点：{nodes}）。",
        "en": "From there the flow could not end any more (nodes: {nodes}).",
    },
    "flows.may-not-send": {"zh-CN": "您无权发送消息“{name}”。", "en": "You may not send the message '{name}'."},
    "flows.another-message": {
        "zh-CN": "消息标识“{id}”已用于内容不同的消息“{name}”；请换一个标识，或按原内容重发。",
        "en": "You sent '{name}' with the id '{id}' and another body; give this one its own id, or send the same.",
    },
    "flows.too-many-messages": {
        "zh-CN": "该记录的流程“{flow}”已保留 {most} 条消息“{name}”；请待部分消息被接收或过期后再发送。",
        "en": "{most} messages '{name}' wait for '{flow}' of this record; send it when some are taken or expired.",
    },
    "flows.blank-comment": {"zh-CN": "请先填写评论内容。", "en": "Write something first."},
    "flows.may-not-see": {
        "zh-CN": "{person} 看不到该流程，无法提到；可先抄送给 TA。",
        "en": "{person} does not see this flow and cannot be mentioned; send them a copy first.",
    },
    "flows.suspended": {
        "zh-CN": "流程已挂起，恢复之前不能处理。",
        "en": "The flow is suspended; nothing can be done in it until it is resumed.",
    },
    "flows.part-off": {
        "zh-CN": "该流程所属的功能块已停用；重新启用后可继续处理。",
        "en": "The part of the app this flow belongs to is switched off; it goes on when the part is on again.",
    },
    "flows.not-suspended": {"zh-CN": "该流程没有挂起。", "en": "The flow is not suspended."},
    "flows.held-sealed": {
        "zh-CN": "流程挂起期间于 {at} 收到的内容用本机没有的密钥加密，无法打开；流程仍保持挂起，内容均未丢失。"
        "请把当时的密钥（{secret}，或文件目录中的 {file}）还给服务器后再恢复；"
        "若密钥已永久丢失，请终止流程，再从需要的节点唤醒。",
        "en": "What came at {at}, while the flow was suspended, is sealed with a key that this server does not have; "
        "it stays suspended and nothing is lost. Give the server that key again ({secret}, or the file {file} beside "
        "its files) and resume it; if the key is gone for good, end the flow and wake it up at the step you want.",
    },
    "flows.value-sealed": {
        "zh-CN": "记录中有用本机没有的密钥加密的值，流程无法读取，停在此处。"
        "请把当时的密钥（{secret}）还给服务器，然后重试；或跳过此节点。",
        "en": "A value of the record is encrypted with a key that this server does not have, so the flow cannot read "
        "it and stands here. Give the server that key again ({secret}) and try again, or skip the step.",
    },
    "flows.too-many-held": {
        "zh-CN": "流程已挂起，已为其留存 {most} 条消息；请待流程恢复后再发送“{name}”。",
        "en": "The flow is suspended and {most} messages are held for it; send '{name}' again when it is resumed.",
    },
    "flows.migrated-already": {
        "zh-CN": "该流程已由他人迁移到当前版本，请刷新后查看。",
        "en": "Somebody else has moved this flow to the version of now already. Refresh to see the present state.",
    },
    "flows.suspended-already": {"zh-CN": "该流程已经挂起。", "en": "The flow is suspended already."},
    "flows.which-instances": {
        "zh-CN": "请指明一个流程实例（instance），或按 instances、flow 选择多个。",
        "en": "Say which: one `instance`, several `instances`, or those of a `flow`.",
    },
    "flows.only-of-a-flow": {
        "zh-CN": "“{name}”只能在某个流程的实例中选择；请同时指明流程（flow）。",
        "en": "`{name}` chooses among the instances of a flow; say which `flow`.",
    },
    "flows.no-such-version": {
        "zh-CN": "流程“{flow}”没有以版本“{version}”运行的实例。",
        "en": "No instance of '{flow}' runs under the version '{version}'; say `current`, `older`, or a digest.",
    },
    "flows.blank-record": {"zh-CN": "子流程的记录为空。", "en": "The record of the flow to begin is blank."},
    "flows.no-such-node": {"zh-CN": "没有节点“{node}”。", "en": "There is no node '{node}'."},
    "flows.no-step-after": {
        "zh-CN": "“{node}”没有唯一的后续，不能在其后增加节点。",
        "en": "'{node}' does not go on by one way, so no step can be put behind it.",
    },
    "flows.no-refusal": {
        "zh-CN": "该流程没有拒绝的去向，只能增加办理节点。",
        "en": "Nothing in this flow says where a refusal leads; add a task instead.",
    },
    "flows.step-behind": {
        "zh-CN": "该位置已经走过，增加的节点不会被执行。",
        "en": "The flow is past that place, so a step there would never be walked.",
    },
    "flows.step-impossible": {
        "zh-CN": "增加节点后的流程不成立：{reason}",
        "en": "The flow would not hold with this step: {reason}",
    },
    "flows.not-added": {
        "zh-CN": "“{node}”不是运行中增加的节点，不能撤去。",
        "en": "'{node}' belongs to the flow; only a step that was added can be taken out.",
    },
    "flows.stands-there": {
        "zh-CN": "流程正停在“{node}”，不能撤去。",
        "en": "The flow stands at '{node}', so it cannot be taken out now.",
    },
    "flows.no-such-node-there": {
        "zh-CN": "新版本没有与“{node}”对应的节点。",
        "en": "The new version has no node for '{node}'; say which one takes its place.",
    },
    "flows.no-such-way-there": {
        "zh-CN": "新版本的汇聚节点没有与“{node}”的入口对应的分支。",
        "en": "A token waits at '{node}', and no way into that join corresponds to the one it came by.",
    },
    "flows.not-a-join-there": {
        "zh-CN": "“{node}”处有等待汇聚的分支，新节点不是汇聚节点。",
        "en": "A token waits for others at '{node}', and the new node is not a join.",
    },
    "flows.nobody-rests-there": {
        "zh-CN": "“{node}”的新节点不能停留。",
        "en": "Nothing can rest at the new node of '{node}'.",
    },
    "flows.other-answers-there": {
        "zh-CN": "“{node}”的新节点要求的答复不同，无法保留已有的处理。",
        "en": "The new node of '{node}' asks for other answers, so those that were given cannot be kept.",
    },
    "flows.other-kind-there": {
        "zh-CN": "“{node}”的新节点类型不同。",
        "en": "The new node of '{node}' is of another kind.",
    },
    "flows.reviewer-silent": {
        "zh-CN": "审批助手未能回答：{reason}",
        "en": "The reviewer could not answer: {reason}",
    },
    "flows.not-stuck": {"zh-CN": "该流程没有停滞的节点。", "en": "Nothing of this flow is stuck."},
    "flows.join-incomplete": {
        "zh-CN": "汇聚节点等不到其余分支。",
        "en": "A join waits for a branch that never comes.",
    },
    "flows.called-erred": {
        "zh-CN": "被调用的流程以错误结束，而这里没有捕获该错误的地方。可在该节点或其外层捕获（on.error），"
        "或为节点指定 rejected；也可重试，或由管理员选择出口继续。",
        "en": "The flow that was called ended with an error, and nothing here catches it. Catch it on this step or "
        "around it (on.error), or give the step `rejected`; or try again, or go on by an exit.",
    },
    "flows.nobody-found": {"zh-CN": "找不到处理人。", "en": "Nobody was found who could be asked."},
    "flows.no-branch": {
        "zh-CN": "没有符合条件的分支。",
        "en": "No condition of the branch holds, and it has no other way.",
    },
    "flows.too-many-steps": {
        "zh-CN": "流程未经任何人处理就走了 {limit} 步，已停止。",
        "en": "The flow went {limit} steps without asking anybody and was halted.",
    },
    "flows.request-refused": {
        "zh-CN": "{asked} 未办成：{reason}",
        "en": "{asked} was refused: {reason}",
    },
    "flows.other-request-there": {
        "zh-CN": "“{node}”正在等待外部系统的答复，新版本的该节点请求的是别的操作。",
        "en": "'{node}' waits for another program's answer, and in the new version it asks for something else.",
    },
    "flows.not-foreseen": {
        "zh-CN": "该节点会执行“{operation}”，其结果无法预先得知。",
        "en": "What comes of this step is not known beforehand: it would do '{operation}'.",
    },
    "flows.too-many-records": {
        "zh-CN": "该步骤涉及“{form}”的 {count} 条记录，上限为 {most} 条，未执行任何操作。"
        "请收窄步骤的条件，或改由规则分批处理。",
        "en": "This step means {count} records of '{form}', and may {most}: nothing was done. Narrow its condition, or "
        "let a rule do it in pieces.",
    },
    "flows.own-record": {
        "zh-CN": "该操作会删除流程自身的记录，未执行任何操作。请在流程结束后再删除，例如改由规则执行。",
        "en": "This would delete the record that the flow is about: nothing was done. Delete it when the flow has "
        "ended, by a rule for example.",
    },
    "flows.record-gone": {"zh-CN": "该流程的记录已不存在。", "en": "The record of this flow is gone."},
    "flows.blank-date": {"zh-CN": "等待节点的日期为空。", "en": "The date the flow should wait for is blank."},
    "flows.version-unreadable": {
        "zh-CN": "该流程发起时的版本与现在的应用不再相容：{reason}",
        "en": "The version this instance began under no longer fits the application: {reason}",
    },
}
"""What a person is told when something is refused or stuck, by code."""


def problem(code: str, pointer: str = "", **values: Any) -> Problem:
    """A reason for a refusal, in the words of its code."""
    return Problem(code, WORDS[code], pointer, values)
