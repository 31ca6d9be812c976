"""How one document was: every version in which it changed, so that a designer can look at it and take it up again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson
from pydantic import Field as Key

from lowcode.kernel.answers import Items
from lowcode.kernel.contract import Context, Operation, Parameters
from lowcode.kernel.definitions import Documents, load
from lowcode.kernel.definitions.diff import diff
from lowcode.kernel.definitions.load import APP
from lowcode.kernel.diagnostics import Report
from lowcode.kernel.storage.migrate import versions
from lowcode.kernel.storage.migrate.hand import Hand
from lowcode.publishing import folders

LOOKED_AT = 500
"""So many versions are looked through, the newest first."""


class OfDocument(Parameters):
    """A document by its path within the app."""

    path: str
    limit: int = Key(50, ge=1, le=200)


def document_versions(context: Context, params: OfDocument) -> Items:
    """The versions in which a document came to say what it said, the newest first: `{"items": [{"version", "at", "by",
    "document", "changes"}]}`. `document` is its text, None where it was taken away; `changes` are the words of what
    became otherwise."""
    host: Any = context.host
    with host.database.reading() as unit:
        rows = versions.of_document(Hand(unit, within=False), params.path, LOOKED_AT + 1)
    people = host.directory().users
    items: list[dict[str, Any]] = []
    formers = [*(each["text"] for each in rows[1:]), None]
    for row, former in zip(rows[:LOOKED_AT], formers, strict=False):  # one more only tells how it was before the last
        if len(items) == params.limit:
            break
        if row["text"] == former or (former and row["text"] and orjson.loads(former) == orjson.loads(row["text"])):
            continue  # at most it was written otherwise
        who = people.get(row["actor"]) if row["actor"] is not None else None
        items.append({
            "version": row["version"], "at": row["at"], "by": who.name if who is not None else None,
            "document": row["text"], "changes": _words(host, params.path, former, row["text"]),
        })  # fmt: skip
    return {"items": items}


def _words(host: Any, path: str, former: str | None, text: str | None) -> list[Mapping[str, str]]:
    """What became otherwise; nothing where it was not there before, for then all of it did."""
    if former is None or text is None:
        return []
    return [each.words for each in diff(_alone(host, path, former), _alone(host, path, text))]


def _alone(host: Any, path: str, text: str) -> Documents:
    """An app of this document and nothing else."""
    found = {APP: b'{"name": "alone", "title": "Alone"}'} | {path: text.encode()}
    return load(found, Report(), engines=folders(host))


OPERATIONS = (
    Operation(
        "app.document_versions", document_versions, OfDocument, "administrator", False,
        {"en": "How a document was", "zh-CN": "文档的历史版本"},
    ),
)  # fmt: skip
