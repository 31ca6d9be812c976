"""Flows that the clock begins (timer start event): each record that fits gets its instance, once for each time.

A timer per flow looks at the window since it looked last, so that what was due while nothing ran is begun afterwards.
It only puts off: the page of records of one time is a job, and so is each instance, with keys by which each happens
once, wherever a process dies; and what hinders one record keeps no other waiting.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from pydantic import AwareDatetime

from lowcode.flows.operations import commands
from lowcode.flows.operations.plans import FlowsPlan, flows_of
from lowcode.flows.plan import FlowPlan
from lowcode.flows.run.schedule import looked_at, times
from lowcode.kernel.contract import Context, Operation, Parameters, Timer
from lowcode.kernel.diagnostics import Conflict

PAGE = 200


class TimeParameters(Parameters):
    """A time of a flow, and where its records go on."""

    flow: str
    time: AwareDatetime
    after: str | None = None


class RecordParameters(Parameters):
    """A time of a flow, for one record."""

    flow: str
    time: AwareDatetime
    id: int


class Clock:
    """Looks at the times of one flow."""

    def __init__(self, plan: FlowPlan) -> None:
        self.plan = plan

    def __call__(self, context: Context, since: datetime, until: datetime) -> None:
        """Put off the beginning of every time that is due."""
        schedule = self.plan.starts.schedule
        assert schedule is not None
        for time in times(schedule, since, until, context.now(), context.app.zone, context.app.calendar):
            _look(context, self.plan.name, time, None)


def _look(context: Context, flow: str, time: datetime, after: str | None) -> None:
    key = f"flows.begin_due:{flow}:{time.isoformat()}:{after or ''}"
    context.as_app().later("flows.begin_due", key=key, flow=flow, time=time.isoformat(), after=after)


def begin_due(context: Context, params: TimeParameters) -> None:
    """A time of a flow has come: every record that fits has its own beginning."""
    plan = flows_of(context).flows.get(params.flow)
    if plan is None or plan.starts.schedule is None:  # another version of the app meanwhile
        return
    where = plan.starts.when.text if plan.starts.when is not None else None
    page = context.ask(
        "records.list", type=plan.form, where=where, sort=("id",), fields=("id",), limit=PAGE, after=params.after
    )
    for record in page["items"]:
        key = f"flows.begin_for:{plan.name}:{params.time.isoformat()}:{record['id']}"
        context.later("flows.begin_for", key=key, flow=plan.name, time=params.time.isoformat(), id=record["id"])
    if page["next"] is not None:
        _look(context, plan.name, params.time, page["next"])


def begin_for(context: Context, params: RecordParameters) -> None:
    """Begin the flow for one record, unless it runs for it, or the record fits no longer."""
    plan = flows_of(context).flows.get(params.flow)
    if plan is None or commands.is_running(context, plan, params.id):
        return
    when = plan.starts.when
    facts = context.facts(plan.form, [params.id], [when] if when is not None else [])
    if when is not None and (params.id not in facts or not when.test(facts[params.id], context.moment())):
        return
    found = context.ask("records.list", type=plan.form, where=f"id = {params.id}", fields=("id", "owner"))["items"]
    if found:
        try:
            commands.begin(context, plan, params.id, found[0]["owner"])
        except Conflict:  # it began meanwhile
            return


def timers(flows: FlowsPlan) -> Iterable[Timer]:
    """One for each flow that the clock begins."""
    for plan in flows.flows.values():
        if plan.starts.schedule is not None:
            yield Timer(f"flows.{plan.name}", Clock(plan), cron=looked_at(plan.starts.schedule), catch_up="latest")


OPERATIONS = (
    Operation("flows.begin_due", begin_due, TimeParameters, "internal"),
    Operation("flows.begin_for", begin_for, RecordParameters, "internal"),
)
