"""A workbook with its place-holders filled: rows repeated with their looks, formulas and merged cells, everything else
in it as it was made."""

from __future__ import annotations

import base64
import copy
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lowcode.printing.blocks.drawing import office
from lowcode.printing.blocks.drawing.workbooks import (
    FURNITURE,
    S,
    SheetPart,
    described,
    numbered,
    opened,
    pictures,
    row_of,
    sheets,
    strings,
    text_in,
    texts,
    words_of,
)
from lowcode.printing.outputs.archive import written
from lowcode.printing.outputs.around_sheets import finish, move_around, put_codes, without_chain
from lowcode.printing.outputs.cell_values import Looks
from lowcode.printing.outputs.filled import packed
from lowcode.printing.outputs.references import AREA, Moves, Span, column_of, letters, moved, shifted

Node = Mapping[str, Any]
Given = Mapping[str, str] | None


def filled_workbook(node: Node, pixels: Callable[[Node], bytes]) -> bytes:
    """The file of a node of type `excel`."""
    parts = opened(base64.b64decode(node["file"]))
    filler = _Filler(parts, node)
    listed = sheets(parts)
    begun = [filler.begin(sheet) for sheet in listed]
    moves = {each.sheet.name: each.moves for each in begun}
    for each in begun:
        filler.end(each, moves.get)
    move_around(parts, listed, moves.get)
    put_codes(parts, listed, filler.codes, pixels)
    without_chain(parts)
    return packed(parts)


class _Begun:
    """A sheet whose place-holders were read: what stands in each row, and which rows come how often."""

    def __init__(self, sheet: SheetPart, root: Any) -> None:
        self.sheet, self.root = sheet, root
        self.rows: dict[int, Any] = dict(numbered(root))
        self.given: dict[int, list[Given]] = {}
        """Of rows that are not repeated: the values of their place-holders."""
        self.lines: dict[int, list[list[Given]]] = {}
        """Of rows that are: for each copy, first those of the cells, then those of the pictures."""
        self.taken: dict[int, int] = {}
        """Of rows that are: how many of their pictures were given theirs."""
        self.moves = Moves()


class _Filler:
    """Takes the values in the order in which the place-holders were listed."""

    def __init__(self, parts: dict[str, bytes], node: Node) -> None:
        self.parts, self.node = parts, node
        self.shared, self.looks = strings(parts), Looks(parts)
        self.singles: Iterator[Given] = iter(node["values"])
        self.decides: Iterator[bool] = iter(node["decides"])
        self.line = 0
        self.codes: list[tuple[str, list[tuple[str, int]]]] = []
        """Pictures that become codes, in their order: the kind, and the text of each copy with how many rows further
        down it stands."""

    def begin(self, sheet: SheetPart) -> _Begun:
        """Read the values of one sheet, and find which rows are repeated or left out."""
        begun = _Begun(sheet, office.parsed(self.parts[sheet.path]))
        spans: list[Span] = []
        groups: list[tuple[str, list[int]]] = []
        for number, row in begun.rows.items():
            marks = [next(self.decides) for cell in row.iter(f"{S}c")
                     for _ in office.HOLDER.finditer(text_in(cell, self.shared))]  # fmt: skip
            line, self.line = str(self.line), self.line + 1
            if line in self.node["lines"]:
                begun.lines[number] = self.node["lines"][line]
                path = self.node["relations"][line]
                if groups and groups[-1][0] == path and groups[-1][1][-1] == number - 1:
                    groups[-1][1].append(number)
                else:
                    groups.append((path, [number]))
                continue
            begun.given[number] = values = [next(self.singles) for _ in marks]
            if any(value is None for value in values):
                spans.append(Span(number, number, 0))
        for _, rows in groups:
            _choose(begun.lines, rows)
            spans.append(Span(rows[0], rows[-1], max(len(begun.lines[rows[0]]), 1)))
        begun.moves = Moves(spans)
        for name in FURNITURE:
            for element in begun.root.iter(f"{S}{name}"):
                element.text = office.HOLDER.sub(lambda _: self._furniture(), element.text or "")
        for _, _, picture in pictures(self.parts, sheet):
            match = office.CODE.match(described(picture))
            next(self.decides)
            self.codes.append((match[1].lower() if match else "", self._copies(begun, row_of(picture))))
        return begun

    def _copies(self, begun: _Begun, number: int) -> list[tuple[str, int]]:
        """The texts of a code: one, or one for each copy of the row it stands in."""
        if number not in begun.lines:
            return [((next(self.singles) or {}).get("text", ""), 0)]
        taken, span = begun.taken.get(number, 0), begun.moves.span_of(number)
        begun.taken[number] = taken + 1
        height = span.height if span is not None else 1
        words = sum(
            len(list(office.HOLDER.finditer(text_in(cell, self.shared)))) for cell in begun.rows[number].iter(f"{S}c")
        )
        values = [each[words + taken] or {} for each in begun.lines[number]]
        return [(each.get("text", ""), place * height) for place, each in enumerate(values)]

    def _furniture(self) -> str:
        """A value in a page header, where `&` begins a code."""
        next(self.decides)
        return (next(self.singles) or {}).get("text", "").replace("&", "&&")

    def end(self, begun: _Begun, moves: Callable[[str], Moves | None]) -> None:
        """Write the rows of one sheet anew."""
        root, own = begun.root, begun.sheet.name
        data = root.find(f"{S}sheetData")
        _unshare(data)
        done: set[int] = set()
        made: list[Any] = []
        for number, row in begun.rows.items():
            span = begun.moves.span_of(number)
            if number in done:
                continue
            if span is None:
                made.append(self._row(row, begun.moves.copy(number, 0), begun.given[number], own, moves))
                continue
            rows = [each for each in begun.rows if span.has(each)]
            done.update(rows)
            for place in range(span.copies):
                for each in rows:
                    new = copy.deepcopy(begun.rows[each])
                    lines = begun.lines[each]
                    values = lines[place] if lines else None
                    made.append(self._row(new, begun.moves.copy(each, place), values, own, moves, span, place))
        for child in list(data):
            data.remove(child)
        data.extend(made)
        finish(root, begun.moves, lambda text: moved(text, own, moves))
        self.parts[begun.sheet.path] = written(root)

    def _row(
        self, row: Any, number: int, values: list[Given] | None, own: str, moves: Callable[[str], Moves | None],
        span: Span | None = None, place: int = 0,
    ) -> Any:  # fmt: skip
        """One row at its new place; without values it stands for rows there are none of, and is blank."""
        row.set("r", str(number))
        given = iter(values or ())
        for at, cell in enumerate(list(row.iter(f"{S}c")), 1):
            column = AREA.match(str(cell.get("r", "")))
            cell.set("r", f"{column[1] if column else letters(at)}{number}")
            formula = cell.find(f"{S}f")
            if formula is not None:
                _empty(cell, S + "v")
                cell.attrib.pop("t", None)
                if values is None:
                    cell.remove(formula)
                else:
                    formula.text = moved(formula.text or "", own, moves, span, place)
                    if formula.get("ref"):
                        rows = moves(own) if span is None else None
                        whole = rows.area(str(formula.get("ref"))) if rows is not None else None
                        formula.set("ref", whole or str(cell.get("r")))
                continue
            self._cell(cell, given, blank=values is None)
        return row

    def _cell(self, cell: Any, given: Iterator[Given], blank: bool) -> None:
        words = words_of(cell, self.shared)
        text = text_in(cell, self.shared)
        matches = list(office.HOLDER.finditer(text))
        if not matches:
            return
        taken: list[Given] = [None if blank else next(given) for _ in matches]
        values: list[Mapping[str, str]] = [each or {"text": ""} for each in taken]
        marks = [bool(office.IF.match(each[1].strip())) for each in matches]
        if len(matches) == 1 and matches[0][0] == text.strip() and not marks[0] and self.looks.typed(cell, values[0]):
            return
        own = copy.deepcopy(words)
        elements = texts(own)
        for match, value, mark in reversed(list(zip(matches, values, marks, strict=True))):
            office.replace(elements, match.start(), match.end(), "" if mark else value["text"])
        self.looks.words(cell, own)


def _choose(lines: dict[int, list[list[Given]]], rows: list[int]) -> None:
    """Of rows that are repeated together, the copies in which every condition holds."""
    kept = [
        place for place in range(len(lines[rows[0]]))
        if all(value is not None for row in rows for value in lines[row][place])
    ]  # fmt: skip
    for row in rows:
        lines[row] = [lines[row][place] for place in kept]


def _unshare(data: Any) -> None:
    """Formulas that are written once for several cells are written in each of them."""
    known: dict[str, tuple[int, int, str]] = {}
    for number, row in numbered(data):
        for at, cell in enumerate(row.iter(f"{S}c"), 1):
            formula = cell.find(f"{S}f")
            if formula is None or formula.get("t") != "shared":
                continue
            match = AREA.match(str(cell.get("r", "")))
            column, index = column_of(match[1]) if match else at, str(formula.get("si"))
            if formula.text:
                known[index] = (number, column, formula.text)
            elif index in known:
                down, right, text = known[index]
                formula.text = shifted(text, number - down, column - right)
            for name in ("t", "si", "ref"):
                formula.attrib.pop(name, None)


def _empty(element: Any, tag: str) -> None:
    for child in element.findall(tag):
        element.remove(child)
