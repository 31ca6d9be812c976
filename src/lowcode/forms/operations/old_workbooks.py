"""Workbooks of the older kind (.xls), read by a process of their own.

The reader (calamine) lays every sheet out when it opens the file, as wide and as long as the file says it is; where
memory ends, it ends the process. So another process reads, with as much memory as it is given, and writes the rows of
the first sheet into a file. This module is its program as well, and imports nothing of the library: it starts in a
tenth of a second.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, Any

SIZE_LIMIT = 100 * 2**20
"""Bytes of the file."""
MEMORY_LIMIT = 2 * 2**30
ROWS_LIMIT = 4 * 2**30
"""Bytes of the rows as they are written."""
SECONDS = 120.0
KEPT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG", "LD_LIBRARY_PATH", "PYTHONPYCACHEPREFIX")
"""What the process is told of the environment: never a secret of the host."""
REFUSED = 3
"""How it ends when it has said why."""
KINDS: dict[str, Callable[[Any], Any]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda seconds: timedelta(seconds=seconds),
}


def rows_of(source: IO[bytes]) -> Iterator[list[Any]]:
    """The rows of the first sheet. Raises ValueError, in words for whoever sent it, for what cannot be read or would
    not fit."""
    content = source.read(SIZE_LIMIT + 1)
    if len(content) > SIZE_LIMIT:
        raise ValueError(f"a workbook of the older kind may have {SIZE_LIMIT // 2**20} MB; save it as .xlsx")
    environment = {key: os.environ[key] for key in KEPT if key in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    with tempfile.TemporaryFile() as rows:
        try:
            ended = subprocess.run(
                [sys.executable, "-P", __file__, str(MEMORY_LIMIT), str(ROWS_LIMIT)], input=content, stdout=rows,
                stderr=subprocess.DEVNULL, cwd=tempfile.gettempdir(), env=environment, timeout=SECONDS, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise ValueError(f"it took longer than {SECONDS:g} seconds; save it as .xlsx") from None
        del content
        rows.seek(0)
        if ended.returncode == REFUSED:
            raise ValueError(json.loads(rows.readlines()[-1])["refused"])
        if ended.returncode:
            raise ValueError("it takes more memory than there is for a workbook of the older kind; save it as .xlsx")
        for line in rows:
            yield [KINDS[each[0]](each[1]) if each.__class__ is list else each for each in json.loads(line)]


def main(memory: int, written: int) -> int:
    """Read a workbook from the input and write its rows, one a line."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    _limit(memory, written)
    try:
        from python_calamine import CalamineWorkbook

        book = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        for row in book.get_sheet_by_index(0).to_python(skip_empty_area=False):
            answers.write(json.dumps([_plain(each) for each in row]) + "\n")
    except Exception as error:  # whatever is wrong with the file is an answer
        answers.write(json.dumps({"refused": str(error)}) + "\n")
        answers.flush()
        return REFUSED
    answers.flush()
    return 0


def _plain(value: Any) -> Any:
    if isinstance(value, timedelta):
        return ["timedelta", value.total_seconds()]
    return [type(value).__name__, value.isoformat()] if isinstance(value, (date, time)) else value


def _limit(memory: int, written: int) -> None:
    """What it may take. Windows knows no such limit; there it ends when the machine has no more."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
