"""The api engine, as the house holds it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pydantic import BaseModel

from lowcode.api import connectors, mailboxes, offers, sign_in, syncing
from lowcode.api.compile import compile_api, models, offers_of, type_of
from lowcode.api.connectors.kind import ConnectorKind, understand_of
from lowcode.api.designing import Designing
from lowcode.api.operations import ApiOperations
from lowcode.api.plan import ApiPlan
from lowcode.api.push import devices
from lowcode.api.sign_in.kind import SignInKind
from lowcode.api.signing_in import Through
from lowcode.api.tables import metadata
from lowcode.api.tokens import Tokens
from lowcode.api.walking import Kept
from lowcode.api.watch import STAGES
from lowcode.kernel.contract import Handler, Operation, Stage, Timer
from lowcode.kernel.definitions import Documents
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.identity.rates import Rates
from lowcode.kernel.registry import Kinds, Registry
from lowcode.kernel.scope import Scope

FORGET_DEVICES = "20 3 * * *"


class Api:
    """The engine of the folder `api`. It counts requests in this process."""

    name = "api"
    tables = metadata

    def __init__(self, kinds: Kinds | None = None, rates: Rates | None = None) -> None:
        known = Kinds.of(kinds, connectors.setup, offers.setup, sign_in.setup)
        self.connectors: Registry[ConnectorKind] = known["connector"]
        self.sign_ins: Registry[SignInKind] = known["sign_in"]
        self.documents: Mapping[str, type[BaseModel]] = models(self.connectors, self.sign_ins)
        self.rates = rates or Rates()
        self.tokens = Tokens()
        self.kept = Kept()

    def declare(self, documents: Documents, scope: Scope, report: Report) -> None:
        """Make the names of intakes, webhooks and connectors known, and what connectors offer."""
        for source in documents.of("api"):
            word = type_of(source)
            if word in self.documents:
                declared = "connector" if word in self.connectors else "sign_in" if word in self.sign_ins else word
                scope.declare(declared, source.name, source, source.place(), report)
            kind = self.connectors.get(word)
            if kind is not None and understand_of(kind) is not None:
                found = offers_of(kind, source, documents.files, report)
                scope.declare("offers", source.name, found, source.place(), Report())

    def compile(self, documents: Documents, scope: Scope, report: Report) -> ApiPlan:
        """Understand them."""
        return compile_api(documents, scope, report, self.connectors, self.sign_ins)

    def operations(self) -> Iterable[Operation]:
        """What can be asked."""
        own = ApiOperations(self.rates, self.tokens, self.kept).all()
        return (*own, *Designing(self.connectors, self.sign_ins, Through(self.tokens, self.kept)).all())

    def stages(self) -> Iterable[Stage]:
        """It notices in every save what sets a webhook off."""
        return STAGES

    def handlers(self, plan: ApiPlan) -> Iterable[Handler | Timer]:
        """It looks into mailboxes and at organisations, and forgets devices whose session ran out; a message out is
        written in the transaction of its cause."""
        forgetting = Timer("push.forget_over", devices.by_night, cron=FORGET_DEVICES)
        return (*mailboxes.timers(plan.mailboxes), *syncing.timers(plan.organisations), forgetting)
