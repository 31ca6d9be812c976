"""Presence: who else has a record open, and who is changing it, so that two people do not call the same customer.

A page that shows a record says so every `BEAT` seconds; what was not said again for `LASTS` seconds is over. It is kept
in the database, because the colleague may be served by another process. It is no lock: both may save, and what collides
is shown to them (see `records.update`).
"""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from pydantic import Field as Key
from sqlalchemy.dialects import postgresql, sqlite

from lowcode.forms.tables import presence as table
from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.records.labels import label_of

BEAT = 20
"""Seconds after which a page says again that it is there."""
LASTS = timedelta(seconds=50)
"""So long somebody counts as there after they last said so: two beats may be lost."""
MOST = 20
"""People that are told of one record."""


class Presence(Parameters):
    """What this person does with a record."""

    form: str
    id: int = Key(gt=0)
    doing: Literal["reads", "edits", "leaves"] = "reads"


def presence(context: Context, params: Presence) -> Annotated[dict[str, Any], has(others=list, again=int)]:
    """Say what one does with a record, and learn who else is at it: `others` with the person, whether they edit it and
    since when, those who edit it first; `again`: seconds until it is to be said again, 0 when the form keeps no
    presence. Whoever may not read the record learns nothing."""
    host: Any = context.host
    context.ask("records.get", type=params.form, id=params.id, fields=("id",))
    person = context.actor.id
    if person is None or not host.app.plans["forms"].forms[params.form].definition.detail.presence:
        return {"others": [], "again": 0}
    now, here = context.now(), (table.c.form == params.form, table.c.record == params.id)
    # What this person looked at before is over by now: the table holds no more than a few rows of each.
    context.unit.run(sa.delete(table).where(table.c.person == person, table.c.until < now))
    if params.doing == "leaves":
        context.unit.run(sa.delete(table).where(*here, table.c.person == person))
        return {"others": [], "again": 0}
    until = now + LASTS
    context.unit.run(
        host.cached("forms.presence", lambda: _said(context.unit.database.dialect_name)),
        form=params.form, record=params.id, person=person, since=now, until=until,
        edits_until=until if params.doing == "edits" else None,
    )  # fmt: skip
    rows = context.unit.fetch(
        sa.select(table.c.person, table.c.since, table.c.edits_until)
        .where(*here, table.c.person != person, table.c.until >= now)
        .order_by(table.c.since)
        .limit(MOST)
    )
    names = label_of(context, "user", {row["person"] for row in rows})
    others = [
        {
            "person": {"id": row["person"], "label": names.get(row["person"], "")},
            "edits": row["edits_until"] is not None and row["edits_until"] >= now,
            "since": row["since"],
        }
        for row in rows
    ]
    return {"others": sorted(others, key=lambda each: not each["edits"]), "again": BEAT}


def _said(dialect: str) -> Any:
    """That somebody is there, since when they first were; what they said last counts, whichever window said it."""
    make: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    made = make(table).values({column.name: sa.bindparam(column.name, type_=column.type) for column in table.columns})
    said = {"until": made.excluded.until, "edits_until": made.excluded.edits_until}
    return made.on_conflict_do_update(index_elements=["form", "record", "person"], set_=said)


OPERATIONS = (
    Operation(
        "forms.presence",
        presence,
        Presence,
        summary={"en": "Who else is at this record", "zh-CN": "谁也在处理这条记录"},
    ),
)
