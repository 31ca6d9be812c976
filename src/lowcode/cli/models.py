"""The models of every document an app may have, gathered from the engines."""

from __future__ import annotations

from lowcode.engines import built_in
from lowcode.kernel.definitions.application import AppDefinition
from lowcode.kernel.definitions.schema import Models


def every_model() -> Models:
    """By folder and kind; `app.json` has the folder ""."""
    return {"": {"app": AppDefinition}, **{engine.name: engine.documents for engine in built_in()}}
