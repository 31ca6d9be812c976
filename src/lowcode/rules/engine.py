"""The rule engine: documents of the folder `rules` become rules and decision tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import BaseModel
from sqlalchemy import MetaData

from lowcode.kernel.contract import Handler, Operation, Stage, Timer
from lowcode.kernel.definitions import Documents
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.expressions.lookups import lookup_of
from lowcode.kernel.registry import Kinds, Registry
from lowcode.kernel.scope import Scope
from lowcode.rules import actions, analysers, answering, designing, listing, sequences, tables
from lowcode.rules.actions.kind import ActionKind
from lowcode.rules.actions.schema import pool_model, rule_model
from lowcode.rules.batches import operations as batches
from lowcode.rules.compile import compile_rules, model_of
from lowcode.rules.compile_pool import reclaims_of
from lowcode.rules.decisions import designing as table_designing
from lowcode.rules.decisions import operations as decisions
from lowcode.rules.definition import TableDocument
from lowcode.rules.facets import FACETS
from lowcode.rules.late import STAGE as LATE_STAGE
from lowcode.rules.library import operations as library
from lowcode.rules.messages import designing as message_designing
from lowcode.rules.messages import operations as messages
from lowcode.rules.messages.documents import MessageDocument
from lowcode.rules.operations import OPERATIONS
from lowcode.rules.plan import RulesPlan
from lowcode.rules.pools import designing as pool_designing
from lowcode.rules.pools import operations as pools
from lowcode.rules.pools.documents import PoolDocument
from lowcode.rules.pools.moving import move_stage
from lowcode.rules.returning import STAGE as BACK_STAGE
from lowcode.rules.scores import designing as score_designing
from lowcode.rules.scores import keeping as refreshing
from lowcode.rules.scores import operations as scores
from lowcode.rules.scores import scorers
from lowcode.rules.scores.documents import ScoreCardDocument
from lowcode.rules.scores.scorers.kind import ScorerKind
from lowcode.rules.stages import STAGES
from lowcode.rules.ticking import listeners, timers
from lowcode.rules.trials import operations as trials

WORDS = {TableDocument: "table", ScoreCardDocument: "score card", PoolDocument: "pool", MessageDocument: "message"}
"""What an author calls a document that is no rule."""

SCORE_STAGES = (
    Stage("rules.score", 250, refreshing.score_stage),
    Stage("rules.score-events", 510, refreshing.events_stage),
)
POOL_STAGE = Stage("rules.pool", 205, move_stage)


class Rules:
    """The engine of the folder `rules`."""

    name = "rules"
    tables: MetaData | None = tables.metadata

    def __init__(self, kinds: Kinds | None = None) -> None:
        known = Kinds.of(kinds, analysers.setup, actions.setup, scorers.setup)
        self.kinds: Registry[ActionKind] = known["action"]
        self.scorers: Registry[ScorerKind] = known["scorer"]
        self.documents: Mapping[str, type[BaseModel]] = {
            "rule": rule_model(self.kinds),
            "table": TableDocument,
            "score_card": ScoreCardDocument,
            "pool": pool_model(self.kinds),
            "message": MessageDocument,
        }

    def declare(self, documents: Documents, scope: Scope, report: Report) -> None:
        """Make the names of rules, tables and score cards known."""
        for source in documents.of("rules"):
            scope.declare(WORDS.get(model_of(source), "rule"), source.name, source, source.place(), report)
            if model_of(source) is TableDocument:
                scope.tables[source.name] = lookup_of(source.data)
            for name, pointer, rule in reclaims_of(source) if model_of(source) is PoolDocument else ():
                scope.declare("rule", name, rule, source.place(pointer), report)

    def compile(self, documents: Documents, scope: Scope, report: Report) -> RulesPlan:
        """Understand them."""
        return compile_rules(documents, scope, report, self.kinds, self.scorers)

    def operations(self) -> Iterable[Operation]:
        """What can be asked of rules."""
        return (
            *OPERATIONS,
            *answering.OPERATIONS,
            *listing.OPERATIONS,
            *designing.OPERATIONS,
            *sequences.OPERATIONS,
            *batches.OPERATIONS,
            *messages.OPERATIONS,
            *message_designing.OPERATIONS,
            *decisions.OPERATIONS,
            *table_designing.OPERATIONS,
            *scores.OPERATIONS,
            *score_designing.OPERATIONS,
            *pools.OPERATIONS,
            *pool_designing.OPERATIONS,
            *trials.OPERATIONS,
            *library.OPERATIONS,
            *FACETS,
        )

    def stages(self) -> Iterable[Stage]:
        """Rules inside the save, and rules that watch it."""
        return (*STAGES, *SCORE_STAGES, POOL_STAGE, LATE_STAGE, BACK_STAGE)

    def handlers(self, plan: RulesPlan) -> Iterable[Handler | Timer]:
        """The timers of rules that time sets off."""
        return (*timers(plan), *listeners(plan), *refreshing.timers(plan.cards.values()))
