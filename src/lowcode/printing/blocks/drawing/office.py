"""A Word or Excel file that somebody made and that is not trusted: cleaned; Word's read for its place-holders.

What could act is refused (macros, embedded programs, fields that fetch or run, parts that lie elsewhere, archives and
XML that unpack to something huge). What is read are words between double braces, however Word cut them into runs.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from lowcode.kernel.definitions import archives

PACKED, UNPACKED, RATIO, MEMBERS = 20 * 2**20, 200 * 2**20, 100, 2000
NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{NAMESPACE}}}"
WRITTEN = re.compile(r"^word/(document|header\d*|footer\d*)\.xml$")
HOLDER = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
IF = re.compile(r"^if\s+", re.IGNORECASE)
CODE = re.compile(r"^(qrcode|barcode)\s+(.+)$", re.IGNORECASE | re.DOTALL)
DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
ALTERNATIVE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
ACTIVE = (
    "vbaproject", "vbadata", "activex", "oleobject", "embeddings/", "attachedtoolbars", "externallinks/",
    "macrosheets/", "dialogsheets/", "ctrlprops/", "connections.xml", "querytables/", "webextensions/", "customui/",
    "usercustomization/",
)  # fmt: skip
FIELDS = re.compile(
    r"\b(INCLUDETEXT|INCLUDEPICTURE|INCLUDE|DDE|DDEAUTO|IMPORT|LINK|DATABASE|MACROBUTTON|RD|AUTOTEXT)\b", re.IGNORECASE
)


class Refused(ValueError):
    """The file is no Word document, or holds something that it may not; the word names the finding."""

    def __init__(self, key: str, seen: str) -> None:
        self.key, self.seen = key, seen
        super().__init__(f"{key}: {seen}")


@dataclass(frozen=True, slots=True)
class Holder:
    """One place-holder: the expression in it, and whether it decides over its paragraph or row."""

    expression: str
    decides: bool
    line: int | None
    """The number of the table row it stands in, counted through the file, or None."""
    alone: bool = False
    """Whether nothing else stands beside it: then a cell of a sheet holds a number or a date, not words."""
    at: str = ""
    """Where whoever made the file finds it: `Sheet1!C9`, `paragraph 4`, `header1 paragraph 1`, `picture 2`."""
    beside: str = ""
    """What stands there, by which a paragraph is found sooner than by its number."""
    open: bool = False
    """Whether it begins and does not end, or the reverse: it would be printed as it stands."""


BESIDE = 80
"""So many letters of a paragraph tell it from the others."""
WORD, EXCEL = ("word/document.xml", "no-office"), ("xl/workbook.xml", "no-workbook")
"""The member without which a file is none of its kind, and the finding that says so."""


def cleaned(content: bytes, kind: tuple[str, str] = WORD) -> dict[str, bytes]:
    """The members of an office file that may be used. Raises Refused."""
    main, wrong = kind
    if len(content) > PACKED:
        raise Refused("office-large", f"{len(content)}")
    try:
        with archives.opened(io.BytesIO(content)) as archive:
            members = archive.infolist()
            whole = sum(each.file_size for each in members)
            if whole > UNPACKED or len(members) > MEMBERS or whole > RATIO * max(len(content), 10_000):
                raise Refused("office-large", f"{whole}")
            parts = {each.filename: archive.read(each) for each in members if not each.is_dir()}
    except archives.BadArchive:
        raise Refused(wrong, "") from None
    if main not in parts or "[Content_Types].xml" not in parts:
        raise Refused(wrong, "")
    for name, part in parts.items():
        try:
            _look(name, part)
        except SyntaxError:
            raise Refused(wrong, "") from None
    return parts


def _look(name: str, part: bytes) -> None:
    """Refuse one member that could act."""
    low = name.lower()
    if any(each in low for each in ACTIVE):
        raise Refused("office-active", name)
    if not low.endswith((".xml", ".rels")):
        return
    if b"<!DOCTYPE" in part or b"<!ENTITY" in part:
        raise Refused("office-active", f"{name}: DTD")
    if low == "[content_types].xml" and (
        b"macroEnabled" in part or b"vnd.ms-office.vba" in part or b"intlmacrosheet" in part
    ):
        raise Refused("office-active", f"{name}: macros")
    if low.endswith(".rels"):
        for relation in parsed(part):
            kind = str(relation.get("Type", "")).rpartition("/")[2]
            if str(relation.get("TargetMode", "")).lower() == "external" and kind != "hyperlink":
                raise Refused("office-active", f"{name}: {kind}")
    if WRITTEN.match(low) or low.startswith("word/"):
        words = "".join(_instructions(part))
        found = FIELDS.search(words)
        if found is not None:
            raise Refused("office-active", f"{name}: {found[1].upper()}")


def _instructions(part: bytes) -> Iterator[str]:
    """The instructions of fields, put together from their runs."""
    root = parsed(part)
    for element in root.iter(f"{W}instrText", f"{W}fldSimple"):
        yield element.text or "" if element.tag == f"{W}instrText" else f" {element.get(f'{W}instr') or ''} "


def parsed(part: bytes) -> Any:
    """The tree of one member, without anything from elsewhere. Raises SyntaxError."""
    from lxml import etree  # an optional dependency, at its one door

    return etree.fromstring(part, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False))


def written(parts: dict[str, bytes]) -> Iterator[tuple[str, Any]]:
    """The members people write in, as trees, in a fixed order."""
    for name in sorted(parts):
        if WRITTEN.match(name):
            yield name, parsed(parts[name])


def paragraphs(root: Any) -> list[Any]:
    """Every paragraph, in the order of the text."""
    return list(root.iter(f"{W}p"))


def text_of(paragraph: Any) -> str:
    """The words of a paragraph, as if it had one run."""
    return "".join(each.text or "" for each in _texts(paragraph))


def _texts(paragraph: Any) -> list[Any]:
    """The text elements of a paragraph itself, not those of a text box inside it."""
    return [each for each in paragraph.iter(f"{W}t") if next(each.iterancestors(f"{W}p")) is paragraph]


def line_of(element: Any) -> Any | None:
    """The table row a paragraph or a picture stands in, or None."""
    return next(element.iterancestors(f"{W}tr"), None)


def description(about: Any) -> str:
    """What the description of a picture says between double braces."""
    match = HOLDER.fullmatch(str(about.get("descr") or "").strip()) if about is not None else None
    return match[1].strip() if match is not None else ""


def codes(root: Any) -> Iterator[tuple[Any, str, str]]:
    """The pictures whose description asks for a code: the drawing, the kind of code, and the expression of its text."""
    for drawing in root.iter(f"{W}drawing"):
        match = CODE.match(description(next(drawing.iter(f"{DRAWN}docPr"), None)))
        if match is not None:
            yield drawing, match[1].lower(), match[2].strip()


def lines_in(members: list[tuple[str, Any]]) -> dict[Any, int]:
    """The table rows of all members, numbered in the order of the text."""
    lines: dict[Any, int] = {}
    for _, root in members:
        for paragraph in paragraphs(root):
            line = line_of(paragraph)
            if line is not None:
                lines.setdefault(line, len(lines))
    return lines


def holders(parts: dict[str, bytes]) -> list[Holder]:
    """Every place-holder of the file, in the order in which it is filled: the pictures of all members, then their
    paragraphs."""
    members = list(written(parts))
    lines = lines_in(members)
    drawn = [(picture, said) for _, root in members for picture, _, said in codes(root)]
    found = [
        Holder(said, False, lines.get(line_of(picture)), at=f"picture {place}")
        for place, (picture, said) in enumerate(drawn, 1)
    ]
    for name, root in members:
        part = "" if name == WORD[0] else f"{PurePosixPath(name).stem} "
        for place, paragraph in enumerate(paragraphs(root), 1):
            number, whole = lines.get(line_of(paragraph)), text_of(paragraph)
            for match in HOLDER.finditer(whole):
                said, at = match[1].strip(), f"{part}paragraph {place}"
                beside = whole.strip()[:BESIDE]
                found.append(Holder(IF.sub("", said), IF.match(said) is not None, number, at=at, beside=beside))
            if left_open(whole):
                found.append(Holder(whole.strip()[:BESIDE], False, number, at=f"{part}paragraph {place}", open=True))
    return found


def left_open(text: str) -> bool:
    """Whether braces are left when the place-holders are taken out."""
    rest = HOLDER.sub("", text)
    return "{{" in rest or "}}" in rest


def lines_of(parts: dict[str, bytes]) -> Iterator[str]:
    """What the file says, paragraph by paragraph: to be compared with another version."""
    for _, root in written(parts):
        for paragraph in paragraphs(root):
            if text := text_of(paragraph).strip():
                yield text


def put(paragraph: Any, values: list[str | None]) -> bool:
    """Write values in the place of the holders, in the look of where each begins; None leaves nothing. Whether the
    paragraph had any."""
    elements = _texts(paragraph)
    whole = text_of(paragraph)
    matches = list(HOLDER.finditer(whole))
    for match, value in reversed(list(zip(matches, values, strict=True))):
        replace(elements, match.start(), match.end(), value or "")
    return bool(matches)


def replace(elements: list[Any], start: int, end: int, value: str) -> None:
    """Put a value where something else stands in words that are spread over several elements."""
    at, first = 0, True
    for element in elements:
        text = element.text or ""
        before, after = at, at + len(text)
        at = after
        if after <= start or before >= end:
            continue
        head, tail = text[: max(start - before, 0)], text[max(end - before, 0) :] if end < after else ""
        element.text = head + (value if first else "") + tail
        element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
        first = False
