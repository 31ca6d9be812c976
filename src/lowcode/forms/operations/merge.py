"""The same thing entered twice becomes one record: the one that stays takes the best of both, and everything that
pointed at the other points at it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.forms.operations.deleted import say_why
from lowcode.forms.tables import merge_moved, merged
from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Forbidden, Problem, Rejected
from lowcode.kernel.records import save, words
from lowcode.kernel.records.deleting import delete_alone
from lowcode.kernel.records.facts import id_in
from lowcode.kernel.records.fields.named import SEVERAL
from lowcode.kernel.records.labels import record_type_of
from lowcode.kernel.records.naming import ways_to
from lowcode.kernel.records.permissions import past_parts
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.records.versions import settable
from lowcode.kernel.records.write import HISTORY_COLUMNS
from lowcode.kernel.storage import tables as t
from lowcode.kernel.storage.types import json_text

ITSELF = {"en": "a record cannot be merged into itself", "zh-CN": "不能将记录合并到自身"}
NOT_ONE_OF_THEM = {"en": "{id} is not one of the records that are merged", "zh-CN": "{id} 不是要合并的记录"}
GATHERED = ("tags", "multi_select", "attachment", "image", *SEVERAL)


class Merge(Parameters):
    """The record that stays, those that go into it, and from which of them a field is taken.

    What is not in `take` stays as it is in the one that stays; where that is blank, the first of the others that has a
    value gives it. Sets (tags, files, links) are joined.
    """

    form: str
    into: int
    others: tuple[int, ...] = Key(min_length=1, max_length=20)
    take: Mapping[str, int] = Key(default_factory=dict)


def merge(
    context: Context, params: Merge
) -> Annotated[dict[str, Any], has(record=dict, moved=int, left=list, merge=int)]:
    """Merge; the record that stays, how much was moved to it, and as `left` the passwords that only one of the others
    had: they cannot be taken over."""
    host: Any = context.host
    record_type = record_type_of(context, params.form)
    grant = host.grant(record_type, context.actor)
    if not grant.may("delete"):
        raise Forbidden(words.problem("may-not", "", action="delete", form=params.form))
    if params.into in params.others:
        raise Rejected(Problem("forms.merged-into-itself", ITSELF, "/others"))
    all_ids = (params.into, *dict.fromkeys(params.others))
    strangers = [name for name, identity in params.take.items() if identity not in all_ids]
    if strangers:
        raise Rejected(
            Problem("forms.not-merged", NOT_ONE_OF_THEM, f"/take/{strangers[0]}", {"id": params.take[strangers[0]]})
        )
    plain = {
        each.name for each in record_type.fields.values() if not each.confidential and each.name not in grant.hidden
    }
    plan = host.save_plan(record_type)
    records = {each: context.ask("records.get", type=params.form, id=each) for each in all_ids}
    best = _survivors(record_type, records, params)
    values = settable(record_type, grant.fixed, {name: value for name, value in best.items() if name in plain})
    stored = {each: save.load(context, plan, each) or {} for each in all_ids}
    rows = _rows(record_type, params, stored, plain - grant.fixed)
    rest = _rest(record_type, stored, all_ids, plain - grant.fixed)
    went = list(_move_links(context, record_type, all_ids))
    comments = _move_comments(context, params.form, all_ids)
    for other in all_ids[1:]:
        delete_alone(context, plan, other)
    if rows or rest:
        past_parts(context).ask("records.update", type=params.form, id=params.into, values={**rows, **rest})
    found = context.ask("records.update", type=params.form, id=params.into, values=values)
    context.unit.write(
        context.unit.database.prepare_insert(record_type.history, HISTORY_COLUMNS),
        {
            "record_id": params.into, "version": found["version"], "at": context.now(), "actor": context.actor.id,
            "kind": "merged", "changes": {},
        },
    )  # fmt: skip
    made = context.unit.insert(
        merged, form=params.form, record=params.into, others=list(all_ids[1:]), at=context.now(),
        actor=context.actor.id, before=stored[params.into]["version"], after=found["version"], comments=comments,
    )  # fmt: skip
    context.unit.insert_many(merge_moved, [{"merge": made, **each} for each in went])
    say_why(context, record_type, all_ids[1:], "merge", made)
    context.tell("record.merged", record_type=params.form, record_id=params.into, others=list(all_ids[1:]))
    moved = len(went) + sum(len(each) for each in comments.values())
    return {"record": found, "moved": moved, "left": _lost(record_type, stored, all_ids), "merge": made}


def _survivors(record_type: RecordType, records: Mapping[int, Mapping[str, Any]], params: Merge) -> dict[str, Any]:
    """What of the record that stays becomes another value."""
    found: dict[str, Any] = {}
    for name, field in record_type.fields.items():
        own = records[params.into].get(name)
        if field.rows is not None:
            continue  # joined whole, with the columns kept from who merges: see `_rows`
        best = records[params.take[name]].get(name) if name in params.take else _best(field, records.values())
        if best != own and (best or own):
            found[name] = best
    return found


def _best(field: Field, records: Iterable[Mapping[str, Any]]) -> Any:
    """What of a field is taken when nobody says from whom, the one that stays first."""
    values = [one.get(field.name) for one in records]
    if field.options_type in GATHERED:
        return list(dict.fromkeys(each for value in values for each in value or ()))
    return next((value for value in values if value not in (None, "", [])), None)


def _rest(
    record_type: RecordType, stored: Mapping[int, Mapping[str, Any]], ids: tuple[int, ...], own: Collection[str]
) -> dict[str, Any]:  # fmt: skip
    """What whoever merges does not see, or may not set, is taken over where it is blank, so that nothing is lost."""
    found: dict[str, Any] = {}
    for name, field in record_type.fields.items():
        settable_here = name in own and not field.options.read_only
        if settable_here or field.computed or field.rows is not None or field.options_type in ("password", "state"):
            continue
        best = _best(field, (stored[each] for each in ids))
        if best not in (None, []) and best != stored[ids[0]].get(name):
            found[name] = best
    return found


def _lost(record_type: RecordType, stored: Mapping[int, Mapping[str, Any]], ids: tuple[int, ...]) -> list[str]:
    """Passwords of the others where the one that stays has none: only a print of them is there."""
    return [
        name for name, field in record_type.fields.items()
        if field.options_type == "password" and not stored[ids[0]].get(name)
        and any(stored[each].get(name) for each in ids[1:])
    ]  # fmt: skip


def _rows(
    record_type: RecordType, params: Merge, loaded: Mapping[int, Mapping[str, Any]], names: Collection[str]
) -> dict[str, Any]:  # fmt: skip
    """The rows of all of them together, or of the one they are taken from (`names`: where that may be chosen): whole,
    also what whoever merges does not see of them, so that nothing is lost."""
    found: dict[str, Any] = {}
    for field in record_type.lines:
        chosen = field.name in params.take and field.name in names
        sources = (params.take[field.name],) if chosen else (params.into, *params.others)
        assert field.rows is not None
        best = [
            {"id": row["id"]} if identity == params.into else _as_new(field.rows, row)
            for identity in dict.fromkeys(sources)
            for row in loaded[identity].get(field.name) or ()
        ]
        if best != [{"id": row["id"]} for row in loaded[params.into].get(field.name) or ()]:
            found[field.name] = best
    return found


def _as_new(rows: RecordType, row: Mapping[str, Any]) -> dict[str, Any]:
    """A row, and the rows in it, as a record gets them that did not have them."""
    found = {name: value for name, value in row.items() if name not in ("id", "position")}
    for each in rows.lines:
        assert each.rows is not None
        found[each.name] = [_as_new(each.rows, one) for one in row.get(each.name) or ()]
    return found


def _move_comments(context: Context, form: str, ids: tuple[int, ...]) -> dict[str, list[int]]:
    """Comments go to the one that stays; which of whom."""
    table, dialect = t.comment, context.unit.database.dialect_name
    chosen = (table.c.record_type == form, id_in(table.c.record_id, dialect))
    listed, found = json_text(sorted(ids[1:])), dict[str, list[int]]()
    statement = sa.select(table.c.id, table.c.record_id).where(*chosen).order_by(table.c.id)
    for row in context.unit.fetch(statement, ids=listed):
        found.setdefault(str(row["record_id"]), []).append(row["id"])
    context.unit.run(sa.update(table).where(*chosen).values(record_id=ids[0]), ids=listed)
    return found


def _move_links(context: Context, record_type: RecordType, ids: tuple[int, ...]) -> Iterator[dict[str, Any]]:
    """Let everything that links to the others link to the one that stays; as the app, each with its history. The form
    and id of each, and its versions before and after."""
    host: Any = context.host
    app = past_parts(context)
    for owner in host.types.values():
        if owner.parent is not None:
            continue
        for identity, values in _linking(context, owner, record_type, ids):
            if not (owner is record_type and identity in ids):
                now = app.ask("records.update", type=owner.name, id=identity, values=values)["version"]
                yield {"form": owner.name, "record": identity, "before": now - 1, "after": now}


def _linking(
    context: Context, owner: RecordType, target: RecordType, ids: tuple[int, ...]
) -> Iterator[tuple[int, dict[str, Any]]]:
    """Records that name one of the others, themselves or in their rows, and what they shall name instead."""
    into, others = ids[0], set(ids[1:])
    changes: dict[int, dict[str, Any]] = {}
    for name, identities in _naming(context, owner, target, others).items():
        field = owner.fields[name]
        for identity in sorted(identities):
            record = past_parts(context).ask("records.get", type=owner.name, id=identity, fields=(name,))
            changes.setdefault(identity, {})[name] = _instead(field, record[name], target, into, others)
    yield from changes.items()


def _naming(context: Context, owner: RecordType, target: RecordType, others: set[int]) -> dict[str, set[int]]:
    """The living records that name one of some records, by the field in which, or in whose rows, they do."""
    values = {
        "ids": json_text(sorted(others)),
        "texts": json_text([f"{target.name}/{each}" for each in sorted(others)]),
    }
    found: dict[str, set[int]] = {}
    for way in ways_to(owner, target, context.unit.database.dialect_name):
        statement = sa.select(way.root.label("one")).select_from(way.source).distinct()
        rows = context.unit.fetch(statement.where(way.named, owner.table.c.deleted_at.is_(None)), **values)
        found.setdefault(way.path.partition(".")[0], set()).update(row["one"] for row in rows)
    return found


def _instead(field: Field, value: Any, target: RecordType, into: int, others: set[int]) -> Any:
    if field.options_type == "link_any":
        return f"{target.name}/{into}"
    if field.several:
        return list(dict.fromkeys(into if each in others else each for each in value))
    if field.rows is not None:
        return [_row_instead(field.rows, row, target, into, others) for row in value]
    return into


def _row_instead(rows: RecordType, row: Mapping[str, Any], target: RecordType, into: int, others: set[int]) -> Any:
    """A row that names the one that stays; what is not said of a row stays as it is."""
    found: dict[str, Any] = {"id": row["id"]}
    names = {f"{target.name}/{each}" for each in others}
    for each in rows.fields.values():
        if each.rows is not None:
            found[each.name] = [_row_instead(each.rows, one, target, into, others) for one in row.get(each.name) or ()]
        elif each.options_type == "link_any" and row.get(each.name) in names:
            found[each.name] = f"{target.name}/{into}"
        elif each.options_type == "link" and each.target == target.name and row.get(each.name) in others:
            found[each.name] = into
    return found


OPERATIONS = (Operation("forms.merge", merge, Merge, summary={"en": "Merge duplicates", "zh-CN": "合并重复记录"}),)
