"""What happened around a record: its changes, comments, and the records of its relations, in one stream."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.records.labels import label_of, record_type_of
from lowcode.kernel.records.linked import names
from lowcode.kernel.records.plan import RecordType, Relation
from lowcode.kernel.storage import tables as t
from lowcode.web.present import Presenter
from lowcode.web.row_changes import Telling, as_difference, counts_of

COMMENTS = (
    sa.select(t.comment)
    .where(t.comment.c.record_type == sa.bindparam("form"), t.comment.c.record_id == sa.bindparam("record"))
    .order_by(t.comment.c.id.desc())
)
KINDS = {"created": "created", "updated": "changed", "deleted": "deleted", "revealed": "revealed",
         "restored": "restored", "erased": "erased", "merged": "merged", "unmerged": "unmerged"}  # fmt: skip


def changes_of(context: Any, form: str, identity: int, **part: int) -> list[dict[str, Any]]:
    """The history as the page reads it: old and new value of each field, links by name. `part`: `limit` at once, of
    those that are older than `before`."""
    record_type = record_type_of(context, form)
    rows = context.ask("records.history", type=form, id=identity, **part)
    people = label_of(context, "user", {row["actor"] for row in rows if row["actor"]})
    telling = Telling(Presenter(context, record_type, stored_json=True))
    found = [
        {
            "id": row["id"], "version": row["version"], "at": row["at"], "by": _person(row["actor"], people),
            "event": row["kind"], "changes": _pairs(telling, record_type, row["changes"]),
        }
        for row in rows
    ]  # fmt: skip
    telling.shown()
    return found


def _person(identity: int | None, people: Mapping[int, str]) -> dict[str, Any] | None:
    return None if identity is None else {"id": identity, "label": people.get(identity, str(identity))}


def _pairs(telling: Telling, record_type: RecordType, changes: Mapping[str, Any]) -> list[dict[str, Any]]:
    rows = {
        name: (record_type.fields[name], as_difference(each) if isinstance(each, list) else each)
        for name, each in changes.items()
        if name in record_type.fields and record_type.fields[name].rows is not None and each
    }
    plain = {
        name: pair for name, pair in changes.items() if isinstance(pair, list) and len(pair) == 2 and name not in rows
    }
    found = telling.values(plain)
    for name, (field, change) in rows.items():
        told = telling.rows((field,), change)
        found.append({"field": name, "from": None, "to": None, "lines": counts_of(change), "rows": told})
    for name, change in changes.items():
        if isinstance(change, Mapping) and name not in rows:  # rows of a field that is no more
            found.append({"field": name, "from": None, "to": None, "lines": counts_of(change), "rows": []})
    return found


def timeline_of(context: Any, form: str, identity: int, limit: int) -> list[dict[str, Any]]:
    """Changes, comments, related records and what flows did, the newest first."""
    record_type = record_type_of(context, form)
    found = [
        {
            "id": f"h{each['id']}", "at": each["at"], "by": each["by"], "kind": KINDS.get(each["event"], "changed"),
            "version": each["version"], "changes": each["changes"],
        }
        for each in changes_of(context, form, identity)
    ]  # fmt: skip
    found += _comments(context, form, identity)
    for relation in record_type.relations.values():
        if relation.name not in context.host.grant(record_type, context.actor).hidden:
            found += _related(context, relation, form, identity, limit)
    for each in context.host.activities(context, record_type, identity):
        found.append(each)
    found.sort(key=lambda each: each["at"], reverse=True)
    return found[:limit]


def _comments(context: Any, form: str, identity: int) -> list[dict[str, Any]]:
    rows = context.unit.fetch(COMMENTS, form=form, record=identity)
    ids = {each for row in rows for each in (row["actor"], row["removed_by"], *row["mentions"]) if each}
    people = label_of(context, "user", ids)
    return [
        {
            "id": f"c{row['id']}", "at": row["at"], "by": _person(row["actor"], people), "kind": "comment",
            "text": row["text"], "mentions": [_person(each, people) for each in row["mentions"]],
            "edited": row["edited_at"] is not None,
            "removed": row["removed_at"] and {"at": row["removed_at"], "by": _person(row["removed_by"], people)},
        }
        for row in rows
    ]  # fmt: skip


def _related(context: Any, relation: Relation, form: str, identity: int, limit: int) -> list[dict[str, Any]]:
    """Records added to a relation, as far as the person may see them."""
    target = context.host.types[relation.record_type]
    wanted = [name for name in ("content", "notes", "subject", "summary") if name in target.fields][:1]
    hidden = context.host.grant(target, context.actor).hidden
    fields = ["id", "created_at", "created_by", *(name for name in wanted if name not in hidden)]
    when = next((name for name in ("at", "happened_at") if name in target.fields and name not in hidden), None)
    if when:
        fields.append(when)
    try:
        page = context.ask(
            "records.list",
            type=relation.record_type,
            where=names(context.host.types, relation, form, identity),
            fields=tuple(fields),
            limit=min(limit, 100),
        )
    except Rejected:
        return []
    items = page["items"]
    labels = label_of(context, relation.record_type, [each["id"] for each in items])
    people = label_of(context, "user", {each["created_by"] for each in items if each["created_by"]})
    return [
        {
            "id": f"r{relation.record_type}{each['id']}",
            "at": (each.get(when) if when else None) or each["created_at"],
            "by": _person(each["created_by"], people), "kind": "record",
            "record": {"form": relation.record_type, "id": each["id"], "label": labels.get(each["id"], "")},
            "text": each.get(wanted[0]) if wanted and wanted[0] in each else None,
        }
        for each in items
    ]  # fmt: skip
