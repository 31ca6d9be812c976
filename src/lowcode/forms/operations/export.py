"""The records of a view as a file: what the person may export, in their words, row after row.

Which records, and in which order, is found out once, as numbers; then they are read some at a time by these numbers,
each time anew through what the person may see. So each record stands in the file once however the table changes
meanwhile, memory does not grow with the values, and no transaction is held open while somebody's line is slow.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from itertools import islice
from typing import Annotated, Any, Literal

from lowcode.forms.operations import template, views, writing
from lowcode.forms.operations.cells import cell_column, joined
from lowcode.forms.operations.fillable import NOT_IN_A_CELL, SYSTEM_COLUMNS, importable
from lowcode.forms.operations.linked_cells import called_in_files
from lowcode.forms.operations.xlsx import MONTH, WRAPPED, Hint
from lowcode.kernel.answers import File, has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.currencies import PLACES
from lowcode.kernel.diagnostics import Forbidden, Problem, Rejected, localized
from lowcode.kernel.expressions import Expression
from lowcode.kernel.records import query, words
from lowcode.kernel.records.facts import Needs, moment_parameters
from lowcode.kernel.records.fields.link_any import named, parts
from lowcode.kernel.records.filters import FilterGroup
from lowcode.kernel.records.labels import record_type_of
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.plan import Field, RecordType
from lowcode.kernel.records.references import references
from lowcode.kernel.records.sorting import check_sort
from lowcode.kernel.records.veil import masked
from lowcode.kernel.storage.types import json_text
from lowcode.kernel.storage.unit import pieces

PAGE = 1000
TOO_LONG = {"en": "a sheet holds at most {limit} rows; use CSV", "zh-CN": "工作表最多 {limit} 行，请使用 CSV"}


class Export(Parameters):
    """Which records, in which order, as what kind of file; `template`: no records, the columns an import takes."""

    form: str
    format: Literal["csv", "xlsx", "jsonl"] = "xlsx"
    view: str | None = None
    where: str | None = None
    filter: FilterGroup | None = None
    search: str | None = None
    sort: str | tuple[str, ...] | None = None
    template: bool = False
    language: str | None = None


class Stream(Export):
    """The same, to be sent on while it is made."""

    reading: Callable[[], AbstractContextManager[Any]]
    """Gives a context to read some of the records in."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: a path, its words, the field at its end and the record type its values name."""

    path: str
    title: str
    field: Field | None
    target: str | None
    many: bool = False


@dataclass(frozen=True, slots=True)
class Extract:
    """What goes into a file, known before the first record is read."""

    form: str
    columns: tuple[Column, ...]
    ids: array[int]
    language: str
    name: str
    hints: tuple[Hint, ...] = ()
    """What a template says at its columns."""


def export(context: Context, params: Export) -> File:
    """A file of the records: `content`, `media_type`, `name`."""
    extract = _extract(context, params)
    pieces = _pieces(extract, params, lambda: nullcontext(context))
    return {"content": b"".join(pieces), **_told(context, extract, params)}


def stream(
    context: Context, params: Stream
) -> Annotated[dict[str, Any], has(content=object, rows=int, size=int, media_type=str, name=str)]:
    """The same with `content` as its pieces, each made when it is asked for; `rows` says how many records there are,
    and `size` about how many bytes."""
    extract = _extract(context, params)
    pieces = _pieces(extract, params, params.reading)
    head, rows = next(pieces), len(extract.ids)
    first: list[bytes] = []
    for piece in islice(pieces, FIRST):
        first.append(piece)
        if sum(map(len, first)) >= ENOUGH:
            break
    share = max(1.0, rows / (len(first) * PAGE)) if first else 1.0
    return {
        "content": _chained((head, *first), pieces), "rows": rows,
        "size": round(len(head) + sum(map(len, first)) * share), **_told(context, extract, params),
    }  # fmt: skip


def _chained(first: Sequence[bytes], others: Iterator[bytes]) -> Iterator[bytes]:
    yield from first
    yield from others


FIRST, ENOUGH = 8, 2**17
"""Pieces, and bytes, by which it is foretold how large a file will be: what compresses keeps some back at first."""


def _extract(context: Context, params: Export) -> Extract:
    """Who may, which columns, and which records. Raises Rejected."""
    host: Any = context.host
    record_type = record_type_of(context, params.form)
    grant: Grant = host.grant(record_type, context.actor)
    action = "import" if params.template else "export"
    if not grant.may(action):
        raise Forbidden(words.problem("may-not", "", action=action, form=params.form))
    language = params.language or context.actor.locale or context.app.definition.languages[0]
    title = localized(record_type.title or record_type.name, language)
    if params.template:
        fields = importable(record_type, grant)
        filled = tuple(_to_fill(own_column(each, language)) for each in fields)
        hints = tuple(template.hint(each, language) for each in fields)
        return Extract(params.form, filled, array("q"), language, title, hints)
    view = view_of(context, params.form, params.view)
    columns = tuple(_columns(context, record_type, grant, view, language))
    if params.format == "jsonl" and "id" not in {each.path for each in columns}:
        columns = (Column("id", "id", None, None), *columns)
    ids = _found(context, record_type, grant, view, params)
    if params.format == "xlsx" and len(ids) > writing.ROW_LIMIT:
        raise Rejected(Problem("forms.sheet-full", TOO_LONG, "/format", {"limit": writing.ROW_LIMIT}))
    return Extract(params.form, columns, ids, language, title)


def _to_fill(column: Column) -> Column:
    """A column of a template: what a record cannot do without has a star."""
    return replace(column, title=f"{column.title}*") if column.field and template.needed(column.field) else column


def _told(context: Context, extract: Extract, params: Export) -> dict[str, str]:
    record_type = record_type_of(context, params.form)
    title = localized(record_type.title or record_type.name, extract.language)
    day = context.now().astimezone(context.moment().zone).date().isoformat()
    name = title if params.template else f"{title}-{day}"
    return {"media_type": writing.MEDIA_TYPES[params.format], "name": f"{name}.{params.format}"}


def _pieces(
    extract: Extract, params: Export, reading: Callable[[], AbstractContextManager[Any]]
) -> Iterator[bytes]:  # fmt: skip
    """The file piece by piece: its head, some records at a time, its end."""
    columns, plain = extract.columns, params.format == "jsonl"
    titles = [each.path if plain else each.title for each in columns]
    formats = [_format(each.field, params.template) for each in columns]
    told: dict[str, Any] = {"name": extract.name, "hints": extract.hints}
    made = writing.writer(params.format, titles, formats, len(extract.ids), **told)
    yield made.begin()
    for start in range(0, len(extract.ids), PAGE):
        ids = extract.ids[start : start + PAGE].tolist()
        with reading() as context:
            piece = made.rows(_rows(context, extract, ids, plain=plain))
        yield piece
    yield made.end()


LONG = frozenset({"long_text", "rich_text", "address", "multi_select", "tags", "links", "members", "departments"})
"""Types of fields whose values may need several lines of a cell."""


def _format(field: Field | None, empty: bool = False) -> str:
    """How the values of a column look in a sheet; in one that is to be filled in, its days, too."""
    if field is None:
        return ""
    month = getattr(field.options, "precision", None) == "month"
    if empty and field.type.kind == "text":
        return template.WORDS
    if empty and field.options_type in template.FORMATS:
        return MONTH if month else template.FORMATS[field.options_type]
    if field.options_type in LONG:
        return WRAPPED
    if "percent" in (field.options_type, getattr(field.options, "format", None)):
        return "0.00%"
    if field.options_type == "rating" or field.type.kind != "number":
        return MONTH if month else ""
    return _number(field)


def _number(field: Field) -> str:
    """How a number looks: an amount of one currency with the places of that, others with theirs."""
    places = field.type.scale or 0
    least = places
    if field.options_type == "money":
        least = min(places, PLACES.get(getattr(field.options, "currency", None) or "", 2))
    if not places:
        return ""
    return f"#,##0{'.' * (least > 0)}{'0' * least}{'#' * (places - least) if least else ''}"


def view_of(context: Context, form: str, name: str | None) -> dict[str, Any] | None:
    """The view of a name, if this person has it; None when none is asked for."""
    return None if name is None else views.view(context, views.OneView(form=form, name=name))


def own_column(field: Field, language: str) -> Column:
    """The column of a field of the record itself."""
    return Column(field.name, localized(field.title or field.name, language), field, field.target, field.several)


def _columns(context: Context, record_type: RecordType, grant: Grant, view: Any, language: str) -> list[Column]:
    if view is not None and view["columns"]:
        wanted = [(each, None) if isinstance(each, str) else (each.field, each.title) for each in view["columns"]]
    else:
        wanted = [(name, None) for name in (*record_type.fields, *SYSTEM_COLUMNS)]
    found = []
    for path, title in wanted:
        if path.split(".")[0] in grant.kept or kept_from_person(context, record_type, grant, path):
            continue
        column = _column(context, record_type, path, title, language)
        if column.field is None or column.field.options_type not in NOT_IN_A_CELL:
            found.append(column)
    return found


def kept_from_person(context: Context, record_type: RecordType, grant: Grant, path: str) -> bool:
    """Whether a path of a view leads through a field kept from the person: then the column is left out."""
    try:
        query.check_path(context, record_type, grant, path, "/view", veiled=True)
    except Rejected:
        return True
    return False


def _column(context: Context, record_type: RecordType, path: str, title: Any, language: str) -> Column:
    host: Any = context.host
    owner, field, titles = record_type, None, []
    for name in path.split("."):
        field = owner.fields.get(name) if owner is not None else None
        words_ = field.title if field is not None else SYSTEM_COLUMNS.get(name, name)
        titles.append(localized(words_ or name, language))
        owner = host.types.get(field.target if field is not None else None)
    target = field.target or field.type.record if field is not None else None
    last = path.rpartition(".")[2]
    if field is None and last in ("owner", "created_by", "updated_by", "manager", "head"):
        target = "user"
    if field is not None and field.type.kind == "user":
        target = "user"
    many = field is not None and field.several
    return Column(path, localized(title, language) if title else " / ".join(titles), field, target, many)


def _found(context: Context, record_type: RecordType, grant: Grant, view: Any, params: Export) -> array[int]:
    """The ids of the records, in order."""
    sort = params.sort.split(",") if isinstance(params.sort, str) else list(params.sort or ())
    keys = query.parse_sort([each.strip() for each in sort if each.strip()], (view["sort"] if view else ()) or ("id",))
    check_sort(context, record_type, grant, keys)
    own = _view_filter(context, record_type, grant, params, view)
    filters: list[Expression] = [] if own is None else [own]
    where = query.filter_text(context, record_type, params.where, params.filter)
    if where:
        filters.append(query.compile_filter(context, record_type, grant, where))
    statement = query.build_ids(
        context, record_type, grant, tuple(filters), keys, search=bool(params.search), also="export"
    )
    values = moment_parameters(context, statement)
    if params.search:
        values.update(query.search_values(params.search, context.unit.database.dialect_name))
    ids = array("q")
    for rows in pieces(context.unit, statement, **values):
        ids.extend(row[0] for row in rows)
    return ids


def _rows(context: Context, extract: Extract, ids: list[int], *, plain: bool) -> Iterator[Sequence[Any]]:
    """Some of the records as rows of the file; those that the person may no longer see, or that are gone, are left
    out."""
    host: Any = context.host
    record_type = record_type_of(context, extract.form)
    grant = host.grant(record_type, context.actor)
    columns = extract.columns
    paths = tuple(dict.fromkeys(["id", *(each.path for each in columns if not each.many)]))
    statement = host.cached(
        ("export", record_type.name, context.actor.standing, paths),
        lambda: query.build_these(context, record_type, grant, paths, also="export"),
    )
    found = context.unit.fetch(statement, ids=json_text(ids), **moment_parameters(context, statement))
    by_id = {row["id"]: row for row in found}
    page = [by_id[each] for each in ids if each in by_id]
    for path, mask in query.masks(context, record_type, paths).items():
        for row in page:
            row[path] = None if row[path] is None else masked(row[path], mask)
    for column in columns:
        if column.many:
            _gather(context, record_type, column, page)
    if plain:
        return ([row.get(each.path) for each in columns] for row in page)
    return _worded(context, columns, page, extract.language)


def _worded(
    context: Context, columns: Sequence[Column], page: list[dict[str, Any]], language: str
) -> Iterator[Sequence[Any]]:
    """Rows in the words of a language, column by column."""
    zone = context.moment().zone
    labels: dict[str, dict[int, str]] = {}
    for column in columns:
        if column.target is not None:
            ids = {each for row in page for each in _ids(row.get(column.path))}
            labels.setdefault(column.target, {}).update(called_in_files(context, column.target, sorted(ids), language))
    worded = []
    roles = {each.name: localized(each.title or each.name, language) for each in context.app.definition.roles}
    for column in columns:
        values = [row.get(column.path) for row in page]
        if column.field is not None and column.field.options_type == "role":
            worded.append([roles.get(each, each) for each in values])
        elif column.field is not None and column.field.options_type == "link_any":
            worded.append(_of_any_form(context, values, language))
        elif column.target is not None:
            worded.append([_named(each, labels[column.target]) for each in values])
        else:
            worded.append(cell_column(column.field, values, language, zone))
    return zip(*worded, strict=True) if worded else iter([()] * len(page))


OF_FORM = {"en": "{form}: {label}", "zh-CN": "{form}：{label}"}
"""A record with what its form is called before it, where it may be of several."""


def _of_any_form(context: Context, values: Sequence[str | None], language: str) -> list[str | None]:
    """What records of several forms are called, with their forms before them; what cannot be told stays its key."""
    wanted: dict[str, list[int]] = {}
    for form, identity in sorted({parts(each) for each in values if each is not None}):
        wanted.setdefault(form, []).append(identity)
    types, said = context.host.types, {}
    for form, ids in wanted.items():
        title = localized(types[form].title or form, language)
        for identity, one in references(context, form, ids, language).items():
            if not one.keys() & {"hidden", "deleted"}:
                said[named(form, identity)] = localized(OF_FORM, language).format(form=title, label=one["label"])
    return [None if each is None else said.get(each, each) for each in values]


def _view_filter(
    context: Context, record_type: RecordType, grant: Grant, params: Export, view: Any
) -> Expression | None:  # fmt: skip
    """The condition of the view: as its author wrote it, or as somebody put it together who may see no more than
    this person."""
    if view is None or not view["where"]:
        return None
    if not (params.view or "").startswith("~"):
        compiled: Expression = context.app.plans["forms"].forms[params.form].views[params.view].where
        return compiled
    return query.compile_filter(context, record_type, grant, view["where"])


def _gather(context: Context, record_type: RecordType, column: Column, page: list[dict[str, Any]]) -> None:
    """The ids a field of several links holds, for a page of records at once."""
    needs = Needs(frozenset(), frozenset({(column.path, frozenset({"id"}))}))
    found = context.facts(record_type.name, [row["id"] for row in page], [needs])
    for row in page:
        row[column.path] = [each["id"] for each in found.get(row["id"], {}).get(column.path, ())]


def _ids(value: Any) -> Sequence[int]:
    return () if value is None else value if isinstance(value, (list, tuple)) else (value,)


def _named(value: Any, labels: Mapping[int, str]) -> str | None:
    names = [labels.get(each, str(each)) for each in _ids(value)]
    return None if value is None else joined(names) if isinstance(value, (list, tuple)) else names[0]


OPERATIONS = (
    Operation(
        "forms.export", export, Export, writes=False,
        granted=True, verb="export", summary={"en": "The records of a view as a file", "zh-CN": "导出记录"},
    ),
    Operation(
        "forms.stream", stream, Stream, writes=False,
        granted=True, verb="export", summary={"en": "The records of a view as a file that is sent while it is made",
                               "zh-CN": "流式导出记录"},
    ),
)  # fmt: skip
