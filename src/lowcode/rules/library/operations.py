"""What can be asked of the library of scenarios: look, search, and have one filled in and checked against the app."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

import sqlalchemy as sa

from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import NotFound, Rejected, Report, nearest
from lowcode.rules import diagnostics as words
from lowcode.rules import tables as t
from lowcode.rules.compile import compile_draft
from lowcode.rules.library.scenario import UnknownValue, fill, matches, scenarios
from lowcode.rules.library.vocabulary import meant, renamed, words_of
from lowcode.rules.stages import plan_of

KEPT = sa.select(t.word)
FORGET = sa.delete(t.word).where(t.word.c.word == sa.bindparam("of_word"))


class Search(Parameters):
    """Scenarios of a group, or with some words in their titles; all without either."""

    words: str = ""
    group: str | None = None


class FillIn(Parameters):
    """A scenario with values for its parameters, and the app's names for its words."""

    scenario: str
    values: Mapping[str, Any] = {}
    names: Mapping[str, str] = {}
    name: str | None = None


class Remember(Parameters):
    """What the app calls some words of the scenarios, as `rules.scenario` takes them."""

    names: Mapping[str, str]


class Switched(Parameters):
    """A rule of the app, and whether it shall be armed."""

    rule: str
    armed: bool


def search(context: Context, params: Search) -> list[dict[str, Any]]:
    """The scenarios, with group, title and parameters; `installed` when the app has a rule of that name."""
    plan = plan_of(context.app)
    there = {**plan.rules, **plan.disarmed}
    return [
        {
            "scenario": name,
            "group": group.group,
            "group_title": group.title,
            "title": fill(scenario)["title"],
            "help": scenario.help,
            "form": scenario.rule.get("form"),
            "parameters": {key: each.model_dump() for key, each in scenario.parameters.items()},
            "installed": name in there,
        }
        for name, (group, scenario) in scenarios().items()
        if params.group in (None, group.group) and matches(group, scenario, params.words)
    ]


def fill_in(
    context: Context, params: FillIn
) -> Annotated[dict[str, Any], has(document=dict, path=str, words=list[dict], taken=bool, findings=list[dict])]:
    """The rule document of a scenario for this app, and everything that is wrong with it there: names the app does not
    have. `words` says of each name what it is taken for, by what was given, chosen before, or comes nearest. It is not
    in the app yet: try it on the past as a draft, then publish it (`app.plan`, `app.publish`); `taken`: something of
    the app has that name already, so it needs another."""
    known = scenarios()
    if params.scenario not in known:
        near = nearest(params.scenario, known) or ""
        raise NotFound(
            words.problem("no-such-scenario", words.NO_SUCH_SCENARIO, "/scenario", name=params.scenario, near=near)
        )
    scenario = known[params.scenario][1]
    words_here = meant(context.app.scope, words_of(scenario), params.names, _kept(context))
    names = {**renamed(words_here), **params.names}
    try:
        document = fill(scenario, params.values, names, name=params.name, language=context.actor.locale)
    except UnknownValue as error:
        raise Rejected(words.problem("wrong-value", words.WRONG_VALUE, "/values", reason=str(error))) from None
    engine = next(each for each in context.app.engines if each.name == "rules")
    found = compile_draft(document, context.app.scope, engine.kinds, plan_of(context.app))
    wrong = found if isinstance(found, Report) else ()
    return {
        "document": document,
        "path": f"rules/{document['name']}.json",
        "words": [each.told() for each in words_here],
        "taken": context.app.documents.get("rules", document["name"]) is not None,
        "findings": [
            {"code": each.code, "pointer": each.place.pointer, "message": message, "hint": hint}
            for each in wrong
            for message, hint in (each.told(context.actor.locale),)
        ],
    }


def remember(context: Context, params: Remember) -> None:
    """Keep what the app calls some words, for the next scenario that uses them."""
    unit = context.unit
    for word, name in params.names.items():
        unit.run(FORGET, of_word=word)
        unit.insert(t.word, word=word, name=name)


def _kept(context: Context) -> dict[str, str]:
    return {row["word"]: row["name"] for row in context.unit.fetch(KEPT)}


def switched(context: Context, params: Switched) -> Annotated[dict[str, Any], has(path=str, document=dict)]:
    """The document of a rule, armed or disarmed: to be published (`app.plan`, `app.publish`)."""
    plan = plan_of(context.app)
    rules = {**plan.rules, **plan.disarmed}
    if params.rule not in rules:
        near = nearest(params.rule, rules) or ""
        raise NotFound(words.problem("no-such-rule", words.NO_SUCH_RULE, "/rule", name=params.rule, near=near))
    source = context.app.documents.get("rules", params.rule)
    if source is None:
        raise Rejected(words.problem("rule-of-pool", words.RULE_OF_POOL, "/rule", name=params.rule))
    document = {name: value for name, value in source.data.items() if name != "enabled"}
    return {"path": source.path, "document": document if params.armed else {**document, "enabled": False}}


OPERATIONS = (
    Operation(
        "rules.scenarios", search, Search, "administrator", False,
        {"en": "Ready-made rules", "zh-CN": "预置自动化场景"},
    ),
    Operation(
        "rules.scenario", fill_in, FillIn, "administrator", False,
        {"en": "A ready-made rule for this app", "zh-CN": "套用自动化场景"},
    ),
    Operation(
        "rules.remember_words", remember, Remember, "administrator",
        summary={"en": "Keep the app's words for those of the scenarios", "zh-CN": "记住本应用对场景用词的叫法"},
    ),
    Operation(
        "rules.switched", switched, Switched, "administrator", False,
        {"en": "A rule armed or disarmed, to be published", "zh-CN": "启用或停用规则"},
    ),
)  # fmt: skip
