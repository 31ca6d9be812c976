"""Links to a board for people outside. A link ends by itself; who holds it sees what its giver may see, no more, and
nothing once the giver has left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import partial
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from pydantic import Field

from lowcode.kernel.answers import Items, has
from lowcode.kernel.contract import Context, Nothing, Operation, Parameters
from lowcode.kernel.diagnostics import Forbidden, NotFound, localized
from lowcode.kernel.identity.tokens import digest, fresh
from lowcode.reports.boards.sheets import BoardFile, Drawers, board_file
from lowcode.reports.diagnostics import problem
from lowcode.reports.operations.reading import board_plan
from lowcode.reports.tables import share

BY_DIGEST = sa.select(share).where(share.c.digest == sa.bindparam("of_digest"))
MINE = (
    sa.select(share).where(share.c.person == sa.bindparam("of_person"), share.c.ended.is_(False)).order_by(share.c.id)
)
END = (
    sa.update(share)
    .where(share.c.id == sa.bindparam("of_id"), share.c.person == sa.bindparam("of_person"))
    .values(ended=True)
)


class Share(Parameters):
    """A board to share, with the filters that stay as they are, for some days."""

    dashboard: str
    filters: Mapping[str, Any] = Field(default_factory=dict)
    days: int = Field(7, ge=1, le=90)


class OneShare(Parameters):
    """A link."""

    id: int


class Shared(Parameters):
    """A link as its holder shows it."""

    token: str = Field(max_length=200)
    format: Literal["svg", "png", "pdf"] = "svg"


def give(context: Context, params: Share) -> Annotated[dict[str, Any], has(id=int, token=str, until=str)]:
    """Make a link. The answer is the only place where its secret can be read."""
    if context.actor.id is None or context.actor.key:
        raise Forbidden(problem("not-for-you"))
    board_plan(context, params.dashboard)
    token = fresh()
    until = context.now() + timedelta(days=params.days)
    identity = context.unit.insert(
        share, digest=digest(token), person=context.actor.id, dashboard=params.dashboard,
        filters=dict(params.filters), made_at=context.now(), until=until, ended=False,
    )  # fmt: skip
    return {"id": identity, "token": token, "until": until}


def given(context: Context, _: Nothing) -> Items:
    """The links of this person that still open."""
    rows = context.unit.fetch(MINE, of_person=context.actor.id or 0)
    kept = ("id", "dashboard", "made_at", "until")
    return {"items": [{name: row[name] for name in kept} for row in rows if row["until"] > context.now()]}


def end(context: Context, params: OneShare) -> None:
    """End a link at once."""
    context.unit.run(END, of_id=params.id, of_person=context.actor.id or 0)


def look(
    drawers: Drawers, context: Context, params: Shared
) -> Annotated[dict[str, Any], has(name=str, media_type=str, content=str, title=str, until=str)]:
    """The board behind a link, as its giver sees it now. A link that ended, was ended or never was: not found."""
    row = context.unit.one(BY_DIGEST, of_digest=digest(params.token))
    if row is None or row["ended"] or row["until"] <= context.now():
        raise NotFound(problem("no-share"))
    host: Any = context.host
    giver = host.directory(context.unit).actor(row["person"])
    if giver is None:
        raise NotFound(problem("no-share"))
    inside = host.context(context.unit, giver, now=context.now())
    wanted = BoardFile(dashboard=row["dashboard"], filters=row["filters"], format=params.format)
    made = board_file(drawers, inside, wanted)
    title = localized(board_plan(inside, row["dashboard"]).title, giver.locale)
    return {**made, "title": title, "until": row["until"]}


def operations(drawers: Drawers) -> Iterable[Operation]:
    """Each operation."""
    yield Operation("reports.share", give, Share, summary="A link to a board for people outside")
    yield Operation("reports.shares", given, Nothing, writes=False, summary="One's links that still open")
    yield Operation("reports.end_share", end, OneShare, summary="End a link")
    yield Operation("reports.shared", partial(look, drawers), Shared, "anyone", writes=False, summary="A shared board")
