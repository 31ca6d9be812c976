"""States move along the transitions the author drew, under their conditions, and not otherwise, through any door."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lowcode.kernel.contract import Change, Context
from lowcode.kernel.diagnostics import Problem, Text
from lowcode.kernel.expressions import Expression
from lowcode.kernel.records import words
from lowcode.kernel.records.facts import needs_of
from lowcode.kernel.records.fields import Transition
from lowcode.kernel.records.plan import Field
from lowcode.kernel.records.stages import held_back


def title_of(field: Field, state: str | None) -> Text:
    """The words of a state, in every language they have: a refusal may be read by somebody else than who is refused."""
    for each in field.options.states:  # type: ignore[attr-defined]
        if each.name == state:
            found: Text = each.title or each.name
            return found
    return str(state or "")


def check_transition(context: Context, plan: Any, change: Change, with_facts: Callable[..., Mapping[str, Any]]) -> None:
    """Add a problem for each state that may not move as it does."""
    if change.kind == "delete":
        return
    for field in plan.record_type.states:
        new = change.values.get(field.name)
        options: Any = field.options
        if change.before is None:
            old = options.initial or options.states[0].name
        else:
            old = change.before.get(field.name)
        if new == old or (change.before is None and context.actor.is_administrator):
            continue
        if not options.transitions:
            change.problems.extend(held_back(context, plan, field, old, new, change.values, with_facts, "all"))
            continue
        found = [each for each in options.transitions if each.to == new and each.starts_at(old)]
        problem = _refusal(context, plan, change, field, old, new, found, with_facts)
        if problem:
            change.problems.extend(problem)


def _refusal(
    context: Context, plan: Any, change: Change, field: Field, old: Any, new: Any,
    found: list[Transition], with_facts: Callable[..., Mapping[str, Any]],
) -> list[Problem]:  # fmt: skip
    pointer = f"/{field.name}"
    options: Any = field.options
    if not found:
        possible = [title_of(field, each.to) for each in options.transitions if each.starts_at(old)]
        return [
            words.problem(
                "no-transition", pointer,
                old=title_of(field, old), new=title_of(field, new), possible=possible or "–",
            )
        ]  # fmt: skip
    permitted = [each for each in found if each.open_to(context.actor)]
    if not permitted:
        return [words.problem("transition-role", pointer)]
    problems: list[Problem] = []
    for each in permitted:
        problems = [
            words.problem("transition-required", f"/{name}", field=name, new=title_of(field, new))
            for name in each.required
            if change.values.get(name) in (None, [])
        ]
        condition: Expression | None = plan.record_type.extras.get("transitions", {}).get((field.name, id(each)))
        if condition is not None:
            facts = with_facts(context, plan, change.values, needs_of((condition,)))
            if not condition.test(facts, context.moment()):
                message = each.message
                problems.append(
                    Problem("records.transition-condition", message, pointer)
                    if message
                    else words.problem("transition-condition", pointer, condition=each.when)
                )
        problems += held_back(context, plan, field, old, new, change.values, with_facts, each.gates)
        if not problems:
            return []
    return problems
