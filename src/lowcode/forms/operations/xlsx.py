"""A workbook of one sheet, written while its rows arrive: what is written can be sent on at once, and nothing is kept.

Texts stand in their cells as texts (`inlineStr`), so none of them is ever run as a formula. Every cell says where it
stands, for readers that count on it; blank ones are left out.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from unicodedata import east_asian_width

LEVEL = 1
"""Of deflate: twice as fast as the usual sixth, and a tenth larger."""
LARGE = 2**30
"""From so many bytes of one sheet on, sizes of 64 bits are written: not always, for some readers complain of them."""
DIGITS = 10**15
"""A sheet keeps fifteen digits of a number; a longer one is written as text."""
CELL_LIMIT = 32_767
EPOCH = datetime(1899, 12, 30)
FIRST_DAY = date(1900, 3, 1)
"""Days before it are texts: spreadsheet programs do not agree on them."""
DAY, MONTH, INSTANT, CLOCK = "yyyy-mm-dd", "yyyy-mm", "yyyy-mm-dd hh:mm", "hh:mm"
WRAPPED = "General"
"""How a column looks whose texts go on in the next line of their cell."""
_ODD = re.compile(r"[&<>\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_|^\s|\s$|\r").search
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
CellWriter = Callable[[Any], str]

TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/styles.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
_RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_RELS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)
_REL = '<Relationship Id="rId{}" Type="' + _RELATIONSHIPS + '/{}" Target="{}"/>'
PARTS: Mapping[str, str] = {
    "[Content_Types].xml": TYPES,
    "_rels/.rels": _RELS.format(_REL.format(1, "officeDocument", "xl/workbook.xml")),
    "xl/_rels/workbook.xml.rels": _RELS.format(
        _REL.format(1, "worksheet", "worksheets/sheet1.xml") + _REL.format(2, "styles", "styles.xml")
    ),
}
_WORKBOOK = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<workbook xmlns="{_MAIN}" '
    f'xmlns:r="{_RELATIONSHIPS}"><sheets><sheet name="{{name}}" sheetId="1" r:id="rId1"/></sheets><definedNames>'
    '<definedName name="_xlnm.Print_Titles" localSheetId="0">{quoted}!$1:$1</definedName></definedNames></workbook>'
)
_STYLES = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="{count}">{formats}</numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFEEF2F7"/><bgColor indexed="64"/></patternFill></fill>'
    "</fills>"
    '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border><left/><right/><top/>'
    '<bottom style="thin"><color rgb="FFB8C2CF"/></bottom><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="{styles}"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0" applyAlignment="1">'
    '<alignment vertical="top"/></xf>'
    '<xf numFmtId="0" fontId="1" fillId="2" borderId="1" xfId="0" applyFont="1" applyFill="1" applyBorder="1"/>'
    "{uses}</cellXfs>"
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_FORMAT = '<numFmt numFmtId="{}" formatCode="{}"/>'
_USE = (
    '<xf numFmtId="{}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">'
    '<alignment vertical="top"{}/></xf>'
)
FIRST_FORMAT, FIRST_STYLE = 164, 2
_BEGIN = (
    f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="{_MAIN}">'
    '<sheetPr><pageSetUpPr fitToPage="{fits}"/></sheetPr><sheetViews>'
    '<sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    "</sheetView></sheetViews><cols>{columns}</cols><sheetData>"
)
_COLUMN = '<col min="{0}" max="{0}" width="{1}"{2} customWidth="1"/>'
_END = (
    '</sheetData><autoFilter ref="A1:{last}"/>{hints}<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" '
    'header="0.3" footer="0.3"/><pageSetup paperSize="9" scale="60" fitToWidth="1" fitToHeight="0" '
    'orientation="landscape"/>'
    "<headerFooter><oddFooter>&amp;L&amp;A&amp;R&amp;P / &amp;N</oddFooter></headerFooter></worksheet>"
)
"""Printed on A4 across, all columns on one page wide where they can still be read, the titles and the page on each."""
LEGIBLE = 220
"""So many characters beside one another are read on a page; what is wider goes on beside it."""
_HINT = (
    '<dataValidation{kind} errorStyle="warning" allowBlank="1" showInputMessage="1" showErrorMessage="1"{title}'
    '{prompt} sqref="{column}2:{column}1048576">{choices}</dataValidation>'
)
CHOICES_LIMIT, PROMPT_LIMIT, PROMPT_TITLE_LIMIT = 255, 255, 32
NAME_LIMIT = 31
_UNNAMED = re.compile(r"[\[\]:*?/\\\x00-\x1f\ud800-\udfff\ufffe\uffff]")
LOOKED_AT = 200
"""So many of the first rows say how wide a column is; a sheet is sent while it is made."""
NARROWEST, WIDEST = 9, 48
LINE, LINES = 15, 12
"""How high a line is, and how many of a long text are seen before somebody draws its row higher."""


@dataclass(frozen=True, slots=True)
class Hint:
    """What is said at the cells of a column, and what may be chosen there; something else may be written all the same,
    after a warning."""

    choices: Sequence[str] = ()
    words: str = ""


class Xlsx:
    """Writes the parts of the workbook: `begin`, `rows` as often as there are some, `end`."""

    def __init__(
        self, titles: Sequence[str], formats: Sequence[str] = (), *, name: str = "", hints: Sequence[Hint] = (),
        large: bool = False,
    ) -> None:  # fmt: skip
        self._titles, self._sink, self._large = titles, _Sink(), large
        self._name, self._hints = sheet_name(name), hints
        self._archive = zipfile.ZipFile(self._sink, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL)  # type: ignore[call-overload]
        self._formats = formats = formats or [""] * len(titles)
        known = list(dict.fromkeys([DAY, INSTANT, CLOCK, *(each for each in formats if each)]))
        self._styles = {code: index for index, code in enumerate(known, FIRST_STYLE)}
        self._columns = [(f'<c r="{letters(index)}', self._writers(code)) for index, code in enumerate(formats)]
        self._wrapping = [at for at, code in enumerate(formats) if code == WRAPPED]
        self._widths: list[int] = []
        self._sheet: Any = None
        self._begun = False
        self._row = 1

    def begin(self) -> bytes:
        """Everything before the first row."""
        for name, part in PARTS.items():
            self._archive.writestr(name, part)
        quoted = escaped("'" + self._name.replace("'", "''") + "'")
        self._archive.writestr("xl/workbook.xml", _WORKBOOK.format(name=escaped(self._name), quoted=quoted))
        self._archive.writestr("xl/styles.xml", self._stylesheet())
        self._sheet = self._archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=self._large)
        return self._sink.take()

    def _head(self, first: Sequence[Sequence[Any]]) -> None:
        """What stands above the rows; the first of them say how wide the columns are."""
        self._begun = True
        widths = [width(title, [row[at] for row in first]) for at, title in enumerate(self._titles)] or [NARROWEST]
        self._widths = widths
        styles = [f' style="{self._styles[code]}"' if code else "" for code in self._formats] or [""]
        columns = "".join(_COLUMN.format(at, *each) for at, each in enumerate(zip(widths, styles, strict=True), 1))
        self._sheet.write(_BEGIN.format(columns=columns, fits=int(sum(widths) <= LEGIBLE)).encode())
        head = (f'<c r="{letters(at)}1" s="1{text(title)}' for at, title in enumerate(self._titles) if title)
        self._sheet.write(f'<row r="1">{"".join(head)}</row>'.encode())

    def rows(self, rows: Iterable[Sequence[Any]]) -> bytes:
        """The next rows; what of them is compressed by now."""
        columns, pieces, number = self._columns, [], self._row
        if not self._begun:
            rows = list(rows)
            self._head(rows[:LOOKED_AT])
        for row in rows:
            number += 1
            inner = "".join([
                f"{head}{number}{writers.get(value.__class__, other)(value)}"
                for (head, writers), value in zip(columns, row, strict=True)
                if value is not None
            ])  # fmt: skip
            pieces.append(f'<row r="{number}"{self._height(row)}>{inner}</row>')
        self._row = number
        self._sheet.write("".join(pieces).encode())
        return self._sink.take()

    def _height(self, row: Sequence[Any]) -> str:
        """How high a row is whose texts take several lines, for programs that do not find it out; of a long one its
        beginning is seen."""
        texts = ((row[at], self._widths[at]) for at in self._wrapping if row[at].__class__ is str)
        most = max((_lines(each, wide) for each, wide in texts), default=1)
        return f' ht="{most * LINE}" customHeight="1"' if most > 1 else ""

    def end(self) -> bytes:
        """The end of the sheet, and the directory of the archive."""
        if not self._begun:
            self._head(())
        last = f"{letters(max(0, len(self._titles) - 1))}{self._row}"
        self._sheet.write(_END.format(last=last, hints=hinted(self._titles, self._hints)).encode())
        self._sheet.close()
        self._archive.close()
        return self._sink.take()

    def _writers(self, code: str) -> Mapping[type, CellWriter]:
        """How a value of each class is written in a column whose numbers look like `code`."""
        number = numbers(self._styles[code] if code else None)
        day, instant, clock = (self._styles[each] for each in (MONTH if code == MONTH else DAY, INSTANT, CLOCK))
        wrapped = f'" s="{self._styles[code]}' if code == WRAPPED else None
        return {
            str: plain_text if wrapped is None else lambda value: wrapped + plain_text(value),
            int: number, Decimal: number, float: number,
            date: lambda value: _day(value, day), datetime: lambda value: _instant(value, instant),
            time: lambda value: f'" s="{clock}"><v>{_seconds(value) / 86400!r}</v></c>',
        }  # fmt: skip

    def _stylesheet(self) -> str:
        formats = "".join(
            _FORMAT.format(at, code.replace('"', "&quot;")) for at, code in enumerate(self._styles, FIRST_FORMAT)
        )
        wraps = ' wrapText="1"'
        uses = "".join(
            _USE.format(at, wraps if code == WRAPPED else "") for at, code in enumerate(self._styles, FIRST_FORMAT)
        )
        total = len(self._styles)
        return _STYLES.format(count=total, formats=formats, styles=total + FIRST_STYLE, uses=uses)


def sheet_name(wanted: str) -> str:
    """A name as a sheet may have: without some signs, short, and not one that Excel keeps for itself."""
    name = _UNNAMED.sub(" ", wanted)[:NAME_LIMIT].strip().strip("'").strip()
    return "Sheet1" if not name or name.casefold() == "history" else name


def hinted(titles: Sequence[str], hints: Sequence[Hint]) -> str:
    """What columns say and offer. A choice with a comma, or more choices than fit, cannot be offered so."""
    made = []
    for at, (title, each) in enumerate(zip(titles, hints, strict=False)):
        listed = ",".join(each.choices)
        offered = (
            each.choices and len(listed) <= CHOICES_LIMIT and not any("," in one or '"' in one for one in each.choices)
        )
        if not offered and not each.words:
            continue
        made.append(_HINT.format(
            kind=' type="list"' if offered else "",
            title=f' promptTitle="{escaped(title[:PROMPT_TITLE_LIMIT])}"' if each.words else "",
            prompt=f' prompt="{escaped(each.words[:PROMPT_LIMIT])}"' if each.words else "",
            column=letters(at),
            choices=f'<formula1>"{escaped(listed)}"</formula1>' if offered else "",
        ))  # fmt: skip
    return f'<dataValidations count="{len(made)}">{"".join(made)}</dataValidations>' if made else ""


def escaped(value: str) -> str:
    """A text within a tag or its attributes."""
    value = _CONTROL.sub("", value)
    return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def width(title: str, values: Iterable[Any]) -> int:
    """How wide a column is: as its title, with room for the arrow of the filter, or as the longest of some values."""
    longest = max([drawn(title) + 3, *(_drawn_value(each) for each in values if each is not None)])
    return min(WIDEST, max(NARROWEST, longest + 1))


def drawn(text_: str, reach: int | None = 4 * WIDEST) -> int:
    """How many places a text takes, as far as it is looked at: Chinese characters two each. Of several lines the
    longest counts."""
    lines = text_[:reach].splitlines() or [""]
    return max(sum(2 if east_asian_width(each) in "WF" else 1 for each in line) for line in lines)


def _drawn_value(value: Any) -> int:
    if isinstance(value, datetime):
        return 16
    if isinstance(value, (int, float, Decimal)):
        return len(str(value)) + 4  # what a format adds: commas, a currency
    return 10 if isinstance(value, (date, time)) else drawn(str(value))


def letters(index: int) -> str:
    """The name of a column: A, B … Z, AA."""
    found = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        found = chr(65 + rest) + found
    return found


def text(value: str) -> str:
    """A text as what follows the place of a cell."""
    value = value[:CELL_LIMIT]
    if _ODD(value) is None:
        return f'" t="inlineStr"><is><t>{value}</t></is></c>'
    whole = _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", value)
    whole = whole.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return f'" t="inlineStr"><is><t xml:space="preserve">{whole}</t></is></c>'


def _lines(value: str, wide: int) -> int:
    """How many lines of a column a text takes, as far as they are seen."""
    if len(value) * 2 < wide and "\n" not in value:
        return 1
    found = 0
    for line in value[: LINES * wide].splitlines():
        found += max(1, -(-drawn(line, None) // (wide - 1)))
        if found >= LINES:
            return LINES
    return found


def plain_text(value: str) -> str:
    """A text, where a blank one may stand."""
    return text(value) if value else '"/>'


def other(value: Any) -> str:
    """What has no form of its own in a sheet."""
    return plain_text(str(value))


def numbers(style: int | None) -> CellWriter:
    """How numbers are written in a style."""
    head = '"><v>' if style is None else f'" s="{style}"><v>'

    def write(value: Any) -> str:
        if -DIGITS < value < DIGITS:
            return f"{head}{value}</v></c>"
        return text(f"{value:f}" if isinstance(value, Decimal) else str(value))

    return write


def _day(value: date, style: int) -> str:
    if value < FIRST_DAY:
        return text(value.isoformat())
    return f'" s="{style}"><v>{value.toordinal() - _EPOCH_DAY}</v></c>'


def _instant(value: datetime, style: int) -> str:
    if value.date() < FIRST_DAY:
        return text(value.isoformat(" ", "seconds"))
    span = value.replace(tzinfo=None) - EPOCH
    return f'" s="{style}"><v>{span.days + (span.seconds + span.microseconds / 1e6) / 86400!r}</v></c>'


def _seconds(value: time) -> float:
    return value.hour * 3600 + value.minute * 60 + value.second + value.microsecond / 1e6


_EPOCH_DAY = EPOCH.toordinal()


class _Sink:
    """What the archive writes into: kept until it is taken. It can neither seek nor tell, as a connection cannot."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        """Some more."""
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """Nothing waits anywhere else."""

    def take(self) -> bytes:
        """What was written since the last time."""
        found = b"".join(self._pieces)
        self._pieces = []
        return found
