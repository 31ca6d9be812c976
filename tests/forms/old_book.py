"""A workbook of the older kind (.xls), as small as one can be: numbers in one sheet, in a file of the compound kind."""

from __future__ import annotations

import struct
from collections.abc import Sequence

SECTOR = 512
FREE, END, OF_FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def record(kind: int, content: bytes) -> bytes:
    """A record of a workbook."""
    return struct.pack("<HH", kind, len(content)) + content


def workbook(cells: Sequence[tuple[int, int, float]], size: tuple[int, int] = (1, 1)) -> bytes:
    """Numbers at rows and columns, and so many rows and columns that the sheet says it has."""

    def globals_(place: int) -> bytes:
        sheet = struct.pack("<IHBB", place, 0, 1, 0) + b"s"
        begin = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 1997, 0, 6))
        return begin + record(0x42, struct.pack("<H", 1200)) + record(0x85, sheet) + record(0x0A, b"")

    rows, columns = size
    sheet = record(0x809, struct.pack("<HHHHII", 0x600, 16, 0, 1997, 0, 6))
    sheet += record(0x200, struct.pack("<IIHHH", 0, rows, 0, columns, 0))
    sheet += b"".join(record(0x203, struct.pack("<HHHd", row, column, 0, value)) for row, column, value in cells)
    return compound(globals_(len(globals_(0))) + sheet + record(0x0A, b""))


def compound(stream: bytes, name: str = "Workbook") -> bytes:
    """A file of the compound kind with a stream of a name."""
    stream = stream.ljust(4096, b"\0")
    stream += b"\0" * (-len(stream) % SECTOR)
    count = len(stream) // SECTOR
    chain = [OF_FAT, END, *range(3, count + 2), END]
    assert len(chain) <= SECTOR // 4
    fat = struct.pack("<128I", *chain, *[FREE] * (128 - len(chain)))

    def entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
        said = name.encode("utf-16-le")
        head = said.ljust(64, b"\0") + struct.pack("<HBBIII", len(said) + 2, kind, 1, FREE, FREE, child)
        return head + b"\0" * 36 + struct.pack("<IQ", start, size)

    entries = entry("Root Entry", 5, 1, END, 0) + entry(name, 2, FREE, 2, len(stream))
    head = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 16 + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + b"\0" * 6
    head += struct.pack("<IIIIIIIIII", 0, 1, 1, 0, 4096, END, 0, END, 0, 0) + b"\xff" * 432
    return head + fat + entries.ljust(SECTOR, b"\0") + stream
