"""The print engine, as the house holds it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from pydantic import BaseModel
from sqlalchemy import MetaData

from lowcode.kernel.contract import Handler, Operation, Stage, Timer
from lowcode.kernel.definitions import Documents, load, parse
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.registry import Kinds, Registry
from lowcode.kernel.scope import Scope
from lowcode.printing import blocks, outputs
from lowcode.printing.blocks.kind import BlockKind
from lowcode.printing.compile import compile_template
from lowcode.printing.definition import template_model
from lowcode.printing.facets import FACETS
from lowcode.printing.operations import PrintOperations
from lowcode.printing.operations.batches import Batches
from lowcode.printing.operations.calibrating import Calibrating
from lowcode.printing.operations.designing import Designing
from lowcode.printing.operations.drafting import Drafting
from lowcode.printing.operations.inspecting import Inspecting
from lowcode.printing.operations.labelling import Labelling
from lowcode.printing.operations.making import Maker
from lowcode.printing.operations.sending import Sending
from lowcode.printing.operations.sharing import Sharing
from lowcode.printing.operations.templates import Templates
from lowcode.printing.outputs.kind import Output
from lowcode.printing.outputs.worker.forms import FormFiles
from lowcode.printing.outputs.worker.pool import Workers
from lowcode.printing.plan import PrintingPlan, TemplatePlan
from lowcode.printing.tables import metadata


class Printing:
    """Papers from templates. Its workers start when the first paper is asked for."""

    name = "printing"
    tables: MetaData | None = metadata

    def __init__(self, kinds: Kinds | None = None, workers: Workers | None = None) -> None:
        known = Kinds.of(kinds, blocks.setup, outputs.setup)
        self.blocks: Registry[BlockKind] = known["block"]
        self.outputs: Registry[Output] = known["output"]
        self._model = template_model(self.blocks)
        self.documents: Mapping[str, type[BaseModel]] = {"template": self._model}
        self.workers = workers or Workers()
        self.forms = FormFiles(self.workers)

    def declare(self, documents: Documents, scope: Scope, report: Report) -> None:
        """Make every template's name known; flows and buttons print by it."""
        for source in documents.of("printing"):
            scope.declare("template", source.name, source, source.place("/name"), report)

    def compile(self, documents: Documents, scope: Scope, report: Report) -> PrintingPlan:
        """Every template, understood."""
        plans: dict[str, TemplatePlan] = {}
        pages_of = self.forms.pages if documents.sent else self.forms.own_pages
        for source in documents.of("printing"):
            plan = self._understood(source, documents.files, scope, report, pages_of)
            if plan is not None:
                plans[plan.name] = plan
        return PrintingPlan(plans, understand=self._kept)

    def _understood(
        self, source: Any, files: Mapping[str, bytes], scope: Scope, report: Report, pages_of: Callable[[bytes], int]
    ) -> TemplatePlan | None:
        document = parse(self._model, source, report)
        if document is None:
            return None
        return compile_template(document, source, scope, report, self.blocks, files, self.outputs, pages_of)

    def _kept(self, written: Any, files: Mapping[str, bytes], scope: Scope, report: Report) -> TemplatePlan | None:
        """A version of a template that something was printed with, or that somebody uploads, understood in the app as
        it is now."""
        name = written["name"]
        sources = list(load({"app.json": {"name": "kept"}, f"printing/{name}.json": written}, report).of("printing"))
        plan = self._understood(sources[0], files, scope, report, self.forms.pages) if sources else None
        return plan if report.ok else None

    def operations(self) -> Iterable[Operation]:
        """What can be asked."""
        maker = Maker(self.outputs, self.workers)
        inspecting = Inspecting(maker, self._kept, self.forms)
        own = (
            PrintOperations(maker, self._kept),
            Sharing(maker, self._kept),
            Batches(maker),
            Sending(maker),
            inspecting,
            Templates(inspecting),
            Designing(maker, self.blocks, self._model),
            Drafting(),
            Calibrating(maker),
            Labelling(maker),
        )
        return (*(operation for each in own for operation in each.all()), *FACETS)

    def stages(self) -> Iterable[Stage]:
        """It takes no part in a save."""
        return ()

    def handlers(self, plan: Any) -> Iterable[Handler | Timer]:
        """It listens to nothing: whoever wants a paper asks."""
        return ()
