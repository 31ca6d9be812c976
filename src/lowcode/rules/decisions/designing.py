"""What the designer of decision tables asks: what may be written, what is wrong with a table as it would be, which
cases it leaves open, and what it would answer.

A table that is designed is the document itself; what is changed is looked at and published by `app.plan` and
`app.publish`, as any other document.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Annotated, Any

from lowcode.kernel.answers import Items, has
from lowcode.kernel.contract import Context, Nothing, Operation, Parameters
from lowcode.kernel.definitions.designing import palette, told
from lowcode.kernel.definitions.schema import schema_of
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.identity import org
from lowcode.rules.compile_table import Examined, examine_table
from lowcode.rules.decisions.operations import answered, drafted, refusal
from lowcode.rules.decisions.uses import named_in
from lowcode.rules.decisions.words import CHOICES, OPTIONS
from lowcode.rules.definition import TableDocument

SHOWN = 50
"""So many open cases are told."""


class CheckTable(Parameters):
    """A decision table as it would be."""

    document: dict[str, Any]


class TryTable(CheckTable):
    """The same, asked for a record of its form, or with values by input."""

    record: int | None = None
    values: Mapping[str, Any] | None = None


@lru_cache(maxsize=1)
def _schema() -> dict[str, Any]:
    return schema_of(TableDocument)


def table_palette(context: Context, _: Nothing) -> Annotated[dict[str, Any], has(schema=dict, kinds=list, words=dict)]:
    """The schema of what may be written, the words for it, and the forms, people, roles and functions there are."""
    return {
        "schema": _schema(),
        "kinds": [],
        "words": {"groups": {}, "options": OPTIONS, "choices": CHOICES},
        "forms": sorted(context.app.scope.names("form")),
        "people": org.offered(context),
        **palette(context),
    }


def examine(context: Context, document: Mapping[str, Any]) -> tuple[Report, Examined | None]:
    """A table held against the app as it stands: what is wrong with it, and what it is where it can be understood."""
    report, source, written = drafted(document)
    return report, None if written is None else examine_table(written, source, context.app.scope, report)


def check_table(
    context: Context, params: CheckTable
) -> Annotated[
    dict[str, Any],
    has(
        findings=list[dict],
        elsewhere=bool,
        inputs=list,
        gaps=list,
        gap_count=int,
        overlaps=list,
        unreached=list,
        complete=bool,
        exact=bool,
    ),
]:
    """Everything that is wrong with a table (`findings`), and what is known of its cases: `gaps` that no row covers,
    each as the words of its columns; `overlaps`, pairs of rows that answer for the same; `unreached` rows; whether that
    is all of it (`complete`), and whether free conditions leave some of it open (`exact`). `inputs` says of each column
    what its values are. `elsewhere`: other documents may speak of what the table no longer says."""
    report, found = examine(context, params.document)
    verdict = found.verdict if found is not None else None
    return {
        "findings": told(report, context.actor.locale),
        "elsewhere": _misses(context, params.document),
        "inputs": [] if found is None else [
            {"name": column.name, "kind": type_.kind, "options": list(type_.options or ())}
            for column, type_ in zip(found.table.inputs, found.types, strict=True)
        ],
        "gaps": [] if verdict is None else [list(each) for each in verdict.gaps[:SHOWN]],
        "gap_count": 0 if verdict is None else len(verdict.gaps),
        "overlaps": [] if verdict is None else [[one + 1, other + 1] for one, other in verdict.overlaps[:SHOWN]],
        "unreached": [] if verdict is None else [each + 1 for each in verdict.unreached],
        "complete": verdict is not None and verdict.complete,
        "exact": verdict is not None and verdict.exact,
    }  # fmt: skip


def try_table(
    context: Context, params: TryTable
) -> Annotated[
    dict[str, Any], has(table=str, hit=str, inputs=dict, rows=list[int], outputs=dict, explanation=list[dict])
]:
    """What a table would answer, as `rules.decide` says it. Raises Rejected with what is wrong with it."""
    report, found = examine(context, params.document)
    if found is None or report.errors:
        raise refusal(report)
    return answered(context, found.table, params.record, params.values)


def tables(context: Context, _: Nothing) -> Items:
    """The decision tables of the app: `{"items": [{"table", "title", "form", "hit", "rows", "used_by"}]}`.

    `used_by` are the documents that name it: `{"kind", "name", "title"}`."""
    app: Any = context.app
    found = app.plans["rules"].tables
    uses: dict[str, list[dict[str, Any]]] = {}
    for each in app.documents:
        for name in named_in(each.data, found) - {each.name if each.kind == "rules" else ""}:
            title = each.data.get("title") or each.name
            uses.setdefault(name, []).append({"kind": each.kind, "name": each.name, "title": title})
    return {
        "items": [
            {"table": each.name, "title": each.title, "form": each.form, "hit": each.hit, "rows": len(each.rows),
             "used_by": uses.get(each.name, [])}
            for each in sorted(found.values(), key=lambda each: each.name)
        ]
    }  # fmt: skip


def _misses(context: Context, document: Mapping[str, Any]) -> bool:
    """Whether what others know of a table is another: its form, its columns, and what kind of answers it gives."""
    standing = context.app.plans["rules"].tables.get(str(document.get("name")))
    if standing is None:
        return False
    known = [
        standing.form,
        [each.name for each in standing.inputs],
        [(each.name, each.type) for each in standing.outputs],
    ]
    inputs, outputs = (
        [each for each in document.get(what) or () if isinstance(each, Mapping)] for what in ("inputs", "outputs")
    )
    now = [document.get("form"), [each.get("name") for each in inputs],
           [(each.get("name"), each.get("type", "text")) for each in outputs]]  # fmt: skip
    return known != now or document.get("hit", "FIRST") != standing.hit


OPERATIONS = (
    Operation(
        "rules.table_palette", table_palette, Nothing, "administrator", False,
        {"en": "What a decision table may say", "zh-CN": "决策表设计器选项"},
    ),
    Operation(
        "rules.check_table", check_table, CheckTable, "administrator", False,
        {"en": "What is wrong with a decision table", "zh-CN": "检查决策表"},
    ),
    Operation(
        "rules.try_table", try_table, TryTable, "administrator", False,
        {"en": "What a decision table would answer", "zh-CN": "试算决策表"},
    ),
    Operation(
        "rules.tables", tables, Nothing, "administrator", False,
        {"en": "The decision tables", "zh-CN": "决策表列表"},
    ),
)  # fmt: skip
