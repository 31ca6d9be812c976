"""Which column of a file fills which field, remembered for each person, form and set of titles."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from lowcode.forms.tables import mapping
from lowcode.kernel.contract import Context


def _digest(titles: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(titles).encode()).hexdigest()


THESE = (
    mapping.c.form == sa.bindparam("of_form"), mapping.c.titles == sa.bindparam("of_titles"),
    mapping.c.actor == sa.bindparam("of_actor"),
)  # fmt: skip
FIELDS = sa.select(mapping.c.fields).where(*THESE)
REPLACE = sa.update(mapping).where(*THESE).values(fields=sa.bindparam("new_fields", type_=mapping.c.fields.type))


def _of(context: Context, form: str, titles: Sequence[str]) -> dict[str, Any]:
    return {"of_form": form, "of_titles": _digest(titles), "of_actor": context.actor.id or 0}


def known(context: Context, form: str, titles: Sequence[str]) -> Mapping[str, str | None] | None:
    """How this person mapped a file with these titles before."""
    found = context.unit.one(FIELDS, **_of(context, form, titles))
    return None if found is None else dict(zip(titles, found["fields"], strict=True))


def remember(context: Context, form: str, titles: Sequence[str], fields: Sequence[str | None]) -> None:
    """Keep it for the next time."""
    if not context.unit.run(REPLACE, **_of(context, form, titles), new_fields=list(fields)):
        context.unit.insert(
            mapping, form=form, titles=_digest(titles), actor=context.actor.id or 0, fields=list(fields)
        )
