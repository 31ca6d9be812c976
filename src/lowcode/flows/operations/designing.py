"""What the designer of flows asks: which kinds of steps there are, what each may say, and what a new one begins with.

A flow that is designed is the document itself; what is changed is looked at and published by `app.plan` and
`app.publish`, and instances that run go on by the version they began with.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Annotated, Any

from lowcode.flows.operations.plans import flows_of
from lowcode.flows.words import CHOICES, GROUPS, KINDS, OPTIONS
from lowcode.kernel.answers import Checked, has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.definitions.designing import in_order, palette, relations_of, told
from lowcode.kernel.definitions.schema import schema_of
from lowcode.kernel.identity import org

PUT: Mapping[str, Mapping[str, Any]] = {
    "approve": {"approvers": [{"manager_of": "starter"}], "mode": "all", "nobody": "to_administrator"},
    "task": {"assignees": ["starter"]},
    "copy": {"to_people": [{"field": "owner"}]},
    "notify": {"to_people": [{"field": "owner"}]},
    "set": {"values": {}},
    "update": {"link": "", "values": {}},
    "create": {"form": "", "values": {}},
    "delete": {"link": ""},
    "print": {"template": ""},
    "request": {"connector": "", "operation": ""},
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
    "request": ("after", "message", "when", "signal", "error"),
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


class CheckParameters(Parameters):
    """A flow as it would be."""

    document: dict[str, Any]


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
        yield Operation(
            "flows.check", self.check, CheckParameters, "administrator", writes=False,
            summary={"en": "What is wrong with a flow", "zh-CN": "检查流程"},
        )  # fmt: skip

    def palette(
        self, context: Context, params: PaletteParameters
    ) -> Annotated[dict[str, Any], has(schema=dict, kinds=list[dict], words=dict)]:
        """Every kind of step with what a new one says (null: it is not put on an arrow), the options that are ways, the
        schema of what may be written, the words for all of it, what the app has that a step may name, and of each form
        its related records with their form, and the people and departments that may be named. `events` are what may be
        caught at such a step."""
        names = context.app.scope.names
        kinds = self._schema["properties"]["nodes"]["items"]["discriminator"]["mapping"]
        return {
            "schema": self._schema,
            "kinds": [self._kind(name) for name in in_order(kinds, KINDS)],
            "ways": list(WAYS),
            "words": {"groups": GROUPS, "options": OPTIONS, "choices": CHOICES},
            "names": {kind: sorted(names(kind)) for kind in ("form", "flow", "template")}
            | {"connector": sorted(names("offers")), "channel": sorted(names("connector"))},
            "relations": relations_of(context),
            "people": org.offered(context),
            "departments": org.departments_offered(context),
            **palette(context),
        }  # fmt: skip

    def check(self, context: Context, params: CheckParameters) -> Checked:
        """Everything that is wrong with a flow, held against the app as it stands: nothing else is understood anew, so
        it costs what the flow costs and not what the app does. `elsewhere`: other documents may speak of what it no
        longer says; `app.plan` looks at them."""
        flows, document = flows_of(context), params.document
        report = flows.check(document)
        standing = flows.flows.get(str(document.get("name")))
        return {
            "findings": told(report, context.actor.locale),
            "elsewhere": standing is not None and _misses(standing.document, document),
        }  # fmt: skip

    @staticmethod
    def _kind(name: str) -> dict[str, Any]:
        group, title = KINDS.get(name, ("other", name))
        begin = {"type": name, "title": title, **PUT[name]} if name in PUT else None
        events = list(LASTS.get(name, ("error",)))
        return {"name": name, "title": title, "group": group, "begin": begin, "events": events}


def _misses(standing: Mapping[str, Any], document: Mapping[str, Any]) -> bool:
    """Whether others can speak of something of a flow that is no longer as they know it: its form, what begins it, its
    steps."""
    if any(standing.get(key) != document.get(key) for key in ("form", "start")):
        return True
    return not _steps(standing) <= _steps(document)


def _steps(document: Mapping[str, Any]) -> set[str]:
    nodes = document.get("nodes")
    return {str(each.get("id")) for each in nodes if isinstance(each, Mapping)} if isinstance(nodes, list) else set()
