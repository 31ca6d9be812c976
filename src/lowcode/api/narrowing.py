"""What a key leaves of forms: some of the rows, some of the fields; checked when the key is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from lowcode.api.diagnostics import problem
from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Forbidden, Problem, Rejected, nearest
from lowcode.kernel.identity.actor import Narrowing
from lowcode.kernel.records import query
from lowcode.kernel.records.permissions import filter_of_key
from lowcode.kernel.records.plan import RecordType


def of(rows: Mapping[str, str], fields: Mapping[str, Sequence[str]]) -> tuple[Narrowing, ...]:
    """As an actor carries it."""
    return tuple(
        Narrowing(form, rows.get(form), frozenset(fields[form]) if form in fields else None)
        for form in sorted({*rows, *fields})
    )


def check(context: Context, user: int, rows: Mapping[str, str], fields: Mapping[str, Sequence[str]]) -> None:
    """Refuse what names no form or field, and a filter over what the person of the key may not see: its answers would
    tell."""
    problems: list[Problem] = []
    acting = context.as_user(user)
    for form, text in rows.items():
        record_type = _form(context, form, f"/rows/{form}", problems)
        if record_type is not None:
            problems.extend(_filter(acting, record_type, text))
    for form, names in fields.items():
        record_type = _form(context, form, f"/fields/{form}", problems)
        if record_type is not None:
            problems.extend(_names(record_type, names))
    if problems:
        raise Rejected(problems)


def _form(context: Context, form: str, pointer: str, problems: list[Problem]) -> RecordType | None:
    forms = {name: each for name, each in context.app.types.items() if each.parent is None}
    if form not in forms:
        problems.append(problem("no-form", pointer, name=form, near=nearest(form, forms) or ""))
    return forms.get(form)


def _filter(acting: Context, record_type: RecordType, text: str) -> Iterator[Problem]:
    pointer = f"/rows/{record_type.name}"
    try:
        grant = acting.host.grant(record_type, acting.actor)
        query.compile_filter(acting, record_type, grant, text)
        filter_of_key(text, record_type, acting.app.scope)
    except Forbidden as refused:
        yield problem("bad-filter", pointer, reason=refused.problems[0].values["reason"])
    except Rejected as refused:
        for each in refused.problems:
            yield Problem(each.code, each.message, pointer, each.values)


def _names(record_type: RecordType, names: Sequence[str]) -> Iterator[Problem]:
    known: dict[str, Any] = dict.fromkeys(("owner", *record_type.fields, *record_type.relations))
    for way, rows in record_type.rows_below:
        known.update(dict.fromkeys(f"{way}.{name}" for name in rows.fields))
    for index, name in enumerate(names):
        if name not in known:
            near = nearest(name, known) or ""
            pointer = f"/fields/{record_type.name}/{index}"
            yield problem("no-field", pointer, name=name, form=record_type.name, near=near)
