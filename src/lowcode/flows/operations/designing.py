"""What the designer of flows asks: which kinds of steps there are, what each may say, and what a new one begins with.

A flow that is designed is the document itself; what is changed is looked at and published by `app.plan` and
`app.publish`, and instances that run go on by the version they began with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from lowcode.flows.words import CHOICES, GROUPS, KINDS, OPTIONS
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.definitions.designing import in_order, palette
from lowcode.kernel.definitions.schema import schema_of

PUT: Mapping[str, Mapping[str, Any]] = {
    "approve": {"approvers": [{"manager_of": "starter"}], "mode": "all", "nobody": "to_administrator"},
    "task": {"assignees": ["starter"]},
    "copy": {"to_people": [{"field": "owner"}]},
    "notify": {"to_people": [{"field": "owner"}]},
    "set": {"values": {}},
    "create": {"form": "", "values": {}},
    "print": {"template": ""},
    "flow": {"flow": ""},
    "throw": {"signal": "signal"},
    "wait": {"for": {"days": 1}},
    "branch": {"branches": [{"when": ""}]},
    "parallel": {},
    "inclusive": {"branches": [{"when": ""}, {"when": ""}]},
    "scope": {},
    "handler": {"event": {"message": "message"}},
    "end": {"outcome": "approved"},
}
"""What may be put into a flow, with what it says at first. Its ways the designer knows, and what comes with it: where
parallel ways meet, the beginning and the end of what a scope or a handler holds."""
EVENTS = ("after", "message", "when", "signal", "error", "escalation")
"""What may be caught at a step."""
LASTS: Mapping[str, tuple[str, ...]] = {
    "approve": ("after", "message", "when", "signal", "error"),
    "task": ("after", "message", "when", "signal", "error"),
    "wait": ("after", "message", "when", "signal", "error"),
    "flow": EVENTS,
    "scope": EVENTS,
    "handler": (),
    "start": (),
    "end": (),
    "parallel": (),
    "join": (),
}
"""What a kind of step lasts for; of others, which are over at once, only an error is caught."""
WAYS = ("to", "approved", "rejected", "late", "otherwise")
"""The options that name the step to go on with, wherever they stand in a step."""


class PaletteParameters(Parameters):
    """The form of the flow that is designed."""

    form: str


class Designing:
    """The operations of the designer."""

    def __init__(self, model: Any) -> None:
        self._model = model

    @cached_property
    def _schema(self) -> dict[str, Any]:
        return schema_of(self._model)

    def all(self) -> Iterable[Operation]:
        """Every operation."""
        yield Operation(
            "flows.palette", self.palette, PaletteParameters, "administrator", writes=False,
            summary={"en": "Steps for the designer", "zh-CN": "设计器步骤"},
        )  # fmt: skip

    def palette(self, context: Context, params: PaletteParameters) -> dict[str, Any]:
        """Every kind of step with what a new one says (null: it is not put on an arrow), the options that are ways, the
        schema of what may be written, the words for all of it, and what the app has that a step may name. `events` are
        what may be caught at such a step."""
        names = context.app.scope.names
        kinds = self._schema["properties"]["nodes"]["items"]["discriminator"]["mapping"]
        return {
            "schema": self._schema,
            "kinds": [self._kind(name) for name in in_order(kinds, KINDS)],
            "ways": list(WAYS),
            "words": {"groups": GROUPS, "options": OPTIONS, "choices": CHOICES},
            "names": {kind: sorted(names(kind)) for kind in ("form", "flow", "template")},
            **palette(context),
        }  # fmt: skip

    @staticmethod
    def _kind(name: str) -> dict[str, Any]:
        group, title = KINDS.get(name, ("other", name))
        begin = {"type": name, "title": title, **PUT[name]} if name in PUT else None
        events = list(LASTS.get(name, ("error",)))
        return {"name": name, "title": title, "group": group, "begin": begin, "events": events}
