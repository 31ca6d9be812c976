"""Parts of the app that a version switches on or off: what nobody reaches while they are off is counted before it is
applied. Reads only.

Nothing is lost: the tables stay as they are, and what is under way waits (decision 0239). How they are listed and
switched by hand is asked of `switching`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import sqlalchemy as sa

from lowcode.app import App
from lowcode.kernel.definitions import Documents
from lowcode.kernel.diagnostics import localized
from lowcode.kernel.storage.migrate import steps as s
from lowcode.kernel.storage.migrate.breaks import Finding
from lowcode.kernel.storage.migrate.examine import Effect
from lowcode.kernel.storage.migrate.hand import Hand
from lowcode.kernel.storage.migrate.words import said, sentence

CONSENT = "part:"


def parts_switched(hand: Hand, before: Documents, app: App) -> Iterator[Effect]:
    """Each part that is switched, with the records and the work under way of one that goes off; that takes the consent
    `part:NAME`."""
    former = _enabled(before)
    for name, part in app.parts.stated.items():
        if former.get(name, part.enabled) == part.enabled:
            continue
        step = s.SwitchPart(name, part.title, part.enabled)
        if part.enabled:
            yield Effect(step, sentence(step))
        else:
            found = (*_records(hand, app, name), *_under_way(hand, app, name))
            yield Effect(step, sentence(step), "none", 0, found, (f"{CONSENT}{name}",))


def _records(hand: Hand, app: App, part: str) -> Iterator[Finding]:
    """How many records of each form nobody reaches while the part is off."""
    documents = set(app.parts.documents(part))
    for record_type in app.types.values():
        if record_type.parent is not None or record_type.place.document not in documents:
            continue
        if not isinstance(record_type.table, sa.Table):
            continue  # stays in states, flow steps: no records of their own
        table = record_type.table.name.removeprefix(hand.prefix)
        count = hand.count(table) if hand.has_table(table) else 0
        if count:
            words = said(
                "“{form}”的 {count} 条记录在停用期间无法查看，重新启用后原样恢复",
                "{form}: records that nobody reaches while it is off, and that are there again when it is on: {count}",
                form=partial(localized, record_type.title or record_type.name), count=str(count),
            )  # fmt: skip
            yield Finding("warning", words, count)


def _under_way(hand: Hand, app: App, part: str) -> Iterator[Finding]:
    """What is under way and waits meanwhile, as the engines count it (`under_way` of a plan)."""
    names = app.scope.declared_in(app.parts.documents(part))
    for plan in app.plans.values():
        count = plan.under_way(hand.unit, names) if hasattr(plan, "under_way") else 0
        if count:
            words = said(
                "{count} 个进行中的流程将等待，重新启用后继续",
                "flows under way that wait while it is off, and go on when it is on: {count}",
                count=str(count),
            )
            yield Finding("warning", words, count)


def _enabled(documents: Documents) -> Mapping[str, bool]:
    written: Any = documents.app.data.get("parts", ())
    return {str(each["name"]): each.get("enabled", True) for each in written if isinstance(each, Mapping)}
