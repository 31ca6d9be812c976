"""What can be asked of flows."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from lowcode.flows import run
from lowcode.flows.diagnostics import problem
from lowcode.flows.nodes.kind import Hindered
from lowcode.flows.operations import advice, commands, store, views
from lowcode.flows.operations import ahead as foresight
from lowcode.flows.operations.drive import Walk
from lowcode.flows.operations.journal import Said
from lowcode.flows.operations.once import Opinion, Requested
from lowcode.flows.operations.picture import draw
from lowcode.flows.operations.plans import flows_of
from lowcode.flows.operations.possible import described, of_task
from lowcode.flows.operations.seeing import may_read, seen, takes_part
from lowcode.flows.operations.views import Instance, Task
from lowcode.flows.operations.work import variables_of
from lowcode.flows.plan import FlowPlan
from lowcode.kernel.answers import Items, Page, has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Conflict, Forbidden, NotFound, Rejected, nearest
from lowcode.kernel.records.veil import shown
from lowcode.kernel.texts import whole_in

PAGE = 200
SIGNATURE_LIMIT = 200_000
NEWEST = 2**62


class StartParameters(Requested):
    """Which flow, for which record of its form. `chosen` are the people picked for its steps, by node."""

    flow: str
    id: int
    chosen: dict[str, tuple[int, ...]] = Field(default_factory=dict)


class ListParameters(Parameters):
    """Whose turn: what I am to do (open), what I did (done), what I started (started), what I got to read (copied)."""

    state: Literal["open", "done", "started", "copied"] = "open"
    limit: int = Field(50, ge=1, le=PAGE)
    after: str | None = None
    search: str | None = None
    only: int | None = Field(None, description="The one of this id alone, however far down it stands, if it is there.")


class TaskParameters(Parameters):
    """One task."""

    id: int


class DecideParameters(Requested):
    """What somebody says to a task: approve, reject, or what else it offers. `values` change fields the step opens;
    `chosen` are the people picked for steps to come, `added` those who have to agree after this person (后加签)."""

    task: int
    decision: Literal["approve", "reject", "complete", "abstain"]
    opinion: Opinion | None = None
    values: dict[str, Any] = Field(default_factory=dict)
    signature: str | None = Field(None, max_length=SIGNATURE_LIMIT, description="A drawn or typed signature.")
    files: tuple[int, ...] = Field((), description="Files uploaded before.", max_length=50)
    checked: tuple[str, ...] = Field((), max_length=200, description="The lines of the checklist that are done.")
    chosen: dict[str, tuple[int, ...]] = Field(default_factory=dict)
    added: tuple[int, ...] = Field((), max_length=50)


class BatchParameters(Requested):
    """One answer to several tasks, each decided or refused for itself."""

    tasks: tuple[int, ...] = Field(min_length=1, max_length=PAGE)
    decision: Literal["approve", "reject", "complete", "abstain"]
    opinion: Opinion | None = None


class SimulateParameters(Parameters):
    """A flow, a record, who starts it (oneself, or for an administrator anybody), what people answer, by node, and what
    the record would be changed to first."""

    flow: str
    id: int
    person: int | None = None
    values: dict[str, Any] = Field(default_factory=dict)
    answers: dict[str, str] = Field(default_factory=dict)
    chosen: dict[str, tuple[int, ...]] = Field(default_factory=dict)


class InstanceOf(Parameters):
    """One instance."""

    instance: int


class AheadParameters(Parameters):
    """An instance, and what people will answer, by node."""

    instance: int
    answers: dict[str, str] = Field(default_factory=dict)


class HistoryParameters(Parameters):
    """A record, or one instance."""

    form: str | None = None
    id: int | None = None
    instance: int | None = None


class InstanceParameters(Requested):
    """One instance, and why."""

    instance: int
    opinion: Opinion | None = None


class CancelParameters(InstanceParameters):
    """How it ends: cancelled (终止), or voided (作废), as though it had never been."""

    outcome: Literal["cancelled", "voided"] = "cancelled"


class RetryParameters(Requested):
    """Stuck tokens of an instance: all, or one; `exit` lets them pass their node instead of trying it again."""

    instance: int
    token: int | None = None
    exit: str | None = None


PICTURE: dict[str, Any] = {"flow": dict, "nodes": list[dict[str, Any]], "arrows": list[dict[str, Any]]}
FORESEEN: dict[str, Any] = {
    **PICTURE, "state": str, "outcome": str | None, "steps": list[dict[str, Any]], "incidents": list[dict[str, Any]],
    "otherwise": list,
}  # fmt: skip
"""What is always in the graph of a flow as it is drawn, and in what would happen on it."""


def _flow(context: Context, name: str) -> FlowPlan:
    flows = flows_of(context).flows
    plan = flows.get(name)
    if plan is None:
        raise NotFound(problem("flows.no-such-flow", "/flow", flow=name, near=nearest(name, flows) or ""))
    return plan


def simulate(context: Context, params: SimulateParameters) -> Annotated[dict[str, Any], has(**FORESEEN)]:
    """What would happen if somebody started a flow for a record; nothing of it remains."""
    plan = _flow(context, params.flow)
    context.ask("records.get", type=plan.form, id=params.id, fields=("id",))
    person = params.person if params.person is not None else context.actor.id
    if person != context.actor.id and not context.actor.is_administrator:
        raise Forbidden(problem("flows.not-yours", "/person"))
    return foresight.simulate(context, plan, params.id, person, params.answers, params.chosen, params.values)


def picture(context: Context, params: InstanceOf) -> Annotated[dict[str, Any], has(**PICTURE)]:
    """An instance on the graph of its flow."""
    try:
        return draw(context, seen(context, params.instance))
    except Hindered as hindered:
        raise Conflict(hindered.problem) from None


def ahead(context: Context, params: AheadParameters) -> Annotated[dict[str, Any], has(**FORESEEN, repeats=dict | None)]:
    """What is still to come of an instance; nothing of it happens."""
    seen(context, params.instance)
    return foresight.ahead(context, params.instance, params.answers)


def start(context: Context, params: StartParameters) -> Instance:
    """Start a flow for a record."""
    plan = _flow(context, params.flow)
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
    instance_id = commands.begin(context, plan, params.id, starter, chosen=_picked(context, plan, params))
    return one_instance(context, instance_id)


def _picked(context: Context, plan: FlowPlan, params: StartParameters) -> dict[str, tuple[int, ...]]:
    """The people the starter picks, checked before anything begins."""
    if not params.chosen:
        return {}
    row = {"id": 0, "record_type": plan.form, "record_id": params.id, "starter": context.actor.id, "locks": None}
    walk = Walk(context, plan, {**row, "subject": plan.title, "decisions": 0}, run.State())
    return commands.picked(walk, params.chosen, "starter")


def one_instance(context: Context, instance_id: int) -> dict[str, Any]:
    """One instance with its steps."""
    row = context.unit.one(store.INSTANCE, instance_id=instance_id)
    if row is None:
        raise NotFound(problem("flows.no-such-instance"))
    return views.instances(context, [row])[0]


def list_tasks(context: Context, params: ListParameters) -> Page:
    """A page of my tasks, the newest first, and how many wait for me."""
    if params.only is not None:
        params = params.model_copy(update={"after": str(params.only + 1), "limit": 1})
    page: dict[str, Any] = {
        "person": context.actor.id,
        "before": whole_in(params.after or "") or NEWEST,
        "from": params.only if params.only is not None else 0,
        "pattern": f"%{(params.search or '').strip().lower()}%",
        "page": params.limit + 1,
    }
    if params.state == "started":
        rows = context.unit.fetch(store.of_parts_on(context, store.STARTED_BY), **page)
    elif params.state == "copied":
        rows = context.unit.fetch(store.of_parts_on(context, store.MY_COPIES), **page)
    else:
        asked = store.MY_DONE if params.state == "done" else store.MY_TASKS
        rows = context.unit.fetch(store.of_parts_on(context, asked), **page)
    shown = rows[: params.limit]
    items = views.started(context, shown) if params.state == "started" else views.tasks(context, shown)
    counted = context.unit.one(store.of_parts_on(context, store.OPEN_COUNT), person=context.actor.id) or {}
    counts = {name: int(counted.get(name) or 0) for name in ("open", "copied")}
    return {
        "items": views.with_suspended(context, items),
        "next": str(shown[-1]["id"]) if len(rows) > params.limit else None,
        "counts": counts,
    }


def task(context: Context, params: TaskParameters) -> Task:
    """One task with its instance: for who is asked, takes part, or started it."""
    row = commands.task_row(context, params.id)
    if not takes_part(context, row["instance"], row["starter"]) and not may_read(context, row):
        raise NotFound(problem("flows.no-such-task"))
    shown = views.tasks(context, [row])[0]
    draft = row["draft"] if row["person"] == context.actor.id and row["kind"] != "copy" else None
    return {
        **shown,
        **described(context, row),
        "advice": advice.shown(context, row),
        "values": _values(context, row),
        "draft": draft,
        "actions": of_task(context, row),
        "instance": one_instance(context, row["instance"]),
    }


def _values(context: Context, row: Any) -> dict[str, Any] | None:
    """The record as the person asked may see it here: being asked is a reason to see it, even where the permissions of
    the form show them other records only. Fields that form or step hide from them stay hidden."""
    record_type = context.app.scope.records.get(row["record_type"])
    if record_type is None or row["person"] != context.actor.id:
        return None
    host: Any = context.host
    hidden = host.grant(record_type, context.actor).hidden | set(row["hidden"])
    try:
        found = context.as_app().ask("records.get", type=row["record_type"], id=row["record_id"])
    except NotFound:
        return None
    return shown(record_type, frozenset(hidden), found)


def decide(context: Context, params: DecideParameters) -> Task:
    """Approve, reject or complete a task of mine."""
    opinion = (params.opinion or "").strip() or None
    said = Said(opinion, params.request, params.signature or None, params.files, params.checked)
    row = commands.decide(context, params.task, params.decision, said, params.values, params.chosen, params.added)
    return views.tasks(context, [row])[0]


def decide_many(context: Context, params: BatchParameters) -> Items:
    """One answer to many tasks (批量审批): each is decided or refused for itself, in the order of their instances, so
    that two such requests never wait for one another in a ring."""
    said = Said((params.opinion or "").strip() or None)
    refused: dict[int, Rejected] = {}
    instances = {row["id"]: row["instance"] for row in store.tasks_by_id(context, params.tasks)}
    for task_id in sorted(dict.fromkeys(params.tasks), key=lambda each: (instances.get(each, 0), each)):
        try:
            with context.unit.savepoint():
                commands.decide(context, task_id, params.decision, said, {})
        except Rejected as rejected:
            refused[task_id] = rejected
    words = context.actor.locale
    return {
        "items": [
            {"task": each, "done": each not in refused,
             "problems": [{"code": p.code, "detail": p.words(words)} for p in refused[each].problems]
             if each in refused else []}
            for each in dict.fromkeys(params.tasks)
        ]
    }  # fmt: skip


def history(context: Context, params: HistoryParameters) -> Items:
    """The instances of a record (or one), with every step: the page's picture of a flow."""
    if params.instance is not None:
        row = context.unit.one(store.INSTANCE, instance_id=params.instance)
        rows = [row] if row is not None else []
    elif params.form is not None and params.id is not None:
        rows = context.unit.fetch(store.INSTANCES_OF_RECORD, type=params.form, record=params.id)
    else:
        rows = []
    readable = None
    shown = []
    for row in rows:
        if takes_part(context, row["id"], row["starter"]):
            shown.append(row)
            continue
        if readable is None:
            readable = may_read(context, row)
        if readable:
            shown.append(row)
    return {"items": views.instances(context, shown)}


def withdraw(context: Context, params: InstanceParameters) -> Instance:
    """Take back what I started."""
    commands.withdraw(context, params.instance, params.opinion)
    return one_instance(context, params.instance)


def cancel(context: Context, params: CancelParameters) -> Instance:
    """End an instance, whoever started it."""
    commands.cancel(context, params.instance, params.opinion, outcome=params.outcome)
    return one_instance(context, params.instance)


def retry(context: Context, params: RetryParameters) -> Instance:
    """Try what is stuck again, or let it pass."""
    commands.retry(context, params.instance, params.token, params.exit)
    return one_instance(context, params.instance)


BASICS = (
    Operation("flows.start", start, StartParameters, summary={"en": "Start a flow", "zh-CN": "发起流程"}),
    Operation(
        "flows.simulate",
        simulate,
        SimulateParameters,
        writes=False,
        summary={"en": "Simulate a flow", "zh-CN": "流程仿真"},
    ),
    Operation("flows.picture", picture, InstanceOf, writes=False, summary={"en": "Flow picture", "zh-CN": "流程图"}),
    Operation(
        "flows.ahead", ahead, AheadParameters, writes=False, summary={"en": "What comes next", "zh-CN": "后续步骤"}
    ),
    Operation(
        "flows.list_tasks", list_tasks, ListParameters, writes=False, summary={"en": "My tasks", "zh-CN": "我的待办"}
    ),
    Operation("flows.task", task, TaskParameters, writes=False, summary={"en": "One task", "zh-CN": "待办详情"}),
    Operation("flows.decide", decide, DecideParameters, summary={"en": "Decide a task", "zh-CN": "处理待办"}),
    Operation("flows.decide_many", decide_many, BatchParameters, summary={"en": "Decide tasks", "zh-CN": "批量审批"}),
    Operation(
        "flows.history", history, HistoryParameters, writes=False, summary={"en": "Flow history", "zh-CN": "流程记录"}
    ),
    Operation("flows.withdraw", withdraw, InstanceParameters, summary={"en": "Take a flow back", "zh-CN": "撤回流程"}),
    Operation(
        "flows.cancel",
        cancel,
        CancelParameters,
        "administrator",
        summary={"en": "Cancel a flow", "zh-CN": "终止流程"},
    ),
    Operation(
        "flows.retry", retry, RetryParameters, "administrator", summary={"en": "Retry a stuck flow", "zh-CN": "重试"}
    ),
)
