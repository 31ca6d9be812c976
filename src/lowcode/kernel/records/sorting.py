"""By what records may be put in order."""

from __future__ import annotations

from collections.abc import Sequence

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.records import query, words
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.plan import RecordType


def check_sort(context: Context, record_type: RecordType, grant: Grant, keys: Sequence[query.SortKey]) -> None:
    """Refuse an order by what the actor may not see, or by what the database cannot read."""
    for key in keys:
        query.check_path(context, record_type, grant, key.path, "/sort")
        if query.sealed_at(context, record_type, key.path):
            raise Rejected(words.problem("sealed-field", "/sort", field=key.path))
        if _through_rows(context, record_type, key.path):
            raise Rejected(words.problem("not-a-sort-field", "/sort", field=key.path))


def _through_rows(context: Context, record_type: RecordType, path: str) -> bool:
    """Whether a path meets several of something, among which no order chooses."""
    steps = path.split(".")
    for length in range(1, len(steps) + 1):
        owner, field = query.field_at(context, record_type, ".".join(steps[:length]))
        name = steps[length - 1]
        if owner is not None and (name in owner.joins or name in owner.relations or (field and field.rows)):
            return True
    return False
