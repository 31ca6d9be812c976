"""Workbooks of the older kind (.xls), read by a process of their own.

The reader (calamine) lays every sheet out when it opens the file, as wide and as long as the file says it is; where
memory ends, it ends the process. So another process reads (`old_workbook_reader`), with as much memory as it is given,
and writes the rows of the first sheet into a file.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, Any

from lowcode.forms.operations import old_workbook_reader
from lowcode.forms.operations.old_workbook_reader import LOCKED, REFUSED
from lowcode.kernel.definitions.wording import Unfit

SIZE_LIMIT = 100 * 2**20
"""Bytes of the file."""
MEMORY_LIMIT = 2 * 2**30
ROWS_LIMIT = 4 * 2**30
"""Bytes of the rows as they are written."""
SECONDS = 120.0
KEPT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG", "LD_LIBRARY_PATH", "PYTHONPYCACHEPREFIX")
"""What the process is told of the environment: never a secret of the host."""
KINDS: dict[str, Callable[[Any], Any]] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "timedelta": lambda seconds: timedelta(seconds=seconds),
}


def rows_of(source: IO[bytes]) -> Iterator[list[Any]]:
    """The rows of the first sheet. Raises Unfit, in words for whoever sent it, for what cannot be read or would not
    fit."""
    content = source.read(SIZE_LIMIT + 1)
    if len(content) > SIZE_LIMIT:
        most = SIZE_LIMIT // 2**20
        raise Unfit(
            f"a workbook of the older kind may have {most} MB; save it as .xlsx",
            f".xls 工作簿不能超过 {most} MB，请另存为 .xlsx",
        )
    environment = {key: os.environ[key] for key in KEPT if key in os.environ}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    program = [sys.executable, "-P", old_workbook_reader.__file__, str(MEMORY_LIMIT), str(ROWS_LIMIT)]
    with tempfile.TemporaryFile() as rows:
        try:
            ended = subprocess.run(
                program, input=content, stdout=rows, stderr=subprocess.DEVNULL, cwd=tempfile.gettempdir(),
                env=environment, timeout=SECONDS, check=False,
            )  # fmt: skip
        except subprocess.TimeoutExpired:
            raise Unfit(
                f"it took longer than {SECONDS:g} seconds; save it as .xlsx",
                f"读取超过 {SECONDS:g} 秒，请另存为 .xlsx",
            ) from None
        del content
        rows.seek(0)
        if ended.returncode == REFUSED:
            raise _refused(json.loads(rows.readlines()[-1]))
        if ended.returncode:
            raise Unfit(
                "it takes more memory than there is for a workbook of the older kind; save it as .xlsx",
                "读取 .xls 工作簿所需的内存超过上限，请另存为 .xlsx",
            )
        for line in rows:
            yield [KINDS[each[0]](each[1]) if each.__class__ is list else each for each in json.loads(line)]


def _refused(answer: dict[str, str]) -> Unfit:
    """Why the reader could not read it; in English with what it said itself."""
    if answer["refused"] == LOCKED:
        return Unfit(
            "it is protected by a password; take the password away and send it again",
            "工作簿设有密码，请取消密码后重新上传",
        )
    return Unfit(
        f"it is damaged, or no workbook ({answer['said']}); open it and save it as .xlsx",
        "文件已损坏，或不是工作簿；请打开后另存为 .xlsx",
    )
