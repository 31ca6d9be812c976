"""What people may do with a flow is called, what it means for them, and how it is said that it was done."""

from __future__ import annotations

from collections.abc import Mapping

Pair = tuple[str, str]

TITLES: dict[str, Pair] = {
    "approve": ("Approve", "同意"),
    "reject": ("Reject", "拒绝"),
    "complete": ("Done", "完成"),
    "abstain": ("Abstain", "弃权"),
    "resubmit": ("Submit again", "重新提交"),
    "flows.send_back": ("Send back", "驳回"),
    "flows.transfer": ("Hand on", "转办"),
    "flows.delegate": ("Delegate", "委派"),
    "flows.add_signer": ("Ask more people", "加签"),
    "flows.remove_signer": ("Take a signer out", "减签"),
    "flows.remove_signer.delegate": ("Take the delegation back", "收回委派"),
    "flows.remove_signer.consult": ("Ask no longer", "取消沟通"),
    "flows.append": ("Ask more people afterwards", "追加"),
    "flows.consult": ("Ask for an opinion", "沟通"),
    "flows.copy": ("Send a copy", "抄送"),
    "flows.claim": ("Take it", "认领"),
    "flows.give_back": ("Give it back", "退回认领"),
    "flows.save_draft": ("Save a draft", "暂存"),
    "flows.take_back": ("Take my answer back", "拿回"),
    "flows.read": ("Mark as read", "已阅"),
    "flows.urge": ("Urge", "催办"),
    "flows.withdraw": ("Take the flow back", "撤回"),
    "flows.cancel": ("Cancel the flow", "终止"),
    "flows.jump": ("Jump", "跳转"),
    "flows.wake_up": ("Wake up", "唤醒"),
    "flows.suspend": ("Suspend", "挂起"),
    "flows.resume": ("Resume", "恢复"),
    "flows.suspend.several": ("Suspend those that run", "批量挂起"),
    "flows.resume.several": ("Resume those that are suspended", "批量恢复"),
    "flows.retry": ("Try again", "重试"),
    "flows.retry_many": ("Try all again", "全部重试"),
    "flows.choose": ("Pick people", "选择处理人"),
    "flows.start": ("Start", "发起"),
    "flows.message": ("It has happened", "触发"),
    "flows.add_step": ("Add a step", "增加节点"),
    "flows.remove_step": ("Take out the added step", "撤去增加的节点"),
    "skip": ("Skip the step", "跳过此节点"),
    "end": ("The end", "结束"),
    "onward": ("Goes on with", "继续到"),
    "opinion": ("Opinion", "意见"),
    "person": ("Person", "人员"),
    "people": ("People", "人员"),
    "position": ("When", "位置"),
    "before": ("Before me", "前加签"),
    "beside": ("Beside me", "并签"),
    "next": ("Afterwards", "后续追加"),
    "to": ("Back to", "退回到"),
    "step": ("Step", "节点"),
    "after": ("Behind", "在此节点之后"),
    "title": ("What it is called", "节点名称"),
    "kind": ("What is asked for", "办理方式"),
    "approval": ("Approval", "审批"),
    "work": ("Something to do", "办理"),
    "mode": ("Of several people", "多人时"),
    "all": ("Everybody", "会签（全部）"),
    "any": ("One of them", "或签（一人）"),
    "in_order": ("One after the other", "依次"),
    "resume": ("After that", "重新提交后"),
    "again": ("Every step again", "逐级重新审批"),
    "refuser": ("Straight back to me", "直接回到本节点"),
    "added": ("Then ask", "后加签"),
    "checked": ("Checklist", "检查清单"),
    "signature": ("Signature", "签名"),
    "files": ("Files", "附件"),
    "chosen": ("Who is asked next", "下一步处理人"),
    "version": ("Which of them", "范围"),
    "every": ("All that run", "全部运行中"),
    "current": ("Of the version of now", "当前版本"),
    "older": ("Of earlier versions", "旧版本"),
    "where": ("Only where (an expression over the record)", "仅限满足条件的记录（表达式）"),
    "event": ("What has happened", "发生的事件"),
    "outcome": ("How it ends", "结束方式"),
    "cancelled": ("Ended: it is not pursued", "终止：不再继续办理"),
    "voided": ("Voided: it does not count", "作废：视为无效"),
}


HELP: dict[str, Pair] = {
    "approve": ("You agree. Once enough people have, it goes on.", "您同意。达到通过条件后，流程继续。"),
    "reject": ("You refuse. What follows is what the flow does then.", "您不同意。之后按流程设定的拒绝去向处理。"),
    "complete": ("What you were asked for is done; it goes on.", "所要求的事项已办完，流程继续。"),
    "resubmit": ("It is right now; it goes on its way again.", "已修改完毕，重新提交审批。"),
    "abstain": ("You vote neither for nor against.", "您既不赞成也不反对。"),
    "flows.send_back": (
        "It goes back to an earlier step to be put right, and comes through here again.",
        "退回到之前的节点修改，修改后重新提交审批。",
    ),
    "flows.transfer": (
        "The other person decides in your place, for good; it does not come back to you.",
        "由对方代替您处理，之后不再回到您这里。",
    ),
    "flows.delegate": (
        "The other person gives an answer first; then it comes back and you decide.",
        "先由对方给出意见，再回到您这里由您决定。",
    ),
    "flows.add_signer": (
        "More people have to decide here: before you, or at the same time.",
        "本节点增加处理人：在您之前，或与您同时处理。",
    ),
    "flows.append": (
        "Once this step has agreed, these people are asked too, one after the other.",
        "本节点通过后，再由这些人依次处理。",
    ),
    "flows.remove_signer": ("The person is no longer asked here.", "此人不再参与本节点的处理。"),
    "flows.remove_signer.delegate": ("They are no longer asked; it is yours again.", "对方不再处理，由您继续处理。"),
    "flows.remove_signer.consult": ("They are no longer asked for an opinion.", "不再征求此人的意见。"),
    "flows.consult": (
        "They tell you what they think; you may decide before they do.",
        "请对方给出意见；您可以不等答复就作出决定。",
    ),
    "flows.copy": ("They get it to read. Nothing waits for them.", "发给对方阅知，流程不等待对方。"),
    "flows.claim": ("You take it on; it leaves the lists of the others.", "由您处理，其他人的待办中不再显示。"),
    "flows.give_back": ("Everybody who was asked may take it again.", "退回后，所有候选人都可以再次认领。"),
    "flows.save_draft": (
        "Kept for you alone until you decide; nothing is sent.", "仅保存给您自己，直到您处理为止，不会提交。",
    ),
    "flows.take_back": (
        "Your answer is undone, while nobody has acted on it. You are asked again.",
        "撤销您的处理，仅在后续无人处理时可以；之后由您重新处理。",
    ),
    "flows.read": (
        "It leaves your list; whoever sent it sees that you have read it.", "从列表中移除，发送人可看到您已阅。",
    ),
    "flows.urge": ("Everybody who is asked now gets a notice.", "向当前所有处理人发送提醒。"),
    "flows.withdraw": (
        "It ends and nobody is asked any more; you can change it and start again.",
        "流程结束，不再需要他人处理；您可以修改后重新发起。",
    ),
    "flows.cancel": (
        "It ends here for everybody; those asked and the starter are told.", "流程就此结束，并通知当前处理人和发起人。",
    ),
    "flows.jump": (
        "It stands at that step from now on; those who were asked are told.", "流程改为停在所选节点，并通知原处理人。",
    ),
    "flows.wake_up": ("It goes on at that step although it has ended.", "已结束的流程从所选节点继续。"),
    "flows.suspend": (
        "It stands still: nobody can decide, no time runs out and nothing goes on until it is resumed. Those asked "
        "and the starter are told.",
        "流程暂停：恢复之前任何人都不能处理，到时的事项也不执行。将通知当前处理人和发起人。",
    ),
    "flows.resume": (
        "It goes on; what has come due meanwhile is done now, once.",
        "流程继续；挂起期间到时的事项现在执行一次。",
    ),
    "flows.suspend.several": (
        "All that are chosen stand still until they are resumed; those asked and the starters are told.",
        "所选流程全部暂停，直到恢复为止；将通知当前处理人和发起人。",
    ),
    "flows.resume.several": (
        "All that are chosen go on; what has come due meanwhile is done now, once.",
        "所选流程全部继续；挂起期间到时的事项现在执行一次。",
    ),
    "flows.retry": ("What is stuck is tried once more as things are now.", "按目前的数据再试一次停滞的节点。"),
    "flows.retry_many": (
        "Everything that is stuck is tried once more as things are now; what is stuck still says why.",
        "按目前的数据重试全部停滞的流程；仍然停滞的会说明原因。",
    ),
    "flows.choose": ("You say who is asked at steps to come.", "指定后续节点由谁处理。"),
    "flows.message": (
        "What the flow waits for has happened: it goes on.", "告知流程所等待的事件已发生，流程随即继续。",
    ),
    "flows.add_step": (
        "One more step, for this instance only: it comes behind the one chosen.",
        "只为本次流程在所选节点之后增加一个节点。",
    ),
    "flows.remove_step": ("The flow goes on without the step that was added.", "流程不再经过增加的节点。"),
    "skip": ("The step is left as though it were done.", "按已完成处理，直接进入后续节点。"),
}  # fmt: skip
"""What it means for whoever does it, by what it is called."""

DONE: dict[str, Pair] = {
    "approve": ("Approved", "已同意"),
    "reject": ("Rejected", "已拒绝"),
    "complete": ("Done", "已完成"),
    "abstain": ("Abstained", "已弃权"),
    "resubmit": ("Submitted again", "已重新提交"),
    "flows.send_back": ("Sent back", "已驳回"),
    "flows.transfer": ("Handed on", "已转办"),
    "flows.delegate": ("Delegated", "已委派"),
    "flows.add_signer": ("They are asked now", "已加签"),
    "flows.append": ("They are asked after this step", "已追加"),
    "flows.remove_signer": ("No longer asked", "已减签"),
    "flows.remove_signer.delegate": ("It is yours again", "已收回委派"),
    "flows.remove_signer.consult": ("No longer asked", "已取消沟通"),
    "flows.consult": ("They were asked for an opinion", "已征求意见"),
    "flows.copy": ("A copy was sent", "已抄送"),
    "flows.claim": ("It is yours now", "已认领"),
    "flows.give_back": ("Given back", "已退回认领"),
    "flows.save_draft": ("Kept as a draft", "已暂存"),
    "flows.take_back": ("Taken back", "已拿回"),
    "flows.read": ("Marked as read", "已阅"),
    "flows.urge": ("They were urged", "已催办"),
    "flows.withdraw": ("Taken back", "已撤回"),
    "flows.cancel": ("The flow was ended", "流程已结束"),
    "flows.jump": ("It stands there now", "已跳转"),
    "flows.wake_up": ("It goes on again", "已唤醒"),
    "flows.suspend": ("Suspended", "已挂起"),
    "flows.resume": ("Resumed", "已恢复"),
    "flows.suspend.several": ("Suspended", "已挂起"),
    "flows.resume.several": ("Resumed", "已恢复"),
    "flows.retry": ("Tried again", "已重试"),
    "flows.retry_many": ("Tried again", "已重试"),
    "flows.choose": ("Picked", "已选定"),
    "flows.message": ("The flow was told", "已触发"),
    "flows.add_step": ("The step was added", "已增加节点"),
    "flows.remove_step": ("The step was taken out", "已撤去节点"),
    "skip": ("Skipped", "已跳过"),
}
"""How it is said that it was done."""


def words(key: str, of: Mapping[str, Pair] = TITLES) -> dict[str, str]:
    """What something is called, in every language; or what else is said of it."""
    en, zh = of[key]
    return {"en": en, "zh-CN": zh}
