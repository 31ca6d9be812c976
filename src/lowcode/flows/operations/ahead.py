"""What would happen (穿越时空): a flow walked to its end with a person and a record, without a write.

It is the flow itself that is walked, by the same pure steps: people are found by reading, fields are set in a layer
over the record (`foreseen`), and what would be told, printed or begun is left out. So it runs beside whoever writes
and keeps nobody waiting. People answer as the caller says, by node, else with yes; a flow that is called ends well, and
what is waited for happens. Where a wait has a time as well, it is walked once more for what comes of that
(`otherwise`). A flow that comes back to where it stood, with a record that is the same, would go round for ever with
these answers: it is shown once around, and `repeats` is the step it comes back to. Records that would be made are not
found by lists, and what others do because of it (rules after the save, other flows) is not foreseen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import cached_property
from typing import Any

from lowcode.flows import run
from lowcode.flows.diagnostics import problem
from lowcode.flows.nodes.kind import Hindered
from lowcode.flows.operations import commands, standing, store, views
from lowcode.flows.operations.changing import Changing
from lowcode.flows.operations.drive import Walk
from lowcode.flows.operations.foreseen import Foreseen
from lowcode.flows.operations.journal import Journal, Said, shown_problem
from lowcode.flows.operations.picture import drawn
from lowcode.flows.operations.plans import flows_of
from lowcode.flows.operations.work import InstanceWork
from lowcode.flows.plan import HOLDS, FlowPlan, Node
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Conflict, NotFound, Problem, nearest

ROUNDS = 200
"""Answers given in one walk. A flow that goes round and changes its record each time is shown up to here."""
OTHERWISE = 5
"""So many waits of one walk are walked once more, by what happens when nothing does."""
NOT_YET = ("opinion", "signature", "files", "checked", "draft")
"""What a to-do has only once somebody wrote it."""
Row = dict[str, Any]


def simulate(
    context: Context,
    plan: FlowPlan,
    record_id: int,
    starter: int | None,
    answers: Mapping[str, str],
    chosen: Mapping[str, tuple[int, ...]],
    values: Mapping[str, Any],
) -> dict[str, Any]:
    """A new instance of a flow, from its start. `values` are what the record would be changed to first, by the person
    who asks and as they may."""
    row = {**commands.new_row(context.as_app(), plan, record_id, starter), "id": 0}

    def begun() -> Ahead:
        walk = Ahead(context, plan, row, run.State(chosen=chosen))
        if values:
            Foreseen(context, walk.would, plan.name, 0).ask(
                "records.update", type=plan.form, id=record_id, values=dict(values)
            )
        walk.begin()
        return walk

    return _told(begun, answers)


def ahead(context: Context, instance_id: int, answers: Mapping[str, str]) -> dict[str, Any]:
    """What is still to come of an instance; only the steps that it has not walked yet."""
    row = context.unit.one(store.INSTANCE, instance_id=instance_id)
    assert row is not None
    try:
        plan = flows_of(context).at(context, row["digest"])
    except Hindered as hindered:
        raise Conflict(hindered.problem) from None
    return _told(lambda: Ahead(context, plan, row, run.from_json(row["tokens"])), answers)


def _told(begun: Callable[[], Ahead], answers: Mapping[str, str]) -> dict[str, Any]:
    """How it goes, and for each wait that has a time what comes of it when nothing happens until then: `node`, `at`,
    where it leads (`to`), and how the flow ends (`state`)."""
    walk = begun()
    found = walk.played(answers)
    found["otherwise"] = [
        {"node": node, "at": at, "to": standing.called(walk.plan, walk.plan.nodes[node].exits["to"]),
         "state": begun().played({**answers, node: "to"})["state"]}
        for node, at in [*walk.timed.items()][:OTHERWISE]
    ]  # fmt: skip
    return found


class Notes(Journal):
    """What would be left behind, in memory."""

    def __init__(self, context: Context, plan: FlowPlan, row: Row, tasks: list[Row], lines: list[Row]) -> None:
        super().__init__(context, plan, row)
        self.tasks, self.lines = tasks, lines
        self.incidents: list[Row] = []
        self.outcome: str | None = row["outcome"]

    def note(self, event: str, node: str | None = None, token: int | None = None, **body: Any) -> None:
        """One more line."""
        self.lines.append({"event": event, "node": node, "token": token, "at": self.context.now(), "body": body})

    def tell(self, event: str, **body: Any) -> None:
        """Nobody hears it."""

    def opened(self, effect: run.Opened, due_at: datetime | None, by: int | None) -> None:
        """A to-do there would be."""
        self.tasks.append({"id": None, **dict.fromkeys(NOT_YET), **self.task_of(effect, due_at, by)})

    def asked(self, effect: run.Opened | run.Turned, work: InstanceWork, answers: int) -> None:
        """Nobody is told."""

    def turned(self, effect: run.Turned) -> None:
        """A to-do would wait for others, or no longer."""
        for row in self._pending(effect.token, effect.seat.number):
            row["state"] = effect.seat.state

    def undone(self, effect: run.Undone) -> None:
        """Nobody takes anything back here."""

    def closed(self, effect: run.Closed, said: Said) -> None:
        """A to-do would be done, or no longer needed."""
        seat = effect.seat
        for row in self._pending(effect.token, seat.number):
            row.update(state=seat.state, decision=seat.decision, reason=seat.reason or None)

    def stuck(self, effect: run.Stuck, problems: Iterable[Problem], work: InstanceWork, occasion: str) -> None:
        """Here it could not go on."""
        shown = [shown_problem(each) for each in problems]
        at = {"token": effect.token, "node": effect.node, "at": self.context.now()}
        self.incidents.append({**at, "code": effect.code, "problems": shown})
        self.note("stuck", effect.node, effect.token, problems=shown)

    def ended(self, outcome: str) -> None:
        """The last token would be gone."""
        self.outcome = outcome
        self.note("ended", outcome=outcome)

    def _pending(self, token: int, seat: int) -> Iterator[Row]:
        for row in self.tasks:
            if (row["token"], row["seat"]) == (token, seat) and row["state"] in ("open", "waiting"):
                yield row


class ChangingAhead(Changing):
    """Other records as they would be: each is worked out by itself."""

    simulated = True

    def change(self, form: str, sent: Sequence[tuple[int, Mapping[str, Any]]]) -> None:
        """Each as it would be."""
        for identity, values in sent:
            self._work.context.ask("records.update", type=form, id=identity, values=dict(values))

    def create(self, form: str, sources: Sequence[int], rows: Sequence[Mapping[str, Any]]) -> None:
        """Whether each could be made."""
        for values in rows:
            given = {name: value for name, value in values.items() if value is not None}
            self._work.context.ask("records.create", type=form, values=given)


class AheadWork(InstanceWork):
    """The world as a node would see it."""

    given: set[int]

    def call(self, flow: str, record_id: int) -> int:
        """The other flow is taken to end well; whether it could begin is looked at."""
        flows = flows_of(self._base).flows
        plan = flows.get(flow)
        if plan is None:
            raise NotFound(problem("flows.no-such-flow", flow=flow, near=nearest(flow, flows) or ""))
        own = (plan.form, record_id) == (self.record_type, self.record_id)
        asking = self._base.as_app() if own else self.context
        asking.ask("records.get", type=plan.form, id=record_id, fields=("id",))
        itself = (plan.name, record_id) == (self._plan.name, self.record_id)
        if itself or commands.is_running(self._base, plan, record_id):
            raise Conflict(problem("flows.running-already"))
        return 0

    def copy(self, people: Iterable[int], node: Node, text: Any) -> list[int]:
        """Who would get it anew."""
        unit, found = self._base.unit, []
        for person in people:
            has = unit.one(store.HAS_COPY, instance_id=self.instance_id, person=person) is not None
            if not has and person not in self.given:
                self.given.add(person)
                found.append(person)
        return found

    @cached_property
    def changes(self) -> Changing:
        """How other records would be changed."""
        return ChangingAhead(self, locked=False)

    def update(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """The record as it would be; the flow itself is not kept out by the lock it holds."""
        self.context.ask("records.update", type=self.record_type, id=self.record_id, values=dict(values))
        return {}


class Ahead(Walk):
    """A walk that reads."""

    def __init__(self, context: Context, plan: FlowPlan, row: Row, state: run.State) -> None:
        base = context.as_app()
        self.would: dict[tuple[str, int], dict[str, Any]] = {}
        tasks, lines = views.walked(context, row) if row["id"] else ([], [])
        self.notes = Notes(base, plan, row, tasks, lines)
        super().__init__(Foreseen(base, self.would, plan.name, row["id"]), plan, row, state, self.notes)
        self.reader = context
        self.given: set[int] = set()
        self.began, self.known = state, len(lines)
        self.walked = len(self._steps(views.Names(context, [row])))
        self._branches: dict[tuple[int, str], tuple[tuple[int, int], ...]] = {}
        self.timed: dict[str, str] = {}
        """Waits that were taken to end before their time, and when that is."""

    def work(self, token: run.Token | None = None) -> InstanceWork:
        """The world for one node."""
        found = AheadWork(self.context, self.plan, self.row, self.state, token)
        found.given = self.given
        return found

    @contextmanager
    def part(self) -> Iterator[None]:
        """What a node that is refused would have set did not happen."""
        before = dict(self.would)
        try:
            yield
        except BaseException:
            self.would.clear()
            self.would.update(before)
            raise

    def _enter(self, token: run.Token) -> run.Answer:
        """Remember out of which splits it came here."""
        self._branches[token.number, token.node] = token.branch
        return super()._enter(token)

    def review(self, node: Node, token: int | None) -> None:
        """Programs are not asked."""

    def played(self, answers: Mapping[str, str]) -> dict[str, Any]:
        """Everybody answers, and every wait ends; how it goes."""
        stood: set[str] = set()
        repeats = False
        for _ in range(ROUNDS if self.row["running"] is not None else 0):
            self._entered = 0
            waits = next(self._waiting(), None)
            here = self._stands()
            if waits is None or here in stood:
                repeats = waits is not None
                break
            stood.add(here)
            self._play(waits, answers)
        names = views.Names(self.reader, [self.row])
        steps = self._steps(names)
        known = views.stuck_at(self.reader, self.row) if self.row["id"] else []
        running = self.row["running"] if not self.state.ended else None
        stuck = any(token.state == "stuck" for token in self.state.tokens)
        state = "ended" if self.row["running"] is not None else self.row["state"]
        stands = {"running": running, "suspended_at": None, "stuck": stuck, "state": state}
        stands["outcome"] = self.notes.outcome
        stands_at = (*(self.began.tokens if self.known else ()), *(e for e in self.state.tokens if e.state == "stuck"))
        now, lines = run.State(stands_at), self.notes.lines
        return {
            **drawn(self.plan, lines[: self.known], now, lines, self.reader.actor.locale),
            "state": views.instance_state(stands),
            "outcome": self.notes.outcome if running is None else None,
            "repeats": self._newest(steps) if repeats else None,
            "steps": [self._ahead(each) for each in steps[self.walked :]],
            "incidents": views.incidents_of([*known, *self.notes.incidents] if stuck else [], names),
        }

    def _steps(self, names: views.Names) -> list[dict[str, Any]]:
        return views.steps_of(self.plan.document, self.notes.tasks, self.notes.lines, names)

    def _waiting(self) -> Iterator[run.Token]:
        """What waits for an answer or an event, in its order; of a scope, what goes on inside."""
        for token in self.state.tokens:
            if token.state == "resting" and self.plan.nodes[token.node].gate not in HOLDS:
                yield token

    def _stands(self) -> str:
        """Where the flow stands and what the record is: the same twice, and the same answers lead round again."""
        at = sorted(
            repr((e.node, e.state == "resting" or e.via, e.state, e.seats, e.back, e.again, e.fired))
            for e in self.state.tokens
        )
        return repr((at, sorted(self.would.items())))

    def _newest(self, steps: Iterable[Mapping[str, Any]]) -> Mapping[str, str]:
        """What the step is called that was come to last, of those that wait."""
        waiting = {each.node for each in self._waiting()}
        return standing.called(self.plan, [each["node"] for each in steps if each["node"] in waiting][-1])

    def _play(self, token: run.Token, answers: Mapping[str, str]) -> None:
        """One answer, or one wait that ends."""
        node = self.plan.nodes[token.node]
        seat = next((each for each in token.seats if each.state == "open"), None)
        if seat is None or node.voting is None:
            exit = answers.get(node.id, node.usual)
            self._end(token, node, exit if exit in node.exits else node.usual)
            return
        said: Any = answers.get(node.id)
        decision = said if said in node.voting.decisions else node.voting.agreement
        self.answer(run.Decided(token.number, seat.number, decision))

    def _end(self, token: run.Token, node: Node, exit: str) -> None:
        """A wait is over."""
        if node.expects and exit != "to":
            began = [each["body"]["trace"] for each in self.notes.lines
                     if (each["event"], each["token"], each["node"]) == ("waits", token.number, node.id)]  # fmt: skip
            until = began[-1].get("until") if began else None
            if until is not None:  # carried over from a version where it was another step, it has said nothing
                self.timed.setdefault(node.id, until)
        self.answer(run.Left(token.number, exit))

    def _ahead(self, step: Mapping[str, Any]) -> dict[str, Any]:
        """A step that is to come; `branch`: the splits it comes out of, and by which exit of each."""
        branch = self._branches.get((step["token"], step["node"]), ())
        left = {"state": "skipped"} if self.state.ended and step["state"] == "active" else {}
        awaits = standing.expected(self.reader, self.plan, self.plan.nodes[step["node"]])
        return {**_step_ahead(step), **left, "branch": [list(each) for each in branch], "awaits": awaits}


def _step_ahead(step: Mapping[str, Any]) -> dict[str, Any]:
    """A step without what is only true of one that was walked."""
    people = [{key: each[key] for key in ("person", "behalf", "role", "why")} for each in step["people"]]
    kept = ("node", "kind", "title", "mode", "passes", "state", "exit", "ends_part", "why", "reasons")
    return {**{key: step[key] for key in kept}, "people": people}
