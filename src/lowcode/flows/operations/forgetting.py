"""What flows keep of records whose persons are to be forgotten: what the record was called, drafts of decisions, what
was said. That it was decided, by whom and when, stays."""

from __future__ import annotations

import sqlalchemy as sa

from lowcode.flows.operations import held
from lowcode.flows.operations.held import NOBODY
from lowcode.flows.tables import advice, history, instance, message, task
from lowcode.kernel.contract import Context
from lowcode.kernel.facets import OfRecords
from lowcode.kernel.records.facts import id_in
from lowcode.kernel.storage.types import json_text


def forget(context: Context, params: OfRecords) -> None:
    """Take names and words out of instances, tasks and their log."""
    unit, listed = context.unit, json_text(params.ids)
    dialect = unit.database.dialect_name
    of = (instance.c.record_type == params.form, id_in(instance.c.record_id, dialect))
    # The instances first, as every command does: who decides meanwhile is done before, and what that wrote down is
    # forgotten as well.
    unit.run(sa.update(instance).where(*of).values(subject=NOBODY), ids=listed)
    held.forget(context, of, listed)
    concerned = sa.select(instance.c.id).where(*of)
    unit.run(sa.update(history).where(history.c.instance.in_(concerned)).values(body={}), ids=listed)
    unit.run(sa.update(advice).where(advice.c.instance.in_(concerned)).values(reason=None), ids=listed)
    kept = (message.c.record_type == params.form, id_in(message.c.record_id, dialect))
    unit.run(sa.update(message).where(*kept).values(body={}), ids=listed)
    tasks = (task.c.record_type == params.form, id_in(task.c.record_id, dialect))
    said = {"subject": NOBODY, "opinion": None, "reason": None, "draft": None}
    unit.run(sa.update(task).where(*tasks).values(**said), ids=listed)
