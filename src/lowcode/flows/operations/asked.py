"""What can be asked of flows."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from lowcode.flows.diagnostics import problem
from lowcode.flows.nodes.asking.votes import Decision
from lowcode.flows.operations import commands, store, views
from lowcode.flows.operations.plans import flows_of
from lowcode.flows.operations.work import variables_of
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected, nearest

PAGE = 200
NEWEST = 2**62


class StartParameters(Parameters):
    """Which flow, for which record of its form."""

    flow: str
    id: int


class ListParameters(Parameters):
    """Whose turn: what I am to do (open), what I did (done), what I started (started)."""

    state: Literal["open", "done", "started"] = "open"
    limit: int = Field(50, ge=1, le=PAGE)
    after: str | None = None
    search: str | None = None


class TaskParameters(Parameters):
    """One task."""

    id: int


class DecideParameters(Parameters):
    """What somebody says to a task. `values` change fields the step opens; `request` makes a repetition harmless."""

    task: int
    decision: Decision
    opinion: str | None = None
    values: dict[str, Any] = Field(default_factory=dict)
    request: str | None = Field(None, max_length=200)


class HandParameters(Parameters):
    """A task and another person."""

    task: int
    person: int
    opinion: str | None = None


class HistoryParameters(Parameters):
    """A record, or one instance."""

    form: str | None = None
    id: int | None = None
    instance: int | None = None


class InstanceParameters(Parameters):
    """One instance, and why."""

    instance: int
    opinion: str | None = None


class RetryParameters(Parameters):
    """Stuck tokens of an instance: all, or one; `exit` lets them pass their node instead of trying it again."""

    instance: int
    token: int | None = None
    exit: str | None = None


class WakeParameters(Parameters):
    """A token whose time is up."""

    instance: int
    token: int
    times: int = 0


def start(context: Context, params: StartParameters) -> dict[str, Any]:
    """Start a flow for a record."""
    flows = flows_of(context).flows
    plan = flows.get(params.flow)
    if plan is None:
        raise NotFound(problem("flows.no-such-flow", "/flow", flow=params.flow, near=nearest(params.flow, flows) or ""))
    starts = plan.starts
    if not context.actor.is_administrator:
        if starts.on != "manual":
            raise Forbidden(problem("flows.not-by-hand"))
        if starts.roles and not starts.roles & context.actor.roles:
            raise Forbidden(problem("flows.may-not-start"))
    record = context.ask("records.get", type=plan.form, id=params.id, fields=("id", "owner"))
    if starts.on == "manual" and starts.when is not None:
        facts = context.as_app().facts(plan.form, [params.id], [starts.when])[params.id]
        known = variables_of(context, plan.form, context.actor.id)
        if not starts.when.test(facts, context.moment(), **known):
            raise Rejected(problem("flows.may-not-start"))
    starter = context.actor.id if context.actor.id is not None else record.get("owner")
    instance_id = commands.begin(context, plan, params.id, starter)
    return one_instance(context, instance_id)


def one_instance(context: Context, instance_id: int) -> dict[str, Any]:
    """One instance with its steps."""
    row = context.unit.one(store.INSTANCE, instance_id=instance_id)
    if row is None:
        raise NotFound(problem("flows.no-such-instance"))
    return views.instances(context, [row])[0]


def list_tasks(context: Context, params: ListParameters) -> dict[str, Any]:
    """A page of my tasks, the newest first, and how many wait for me."""
    page: dict[str, Any] = {
        "person": context.actor.id,
        "before": int(params.after) if params.after and params.after.isdecimal() else NEWEST,
        "pattern": f"%{(params.search or '').strip().lower()}%",
        "page": params.limit + 1,
    }
    if params.state == "started":
        rows = context.unit.fetch(store.STARTED_BY, **page)
    else:
        rows = context.unit.fetch(store.MY_TASKS, which=params.state, **page)
    shown = rows[: params.limit]
    items = views.started(context, shown) if params.state == "started" else views.tasks(context, shown)
    counted = context.unit.one(store.OPEN_COUNT, person=context.actor.id)
    return {
        "items": items,
        "next": str(shown[-1]["id"]) if len(rows) > params.limit else None,
        "counts": {"open": counted["value"] if counted else 0},
    }


def task(context: Context, params: TaskParameters) -> dict[str, Any]:
    """One task with its instance: for who is asked, takes part, or started it."""
    row = commands.task_row(context, params.id)
    if not _takes_part(context, row["instance"], row["starter"]) and not _may_read(context, row):
        raise NotFound(problem("flows.no-such-task"))
    shown = views.tasks(context, [row])[0]
    return {**shown, "values": _values(context, row), "instance": one_instance(context, row["instance"])}


def _values(context: Context, row: Any) -> dict[str, Any] | None:
    """The record as the person asked may see it here: being asked is a reason to see it, even where the permissions of
    the form show them other records only. Fields that form or step hide from them stay hidden."""
    record_type = context.app.scope.records.get(row["record_type"])
    if record_type is None or row["person"] != context.actor.id:
        return None
    host: Any = context.host  # type: ignore[attr-defined]
    hidden = host.grant(record_type, context.actor).hidden | set(row["hidden"])
    try:
        found = context.as_app().ask("records.get", type=row["record_type"], id=row["record_id"])
    except NotFound:
        return None
    return {name: value for name, value in found.items() if name not in hidden}


def decide(context: Context, params: DecideParameters) -> dict[str, Any]:
    """Approve, reject or complete a task of mine."""
    commands.decide(context, params.task, params.decision, params.opinion, params.values, params.request)
    return _task_after(context, params.task)


def _task_after(context: Context, task_id: int) -> dict[str, Any]:
    return views.tasks(context, [commands.task_row(context, task_id)])[0]


def history(context: Context, params: HistoryParameters) -> dict[str, Any]:
    """The instances of a record (or one), with every step: the page's picture of a flow."""
    if params.instance is not None:
        row = context.unit.one(store.INSTANCE, instance_id=params.instance)
        rows = [row] if row is not None else []
    elif params.form is not None and params.id is not None:
        rows = context.unit.fetch(store.INSTANCES_OF_RECORD, type=params.form, record=params.id)
    else:
        rows = []
    readable = None
    seen = []
    for row in rows:
        if _takes_part(context, row["id"], row["starter"]):
            seen.append(row)
            continue
        if readable is None:
            readable = _may_read(context, row)
        if readable:
            seen.append(row)
    return {"items": views.instances(context, seen)}


def _takes_part(context: Context, instance_id: int, starter: int | None) -> bool:
    actor = context.actor
    if actor.is_administrator or (starter is not None and starter == actor.id):
        return True
    return context.unit.one(store.TAKES_PART, instance_id=instance_id, person=actor.id) is not None


def _may_read(context: Context, row: Any) -> bool:
    if row["record_type"] not in context.app.scope.records:
        return False
    try:
        context.ask("records.get", type=row["record_type"], id=row["record_id"], fields=("id",))
    except Rejected:
        return False
    return True


def withdraw(context: Context, params: InstanceParameters) -> dict[str, Any]:
    """Take back what I started."""
    commands.withdraw(context, params.instance, params.opinion)
    return one_instance(context, params.instance)


def cancel(context: Context, params: InstanceParameters) -> dict[str, Any]:
    """End an instance, whoever started it."""
    commands.cancel(context, params.instance, params.opinion)
    return one_instance(context, params.instance)


def transfer(context: Context, params: HandParameters) -> dict[str, Any]:
    """Hand a task to another person for good."""
    commands.transfer(context, params.task, params.person, params.opinion)
    return _task_after(context, params.task)


def add_signer(context: Context, params: HandParameters) -> dict[str, Any]:
    """Ask one more person."""
    commands.add_signer(context, params.task, params.person, params.opinion)
    return _task_after(context, params.task)


def retry(context: Context, params: RetryParameters) -> dict[str, Any]:
    """Try what is stuck again, or let it pass."""
    commands.retry(context, params.instance, params.token, params.exit)
    return one_instance(context, params.instance)


def incidents(context: Context, params: Any) -> dict[str, Any]:
    """Everything that is stuck, the newest first."""
    return {"items": context.unit.fetch(store.OPEN_INCIDENTS)}


def wake(context: Context, params: WakeParameters) -> None:
    """A token's time is up."""
    commands.wake(context, params.instance, params.token, params.times)


OPERATIONS = (
    Operation("flows.start", start, StartParameters, summary={"en": "Start a flow", "zh-CN": "发起流程"}),
    Operation(
        "flows.list_tasks", list_tasks, ListParameters, writes=False, summary={"en": "My tasks", "zh-CN": "我的待办"}
    ),
    Operation("flows.task", task, TaskParameters, writes=False, summary={"en": "One task", "zh-CN": "待办详情"}),
    Operation("flows.decide", decide, DecideParameters, summary={"en": "Decide a task", "zh-CN": "处理待办"}),
    Operation(
        "flows.history", history, HistoryParameters, writes=False, summary={"en": "Flow history", "zh-CN": "流程记录"}
    ),
    Operation("flows.withdraw", withdraw, InstanceParameters, summary={"en": "Take a flow back", "zh-CN": "撤回流程"}),
    Operation(
        "flows.cancel",
        cancel,
        InstanceParameters,
        "administrator",
        summary={"en": "Cancel a flow", "zh-CN": "终止流程"},
    ),
    Operation("flows.transfer", transfer, HandParameters, summary={"en": "Hand a task on", "zh-CN": "转办"}),
    Operation("flows.add_signer", add_signer, HandParameters, summary={"en": "Ask one more", "zh-CN": "加签"}),
    Operation(
        "flows.retry", retry, RetryParameters, "administrator", summary={"en": "Retry a stuck flow", "zh-CN": "重试"}
    ),
    Operation("flows.incidents", incidents, access="administrator", writes=False, summary={"en": "What is stuck"}),
    Operation("flows.wake", wake, WakeParameters, "internal"),
)
