"""A batch is begun: which action of which rule, the instant and the values all its pieces share, and its bounds.

Records are taken in the order of their ids, from the last that was done up to the last there was when it began: what
the batch itself makes is never part of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

import sqlalchemy as sa

from lowcode.kernel.records.show import from_plain, plain
from lowcode.rules import tables as t

if TYPE_CHECKING:
    from lowcode.kernel.changes.together import Refused
    from lowcode.kernel.changes.which import Found, Which
    from lowcode.kernel.contract import Context
    from lowcode.rules.actions.kind import Firing

WORKING, PAUSED, DONE, ENDED = "working", "paused", "done", "ended"

ONE = sa.select(t.batch).where(t.batch.c.id == sa.bindparam("batch_id")).with_for_update()
MOVE = (
    sa.update(t.batch)
    .where(t.batch.c.id == sa.bindparam("batch_id"))
    .values({
        name: sa.bindparam(f"new_{name}", type_=t.batch.c[name].type)
        for name in ("after", "done", "refused", "refusals", "state", "reason", "moved_at")
    })
)  # fmt: skip
OF_RULE = sa.select(t.batch).where(
    t.batch.c.rule == sa.bindparam("rule"), t.batch.c.state == sa.bindparam("batch_state")
)


class Piecework(Protocol):
    """An action that can be done to some of its records at a time."""

    @property
    def kind(self) -> str: ...
    @property
    def target(self) -> str:
        """The form of the records that are written."""
        ...

    @property
    def which(self) -> Which: ...

    def piece(
        self, firing: Firing, ids: Sequence[int], given: Mapping[str, Any], named: Mapping[str, Any]
    ) -> list[Refused]:
        """Do it to some; those that were refused, and why."""
        ...


def key_of(firing: Firing, found: Found) -> Mapping[str, Any]:
    """How what is done in pieces is found again from the run log: part of what an action tells."""
    if found.beyond is not None:
        return {"most": found.beyond}
    if not found.in_pieces:
        return {}
    return {"in_pieces": True} if firing.simulated else {"batch": firing.variables["@key"]}


def known(firing: Firing) -> dict[str, Any]:
    """What the actions before this one have made, by name."""
    return {name: value for name, value in firing.variables.items() if not name.startswith("@")}


def begin(
    firing: Firing, action: Piecework, found: Found, named: Mapping[str, Any], given: Mapping[str, Any] | None = None
) -> None:
    """Begin, in the transaction of the firing: either both happened or neither."""
    context, (step, at) = firing.context, firing.at
    identity = context.unit.insert(
        t.batch,
        key=firing.variables["@key"],
        rule=firing.rule.name,
        step=step,
        action=at,
        kind=action.kind,
        target=action.target,
        form=firing.rule.form,
        record=firing.record_id,
        actor=firing.moment.me,
        at=context.now(),
        named=plain(named),
        given=plain(given or {}),
        total=found.total,
        last=found.last,
        after=0,
        done=0,
        refused=0,
        refusals=[],
        state=WORKING,
        moved_at=context.now(),
    )
    assert identity is not None
    put_off(context, firing.rule.name, identity, 0)


def put_off(context: Context, rule: str, batch: int, after: int) -> None:
    """The next piece becomes a job, with the causes of the firing."""
    context.as_app().later("rules.next_piece", batch=batch, after=after, rule=rule)


def named_of(context: Context, rule_form: str | None, kept: Mapping[str, Any]) -> dict[str, Any]:
    """What the pieces may name, as values of their types."""
    shapes: Any = context.app.scope.shapes
    fields = shapes.records[rule_form].fields if rule_form is not None else {}
    found: dict[str, Any] = {}
    for name, value in kept.items():
        shape = fields.get(name.removeprefix("this.")) if name.startswith("this.") else None
        if value is None or (shape is None and name != "started_at"):
            found[name] = value
        else:
            found[name] = from_plain(shape.type, value) if shape is not None else datetime.fromisoformat(value)
    return found
