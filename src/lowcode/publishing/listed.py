"""Which documents an app has, and who changed each of them last: where a designer begins."""

from __future__ import annotations

from typing import Any

import orjson

from lowcode.kernel.answers import Items
from lowcode.kernel.contract import Context, Nothing, Operation
from lowcode.kernel.definitions.load import APP
from lowcode.kernel.storage.migrate import versions
from lowcode.kernel.storage.migrate.hand import Hand
from lowcode.publishing import running

LOOKED_AT = 20
"""So many versions are looked through, the newest first: each holds the app as a whole."""


def document_list(context: Context, params: Nothing) -> Items:
    """Every document in use: `{"items": [{"path", "folder", "name", "title", "type", "form", "version", "at", "by"}]}`.

    `type` and `form` are what the document says of itself, or None. `version`, `at` and `by` tell when it came to say
    what it says; all None where that is longer ago than is looked at, `by` None where it came with the app's folder.
    """
    host: Any = context.host
    running.follow(host, at_once=True)
    texts = {each.path: versions.text_of(each) for each in host.documents}
    with host.database.reading() as unit:
        changed = _changed(Hand(unit, within=False), texts)
    people = host.directory().users
    items: list[dict[str, Any]] = []
    for each in host.documents:
        folder, _, _ = each.path.rpartition("/")
        said = each.data if isinstance(each.data, dict) else {}
        row = changed.get(each.path)
        who = people.get(row["actor"]) if row is not None and row["actor"] is not None else None
        items.append({
            "path": each.path, "folder": folder, "name": context.app.name if each.path == APP else each.name,
            "title": said.get("title"), "type": said.get("type"), "form": said.get("form"),
            "version": row["version"] if row is not None else None, "at": row["at"] if row is not None else None,
            "by": who.name if who is not None else None,
        })  # fmt: skip
    return {"items": items}


def _changed(hand: Hand, texts: dict[str, str]) -> dict[str, dict[str, Any]]:
    """Of each document the version in which it came to say this. Versions are read one by one, and no further than
    until all are known: mostly the newest few changed few documents, and what is left came with the first."""
    rows = versions.told(hand, LOOKED_AT + 1)
    left, found = dict(texts), {}
    for row, former in zip(rows[:LOOKED_AT], [*rows[1:], None], strict=False):
        if not left:
            break
        before = versions.texts(hand, former["version"]) if former is not None else {}
        for path in [path for path, text in left.items() if not _same(text, before.get(path))]:
            found[path] = row
            del left[path]
    return found


def _same(text: str, former: str | None) -> bool:
    """Whether a document said the same, however it was written."""
    return former is not None and (text == former or bool(orjson.loads(text) == orjson.loads(former)))


OPERATIONS = (
    Operation(
        "app.document_list", document_list, Nothing, "administrator", False,
        {"en": "The documents of the app, and who changed each last", "zh-CN": "应用的全部文档与最近修改"},
    ),
)  # fmt: skip
