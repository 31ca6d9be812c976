"""What can be asked of the print engine about one paper: list, render, history, again, verify."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Any

from pydantic import Field as Key

from lowcode.kernel.answers import Items, has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import NotFound, Rejected
from lowcode.kernel.records.visible import without_what_is_kept
from lowcode.printing.diagnostics import problem
from lowcode.printing.operations.calibrating import setting_of
from lowcode.printing.operations.keeping import (
    Compile,
    batch_with,
    find_print,
    fonts_of,
    keep,
    next_copy,
    plan_of_version,
    prints_of,
    prints_with,
    snapshot_of,
)
from lowcode.printing.operations.making import Maker
from lowcode.printing.operations.permitting import language_of, may_print, permitted, plans_of
from lowcode.printing.operations.reading import read_facts, read_snapshot


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
    background: bool | None = Key(
        None, description="Whether a form is printed under it; left out, as the template says."
    )
    printer: str | None = Key(None, max_length=80, description="The printer whose correction is applied.")


class HistoryParameters(Parameters):
    """A record."""

    form: str
    id: int


class AgainParameters(Parameters):
    """A kept print."""

    print: int


class VerifyParameters(Parameters):
    """A file, or the SHA-256 of one in hexadecimal, as a browser computes it without sending the file; or the number of
    a print, to compare a sheet in one's hand with what was printed."""

    content: bytes | None = None
    digest: str | None = Key(None, pattern=r"^[0-9a-f]{64}$")
    print: int | None = None


class PrintOperations:
    """The operations, with the outputs and the workers they draw with."""

    def __init__(self, maker: Maker, compile_: Compile) -> None:
        self.maker, self._compile = maker, compile_

    def all(self) -> Iterable[Operation]:
        """Every operation."""
        yield Operation("printing.list", self.offered, ListParameters, writes=False, summary="Papers of a form")
        yield Operation("printing.render", self.render, RenderParameters, summary="A paper of a record")
        yield Operation("printing.history", self.history, HistoryParameters, writes=False, summary="Papers of a record")
        yield Operation("printing.again", self.again, AgainParameters, writes=False, summary="A kept paper, made again")
        yield Operation(
            "printing.verify", self.verify, VerifyParameters, writes=False,
            summary={"en": "Is this file what was printed?", "zh-CN": "验证打印件"},
        )  # fmt: skip

    def offered(self, context: Context, params: ListParameters) -> Items:
        """The templates a person may use: of a form, or those that can be printed of a record now."""
        offered = []
        for plan in plans_of(context).of_form(params.form):
            if not may_print(context, plan, params.id):
                continue
            if params.id is not None and plan.when is not None:
                snapshot = read_facts(context, plan, params.id, plan.languages[0])
                with without_what_is_kept(context):
                    now = plan.when.holds(self.maker.facts(plan, snapshot))
                if not now:
                    continue
            about = {"name": plan.name, "title": plan.title, "languages": list(plan.languages)}
            offered.append(about | {"outputs": list(plan.outputs)})
        return {"items": offered}

    def render(
        self, context: Context, params: RenderParameters
    ) -> Annotated[
        dict[str, Any], has(name=str, media_type=str, content=str, missing=list, copy=int | None, print=int | None)
    ]:
        """The file, its name and media type; characters that no font has are named in `missing`.

        It is made before its row is written, so that the transaction's write is short.
        """
        plan = permitted(context, params.template, params.id)
        output = self.maker.output(params.format)
        if output.name not in plan.outputs:
            known = ", ".join(plan.outputs)
            raise Rejected(problem("not-as", template=plan.name, seen=output.name, known=known))
        copy = next_copy(context, plan.name, params.id)
        snapshot = read_snapshot(context, plan, params.id, language_of(context, plan, params.language), copy)
        snapshot = replace(snapshot, setting=setting_of(context, params.background, params.printer))
        kept = output.paper if params.keep is None else params.keep
        host: Any = context.host
        with without_what_is_kept(context):
            made = self.maker.make(plan, snapshot, output, counted=kept, files=host.files.get)
        number = keep(context, plan, params.id, snapshot, made) if kept else None
        skipped = [each["name"] for each in snapshot.files if each["format"] is None]
        return made.answer() | {"copy": copy if kept else None, "print": number, "skipped": skipped}

    def history(self, context: Context, params: HistoryParameters) -> Items:
        """The papers made of a record, the newest first, for whoever may read it."""
        context.ask("records.get", type=params.form, id=params.id, fields=("id",))
        return {"items": context.unit.fetch(prints_of, of_type=params.form, of_record=params.id)}

    def again(
        self, context: Context, params: AgainParameters
    ) -> Annotated[
        dict[str, Any], has(name=str, media_type=str, content=str, missing=list, same_fonts=bool, same=bool | None)
    ]:
        """The same paper from its snapshot and the template as it was; `same` says whether it is byte for byte what
        was given out, `same_fonts` whether it was set in the same faces."""
        row = find_print(context, params.print)
        if row["template"] in plans_of(context).templates:
            permitted(context, row["template"], row["record_id"])
        plan = plan_of_version(context, row["digest"], plans_of(context), self._compile)
        host: Any = context.host
        output = self.maker.output(row["output"])
        made = self.maker.make(plan, snapshot_of(row), output, counted=True, files=host.files.get)
        about = {"copy": row["copy"], "print": row["id"], "same_fonts": fonts_of(made) == row["fonts"]}
        alone = not row["content"].startswith("batch:")  # else it was a part of a larger file
        return made.answer() | about | {"same": made.digest == row["content"] if alone else None}

    def verify(
        self, context: Context, params: VerifyParameters
    ) -> Annotated[dict[str, Any], has(known=bool, digest=str, print=dict | None)]:
        """Whether a file is a paper that was given out here, unchanged: `known`, and for those who may read its record,
        which, by whom and when; `batch` for a file of many papers; `proven` where it can be made again from what was
        kept, byte for byte."""
        digest = params.digest or (hashlib.sha256(params.content).hexdigest() if params.content is not None else None)
        if digest is None and params.print is not None:
            row = find_print(context, params.print)
            return {"known": True, "digest": row["content"], "print": _shown(row), "batch": None, "proven": None}
        if digest is None:
            raise Rejected(problem("nothing-to-verify", "/content"))
        found = context.unit.fetch(prints_with, of_content=digest)
        batch = context.unit.one(batch_with, of_digest=digest) if not found else None
        known = bool(found) or batch is not None
        answer: dict[str, Any] = {
            "known": known, "digest": digest, "print": None, "proven": None,
            "batch": self._batch(context, batch) if batch is not None else None,
        }  # fmt: skip
        for each in found:
            try:
                row = find_print(context, each["id"])
                again = self.again(context, AgainParameters(print=each["id"]))
            except NotFound:
                continue
            except Rejected as refused:
                return answer | {"print": _shown(row), "reason": refused.problems[0].code}
            return answer | {"print": _shown(row), "proven": again["same"]}
        return answer

    def _batch(self, context: Context, row: Any) -> dict[str, Any] | None:
        """Which batch a file came of, for whoever ordered it and those who may print by its template."""
        plan = plans_of(context).templates.get(row["template"])
        if row["asked_by"] != context.actor.id and (plan is None or not may_print(context, plan)):
            return None
        papers = row["total"] - len(row["refused"])
        return {name: row[name] for name in ("id", "template", "asked_by", "ended_at")} | {"papers": papers}


def _shown(row: Any) -> dict[str, Any]:
    names = ("id", "template", "record_type", "record_id", "copy", "output", "language", "file_name", "printed_by",
             "printed_at")  # fmt: skip
    return {name: row[name] for name in names}
