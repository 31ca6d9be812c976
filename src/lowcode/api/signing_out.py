"""Sessions that end at a service too, or ended there: the browser carries the word, one way or the other, or the
service comes itself."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

from pydantic import Field as Key

from lowcode.api.connectors.kind import Steps
from lowcode.api.diagnostics import problem
from lowcode.api.plan import plan_of
from lowcode.api.sign_in.kind import Farewell, Leaving, NotSignedIn, Told
from lowcode.api.signing_in import NO_METHOD, Through, method_of, refused_by, walked
from lowcode.kernel.contract import Context, Parameters
from lowcode.kernel.diagnostics import NotFound, Problem, Rejected
from lowcode.kernel.identity.sessions import Came, end_known
from lowcode.kernel.identity.tokens import digest, fresh

log = logging.getLogger("lowcode.api")


class Leave(Parameters):
    """A session that ends: the place the browser comes back to, where its sign-in came back to, and what was kept."""

    name: str
    place: str
    back: str
    session: Mapping[str, str] = Key(default_factory=dict)


class Hear(Parameters):
    """What a browser brought from a service about the end of a session, or the service itself (`envelope`)."""

    name: str
    back: str
    query: str = ""
    posted: bool = False
    parameters: Mapping[str, str] = Key(default_factory=dict)
    envelope: bytes = b""


def leave(context: Context, params: Leave, through: Through) -> str | None:
    """Where the browser goes so that the session ends at the service too; None when nowhere."""
    method = plan_of(context).sign_ins.get(params.name)
    step: Callable[..., Steps[str | None]] | None = getattr(method.kind, "leave", None) if method is not None else None
    if method is None or step is None:
        return None
    leaving = Leaving(params.place, params.back, fresh(), params.session)
    try:
        return walked(context, method, through, lambda keys: step(method.document, leaving, keys))
    except NotSignedIn as refused:
        refused_by(method, refused)
        return None


def hear(context: Context, params: Hear, through: Through) -> dict[str, Any]:
    """End what ended there: `{"go": address or None, "ended": how many, "answer": bytes or None}`.

    Raises NotFound for a method that is told nothing of the kind, and Rejected for what is not the service's word."""
    method = method_of(context, params.name)
    step: Callable[..., Steps[Farewell]] | None = getattr(method.kind, "hear", None)
    if step is None:
        raise NotFound(Problem("api.no-sign-in", NO_METHOD))
    told = Told(params.parameters, params.query, params.posted, params.back, fresh(), params.envelope)
    try:
        farewell = walked(context, method, through, lambda keys: step(method.document, told, keys))
    except NotSignedIn as refused:
        log.warning("no session was ended by '%s' (%s): %s", method.name, refused.reason, refused)
        raise Rejected(problem("not-signed-out", method=method.name)) from None
    ended = 0
    if farewell.known_as:
        came, until = Came(method.name, digest(farewell.known_as)), farewell.until or context.now()
        ended = context.host.write(lambda unit: end_known(context, unit, came, until, farewell.which))
        log.info("'%s' ended %d sessions", method.name, ended)
    return {"go": farewell.go, "ended": ended, "answer": farewell.answer}
