"""What has been kept long enough, taken away by night: as its form says, and what lay deleted for its days.

Every rule is one filter put to the database; records are erased in batches, each remembered. What was erased is no
longer found by the filter, so a night that was broken off goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Annotated, Any

import sqlalchemy as sa

from lowcode.forms.operations.erasing import BATCH, take_away
from lowcode.forms.plan import Form, FormsPlan
from lowcode.forms.privacy.compile import there
from lowcode.forms.privacy.plan import ANONYMOUS, Privacy, Retention
from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Nothing, Operation, Timer
from lowcode.kernel.records.plan import RecordType

HOUR = "30 2 * * *"


def timers(plan: FormsPlan) -> Iterator[Timer]:
    """One, if some form keeps anything about people for so long only."""
    if any(form.privacy is not None and form.privacy.erased() for form in plan.forms.values()):
        yield Timer("forms.retention", by_night, cron=HOUR)


def by_night(context: Context, since: datetime, until: datetime) -> None:
    """What the timer does."""
    retain(context, Nothing())


def retain(context: Context, params: Nothing) -> Annotated[dict[str, Any], has(counts=dict)]:
    """Take away what has been kept long enough; how many records by form and rule."""
    app = context.as_app()
    counts: dict[str, int] = {}
    for name, form in context.app.plans["forms"].forms.items():
        if form.privacy is None:
            continue
        for rule in form.privacy.retention:
            counts[f"{name}.{rule.name}"] = _keep_to(app, form, form.privacy, rule)
        counts[f"{name}.trash"] = _empty(app, form.record_type, form.privacy)
    return {"counts": {name: count for name, count in counts.items() if count}}


def _keep_to(app: Context, form: Form, privacy: Privacy, rule: Retention) -> int:
    """One rule, until it finds nothing more. A record that could not be put away is anonymous and not found again."""
    still = there(form.record_type, privacy, rule.fields)
    if not still:
        return 0
    done = 0
    while True:
        found = app.ask(
            "records.list", type=form.definition.name, where=f"({rule.where}) and ({still})", sort=("id",),
            fields=("id",), limit=BATCH,
        )  # fmt: skip
        ids = [each["id"] for each in found["items"]]
        if not ids:
            return done
        take_away(app, form.definition.name, ids, rule.fields, rule.put_away, f"retention {rule.name}")
        done += len(ids)


def _empty(app: Context, record_type: RecordType, privacy: Privacy) -> int:
    """What was deleted so long ago that nobody brings it back."""
    columns = record_type.table.c
    left: list[sa.ColumnElement[bool]] = [
        columns[name] != ANONYMOUS if each.erase == "replace" else columns[name].is_not(None)
        for name, each in privacy.erased().items() if name in columns
    ]  # fmt: skip
    pairs = (record_type.joins[name] for name in privacy.erased() if name in record_type.joins)
    left += (sa.exists(sa.select(sa.literal(1)).where(each.c.source == columns.id)) for each in pairs)
    if not left:
        return 0
    statement = (
        sa.select(columns.id)
        .where(columns.deleted_at <= sa.bindparam("before_at", type_=columns.deleted_at.type), sa.or_(*left))
        .order_by(columns.id)
        .limit(BATCH)
    )
    done, before = 0, app.now() - timedelta(days=privacy.trash)
    while True:
        ids = [row["id"] for row in app.unit.fetch(statement, before_at=before)]
        if not ids:
            return done
        take_away(app, record_type.name, ids, reason="retention trash")
        done += len(ids)


OPERATIONS = (
    Operation(
        "forms.retain", retain, Nothing, "administrator",
        summary={"en": "Take away what has been kept long enough", "zh-CN": "执行到期数据清理"},
    ),
)  # fmt: skip
