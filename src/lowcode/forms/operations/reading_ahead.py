"""A large workbook read on by a process of its own, while the rows that it has read already are brought in.

Reading takes half as long as bringing in, and both keep a core busy. What the process has read waits in a file beside
the database's work, which memory does not grow with. It can be done without: where it cannot be started, ends too soon,
or is not in this process any more, the file is read on from the same row here (`bringing`). Decision 0241.
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Hashable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import orjson

from lowcode.forms.operations import workbook_reader
from lowcode.forms.operations.old_workbooks import KEPT
from lowcode.kernel.diagnostics import Problem, Rejected
from lowcode.kernel.storage.types import JsonText

log = logging.getLogger("lowcode.forms")
LARGE = 2**20
"""From so many bytes of a packed workbook on it is worth a process: some ten thousand rows."""
AT_ONCE = 2
"""Workbooks that are read ahead; who sends more has the first of them read as any other file."""
MEMORY_LIMIT = 2 * 2**30
WRITTEN_LIMIT = 4 * 2**30
"""Bytes of the parts that wait."""
TAKEN = 32 * 2**20
"""Characters of the parts that are taken at once: rows may be as wide as they like."""
SECONDS = 120.0
"""So long one part may take."""
PAUSE = 0.005
IDLE = 1800.0
"""So long a reader waits for its import to come back: it may go on in another process, or be over."""
LEFT = 86400.0
"""A folder older than this is of a process that was killed."""
FOLDER = "lowcode-import-"
Key = tuple[int, Hashable]
"""The import, and its file."""
Part = tuple[int, int, JsonText]
"""The row in which it begins, how many rows it has, and the part as it is kept."""


class Gone(Exception):
    """The process has ended, or says nothing: the file is read on without it."""


class Reader:
    """One workbook, and the process that reads it. Raises OSError where that cannot be started."""

    def __init__(self, source: IO[bytes], size: int, most: int) -> None:
        self.first = 0
        """The row in which the next part begins."""
        self.ended = False
        """Whether all of it was taken."""
        self._at = self._before = 0
        self._folder = tempfile.TemporaryDirectory(prefix=FOLDER, ignore_cleanup_errors=True)
        book, rows = (Path(self._folder.name) / name for name in ("book.xlsx", "rows"))
        try:
            with book.open("wb") as copy:
                shutil.copyfileobj(source, copy)
            environment = {key: os.environ[key] for key in KEPT if key in os.environ}
            environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
            program = [sys.executable, "-P", workbook_reader.__file__, str(book)]
            limits = map(str, (size, most, MEMORY_LIMIT, WRITTEN_LIMIT))
            with rows.open("wb") as written:
                self._process = subprocess.Popen(
                    [*program, *limits], stdin=subprocess.PIPE, stdout=written, stderr=subprocess.DEVNULL,
                    cwd=self._folder.name, env=environment,
                )  # fmt: skip
            self._rows = rows.open("rb")
        except BaseException:
            self._folder.cleanup()
            raise
        self._end = weakref.finalize(self, _end, self._process, self._rows, self._folder)

    def read_on(self, head: int, past: int) -> None:
        """Begin: below row `head`, and `past` so many rows that are laid out already."""
        assert self._process.stdin is not None
        self.first = head + past + 1
        with contextlib.suppress(OSError):  # then it has ended, which is seen when its parts are waited for
            self._process.stdin.write(b"%d %d\n" % (head, past))
            self._process.stdin.close()

    def take(self, most: int) -> list[Part]:
        """Up to so many parts of those that wait; where none does, the next one that comes, or none: then it has ended.
        Raises Rejected for what cannot be read, and Gone."""
        found: list[Part] = []
        size = 0
        while len(found) < most and size < TAKEN and not self.ended:
            one = self._next() if found else self._waited_for()
            if one is None:
                break
            if one[1]:
                found.append(one)
                size += len(one[2].text)
                self.first = one[0] + one[1]
            elif found and one[2].text:  # what is wrong is said when all before it was taken
                self._at = self._before
                break
            else:
                self.ended = True
                if one[2].text:
                    raise Rejected(Problem("forms.unreadable-file", UNREADABLE, "/file", _reason(one[2].text)))
        return found

    def close(self) -> None:
        """End the process, and let go of what it has read."""
        self._end()

    def _waited_for(self) -> Part:
        until = time.monotonic() + SECONDS
        while (found := self._next()) is None:
            if self._process.poll() is not None:
                found = self._next()  # what it wrote last
                if found is None:
                    raise Gone
                break
            if time.monotonic() > until:
                raise Gone
            time.sleep(PAUSE)
        return found

    def _next(self) -> Part | None:
        """The next part, where it is there as a whole."""
        self._rows.seek(self._at)
        said = self._rows.readline()
        if not said.endswith(b"\n"):
            return None
        first, count, size = map(int, said.split())
        text = self._rows.read(size)
        if len(text) < size:
            return None
        self._before, self._at = self._at, self._at + len(said) + size
        return first, count, JsonText(text.decode())


class Readers:
    """Those of one engine, between one stretch of their file and the next."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[Key, tuple[Reader, threading.Timer]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, key: Key) -> Reader | None:
        """The reader of an import, which is its taker's from here on."""
        with self._lock:
            found = self._waiting.pop(key, None)
        if found is None:
            return None
        found[1].cancel()
        return found[0]

    def keep(self, key: Key, reader: Reader) -> None:
        """Keep it for the next stretch, for some time."""
        timer = threading.Timer(IDLE, self._forget, (key, reader))
        timer.daemon = True
        with self._lock:
            over = [self._waiting.pop(key)] if key in self._waiting else []
            self._waiting[key] = reader, timer
            while len(self._waiting) > AT_ONCE:
                over.append(self._waiting.popitem(last=False)[1])
        timer.start()
        _close(over)

    def drop(self, run: int) -> None:
        """An import is over, whatever of its file was not read."""
        with self._lock:
            found = [self._waiting.pop(each) for each in [*self._waiting] if each[0] == run]
        _close(found)

    def close(self) -> None:
        """End all of them."""
        with self._lock:
            found = [*self._waiting.values()]
            self._waiting.clear()
        _close(found)

    def _forget(self, key: Key, reader: Reader) -> None:
        with self._lock:
            mine = key in self._waiting and self._waiting[key][0] is reader
            found = [self._waiting.pop(key)] if mine else []
        _close(found)


def _close(several: Iterable[tuple[Reader, threading.Timer]]) -> None:
    for reader, timer in several:
        timer.cancel()
        reader.close()


@dataclass(frozen=True, slots=True)
class Place:
    """Where the reader of one import is kept."""

    readers: Readers
    key: Key

    @contextmanager
    def begin(self, source: IO[bytes], size: int, most: int, *, wanted: bool) -> Iterator[Reader | None]:
        """A new reader of a file, for parts of `size` rows; kept when the block has left something for it to read.
        None where it is not `wanted`, not worth it, or not possible."""
        reader = _started(source, size, most) if wanted else None
        with self._held(reader):
            yield reader

    @contextmanager
    def lent(self, first: int) -> Iterator[Reader | None]:
        """The reader that goes on from row `first`, None where there is none; kept when there is more to read. Where
        it turns out to be gone, which is seen before anything was taken, the block ends with Gone."""
        reader = self.readers.take(self.key)
        if reader is not None and reader.first != first:
            reader.close()
            reader = None
        with self._held(reader):
            yield reader

    @contextmanager
    def _held(self, reader: Reader | None) -> Iterator[None]:
        try:
            yield
        except BaseException:
            if reader is not None:
                reader.close()
            raise
        if reader is not None and reader.ended:
            reader.close()
        elif reader is not None:
            self.readers.keep(self.key, reader)


def _started(source: IO[bytes], size: int, most: int) -> Reader | None:
    if not sys.executable or source.read(2) != b"PK" or source.seek(0, os.SEEK_END) < LARGE:
        return None
    source.seek(0)
    _sweep()
    try:
        return Reader(source, size, most)
    except OSError as error:
        log.warning("no process can be started to read a workbook ahead (%s); it is read here", error)
        return None


def _sweep() -> None:
    """Take away what processes left that were killed: copies of files that somebody sent."""
    for each in Path(tempfile.gettempdir()).glob(f"{FOLDER}*"):
        with contextlib.suppress(OSError):
            if time.time() - each.lstat().st_mtime > LEFT:
                shutil.rmtree(each)


UNREADABLE = {"en": "the file cannot be read: {reason}", "zh-CN": "无法读取该文件：{reason}"}
BROKEN = "文件已损坏，或不是表格；请打开后重新保存"


def _reason(text: str) -> dict[str, dict[str, str]]:
    said = orjson.loads(text)
    return {"reason": {"en": said["en"], "zh-CN": said["zh-CN"] or BROKEN}}


def _end(process: subprocess.Popen[bytes], rows: IO[bytes], folder: tempfile.TemporaryDirectory[str]) -> None:
    process.kill()
    if process.stdin is not None:
        with contextlib.suppress(OSError):
            process.stdin.close()
    process.wait()
    rows.close()
    folder.cleanup()
