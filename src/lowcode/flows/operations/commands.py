"""What can be done to an instance: each command locks its row first, works on what it then sees, and ends it whole.

Whoever comes second waits for the lock and then finds what the first one did; an answer that no longer fits is refused
as a Conflict, and nothing of it happened. That is what keeps four people who decide at one instant from leaving an
approval stuck (research: flows.md 0 and 3.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal

from lowcode.flows import run
from lowcode.flows.diagnostics import problem
from lowcode.flows.nodes.asking.votes import ADVISERS, Decision, Seat
from lowcode.flows.nodes.kind import Again, Go, HandOn, Hindered, Settle
from lowcode.flows.operations import held, store
from lowcode.flows.operations.drive import Walk, helped, running_key
from lowcode.flows.operations.journal import Said, decisions_of
from lowcode.flows.operations.plans import flows_of, keep
from lowcode.flows.operations.telling import asked_now, released, tell
from lowcode.flows.operations.work import InstanceWork
from lowcode.flows.plan import FlowPlan, Node
from lowcode.flows.run.people import people_of
from lowcode.flows.run.seating import find
from lowcode.flows.tables import history, instance
from lowcode.flows.tables import task as tasks_table
from lowcode.kernel.contract import Context, Parameters
from lowcode.kernel.diagnostics import Conflict, Forbidden, NotFound, Problem, Rejected
from lowcode.kernel.storage.loose import hold
from lowcode.kernel.storage.unit import locked_with
from lowcode.kernel.storage.watching import take, watched

Row = dict[str, Any]


class Waking(Parameters):
    """A token whose time is up."""

    instance: int
    token: int
    times: int = 0


def begin(
    context: Context,
    plan: FlowPlan,
    record_id: int,
    starter: int | None,
    *,
    chosen: Mapping[str, tuple[int, ...]] | None = None,
    parent: tuple[int, int] | None = None,
) -> int:
    """Start an instance for a record. `chosen` are people the starter picked for nodes; `parent` an instance and its
    token that wait for it. Conflict when the flow is running for the record already."""
    if is_running(context, plan, record_id):
        raise Conflict(problem("flows.running-already"))
    keep(context, plan)
    row = new_row(context, plan, record_id, starter, parent)
    try:
        row["id"] = context.unit.insert(instance, **row)
    except Exception as error:
        if context.unit.database.is_unique_violation(error) is None:
            raise
        raise Conflict(problem("flows.running-already")) from None
    walk = Walk(context, plan, row, run.State(chosen=chosen or {}))
    walk.note("started", starter=starter)
    context.tell("flow.started", record_type=plan.form, record_id=record_id, instance=row["id"], flow=plan.name)
    walk.begin()
    walk.finish()
    return int(row["id"])


def new_row(
    context: Context, plan: FlowPlan, record_id: int, starter: int | None, parent: tuple[int, int] | None = None
) -> Row:
    """The row of an instance that is to begin."""
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
        "running": running_key(plan, record_id),
        "stuck": 0,
        "decisions": 0,
        "started_at": context.now(),
        "ended_at": None,
        "parent": parent[0] if parent else None,
        "parent_token": parent[1] if parent else None,
        "waits": 0,
        "suspended_at": None,
        "held": None,
    }
    if plan.subject is not None:
        naming = InstanceWork(context, plan, {**row, "id": 0}, run.State(), None)
        row["subject"] = naming.words(plan.subject) or plan.title
    return row


def is_running(context: Context, plan: FlowPlan, record_id: int) -> bool:
    """Whether the flow accompanies the record now."""
    return context.unit.one(store.RUNNING, key=running_key(plan, record_id)) is not None


def lock(context: Context, instance_id: int) -> Row | None:
    """The row of an instance, from now on this command's alone; whoever came first is done with it."""
    rows = take(context.unit, store.INSTANCE_LOCKED, store.INSTANCE_TAKEN, instance_id=instance_id)
    return rows[0] if rows else None


def lock_by_task(context: Context, task_id: int) -> tuple[Row | None, Row]:
    """The row of the instance of a task, locked or watched, and the task as whoever came first has left it."""
    unit = context.unit
    seen = watched(unit, store.INSTANCE_AND_TASK, store.TAKE_SEEN, (tasks_table,), task_id=task_id)
    if seen is not None:
        return seen, {name: seen.pop(labelled) for name, labelled in store.OF_TASK}
    instance_first = store.INSTANCE_OF_TASK_TAKEN if unit.database.watches else store.INSTANCE_OF_TASK_LOCKED
    instances, tasks = locked_with(unit, instance_first, store.TASK, task_id=task_id)
    if not tasks:
        raise NotFound(problem("flows.no-such-task"))
    return instances[0] if instances else None, tasks[0]


def held_back(context: Context, row: Row, operation: str, params: Parameters, same: str | None = None) -> bool:
    """Whether an instance is suspended, or has not heard yet what was held while it was: what comes of itself meanwhile
    is kept, and comes when it is resumed; of the `same` thing one."""
    if not held.keeps(context, row):
        return False
    held.hold(context, row, operation, params, same)
    return True


def open_by_task(context: Context, task_id: int) -> tuple[Walk, Row]:
    """Lock the instance of a task and stand where it stands. NotFound, or Conflict when it has ended."""
    row, task = lock_by_task(context, task_id)
    return stand(context, row), task


def open_instance(context: Context, instance_id: int) -> Walk:
    """Lock an instance and stand where it stands. NotFound, or Conflict when it has ended."""
    return stand(context, lock(context, instance_id))


def stand(context: Context, row: Row | None, *, suspended: bool = False) -> Walk:
    """Stand where a locked instance stands; one that is suspended is only stood in where that is said."""
    if row is None:
        raise NotFound(problem("flows.no-such-instance"))
    if row["running"] is None:
        raise Conflict(problem("flows.stale"))
    if not suspended:
        held.refuse_still(context, row)
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
    said: Said,
    values: Mapping[str, Any],
    chosen: Mapping[str, tuple[int, ...]] | None = None,
    added: tuple[int, ...] = (),
) -> Row:
    """One person's answer; the task as it is then. The same `request` again is answered as it was the first time.
    `chosen` are the people it picks for nodes to come, `added` those who have to agree after it (后加签)."""
    walk, task = at_task(context, task_id, said.request)
    if walk is None:
        return task
    node, number, seat = walk.plan.nodes[task["node"]], task["token"], task["seat"]
    if node.voting is None or decision not in decisions_of(node, _seat(walk, task)):
        raise Rejected(problem("flows.not-a-decision-here", "/decision"))
    advises = task["role"] in ADVISERS
    refused = _edit(context, walk, node.editable, values) if values else []
    said_already = {each.pointer for each in refused}
    missing = _missing(context, walk, node, said, decision if not advises else "", values if refused else {})
    refused += [each for each in missing if each.pointer not in said_already]
    people: dict[str, tuple[int, ...]] = {}
    try:
        people = picked(walk, chosen, "previous") if chosen else {}
    except Rejected as rejected:
        refused += rejected.problems
    if refused:
        raise Rejected(refused)
    if people:
        walk.answer(run.Chosen(people))
    walk.say(number, seat, said)
    if added:
        permitted(context, walk, task, "add_signer")
        for person in added:
            known_person(walk, person)
        walk.adding = True
        walk.answer(run.Added(number, seat, added, "after"))
        walk.adding = False
    asking = _who_consulted(walk, task)
    walk.answer(run.Decided(number, seat, decision))
    tell(walk, asking, "answered", said.opinion)
    walk.finish()
    return walk.journal.as_it_is(task)


def _who_consulted(walk: Walk, task: Row) -> list[int]:
    """Who asked for an opinion (沟通) is told that it is there; who waits for one (委派, 前加签) is asked anyway."""
    token = walk.state.token(task["token"])
    if token is None or task["role"] != "consult":
        return []
    asking = find(token.seats, _seat(walk, task).of)
    return [asking.person] if asking is not None else []


def at_task(
    context: Context, task_id: int, request: str | None = None, *, suspended: bool = False
) -> tuple[Walk | None, Row]:
    """A task of one's own that is open, and the walk it belongs to; no walk when this request was answered already."""
    row, task = lock_by_task(context, task_id)
    if task["person"] != context.actor.id:
        raise Forbidden(problem("flows.not-yours"))
    if request is not None and task["request"] == request:
        return None, task
    if task["state"] != "open" or task["kind"] == "copy":
        raise Conflict(problem("flows.stale"))
    return stand(context, row, suspended=suspended), task


def _seat(walk: Walk, task: Row) -> Seat:
    token = walk.state.token(task["token"])
    seat = find(token.seats, task["seat"]) if token is not None else None
    if seat is None:
        raise Conflict(problem("flows.stale"))
    return seat


def _missing(
    context: Context, walk: Walk, node: Node, said: Said, decision: str, given: Mapping[str, Any]
) -> list[Problem]:
    """What the step wants beside the answer and is not there. `given` are values that the record did not take."""
    missing: list[Problem] = []
    yes = decision in ("approve", "complete")
    if said.opinion is None and (
        (node.opinion == "required" and decision) or (node.opinion == "required_to_reject" and decision == "reject")
    ):
        missing.append(problem("flows.opinion-required", "/opinion"))
    if yes and node.signature and said.signature is None:
        missing.append(problem("flows.signature-required", "/signature"))
    if yes and node.attachment and not said.files:
        missing.append(problem("flows.attachment-required", "/files"))
    names = {each.name for each in node.checklist}
    for name in said.checked:
        if name not in names:
            missing.append(problem("flows.no-such-check", "/checked", name=name))
    for each in node.checklist if yes else ():
        if each.required and each.name not in said.checked:
            missing.append(problem("flows.not-checked", f"/checked/{each.name}", title=each.title))
    if said.files and len(hold(context.unit, said.files)) < len(set(said.files)):
        missing.append(problem("flows.no-such-file", "/files"))
    if yes and node.required:
        row = walk.row
        record = context.as_app().ask(
            "records.get", type=row["record_type"], id=row["record_id"], fields=tuple(sorted(node.required))
        )
        record = {**record, **given}
        blank = [name for name in sorted(node.required) if record.get(name) in (None, "", [], ())]
        fields = context.app.scope.records[row["record_type"]].fields
        for name in blank:
            title = getattr(fields.get(name), "title", None) or name
            missing.append(problem("flows.field-required", f"/values/{name}", field=title))
    return missing


def picked(
    walk: Walk, chosen: Mapping[str, tuple[int, ...]], by: Literal["starter", "previous"]
) -> dict[str, tuple[int, ...]]:
    """The people somebody picks for nodes to come, if they are theirs to pick. Raises Rejected."""
    refused: list[Problem] = []
    directory = walk.work().directory
    for name, people in chosen.items():
        node = walk.plan.nodes.get(name)
        sources = [e for e in getattr(node and node.work, "sources", ()) if e.kind == "chosen" and e.by == by]
        if not sources:
            refused.append(problem("flows.nothing-chosen", f"/chosen/{name}"))
            continue
        for person in people:
            user = directory.users.get(person)
            if user is None or not user.active:
                refused.append(problem("flows.no-such-person", f"/chosen/{name}"))
            elif all(source.role is not None and source.role not in user.roles for source in sources):
                refused.append(problem("flows.not-among", f"/chosen/{name}"))
    if refused:
        raise Rejected(refused)
    return {name: tuple(dict.fromkeys(people)) for name, people in chosen.items()}


def permitted(context: Context, walk: Walk, task: Row, what: str) -> None:
    """Whether the step lets its people do this. An administrator may do it anywhere."""
    if what not in walk.plan.nodes[task["node"]].permits and not context.actor.is_administrator:
        raise Forbidden(problem("flows.not-permitted"))


def known_person(walk: Walk, person: int, pointer: str = "/person") -> None:
    """Somebody who is there and may be asked. Raises Rejected."""
    user = walk.work().directory.users.get(person)
    if user is None or not user.active:
        raise Rejected(problem("flows.no-such-person", pointer))


def _edit(context: Context, walk: Walk, editable: frozenset[str], values: Mapping[str, Any]) -> list[Problem]:
    """Change the fields this step opens to the person asked; the step permits it, whatever the form says. What the
    record does not take comes back, to be refused with all else that is wrong."""
    refused = sorted(values.keys() - editable)
    if refused:
        return [problem("flows.field-not-editable", f"/values/{name}", field=name) for name in refused]
    host: Any = context.host
    acting = host.context(context.unit, replace(context.actor, is_app=True), context.causes, context.now())
    try:
        acting.ask("records.update", type=walk.row["record_type"], id=walk.row["record_id"], values=dict(values))
    except Rejected as rejected:
        found = [replace(p, pointer=f"/values{p.pointer}") for p in rejected.problems]
        if type(rejected) is not Rejected:  # nothing that somebody could put right in what they have sent
            raise type(rejected)(found) from None
        return found
    return []


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
    asked = asked_now(walk.state)
    work = walk.work()
    given = {} if gone else walk.plan.withdrawal.values
    values = {name: work.value(expression) for name, expression in given.items()}
    walk.answer(run.Stopped(outcome))
    if not gone:
        tell(walk, [*sorted(asked), None if outcome == "withdrawn" else walk.row["starter"]], outcome, opinion)
    walk.finish()
    if values:
        # As the app: the starter may take back what only an approval may otherwise move.
        walk.context.as_app().ask(
            "records.update", type=walk.row["record_type"], id=walk.row["record_id"], values=values
        )


def set_back(context: Context, record_type: str, record_id: int, since: datetime) -> None:
    """A record is there again whose flows ended with it: it is set as they say for what is cancelled, which could not
    be done to what was going. A flow whose version cannot be read any more sets nothing."""
    for row in context.unit.fetch(store.ENDED_WITH_RECORD, type=record_type, record=record_id, since=since):
        try:
            plan = flows_of(context).at(context, row["digest"])
        except Hindered:
            continue
        work = Walk(context, plan, row, run.State()).work()
        values = {name: work.value(expression) for name, expression in plan.withdrawal.values.items()}
        if values:
            context.as_app().ask("records.update", type=record_type, id=record_id, values=values)


def _settle(walk: Walk, number: int, decision: Decision, reason: str) -> None:
    """Decide every seat that is asked, and those that are asked because of it, until the token goes on."""
    while (token := walk.state.token(number)) is not None:
        seat = next((each for each in token.seats if each.state == "open"), None)
        if seat is None or token.state != "resting":
            return
        walk.answer(run.Decided(number, seat.number, decision, reason))


def sits_already(walk: Walk, number: int, person: int) -> bool:
    """Whether somebody is asked at a token."""
    token = walk.state.token(number)
    return token is not None and any(each.pending and each.person == person for each in token.seats)


def cancel(
    context: Context, instance_id: int, opinion: str | None, *, gone: bool = False, outcome: str = "cancelled"
) -> None:
    """End an instance, whoever started it; also one whose version can no longer be read."""
    row = lock(context, instance_id)
    try:
        walk = stand(context, row, suspended=True)
    except Conflict as conflict:
        if row is None or conflict.problems[0].code != "flows.version-unreadable":
            raise
        _end_unread(context, row, opinion, outcome)
        return
    stop(walk, outcome, opinion, gone=gone)


def _end_unread(context: Context, row: Row, opinion: str | None, outcome: str) -> None:
    """Without a plan nothing can be done to the record; but nobody is asked any more, nothing runs, what it began is
    stopped, and what began it goes on."""
    unit, now = context.unit, context.now()
    for task in unit.fetch(store.TASKS_OF_INSTANCE, instance_id=row["id"]):
        if task["state"] in ("open", "waiting"):
            names = ("decision", "opinion", "reason", "request", "decided_at", "signature", "files", "checked")
            values = {"new_state": "cancelled", **{f"new_{name}": None for name in names}}
            unit.run(store.CLOSE_TASK, instance_id=row["id"], of_token=task["token"], of_seat=task["seat"], **values)
    ended = {"tokens": run.to_json(run.State()), "locks": None, "state": "cancelled", "outcome": outcome}
    rest = {"running": None, "stuck": 0, "waits": 0, "decisions": row["decisions"], "ended_at": now}
    unit.run(store.MOVE, row_id=row["id"], **{f"new_{name}": value for name, value in {**ended, **rest}.items()})
    if row["suspended_at"] is not None:
        unit.run(store.SUSPEND, instance_id=row["id"], new_suspended_at=None)
        held.let_go(context, row["id"])
    unit.insert(
        history,
        instance=row["id"],
        at=now,
        actor=context.actor.id,
        event=outcome,
        node=None,
        token=None,
        body={"opinion": opinion, "unread": True},
    )
    later = context.as_app().later
    for token in run.from_json(row["tokens"]).tokens:
        key = f"flows.stop_called:{row['id']}:{token.number}"
        later("flows.stop_called", key=key, instance=row["id"], token=token.number)
    if row["parent"] is not None:
        called = {"instance": row["parent"], "token": row["parent_token"], "outcome": "cancelled"}
        later("flows.called_ended", key=f"flows.called_ended:{row['id']}", **called)


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
        walk.answer(run.Retried(each.number) if exit is None else run.Left(each.number, exit))
        helped(walk, each.number)
    walk.finish()


def wake(context: Context, params: Waking) -> None:
    """A token's time is up. One that has moved on since is left alone: timers are never taken back."""
    row = lock(context, params.instance)
    if row is None or row["running"] is None:
        return
    if held_back(context, row, "flows.wake", params, f"{params.token}:{params.times}"):
        return
    walk = stand(context, row)
    token = walk.state.token(params.token)
    if token is None or token.state != "resting":
        return
    node = walk.plan.nodes[token.node]
    outcome = node.does.wake(walk.work(token), node, token.seats, params.times)
    again = outcome.wake_at if isinstance(outcome, HandOn | Again) else None
    next_at = again.isoformat() if again is not None else None
    walk.note("woken", node.id, token.number, times=params.times, next_at=next_at)
    before = set(people_of(token.seats))
    match outcome:
        case Go(exit):
            walk.answer(run.Left(token.number, exit))
        case Settle(decision, reason):
            _settle(walk, token.number, decision, reason)
        case HandOn(seats, reason, at):
            for seat, person in seats:
                if not sits_already(walk, token.number, person):
                    walk.answer(run.Handed(token.number, seat, person, reason))
            if at is not None:
                walk.sleep(token.number, at, params.times + 1)
        case Again(at):
            if at is not None:
                walk.sleep(token.number, at, params.times + 1)
    released(walk, before, "late", None)
    walk.finish()
