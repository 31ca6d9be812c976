"""Instances that stand still for a while (挂起, 恢复): nobody decides and nothing goes on, and nothing of what comes
meanwhile is lost (decision 0161)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Annotated, Any

from pydantic import Field

from lowcode.flows.diagnostics import problem
from lowcode.flows.operations import held, store
from lowcode.flows.operations.commands import lock, stand
from lowcode.flows.operations.once import Opinion, Requested
from lowcode.flows.operations.plans import flows_of
from lowcode.flows.operations.telling import asked_now, tell
from lowcode.flows.operations.views import Names
from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters, Timer
from lowcode.kernel.diagnostics import Conflict, NotFound, Rejected, nearest

MOST = 1000
"""So many at once; the answer says how many are left."""
PAGE = 200


class SuspendParameters(Requested):
    """One `instance`, several, or those of a `flow`: `every` one, those of the version that counts now (`current`), of
    earlier ones (`older`) or of one by its digest, and of records for which `where` holds; `after` are those behind
    the last one of the answer before. `dry_run` says which."""

    instance: int | None = None
    instances: tuple[int, ...] | None = Field(None, max_length=MOST)
    flow: str | None = None
    version: str | None = None
    where: str | None = None
    after: int | None = None
    opinion: Opinion | None = None
    dry_run: bool = False


def suspend(
    context: Context, params: SuspendParameters
) -> Annotated[dict[str, Any], has(items=list, refused=int, left=int, next=object)]:
    """Let instances stand still."""
    return _each(context, params, True)


def resume(
    context: Context, params: SuspendParameters
) -> Annotated[dict[str, Any], has(items=list, refused=int, left=int, next=object)]:
    """Let them go on; what came meanwhile comes now, once, the oldest first."""
    return _each(context, params, False)


def _each(context: Context, params: SuspendParameters, still: bool) -> dict[str, Any]:
    """Each for itself, in one order, so that two such requests never wait in a ring. One alone is refused whole."""
    _check(params)
    if params.instance is not None:
        if not params.dry_run:
            _turn(context, params.instance, still, params.opinion)
        chosen = [params.instance]
    else:
        chosen = _chosen(context, params, still)
    now, left = chosen[:MOST], len(chosen[MOST:])
    rows = [row for row in (context.unit.one(store.INSTANCE, instance_id=each) for each in now) if row is not None]
    names, items = Names(context, rows), []
    for row in rows:
        refused: Rejected | None = None
        if params.instance is None and not params.dry_run:
            try:
                _turn(context, row["id"], still, params.opinion)
            except Rejected as rejected:
                refused = rejected
        items.append(
            {
                "instance": row["id"],
                "subject": names.words(row["subject"]),
                "record": names.record(row),
                "done": refused is None and not params.dry_run,
                "problems": [
                    {"code": each.code, "detail": each.words(context.actor.locale)}
                    for each in (refused.problems if refused is not None else ())
                ],
            }
        )
    refusals = sum(bool(each["problems"]) for each in items)
    return {"items": items, "refused": refusals, "left": left, "next": now[-1] if left else None}


def _check(params: SuspendParameters) -> None:
    """It is said in one way which are meant, and nothing that was said stays without effect. Raises Rejected."""
    ways = [params.instance is not None, params.instances is not None or params.flow is not None]
    if sum(ways) != 1:
        raise Rejected(problem("flows.which-instances", "/instance"))
    if params.flow is None:
        without = [name for name in ("version", "where", "after") if getattr(params, name) is not None]
        if without:
            raise Rejected([problem("flows.only-of-a-flow", f"/{name}", name=name) for name in without])


def _chosen(context: Context, params: SuspendParameters, still: bool) -> list[int]:
    """Those that are meant and do not stand so already, the oldest first."""
    if params.flow is None:
        return sorted(set(params.instances or ()))
    flows = flows_of(context).flows
    rows = context.unit.fetch(store.RUNNING_OF_FLOW, flow=params.flow)
    plan = flows.get(params.flow)
    if plan is None and not rows:
        raise NotFound(problem("flows.no-such-flow", "/flow", flow=params.flow, near=nearest(params.flow, flows) or ""))
    now = plan.digest if plan is not None else ""
    match params.version:
        case None | "every":
            pass
        case "current":
            rows = [row for row in rows if row["digest"] == now]
        case "older":
            rows = [row for row in rows if row["digest"] != now]
        case digest:
            rows = [row for row in rows if row["digest"] == digest]
            if not rows:
                raise NotFound(problem("flows.no-such-version", "/version", flow=params.flow, version=digest))
    wanted = set(params.instances) if params.instances is not None else None
    found = [row for row in rows if (row["suspended_at"] is None) == still and (wanted is None or row["id"] in wanted)]
    found = [row for row in found if params.after is None or row["id"] > params.after]
    if params.where is not None:  # the form of each as it began: the flow may be another's now, or gone
        meant: set[tuple[str, int]] = set()
        for form in sorted({row["record_type"] for row in found}):
            among = {row["record_id"] for row in found if row["record_type"] == form}
            meant |= {(form, each) for each in _records(context, form, params.where, among)}
        found = [row for row in found if (row["record_type"], row["record_id"]) in meant]
    return [row["id"] for row in found]


def _records(context: Context, form: str, where: str, among: Iterable[int]) -> set[int]:
    """Those of some records for which a condition holds."""
    ids, found = sorted(among), set()
    for start in range(0, len(ids), PAGE):
        few = ", ".join(map(str, ids[start : start + PAGE]))
        page = context.ask("records.list", type=form, where=f"id IN ({few}) and ({where})", fields=("id",), limit=PAGE)
        found |= {each["id"] for each in page["items"]}
    return found


def _turn(context: Context, instance_id: int, still: bool, opinion: str | None) -> None:
    """One instance stands still, or goes on."""
    row = lock(context, instance_id)
    walk = stand(context, row, suspended=True)
    if (walk.row["suspended_at"] is not None) == still:
        raise Conflict(problem("flows.suspended-already" if still else "flows.not-suspended"))
    came = [] if still else held.waiting(context, walk.row)  # before anything is written: it may not open
    walk.note("suspended" if still else "resumed", opinion=opinion)
    at = context.now() if still else None
    context.unit.run(store.SUSPEND, instance_id=instance_id, new_suspended_at=at)
    asked = sorted(asked_now(walk.state))
    tell(walk, [*asked, walk.row["starter"]], "suspended" if still else "resumed", opinion)
    if still:
        return
    later = context.as_app().later
    if came:
        held.coming(context, instance_id)
        later("flows.come", instance=instance_id, held=list(held.former(context, walk.row)))
    else:
        _look_around(context, walk.row)


def _look_around(context: Context, row: Mapping[str, Any]) -> None:
    """An instance that waits hears again what is kept for its record, and what became of it."""
    if row["waits"]:
        for operation in ("flows.look", "flows.deliver"):
            context.as_app().later(operation, form=row["record_type"], id=row["record_id"])


class ComeParameters(Parameters):
    """An instance that goes on; `held` is what versions before 0163 held on it, the oldest first: operations, with what
    they were asked with."""

    instance: int | None = None
    held: tuple[tuple[str, dict[str, Any]], ...] = ()


def come(context: Context, params: ComeParameters) -> None:
    """What was held comes, one after the other, whoever else works: two workers would overtake one another. What is
    refused is asked again by itself and holds nothing up, and so does what reaches outside."""
    found = list(params.held)
    row = lock(context, params.instance) if params.instance is not None else None
    if row is not None and row["running"] is None:
        held.let_go(context, row["id"])
        held.arrived(context, row)
    elif row is not None and not held.stands_still(context, row):  # else it comes when it is resumed again
        found += held.taken(context, row)
        held.arrived(context, row)
    for operation, asked in found:
        if context.app.operations[operation].outside:
            context.as_app().later(operation, **asked)
            continue
        try:
            with context.unit.savepoint():
                context.ask(operation, **asked)
        except Rejected:
            context.as_app().later(operation, **asked)
    if row is not None and row["running"] is not None and not held.stands_still(context, row):
        _look_around(context, row)


def look_for_left(context: Context, since: datetime, until: datetime) -> None:
    """What lies on an instance that goes on, comes: its part was switched on again, or a process of a version before
    0163 resumed it without seeing it."""
    for row in context.unit.fetch(store.of_parts_on(context, held.LEFT), most=MOST):
        key = f"flows.come:{row['instance']}:{until.timestamp()}"
        context.as_app().later("flows.come", key=key, instance=row["instance"])


TIMER = Timer("flows.come", look_for_left, every=timedelta(minutes=10))
OPERATIONS = (Operation("flows.come", come, ComeParameters, "internal", sealed=True),)
