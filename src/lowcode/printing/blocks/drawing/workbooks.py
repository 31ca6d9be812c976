"""An Excel file that somebody made and that is not trusted: read for its place-holders, in cells, page headers and the
descriptions of pictures."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lowcode.printing.blocks.drawing.office import (
    BESIDE,
    CODE,
    EXCEL,
    HOLDER,
    IF,
    Holder,
    Refused,
    cleaned,
    description,
    left_open,
    parsed,
)

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
S = f"{{{MAIN}}}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
FETCHING = re.compile(
    r"\b(WEBSERVICE|RTD|CALL|REGISTER|REGISTER\.ID|EXEC|IMAGE|SQL\.REQUEST|DDE|FOPEN)\s*\(|\|\s*\'", re.IGNORECASE
)
QUOTED = re.compile(r'"(?:[^"]|"")*"')
MOST_ROWS = 20_000
FURNITURE = ("oddHeader", "oddFooter", "evenHeader", "evenFooter", "firstHeader", "firstFooter")


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One sheet of a workbook: its name for formulas, its member, and the members that belong to it by their kind."""

    name: str
    path: str
    related: dict[str, list[str]]


def opened(content: bytes) -> dict[str, bytes]:
    """The members of a workbook that may be used. Raises Refused."""
    parts = cleaned(content, EXCEL)
    for name, part in parts.items():
        if not name.startswith("xl/") or not name.endswith(".xml"):
            continue
        try:
            root = parsed(part)
        except SyntaxError:
            raise Refused("no-workbook", "") from None
        for element in root.iter(f"{S}f", f"{S}definedName", f"{S}formula1", f"{S}formula"):
            found = FETCHING.search(QUOTED.sub("", element.text or ""))
            if found is not None:
                raise Refused("office-active", f"{name}: {found[0].strip('( ')}")
    return parts


def relations(parts: dict[str, bytes], path: str) -> dict[str, tuple[str, str]]:
    """What a member refers to: by id, the kind and the path of the other member."""
    folder, name = posixpath.split(path)
    part = parts.get(f"{folder}/_rels/{name}.rels")
    if part is None:
        return {}
    found = {}
    for each in parsed(part).iter(RELATION):
        target = str(each.get("Target", ""))
        if str(each.get("TargetMode", "")).lower() == "external":
            continue
        whole = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
        found[str(each.get("Id"))] = (str(each.get("Type", "")).rpartition("/")[2], whole)
    return found


def sheets(parts: dict[str, bytes]) -> list[SheetPart]:
    """The sheets in their order."""
    known = relations(parts, "xl/workbook.xml")
    listed = []
    for element in parsed(parts["xl/workbook.xml"]).iter(f"{S}sheet"):
        kind, path = known.get(str(element.get(f"{R}id")), ("", ""))
        if kind == "worksheet" and path in parts:
            related: dict[str, list[str]] = {}
            for sort, member in relations(parts, path).values():
                related.setdefault(sort, []).append(member)
            listed.append(SheetPart(str(element.get("name")), path, related))
    return listed


def strings(parts: dict[str, bytes]) -> list[Any]:
    """The texts that cells share, as elements."""
    part = parts.get("xl/sharedStrings.xml")
    return list(parsed(part).iter(f"{S}si")) if part is not None else []


def texts(element: Any) -> list[Any]:
    """The text elements of a cell's words, without those of how they are pronounced."""
    return [each for each in element.iter(f"{S}t") if next(each.iterancestors(f"{S}rPh"), None) is None]


def words_of(cell: Any, shared: list[Any]) -> Any | None:
    """The element that holds the words of a cell, or None where it holds something else."""
    if cell.get("t") == "inlineStr":
        return cell.find(f"{S}is")
    value = cell.find(f"{S}v")
    if cell.get("t") != "s" or value is None or not (value.text or "").isdigit() or int(value.text) >= len(shared):
        return None
    return shared[int(value.text)]


def text_in(cell: Any, shared: list[Any]) -> str:
    """The words of a cell."""
    element = words_of(cell, shared)
    return "" if element is None else "".join(each.text or "" for each in texts(element))


def numbered(root: Any) -> list[tuple[int, Any]]:
    """The rows of a sheet with their numbers; Excel may leave numbers out where one follows the other."""
    rows, number = [], 0
    for row in root.iter(f"{S}row"):
        number = int(row.get("r") or number + 1)
        rows.append((number, row))
    if len(rows) > MOST_ROWS:
        raise Refused("office-large", f"{len(rows)}")
    return rows


def pictures(parts: dict[str, bytes], sheet: SheetPart) -> Iterator[tuple[str, Any, Any]]:
    """The pictures of a sheet whose description is a place-holder: the member, its tree, and the picture."""
    for path in sheet.related.get("drawing", ()):
        root = parsed(parts[path])
        for picture in root.iter(f"{DRAWN}pic"):
            if CODE.match(described(picture)):
                yield path, root, picture


def row_of(picture: Any) -> int:
    """The row of the sheet a picture begins in; 0 for one that is part of a group, which stays where it is."""
    return int(picture.getparent().findtext(f"{DRAWN}from/{DRAWN}row") or -1) + 1


def described(picture: Any) -> str:
    """What the description of a picture says between double braces."""
    return description(picture.find(f"{DRAWN}nvPicPr/{DRAWN}cNvPr"))


def holders(parts: dict[str, bytes]) -> list[Holder]:
    """Every place-holder of the workbook, in the order in which it is filled: sheet by sheet its cells, then its page
    headers and footers, then its pictures. Raises Refused."""
    found: list[Holder] = []
    shared, lines = strings(parts), 0
    for sheet in sheets(parts):
        root = parsed(parts[sheet.path])
        own: dict[int, int] = {}
        for number, row in numbered(root):
            for cell in row.iter(f"{S}c"):
                found += _of(text_in(cell, shared), lines, f"{sheet.name}!{cell.get('r', f'row {number}')}")
            own[number] = lines
            lines += 1
        for name in FURNITURE:
            for element in root.iter(f"{S}{name}"):
                found += _of(element.text or "", None, f"{sheet.name}!{name}")
        for place, (_, _, picture) in enumerate(pictures(parts, sheet), 1):
            match, at = CODE.match(described(picture)), f"{sheet.name}!picture {place}"
            found.append(Holder(match[2].strip() if match else "", False, own.get(row_of(picture)), at=at))
    return found


def _of(text: str, line: int | None, at: str) -> Iterator[Holder]:
    for match in HOLDER.finditer(text):
        said = match[1].strip()
        decides = bool(IF.match(said))
        alone, beside = match[0] == text.strip(), text.strip()[:BESIDE]
        yield Holder(IF.sub("", said) if decides else said, decides, line, alone, at, beside)
    if left_open(text):
        yield Holder(text.strip()[:BESIDE], False, line, at=at, open=True)


def lines_of(parts: dict[str, bytes]) -> Iterator[str]:
    """What the sheets say, cell by cell: to be compared with another version."""
    shared = strings(parts)
    for sheet in sheets(parts):
        for number, row in numbered(parsed(parts[sheet.path])):
            for cell in row.iter(f"{S}c"):
                formula = cell.find(f"{S}f")
                text = f"={formula.text}" if formula is not None and formula.text else text_in(cell, shared).strip()
                if text:
                    yield f"{sheet.name} {cell.get('r') or number}: {text}"
