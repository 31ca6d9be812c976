"""What the api engine does in a save: notice what sets a webhook off, and write its message in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from lowcode.api.connectors.http import message_body
from lowcode.api.deliveries import put
from lowcode.api.plan import ApiPlan, Watched
from lowcode.kernel.contract import Change, Context, PutOff, Stage, StageRun
from lowcode.kernel.records.completing import complete
from lowcode.kernel.records.facts import needs_of
from lowcode.kernel.records.plan import RecordType

KINDS: Mapping[str, frozenset[str]] = {
    "created": frozenset({"create"}),
    "updated": frozenset({"update"}),
    "deleted": frozenset({"delete"}),
    "becomes": frozenset({"create", "update"}),
}


def prepare(app: Any, record_type: RecordType) -> StageRun | None:
    """Only forms that some webhook watches are watched."""
    plan: ApiPlan = app.plans["api"]
    watched = plan.of_form(record_type.name)
    return partial(_watch, watched) if watched else None


def _watch(watched: Sequence[Watched], context: Context, change: Change) -> None:
    for each in watched:
        if change.kind in KINDS[each.event] and (not each.fields or each.fields & change.changed):
            change.after.append(PutOff(partial(_tell, each, change)))


def _tell(watched: Watched, change: Change, context: Context, record_id: int) -> None:
    acting = context.as_app()
    moment = acting.moment(old=change.before, is_new=change.before is None, changed=change.changed)
    facts = _facts(acting, watched, {**change.values, "id": record_id})
    if watched.when is not None:
        if not watched.when.test(facts, moment):
            return
        if watched.event == "becomes" and change.before is not None:
            before = _facts(acting, watched, change.before)
            if watched.when.test(before, moment):
                return
    data = watched.message(facts, moment)
    if not watched.body:
        data = {"form": watched.form, "id": record_id}
    body = message_body(watched.target, context.now(), data)
    put(context, watched.target, body, f"{watched.form}.{watched.event}", watched.form, record_id)


def _facts(context: Context, watched: Watched, values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The values of the record as the save leaves it (or found it), with what is read beyond them."""
    record_type = context.app.types[watched.form]
    return complete(context, record_type, values, needs_of(watched.reads))


STAGES = (Stage("api.watch", 510, prepare),)
