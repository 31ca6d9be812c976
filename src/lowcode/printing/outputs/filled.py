"""A Word file with its place-holders filled: everything else in it stays as it was made."""

from __future__ import annotations

import base64
import copy
import io
import zipfile
from collections.abc import Mapping
from typing import Any

from lowcode.printing.blocks.drawing import office
from lowcode.printing.outputs.archive import written
from lowcode.printing.outputs.coded import ART, Pixels, code_svg, show

Node = Mapping[str, Any]


def filled(node: Node, pixels: Pixels) -> bytes:
    """The file of a node of type `word`."""
    parts = office.cleaned(base64.b64decode(node["file"]))
    singles, decides = iter(node["values"]), iter(node["decides"])
    members = list(office.written(parts))
    for name, root in members:
        for picture, kind, _ in list(office.codes(root)):
            next(decides)
            _code(parts, name, picture, kind, next(singles) or "", pixels)
    count = 0
    for name, root in members:
        count = _fill(root, node["lines"], singles, decides, count)
        parts[name] = written(root)
    return packed(parts)


def _code(parts: dict[str, bytes], name: str, picture: Any, kind: str, text: str, pixels: Pixels) -> None:
    """A picture that asked for a code shows it; a code of nothing is gone."""
    drawing, shown = code_svg(kind, text), picture.find(f".//{ART}blip")
    if not drawing or shown is None:
        whole = next((each for each in picture.iterancestors() if each.tag == office.ALTERNATIVE), picture)
        whole.getparent().remove(whole)
        return
    show(parts, name, shown, picture.find(f".//{office.DRAWN}extent"), drawing, pixels)
    picture.find(f".//{office.DRAWN}docPr").set("descr", text)


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The members as one file, its table of contents first."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        order = sorted(parts, key=lambda each: (each != "[Content_Types].xml", each))
        for each in order:
            archive.writestr(each, parts[each])
    return raw.getvalue()


def _fill(root: Any, lines: Node, singles: Any, decides: Any, count: int) -> int:
    """One tree: rows of tables that are repeated, then everything else in order. How many table rows were counted."""
    numbers: dict[Any, int] = {}
    doomed: list[Any] = []
    whole: dict[Any, list[Any]] = {}
    for paragraph in office.paragraphs(root):
        line = office.line_of(paragraph)
        if line is not None and line not in numbers:
            numbers[line] = count + len(numbers)
        number = str(numbers[line]) if line is not None else ""
        marks = [next(decides) for _ in office.HOLDER.finditer(office.text_of(paragraph))]
        if number in lines:
            whole.setdefault(line, []).append(marks)
            continue
        values = [next(singles) for _ in marks]
        _put(paragraph, values, marks, line, doomed)
    for line, marked in whole.items():
        _repeat(line, marked, lines[str(numbers[line])])
    for each in doomed:
        if each.getparent() is not None:
            each.getparent().remove(each)
    return count + len(numbers)


def _put(paragraph: Any, values: list[str | None], marks: list[bool], line: Any, doomed: list[Any]) -> None:
    """Fill a paragraph; one whose condition does not hold goes, with its row where it stands in one."""
    if any(mark and value is None for mark, value in zip(marks, values, strict=True)):
        doomed.append(line if line is not None else paragraph)
    office.put(paragraph, [None if mark else value for mark, value in zip(marks, values, strict=True)])


def _repeat(line: Any, marked: list[list[bool]], rows: list[list[str | None]]) -> None:
    """The row once for each of the rows."""
    for values in rows:
        made = copy.deepcopy(line)
        line.addprevious(made)
        given, doomed = iter(values), list[Any]()
        for paragraph, marks in zip(office.paragraphs(made), marked, strict=True):
            _put(paragraph, [next(given) for _ in marks], marks, made, doomed)
        for each in doomed:
            each.getparent().remove(each)
    line.getparent().remove(line)
