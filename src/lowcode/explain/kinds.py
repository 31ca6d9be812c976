"""What there is to build with, and where it comes from; and who hears an event, in which order."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lowcode.kernel.registry import Kinds, place_of

if TYPE_CHECKING:
    from lowcode.app import App


def kinds_there_are(kinds: Kinds, origin: str | None = None) -> list[dict[str, Any]]:
    """Every kind with its extension point, its origin and its file and line; of one origin only, when it is named."""
    return [
        {"sort": sort, "name": kind.name, "origin": kinds[sort].origin(kind.name), "place": place_of(kind)}
        for sort in kinds
        for kind in kinds[sort]
        if origin in (None, kinds[sort].origin(kind.name))
    ]


def on_event(app: App, event: str | None = None) -> list[dict[str, Any]]:
    """Who hears an event (each, when none is named) in the order of their deliveries, and what runs by the clock."""
    told: list[dict[str, Any]] = [
        {
            "event": name,
            "handler": handler.name,
            "forms": sorted(handler.record_types or ()),
            "place": _where(handler.run),
        }
        for name, handlers in sorted(app.handlers.items())
        for handler in handlers
        if event in (None, name)
    ]
    if event is None:
        told += [{"event": None, "handler": each.name, "forms": [], "place": _where(each.run)} for each in app.timers]
    return told


def _where(run: Any) -> str:
    """The file and line of a function, without the wrapping of partials."""
    while hasattr(run, "func"):
        run = run.func
    code = getattr(inspect.unwrap(run), "__code__", None)
    if code is None:
        return place_of(run)
    path = Path(code.co_filename)
    parts = path.parts
    short = "/".join(parts[parts.index("lowcode") :]) if "lowcode" in parts else path.name
    return f"{short}:{code.co_firstlineno}"
