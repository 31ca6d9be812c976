"""The models of every document an app may have, gathered from the engines."""

from __future__ import annotations

from typing import Any, Union

from lowcode.kernel.definitions.application import AppDefinition
from lowcode.kernel.definitions.schema import Models
from lowcode.plugins import Plugins, engines_with, kinds_with
from lowcode.testing.definition import AppTest


def every_model(plugins: Plugins = ()) -> Models:
    """By folder and kind, with what plug-ins add; `app.json` has the folder ""."""
    engines = {engine.name: engine.documents for engine in engines_with(kinds_with(plugins))}
    return {"": {"app": AppDefinition}, **engines, "tests": {"test": AppTest}}


def model_of(models: Models, folder: str) -> Any:
    """The model of a folder's documents, a union where it has several kinds; None for a folder without."""
    kinds = tuple(models.get(folder, {}).values())
    return Union[kinds] if kinds else None  # noqa: UP007  a union of what is known at run time
