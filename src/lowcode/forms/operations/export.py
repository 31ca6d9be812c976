"""The records of a view as a file: what the person may export, in their words, row after row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from lowcode.forms.operations import sheets, views
from lowcode.forms.operations.cells import cell
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Forbidden, Rejected, localized
from lowcode.kernel.expressions import Expression
from lowcode.kernel.records import query, words
from lowcode.kernel.records.facts import Needs
from lowcode.kernel.records.filters import FilterGroup
from lowcode.kernel.records.labels import label_of, record_type_of
from lowcode.kernel.records.operations import moment_parameters, read_value
from lowcode.kernel.records.permissions import Grant
from lowcode.kernel.records.plan import Field, RecordType

PAGE = 500
NOT_IN_A_CELL = frozenset({"lines", "attachment", "image", "json"})
SYSTEM_COLUMNS: Mapping[str, dict[str, str]] = {
    "owner": {"zh-CN": "负责人", "en": "Owner"},
    "created_at": {"zh-CN": "创建时间", "en": "Created"},
    "created_by": {"zh-CN": "创建人", "en": "Created by"},
    "updated_at": {"zh-CN": "更新时间", "en": "Updated"},
    "updated_by": {"zh-CN": "更新人", "en": "Updated by"},
}


class Export(Parameters):
    """Which records, in which order, as what kind of file; `template`: no records, the columns an import takes."""

    form: str
    format: Literal["csv", "xlsx"] = "xlsx"
    view: str | None = None
    where: str | None = None
    filter: FilterGroup | None = None
    search: str | None = None
    sort: str | tuple[str, ...] | None = None
    template: bool = False
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the file: a path, its words, the field at its end and the record type its values name."""

    path: str
    title: str
    field: Field | None
    target: str | None
    many: bool = False


def export(context: Context, params: Export) -> dict[str, Any]:
    """A file of the records: `content`, `media_type`, `name`."""
    host: Any = context.host
    record_type = record_type_of(context, params.form)
    grant: Grant = host.grant(record_type, context.actor)
    action = "import" if params.template else "export"
    if not grant.may(action):
        raise Forbidden(words.problem("may-not", "", action=action, form=params.form))
    language = params.language or context.actor.locale or context.app.definition.languages[0]
    if params.template:
        columns = [own_column(each, language) for each in importable(record_type, grant)]
        rows: Iterator[Sequence[Any]] = iter(())
    else:
        view = view_of(context, params.form, params.view)
        columns = _columns(context, record_type, grant, view, language)
        rows = _rows(context, record_type, grant, view, columns, params, language)
    percents = frozenset(index for index, each in enumerate(columns) if _is_percent(each.field))
    title = localized(record_type.title or record_type.name, language)
    day = context.now().astimezone(context.moment().zone).date().isoformat()
    return {
        "content": sheets.write(params.format, [each.title for each in columns], rows, percents),
        "media_type": sheets.MEDIA_TYPES[params.format],
        "name": f"{title}.{params.format}" if params.template else f"{title}-{day}.{params.format}",
    }


def _is_percent(field: Field | None) -> bool:
    return field is not None and "percent" in (field.options_type, getattr(field.options, "format", None))


def importable(record_type: RecordType, grant: Grant) -> list[Field]:
    """The fields a file may fill in."""
    return [
        each for each in record_type.fields.values()
        if not each.computed and each.rows is None and each.options_type not in NOT_IN_A_CELL
        and each.name not in grant.fixed and each.name not in grant.hidden and not each.options.read_only
    ]  # fmt: skip


def view_of(context: Context, form: str, name: str | None) -> dict[str, Any] | None:
    """The view of a name, if this person has it; None when none is asked for."""
    return None if name is None else views.view(context, views.OneView(form=form, name=name))


def own_column(field: Field, language: str) -> Column:
    """The column of a field of the record itself."""
    return Column(
        field.name, localized(field.title or field.name, language), field, field.target, field.options_type == "links"
    )


def _columns(context: Context, record_type: RecordType, grant: Grant, view: Any, language: str) -> list[Column]:
    if view is not None and view["columns"]:
        wanted = [(each, None) if isinstance(each, str) else (each.field, each.title) for each in view["columns"]]
    else:
        wanted = [(name, None) for name in (*record_type.fields, *SYSTEM_COLUMNS)]
    found = []
    for path, title in wanted:
        if path.split(".")[0] in grant.hidden or kept_from_person(context, record_type, grant, path):
            continue
        column = _column(context, record_type, path, title, language)
        if column.field is None or column.field.options_type not in NOT_IN_A_CELL:
            found.append(column)
    return found


def kept_from_person(context: Context, record_type: RecordType, grant: Grant, path: str) -> bool:
    """Whether a path of a view leads through a field kept from the person: then the column is left out."""
    try:
        query.check_path(context, record_type, grant, path, "/view")
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
    many = field is not None and field.options_type == "links"
    return Column(path, localized(title, language) if title else " / ".join(titles), field, target, many)


def _rows(
    context: Context, record_type: RecordType, grant: Grant, view: Any, columns: Sequence[Column], params: Export,
    language: str,
) -> Iterator[Sequence[Any]]:  # fmt: skip
    zone = context.moment().zone
    for page in _pages(context, record_type, grant, view, columns, params):
        for column in columns:
            if column.many:
                _gather(context, record_type, column, page)
        labels: dict[str, dict[int, str]] = {}
        for column in columns:
            if column.target is not None:
                ids = {each for row in page for each in _ids(row.get(column.path))}
                labels.setdefault(column.target, {}).update(label_of(context, column.target, sorted(ids)))
        for row in page:
            yield [
                _named(row.get(each.path), labels[each.target]) if each.target is not None
                else cell(each.field, row.get(each.path), language, zone)
                for each in columns
            ]  # fmt: skip


def _pages(
    context: Context, record_type: RecordType, grant: Grant, view: Any, columns: Sequence[Column], params: Export
) -> Iterator[list[dict[str, Any]]]:
    """The rows page after page, by keyset: the memory it takes does not grow with the table."""
    sort = params.sort.split(",") if isinstance(params.sort, str) else list(params.sort or ())
    keys = query.parse_sort([each.strip() for each in sort if each.strip()], (view["sort"] if view else ()) or ("id",))
    query.check_sort(context, record_type, grant, keys)
    own = _view_filter(context, record_type, grant, params, view)
    filters: list[Expression] = [] if own is None else [own]
    where = query.filter_text(context, record_type, params.where, params.filter)
    if where:
        filters.append(query.compile_filter(context, record_type, grant, where))
    paths = tuple(dict.fromkeys(["id", *(each.path for each in columns if not each.many)]))
    values = moment_parameters(context)
    if params.search:
        values.update(query.search_values(params.search, context.unit.database.dialect_name))
    marks: tuple[bool, ...] | None = None
    while True:
        statement = query.build_list(
            context, record_type, grant, paths, tuple(filters), keys, bool(params.search), marks, also="export"
        )
        rows = context.unit.fetch(statement, page_limit=PAGE, **values)
        yield rows
        if len(rows) < PAGE:
            return
        cursor = query.decode_cursor(
            query.encode_cursor(rows[-1], keys), keys, lambda path, raw: read_value(context, record_type, path, raw)
        )
        marks = tuple(value is None for value in cursor)
        values.update({f"mark_{index}": value for index, value in enumerate(cursor)})


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
    return None if value is None else ", ".join(labels.get(each, str(each)) for each in _ids(value))


OPERATIONS = (
    Operation(
        "forms.export", export, Export, writes=False,
        granted=True, summary={"en": "The records of a view as a file", "zh-CN": "导出记录"},
    ),
)  # fmt: skip
