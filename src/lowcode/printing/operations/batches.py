"""Papers of many records in one go: one PDF or a zip, made after the commit on all cores, with progress on the way.

The papers are set in parts, one part to a worker at a time, so that a thousand need no more memory than some. A zip
holds each paper as it would be given out alone; a PDF holds them one after the other, each counting its own pages.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field as Key

from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Outcome, Parameters
from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected, SwitchedOff
from lowcode.kernel.records.visible import without_what_is_kept
from lowcode.kernel.storage import files
from lowcode.printing.diagnostics import problem
from lowcode.printing.operations.keeping import keep_version, next_copy
from lowcode.printing.operations.making import Maker
from lowcode.printing.operations.permitting import language_of, may_print, permitted, plans_of
from lowcode.printing.operations.reading import read_snapshot
from lowcode.printing.outputs.fonts import digest_of, packaged_fonts
from lowcode.printing.plan import TemplatePlan
from lowcode.printing.run.snapshot import Snapshot
from lowcode.printing.tables import batch_file, print_batch, print_copy

MOST = 5000
PART = 20
"""Papers that are set together: they share their fonts in the file."""
PIECE = 40 * 2**20
"""A file of a batch is no larger; more papers make more files."""

one_batch = sa.select(print_batch).where(print_batch.c.id == sa.bindparam("of_batch"))
advance = (
    sa.update(print_batch)
    .where(print_batch.c.id == sa.bindparam("of_batch"))
    .values(state=sa.bindparam("new_state"), done=sa.bindparam("new_done", type_=sa.Integer))
)
finish = (
    sa.update(print_batch)
    .where(print_batch.c.id == sa.bindparam("of_batch"))
    .values(
        state="done",
        done=print_batch.c.total,
        refused=sa.bindparam("new_refused", type_=print_batch.c.refused.type),
        files=sa.bindparam("new_files", type_=print_batch.c.files.type),
        ended_at=sa.bindparam("end_at", type_=print_batch.c.ended_at.type),
    )
)


class BatchParameters(Parameters):
    """A template and the records, in the order in which they are printed."""

    template: str
    ids: tuple[int, ...] = Key(min_length=1)
    format: str = Key("pdf", json_schema_extra={"enum": ["pdf", "zip"]})
    language: str | None = None


class OfBatch(Parameters):
    """A batch."""

    batch: int


class EndParameters(OfBatch):
    """What came out: the papers, the files as kept, and who was refused."""

    papers: tuple[dict[str, Any], ...]
    files: tuple[dict[str, Any], ...]
    refused: tuple[dict[str, Any], ...]


@dataclass(slots=True)
class Part:
    """Some papers of a batch: what they were made from and the files."""

    snapshots: list[tuple[int, Snapshot]] = field(default_factory=list)
    contents: list[tuple[str, bytes]] = field(default_factory=list)
    missing: list[list[dict[str, str]]] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)


class Batches:
    """The operations of batches."""

    def __init__(self, maker: Maker) -> None:
        self.maker = maker

    def all(self) -> Iterable[Operation]:
        """Every operation."""
        words = {"en": "Print many records", "zh-CN": "批量打印"}
        yield Operation("printing.batch", self.batch, BatchParameters, summary=words)
        words = {"en": "How far a batch is", "zh-CN": "批量打印进度"}
        yield Operation("printing.progress", self.progress, OfBatch, writes=False, summary=words)
        yield Operation("printing.run_batch", self.run, OfBatch, "internal", writes=False, outside=True)
        yield Operation("printing.end_batch", self.end, EndParameters, "internal")

    def batch(self, context: Context, params: BatchParameters) -> Annotated[dict[str, Any], has(batch=int, total=int)]:
        """Order the papers; they are made after the commit."""
        if params.format not in ("pdf", "zip"):
            raise Rejected(problem("batch-output", "/format"))
        ids = list(dict.fromkeys(params.ids))
        if len(ids) > MOST:
            raise Rejected(problem("batch-size", "/ids", limit=MOST))
        plan = plans_of(context).templates.get(params.template)
        if plan is None:
            raise NotFound(problem("no-template", template=params.template))
        if not may_print(context, plan):
            raise Forbidden(problem("not-for-you"))
        if "pdf" not in plan.outputs:
            raise Rejected(problem("not-as", template=plan.name, seen="pdf", known=", ".join(plan.outputs)))
        number = context.unit.insert(
            print_batch, template=plan.name, ids=ids, output=params.format, language=params.language, state="waiting",
            total=len(ids), done=0, refused=[], files=[], asked_by=context.actor.id, asked_at=context.now(),
        )  # fmt: skip
        context.later("printing.run_batch", key=f"printing.batch:{number}", batch=number)
        return {"batch": number, "total": len(ids)}

    def progress(
        self, context: Context, params: OfBatch
    ) -> Annotated[dict[str, Any], has(id=int, template=str, state=str, total=int, done=int, refused=list, files=list)]:
        """How far it is, what was refused, and the files when it is done; for whoever ordered it."""
        row = context.unit.one(one_batch, of_batch=params.batch)
        if row is None or (row["asked_by"] != context.actor.id and not context.actor.is_administrator):
            raise NotFound(problem("no-batch"))
        return {name: row[name] for name in ("id", "template", "state", "total", "done", "refused", "files")}

    def run(self, context: Context, params: OfBatch) -> Outcome:
        """Make them: parts side by side, one for each worker."""
        host: Any = context.host
        row = context.unit.one(one_batch, of_batch=params.batch)
        if row is None or row["state"] == "done":
            return Outcome()
        plan = plans_of(context).templates.get(row["template"])
        if row["template"] in context.app.off_names("template"):
            raise SwitchedOff(problem("no-template", template=row["template"]))
        actor = host.directory(context.unit).actor(row["asked_by"]) if row["asked_by"] is not None else host.app_actor
        if plan is None or actor is None:
            refused = [{"id": each, "reason": "printing.no-template"} for each in row["ids"]]
            return Outcome(None, (("printing.end_batch", {"batch": params.batch, "papers": (), "files": (),
                                                          "refused": tuple(refused)}),))  # fmt: skip
        parts = [row["ids"][start : start + PART] for start in range(0, len(row["ids"]), PART)]
        finished = 0
        papers: list[dict[str, Any]] = []
        refused = []
        pieces = _Pieces(host, row["output"], plan.name)
        with ThreadPoolExecutor(self.maker.workers.count) as threads:
            making = threads.map(lambda ids: self._part(host, actor, plan, row, ids), parts)
            for ids, part in zip(parts, making, strict=True):
                refused += part.refused
                papers += _kept(plan, part, row["output"], params.batch)
                pieces.add(part)
                finished += len(ids)
                _advance(host, params.batch, finished)
        made = {"batch": params.batch, "papers": tuple(papers), "files": tuple(pieces.end()), "refused": tuple(refused)}
        return Outcome(None, (("printing.end_batch", made),))

    def end(self, context: Context, params: EndParameters) -> None:
        """Remember the papers, and hand out the files."""
        row = context.unit.one(one_batch, of_batch=params.batch)
        if row is None or row["state"] == "done":
            return
        acting = context.as_user(row["asked_by"]) if row["asked_by"] is not None else context
        if params.papers:
            keep_version(context, plans_of(context).templates[row["template"]])
        for each in params.papers:
            context.unit.insert(print_copy, **each, printed_by=row["asked_by"], printed_at=context.now())
            context.tell(
                "printing.printed", record_type=each["record_type"], record_id=each["record_id"],
                template=row["template"], copy=each["copy"],
            )  # fmt: skip
        host: Any = context.host
        kept = [files.keep(acting, each["name"], each["type"], host.files.get(each["digest"])) for each in params.files]
        for digest in sorted({each["digest"] for each in params.files}):
            context.unit.insert(batch_file, digest=digest, batch=params.batch)
        context.unit.run(
            finish, of_batch=params.batch, new_refused=list(params.refused), new_files=kept, end_at=context.now()
        )
        context.tell("printing.batch_done", batch=params.batch, papers=len(params.papers))
        if row["asked_by"] is not None:
            title = {"zh-CN": f"批量打印完成：{len(params.papers)} 份", "en": f"{len(params.papers)} papers are ready"}
            context.ask("notifications.send", to=(row["asked_by"],), title=title)

    def _part(self, host: Any, actor: Any, plan: TemplatePlan, row: Mapping[str, Any], ids: Sequence[int]) -> Part:
        """Read and set some papers, in a thread of its own."""
        part, trees = Part(), []
        fonts = packaged_fonts()
        with host.database.reading() as unit:
            context = host.context(unit, actor)
            language = language_of(context, plan, row["language"])
            for identity in ids:
                try:
                    permitted(context, plan.name, identity)
                    copy = next_copy(context, plan.name, identity)
                    snapshot = read_snapshot(context, plan, identity, language, copy)
                    with without_what_is_kept(context):
                        if plan.attachments is not None:
                            self._whole(host, plan, part, identity, snapshot)
                            continue
                        tree, missing, name = self.maker.tree(plan, snapshot, counted=True)
                except Rejected as refused:
                    part.refused.append({"id": identity, "reason": refused.problems[0].words(language)})
                    continue
                part.snapshots.append((identity, snapshot))
                part.missing.append(missing)
                trees.append((name, tree))
        if plan.attachments is not None:
            return part
        if row["output"] == "zip":
            part.contents = [
                (f"{name}.pdf", self.maker.workers.draw(tree, fonts.folders, "pdf")[0]) for name, tree in trees
            ]
        elif trees:
            whole = self.maker.workers.draw_all([tree for _, tree in trees], fonts.folders, "pdf")[0]
            part.contents = [("", whole)]
        return part

    def _whole(self, host: Any, plan: TemplatePlan, part: Part, identity: int, snapshot: Snapshot) -> None:
        """A paper with files behind it is made by itself."""
        made = self.maker.make(plan, snapshot, self.maker.output("pdf"), counted=True, files=host.files.get)
        part.snapshots.append((identity, snapshot))
        part.missing.append(made.missing)
        part.contents.append((made.name, made.content))


@dataclass(slots=True)
class _Pieces:
    """Gathers parts into files of a size that can be kept."""

    host: Any
    output: str
    name: str
    waiting: list[tuple[str, bytes]] = field(default_factory=list)
    size: int = 0
    kept: list[dict[str, Any]] = field(default_factory=list)

    def add(self, part: Part) -> None:
        """One more part."""
        for name, content in part.contents:
            if self.waiting and self.size + len(content) > PIECE:
                self._close()
            self.waiting.append((name, content))
            self.size += len(content)

    def end(self) -> list[dict[str, Any]]:
        """All files."""
        if self.waiting:
            self._close()
        several = len(self.kept) > 1
        return [
            {**each, "name": f"{self.name}-{place}.{each['suffix']}" if several else f"{self.name}.{each['suffix']}"}
            for place, each in enumerate(self.kept, 1)
        ]

    def _close(self) -> None:
        if self.output == "zip":
            content, media_type = _zipped(self.waiting), "application/zip"
        else:
            content, media_type = _joined([each for _, each in self.waiting]), "application/pdf"
        digest = self.host.files.put(content)
        self.kept.append({"suffix": self.output, "type": media_type, "digest": digest})
        self.waiting, self.size = [], 0


def _kept(plan: TemplatePlan, part: Part, output: str, batch: int) -> Iterator[dict[str, Any]]:
    """What is remembered of each paper. One in a common PDF has no file of its own."""
    fonts = " ".join(digest_of(path) for _, path in sorted(packaged_fonts().faces.items()))
    for place, (identity, snapshot) in enumerate(part.snapshots):
        alone = output == "zip"
        name, content = part.contents[place] if alone else (f"{plan.name}-{batch}.pdf", b"")
        yield {
            "template": plan.name, "digest": plan.digest, "record_type": plan.form, "record_id": identity,
            "copy": snapshot.copy, "output": "pdf", "language": snapshot.language, "file_name": name,
            "snapshot": snapshot.as_json(), "fonts": fonts, "missing": part.missing[place],
            "content": hashlib.sha256(content).hexdigest() if alone else f"batch:{batch}",
        }  # fmt: skip


def _advance(host: Any, batch: int, done: int) -> None:
    """Progress is written in a transaction of its own, so that it is seen."""
    host.write(lambda unit: unit.run(advance, of_batch=batch, new_state="running", new_done=done))


def _zipped(contents: Sequence[tuple[str, bytes]]) -> bytes:
    """An archive; of papers with the same name each later one gets a number."""
    raw, names = io.BytesIO(), set[str]()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_STORED) as archive:
        for name, content in contents:
            free, stem, number = name, name.removesuffix(".pdf"), 1
            while free in names:
                number += 1
                free = f"{stem} ({number}).pdf"
            names.add(free)
            archive.writestr(zipfile.ZipInfo(free, (1980, 1, 1, 0, 0, 0)), content)
    return raw.getvalue()


def _joined(contents: Sequence[bytes]) -> bytes:
    if len(contents) == 1:
        return contents[0]
    import pypdf  # an optional dependency, at its one door

    writer = pypdf.PdfWriter()
    for content in contents:
        writer.append(io.BytesIO(content), import_outline=False)
    raw = io.BytesIO()
    writer.write(raw)
    return raw.getvalue()
