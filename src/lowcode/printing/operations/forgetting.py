"""What printing keeps of records whose persons are to be forgotten: snapshots, readers, recipients. That papers were
made and sent stays; they cannot be made again."""

from __future__ import annotations

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.facets import OfRecords
from lowcode.kernel.records.facts import id_in
from lowcode.kernel.storage.types import json_text
from lowcode.printing.tables import print_copy, print_letter, print_link


def forget(context: Context, params: OfRecords) -> None:
    """Empty the snapshots, end the links, take out whom papers went to."""
    unit, listed = context.unit, json_text(params.ids)
    dialect = unit.database.dialect_name

    def of(table: sa.Table) -> tuple[sa.ColumnElement[bool], ...]:
        return table.c.record_type == params.form, id_in(table.c.record_id, dialect)

    unit.run(sa.update(print_copy).where(*of(print_copy)).values(snapshot="", file_name="***"), ids=listed)
    ended = {"reader": "", "email": None, "code": None, "revoked_at": context.now()}
    unit.run(sa.update(print_link).where(*of(print_link)).values(**ended), ids=listed)
    unit.run(sa.update(print_letter).where(*of(print_letter)).values(recipient="", subject=""), ids=listed)
