"""What can be asked of the mirror: how it stands, and to make it anew; and the notes are forgotten in time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated, Any

from lowcode.kernel.answers import has
from lowcode.kernel.contract import Context, Nothing, Operation, Timer
from lowcode.kernel.diagnostics import Rejected
from lowcode.reports.diagnostics import problem
from lowcode.reports.mirror import notes
from lowcode.reports.mirror.asking import mirror_of
from lowcode.reports.mirror.keeping import Mirror

KEPT = 1_000_000
"""Notes that are kept for copies that were not looked at for a while."""


def _mirror(context: Context) -> Mirror:
    found = mirror_of(context)
    if found is None:
        raise Rejected(problem("no-mirror"))
    return found


def state(
    context: Context, _: Nothing
) -> Annotated[
    dict[str, Any], has(open=bool, place=object, broken=object, trouble=object, large=list, answered=int, left=dict)
]:
    """How the mirror of this process stands: the tables it answers for, and what it has answered or left."""
    mirror = _mirror(context)
    return {
        "open": mirror.copy is not None,
        "place": mirror.copy.place if mirror.copy is not None else None,
        "broken": mirror.broken,
        "trouble": mirror.trouble,
        "large": sorted(mirror.large),
        "answered": mirror.told.answered,
        "left": dict(sorted(mirror.told.left.items())),
    }


def rebuild(
    context: Context, _: Nothing
) -> Annotated[
    dict[str, Any], has(open=bool, place=object, broken=object, trouble=object, large=list, answered=int, left=dict)
]:
    """Make the mirror of every process anew: of this one now, of the others before their next answer."""
    _mirror(context).rebuild()
    return state(context, Nothing())


def purge(context: Context, since: datetime, until: datetime) -> None:
    """Forget what was noted long ago."""
    if context.app.definition.mirror is not None:
        notes.purge(context.unit, KEPT)


PURGE = Timer("reports.mirror", purge, every=timedelta(hours=1), catch_up="latest")
OPERATIONS = (
    Operation(
        "reports.mirror", state, Nothing, "administrator", False,
        {"en": "How the mirror stands", "zh-CN": "列存镜像状态"},
    ),
    Operation(
        "reports.rebuild_mirror", rebuild, Nothing, "administrator", False,
        {"en": "Make the mirror anew", "zh-CN": "重建列存镜像"},
    ),
)  # fmt: skip
