"""Drafts: what somebody was filling in and has not saved, kept for that person and nobody else.

A draft need not be right, and nothing comes of it until it is saved as a record. It holds what the page holds, field by
field; of a record that is there already, what was changed and what stood there before, so that it can be seen what
others changed since. Secrets are not kept in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field as Key
from sqlalchemy.dialects import postgresql, sqlite

from lowcode.forms.tables import draft as table
from lowcode.kernel.answers import Items, has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Forbidden, NotFound, Problem, Rejected
from lowcode.kernel.records import words
from lowcode.kernel.records.attachments import holders_of
from lowcode.kernel.records.labels import record_type_of
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.records.veil import shown
from lowcode.kernel.storage.loose import NUMBERS, hold
from lowcode.kernel.storage.types import json_text

LIMIT = 200
"""Drafts one person may keep."""
SIZE = 200_000
"""Characters of a draft as JSON."""
HELD_BY = ["owner", "form", "key"]
"""What there is one draft of: a filling in of a person."""
NO_DRAFT = {"en": "there is no draft {id}", "zh-CN": "没有草稿 {id}"}
TOO_MANY = {"en": "at most {limit} drafts; discard one first", "zh-CN": "最多保留 {limit} 份草稿，请先清理"}
TOO_LARGE = {"en": "this is too large for a draft", "zh-CN": "内容过大，无法保存为草稿"}


class SaveDraft(Parameters):
    """What is being filled in; `record` and `version` when it changes one that is there, `before` what stood there.

    `key`: a name that the page gives to this filling in. Sent again with the same one, it is the same draft, also when
    the answer with its `id` got lost.
    """

    form: str
    values: Mapping[str, Any]
    before: Mapping[str, Any] = Key(default_factory=dict)
    title: str = Key("", max_length=200)
    id: int | None = None
    key: str | None = Key(None, min_length=1, max_length=100)
    record: int | None = None
    version: int | None = None


class Drafts(Parameters):
    """Whose form, and of which record; all of a person's drafts when none is named."""

    form: str | None = None
    record: int | None = None


class OneDraft(Parameters):
    """A draft."""

    id: int


class Discarded(Parameters):
    """A draft by its id, by the key it was saved with, or by both: with a key there may be none of them any more or
    yet."""

    id: int | None = None
    key: str | None = Key(None, min_length=1, max_length=100)


def save_draft(context: Context, params: SaveDraft) -> Annotated[dict[str, Any], has(id=int, updated_at=str)]:
    """Keep what is being filled in."""
    record_type = record_type_of(context, params.form)
    _permitted(context, record_type, params.record)
    values, before = _kept(context, record_type, params.values), _kept(context, record_type, params.before)
    if len(json_text([values, before])) > SIZE:
        raise Rejected(Problem("forms.draft-too-large", TOO_LARGE, "/values"))
    _hold_files(context, record_type, values)
    row = {
        "form": params.form, "record": params.record, "version": params.version, "title": params.title.strip(),
        "values": values, "before": before, "updated_at": context.now(),
    }  # fmt: skip
    found = _own(context, params.id) if params.id is not None else _called(context, params)
    if found is not None:
        context.unit.run(sa.update(table).where(table.c.id == found["id"]).values(**row))
        return {"id": found["id"], "updated_at": context.now()}
    count = context.unit.one(sa.select(sa.func.count().label("n")).where(_mine(context)))
    if count and count["n"] >= LIMIT:
        raise Rejected(Problem("forms.too-many-drafts", TOO_MANY, "", {"limit": LIMIT}))
    owner = context.actor.id or 0
    if params.key is None:
        identity = context.unit.insert(table, owner=owner, key=None, **row)
    else:  # the same may have been sent a second time meanwhile
        host: Any = context.host
        statement = host.cached("draft-once", lambda: _once(context.unit.database.dialect_name))
        identity = context.unit.locked(statement, owner=owner, key=params.key, **row)[0]["id"]
    return {"id": identity, "updated_at": context.now()}


def _once(dialect: str) -> Any:
    """A draft of a filling in, or what is there of it."""
    make: Any = sqlite.insert if dialect == "sqlite" else postgresql.insert
    columns = [each for each in table.columns if each.name != "id"]
    made = make(table).values({each.name: sa.bindparam(each.name, type_=each.type) for each in columns})
    said = {each.name: made.excluded[each.name] for each in columns if each.name not in HELD_BY}
    return made.on_conflict_do_update(index_elements=HELD_BY, set_=said).returning(table.c.id)


def drafts(context: Context, params: Drafts) -> Items:
    """The drafts of this person, the latest first, of forms that are still there and theirs to fill in."""
    conditions = [_mine(context)]
    if params.form is not None:
        conditions.append(table.c.form == params.form)
        conditions.append(table.c.record.is_(None) if params.record is None else table.c.record == params.record)
    columns = [table.c[name] for name in ("id", "form", "record", "version", "title", "updated_at")]
    rows = context.unit.fetch(
        sa.select(*columns).where(*conditions).order_by(table.c.updated_at.desc(), table.c.id.desc())
    )
    return {"items": [each for row in rows if (each := _offered(context, row)) is not None]}


def draft(
    context: Context, params: OneDraft
) -> Annotated[
    dict[str, Any], has(id=int, form=str, record=int | None, version=int | None, updated_at=str, values=dict)
]:
    """A draft whole; `newer`: the record was changed since."""
    row = _own(context, params.id)
    record_type = record_type_of(context, row["form"])
    _permitted(context, record_type, row["record"])
    found = _offered(context, row)
    if found is None:
        raise NotFound(Problem("forms.no-draft", NO_DRAFT, "/id", {"id": params.id}))
    values, before = (_kept(context, record_type, row[name]) for name in ("values", "before"))
    return {**found, "values": values, "before": before}


def discard(context: Context, params: Discarded) -> None:
    """A draft is no more."""
    if params.key is None:
        context.unit.run(sa.delete(table).where(table.c.id == _own(context, params.id)["id"]))
    else:
        named = sa.or_(table.c.id == params.id, table.c.key == params.key)
        context.unit.run(sa.delete(table).where(_mine(context), named))


def _hold_files(context: Context, record_type: RecordType, values: Mapping[str, Any]) -> None:
    """Keep the files of a draft from being collected at this moment; one that is gone already is said at the save."""
    names = {each.path.partition(".")[0] for each in holders_of(record_type)}
    held = json_text([values.get(each) for each in sorted(names)])
    hold(context.unit, (int(each) for each in NUMBERS.findall(held)))


def _mine(context: Context) -> sa.ColumnElement[bool]:
    return table.c.owner == sa.literal(context.actor.id or 0)


def _called(context: Context, params: SaveDraft) -> dict[str, Any] | None:
    """The draft of the same filling in, saved before the page knew its id."""
    if params.key is None:
        return None
    return context.unit.one(
        sa.select(table).where(_mine(context), table.c.form == params.form, table.c.key == params.key)
    )


def _own(context: Context, identity: int | None) -> dict[str, Any]:
    row = context.unit.one(sa.select(table).where(table.c.id == identity, _mine(context)))
    if row is None:
        raise NotFound(Problem("forms.no-draft", NO_DRAFT, "/id", {"id": identity}))
    return row


def _permitted(context: Context, record_type: RecordType, record: int | None) -> None:
    """Refuse a draft of what this person may not fill in."""
    host: Any = context.host
    action = "create" if record is None else "edit"
    if not host.grant(record_type, context.actor).may(action):
        raise Forbidden(words.problem("may-not", "", action=action, form=record_type.name))
    if record is not None:
        context.ask("records.get", type=record_type.name, id=record, fields=("id",))


def _kept(context: Context, record_type: RecordType, values: Mapping[str, Any]) -> dict[str, Any]:
    """What a draft holds: fields of the form that this person may see and set, and no secrets."""
    host: Any = context.host
    grant = host.grant(record_type, context.actor)
    own = {name: value for name, value in values.items() if name in record_type.sets or name == "owner"}
    return shown(record_type, grant.hidden | record_type.untold, own)


def _offered(context: Context, row: Mapping[str, Any]) -> dict[str, Any] | None:
    """What a list says of a draft; None when its form or its record is not there for this person any more."""
    host: Any = context.host
    record_type, label, newer = host.types.get(row["form"]), "", False
    if record_type is None:
        return None
    try:
        _permitted(context, record_type, row["record"])
        if row["record"] is not None:
            found = context.ask("records.get", type=row["form"], id=row["record"], fields=("version",))
            newer = row["version"] is not None and found["version"] != row["version"]
            label = context.ask("records.label", type=row["form"], ids=(row["record"],)).get(row["record"], "")
    except Rejected:
        return None
    return {
        "id": row["id"], "form": row["form"], "record": row["record"], "version": row["version"],
        "title": row["title"] or label, "updated_at": row["updated_at"], "newer": newer,
    }  # fmt: skip


OPERATIONS = (
    Operation("forms.save_draft", save_draft, SaveDraft, summary={"en": "Keep a draft", "zh-CN": "保存草稿"}),
    Operation("forms.drafts", drafts, Drafts, writes=False, summary={"en": "My drafts", "zh-CN": "我的草稿"}),
    Operation("forms.draft", draft, OneDraft, writes=False, summary={"en": "A draft", "zh-CN": "草稿"}),
    Operation("forms.discard_draft", discard, Discarded, summary={"en": "Discard a draft", "zh-CN": "删除草稿"}),
)
