"""The further words of approval, as they are asked; what each means is in `signers`, `returning` and `attention`."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, Field

from lowcode.flows import run
from lowcode.flows.diagnostics import problem
from lowcode.flows.operations import (
    attention,
    building,
    calls,
    commands,
    migrating,
    returning,
    seeing,
    signers,
    statistics,
    store,
    suspending,
    views,
)
from lowcode.flows.operations.journal import Said
from lowcode.flows.operations.once import Opinion, Requested
from lowcode.flows.operations.plans import flows_of
from lowcode.flows.operations.views import Instance, Task
from lowcode.kernel.answers import Items, has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import NotFound, nearest


class TaskAction(Requested):
    """A task, and why."""

    task: int
    opinion: Opinion | None = None


class HandParameters(TaskAction):
    """A task and another person."""

    person: int


class AddParameters(TaskAction):
    """A task and more people: beside its person, before them, or when the vote was yes (`next`)."""

    person: int | None = None
    people: tuple[int, ...] = Field((), max_length=50)
    position: Literal["beside", "before", "next"] = "beside"


class PeopleParameters(TaskAction):
    """A task and several people."""

    people: tuple[int, ...] = Field(min_length=1, max_length=200)


class SendBackParameters(TaskAction):
    """Where to: the id of a step, `starter` or `previous`. `resume`: from there every step again, or straight back."""

    to: str = "previous"
    resume: run.Resume | None = None


class ReassignParameters(Requested):
    """Who leaves, and who takes over everything that waits for them; `dry_run` counts it only."""

    person: int
    to: int
    opinion: Opinion | None = None
    dry_run: bool = False


class InstanceAction(Requested):
    """One instance, and why."""

    instance: int
    opinion: Opinion | None = None


class JumpParameters(InstanceAction):
    """Which token goes where; `alone` takes all others away."""

    to: str
    token: int | None = None
    alone: bool = False


class WakeUpParameters(InstanceAction):
    """Where it goes on."""

    to: str


class AddStepParameters(InstanceAction):
    """A step more for one instance: behind which, what it is called, and who is asked."""

    after: str
    title: str = Field(min_length=1, max_length=100)
    people: tuple[int, ...] = Field(min_length=1, max_length=50)
    kind: Literal["approve", "task"] = "approve"
    mode: Literal["all", "any", "in_order"] = "all"


class RemoveStepParameters(InstanceAction):
    """A step that was added."""

    step: str


class ChooseParameters(Requested):
    """The people picked for steps to come, by node."""

    instance: int
    chosen: dict[str, tuple[int, ...]]


class DraftParameters(Requested):
    """What somebody has written so far."""

    task: int
    opinion: Opinion | None = None
    decision: str | None = None
    checked: tuple[str, ...] = Field((), max_length=200)
    values: dict[str, Any] = Field(default_factory=dict)


class MigrateParameters(Requested):
    """Running instances of a flow, all or some. `nodes` names the new node of each old one whose id is another now;
    `ask_again` finds the people anew instead of keeping those who are asked."""

    flow: str
    nodes: dict[str, str] = Field(default_factory=dict)
    instances: tuple[int, ...] | None = Field(None, max_length=10_000)
    ask_again: bool = False


class StatisticsParameters(Parameters):
    """By step or by person, of one flow or all, over the tasks given since and before an instant."""

    by: statistics.By = "step"
    flow: str | None = None
    since: AwareDatetime
    until: AwareDatetime


class CallParameters(Parameters):
    """A flow that a token of another instance waits for."""

    flow: str
    id: int
    parent: int
    token: int
    starter: int | None = None
    reader: int | None = None


class RecordParameters(Parameters):
    """A record that was saved."""

    form: str
    id: int


POSITIONS: dict[str, signers.AddedRole] = {"beside": "voter", "before": "before", "next": "next"}


def _task_after(context: Context, task_id: int) -> dict[str, Any]:
    return views.tasks(context, [commands.task_row(context, task_id)])[0]


def _instance_after(context: Context, instance_id: int) -> dict[str, Any]:
    row = context.unit.one(store.INSTANCE, instance_id=instance_id)
    assert row is not None
    return views.instances(context, [row])[0]


def transfer(context: Context, params: HandParameters) -> Task:
    """Hand a task to another person for good."""
    signers.transfer(context, params.task, params.person, params.opinion)
    return _task_after(context, params.task)


def delegate(context: Context, params: HandParameters) -> Task:
    """Let another person answer first; then it is mine again."""
    signers.add(context, params.task, (params.person,), "delegate", params.opinion)
    return _task_after(context, params.task)


def add_signer(context: Context, params: AddParameters) -> Task:
    """Ask more people."""
    people = (*((params.person,) if params.person is not None else ()), *params.people)
    signers.add(context, params.task, people, POSITIONS[params.position], params.opinion)
    return _task_after(context, params.task)


def remove_signer(context: Context, params: HandParameters) -> Task:
    """Take out somebody who has not answered."""
    signers.remove(context, params.task, params.person, params.opinion)
    return _task_after(context, params.task)


def consult(context: Context, params: PeopleParameters) -> Task:
    """Ask people for their opinion, while it is still mine to decide."""
    signers.add(context, params.task, params.people, "consult", params.opinion)
    return _task_after(context, params.task)


def claim(context: Context, params: TaskAction) -> Task:
    """Take a task for myself."""
    signers.claim(context, params.task, True)
    return _task_after(context, params.task)


def give_back(context: Context, params: TaskAction) -> Task:
    """Give a task back to all who were asked."""
    signers.claim(context, params.task, False)
    return _task_after(context, params.task)


def reassign(context: Context, params: ReassignParameters) -> Annotated[dict[str, Any], has(moved=int, merged=int)]:
    """Everything that waits for one person goes to another."""
    if params.dry_run:
        return {"moved": signers.waiting_for(context, params.person), "merged": 0}
    return signers.reassign(context, params.person, params.to, params.opinion)


def send_back(context: Context, params: SendBackParameters) -> Task:
    """Refuse, and send it back to a step it came through."""
    said = Said((params.opinion or "").strip() or None, params.request)
    returning.send_back(context, params.task, params.to, params.resume, said)
    return _task_after(context, params.task)


def take_back(context: Context, params: TaskAction) -> Task:
    """Take my answer back."""
    returning.take_back(context, params.task, params.opinion)
    return _task_after(context, params.task)


def jump(context: Context, params: JumpParameters) -> Instance:
    """Put a token at another node."""
    returning.jump(context, params.instance, params.token, params.to, params.alone, params.opinion)
    return _instance_after(context, params.instance)


def wake_up(context: Context, params: WakeUpParameters) -> Instance:
    """Let an instance that has ended go on."""
    returning.wake_up(context, params.instance, params.to, params.opinion)
    return _instance_after(context, params.instance)


def add_step(context: Context, params: AddStepParameters) -> Instance:
    """Add a step to an instance."""
    step = building.NewStep(params.after, params.kind, params.title, params.people, params.mode)
    building.add_step(context, params.instance, step, params.opinion)
    return _instance_after(context, params.instance)


def remove_step(context: Context, params: RemoveStepParameters) -> Instance:
    """Take out a step that was added to an instance."""
    building.remove_step(context, params.instance, params.step, params.opinion)
    return _instance_after(context, params.instance)


def urge(context: Context, params: InstanceAction) -> Annotated[dict[str, Any], has(people=list[int])]:
    """Tell those who are asked to hurry."""
    return attention.urge(context, params.instance, params.opinion)


def copy(context: Context, params: PeopleParameters) -> Annotated[dict[str, Any], has(people=list[int])]:
    """Give a record to people to read."""
    return attention.copy(context, params.task, params.people, params.opinion)


def read(context: Context, params: TaskAction) -> Task:
    """I have read it."""
    attention.read(context, params.task)
    return _task_after(context, params.task)


def save_draft(context: Context, params: DraftParameters) -> Task:
    """Keep what I have written so far."""
    draft = params.model_dump(exclude={"task", "request"}, exclude_defaults=True)
    attention.save_draft(context, params.task, draft)
    return _task_after(context, params.task)


def choose(context: Context, params: ChooseParameters) -> Instance:
    """Pick the people of steps to come."""
    attention.choose(context, params.instance, params.chosen)
    return _instance_after(context, params.instance)


def call(context: Context, params: CallParameters) -> int:
    """Begin a flow that another waits for."""
    return calls.call(context, params.flow, params.id, params.parent, params.token, params.starter, params.reader)


def called_ended(context: Context, params: calls.OfToken) -> None:
    """A flow that a token waits for has ended."""
    calls.called_ended(context, params)


def stop_called(context: Context, params: calls.OfToken) -> None:
    """Stop what a token began and nobody waits for any more."""
    calls.stop_called(context, params.instance, params.token)


def look(context: Context, params: RecordParameters) -> None:
    """Look at what waits for a record."""
    calls.look(context, params.form, params.id)


def _migrate(context: Context, params: MigrateParameters, apply: bool) -> dict[str, Any]:
    flows = flows_of(context).flows
    plan = flows.get(params.flow)
    if plan is None:
        near = nearest(params.flow, flows) or ""
        raise NotFound(problem("flows.no-such-flow", "/flow", flow=params.flow, near=near))
    items = migrating.migrate(context, plan, params.nodes, params.instances, ask_again=params.ask_again, apply=apply)
    return {"to": plan.digest, "items": items}


def preview_migration(
    context: Context, params: MigrateParameters
) -> Annotated[dict[str, Any], has(to=str, items=list)]:
    """What would become of running instances under the flow as it is now."""
    return _migrate(context, params, False)


def migrate(context: Context, params: MigrateParameters) -> Annotated[dict[str, Any], has(to=str, items=list)]:
    """Carry running instances over to the flow as it is now."""
    return _migrate(context, params, True)


def figures(context: Context, params: StatisticsParameters) -> Items:
    """How the work goes."""
    return {"items": statistics.statistics(context, params.by, params.flow, params.since, params.until)}


def _words(en: str, zh: str) -> dict[str, str]:
    return {"en": en, "zh-CN": zh}


ADMINISTRATOR: Literal["administrator"] = "administrator"
INTERNAL: Literal["internal"] = "internal"

FURTHER = (
    Operation("flows.transfer", transfer, HandParameters, summary=_words("Hand on", "转办")),
    Operation("flows.delegate", delegate, HandParameters, summary=_words("Delegate", "委派")),
    Operation("flows.add_signer", add_signer, AddParameters, summary=_words("Ask one more", "加签")),
    Operation("flows.remove_signer", remove_signer, HandParameters, summary=_words("Take a signer out", "减签")),
    Operation("flows.consult", consult, PeopleParameters, summary=_words("Ask for an opinion", "沟通")),
    Operation("flows.claim", claim, TaskAction, summary=_words("Take it", "认领")),
    Operation("flows.give_back", give_back, TaskAction, summary=_words("Give it back", "退回认领")),
    Operation("flows.reassign", reassign, ReassignParameters, ADMINISTRATOR, summary=_words("Hand over", "离职转办")),
    Operation("flows.send_back", send_back, SendBackParameters, summary=_words("Send back", "驳回")),
    Operation("flows.take_back", take_back, TaskAction, summary=_words("Take back", "拿回")),
    Operation("flows.jump", jump, JumpParameters, ADMINISTRATOR, summary=_words("Jump", "跳转")),
    Operation("flows.wake_up", wake_up, WakeUpParameters, ADMINISTRATOR, summary=_words("Wake up", "唤醒")),
    Operation(
        "flows.suspend",
        suspending.suspend,
        suspending.SuspendParameters,
        ADMINISTRATOR,
        summary=_words("Suspend", "挂起"),
    ),
    Operation(
        "flows.resume", suspending.resume, suspending.SuspendParameters, ADMINISTRATOR, summary=_words("Resume", "恢复")
    ),
    Operation("flows.add_step", add_step, AddStepParameters, summary=_words("Add a step", "增加节点")),
    Operation(
        "flows.remove_step",
        remove_step,
        RemoveStepParameters,
        ADMINISTRATOR,
        summary=_words("Take out an added step", "撤去增加的节点"),
    ),
    Operation(
        "flows.comment",
        seeing.comment,
        seeing.CommentParameters,
        adds=True,
        summary=_words("Comment on a flow", "评论"),
    ),
    Operation("flows.urge", urge, InstanceAction, adds=True, summary=_words("Urge", "催办")),
    Operation("flows.copy", copy, PeopleParameters, adds=True, summary=_words("Send a copy", "抄送")),
    Operation("flows.read", read, TaskAction, summary=_words("Mark as read", "已阅")),
    Operation("flows.save_draft", save_draft, DraftParameters, summary=_words("Save a draft", "暂存")),
    Operation("flows.choose", choose, ChooseParameters, summary=_words("Pick people", "自选处理人")),
    Operation(
        "flows.preview_migration",
        preview_migration,
        MigrateParameters,
        ADMINISTRATOR,
        summary=_words("Preview a migration", "预览迁移"),
    ),
    Operation(
        "flows.migrate", migrate, MigrateParameters, ADMINISTRATOR, summary=_words("Migrate", "迁移运行中的流程")
    ),
    Operation(
        "flows.statistics",
        figures,
        StatisticsParameters,
        ADMINISTRATOR,
        writes=False,
        summary=_words("How the work goes", "流程效率"),
    ),
    Operation("flows.call", call, CallParameters, INTERNAL),
    Operation("flows.called_ended", called_ended, calls.OfToken, INTERNAL),
    Operation("flows.escalated", calls.escalated, calls.OfToken, INTERNAL),
    Operation("flows.stop_called", stop_called, calls.OfToken, INTERNAL),
    Operation("flows.look", look, RecordParameters, INTERNAL),
    Operation("flows.wake", commands.wake, commands.Waking, INTERNAL),
)
