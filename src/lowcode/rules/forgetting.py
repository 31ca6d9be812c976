"""What rules keep of records whose persons are to be forgotten: values they read, letters they wrote. That they ran
stays."""

from __future__ import annotations

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.facets import OfRecords
from lowcode.kernel.records.facts import id_in
from lowcode.kernel.storage.types import json_text
from lowcode.rules.messages import digest
from lowcode.rules.tables import batch, held, message, run, wait
from lowcode.rules.tables import digest as gathered


def forget(context: Context, params: OfRecords) -> None:
    """Empty the run log of the records, end what waits for them or goes on because of them, and take the words out of
    letters about them; what a digest was to say of them is not said."""
    unit, listed = context.unit, json_text(params.ids)
    dialect = unit.database.dialect_name
    ran = (run.c.form == params.form, id_in(run.c.record, dialect))
    unit.run(sa.update(run).where(*ran).values(conditions=[], actions=[], error=None), ids=listed)
    unit.run(sa.delete(wait).where(wait.c.form == params.form, id_in(wait.c.record, dialect)), ids=listed)
    unit.run(sa.delete(held).where(held.c.form == params.form, id_in(held.c.record, dialect)), ids=listed)
    about = (message.c.form == params.form, id_in(message.c.record, dialect))
    unit.run(sa.delete(message).where(*about, message.c.state == "waiting"), ids=listed)
    empty = {"address": "", "name": None, "subject": None, "text": None, "values": None, "files": None}
    unit.run(sa.update(message).where(*about).values(**empty), ids=listed)
    concerned = {(params.form, each) for each in params.ids}
    told = [(row["id"], digest.opened(context, row)) for row in unit.fetch(sa.select(gathered))]
    gone = json_text([each for each, notice in told if (notice.get("form"), notice.get("record")) in concerned])
    unit.run(sa.delete(gathered).where(id_in(gathered.c.id, dialect)), ids=gone)
    bound = sa.and_(batch.c.form == params.form, id_in(batch.c.record, dialect))
    ended = {"state": "ended", "named": {}, "given": {}}
    unit.run(sa.update(batch).where(bound).values(**ended), ids=listed)
    unit.run(sa.update(batch).where(sa.or_(bound, batch.c.target == params.form)).values(refusals=[]), ids=listed)
