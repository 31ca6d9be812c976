"""Labels of many records: on sheets, from the place where the first is free, or for the roll of a label printer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field as Key

from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Nothing, Operation, Parameters
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.records.visible import without_what_is_kept
from lowcode.printing.diagnostics import problem
from lowcode.printing.operations.calibrating import setting_of
from lowcode.printing.operations.making import Maker
from lowcode.printing.operations.permitting import language_of, permitted, plans_of
from lowcode.printing.operations.reading import read_snapshot
from lowcode.printing.plan import Labels, TemplatePlan
from lowcode.printing.run.labels import on_sheets
from lowcode.printing.sheets import known_labels

MOST = 2000
SHEETS, ROLL = ("pdf", "html", "png"), "zpl"


class LabelsParameters(Parameters):
    """A template that is a label, and the records in their order; each so many times, from a place of the sheet on."""

    template: str
    ids: tuple[int, ...] = Key(min_length=1, max_length=MOST)
    copies: int = Key(1, ge=1, le=500)
    start: int = Key(
        1, ge=1, le=5000, description="The first free place of the first sheet, counted row by row from 1."
    )
    format: str = "pdf"
    language: str | None = None
    background: bool | None = None
    printer: str | None = Key(None, max_length=80)


def label_sheets(_: Context, params: Nothing) -> Annotated[dict[str, Any], has(items=dict)]:
    """The sheets that have a name, by it."""
    return {"items": known_labels()}


class Labelling:
    """The operations of labels."""

    def __init__(self, maker: Maker) -> None:
        self.maker = maker

    def all(self) -> Iterable[Operation]:
        """Every operation."""
        words = {"en": "Labels of records", "zh-CN": "打印标签"}
        yield Operation("printing.labels", self.labels, LabelsParameters, writes=False, summary=words)
        words = {"en": "Sheets of labels that have a name", "zh-CN": "标签纸规格"}
        yield Operation("printing.label_sheets", label_sheets, writes=False,
                        summary=words)  # fmt: skip

    def labels(
        self, context: Context, params: LabelsParameters
    ) -> Annotated[dict[str, Any], has(name=str, media_type=str, content=str, labels=int)]:
        """One file with all of them. Labels are not counted and not kept: nobody signs them."""
        plans = plans_of(context).templates
        plan = plans.get(params.template)
        if plan is not None and plan.labels is None and plan.roll is None:
            raise Rejected(problem("no-labels", template=plan.title))
        if len(params.ids) * params.copies > MOST:
            raise Rejected(problem("labels-many", "/ids", limit=MOST))
        trees: list[dict[str, Any]] = []
        missing: dict[str, dict[str, str]] = {}
        setting = setting_of(context, params.background, params.printer)
        for identity in params.ids:
            plan = permitted(context, params.template, identity)
            snapshot = read_snapshot(context, plan, identity, language_of(context, plan, params.language))
            with without_what_is_kept(context):
                tree, unknown, _ = self.maker.tree(plan, replace(snapshot, setting=setting))
            trees.append(tree)
            missing |= {each["character"]: each for each in unknown}
        assert plan is not None
        known = [each for each in plan.outputs if each in (SHEETS if plan.labels is not None else (*SHEETS, ROLL))]
        if params.format not in known:
            raise Rejected(problem("labels-format", "/format", known=", ".join(known)))
        content = self._file(plan, trees, params)
        output = self.maker.output(params.format)
        return {"name": f"{plan.name}.{output.suffix}", "media_type": output.media_type, "content": content,
                "labels": len(trees) * params.copies, "missing": list(missing.values())}  # fmt: skip

    def _file(self, plan: TemplatePlan, trees: list[dict[str, Any]], params: LabelsParameters) -> bytes:
        if params.format == ROLL:
            return self.maker.zpl(plan, trees, params.copies)
        several = [tree for tree in trees for _ in range(params.copies)]
        labels = plan.labels or Labels(plan.page, 1, 1, 0.0, 0.0, 0.0, 0.0)
        sheets = on_sheets(labels, several, min(params.start, labels.count))
        return self.maker.set(plan, sheets, self.maker.output(params.format))
