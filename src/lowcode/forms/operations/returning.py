"""What was deleted, back: many records in one step, with the deleted ones they are linked to, and what that would come
to before it is done. Each goes through the one write path; one that is refused does not hold up the others."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Annotated, Any
from uuid import uuid4

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.forms.operations.deleted import causes_of, forget_why, say_why
from lowcode.forms.operations.with_others import gone_with, living
from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters, in_batch
from lowcode.kernel.diagnostics import Conflict, Problem, Rejected
from lowcode.kernel.records import words
from lowcode.kernel.records.deleting import may_read
from lowcode.kernel.records.facts import id_in
from lowcode.kernel.records.labels import put_labels, record_type_of
from lowcode.kernel.records.naming import Link, links_of
from lowcode.kernel.records.permitted import readable
from lowcode.kernel.records.plan import RecordType
from lowcode.kernel.records.taken import unique_problem
from lowcode.kernel.records.versions import return_of
from lowcode.kernel.storage import StaleWrite
from lowcode.kernel.storage.types import json_text

AT_ONCE = 1000
DEPTH = 5
"""So far it is followed what is linked to what."""
Record = tuple[str, int]
LINKED_STILL = "records.still-linked"
STAYS = {
    "en": "it was deleted with the record that came back, and cannot come back with it: try it by itself in the bin",
    "zh-CN": "该记录随所恢复的记录一并删除，但未能一并恢复：请在回收站中单独恢复",
}


class DeleteMany(Parameters):
    """The records to be put away; `versions`: those the person saw, in the same order."""

    form: str
    ids: tuple[int, ...] = Key(min_length=1, max_length=AT_ONCE)
    versions: tuple[int, ...] = Key((), max_length=AT_ONCE)


class BringBack(Parameters):
    """Deleted records of a form. `together`: with the deleted records they are linked to."""

    form: str
    ids: tuple[int, ...] = Key(min_length=1, max_length=AT_ONCE)
    together: bool = False


class CheckReturn(Parameters):
    """Deleted records of a form that somebody thinks of bringing back."""

    form: str
    ids: tuple[int, ...] = Key(min_length=1, max_length=200)


def delete_many(
    context: Context, params: DeleteMany
) -> Annotated[dict[str, Any], has(deleted=list[int], refused=list[dict])]:
    """Delete records: the ids of those that were, and which were refused and why."""
    record_type = record_type_of(context, params.form)
    versions = dict(zip(params.ids, params.versions, strict=False))
    context = in_batch(context, f"delete:{uuid4().hex}")
    done: list[int] = []
    left = list(dict.fromkeys(params.ids))
    refused: list[dict[str, Any]] = []
    while left:
        before = len(done)
        for identity in left:
            try:
                _alone(context, "records.delete", params.form, identity, version=versions.get(identity))
                done.append(identity)
            except Rejected as error:
                refused.append(_refused(context, params.form, identity, error.problems))
        if len(done) == before:
            break
        # What stood in the way of one may have been deleted after it.
        left = [each["id"] for each in refused if each["problems"][0]["code"] == LINKED_STILL]
        refused = [each for each in refused if each["problems"][0]["code"] != LINKED_STILL]
    if len(done) > 1:
        with_others = causes_of(context, params.form, done)
        say_why(context, record_type, [each for each in done if not _with(with_others.get(each))], "many")
    put_labels(context, refused)
    return {"deleted": done, "refused": refused}


def _with(why: Mapping[str, Any] | None) -> bool:
    """Whether a record was deleted with another."""
    return why is not None and why["cause"] == "with"


def bring_back(
    context: Context, params: BringBack
) -> Annotated[dict[str, Any], has(restored=list, refused=list[dict])]:
    """Bring records back: which came (with those they are linked to), and which were refused and why."""
    record_type = record_type_of(context, params.form)
    order: list[Record] = [(params.form, each) for each in dict.fromkeys(params.ids)]
    if params.together:
        gone = _gone_behind(context, record_type, params.ids)
        order = [*(each for each in reversed(gone) if each not in set(order)), *order]
    context = in_batch(context, f"return:{uuid4().hex}")
    refused: list[dict[str, Any]] = []
    going = gone_with(context, order)
    back: set[Record] = set()
    for form, identity in order:
        if (form, identity) in going and living(context, [(form, identity)]):
            continue  # it came with another one of them
        try:
            _alone(context, "records.undelete", form, identity)
            back.add((form, identity))
        except Rejected as error:
            refused.append(_refused(context, form, identity, error.problems))
    back |= living(context, going)
    told = set(may_read(context, going)) - set(order)
    restored: list[dict[str, Any]] = [
        {"form": form, "id": each} for form, each in (*order, *sorted(told)) if (form, each) in back
    ]
    refused += [
        _refused(context, form, each, [Problem("forms.stays-deleted", STAYS)])
        for form, each in sorted(told - back)
    ]  # fmt: skip
    for form in {each["form"] for each in restored}:
        forget_why(context, form, json_text([each["id"] for each in restored if each["form"] == form]))
    put_labels(context, refused)
    put_labels(context, restored)
    return {"restored": restored, "refused": refused}


def _alone(context: Context, operation: str, form: str, identity: int, **asked: Any) -> None:
    """What is done to one of many records, whole or not at all; that somebody changed it at the same time, or that a
    value was taken meanwhile, is a refusal of this one whenever it is said."""
    try:
        with context.unit.savepoint():
            context.ask(operation, type=form, id=identity, **asked)
    except Rejected:
        raise
    except StaleWrite:
        raise Conflict(words.problem("changed-meanwhile", "", form=form, id=identity)) from None
    except Exception as error:
        raise unique_problem(context, record_type_of(context, form), error) or error from None


def check_return(
    context: Context, params: CheckReturn
) -> Annotated[dict[str, Any], has(records=list[dict], linked=list, gone=list)]:
    """What bringing records back would come to: the `problems` of each; `linked`, deleted records that they are linked
    to and that could come back `together` with them; `gone`, links to what is not there any more at all."""
    record_type = record_type_of(context, params.form)
    taken = taken_by(context, record_type, params.ids)
    links = _links(context, record_type, params.ids)
    records = []
    for identity in dict.fromkeys(params.ids):
        try:
            problems: Sequence[Problem] = [
                *return_of(context, record_type, identity).problems,
                *taken.get(identity, ()),
            ]
        except Rejected as error:
            problems = error.problems
        records.append(_refused(context, params.form, identity, problems))
    put_labels(context, records)
    states = _states(context, links)
    own = {(params.form, each) for each in params.ids}
    linked = {(each.form, each.target) for each in links if states.get((each.form, each.target)) == "deleted"} - own
    return {
        "records": records,
        "linked": _may_return(context, sorted(linked)),
        "gone": [
            {"id": each.id, "path": each.path, "form": each.form}
            for each in links if (each.form, each.target) not in states
        ],
    }  # fmt: skip


def taken_by(
    context: Context, record_type: RecordType, ids: Iterable[int], giver: int = 0, gives_up: Container[str] = ()
) -> dict[int, list[Problem]]:  # fmt: skip
    """Values that may occur once and that a record which is there has meanwhile, by the deleted record that had them;
    one query for each rule. `giver`: a record that gives up what it has in some fields in the same step."""
    table, found = record_type.table, dict[int, list[Problem]]()
    other, dialect = table.alias("other"), context.unit.database.dialect_name
    for rule in record_type.unique:
        if not all(name in table.c for name in rule.fields):
            continue
        same = [table.c[name] == other.c[name] for name in rule.fields]
        statement = sa.select(table.c.id).select_from(table.join(other, sa.and_(*same)))
        statement = statement.where(other.c.deleted_at.is_(None), id_in(table.c.id, dialect))
        if any(name in gives_up for name in rule.fields):
            statement = statement.where(other.c.id != sa.bindparam("giver", type_=sa.BigInteger))
        for row in context.unit.fetch(statement, ids=json_text(list(ids)), giver=giver):
            problem = words.problem("taken", f"/{rule.fields[0]}", fields=list(rule.fields))
            if rule.message is not None:
                problem = Problem(problem.code, rule.message, problem.pointer, problem.values)
            found.setdefault(row["id"], []).append(problem)
    return found


def _gone_behind(context: Context, record_type: RecordType, ids: Sequence[int]) -> list[Record]:
    """The deleted records that some are linked to, and those behind them, as far as this person could read them; the
    nearest first, each before what it is linked to, so that it is brought back after it."""
    found: dict[Record, None] = {}
    edge: dict[str, list[int]] = {record_type.name: list(ids)}
    for _ in range(DEPTH):
        links = [
            link for form, some in edge.items() for link in _links(context, record_type_of(context, form), some)
        ]  # fmt: skip
        deleted = _readable(context, [each for each, state in _states(context, links).items() if state == "deleted"])
        edge = {}
        for record in deleted:
            if record not in found and len(found) < AT_ONCE:
                found[record] = None
                edge.setdefault(record[0], []).append(record[1])
        if not edge:
            break
    return list(found)


def _links(context: Context, record_type: RecordType, ids: Iterable[int]) -> list[Link]:
    """What records are linked to, as this person sees it: of those they could read, by fields that are not kept from
    them."""
    kept = context.host.grant(record_type, context.actor).kept
    seen = [identity for _, identity in _readable(context, [(record_type.name, each) for each in ids])]
    links = links_of(context, record_type, seen)
    return [each for each in links if not any(way in kept for way in accumulate(each.path.split("."), _and))]


def _and(way: str, name: str) -> str:
    return f"{way}.{name}"


def _readable(context: Context, records: Iterable[Record]) -> list[Record]:
    """Those that this person may read, or could before they were deleted; in their order, one query for each form."""
    listed = list(records)
    found: set[Record] = set()
    for form in {form for form, _ in listed}:
        record_type = record_type_of(context, form)
        if context.host.grant(record_type, context.actor).may("read"):
            ids = [identity for of, identity in listed if of == form]
            found |= {(form, each) for each in readable(context, record_type, ids)}
    return [each for each in listed if each in found]


def _states(context: Context, links: Iterable[Link]) -> dict[Record, str]:
    """Whether what is named is there or deleted; what is not in it is nowhere any more. One query for each form."""
    by_form: dict[str, set[int]] = {}
    for each in links:
        by_form.setdefault(each.form, set()).add(each.target)
    found: dict[Record, str] = {}
    for form, targets in by_form.items():
        target = context.host.types.get(form)
        if target is None:
            continue
        table = target.table
        statement = sa.select(table.c.id, table.c.deleted_at).where(
            id_in(table.c.id, context.unit.database.dialect_name)
        )
        for row in context.unit.fetch(statement, ids=json_text(sorted(targets))):
            found[form, row["id"]] = "there" if row["deleted_at"] is None else "deleted"
    return found


def _may_return(context: Context, records: Iterable[Record]) -> list[dict[str, Any]]:
    """Those this person may read, each with whether it could come back."""
    found = []
    for form, identity in _readable(context, records):
        record_type = record_type_of(context, form)
        try:
            problems: Sequence[Problem] = [
                *return_of(context, record_type, identity).problems,
                *taken_by(context, record_type, [identity]).get(identity, ()),
            ]
        except Rejected as error:
            problems = error.problems
        found.append(_refused(context, form, identity, problems))
    put_labels(context, found)
    return found


def _refused(context: Context, form: str, identity: int, problems: Iterable[Problem]) -> dict[str, Any]:
    locale = context.actor.locale
    told = [{"pointer": each.pointer, "code": each.code, "detail": each.words(locale)} for each in problems]
    return {"form": form, "id": identity, "problems": told}


OPERATIONS = (
    Operation(
        "forms.delete_many", delete_many, DeleteMany, summary={"en": "Delete many records", "zh-CN": "批量删除"}
    ),
    Operation(
        "forms.check_return", check_return, CheckReturn, writes=False,
        summary={"en": "What bringing records back would come to", "zh-CN": "恢复前检查"},
    ),
    Operation(
        "forms.bring_back", bring_back, BringBack,
        summary={"en": "Bring deleted records back", "zh-CN": "从回收站恢复"},
    ),
)  # fmt: skip
