"""What somebody designed, with what another has published meanwhile: a draft is never lost to whoever was faster.

The page keeps the text a draft was begun with and sends it along, so nothing is kept here (decision 0209).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Annotated, Any

from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.definitions.merge import MISSING, merge
from lowcode.kernel.diagnostics import NotFound, Problem
from lowcode.kernel.storage.migrate import versions
from lowcode.publishing import running

GONE = {
    "en": "the app no longer has '{path}': somebody took it away; publish yours to bring it back",
    "zh-CN": "应用中已没有“{path}”，可能已被他人删除；发布您的修改即可恢复",
}


class Designed(Parameters):
    """A document by its path, as it was designed, and what it was when that began: none where the app had none."""

    path: str
    document: Mapping[str, Any]
    begun: Mapping[str, Any] | None = None


def merged(
    context: Context, params: Designed
) -> Annotated[dict[str, Any], has(document=dict, base=str | None, clashes=list)]:
    """The document with the changes of both sides, the text it then stands on, and where both changed the same,
    otherwise: mine stands there. Nothing is done."""
    host: Any = context.host
    running.follow(host, at_once=True)
    source = next((each for each in host.documents if each.path == params.path), None)
    if source is None:
        raise NotFound(Problem("app.document-gone", GONE, "/path", {"path": params.path}))
    base = versions.text_of(source)
    begun = MISSING if params.begun is None else params.begun
    document, clashes = merge(begun, params.document, json.loads(base))
    return {"document": document, "base": base, "clashes": [each.told() for each in clashes]}


OPERATIONS = (
    Operation(
        "app.merge_document", merged, Designed, "administrator", False,
        {"en": "A designed document with what was published since", "zh-CN": "合并他人已发布的修改"},
    ),
)  # fmt: skip
