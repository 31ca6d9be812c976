"""What becomes of an answer to a request that a step made: the token that waits for it goes on.

An answer is taken once, by the token that asked and by nobody who came to its step later; one that comes too late is
noted and left alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import Field as Key

from lowcode.flows.operations import commands
from lowcode.flows.operations.drive import helped, receive
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Text


class Came(Parameters):
    """The answer to a request of a token, or why it was refused (`reason`)."""

    instance: int
    token: int
    message: str
    """The request: the token may have made another by now."""
    values: Mapping[str, Any] = Key(default_factory=dict)
    status: int | None = None
    reason: Text | None = None


def answered(context: Context, params: Came) -> str:
    """Go on with an answer; `late` when nobody waits for it any more."""
    row = commands.lock(context, params.instance)
    if row is None or row["running"] is None:
        return "late"
    if commands.held_back(context, row, "flows.answered", params, params.message):
        return "held"
    walk = commands.stand(context, row)
    token = walk.state.token(params.token)
    said = {"status": params.status, **({"reason": params.reason} if params.reason is not None else {})}
    waits = token is not None and token.asked == params.message and token.state in ("resting", "stuck")
    if token is None or not waits:
        walk.note("answered_late", None, params.token, **said)
        return "late"
    walk.note("answered", token.node, token.number, **said)
    receive(walk, token, {"values": dict(params.values), "status": params.status, "reason": params.reason})
    if token.state == "stuck":
        helped(walk, token.number)
    walk.finish()
    return "answered" if params.reason is None else "refused"


OPERATIONS = (Operation("flows.answered", answered, Came, "internal", sealed=True),)
