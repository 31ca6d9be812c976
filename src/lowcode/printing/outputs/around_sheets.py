"""What stands around the cells of a workbook, moved along with its rows: merged cells, rules for looks and entries,
tables, names, print areas, pictures, comments, charts; and pictures that become codes."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from lowcode.printing.blocks.drawing.office import parsed
from lowcode.printing.blocks.drawing.workbooks import DRAWN, S, SheetPart, pictures
from lowcode.printing.outputs.archive import written
from lowcode.printing.outputs.coded import ART, CODES, Pixels, code_svg, show
from lowcode.printing.outputs.references import Moves, moved

Of = Callable[[str], Moves | None]
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
LATER = "{http://schemas.microsoft.com/office/excel/2006/main}"
VML = "{urn:schemas-microsoft-com:office:excel}"


def finish(root: Any, moves: Moves, formula: Callable[[str], str]) -> None:
    """What a sheet says beside its cells: areas are moved and stretched, merged cells of a line come with each copy."""
    for merged in list(root.iter(f"{S}mergeCell")):
        for area in moves.copies(str(merged.get("ref"))):
            merged.addprevious(merged.makeelement(merged.tag, {"ref": area}))
        merged.getparent().remove(merged)
    holder = root.find(f"{S}mergeCells")
    if holder is not None:
        holder.attrib.pop("count", None)
        if len(holder) == 0:
            root.remove(holder)
    for element in root.iter(f"{S}dimension", f"{S}autoFilter", f"{S}hyperlink", f"{S}sortState"):
        element.set("ref", moves.area(str(element.get("ref"))) or "A1")
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        if element.get("sqref") and element.tag not in (f"{S}selection",):
            _areas(element, moves)
        elif element.tag == f"{LATER}sqref":
            element.text = moves.areas(element.text or "") or "A1"
        elif element.tag in (f"{S}formula", f"{S}formula1", f"{S}formula2", f"{LATER}f"):
            element.text = formula(element.text or "")
    for broken in root.iter(f"{S}rowBreaks"):
        for each in broken:
            each.set("id", str(moves.bottom(int(each.get("id") or 0))))


def _areas(element: Any, moves: Moves) -> None:
    left = moves.areas(element.get("sqref"))
    if left:
        element.set("sqref", left)
    else:
        element.getparent().remove(element)


def move_around(parts: dict[str, bytes], sheets: Iterable[SheetPart], moves: Of) -> None:
    """The other members of the workbook."""
    for sheet in sheets:
        own = moves(sheet.name)
        if own is None or not own.spans:
            continue
        for kind, move in MOVING.items():
            for path in sheet.related.get(kind, ()):
                _change(parts, path, partial(move, moves=own))
    for path in [each for each in parts if each.startswith("xl/charts/") and each.endswith(".xml")]:
        _change(parts, path, lambda root: _formulas(root, f"{CHART}f", moves))
    _change(parts, "xl/workbook.xml", lambda root: _formulas(root, f"{S}definedName", moves))


def _change(parts: dict[str, bytes], path: str, change: Callable[[Any], None]) -> None:
    if path in parts:
        root = parsed(parts[path])
        change(root)
        parts[path] = written(root)


def _formulas(root: Any, tag: str, moves: Of) -> None:
    for element in root.iter(tag):
        element.text = moved(element.text or "", "", moves)


def _anchors(root: Any, moves: Moves) -> None:
    """A picture moves with the row it begins in and keeps its size."""
    for anchor in root:
        begin, end = anchor.find(f"{DRAWN}from/{DRAWN}row"), anchor.find(f"{DRAWN}to/{DRAWN}row")
        if begin is None:
            continue
        old = int(begin.text or 0)
        new = moves.top(old + 1) - 1
        begin.text = str(new)
        if end is not None:
            end.text = str(int(end.text or 0) + new - old)


def _referring(root: Any, moves: Moves) -> None:
    for element in root.iter():
        if isinstance(element.tag, str) and element.get("ref"):
            element.set("ref", moves.area(element.get("ref")) or "A1")


def _notes(root: Any, moves: Moves) -> None:
    for element in root.iter(f"{VML}Row"):
        if (element.text or "").strip().isdigit():
            element.text = str(moves.top(int(element.text) + 1) - 1)


MOVING: Mapping[str, Callable[..., None]] = {
    "drawing": _anchors, "table": _referring, "comments": _referring, "vmlDrawing": _notes,
}  # fmt: skip
"""What belongs to a sheet and is moved along, by the kind of the member."""


def without_chain(parts: dict[str, bytes]) -> None:
    """Leave out in which order formulas were computed, and have them computed when the file is opened."""
    if parts.pop("xl/calcChain.xml", None) is not None:
        _change(parts, "[Content_Types].xml", lambda root: _drop(root, "PartName", "/xl/calcChain.xml"))
        _change(parts, "xl/_rels/workbook.xml.rels", lambda root: _drop(root, "Target", "calcChain.xml"))
    _change(parts, "xl/workbook.xml", _recomputed)


def _drop(root: Any, name: str, end: str) -> None:
    for element in list(root):
        if str(element.get(name, "")).endswith(end):
            root.remove(element)


def _recomputed(root: Any) -> None:
    known = root.find(f"{S}calcPr")
    if known is None:
        known = root.makeelement(f"{S}calcPr", {})
        before = [each for each in root if each.tag in (f"{S}sheets", f"{S}externalReferences", f"{S}definedNames")]
        before[-1].addnext(known)
    known.set("fullCalcOnLoad", "1")


def put_codes(
    parts: dict[str, bytes], sheets: Iterable[SheetPart], codes: Iterable[tuple[str, list[tuple[str, int]]]],
    pixels: Pixels,
) -> None:  # fmt: skip
    """Pictures whose description asked for a code, in the order in which they were read: one for each text, so many
    rows further down; a code of nothing is gone."""
    waiting = iter(codes)
    for sheet in sheets:
        for path, root, picture in list(pictures(parts, sheet)):
            kind, texts = next(waiting)
            anchor = picture.getparent()
            place = anchor.index(picture)
            for text, down in texts:
                drawing = code_svg(kind, text)
                if drawing:
                    made = copy.deepcopy(anchor)
                    anchor.addprevious(made)
                    _further(made, down)
                    _show(parts, path, made[place], text, drawing, pixels)
            anchor.getparent().remove(anchor)
            parts[path] = written(root)


def _further(anchor: Any, down: int) -> None:
    """Let a picture stand so many rows further down."""
    for end in ("from", "to"):
        row = anchor.find(f"{DRAWN}{end}/{DRAWN}row")
        if row is not None:
            row.text = str(int(row.text or 0) + down)


def _show(parts: dict[str, bytes], path: str, picture: Any, text: str, drawing: str, pixels: Pixels) -> None:
    extent = picture.find(f"{DRAWN}spPr/{ART}xfrm/{ART}ext")
    show(parts, path, picture.find(f"{DRAWN}blipFill/{ART}blip"), extent, drawing, pixels)
    about = picture.find(f"{DRAWN}nvPicPr/{DRAWN}cNvPr")
    about.set("descr", text)
    about.set("id", str(CODES + sum(each.startswith("xl/media/code") for each in parts)))
