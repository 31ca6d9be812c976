"""What is kept of records whose persons are to be forgotten: bodies that came in and went out. That they did stays."""

from __future__ import annotations

import sqlalchemy as sa

from lowcode.api.plan import plan_of
from lowcode.api.tables import delivery, request
from lowcode.kernel.contract import Context
from lowcode.kernel.facets import OfRecords
from lowcode.kernel.records.facts import id_in, text_in
from lowcode.kernel.storage.types import json_text


def forget(context: Context, params: OfRecords) -> None:
    """Empty the bodies."""
    unit, listed = context.unit, json_text(params.ids)
    dialect = unit.database.dialect_name
    intakes = [each.name for each in plan_of(context).intakes.values() if each.form == params.form]
    came = sa.update(request).where(text_in(request.c.intake, dialect, "intakes"), id_in(request.c.record, dialect))
    unit.run(came.values(body=b"", address=""), ids=listed, intakes=json_text(intakes))
    went = sa.update(delivery).where(delivery.c.form == params.form, id_in(delivery.c.record, dialect))
    unit.run(went.values(body=""), ids=listed)
