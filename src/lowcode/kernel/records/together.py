"""Records read by one query, and changes of them that were looked at written kind by kind."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Change, Context
from lowcode.kernel.records import former, save, searching
from lowcode.kernel.records.attachments import claim
from lowcode.kernel.records.facts import id_in
from lowcode.kernel.records.rollups import refresh_own, refresh_parents
from lowcode.kernel.records.write import (
    HISTORY_COLUMNS,
    enter_state,
    history_of,
    leave_state,
    update_parameters,
    work_of,
)
from lowcode.kernel.storage.types import json_text


def write_changes(context: Context, plan: save.SavePlan, changes: Sequence[Change], word: str = "updated") -> None:
    """What `write_change` writes, kind by kind; `word`: what happened to the records."""
    unit, record_type = context.unit, plan.record_type
    different = [found for found in (save.difference(plan, each) for each in changes) if found is not None]
    unit.write_many(unit.database.prepare(plan.update), (update_parameters(plan, each) for each in changes))
    histories, about = [], []
    for change, (changed, rows) in zip(changes, different, strict=True):
        identity, values = change.values["id"], change.values
        for lines, difference in zip(plan.lines, rows, strict=True):
            lines.write(context, identity, difference)
        if plan.searching is not None:
            searching.write_change(context, plan.searching, values, changed)
        assert change.before is not None
        former.keep(context, plan, values["version"], change.before, changed, rows)
        history = history_of(plan, changed, rows)
        histories.append(
            {"record_id": identity, "version": values["version"], "at": values["updated_at"],
             "actor": context.actor.id, "kind": word, "changes": history}
        )  # fmt: skip
        about.append((identity, {"version": values["version"], "changed": sorted(history)}, work_of(context, change)))
        for state in record_type.states:
            if state.name in changed:
                leave_state(context, plan, identity, state.name, values["updated_at"])
                enter_state(context, plan, identity, state.name, *changed[state.name], values["updated_at"])
    unit.write_many(unit.database.prepare_insert(record_type.history, HISTORY_COLUMNS), histories)
    context.tell_many(f"record.{word}", record_type.name, about)
    for change in changes:
        if plan.files:
            claim(context, plan.files, change)
        if plan.gathered:
            refresh_own(context, plan, change)
    refresh_parents(context, plan, changes)
    for change in changes:
        for after in change.after:
            after(context, change.values["id"])


def load_many(context: Context, plan: save.SavePlan, ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Several records as they stand, with their rows."""
    host: Any = context.host
    table, dialect = plan.record_type.table, host.database.dialect_name
    statement = host.cached(
        ("records.load-many", plan.record_type.name), lambda: sa.select(table).where(id_in(table.c.id, dialect))
    )
    found = {row["id"]: row for row in context.unit.fetch(statement, ids=json_text(list(ids)))}
    for lines in plan.lines:
        for identity, rows in lines.load_many(context, list(found)).items():
            found[identity][lines.name] = rows
    return found
