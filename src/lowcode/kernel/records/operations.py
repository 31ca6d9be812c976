"""What can be asked of one record: `records.create`, `.update`, `.get`, `.history`, `.label`; `deleting` has
`.delete`, and pages of many are `listing`.

Values are Python values inside the process; a door that leaves it turns them into JSON (`show`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.kernel.answers import Read, Record
from lowcode.kernel.contract import Context, Operation
from lowcode.kernel.diagnostics import Conflict, NotFound
from lowcode.kernel.records import query, rollups, save, words
from lowcode.kernel.records.facts import moment_parameters
from lowcode.kernel.records.keeping import UNKEPT
from lowcode.kernel.records.labels import label_of, record_type_of
from lowcode.kernel.records.listing import OfType, check_fields, default_paths, is_rows, showers, veil
from lowcode.kernel.records.nested import below, changed_columns, no_fields, without
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.records.renamed import by_names_of_now, names_of_now, stands_for_a_field
from lowcode.kernel.records.row_formulas import Computed, add_computed, computed_in
from lowcode.kernel.records.taken import unique_problem
from lowcode.kernel.records.veil import mask_of, shown, veiled
from lowcode.kernel.storage import StaleWrite
from lowcode.kernel.storage.listed import for_one

MOST = 2**53 - 1
"""No change of a record has a larger number."""


class Create(OfType):
    """A new record."""

    values: Mapping[str, Any]


class Update(OfType):
    """A change of a record; `version` is the one the person saw."""

    id: int
    values: Mapping[str, Any]
    version: int | None = None


class OfRecord(OfType):
    """The record that is meant, and what of it."""

    id: int
    fields: tuple[str, ...] = ()


class Get(OfRecord):
    """One record. `as_json`: values as they leave the process, for doors; those in rows stay as they are."""

    as_json: bool = False


class Changes(OfRecord):
    """The changes of one record: all of them, or `limit` at once, of those that are older than `before`."""

    limit: int | None = Key(None, ge=1, le=query.PAGE_LIMIT)
    before: int = Key(MOST, ge=1, le=MOST)


class Label(OfType):
    """The words that name records."""

    ids: tuple[int, ...]


def create(context: Context, params: Create) -> Record:
    """Save a new record."""
    host: Any = context.host
    record_type = record_type_of(context, params.type)
    return _guarded(
        context,
        record_type,
        lambda: save.create(
            context, host.save_plan(record_type), host.grant(record_type, context.actor), params.values
        ),
    )


def update(context: Context, params: Update) -> Record:
    """Change a record."""
    host: Any = context.host
    record_type = record_type_of(context, params.type)
    grant = host.grant(record_type, context.actor)
    return _guarded(
        context, record_type,
        lambda: save.update(context, host.save_plan(record_type), grant, params.id, params.values, params.version),
    )  # fmt: skip


def _guarded(context: Context, record_type: RecordType, work: Any) -> dict[str, Any]:
    """A taken value becomes a problem at its fields."""
    try:
        found = work()
    except StaleWrite:
        raise Conflict(words.problem("changed-meanwhile", "")) from None
    except Exception as error:
        raise unique_problem(context, record_type, error) or error from None
    assert isinstance(found, dict)
    host: Any = context.host
    grant = host.grant(record_type, context.actor)
    return shown(record_type, grant.kept, veiled(record_type, grant.veiled, found) if grant.veiled else found)


def get(context: Context, params: Get) -> Read:
    """One record with its lines, as far as the person may see it."""
    host: Any = context.host
    record_type = record_type_of(context, params.type)
    grant = host.grant(record_type, context.actor)
    reading = _reading_of(context, record_type, grant, params.fields)
    moment = moment_parameters(context, reading.statement)
    shows = reading.shows if params.as_json else None
    rows = context.unit.fetch(reading.statement, shows, record_id=params.id, **moment)
    if not rows:
        raise NotFound(words.problem("not-found", "", form=record_type.name, id=params.id))
    found = rows[0]
    if reading.masked:
        veil(context, record_type, reading.paths, (found,))
    for lines in reading.lines:
        found[lines.name] = without(lines.load(context, params.id), below(grant.kept, lines.name))
    if reading.computed:
        add_computed(context, record_type, found, reading.computed)
    return veiled(record_type, reading.under, found) if reading.under else found


@dataclass(frozen=True, slots=True)
class _Reading:
    """How one record is read by everybody of one standing: the statement, what makes JSON of its values, what lies
    under masks, in the record (`masked`) and in its rows (`under`), the rows that come along, and what is computed in
    them when they are read."""

    paths: tuple[str, ...]
    statement: sa.Select[Any]
    shows: Mapping[str, Callable[[Any], Any]]
    masked: bool
    lines: tuple[Any, ...]
    under: frozenset[str]
    computed: Computed


def _reading_of(context: Context, record_type: RecordType, grant: Any, asked: tuple[str, ...]) -> _Reading:
    host: Any = context.host
    key = ("get", record_type.name, context.actor.standing, asked)
    found: _Reading = host.cached(key, lambda: _reading(context, record_type, grant, asked))
    return found


def reading_of(context: Context, record_type: RecordType) -> _Reading | None:
    """How a whole record is read, where its statement says all of it; None where rows, masks or values that are worked
    out come to it."""
    host: Any = context.host
    found = _reading_of(context, record_type, host.grant(record_type, context.actor), ())
    return None if found.masked or found.lines or found.under or found.computed else found


def _reading(context: Context, record_type: RecordType, grant: Any, asked: tuple[str, ...]) -> _Reading:
    host: Any = context.host
    paths = asked or default_paths(record_type, grant)
    check_fields(context, record_type, grant, paths, asked, rows=True)
    lines = [
        each for each in host.save_plan(record_type).lines
        if each.name not in grant.hidden and (not asked or each.name in asked)
    ]  # fmt: skip
    single = tuple(path for path in paths if not is_rows(record_type, path)) or ("id",)
    return _Reading(
        paths, _get_statement(context, record_type, grant, single), showers(context, record_type, single),
        bool(query.masks(context, record_type, paths)),
        tuple(lines), frozenset(each for each in grant.veiled if "." in each),
        computed_in(record_type, [each.name for each in lines], grant.kept),
    )  # fmt: skip


def _get_statement(context: Context, record_type: RecordType, grant: Any, paths: tuple[str, ...]) -> sa.Select[Any]:
    joins, conditions = query.secured(context, record_type, grant)
    columns = [joins.column(path).label(path) for path in paths]
    same = joins.root.c.id == sa.bindparam("record_id")
    return sa.select(*columns).select_from(joins.origin).where(same, *map(for_one, conditions))


def history(context: Context, params: Changes) -> list[dict[str, Any]]:
    """Every change of a record the person may see, the newest first; hidden fields are left out. A name that is no
    field's (any more, or not yet, where another process has published) is told only to whoever everything is shown to:
    from whom it was kept is no longer written anywhere. Decision 0158."""
    host: Any = context.host
    record_type = record_type_of(context, params.type)
    grant = host.grant(record_type, context.actor)
    get(context, Get(type=params.type, id=params.id, fields=("id",)))
    table = record_type.history

    def build() -> sa.Select[Any]:
        older = sa.select(table).where(table.c.record_id == sa.bindparam("record"), table.c.id < sa.bindparam("before"))
        return older.order_by(table.c.id.desc()).limit(params.limit)

    statement = host.cached(("history", record_type.name, params.limit), build)
    rows = context.unit.fetch(statement, record=params.id, before=params.before)
    names = names_of_now(context, record_type)
    for row in rows:
        row["changes"] = {
            name: _visible_change(record_type, grant, name, pair)
            for name, pair in by_names_of_now(names, row["changes"]).items()
            if name not in grant.kept and pair != UNKEPT and (grant.everything or stands_for_a_field(record_type, name))
        }
    return rows


def _visible_change(record_type: RecordType, grant: Grant, name: str, pair: Any) -> Any:
    """A change as this person may see it: values under their masks, rows without the columns kept from them."""
    if name in grant.veiled:
        return [mask_of(record_type, name, each) for each in pair]
    field = record_type.fields.get(name)
    gone = frozenset() if grant.everything or field is None or field.rows is None else no_fields(field.rows, pair)
    left = changed_columns(pair, below(grant.kept, name) | gone)
    under = below(grant.veiled, name)
    return changed_columns(left, under, lambda column, value: mask_of(record_type, f"{name}.{column}", value))


def labels(context: Context, params: Label) -> dict[int, str]:
    """What records are called, for links and lists; set-wise."""
    return label_of(context, params.type, params.ids)


def refresh(context: Context, params: Label) -> None:
    """Compute the stored formulas of records anew."""
    record_type = record_type_of(context, params.type)
    rollups.refresh_rows(context, record_type, params.ids)
    rollups.refresh(context, record_type, params.ids, record_type.computed)


OPERATIONS = (
    Operation(
        "records.create",
        create,
        Create,
        granted=True,
        adds=True,
        summary={"en": "Create a record", "zh-CN": "新建记录"},
    ),
    Operation("records.update", update, Update, granted=True, summary={"en": "Change a record", "zh-CN": "修改记录"}),
    Operation(
        "records.get", get, Get, writes=False, granted=True, summary={"en": "Read a record", "zh-CN": "读取记录"}
    ),
    Operation(
        "records.history",
        history,
        Changes,
        writes=False,
        granted=True,
        summary={"en": "The changes of a record", "zh-CN": "修改历史"},
    ),
    Operation(
        "records.label",
        labels,
        Label,
        writes=False,
        granted=True,
        summary={"en": "What records are called", "zh-CN": "记录名称"},
    ),
    Operation(
        "records.refresh", refresh, Label, "administrator", summary={"en": "Compute formulas anew", "zh-CN": "重新计算"}
    ),
)
