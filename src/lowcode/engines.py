"""The one list of what is built in: the engines, and the kinds each extension point begins with."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lowcode.api import connectors, offers, sign_in
from lowcode.api.engine import Api
from lowcode.flows import nodes
from lowcode.flows.engine import Flows
from lowcode.flows.nodes.asking import reviewers
from lowcode.forms.engine import Forms
from lowcode.kernel.contract import Engine
from lowcode.kernel.definitions.load import COMPANIONS
from lowcode.kernel.expressions import functions
from lowcode.kernel.records import fields
from lowcode.kernel.registry import Kinds
from lowcode.printing import blocks, outputs
from lowcode.printing.engine import Printing
from lowcode.reports import charts
from lowcode.reports.engine import Reports
from lowcode.rules import actions, analysers
from lowcode.rules.engine import Rules
from lowcode.rules.scores import scorers

ENGINES: tuple[Callable[[Kinds], Engine], ...] = (Forms, Flows, Rules, Reports, Printing, Api)
"""The six, in the order in which their stages and plans are made. What `engine` adds comes after them."""

SETUPS: tuple[Callable[[Kinds], None], ...] = (
    fields.setup, functions.setup, nodes.setup, analysers.setup, actions.setup, charts.setup, blocks.setup,
    outputs.setup, connectors.setup, offers.setup, sign_in.setup, scorers.setup, reviewers.setup,
)  # fmt: skip


def setup(kinds: Kinds) -> None:
    """Open every extension point and add what is built in: what a plug-in's `setup` does for its own."""
    for each in SETUPS:
        each(kinds)
    kinds.open("engine", "engine", ("__call__",), _refusal)
    kinds.add("engine", *ENGINES)


def _refusal(made: Any) -> str | None:
    if not str(made.name).isidentifier():
        return "its name is the folder of its documents: letters, digits and _"
    if made.name in COMPANIONS:
        return f"the folder {made.name} of an app holds other files"
    return None


def built_in(kinds: Kinds | None = None) -> list[Engine]:
    """The engines, anew for each host: an engine holds its registries of kinds, and two hosts share nothing."""
    known = Kinds.of(kinds, setup)
    return [make(known) for make in known["engine"]]
