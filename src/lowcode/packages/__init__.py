"""Ready-made packages: apps made of definitions alone, to be put into another app or to begin with.

Each folder here is a package, an app like any other: `lowcode demo` shows it, `lowcode check` and `lowcode test` hold
it to what every app is held to, and `lowcode install` puts it into an app (docs/packages.md).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from lowcode.kernel.definitions import Documents, load
from lowcode.kernel.diagnostics import Report

FOLDER = Path(__file__).parent
EXAMPLES = {"maintenance": Path("examples") / "maintenance_app"}
"""Packages that are examples as well: beside the others where the library is installed, in the checkout it runs from
otherwise."""


@cache
def ready_made() -> dict[str, Path]:
    """The folder of each package by its name, in the order of the names."""
    found = {each.parent.name: each.parent for each in FOLDER.glob("*/app.json")}
    for name, place in EXAMPLES.items():
        at = next((each / place for each in FOLDER.parents if (each / place / "app.json").is_file()), None)
        if name not in found and at is not None:
            found[name] = at
    return dict(sorted(found.items()))


@cache
def package(name: str) -> Documents:
    """A ready-made package. Raises KeyError."""
    return load(ready_made()[name], Report())
