"""A zip archive of somebody, opened so that it can be read a piece at a time, and whatever is wrong with it said once.

Archives that come are of two ways to pack: as it is, and deflated; a piece of those is unpacked no further than it is
asked for. Of the others (bzip2, LZMA) `zipfile` unpacks whatever a piece comes to at once, and five hundred bytes are
gigabytes: what is packed so is not opened.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from lowcode.kernel.definitions.wording import Unfit

PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError,
    UnicodeDecodeError,
)  # fmt: skip
"""What is raised of an archive that is none, is cut off, was changed on its way, or is encrypted."""


class BadArchive(Unfit):
    """An archive cannot be read; why, in both languages."""


@contextmanager
def opened(source: IO[bytes] | Path) -> Iterator[zipfile.ZipFile]:
    """The archive. Raises BadArchive, also for what is found wrong while its members are read."""
    try:
        with zipfile.ZipFile(source) as archive:
            for each in archive.infolist():
                _look(each)
            yield archive
    except BROKEN as error:
        raise BadArchive(str(error) or "it is cut off", "它不是完整的 zip 压缩包") from None


def _look(member: zipfile.ZipInfo) -> None:
    if not member.filename or member.header_offset < 0:
        raise zipfile.BadZipFile("a member has no name or no place in it")
    if member.compress_type not in PACKED:
        english = f"'{member.filename[:80]}' is packed in a way that is not read; pack it by deflate, as usual"
        raise BadArchive(english, f"“{member.filename[:80]}”的压缩方式不受支持，请使用通常的 deflate 方式")
