"""Where an app's files come from: a folder, a mapping, a zip archive. All look alike: paths, and a way to read one."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Protocol

from lowcode.kernel.definitions import archives
from lowcode.kernel.definitions.diagnostics import MESSAGES
from lowcode.kernel.diagnostics import Place, Report, Text

FILE_LIMIT = 64 * 2**20
TOTAL_LIMIT = 512 * 2**20
COUNT_LIMIT = 10_000
RATIO_LIMIT = 200
"""How many times larger than packed a file of an archive may be; text reaches 20, a bomb 1,000."""

ARCHIVE = {"en": "the archive", "zh-CN": "压缩包"}
FILE = {"en": "a file", "zh-CN": "文件"}
_IGNORED = ("__pycache__", "node_modules", "__MACOSX")


class Tree(Protocol):
    """The files of an app."""

    def paths(self) -> Iterable[str]:
        """Every path, with forward slashes, relative to the app."""
        ...

    def read(self, path: str) -> Any:
        """The bytes of a file, or text or values where a mapping holds them."""
        ...


class Folder:
    """Files on disk. Hidden ones are left out; a link that leads out of the folder is a finding."""

    def __init__(self, root: Path, report: Report) -> None:
        self._root = root
        self._paths: list[str] = []
        inside = os.path.realpath(root)
        for folder, folders, files in os.walk(root):
            folders[:] = sorted(name for name in folders if not _ignored(name))
            for name in sorted(files):
                path = (Path(folder) / name).relative_to(root).as_posix()
                if _ignored(name):
                    continue
                if not os.path.realpath(root / path).startswith(inside + os.sep):
                    report.add(MESSAGES.diagnostic("unsafe-path", Place(path), seen=path))
                    continue
                self._paths.append(path)

    def paths(self) -> Iterable[str]:
        """Every path."""
        return self._paths

    def read(self, path: str) -> Any:
        """The bytes of a file."""
        return (self._root / path).read_bytes()


class Values:
    """A mapping from path to text, bytes or values: for tests, for the designer, for apps kept in a database or sent by
    another host. A path that leads out of the app is a finding, for it may be written into a folder."""

    def __init__(self, files: Mapping[str, Any], report: Report | None = None) -> None:
        self._files = dict(files)
        if report is not None:
            for path in filter(_leads_out, list(self._files)):
                report.add(MESSAGES.diagnostic("unsafe-path", Place(path), seen=path))
                del self._files[path]

    def paths(self) -> Iterable[str]:
        """Every path."""
        return self._files

    def read(self, path: str) -> Any:
        """What the mapping holds."""
        return self._files[path]


class Archive:
    """A zip archive from anywhere, so nothing it says is believed: paths, sizes and counts are checked."""

    def __init__(self, content: bytes | BinaryIO | Path, report: Report) -> None:
        self._files: dict[str, bytes] = {}
        source = io.BytesIO(content) if isinstance(content, bytes) else content
        try:
            with archives.opened(source) as archive:
                self._unpack(archive, report)
        except archives.BadArchive as error:
            problem = {"en": str(error), "zh-CN": error.chinese}
            report.add(MESSAGES.diagnostic("unreadable", Place(), problem=problem))

    def paths(self) -> Iterable[str]:
        """Every path."""
        return self._files

    def read(self, path: str) -> Any:
        """The bytes of a file."""
        return self._files[path]

    def _unpack(self, archive: zipfile.ZipFile, report: Report) -> None:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(entries) > COUNT_LIMIT:
            most = _many(COUNT_LIMIT, "files", "个文件")
            report.add(MESSAGES.diagnostic("too-large", Place(), what=ARCHIVE, limit=most))
            return
        room = TOTAL_LIMIT
        for entry in entries:
            path = entry.filename
            if _is_unsafe(entry):
                report.add(MESSAGES.diagnostic("unsafe-path", Place(path), seen=path))
                continue
            limit = min(FILE_LIMIT, room, max(2**20, entry.compress_size * RATIO_LIMIT))
            with archive.open(entry) as packed:
                content = packed.read(limit + 1)
            if len(content) > limit:
                most = _many(limit, "bytes", "字节")
                report.add(MESSAGES.diagnostic("too-large", Place(path), what=FILE, limit=most))
                return
            room -= len(content)
            if not any(_ignored(part) for part in PurePosixPath(path).parts):
                self._files[path] = content
        self._strip()

    def _strip(self) -> None:
        """Archives made of a folder hold it as their one top folder."""
        tops = {path.split("/", 1)[0] for path in self._files}
        if len(tops) == 1 and "app.json" not in self._files and all("/" in path for path in self._files):
            self._files = {path.split("/", 1)[1]: content for path, content in self._files.items()}


def _is_unsafe(entry: zipfile.ZipInfo) -> bool:
    is_link = (entry.external_attr >> 16) & 0o170000 == 0o120000
    return is_link or _leads_out(entry.filename)


def _leads_out(path: str) -> bool:
    """Whether a path could lead out of the folder it is written into."""
    return "\\" in path or path.startswith("/") or ":" in path.split("/")[0] or ".." in path.split("/")


def _ignored(name: str) -> bool:
    return name.startswith(".") or name in _IGNORED


def _many(count: int, english: str, chinese: str) -> Text:
    return {"en": f"{count:,} {english}", "zh-CN": f"{count:,} {chinese}"}
