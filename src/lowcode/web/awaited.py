"""Who asks, where the embedding program's function has to be waited for: its sessions lie in a database that is asked
by coroutines, or that lets nobody ask it inside of an event loop, as Django's does not.

It is waited for in the loop, before the door is asked. Somebody who listens is found out anew from the thread that
looks what there is to tell; there the loop is asked, which is free meanwhile.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
from collections.abc import Callable, Coroutine
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
    return None if request.named is None else request.named(request.again)


async def name(request: Request, identity: Waited) -> None:
    """Find out who asks, and let the request know. An error there means nobody; whoever brings a key of ours is known
    by that."""
    loop = asyncio.get_running_loop()
    found = None
    if not brings_key(request):
        try:
            found = await identity(request)
        except Exception:
            log.exception("the identity function failed; the request is nobody's")

    def who(again: bool) -> Actor | None:
        return asyncio.run_coroutine_threadsafe(identity(request), loop).result(SECONDS) if again else found

    request.named = who
