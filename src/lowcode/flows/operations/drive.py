"""What tokens do on the way: one command's walk, from one rest to the next, inside one transaction.

`run` says what is to be done, this does it and answers, until every token rests, is stuck or gone. A node that writes
records does so in a savepoint: refused, nothing of it happened, and the token is stuck with the reason.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import datetime
from typing import Any, assert_never

from lowcode.flows import run
from lowcode.flows.diagnostics import problem
from lowcode.flows.nodes.asking.asking import due_of
from lowcode.flows.nodes.asking.votes import Seat
from lowcode.flows.nodes.caught import Catch, What
from lowcode.flows.nodes.kind import Broken, Go, Hindered, Rest, Several, Throw
from lowcode.flows.operations import advice, held, store
from lowcode.flows.operations.journal import Journal, Said
from lowcode.flows.operations.listening import go_out, heard, keep_signals, look_for_early, names, time_runs
from lowcode.flows.operations.work import InstanceWork
from lowcode.flows.plan import FlowPlan, Node
from lowcode.flows.run.state import to_json
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Conflict, Problem, Rejected
from lowcode.kernel.identity import org
from lowcode.kernel.storage.crypto import SECRET, SealError
from lowcode.kernel.storage.watching import settle

WAITS: tuple[What, ...] = ("message", "when")
"""What may move an instance on from outside, for which records of instances are looked through."""
STEPS_LIMIT = 500
"""Nodes entered in one command. A loop on which nobody is asked is halted here, visibly."""


class Walk:
    """One command on one instance. `row` is the instance, locked; `finish` writes where it stands afterwards."""

    def __init__(
        self,
        context: Context,
        plan: FlowPlan,
        row: Mapping[str, Any],
        state: run.State,
        journal: Journal | None = None,
    ) -> None:
        self.context = context
        self.plan = plan
        self.row = row
        self.state = state
        self.journal = journal or Journal(context, plan, row)
        self.note = self.journal.note
        self.decisions: int = row["decisions"]
        self.stopped = False
        self.adding = False
        """Whether people who are asked now are asked by the person who acts."""
        self._entered = 0
        self._wrote = False
        self._signals, self._heard = names(self.plan, self.state, "signal"), heard(self.plan, self.state)
        self._asked = {token.asked for token in state.tokens if token.asked}
        self._problems: dict[int, tuple[Problem, ...]] = {}
        self.traces: dict[int, Mapping[str, Any]] = {}
        self._due: dict[int, Rest] = {}
        self._said: dict[tuple[int, int], Said] = {}

    # -- what a command does ------------------------------------------------------------------------------------------

    def begin(self, at: str | None = None) -> None:
        """The first steps of a new instance, or of one that is woken up at a node."""
        try:
            self.state, effects = run.begin_at(self.plan, self.state, at or self.plan.entry)
        except run.Impossible as stale:
            raise misfit(self.context, stale) from None
        self._perform(effects)

    def answer(self, answer: run.Answer) -> None:
        """Work an answer in and follow it. Raises Conflict when it no longer fits."""
        try:
            self.state, effects = run.advance(self.plan, self.state, answer)
        except run.Impossible as stale:
            raise misfit(self.context, stale) from None
        self._perform(effects)

    def say(self, token: int, seat: int, said: Said) -> None:
        """What a person gives with the answer that follows."""
        self.decisions += 1
        self._said[(token, seat)] = said

    def enter_again(self, before: run.Token, token: run.Token) -> None:
        """What people were asked under another version is closed, and the node entered anew."""
        for seat in before.seats:
            if seat.pending:
                closed = run.Closed(token.number, before.node, replace(seat, state="cancelled", reason="migrated"))
                self.journal.closed(closed, Said())
        self._perform([run.Enter(token.number, token.node)])

    def work(self, token: run.Token | None = None) -> InstanceWork:
        """The world for one node."""
        return InstanceWork(self.context, self.plan, self.row, self.state, token)

    def part(self) -> AbstractContextManager[None]:
        """What happens whole in a walk, or not at all: a node that writes."""
        return self.context.unit.savepoint()

    def review(self, node: Node, token: int | None) -> None:
        """Ask the program that reviews beside the people, where a node has one."""
        advice.begin(self.context, node, self.row["id"], token)

    def sleep(self, token: int, at: datetime, times: int) -> None:
        """Wake a token then."""
        self.context.as_app().later(
            "flows.wake",
            at=at,
            key=f"flows.wake:{self.row['id']}:{token}:{times}",
            instance=self.row["id"],
            token=token,
            times=times,
        )

    def finish(self) -> None:
        """Write where the instance stands."""
        _write_down(self)

    # -- what has to be done ------------------------------------------------------------------------------------------

    def _perform(self, effects: Iterable[run.Effect]) -> None:
        queue = deque(effects)
        while queue:
            effect = queue.popleft()
            match effect:
                case run.Enter(number):
                    token = self.state.token(number)
                    if token is not None and token.state == "entering":  # an end elsewhere may have taken it away
                        self.state, more = run.advance(self.plan, self.state, self._enter(token))
                        queue.extend(more)
                case run.Opened():
                    self._open(effect)
                case run.Closed(token=number, seat=seat):
                    self.journal.closed(effect, self._said.get((number, seat.number), Said()))
                case run.Turned():
                    self.journal.turned(effect)
                    self._tell(effect)
                case run.Undone():
                    self.decisions -= 1
                    self.journal.undone(effect)
                case run.Passed(number, node, exit, beside=True):
                    self.note("branched", node, number, exit=exit)
                case run.Passed(number, node, exit, arrived):
                    trace = self.traces.pop(number, {})
                    self.note("arrived" if arrived else "passed", node, number, exit=exit, trace=dict(trace))
                    if breaks_off(self.plan, node, exit):
                        self.stop_called(number, node)
                case run.Dropped(number, node):
                    self.note("dropped", node, number)
                    self.stop_called(number, node)
                case run.Stuck():
                    self._stick(effect)
                case run.Began(number, node):
                    for handler in self.plan.handlers.get(node, ()):
                        self._await(number, handler.handles, handler.id)
                case run.Told(what, name, node):
                    self.note("told", node or None, what=what, name=name)
                    go_out(self.context, self.row, what, name, self.journal.upward)
                case run.Ended(outcome):
                    self.journal.ended(outcome)
                case _:
                    assert_never(effect)

    def _enter(self, token: run.Token) -> run.Answer:
        """Do what a node is for."""
        node = self.plan.nodes[token.node]
        self._entered += 1
        self._wrote = self._wrote or node.writes
        try:
            if self._entered > STEPS_LIMIT:
                raise Hindered(problem("flows.too-many-steps", limit=STEPS_LIMIT))
            with self.part() if node.writes else nullcontext():
                outcome = node.does.enter(self.work(token), node)
        except (Hindered, Rejected, SealError) as error:
            return self._failed(token, _why(error))
        match outcome:
            case Go(exit, trace):
                self.traces[token.number] = trace
                return run.Left(token.number, exit)
            case Several(exits, trace):
                self.traces[token.number] = trace
                return run.Split(token.number, exits)
            case Throw(what, name):
                return run.Thrown(token.number, what, name)
            case Broken(found, name):
                self._problems[token.number] = (found,)
                return run.Failed(token.number, found.code, name)
            case Rest(seats, due_at, wake_at, trace, asked=asked):
                self._due[token.number] = outcome
                for catch in node.catches:
                    self._await(token.number, catch)
                self.note("asked" if seats else "waits", node.id, token.number, trace=dict(trace), due_at=_iso(due_at))
                if wake_at is not None:
                    self.sleep(token.number, wake_at, 0)
                self.review(node, token.number if seats else None)
                return run.Seated(token.number, seats, asked)
            case _:
                assert_never(outcome)

    def _await(self, token: int, catch: Catch | None, handler: str = "") -> None:
        """Something is waited for from now on; a condition may hold already."""
        assert catch is not None
        self._wrote = self._wrote or catch.condition is not None
        time_runs(self.context, self.row["id"], token, catch, handler)

    def _failed(self, token: run.Token, problems: tuple[Problem, ...]) -> run.Failed:
        self._problems[token.number] = problems
        return run.Failed(token.number, problems[0].code)

    def _open(self, effect: run.Opened) -> None:
        rest = self._due.get(effect.token, Rest())
        due_at = rest.due_by.get(effect.seat.person, rest.due_at)
        self.journal.opened(effect, due_at, self.context.actor.id if self.adding else None)
        self._tell(effect)

    def _tell(self, effect: run.Opened | run.Turned) -> None:
        token = self.state.token(effect.token)
        if effect.seat.state == "open" and token is not None:  # what others said beforehand may have settled it
            answers = sum(not each.pending for each in token.seats)
            self.journal.asked(effect, self.work(token), answers)

    def stop_called(self, token: int, node: str) -> None:
        """A flow that was begun for a token which is gone is stopped, after the commit: one lock at a time."""
        if self.plan.nodes[node].kind == "flow":
            key = f"flows.stop_called:{self.row['id']}:{token}"
            self.context.as_app().later("flows.stop_called", key=key, instance=self.row["id"], token=token)

    def _stick(self, effect: run.Stuck) -> None:
        problems = self._problems.pop(effect.token, None) or (problem(effect.code),)
        self.journal.stuck(effect, problems, self.work(self.state.token(effect.token)), self.context.now().isoformat())


def _why(error: Hindered | Rejected | SealError) -> tuple[Problem, ...]:
    """Why a token is stuck."""
    if isinstance(error, Rejected):
        return error.problems
    return (error.problem if isinstance(error, Hindered) else problem("flows.value-sealed", secret=SECRET),)


def misfit(context: Context, stale: run.Impossible) -> Conflict:
    """An answer that does not fit any more, in words."""
    user = org.directory(context).users.get(stale.person) if stale.person is not None else None
    return Conflict(problem(str(stale), person=user.name if user is not None else ""))


def receive(walk: Walk, token: run.Token, came: Mapping[str, Any]) -> None:
    """Another program answered what a token asked it."""
    walk._asked.discard(token.asked)
    walk.answer(run.Received(token.number, came))


def helped(walk: Walk, number: int) -> None:
    """What a token was stuck by is over, unless it is stuck still."""
    token = walk.state.token(number)
    if token is None or token.state != "stuck":
        done = {"now": walk.context.now(), "by": walk.context.actor.id}
        walk.context.unit.run(store.RESOLVE, instance_id=walk.row["id"], of_token=number, **done)


def ask_again(walk: Walk, node: Node, visit: int, seats: tuple[Seat, ...]) -> None:
    """People are asked again where they were asked before, and have the time for it that they had."""
    number, asked = walk.state.next_number, [seat.person for seat in seats if seat.pending]
    rungs = getattr(node.work, "rungs", ())
    due_by = due_of(walk.work(), rungs[0].span, asked) if rungs else {}
    due_at = max(due_by.values()) if due_by else None
    walk._due[number] = Rest(due_at=due_at, due_by=due_by)
    walk.answer(run.Reclaimed(visit, seats))
    found = [seat.person for seat in seats]
    walk.note("asked", node.id, number, trace={"found": found, "notes": []}, due_at=_iso(due_at))
    if due_at is not None:
        walk.sleep(number, due_at, 0)
    for catch in node.catches:
        walk._await(number, catch)
    walk.review(node, number)


def _write_down(walk: Walk) -> None:
    """Where an instance stands, what it listens to, and word to whoever waits for its end."""
    ended = walk.state.ended
    state = "running" if not ended else "cancelled" if walk.stopped else "ended"
    values = {
        "new_tokens": to_json(walk.state),
        "new_locks": _locks(walk.plan, walk.state),
        "new_state": state,
        "new_outcome": walk.state.outcome if ended else None,
        "new_running": None if ended else running_key(walk.plan, walk.row["record_id"]),
        "new_stuck": sum(token.state == "stuck" for token in walk.state.tokens),
        "new_decisions": walk.decisions,
        "new_waits": int(any(names(walk.plan, walk.state, what) for what in WAITS)),
        "new_ended_at": walk.context.now() if ended else None,
    }
    unit = walk.context.unit
    settle(unit, store.MOVE, store.MOVE_SEEN, walk.row["id"], **values)
    if ended and walk.row.get("suspended_at") is not None:  # what is held on it comes to nobody any more
        unit.run(store.SUSPEND, instance_id=walk.row["id"], new_suspended_at=None)
        held.let_go(walk.context, walk.row["id"])
    keep_signals(walk.context, walk.row["id"], walk._signals, names(walk.plan, walk.state, "signal"))
    look_for_early(walk.context, walk.plan, walk.row, walk._heard, walk.state)
    for message in sorted(walk._asked - {token.asked for token in walk.state.tokens}):
        walk.context.as_app().later("api.call_off", key=f"api.call_off:{message}", message=message)
    if walk._wrote and names(walk.plan, walk.state, "when"):
        context = walk.context.as_app()
        context.later("flows.look", form=walk.row["record_type"], id=walk.row["record_id"])
    if walk.row.get("parent") is not None:
        _tell_parent(walk, ended)


def _tell_parent(walk: Walk, ended: bool) -> None:
    """What came out of a called flow goes to the step that waits for it, an escalation before the end: what is thrown
    with the end goes with it, and what is thrown before lies there when the end is told (decision 0163)."""
    above = {"instance": walk.row["parent"], "token": walk.row["parent_token"]}
    later, escalated = walk.context.as_app().later, walk.journal.upward["escalation"]
    if ended:
        called = {**above, "outcome": "cancelled" if walk.stopped else walk.state.outcome}
        if escalated:  # a process of an earlier version does not know the word, and would refuse every end
            called["escalated"] = escalated
        if walk.journal.upward["error"]:
            called["erred"] = True
        later("flows.called_ended", key=f"flows.called_ended:{walk.row['id']}", **called)
    elif escalated:
        held.put(walk.context, above["instance"], "flows.escalated", {**above, "escalated": escalated})
        later("flows.escalated", **above)


def breaks_off(plan: FlowPlan, node: str, exit: str) -> bool:
    """Whether a token that leaves a step by an exit leaves what was begun there."""
    return exit == "jump" or any(each.exit == exit and each.interrupts for each in plan.nodes[node].catches)


def running_key(plan: FlowPlan, record_id: int) -> str:
    """What is unique while an instance runs: a flow runs once per record at a time."""
    return f"{plan.name}:{plan.form}:{record_id}"


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def _locks(plan: FlowPlan, state: run.State) -> list[dict[str, Any]] | None:
    """Who may still edit the record, and which fields; None when it is open to all who may edit it anyway."""
    found = []
    for token in state.tokens:
        node = plan.nodes[token.node]
        if token.state == "resting" and node.locks:
            people = [seat.person for seat in token.seats if seat.state == "open"]
            found.append({"node": node.id, "people": people, "editable": sorted(node.editable)})
    return found or None
