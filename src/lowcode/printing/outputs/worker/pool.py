"""The host's side of the workers: lends one to each request, ends those that take too long."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Mapping, Sequence
from typing import Any

from lowcode.printing.blocks.kind import NotDrawn
from lowcode.printing.outputs.worker.frames import TooMuch, receive, send

MEGABYTE = 1 << 20


class WorkerFailed(NotDrawn):
    """A paper or a template text could not be made; `reason` is a word for programs."""

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message)


class TookTooLong(WorkerFailed):
    """It was ended after the time it is given."""


class TooLarge(WorkerFailed):
    """It was ended because it gave more than it may."""


class Workers:
    """Up to `count` processes (one for each core), started when first needed and kept for the next request."""

    def __init__(
        self, count: int | None = None, seconds: float = 20.0, memory: int = 2048 * MEGABYTE,
        output: int = 64 * MEGABYTE, python: str = sys.executable,
    ) -> None:  # fmt: skip
        self.seconds, self.output = seconds, output
        self.count = count or os.cpu_count() or 2
        self._memory, self._python = memory, python
        self._free = threading.BoundedSemaphore(self.count)
        self._idle: list[subprocess.Popen[bytes]] = []
        self._lock = threading.Lock()
        weakref.finalize(self, _end, self._idle)

    def draw(self, tree: Mapping[str, Any], fonts: list[str], form: str, scale: float = 144.0) -> list[bytes]:
        """The files of a print tree."""
        return self.draw_all([tree], fonts, form, scale)

    def draw_all(
        self, trees: Sequence[Mapping[str, Any]], fonts: list[str], form: str = "pdf", scale: float = 144.0
    ) -> list[bytes]:
        """The files of several papers, set one after the other as one document."""
        return self._ask({"do": "draw", "trees": list(trees), "fonts": fonts, "format": form, "scale": scale})

    def append(
        self, tree: Mapping[str, Any], files: Sequence[Mapping[str, Any]], contents: Sequence[bytes], fonts: list[str]
    ) -> bytes:
        """A paper with files behind it."""
        request = {"do": "append", "tree": tree, "files": list(files), "fonts": fonts}
        return self._ask(request, contents)[0]

    def read_form(self, content: bytes) -> bytes:
        """What is in a PDF that is to be a form (`forms.told`)."""
        return self._ask({"do": "read"}, [content])[0]

    def expand(self, source: str, data: Mapping[str, Any]) -> str:
        """The text of a template with plain data."""
        return self._ask({"do": "expand", "source": source, "data": data})[0].decode()

    def close(self) -> None:
        """End the processes that wait for work."""
        with self._lock:
            _end(self._idle)

    def _ask(self, request: dict[str, Any], contents: Sequence[bytes] = ()) -> list[bytes]:
        with self._free:
            with self._lock:
                process = self._idle.pop() if self._idle else None
            if process is not None and process.poll() is not None:
                _finish(process)
                process = None
            process = process or self._start()
            late = threading.Event()
            timer = threading.Timer(self.seconds, _stop, (process, late))
            timer.daemon = True
            timer.start()
            try:
                answer = _exchange(process, request, contents, self.output)
            except TooMuch:
                _finish(process)
                raise TooLarge("too-large", f"it is larger than {self.output // MEGABYTE} MB") from None
            finally:
                timer.cancel()
            if answer is None or late.is_set():
                _finish(process)
                if late.is_set():
                    raise TookTooLong("too-slow", f"it took longer than {self.seconds:g} seconds")
                raise WorkerFailed("ended", "the worker process ended")
            head, bodies = answer
            if head["memory"] > self._memory // 4:
                _finish(process)
            else:
                with self._lock:
                    self._idle.append(process)
            if not head["ok"]:
                raise WorkerFailed(head["reason"], head["message"])
            return bodies

    def _start(self) -> subprocess.Popen[bytes]:
        environment = {key: value for key, value in os.environ.items() if key in KEPT or key.startswith("LC_")}
        environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
        return subprocess.Popen(
            [self._python, "-m", "lowcode.printing.outputs.worker", str(self._memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=tempfile.gettempdir(),
            env=environment,
        )


KEPT = frozenset({"PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG", "LD_LIBRARY_PATH", "PYTHONPYCACHEPREFIX"})
"""What the process is told of the environment: never a secret of the host."""


def _exchange(
    process: subprocess.Popen[bytes], request: dict[str, Any], contents: Sequence[bytes], limit: int
) -> tuple[dict[str, Any], list[bytes]] | None:
    assert process.stdin is not None and process.stdout is not None
    try:
        send(process.stdin, request, contents)
        return receive(process.stdout, limit)
    except TooMuch:
        raise
    except (OSError, ValueError):
        return None


def _stop(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _finish(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()
    process.wait()


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    while processes:
        _finish(processes.pop())
