"""A zip archive of somebody, opened so that it can be read a piece at a time, and whatever is wrong with it said once.

Archives that come are of two ways to pack: as it is, and deflated; a piece of those is unpacked no further than it is
asked for. Of the others (bzip2, LZMA) `zipfile` unpacks whatever a piece comes to at once, and five hundred bytes are
gigabytes: what is packed so is not opened.

What goes wrong with what is done with the pieces (a full disk, a fault of ours) is not the archive's, and stays what it
is.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from lowcode.kernel.definitions.wording import Unfit

PACKED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
ENCRYPTED = 0x1
BROKEN = (
    zipfile.BadZipFile, zipfile.LargeZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError,
    UnicodeDecodeError,
)  # fmt: skip
"""What is raised of an archive that is none, is cut off, or was changed on its way."""


class BadArchive(Unfit):
    """An archive cannot be read; why, in both languages."""


class Archive(zipfile.ZipFile):
    """One whose members are read under a watch. Raises BadArchive where one is opened or read that is broken."""

    def open(self, *given: Any, **named: Any) -> Any:
        """A member of it."""
        with _watched():
            return _Member(super().open(*given, **named))


class _Member(io.BufferedIOBase):
    """A member that is read from its beginning on."""

    def __init__(self, part: IO[bytes]) -> None:
        self._part = part

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """So many bytes, or what is left."""
        with _watched():
            return self._part.read(-1 if size is None else size)

    def close(self) -> None:
        """Enough."""
        self._part.close()
        super().close()


@contextmanager
def _watched() -> Iterator[None]:
    try:
        yield
    except BROKEN as error:
        raise BadArchive(str(error) or "it is cut off", "它不是完整的 zip 压缩包") from None


@contextmanager
def opened(source: IO[bytes] | Path) -> Iterator[zipfile.ZipFile]:
    """The archive. Raises BadArchive, also for what is found wrong while its members are read."""
    with _watched():
        archive = Archive(source)
    with archive:
        for each in archive.infolist():
            _look(each)
        yield archive


def _look(member: zipfile.ZipInfo) -> None:
    name = member.filename[:80]
    if not member.filename or member.header_offset < 0:
        raise BadArchive("a member has no name or no place in it", "它不是完整的 zip 压缩包")
    if member.flag_bits & ENCRYPTED:
        raise BadArchive(f"'{name}' has a password; pack it without one", f"“{name}”设有密码，请去掉密码后重新压缩")
    if member.compress_type not in PACKED:
        english = f"'{name}' is packed in a way that is not read; pack it by deflate, as usual"
        raise BadArchive(english, f"“{name}”的压缩方式不受支持，请使用通常的 deflate 方式")
