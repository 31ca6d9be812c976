"""Which column of a file fills which field, remembered for each person, form and set of titles."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from lowcode.forms.tables import mapping
from lowcode.kernel.contract import Context


def _digest(titles: Sequence[str]) -> str:
    return hashlib.sha256("\n".join(titles).encode()).hexdigest()


def _of(context: Context, form: str, titles: Sequence[str]) -> list[sa.ColumnElement[bool]]:
    return [
        mapping.c.form == sa.literal(form), mapping.c.titles == sa.literal(_digest(titles)),
        mapping.c.actor == sa.literal(context.actor.id or 0),
    ]  # fmt: skip


def known(context: Context, form: str, titles: Sequence[str]) -> Mapping[str, str | None] | None:
    """How this person mapped a file with these titles before."""
    found = context.unit.one(sa.select(mapping.c.fields).where(*_of(context, form, titles)))
    return None if found is None else dict(zip(titles, found["fields"], strict=True))


def remember(context: Context, form: str, titles: Sequence[str], fields: Sequence[str | None]) -> None:
    """Keep it for the next time."""
    conditions = _of(context, form, titles)
    if not context.unit.run(sa.update(mapping).where(*conditions).values(fields=list(fields))):
        context.unit.insert(
            mapping, form=form, titles=_digest(titles), actor=context.actor.id or 0, fields=list(fields)
        )
