"""How the parts of an app are listed, and the app.json that has some of them on or off: given to `app.plan` and
`app.publish` like any other change."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from lowcode.kernel.answers import Items, has
from lowcode.kernel.contract import Context, Nothing, Operation, Parameters
from lowcode.kernel.definitions.documents import Name
from lowcode.kernel.definitions.load import APP
from lowcode.kernel.definitions.packaging import counted, installed
from lowcode.kernel.definitions.parts import switched_in
from lowcode.kernel.diagnostics import NotFound, Problem, nearest

NO_PART = {"en": "the app has no part '{name}'. {near}", "zh-CN": "应用没有名为“{name}”的功能块。{near}"}


class Switching(Parameters):
    """Parts that are to be on, with what they need, and parts that are to be off, with what needs them."""

    on: tuple[Name, ...] = Field((), max_length=200)
    off: tuple[Name, ...] = Field((), max_length=200)


def listed(context: Context, params: Nothing) -> Items:
    """The parts of the app, in their order: whether each is on, which parts it needs and which need it, what it holds,
    counted, and the package it came with (`package`), if any."""
    parts = context.app.parts
    documents = {each.path: each.data for each in context.app.documents}
    packages = {
        str(part["name"]): each.name for each in installed(context.app.documents).values() for part in each.app["parts"]
    }
    return {
        "items": [
            {
                "name": name, "title": parts.title(name), "description": part.description, "enabled": part.enabled,
                "needs": sorted(parts.needed(name)), "needed_by": sorted(parts.needing(name)),
                "counts": counted({path: documents[path] for path in parts.documents(name)}),
                "package": packages.get(name),
            }
            for name, part in parts.stated.items()
        ]
    }  # fmt: skip


def switching(
    context: Context, params: Switching
) -> Annotated[dict[str, Any], has(base=str, documents=dict, switched=dict)]:
    """The app with these parts on and off (`documents`), and all that is switched with them (`switched`)."""
    parts = context.app.parts
    for name in (*params.on, *params.off):
        if name not in parts.stated:
            near = nearest(name, parts.stated) or ""
            raise NotFound(Problem("app.no-part", NO_PART, "", {"name": name, "near": near}))
    found = parts.switched(params.on, params.off)
    documents = context.app.documents
    return {
        "base": documents.digest, "documents": {APP: switched_in(documents.app.data, found)}, "switched": found,
    }  # fmt: skip


OPERATIONS = (
    Operation(
        "app.parts", listed, Nothing, "administrator", False,
        {"en": "The parts of the app, and which are on", "zh-CN": "应用的功能块"},
    ),
    Operation(
        "app.switch_parts", switching, Switching, "administrator", False,
        {"en": "The app with some parts on or off", "zh-CN": "准备启用或停用功能块"},
    ),
)  # fmt: skip
