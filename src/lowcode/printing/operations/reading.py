"""The facts a paper is made from, as the person printing may see them: rows filtered, hidden fields blank."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.records.plan import RecordType
from lowcode.printing.plan import TemplatePlan

CHUNK = 200


def read_facts(context: Context, plan: TemplatePlan, record_id: int) -> dict[str, Any]:
    """Everything the template reads of one record. Raises NotFound where the person may not read the record."""
    context.ask("records.get", type=plan.form, id=record_id, fields=("id",))
    facts = dict(context.facts(plan.form, [record_id], [plan.needs])[record_id])
    host: Any = context.host  # type: ignore[attr-defined]
    types: Mapping[str, RecordType] = host.types
    for path in plan.needs.paths:
        if _hidden(context, types, plan.form, path):
            facts[path] = None
    for relation, children in plan.needs.rows:
        if _hidden(context, types, plan.form, relation):
            facts[relation] = []
            continue
        child = _target(context, types, plan.form, relation)
        rows = [dict(row) for row in facts.get(relation) or ()]
        if child is not None and types[child].parent is None:
            allowed = _readable(context, child, (row["id"] for row in rows))
            rows = [row for row in rows if row["id"] in allowed]
        kept = [path for path in children if child is not None and _hidden(context, types, child, path)]
        facts[relation] = [{**row, **dict.fromkeys(kept)} for row in rows]
    return facts


def _readable(context: Context, record_type: str, ids: Iterable[int]) -> set[int]:
    """Which records the person may read."""
    known = list(ids)
    allowed: set[int] = set()
    for start in range(0, len(known), CHUNK):
        listed = ", ".join(str(identity) for identity in known[start : start + CHUNK])
        page = context.ask(
            "records.list", type=record_type, where=f"id in ({listed})", fields=("id",), limit=CHUNK, sort=("id",)
        )
        allowed.update(row["id"] for row in page["items"])
    return allowed


def _hidden(context: Context, types: Mapping[str, RecordType], record_type: str, path: str) -> bool:
    """Whether any step of a path is kept from the person."""
    host: Any = context.host  # type: ignore[attr-defined]
    current: str | None = record_type
    for name in path.split("."):
        owner = types.get(current) if current else None
        if owner is None:
            return False
        hidden = host.grant(owner, context.actor).hidden
        if name in hidden or (owner.parent is not None and f"{owner.parent_field}.{name}" in hidden):
            return True
        current = _step(context, current, name)
    return False


def _target(context: Context, types: Mapping[str, RecordType], record_type: str, path: str) -> str | None:
    current: str | None = record_type
    for name in path.split("."):
        current = _step(context, current, name)
    return current if current in types else None


def _step(context: Context, record_type: str | None, name: str) -> str | None:
    shape = context.app.scope.shapes.records.get(record_type)
    field = shape.fields.get(name) if shape is not None else None
    return None if field is None else field.type.record or field.type.target
