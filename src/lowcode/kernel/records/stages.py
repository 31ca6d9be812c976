"""The stage model: what a record has to have before it comes into a state and before it goes on, and for how long it
has stood there. The save refuses by it and the page shows it, so both say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Problem, Text
from lowcode.kernel.expressions import Expression
from lowcode.kernel.records import words
from lowcode.kernel.records.facts import id_in, needs_of
from lowcode.kernel.records.fields import Ageing, Gate, Gates, State
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.storage.types import json_text

Facts = Callable[..., Mapping[str, Any]]
Side = Literal["entry", "exit"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing a stage asks for. `field` is where it is filled in, `key` which line of a checklist; what a gate asks
    for may be done in the fields it `reads` and by the records of the relations it counts or looks through (`rows`)."""

    kind: Literal["gate", "field", "deliverable", "check"]
    title: Text
    met: bool
    field: str | None = None
    key: str | None = None
    required: bool = True
    reads: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()


def state_of(field: Field, name: Any) -> State | None:
    """A state of a field by its name."""
    options: Any = field.options
    return next((each for each in options.states if each.name == name), None)


def gates_key(field: Field, state: State, side: Side, index: int) -> tuple[str, str, Side, int]:
    """Under which key the condition of a gate is kept with its record type."""
    return (field.name, state.name, side, index)


def documents_key(field: Field, state: State) -> tuple[str, str]:
    """Under which key the condition of a guide's documents is kept."""
    return (field.name, state.name)


def wanted(context: Context, plan: Any, field: Field, state: State, values: Mapping[str, Any], with_facts: Facts,
           side: Side) -> Iterator[Wanted]:  # fmt: skip
    """Everything a state asks for on one side, met or not."""
    record_type: RecordType = plan.record_type
    gates: Sequence[Gate] = getattr(state, side)
    conditions: Mapping[Any, Expression] = record_type.extras.get("gates", {})
    for index, gate in enumerate(gates):
        condition = conditions[gates_key(field, state, side, index)]
        facts = with_facts(context, plan, values, needs_of((condition,)))
        yield gate_of(record_type, gate.message, condition, condition.test(facts, context.moment()))
    if side == "entry":
        return
    for name in state.required:
        yield Wanted("field", record_type.fields[name].title or name, _filled(values.get(name)), name)
    for each in state.deliverables:
        title = each.title or record_type.fields[each.field].title or each.field
        yield Wanted("deliverable", title, _filled(values.get(each.field)), each.field, None, each.required)
    if state.checklist is not None:
        options: Any = record_type.fields[state.checklist.field].options
        ticked = values.get(state.checklist.field) or ()
        needed = state.checklist.required
        for line in options.options:
            required = needed is None or line.name in needed
            title = line.title or line.name
            yield Wanted("check", title, line.name in ticked, state.checklist.field, line.name, required)


def gate_of(record_type: RecordType, message: Text, condition: Expression, met: bool) -> Wanted:
    """A condition as something that is asked for: its words, and where something can be done about it."""
    heads = {path.partition(".")[0] for path in condition.paths} | set(condition.rows)
    own = tuple(name for name in record_type.fields if name in heads)
    relations = tuple(name for name in record_type.relations if name in condition.rows)
    return Wanted("gate", message, met, reads=own, rows=relations)


def _filled(value: Any) -> bool:
    return value is not None and value != [] and value != ""


def lacking(context: Context, plan: Any, field: Field, old: Any, new: Any, values: Mapping[str, Any],
            with_facts: Facts, gates: Gates) -> list[Wanted]:  # fmt: skip
    """What keeps a record from going from one state to another yet."""
    found: list[Wanted] = []
    source, target = state_of(field, old), state_of(field, new)
    if gates == "all" and source is not None:
        found += wanted(context, plan, field, source, values, with_facts, "exit")
    if gates != "none" and target is not None:
        found += wanted(context, plan, field, target, values, with_facts, "entry")
    return [each for each in found if each.required and not each.met]


def held_back(context: Context, plan: Any, field: Field, old: Any, new: Any, values: Mapping[str, Any],
              with_facts: Facts, gates: Gates) -> list[Problem]:  # fmt: skip
    """Why a record may not go from one state to another yet; every reason, at its field."""
    return list(problems_of(field, lacking(context, plan, field, old, new, values, with_facts, gates)))


def problems_of(field: Field, lacks: Iterable[Wanted]) -> Iterator[Problem]:
    """What is lacking as the reasons of a refusal."""
    for each in lacks:
        match each.kind:
            case "gate":
                yield Problem("records.stage-gate", each.title, f"/{field.name}")
            case "check":
                yield words.problem("stage-check", f"/{each.field}", title=each.title)
            case "deliverable":
                yield words.problem("stage-deliverable", f"/{each.field}", title=each.title)
            case "field":
                yield words.problem("stage-required", f"/{each.field}", title=each.title)


# -- how long a record has stood there --------------------------------------------------------------------------------


def since(context: Context, record_type: RecordType, field: str, ids: Sequence[int]) -> dict[int, datetime]:
    """When each record came into the state in which it stands."""
    stages = record_type.stages
    assert stages is not None
    host: Any = context.host
    statement = host.cached(
        ("since", record_type.name, field),
        lambda: (
            sa.select(stages.c.record_id, stages.c.entered_at)
            .where(stages.c.field == field, stages.c.left_at.is_(None))
            .where(id_in(stages.c.record_id, host.database.dialect_name))
        ),
    )
    return {row["record_id"]: row["entered_at"] for row in context.unit.fetch(statement, ids=json_text(list(ids)))}


def days_between(context: Context, begin: datetime, working: bool) -> int:
    """Whole days, or working days, that have passed since."""
    now = context.now()
    if not working:
        return max((now - begin) // timedelta(days=1), 0)
    moment: Any = context.moment()
    day, last = begin.astimezone(moment.zone).date(), now.astimezone(moment.zone).date()
    count = 0
    while day < last:
        day += timedelta(days=1)
        count += moment.calendar is None or moment.calendar.is_working_day(day)
    return count


def age(ageing: Ageing | None, days: int) -> Literal["late", "overdue"] | None:
    """Whether a record has stood in a state for too long."""
    if ageing is None:
        return None
    if days >= ageing.limit:
        return "overdue"
    return "late" if ageing.warn is not None and days >= ageing.warn else None


def standing(
    context: Context, record_type: RecordType, field: Field, states: Mapping[int, Any]
) -> dict[int, dict[str, Any]]:
    """Of records and the state each is in: since when, for how many days, and whether that is too long."""
    found: dict[int, dict[str, Any]] = {}
    for identity, begin in since(context, record_type, field.name, list(states)).items():
        state = state_of(field, states[identity])
        ageing = state.ageing if state is not None else None
        days = days_between(context, begin, ageing is not None and ageing.working)
        found[identity] = {"since": begin, "days": days, "age": age(ageing, days)}
    return found
