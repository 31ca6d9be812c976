"""What can be done to an instance: each command locks its row first, works on what it then sees, and ends it whole.

Whoever comes second waits for the lock and then finds what the first one did; an answer that no longer fits is refused
as a Conflict, and nothing of it happened. That is what keeps four people who decide at one instant from leaving an
approval stuck (research: flows.md 0 and 3.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lowcode.flows import run
from lowcode.flows.diagnostics import problem
from lowcode.flows.nodes.asking.votes import Decision
from lowcode.flows.nodes.kind import Again, Go, Hindered, Settle
from lowcode.flows.operations import store
from lowcode.flows.operations.drive import Walk, running_key
from lowcode.flows.operations.plans import flows_of, keep
from lowcode.flows.operations.work import InstanceWork
from lowcode.flows.plan import FlowPlan
from lowcode.flows.tables import history, instance
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Conflict, Forbidden, NotFound, Rejected

Row = dict[str, Any]


def begin(context: Context, plan: FlowPlan, record_id: int, starter: int | None) -> int:
    """Start an instance for a record. Conflict when the flow is running for it already."""
    key = running_key(plan, record_id)
    if is_running(context, plan, record_id):
        raise Conflict(problem("flows.running-already"))
    keep(context, plan)
    row: Row = {
        "flow": plan.name,
        "digest": plan.digest,
        "record_type": plan.form,
        "record_id": record_id,
        "subject": plan.title,
        "starter": starter,
        "state": "running",
        "outcome": None,
        "tokens": None,
        "locks": None,
        "running": key,
        "stuck": 0,
        "decisions": 0,
        "started_at": context.now(),
        "ended_at": None,
    }
    if plan.subject is not None:
        naming = InstanceWork(context, plan, {**row, "id": 0}, run.State(), None)
        row["subject"] = naming.words(plan.subject) or plan.title
    try:
        row["id"] = context.unit.insert(instance, **row)
    except Exception as error:
        if context.unit.database.is_unique_violation(error) is None:
            raise
        raise Conflict(problem("flows.running-already")) from None
    walk = Walk(context, plan, row, run.State())
    walk.note("started", starter=starter)
    context.tell("flow.started", record_type=plan.form, record_id=record_id, instance=row["id"], flow=plan.name)
    walk.begin()
    walk.finish()
    return int(row["id"])


def is_running(context: Context, plan: FlowPlan, record_id: int) -> bool:
    """Whether the flow accompanies the record now."""
    return context.unit.one(store.RUNNING, key=running_key(plan, record_id)) is not None


def lock(context: Context, instance_id: int) -> Row | None:
    """The row of an instance, from now on this command's alone; whoever came first is done with it."""
    rows = context.unit.locked(store.INSTANCE_LOCKED, instance_id=instance_id)
    return rows[0] if rows else None


def open_instance(context: Context, instance_id: int) -> Walk:
    """Lock an instance and stand where it stands. NotFound, or Conflict when it has ended."""
    return stand(context, lock(context, instance_id))


def stand(context: Context, row: Row | None) -> Walk:
    """Stand where a locked instance stands."""
    if row is None:
        raise NotFound(problem("flows.no-such-instance"))
    if row["running"] is None:
        raise Conflict(problem("flows.stale"))
    try:
        plan = flows_of(context).at(context, row["digest"])
    except Hindered as hindered:
        raise Conflict(hindered.problem) from None
    return Walk(context, plan, row, run.from_json(row["tokens"]))


def task_row(context: Context, task_id: int) -> Row:
    """A task by its id."""
    row = context.unit.one(store.TASK, task_id=task_id)
    if row is None:
        raise NotFound(problem("flows.no-such-task"))
    return row


def decide(
    context: Context,
    task_id: int,
    decision: Decision,
    opinion: str | None,
    values: Mapping[str, Any],
    request: str | None = None,
) -> None:
    """One person's answer. The same `request` again is answered as it was the first time."""
    row = lock(context, task_row(context, task_id)["instance"])
    task = task_row(context, task_id)
    if task["person"] != context.actor.id:
        raise Forbidden(problem("flows.not-yours"))
    if request is not None and task["request"] == request:
        return
    if task["state"] != "open":
        raise Conflict(problem("flows.stale"))
    walk = stand(context, row)
    node = walk.plan.nodes[task["node"]]
    if node.voting is None or decision not in node.voting.exits:
        raise Rejected(problem("flows.not-a-decision-here", "/decision"))
    said = (opinion or "").strip() or None
    if node.opinion == "required" and said is None:
        raise Rejected(problem("flows.opinion-required", "/opinion"))
    if values:
        _edit(context, walk, node.editable, values)
    walk.decide(task["token"], task["seat"], decision, opinion=said, request=request)
    walk.finish()


def _edit(context: Context, walk: Walk, editable: frozenset[str], values: Mapping[str, Any]) -> None:
    """Change the fields this step opens to the person asked; the step permits it, whatever the form says."""
    refused = sorted(values.keys() - editable)
    if refused:
        raise Rejected([problem("flows.field-not-editable", f"/values/{name}", field=name) for name in refused])
    host: Any = context.host  # type: ignore[attr-defined]
    acting = host.context(context.unit, replace(context.actor, is_app=True), context.causes, context.now())
    try:
        acting.ask("records.update", type=walk.row["record_type"], id=walk.row["record_id"], values=dict(values))
    except Rejected as rejected:
        raise type(rejected)([replace(p, pointer=f"/values{p.pointer}") for p in rejected.problems]) from None


def transfer(context: Context, task_id: int, person: int, opinion: str | None) -> None:
    """Hand a task to another person for good (转办); its person or an administrator may."""
    walk = open_instance(context, task_row(context, task_id)["instance"])
    task = _asked(context, task_id)
    _known(walk, person)
    walk.note("transferred", task["node"], task["token"], **{"from": task["person"], "to": person, "opinion": opinion})
    walk.answer(run.Handed(task["token"], task["seat"], person))
    walk.finish()


def add_signer(context: Context, task_id: int, person: int, opinion: str | None) -> None:
    """Ask one more person beside the task's (加签)."""
    walk = open_instance(context, task_row(context, task_id)["instance"])
    task = _asked(context, task_id)
    _known(walk, person)
    walk.note("added", task["node"], task["token"], by=task["person"], person=person, opinion=opinion)
    walk.answer(run.Added(task["token"], person))
    walk.finish()


def _asked(context: Context, task_id: int) -> Row:
    task = task_row(context, task_id)
    if task["person"] != context.actor.id and not context.actor.is_administrator:
        raise Forbidden(problem("flows.not-yours"))
    if task["state"] != "open":
        raise Conflict(problem("flows.stale"))
    return task


def _known(walk: Walk, person: int) -> None:
    user = walk.work().directory.users.get(person)
    if user is None or not user.active:
        raise Rejected(problem("flows.no-such-person", "/person"))


def withdraw(context: Context, instance_id: int, opinion: str | None) -> None:
    """The starter takes it back (撤回), as long as the flow allows."""
    walk = open_instance(context, instance_id)
    if context.actor.id is None or walk.row["starter"] != context.actor.id:
        raise Forbidden(problem("flows.only-starter"))
    until = walk.plan.withdrawal.until
    if until == "never":
        raise Rejected(problem("flows.never-withdrawn"))
    if until == "first_decision" and walk.decisions:
        raise Conflict(problem("flows.too-late-to-withdraw"))
    stop(walk, "withdrawn", opinion)


def stop(walk: Walk, outcome: str, opinion: str | None, *, gone: bool = False) -> None:
    """End everything and set the record as the flow says. `gone`: there is no record to set any more."""
    walk.stopped = True
    walk.note(outcome, opinion=opinion)
    work = walk.work()
    given = {} if gone else walk.plan.withdrawal.values
    values = {name: work.value(expression) for name, expression in given.items()}
    walk.answer(run.Stopped(outcome))
    walk.finish()
    if values:
        # As the app: the starter may take back what only an approval may otherwise move.
        walk.context.as_app().ask(
            "records.update", type=walk.row["record_type"], id=walk.row["record_id"], values=values
        )


def cancel(context: Context, instance_id: int, opinion: str | None, *, gone: bool = False) -> None:
    """End an instance, whoever started it; also one whose version can no longer be read."""
    row = lock(context, instance_id)
    try:
        walk = stand(context, row)
    except Conflict as conflict:
        if row is None or conflict.problems[0].code != "flows.version-unreadable":
            raise
        _end_unread(context, row, opinion)
        return
    stop(walk, "cancelled", opinion, gone=gone)


def _end_unread(context: Context, row: Row, opinion: str | None) -> None:
    """Without a plan nothing can be done to the record; but nobody is asked any more, and nothing runs."""
    unit, now = context.unit, context.now()
    for task in unit.fetch(store.TASKS_OF_INSTANCE, instance_id=row["id"]):
        if task["state"] == "open":
            closed = {"state": "cancelled", "decision": None, "opinion": None, "reason": None, "request": None}
            values = {f"new_{name}": value for name, value in {**closed, "decided_at": None}.items()}
            unit.run(store.CLOSE_TASK, instance_id=row["id"], of_token=task["token"], of_seat=task["seat"], **values)
    ended = {"tokens": run.to_json(run.State()), "locks": None, "state": "cancelled", "outcome": "cancelled"}
    rest = {"running": None, "stuck": 0, "decisions": row["decisions"], "ended_at": now}
    unit.run(store.MOVE, instance_id=row["id"], **{f"new_{name}": value for name, value in {**ended, **rest}.items()})
    unit.insert(
        history,
        instance=row["id"],
        at=now,
        actor=context.actor.id,
        event="cancelled",
        node=None,
        token=None,
        body={"opinion": opinion, "unread": True},
    )


def retry(context: Context, instance_id: int, token: int | None, exit: str | None) -> None:
    """Try stuck tokens again, or, with `exit`, let them pass their node by it."""
    walk = open_instance(context, instance_id)
    stuck = [each for each in walk.state.tokens if each.state == "stuck" and token in (None, each.number)]
    if not stuck:
        raise Conflict(problem("flows.not-stuck"))
    for each in stuck:
        if walk.state.token(each.number) is None:  # an earlier one ended the flow, or took it along through a join
            continue
        walk.note("retried" if exit is None else "skipped", each.node, each.number, exit=exit)
        context.unit.run(
            store.RESOLVE, instance_id=instance_id, of_token=each.number, now=context.now(), by=context.actor.id
        )
        walk.answer(run.Retried(each.number) if exit is None else run.Left(each.number, exit))
    walk.finish()


def wake(context: Context, instance_id: int, token_number: int, times: int) -> None:
    """A token's time is up. One that has moved on since is left alone: timers are never taken back."""
    row = lock(context, instance_id)
    if row is None or row["running"] is None:
        return
    walk = stand(context, row)
    token = walk.state.token(token_number)
    if token is None or token.state != "resting":
        return
    node = walk.plan.nodes[token.node]
    outcome = node.does.wake(walk.work(token), node, token.seats, times)
    walk.note("woken", node.id, token.number, times=times)
    match outcome:
        case Go(exit):
            walk.answer(run.Left(token.number, exit))
        case Settle(decision, reason):
            for seat in token.seats:
                still = walk.state.token(token.number)
                if still is not None and seat.state == "open":
                    walk.answer(run.Decided(token.number, seat.number, decision, reason))
        case Again(at):
            if at is not None:
                walk.sleep(token.number, at, times + 1)
    walk.finish()
