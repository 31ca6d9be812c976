"""The same request twice is one: the answer is kept in the transaction of the work it answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from lowcode.api.diagnostics import problem
from lowcode.api.forgetting import FORGOTTEN
from lowcode.api.tables import answered
from lowcode.kernel.contract import Context, Parameters
from lowcode.kernel.diagnostics import Conflict, Rejected
from lowcode.kernel.storage import sealing

KEPT = timedelta(hours=24)
LONGEST = 255

FIND = sa.select(answered).where(answered.c.actor == sa.bindparam("of_actor"), answered.c.key == sa.bindparam("of_key"))
FORGET = sa.delete(answered).where(answered.c.at < sa.bindparam("before_at", type_=answered.c.at.type))
NOBODY = 0
PLACE = "api_answered.answer"
"""An answer may be a key or a link that is shown this once: it is kept sealed."""


class Asked(Parameters):
    """A request that carries a key; `fingerprint` tells it from others."""

    actor: int | None
    key: str
    fingerprint: str


class Answered(Asked):
    """The answer it got."""

    status: int
    answer: Any


def earlier(context: Context, params: Asked) -> dict[str, Any] | None:
    """The answer given before: `{"status", "answer"}`. Raises Rejected when the key belongs to another request, and
    Conflict when what was answered was erased since."""
    if not 0 < len(params.key) <= LONGEST:
        raise Rejected(problem("idempotency-length"))
    row = context.unit.one(FIND, of_actor=params.actor or NOBODY, of_key=params.key)
    if row is None or context.now() - row["at"] > KEPT:
        return None
    if row["fingerprint"] != params.fingerprint:
        raise Rejected(problem("idempotency-differs"))
    if row["status"] == FORGOTTEN:
        raise Conflict(problem("answer-forgotten"))
    return {"status": row["status"], "answer": sealing.opened(context.host, row["answer"], PLACE)}


def keep(context: Context, params: Answered) -> None:
    """Remember an answer for a day."""
    context.unit.run(FORGET, before_at=context.now() - KEPT)
    context.unit.insert(
        answered,
        actor=params.actor or NOBODY,
        key=params.key,
        fingerprint=params.fingerprint,
        status=params.status,
        answer=sealing.seal(context.host, params.answer, PLACE),
        at=context.now(),
    )
