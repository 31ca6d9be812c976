"""Documents to a plan: pure; what is wrong goes to the report, and what is right is compiled all the same."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lowcode.kernel.definitions.documents import parse
from lowcode.kernel.definitions.load import Documents, SourceDocument
from lowcode.kernel.definitions.source import Source
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.expressions import Expression, nodes
from lowcode.kernel.expressions import Place as Use
from lowcode.kernel.expressions.types import BOOLEAN
from lowcode.kernel.registry import Registry
from lowcode.kernel.scope import Scope
from lowcode.rules.actions.kind import Action, ActionKind, Site, known
from lowcode.rules.compile_message import compile_message
from lowcode.rules.compile_pool import compile_pool, reclaim_rules
from lowcode.rules.compile_score import compile_score
from lowcode.rules.compile_table import compile_table
from lowcode.rules.compile_trigger import compile_trigger, span_of
from lowcode.rules.compile_waits import STARTED, check_waits, cut, variables_of, watching_exit
from lowcode.rules.decisions.table import DecisionTable
from lowcode.rules.definition import ALONE, RuleDocument, TableDocument
from lowcode.rules.diagnostics import MESSAGES
from lowcode.rules.messages.documents import MessageDocument
from lowcode.rules.messages.message import Message
from lowcode.rules.plan import Limit, OnButton, OnDate, OnInactive, OnRecord, Rule, RulesPlan, Step
from lowcode.rules.pools.documents import PoolDocument
from lowcode.rules.pools.pool import Pool
from lowcode.rules.schedules.spans import waitable
from lowcode.rules.scores.card import ScoreCard
from lowcode.rules.scores.documents import ScoreCardDocument
from lowcode.rules.scores.scorers.kind import ScorerKind
from lowcode.rules.watching import watches

MODELS: Mapping[Any, Any] = {
    "table": TableDocument, "score_card": ScoreCardDocument, "pool": PoolDocument, "message": MessageDocument,
}  # fmt: skip


def model_of(source: SourceDocument) -> Any:
    """The model of a document, told by its `type`."""
    written = source.data.get("type", "rule") if isinstance(source.data, Mapping) else "rule"
    return MODELS.get(written, RuleDocument)


def compile_rules(
    documents: Documents, scope: Scope, report: Report, kinds: Registry[ActionKind], scorers: Registry[ScorerKind]
) -> RulesPlan:
    """Every rule, decision table and score card of an app."""
    tables: dict[str, DecisionTable] = {}
    rules: dict[str, Rule] = {}
    disarmed: dict[str, Rule] = {}
    sources = documents.of("rules")
    for source in sources:
        if model_of(source) is TableDocument:
            written: TableDocument | None = parse(TableDocument, source, report)
            table = compile_table(written, source, scope, report) if written is not None else None
            if table is not None:
                tables[table.name] = table
    cards, messages = _cards(sources, scope, report, scorers), _messages(sources, scope, report)
    pools, reclaiming = _pools(sources, scope, report)
    own = [each for each in sources if model_of(each) is RuleDocument]
    exits = []

    def compiled(source: SourceDocument) -> Rule | None:
        document: RuleDocument | None = parse(RuleDocument, source, report)
        if document is None:
            _read_actions(source, kinds, report)
            return None
        return _Compiling(source, document, scope, report, kinds, tables, messages).rule()

    for source in (*own, *reclaiming):
        rule = compiled(source)
        if rule is not None:
            armed = source.data.get("enabled", True)
            (rules if armed else disarmed)[rule.name] = rule
            exits += [watching_exit(rule, source, compiled)] if armed else []
    for rule in rules.values():
        _want_indexes(rule, scope)
    before, after = watches([*rules.values(), *(each for each in exits if each is not None)], scope.records)
    return RulesPlan(rules, tables, before, after, cards, pools, messages, disarmed, _buttons(rules))


def _buttons(rules: Mapping[str, Rule]) -> dict[str, tuple[Rule, ...]]:
    """The rules with a button, by form."""
    found: dict[str, tuple[Rule, ...]] = {}
    for rule in rules.values():
        if isinstance(rule.trigger, OnButton) and rule.form:
            found[rule.form] = (*found.get(rule.form, ()), rule)
    return found


def examine_rule(
    written: Mapping[str, Any], scope: Scope, kinds: Registry[ActionKind], plan: RulesPlan
) -> tuple[Report, Rule | None]:
    """A rule that is not in the app yet, held against the app: what is wrong with it, and the rule where it can be
    understood."""
    report = Report()
    source = SourceDocument("rules", Source(f"rules/{written.get('name', 'draft')}.json", None, dict(written)))
    document: RuleDocument | None = parse(RuleDocument, source, report)
    if document is None:
        _read_actions(source, kinds, report)
        return report, None
    return report, _Compiling(source, document, scope, report, kinds, plan.tables, plan.messages).rule()


def _read_actions(source: SourceDocument, kinds: Registry[ActionKind], report: Report) -> None:
    """Tell what is wrong within the actions of a rule that cannot be read as a whole, so that its author hears of all
    of it at once."""
    data: Mapping[str, Any] = source.data if isinstance(source.data, Mapping) else {}
    steps = data.get("steps")
    rungs = enumerate(steps if isinstance(steps, list) else ())
    lists = [("/actions", data.get("actions"))]
    lists += [(f"/steps/{at}/actions", each.get("actions")) for at, each in rungs if isinstance(each, dict)]
    for pointer, written in lists:
        for at, action in enumerate(written if isinstance(written, list) else ()):
            words = [word for word in action if not word.startswith("x-")] if isinstance(action, dict) else []
            kind = kinds.get(words[0]) if len(words) == 1 else None
            if kind is not None:
                parse(kind.options, source, report, f"{pointer}/{at}/{words[0]}")


def examine_pool(
    written: Mapping[str, Any], scope: Scope, kinds: Registry[ActionKind], plan: RulesPlan
) -> tuple[Report, Pool | None, list[Rule]]:
    """A pool that is not in the app yet, held against the app: what is wrong with it, and the pool with the rules by
    which it takes records back, where they can be understood."""
    report = Report()
    source = SourceDocument("rules", Source(f"rules/{written.get('name', 'draft')}.json", None, dict(written)))
    beside = scope.beside("pool", source.name, source)
    pools, reclaiming = _pools([source], beside, report)
    known = (plan.tables, plan.messages)
    rules = []
    for each in reclaiming:
        document: RuleDocument | None = parse(RuleDocument, each, report)
        rule = _Compiling(each, document, beside, report, kinds, *known).rule() if document is not None else None
        rules += [rule] if rule is not None else []
    return report, next(iter(pools.values()), None), rules


def compile_draft(written: Mapping[str, Any], scope: Scope, kinds: Registry[ActionKind], plan: RulesPlan) -> Any:
    """A rule that is not in the app yet, understood against the app: the rule, or the report of what is wrong."""
    report, rule = examine_rule(written, scope, kinds, plan)
    return rule if rule is not None and report.ok else report


def _pools(
    sources: Iterable[SourceDocument], scope: Scope, report: Report
) -> tuple[dict[str, Pool], list[SourceDocument]]:
    """The pools, and the rules by which they take records back, as documents like any other."""
    pools: dict[str, Pool] = {}
    reclaiming: list[SourceDocument] = []
    for source in sources:
        if model_of(source) is PoolDocument:
            written: PoolDocument | None = parse(PoolDocument, source, report)
            pool = compile_pool(written, source, scope, report) if written is not None else None
            if pool is not None and written is not None:
                pools[pool.name] = pool
                reclaiming += reclaim_rules(written, source)
    return pools, reclaiming


def _cards(
    sources: Iterable[SourceDocument], scope: Scope, report: Report, scorers: Registry[ScorerKind]
) -> dict[str, ScoreCard]:
    cards: dict[str, ScoreCard] = {}
    for source in sources:
        if model_of(source) is ScoreCardDocument:
            written: ScoreCardDocument | None = parse(ScoreCardDocument, source, report)
            card = compile_score(written, source, scope, report, scorers) if written is not None else None
            if card is not None:
                cards[card.name] = card
    return cards


def _want_indexes(rule: Rule, scope: Scope) -> None:
    """The fields that time rules look for are indexed: a tick reads a range, however many records there are."""
    record_type = scope.records.get(rule.form or "")
    if record_type is None:
        return
    trigger = rule.trigger
    fields: tuple[str, ...] = ()
    if isinstance(trigger, OnInactive):
        fields = trigger.choices
    elif isinstance(trigger, OnDate):
        fields = (trigger.field,)
    record_type.extras.setdefault("indexes", set()).update(fields)


class _Compiling:
    """One rule on its way from document to plan."""

    def __init__(
        self,
        source: SourceDocument,
        document: RuleDocument,
        scope: Scope,
        report: Report,
        kinds: Registry[ActionKind],
        tables: Mapping[str, DecisionTable],
        messages: Mapping[str, Message],
    ) -> None:
        self.source, self.document, self.scope, self.report = source, document, scope, report
        self.kinds, self.tables, self.messages = kinds, tables, messages

    def refuse(self, key: str, pointer: str, **values: Any) -> None:
        """Note a finding."""
        self.report.add(MESSAGES.diagnostic(key, self.source.place(pointer), **values))

    def rule(self) -> Rule | None:
        """The rule, or None when it cannot be understood."""
        document, errors = self.document, len(self.report.errors)
        if not self._form_is_known():
            return None
        limit = _limit(document, self.refuse)
        trigger = compile_trigger(document, self.source, self.scope, self.report)
        event = isinstance(trigger, OnRecord)
        # Where the trigger is wrong nobody knows what may be read, and only that is said.
        when = self._condition(document.when, "/when", Use.EVENT if event or trigger is None else Use.READ)
        steps = self._steps()
        check_waits(document, self.refuse)
        exit_ = self._condition(document.exit, "/exit", Use.READ, STARTED)
        if trigger is not None:
            self._check_phase(event)
            self._check_steps(trigger, steps)
        if trigger is None or len(self.report.errors) > errors:
            return None
        parts = _event_parts(trigger, when) if isinstance(trigger, OnRecord) else []
        gate = self._joined([each for _, each in parts], Use.EVENT)
        still = self._joined([each.text for each in [*self._lasting(trigger, when)]], Use.READ) if event else when
        rule = Rule(
            name=document.name,
            title=document.title or document.name,
            form=document.form,
            trigger=trigger,
            phase=document.phase,
            when=when,
            steps=steps,
            priority=document.priority,
            run_as=document.run_as,
            catch_up=document.catch_up,
            each_time=document.repeat == "each_time",
            log_all=document.log == "all",
            limit=limit,
            exit=exit_,
            gate=gate,
            edge=self._edge(trigger, when, document.repeat == "each_time"),
            still=still,
            watched=_watched(trigger, gate),
        )
        self._warn(rule)
        return rule

    def _form_is_known(self) -> bool:
        document = self.document
        if document.form is None:
            if document.on.schedule is None:
                self.refuse("needs-form", "/on")
                return False
            return True
        return known(self.scope, "form", document.form, self.source.place("/form"), self.report)

    def _condition(self, text: str | None, pointer: str, use: Use, variables: Any = None) -> Expression | None:
        if text is None:
            return None
        place, form = self.source.place(pointer), self.document.form
        return self.scope.expression(
            text, place, self.report, record=form, use=use, variables=variables, expect=BOOLEAN
        )  # fmt: skip

    # actions and steps

    def _steps(self) -> tuple[Step, ...]:
        document = self.document
        if document.actions and document.steps:
            self.refuse("both-actions-and-steps", "/steps")
        if not document.steps:
            return cut(self._actions(document.actions, "/actions"))
        steps = []
        for at, written in enumerate(document.steps):
            pointer = f"/steps/{at}"
            span = span_of(written.after)
            when = self._condition(written.when, f"{pointer}/when", Use.READ)
            steps.append(Step(at + 1, span, self._actions(written.actions, f"{pointer}/actions"), when))
            if at and steps[-2].after is not None and span.rough <= steps[-2].after.rough:
                self.refuse("steps-not-rising", f"{pointer}/after", step=at + 1)
        return tuple(steps)

    def _actions(self, written: list[dict[str, Any]], pointer: str) -> tuple[Action, ...]:
        variables: dict[str, Any] = variables_of(self.document)
        found = []
        for at, action in enumerate(written):
            compiled = self._action(action, f"{pointer}/{at}", variables)
            if compiled is not None:
                found.append(compiled)
        return tuple(found)

    def _action(self, written: dict[str, Any], pointer: str, variables: dict[str, Any]) -> Action | None:
        words = [word for word in written if not word.startswith("x-")]
        if len(words) != 1:
            self.refuse("one-action", pointer, seen=words or "none")
            return None
        word = words[0]
        kind = self.kinds.get(word)
        if kind is None:
            self.refuse("unknown-action", f"{pointer}/{word}", seen=word, known=list(self.kinds.names))
            return None
        if self.document.phase not in kind.phases:
            self.refuse(
                "action-phase",
                f"{pointer}/{word}",
                seen=word,
                phase=self.document.phase,
                expected=next(iter(kind.phases)),
            )
            return None
        below = f"{pointer}/{word}"
        options = parse(kind.options, self.source, self.report, below)
        if options is None:
            return None
        known = (self.tables, variables, self.messages)
        return kind.compile(options, Site(self.scope, self.source, self.report, below, self.document.form, *known))

    # checks

    def _check_phase(self, event: bool) -> None:
        if self.document.phase == "before":
            if not event:
                seen = next(word for word in ALONE if getattr(self.document.on, word))
                self.refuse("before-needs-save", "/phase", seen=seen)
            if self.document.steps:
                self.refuse("steps-need-time", "/steps", seen="before")

    def _check_steps(self, trigger: Any, steps: tuple[Step, ...]) -> None:
        stepped = bool(self.document.steps)
        if isinstance(trigger, OnInactive):
            if stepped and trigger.span is not None:
                self.refuse("span-and-steps", "/on/inactive/for")
            if not stepped and trigger.span is None:
                self.refuse("no-span", "/on/inactive")
        elif stepped and not isinstance(trigger, OnRecord):
            self.refuse("steps-need-time", "/steps", seen=next(iter(self.source.data["on"])))
        for step in steps:
            if step.after is not None and not waitable(step.after):
                self.refuse("calendar-span", f"/steps/{step.number - 1}/after", seen=str(step.after))

    # conditions of a save

    def _lasting(self, trigger: Any, when: Expression | None) -> list[Expression]:
        """The conditions that still mean something after the save: asked again before a later step."""
        found = []
        if isinstance(trigger, OnRecord):
            if trigger.entered is not None:
                entered = self._joined([trigger.entered.condition], Use.READ)
                found += [entered] if entered is not None else []
            found += [trigger.becomes] if trigger.becomes is not None else []
        found += [when] if when is not None else []
        return [each for each in found if not reads_event(each)]

    def _joined(self, texts: list[str], use: Use) -> Expression | None:
        """Conditions that were each found right, as one."""
        if not texts:
            return None
        text = texts[0] if len(texts) == 1 else " and ".join(f"({each})" for each in texts)
        return self.scope.expression(
            text, self.source.place("/on"), self.report, record=self.document.form, use=use, expect=BOOLEAN
        )

    def _edge(self, trigger: Any, when: Expression | None, each_time: bool) -> Expression | None:
        if not isinstance(trigger, OnRecord) or each_time:
            return None
        if trigger.entered is not None or trigger.becomes is not None:
            texts = [trigger.entered.condition] if trigger.entered else []
            texts += [trigger.becomes.text] if trigger.becomes else []
            return self._joined(texts, Use.EVENT)
        if (
            trigger.updated
            and not trigger.fields
            and trigger.left is None
            and when is not None
            and not reads_event(when)
        ):
            return when
        return None

    # advice

    def _warn(self, rule: Rule) -> None:
        record_type = self.scope.records.get(rule.form or "")
        gate, trigger = rule.gate, rule.trigger
        if isinstance(trigger, OnRecord) and trigger.updated and not trigger.fields and gate is None:
            for at, action in enumerate(rule.steps[0].actions):
                if rule.phase == "after" and action.kind in ("set", "assign"):
                    self.refuse("loops-on-itself", f"/actions/{at}", seen=rule.form)
        if record_type is None or gate is None:
            return
        for path in gate.old:
            if "." in path:
                self.refuse("old-of-linked", "/when", seen=path)
        watching = isinstance(rule.trigger, OnRecord) and rule.trigger.becomes is not None
        for relation in gate.rows:
            if watching and relation in record_type.relations:
                self.refuse("unseen-change", "/on/becomes", seen=relation)


def _messages(sources: Iterable[SourceDocument], scope: Scope, report: Report) -> dict[str, Message]:
    messages: dict[str, Message] = {}
    for source in sources:
        if model_of(source) is MessageDocument:
            written: MessageDocument | None = parse(MessageDocument, source, report)
            message = compile_message(written, source, scope, report) if written is not None else None
            if message is not None:
                messages[message.name] = message
    return messages


def _limit(document: RuleDocument, refuse: Callable[..., None]) -> Limit | None:
    """How often the rule may fire."""
    written = document.limit
    if written is None:
        return None
    span = span_of(written.per)
    if not span.fixed:
        refuse("calendar-span", "/limit/per", seen=str(span))
        return None
    return Limit(written.most, span.fixed)


def _event_parts(trigger: OnRecord, when: Expression | None) -> list[tuple[str, str]]:
    """The conditions of a save, as texts."""
    parts = []
    if trigger.entered is not None:
        parts.append(("entered", trigger.entered.condition))
    if trigger.becomes is not None:
        parts.append(("becomes", trigger.becomes.text))
    if when is not None:
        parts.append(("when", when.text))
    return parts


def reads_event(expression: Expression) -> bool:
    """Whether a condition asks about the save itself (OLD, CHANGED, ISNEW)."""
    if expression.old:
        return True
    return any(isinstance(node, nodes.Now) and node.name == "is_new" for node in nodes.walk(expression.tree))


def _watched(trigger: Any, gate: Expression | None) -> frozenset[str]:
    found = set(gate.paths | gate.old) | set(gate.rows) if gate is not None else set()
    if isinstance(trigger, OnRecord):
        found |= trigger.fields
        found |= {each.field for each in (trigger.entered, trigger.left) if each is not None}
    return frozenset(path.split(".")[0] for path in found)
