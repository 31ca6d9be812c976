"""What the deletion of records would come to, before it is done: what goes with them, what is emptied, what stands in
the way; as far as the person may read it. Decision 0186."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from pydantic import Field as Key

from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Forbidden
from lowcode.kernel.records import words
from lowcode.kernel.records.consequences import Record, by_form, follow
from lowcode.kernel.records.deleting import against, may_read
from lowcode.kernel.records.labels import record_type_of


class CheckDelete(Parameters):
    """The records somebody thinks of deleting."""

    form: str
    ids: tuple[int, ...] = Key(min_length=1, max_length=1000)


def check_delete(
    context: Context, params: CheckDelete
) -> Annotated[dict[str, Any], has(deleted=list, emptied=list, problems=list)]:
    """How many records of which forms would go with them (`deleted`), how many would have links emptied (`emptied`),
    and the `problems` that stand in the way. Only what this person may read is counted."""
    record_type = record_type_of(context, params.form)
    if not context.host.grant(record_type, context.actor).may("delete"):
        raise Forbidden(words.problem("may-not", "", action="delete", form=params.form))
    ids = [each for _, each in may_read(context, [(params.form, each) for each in dict.fromkeys(params.ids)])]
    found = follow(context, record_type, ids, holding=False)
    problem = against(context, found)
    return {
        "deleted": _counted(context, (record for record, because in found.deleted.items() if because is not None)),
        "emptied": _counted(context, found.emptied),
        "problems": [] if problem is None else [
            {"pointer": problem.pointer, "code": problem.code, "detail": problem.words(context.actor.locale)}
        ],
    }  # fmt: skip


def _counted(context: Context, records: Iterable[Record]) -> list[dict[str, Any]]:
    return [{"form": form, "count": len(ids)} for form, ids in sorted(by_form(may_read(context, records)).items())]


OPERATIONS = (
    Operation(
        "forms.check_delete", check_delete, CheckDelete, writes=False,
        summary={"en": "What deleting records would come to", "zh-CN": "删除前检查"},
    ),
)  # fmt: skip
