"""The way back and across: 驳回, 拿回, 跳转, 唤醒."""

from __future__ import annotations

from lowcode.flows import run
from lowcode.flows.diagnostics import problem
from lowcode.flows.nodes.asking.votes import KEPT, Seat
from lowcode.flows.operations import store
from lowcode.flows.operations.commands import Row, at_task, lock, open_by_task, open_instance, permitted
from lowcode.flows.operations.drive import Walk, ask_again, running_key
from lowcode.flows.operations.journal import Said
from lowcode.flows.operations.plans import dead_ends, flows_of
from lowcode.flows.operations.telling import asked_now, released, tell
from lowcode.flows.plan import FlowPlan
from lowcode.flows.run.people import sent_back_from, targets
from lowcode.flows.run.seating import handed_to
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Conflict, Forbidden, NotFound, Rejected, nearest


def send_back(context: Context, task_id: int, to: str, resume: run.Resume | None, said: Said) -> None:
    """Refuse, and send it back to a step it came through."""
    walk, task = at_task(context, task_id, said.request)
    if walk is None:
        return
    node = walk.plan.nodes[task["node"]]
    token = walk.state.token(task["token"])
    known = targets(walk.plan, node, token) if token is not None and task["role"] is None else {}
    to = {"starter": walk.plan.entry, "previous": next(reversed(known), "") if known else ""}.get(to, to)
    if to not in known:
        raise Rejected(problem("flows.may-not-return", "/to"))
    if node.resume != "choose" and resume not in (None, node.resume):
        raise Rejected(problem("flows.may-not-return", "/resume"))
    if node.opinion in ("required", "required_to_reject") and said.opinion is None:
        raise Rejected(problem("flows.opinion-required", "/opinion"))
    way: run.Resume = resume or ("again" if node.resume == "choose" else node.resume)
    walk.note("sent_back", node.id, task["token"], to=to, resume=way, opinion=said.opinion)
    walk.say(task["token"], task["seat"], said)
    asked = asked_now(walk.state)
    version = record_version(walk) if "take_back" in node.permits else None
    walk.answer(run.SentBack(task["token"], task["seat"], to, way, version))
    released(walk, asked, "sent_back", said.opinion)
    walk.finish()


def take_back(context: Context, task_id: int, opinion: str | None) -> None:
    """Take one's own answer back (拿回), as long as nobody has acted on what followed from it; a refusal (驳回) only
    while the record is what was refused. Or a task that one handed on (转办), as long as the other has not acted."""
    walk, task = open_by_task(context, task_id)
    if task["person"] != context.actor.id:
        raise Forbidden(problem("flows.not-yours"))
    handed = task["state"] == "cancelled" and task["reason"] == "transferred"
    answered = task["state"] == "done" and not task["reason"]
    if not (handed or answered) or task["kind"] == "copy":
        raise Conflict(problem("flows.stale"))
    permitted(context, walk, task, "take_back")
    walk.note("taken_back", task["node"], task["token"], person=task["person"], opinion=opinion)
    token = walk.state.token(task["token"])
    before = asked_now(walk.state)
    if handed:
        walk.answer(run.Handed(task["token"], _handed_to(context, token, task), task["person"], "taken_back"))
    elif token is not None and token.state == "resting":
        walk.answer(run.Reopened(task["token"], task["seat"]))
    else:
        if task["role"] is not None:
            raise Conflict(problem("flows.touched-since"))
        if task["decision"] == "return":
            _as_it_was_refused(walk, task["token"])
        ask_again(walk, walk.plan.nodes[task["node"]], task["token"], _seats_again(context, walk, task))
    released(walk, before, "taken_back", opinion)
    walk.finish()


def record_version(walk: Walk) -> int:
    """Which version of the record is there now: what was agreed to stands for that one only."""
    found = walk.context.as_app().ask(
        "records.get", type=walk.row["record_type"], id=walk.row["record_id"], fields=("version",)
    )
    return int(found["version"])


def _as_it_was_refused(walk: Walk, token: int) -> None:
    """A refusal may be taken back as long as the record was not changed: others at the step have agreed to what it
    was. Raises Conflict otherwise, or when what was sent back went on since."""
    sent = sent_back_from(walk.state.tokens, token)
    if sent is None or sent.refused is None:
        raise Conflict(problem("flows.touched-since"))
    if not sent.refused.took_others and sent.refused.version != record_version(walk):
        raise Conflict(problem("flows.changed-since"))


def _handed_to(context: Context, token: run.Token | None, task: Row) -> int:
    """The seat to which somebody handed their own on, if it is still asked there and has asked nobody in turn."""
    found = handed_to(token.seats, task["seat"]) if token is not None and token.state == "resting" else None
    if found is None:
        raise Conflict(problem("flows.touched-since"))
    if not store.handed_by(context, task, found.number):
        raise Forbidden(problem("flows.not-yours"))
    return found.number


def _seats_again(context: Context, walk: Walk, task: Row) -> tuple[Seat, ...]:
    """The voters of a step that is over, as they were before somebody's answer: the others' answers stay."""
    seats: list[Seat] = []
    for row in context.unit.fetch(store.TASKS_OF_TOKEN, instance_id=walk.row["id"], of_token=task["token"]):
        if row["role"] is not None or row["reason"] in ("transferred", "taken_back", "removed", "deadline"):
            continue
        mine = row["id"] == task["id"]
        answered = row["state"] in ("done", "kept") and not mine
        seats.append(
            Seat(
                row["seat"],
                row["person"],
                row["behalf"],
                state="done" if answered else "open",
                decision=row["decision"] if answered else None,
                reason=row["reason"] or KEPT if answered else "",
                group=row["entry"] or 0,
                weight=row["weight"] or 1,
            )
        )
    return tuple(seats)


def jump(context: Context, instance_id: int, token: int | None, to: str, alone: bool, opinion: str | None) -> None:
    """Put a token at another node (跳转), where the flow can still end from there. Raises Rejected otherwise."""
    walk = open_instance(context, instance_id)
    held = {number for each in walk.state.tokens for number in each.scope}
    found = [e for e in walk.state.tokens if e.number == token or (token is None and e.number not in held)]
    if len(found) != 1 and not (found and alone):
        raise Rejected(problem("flows.stale", "/token"))
    _known_node(walk.plan, to)
    walk.note("jumped", found[0].node, found[0].number, to=to, opinion=opinion)
    resolve(context, walk, found[0].number)
    try:
        state, _ = run.advance(walk.plan, walk.state, run.Jumped(found[0].number, to, alone))
    except run.Impossible as impossible:
        raise Rejected(problem(str(impossible), "/to")) from None
    stuck = dead_ends(walk.plan, state)
    if stuck:
        raise Rejected(problem("flows.would-be-stuck", "/to", nodes=", ".join(sorted(stuck))))
    before = asked_now(walk.state)
    walk.answer(run.Jumped(found[0].number, to, alone))
    tell(walk, [*sorted(before - asked_now(walk.state)), walk.row["starter"]], "jumped", opinion)
    walk.finish()


def resolve(context: Context, walk: Walk, token: int) -> None:
    """What was stuck there is no longer."""
    context.unit.run(store.RESOLVE, instance_id=walk.row["id"], of_token=token, now=context.now(), by=context.actor.id)


def _known_node(plan: FlowPlan, node: str) -> None:
    if node not in plan.nodes:
        near = nearest(node, plan.nodes) or ""
        raise Rejected(problem("flows.no-such-node", "/to", node=node, near=near))


def wake_up(context: Context, instance_id: int, to: str, opinion: str | None) -> None:
    """Let an instance that has ended go on at some node (唤醒), under the version it began under."""
    row = lock(context, instance_id)
    if row is None:
        raise NotFound(problem("flows.no-such-instance"))
    if row["running"] is not None:
        raise Conflict(problem("flows.still-running"))
    plan = flows_of(context).at(context, row["digest"])
    _known_node(plan, to)
    key = running_key(plan, row["record_id"])
    if context.unit.one(store.RUNNING, key=key) is not None:
        raise Conflict(problem("flows.running-already"))
    if row["suspended_at"] is not None:  # it was ended while it stood still
        context.unit.run(store.SUSPEND, instance_id=instance_id, new_suspended_at=None)
    walk = Walk(context, plan, row, run.from_json(row["tokens"]))
    walk.note("woken_up", to, opinion=opinion)
    walk.begin(to)
    tell(walk, [walk.row["starter"]], "woken_up", opinion)
    walk.finish()
