"""What somebody asks twice is done once: an operation that carries a `request` keeps its answer in the transaction of
its work, by what the api engine keeps for an `Idempotency-Key`, and gives it again.

Nothing is held beforehand. Two that ask at one instant both begin; whoever is second finds an instance that has moved
on, or the answer of the first where its own should stand; it is undone to where it began, and gets that answer.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import wraps
from typing import Annotated, Any

from pydantic import Field

from lowcode.flows.diagnostics import problem
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.diagnostics import Rejected
from lowcode.kernel.storage.types import json_text

OPINION_LIMIT = 10_000
Opinion = Annotated[str, Field(max_length=OPINION_LIMIT)]
"""What somebody says with a deed: it stands in lists, letters and cards."""


class Requested(Parameters):
    """May be asked again with the same `request` and is then not done again."""

    request: str | None = Field(
        None,
        min_length=1,
        max_length=200,
        description="A word of the caller's own for this one request: asked again with it within a day, the first "
        "answer comes again and nothing is done.",
    )


def once(operation: Operation) -> Operation:
    """The same operation, done once however often a request of one person asks it. With a `request` its answer is as
    JSON has it, the first time too. Raises Rejected when the request was another one, and Conflict when what was
    answered has been erased since."""

    @wraps(operation.run)
    def run(context: Context, params: Any) -> Any:
        if params.request is None:
            return operation.run(context, params)
        asked = _asked(context, operation.name, params)
        before = _earlier(context, asked)
        if before is not None:
            return before["answer"]
        try:
            with context.unit.savepoint():
                answer = json.loads(json_text(operation.run(context, params)))
                context.as_app().ask("api.keep_answer", **asked, status=200, answer=answer)
        except Exception as error:
            taken = isinstance(error, Rejected) or context.unit.database.is_unique_violation(error) is not None
            before = _earlier(context, asked) if taken else None  # the same at the same moment, and it was first
            if before is None:
                raise
            return before["answer"]
        return answer

    repeatable = operation.writes and issubclass(operation.params, Requested)
    return replace(operation, run=run) if repeatable else operation


def _earlier(context: Context, asked: Mapping[str, Any]) -> Mapping[str, Any] | None:
    try:
        found: Mapping[str, Any] | None = context.as_app().ask("api.answered", **asked)
    except Rejected as rejected:
        if rejected.problems[0].code != "api.idempotency-differs":
            raise
        raise Rejected(problem("flows.request-differs", "/request")) from None
    return found


def _asked(context: Context, name: str, params: Requested) -> dict[str, Any]:
    """What tells a request that is asked again from another. The answers of a key are nobody else's: it may see less
    than its person."""
    actor = context.actor
    said = json.dumps([name, actor.key, params.model_dump()], sort_keys=True, default=str)
    fingerprint = hashlib.sha256(said.encode()).hexdigest()
    return {"actor": actor.id, "key": f"{name} {params.request}", "fingerprint": fingerprint}
