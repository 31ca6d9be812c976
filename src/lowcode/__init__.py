"""lowcode: an embeddable no-code application-builder engine.

Six engines (forms, flows, rules, reports, printing, api) interpret the JSON documents of an app.
Importing this package opens nothing and registers nothing; each name below is loaded when it is first used.

    from lowcode import Host

    with Host("examples/crm_app", "sqlite:///crm.sqlite3") as host:
        host.publish()
        with host.session(host.actor("li.na")) as crm:
            crm.ask("records.create", type="lead", values={"company": "…"})
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lowcode.app import App
    from lowcode.host import Host
    from lowcode.kernel.definitions import load
    from lowcode.kernel.diagnostics import Conflict, DefinitionError, Forbidden, NotFound, Problem, Rejected
    from lowcode.kernel.identity import Actor
    from lowcode.kernel.storage import open_database

__all__ = [
    "Host",
    "App",
    "Actor",
    "load",
    "open_database",
    "DefinitionError",
    "Rejected",
    "Problem",
    "Forbidden",
    "NotFound",
    "Conflict",
]

_HOMES = {
    "Host": "lowcode.host",
    "App": "lowcode.app",
    "Actor": "lowcode.kernel.identity",
    "load": "lowcode.kernel.definitions",
    "open_database": "lowcode.kernel.storage",
    "DefinitionError": "lowcode.kernel.diagnostics",
    "Rejected": "lowcode.kernel.diagnostics",
    "Problem": "lowcode.kernel.diagnostics",
    "Forbidden": "lowcode.kernel.diagnostics",
    "NotFound": "lowcode.kernel.diagnostics",
    "Conflict": "lowcode.kernel.diagnostics",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'lowcode' has no attribute '{name}'")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *_HOMES})
