"""A Word file with its place-holders filled: everything else in it stays as it was made."""

from __future__ import annotations

import base64
import copy
import io
import zipfile
from collections.abc import Mapping
from typing import Any

from lowcode.printing.blocks.drawing import office

Node = Mapping[str, Any]


def filled(node: Node) -> bytes:
    """The file of a node of type `word`."""
    parts = office.cleaned(base64.b64decode(node["file"]))
    singles, decides = iter(node["values"]), iter(node["decides"])
    count = 0
    for name, root in office.written(parts):
        count = _fill(root, node["lines"], singles, decides, count)
        parts[name] = written(root)
    return packed(parts)


def written(root: Any) -> bytes:
    """A tree as a member of an office file."""
    from lxml import etree  # an optional dependency, at its one door

    content: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return content


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
