"""What a template says of its sheet, understood: its size, the form that lies under it, the labels it is cut into."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lowcode.kernel.scope import Scope
from lowcode.printing.blocks.files import each_file
from lowcode.printing.blocks.image import format_of
from lowcode.printing.blocks.kind import Compiling
from lowcode.printing.definition import (
    SHEETS,
    BackgroundDefinition,
    LabelSheet,
    Margin,
    PageDefinition,
    PrintTemplate,
    Sheet,
)
from lowcode.printing.outputs.papers import REASONS, UnusablePdf, sizes_of
from lowcode.printing.plan import Attachments, Background, Labels, Page, Roll

KNOWN_LABELS = Path(__file__).with_name("label_sheets.json")
LABEL_MARGIN = 2.0
"""The border of a label whose template says nothing of it: labels are too small for that of a page."""


def page_of(page: PageDefinition, labels: LabelSheet | None) -> Page:
    """The sheet of a template; of labels one label."""
    if labels is not None:
        width, height = labels.width, labels.height
    else:
        width, height = _size(page.size)
        if page.landscape:
            width, height = height, width
    margin = LABEL_MARGIN if labels is not None and "margin" not in page.model_fields_set else page.margin
    if not isinstance(margin, Margin):
        margin = Margin(top=margin, right=margin, bottom=margin, left=margin)
    return Page(width, height, margin.top, margin.right, margin.bottom, margin.left)


def label_sheet(document: PrintTemplate, compiling: Compiling) -> LabelSheet | None:
    """The measures of a sheet of labels, by name or as written; one that does not fit its paper is a finding."""
    written = document.labels
    if written is None:
        return None
    if isinstance(written, str):
        known = known_labels()
        if written not in known:
            compiling.wrong("unknown-labels", "/labels", seen=written, known=list(known))
            return None
        written = LabelSheet.model_validate({key: each for key, each in known[written].items() if key != "title"})
    width, height = _size(written.paper)
    right = written.left + written.columns * written.width + (written.columns - 1) * written.across
    bottom = written.top + written.rows * written.height + (written.rows - 1) * written.down
    if right > width + 0.5 or bottom > height + 0.5:
        compiling.wrong("labels-too-large", "/labels", seen=f"{right:g} × {bottom:g}", sheet=f"{width:g} × {height:g}")
    return written


def known_labels() -> dict[str, dict[str, Any]]:
    """The sheets of labels that have a name."""
    found: dict[str, dict[str, Any]] = json.loads(KNOWN_LABELS.read_text(encoding="utf-8"))
    return found


def labels_of(sheet: LabelSheet) -> Labels:
    """Where its labels stand."""
    width, height = _size(sheet.paper)
    paper = Page(width, height, 0.0, 0.0, 0.0, 0.0)
    return Labels(paper, sheet.columns, sheet.rows, sheet.left, sheet.top, sheet.across, sheet.down)


def roll_of(document: PrintTemplate) -> Roll | None:
    """How its label printer is spoken to."""
    roll = document.roll
    return Roll(roll.dots, roll.letters, roll.font) if roll is not None else None


def count_of(content: bytes) -> int:
    """How many pages a PDF of the app has. Raises UnusablePdf."""
    return len(sizes_of(content))


def background_of(
    written: BackgroundDefinition | None, compiling: Compiling, pages_of: Callable[[bytes], int] = count_of
) -> Background | None:
    """The form that lies under the pages, in each language it has."""
    if written is None:
        return None

    def form_of(file: str, content: bytes, at: str) -> Mapping[str, Any] | None:
        form = "pdf" if content.startswith(b"%PDF-") else format_of(content)
        if form is None:
            compiling.wrong("no-form", at, seen=file)
            return None
        count = _pages(file, content, compiling, at, pages_of) if form == "pdf" else 1
        pages = written.pages or list(range(1, count + 1))
        for index, page in enumerate(written.pages):
            if not 1 <= page <= count:
                compiling.wrong("no-page", f"/page/background/pages/{index}", seen=page, count=count)
                return None
        if not pages:
            return None
        return {"type": "image", "format": form, "data": base64.b64encode(content).decode(), "pages": pages}

    nodes = each_file(written.file, compiling, "/page/background/file", form_of)
    return Background(nodes, written.printed) if nodes is not None else None


def attachments_of(document: PrintTemplate, compiling: Compiling, scope: Scope) -> Attachments | None:
    """The files behind the paper; a field that holds none is a finding."""
    written = document.attachments
    if written is None:
        return None
    values = []
    for index, path in enumerate(written.fields):
        at = f"/attachments/fields/{index}"
        value = compiling.bare(path, at)
        if value is not None and not _holds_files(scope, document.form, path.strip()):
            compiling.wrong("no-files", at, seen=path)
        elif value is not None:
            values.append(value)
    numbering = compiling.words(written.numbering, "/attachments/numbering")
    return Attachments(tuple(values), compiling.condition(written.when, "/attachments/when"), numbering)


def _holds_files(scope: Scope, form: str, path: str) -> bool:
    *links, name = path.split(".")
    record = scope.records.get(form)
    for each in links:
        field = record.fields.get(each) if record is not None else None
        record = scope.records.get(field.target or "") if field is not None else None
    field = record.fields.get(name) if record is not None else None
    return field is not None and field.kind is not None and field.kind.name == "attachment"


def _pages(file: str, content: bytes, compiling: Compiling, pointer: str, pages_of: Callable[[bytes], int]) -> int:
    """How many pages a PDF has; one that cannot be read is a finding, and has none."""
    try:
        return pages_of(content)
    except UnusablePdf as wrong:
        compiling.wrong("form-unreadable", pointer, seen=file, reason=REASONS[wrong.reason])
        return 0


def _size(size: str | Sheet) -> tuple[float, float]:
    return (size.width, size.height) if isinstance(size, Sheet) else SHEETS[size]
