"""What a save of a form sets going, in the order in which it happens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lowcode.api.plan import ApiPlan
from lowcode.app import COMPUTE, COMPUTE_AGAIN, App
from lowcode.explain.words import STEPS, words
from lowcode.flows.plan import FlowPlan
from lowcode.kernel.contract import Stage
from lowcode.kernel.diagnostics import Place
from lowcode.kernel.records.checks_over import checks_over
from lowcode.kernel.records.plan import Check, Field, Permission, RecordType, WithoutOverlaps
from lowcode.kernel.records.rollups import following
from lowcode.rules.plan import Rule, RulesPlan

Entry = Mapping[str, Any]


def on_save(app: App, form: str) -> list[dict[str, Any]]:
    """The steps of a save: `{step, order, engine, words, entries: [{what, words, place}]}`."""
    record_type = app.types[form]
    steps = [
        _step("permission", 0, "forms", [permission_entry(line) for line in record_type.permissions]),
        _step("coerce", 10, "forms", _defaults(record_type)),
    ]
    for stage in sorted(_stages(app), key=lambda each: each.order):
        engine = "forms" if stage.name.startswith("records.") else stage.name.partition(".")[0]
        work = WORK.get(stage.name)
        entries = [] if work is None else list(work(app, record_type))
        if work is None or entries:  # of a stage by a third party nothing is known but that it is there
            key = stage.name if stage.name in STEPS else "other"
            steps.append(_step(key, stage.order, engine, entries, stage.name))
    steps.append(_step("conditions", 600, "forms", list(_conditions(record_type))))
    steps.append(_step("checks", 610, "forms", list(_checks(app, record_type))))
    steps.append(_step("result", 620, "forms", []))
    steps.append(_step("write", 700, "forms", list(_written(app, record_type))))
    steps.append(_step("handlers", 800, "", list(_handlers(app, record_type))))
    return [each for each in steps if each["entries"] or each["step"] in ("permission", "coerce", "result", "write")]


def permission_entry(line: Permission) -> dict[str, Any]:
    """One permission line in words."""
    roles, can = ", ".join(sorted(line.roles)), ", ".join(sorted(line.can))
    said = words("line", roles=roles, can=can) if line.where is None else words(
        "line-where", roles=roles, can=can, where=line.where.written
    )  # fmt: skip
    return {"what": "permission", "words": said, "place": place_of(line.place)}


def place_of(place: Place | None) -> dict[str, Any]:
    """A place as plain data."""
    if place is None:
        return {}
    return {"document": place.document, "pointer": place.pointer, "line": place.line}


def _step(key: str, order: int, engine: str, entries: list[Any], name: str = "") -> dict[str, Any]:
    return {"step": name or key, "order": order, "engine": engine, "words": words(key, name=name), "entries": entries}


def _stages(app: App) -> Iterable[Stage]:
    own = [stage for engine in app.engines for stage in engine.stages()]
    rules_set = any(200 <= stage.order < 300 for stage in own)
    return (COMPUTE, *((COMPUTE_AGAIN,) if rules_set else ()), *own)


def _entry(what: str, text: str, place: Place | None) -> dict[str, Any]:
    return {"what": what, "words": {"en": text, "zh-CN": text}, "place": place_of(place)}


def _defaults(record_type: RecordType) -> list[dict[str, Any]]:
    found = []
    for each in record_type.fields.values():
        if each.default is not None:
            found.append(_entry("default", f"{each.name} = {each.default.written}", each.place))
        elif each.options.default is not None:
            found.append(_entry("default", f"{each.name} = {each.options.default!r}", each.place))
    return found


def _formulas(_: App, record_type: RecordType) -> Iterable[Entry]:
    for way, rows in reversed(record_type.rows_below):
        for each in rows.computed:
            yield _formula(each, f"{way}.")
    for each in record_type.computed:
        yield _formula(each, "")


def _formula(field: Field, before: str) -> Entry:
    text = field.expression.written if field.expression is not None else ""
    return _entry("formula", f"{before}{field.name} = {text}", field.place)


def _rules(phase: str, word: str | None) -> Callable[[App, RecordType], Iterable[Entry]]:
    def found(app: App, record_type: RecordType) -> Iterable[Entry]:
        plan: RulesPlan = app.plans["rules"]
        rules: dict[str, Rule] = {}
        for (form, _), watch in getattr(plan, phase).items():
            if form == record_type.name:
                rules.update({rule.name: rule for rule in watch.rules})
        for rule in sorted(rules.values(), key=lambda each: (each.priority, each.name)):
            actions = [action.kind for step in rule.steps for action in step.actions]
            if word is None or word in actions:
                when = f" when {rule.when.written}" if rule.when is not None else ""
                yield _entry("rule", f"{rule.name}: {', '.join(actions)}{when}", _document(app, "rules", rule.name))

    return found


def _flows(app: App, record_type: RecordType, waiting: bool) -> Iterable[Entry]:
    flows: list[FlowPlan] = app.plans["flows"].of_form(record_type.name)
    for flow in flows:
        starts = flow.starts
        if waiting and starts.on == "manual":
            continue
        target = f" {starts.field} → {', '.join(sorted(starts.target))}" if starts.field else ""
        when = f" when {starts.when.written}" if starts.when is not None else ""
        said = f"{flow.name}: {starts.on}{target}{when}" if waiting else flow.name
        yield _entry("flow", said, _document(app, "flows", flow.name))


def _webhooks(app: App, record_type: RecordType) -> Iterable[Entry]:
    plan: ApiPlan = app.plans["api"]
    for each in plan.of_form(record_type.name):
        when = f" when {each.when.written}" if each.when is not None else ""
        yield _entry("webhook", f"{each.target}: {each.event}{when}", _document(app, "api", each.target))


def _document(app: App, kind: str, name: str) -> Place | None:
    source = app.documents.get(kind, name)
    return source.place() if source is not None else None


def _conditions(record_type: RecordType) -> Iterable[Entry]:
    for each in record_type.fields.values():
        if each.required and not each.computed:
            yield _entry("required", each.name, each.place)
        for key in ("required_when", "read_only_when"):
            condition = getattr(each, key)
            if condition is not None:
                yield _entry(key, f"{each.name}: {condition.written}", each.place)


def _checks(app: App, record_type: RecordType) -> Iterable[Entry]:
    for each in record_type.checks:
        yield _entry("check", f"{each.name}: {each.expression.written}", each.place)
    for rule in record_type.without_overlaps:
        yield _entry("without-overlaps", _range_of(rule), rule.place)
    for each, parent in _checks_above(app, record_type):
        yield _entry("check-above", f"{parent}.{each.name}: {each.expression.written}", each.place)


def _checks_above(app: App, record_type: RecordType) -> list[tuple[Check, str]]:
    """The checks of records further up that a save may break by a roll-up, each with the form it is of."""
    found: dict[tuple[str, str], Check] = {}
    left = [(watch.parent, watch.fields) for watch in app.saves[record_type.name].watched]
    seen: set[tuple[str, frozenset[str]]] = set()
    while left:
        parent, fields = left.pop(0)
        names = frozenset(each.name for each in following(parent, fields))
        if (parent.name, names) not in seen:
            seen.add((parent.name, names))
            found.update({(parent.name, each.name): each for each in checks_over(parent, names)})
            above = app.saves[parent.name].watched
            left += [(watch.parent, watch.fields) for watch in above if watch.reads & names]
    return [(each, form) for (form, _), each in found.items()]


def _range_of(rule: WithoutOverlaps) -> str:
    per = f" per {', '.join(rule.per)}" if rule.per else ""
    where = f" where {rule.where.written}" if rule.where is not None else ""
    return f"{rule.start} to {rule.end}{per}{where}"


def _written(app: App, record_type: RecordType) -> Iterable[Entry]:
    for watch in app.saves[record_type.name].watched:
        for each in following(watch.parent, watch.fields):
            yield _entry("rollup", f"{watch.parent.name}.{each.name} ({watch.by or watch.through})", each.place)


def _handlers(app: App, record_type: RecordType) -> Iterable[Entry]:
    for event in ("record.created", "record.updated", "record.deleted"):
        for handler in app.handlers.get(event, ()):
            if handler.record_types is None or record_type.name in handler.record_types:
                yield _entry("handler", f"{event}: {handler.name}", None)


WORK: Mapping[str, Callable[[App, RecordType], Iterable[Entry]]] = {
    "records.compute": _formulas,
    "records.compute-again": _formulas,
    "rules.set": _rules("before", "set"),
    "rules.refuse": _rules("before", "refuse"),
    "rules.watch": _rules("after", None),
    "flows.lock": lambda app, record_type: _flows(app, record_type, False),
    "flows.watch": lambda app, record_type: _flows(app, record_type, True),
    "api.watch": _webhooks,
}
"""What the stages of the built-in engines do for a form, by the name of the stage."""
