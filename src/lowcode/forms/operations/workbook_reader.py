"""The program that reads a large workbook on, in a process of its own (`reading_ahead` starts it).

It writes the parts of the file one after the other as they are to be kept (`parts`): a line of three numbers (the row
in which the part begins, how many rows it has, how many bytes it is), then the part in JSON. Three noughts are the end;
a part of no rows says why the file cannot be read any further.
"""

from __future__ import annotations

import os
import sys
from importlib.util import module_from_spec, spec_from_file_location
from itertools import islice
from pathlib import Path
from typing import Any

from lowcode.kernel.limits import limit

REFUSED = 3
"""How it ends when it has said why."""


def main(path: str, size: int, most: int, memory: int, written: int) -> int:
    """Read the workbook from where the input says: the row of the titles, and how many rows below it are not wanted."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    limit(memory, written)
    import orjson

    from lowcode.kernel.workbooks import rows_of

    parts = _parts()
    said = sys.stdin.readline().split()
    if not said:  # whoever started it needs it no more
        return 0
    head, past = map(int, said)
    try:
        with open(path, "rb") as source:
            rows = islice(rows_of(source), head + past, None)
            for first, lines in parts.cut(rows, head + past + 1, size, most):
                text = orjson.dumps(parts.packed(lines))
                answers.write(b"%d %d %d\n" % (first, len(lines), len(text)))
                answers.write(text)
                answers.flush()
    except Exception as error:  # whatever is wrong with the file is an answer
        text = orjson.dumps({"en": str(error)[:200], "zh-CN": getattr(error, "chinese", None)})
        answers.write(b"0 0 %d\n" % len(text))
        answers.write(text)
        answers.flush()
        return REFUSED
    answers.write(b"0 0 0\n")
    answers.flush()
    return 0


def _parts() -> Any:
    """The room `parts`, without the rest of the engine: that would take ten times as long to start."""
    path = Path(__file__).with_name("parts.py")
    spec = spec_from_file_location("parts", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
