"""What can be asked of batches: the next piece (by the queue), how far they are, and an end before the time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.kernel.answers import has
from lowcode.kernel.changes.which import AT_ONCE
from lowcode.kernel.contract import Operation, Parameters
from lowcode.kernel.diagnostics import Forbidden, Text
from lowcode.kernel.records.facts import text_in
from lowcode.kernel.storage.types import json_text
from lowcode.rules import guards, reasons
from lowcode.rules import tables as t
from lowcode.rules.actions.kind import Firing
from lowcode.rules.batches.batch import (
    DONE,
    ENDED,
    MOVE,
    OF_RULE,
    ONE,
    PAUSED,
    WORKING,
    Piecework,
    named_of,
    put_off,
)
from lowcode.rules.firing import acting_for, moment_of
from lowcode.rules.stages import plan_of
from lowcode.rules.waiting import Occasion

if TYPE_CHECKING:
    from lowcode.kernel.changes.together import Refused
    from lowcode.kernel.contract import Context
    from lowcode.rules.plan import Rule

SHOWN = 20
"""Refused records that are named, each with its reason; the number is of all."""


class NextPiece(Parameters):
    """The records of a batch after one that was done."""

    batch: int
    after: int
    rule: str


class EndBatch(Parameters):
    """A batch that shall not go on, by the key that the run log names."""

    batch: str
    reason: Text = Key(reasons.BY_A_PERSON, min_length=1)


def next_piece(context: Context, params: NextPiece) -> str:
    """Do a piece and put off the next. It happens once: what was done and the mark are one transaction."""
    rows = context.unit.locked(ONE, batch_id=params.batch)
    if not rows or rows[0]["state"] != WORKING or rows[0]["after"] != params.after:
        return "done before"
    row = rows[0]
    rule = plan_of(context.app).rules.get(row["rule"])
    action = _action(rule, row) if rule is not None else None
    if rule is None or action is None:
        return _move(context, row, ENDED, reason=reasons.ANOTHER_RULE)
    why = guards.paused(context, rule)
    if why is not None:
        return _move(context, row, PAUSED, reason=why)
    named = named_of(context, row["form"], row["named"])
    occasion = Occasion(row["record"], "", row["actor"])
    try:
        acting = acting_for(context, rule, occasion)
    except Forbidden:
        return _move(context, row, ENDED, reason=reasons.PERSON_LEFT)
    moment = replace(moment_of(context, acting, occasion), now=row["at"])
    firing = Firing(acting, rule, row["record"], {}, moment, {"@key": row["key"]}, at=(row["step"], row["action"]))
    ids = action.which.page(firing, named, after=row["after"], last=row["last"])
    refused = action.piece(firing, ids, row["given"], named) if ids else []
    whole = len(ids) == AT_ONCE
    state = _move(context, row, WORKING if whole else DONE, ids, refused)
    if whole:
        put_off(context, rule.name, row["id"], ids[-1])
    return state


def _action(rule: Rule, row: Mapping[str, Any]) -> Piecework | None:
    """The action the batch is of, as long as the rule still has it."""
    actions = next((each.actions for each in rule.steps if each.number == row["step"]), ())
    found: Any = actions[row["action"]] if row["action"] < len(actions) else None
    same = getattr(found, "kind", None) == row["kind"] and getattr(found, "target", None) == row["target"]
    return found if same else None


def _move(
    context: Context, row: Mapping[str, Any], state: str, ids: Sequence[int] = (), refused: Sequence[Refused] = (),
    reason: Text | None = None,
) -> str:  # fmt: skip
    told = [
        {"record": identity, "why": {language: problems[0].words(language) for language in ("zh-CN", "en")}}
        for identity, problems in refused
    ]
    context.unit.run(
        MOVE,
        batch_id=row["id"],
        new_after=ids[-1] if ids else row["after"],
        new_done=row["done"] + len(ids) - len(refused),
        new_refused=row["refused"] + len(refused),
        new_refusals=[*row["refusals"], *told][:SHOWN],
        new_state=state,
        new_reason=reasons.kept(reason),
        new_moved_at=context.now(),
    )
    return state


def resume(context: Context, rule: str) -> None:
    """What a pause has held goes on where it stopped."""
    for row in context.unit.fetch(OF_RULE, rule=rule, batch_state=PAUSED):
        _move(context, row, WORKING)
        put_off(context, rule, row["id"], row["after"])


def end_batch(context: Context, params: EndBatch) -> Annotated[dict[str, Any], has(batch=str, ended=bool)]:
    """End a batch: what is done stays done, the rest is left as it is. Whether it was still on its way."""
    found = context.unit.one(_by_key(context), keys=json_text([params.batch]))
    rows = context.unit.locked(ONE, batch_id=found["id"]) if found is not None else []
    if not rows or rows[0]["state"] not in (WORKING, PAUSED):
        return {"batch": params.batch, "ended": False}
    _move(context, rows[0], ENDED, reason=params.reason)
    return {"batch": params.batch, "ended": True}


def progress(context: Context, actions: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """How far the batches are that some lines of the run log name."""
    keys = [each["batch"] for each in actions if "batch" in each]
    rows = context.unit.fetch(_by_key(context), keys=json_text(keys)) if keys else []
    shown = ("total", "done", "refused", "refusals", "state", "reason", "moved_at", "target")
    return {
        row["key"]: {name: row[name] for name in shown} | {"reason": reasons.told(row["reason"], context.actor.locale)}
        for row in rows
    }


def _by_key(context: Context) -> Any:
    dialect = context.unit.database.dialect_name
    host: Any = context.host
    return host.cached(
        ("rules", "batches"), lambda: sa.select(t.batch).where(text_in(t.batch.c.key, dialect, "keys"))
    )  # fmt: skip


OPERATIONS = (
    Operation("rules.next_piece", next_piece, NextPiece, "internal", summary="The next piece of a batch"),
    Operation(
        "rules.end_batch", end_batch, EndBatch, "administrator",
        summary={"en": "End what a rule does in pieces", "zh-CN": "终止规则的分批处理"},
    ),
)  # fmt: skip
