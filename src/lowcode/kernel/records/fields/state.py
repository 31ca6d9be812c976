"""Where a record stands; it moves only along the transitions the author drew."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field as Key
from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from lowcode.kernel.definitions import Expression as ExpressionText
from lowcode.kernel.definitions import Part
from lowcode.kernel.definitions import Text as Words
from lowcode.kernel.expressions import Type
from lowcode.kernel.identity import Actor
from lowcode.kernel.records.fields.choices import Option, former_of, one_of, plainly_one_of
from lowcode.kernel.records.fields.kind import FieldDefinition, Plain
from lowcode.kernel.records.fields.shown import as_it_is
from lowcode.kernel.records.fields.stage import Ageing, Deliverable, Gate, Gates, Guide, StageChecklist


class State(Option):
    """One state: `closed` ends a record's life, `won` is success, `probability` (0 to 100) weighs forecasts; the rest
    is the stage model, what is asked of a record on its way in and out."""

    closed: bool = False
    won: bool = False
    probability: int | None = Key(None, ge=0, le=100)
    help: Words | None = None
    entry: list[Gate] = Key(default_factory=list, description="What has to hold before a record comes here.")
    exit: list[Gate] = Key(default_factory=list, description="What has to hold before a record goes on from here.")
    required: list[str] = Key(default_factory=list, description="Fields that are filled before it goes on from here.")
    deliverables: list[Deliverable] = Key(default_factory=list)
    checklist: StageChecklist | None = None
    guide: Guide | None = None
    ageing: Ageing | None = None

    @property
    def asks(self) -> bool:
        """Whether there is anything of the stage model in it."""
        asked = (self.exit, self.required, self.deliverables, self.checklist, self.guide, self.ageing)
        return any(asked)


class Transition(Part):
    """A move that is allowed: from one state, several, or any (`*`)."""

    source: str | list[str] = Key(alias="from")
    to: str
    title: Words | None = None
    when: ExpressionText | None = None
    message: Words | None = None
    roles: list[str] | None = None
    required: list[str] = Key(default_factory=list)
    confirm: Words | None = None
    gates: Gates = Key(
        "all",
        description="Which gates of its two states it is held to: all; entry: only those of the state it comes to, for "
        "giving up and going back; none.",
    )

    def starts_at(self, state: str | None) -> bool:
        """Whether it may begin in a state."""
        if self.source == "*":
            return True
        return state in ([self.source] if isinstance(self.source, str) else self.source)

    def open_to(self, actor: Actor) -> bool:
        """Whether somebody may take it."""
        return self.roles is None or actor.is_administrator or bool(actor.roles & set(self.roles))


class StateFieldDefinition(FieldDefinition):
    """What an author may say of it."""

    type: Literal["state"]
    states: list[State]
    initial: str | None = None
    transitions: list[Transition] = Key(default_factory=list)


class StateField:
    """Where a record stands; it moves only along the transitions the author drew."""

    name = "state"
    options = StateFieldDefinition

    def type(self, options: StateFieldDefinition) -> Type:
        """The type of its values."""
        return Type("choice", options=tuple(state.name for state in options.states), former=former_of(options))

    def column(self, options: StateFieldDefinition) -> TypeEngine[Any] | None:
        """How it is stored."""
        return Text()

    def coerce(self, value: Any, options: StateFieldDefinition) -> Any:
        """The value that was meant."""
        return one_of(value, options.states)

    def plain(self, options: StateFieldDefinition) -> Plain:
        """A key as it is."""
        return plainly_one_of(options.states)

    show = as_it_is
