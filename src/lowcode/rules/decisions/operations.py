"""What can be asked of decision tables: decide, decide for all records, write to a file, read from one."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.definitions import SourceDocument, parse
from lowcode.kernel.definitions.source import Source
from lowcode.kernel.diagnostics import NotFound, Problem, Rejected, Report, Text, localized, nearest
from lowcode.kernel.expressions import NotPushable, Type
from lowcode.kernel.records.selecting import everything
from lowcode.kernel.records.show import from_plain
from lowcode.kernel.records.visible import visible_facts, without_what_is_kept
from lowcode.rules import diagnostics as words
from lowcode.rules.compile import compile_draft
from lowcode.rules.decisions.decide import decide, explain
from lowcode.rules.decisions.dmn import WrongModel, read_dmn, write_dmn
from lowcode.rules.decisions.statement import NotOneStatement, conditions_of, row_number
from lowcode.rules.decisions.table import DecisionTable
from lowcode.rules.decisions.workbook import WrongSheet, read_workbook, write_workbook
from lowcode.rules.decisions.writing import Wish, count_changes, follows, write_at_once, write_page
from lowcode.rules.definition import TableDocument
from lowcode.rules.told import plain

FILE_LIMIT = 10_000_000
"""Characters of a file that is read (base64)."""


class OfTable(Parameters):
    """A decision table, by name."""

    table: str


class Decide(OfTable):
    """Ask a decision table: for a record of its form, or with values by input."""

    record: int | None = None
    values: Mapping[str, Any] | None = None


class Apply(OfTable):
    """A table's outputs by the fields of its form they are written into, for the records that meet a condition."""

    into: Mapping[str, str] = Key(min_length=1)
    where: str | None = None


class ApplyPage(Apply):
    """A page of these records: those after an id."""

    after: int = 0


class WriteTable(OfTable):
    """A table as a file: as the app has it, or as it would be."""

    document: dict[str, Any] | None = None
    format: Literal["xlsx", "dmn"] = "xlsx"


class ReadTable(Parameters):
    """A file to be read as a table: base64. `form`, for a file that names none."""

    content: str = Key(max_length=FILE_LIMIT)
    format: Literal["xlsx", "dmn"] = "xlsx"
    name: str | None = None
    form: str | None = None


def table_of(context: Context, name: str) -> DecisionTable:
    """The decision table of a name. Raises NotFound."""
    tables: Mapping[str, DecisionTable] = context.app.plans["rules"].tables
    if name not in tables:
        raise NotFound(
            words.problem("no-such-table", words.NO_SUCH_TABLE, "/table", name=name, near=nearest(name, tables) or "")
        )
    return tables[name]


def run_decide(
    context: Context, params: Decide
) -> Annotated[
    dict[str, Any], has(table=str, hit=str, inputs=dict, rows=list[int], outputs=dict, explanation=list[dict])
]:
    """What a table answers, which rows hit, and for each row which cells were met."""
    return answered(context, table_of(context, params.table), params.record, params.values)


def answered(
    context: Context, table: DecisionTable, number: int | None, given: Mapping[str, Any] | None
) -> dict[str, Any]:
    """What a table answers for the record of a number, or with values by input."""
    moment = context.moment()
    if number is not None and table.form is not None:
        record: Mapping[str, Any] = visible_facts(context, table.form, number, table.needs)
        values = table.asked(record, moment)
    elif given is not None:
        record = _Blank()
        values = tuple(_value(given.get(column.name), column.kind) for column in table.inputs)
    else:
        raise Rejected(words.problem("no-record", words.NO_RECORD, "/record"))
    with without_what_is_kept(context):
        found = decide(table, values, record, moment)
        explanation = [{**each, "cells": plain(each["cells"])} for each in explain(table, values, moment)]
    return {
        "table": table.name,
        "hit": table.hit,
        "inputs": plain(found.inputs),
        "rows": list(found.rows),
        "outputs": dict(found.outputs),
        "conflict": found.conflict,
        "explanation": explanation,
    }


class _Blank(dict[str, Any]):
    """A record of which nothing is known: every path is blank."""

    def __missing__(self, key: str) -> Any:
        return None


def _value(value: Any, kind: str) -> Any:
    if value is None or value == "" or not isinstance(value, (str, int, float)) or isinstance(value, bool):
        return None if value == "" else value
    return from_plain(Type(kind), value)  # type: ignore[arg-type]


def decide_all(
    context: Context, params: OfTable
) -> Annotated[dict[str, Any], has(table=str, rows=list[dict], no_row=int)]:
    """How many records each row of a table answers for, in one statement: what a change of the table would touch."""
    table = table_of(context, params.table)
    if table.form is None:
        raise Rejected(words.problem("no-record", words.NO_RECORD, "/table"))
    host: Any = context.host
    try:
        statement = host.cached(("rules", "decide-all", table.name), lambda: _counting(context, table))
    except (NotOneStatement, NotPushable) as reason:
        raise Rejected(
            words.problem("not-one-statement", words.NOT_ONE_STATEMENT, "/table", reason=_why(reason))
        ) from None
    rows = context.unit.fetch(statement, **context.moment().parameters(host.database.dialect_name))
    counts = {row["row"]: row["records"] for row in rows}
    return {
        "table": table.name,
        "rows": [{"row": each.number, "records": counts.get(each.number, 0)} for each in table.rows],
        "no_row": counts.get(None, 0),
    }


def _why(reason: NotOneStatement | NotPushable) -> Text:
    return reason.said.text if isinstance(reason, NotPushable) else reason.reason


def _counting(context: Context, table: DecisionTable) -> sa.Select[Any]:
    joins, conditions = everything(context.as_app(), table.form or "")
    number = row_number(table, conditions_of(table, context.app.scope.shapes, joins)).label("row")
    decided = sa.select(number).select_from(joins.origin).where(*conditions).subquery()
    return sa.select(decided.c.row, sa.func.count().label("records")).group_by(decided.c.row)


def apply_table(context: Context, params: Apply) -> Annotated[dict[str, Any], has(table=str, records=int)]:
    """Write a table's answers to the records of its form: how many change, where that is known, and what is done for
    each of them by itself (`one_by_one`: because of what); then it is done after the answer."""
    wish = _wish(context, params)
    records, because = count_changes(context, wish), follows(context.app, wish.form, wish.into)
    if because is None:
        try:
            return {"table": params.table, "records": write_at_once(context, wish), "one_by_one": None}
        except (NotOneStatement, NotPushable) as reason:
            because = _why(reason)
    if records != 0:
        context.as_app().later("rules.apply_page", **params.model_dump())
    return {
        "table": params.table,
        "records": records,
        "one_by_one": localized(because, context.actor.locale) if because else None,
    }


def apply_page(context: Context, params: ApplyPage) -> int | None:
    """Write the answers to a page of records, and put off the next; a table that is gone is left alone."""
    if params.table not in context.app.plans["rules"].tables:
        return None
    last = write_page(context, _wish(context, params), params.after)
    if last is not None:
        context.as_app().later("rules.apply_page", **{**params.model_dump(), "after": last})
    return last


def _wish(context: Context, params: Apply) -> Wish:
    """What is wished, looked at as an action of a rule would be. Raises Rejected with what is wrong."""
    table_of(context, params.table)
    engine = next(each for each in context.app.engines if each.name == "rules")
    action = {"decide": {"table": params.table, "into": dict(params.into), "where": params.where}}
    draft = {"name": "applied", "on": {"schedule": {"every": {"days": 1}}}, "actions": [action]}
    found = compile_draft(draft, context.app.scope, engine.kinds, context.app.plans["rules"])
    if isinstance(found, Report):
        raise Rejected([
            Problem(each.code, each.text, each.place.pointer.removeprefix("/actions/0/decide"))
            for each in found.errors
        ])  # fmt: skip
    wish: Wish = found.steps[0].actions[0].wish
    return wish


def write_table(context: Context, params: WriteTable) -> Annotated[dict[str, Any], has(name=str, content=str)]:
    """A table as a file, in base64."""
    document = params.document
    if document is None:
        table_of(context, params.table)
        document = context.app.documents.get("rules", params.table).data
    else:
        report, _, _ = drafted(document)
        if report.errors:
            raise refusal(report)
    if params.format == "dmn":
        return {"name": f"{params.table}.dmn", "content": base64.b64encode(write_dmn(document)).decode()}
    try:
        return {"name": f"{params.table}.xlsx", "content": base64.b64encode(write_workbook(document)).decode()}
    except ImportError:
        raise Rejected(words.problem("no-excel", words.NO_EXCEL, "/format")) from None


def drafted(document: Mapping[str, Any]) -> tuple[Report, SourceDocument, TableDocument | None]:
    """A table that the app does not have, or has otherwise: what is wrong with its shape, and what it says."""
    report = Report()
    source = SourceDocument("rules", Source(f"rules/{document.get('name')}.json", None, dict(document)))
    return report, source, parse(TableDocument, source, report)


def refusal(report: Report) -> Rejected:
    """What is wrong with a table that was sent along, each at its place in what was sent."""
    return Rejected([Problem(each.code, each.text, f"/document{each.place.pointer}") for each in report.errors])


def read_table(_: Context, params: ReadTable) -> Annotated[dict[str, Any], has(name=object)]:
    """The document in a file; whoever asked checks and publishes it like any other."""
    try:
        content = base64.b64decode(params.content, validate=True)
    except ValueError:
        raise Rejected(Problem("rules.wrong-file", words.WRONG_FILE, "/content", {"reason": words.NO_BASE64})) from None
    try:
        document = read_dmn(content) if params.format == "dmn" else read_workbook(content)
    except ImportError:
        raise Rejected(words.problem("no-excel", words.NO_EXCEL, "/format")) from None
    except (WrongSheet, WrongModel) as error:
        reason = error.text if isinstance(error, WrongSheet) else {"en": str(error), "zh-CN": error.chinese}
        raise Rejected(Problem("rules.wrong-file", words.WRONG_FILE, "/content", {"reason": reason})) from None
    given = {"name": params.name, "form": params.form}
    return document | {name: value for name, value in given.items() if value is not None}


OPERATIONS = (
    Operation(
        "rules.decide", run_decide, Decide, writes=False, summary={"en": "Ask a decision table", "zh-CN": "查询决策表"}
    ),
    Operation(
        "rules.decide_all", decide_all, OfTable, "administrator", False,
        {"en": "How many records each row answers for", "zh-CN": "统计各行命中数"},
    ),
    Operation(
        "rules.apply_table", apply_table, Apply, "administrator",
        summary={"en": "Write a decision table's answers to records", "zh-CN": "按决策表批量更新"},
    ),
    Operation("rules.apply_page", apply_page, ApplyPage, "internal", summary="A page of records by a decision table"),
    Operation(
        "rules.write_table", write_table, WriteTable, "administrator", False,
        {"en": "A decision table as a file", "zh-CN": "导出决策表"},
    ),
    Operation(
        "rules.read_table", read_table, ReadTable, "administrator", False,
        {"en": "Read a decision table from a file", "zh-CN": "导入决策表"},
    ),
)  # fmt: skip
