"""What a person may do now, described so that a page can offer it without knowing it: the operation, the parameters
that are given, and those that the person fills in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lowcode.flows import run
from lowcode.flows.nodes.kind import Hindered
from lowcode.flows.operations import store
from lowcode.flows.operations.deeds import message_title
from lowcode.flows.operations.listening import listening
from lowcode.flows.operations.sayings import DONE, HELP, words
from lowcode.flows.operations.standing import titled
from lowcode.flows.plan import ADDED, FlowPlan, Node, way_on
from lowcode.flows.run.people import sent_back_from, targets
from lowcode.flows.run.seating import handed_to
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import localized
from lowcode.kernel.identity import org

Row = Mapping[str, Any]
Action = dict[str, Any]


def field(
    name: str, kind: str, *, required: bool = False, options: Any = None, title: Any = None, usual: str | None = None
) -> Action:  # fmt: skip
    """A parameter that the person fills in. `kind` is text, person, people, choice, checklist, files or signature;
    `usual` the choice that counts when none is made."""
    found: Action = {"name": name, "kind": kind, "title": title or words(name), "required": required}
    if options is not None:
        found["options"] = options
    if usual is not None:
        found["usual"] = usual
    return found


def action(operation: str, fixed: Mapping[str, Any], *fields: Action, title: str = "", danger: bool = False) -> Action:
    """Something that may be done: what it is called, what it means for whoever does it (`help`), and how it is said
    that it was (`done`)."""
    key = title or operation
    return {
        "operation": operation,
        "title": words(key),
        "help": words(key, HELP),
        "done": words(key, DONE),
        "fixed": dict(fixed),
        "parameters": list(fields),
        "danger": danger,
    }


def ending(fixed: Mapping[str, Any]) -> Action:
    """Ending an instance: 终止, or 作废, which says of the matter itself that it does not count."""
    ways = [{"name": each, "title": words(each)} for each in ("cancelled", "voided")]
    return action(
        "flows.cancel",
        fixed,
        field("outcome", "choice", options=ways, usual="cancelled"),
        field("opinion", "text"),
        danger=True,
    )


def of_task(context: Context, task: Row) -> list[Action]:
    """What the person may do with a task: decide it, or let others."""
    mine = task["person"] == context.actor.id
    if task["kind"] == "copy":
        return [action("flows.read", {"task": task["id"]})] if mine and task["state"] == "open" else []
    row = context.unit.one(store.INSTANCE, instance_id=task["instance"])
    plan = _plan(context, row)
    node = plan.nodes.get(task["node"]) if plan is not None else None
    if row is None or plan is None or node is None or row["running"] is None:
        return []
    state = run.from_json(row["tokens"])
    token = state.token(task["token"])
    fixed = {"task": task["id"]}
    opinion = field("opinion", "text")
    still = row["suspended_at"] is not None
    if mine and not still and "take_back" in node.permits and _to_be_taken_back(context, task, state):
        return [action("flows.take_back", fixed, opinion)]
    may = mine or context.actor.is_administrator
    if still:  # it can be written, and is sent when the flow goes on
        kept = mine and task["state"] == "open" and token is not None
        return [action("flows.save_draft", fixed, opinion)] if kept else []
    if token is None or not may or task["state"] not in ("open", "waiting"):
        return []
    if task["state"] == "waiting":
        return _added_by(context, token, node, task)
    found = [*_decisions(task, node, plan), *_back(context, plan, node, token, task)] if mine else []
    found += [*_others(token, node, task), *_added_by(context, token, node, task)]
    if "add_step" in node.permits or context.actor.is_administrator:
        found += _adding(context, plan, row, (node.id,))
    return [*found, action("flows.save_draft", fixed, opinion)] if mine else found


def _to_be_taken_back(context: Context, task: Row, state: run.State) -> bool:
    """Whether an answer, or a task handed on, may be asked back; what became of it since is looked at then."""
    token = state.token(task["token"])
    if task["state"] == "done" and task["decision"] == "return":
        sent = sent_back_from(state.tokens, task["token"])
        return sent is not None and sent.refused is not None and not sent.refused.took_others
    if task["state"] == "done":
        return not task["reason"]
    found = handed_to(token.seats, task["seat"]) if token is not None else None
    return task["reason"] == "transferred" and found is not None and store.handed_by(context, task, found.number)


def described(context: Context, task: Row) -> dict[str, Any]:
    """What the step says of itself: how it is done, and its checklist with what was ticked."""
    row = context.unit.one(store.INSTANCE, instance_id=task["instance"])
    plan = _plan(context, row)
    node = plan.nodes.get(task["node"]) if plan is not None else None
    if node is None:
        return {"help": None, "checklist": []}
    done = set(task["checked"] or ())
    lines = [
        {"name": each.name, "title": each.title, "required": each.required, "done": each.name in done}
        for each in node.checklist
    ]
    return {"help": localized(node.help, context.actor.locale) or None, "checklist": lines}


def _plan(context: Context, row: Row | None) -> FlowPlan | None:
    if row is None:
        return None
    flows: Any = context.app.plans["flows"]
    try:
        found: FlowPlan = flows.at(context, row["digest"])
    except Hindered:
        return None
    return found


def _decisions(task: Row, node: Node, plan: FlowPlan) -> list[Action]:
    found = []
    again = task["kind"] == "start"
    for decision in task["decisions"] or (["approve", "reject"] if task["kind"] == "approve" else ["complete"]):
        yes = decision in ("approve", "complete")
        needed = node.opinion == "required" or (node.opinion == "required_to_reject" and decision == "reject")
        fields = [] if node.opinion == "none" else [field("opinion", "text", required=needed and task["role"] is None)]
        if yes and node.checklist and task["role"] is None:
            lines = [{"name": each.name, "title": each.title, "required": each.required} for each in node.checklist]
            needed = any(each.required for each in node.checklist)
            fields.append(field("checked", "checklist", required=needed, options=lines))
        if yes and node.signature:
            fields.append(field("signature", "signature", required=True))
        if yes and (node.attachment or decision == "complete"):
            fields.append(field("files", "files", required=node.attachment))
        if yes and task["kind"] == "approve" and "add_signer" in node.permits:
            fields.append(field("added", "people"))
        if yes:
            fields += _picking(plan, node)
        fixed = {"task": task["id"], "decision": decision}
        found.append(
            action("flows.decide", fixed, *fields, title="resubmit" if again else decision, danger=decision == "reject")
        )
    return found


def _picking(plan: FlowPlan, node: Node) -> list[Action]:
    """The people that this person picks for the steps that can come next."""
    found = []
    for target in dict.fromkeys(node.exits.values()):
        following = plan.nodes[target]
        for source in getattr(following.work, "sources", ()):
            if source.kind == "chosen" and source.by == "previous":
                found.append(field(f"chosen.{target}", "people", required=True, title=following.title))
    return found


def _back(context: Context, plan: FlowPlan, node: Node, token: run.Token, task: Row) -> list[Action]:
    known = targets(plan, node, token) if task["role"] is None else {}
    if not known:
        return []
    locale = context.actor.locale
    starter = {"en": "The starter", "zh-CN": "发起人"}
    options = [
        {"name": each, "title": starter if each == plan.entry else localized(plan.nodes[each].title, locale)}
        for each in known
    ]
    needed = node.opinion in ("required", "required_to_reject")
    fields = [field("to", "choice", required=True, options=options), field("opinion", "text", required=needed)]
    if node.resume == "choose":
        ways = [{"name": each, "title": words(each)} for each in ("again", "refuser")]
        fields.append(field("resume", "choice", options=ways, usual="again"))
    return [action("flows.send_back", {"task": task["id"]}, *fields, danger=True)]


def _others(token: run.Token, node: Node, task: Row) -> list[Action]:
    fixed, opinion = {"task": task["id"]}, field("opinion", "text")
    person, people = field("person", "person", required=True), field("people", "people", required=True)
    positions = [{"name": each, "title": words(each)} for each in ("before", "beside")]
    offered = {
        "claim": action("flows.give_back" if task["seat"] in token.claimed else "flows.claim", fixed),
        "transfer": action("flows.transfer", fixed, person, opinion),
        "delegate": action("flows.delegate", fixed, person, opinion),
        "add_signer": action(
            "flows.add_signer", fixed, people, field("position", "choice", options=positions, usual="beside"), opinion
        ),
        "append": action("flows.add_signer", {**fixed, "position": "next"}, people, opinion, title="flows.append"),
        "consult": action("flows.consult", fixed, people, field("opinion", "text", required=True)),
        "copy": action("flows.copy", fixed, people, opinion),
    }
    return [each for word, each in offered.items() if word in node.permits]


def _added_by(context: Context, token: run.Token, node: Node, task: Row) -> list[Action]:
    """Taking out those whom a task's person asked beside or before themselves."""
    asked = [each for each in token.seats if each.of == task["seat"] and each.pending]
    if not asked or "remove_signer" not in node.permits:
        return []
    added, roles = [each.person for each in asked], {each.role for each in asked}
    users = org.directory(context).users
    options = [{"name": str(each), "title": users[each].name if each in users else str(each)} for each in added]
    person = field("person", "choice", required=True, options=options)
    title = f"flows.remove_signer.{roles.pop()}" if roles in ({"delegate"}, {"consult"}) else "flows.remove_signer"
    return [action("flows.remove_signer", {"task": task["id"]}, person, field("opinion", "text"), title=title)]


def of_seat(task_id: int, person: int) -> list[Action]:
    """What an administrator may do with somebody who is asked: give it to another (分配), or take them out (减签)."""
    fixed, opinion = {"task": task_id}, field("opinion", "text")
    return [
        action("flows.transfer", fixed, field("person", "person", required=True), opinion),
        action("flows.remove_signer", {**fixed, "person": person}, opinion, danger=True),
    ]


def choosing(plan: FlowPlan, *, required: bool = False) -> list[Action]:
    """The people that the starter picks, by step."""
    return [
        field(f"chosen.{node.id}", "people", required=required, title=node.title)
        for node in plan.nodes.values()
        if any(each.kind == "chosen" and each.by == "starter" for each in getattr(node.work, "sources", ()))
    ]


def _adding(context: Context, plan: FlowPlan, row: Row, after: Iterable[str]) -> list[Action]:
    """A step more (动态构建), behind one of these."""
    nodes = {each["id"]: each for each in plan.document["nodes"]}
    options = [
        {"name": id, "title": localized(plan.nodes[id].title, context.actor.locale)}
        for id in after
        if way_on(nodes[id])
    ]
    if not options:
        return []
    kinds = [{"name": "approve", "title": words("approval")}, {"name": "task", "title": words("work")}]
    modes = [{"name": each, "title": words(each)} for each in ("all", "any", "in_order")]
    fields = (
        field("title", "text", required=True), field("people", "people", required=True),
        field("kind", "choice", options=kinds, usual="approve"), field("mode", "choice", options=modes, usual="all"),
        field("opinion", "text"),
    )  # fmt: skip
    if len(options) == 1:
        return [action("flows.add_step", {"instance": row["id"], "after": options[0]["name"]}, *fields)]
    behind = field("after", "choice", required=True, options=options)
    return [action("flows.add_step", {"instance": row["id"]}, behind, *fields)]


def of_instance(context: Context, row: Row) -> list[Action]:
    """What the person may do with an instance: its starter, or an administrator."""
    fixed, opinion = {"instance": row["id"]}, field("opinion", "text")
    plan = _plan(context, row)
    mine = row["starter"] is not None and row["starter"] == context.actor.id
    administrator = context.actor.is_administrator
    if plan is None:  # its version no longer fits the application: it can only be ended
        return [ending(fixed)] if administrator and row["running"] is not None else []
    if row["suspended_at"] is not None and row["running"] is not None:
        return [action("flows.resume", fixed, opinion), ending(fixed)] if administrator else []
    told = _telling(context, plan, row)
    if not (mine or administrator):
        return told
    steps = [
        {"name": node.id, "title": localized(node.title, context.actor.locale)}
        for node in plan.nodes.values()
        if node.gate in ("step", "scope") and node.id != plan.entry and not node.scope
    ]
    to = field("to", "choice", required=True, options=steps, title=words("step"))
    if row["running"] is None:
        return [action("flows.wake_up", fixed, to, opinion)] if administrator else []
    found = [*told, action("flows.urge", fixed, opinion)]
    picked = choosing(plan)
    if picked:
        found.append(action("flows.choose", fixed, *picked))
    until = plan.withdrawal.until
    if mine and (until == "end" or (until == "first_decision" and not row["decisions"])):
        found.append(action("flows.withdraw", fixed, opinion))
    if administrator:
        found += [action("flows.jump", fixed, to, opinion), action("flows.suspend", fixed, opinion), ending(fixed)]
        found += [
            *_adding(context, plan, row, [each for each in plan.nodes if each != plan.entry]),
            *_removing(context, plan, row),
        ]
        if row["stuck"]:
            found.append(action("flows.retry", fixed))
    return found


def _telling(context: Context, plan: FlowPlan, row: Row) -> list[Action]:
    """Saying that what is waited for has happened (触发): the messages that this person may send."""
    if row["running"] is None or "message" not in plan.awaited:
        return []
    actor = context.actor
    options: dict[str, Any] = {}
    for node, catch, _ in listening(plan, run.from_json(row["tokens"])):
        if catch.what == "message" and (actor.is_administrator or actor.roles & catch.roles):
            title = titled(plan, node, catch.exit) or message_title(plan.document, catch.name)
            options.setdefault(catch.name, localized(title, actor.locale))
    if not options:
        return []
    about = {"form": row["record_type"], "id": row["record_id"]}
    offered = [{"name": name, "title": title} for name, title in options.items()]
    return [
        action("flows.message", about, field("name", "choice", required=True, options=offered, title=words("event")))
    ]


def _removing(context: Context, plan: FlowPlan, row: Row) -> list[Action]:
    added = [each["id"] for each in plan.document["nodes"] if each.get(ADDED)]
    options = [{"name": id, "title": localized(plan.nodes[id].title, context.actor.locale)} for id in added]
    step = field("step", "choice", required=True, options=options)
    return [action("flows.remove_step", {"instance": row["id"]}, step, field("opinion", "text"))] if added else []
