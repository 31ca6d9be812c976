"""A request that carries an `Idempotency-Key` is done once: sent again, it gets the answer of the first time."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import orjson

from lowcode.web.messages import Request, to_json
from lowcode.web.session import Caller

if TYPE_CHECKING:
    from lowcode.web.door import Door

Answer = tuple[int, Any]


def once(door: Door, request: Request, caller: Caller, work: Callable[[Any], Answer]) -> Answer:
    """Status and body of the work, done in one transaction with the note that it is done."""
    asked = _asked(door, request, caller)

    def noted(unit: Any) -> Answer:
        context = door.host.context(unit, caller.actor)
        if asked is None:
            return work(context)
        before: Mapping[str, Any] | None = context.as_app().ask("api.answered", **asked)
        if before is not None:
            return before["status"], before["answer"]
        status, body = work(context)
        context.as_app().ask("api.keep_answer", **asked, status=status, answer=orjson.loads(to_json(body)))
        return status, body

    try:
        return door.host.write(noted)
    except Exception as error:
        if asked is None or door.host.database.is_unique_violation(error) is None:
            raise
        return door.host.write(noted)  # the same request was answered at the same moment


def _asked(door: Door, request: Request, caller: Caller) -> dict[str, Any] | None:
    """What tells a request that is sent again from another; None when the sender does not ask for it."""
    key = request.headers.get("idempotency-key")
    if key is None or "api.answered" not in door.host.app.operations:
        return None
    said = (
        f"{request.method} {request.path}?{request.query}\n" if request.query else f"{request.method} {request.path}\n"
    )
    if caller.actor.key:  # it may see less than its person: the answers of a key are nobody else's
        said = f"{caller.actor.key} {said}"
    fingerprint = hashlib.sha256(said.encode() + request.body).hexdigest()
    return {"actor": caller.actor.id, "key": key, "fingerprint": fingerprint}
