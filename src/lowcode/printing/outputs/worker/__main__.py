"""The worker's own program: reads requests, answers them, ends when its input ends."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from lowcode.kernel.limits import limit
from lowcode.printing.outputs.worker.frames import receive, send

STATUS = Path("/proc/self/status")


def main(memory: int) -> None:
    """Serve until the host is gone. Nothing but answers is written to the output it was given."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    limit(memory)
    while (message := receive(sys.stdin.buffer)) is not None:
        request, contents = message
        try:
            bodies = _answer(request, contents)
            send(answers, {"ok": True, "memory": _used()}, bodies)
        except MemoryError:
            send(answers, {"ok": False, "reason": "memory", "message": "it needs too much memory", "memory": 1 << 62})
        except Exception as error:  # whatever a paper does wrong is an answer, never the end of the worker
            send(answers, {"ok": False, "reason": type(error).__name__, "message": str(error), "memory": _used()})


def _answer(request: dict[str, Any], contents: list[bytes]) -> list[bytes]:
    if request["do"] == "expand":
        from lowcode.printing.blocks.guarded import render  # each worker loads only what it is asked for

        return [render(request["source"], request["data"]).encode()]
    if request["do"] == "append":
        from lowcode.printing.outputs.appending import appended

        return [appended(request["tree"], request["files"], contents, request["fonts"])]
    if request["do"] == "read":
        from lowcode.printing.outputs.worker.forms import told

        return [told(contents[0])]
    from lowcode.printing.outputs.pdf import draw

    return draw(request["trees"], request["fonts"], request["format"], request["scale"])


def _used() -> int:
    """How many bytes this program took at most. Linux counts what a process took before it became another program: of a
    worker that is the size of its host, and of a large host each would be ended after one paper (decision 0205)."""
    with suppress(OSError, ValueError, StopIteration), STATUS.open(encoding="ascii") as status:
        return int(next(line for line in status if line.startswith("VmHWM:")).split()[1]) * 1024
    try:
        import resource
    except ImportError:
        return 0
    used = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return used if sys.platform == "darwin" else used * 1024


if __name__ == "__main__":
    main(int(sys.argv[1]))
