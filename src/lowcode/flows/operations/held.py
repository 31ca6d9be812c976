"""What comes to an instance and waits there until it is heard: while it is suspended, everything that would move it
(decision 0161), and at any time what a called flow throws at the step that waits for it (decision 0163).

Each is a row of its own, so one more costs the same however many are there. What somebody said in it is closed apart
from the rest (`sealing`): it can be forgotten without a key, and what is told apart is told apart without one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import bindparam as given

from lowcode.flows.diagnostics import problem
from lowcode.flows.tables import held, instance
from lowcode.kernel.contract import Context, Parameters
from lowcode.kernel.diagnostics import Conflict
from lowcode.kernel.storage import sealing
from lowcode.kernel.storage.crypto import SECRET
from lowcode.kernel.storage.types import json_text

Row = Mapping[str, Any]
Asked = tuple[str, dict[str, Any]]

NOBODY = {"en": "(anonymised)", "zh-CN": "（已匿名）"}
SAID: Mapping[str, Mapping[str, Any]] = {
    "flows.answered": {"values": {}, "status": None, "reason": NOBODY},
    "flows.advised": {"state": "failed", "decision": None, "reason": NOBODY, "confidence": None},
    "flows.receive": {"body": {}},
}
"""What of an operation was said by somebody, and what stands in its place when it is forgotten: there was no answer."""

MOST = 100
"""So many messages are held on one instance; who says another is refused, and says it again later."""

_OF_INSTANCE = held.c.instance == given("instance_id")
KNOWN = sa.select(held.c.id).where(_OF_INSTANCE, held.c.identity == given("same"))
ALL = sa.select(held).where(_OF_INSTANCE).order_by(held.c.id)
COUNTED = sa.select(sa.func.count().label("count")).where(_OF_INSTANCE, held.c.operation == given("of_operation"))
ESCALATED = sa.select(held.c.id, held.c.asked).where(_OF_INSTANCE, held.c.operation == "flows.escalated")
ESCALATED = ESCALATED.order_by(held.c.id)
LET_GO = sa.delete(held).where(_OF_INSTANCE)
HEARD = sa.delete(held).where(held.c.id.in_(given("ids", expanding=True)))
FORMER = sa.update(instance).where(instance.c.id == given("instance_id")).values(held=given("new_held"))
ARRIVED = sa.update(instance).where(instance.c.id == given("instance_id")).values(held=sa.null())
LEFT = (
    sa.select(held.c.instance)
    .distinct()
    .join(instance, instance.c.id == held.c.instance)
    .where(instance.c.running.is_not(None), instance.c.suspended_at.is_(None))
    .where(sa.or_(held.c.operation != "flows.escalated", instance.c.held.is_not(None)))
    .order_by(held.c.instance)
    .limit(given("most", type_=sa.Integer))
)
"""Instances that go on and have not heard everything; an escalation waits for its own job."""


def keeps(context: Context, row: Row) -> bool:
    """Whether what comes of itself waits: the instance stands still, or what was held has not come yet, which nothing
    that comes after it may overtake."""
    return stands_still(context, row) or row["held"] is not None


def stands_still(context: Context, row: Row) -> bool:
    """Whether an instance is suspended, or its flow is of a part that is switched off."""
    return row["suspended_at"] is not None or row["flow"] in context.app.off_names("flow")


def refuse_still(context: Context, row: Row) -> None:
    """Nothing is done in an instance that stands still. Raises Conflict."""
    if row["suspended_at"] is not None:
        raise Conflict(problem("flows.suspended"))
    if stands_still(context, row):
        raise Conflict(problem("flows.part-off"))


def hold(context: Context, row: Row, operation: str, params: Parameters, same: str | None = None) -> None:
    """Hold an operation on a locked instance. One of the `same` that is held already is not held again; without it,
    each counts."""
    identity = None if same is None else f"{operation}:{same}"
    if identity is None or context.unit.one(KNOWN, instance_id=row["id"], same=identity) is None:
        put(context, row["id"], operation, params.model_dump(), identity)


def put(
    context: Context, instance_id: int, operation: str, asked: Mapping[str, Any], identity: str | None = None
) -> None:
    """Lay down what is to come to an instance, behind everything that is there."""
    rest: dict[str, Any] = json.loads(json_text(asked))
    said = {name: rest.pop(name) for name in SAID.get(operation, ()) if name in rest}
    closed = sealing.seal(context.host, said, operation) if said else None
    row = {"operation": operation, "asked": rest, "said": closed, "identity": identity, "at": context.now()}
    context.unit.insert(held, instance=instance_id, **row)


def is_crowded(context: Context, row: Row, operation: str) -> bool:
    """Whether as many are held as may be."""
    found = context.unit.one(COUNTED, instance_id=row["id"], of_operation=operation)
    return found is not None and found["count"] >= MOST


def waiting(context: Context, row: Row) -> list[Asked]:
    """What is held on an instance, the oldest first. Conflict when one of them cannot be opened."""
    return [*former(context, row), *(_opened(context, each) for each in context.unit.fetch(ALL, instance_id=row["id"]))]


def taken(context: Context, row: Row) -> list[Asked]:
    """The same, which is held no longer; what versions before 0163 held went when it was resumed."""
    found = [_opened(context, each) for each in context.unit.fetch(ALL, instance_id=row["id"])]
    let_go(context, row["id"])
    return found


def coming(context: Context, instance_id: int) -> None:
    """An instance goes on, and what was held is on its way."""
    context.unit.run(FORMER, instance_id=instance_id, new_held=[])


def arrived(context: Context, row: Row) -> None:
    """It is there: what comes now is heard at once."""
    if row["held"] is not None:
        context.unit.run(ARRIVED, instance_id=row["id"])


def let_go(context: Context, instance_id: int) -> None:
    """Nothing of it comes any more."""
    context.unit.run(LET_GO, instance_id=instance_id)


def escalations(context: Context, instance_id: int, token: int) -> list[str]:
    """What called flows threw at a token of a locked instance and was not heard there: it is now, in their order."""
    rows = context.unit.fetch(ESCALATED, instance_id=instance_id)
    mine = [each for each in rows if each["asked"]["token"] == token]
    if mine:
        context.unit.run(HEARD, ids=[each["id"] for each in mine])
    return [name for each in mine for name in each["asked"]["escalated"]]


def forget(context: Context, of: tuple[Any, ...], listed: str) -> None:
    """Take out what was said in what is held on instances; `of` are conditions on them, with `ids` as a parameter."""
    unit = context.unit
    unit.run(
        sa.update(held).where(held.c.instance.in_(sa.select(instance.c.id).where(*of))).values(said=None), ids=listed
    )
    for row in unit.fetch(
        sa.select(instance.c.id, instance.c.held).where(*of, instance.c.held.is_not(None)), ids=listed
    ):
        unit.run(FORMER, instance_id=row["id"], new_held=_without_words(context, row))


def former(context: Context, row: Row) -> Iterator[Asked]:
    """What versions before 0163 held, in one list on the row of the instance. Conflict when it cannot be opened."""
    for operation, kept in row["held"] or ():
        try:
            yield operation, sealing.opened(context.host, kept, operation)
        except sealing.SealError as error:
            raise _unopened(context, row["suspended_at"]) from error


def _without_words(context: Context, row: Row) -> list[list[Any]]:
    """The same when what was said in it is forgotten. What no key opens says nothing to anybody, and goes."""
    found: list[list[Any]] = []
    for operation, kept in row["held"]:
        try:
            asked = {**sealing.opened(context.host, kept, operation), **SAID.get(operation, {})}
        except sealing.SealError:
            continue
        sealed = context.app.operations[operation].sealed
        found.append([operation, sealing.seal(context.host, asked, operation) if sealed else asked])
    return found


def _opened(context: Context, row: Row) -> Asked:
    operation = row["operation"]
    if operation not in SAID:
        return operation, row["asked"]
    if row["said"] is None:
        return operation, {**row["asked"], **SAID[operation]}
    try:
        return operation, {**row["asked"], **sealing.opened(context.host, row["said"], operation)}
    except sealing.SealError as error:
        raise _unopened(context, row["at"]) from error


def _unopened(context: Context, at: datetime) -> Conflict:
    came = f"{at.astimezone(context.moment().zone):%Y-%m-%d %H:%M}"
    return Conflict(problem("flows.held-sealed", at=came, secret=SECRET, file=sealing.OWN_KEY))
