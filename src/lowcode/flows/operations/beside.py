"""The history of a flow, read alike whenever it was written.

An event that does not interrupt goes out beside a step that goes on, which is a line `branched`. Before that word there
was, it was `passed`, as though the step had been left; a step is left once, by the last such line of a token that is
gone.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lowcode.flows import run

OVER = ("passed", "dropped")


def read_alike(row: Mapping[str, Any], lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The lines of an instance, each by the word it would have now."""
    state = run.from_json(row["tokens"]) if row["running"] is not None else run.State()
    here = {token.number for token in state.tokens}
    left = {line["token"]: at for at, line in enumerate(lines) if line["event"] in OVER}
    return [
        {**line, "event": "branched"}
        if line["event"] == "passed" and (line["token"] in here or left[line["token"]] != at)
        else dict(line)
        for at, line in enumerate(lines)
    ]
