"""The program that reads a workbook of the older kind, in a process of its own (`old_workbooks` starts it).

It imports nothing large of the library: it starts in a tenth of a second. Why a workbook cannot be read is answered by
a word and what the reader says itself; the sentences are those of whoever asked.
"""

from __future__ import annotations

import io
import json
import os
import sys
from datetime import date, time, timedelta
from typing import Any

from lowcode.kernel.limits import limit

REFUSED = 3
"""How it ends when it has said why."""
LOCKED, DAMAGED = "locked", "damaged"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""What a workbook of any kind with a password has in it: its file is of the older kind then, whatever it is called."""


def main(memory: int, written: int) -> int:
    """Read a workbook from the input and write its rows, one a line."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    os.dup2(2, 1)
    limit(memory, written)
    given = sys.stdin.buffer.read()
    try:
        from python_calamine import CalamineWorkbook

        book = CalamineWorkbook.from_filelike(io.BytesIO(given))
        for row in book.get_sheet_by_index(0).to_python(skip_empty_area=False):
            answers.write(json.dumps([_plain(each) for each in row]) + "\n")
    except Exception as error:  # whatever is wrong with the file is an answer
        locked = ENCRYPTED in given or type(error).__name__ == "PasswordError"
        answers.write(json.dumps({"refused": LOCKED if locked else DAMAGED, "said": str(error)[:200]}) + "\n")
        answers.flush()
        return REFUSED
    answers.flush()
    return 0


def _plain(value: Any) -> Any:
    if isinstance(value, timedelta):
        return ["timedelta", value.total_seconds()]
    return [type(value).__name__, value.isoformat()] if isinstance(value, (date, time)) else value


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
