"""The contract of a kind of action, and what it is given: a `Site` when compiled, a `Firing` when a rule fires."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol

from lowcode.kernel.diagnostics import Forbidden, NotFound, Place, Report
from lowcode.kernel.expressions import Expression, FieldShape, Type
from lowcode.kernel.expressions import Place as Use
from lowcode.kernel.records.facts import needs_of
from lowcode.kernel.records.visible import kept_from, visible_facts
from lowcode.kernel.texts import TextTemplate
from lowcode.rules.diagnostics import MESSAGES

if TYPE_CHECKING:
    from lowcode.kernel.contract import Change, Context
    from lowcode.kernel.definitions.load import SourceDocument
    from lowcode.kernel.expressions import Moment
    from lowcode.kernel.scope import Scope
    from lowcode.rules.decisions.table import DecisionTable
    from lowcode.rules.messages.message import Message
    from lowcode.rules.plan import Rule

MEMBERS = ("name", "options", "phases", "compile")


class Effect(Protocol):
    """What an action comes to for one record: worked out, not yet done."""

    def told(self) -> Mapping[str, Any]:
        """What it would do, in plain values: for a simulation and for the run log."""
        ...

    def apply(self, firing: Firing) -> None:
        """Do it, in the transaction of the firing."""
        ...


class Action(Protocol):
    """One action of one rule, compiled."""

    @property
    def kind(self) -> str:
        """The word an author writes."""
        ...

    @property
    def needs(self) -> tuple[Any, ...]:
        """The expressions (and other needs) whose paths must be loaded before `effect` is asked."""
        ...

    def effect(self, firing: Firing) -> Effect:
        """Work out what it comes to; reads, and changes nothing."""
        ...


class ActionKind(Protocol):
    """A kind of action: its word, the model of its options, where it may stand, and how it is understood."""

    name: str
    options: Any
    phases: frozenset[Literal["before", "after"]]

    def compile(self, options: Any, site: Site) -> Action | None:
        """Understand the options; what is wrong goes to the report of the site, and None is returned."""
        ...


@dataclass
class Site:
    """Where an action stands while it is compiled: its rule's form, the document, and the names it may use."""

    scope: Scope
    source: SourceDocument
    report: Report
    pointer: str
    form: str | None
    tables: Mapping[str, DecisionTable]
    variables: dict[str, Type] = field(default_factory=dict)
    messages: Mapping[str, Message] = field(default_factory=dict)

    @property
    def names(self) -> Mapping[str, Type]:
        """What expressions over the record of the rule may name beside its fields."""
        return self.variables

    def place(self, below: str = "") -> Place:
        """Where something of the action stands."""
        place: Place = self.source.place(f"{self.pointer}{below}")
        return place

    def refuse(self, key: str, below: str = "", **values: Any) -> None:
        """Note a finding of the catalogue of rules."""
        self.report.add(MESSAGES.diagnostic(key, self.place(below), **values))

    def knows(self, what: str, name: str, below: str, also: Iterable[str] = ()) -> bool:
        """Whether the app has something of this name; if not, that is a finding with the nearest name, of these and of
        what may be written there `also`."""
        return known(self.scope, what, name, self.place(below), self.report, also)

    def knows_pool(self, name: str, below: str, form: str | None = None) -> bool:
        """Whether the app has a pool of this name for the form of the rule (or another `form`); if not, that is a
        finding."""
        if not self.knows("pool", name, below):
            return False
        holds, expected = self.scope.names("pool")[name].data.get("form"), form or self.form
        if holds != expected:
            self.refuse("pool-of-another-form", below, seen=name, form=holds, expected=expected)
            return False
        return True

    def expression(
        self,
        text: str,
        below: str,
        *,
        expect: Type | None = None,
        form: str | None = None,
        more: Mapping[str, Type] | None = None,
    ) -> Expression | None:
        """An expression over the record of the rule (or over another `form`)."""
        return self.scope.expression(
            text,
            self.place(below),
            self.report,
            record=form or self.form,
            use=Use.EVENT if form is None and self.form is not None else Use.READ,
            variables={**self.variables, **(more or {})} if form is None else (more or {}),
            expect=expect,
        )

    def template(self, text: Any, below: str) -> TextTemplate:
        """A text with expressions in it, over the record of the rule."""
        return self.scope.template(text, self.place(below), self.report, record=self.form, variables=self.variables)

    def field(self, form: str | None, name: str, below: str) -> FieldShape | None:
        """A field that can be set; an unknown or computed one becomes a finding."""
        if form is None:
            self.refuse("needs-form", below)
            return None
        shape = self.scope.shapes.records.get(form)
        if shape is None:
            return None
        found = shape.fields.get(name)
        if found is None:
            self.refuse("unknown-field", below, seen=name, form=form, known=list(shape.fields))
            return None
        plan = self.scope.records[form].fields.get(name) if form in self.scope.records else None
        fixed = plan.computed if plan is not None else name not in SETTABLE_SYSTEM_FIELDS
        if fixed:
            self.refuse("computed-field", below, seen=name, form=form)
            return None
        return found

    def values(
        self,
        written: Mapping[str, str],
        form: str | None,
        below: str,
        of: str | None = None,
        more: Mapping[str, Type] | None = None,
    ) -> dict[str, Expression] | None:
        """Expressions for fields of a form, each of its field's type; None when something is wrong.

        They are over the record of the rule with `more` names beside, or over records of another form (`of`) with
        these names and none else.
        """
        compiled: dict[str, Expression] = {}
        named = more if of is not None else {**self.variables, **(more or {})}
        for name, text in written.items():
            shape = self.field(form, name, f"{below}/{name}")
            if shape is None:
                continue
            found = self.expression(text, f"{below}/{name}", expect=shape.type, form=of, more=named)
            if found is not None:
                compiled[name] = found
        return compiled if len(compiled) == len(written) else None


def known(scope: Scope, what: str, name: str, place: Place, report: Report, also: Iterable[str] = ()) -> bool:
    """Whether an app has something of a name; if not, that is a finding with the nearest name."""
    scope.find(what, name, place, report, also)
    return name in scope.names(what)


SETTABLE_SYSTEM_FIELDS = frozenset({"owner"})


@dataclass
class Firing:
    """One rule firing for one record (or for none, on a schedule).

    `facts` holds what every expression of the rule reads. `change` is the save on its way, for rules of the phase
    before; `simulated` keeps effects from being applied and locks from being taken.
    """

    context: Context
    rule: Rule
    record_id: int | None
    facts: dict[str, Any]
    moment: Moment
    variables: dict[str, Any] = field(default_factory=dict)
    change: Change | None = None
    simulated: bool = False
    types: Mapping[str, Any] = field(default_factory=dict)
    at: tuple[int, int] = (0, 0)
    """The step, and which of its actions it is."""

    @property
    def form(self) -> str | None:
        """The form of the record."""
        return self.rule.form

    def value(self, expression: Expression) -> Any:
        """The value of an expression for this record."""
        return expression.evaluate(self.facts, self.moment, **self.variables)

    def values(self, expressions: Mapping[str, Expression]) -> dict[str, Any]:
        """The values of several, by name."""
        return {name: self.value(each) for name, each in expressions.items()}

    def words(self, template: TextTemplate) -> Any:
        """A text with this record's values in it, in every language it has."""
        return template.render_all(self.facts, self.moment, **self.variables)

    def shown(self, needs: Sequence[Any]) -> tuple[Mapping[str, Any], Moment]:
        """What words that leave for people and programs may say: everything for a rule that acts as the app, for one
        that acts as a person what that person may see; of a record they may not read, nothing."""
        form, context = self.rule.form, self.context
        if context.actor.is_app or form is None or self.record_id is None or not needs:
            return self.facts, self.moment
        old = {name: None if kept_from(context, form, name) else each for name, each in (self.moment.old or {}).items()}
        moment = replace(self.moment, old=old) if self.moment.old is not None else self.moment
        try:
            return visible_facts(context, form, self.record_id, needs), moment
        except (NotFound, Forbidden):
            wanted = needs_of(needs)
            blank: dict[str, Any] = dict.fromkeys(wanted.paths)
            return {**blank, **{relation: [] for relation, _ in wanted.rows}}, replace(moment, old=dict.fromkeys(old))

    def keep(self, values: Mapping[str, Any]) -> None:
        """Later actions of the same firing see what an earlier one set."""
        for name, value in values.items():
            if self.facts.get(name) != value:
                self.facts[name] = value
                for path in [path for path in self.facts if path.startswith(f"{name}.")]:
                    del self.facts[path]
