"""Who asks, where the embedding program's function has to be waited for: its sessions lie in a database that is asked
by coroutines, or that lets nobody ask it inside of an event loop, as Django's does not.

It is waited for in the loop, before the door is asked, and before somebody who listens is told something: never from a
thread, for the function may need one itself, and listeners would hold them all.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeAlias, TypeGuard

from lowcode.kernel.identity import Actor
from lowcode.web.messages import Request
from lowcode.web.session import Identity, brings_key

Waited: TypeAlias = Callable[[Request], Coroutine[Any, Any, Actor | None]]
SECONDS = 30.0
"""So long whoever listens is waited for; then they are nobody."""

log = logging.getLogger("lowcode.web")


def waits(identity: Identity | Waited | None) -> TypeGuard[Waited]:
    """Whether a function that says who asks has to be waited for."""
    return inspect.iscoroutinefunction(identity) or inspect.iscoroutinefunction(getattr(identity, "__call__", None))  # noqa: B004 (what is asked is whether the call is a coroutine)


def named(request: Request) -> Actor | None:
    """Who was found to ask: the identity of a door before which somebody waits."""
    return request.named


async def name(request: Request, identity: Waited, seconds: float | None = None) -> None:
    """Find out who asks, and let the request know; `anew` of it does that again. An error there means nobody, and so
    does more than so many seconds; whoever brings a key of ours is known by that."""
    request.named = None
    request.anew = partial(name, request, identity, SECONDS)
    if brings_key(request):
        return
    try:
        async with asyncio.timeout(seconds):
            request.named = await identity(request)
    except Exception:
        log.exception("the identity function failed; the request is nobody's")
