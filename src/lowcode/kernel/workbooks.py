"""A workbook read some rows at a time, so that memory does not grow with it.

The quickest reader there is (calamine) lays a sheet out whole. So it is given a small workbook for every few megabytes
of the sheet, with the styles of the large one, by which it knows days from numbers; words that all sheets share are
kept aside, in a file when there are many.

A workbook is judged before anything of it is laid out: a few kilobytes can unpack into gigabytes, and two cells can
span a sheet of seventeen thousand million. The reader is given only cells that say their place once, in a way that is
read here as well: so it can lay none out anywhere else than where it was judged to be.
"""

from __future__ import annotations

import html
import io
import re
import tempfile
import zipfile
from array import array
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from typing import IO, Any

from lowcode.kernel.definitions import archives
from lowcode.kernel.definitions.wording import Unfit

UNPACKED_LIMIT = 4 * 2**30
FRAME_LIMIT = 32 * 2**20
"""Of everything but the sheet and the words: styles, relations."""
PARTS_LIMIT = 5000
CELLS_LIMIT = 4_000_000
"""Cells that a piece may span."""
COLUMNS_LIMIT = 16_384
PIECE = 2**21
AHEAD = 2
"""Pieces that are read at once."""
AT_HAND = 16 * 2**20
"""Up to so many bytes of shared words are kept in memory."""
MARK = "\ue000\uf8ff"
"""Before the number of a shared word: characters that no text begins with."""
_MARKED = MARK.encode()
UNCOMPUTED = "=…\u200b"
"""Stands for the value of a formula that whoever wrote the file has not worked out."""
ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
"""What a spreadsheet program shows instead of a result."""
_SHARED = re.compile(rb'(<(?:\w+:)?c\b[^>]*?\bt=")s("[^>]*>(?:<(?:\w+:)?v\b[^>]*>))')
_UNCOMPUTED = re.compile(
    rb"<((?:\w+:)?)c\b([^>]*)>\s*<\1f\b(?:[^>]*/>|[^>]*>[^<]*</\1f>)\s*(?:<\1v\s*/>|<\1v>\s*</\1v>)?\s*</\1c>"
)
_ERROR = re.compile(rb'(<(?:\w+:)?c\b[^>]*?\bt=")e(")')
_TYPE = re.compile(rb'\bt="(\w+)"')
_WIDE = re.compile(rb'r="([A-Z]{2,3})\d')
_PLAIN_ROW = re.compile(rb'<row r="(\d{1,7})"(?: +(?!r=)[\w:]+="[^"<>]*")*/?>')
"""As nearly all programs write it; a pattern that begins with plain letters is looked for ten times as fast."""
_PLAIN_CELL = re.compile(rb'<c r="[A-Z]{1,3}(\d{1,7})"(?: +(?!r=)\w+="[^"<>]*")*/?>')
_PREFIXED = re.compile(rb"<[^ \t\r\n<>:]*:(?:row|c)(?=[\s/>])")
_TAGS = re.compile(rb"<(?:[^ \t\r\n<>:/][^ \t\r\n<>:]*:|:)?(?:row|c)(?=[\s/>])")
_TAG = re.compile(rb"""<(/?)(?:[\w.\x80-\xff-]+:)?(row|c)(?=[\s/>])((?:[^<>"']|"[^"<]*"|'[^'<]*')*)>""")
_CELL = re.compile(rb"<(?:[^\s<>/!?:]+:)?c(?=[\s/>])")
_NAMED = re.compile(rb"""[\s"']r\s*=""")
_PLACE = re.compile(rb"""[\s"']r\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_REFERENCE = re.compile(rb"([A-Z]{0,3})(\d{1,7})")
_WORDS = re.compile(rb"<(?:\w+:)?si\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?si>)", re.DOTALL)
_TEXT = re.compile(rb"<(?:\w+:)?t\b[^>]*?(?:/>|>(.*?)</(?:\w+:)?t>)", re.DOTALL)
_READING = re.compile(rb"<(?:\w+:)?rPh\b.*?</(?:\w+:)?rPh>", re.DOTALL)
_SHEET = re.compile(rb"<(?:\w+:)?sheet\b[^>]*>")
_SHEET_PART = re.compile(rb'\br:id="([^"]+)"')
_HIDDEN = re.compile(rb"""\bstate\s*=\s*["'](?:veryH|h)idden""")
_RELATION = re.compile(rb"<Relationship\b[^>]*>")
_BEGIN = re.compile(rb"<((?:\w+:)?)sheetData\b[^>]*?(/?)>")
BOOK, RELATIONS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
Laid = tuple[int, list[list[Any]]]
"""The place of the first row, and rows."""
FRAME = ("[Content_Types].xml", "_rels/.rels", BOOK, RELATIONS, "xl/styles.xml", "xl/theme/theme1.xml")


def rows_of(source: IO[bytes]) -> Iterator[list[Any]]:
    """The rows of the first sheet, one after the other; blank ones between them are there as blank rows. Raises
    ValueError, in words for whoever sent it, for a workbook that would not fit."""
    with archives.opened(source) as archive:
        names = {each.filename for each in archive.infolist()}
        if BOOK not in names:
            raise Unfit("it is no .xlsx workbook", "它不是 .xlsx 工作簿")
        if len(names) > PARTS_LIMIT or sum(each.file_size for each in archive.infolist()) > UNPACKED_LIMIT:
            raise Unfit(
                f"it unpacks to more than {UNPACKED_LIMIT // 2**20} MB", f"它解压后超过 {UNPACKED_LIMIT // 2**20} MB"
            )
        frame = {name: _part(archive, name) for name in FRAME if name in names}
        index, sheet, shared = _places(frame, names)
        with _shared_words(archive, shared) as words:
            yield from _numbered(archive, (index, sheet), frame, words)


@contextmanager
def _shared_words(archive: zipfile.ZipFile, name: str | None) -> Iterator[Sequence[str]]:
    """The words that cells share, as long as they are needed."""
    if name is None:
        yield ()
        return
    words = _Words(archive, name)
    try:
        yield words
    finally:
        words.close()


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        found = part.read(FRAME_LIMIT + 1)
    if len(found) > FRAME_LIMIT:
        raise Unfit(f"{name} is larger than {FRAME_LIMIT // 2**20} MB", f"{name} 超过 {FRAME_LIMIT // 2**20} MB")
    return found


def _places(frame: dict[str, bytes], names: set[str]) -> tuple[int, str, str | None]:
    """Which sheet it is, of those of cells the first that is not hidden, where it is, and the words that are shared."""
    parts, shared = {}, None
    for relation in _RELATION.findall(frame.get(RELATIONS, b"")):
        said = dict(re.findall(rb'(\w+)="([^"]*)"', relation))
        target = said.get(b"Target", b"").decode()
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        parts[said.get(b"Id")] = path
        if said.get(b"Type", b"").endswith(b"/sharedStrings"):
            shared = path
    sheets = []
    for index, tag in enumerate(_SHEET.findall(frame[BOOK])):
        part = _SHEET_PART.search(tag)
        path = parts.get(part[1] if part is not None else None, "xl/worksheets/sheet1.xml")
        if path in names and "chartsheets/" not in path:
            sheets.append((_HIDDEN.search(tag) is not None, index, path))
    if not sheets and "xl/worksheets/sheet1.xml" in names:
        sheets.append((False, 0, "xl/worksheets/sheet1.xml"))
    if not sheets:
        raise Unfit("it has no sheet of cells", "它没有可读取的工作表")
    _, index, sheet = min(sheets)
    return index, sheet, shared if shared in names else None


def _numbered(
    archive: zipfile.ZipFile, sheet: tuple[int, str], frame: dict[str, bytes], words: Sequence[str]
) -> Iterator[list[Any]]:  # fmt: skip
    """Rows in their places."""
    following = 0
    with archive.open(sheet[1]) as part:
        for start, found in _ahead(lambda head, piece: _read(frame, sheet, head, piece, bool(words)), _pieces(part)):
            for _ in range(start - following if start > following else 0):
                yield []
            following = max(start, following) + len(found)
            yield from _spelt(found, words) if words else found


def _ahead(read: Callable[[bytes, bytes], Laid], pieces: Iterator[tuple[bytes, bytes]]) -> Iterator[Laid]:
    """The pieces, read two at a time while those before them are worked on: the reader lets other threads run. Whoever
    looks at the first rows only waits for no more than them."""
    for first in pieces:
        yield read(*first)
        break
    with ThreadPoolExecutor(AHEAD, "lowcode-workbook") as threads:
        waiting: deque[Future[Laid]] = deque()
        for piece in pieces:
            waiting.append(threads.submit(read, *piece))
            if len(waiting) == AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _pieces(part: IO[bytes]) -> Iterator[tuple[bytes, bytes]]:
    """What stands before the rows, and some whole rows."""
    waiting, begun = b"", None
    size = 0
    while begun is None:
        chunk = part.read(PIECE)
        waiting += chunk
        begun = _BEGIN.search(waiting)
        if begun is None and (not chunk or len(waiting) > FRAME_LIMIT):
            raise Unfit(
                "its sheet has no rows that can be read; it must be written in UTF-8",
                "工作表中没有可读取的行；文件须为 UTF-8 编码",
            )
    head, waiting = waiting[: begun.end()], waiting[begun.end() :]
    if _TAGS.search(head):
        raise Unfit("a cell in it stands outside of the rows", "有单元格位于行之外")
    if begun[2]:
        return
    end = b"</" + begun[1] + b"row>"
    while True:
        chunk = part.read(PIECE)
        size += len(chunk)
        if size > UNPACKED_LIMIT:
            raise Unfit(
                f"it unpacks to more than {UNPACKED_LIMIT // 2**20} MB", f"它解压后超过 {UNPACKED_LIMIT // 2**20} MB"
            )
        waiting += chunk
        cut = waiting.rfind(end)
        if cut >= 0:
            cut += len(end)
            yield head, waiting[:cut]
            waiting = waiting[cut:]
        elif len(waiting) > FRAME_LIMIT:
            raise Unfit(f"one row is larger than {FRAME_LIMIT // 2**20} MB", f"有一行超过 {FRAME_LIMIT // 2**20} MB")
        if not chunk:
            if _CELL.search(waiting.partition(b"</" + begun[1] + b"sheetData")[0]):
                raise Unfit("a row or a cell in it is broken off", "有行或单元格不完整")
            return


def _read(frame: dict[str, bytes], sheet: tuple[int, str], head: bytes, piece: bytes, shared: bool) -> Laid:
    """The place of the first row, and the rows; of the words that cells share, their numbers, marked."""
    from python_calamine import CalamineWorkbook

    if b"f>" in piece or b"<f " in piece:
        piece = _UNCOMPUTED.sub(_marked, piece)
    if b't="e"' in piece:  # an error is read as its word, not as a blank
        piece = _ERROR.sub(rb"\1str\2", piece)
    if shared:
        piece = piece.replace(b' t="s"><v>', b' t="str"><v>' + _MARKED)
        if b't="s"' in piece:
            piece = _SHARED.sub(rb"\1str\2" + _MARKED, piece)
    piece = _judged(piece)  # last: what is judged is what is read
    prefix = _BEGIN.search(head)[1]  # type: ignore[index]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as small:
        for name, text in frame.items():
            small.writestr(name, text)
        small.writestr(sheet[1], head + piece + b"</" + prefix + b"sheetData></" + prefix + b"worksheet>")
    buffer.seek(0)
    found = CalamineWorkbook.from_filelike(buffer).get_sheet_by_index(sheet[0])
    if found.start is None:
        return 0, []
    row, column = found.start
    before: list[Any] = [""] * column
    rows = found.to_python(skip_empty_area=True)
    if b"_x" in piece:  # the reader has taken the codes for what they mean
        rows = [[_shown(each) if isinstance(each, str) else each for each in line] for line in rows]
    return row, [[*before, *line] for line in rows] if before else rows


def _spelt(rows: list[list[Any]], words: Sequence[str]) -> Iterator[list[Any]]:
    """Rows with the words whose numbers are marked."""
    for line in rows:
        try:
            yield [words[int(each[2:])] if each.__class__ is str and each[:2] == MARK else each for each in line]
        except IndexError:
            raise Unfit(
                f"a cell refers to a shared text that is not there; there are {len(words)}",
                f"单元格引用了不存在的共享文本；共有 {len(words)} 个",
            ) from None


def _marked(cell: re.Match[bytes]) -> bytes:
    """A cell with a formula and no result, marked; a text that is empty is a result."""
    type_ = _TYPE.search(cell[2])
    if type_ is not None and type_[1] != b"n":
        return cell[0]
    prefix, looks = cell[1], _TYPE.sub(b"", cell[2])
    value = b'<%bc%b t="str"><%bv>%b</%bv></%bc>'
    return value % (prefix, looks, prefix, UNCOMPUTED.encode(), prefix, prefix)


def _judged(piece: bytes) -> bytes:
    """Rows in which every cell says its place. Raises ValueError where they would be laid out over more than there is.

    Whatever looks like a cell is one here, also what the reader passes by: it may see fewer places, never others."""
    rows, cells = _PLAIN_ROW.findall(piece), _PLAIN_CELL.findall(piece)
    if len(rows) == piece.count(b"<row") and len(cells) == piece.count(b"<c") and not _PREFIXED.search(piece):
        numbers = {int(each) for each in {*rows, *cells}}
        width = max((_column(each) for each in set(_WIDE.findall(piece))), default=26)
    else:
        piece, numbers, width = _placed(piece)
    if 0 in numbers:
        raise Unfit("a sheet has no row 0", "工作表没有第 0 行")
    span = (max(numbers) - min(numbers) + 1) if numbers else 1
    if span * width > CELLS_LIMIT:
        raise Unfit(
            f"a sheet spans more than {CELLS_LIMIT} cells; delete what is far from the rest",
            f"工作表跨越超过 {CELLS_LIMIT} 个单元格；请删除远离数据的内容",
        )
    return piece


def _placed(piece: bytes) -> tuple[bytes, set[int], int]:
    """Rows and cells however they are written, each cell with its place; the rows they name, and how wide they are. A
    cell that names none stands behind the one before it."""
    tags = list(_TAG.finditer(piece))
    if sum(not each[1] for each in tags) != len(_TAGS.findall(piece)):
        raise Unfit("a row or a cell in it is broken off", "有行或单元格不完整")
    told, at, row, column = [], 0, 1, 0
    numbers, width = set(), 1
    for tag in tags:
        place = None if tag[1] else _place(tag[3])
        if tag[2] == b"row":
            row = place[1] if place is not None else row
            if tag[1] or tag[3].endswith(b"/"):
                row, column = row + 1, 0
            elif place is not None:
                numbers.add(row)
        elif not tag[1]:
            column = place[0] if place is not None and place[0] else column + 1
            if column > COLUMNS_LIMIT:
                raise Unfit(f"a row has more than {COLUMNS_LIMIT} cells", f"有一行超过 {COLUMNS_LIMIT} 个单元格")
            if place is None:
                told += [piece[at : tag.start(3)], b' r="%b%d"' % (_letters(column), row)]
                at = tag.start(3)
            numbers.add(row if place is None else place[1])
            width = max(width, column)
    return b"".join([*told, piece[at:]]), numbers, width


def _place(attributes: bytes) -> tuple[int, int] | None:
    """The column and the row that a row or a cell names, if it does. The reader makes room for any place that a cell
    names, and ends the process where there is none: so what is no place in a sheet is refused, and so are two."""
    named = len(_NAMED.findall(attributes))
    if not named:
        return None
    found = _PLACE.search(attributes)
    if found is None or named > 1:
        raise Unfit("a row or a cell in it does not say its place once", "有行或单元格的位置缺失或重复")
    said = found[1] if found[1] is not None else found[2]
    place = _REFERENCE.fullmatch(said)
    if place is None:
        seen = said[:40].decode(errors="replace")
        raise Unfit(f"{seen!r} is no place in a sheet, such as B7", f"“{seen}”不是单元格位置，例如 B7")
    return _column(place[1]), int(place[2])


def _letters(column: int) -> bytes:
    found = b""
    while column:
        column, last = divmod(column - 1, 26)
        found = bytes([65 + last]) + found
    return found


def _column(letters: bytes) -> int:
    number = 0
    for each in letters:
        number = number * 26 + each - 64
    return number


_CODED = re.compile("(?:_x[0-9A-Fa-f]{4}_)+")
_UNSEEN = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]")


class _Words(Sequence[str]):
    """The words that cells share, by number: in memory, or in a file when there are many."""

    def __init__(self, archive: zipfile.ZipFile, name: str) -> None:
        self._list: list[str] | None = [] if archive.getinfo(name).file_size <= AT_HAND else None
        self._file: Any = None if self._list is not None else tempfile.TemporaryFile()  # noqa: SIM115 (as long as the words are needed)
        self._places = array("Q", [0])
        with archive.open(name) as part:
            for text in _shared(part):
                if self._list is not None:
                    self._list.append(text)
                elif self._file is not None:
                    self._places.append(self._places[-1] + self._file.write(text.encode()))
        self._at = lru_cache(maxsize=10_000)(self._from_file)

    def close(self) -> None:
        """Enough."""
        if self._file is not None:
            self._file.close()

    def __len__(self) -> int:
        return len(self._list) if self._list is not None else len(self._places) - 1

    def __getitem__(self, index: Any) -> Any:
        return self._list[index] if self._list is not None else self._at(index)

    def _from_file(self, index: int) -> str:
        begin, end = self._places[index], self._places[index + 1]
        self._file.seek(begin)
        found: bytes = self._file.read(end - begin)
        return found.decode()


def _shared(part: IO[bytes]) -> Iterator[str]:
    """The shared words in their order."""
    waiting, size = b"", 0
    while chunk := part.read(PIECE):
        size += len(chunk)
        if size > UNPACKED_LIMIT:
            raise Unfit(
                f"it unpacks to more than {UNPACKED_LIMIT // 2**20} MB", f"它解压后超过 {UNPACKED_LIMIT // 2**20} MB"
            )
        waiting += chunk
        end = 0
        for found in _WORDS.finditer(waiting):
            end = found.end()
            yield _spoken(found[1] or b"")
        waiting = waiting[end:]
        if len(waiting) > FRAME_LIMIT:
            raise Unfit(
                f"one text is larger than {FRAME_LIMIT // 2**20} MB", f"有一段文本超过 {FRAME_LIMIT // 2**20} MB"
            )


def _spoken(inner: bytes) -> str:
    """The text of an entry: its runs one after the other, without how they are read aloud."""
    if b"rPh" in inner:
        inner = _READING.sub(b"", inner)
    text = b"".join(_TEXT.findall(inner)).decode("utf-8", "replace")
    return _plain(html.unescape(text) if "&" in text else text)


def _plain(text: str) -> str:
    """A text without the codes in which workbooks write characters that XML has no place for (`_x000D_`): the end of a
    line is one, half of a sign stands with its other half, and a character that nothing shows is left out."""
    if "_x" not in text:
        return text
    text = _CODED.sub(lambda found: "".join(chr(int(each, 16)) for each in re.findall("x(.{4})", found[0])), text)
    return _shown(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def _shown(text: str) -> str:
    return _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
