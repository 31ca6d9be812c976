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
from lowcode.printing.outputs.coded import ART, CODES, Pixels, code_svg, show

Node = Mapping[str, Any]


def filled(node: Node, pixels: Pixels) -> bytes:
    """The file of a node of type `word`."""
    parts = office.cleaned(base64.b64decode(node["file"]))
    members = list(office.written(parts))
    filler = _Filler(parts, node, pixels, office.lines_in(members))
    for name, root in members:
        filler.codes(name, root)
    for name, root in members:
        filler.words(name, root)
        parts[name] = written(root)
    return packed(parts)


def packed(parts: Mapping[str, bytes]) -> bytes:
    """The members as one file, its table of contents first."""
    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
        order = sorted(parts, key=lambda each: (each != "[Content_Types].xml", each))
        for each in order:
            archive.writestr(each, parts[each])
    return raw.getvalue()


class _Filler:
    """Takes the values in the order in which the place-holders were listed."""

    def __init__(self, parts: dict[str, bytes], node: Node, pixels: Pixels, lines: Mapping[Any, int]) -> None:
        self.parts, self.pixels = parts, pixels
        self.repeated: dict[Any, list[list[str | None]]] = {
            line: node["lines"][str(number)] for line, number in lines.items() if str(number) in node["lines"]
        }
        self.singles, self.decides = iter(node["values"]), iter(node["decides"])
        self.shown = 0

    def codes(self, name: str, root: Any) -> None:
        """Pictures of one member that become codes; those in rows that are repeated come with each copy."""
        for picture, kind, _ in list(office.codes(root)):
            next(self.decides)
            if office.line_of(picture) not in self.repeated:
                self._code(name, picture, kind, next(self.singles) or "")

    def words(self, name: str, root: Any) -> None:
        """The words of one member: rows of tables that are repeated, then everything else in order."""
        doomed: list[Any] = []
        whole: dict[Any, list[list[bool]]] = {}
        for paragraph in office.paragraphs(root):
            line = office.line_of(paragraph)
            marks = [next(self.decides) for _ in office.HOLDER.finditer(office.text_of(paragraph))]
            if line in self.repeated:
                whole.setdefault(line, []).append(marks)
            else:
                _put(paragraph, [next(self.singles) for _ in marks], marks, line, doomed)
        for line, marked in whole.items():
            self._repeat(name, line, marked)
        for each in doomed:
            if each.getparent() is not None:
                each.getparent().remove(each)

    def _repeat(self, name: str, line: Any, marked: list[list[bool]]) -> None:
        """The row once for each of the rows."""
        for values in self.repeated[line]:
            made = copy.deepcopy(line)
            line.addprevious(made)
            given, doomed = iter(values), list[Any]()
            asked = [(picture, kind, next(given) or "") for picture, kind, _ in list(office.codes(made))]
            for paragraph, marks in zip(office.paragraphs(made), marked, strict=True):
                _put(paragraph, [next(given) for _ in marks], marks, made, doomed)
            for each in doomed:
                if each.getparent() is not None:
                    each.getparent().remove(each)
            if made.getparent() is not None:
                for picture, kind, text in asked:
                    self._code(name, picture, kind, text)
        line.getparent().remove(line)

    def _code(self, name: str, picture: Any, kind: str, text: str) -> None:
        """A picture that asked for a code shows it; a code of nothing is gone."""
        drawing, shown = code_svg(kind, text), picture.find(f".//{ART}blip")
        if not drawing or shown is None:
            whole = next((each for each in picture.iterancestors() if each.tag == office.ALTERNATIVE), picture)
            whole.getparent().remove(whole)
            return
        show(self.parts, name, shown, picture.find(f".//{office.DRAWN}extent"), drawing, self.pixels)
        about = picture.find(f".//{office.DRAWN}docPr")
        about.set("descr", text)
        self.shown += 1
        about.set("id", str(CODES + self.shown))  # copies of a picture are told apart


def _put(paragraph: Any, values: list[str | None], marks: list[bool], line: Any, doomed: list[Any]) -> None:
    """Fill a paragraph; one whose condition does not hold goes, with its row where it stands in one."""
    if any(mark and value is None for mark, value in zip(marks, values, strict=True)):
        doomed.append(line if line is not None else paragraph)
    office.put(paragraph, [None if mark else value for mark, value in zip(marks, values, strict=True)])
