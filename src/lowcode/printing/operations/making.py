"""A plan and a snapshot to a file: nothing else goes in, so the same two give the same file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lowcode.kernel.diagnostics import Problem, Rejected, nearest
from lowcode.kernel.registry import Registry
from lowcode.printing.blocks.kind import NotDrawn, draw_all
from lowcode.printing.blocks.values import Facts
from lowcode.printing.diagnostics import problem
from lowcode.printing.outputs.fonts import packaged_fonts
from lowcode.printing.outputs.glyphs import missing_glyphs
from lowcode.printing.outputs.kind import Output, OutputMissing
from lowcode.printing.outputs.worker.pool import MEGABYTE, TookTooLong, TooLarge, WorkerFailed, Workers
from lowcode.printing.outputs.zpl import label
from lowcode.printing.plan import TemplatePlan
from lowcode.printing.run import facts_of, file_name, paper
from lowcode.printing.run.snapshot import Snapshot


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


def for_reader(tree: dict[str, Any], reader: str) -> dict[str, Any]:
    """The paper with the name of whoever it is given to across each page, under its own mark."""
    if not reader:
        return tree
    mark = tree["watermark"]
    own = f"{mark['text']}\n" if mark is not None else ""
    size = max(min(64.0, 420.0 / max(len(reader), 4)), 16.0)
    color = mark["color"] if mark is not None else "#1d2430"
    return {**tree, "watermark": {"text": f"{own}{reader}", "size": size, "color": color}}


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes papers with the outputs and the workers of one engine."""

    outputs: Registry[Output]
    workers: Workers

    def output(self, name: str) -> Output:
        """The output of a name. Raises Rejected."""
        if name not in self.outputs:
            known = self.outputs.names
            near = nearest(name, known) or ""
            raise Rejected(problem("no-output", seen=name, known=", ".join(known), near=near))
        return self.outputs[name]

    def facts(self, plan: TemplatePlan, snapshot: Snapshot) -> Facts:
        """What the blocks are drawn from."""
        faces = {name: str(path) for name, path in packaged_fonts().faces.items()}
        return facts_of(plan, snapshot, faces, self.workers.expand)

    def make(
        self, plan: TemplatePlan, snapshot: Snapshot, output: Output, counted: bool = False, reader: str = "",
        files: Callable[[str], bytes] | None = None,
    ) -> Made:  # fmt: skip
        """The file. Raises Rejected where the paper may not be made now or cannot be, and says which block it was.
        `files` gives those that come behind it."""
        fonts = packaged_fonts()
        facts = self.facts(plan, snapshot)
        _may_be_made_now(plan, facts)
        tree: dict[str, Any] = {}
        try:
            tree = for_reader(paper(plan, facts, counted=counted, setting=snapshot.setting), reader)
            if tree["background"] is not None and not output.paper:
                tree["background"]["shown"] = True  # on a screen the form is seen, whatever is printed
            behind = [each for each in snapshot.files if each["format"] is not None]
            if behind and plan.attachments is not None and output.name == "pdf" and files is not None:
                tree["numbering"] = plan.attachments.numbering.show(facts)
                contents = [files(each["digest"]) for each in behind]
                content = self.workers.append(tree, behind, contents, fonts.folders)
            else:
                content = output.make(tree, lambda made, form: self.workers.draw(made, fonts.folders, form))
        except (NotDrawn, OutputMissing) as failure:
            raise Rejected(self._refusal(plan, facts, tree, output, failure)) from None
        name = file_name(plan, facts, output.suffix)
        return Made(output, name, content, missing_glyphs(tree, fonts.faces), fonts.faces)

    def tree(
        self, plan: TemplatePlan, snapshot: Snapshot, counted: bool = False
    ) -> tuple[dict[str, Any], list[dict[str, str]], str]:
        """The print tree, the characters no face has, and the name without a suffix: for setting many together."""
        facts = self.facts(plan, snapshot)
        _may_be_made_now(plan, facts)
        try:
            tree = paper(plan, facts, counted=counted, setting=snapshot.setting)
        except NotDrawn as failure:
            raise Rejected(self._refusal(plan, facts, {}, self.outputs["pdf"], failure)) from None
        return tree, missing_glyphs(tree, packaged_fonts().faces), file_name(plan, facts, "pdf").removesuffix(".pdf")

    def pages(self, plan: TemplatePlan, snapshot: Snapshot, most: int) -> tuple[list[bytes], list[dict[str, str]]]:
        """The first pages of a paper as pictures, to be looked at, and the characters no face has. Raises Rejected."""
        facts = self.facts(plan, snapshot)
        output = self.outputs["png"]
        tree: dict[str, Any] = {}
        try:
            tree = paper(plan, facts, setting=snapshot.setting)
            if tree["background"] is not None:
                tree["background"]["shown"] = True
            pages = self._draw(tree, "png")
        except (NotDrawn, OutputMissing) as failure:
            raise Rejected(self._refusal(plan, facts, tree, output, failure)) from None
        return pages[:most], missing_glyphs(tree, packaged_fonts().faces)

    def set(self, plan: TemplatePlan, tree: dict[str, Any], output: Output) -> bytes:
        """A tree as a file, of whatever papers it is made. Raises Rejected."""
        return self._unfailing(plan, lambda: output.make(tree, self._draw))

    def zpl(self, plan: TemplatePlan, trees: Sequence[dict[str, Any]], copies: int) -> bytes:
        """Labels for the roll of a printer, each so many times. Raises Rejected."""
        return self._unfailing(plan, lambda: "".join(label(tree, self._draw, copies) for tree in trees).encode())

    def _draw(self, tree: Mapping[str, Any], form: str) -> list[bytes]:
        return self.workers.draw(tree, packaged_fonts().folders, form)

    def _unfailing(self, plan: TemplatePlan, made: Callable[[], bytes]) -> bytes:
        try:
            return made()
        except (NotDrawn, OutputMissing) as failure:
            raise Rejected(problem("failed", template=plan.title, reason=str(failure)[:300], block="/")) from None

    def _refusal(
        self, plan: TemplatePlan, facts: Facts, tree: dict[str, Any], output: Output, failure: Exception
    ) -> Problem:
        if isinstance(failure, WorkerFailed) and failure.reason == "Unappendable":
            reason, _, name = str(failure).partition(": ")
            return problem(f"attachment-{reason}", file=name)
        place = getattr(failure, "block", None)
        if place is None and isinstance(failure, WorkerFailed):
            place = self._culprit(plan, facts, tree, output)
        block = place or "/"
        match failure:
            case TookTooLong():
                return problem("too-slow", template=plan.title, seconds=self.workers.seconds, block=block)
            case TooLarge():
                return problem(
                    "too-large", template=plan.title, limit=max(self.workers.output // MEGABYTE, 1), block=block
                )
            case _:
                return problem("failed", template=plan.title, reason=str(failure)[:300], block=block)

    def _culprit(self, plan: TemplatePlan, facts: Facts, tree: dict[str, Any], output: Output) -> str | None:
        """The block that fails by itself, found by setting each alone on a page; None when only all together fail."""
        fonts = packaged_fonts()
        bare = {
            **tree,
            "header": [],
            "first_header": None,
            "footer": [],
            "furniture": {},
            "watermark": None,
            "placed": [],
        }
        parts = [(f"/body/{place}", [block]) for place, block in enumerate(plan.body)]
        parts += [("/page/header", list(plan.header)), ("/page/footer", list(plan.footer))]
        for place, blocks in parts:
            alone = {**bare, "body": draw_all(blocks, facts)}
            try:
                output.make(alone, lambda made, form: self.workers.draw(made, fonts.folders, form))
            except WorkerFailed:
                return place
        return None


def _may_be_made_now(plan: TemplatePlan, facts: Facts) -> None:
    if plan.when is not None and not plan.when.holds(facts):
        own = Problem("printing.not-now", plan.message, "", {"template": plan.title}) if plan.message else None
        raise Rejected(own or problem("not-now", template=plan.title))
