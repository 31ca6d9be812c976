"""What reports may ask of flows, as rows of the record: `form.flow_tasks`, one for each person asked, and
`form.flow_steps`, one for each time a step with people or a wait was entered.

They are record types of the app as lines and the stays of a state are, without a table of their own: a view of what the
engine keeps, so they cost nothing until somebody asks, and whoever may not read the record does not read what became of
it. What is not over yet lasts until the moment of asking. Working time is `WORKINGHOURS(asked_at, answered_at)`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from lowcode.flows.naming import titles
from lowcode.flows.tables import history, instance, task
from lowcode.kernel.definitions import SourceDocument
from lowcode.kernel.diagnostics import Text
from lowcode.kernel.expressions import Type
from lowcode.kernel.records.fields.choices import ConditionalOption
from lowcode.kernel.records.fields.kind import FieldDefinition
from lowcode.kernel.records.fields.select import SelectDefinition
from lowcode.kernel.records.intervals import DAY_PLACES, Days, Stay
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.scope import Scope
from lowcode.kernel.storage.types import ScaledDecimal

TASKS, STEPS = "flow_tasks", "flow_steps"
TITLES: dict[str, Text] = {
    TASKS: {"zh-CN": "流程待办", "en": "Tasks of flows"},
    STEPS: {"zh-CN": "流程节点", "en": "Steps of flows"},
    "flow": {"zh-CN": "流程", "en": "Flow"},
    "step": {"zh-CN": "节点", "en": "Step"},
    "person": {"zh-CN": "处理人", "en": "Asked"},
    "starter": {"zh-CN": "发起人", "en": "Started by"},
    "state": {"zh-CN": "状态", "en": "State"},
    "decision": {"zh-CN": "答复", "en": "Answer"},
    "outcome": {"zh-CN": "去向", "en": "Left by"},
    "asked_at": {"zh-CN": "到达时间", "en": "Asked at"},
    "answered_at": {"zh-CN": "处理时间", "en": "Answered at"},
    "entered_at": {"zh-CN": "进入时间", "en": "Entered at"},
    "left_at": {"zh-CN": "离开时间", "en": "Left at"},
    "due_at": {"zh-CN": "截止时间", "en": "Due at"},
    "seconds": {"zh-CN": "用时（秒）", "en": "Seconds taken"},
    "days": {"zh-CN": "用时（天）", "en": "Days taken"},
    "waits": {"zh-CN": "仍在等待", "en": "Still waits"},
    "late": {"zh-CN": "逾期", "en": "Late"},
}
STATES: dict[str, Text] = {
    "open": {"zh-CN": "待处理", "en": "To do"},
    "waiting": {"zh-CN": "等待他人", "en": "Waits for others"},
    "done": {"zh-CN": "已处理", "en": "Done"},
    "cancelled": {"zh-CN": "不再需要", "en": "No longer needed"},
}
DECISIONS: dict[str, Text] = {
    "approve": {"zh-CN": "同意", "en": "Approved"},
    "reject": {"zh-CN": "拒绝", "en": "Rejected"},
    "return": {"zh-CN": "驳回", "en": "Sent back"},
    "complete": {"zh-CN": "完成", "en": "Done"},
    "abstain": {"zh-CN": "弃权", "en": "Abstained"},
}
OUTCOMES: dict[str, Text] = {
    "approved": {"zh-CN": "同意", "en": "Approved"},
    "rejected": {"zh-CN": "拒绝", "en": "Rejected"},
    "return": {"zh-CN": "驳回", "en": "Sent back"},
    "late": {"zh-CN": "超时", "en": "Time was up"},
    "jump": {"zh-CN": "跳转", "en": "Jumped"},
    "dropped": {"zh-CN": "取消", "en": "Taken away"},
    "to": {"zh-CN": "完成", "en": "Done"},
}
NUMBERS = {"seconds": Type("number", scale=0), "days": Type("number", scale=DAY_PLACES)}
INSTANT, PERSON, TRUTH = Type("datetime"), Type("user", record="user"), Type("boolean", nullable=False)


def declare_figures(sources: Iterable[SourceDocument], scope: Scope) -> None:
    """Make the rows of every form that has flows known."""
    by_form: dict[str, list[Mapping[str, Any]]] = {}
    for source in sources:
        data = source.data
        if isinstance(data, Mapping) and isinstance(data.get("nodes"), list) and data.get("form") in scope.records:
            by_form.setdefault(str(data["form"]), []).append(data)
    for form, flows in by_form.items():
        for name in (TASKS, STEPS):
            found = _rows_of(scope.records[form], name, flows)
            scope.records.setdefault(found.name, found)


def _named(node: Any) -> bool:
    return isinstance(node, Mapping) and isinstance(node.get("id"), str)


def _rows_of(form: RecordType, name: str, flows: Iterable[Mapping[str, Any]]) -> RecordType:
    found = RecordType(f"{form.name}.{name}", TITLES[name], form.place, f"{form.id}@{name}")
    found.parent, found.parent_field = form, name
    flows = list(flows)
    choices: dict[str, Mapping[str, Text]] = {
        "flow": {str(flow.get("name")): flow.get("title") or str(flow.get("name")) for flow in flows},
        "step": {
            f"{flow.get('name')}/{id}": title
            for flow in flows
            for id, title in titles(each for each in flow["nodes"] if _named(each)).items()
        },
    }  # fmt: skip
    if name == TASKS:
        choices |= {"state": STATES, "decision": DECISIONS}
        types = {"person": PERSON, "starter": PERSON, "asked_at": INSTANT, "answered_at": INSTANT, "due_at": INSTANT,
                 **NUMBERS, "late": TRUTH}  # fmt: skip
    else:
        choices |= {"outcome": OUTCOMES}
        types = {"starter": PERSON, "entered_at": INSTANT, "left_at": INSTANT, **NUMBERS, "waits": TRUTH}
    for key, options in choices.items():
        found.fields[key] = _choice(form, key, options)
    for key, type_ in types.items():
        found.fields[key] = Field(key, f"@{key}", None, FieldDefinition(name=key), type_, form.place, TITLES[key])
        found.fields[key].target = "user" if type_.record == "user" else None
    found.table = _tasks(form.name) if name == TASKS else _steps(form.name)
    return found


def _choice(form: RecordType, key: str, options: Mapping[str, Text]) -> Field:
    listed = [ConditionalOption(name=name[:60], title=title) for name, title in options.items()]
    definition = SelectDefinition(name=key, type="select", options=listed)
    return Field(key, f"@{key}", None, definition, Type("choice", options=tuple(options)), form.place, TITLES[key])


def _now() -> Any:
    return sa.bindparam("moment_now", type_=sa.Text)


def _took(begin: Any, end: Any, counts: Any) -> tuple[Any, Any]:
    """How long something took, or takes until now, in seconds and in days; blank where that says nothing."""
    seconds = sa.case((counts, Stay(begin, end, _now())))
    days = sa.type_coerce(Days(seconds), ScaledDecimal(DAY_PLACES))
    return sa.type_coerce(seconds, sa.BigInteger).label("seconds"), days.label("days")


def _tasks(form: str) -> Any:
    """One row for each person asked. Copies are no tasks; an answer that was kept when another was taken back is told
    once."""
    counts = task.c.state != "cancelled"
    late = sa.and_(counts, task.c.due_at.is_not(None), Stay(task.c.due_at, task.c.decided_at, _now()) > 0)
    return (
        sa.select(
            task.c.id,
            task.c.record_id.label("parent"),
            task.c.flow,
            (task.c.flow + "/" + task.c.node).label("step"),
            task.c.person,
            task.c.starter,
            task.c.state,
            task.c.decision,
            task.c.created_at.label("asked_at"),
            task.c.decided_at.label("answered_at"),
            task.c.due_at,
            *_took(task.c.created_at, task.c.decided_at, counts),
            sa.case((late, sa.true()), else_=sa.false()).label("late"),
        )
        .where(task.c.record_type == form, task.c.kind != "copy", task.c.state != "kept")
        .subquery(TASKS)
    )


def _steps(form: str) -> Any:
    """One row for each time a step was entered: from when its people were asked, or its wait began, until the token
    left it. A token has a number of its own at every step, and leaves it once: what an event beside it was called
    before `branched` there was is not the last line of a token that is gone."""
    begun = (
        sa.select(
            history.c.instance,
            history.c.token,
            sa.func.min(history.c.id).label("id"),
            sa.func.max(history.c.node).label("node"),
            sa.func.min(history.c.at).label("entered_at"),
        )
        .where(sa.or_(history.c.event == "asked", history.c.event == "waits"))
        .group_by(history.c.instance, history.c.token)
        .subquery("begun")
    )
    over = history.alias("over")
    ends = sa.or_(history.c.event == "passed", history.c.event == "dropped")
    last = (
        sa.select(history.c.instance, history.c.token, sa.func.max(history.c.id).label("id"))
        .where(ends)
        .group_by(history.c.instance, history.c.token)
        .subquery("last_of_token")
    )
    left = (
        sa.select(
            over.c.instance,
            over.c.token,
            over.c.node,
            over.c.at.label("left_at"),
            sa.case((over.c.event == "dropped", sa.literal("dropped")), else_=_Exit(over.c.body)).label("outcome"),
        )
        .select_from(last.join(over, over.c.id == last.c.id))
        .subquery("left_by")
    )
    running = instance.c.running.is_not(None)
    gone = sa.or_(instance.c.running.is_(None), sa.not_(_Stands(instance.c.tokens, begun.c.token)))
    here = sa.and_(left.c.instance == begun.c.instance, left.c.token == begun.c.token, gone)
    node = sa.func.coalesce(left.c.node, begun.c.node)
    return (
        sa.select(
            begun.c.id,
            instance.c.record_id.label("parent"),
            instance.c.flow,
            (instance.c.flow + "/" + node).label("step"),
            instance.c.starter,
            begun.c.entered_at,
            left.c.left_at,
            left.c.outcome,
            *_took(begun.c.entered_at, left.c.left_at, sa.or_(left.c.left_at.is_not(None), running)),
            sa.case((sa.and_(left.c.left_at.is_(None), running), sa.true()), else_=sa.false()).label("waits"),
        )
        .select_from(begun.join(instance, instance.c.id == begun.c.instance).outerjoin(left, here))
        .where(instance.c.record_type == form)
        .subquery(STEPS)
    )


class _Exit(FunctionElement[str]):
    """By which exit a line of history says that a step was left."""

    name = "exit"
    type = sa.Text()
    inherit_cache = True


@compiles(_Exit, "sqlite")
def _exit_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    return f"json_extract({compiler.process(element.clauses, **kw)}, '$.exit')"


@compiles(_Exit, "postgresql")
def _exit_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    return f"({compiler.process(element.clauses, **kw)} ->> 'exit')"


class _Stands(FunctionElement[bool]):
    """Whether a token of this number is among those of a running instance."""

    name = "stands"
    type = sa.Boolean()
    inherit_cache = True


@compiles(_Stands, "sqlite")
def _stands_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    tokens, number = (compiler.process(each, **kw) for each in element.clauses)
    numbers = f"json_each({tokens}, '$.tokens') AS each_token"
    return f"EXISTS (SELECT 1 FROM {numbers} WHERE json_extract(each_token.value, '$.number') = {number})"


@compiles(_Stands, "postgresql")
def _stands_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    tokens, number = (compiler.process(each, **kw) for each in element.clauses)
    one = f"jsonb_build_object('tokens', jsonb_build_array(jsonb_build_object('number', {number})))"
    return f"({tokens} @> {one})"
