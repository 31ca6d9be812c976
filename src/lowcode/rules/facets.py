"""What rules add to the page: buttons."""

from __future__ import annotations

from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.facets import OfRecord, facets
from lowcode.rules.forgetting import forget
from lowcode.rules.plan import OnButton, Rule, RulesPlan
from lowcode.rules.stages import plan_of


def _buttons(context: Context, form: str) -> list[Rule]:
    plan = context.app.plans["rules"]
    assert isinstance(plan, RulesPlan)
    return [rule for rule in plan.buttons.get(form, ()) if _may_press(context, rule)]


def _may_press(context: Context, rule: Rule) -> bool:
    assert isinstance(rule.trigger, OnButton)
    roles = rule.trigger.roles
    return roles is None or context.actor.is_administrator or bool(roles & context.actor.roles)


def describe(context: Context, _: Any) -> dict[str, Any]:
    """By form, the buttons this person may press, the scores and the message templates; and the pages they may open."""
    found: dict[str, list[dict[str, Any]]] = {}
    for form in context.app.plans["rules"].buttons:
        for rule in _buttons(context, form):
            assert isinstance(rule.trigger, OnButton)
            button = {"rule": rule.name, "title": rule.trigger.title or rule.title}
            if rule.trigger.confirm:
                button["confirm"] = rule.trigger.confirm
            found.setdefault(form, []).append(button)
    plan = plan_of(context.app)
    scores: dict[str, list[dict[str, Any]]] = {}
    for card in plan.cards.values():
        scores.setdefault(card.form, []).append({"card": card.name, "title": card.title, "field": card.field})
    actor = context.actor
    return {
        "buttons": found,
        "scores": scores,
        "messages": sorted({each.form for each in plan.messages.values() if each.form}),
        "pages": {
            "pools": any(each.has_member(actor) for each in plan.pools.values()),
            "automation": actor.is_administrator,
        },
    }


def situation(context: Context, params: OfRecord) -> dict[str, Any]:
    """The buttons whose condition holds for the record."""
    rules = _buttons(context, params.form)
    conditions = [rule.when for rule in rules if rule.when is not None]
    facts = context.facts(params.form, [params.id], conditions).get(params.id, {}) if conditions else {}
    moment = context.moment()
    return {"buttons": [rule.name for rule in rules if rule.when is None or rule.when.test(facts, moment)]}


FACETS = tuple(facets("rules", describe, situation, forget=forget))
