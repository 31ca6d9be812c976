"""The steps of one instance, changed while it runs (动态构建): one step more, and one that was added taken out again.

The instance goes on under a version of its own, kept as every version is: the flow stays what it is for all others, and
what was walked stays what it was. What cannot be carried over (a token that waits at a join for the arrow that would be
cut) is refused with its reason, as in a migration.
"""

from __future__ import annotations

import copy
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from lowcode.flows.diagnostics import problem
from lowcode.flows.operations import store
from lowcode.flows.operations.commands import known_person, open_instance
from lowcode.flows.operations.drive import Walk
from lowcode.flows.operations.plans import dead_ends, flows_of, keep
from lowcode.flows.operations.telling import tell
from lowcode.flows.plan import ADDED, WAYS, FlowPlan, way_on
from lowcode.flows.run.carry import carried
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Conflict, Forbidden, Rejected, nearest

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class NewStep:
    """A step to be added behind another one."""

    after: str
    kind: Literal["approve", "task"]
    title: str
    people: Sequence[int]
    mode: Literal["all", "any", "in_order"]


def add_step(context: Context, instance_id: int, step: NewStep, opinion: str | None) -> None:
    """People are asked behind a step of this instance, before it goes on."""
    walk = open_instance(context, instance_id)
    _may_add(context, walk, step.after)
    for person in step.people:
        known_person(walk, person, "/people")
    document = copy.deepcopy(dict(walk.plan.document))
    node = _node(document, step.after, "/after")
    way = way_on(node)
    if not way:
        raise Rejected(problem("flows.no-step-after", "/after", node=step.after))
    added = _written(walk, document, node, step)
    node[way] = added["id"]
    document["nodes"].append(added)
    _go_on_under(
        walk, document, "step_added", added["id"], after=step.after, people=list(step.people), opinion=opinion,
        title=added.get("title"),
    )  # fmt: skip


def remove_step(context: Context, instance_id: int, step: str, opinion: str | None) -> None:
    """A step that was added is taken out, as long as it is still to come."""
    walk = open_instance(context, instance_id)
    document = copy.deepcopy(dict(walk.plan.document))
    gone = _node(document, step, "/step")
    if not gone.get(ADDED):
        raise Rejected(problem("flows.not-added", "/step", node=step))
    if any(token.node == step for token in walk.state.tokens):
        raise Conflict(problem("flows.stands-there", "/step", node=step))
    target = gone[way_on(gone)]
    document["nodes"].remove(gone)
    for node in document["nodes"]:
        node.update({key: target for key in WAYS if node.get(key) == step})
    _go_on_under(walk, document, "step_removed", step, opinion=opinion, title=gone.get("title"))


def _may_add(context: Context, walk: Walk, after: str) -> None:
    """An administrator anywhere; those asked at a step that permits it, behind their own."""
    me = context.actor.id
    asked = [t for t in walk.state.tokens if any(s.state == "open" and s.person == me for s in t.seats)]
    mine = any(token.node == after and "add_step" in walk.plan.nodes[after].permits for token in asked)
    if not mine and not context.actor.is_administrator:
        raise Forbidden(problem("flows.not-permitted"))


def _node(document: Document, id: str, pointer: str) -> Document:
    known: dict[str, Document] = {node["id"]: node for node in document["nodes"]}
    if id not in known:
        raise Rejected(problem("flows.no-such-node", pointer, node=id, near=nearest(id, known) or ""))
    return known[id]


def _written(walk: Walk, document: Document, node: Document, step: NewStep) -> Document:
    """The step as it would be written in the flow."""
    known = {each["id"] for each in document["nodes"]}
    id = next(name for number in range(1, len(known) + 2) if (name := f"added_{number}") not in known)
    users = walk.work().directory.users
    people = [{"user": users[person].login} for person in dict.fromkeys(step.people)]
    scope = {"in": node["in"]} if "in" in node else {}
    written = {"id": id, "type": step.kind, "title": step.title, "mode": step.mode, ADDED: True, **scope}
    target = node[way_on(node)]
    if step.kind == "task":
        return {**written, "assignees": people, "to": target}
    refusals = [e["rejected"] for e in (node, *document["nodes"]) if "rejected" in e and e.get("in") == node.get("in")]
    if not refusals:
        raise Rejected(problem("flows.no-refusal", "/kind"))
    return {**written, "approvers": people, "approved": target, "rejected": refusals[0]}


def _go_on_under(walk: Walk, document: Document, event: str, step: str, **body: Any) -> None:
    """The instance goes on under a version of its own. Raises Rejected with everything that hinders it."""
    context = walk.context
    plan = flows_of(context).read(walk.plan.name, document)
    if event == "step_added" and step not in _ahead(plan, {token.node for token in walk.state.tokens}):
        raise Conflict(problem("flows.step-behind", "/after"))
    state, refused = carried(walk.plan, plan, walk.state, {}, False)
    if refused:
        raise Rejected([problem(code, "/after", node=node) for node, code in refused])
    stuck = dead_ends(plan, state)
    if stuck:
        raise Rejected(problem("flows.would-be-stuck", "/after", nodes=", ".join(sorted(stuck))))
    keep(context, plan)
    context.unit.run(store.PIN, instance_id=walk.row["id"], new_digest=plan.digest)
    onward = Walk(context, plan, {**walk.row, "digest": plan.digest}, state)
    onward.note(event, step, **body)
    tell(onward, [walk.row["starter"]], event, body["opinion"])
    onward.finish()


def _ahead(plan: FlowPlan, at: Iterable[str]) -> set[str]:
    """The nodes that can still be reached from some, and from inside scopes what comes after them."""
    found: set[str] = set()
    queue = deque([*at, *(scope for each in at for scope in plan.around(each))])
    while queue:
        node = plan.nodes[queue.popleft()]
        inside = [plan.entries[node.id]] if node.id in plan.entries else []
        for target in (*node.exits.values(), *inside):
            if target not in found:
                found.add(target)
                queue.append(target)
    return found
