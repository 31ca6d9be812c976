"""Puts the built front end into the wheel.

An editable install needs no built files (`./dev` makes them when they are stale), and a source distribution carries
them, so installing from one needs no Node.js: it is a build requirement only while the built files are stale.
A wheel without the page would be an empty product, so it is not made.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent))

from tools import front_end, node


class FrontEndBuildHook(BuildHookInterface):  # type: ignore[type-arg]
    """Builds `web/` for a wheel or a source distribution, never for an editable install."""

    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        stale = front_end.exists() and not front_end.fresh()
        return [f"{node.WHEEL}>=22.12,<25"] if stale and node.of_machine() is None else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        if version == "editable":
            return
        front_end.build()
        if not (front_end.STATIC / "index.html").is_file():
            raise RuntimeError(
                f"{front_end.STATIC} has no index.html, so the wheel would hold no page. "
                "Build it with `./dev web` where the sources in web/ are present."
            )
