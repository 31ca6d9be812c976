"""What was understood of the rules of an app: frozen, compiled, ready to run. `compile` makes it, `run` reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import time, timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from lowcode.rules.decisions.table import DecisionTable
from lowcode.rules.lookups import NO_LOOKUPS, Lookups
from lowcode.rules.messages.message import Message
from lowcode.rules.pools.pool import Pool
from lowcode.rules.schedules.spans import Span
from lowcode.rules.scores.card import ScoreCard

if TYPE_CHECKING:
    from lowcode.kernel.contract import Context
    from lowcode.kernel.diagnostics import Text
    from lowcode.kernel.expressions import Expression
    from lowcode.rules.actions.kind import Action
    from lowcode.rules.actions.wait import WaitAction

MORNING = time(9)
"""The time of day of a date rule that states none: nobody wants to be told at midnight."""

SaveKind = Literal["create", "update", "delete"]


@dataclass(frozen=True, slots=True)
class Taking:
    """A field that takes (or gives up) one of some values; `condition` says it as an expression."""

    field: str
    states: frozenset[str]
    condition: str = ""


@dataclass(frozen=True, slots=True)
class OnRecord:
    """Events of a record. `fields`: for `updated`, only changes of these count."""

    created: bool = False
    updated: bool = False
    fields: frozenset[str] = frozenset()
    deleted: bool = False
    becomes: Expression | None = None
    entered: Taking | None = None
    left: Taking | None = None


@dataclass(frozen=True, slots=True)
class OnSchedule:
    """Times of the clock: cron, or a span between runs."""

    cron: str | None = None
    every: Span | None = None


@dataclass(frozen=True, slots=True)
class OnInactive:
    """A span since an instant of the record. `choices` are the fields the instant is the first of, when it is that
    plain: then each is asked on its own, so that its index serves."""

    since: Expression
    span: Span | None
    overdue: bool = False
    choices: tuple[str, ...] = ()
    is_day: bool = False


@dataclass(frozen=True, slots=True)
class OnDate:
    """A span before (sign -1) or after (sign 1) a date of the record. `at` None: the field's own time counts."""

    field: str
    value: Expression
    span: Span
    sign: int
    yearly: bool
    at: time | None
    is_day: bool
    march: bool = False
    """29 February is kept on 1 March of other years, not on 28 February."""
    fires_late: bool = False
    """It fires at once for a record that gets its date when the moment has passed; otherwise not at all."""


@dataclass(frozen=True, slots=True)
class OnEvent:
    """An event told of a record, and what it must say."""

    name: str
    of: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Limit:
    """How often a rule may fire before it is paused."""

    most: int
    per: timedelta


@dataclass(frozen=True, slots=True)
class OnButton:
    """A person presses it on a record's page."""

    title: Text
    roles: frozenset[str] | None
    confirm: Text | None = None


Trigger: TypeAlias = OnRecord | OnSchedule | OnInactive | OnDate | OnButton | OnEvent


@dataclass(frozen=True, slots=True)
class Step:
    """One rung of an escalation: its number from 1, when it is due, and what it does. A rule without steps has one
    step 0 that holds its actions, and a step more for what stands after each `wait`."""

    number: int
    after: Span | None
    actions: tuple[Action, ...]
    when: Expression | None = None
    wait: WaitAction | None = None

    @property
    def needs(self) -> tuple[Any, ...]:
        """What its condition and its actions read."""
        own = (self.when,) if self.when is not None else ()
        waits = self.wait.needs if self.wait is not None else ()
        return (*own, *waits, *(need for action in self.actions for need in action.needs))


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule."""

    name: str
    title: Text
    form: str | None
    trigger: Trigger
    phase: Literal["before", "after"]
    when: Expression | None
    steps: tuple[Step, ...]
    priority: int = 100
    run_as: Literal["app", "actor"] = "app"
    catch_up: Literal["all", "latest", "skip"] = "latest"
    each_time: bool = False
    log_all: bool = False
    limit: Limit | None = None
    gate: Expression | None = None
    """The whole condition of a save: state entered, `becomes` and `when` in one."""
    edge: Expression | None = None
    """What must not have held before the save for the rule to fire; None: no such demand."""
    still: Expression | None = None
    """What must hold when the rule runs some time after it was set off: read again, on the record as it is then."""
    exit: Expression | None = None
    """What ends its waits."""
    ends: str | None = None
    """The rule whose waits this one ends: it watches for the exit of another and does nothing else."""
    watched: frozenset[str] = frozenset()
    """The own fields its trigger and conditions read: a change of none of them cannot set it off anew."""

    @property
    def conditions(self) -> tuple[Expression, ...]:
        """Every expression that decides whether it fires."""
        own = (self.trigger.becomes,) if isinstance(self.trigger, OnRecord) else ()
        return tuple(each for each in (*own, self.when) if each is not None)

    def step(self, number: int) -> Step:
        """A step by its number."""
        return next(each for each in self.steps if each.number == number)

    def after(self, step: Step) -> Step | None:
        """The step that waits for another to be done."""
        following = next((each for each in self.steps if each.number == step.number + 1), None)
        return following if following is not None and following.wait is not None else None

    def after_deletion(self, step: Step) -> bool:
        """Whether a step is meant for a record that may be deleted by now: the rule watches deletions, or an event that
        may say so."""
        return (isinstance(self.trigger, OnRecord) and self.trigger.deleted) or (
            isinstance(self.trigger, OnEvent) and step.after is None
        )

    @property
    def waits(self) -> bool:
        """Whether it waits between its actions."""
        return any(each.wait is not None for each in self.steps)

    def needs(self, step: Step) -> tuple[Any, ...]:
        """Everything that must be loaded for one of its steps to run."""
        found = [each for each in (self.still, self.exit) if each is not None]
        if isinstance(self.trigger, OnInactive):
            found.append(self.trigger.since)
        elif isinstance(self.trigger, OnDate):
            found.append(self.trigger.value)
        return (*found, *step.needs)


Fused: TypeAlias = Callable[..., list[Any]]
Sieved: TypeAlias = "Callable[[frozenset[str]], tuple[Rule, ...]]"


@dataclass(frozen=True, slots=True)
class Watch:
    """The rules of one kind of save of one record type whose conditions need nothing but the record: one function
    asks them all. `linked` are the others: they are asked once the record is written and its links can be read."""

    fused: Fused
    own: tuple[Rule, ...]
    linked: tuple[Rule, ...]
    own_left: Sieved
    linked_left: Sieved
    """Those of them that a change of some fields can set off (`sieving`)."""

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All of them, the lowest priority number first."""
        return tuple(sorted((*self.own, *self.linked), key=lambda rule: (rule.priority, rule.name)))


@dataclass(frozen=True, slots=True)
class RulesPlan:
    """Every rule, decision table, score card and pool of an app version."""

    rules: Mapping[str, Rule]
    tables: Mapping[str, DecisionTable]
    before: Mapping[tuple[str, SaveKind], Watch]
    after: Mapping[tuple[str, SaveKind], Watch]
    cards: Mapping[str, ScoreCard] = field(default_factory=dict)
    pools: Mapping[str, Pool] = field(default_factory=dict)
    messages: Mapping[str, Message] = field(default_factory=dict)
    disarmed: Mapping[str, Rule] = field(default_factory=dict)
    """The rules that are written and not enabled: they can be tried out and tested on history, and never fire."""

    def lookups(self, context: Context) -> Mapping[str, Callable[..., Any]]:
        """The decision tables as `LOOKUPTABLE` sees them."""
        return Lookups(self.tables, context) if self.tables else NO_LOOKUPS

    buttons: Mapping[str, tuple[Rule, ...]] = field(default_factory=dict)
    """The rules with a button, by form."""

    def concerns(self, form: str) -> bool:
        """Whether rules have anything to say of what may be done with a record."""
        return form in self.buttons

    @property
    def listening(self) -> tuple[Rule, ...]:
        """The rules that an event sets off."""
        return tuple(each for each in self.rules.values() if isinstance(each.trigger, OnEvent))

    @property
    def timed(self) -> tuple[Rule, ...]:
        """The rules that time sets off."""
        return tuple(each for each in self.rules.values() if isinstance(each.trigger, (OnSchedule, OnInactive, OnDate)))
