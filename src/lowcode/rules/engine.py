"""The rule engine: documents of the folder `rules` become rules and decision tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import BaseModel
from sqlalchemy import MetaData

from lowcode.kernel.contract import Handler, Operation, Stage, Timer
from lowcode.kernel.definitions import Documents
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.registry import Kinds, Registry
from lowcode.kernel.scope import Scope
from lowcode.rules import actions, tables
from lowcode.rules.actions.kind import ActionKind
from lowcode.rules.actions.schema import rule_model
from lowcode.rules.compile import compile_rules, model_of
from lowcode.rules.definition import TableDocument
from lowcode.rules.facets import FACETS
from lowcode.rules.operations import OPERATIONS
from lowcode.rules.plan import RulesPlan
from lowcode.rules.stages import STAGES
from lowcode.rules.ticking import timers


class Rules:
    """The engine of the folder `rules`."""

    name = "rules"
    tables: MetaData | None = tables.metadata

    def __init__(self, kinds: Kinds | None = None) -> None:
        self.kinds: Registry[ActionKind] = Kinds.of(kinds, actions.setup)["action"]
        self.documents: Mapping[str, type[BaseModel]] = {"rule": rule_model(self.kinds), "table": TableDocument}

    def declare(self, documents: Documents, scope: Scope, report: Report) -> None:
        """Make the names of rules and tables known."""
        for source in documents.of("rules"):
            what = "table" if model_of(source) is TableDocument else "rule"
            scope.declare(what, source.name, source, source.place(), report)

    def compile(self, documents: Documents, scope: Scope, report: Report) -> RulesPlan:
        """Understand them."""
        return compile_rules(documents, scope, report, self.kinds)

    def operations(self) -> Iterable[Operation]:
        """What can be asked of rules."""
        return (*OPERATIONS, *FACETS)

    def stages(self) -> Iterable[Stage]:
        """Rules inside the save, and rules that watch it."""
        return STAGES

    def handlers(self, plan: RulesPlan) -> Iterable[Handler | Timer]:
        """The timers of rules that time sets off."""
        return tuple(timers(plan))
