"""A person's own boards: the same reports, chosen and placed by whoever looks at them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field

from lowcode.kernel.answers import Items, has
from lowcode.kernel.contract import Context, Nothing, Operation, Parameters
from lowcode.kernel.diagnostics import Forbidden, NotFound, Rejected
from lowcode.reports.definition import FilterDefinition, TilePart
from lowcode.reports.diagnostics import problem
from lowcode.reports.plan import DashboardPlan, ReportsPlan, Tile
from lowcode.reports.tables import board

MOST_BOARDS, MOST_TILES = 50, 60
MINE = sa.select(board).where(board.c.person == sa.bindparam("of_person")).order_by(board.c.id)
ONE = sa.select(board).where(board.c.id == sa.bindparam("of_id"))
CHANGE = (
    sa.update(board)
    .where(board.c.id == sa.bindparam("of_id"))
    .values({name: sa.bindparam(f"new_{name}") for name in ("title", "tiles", "filters", "changed_at")})
)
REMOVE = sa.delete(board).where(board.c.id == sa.bindparam("of_id"))


class KeepBoard(Parameters):
    """A board to keep: a new one, or what the one with this number becomes."""

    id: int | None = None
    title: str = Field(min_length=1, max_length=120)
    tiles: Sequence[TilePart] = Field(max_length=MOST_TILES)
    filters: Sequence[FilterDefinition] = Field(default_factory=list, max_length=20)


class OneBoard(Parameters):
    """A board of one's own."""

    id: int


def keep(context: Context, params: KeepBoard) -> Annotated[dict[str, Any], has(id=int)]:
    """Keep a board; only reports of the app can stand on it."""
    if context.actor.id is None:
        raise Forbidden(problem("not-for-you"))
    known = _plans(context).reports
    if any(len(tile.said) != 1 for tile in params.tiles):
        raise Rejected(problem("tile-shape"))
    missing = [tile.report for tile in params.tiles if tile.report is not None and tile.report not in known]
    if missing:
        raise Rejected([problem("no-report", report=name) for name in missing])
    written = {
        "title": params.title,
        "tiles": [tile.model_dump(exclude_defaults=True) for tile in params.tiles],
        "filters": [each.model_dump(exclude_none=True) for each in params.filters],
        "changed_at": context.now(),
    }
    if params.id is not None:
        _mine(context, params.id)
        context.unit.run(CHANGE, of_id=params.id, **{f"new_{name}": value for name, value in written.items()})
        return {"id": params.id}
    if len(context.unit.fetch(MINE, of_person=context.actor.id)) >= MOST_BOARDS:
        raise Rejected(problem("too-many-boards", most=MOST_BOARDS))
    return {"id": context.unit.insert(board, person=context.actor.id, **written)}


def forget(context: Context, params: OneBoard) -> None:
    """Remove a board of one's own."""
    _mine(context, params.id)
    context.unit.run(REMOVE, of_id=params.id)


def boards(context: Context, _: Nothing) -> Items:
    """The boards of this person, by number and title."""
    rows = context.unit.fetch(MINE, of_person=context.actor.id or 0)
    return {"items": [{"id": row["id"], "title": row["title"]} for row in rows]}


def own_plan(context: Context, identity: int) -> DashboardPlan:
    """A board of this person, as a dashboard; tiles whose report is gone are left out."""
    row = _mine(context, identity)
    known = _plans(context).reports
    tiles = tuple(
        Tile(
            tile.get("report"), tile.get("title"), {side: tile[side] for side in ("x", "y", "w", "h")},
            tile.get("heading"), tile.get("text"), tile.get("filters", {}),
        )
        for tile in row["tiles"]
        if "report" not in tile or tile["report"] in known
    )  # fmt: skip
    filters = tuple(
        {**each, "value": each.get("default"), "options": each.get("options", [])} for each in row["filters"]
    )
    return DashboardPlan(str(identity), row["title"], frozenset(), filters, tiles)


def _mine(context: Context, identity: int) -> Mapping[str, Any]:
    row: Mapping[str, Any] | None = context.unit.one(ONE, of_id=identity)
    if row is None or row["person"] != context.actor.id:
        raise NotFound(problem("no-dashboard", dashboard=identity))
    return row


def _plans(context: Context) -> ReportsPlan:
    plan: ReportsPlan = context.app.plans["reports"]
    return plan


def operations() -> Iterable[Operation]:
    """Each operation."""
    yield Operation("reports.boards", boards, Nothing, writes=False, summary="One's own boards")
    yield Operation("reports.keep_board", keep, KeepBoard, summary="Keep a board of one's own")
    yield Operation("reports.forget_board", forget, OneBoard, summary="Remove a board of one's own")
