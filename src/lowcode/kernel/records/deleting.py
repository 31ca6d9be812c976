"""A record put away, with what its links say becomes of the records that are linked to it (`on_delete`).

What follows is what the author of the app decided, and nobody has to be permitted it. It happens with the deletion, in
one transaction, or the deletion does not happen: a record that stands in the way (`restrict`), a step of a record that
refuses (one that is being approved), or too many of them refuse the whole. What goes with a record goes in the name of
whoever deleted that; links are emptied by the app. Decision 0186.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from lowcode.kernel.contract import Change, Context, Operation
from lowcode.kernel.diagnostics import NotFound, Problem, Rejected, Text
from lowcode.kernel.records import words
from lowcode.kernel.records.changing import change_many, load_many, write_changes
from lowcode.kernel.records.consequences import FOLLOWING, Following, Record, by_form, follow, hanging_on
from lowcode.kernel.records.fields.link_any import named
from lowcode.kernel.records.holding import hold
from lowcode.kernel.records.labels import label_of, record_type_of
from lowcode.kernel.records.listing import OfType
from lowcode.kernel.records.permissions import Grant, past_parts
from lowcode.kernel.records.permitted import readable
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.records.save import SavePlan, load, permit
from lowcode.kernel.records.several import OneByOne, in_one_go
from lowcode.kernel.records.upheld import NotUpheld, whole
from lowcode.kernel.records.write import stale, write_change

SOME = 3
"""So many records that stand in the way are named."""
PIECE = 500
SPOKEN = {
    "en": ("'{}' ({})", ", ", "{} more", "what you may not read"),
    "zh-CN": ("“{}”（{}）", "、", "另外 {} 条", "您无权查看的记录"),
}
"""One of them, what stands between, how many more, and those whom a person may not read."""


class Delete(OfType):
    """Putting a record away."""

    id: int
    version: int | None = None


def delete(context: Context, params: Delete) -> None:
    """Put a record away."""
    host: Any = context.host
    record_type = record_type_of(context, params.type)
    delete_one(context, host.save_plan(record_type), host.grant(record_type, context.actor), params.id, params.version)


def delete_one(context: Context, plan: SavePlan, grant: Grant, identity: int, version: int | None) -> None:
    """Put a record away with what follows from it; it can be restored until it is purged."""
    record_type, followed = plan.record_type, context.unit.followed
    hangs = hanging_on(context, record_type)
    if hangs:
        hold(context, record_type, (identity,))
    before = load(context, plan, identity)
    key = record_type.name, identity
    gone = before is not None and before["deleted_at"] is not None
    if before is None or (gone and key not in followed):
        raise NotFound(words.problem("not-found", "", form=record_type.name, id=identity))
    permit(context, plan, grant, "delete", before)
    if gone:
        return  # it went with another one of those that are deleted here
    if version is not None and version not in (before["version"], followed.get(key)):
        raise stale(plan, identity)
    if not hangs:
        _put_away(context, plan, before)
        return
    found = follow(context, record_type, (identity,), holding=True)
    refuse(context, found)
    unit = context.unit
    others, unit.leaving = unit.leaving, unit.leaving | found.deleted.keys()
    try:
        with unit.savepoint():
            _put_away(context, plan, before)
            _delete_with(context, found)
            _empty(context, found)
    finally:
        unit.leaving = others


def foreseen(context: Context, plan: SavePlan, grant: Grant, before: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a record would be if it were put away; nothing is written. Raises what putting it away raises, as far as its
    own stages and what hangs on it foretell that."""
    permit(context, plan, grant, "delete", before)
    change = _change(context, plan, before, None)
    if change.problems:
        raise Rejected(change.problems)
    refuse(context, follow(context, plan.record_type, (before["id"],), holding=False))
    return change.values


def delete_alone(context: Context, plan: SavePlan, identity: int) -> None:
    """Put a record away of which another one takes the place, so that nothing hangs on it any more; whoever does that
    has asked for permission."""
    before = load(context, plan, identity)
    if before is None or before["deleted_at"] is not None:
        raise NotFound(words.problem("not-found", "", form=plan.record_type.name, id=identity))
    _put_away(context, plan, before)


def refuse(context: Context, found: Following) -> None:
    """Raises Rejected where something stands in the way."""
    problem = against(context, found)
    if problem is not None:
        raise Rejected(problem)


def against(context: Context, found: Following) -> Problem | None:
    """Why records cannot be deleted, as far as this person may know of the records that stand in the way."""
    if found.most is not None:
        return words.problem("too-many-follow", "", limit=FOLLOWING, form=_title(context, found.most))
    if not found.held_by:
        return None
    return words.problem("still-linked", "", named=called(context, found.held_by))


def called(context: Context, records: Sequence[Record]) -> Text:
    """The first few of some records by their names, and how many more there are, of those this person may read; of
    others that there are some."""
    known = may_read(context, records)
    labels = {
        form: label_of(context, form, ids) for form, ids in by_form(known[:SOME]).items()
    }  # fmt: skip
    names = [(labels[form].get(each, str(each)), context.host.types[form].title or form) for form, each in known[:SOME]]
    more, hidden = len(known) - len(names), len(known) < len(records)
    told: dict[str, str] = {}
    for locale, (mark, between, others, unread) in SPOKEN.items():
        parts = [mark.format(label, _in(title, locale)) for label, title in names]
        parts += [others.format(more)] if more else []
        parts += [unread] if hidden else []
        told[locale] = between.join(parts)
    return told


def may_read(context: Context, records: Iterable[Record]) -> list[Record]:
    """Those of some records that this person may read, by form."""
    found: list[Record] = []
    for form, ids in by_form(records).items():
        record_type = context.host.types[form]
        if context.host.grant(record_type, context.actor).may("read"):
            found += [(form, each) for each in readable(context, record_type, ids)]
    return found


def _title(context: Context, form: str) -> Text:
    record_type = context.host.types[form]
    return record_type.title or form if context.host.grant(record_type, context.actor).may("read") else "…"


def _in(title: Text, locale: str) -> str:
    return title if isinstance(title, str) else title.get(locale) or next(iter(title.values()), "")


# -- what is done -----------------------------------------------------------------------------------------------------


def _put_away(context: Context, plan: SavePlan, before: Mapping[str, Any]) -> None:
    change = _change(context, plan, before, None)
    if change.problems:
        raise Rejected(change.problems)
    with whole(context, plan):
        write_change(context, plan, change, {"deleted_at": (None, change.values["deleted_at"])}, [])


def _change(context: Context, plan: SavePlan, before: Mapping[str, Any], because: Record | None) -> Change:
    """A deletion after the stages."""
    now = context.now()
    values = {
        **before, "version": before["version"] + 1, "updated_at": now, "updated_by": context.actor.id,
        "deleted_at": now,
    }  # fmt: skip
    change = Change(plan.record_type, "delete", values, before, frozenset(), because=because)
    for stage in plan.stages:
        stage(context, change)
    return change


def _delete_with(context: Context, found: Following) -> None:
    """What goes with a record: of each form together, where no step of one asks the database."""
    going = [record for record, because in found.deleted.items() if because is not None]
    for form, ids in by_form(going).items():
        plan = context.host.save_plan(context.host.types[form])
        for start in range(0, len(ids), PIECE):
            there = load_many(context, plan, ids[start : start + PIECE])
            records = [each for each in there.values() if each["deleted_at"] is None]
            done = in_one_go(context, lambda: _together(context, plan, records, found))  # noqa: B023
            if done is None:
                for each in records:
                    change = _checked(context, plan, each, found)
                    _written(context, plan, change)
            context.unit.followed.update({(form, each["id"]): each["version"] for each in records})


def _written(context: Context, plan: SavePlan, change: Change) -> None:
    """A record that goes, written; a check of one that stays may be against it."""
    try:
        write_change(context, plan, change, {"deleted_at": (None, change.values["deleted_at"])}, [])
    except NotUpheld as broken:
        raise _refused(context, (plan.record_type.name, change.values["id"]), broken.problems) from None


def _together(
    context: Context, plan: SavePlan, records: Sequence[Mapping[str, Any]], found: Following
) -> list[Change]:  # fmt: skip
    asked = context.unit.statements
    changes = [_checked(context, plan, each, found) for each in records]
    if context.unit.statements != asked:
        raise OneByOne
    write_changes(context, plan, changes, "deleted")
    return changes


def _checked(context: Context, plan: SavePlan, before: Mapping[str, Any], found: Following) -> Change:
    record = plan.record_type.name, before["id"]
    change = _change(context, plan, before, found.deleted[record])
    if change.problems:
        raise _refused(context, record, change.problems)
    return change


def _refused(context: Context, record: Record, problems: Sequence[Problem]) -> Rejected:
    """Why what follows was refused; of a record that this person may not read only that it was."""
    why: Text = {"en": "…", "zh-CN": "…"}
    if may_read(context, [record]):
        why = {each: problems[0].words(each) for each in ("en", "zh-CN")}
    return Rejected(words.problem("cannot-follow", "", named=called(context, [record]), why=why))


def _empty(context: Context, found: Following) -> None:
    """Links that are emptied: the records are changed by the app, those of each form together, with their history."""
    app = past_parts(context)
    gone = by_form(found.deleted)
    ids_gone = {form: set(ids) for form, ids in gone.items()}
    for form, ids in by_form(found.emptied).items():
        record_type = context.host.types[form]
        plan = context.host.save_plan(record_type)
        for start in range(0, len(ids), PIECE):
            there = load_many(app, plan, ids[start : start + PIECE])
            sent = [
                (each, _without(record_type, record, found.emptied[form, each], ids_gone))
                for each, record in there.items()
            ]
            changed = change_many(app, plan, context.host.grant(record_type, app.actor), sent)
            for (each, record), made in zip(there.items(), changed, strict=True):
                refused = [one for one in made if isinstance(one, Problem)]
                if refused:
                    raise _refused(context, (form, each), refused)
                context.unit.followed[form, each] = record["version"]


def _without(
    owner: RecordType, values: Mapping[str, Any], paths: Iterable[str], gone: Mapping[str, set[int]]
) -> dict[str, Any]:
    """What becomes another value where links at some paths no longer name what is gone."""
    inner: dict[str, set[str]] = {}
    for path in paths:
        name, _, rest = path.partition(".")
        inner.setdefault(name, set()).update({rest} - {""})
    found: dict[str, Any] = {}
    for name, below in inner.items():
        each, value = owner.fields[name], values[name]
        if each.rows is not None:
            found[name] = [{"id": row["id"], **_without(each.rows, row, below, gone)} for row in value]
        elif each.several:
            found[name] = [one for one in value if one not in gone.get(each.target or "", ())]
        elif each.options_type == "link_any":
            if any(value == named(form, one) for form, ids in gone.items() for one in ids):
                found[name] = None
        elif value in gone.get(each.target or "", ()):
            found[name] = None
    return found


OPERATIONS = (
    Operation("records.delete", delete, Delete, granted=True, summary={"en": "Delete a record", "zh-CN": "删除记录"}),
)
