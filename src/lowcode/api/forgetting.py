"""What is kept of records whose persons are to be forgotten: bodies that came in and went out, letters, and answers to
requests that may come again. That they did stays.

An answer does not say whose it is about, and an endpoint's may be anything: all that are kept (for a day) are emptied.
What was done is not done twice all the same.
"""

from __future__ import annotations

import sqlalchemy as sa

from lowcode.api.plan import plan_of
from lowcode.api.tables import answered, delivery, letter, request
from lowcode.kernel.contract import Context
from lowcode.kernel.facets import OfRecords
from lowcode.kernel.records.facts import id_in, text_in
from lowcode.kernel.storage.types import json_text

FORGOTTEN = 0
"""The status of an answer that was emptied."""
ERASED = "erased"
"""Stands as what went wrong with a message that was emptied."""


def forget(context: Context, params: OfRecords) -> None:
    """Empty the bodies; what was not sent yet is sent no more."""
    unit, listed = context.unit, json_text(params.ids)
    dialect = unit.database.dialect_name
    intakes = [each.name for each in plan_of(context).intakes.values() if each.form == params.form]
    came = sa.update(request).where(text_in(request.c.intake, dialect, "intakes"), id_in(request.c.record, dialect))
    unit.run(came.values(body=b"", address=""), ids=listed, intakes=json_text(intakes))
    went = sa.update(delivery).where(delivery.c.form == params.form, id_in(delivery.c.record, dialect))
    waits = delivery.c.state == "waiting"
    unit.run(
        went.values(
            body="", answer=None, error=ERASED, next_at=None, state=sa.case((waits, "dead"), else_=delivery.c.state)
        ),
        ids=listed,
    )
    for form, record in ((letter.c.about_form, letter.c.about_record), (letter.c.form, letter.c.record)):
        of = (form == params.form, id_in(record, dialect))
        unit.run(sa.update(letter).where(*of).values(sender="", subject="", content=None, problems=[]), ids=listed)
    unit.run(sa.update(answered).values(status=FORGOTTEN, answer={}))
