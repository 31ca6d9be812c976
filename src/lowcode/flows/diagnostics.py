"""The words of everything that can be wrong with a flow, as a document and while it runs."""

from __future__ import annotations

from typing import Any

from lowcode.kernel.diagnostics import Catalogue, Message, Problem, Text

MESSAGES = Catalogue(
    "flows",
    {
        "unknown-node": Message(
            "no node of this flow has the id '{seen}'", "An exit leads to a node that is not in the list `nodes`."
        ),
        "same-id": Message(
            "two nodes have the id '{seen}'",
            "Exits name nodes by their id, so an id stands for one node.",
            "Give one of them another id.",
        ),
        "no-start": Message(
            "the flow has no node of type 'start'",
            "A flow begins at its one start node.",
            'Add {{"id": "start", "type": "start", "to": "…"}} to the nodes.',
        ),
        "two-starts": Message(
            "the flow has more than one node of type 'start'",
            "A flow begins at its one start node.",
            "Keep one start; use a 'parallel' node where several things begin at once.",
        ),
        "start-is-a-target": Message(
            "an exit leads back to the start",
            "A start begins an instance and cannot be reached from inside it.",
            "Lead the exit to the node after the start.",
        ),
        "no-end": Message(
            "the flow has no node of type 'end'",
            "Without an end an instance runs for ever.",
            'Add {{"id": "end", "type": "end", "outcome": "approved"}} and lead an exit to it.',
        ),
        "unreachable": Message(
            "nothing leads to the node '{seen}'",
            "No path from the start reaches it, so it would never run.",
            "Lead an exit to it, or remove it.",
        ),
        "dead-end": Message(
            "from the node '{seen}' no end can be reached",
            "A token that comes here never leaves the flow.",
            "Lead one of its exits towards an end.",
        ),
        "join-without-split": Message(
            "the join '{seen}' has nothing to wait for: no parallel node starts two branches that meet in it",
            "A join waits until every incoming flow brought a token. Branches of a 'branch' node bring one only.",
            "Lead the exits straight to the next node, or split with a 'parallel' node before.",
        ),
        "join-never-complete": Message(
            "the join '{seen}' can wait for ever",
            "There is a way through the flow on which one of its incoming flows never brings a token.",
            'End that branch with an end that stops the flow ("stops": "flow"), or lead it to the join.',
        ),
        "tokens-multiply": Message(
            "every round through '{seen}' makes more tokens",
            "A parallel node lies on a loop without the join that takes its branches together.",
            "Join the branches before the flow goes back.",
        ),
        "endless-loop": Message(
            "the nodes {seen} can go round without anybody being asked",
            "No person, wait or end stands on this loop, so it would be walked until the limit stops it.",
            "Put an approval, a task or a wait on the loop.",
            severity="warning",
        ),
        "parallel-of-one": Message(
            "the parallel node '{seen}' has fewer than two branches",
            "A split into one does nothing.",
            "Give it a second exit, or remove it.",
        ),
        "unknown-field": Message(
            "the form '{form}' has no field '{seen}'", "A flow names a field that its form does not have."
        ),
        "not-files": Message(
            "'{seen}' does not hold files",
            "A step that prints keeps the file in an attachment field of the record.",
            "Name a field of type attachment.",
        ),
        "not-a-state": Message(
            "'{seen}' is not a state of the field '{field}'",
            "The flow begins when the field takes this value, and it never can.",
        ),
        "start-incomplete": Message(
            "a start on '{on}' needs {needs}",
            "Without it nothing says when an instance begins.",
            'Write for instance "on": "transition", "field": "stage", "to": "approving".',
        ),
        "start-too-much": Message(
            "a start on '{on}' does not use '{seen}'",
            "The key belongs to another way of starting.",
            'Remove it, or change "on".',
        ),
        "schedule-how": Message(
            "a schedule has one of 'cron', 'every' and 'at'",
            "Each of them says by itself when the flow begins.",
            'Write for instance {{"cron": "0 9 * * 1"}} for Mondays at nine.',
        ),
        "wrong-time": Message("'{seen}' is no time of the clock: {reason}", "Otherwise the flow would never begin."),
        "moves-what-it-keeps": Message(
            "the flow keeps the record where it is until it has ended, and sets '{seen}' itself",
            "With `leaving` on `refuse` the record does not leave the state in which the flow began while it runs.",
            'Let the field be moved after the flow, or write "leaving": "stop".',
        ),
        "not-a-scope": Message(
            "'{seen}' is not a scope or a handler of this flow",
            "`in` names the node of type 'scope' or 'handler' that a step belongs to.",
        ),
        "empty-scope": Message(
            "nothing begins in '{seen}'",
            "A scope and a handler begin at a start of their own.",
            'Add {{"id": "…", "type": "start", "in": "{seen}", "to": "…"}} to the nodes.',
        ),
        "inside-itself": Message(
            "'{seen}' lies inside itself", "A scope may be in another one, and never in one that is inside it."
        ),
        "other-level": Message(
            "'{seen}' does not belong to the same scope, or is a handler",
            "Arrows do not cross the border of a scope, and nothing leads to a handler.",
            "Lead to the scope, or let an end throw an error that is caught on it.",
        ),
        "catch-what": Message(
            "say exactly one thing that is caught, not {seen}",
            "An event is a message, a condition (`when`), a time (`after`), a signal, an error or an escalation.",
        ),
        "error-interrupts": Message(
            "an error always interrupts", "What failed does not go on.", 'Leave "interrupts" out.'
        ),
        "never-caught": Message(
            "a step that is over at once cannot catch a {seen}",
            "Only where a token rests can anything happen meanwhile; of the others only errors are caught.",
        ),
        "handler-of-what": Message(
            "a handler has an `event` that begins it, or says which step it `undoes`", "It has both or neither."
        ),
        "throw-what": Message(
            "exactly one thing is thrown, not {seen}",
            "A throw has one of `signal`, `message`, `escalation` and `undo`; an end at most one of `error`, "
            "`escalation` and `signal`.",
        ),
        "undoes-what": Message(
            "'{seen}' is not a step that can be undone here",
            "A handler undoes a step of its own scope, and a throw what has such a handler.",
        ),
        "undone-twice": Message("'{seen}' is undone by two handlers", "Each step has one handler that undoes it."),
        "link-cannot": Message(
            "a link cannot ask for what this step wants beside the answer: {seen}",
            "The page behind a link takes a decision and an opinion. Signatures, files, checklists and fields need the "
            "application.",
            "Leave `by_link` out, or what it cannot ask for.",
        ),
        "one-source": Message(
            "say in one way who is meant, not in {count} ({seen})",
            "An entry of a list of people is one source: user, role, manager_of, managers_of, department_head, "
            "members_of, field, expression, chosen_by.",
            "Write several entries instead.",
        ),
        "not-a-person": Message(
            "'{seen}' is {kind} and not a person",
            "Who is asked has to be a user, a set of users or, for a department head, a department.",
            "Name a field of type member, or an expression that is a person, such as owner.",
        ),
        "nobody-asked": Message(
            "nobody is named who could be asked at '{seen}'",
            "The list of people is empty.",
            'Add an entry such as {{"manager_of": "starter"}} or {{"role": "…"}}.',
        ),
        "decided-by": Message(
            "'{seen}' does not fit the mode '{mode}'", "Each mode has its own ways of being decided."
        ),
        "no-span": Message(
            "a span of time needs days, hours or minutes above zero",
            "Without a length the time is over at once.",
            'Write for instance {{"hours": 24}}.',
        ),
        "wait-for-what": Message(
            "a wait needs 'for', 'until' or 'events'",
            "Nothing says when it is over, or two things do.",
            'Write "for": {{"days": 1}} or "until": "an expression that is a date".',
        ),
        "not-a-date": Message(
            "'{seen}' is {kind} and not a date",
            "A wait ends at a date or at a date and time.",
            "Name a field of type date or datetime, or an expression that is one.",
        ),
        "fixed-field": Message(
            "the field '{seen}' is computed and cannot be set",
            "Formulas, roll-ups and serial numbers get their values from the application.",
            "Set the fields it is made of instead, or leave it out.",
        ),
        "nothing-set": Message(
            "the node '{seen}' sets nothing",
            "Its values are empty.",
            'Write "values": {{"field": "expression"}}.',
        ),
        "chosen-where": Message(
            "nobody can be picked here",
            "People are picked for a node where they are asked, and this list belongs to none.",
            "Name them in another way.",
        ),
        "leave-where": Message(
            "the deadline leaves the node, and it has no exit 'late'",
            "Nothing says where the flow goes on when time is up.",
            'Add "late": "id of a node".',
        ),
        "hand-to-whom": Message(
            "'hand_to' and the list `people` belong together",
            "Either nobody is named who takes over, or people are named and nothing is handed to them.",
            'Write {{"do": "hand_to", "people": [{{"role": "…"}}]}}.',
        ),
        "nothing-after": Message(
            "nothing comes after '{seen}'",
            "Once time has decided, the rungs behind are never reached.",
            "Put it last, and once.",
        ),
        "vote-passes": Message(
            "the mode '{mode}' and 'passes' do not fit together",
            "A vote needs to know when it passes, and no other mode uses it.",
            'Write "mode": "vote", "passes": {{"share": "2/3"}}.',
        ),
        "passes-how": Message(
            "a vote passes by 'count' or by 'share'",
            "Neither says how much agreement is enough, or both say it.",
            'Write {{"count": 2}} or {{"share": "2/3"}}.',
        ),
        "not-a-share": Message(
            "'{seen}' is not a part between 0 and 1",
            "A share is written as 2/3, 60% or 0.5.",
        ),
        "reviewer-cannot": Message(
            "a reviewer decides here, and the step asks for what only people give: {seen}",
            "A program cannot sign, add a file, tick a line or fill in a field for somebody.",
            "Leave `decides` out, so that it advises only, or do not ask for these.",
        ),
        "reviewer-no-time": Message(
            "the reviewer has no time to answer",
            "`within` says for how long its answer counts.",
            'Give it some: {{"minutes": 10}}.',
        ),
        "claim-mode": Message(
            "nothing can be claimed in the mode '{mode}'",
            "One person takes it for all only where one person is enough.",
            'Write "mode": "any", or leave "claim" out.',
        ),
        "due-twice": Message(
            "'due' and 'deadline' say the same thing",
            "A task has one time at which it is due.",
            "Keep 'deadline'.",
        ),
        "other-form": Message(
            "the flow '{flow}' is about the form '{form}', and this record is of '{seen}'",
            "A flow accompanies records of its own form only.",
            'Write "record": an expression that is a record of that form.',
        ),
        "one-record": Message(
            "a flow is begun for one 'record' or for 'each' of several, not both",
            "Nothing says which records are meant.",
            "Leave one of them out.",
        ),
        "no-link-here": Message(
            "the field '{seen}' is no link to '{form}'",
            "The records meant are those that link to the record of this flow.",
            "Name the link of that form that leads here.",
        ),
        "wait-where": Message(
            "a time and the exit 'to' belong together",
            "Where time ends a wait, 'to' says where it goes on; where only events do, each has its own exit.",
        ),
        "event-what": Message(
            "an event is either a 'message' or a condition 'when'",
            "Nothing says what is waited for, or two things do.",
        ),
        "same-check": Message(
            "two lines of the checklist are called '{seen}'",
            "What was ticked is kept by name, so a name stands for one line.",
            "Give one of them another name.",
        ),
        "return-where": Message(
            "'{seen}' is not a step that can be sent back to",
            "Sending back needs a step where people are asked, or starter, previous, any.",
        ),
    },
)

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
        "zh-CN": "此人已在本环节的处理人之列。",
        "en": "This person is asked at this step already.",
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
    "flows.nobody-found": {"zh-CN": "找不到处理人。", "en": "Nobody was found who could be asked."},
    "flows.no-branch": {
        "zh-CN": "没有符合条件的分支。",
        "en": "No condition of the branch holds, and it has no other way.",
    },
    "flows.too-many-steps": {
        "zh-CN": "流程未经任何人处理就走了 {limit} 步，已停止。",
        "en": "The flow went {limit} steps without asking anybody and was halted.",
    },
    "flows.not-foreseen": {
        "zh-CN": "该节点会执行“{operation}”，其结果无法预先得知。",
        "en": "What comes of this step is not known beforehand: it would do '{operation}'.",
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
