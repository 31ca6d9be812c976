"""What tokens do on the way: one command's walk, from one rest to the next, inside one transaction.

`run` says what is to be done, this does it and answers, until every token rests, is stuck or gone. A node that writes
records does so in a savepoint: refused, nothing of it happened, and the token is stuck with the reason.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from contextlib import nullcontext
from datetime import datetime
from typing import Any, assert_never

from lowcode.flows import run, store
from lowcode.flows.compile import KINDS
from lowcode.flows.diagnostics import problem
from lowcode.flows.nodes.kind import Go, Hindered, Rest
from lowcode.flows.plan import FlowPlan, Node
from lowcode.flows.state import to_json
from lowcode.flows.tables import history, incident, task
from lowcode.flows.work import InstanceWork
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Conflict, Problem, Rejected
from lowcode.kernel.identity import ADMINISTRATOR, org

STEPS_LIMIT = 500
"""Nodes entered in one command. A loop on which nobody is asked is halted here, visibly."""

STUCK = {"zh-CN": "流程停滞，需要处理", "en": "A flow is stuck and needs help"}


class Walk:
    """One command on one instance. `row` is the instance, locked; `finish` writes where it stands afterwards."""

    def __init__(self, context: Context, plan: FlowPlan, row: Mapping[str, Any], state: run.State) -> None:
        self.context = context
        self.plan = plan
        self.row = row
        self.state = state
        self.decisions: int = row["decisions"]
        self.stopped = False
        self._entered = 0
        self._problems: dict[int, tuple[Problem, ...]] = {}
        self._traces: dict[int, Mapping[str, Any]] = {}
        self._due: dict[int, datetime | None] = {}
        self._said: dict[tuple[int, int], tuple[str | None, str | None]] = {}

    # -- what a command does ------------------------------------------------------------------------------------------

    def begin(self) -> None:
        """The first steps of a new instance."""
        self.state, effects = run.start(self.plan)
        self._perform(effects)

    def answer(self, answer: run.Answer) -> None:
        """Work an answer in and follow it. Raises Conflict when it no longer fits."""
        try:
            self.state, effects = run.advance(self.plan, self.state, answer)
        except run.Impossible as stale:
            raise Conflict(problem(str(stale))) from None
        self._perform(effects)

    def decide(self, token: int, seat: int, decision: Any, *, opinion: str | None, request: str | None) -> None:
        """One person's answer."""
        self.decisions += 1
        self._said[(token, seat)] = (opinion, request)
        self.answer(run.Decided(token, seat, decision))

    def note(self, event: str, node: str | None = None, token: int | None = None, **body: Any) -> None:
        """One more line of history."""
        self.context.unit.insert(
            history,
            instance=self.row["id"],
            at=self.context.now(),
            actor=self.context.actor.id,
            event=event,
            node=node,
            token=token,
            body=body,
        )

    def work(self, token: run.Token | None = None) -> InstanceWork:
        """The world for one node."""
        return InstanceWork(self.context, self.plan, self.row, self.state, token)

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
        ended = self.state.ended
        state = "running" if not ended else "cancelled" if self.stopped else "ended"
        self.context.unit.run(
            store.MOVE,
            instance_id=self.row["id"],
            new_tokens=to_json(self.state),
            new_locks=self._locks(),
            new_state=state,
            new_outcome=self.state.outcome if ended else None,
            new_running=None if ended else running_key(self.plan, self.row["record_id"]),
            new_stuck=sum(token.state == "stuck" for token in self.state.tokens),
            new_decisions=self.decisions,
            new_ended_at=self.context.now() if ended else None,
        )

    def _locks(self) -> list[dict[str, Any]] | None:
        """Who may still edit the record, and which fields; None when it is open to all who may edit it anyway."""
        found = []
        for token in self.state.tokens:
            node = self.plan.nodes[token.node]
            if token.state == "resting" and node.locks:
                people = [seat.person for seat in token.seats if seat.state == "open"]
                found.append({"node": node.id, "people": people, "editable": sorted(node.editable)})
        return found or None

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
                case run.Closed():
                    self._close(effect)
                case run.Passed(number, node, exit, arrived):
                    trace = self._traces.pop(number, {})
                    self.note("arrived" if arrived else "passed", node, number, exit=exit, trace=dict(trace))
                case run.Dropped(number, node):
                    self.note("dropped", node, number)
                case run.Stuck():
                    self._stick(effect)
                case run.Ended(outcome):
                    self._end(outcome)
                case _:
                    assert_never(effect)

    def _enter(self, token: run.Token) -> run.Answer:
        """Do what a node is for."""
        node = self.plan.nodes[token.node]
        self._entered += 1
        try:
            if self._entered > STEPS_LIMIT:
                raise Hindered(problem("flows.too-many-steps", limit=STEPS_LIMIT))
            with self.context.unit.savepoint() if node.writes else nullcontext():
                outcome = KINDS[node.kind].enter(self.work(token), node)
        except Hindered as hindered:
            return self._failed(token, (hindered.problem,))
        except Rejected as rejected:
            return self._failed(token, rejected.problems)
        match outcome:
            case Go(exit, trace):
                self._traces[token.number] = trace
                return run.Left(token.number, exit)
            case Rest(seats, due_at, wake_at, trace):
                self._due[token.number] = due_at
                self.note("asked" if seats else "waits", node.id, token.number, trace=dict(trace), due_at=_iso(due_at))
                if wake_at is not None:
                    self.sleep(token.number, wake_at, 0)
                return run.Seated(token.number, seats)
            case _:
                assert_never(outcome)

    def _failed(self, token: run.Token, problems: tuple[Problem, ...]) -> run.Failed:
        self._problems[token.number] = problems
        return run.Failed(token.number, problems[0].code)

    def _open(self, effect: run.Opened) -> None:
        """A to-do for one person, and word of it."""
        node, seat, row = self.plan.nodes[effect.node], effect.seat, self.row
        decided = seat.state == "done"
        self.context.unit.insert(
            task,
            instance=row["id"],
            token=effect.token,
            seat=seat.number,
            node=node.id,
            kind=node.kind,
            flow=self.plan.name,
            flow_title=self.plan.title,
            title=node.title,
            subject=row["subject"],
            record_type=row["record_type"],
            record_id=row["record_id"],
            starter=row["starter"],
            person=seat.person,
            behalf=seat.behalf,
            state=seat.state,
            decision=seat.decision,
            opinion=None,
            reason=seat.reason or None,
            opinion_rule=node.opinion,
            editable=sorted(node.editable),
            hidden=sorted(node.hidden),
            request=None,
            created_at=self.context.now(),
            due_at=self._due.get(effect.token),
            decided_at=self.context.now() if decided else None,
        )
        if not decided:
            self._tell_person(node, effect)

    def _tell_person(self, node: Node, effect: run.Opened) -> None:
        token = self.state.token(effect.token)
        seat = effect.seat
        self.work(token).notify([seat.person], node.title, self.row["subject"], f"task:{node.id}:{seat.number}")
        self.context.tell(
            "flow.asked",
            record_type=self.row["record_type"],
            record_id=self.row["record_id"],
            instance=self.row["id"],
            flow=self.plan.name,
            node=node.id,
            person=seat.person,
        )

    def _close(self, effect: run.Closed) -> None:
        seat = effect.seat
        opinion, request = self._said.get((effect.token, seat.number), (None, None))
        self.context.unit.run(
            store.CLOSE_TASK,
            instance_id=self.row["id"],
            of_token=effect.token,
            of_seat=seat.number,
            new_state=seat.state,
            new_decision=seat.decision,
            new_opinion=opinion,
            new_reason=seat.reason or None,
            new_request=request,
            new_decided_at=self.context.now() if seat.state == "done" else None,
        )
        if seat.state == "done":
            said = {"decision": seat.decision, "person": seat.person, "opinion": opinion, "reason": seat.reason or None}
            self.note("decided", effect.node, effect.token, seat=seat.number, **said)
            self.context.tell(
                "flow.decided",
                record_type=self.row["record_type"],
                record_id=self.row["record_id"],
                instance=self.row["id"],
                flow=self.plan.name,
                node=effect.node,
                **said,
            )

    def _stick(self, effect: run.Stuck) -> None:
        """An incident: a row, a line of history, and word to the administrators."""
        problems = self._problems.pop(effect.token, None) or (problem(effect.code),)
        shown = [_shown(each) for each in problems]
        self.context.unit.insert(
            incident,
            instance=self.row["id"],
            token=effect.token,
            node=effect.node,
            at=self.context.now(),
            code=effect.code,
            problems=shown,
            resolved_at=None,
            resolved_by=None,
        )
        self.note("stuck", effect.node, effect.token, problems=shown)
        administrators = [user.id for user in org.users_with_role(self.context, ADMINISTRATOR)]
        words = {locale: problems[0].words(locale) for locale in ("zh-CN", "en")}
        self.work(self.state.token(effect.token)).notify(administrators, STUCK, words, f"stuck:{self._entered}")

    def _end(self, outcome: str) -> None:
        self.note("ended", outcome=outcome)
        self.context.tell(
            "flow.ended",
            record_type=self.row["record_type"],
            record_id=self.row["record_id"],
            instance=self.row["id"],
            flow=self.plan.name,
            outcome=outcome,
        )


def running_key(plan: FlowPlan, record_id: int) -> str:
    """What is unique while an instance runs: a flow runs once per record at a time."""
    return f"{plan.name}:{plan.form}:{record_id}"


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None


def _shown(problem: Problem) -> dict[str, Any]:
    """A problem as it is stored: its words in both languages, values filled in."""
    words = {locale: problem.words(locale) for locale in ("zh-CN", "en")}
    return {"code": problem.code, "message": words, "pointer": problem.pointer}
