"""How a link is shown: with the name of what it leads to, or with words in place of one. Decision 0194.

A link stays when its record is deleted, and may be seen where its record may not be. Whoever may read the record is
told its name, and that it was deleted; anybody else is told that there is something, and nothing about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lowcode.kernel.contract import Context
from lowcode.kernel.diagnostics import localized
from lowcode.kernel.records.labels import called

HIDDEN = {"en": "Not visible to you", "zh-CN": "无权查看"}
GONE = {"en": "No longer there", "zh-CN": "已不存在"}
DELETED = {"en": "{label} (deleted)", "zh-CN": "{label}（已删除）"}


def references(
    context: Context, target: str, ids: Iterable[int], language: str | None = None
) -> dict[int, dict[str, Any]]:  # fmt: skip
    """Each id as a link to it is shown: `id`, `label`, `deleted` where it was, and `hidden` where the label is no name:
    the actor may not read it, or it was purged. `language`: of the words, where it is not the actor's."""
    listed = list(ids)
    found = called(context, target, listed)
    shown: dict[int, dict[str, Any]] = {
        each: {"id": each, "label": label, **({"deleted": True} if deleted else {})}
        for each, (label, deleted) in found.items()
    }
    lost = [each for each in listed if each not in found]
    if lost:
        label = localized(HIDDEN if _some_hidden(context, target) else GONE, language or context.actor.locale)
        shown.update({each: {"id": each, "label": label, "hidden": True} for each in lost})
    return shown


def reference(context: Context, target: str, identity: int) -> dict[str, Any]:
    """The same for one."""
    return references(context, target, (identity,))[identity]


def in_text(shown: Mapping[str, Any], language: str | None) -> str:
    """A link where there are words alone, as in a file."""
    label: str = shown["label"]
    return localized(DELETED, language).format(label=label) if shown.get("deleted") else label


def in_any_language(shown: Mapping[str, Any]) -> frozenset[str]:
    """The words in which a link may have been told, where these are not a name by which a record is found."""
    if shown.get("hidden"):
        return frozenset((*HIDDEN.values(), *GONE.values()))
    return frozenset(in_text(shown, each) for each in DELETED) if shown.get("deleted") else frozenset()


def _some_hidden(context: Context, target: str) -> bool:
    """Whether the actor may not read all records of a form: then one that is not found may be one of the others."""
    host: Any = context.host
    if target in ("user", "department"):
        return False
    return host.grant(host.types[target], context.actor).conditions("read") is not None
