"""What can be asked of the print engine: `printing.list`, `printing.render`, `printing.history`, `printing.again`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Forbidden, NotFound, Problem, Rejected, nearest
from lowcode.kernel.records.visible import without_what_is_kept
from lowcode.kernel.registry import Registry
from lowcode.printing.diagnostics import REFUSALS
from lowcode.printing.operations.reading import read_facts
from lowcode.printing.outputs.fonts import digest_of, packaged_fonts
from lowcode.printing.outputs.glyphs import missing_glyphs
from lowcode.printing.outputs.kind import Output, OutputMissing
from lowcode.printing.outputs.worker.pool import TookTooLong, WorkerFailed, Workers
from lowcode.printing.plan import PrintingPlan, TemplatePlan
from lowcode.printing.run import facts_of, file_name, paper
from lowcode.printing.run.snapshot import Snapshot, from_json
from lowcode.printing.tables import print_copy, template_version

copies_made = sa.select(sa.func.coalesce(sa.func.max(print_copy.c["copy"]), 0).label("count")).where(
    print_copy.c.template == sa.bindparam("of_template"), print_copy.c.record_id == sa.bindparam("of_record")
)
one_print = sa.select(print_copy).where(print_copy.c.id == sa.bindparam("print_id"))
prints_of = (
    sa.select(*(column for column in print_copy.c if column.name != "snapshot"))
    .where(print_copy.c.record_type == sa.bindparam("of_type"), print_copy.c.record_id == sa.bindparam("of_record"))
    .order_by(print_copy.c.id.desc())
)
known_version = sa.select(template_version.c.name).where(template_version.c.digest == sa.bindparam("of_digest"))


class ListParameters(Parameters):
    """A form, and perhaps one record of it: then only templates that can be printed now."""

    form: str
    id: int | None = None


class RenderParameters(Parameters):
    """A template and a record. Paper that can be signed is counted and kept; `keep` says otherwise."""

    template: str
    id: int
    format: str = "pdf"
    language: str | None = None
    keep: bool | None = None


class HistoryParameters(Parameters):
    """A record."""

    form: str
    id: int


class AgainParameters(Parameters):
    """A paper that was printed."""

    print: int


@dataclass(frozen=True, slots=True)
class PrintOperations:
    """The operations, with the outputs and workers of one engine."""

    outputs: Registry[Output]
    workers: Workers

    def all(self) -> Iterable[Operation]:
        """Each operation."""
        yield Operation(
            "printing.list", self.offered, ListParameters, writes=False, summary="Templates of a form or record"
        )
        yield Operation("printing.render", self.render, RenderParameters, summary="A paper of a record")
        yield Operation("printing.history", self.history, HistoryParameters, writes=False, summary="Papers of a record")
        yield Operation("printing.again", self.again, AgainParameters, writes=False, summary="A kept paper, made again")

    def offered(self, context: Context, params: ListParameters) -> dict[str, Any]:
        """The templates a person may use: of a form, or those that can be printed of a record now."""
        offered = []
        for plan in plans_of(context).of_form(params.form):
            if not may_print(context, plan):
                continue
            if params.id is not None and plan.when is not None:
                snapshot = Snapshot(read_facts(context, plan, params.id), context.moment(), plan.languages[0])
                with without_what_is_kept(context):
                    now = plan.when.holds(facts_of(plan, snapshot, {}))
                if not now:
                    continue
            about = {"name": plan.name, "title": plan.title, "languages": list(plan.languages)}
            offered.append(about | {"outputs": list(plan.outputs)})
        return {"items": offered}

    def render(self, context: Context, params: RenderParameters) -> dict[str, Any]:
        """The file, its name and media type; characters that no font has are named in `missing`.

        It is made before its row is written, so that the transaction's write is short.
        """
        plan = _template(context, params.template)
        language = _language(context, plan, params.language)
        output = self._output(params.format)
        if output.name not in plan.outputs:
            known = ", ".join(plan.outputs)
            raise Rejected(_problem("not-as", template=plan.name, seen=output.name, known=known))
        record = read_facts(context, plan, params.id)
        copy = _one(context.unit.one(copies_made, of_template=plan.name, of_record=params.id), "count") + 1
        snapshot = Snapshot(record, context.moment(), language, context.actor.name, copy)
        with without_what_is_kept(context):
            made = self._make(plan, snapshot, output)
        keep = output.paper if params.keep is None else params.keep
        number = _keep(context, plan, params, snapshot, made) if keep else None
        return made.answer() | {"copy": copy if keep else None, "print": number}

    def history(self, context: Context, params: HistoryParameters) -> dict[str, Any]:
        """The papers made of a record, the newest first, for whoever may read it."""
        context.ask("records.get", type=params.form, id=params.id, fields=("id",))
        return {"items": context.unit.fetch(prints_of, of_type=params.form, of_record=params.id)}

    def again(self, context: Context, params: AgainParameters) -> dict[str, Any]:
        """The same paper from its snapshot; `same` says whether it is byte for byte what was given out."""
        row = context.unit.one(one_print, print_id=params.print)
        if row is None:
            raise NotFound(_problem("no-print"))
        context.ask("records.get", type=row["record_type"], id=row["record_id"], fields=("id",))
        plan = _template(context, row["template"])
        made = self._make(plan, from_json(row["snapshot"]), self._output(row["output"]))
        return made.answer() | {"same": made.digest == row["content"], "copy": row["copy"], "print": row["id"]}

    def _output(self, name: str) -> Output:
        if name not in self.outputs:
            known = self.outputs.names
            near = nearest(name, known) or ""
            raise Rejected(_problem("no-output", seen=name, known=", ".join(known), near=near))
        return self.outputs[name]

    def _make(self, plan: TemplatePlan, snapshot: Snapshot, output: Output) -> Made:
        fonts = packaged_fonts()
        faces = {name: str(path) for name, path in fonts.faces.items()}
        facts = facts_of(plan, snapshot, faces, self.workers.expand)
        if plan.when is not None and not plan.when.holds(facts):
            problem = Problem("printing.not-now", plan.message, "", {"template": plan.title}) if plan.message else None
            raise Rejected(problem or _problem("not-now", template=plan.name))
        try:
            tree = paper(plan, facts)
            content = output.make(tree, lambda made, form: self.workers.draw(made, fonts.folders, form))
        except TookTooLong:
            raise Rejected(_problem("too-slow", template=plan.name, seconds=self.workers.seconds)) from None
        except OutputMissing as missing:
            raise Rejected(_problem("failed", template=plan.name, reason=str(missing))) from None
        except WorkerFailed as failure:
            raise Rejected(_problem("failed", template=plan.name, reason=str(failure)[:300])) from None
        return Made(
            output, file_name(plan, facts, output.suffix), content, missing_glyphs(tree, fonts.faces), fonts.faces
        )


@dataclass(frozen=True, slots=True)
class Made:
    """A paper as a file."""

    output: Output
    name: str
    content: bytes
    missing: list[dict[str, str]]
    faces: Mapping[str, Path]

    @property
    def digest(self) -> str:
        """The hash of the file."""
        return hashlib.sha256(self.content).hexdigest()

    def answer(self) -> dict[str, Any]:
        """What whoever asked is given."""
        return {
            "name": self.name,
            "media_type": self.output.media_type,
            "content": self.content,
            "missing": self.missing,
        }


def _keep(context: Context, plan: TemplatePlan, params: RenderParameters, snapshot: Snapshot, made: Made) -> int | None:
    """Remember a paper, and the template's version when it is new."""
    unit = context.unit
    if unit.one(known_version, of_digest=plan.digest) is None:
        document = plan.document
        unit.insert(
            template_version, digest=plan.digest, name=plan.name, document=document, first_used_at=context.now()
        )
    values = {
        "template": plan.name,
        "digest": plan.digest,
        "record_type": plan.form,
        "record_id": params.id,
        "copy": snapshot.copy,
        "output": made.output.name,
        "language": snapshot.language,
        "file_name": made.name,
        "printed_by": context.actor.id,
        "printed_at": context.now(),
        "snapshot": snapshot.as_json(),
        "content": made.digest,
        "fonts": " ".join(digest_of(path) for _, path in sorted(made.faces.items())),
        "missing": made.missing,
    }
    number = unit.insert(print_copy, **values)
    context.tell("printing.printed", record_type=plan.form, record_id=params.id, template=plan.name, copy=snapshot.copy)
    return number


def plans_of(context: Context) -> PrintingPlan:
    plan: PrintingPlan = context.app.plans["printing"]
    return plan


def may_print(context: Context, plan: TemplatePlan) -> bool:
    return not plan.roles or context.actor.is_administrator or bool(plan.roles & context.actor.roles)


def _template(context: Context, name: str) -> TemplatePlan:
    plan = plans_of(context).templates.get(name)
    if plan is None:
        raise NotFound(_problem("no-template", template=name))
    if not may_print(context, plan):
        raise Forbidden(_problem("not-for-you", template=name))
    return plan


def _language(context: Context, plan: TemplatePlan, asked: str | None) -> str:
    """The language asked for, else the person's, else the template's first."""
    for wanted in (asked, context.actor.locale):
        for known in plan.languages if wanted else ():
            if known == wanted or (wanted and known.split("-")[0] == wanted.split("-")[0]):
                return known
    return plan.languages[0]


def _problem(key: str, **values: Any) -> Problem:
    code = f"printing.{key}"
    return Problem(code, REFUSALS[code], "", values)


def _one(row: Mapping[str, Any] | None, name: str) -> int:
    return int(row[name]) if row is not None else 0
