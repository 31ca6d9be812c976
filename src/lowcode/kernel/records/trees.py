"""Records that hang under one another: none comes to hang under itself."""

from __future__ import annotations

from lowcode.kernel.contract import Change, Context
from lowcode.kernel.diagnostics import Problem, Rejected
from lowcode.kernel.expressions import ABOVE
from lowcode.kernel.records import certain, words
from lowcode.kernel.records.completing import load_facts
from lowcode.kernel.records.facts import Needs

LINEAGE = Needs(frozenset({ABOVE}), frozenset())


def check(context: Context, change: Change) -> None:
    """A problem when a record would come to hang under itself."""
    problem = _circle(context, change) if _moves(change) else None
    if problem is not None:
        change.problems.append(problem)


def settle(context: Context, change: Change) -> None:
    """The same once more, one move after the other: two at the same instant could each hang one under the other.
    Raises Rejected."""
    if _moves(change):
        certain.claim(context, f"{change.record_type.name}/tree")
        problem = _circle(context, change)
        if problem is not None:
            raise Rejected(problem)


def _moves(change: Change) -> bool:
    """Whether a record that may have others below it is put under another one: one that is new has none."""
    name = change.record_type.tree
    return name is not None and change.before is not None and change.values.get(name) not in (
        None, change.before.get(name),
    )  # fmt: skip


def _circle(context: Context, change: Change) -> Problem | None:
    name = change.record_type.tree or ""
    above = change.values[name]
    found = load_facts(context, change.record_type.name, [above], LINEAGE).get(above, {})
    if change.values["id"] not in (found.get(ABOVE) or ()):
        return None
    return words.problem("under-itself", f"/{name}", field=name)
