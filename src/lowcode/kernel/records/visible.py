"""What is kept from a person, along a path: for whatever reads by path beside the lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import Forbidden
from lowcode.kernel.expressions import Expression
from lowcode.kernel.records import words
from lowcode.kernel.records.completing import load_facts
from lowcode.kernel.records.facts import Needs, needs_of
from lowcode.kernel.records.hidden import kept_from as kept_from
from lowcode.kernel.records.plan import RecordType


def visible_facts(
    context: Context, record_type: str, identity: int, needs: Iterable[Expression | Needs]
) -> dict[str, Any]:
    """What expressions read of a record, as the actor may see it: hidden fields blank, linked records and rows that
    they may not read left out. Raises NotFound where they may not read the record itself."""
    context.ask("records.get", type=record_type, id=identity, fields=("id",))
    return visible_facts_of(context, record_type, (identity,), needs)[identity]


def visible_facts_of(
    context: Context, record_type: str, ids: Sequence[int], needs: Iterable[Expression | Needs]
) -> dict[int, dict[str, Any]]:
    """The same for several records that the actor may read: such as a list of theirs gave."""
    wanted = needs_of(needs)
    found = load_facts(context, record_type, ids, wanted, guarded=not context.actor.is_app)
    if context.actor.is_app:
        return found
    blank = dict.fromkeys(path for path in wanted.paths if kept_from(context, record_type, path))
    for relation, children in wanted.rows:
        whole = kept_from(context, record_type, relation)
        kept = dict.fromkeys(path for path in children if kept_from(context, record_type, f"{relation}.{path}"))
        for facts in found.values():
            facts[relation] = [] if whole else [{**row, **kept} for row in facts.get(relation) or ()]
    return {identity: {**facts, **blank} for identity, facts in found.items()}


def add_linked(context: Context, record_type: RecordType, rows: Sequence[dict[str, Any]], names: Iterable[str]) -> None:
    """What fields of several links name, as ids in their order, put into rows of a list: one statement for each field.
    What the actor may not read, and what was deleted, is left out."""
    needs = Needs(frozenset(), frozenset((name, frozenset({"id"})) for name in names))
    ids = [row["id"] for row in rows]
    found = load_facts(context, record_type.name, ids, needs, guarded=not context.actor.is_app) if ids else {}
    for row in rows:
        row.update({name: [each["id"] for each in found[row["id"]][name]] for name, _ in needs.rows})


@contextmanager
def without_what_is_kept(context: Context) -> Iterator[None]:
    """For evaluating over visible facts: a value that is never blank is blank where it is kept from the actor, and what
    cannot be computed without it is refused. Raises Forbidden."""
    try:
        yield
    except TypeError as error:
        if context.actor.is_administrator:
            raise
        raise Forbidden(words.problem("kept-from-you")) from error
