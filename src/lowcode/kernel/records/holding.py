"""Whoever links to a record and whoever deletes it do not slip past each other, where the deletion means something for
the link (`on_delete`): both hold the record until their transaction ends, as foreign keys do. A link that stays
whatever happens costs neither of them anything. Decision 0186.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.storage.listed import id_in
from lowcode.kernel.storage.types import json_text


def hold_named(context: Context, target: RecordType, ids: Iterable[int]) -> None:
    """Whoever links to records keeps them from being deleted until the link is there."""
    host: Any = context.host
    if not context.unit.only_reads and host.cached(("on-delete", target.name), lambda: _matters(host.types, target)):
        _held(context, target, ids, shared=True)


def hold(context: Context, target: RecordType, ids: Iterable[int]) -> None:
    """Whoever deletes records waits for those who are linking to them, and lets nobody begin to."""
    _held(context, target, ids, shared=False)


def _held(context: Context, target: RecordType, ids: Iterable[int], *, shared: bool) -> None:
    host: Any = context.host
    if host.database.dialect_name == "sqlite":
        return  # nobody else writes

    def build() -> sa.Select[Any]:
        chosen = sa.select(target.table.c.id).where(id_in(target.table.c.id, "postgresql")).order_by(target.table.c.id)
        return chosen.with_for_update(read=shared, key_share=shared)

    statement = host.cached(("on-delete held", target.name, shared), build)
    context.unit.locked(statement, ids=json_text(sorted(ids)))


def _matters(types: Mapping[str, RecordType], target: RecordType) -> bool:
    return any(
        on_delete(field) != "keep" and _names(field, target.name)
        for owner in types.values() for field in owner.fields.values()
    )  # fmt: skip


def on_delete(field: Field) -> Any:
    """What the deletion of what a field names means for it."""
    return getattr(field.options, "on_delete", "keep")


def _names(field: Field, form: str) -> bool:
    return form in getattr(field.options, "to", ()) if field.options_type == "link_any" else field.target == form
