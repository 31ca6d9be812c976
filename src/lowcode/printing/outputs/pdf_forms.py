"""A PDF with form fields as a template: the names of its fields are place-holders, their rectangles are the places.

The name of a field is an expression (`account.name`), or its description holds one between double braces. What is
printed on the page stays as it is; the fields themselves are not printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lowcode.printing.blocks.drawing.office import HOLDER, Holder
from lowcode.printing.outputs.papers import MM_PER_POINT, UnusablePdf, reader_of

NUMBERED = re.compile(r"#\d+$")
SIZE = re.compile(r"([\d.]+)\s+Tf")
MULTILINE, COMB = 1 << 12, 1 << 24
LINE = 1.448 * MM_PER_POINT
"""How high a line is, in millimetres for each point of its letters."""
ALIGNED = ("left", "center", "right")


@dataclass(frozen=True, slots=True)
class FormField:
    """One field: what is to stand there, and its rectangle in millimetres from the upper left corner of its page."""

    holder: Holder
    page: int
    x: float
    y: float
    width: float
    height: float
    size: float
    align: str
    boxes: int
    lines: bool


def fields_of(content: bytes) -> list[FormField]:
    """The text fields of a PDF, page by page from the top. Raises UnusablePdf."""
    reader = reader_of(content)
    try:
        return [each for number, page in enumerate(reader.pages, 1) for each in _on(page, number)]
    except MemoryError:
        raise
    except Exception:  # a broken file fails in as many ways as there are objects in it
        raise UnusablePdf("broken") from None


def _on(page: Any, number: int) -> list[FormField]:
    left, top = float(page.cropbox.left), float(page.cropbox.top)
    found = []
    for reference in page.get("/Annots") or ():
        field = reference.get_object()
        if field.get("/Subtype") != "/Widget" or _inherited(field, "/FT") != "/Tx":
            continue
        x0, y0, x1, y1 = (float(each) for each in field["/Rect"])
        flags = int(_inherited(field, "/Ff") or 0)
        height = abs(y1 - y0) * MM_PER_POINT
        size = _size(str(_inherited(field, "/DA") or ""), height)
        found.append(FormField(
            Holder(_said(field), False, 0), number, (min(x0, x1) - left) * MM_PER_POINT,
            (top - max(y0, y1)) * MM_PER_POINT, abs(x1 - x0) * MM_PER_POINT, height, size,
            ALIGNED[int(_inherited(field, "/Q") or 0) % 3],
            int(_inherited(field, "/MaxLen") or 0) if flags & COMB else 0, bool(flags & MULTILINE),
        ))  # fmt: skip
    return sorted(found, key=lambda each: (round(each.y), each.x))


def _inherited(field: Any, name: str) -> Any:
    """A property of a field or of the one it belongs to."""
    for _ in range(20):
        if name in field:
            return field[name]
        parent = field.get("/Parent")
        if parent is None:
            return None
        field = parent.get_object()
    return None


def _said(field: Any) -> str:
    described = HOLDER.search(str(_inherited(field, "/TU") or ""))
    if described is not None:
        return described[1].strip()
    names: list[str] = []
    for _ in range(20):
        if "/T" in field:
            names.insert(0, str(field["/T"]))
        parent = field.get("/Parent")
        if parent is None:
            break
        field = parent.get_object()
    whole = NUMBERED.sub("", ".".join(names).strip())
    braces = HOLDER.fullmatch(whole)
    return braces[1].strip() if braces is not None else whole


def _size(appearance: str, height: float) -> float:
    match = SIZE.search(appearance)
    size = float(match[1]) if match is not None else 0.0
    return min(max(size or min(height / LINE * 0.9, 11.0), 4.0), 60.0)


def placed(
    size: tuple[float, float], fields: Sequence[FormField], relations: Sequence[str], path: str
) -> dict[str, Any]:
    """Page and body of the template: the file under the page, and a place for each field. Fields of rows that stand
    below one another are one place that comes once per row."""
    width, height = size
    page = {"size": {"width": round(width, 2), "height": round(height, 2)}, "margin": 0,
            "background": {"file": path, "printed": True}}  # fmt: skip
    return {"page": page, "body": list(_places(fields, relations))}


def _places(fields: Sequence[FormField], relations: Sequence[str]) -> Iterator[dict[str, Any]]:
    done: set[str] = set()
    for field in fields:
        said = field.holder.expression
        relation = next((each for each in relations if said.startswith(f"{each}.")), None)
        if relation is None:
            yield _place(field, said)
            continue
        if said in done:
            continue
        done.add(said)
        column = sorted((each for each in fields if each.holder.expression == said), key=lambda each: each.y)
        column = [each for each in column if each.page == column[0].page]
        step = column[1].y - column[0].y if len(column) > 1 else field.height
        rows = {"rows": relation, "step": round(step, 2), "per_page": len(column)}
        yield {**_place(column[0], said.removeprefix(f"{relation}.")), **rows}


def _place(field: FormField, said: str) -> dict[str, Any]:
    down = 0.0 if field.lines else max((field.height - field.size * LINE) / 2, 0.0)
    place: dict[str, Any] = {
        "type": "place", "x": round(max(field.x, 0.0), 2), "y": round(max(field.y + down, 0.0), 2),
        "width": round(field.width, 2), "page": field.page, "value": said,
        "style": {"size": round(field.size, 1), "align": field.align},
    }  # fmt: skip
    if field.lines:
        place["height"] = round(field.height, 2)
    if field.boxes:
        place["boxes"] = round(field.width / field.boxes, 3)
    return place
