"""One thing done to many records: saved in one go where that means the same as one by one (decision 0063).

`change`, `create` and `delete` are for one transaction: all of them, or none. In a piece of many (`changed`, `created`,
`deleted`) one record that is refused does not hold up the others, and is named with its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from lowcode.kernel.diagnostics import Problem, Rejected
from lowcode.kernel.records.changing import Sent, change_many
from lowcode.kernel.records.creating import create_many

if TYPE_CHECKING:
    from lowcode.kernel.contract import Context

Refused = tuple[int, tuple[Problem, ...]]
"""A record that something was not done to, and why."""


def change(context: Context, form: str, sent: Sequence[Sent]) -> None:
    """Give records values: all of them. Raises Rejected."""
    if len(sent) == 1:
        context.ask("records.update", type=form, id=sent[0][0], values=dict(sent[0][1]))
    else:
        _all(changed(context, form, sent))


def create(context: Context, form: str, sources: Sequence[int], rows: Sequence[Mapping[str, Any]]) -> None:
    """Make a record for each source: all of them. Raises Rejected."""
    _all(created(context, form, sources, rows))


def delete(context: Context, form: str, ids: Sequence[int]) -> None:
    """Put records away: all of them. Raises Rejected."""
    for each in ids:
        context.ask("records.delete", type=form, id=each)


def _all(refused: Sequence[Refused]) -> None:
    for _, problems in refused:
        raise Rejected(problems)


def changed(context: Context, form: str, sent: Sequence[Sent]) -> list[Refused]:
    """Give records values; those that were refused."""
    plan, grant = _saved(context, form)
    found = change_many(context, plan, grant, sent)
    return [(identity, made) for (identity, _), made in zip(sent, found, strict=True) if _problems(made)]  # type: ignore[misc]


def created(context: Context, form: str, sources: Sequence[int], rows: Iterable[Mapping[str, Any]]) -> list[Refused]:
    """Make a record for each source; the sources whose record was refused. Blank values are left to the defaults."""
    plan, grant = _saved(context, form)
    given = [{name: value for name, value in row.items() if value is not None} for row in rows]
    found = create_many(context, plan, grant, given)
    return [(source, made) for source, made in zip(sources, found, strict=True) if isinstance(made, tuple)]


def deleted(context: Context, form: str, ids: Sequence[int]) -> list[Refused]:
    """Put records away; those that were refused."""
    return [found for each in ids if (found := _tried(context, each, _deleting(context, form, each))) is not None]


def _deleting(context: Context, form: str, identity: int) -> Callable[[], Any]:
    return lambda: context.ask("records.delete", type=form, id=identity)


def _tried(context: Context, identity: int, work: Callable[[], Any]) -> Refused | None:
    try:
        with context.unit.savepoint():
            work()
    except Rejected as refused:
        return identity, tuple(refused.problems)
    return None


def _problems(made: tuple[Any, ...]) -> bool:
    return bool(made) and isinstance(made[0], Problem)


def _saved(context: Context, form: str) -> tuple[Any, Any]:
    host: Any = context.host
    record_type = context.app.types[form]
    return context.app.saves[form], host.grant(record_type, context.actor)
