"""What the designer of rules asks: what may be written and what the app has that a rule may name, what is wrong with a
rule as it would be, and what it would do for a record and why.

A rule that is designed is the document itself; what is changed is tried on the past by `rules.backtest`, looked at and
published by `app.plan` and `app.publish`, as any other document.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Annotated, Any

from lowcode.kernel.answers import Checked, has
from lowcode.kernel.contract import Context, Nothing, Operation, Parameters
from lowcode.kernel.definitions.designing import in_order, palette, relations_of, told
from lowcode.kernel.definitions.schema import schema_of
from lowcode.kernel.diagnostics import Problem, Rejected
from lowcode.kernel.identity import org
from lowcode.rules.actions.kind import ActionKind
from lowcode.rules.actions.schema import rule_model
from lowcode.rules.compile import examine_rule
from lowcode.rules.definition import ALONE, TriggerDocument
from lowcode.rules.operations import why
from lowcode.rules.plan import Rule
from lowcode.rules.stages import plan_of
from lowcode.rules.trials.operations import called
from lowcode.rules.trials.simulate import simulated
from lowcode.rules.words import ACTIONS, BEGUN, CHOICES, EVENTS, GROUPS, OPTIONS, PUT, TRIGGERS

NARROWING = frozenset({"fields"})
"""What says more of what sets a rule off, and sets none off itself."""

KNOWN = {
    "form": "form", "table": "table", "message": "message", "pool": "pool", "card": "score card", "rule": "rule",
    "flow": "flow", "template": "template", "webhook": "webhook", "channel": "connector", "connector": "offers",
    "intake": "intake",
}  # fmt: skip
"""What of an app a rule names, by the option that does so."""


class CheckRule(Parameters):
    """A rule as it would be."""

    document: dict[str, Any]


class TryRule(CheckRule):
    """The same, for a record of its form."""

    record: int | None = None


def triggers() -> tuple[str, ...]:
    """What may set a rule off, in the order in which it is thought of."""
    return tuple(in_order(TriggerDocument.model_fields.keys() - NARROWING, TRIGGERS))


def rule_palette(
    context: Context, _: Nothing
) -> Annotated[dict[str, Any], has(schema=dict, kinds=list[dict], words=dict)]:
    """The schema of what may be written; every trigger (`alone`: no other stands beside it) and every kind of action,
    each with what a new one says; the words for all of it; and what of the app a rule may name, by option."""
    engine = _engine(context)
    kinds: list[ActionKind] = list(engine.kinds)
    scope = context.app.scope
    return {
        "schema": _schema(tuple(kinds)),
        "kinds": [_action(each) for each in in_order_of(kinds)],
        "triggers": [_trigger(each) for each in triggers()],
        "words": {"groups": GROUPS, "options": OPTIONS, "choices": CHOICES},
        "known": {option: [_entry(name, each) for name, each in sorted(scope.names(what).items())]
                  for option, what in KNOWN.items()},
        "analysers": list(context.host.kinds["analyser"].names),
        "events": [{"name": name, "title": title} for name, title in EVENTS.items()],
        "people": org.offered(context),
        "relations": relations_of(context),
        **palette(context),
    }  # fmt: skip


def in_order_of(kinds: Iterable[ActionKind]) -> list[ActionKind]:
    """Kinds of actions as they are offered; those of plug-ins last."""
    by_name = {each.name: each for each in kinds}
    return [by_name[name] for name in in_order(by_name, ACTIONS)]


@lru_cache(maxsize=8)
def _schema(kinds: tuple[ActionKind, ...]) -> dict[str, Any]:
    return schema_of(rule_model(kinds))


def _engine(context: Context) -> Any:
    return next(each for each in context.app.engines if each.name == "rules")


def _action(kind: ActionKind) -> dict[str, Any]:
    group, title = ACTIONS.get(kind.name, ("other", kind.name))
    begin = {kind.name: PUT.get(kind.name, {})}
    return {"name": kind.name, "title": title, "group": group, "begin": begin, "phases": sorted(kind.phases)}


def _trigger(name: str) -> dict[str, Any]:
    group, title = TRIGGERS.get(name, ("other", name))
    return {"name": name, "title": title, "group": group, "begin": {name: BEGUN.get(name)}, "alone": name in ALONE}


def _entry(name: str, found: Any) -> dict[str, Any]:
    """What something is called, the form it is about, and what else is said of it beside its name."""
    data: Any = getattr(found, "data", found)
    said: Mapping[str, Any] = data if isinstance(data, Mapping) else {}
    entry = {"name": name, "title": said.get("title") or name}
    entry |= {"form": said["form"]} if isinstance(said.get("form"), str) else {}
    for parts in ("bands", "inputs", "outputs"):
        entry |= {parts: list(_parts(said[parts]))} if isinstance(said.get(parts), list) else {}
    return entry


def _parts(listed: list[Any]) -> Iterator[dict[str, Any]]:
    for each in listed:
        if isinstance(each, Mapping) and isinstance(each.get("name"), str):
            asked = {"expression": each["expression"]} if "expression" in each else {}
            yield {"name": each["name"], "title": each.get("title") or each["name"], **asked}


def check_rule(context: Context, params: CheckRule) -> Checked:
    """Everything that is wrong with a rule (`findings`), held against the app as it stands. `elsewhere`: rules that
    call it may find it to be about another form, or to wait for something."""
    report, found = _examined(context, params)
    plan = plan_of(context.app)
    standing = {**plan.disarmed, **plan.rules}.get(str(params.document.get("name")))
    return {
        "findings": told(report, context.actor.locale),
        "elsewhere": standing is not None and (found is None or _known(standing) != _known(found)),
    }


def _examined(context: Context, params: CheckRule) -> Any:
    return examine_rule(params.document, context.app.scope, _engine(context).kinds, plan_of(context.app))


def _known(rule: Rule) -> tuple[Any, ...]:
    """What others know of a rule."""
    return rule.form, rule.phase, type(rule.trigger), any(step.after is not None for step in rule.steps)


def try_rule(
    context: Context, params: TryRule
) -> Annotated[dict[str, Any], has(record=int, matches=bool, steps=list[dict], why=list)]:
    """What a rule would do now for a record, or without one: as `rules.simulate` says it, and `why` each condition
    holds or not, part by part. Raises Rejected with what is wrong with it."""
    report, rule = _examined(context, params)
    if rule is None or report.errors:
        raise Rejected([Problem(each.code, each.text, f"/document{each.place.pointer}") for each in report.errors])
    record = params.record if rule.form is not None else None
    found = simulated(context, rule, record)
    parts = why(context, rule, record) if record is not None else []
    return {**found, "why": parts, **called(context, rule, [found])}


OPERATIONS = (
    Operation(
        "rules.rule_palette", rule_palette, Nothing, "administrator", False,
        {"en": "What a rule may say", "zh-CN": "规则设计器选项"},
    ),
    Operation(
        "rules.check_rule", check_rule, CheckRule, "administrator", False,
        {"en": "What is wrong with a rule", "zh-CN": "检查规则"},
    ),
    Operation(
        "rules.try_rule", try_rule, TryRule, "administrator", False,
        {"en": "What a rule would do", "zh-CN": "试运行未发布的规则"},
    ),
)  # fmt: skip
